package pricing

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/llmadvise/llmadvise/advisor/catalog"
)

// Mix is what one query of a workload consumes: the shares at which list prices weigh in.
type Mix struct {
	Input, Output, Reasoning float64 // tokens a query
	CachedShare              float64 // share of the input that is read from the provider's cache, 0..1
	Batch                    bool
}

// Effective is what a provider's prices come to for one mix, beside its list price.
type Effective struct {
	USDPerQuery float64
	// USDPerMTok is USDPerQuery spread over the tokens that the user sees: input and visible output. Reasoning tokens
	// are paid for and not seen, so they raise it; cached ones lower it.
	USDPerMTok float64
	// ListUSDPerMTok is the same at list price: no cache, no batch, no reasoning.
	ListUSDPerMTok float64
}

// EffectivePrice returns what a query of mix m costs at the offer. It wraps [catalog.ErrNoPrice] where the offer lacks
// a price that the mix needs.
func EffectivePrice(o *catalog.Offer, m Mix) (Effective, error) {
	visible := m.Input + m.Output
	if visible <= 0 {
		return Effective{}, fmt.Errorf("%w: a query without tokens", catalog.ErrUsage)
	}
	u := catalog.Usage{
		Requests: 1, InputPerRequest: m.Input, CachedPerRequest: m.Input * m.CachedShare, OutputPerRequest: m.Output,
		ReasoningPerRequest: m.Reasoning, Batch: m.Batch,
	}
	usd, _, err := o.Bill(u)
	if err != nil {
		return Effective{}, err
	}
	list, _, err := o.Bill(catalog.Usage{Requests: 1, InputPerRequest: m.Input, OutputPerRequest: m.Output})
	if err != nil {
		return Effective{}, err
	}
	return Effective{USDPerQuery: usd, USDPerMTok: usd / visible * 1e6, ListUSDPerMTok: list / visible * 1e6}, nil
}

// Ranked is an offer with its effective price.
type Ranked struct {
	Offer *catalog.Offer
	Effective
}

// Rank orders the offers that may be recommended by effective price, the cheapest first. Free, deprecated and preview
// offers and those that lack a needed price are left out. Reasoning tokens weigh only on offers that bill them.
func Rank(offers []catalog.Offer, m Mix) []Ranked {
	var out []Ranked
	for i := range offers {
		o := &offers[i]
		if !o.Usable() {
			continue
		}
		mine := m
		if !o.Reasoning {
			mine.Reasoning = 0
		}
		if e, err := EffectivePrice(o, mine); err == nil {
			out = append(out, Ranked{o, e})
		}
	}
	slices.SortStableFunc(out, func(a, b Ranked) int {
		return cmp.Or(cmp.Compare(a.USDPerQuery, b.USDPerQuery), cmp.Compare(a.Offer.ID, b.Offer.ID))
	})
	return out
}
