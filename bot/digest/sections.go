package digest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/llmadvise/llmadvise/advisor"
	"github.com/llmadvise/llmadvise/advisor/catalog"
	"github.com/llmadvise/llmadvise/advisor/report"
)

func (c *composer) sections(trouble string) []report.Section {
	var out []report.Section
	add := func(s report.Section, ok bool) {
		if ok {
			out = append(out, s)
		}
	}
	add(c.scenarioSection())
	add(c.chartSection())
	add(c.moverSection())
	add(c.rentalSection())
	add(c.modelSection())
	add(c.feedSection(trouble))
	add(c.tipSection())
	return out
}

func (c *composer) scenarioSection() (report.Section, bool) {
	if len(c.rows) == 0 {
		return report.Section{}, false
	}
	t := &report.Table{
		Caption: "Your scenarios", Header: []string{"Scenario", "Last told", "Now", "Why"},
		Numeric: []bool{false, false, false, false}, Mark: -1,
	}
	if c.rows[0].move.Any() {
		t.Mark = 0
	}
	for _, r := range c.rows {
		why := "no change"
		if r.move.Any() {
			if why = c.why(r); why == "" {
				why = "several small moves"
			}
		}
		t.Rows = append(t.Rows, []string{c.led.name(r.watch.Name), c.cell(r.was, r.watch.ID), c.cell(r.is, r.watch.ID), why})
	}
	return report.Section{Kind: KindScenarios, Table: t}, true
}

func (c *composer) cell(s Standing, id string) string {
	if s.OptionID == "" {
		return "nothing qualifies"
	}
	return c.led.name(s.Option) + ", " + c.led.usd(s.Monthly, id) + " a month"
}

// chartSection draws each scenario's monthly cost over the digests so far.
func (c *composer) chartSection() (report.Section, bool) {
	const most = 6
	var periods []string
	seen := map[Period]bool{}
	for _, r := range c.rows {
		for _, p := range r.watch.History {
			if !seen[p.Period] {
				seen[p.Period] = true
				periods = append(periods, day(p.Period))
			}
		}
	}
	slices.Sort(periods)
	now := day(c.in.Period)
	if len(periods) == 0 || len(c.rows) == 0 {
		return report.Section{}, false
	}
	chart := &report.Chart{Title: "Monthly cost of your scenarios", XTitle: "digest", YTitle: "USD a month", Categories: append(periods, now)}
	var told []string
	for _, r := range c.rows[:min(most, len(c.rows))] {
		if len(r.watch.History) != len(periods) || r.is.OptionID == "" {
			continue // saved later than the others: a line needs every point
		}
		s := report.Series{Name: r.watch.Name}
		for _, p := range r.watch.History {
			s.Values = append(s.Values, p.Monthly)
		}
		s.Values = append(s.Values, r.is.Monthly)
		chart.Series = append(chart.Series, s)
		told = append(told, r.watch.Name)
	}
	if len(chart.Series) == 0 {
		return report.Section{}, false
	}
	chart.Alt = "Monthly cost of " + strings.Join(told, ", ") + " from digest to digest"
	return report.Section{Kind: report.KindChart, Chart: chart}, true
}

func day(p Period) string { return strings.SplitN(string(p), "T", 2)[0] }

func (c *composer) moverSection() (report.Section, bool) {
	ms := c.market.movers
	if len(ms) == 0 {
		return report.Section{}, false
	}
	t := &report.Table{
		Caption: c.led.name("Movers, USD per 1M tokens"), Header: []string{"Model", "Price", "From", "To", "Change", "Touches"},
		Numeric: []bool{false, false, true, true, true, false}, Mark: -1,
	}
	for _, m := range ms[:min(maxMovers, len(ms))] {
		touches := "-"
		if len(m.touches) > 0 {
			touches = c.led.name(strings.Join(m.touches, ", "))
		}
		id := m.offer.ID + "." + m.field
		t.Rows = append(t.Rows, []string{
			c.offerName(m.offer), m.field, c.led.price(m.was, id), c.led.price(m.is, id), c.led.percent(m.was, m.is, "down", "up", id), touches,
		})
	}
	s := report.Section{Kind: KindMovers, Table: t}
	if rest := len(ms) - maxMovers; rest > 0 {
		s.Lines = []report.Line{{Text: fmt.Sprintf("And %s more.", c.led.count(rest, "movers left out"))}}
	}
	return s, true
}

