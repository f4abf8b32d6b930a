package digest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/llmadvise/llmadvise/advisor/pricing"
	"github.com/llmadvise/llmadvise/advisor/report"
)

func (c *composer) sections() (out []report.Section, tip string) {
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
	add(c.feedSection())
	s, tip := c.tipSection()
	add(s, tip != "")
	return out, tip
}

func (c *composer) scenarioSection() (report.Section, bool) {
	if len(c.rows) == 0 {
		return report.Section{}, false
	}
	t := &report.Table{
		Caption: "Your scenarios, cost a month", Header: []string{"Scenario", "Last told", "Now", "Why"},
		Numeric: []bool{false, false, false, false}, Mark: -1,
	}
	if c.rows[0].move.Any() {
		t.Mark = 0
	}
	for _, r := range c.rows {
		t.Rows = append(t.Rows, []string{c.led.name(r.watch.Name), c.cell(r.was, r.watch.ID+".was"), c.now(r), c.because(r)})
	}
	return report.Section{Kind: KindScenarios, Table: t}, true
}

func (c *composer) cell(s Standing, fact string) string {
	if s.OptionID == "" {
		return "nothing qualifies"
	}
	return c.led.name(s.Option) + ", " + c.led.usd(fact)
}

// now leaves the option out where it is the one that was told.
func (c *composer) now(r scenario) string {
	if r.is.OptionID != "" && r.is.OptionID == r.was.OptionID {
		return "same option, " + c.led.usd(r.watch.ID+".now")
	}
	return c.cell(r.is, r.watch.ID+".now")
}

// because says why a scenario moved, or how near it is to moving.
func (c *composer) because(r scenario) string {
	id := r.watch.ID
	var s string
	switch {
	case r.move.Any():
		if s = c.why(r); s == "" {
			s = "several small moves"
		}
	case r.is.Monthly != r.was.Monthly:
		s = "moved by less than your threshold"
	default:
		s = "no change"
	}
	s += c.disbelieved(r)
	if l := r.is.Lead; l != nil {
		return s + fmt.Sprintf("; %s is ahead by %s a month, which is under your threshold", c.led.name(l.Option), c.led.usd(id+".ahead"))
	}
	if n := r.is.Runner; n != nil && !r.move.Any() {
		s += "; runner-up " + c.led.name(n.Option) + ", " + c.led.usd(id+".runner")
	}
	return s
}

// disbelieved says that a price of what the scenario stands on, before or now, was not believed.
func (c *composer) disbelieved(r scenario) string {
	var s string
	for i, d := range c.market.doubts {
		mine := func(id string) bool { return id != "" && (id == d.offerID || pricedAs(id) == d.offerID) }
		if d.offerID == "" || !mine(r.is.OfferID) && !mine(r.was.OfferID) {
			continue
		}
		s += "; " + strings.ReplaceAll(d.field, "_", " ") + " price not believed"
		if isNumber(d.Old) && isNumber(d.New) && d.Unit == string(pricing.PerMTok) {
			id := "doubt." + strconv.Itoa(i)
			s += ": " + c.led.price(id+".old") + " to " + c.led.price(id+".new")
		}
	}
	return s
}

// chartSection draws each scenario's monthly cost over the digests so far.
func (c *composer) chartSection() (report.Section, bool) {
	const most = 6
	var days []string
	for _, r := range c.rows {
		for _, p := range r.watch.History {
			if d := day(p.Period); !slices.Contains(days, d) {
				days = append(days, d)
			}
		}
	}
	slices.Sort(days)
	now := day(c.in.Period)
	days = slices.DeleteFunc(days, func(d string) bool { return d >= now })
	if len(days) == 0 {
		return report.Section{}, false
	}
	chart := &report.Chart{Title: "Monthly cost of your scenarios", XTitle: "digest", YTitle: "USD a month", Categories: labels(append(slices.Clone(days), now))}
	var told []string
	for _, r := range c.rows[:min(most, len(c.rows))] {
		values, ok := line(r.watch.History, days)
		if !ok || r.is.OptionID == "" {
			continue
		}
		chart.Series = append(chart.Series, report.Series{Name: r.watch.Name, Values: append(values, r.is.Monthly)})
		told = append(told, r.watch.Name)
	}
	if len(chart.Series) == 0 {
		return report.Section{}, false
	}
	chart.Alt = "Monthly cost of " + strings.Join(told, ", ") + " from digest to digest"
	return report.Section{Kind: report.KindChart, Chart: chart}, true
}

// line gives every day its figure: between two digests the last one holds. A scenario that was saved later than the
// first day has none for it and is left out.
func line(h []Point, days []string) ([]float64, bool) {
	out := make([]float64, len(days))
	for i, d := range days {
		found := false
		for _, p := range h {
			if day(p.Period) <= d {
				out[i], found = p.Monthly, true
			}
		}
		if !found {
			return nil, false
		}
	}
	return out, true
}

// labels writes days as a chart has room for: "27 Jul".
func labels(days []string) []string {
	out := make([]string, len(days))
	for i, d := range days {
		out[i] = d
		if t, err := time.Parse(time.DateOnly, d); err == nil {
			out[i] = t.Format("2 Jan")
		}
	}
	return out
}

func day(p Period) string { return strings.SplitN(string(p), "T", 2)[0] }

