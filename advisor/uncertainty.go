package advisor

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/llmadvise/llmadvise/advisor/cost"
	"github.com/llmadvise/llmadvise/advisor/quantity"
)

// How far inputs may lie from what was said or assumed: ends of a triangle, as factors. What was said varies less than what was not.
var (
	saidVolume    = cost.Range{Lo: 0.85, Mid: 1, Hi: 1.15}
	assumedVolume = cost.Range{Lo: 0.4, Mid: 1, Hi: 2}
	saidTokens    = cost.Range{Lo: 0.85, Mid: 1, Hi: 1.2}
	assumedTokens = cost.Range{Lo: 0.5, Mid: 1, Hi: 1.7} // p10 and p90 at -25 % and +41 %
	saidGrowth    = cost.Range{}
	assumedGrowth = cost.Range{Lo: -0.01, Mid: 0, Hi: 0.03} // a month
)

// Prices over the next year. API prices of a given model rarely rise; rental has fallen for two years and may turn. Assumed.
var priceSpread = [...]cost.Range{
	cost.ProprietaryAPI: {Lo: 0.8, Mid: 1, Hi: 1.05},
	cost.OpenAPI:        {Lo: 0.75, Mid: 1, Hi: 1.1},
	cost.GPURental:      {Lo: 0.75, Mid: 1, Hi: 1.2},
	cost.OwnedGPU:       {Lo: 0.9, Mid: 1, Hi: 1.2},
	cost.Agreed:         {Lo: 1, Mid: 1, Hi: 1},
}

// throughputSigma is the spread of measured over predicted throughput on rows that sizing was not fitted on: 0.25-0.35 in the logarithm.
const throughputSigma = 0.3

func (e *engine) spread() cost.Spread {
	s := cost.Spread{Volume: assumedVolume, Input: assumedTokens, Output: assumedTokens, ThroughputSigma: throughputSigma, Growth: assumedGrowth}
	copy(s.Price[:], priceSpread[:])
	w := &e.w
	if q := w.QueriesPerMonth; w.QueriesLow > 0 && w.QueriesHigh > w.QueriesLow {
		s.Volume = cost.Range{Lo: w.QueriesLow / q, Mid: clamp(1, w.QueriesLow/q, w.QueriesHigh/q), Hi: w.QueriesHigh / q}
	} else if !e.assumed[FieldQueries] {
		s.Volume = saidVolume
	}
	if !e.assumed[FieldInput] {
		s.Input = saidTokens
	}
	if !e.assumed[FieldOutput] {
		s.Output = saidTokens
	}
	if !e.assumed[FieldGrowth] {
		s.Growth = saidGrowth
	}
	return s
}

// uncertainty draws the world and gives every shown option its interval; it returns the share of draws in which the
// recommended path is right, and the tornado of the recommended option.
func (e *engine) uncertainty(shown []*candidate) (confidence float64, tornado []Swing) {
	draws, seed := e.opts.draws()
	if draws == 0 || len(shown) == 0 {
		return 0, nil
	}
	s := e.spread()
	plans, group := make([]*cost.Plan, len(shown)), make([]int, len(shown))
	for i, c := range shown {
		plans[i], group[i] = &c.plan, c.path()
	}
	needs, chance := e.events(shown)
	out := cost.Simulate(plans, group, len(paths), needs, chance, e.base, &s, draws, seed)
	for i, c := range shown {
		o := &c.opt
		o.Drawn = Drawn{P10: out.TCO[i].Lo, P50: out.TCO[i].Mid, P90: out.TCO[i].Hi, Cheapest: out.Best[i]}
		o.Monthly = around(o.Monthly.Mid, out.Monthly[i])
		o.TCO = around(o.TCO.Mid, out.TCO[i])
		o.TCO12, o.TCO36 = stretch(o.TCO12.Mid, o.TCO), stretch(o.TCO36.Mid, o.TCO)
		o.TCO12NoLabour = around(o.TCO12NoLabour.Mid, cost.Range{
			Lo: o.TCO12NoLabour.Mid * ratio(o.Monthly.Lo, o.Monthly.Mid), Hi: o.TCO12NoLabour.Mid * ratio(o.Monthly.Hi, o.Monthly.Mid)})
		o.TCO36NoLabour = stretch(o.TCO36NoLabour.Mid, o.TCO12NoLabour)
	}
	if !shown[0].feasible() {
		return 0, nil
	}
	return out.Right[group[0]], e.tornado(shown, &s)
}

// draws resolves the defaults.
func (o Options) draws() (n int, seed uint64) {
	if o.Draws < 0 {
		return 0, 0
	}
	return cmp.Or(o.Draws, defaultDraws), cmp.Or(o.Seed, uint64(defaultSeed))
}

// events lists what each shown option needs to come true and how likely that is: that its p95 is within the target. A routing needs
// it of both its parts, the very event that the parts need by themselves. Event 0 never happens: what misses a constraint needs it.
func (e *engine) events(shown []*candidate) (needs [][]int, chance []float64) {
	const never = 0
	chance = []float64{never: 0}
	at := map[*candidate]int{}
	event := func(c *candidate) int {
		if _, ok := at[c]; !ok {
			at[c] = len(chance)
			chance = append(chance, e.withinTarget(c))
		}
		return at[c]
	}
	for _, c := range shown {
		var n []int
		switch {
		case !c.feasible():
			n = []int{never}
		case c.opt.Hybrid != nil && c.opt.Hybrid.Kind == "routing":
			for _, p := range c.parts {
				n = append(n, event(p))
			}
		default:
			n = []int{event(c)}
		}
		needs = append(needs, n)
	}
	return needs, chance
}

