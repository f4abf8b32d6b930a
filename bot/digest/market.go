package digest

import (
	"cmp"
	"math"
	"slices"

	"github.com/llmadvise/llmadvise/advisor/catalog"
	"github.com/llmadvise/llmadvise/advisor/pricing"
)

// mover is one model at one provider whose list price changed.
type mover struct {
	listing
	prices  map[string]change // "input", "output"
	touches []string          // names of the scenarios that use it, or the same model elsewhere
	direct  bool              // a scenario stands on this very offer
}

// listing is a model at a provider as a reader knows it.
type listing struct {
	id      string // offer id, or the feed's own provider and model where the catalog has no such offer
	name    string
	model   string // catalog id of the model; "" unknown
	offerID string // "" where the catalog has no such offer
}

// change is one price before and after, USD per million tokens.
type change struct{ was, is float64 }

func (c change) share() float64 { return (c.is - c.was) / c.was }

// largest is the price that moved most, by share.
func (m mover) largest() float64 {
	var top float64
	for _, c := range m.prices {
		if math.Abs(c.share()) > math.Abs(top) {
			top = c.share()
		}
	}
	return top
}

// market is what moved between two states of the feeds.
type market struct {
	movers       []mover
	fresh, ended []arrival
	rentals      []rental
	doubts       []doubt
}

// arrival is a model that came to the lists, or left them.
type arrival struct {
	listing
	prices    map[string]float64
	providers int // that list it
}

// doubt is a price that was not believed.
type doubt struct {
	listing
	field string
	feed  string
	pricing.Quarantined
}

// rental is the median on-demand price of one accelerator, USD per GPU-hour.
type rental struct {
	accelerator string
	was, is     float64
	offers      int
}

// minRental and minPrice are the smallest moves that are shown: feeds jitter in the last digit.
const (
	minRental = 0.01
	minPrice  = 0.005
)

// compareMarkets finds what moved. Prices are compared within each feed, entry by entry: an offer of the catalog that
// is now priced from another entry has not changed its price.
func compareMarkets(in Input) market {
	var m market
	if in.OldFeeds != nil && in.NewFeeds != nil {
		m = compareFeeds(in)
	} else if in.NewFeeds == nil {
		m = compareOffers(in.Old, in.New)
	}
	m.announced(in)
	m.rentals = compareRentals(in.Old, in.New)
	return m
}

// announced adds the prices that were named beforehand and took hold since: no feed shows them as a change on that day.
func (m *market) announced(in Input) {
	today := day(in.Period)
	for _, o := range in.New.Offers {
		was, ok := in.Old.Offer(o.ID)
		if !ok || was.Source.ID != o.Source.ID || slices.ContainsFunc(m.movers, func(m mover) bool { return m.offerID == o.ID }) {
			continue
		}
		due := slices.ContainsFunc(was.Conditions, func(c catalog.Condition) bool { return !c.From.IsZero() && c.From.String() <= today })
		if mv := ratesMove(was, o); due && len(mv.prices) > 0 {
			m.movers = append(m.movers, mv)
		}
	}
}

func ratesMove(was, is catalog.Offer) mover {
	mv := mover{listing: listing{is.ID, offerName(is), is.ModelID, is.ID}, prices: map[string]change{}}
	mv.price("input", was.Rates.Input, is.Rates.Input)
	mv.price("output", was.Rates.Output, is.Rates.Output)
	return mv
}

// compareOffers finds the moves between two catalogs where no feed stands behind either.
func compareOffers(old, new *catalog.Catalog) market {
	var m market
	before := map[string]catalog.Offer{}
	for _, o := range old.Offers {
		before[o.ID] = o
	}
	for _, o := range new.Offers {
		was, known := before[o.ID]
		delete(before, o.ID)
		l := listing{o.ID, offerName(o), o.ModelID, o.ID}
		if !known {
			if !o.Preview && !o.Free && !o.Deprecated {
				m.fresh = append(m.fresh, arrival{l, ratesOf(o), 1})
			}
			continue
		}
		if mv := ratesMove(was, o); len(mv.prices) > 0 {
			m.movers = append(m.movers, mv)
		}
	}
	for _, o := range before {
		m.ended = append(m.ended, arrival{listing{o.ID, offerName(o), o.ModelID, o.ID}, ratesOf(o), 1})
	}
	m.sort()
	return m
}