func (c *composer) moverSection() (report.Section, bool) {
	ms := c.market.movers
	if len(ms) == 0 {
		return report.Section{}, false
	}
	t := &report.Table{
		Caption: c.led.name("Price moves, USD per 1M tokens"), Header: []string{"Model", "Input", "Output", "Touches"},
		Numeric: []bool{false, false, false, false}, Mark: -1,
	}
	for _, m := range ms[:min(maxMovers, len(ms))] {
		touches := "-"
		if len(m.touches) > 0 {
			touches = c.led.name(strings.Join(m.touches, ", "))
		}
		t.Rows = append(t.Rows, []string{c.led.name(m.name), c.priceMove(m, "input"), c.priceMove(m, "output"), touches})
	}
	s := report.Section{Kind: KindMovers, Table: t}
	if len(ms) > maxMovers {
		s.Lines = []report.Line{{Text: c.plural("movers", "model") + " changed price: yours first, then the largest moves."}}
	}
	return s, true
}

func (c *composer) priceMove(m mover, field string) string {
	if _, moved := m.prices[field]; !moved {
		return "same"
	}
	id := m.id + "." + field
	return c.led.price(id+".was") + " → " + c.led.price(id+".now") + " (" + c.led.signed(id) + ")"
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
			c.led.name(c.gpu(r.accelerator)), c.led.price(id + ".was"), c.led.price(id + ".now"), c.led.signed(id), c.led.count(id + ".offers"),
		})
	}
	return report.Section{Kind: KindRental, Table: t}, true
}

func (c *composer) modelSection() (report.Section, bool) {
	var lines []report.Line
	if l := c.market.fresh; len(l) > 0 {
		lines = append(lines, report.Line{Label: "New", Text: c.arrivals("fresh", l) + c.weighed() + "."})
	}
	if l := c.market.ended; len(l) > 0 {
		lines = append(lines, report.Line{Label: "Gone from the lists", Text: c.arrivals("ended", l) + c.noneUsed(l) + "."})
	}
	return report.Section{Kind: KindModels, Title: "Models", Lines: lines}, len(lines) > 0
}

// arrivals names the models that most providers list, with the lowest price of each, and counts the others.
func (c *composer) arrivals(kind string, list []arrival) string {
	var names []string
	for _, a := range list[:min(maxModels, len(list))] {
		n := c.led.name(a.name)
		id := kind + "." + a.id
		if kind == "fresh" && len(a.prices) == 2 {
			n += " (" + c.led.price(id+".input") + " in, " + c.led.price(id+".output") + " out)"
		}
		names = append(names, n)
	}
	s := strings.Join(names, ", ")
	if rest := len(list) - maxModels; rest > 0 {
		s += fmt.Sprintf(", and %s more", c.led.more(kind, maxModels))
	}
	return s
}

// weighed says how many of the new models the engine knows: the others have a price, and no measure of what they can do.
func (c *composer) weighed() string {
	switch {
	case len(c.rows) == 0 || c.led.facts["fresh"] == c.led.facts["fresh.known"]:
		return ""
	case c.led.facts["fresh.known"] == 0:
		return "; not weighed for your scenarios until it is known what they can do"
	}
	return "; " + c.led.count("fresh.known") + " of them are weighed for your scenarios, the others once it is known what they can do"
}

func (c *composer) noneUsed(list []arrival) string {
	for _, a := range list {
		if names, _ := c.touches(a.listing); len(names) > 0 {
			return "; " + c.led.name(a.name) + " concerns " + c.led.name(strings.Join(names, ", "))
		}
	}
	if len(c.rows) == 0 {
		return ""
	}
	return "; none that your scenarios stand on"
}

func (c *composer) feedSection() (report.Section, bool) {
	if len(c.health) == 0 {
		return report.Section{}, false
	}
	parts := []string{c.countOr0("feeds.fresh") + " of " + c.led.count("feeds") + " fresh"}
	for _, h := range c.health {
		switch {
		case h.Name == RehearsalFeed:
			parts[0] = "made-up prices of the demo"
		case h.Problem != "" && h.Known:
			parts = append(parts, c.led.name(h.Name)+" still fails")
		case h.Problem != "":
			parts = append(parts, c.led.name(h.Name)+" failed ("+c.led.name(h.Problem)+"); its last good prices stay")
		}
	}
	if len(c.market.doubts) > 0 {
		parts = append(parts, c.doubtText())
	}
	return report.Section{Kind: KindFeeds, Lines: []report.Line{{Label: "Feeds", Text: strings.Join(parts, "; ") + "."}}}, true
}

// doubtText says which prices were not believed, and why.
func (c *composer) doubtText() string {
	s := c.plural("doubts", "price") + " not believed, old ones kept: "
	var shown []string
	for i, d := range c.market.doubts[:min(maxDoubts, len(c.market.doubts))] {
		id := "doubt." + strconv.Itoa(i)
		t := c.led.name(d.name) + " " + strings.ReplaceAll(d.field, "_", " ")
		if isNumber(d.Old) && isNumber(d.New) && d.Unit == string(pricing.PerMTok) {
			t += " " + c.led.price(id+".old") + " → " + c.led.price(id+".new")
		} else {
			t += " (" + c.led.name(d.Why) + ")"
		}
		shown = append(shown, t)
	}
	s += strings.Join(shown, ", ")
	if rest := len(c.market.doubts) - maxDoubts; rest > 0 {
		s += ", and " + c.led.more("doubts", maxDoubts) + " more"
	}
	return s
}

func isNumber(v any) bool { _, ok := v.(float64); return ok }
