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
	e.keepTwin(keep, all)
	var out []*candidate
	for _, c := range all {
		if keep[c] {
			out = append(out, c)
		}
	}
	return out
}

func (e *engine) keepBest(keep map[*candidate]bool, all []*candidate, p Path) {
	limit := map[Path]int{PathAPI: shownAPI, PathHostedOpen: shownHosted, PathSelfHost: shownSelf, PathHybrid: shownHybrid}[p]
	models := map[string]bool{}
	var unfit []*candidate
	n := 0
	for _, c := range all {
		if c.opt.Path != p {
			continue
		}
		if !c.feasible() {
			unfit = append(unfit, c)
			continue
		}
		key := c.opt.ModelID
		if p == PathSelfHost && c.sized.supply.owned() {
			key += "/owned"
		}
		if p == PathHybrid {
			key = c.opt.ID
		}
		if n < limit && !models[key] {
			models[key] = true
			keep[c] = true
			n++
		}
	}
	limit = 0
	switch {
	case n == 0:
		limit = shownUnfit
	case p == PathSelfHost:
		limit = 1
	}
	for _, c := range nearest(unfit) {
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

// nearest orders options that do not qualify by how little they miss: models that are good enough first, then fewer misses,
// then cost.
func nearest(unfit []*candidate) []*candidate {
	weight := func(c *candidate) int {
		w := len(c.misses)
		for _, m := range c.misses {
			if m.what == mustBeGood || m.what == mustRun || m.what == mustBeNamed {
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
	for _, m := range e.w.Models {
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

func firstOf(all []*candidate, ok func(*candidate) bool) *candidate {
	for _, c := range all {
		if ok(c) {
			return c
		}
	}
	return nil
}
