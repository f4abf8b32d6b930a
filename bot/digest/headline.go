package digest

import (
	"fmt"
	"math"
	"strings"

	"github.com/llmadvise/llmadvise/advisor"
	"github.com/llmadvise/llmadvise/advisor/catalog"
)

// headline is about the channel's own scenarios; it stands alone in a notification.
func (c *composer) headline(moved int, quiet bool) string {
	n := len(c.rows)
	switch {
	case n == 0 && quiet:
		return "Prices did not move" + c.since() + ". No scenario is watched here yet."
	case n == 0:
		return c.marketSentence("") + " No scenario is watched here yet."
	case quiet && n == 1:
		return "Nothing moved" + c.since() + ": " + c.told(c.rows[0]) + "."
	case quiet:
		return "Nothing moved" + c.since() + ": " + c.standings() + "."
	case moved == 0 && n == 1:
		return c.told(c.rows[0]) + "; no price that moved" + c.since() + " changes that."
	case moved == 0:
		return fmt.Sprintf("Nothing changed for your %s%s: %s.", c.scenarios(n), c.since(), c.standings())
	case moved == 1:
		return upper(c.told(c.rows[0])) + "."
	}
	return fmt.Sprintf("%s moved: %s.", c.movedOf(moved, n), c.told(c.rows[0]))
}

// movedOf says how many moved: "2 of your 3 scenarios", "Both of your scenarios".
func (c *composer) movedOf(moved, n int) string {
	switch {
	case moved < n:
		return c.led.count("moved") + " of your " + c.scenarios(n)
	case n == 2:
		return "Both of your scenarios"
	}
	return "All " + c.led.count("scenarios") + " of your scenarios"
}

func (c *composer) scenarios(n int) string {
	if n == 1 {
		return c.led.count("scenarios") + " scenario"
	}
	return c.led.count("scenarios") + " scenarios"
}

func (c *composer) since() string {
	if c.in.Since.IsZero() {
		return ""
	}
	return " since " + c.date(c.in.Since)
}

// date writes a day as people say it, with the year where it is not the one of the digest.
func (c *composer) date(d catalog.Date) string {
	if d.Year() == c.in.New.AsOf.Year() {
		return c.led.name(d.Format("2 January"))
	}
	return c.led.name(d.Format("2 January 2006"))
}

// standings says in short where the scenarios stand: "support-bot $135, doc-search $655 a month".
func (c *composer) standings() string {
	const most = 4
	var parts []string
	for _, r := range c.rows[:min(most, len(c.rows))] {
		cost := "nothing qualifies"
		if r.is.OptionID != "" {
			cost = c.led.usd(r.watch.ID + ".now")
		}
		parts = append(parts, c.led.name(r.watch.Name)+" "+cost)
	}
	s := strings.Join(parts, ", ") + " a month"
	if rest := len(c.rows) - most; rest > 0 {
		s += ", and " + c.led.more("scenarios", most) + " more"
	}
	return s
}

// told says what became of one scenario.
func (c *composer) told(r scenario) string {
	id, name, was, is := r.watch.ID, c.led.name(r.watch.Name), c.led.name(r.was.Option), c.led.name(r.is.Option)
	switch {
	case r.is.OptionID == "" && r.was.OptionID == "":
		return "nothing qualifies for " + name
	case r.is.OptionID == "":
		return fmt.Sprintf("nothing qualifies for %s any more (it was %s)", name, was)
	case r.was.OptionID == "":
		return fmt.Sprintf("%s can be served again: %s at %s a month", name, is, c.led.usd(id+".now"))
	case len(r.move.Ends) > 0:
		return c.toldEnd(r)
	case r.move.Flipped:
		return fmt.Sprintf("%s now favours %s at %s a month (was %s at %s)", name, is, c.led.usd(id+".now"), was, c.led.usd(id+".was"))
	case r.move.Costs:
		return fmt.Sprintf("%s still favours %s; it got %s (%s to %s a month)", name, is,
			c.led.percent(id, "cheaper", "dearer"), c.led.usd(id+".was"), c.led.usd(id+".now"))
	}
	return fmt.Sprintf("%s stays with %s at %s a month", name, is, c.led.usd(id+".now"))
}

// toldEnd says that a model of the scenario goes away, and what would take its place at what price.
func (c *composer) toldEnd(r scenario) string {
	e := r.move.Ends[0]
	s := c.led.name(r.watch.Name) + ": " + c.led.name(e.Name)
	if e.Date.IsZero() {
		s += " is deprecated"
	} else {
		s += " ends on " + c.date(e.Date)
	}
	switch {
	case r.is.Next == nil:
		return s + "; nothing else qualifies"
	case r.was.Monthly > 0:
		return s + fmt.Sprintf("; next best is %s at %s a month (now %s)", c.led.name(r.is.Next.Option), c.led.usd(r.watch.ID+".next"), c.led.usd(r.watch.ID+".was"))
	}
	return s + fmt.Sprintf("; next best is %s at %s a month", c.led.name(r.is.Next.Option), c.led.usd(r.watch.ID+".next"))
}

// summary gives the reason for the first move, then the other moves and the market, as far as the words reach.
func (c *composer) summary(title string) string {
	left := maxWords - len(strings.Fields(title))
	var parts []string
	add := func(s string) {
		if n := len(strings.Fields(s)); s != "" && n <= left {
			parts, left = append(parts, s), left-n
		}
	}
	for i, r := range c.rows {
		if !r.move.Any() {
			break
		}
		if i > 0 {
			add(upper(c.told(r)) + ".")
		} else if why := c.why(r); why != "" && len(r.move.Ends) == 0 { // an end is its own reason
			add("The reason: " + why + ".")
		}
	}
	if len(c.rows) > 0 && !c.in.Alone {
		add(c.marketSentence("On the price lists "))
	}
	return strings.Join(parts, " ")
}

