package report

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/llmadvise/llmadvise/advisor"
	"github.com/llmadvise/llmadvise/advisor/quantity"
)

// shortRows is how many options the short table compares.
const shortRows = 6

// reference is the model that the article measures everything by.
const reference = "gpt-4.1"

// FromAdvice words an advice as a neutral document, the answer first. Folded sections are the ones behind a button or a flag;
// what stands unfolded is the card.
func FromAdvice(a advisor.Advice) Document {
	d := Document{Title: a.Recommendation.Summary, Summary: a.Recommendation.Reason, Footer: footer(&a)}
	add := func(s *Section) {
		if s != nil {
			d.Sections = append(d.Sections, *s)
		}
	}
	add(inputs(&a))
	add(options(&a))
	add(chart(&a))
	add(machines(&a))
	add(breakEven(&a))
	shown, more := foldLines(flips(&a), 2, "What else would turn the answer")
	add(shown)
	add(disagreement(&a))
	shown, moreWarnings := foldLines(warnings(&a), min(2, mostLines-d.unfolded()), "Before you commit, further")
	add(shown)
	add(breakEvenDetails(&a))
	add(more)
	add(moreWarnings)
	add(allOptions(&a))
	add(costs(&a))
	add(hardware(&a))
	add(qualities(&a))
	add(assumptions(&a))
	add(draws(&a))
	add(sensitivity(&a))
	add(framework(&a))
	add(compliance(&a))
	add(article(&a))
	add(trace(&a))
	add(sources(&a))
	return d
}

// mostLines of text stand before the fold; tables and charts are no text.
const mostLines = 12

// unfolded is how many lines of text stand before the fold so far, the footer included.
func (d *Document) unfolded() int {
	n := 2 // the title and the footer
	if d.Summary != "" {
		n++
	}
	for i := range d.Sections {
		if !d.Sections[i].Folded {
			n += len(d.Sections[i].Lines)
		}
	}
	return n
}

// optionByID returns an option of the advice; nil where there is none.
func optionByID(a *advisor.Advice, id string) *advisor.Option {
	for i := range a.Options {
		if a.Options[i].ID == id {
			return &a.Options[i]
		}
	}
	return nil
}

func optionName(a *advisor.Advice, id string) string {
	if o := optionByID(a, id); o != nil {
		return shortName(a, o)
	}
	return id
}

// inputs sets what was said apart from what was assumed.
func inputs(a *advisor.Advice) *Section {
	s := &Section{Kind: KindInputs, Title: "Inputs"}
	if said := saidWords(a); len(said) > 0 {
		s.Lines = append(s.Lines, Line{Label: "You said", Text: strings.Join(said, ", ") + "."})
	}
	var assumed []string
	for _, x := range a.Assumptions {
		if shortAssumption(x.Field) {
			assumed = append(assumed, x.Value)
		}
	}
	if len(assumed) > 0 {
		s.Lines = append(s.Lines, Line{Label: "Assumed", Text: strings.Join(assumed, ", ") + "."})
	}
	if n := a.Workload.NotUnderstood; len(n) > 0 {
		s.Lines = append(s.Lines, Line{Label: "Not understood", Text: quoteAll(n) + "."})
	}
	for _, doubt := range a.Workload.Doubts {
		s.Lines = append(s.Lines, Line{Label: "Please check", Text: doubt})
	}
	if len(s.Lines) == 0 {
		return nil
	}
	return s
}

// shortAssumption reports whether an assumption belongs on the card; the rest stands in the long list.
func shortAssumption(f advisor.Field) bool {
	switch f {
	case advisor.FieldCached, advisor.FieldNoEgress, advisor.FieldHorizon, advisor.FieldGrowth, advisor.FieldReasoning:
		return false
	}
	return true
}

func quoteAll(words []string) string {
	q := make([]string, len(words))
	for i, w := range words {
		q[i] = "\"" + w + "\""
	}
	return strings.Join(q, ", ")
}

// options is the table to compare: the recommended one and the best of each other way, then the references.
func options(a *advisor.Advice) *Section {
	if len(a.Options) == 0 {
		return nil
	}
	return &Section{Kind: KindOptions, Title: "Options", Table: optionTable(a, shortList(a))}
}

