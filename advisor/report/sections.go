package report

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/llmadvise/llmadvise/advisor"
	"github.com/llmadvise/llmadvise/advisor/catalog"
	"github.com/llmadvise/llmadvise/advisor/quantity"
)

// hardware lists what the self-hosted options run on.
func hardware(a *advisor.Advice) *Section {
	t := &Table{
		Header:  []string{"Option", "Per replica", "Replicas", "VRAM per GPU", "TTFT", "TPOT", "p95", "Busy"},
		Numeric: []bool{false, false, true, true, true, true, true, true},
		Mark:    -1,
	}
	for i := range a.Options {
		o := &a.Options[i]
		if o.Path != advisor.PathSelfHost {
			continue
		}
		if o.ID == a.Recommendation.Option {
			t.Mark = len(t.Rows)
		}
		busy := "-"
		if o.Utilisation != nil {
			busy = quantity.Percent(*o.Utilisation)
		}
		t.Rows = append(t.Rows, []string{
			o.Name, fmt.Sprintf("%dx %s, %s", o.GPUsPerReplica, o.GPU, o.Engine), fmt.Sprint(o.Replicas),
			short(o.VRAM, quantity.UnitGiB), short(o.TTFT, quantity.UnitMS), short(o.TPOT, quantity.UnitMS), short(o.Latency, quantity.UnitSeconds), busy,
		})
	}
	if len(t.Rows) == 0 {
		return nil
	}
	return &Section{Kind: KindHardware, Title: "Hardware, option by option", Table: t, Folded: true}
}

// machines says in a line what there is to run, or would be where the recommended option is somebody else's.
func machines(a *advisor.Advice) *Section {
	if o := optionByID(a, a.Recommendation.Option); o != nil && o.GPUs > 0 {
		return &Section{Kind: KindHardware, Title: "Hardware", Lines: append([]Line{{Text: fleetText(o)}}, stock(a)...)}
	}
	var text string
	for i := range a.Options {
		if o := &a.Options[i]; o.Path == advisor.PathSelfHost {
			text = fmt.Sprintf("none to run; self-hosting would take %dx %s (%s, %s", o.GPUs, o.GPU, o.ModelName, o.Precision)
			if o.Utilisation != nil {
				text += ", " + quantity.Percent(*o.Utilisation) + " busy"
			}
			text += ")."
			break
		}
	}
	if text == "" {
		return nil
	}
	return &Section{Kind: KindHardware, Title: "Hardware", Lines: append([]Line{{Text: text}}, stock(a)...)}
}

// stock says how far the accelerators go that are there already.
func stock(a *advisor.Advice) []Line {
	var out []Line
	for _, s := range a.StockAlone {
		out = append(out, Line{Text: s + "."})
	}
	return out
}

// fleetText describes the machines of an option.
func fleetText(o *advisor.Option) string {
	s := fmt.Sprintf("%d replicas of %dx %s", o.Replicas, o.GPUsPerReplica, o.GPU)
	if o.Replicas == 1 {
		s = fmt.Sprintf("one replica of %dx %s", o.GPUsPerReplica, o.GPU)
	}
	if o.VRAM != nil {
		s += ", " + quantity.Format(o.VRAM.Mid, quantity.UnitGiB) + " of each card used"
	}
	if o.Utilisation != nil {
		s += ", " + quantity.Percent(*o.Utilisation) + " busy over the month"
	}
	if o.TTFT != nil && o.TPOT != nil {
		s += "; first token after " + o.TTFT.Text(quantity.UnitMS) + ", then " + o.TPOT.Text(quantity.UnitMS) + " a token"
	}
	return s + "."
}

func short(e *quantity.Estimate, u quantity.Unit) string {
	if e == nil {
		return "-"
	}
	return e.Text(u)
}

func assumptions(a *advisor.Advice) *Section {
	if len(a.Assumptions) == 0 {
		return nil
	}
	t := &Table{Header: []string{"Assumed", "Why", "What changing it does"}, Numeric: []bool{false, false, false}, Mark: -1}
	for _, x := range a.Assumptions {
		t.Rows = append(t.Rows, []string{x.Value, x.Why, x.Effect})
	}
	return &Section{Kind: KindAssumptions, Title: "Assumptions", Table: t, Folded: true}
}

