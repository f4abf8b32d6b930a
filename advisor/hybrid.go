package advisor

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/llmadvise/llmadvise/advisor/cost"
	"github.com/llmadvise/llmadvise/advisor/quantity"
)

// assumedHardShare is the share of queries that need a frontier model where the request does not say: the article quotes that open
// models suffice for 80 % of enterprise use cases (Chen, 2025); use cases are not queries, so this is an assumption.
const assumedHardShare = 0.2

// cascadeMisjudged is the further share of queries that a cascade passes on although the small model had answered them well enough:
// the check that decides is not perfect. Assumed.
const cascadeMisjudged = 0.1

// hybrids mixes the best of the options: by difficulty (routing and cascade) and by sensitivity.
func (e *engine) hybrids(all []*candidate) []*candidate {
	var out []*candidate
	out = append(out, e.byDifficulty(all)...)
	if c := e.bySensitivity(all); c != nil {
		out = append(out, c)
	}
	return out
}

// byDifficulty sends easy queries to the cheapest option that is good enough for them and hard ones to the cheapest frontier one.
func (e *engine) byDifficulty(all []*candidate) []*candidate {
	cheap := e.cheapest(all, func(c *candidate) bool { return c.missesOnly(mustBeGood, mustFitBudget) && e.passes(c, Standard) })
	dear := e.cheapest(all, func(c *candidate) bool {
		return c.missesOnly(mustBeGood, mustFitBudget) && c.opt.Path != PathSelfHost && e.passes(c, Frontier)
	})
	if cheap == nil || dear == nil || cheap == dear || cheap.tco >= dear.tco {
		return nil
	}
	share := assumedHardShare
	said := e.w.HardShare != nil
	if said {
		share = *e.w.HardShare
	}
	why := fmt.Sprintf("%s of the queries assumed to be hard", quantity.Percent(share))
	if said {
		why = fmt.Sprintf("you said that %s of the queries are hard", quantity.Percent(share))
	}
	easy, _ := cost.BestSplit(&cheap.plan, &dear.plan, e.base.Queries, 1-share)
	routing := e.hybrid(cheap, dear, "routing", easy, cost.Routing(&cheap.plan, &dear.plan, easy), why)
	passed := math.Min(1, share+cascadeMisjudged*(1-share))
	cascade := e.hybrid(cheap, dear, "cascade", 1-passed, cost.Cascade(&cheap.plan, &dear.plan, passed),
		why+fmt.Sprintf("; every query tries the small model first, %s are passed on and pay for both", quantity.Percent(passed)))
	if cheap.opt.Latency != nil && dear.opt.Latency != nil { // one after the other
		l := cheap.opt.Latency.Add(*dear.opt.Latency)
		cascade.opt.Latency = &l
		if e.w.Traffic != BatchTraffic && l.Lo > e.w.LatencyP95.Seconds() {
			cascade.miss(mustBeFast, fmt.Sprintf("a query passed on waits for both models: %s at best", quantity.Seconds(l.Lo)))
		}
	}
	for _, c := range []*candidate{routing, cascade} {
		if e.w.Quality == Frontier && !said {
			c.miss(mustBeGood, "no share of easy queries was named, and all are to be of frontier quality")
		}
	}
	return []*candidate{routing, cascade}
}

