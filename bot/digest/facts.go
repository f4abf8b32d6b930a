package digest

import "strconv"

// facts are all figures that the digest may tell, each under the change that it comes from. The text is written from
// them by name, never from a value at hand, so that a figure can't stand beside another's change.
func (c *composer) facts() map[string]float64 {
	f := map[string]float64{"scenarios": float64(len(c.rows)), "feeds": float64(len(c.health))}
	for _, r := range c.rows {
		c.scenarioFacts(f, r)
	}
	for _, m := range c.market.movers {
		for field, p := range m.prices {
			put(f, m.id+"."+field, p.was, p.is)
		}
		f["movers"]++
		if m.largest() < 0 {
			f["movers.down"]++
		} else {
			f["movers.up"]++
		}
	}
	for kind, list := range map[string][]arrival{"fresh": c.market.fresh, "ended": c.market.ended} {
		f[kind] = float64(len(list))
		for _, a := range list {
			if a.model != "" {
				f[kind+".known"]++
			}
			for field, v := range a.prices {
				f[kind+"."+a.id+"."+field] = v
			}
		}
	}
	for _, r := range c.market.rentals {
		put(f, "rental."+r.accelerator, r.was, r.is)
		f["rental."+r.accelerator+".offers"] = float64(r.offers)
	}
	c.feedFacts(f)
	return f
}

func (c *composer) scenarioFacts(f map[string]float64, r scenario) {
	id := r.watch.ID
	put(f, id, r.was.Monthly, r.is.Monthly)
	if r.move.Any() {
		f["moved"]++
	}
	if r.is.Lead != nil {
		f[id+".lead"], f[id+".ahead"] = r.is.Lead.Monthly, r.is.Lead.Ahead
	}
	if r.is.Runner != nil {
		f[id+".runner"] = r.is.Runner.Monthly
	}
	if r.is.Next != nil {
		f[id+".next"] = r.is.Next.Monthly
	}
}

func (c *composer) feedFacts(f map[string]float64) {
	for _, h := range c.health {
		if h.Problem == "" {
			f["feeds.fresh"]++
		}
	}
	f["doubts"] = float64(len(c.market.doubts))
	for i, d := range c.market.doubts {
		for side, v := range map[string]any{"old": d.Old, "new": d.New} {
			if v, ok := v.(float64); ok {
				f["doubt."+strconv.Itoa(i)+"."+side] = v
			}
		}
	}
}

// put enters a figure before, after, and its change as a share of what it was.
func put(f map[string]float64, id string, was, is float64) {
	f[id+".was"], f[id+".now"] = was, is
	if was != 0 {
		f[id+".change"] = (is - was) / was
	}
}