func sensitivity(a *advisor.Advice) *Section {
	if len(a.Tornado) == 0 {
		return nil
	}
	t := &Table{
		Caption: "Monthly cost of the recommended option with one input at its p10 and p90, people included",
		Header:  []string{"Input", "At p10", "At p90", "Turns the answer"}, Numeric: []bool{false, true, true, false}, Mark: -1,
	}
	for _, s := range a.Tornado {
		t.Rows = append(t.Rows, []string{s.Driver, quantity.USD(quantity.RoundSig(s.AtP10, 3)), quantity.USD(quantity.RoundSig(s.AtP90, 3)), s.Flip})
	}
	return &Section{Kind: KindSensitivity, Title: "Sensitivity", Table: t, Folded: true}
}

// costs splits what each option costs: once, every month, over 12 and 36 months, today's value, and by the token.
func costs(a *advisor.Advice) *Section {
	if len(a.Options) == 0 {
		return nil
	}
	t := &Table{
		Caption: "Present value: all payments of 36 months at 10 % a year, bought hardware paid on the first day",
		Header:  []string{"Option", "Set-up, once", "A month to run", "People, a month", "12 months", "36 months", "Present value", "Per 1M tokens"},
		Numeric: []bool{false, true, true, true, true, true, true, true}, Mark: -1,
	}
	for i := range a.Options {
		o := &a.Options[i]
		if o.ID == a.Recommendation.Option {
			t.Mark = i
		}
		people := "none"
		if o.LabourMonthly.Mid > 0 {
			people = dollars(o.LabourMonthly)
		}
		t.Rows = append(t.Rows, []string{
			shortName(a, o), dollars(o.SetupUSD), dollars(o.Monthly), people, dollars(o.TCO12), dollars(o.TCO36),
			quantity.USD(quantity.RoundSig(o.NPV36, 2)), perMTok(o.EffectiveUSDPerMTok),
		})
	}
	return &Section{Kind: KindCosts, Title: "What it costs, and when", Table: t, Folded: true}
}

// perMTok is a price by the token without its unit, which stands in the header.
func perMTok(v float64) string {
	s, _, _ := strings.Cut(quantity.USDPerMTok(quantity.RoundSig(v, 2)), " ")
	return s
}

// qualities sets the models side by side with their public scores.
func qualities(a *advisor.Advice) *Section {
	if len(a.Quality) == 0 {
		return nil
	}
	t := &Table{
		Caption: "Of the best: mean share of the best published score on benchmarks that still tell models apart",
		Header:  []string{"Model", "Of the best", "Enough for this", "Public scores"}, Numeric: []bool{false, true, false, false}, Mark: -1,
	}
	best := optionByID(a, a.Recommendation.Option)
	for _, q := range a.Quality {
		if best != nil && best.ModelID == q.ModelID {
			t.Mark = len(t.Rows)
		}
		of, enough := "not known", "yes"
		if q.OfBest != nil {
			of = quantity.Percent(*q.OfBest)
		}
		if q.Asked != "" {
			enough = "no: " + q.Asked
		}
		t.Rows = append(t.Rows, []string{q.Model, of, enough, scoreText(q.Scores)})
	}
	return &Section{Kind: KindQuality, Title: "How good the models are", Table: t, Folded: true}
}

// scoreText lists scores with the source of each, by its id and date; the list of sources has the rest.
func scoreText(scores []catalog.Score) string {
	out := make([]string, 0, len(scores))
	for _, s := range scores {
		out = append(out, fmt.Sprintf("%s %s (%s)", s.Benchmark, quantity.Percent(s.Percent/100), sourceWords(catalog.Source{Title: s.Source.ID, Date: s.Source.Date})))
	}
	return strings.Join(out, "; ")
}

// draws shows the decision under uncertainty: the spread of each option's cost, and how often it is the cheapest.
func draws(a *advisor.Advice) *Section {
	if a.Draws == 0 || a.Recommendation.Option == "" {
		return nil
	}
	t := &Table{
		Caption: fmt.Sprintf("%d months with people over %s draws (seed %d) of volume, tokens, throughput, prices, people and growth; an option counts as cheapest only where its p95 is within the target",
			a.Workload.HorizonMonths, quantity.Count(float64(a.Draws)), a.Seed),
		Header: []string{"Option", "p10", "p50", "p90", "Cheapest in"}, Numeric: []bool{false, true, true, true, true}, Mark: -1,
	}
	for i := range a.Options {
		o := &a.Options[i]
		if !o.Feasible {
			continue
		}
		if o.ID == a.Recommendation.Option {
			t.Mark = len(t.Rows)
		}
		usd := func(v float64) string { return quantity.USD(quantity.RoundSig(v, 3)) }
		t.Rows = append(t.Rows, []string{shortName(a, o), usd(o.Drawn.P10), usd(o.Drawn.P50), usd(o.Drawn.P90), quantity.Percent(o.Drawn.Cheapest)})
	}
	right := fmt.Sprintf("The recommended path costs least, or within %s a month of it, in %s of the draws.", quantity.USD(advisor.MaterialUSDMonth), quantity.Percent(a.Recommendation.Confidence))
	return &Section{Kind: KindDraws, Title: "How sure", Lines: []Line{{Text: right}}, Table: t, Folded: true}
}