// allOptions is the long table.
func allOptions(a *advisor.Advice) *Section {
	if len(a.Options) <= shortRows {
		return nil
	}
	all := make([]*advisor.Option, len(a.Options))
	for i := range a.Options {
		all[i] = &a.Options[i]
	}
	return &Section{Kind: KindAllOptions, Title: "All options kept", Table: optionTable(a, all), Folded: true}
}

// shortList takes what a reader expects to compare: the recommended option, what is in use today and the runner-up, where no data may leave the best to buy
// and the best to rent, the API that everybody knows, the cheapest to run, the nearest self-hosted one, then the best of each way left; in the order of the ranking.
func shortList(a *advisor.Advice) []*advisor.Option {
	pick := map[string]bool{}
	first := func(want func(*advisor.Option) bool) {
		for i := range a.Options {
			if o := &a.Options[i]; want(o) && (pick[o.ID] || len(pick) < shortRows) {
				pick[o.ID] = true
				return
			}
		}
	}
	first(func(o *advisor.Option) bool { return o.ID == a.Recommendation.Option })
	first(func(o *advisor.Option) bool { return o.Today })
	first(func(o *advisor.Option) bool { return o.ID == a.Recommendation.RunnerUp })
	if inside := a.Workload.NoDataLeaves; inside != nil && *inside { // whether rented machines are inside is the reader's to say
		for _, owned := range []bool{true, false} {
			first(func(o *advisor.Option) bool {
				return o.Feasible && o.Path == advisor.PathSelfHost && (o.OfferID == "") == owned
			})
		}
	}
	first(func(o *advisor.Option) bool { return o.ModelID == reference && o.Path == advisor.PathAPI })
	if o := cheapest(a); o != nil {
		first(func(c *advisor.Option) bool { return c.ID == o.ID })
	}
	for _, p := range []advisor.Path{advisor.PathSelfHost, advisor.PathHostedOpen, advisor.PathAPI, advisor.PathHybrid} {
		if asked := nearestAsked(a, p); asked != nil {
			first(func(o *advisor.Option) bool { return o == asked })
			continue
		}
		first(func(o *advisor.Option) bool { return o.Path == p })
	}
	for range a.Options {
		first(func(o *advisor.Option) bool { return !pick[o.ID] })
	}
	var out []*advisor.Option
	for i := range a.Options {
		if pick[a.Options[i].ID] {
			out = append(out, &a.Options[i])
		}
	}
	return out
}

// nearestAsked is the first option of a path with a model that the request names, on an accelerator that it names if there is one; nil where it names none
// or such an option is not there. Where nothing of it qualifies, that is what a reader wants to see.
func nearestAsked(a *advisor.Advice, p advisor.Path) *advisor.Option {
	w := &a.Workload
	var best *advisor.Option
	for i := range a.Options {
		o := &a.Options[i]
		if o.Path != p || !slices.Contains(w.Models, o.ModelID) {
			continue
		}
		if len(w.GPUs) == 0 || o.GPU == "" || slices.Contains(w.GPUs, o.GPU) {
			return o
		}
		if best == nil {
			best = o
		}
	}
	return best
}

// cheapest is the feasible option with the least to pay a month, people left out; nil where none is feasible.
func cheapest(a *advisor.Advice) *advisor.Option {
	var best *advisor.Option
	for i := range a.Options {
		if o := &a.Options[i]; o.Feasible && (best == nil || o.Monthly.Mid < best.Monthly.Mid) {
			best = o
		}
	}
	return best
}

func optionTable(a *advisor.Advice, list []*advisor.Option) *Table {
	t := &Table{
		Header:  []string{"Option", "A month, run cost", fmt.Sprintf("%d months, all in", a.Workload.HorizonMonths), "p95", "People", meetsHeader(a)},
		Numeric: []bool{false, true, true, true, false, false},
		Mark:    -1,
	}
	for i, o := range list {
		if o.ID == a.Recommendation.Option {
			t.Mark = i
		}
		p95 := "-"
		if o.Latency != nil {
			p95 = between(quantity.Seconds(o.Latency.Lo), quantity.Seconds(o.Latency.Hi))
		}
		t.Rows = append(t.Rows, []string{shortName(a, o), dollars(o.Monthly), dollars(o.TCO), p95, peopleCell(o), verdict(a, o)})
	}
	return t
}