func ratesOf(o catalog.Offer) map[string]float64 {
	out := map[string]float64{}
	for f, p := range map[string]*float64{"input": o.Rates.Input, "output": o.Rates.Output} {
		if p != nil {
			out[f] = *p
		}
	}
	return out
}

func (m *mover) price(field string, was, is *float64) {
	if was == nil || is == nil || *was <= 0 || *is <= 0 || math.Abs(*is-*was) < minPrice**was {
		return
	}
	m.prices[field] = change{*was, *is}
}

// pricedAs is the offer at whose price an offer is sold: its own, or its maker's where a cloud passes that on.
func pricedAs(offerID string) string {
	for _, id := range pricing.Identities() {
		if id.Via != "" && id.OfferID() == offerID {
			return pricing.Identity{ProviderID: id.Via, ModelID: id.ModelID}.OfferID()
		}
	}
	return offerID
}

// sort gives arrivals an order of their own: those that most providers list first, as those are what people ask about.
func (m *market) sort() {
	order := func(a, b arrival) int {
		return cmp.Or(cmp.Compare(b.providers, a.providers), cmp.Compare(b.prices["output"], a.prices["output"]), cmp.Compare(a.id, b.id))
	}
	slices.SortFunc(m.fresh, order)
	slices.SortFunc(m.ended, order)
}

// rank puts what touches a scenario first, then models that the catalog knows, then the largest moves; ties by id, so
// that a digest is the same each time it is prepared.
func (m *market) rank(touches func(listing) (names []string, direct bool)) {
	for i := range m.movers {
		m.movers[i].touches, m.movers[i].direct = touches(m.movers[i].listing)
	}
	slices.SortFunc(m.movers, func(a, b mover) int {
		return cmp.Or(
			before(a.direct, b.direct), cmp.Compare(len(b.touches), len(a.touches)), before(a.model != "", b.model != ""),
			cmp.Compare(math.Abs(b.largest()), math.Abs(a.largest())), cmp.Compare(a.id, b.id))
	})
}

// before orders true before false.
func before(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}

func compareRentals(old, new *catalog.Catalog) []rental {
	was, is := medians(old), medians(new)
	var out []rental
	for acc, now := range is {
		then, ok := was[acc]
		if !ok || then.price <= 0 || math.Abs(now.price-then.price) < minRental*then.price {
			continue
		}
		out = append(out, rental{acc, then.price, now.price, now.n})
	}
	slices.SortFunc(out, func(a, b rental) int {
		return cmp.Or(cmp.Compare(math.Abs(b.is-b.was)/b.was, math.Abs(a.is-a.was)/a.was), cmp.Compare(a.accelerator, b.accelerator))
	})
	return out
}

type median struct {
	price float64
	n     int
}

// medians returns the median on-demand price of one GPU-hour for each accelerator.
func medians(c *catalog.Catalog) map[string]median {
	prices := map[string][]float64{}
	for _, o := range c.GPUOffers {
		if o.Commitment == catalog.OnDemand && o.Count > 0 && o.USDPerHour > 0 {
			prices[o.Accelerator] = append(prices[o.Accelerator], o.PerGPU())
		}
	}
	out := map[string]median{}
	for acc, p := range prices {
		slices.Sort(p)
		mid := p[len(p)/2]
		if len(p)%2 == 0 {
			mid = (mid + p[len(p)/2-1]) / 2
		}
		out[acc] = median{mid, len(p)}
	}
	return out
}
