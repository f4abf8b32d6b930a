package pricing

import (
	"cmp"
	"math"
	"slices"

	"github.com/llmadvise/llmadvise/advisor/catalog"
)

// FeedPrice is what one feed says of a price.
type FeedPrice struct {
	Feed  string       `json:"feed"` // FeedState.Name
	USD   float64      `json:"usd"`
	Since catalog.Date `json:"since,omitzero"`
}

// Vote is what the feeds say of one price, and which they settle on.
type Vote struct {
	ProviderID string      `json:"provider"`
	ModelID    string      `json:"model"`
	Region     string      `json:"region,omitempty"`
	Field      string      `json:"field"`
	Says       []FeedPrice `json:"says"` // the most trusted feed first
	Chosen     FeedPrice   `json:"chosen"`
	// Spread is the largest price over the smallest, less one: 0.05 is 5 %.
	Spread float64 `json:"spread"`
}

// Disagree reports whether the feeds differ by more than [MaxDisagreement].
func (v Vote) Disagree() bool { return v.Spread > MaxDisagreement }

// Doubtful reports whether the feeds differ so much, by more than [MaxJump], that one of them must be wrong.
func (v Vote) Doubtful() bool { return v.Spread > MaxJump-1+1e-9 }

// trust orders feeds where they differ and no majority decides: negotiated prices first, then the feeds that people
// keep by hand with their sources, then those that are scraped or resold.
var trust = []Shape{Override, GenAIPrices, AzureRetail, LLMPrices, LiteLLM, OpenRouter, SkyPilot}

// voteFields are the prices that feeds are held against each other for.
var voteFields = []string{"input", "output", "cache_read", "cache_write", "input_batches", "output_batches"}

// Votes holds the feeds of a snapshot against each other: one vote a price that at least one feed names for a model
// that resolves, ordered by provider, model, region and field. A negotiated price always wins; otherwise the value that
// most feeds share within [MaxDisagreement] does, and where there is no such majority the most trusted feed's. Dated
// prices count as they hold on day, prices by the hour as they hold for most of it.
func Votes(s *Snapshot, r *Resolver, day catalog.Date) []Vote {
	type key struct{ provider, model, region, field string }
	says := map[key][]FeedPrice{}
	for _, f := range byTrust(s) {
		for i := range f.Entries {
			e := &f.Entries[i]
			id, ok := r.Resolve(f.Shape, e)
			if !ok || e.Deprecated {
				continue
			}
			now, _, since := e.offerPrices(day)
			for _, field := range voteFields {
				p := *rateFields[field](&now.rates)
				if p == nil || *p <= 0 {
					continue
				}
				if since.IsZero() {
					since = e.Prices[field].Since
				}
				k := key{id.ProviderID, id.ModelID, id.Region, field}
				if !slices.ContainsFunc(says[k], func(x FeedPrice) bool { return x.Feed == f.Name }) {
					says[k] = append(says[k], FeedPrice{f.Name, *p, since})
				}
			}
		}
	}
	negotiated := map[string]bool{}
	for _, f := range s.Feeds {
		negotiated[f.Name] = f.Shape == Override
	}
	var out []Vote
	for k, ps := range says {
		v := Vote{ProviderID: k.provider, ModelID: k.model, Region: k.region, Field: k.field, Says: ps, Spread: spread(ps)}
		v.Chosen = ps[0]
		if !negotiated[ps[0].Feed] {
			v.Chosen = majority(ps)
		}
		out = append(out, v)
	}
	slices.SortFunc(out, func(a, b Vote) int {
		return cmp.Or(cmp.Compare(a.ProviderID, b.ProviderID), cmp.Compare(a.ModelID, b.ModelID),
			cmp.Compare(a.Region, b.Region), cmp.Compare(a.Field, b.Field))
	})
	return out
}

// byTrust returns the feeds of a snapshot, the most trusted first.
func byTrust(s *Snapshot) []*FeedState {
	out := make([]*FeedState, 0, len(s.Feeds))
	for i := range s.Feeds {
		out = append(out, &s.Feeds[i])
	}
	slices.SortStableFunc(out, func(a, b *FeedState) int {
		return cmp.Compare(slices.Index(trust, a.Shape), slices.Index(trust, b.Shape))
	})
	return out
}

// majority returns the price that most feeds share; among equals the one of the most trusted feed, which comes first.
func majority(ps []FeedPrice) FeedPrice {
	best, most := ps[0], 0
	for _, p := range ps {
		n := 0
		for _, q := range ps {
			if math.Abs(p.USD-q.USD) <= MaxDisagreement*min(p.USD, q.USD) {
				n++
			}
		}
		if n > most {
			best, most = p, n
		}
	}
	return best
}

func spread(ps []FeedPrice) float64 {
	lo, hi := ps[0].USD, ps[0].USD
	for _, p := range ps {
		lo, hi = min(lo, p.USD), max(hi, p.USD)
	}
	return hi/lo - 1
}
