package digest

import (
	"cmp"
	"math"
	"slices"

	"github.com/llmadvise/llmadvise/advisor/catalog"
	"github.com/llmadvise/llmadvise/advisor/pricing"
)

// mover is one list price of one offer that changed.
type mover struct {
	offer   catalog.Offer
	field   string // "input", "output"
	was, is float64
	touches []string // names of the scenarios whose recommended offer it is, before or after
}

func (m mover) share() float64 { return (m.is - m.was) / m.was }

// market is what moved between two catalogs.
type market struct {
	movers       []mover
	fresh, ended []catalog.Offer // offers that are new, or went away or are marked as ending
	rentals      []rental
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

// compareMarkets finds the moves between two catalogs that hold the same kinds of offers.
func compareMarkets(old, new *catalog.Catalog) market {
	var m market
	before := map[string]catalog.Offer{}
	for _, o := range old.Offers {
		before[o.ID] = o
	}
	for _, o := range new.Offers {
		was, known := before[o.ID]
		delete(before, o.ID)
		switch {
		case !known:
			if !o.Preview && !o.Free && !o.Deprecated {
				m.fresh = append(m.fresh, o)
			}
			continue
		case o.Deprecated && !was.Deprecated, !o.EndOfLife.IsZero() && was.EndOfLife.IsZero():
			m.ended = append(m.ended, o)
		}
		m.price(o, "input", was.Rates.Input, o.Rates.Input)
		m.price(o, "output", was.Rates.Output, o.Rates.Output)
	}
	for _, o := range before {
		m.ended = append(m.ended, o)
	}
	byID := func(a, b catalog.Offer) int { return cmp.Compare(a.ID, b.ID) }
	slices.SortFunc(m.fresh, byID)
	slices.SortFunc(m.ended, byID)
	m.rentals = compareRentals(old, new)
	return m
}

func (m *market) price(o catalog.Offer, field string, was, is *float64) {
	if was == nil || is == nil || *was <= 0 || *is <= 0 || math.Abs(*is-*was) < minPrice**was {
		return
	}
	m.movers = append(m.movers, mover{offer: o, field: field, was: *was, is: *is})
}

// rank puts what touches a scenario first, then the largest moves; ties by id, so that a digest is the same each time
// it is prepared.
func (m *market) rank(touched map[string][]string) {
	for i := range m.movers {
		m.movers[i].touches = touched[m.movers[i].offer.ID]
	}
	slices.SortFunc(m.movers, func(a, b mover) int {
		if c := cmp.Compare(len(b.touches), len(a.touches)); c != 0 {
			return c
		}
		if c := cmp.Compare(math.Abs(b.share()), math.Abs(a.share())); c != 0 {
			return c
		}
		if c := cmp.Compare(a.offer.ID, b.offer.ID); c != 0 {
			return c
		}
		return cmp.Compare(a.field, b.field)
	})
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
		if c := cmp.Compare(math.Abs(b.is-b.was)/b.was, math.Abs(a.is-a.was)/a.was); c != 0 {
			return c
		}
		return cmp.Compare(a.accelerator, b.accelerator)
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
			prices[o.Accelerator] = append(prices[o.Accelerator], o.USDPerHour/float64(o.Count))
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

// Health is how one feed fared.
type Health struct {
	Name        string
	Quarantined []pricing.Quarantined
	Problem     string // why the latest reading was refused; "" fresh
}

// HealthOf reads the feeds' health off a snapshot.
func HealthOf(s *pricing.Snapshot) []Health {
	if s == nil {
		return nil
	}
	out := make([]Health, len(s.Feeds))
	for i, f := range s.Feeds {
		out[i] = Health{f.Name, f.Quarantined, f.Problem}
	}
	return out
}