// peopleCell is the people needed, as short as a table wants it.
func peopleCell(o *advisor.Option) string {
	s := strings.TrimPrefix(o.PeopleNeeded, "about ")
	s = strings.Replace(s, " to integrate", "", 1)
	return strings.Replace(s, ", and a router to keep", " + router", 1)
}

// dollars writes an amount for a table: two significant figures where the interval is wide, never more than three.
func dollars(e quantity.Estimate) string {
	e.Mid = quantity.RoundSig(e.Mid, 3)
	return e.Short(quantity.UnitUSD)
}

func meetsHeader(a *advisor.Advice) string {
	if len(a.Workload.Compliance) == 0 {
		return "Fits"
	}
	var codes []string
	for _, r := range a.Workload.Compliance {
		codes = append(codes, string(r))
	}
	return strings.Join(codes, ", ")
}

// between writes a range, with the unit once where both ends have the same: "2.4-8.7 s", "530 ms-2.7 s".
func between(lo, hi string) string {
	number, unit, _ := strings.Cut(lo, " ")
	if strings.HasSuffix(hi, " "+unit) {
		lo = number
	}
	return lo + "-" + hi
}

func chart(a *advisor.Advice) *Section {
	if len(a.Curve) == 0 {
		return nil
	}
	c := &Chart{Title: "Monthly cost against volume, people included", XTitle: "queries a month", YTitle: "USD a month"}
	at := map[string]int{}
	for _, p := range a.Curve {
		label := quantity.Count(quantity.RoundSig(p.QueriesPerMonth, 2))
		if p.Option == a.Curve[0].Option {
			c.Categories = append(c.Categories, label)
		}
		i, ok := at[p.Option]
		if !ok {
			i = len(c.Series)
			at[p.Option] = i
			c.Series = append(c.Series, Series{Name: optionName(a, p.Option)})
		}
		c.Series[i].Values = append(c.Series[i].Values, math.Round(p.USD*100)/100)
	}
	c.Alt = chartAlt(a)
	return &Section{Kind: KindChart, Title: c.Title, Chart: c}
}

func chartAlt(a *advisor.Advice) string {
	s := fmt.Sprintf("Monthly cost by volume; yours is %s", volumeWords(&a.Workload))
	if len(a.BreakEven) > 0 && a.BreakEven[0].QueriesPerMonth != nil {
		s += fmt.Sprintf(", self-hosting breaks even at %s", quantity.About(*a.BreakEven[0].QueriesPerMonth))
	}
	return s + "."
}

// foldLines keeps the first n lines of a section in sight and puts the others into one of their own, behind a button.
func foldLines(s *Section, n int, title string) (shown, rest *Section) {
	if s == nil || len(s.Lines) <= n {
		return s, nil
	}
	if n <= 0 {
		s.Title, s.Folded = title, true
		return s, nil
	}
	rest = &Section{Kind: s.Kind, Title: title, Lines: s.Lines[n:], Folded: true}
	s.Lines = s.Lines[:n:n]
	return s, rest
}

// breakEven says in a line from what volume self-hosting costs less than each API.
func breakEven(a *advisor.Advice) *Section {
	var parts, never []string
	for i := range a.BreakEven {
		b := &a.BreakEven[i]
		if b.QueriesPerMonth == nil {
			never = append(never, optionName(a, b.API))
			continue
		}
		part := quantity.About(*b.QueriesPerMonth)
		if len(parts) == 0 {
			part += " queries a month"
		}
		parts = append(parts, part+" against "+optionName(a, b.API))
	}
	if len(never) > 0 {
		parts = append(parts, "never against "+advisor.List(never, "or"))
	}
	if len(parts) == 0 {
		return nil
	}
	return &Section{Kind: KindBreakEven, Title: "Break-even of self-hosting, people included, set-up not", Lines: []Line{{Text: sentence(strings.Join(parts, "; "))}}}
}

// breakEvenDetails adds the hardware, the month and the notes to each break-even.
func breakEvenDetails(a *advisor.Advice) *Section {
	s := &Section{Kind: KindBreakEven, Title: "Each break-even", Folded: true}
	var never []string
	for i := range a.BreakEven {
		b := &a.BreakEven[i]
		if b.QueriesPerMonth == nil {
			never = append(never, optionName(a, b.API))
			continue
		}
		s.Lines = append(s.Lines, Line{Text: breakEvenLine(a, b), Strong: i == 0})
	}
	if len(never) > 0 {
		s.Lines = append(s.Lines, Line{Text: "Never against " + advisor.List(never, "or") + ": each further machine costs more than the calls that it saves."})
	}
	if len(s.Lines) == 0 {
		return nil
	}
	return s
}