func (c *composer) rentalSection() (report.Section, bool) {
	rs := c.market.rentals
	if len(rs) == 0 {
		return report.Section{}, false
	}
	t := &report.Table{
		Caption: "GPU rental, median on demand per GPU-hour", Header: []string{"GPU", "From", "To", "Change", "Offers"},
		Numeric: []bool{false, true, true, true, true}, Mark: -1,
	}
	for _, r := range rs[:min(maxRental, len(rs))] {
		id := "rental." + r.accelerator
		t.Rows = append(t.Rows, []string{
			c.led.name(r.accelerator), c.led.price(r.was, id), c.led.price(r.is, id), c.led.percent(r.was, r.is, "down", "up", id), c.led.count(r.offers, id),
		})
	}
	return report.Section{Kind: KindRental, Table: t}, true
}

func (c *composer) modelSection() (report.Section, bool) {
	var lines []report.Line
	for _, l := range []struct {
		label  string
		offers []catalog.Offer
	}{{"New", c.market.fresh}, {"Retired or ending", c.market.ended}} {
		if len(l.offers) == 0 {
			continue
		}
		var names []string
		for _, o := range l.offers[:min(maxModels, len(l.offers))] {
			n := c.offerName(o)
			if !o.EndOfLife.IsZero() {
				n += " (until " + c.led.date(o.EndOfLife.String()) + ")"
			}
			names = append(names, n)
		}
		text := strings.Join(names, ", ")
		if rest := len(l.offers) - maxModels; rest > 0 {
			text += fmt.Sprintf(", and %s more", c.led.count(rest, l.label))
		}
		lines = append(lines, report.Line{Label: l.label, Text: text})
	}
	return report.Section{Kind: KindModels, Title: "Models", Lines: lines}, len(lines) > 0
}

// trouble sums up feeds that failed or were not believed; "" where all is well.
func (c *composer) trouble() string {
	var parts []string
	for _, f := range c.in.Feeds {
		switch n := len(f.Quarantined); {
		case f.Problem != "":
			parts = append(parts, c.led.name(f.Name)+" failed ("+c.led.name(f.Problem)+"); its last good prices stay")
		case n == 1:
			parts = append(parts, fmt.Sprintf("%s: %s price was not believed and the old one kept", c.led.name(f.Name), c.led.count(n, f.Name)))
		case n > 1:
			parts = append(parts, fmt.Sprintf("%s: %s prices were not believed and the old ones kept", c.led.name(f.Name), c.led.count(n, f.Name)))
		}
	}
	return strings.Join(parts, "; ")
}

func (c *composer) feedSection(trouble string) (report.Section, bool) {
	if len(c.in.Feeds) == 0 {
		return report.Section{}, false
	}
	good := 0
	for _, f := range c.in.Feeds {
		if f.Problem == "" {
			good++
		}
	}
	text := fmt.Sprintf("%s of %s fresh", c.led.count(good, "feeds"), c.led.count(len(c.in.Feeds), "feeds"))
	if trouble != "" {
		text += "; " + trouble
	}
	return report.Section{Kind: KindFeeds, Lines: []report.Line{{Label: "Feeds", Text: text + "."}}}, true
}

// tipSection gives the one rule of the framework that fits what changed.
func (c *composer) tipSection() (report.Section, bool) {
	return report.Section{Kind: KindTip, Lines: []report.Line{{Label: "Worth knowing", Text: c.tip()}}}, len(c.rows) > 0
}

func (c *composer) tip() string {
	for _, r := range c.rows {
		switch {
		case r.move.Flipped && r.is.Path == advisor.PathSelfHost:
			return "self-hosting pays once labour is counted too: a quarter of an engineer often costs more than the GPUs."
		case r.move.Flipped && r.is.Path == advisor.PathHostedOpen:
			return "hosted open weights keep the way to self-hosting open: the same model can move to your own GPUs later."
		case r.move.Flipped:
			return "before you switch, run your own evaluation set on both models: a cheaper token can need more of them."
		case r.move.Ends:
			return "a model with an end date needs a successor that was tested before, not after, it is switched off."
		}
	}
	if len(c.market.rentals) > 0 {
		return "a rented GPU costs the same idle or busy: a lower hourly rate moves the break-even less than better use of the card."
	}
	return "a lower list price matters where your own mix of input, cached input and output tokens meets it: compare effective prices."
}
