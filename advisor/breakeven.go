package advisor

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/llmadvise/llmadvise/advisor/cost"
	"github.com/llmadvise/llmadvise/advisor/quantity"
)

// paybackMonths is how far ahead set-up may be earned back to count.
const paybackMonths = 36

// breakEvens sets self-hosting against the token-billed options of interest.
func (e *engine) breakEvens(shown []*candidate) []BreakEven {
	var out []BreakEven
	for _, api := range rivals(shown) {
		if b, ok := e.breakEven(shown, api); ok {
			out = append(out, b)
		}
	}
	return out
}

// rivals are the token-billed options that a break-even is of interest against: the recommended or cheapest one first, then the best of
// the other class, then the article's rival.
func rivals(shown []*candidate) []*candidate {
	var out []*candidate
	add := func(c *candidate) {
		if c != nil && !slices.Contains(out, c) {
			out = append(out, c)
		}
	}
	add(firstOf(shown, func(c *candidate) bool { return c.offer != nil && c.feasible() }))
	add(firstOf(shown, func(c *candidate) bool { return c.opt.Path == PathHostedOpen }))
	add(firstOf(shown, func(c *candidate) bool { return c.opt.Path == PathAPI }))
	add(firstOf(shown, func(c *candidate) bool { return c.opt.ModelID == referenceModels[0] && c.offer != nil }))
	return out
}

// earliest finds the self-hosted option that overtakes api at the least volume; nil where none is weighed. Options that miss a
// constraint count only where no other is there.
func earliest(all []*candidate, api *candidate) (self *candidate, at cost.Crossing) {
	anyFeasible := firstOf(all, func(c *candidate) bool { return c.sized != nil && c.feasible() }) != nil
	for _, c := range all {
		if c.sized == nil || c.feasible() != anyFeasible {
			continue
		}
		x := cost.BreakEven(&c.plan, &api.plan)
		if self == nil || crossesBefore(x, at) {
			self, at = c, x
		}
	}
	return self, at
}

// breakEven sets the best self-hosted option against api.
func (e *engine) breakEven(shown []*candidate, api *candidate) (BreakEven, bool) {
	self, at := earliest(shown, api)
	if self == nil {
		return BreakEven{}, false
	}
	b := BreakEven{Self: self.opt.ID, API: api.opt.ID, QueriesPerMonth: at.First}
	if at.First != nil {
		b.GPUs = gpusAt(self, *at.First)
	}
	b.Month = cost.Payback(&self.plan, &api.plan, e.base.Queries, e.base.Growth, paybackMonths)
	b.Note = breakEvenNote(self, api, at)
	return b, true
}

// gpusAt is how many accelerators a fleet takes for q queries a month.
func gpusAt(c *candidate, q float64) int {
	s, curve := c.sized, &c.plan.Parts[0].Curve
	machines := curve.Serving(q) + curve.Spare
	if s.supply.owned() {
		return machines * s.cfg.GPUs
	}
	o := s.supply.offer
	machines += int(math.Round(curve.BaseUSD / curve.ReplicaUSD)) // instances full of spare replicas
	return machines * max(1, (s.cfg.GPUs+o.Count-1)/o.Count) * o.Count
}

func crossesBefore(a, b cost.Crossing) bool {
	at := func(x cost.Crossing) float64 {
		if x.First == nil {
			return math.Inf(1)
		}
		return *x.First
	}
	return cmp.Less(at(a), at(b))
}

func breakEvenNote(self, api *candidate, at cost.Crossing) string {
	switch {
	case at.First == nil:
		return fmt.Sprintf("%s never costs less than %s: each further replica costs more than the calls it saves", self.opt.Name, api.opt.Name)
	case at.Final == nil:
		return "only in stretches: each further replica takes the lead away again"
	case *at.Final > *at.First*1.01:
		return fmt.Sprintf("for good from %s on; in between a further replica costs more than it saves", quantity.About(*at.Final))
	}
	return ""
}

// curve samples the monthly cost, people included, of the options that a chart should show, around the workload's volume and
// the break-even.
func (e *engine) curve(shown []*candidate, be []BreakEven) []CurvePoint {
	var lines []*candidate
	add := func(c *candidate) {
		if c != nil && !slices.Contains(lines, c) && len(lines) < 5 {
			lines = append(lines, c)
		}
	}
	if len(shown) > 0 {
		add(shown[0])
	}
	add(firstOf(shown, func(c *candidate) bool { return c.opt.Today }))
	for _, b := range be {
		add(firstOf(shown, func(c *candidate) bool { return c.opt.ID == b.Self }))
		add(firstOf(shown, func(c *candidate) bool { return c.opt.ID == b.API }))
	}
	for _, p := range paths {
		add(firstOf(shown, func(c *candidate) bool { return c.opt.Path == p }))
	}
	var out []CurvePoint
	volumes := curveVolumes(e.base.Queries, be)
	for _, c := range lines {
		for _, q := range volumes {
			out = append(out, CurvePoint{Option: c.opt.ID, QueriesPerMonth: q, USD: c.plan.MonthlyWithLabour(q)})
		}
	}
	return out
}

const curvePoints = 12

// curveVolumes are volumes with two significant figures, evenly spaced on a logarithmic scale, the workload's own among them.
func curveVolumes(q float64, be []BreakEven) []float64 {
	lo, hi := q/10, q*10
	if len(be) > 0 && be[0].QueriesPerMonth != nil {
		lo = math.Min(lo, *be[0].QueriesPerMonth/3)
		hi = math.Max(hi, *be[0].QueriesPerMonth*3)
	}
	hi = math.Min(hi, q*1e4)
	lo = math.Max(lo, 1)
	out := []float64{q}
	for i := range curvePoints {
		f := float64(i) / (curvePoints - 1)
		v := quantity.RoundSig(lo*math.Pow(hi/lo, f), 2)
		if math.Abs(v/q-1) > 0.15 {
			out = append(out, v)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