// bySensitivity keeps sensitive queries with an option that meets every constraint and sends the others to one that need not. Which two
// cost least together hangs on the share: a machine of one's own stands idle for a small one. So each option that may hold the
// sensitive queries is tried, with the cheapest of either kind for the others.
func (e *engine) bySensitivity(all []*candidate) *candidate {
	if e.w.SensitiveShare == nil {
		return nil
	}
	share := *e.w.SensitiveShare
	free := func(c *candidate) bool {
		return c.missesOnly(mustComply, mustReside, mustTrust, mustStayInside, mustFitBudget)
	}
	opens := []*candidate{
		e.cheapest(all, func(c *candidate) bool { return c.offer != nil && free(c) }),
		e.cheapest(all, func(c *candidate) bool { return c.sized != nil && free(c) }),
	}
	var safe, open *candidate
	least := math.Inf(1)
	for _, c := range all {
		if c.opt.Path == PathHybrid || !c.missesOnly(mustFitBudget) || !e.holdsSensitive(c) {
			continue
		}
		for _, o := range opens {
			if o == nil || o == c {
				continue
			}
			plan := cost.Routing(&c.plan, &o.plan, share)
			tco, _ := plan.TCO(e.base.Queries, e.base.Growth, e.base.Months)
			if tco += c.risk + o.risk; tco < least {
				least, safe, open = tco, c, o
			}
		}
	}
	if safe == nil {
		return nil
	}
	return e.hybrid(safe, open, "routing", share, cost.Routing(&safe.plan, &open.plan, share),
		fmt.Sprintf("you said that %s of the queries are sensitive; they stay with %s", quantity.Percent(share), safe.opt.Name))
}

// holdsSensitive reports whether an option may see the sensitive share: your own machines, or a vendor known to sign a data
// processing agreement.
func (e *engine) holdsSensitive(c *candidate) bool {
	if c.opt.Path == PathSelfHost {
		return true
	}
	st, _ := standingOf(e.cat.TermsOf(c.opt.ProviderID), requirements["GDPR"].met)
	return st == granted
}

func (e *engine) passes(c *candidate, q Quality) bool {
	f := e.standardFloor
	if q == Frontier {
		f = e.frontierFloor
	}
	return e.held(c.opt.ModelID, f) == ""
}

func (e *engine) cheapest(all []*candidate, ok func(*candidate) bool) *candidate {
	var best *candidate
	for _, c := range all {
		if c.opt.Path != PathHybrid && (best == nil || c.ranked() < best.ranked()) && ok(c) {
			best = c
		}
	}
	return best
}

func (e *engine) hybrid(first, second *candidate, kind string, share float64, plan cost.Plan, why string) *candidate {
	c := &candidate{plan: plan, quality: second.quality}
	c.opt = Option{
		ID: "hybrid/" + kind + "/" + first.opt.ID + "+" + second.opt.ID, Path: PathHybrid,
		Name:     fmt.Sprintf("%s: %s to %s, the rest to %s", capital(kind), quantity.Percent(share), first.opt.Name, second.opt.Name),
		Provider: first.opt.Provider + " + " + second.opt.Provider, ModelID: first.opt.ModelID, ModelName: first.opt.ModelName,
		GPU: first.opt.GPU, GPUs: first.opt.GPUs, GPUsPerReplica: first.opt.GPUsPerReplica, Replicas: first.opt.Replicas, Precision: first.opt.Precision,
		PeopleNeeded: first.opt.PeopleNeeded + ", and a router to keep",
		Hybrid:       &HybridSplit{Kind: kind, SelfShare: share, First: first.opt.ID, Second: second.opt.ID, Why: why},
		Caveats:      []string{why},
	}
	if first.opt.Latency != nil && second.opt.Latency != nil {
		l := first.opt.Latency.Max(*second.opt.Latency)
		c.opt.Latency = &l
	}
	for _, part := range []*candidate{first, second} {
		for _, caveat := range part.opt.Caveats {
			if e.onCompliance(caveat) && !slices.Contains(c.opt.Caveats, caveat) {
				c.opt.Caveats = append(c.opt.Caveats, caveat)
			}
		}
	}
	c.parts = []*candidate{first, second}
	c.takeRisk(first.risk + second.risk)
	e.price(c)
	return c
}

// onCompliance reports whether a caveat tells how a regime is met.
func (e *engine) onCompliance(caveat string) bool {
	for _, r := range e.w.Compliance {
		if strings.HasPrefix(caveat, string(r)+": ") {
			return true
		}
	}
	return false
}

func capital(s string) string {
	if s == "" {
		return s
	}
	return string(s[0]-'a'+'A') + s[1:]
}