// sideWords is how an answer of the framework reads.
func sideWords(p advisor.Path) string {
	switch p {
	case advisor.PathAPI:
		return "API"
	case advisor.PathHostedOpen:
		return "hosted open model"
	case advisor.PathSelfHost:
		return "self-hosting"
	case advisor.PathHybrid:
		return "a mix"
	}
	return "neither"
}

func framework(a *advisor.Advice) *Section {
	if len(a.Framework) == 0 {
		return nil
	}
	t := &Table{Header: []string{"The article asks", "Here", "It favours", "Why", "The arithmetic"}, Numeric: make([]bool, 5), Mark: -1}
	for _, f := range a.Framework {
		t.Rows = append(t.Rows, []string{f.Question, f.Answer, sideWords(f.Favours), f.Why, f.Arithmetic})
	}
	return &Section{Kind: KindFramework, Title: "The article's checklist", Table: t, Folded: true}
}

func compliance(a *advisor.Advice) *Section {
	if len(a.Compliance) == 0 {
		return nil
	}
	s := &Section{Kind: KindCompliance, Title: "Compliance", Folded: true}
	for _, n := range a.Compliance {
		s.Lines = append(s.Lines, Line{Label: n.Topic, Text: n.Text + " (" + sourceWords(n.Source) + ")"})
	}
	s.Lines = append(s.Lines, Line{Text: "Facts for your review, not legal advice."})
	return s
}

func article(a *advisor.Advice) *Section {
	if len(a.Article) == 0 {
		return nil
	}
	t := &Table{Header: []string{"Matter", "The article says", "Here", "Why they part"}, Numeric: make([]bool, 4), Mark: -1}
	for _, f := range a.Article {
		t.Rows = append(t.Rows, []string{f.Topic, f.Article, f.Ours, f.Why})
	}
	return &Section{Kind: KindArticle, Title: "The article's figures beside ours", Table: t, Folded: true}
}

// trace prints the trace, each number with its formula and inputs.
func trace(a *advisor.Advice) *Section {
	if len(a.Trace) == 0 {
		return nil
	}
	s := &Section{Kind: KindMath, Title: "The math", Folded: true}
	option := ""
	for _, st := range a.Trace {
		if st.Option != option {
			option = st.Option
			if option != "" {
				s.Lines = append(s.Lines, Line{Text: optionName(a, option), Strong: true})
			}
		}
		s.Lines = append(s.Lines, Line{Label: st.Name, Text: stepText(&st)})
	}
	return s
}

func stepText(st *advisor.Step) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s = %s %s", st.Formula, figure(st.Value), st.Unit)
	for i, in := range st.Inputs {
		sep := ", "
		if i == 0 {
			sep = "; "
		}
		fmt.Fprintf(&b, "%s%s = %s", sep, in.Name, strings.TrimSpace(figure(in.Value)+" "+in.Unit))
		if in.From != "" && !strings.HasPrefix(in.From, "step:") {
			fmt.Fprintf(&b, " (%s)", in.From)
		}
	}
	return b.String()
}

// figure keeps the digits that it takes to redo the sum by hand.
func figure(v float64) string {
	return strconv.FormatFloat(quantity.RoundSig(v, 8), 'f', -1, 64)
}

func sources(a *advisor.Advice) *Section {
	if len(a.Sources) == 0 {
		return nil
	}
	s := &Section{Kind: KindSources, Title: "Sources", Folded: true}
	for _, x := range a.Sources {
		text := sourceWords(x)
		if x.URL != "" {
			text += ": " + x.URL
		}
		s.Lines = append(s.Lines, Line{Text: text})
	}
	return s
}

func sourceWords(s catalog.Source) string {
	t := s.Title
	if t == "" {
		t = s.ID
	}
	if !s.Date.IsZero() {
		t += ", " + s.Date.String()
	}
	return t
}

// leadingSource is a source by its first name and date, for a line that has no room for the file and the commit.
func leadingSource(s catalog.Source) string {
	s.Title, _, _ = strings.Cut(s.Title, ", ")
	return sourceWords(s)
}