// marketSentence counts what moved on the market: "3 models got cheaper and 1 dearer; 12 are new, 2 gone."
func (c *composer) marketSentence(lead string) string {
	m := &c.market
	var parts []string
	switch down, up := c.led.facts["movers.down"], c.led.facts["movers.up"]; {
	case down > 0 && up > 0:
		parts = append(parts, c.plural("movers.down", "model")+" got cheaper and "+c.led.count("movers.up")+" dearer")
	case down > 0:
		parts = append(parts, c.plural("movers.down", "model")+" got cheaper and none dearer")
	case up > 0:
		parts = append(parts, c.plural("movers.up", "model")+" got dearer and none cheaper")
	}
	if len(m.fresh) > 0 {
		parts = append(parts, c.led.count("fresh")+isOrAre(len(m.fresh))+"new")
	}
	if len(m.ended) > 0 {
		parts = append(parts, c.led.count("ended")+isOrAre(len(m.ended))+"gone")
	}
	if len(parts) == 0 {
		return ""
	}
	return upper(lead + strings.Join(parts, "; ") + ".")
}

func isOrAre(n int) string {
	if n == 1 {
		return " is "
	}
	return " are "
}

func (c *composer) countOr0(fact string) string {
	if c.led.facts[fact] == 0 {
		return "none"
	}
	return c.led.count(fact)
}

func (c *composer) plural(fact, noun string) string {
	switch c.led.facts[fact] {
	case 0:
		return "no " + noun
	case 1:
		return c.led.count(fact) + " " + noun
	}
	return c.led.count(fact) + " " + noun + "s"
}

// upper begins a sentence; a scenario's name stays as its owner wrote it.
func upper(s string) string {
	if strings.HasPrefix(s, "nothing ") || strings.HasPrefix(s, "no ") {
		return strings.ToUpper(s[:1]) + s[1:]
	}
	return s
}

// why names the change that a scenario's move comes from; "" where it is none of those that are told.
func (c *composer) why(r scenario) string {
	if r.watch.Told.OptionID != "" && r.is.OfferID != r.was.OfferID {
		if s := c.whyLeft(r); s != "" {
			return s
		}
	}
	if s := c.whyPrice(r); s != "" {
		return s
	}
	for _, a := range c.market.fresh {
		if a.model != "" && a.model == r.is.ModelID && a.model != r.was.ModelID {
			return c.led.name(a.name) + " is new"
		}
	}
	if s := c.whyRental(r); s != "" {
		return s
	}
	return c.whySource(r)
}

// whyPrice names the list price that moved, of the offer itself or of the one at whose price it is sold.
func (c *composer) whyPrice(r scenario) string {
	for _, m := range c.market.movers {
		mine := func(id string) bool { return m.offerID == id || m.offerID == pricedAs(id) }
		if m.offerID == "" || !mine(r.is.OfferID) && !mine(r.was.OfferID) {
			continue
		}
		field := "input"
		if p, ok := m.prices["output"]; ok && (len(m.prices) == 1 || math.Abs(p.share()) > math.Abs(m.prices["input"].share())) {
			field = "output"
		}
		id := m.id + "." + field
		s := fmt.Sprintf("%s %s went from %s to %s %s", c.led.name(m.name), field, c.led.price(id+".was"), c.led.price(id+".now"), c.led.name("per 1M tokens"))
		if o, ok := c.in.New.Offer(r.is.OfferID); ok && o.ID != m.offerID && pricedAs(o.ID) == m.offerID {
			s += ", and " + o.Provider + " sells at that price"
		}
		return s
	}
	return ""
}

// whyLeft says what became of the offer that the scenario stood on.
func (c *composer) whyLeft(r scenario) string {
	for _, e := range r.is.Ends {
		if e.ID != r.was.OfferID {
			continue
		}
		if e.Date.IsZero() {
			return c.led.name(e.Name) + " is deprecated"
		}
		return c.led.name(e.Name) + " ends on " + c.date(e.Date)
	}
	if r.was.OfferID == "" {
		return ""
	}
	_, api := c.in.New.Offer(r.was.OfferID)
	_, gpu := c.in.New.GPUOffer(r.was.OfferID)
	if !api && !gpu {
		return c.led.name(r.was.Option) + " is no longer offered"
	}
	return ""
}

func (c *composer) whyRental(r scenario) string {
	if r.is.Path != advisor.PathSelfHost && r.was.Path != advisor.PathSelfHost {
		return ""
	}
	for _, id := range []string{r.is.OfferID, r.was.OfferID} {
		o, ok := c.in.New.GPUOffer(id)
		if !ok {
			continue
		}
		for _, m := range c.market.rentals {
			if m.accelerator == o.Accelerator {
				f := "rental." + m.accelerator
				return fmt.Sprintf("%s rental went from %s to %s an hour", c.led.name(c.gpu(m.accelerator)), c.led.price(f+".was"), c.led.price(f+".now"))
			}
		}
	}
	return ""
}

// whySource says where an offer is priced from another source than before, which no price list shows as a change.
func (c *composer) whySource(r scenario) string {
	then, ok1 := c.in.Old.Offer(r.is.OfferID)
	now, ok2 := c.in.New.Offer(r.is.OfferID)
	if !ok1 || !ok2 || then.Source.ID == now.Source.ID {
		return ""
	}
	return fmt.Sprintf("%s is now priced from %s", c.led.name(r.is.Option), c.led.name(now.Source.ID))
}

func (c *composer) gpu(id string) string {
	if a, ok := c.in.New.Accelerator(id); ok {
		return a.Name
	}
	return id
}
