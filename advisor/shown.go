package advisor

import (
	"slices"
)

// How many options of each path are shown. The rest was weighed and is worse in every respect that counts here.
const (
	shownAPI    = 4
	shownHosted = 4
	shownSelf   = 5
	shownHybrid = 2
	shownUnfit  = 2 // of a path: the nearest misses, with their reasons
	shownPlaces = 3 // providers of a model that the request names
)

// referenceModels are shown whatever their rank, so that a reader can place the answer: the article's own rival API, and the open
// model that it names, hosted.
var referenceModels = []string{"gpt-4.1", "llama-3.3-70b"}

// shown picks the short list from the ranked candidates: the best few of each path with distinct models, what the request
// names, the references, and the nearest misses of a path in which nothing qualifies. The order stays that of the ranking.
func (e *engine) shown(all []*candidate) []*candidate {
	keep := map[*candidate]bool{}
	for _, p := range paths {
		e.keepBest(keep, all, p)
	}
	e.keepNamed(keep, all)
	for _, m := range referenceModels {
		if c := firstOf(all, func(c *candidate) bool { return c.opt.ModelID == m && c.offer != nil }); c != nil {
			keep[c] = true
		}
	}
	if c := cheapestOf(all); c != nil && c.risk > all[0].risk { // named as the one that costs less, if it is fast enough
		keep[c] = true
	}
	if c := firstOf(all, func(c *candidate) bool { return c.opt.Today }); c != nil {
		keep[c] = true
	}
	e.keepTwin(keep, all)
	e.keepBreakEven(keep, all)
	if len(all) > 0 && !all[0].feasible() { // what giving up a constraint lets in
		for _, x := range e.relaxations(all) {
			keep[x.to] = true
		}
	}
	return firstOfKept(keep, all)
}

func (e *engine) keepBest(keep map[*candidate]bool, all []*candidate, p Path) {
	limit := map[Path]int{PathAPI: shownAPI, PathHostedOpen: shownHosted, PathSelfHost: shownSelf, PathHybrid: shownHybrid}[p]
	models := map[string]bool{}
	places := map[string]int{}
	var unfit []*candidate
	n := 0
	take := func(c *candidate, key string) {
		if c != nil && !keep[c] && !models[key] && n < limit {
			models[key], keep[c] = true, true
			places[c.opt.ModelID]++
			n++
		}
	}
	if p == PathSelfHost { // the best to buy and the best to rent, whatever the order
		for _, owned := range []bool{true, false} {
			c := firstOf(all, func(c *candidate) bool { return c.sized != nil && c.feasible() && c.sized.supply.owned() == owned })
			if c != nil {
				take(c, e.shownKey(c, places))
			}
		}
	}
	for _, c := range all {
		switch {
		case c.opt.Path != p:
		case !c.feasible():
			unfit = append(unfit, c)
		default:
			take(c, e.shownKey(c, places))
		}
	}
	limit = 0
	switch {
	case n == 0:
		limit = shownUnfit
	case p == PathSelfHost:
		limit = 1
	}
	for _, c := range e.nearest(unfit) {
		if n > 0 && c.misses[0].what == mustBeNamed { // left out on purpose: nothing to learn from it
			continue
		}
		if limit > 0 && !models[c.opt.ModelID] {
			models[c.opt.ModelID] = true
			keep[c] = true
			limit--
		}
	}
}

// shownKey is what an option must not share with another one of its path to be shown beside it: the model, and for a model that the
// request names the provider, since that is then the choice.
func (e *engine) shownKey(c *candidate, places map[string]int) string {
	switch {
	case c.opt.Path == PathHybrid:
		return c.opt.ID
	case c.sized != nil && c.sized.supply.owned():
		return c.opt.ModelID + "/owned"
	case c.offer != nil && slices.Contains(e.w.Models, c.opt.ModelID) && places[c.opt.ModelID] < shownPlaces:
		return c.opt.ModelID + "/" + c.opt.ProviderID
	}
	return c.opt.ModelID
}

// nearest orders options that do not qualify by how little they miss: models that are good enough first, then fewer misses,
// then cost.
func (e *engine) nearest(unfit []*candidate) []*candidate {
	weight := func(c *candidate) int {
		w := len(c.misses)
		for _, m := range c.misses {
			switch {
			case m.what == mustBeGood && c.opt.Path != PathHybrid && e.passes(c, Standard):
				w += 5
			case m.what == mustBeGood, m.what == mustRun, m.what == mustBeNamed:
				w += 10
			}
		}
		return w
	}
	out := slices.Clone(unfit)
	slices.SortStableFunc(out, func(a, b *candidate) int { return weight(a) - weight(b) })
	return out
}

// keepNamed keeps the best option of each model, and of each provider and accelerator, that the request names.
func (e *engine) keepNamed(keep map[*candidate]bool, all []*candidate) {
	for _, m := range slices.Concat(e.w.Models, e.w.Today) {
		for _, p := range paths {
			if c := firstOf(all, func(c *candidate) bool { return c.opt.ModelID == m && c.opt.Path == p && p != PathHybrid }); c != nil {
				keep[c] = true
			}
		}
	}
	for _, g := range e.w.GPUs {
		if c := firstOf(all, func(c *candidate) bool { return c.opt.GPU == g && c.opt.Path == PathSelfHost }); c != nil {
			keep[c] = true
		}
	}
	for _, p := range e.w.Providers {
		if c := firstOf(all, func(c *candidate) bool { return c.opt.ProviderID == p }); c != nil {
			keep[c] = true
		}
	}
}

// keepTwin keeps the recommended model self-hosted, the cleanest comparison of the two ways to run it.
func (e *engine) keepTwin(keep map[*candidate]bool, all []*candidate) {
	if len(all) == 0 || all[0].opt.Path != PathHostedOpen {
		return
	}
	if c := firstOf(all, func(c *candidate) bool { return c.opt.Path == PathSelfHost && c.opt.ModelID == all[0].opt.ModelID }); c != nil {
		keep[c] = true
	}
}

// keepBreakEven keeps the self-hosted option that overtakes the first of the shown APIs at the least volume: it may be another
// than the cheapest at the workload's own.
func (e *engine) keepBreakEven(keep map[*candidate]bool, all []*candidate) {
	for _, api := range rivals(firstOfKept(keep, all)) {
		if c, at := earliest(all, api); c != nil && at.First != nil {
			keep[c] = true
			return
		}
	}
}

// firstOfKept are the kept candidates in the order of the ranking.
func firstOfKept(keep map[*candidate]bool, all []*candidate) []*candidate {
	var out []*candidate
	for _, c := range all {
		if keep[c] {
			out = append(out, c)
		}
	}
	return out
}

func firstOf(all []*candidate, ok func(*candidate) bool) *candidate {
	for _, c := range all {
		if ok(c) {
			return c
		}
	}
	return nil
}
