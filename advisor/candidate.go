package advisor

import (
	"math"

	"github.com/llmadvise/llmadvise/advisor/catalog"
	"github.com/llmadvise/llmadvise/advisor/cost"
	"github.com/llmadvise/llmadvise/advisor/quantity"
)

// constraint is a hard constraint of a workload.
type constraint uint8

const (
	mustComply constraint = iota
	mustReside
	mustTrust
	mustStayInside
	mustBeFast
	mustStream
	mustFitBudget
	mustBeGood
	mustHoldContext
	mustLast
	mustBeNamed
	mustBeFrom
	mustRun // the configuration itself does not work: no constraint to relax
	constraints
)

// relaxWords say what giving up a constraint means.
var relaxWords = [constraints]string{
	mustComply:      "the compliance regime (or get the vendor's agreement in writing)",
	mustReside:      "the place of processing (or get the vendor's word on it in writing)",
	mustTrust:       "what is asked of the vendor's data terms (or get them in writing)",
	mustStayInside:  "that no vendor may process the data",
	mustBeFast:      "the latency target",
	mustStream:      "how soon answers are to start and how fast to stream",
	mustFitBudget:   "the budget",
	mustBeGood:      "the quality asked for",
	mustHoldContext: "the tokens per query",
	mustLast:        "the horizon",
	mustBeFrom:      "where vendors and makers of models have their seat",
	mustBeNamed:     "the models, GPUs or providers you named or ruled out",
}

// miss is one constraint that a candidate misses, in a reader's words.
type miss struct {
	what constraint
	why  string
}

// candidate is one option being weighed.
type candidate struct {
	opt      Option
	plan     cost.Plan
	misses   []miss
	quality  float64 // against the best published scores, NaN unknown
	tco      float64 // the horizon's months with people, expected
	machines float64 // the same without people
	risk     float64 // USD over the horizon that the ranking adds for a latency target that may be missed
	trusted  bool    // its vendor's data terms are known
	named    bool    // the request names its model, GPU or provider
	offer    *catalog.Offer
	sized    *sized       // self-hosted: the fleet
	parts    []*candidate // hybrid: what it mixes
}

func (c *candidate) miss(what constraint, why string) {
	if why != "" {
		c.misses = append(c.misses, miss{what, why})
	}
}

func (c *candidate) feasible() bool { return len(c.misses) == 0 }

// missesOnly reports whether c misses nothing but constraints of the given kinds.
func (c *candidate) missesOnly(kinds ...constraint) bool {
	for _, m := range c.misses {
		found := false
		for _, k := range kinds {
			found = found || m.what == k
		}
		if !found {
			return false
		}
	}
	return true
}

// ranked is what orders options: the cost over the horizon with people, and what it may take to make good on the latency target.
func (c *candidate) ranked() float64 { return c.tco + c.risk }

func (c *candidate) takeRisk(usd float64) { c.risk, c.opt.RiskUSD = usd, usd }

// tight reports whether the high end of a fleet's p95 misses the target that its expected value meets.
func (c *candidate) tight() bool {
	return c.sized != nil && c.sized.plan.Meets && c.sized.plan.MissChance > (1-c.sized.plan.P95.Confidence)/2
}

func (c *candidate) path() int { return pathIndex(c.opt.Path) }

var paths = [...]Path{PathAPI, PathHostedOpen, PathSelfHost, PathHybrid}

func pathIndex(p Path) int {
	for i := range paths {
		if paths[i] == p {
			return i
		}
	}
	return 0
}

// price fills in what the plan costs at the workload's volume. Intervals follow from the draws, see uncertainty.go.
func (e *engine) price(c *candidate) {
	q, g := e.base.Queries, e.base.Growth
	c.tco, c.machines = c.plan.TCO(q, g, e.base.Months)
	with12, without12 := c.plan.TCO(q, g, 12)
	with36, without36 := c.plan.TCO(q, g, 36)
	o := &c.opt
	o.Monthly = quantity.Exact(c.plan.Monthly(q))
	o.LabourMonthly = ranged(c.plan.LabourAt(q))
	o.SetupUSD = ranged(c.plan.SetupLabour.Plus(cost.Exactly(c.plan.SetupUSD)))
	o.TCO, o.TCO12, o.TCO36 = quantity.Exact(c.tco), quantity.Exact(with12), quantity.Exact(with36)
	o.TCO12NoLabour, o.TCO36NoLabour = quantity.Exact(without12), quantity.Exact(without36)
	o.NPV36 = c.plan.NPV(q, g, 36)
	if tokens := q * float64(e.w.InputTokens+e.w.OutputTokens); tokens > 0 {
		o.EffectiveUSDPerMTok = o.Monthly.Mid / tokens * 1e6
	}
	if b := e.w.BudgetUSDMonth; b != nil && o.Monthly.Mid > *b {
		c.miss(mustFitBudget, quantity.USD(o.Monthly.Mid)+" a month > your "+quantity.USD(*b))
	}
}

func ranged(r cost.Range) quantity.Estimate {
	return quantity.Estimate{
		Lo: min(r.Quantile(0.1), r.Mid), Mid: r.Mid, Hi: max(r.Quantile(0.9), r.Mid), Confidence: 0.8, Basis: "assumed range",
	}
}

// better orders candidates: those that meet every constraint first, then by cost over the horizon with people and risk; names settle ties.
func better(a, b *candidate) int {
	if a.feasible() != b.feasible() {
		if a.feasible() {
			return -1
		}
		return 1
	}
	switch {
	case a.ranked() < b.ranked():
		return -1
	case a.ranked() > b.ranked():
		return 1
	case a.opt.ID < b.opt.ID:
		return -1
	case a.opt.ID > b.opt.ID:
		return 1
	}
	return 0
}

// qualityOf is a quality for comparing: unknown counts as nothing.
func qualityOf(c *candidate) float64 {
	if math.IsNaN(c.quality) {
		return 0
	}
	return c.quality
}