// withinTarget is the chance that the p95 of an option, which is known by an interval only, is within the target. The interval's
// halves are read as those of a lognormal distribution.
func (e *engine) withinTarget(c *candidate) float64 {
	if c.opt.Latency == nil || e.w.Traffic == BatchTraffic {
		return 1
	}
	l, target := c.opt.Latency, e.w.LatencyP95.Seconds()
	side := l.Hi / l.Mid
	if target < l.Mid {
		side = l.Mid / l.Lo
	}
	if !(side > 1) {
		return 1
	}
	const z80 = 1.2815515655446004 // 80 % of a normal distribution lies within this many standard deviations
	return 0.5 * math.Erfc(-math.Log(target/l.Mid)/(math.Log(side)/z80)/math.Sqrt2)
}

// around puts the p10 and p90 of the draws around the expected value.
func around(mid float64, r cost.Range) quantity.Estimate {
	return quantity.Estimate{Lo: math.Min(r.Lo, mid), Mid: mid, Hi: math.Max(r.Hi, mid), Confidence: 0.8, Basis: "p10-p90 of the draws"}
}

// stretch gives a figure the relative interval of another.
func stretch(mid float64, like quantity.Estimate) quantity.Estimate {
	return around(mid, cost.Range{Lo: mid * ratio(like.Lo, like.Mid), Hi: mid * ratio(like.Hi, like.Mid)})
}

func ratio(a, b float64) float64 {
	if b == 0 {
		return 1
	}
	return a / b
}

var driverNames = [cost.Drivers]string{
	cost.DriverVolume: "queries a month", cost.DriverInput: "input tokens", cost.DriverOutput: "output tokens",
	cost.DriverThroughput: "GPU throughput", cost.DriverPrice: "list prices", cost.DriverLabour: "people",
}

// tornado moves one input at a time to its p10 and p90 and shows what the recommended option then costs a month, people included.
func (e *engine) tornado(shown []*candidate, s *cost.Spread) []Swing {
	var out []Swing
	c := shown[0]
	for d := range cost.Drivers {
		var at [2]float64
		for i, u := range []float64{0.1, 0.9} {
			draw := s.At(d, u)
			at[i] = c.plan.MonthlyUnder(e.base.Queries, &draw) + c.plan.LabourUnder(e.base.Queries, &draw)
		}
		if math.Abs(at[1]-at[0]) > 0.005*math.Abs(c.opt.Monthly.Mid) {
			out = append(out, Swing{Driver: driverNames[d], AtP10: at[0], AtP90: at[1], Flip: e.driverFlip(d, shown)})
		}
	}
	slices.SortStableFunc(out, func(a, b Swing) int {
		return -cmp.Compare(math.Abs(a.AtP90-a.AtP10), math.Abs(b.AtP90-b.AtP10))
	})
	return out
}

// driverFlip says how far one driver of the tornado has to go, all others as expected, before another path wins.
func (e *engine) driverFlip(d cost.Driver, shown []*candidate) string {
	if d == cost.DriverLabour {
		return e.labourFlip(shown)
	}
	limit := float64(furthestTokens)
	now, unit := 1.0, " times as much"
	set := func(draw *cost.Draw, f float64) { // the prices that the recommended option pays
		for _, p := range shown[0].plan.Parts {
			draw.Price[p.Curve.Market] = f
		}
	}
	switch d {
	case cost.DriverVolume:
		limit, now, unit = flipSearch, e.base.Queries, " queries a month"
		set = func(draw *cost.Draw, f float64) { draw.Volume = f }
	case cost.DriverInput:
		now, unit = float64(e.w.InputTokens), " tokens in"
		set = func(draw *cost.Draw, f float64) { draw.Input = f }
	case cost.DriverOutput:
		now, unit = float64(e.w.OutputTokens), " tokens out"
		set = func(draw *cost.Draw, f float64) { draw.Output = f }
	case cost.DriverThroughput:
		set = func(draw *cost.Draw, f float64) { draw.Throughput = f }
	case cost.DriverPrice:
		limit, unit = furthestPrice, " times today's, its own alone"
	}
	var at []string
	if x, to := e.follow(shown, limit, set); to != nil {
		at = append(at, "above "+quantity.Count(quantity.RoundSig(x*now, 2))+unit+": "+lower(pathWords[to.opt.Path]))
	}
	if x, to := e.follow(shown, 1/limit, set); to != nil {
		at = append(at, "below "+quantity.Count(quantity.RoundSig(x*now, 2))+unit+": "+lower(pathWords[to.opt.Path]))
	}
	if len(at) == 0 {
		return fmt.Sprintf("not within a factor of %s", quantity.Count(limit))
	}
	return strings.Join(at, "; ")
}

// labourFlip asks the same of people: their cost moves in every option at once, within its range.
func (e *engine) labourFlip(shown []*candidate) string {
	for _, end := range []struct {
		rank float64
		word string
	}{{0.01, "least"}, {0.99, "most"}} {
		d := cost.Expected()
		d.LabourRank = end.rank
		if to, flipped := e.contest(shown, &d); flipped {
			return "at the " + end.word + " that they may take: " + lower(pathWords[to.opt.Path])
		}
	}
	return "not within its range"
}
