package advisor

import (
	"cmp"
	"slices"
)

// The configuration that is cheapest at a workload's volume is rarely the one that overtakes an API at a hundred times as much: a
// faster accelerator stands idle at first and pays once it is full. So the break-even is sought among those that are cheapest when full,
// too.

// Of how many drafts, by full throughput, the cost at the target is looked at, of each way of supply; and how many of them are sized.
const (
	scaleDrafts = 6
	scaleSized  = 2
)

// atScale returns the drafts, given by model, whose queries cost least once their replicas are full, for owned and for rented accelerators.
func (e *engine) atScale(drafts [][]draft) []draft {
	var out []draft
	for _, owned := range []bool{true, false} {
		full := func(d *draft) float64 {
			if d.rank() != 0 || d.offer.owned() != owned {
				return 0
			}
			return d.most
		}
		best := cheapestWhenFull(drafts, scaleDrafts, full)
		if e.slo.P95E2E > 0 {
			apart := slices.Collect(slices.Chunk(best, 1))
			best = cheapestWhenFull(apart, scaleSized, func(d *draft) float64 { return e.rateAtTarget(&d.cfg) })
		}
		out = append(out, best[:min(len(best), scaleSized)]...)
	}
	return out
}

// cheapestWhenFull returns the n drafts with the least cost a query where a replica carries rate queries a second, one of each group; a
// rate of 0 leaves a draft out.
func cheapestWhenFull(groups [][]draft, n int, rate func(*draft) float64) []draft {
	type priced struct {
		*draft
		perQuery float64
	}
	var best []priced
	for _, drafts := range groups {
		var least priced
		for i := range drafts {
			d := &drafts[i]
			r := rate(d)
			if r <= 0 {
				continue
			}
			p := priced{d, d.offer.perGPU * float64(d.cfg.GPUs) / r}
			if least.draft == nil || p.perQuery < least.perQuery*d.offer.dearer(least.offer) {
				least = p
			}
		}
		if least.draft != nil {
			best = append(best, least)
		}
	}
	slices.SortStableFunc(best, func(a, b priced) int { return cmp.Compare(a.perQuery, b.perQuery) })
	out := make([]draft, 0, n)
	for _, p := range best[:min(n, len(best))] {
		out = append(out, *p.draft)
	}
	return out
}

// dearer is how much more a query may cost on s than on other for s to be taken: a whole instance of eight is seldom full, so single
// cards at about the same price a card are the cheaper way.
func (s *supply) dearer(other *supply) float64 {
	switch {
	case s.instance() < other.instance():
		return closeEnough
	case s.instance() > other.instance():
		return 1 / closeEnough
	}
	return 1
}

// instance is how many accelerators come at once.
func (s *supply) instance() int {
	if s.owned() {
		return 1
	}
	return s.offer.Count
}

// sizeLarge sizes drafts that are not among the candidates yet and adds them.
func (e *engine) sizeLarge(drafts []draft, out []*candidate) []*candidate {
	for i := range drafts {
		d := &drafts[i]
		id := selfID(d)
		if slices.ContainsFunc(out, func(c *candidate) bool { return c.opt.ID == id }) {
			continue
		}
		if c := e.size(d); c != nil {
			out = append(out, c)
		}
	}
	return out
}