func breakEvenLine(a *advisor.Advice, b *advisor.BreakEven) string {
	self, api := optionName(a, b.Self), optionName(a, b.API)
	if o := optionByID(a, b.Self); o != nil && b.GPUs > 0 && b.GPUs != o.GPUs {
		self += fmt.Sprintf(", %d of them by then", b.GPUs)
	}
	s := fmt.Sprintf("Against %s: %s queries a month (%s)", api, quantity.About(*b.QueriesPerMonth), self)
	if b.Month != nil {
		s += fmt.Sprintf("; at your volume set-up is earned back in month %s", quantity.Format(math.Ceil(*b.Month), quantity.UnitNone))
	} else {
		s += "; at your volume set-up is never earned back"
	}
	if b.Note != "" {
		s += "; " + b.Note
	}
	return s + "."
}

func flips(a *advisor.Advice) *Section {
	s := &Section{Kind: KindFlips, Title: "What would turn the answer"}
	if r := a.Recommendation.Relax; r != "" { // first, since nothing else helps
		s.Lines = append(s.Lines, Line{Label: "To relax", Text: sentence(r), Strong: true})
	}
	for _, f := range a.Flips {
		s.Lines = append(s.Lines, Line{Text: sentence(f.Text)})
	}
	if r := a.Recommendation; r.RunnerUp != "" {
		s.Lines = append(s.Lines, Line{Label: "Runner-up", Text: optionName(a, r.RunnerUp) + ", which wins " + winsWhen(r.RunnerUpWins) + "."})
	}
	if len(s.Lines) == 0 {
		return nil
	}
	return s
}

func winsWhen(s string) string {
	for _, p := range []string{"above", "below", "if"} {
		if strings.HasPrefix(s, p+" ") {
			return s
		}
	}
	return "if " + s
}

func disagreement(a *advisor.Advice) *Section {
	if a.Disagreement == "" {
		return nil
	}
	return &Section{Kind: KindDisagreement, Title: "Where the article disagrees", Lines: []Line{{Text: a.Disagreement}}}
}

func warnings(a *advisor.Advice) *Section {
	if len(a.Warnings) == 0 {
		return nil
	}
	s := &Section{Kind: KindWarnings, Title: "Before you commit"}
	for _, w := range a.Warnings {
		s.Lines = append(s.Lines, Line{Text: sentence(w)})
	}
	return s
}

func footer(a *advisor.Advice) string {
	var p []string
	if a.Recommendation.Option != "" && a.Recommendation.Confidence > 0 {
		// Rounded down: nine and a half of ten is not certainty.
		p = append(p, fmt.Sprintf("Confidence: %.0f of 10 draws", math.Floor(a.Recommendation.Confidence*10+1e-9)))
	}
	c := a.Coverage
	if c.OffersTotal > 0 {
		cov := fmt.Sprintf("%d of %d API offers priced", c.OffersPriced, c.OffersTotal)
		if !c.OldestPrice.IsZero() {
			cov += ", oldest price " + c.OldestPrice.String()
		}
		p = append(p, cov)
	}
	if c.InputsAssumed > 0 {
		p = append(p, fmt.Sprintf("%d inputs assumed", c.InputsAssumed))
	}
	if n := len(a.Sources); n > 0 {
		src := "Sources: " + leadingSource(a.Sources[0])
		if n > 1 {
			src += fmt.Sprintf(" and %d more", n-1)
		}
		p = append(p, src)
	}
	if len(p) == 0 {
		return ""
	}
	return strings.Join(p, ". ") + "."
}

// sentence makes the first letter large and ends with a full stop.
func sentence(s string) string {
	if s == "" {
		return s
	}
	if c := s[0]; c >= 'a' && c <= 'z' {
		s = string(c-'a'+'A') + s[1:]
	}
	if strings.HasSuffix(s, ".") || strings.HasSuffix(s, "!") || strings.HasSuffix(s, "?") {
		return s
	}
	return s + "."
}
