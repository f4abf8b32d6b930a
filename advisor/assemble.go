package advisor

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/llmadvise/llmadvise/advisor/catalog"
	"github.com/llmadvise/llmadvise/advisor/framework"
	"github.com/llmadvise/llmadvise/advisor/quantity"
)

// advice puts everything together from the ranked candidates.
func (e *engine) advice(all []*candidate, assumed []Assumption) Advice {
	shown := e.shown(all)
	confidence, tornado := e.uncertainty(shown)
	a := Advice{Workload: e.w, Assumptions: assumed, Tornado: tornado}
	a.Draws, a.Seed = e.opts.draws()
	for _, c := range shown {
		c.seal()
		a.Options = append(a.Options, c.opt)
	}
	a.BreakEven = e.breakEvens(shown)
	a.Flips = e.flips(shown, all)
	a.Curve = e.curve(shown, a.BreakEven)
	a.Recommendation = e.recommend(shown, all, a.Flips, confidence)
	e.effects(a.Assumptions, shown)
	a.Framework, a.Disagreement = e.framework(shown, a.BreakEven)
	a.Compliance = append(e.compliance(), e.terms(shown)...)
	a.Quality = e.qualities(shown)
	a.Article = e.article(shown)
	a.Coverage = e.cover(assumed)
	if !e.opts.NoTrace {
		a.Trace = e.trace(shown, a.BreakEven)
	}
	a.Sources = e.sources(shown, a.Compliance)
	a.Warnings = e.warn(shown)
	a.StockAlone = e.stockAlone(shown)
	return a
}

// seal copies what the constraints found into the option.
func (c *candidate) seal() {
	c.opt.Feasible = c.feasible()
	c.opt.WhyNot = nil
	for _, m := range c.misses {
		if !slices.Contains(c.opt.WhyNot, m.why) {
			c.opt.WhyNot = append(c.opt.WhyNot, m.why)
		}
	}
	switch {
	case c.offer != nil:
		c.opt.Sources = []catalog.Source{c.offer.Source}
	case c.sized != nil:
		c.opt.Sources = append(c.opt.Sources, c.sized.cfg.Model.Source, c.sized.cfg.Accelerator.Source)
		if o := c.sized.supply.offer; o != nil {
			if o.Source.ID != billSource.ID {
				c.opt.Sources = append(c.opt.Sources, o.Source)
			}
		} else {
			c.opt.Sources = append(c.opt.Sources, c.sized.cfg.Accelerator.PurchaseSource)
		}
	}
}

// pathWords is how a path reads at the start of a sentence.
var pathWords = map[Path]string{
	PathAPI: "Proprietary API", PathHostedOpen: "Hosted open model", PathSelfHost: "Self-hosting", PathHybrid: "A mix",
}

func (e *engine) recommend(shown, all []*candidate, flips []Flip, confidence float64) Recommendation {
	if len(shown) == 0 || !shown[0].feasible() {
		return e.nothingFits(all)
	}
	best := shown[0]
	o := &best.opt
	r := Recommendation{Path: o.Path, Option: o.ID, Confidence: confidence}
	r.Summary = fmt.Sprintf("%s: about %s a month%s", pathWords[o.Path], rounded(o.Monthly).Short(quantity.UnitUSD), span(o.Monthly))
	r.Reason = e.reason(best, shown) + e.againstToday(best, shown)
	if u := runnerUp(best, shown); u != nil {
		r.RunnerUp = u.opt.ID
		r.RunnerUpWins = e.runnerUpWins(best, u, flips)
	}
	return r
}

// againstToday is one sentence on what is in use today costs; "" where none was said.
func (e *engine) againstToday(best *candidate, shown []*candidate) string {
	c := firstOf(shown, func(c *candidate) bool { return c.opt.Today })
	switch {
	case c == nil && e.w.SpendUSDMonth != nil:
		return fmt.Sprintf(" You pay %s a month today.", usd3(*e.w.SpendUSDMonth))
	case c == nil, c.offer == nil && !c.sized.today: // of a fleet that was not counted only its own books know what it costs
		return ""
	case c == best:
		return " It is what you use today: nothing else that qualifies saves enough to move."
	}
	var s string
	if c.offer != nil {
		s = fmt.Sprintf(" What you use today, %s, costs %s a month at this load%s", c.opt.Name, usd3(c.opt.Monthly.Mid), e.besideBill(c))
	} else {
		s = fmt.Sprintf(" What you run today, %s on %s, costs %s a month and about %s, and is %s busy",
			c.opt.ModelName, e.rentedWords(c.sized.supply.offer), usd3(c.opt.Monthly.Mid), c.opt.PeopleNeeded, quantity.Percent(c.sized.plan.UtilisationMean))
	}
	if more := c.tco - best.tco; more > 0 {
		s += fmt.Sprintf(": %s more over %s", usd2(more), e.horizon())
	}
	if qualityOf(c) > qualityOf(best)+markedScore {
		s += fmt.Sprintf("; it reaches %s of the best public scores, the other %s, so try both on your own work", quantity.Percent(c.quality), quantity.Percent(best.quality))
	}
	return s + "."
}

// span writes the interval of an amount behind it: " ($230-$450, 80 %)".
func span(e quantity.Estimate) string {
	if e.IsExact() {
		return ""
	}
	return fmt.Sprintf(" (%s-%s, %s)", usd2(e.Lo), usd2(e.Hi), quantity.Percent(e.Confidence))
}

// rounded is an estimate whose middle has no more than three significant figures.
func rounded(e quantity.Estimate) quantity.Estimate {
	e.Mid = quantity.RoundSig(e.Mid, 3)
	return e
}

// usd2 and usd3 write an amount with two and three significant figures.
func usd2(v float64) string { return quantity.USD(quantity.RoundSig(v, 2)) }
func usd3(v float64) string { return quantity.USD(quantity.RoundSig(v, 3)) }

// runnerUp is the best option of another path, or else of another model.
func runnerUp(best *candidate, shown []*candidate) *candidate {
	if best.sized != nil && best.sized.supply.owned() { // whoever keeps data inside asks what else to buy
		if c := firstOf(shown, func(c *candidate) bool {
			return c.feasible() && c.sized != nil && c.sized.supply.owned() && c.opt.ModelID != best.opt.ModelID
		}); c != nil && firstOf(shown, func(c *candidate) bool { return c.feasible() && c.offer != nil }) == nil {
			return c
		}
	}
	if c := firstOf(shown, func(c *candidate) bool { return c.feasible() && c.opt.Path != best.opt.Path }); c != nil {
		return c
	}
	return firstOf(shown, func(c *candidate) bool { return c.feasible() && c != best && c.opt.ModelID != best.opt.ModelID })
}

func (e *engine) runnerUpWins(best, u *candidate, flips []Flip) string {
	for _, f := range flips {
		if f.ToOption == u.opt.ID {
			before, _, _ := strings.Cut(f.Text, ": ")
			return before
		}
	}
	d := u.plan.MonthlyWithLabour(e.base.Queries) - best.plan.MonthlyWithLabour(e.base.Queries)
	if d > 0 {
		return fmt.Sprintf("it costs %s a month less than it does, people included", usd2(d))
	}
	switch {
	case u.risk > best.risk && best.opt.MissChance != nil && chanceOf(u) == chanceOf(best):
		return "it proves fast enough: it costs no more, and should it prove too slow, making up for that costs more"
	case u.risk > best.risk && best.opt.MissChance != nil:
		return fmt.Sprintf("it proves fast enough: it costs no more, and its p95 is the likelier to miss %s (%s, against %s)",
			quantity.Duration(e.w.LatencyP95), chanceOf(u), quantity.Percent(*best.opt.MissChance))
	case qualityOf(u) > qualityOf(best):
		return "you prefer it: it costs no more, and scores higher on public benchmarks"
	}
	return "you prefer it: it costs no more, and scores lower on public benchmarks"
}

// reason is one sentence: the option, what it meets, and why it beats the next path.
func (e *engine) reason(best *candidate, shown []*candidate) string {
	o := &best.opt
	var b strings.Builder
	b.WriteString(o.Name)
	m := e.meets(best)
	if m != "" {
		b.WriteString(" meets " + m)
	}
	if *e.w.NoDataLeaves {
		if m != "" {
			b.WriteString(" and")
		}
		b.WriteString(" keeps the data from every vendor")
		if best.sized != nil && !best.sized.supply.owned() {
			b.WriteString(", if the machines that you rent count as inside")
		}
	}
	fmt.Fprintf(&b, "; people needed: %s.", o.PeopleNeeded)
	if why := e.whyNotCheapest(best, shown); why != "" {
		return b.String() + " " + why
	}
	for _, u := range shown {
		if u.feasible() && u.opt.Path != o.Path {
			fmt.Fprintf(&b, " The next path, %s, costs %s over %s with its people.", lower(pathWords[u.opt.Path]), moreWords(u.tco-best.tco), e.horizon())
			break
		}
	}
	return b.String()
}

// moreWords says what an option costs beside another one: "$1,300 more"; a difference below a dollar is none.
func moreWords(usd float64) string {
	switch {
	case math.Abs(usd) < 1:
		return "as much"
	case usd < 0:
		return usd2(-usd) + " less"
	}
	return usd2(usd) + " more"
}

// horizon is how long costs are added up, in words.
func (e *engine) horizon() string { return fmt.Sprintf("%d months", e.base.Months) }

// whyNotCheapest says why the option that costs least over the horizon is not the recommended one; "" where it is.
func (e *engine) whyNotCheapest(best *candidate, shown []*candidate) string {
	c := cheapestOf(shown)
	saves := best.tco - c.tco
	switch {
	case c == best || saves < 1:
		return ""
	case c.risk > best.risk && c.ranked() >= best.ranked() && chanceOf(c) == chanceOf(best):
		return fmt.Sprintf("%s would cost %s less over %s, but its p95 is as likely to miss %s, a chance of %s, and making up for that costs more.",
			c.opt.Name, usd2(saves), e.horizon(), quantity.Duration(e.w.LatencyP95), chanceOf(c))
	case c.risk > best.risk && c.ranked() >= best.ranked():
		return fmt.Sprintf("%s would cost %s less over %s, but its p95 is the likelier to miss %s: a chance of %s%s.",
			c.opt.Name, usd2(saves), e.horizon(), quantity.Duration(e.w.LatencyP95), chanceOf(c), against(best))
	case best.sized != nil && best.sized.supply.owned():
		return fmt.Sprintf("%s would cost %s less over %s: rent it if rented machines count as inside for you.", c.opt.Name, usd2(saves), e.horizon())
	}
	first := "the one that scores higher on public benchmarks"
	if best.trusted && !c.trusted && qualityOf(best) < qualityOf(c)+markedScore {
		first = "the vendor whose data terms are known"
	}
	return fmt.Sprintf("%s would save %s a year, too little to decide on: %s goes first.", c.opt.Name, usd2(saves*12/float64(e.base.Months)), first)
}

func chanceOf(c *candidate) string {
	if c.opt.MissChance == nil {
		return "some per cent"
	}
	return quantity.Percent(*c.opt.MissChance)
}

func against(best *candidate) string {
	if best.opt.MissChance == nil {
		return ""
	}
	return ", against " + quantity.Percent(*best.opt.MissChance)
}

// meets lists the constraints that were asked for and are met.
func (e *engine) meets(c *candidate) string {
	var m []string
	for _, r := range e.w.Compliance {
		if _, asks := requirements[r]; asks { // a regime that asks nothing of the vendor is not met by choosing one
			m = append(m, string(r))
		}
	}
	if e.w.Residency != "" {
		m = append(m, ResidencyText(e.w.Residency))
	}
	if c.opt.Latency != nil && c.opt.Latency.Hi <= e.w.LatencyP95.Seconds()*1.5 && c.opt.Latency.Mid <= e.w.LatencyP95.Seconds() && e.w.Traffic != BatchTraffic {
		m = append(m, "p95 "+quantity.Duration(e.w.LatencyP95))
	}
	if t := c.opt.TTFT; e.w.TTFT > 0 && t != nil && t.Mid <= 1e3*e.w.TTFT.Seconds() && e.w.Traffic != BatchTraffic {
		m = append(m, "first token "+quantity.Duration(e.w.TTFT))
	}
	if t := c.opt.TPOT; e.w.StreamTokS != nil && t != nil && t.Mid <= 1e3 / *e.w.StreamTokS && e.w.Traffic != BatchTraffic {
		m = append(m, quantity.Count(*e.w.StreamTokS)+" tokens/s")
	}
	if e.w.Quality == Frontier {
		m = append(m, "frontier quality")
	}
	if q := e.w.QualityLike; q != nil && len(e.w.Models) == 0 {
		m = append(m, "quality "+likeName(q, e.cat))
	}
	if b := e.w.BudgetUSDMonth; b != nil && c.opt.Monthly.Mid+c.opt.LabourMonthly.Mid > *b {
		m = append(m, "the budget without its people")
	} else if b != nil {
		m = append(m, "the budget")
	}
	return List(m, "and")
}

// List joins words as a sentence does: "a, b and c".
func List(words []string, conjunction string) string {
	n := len(words)
	if n < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:n-1], ", ") + " " + conjunction + " " + words[n-1]
}

// lower makes the first letter small, unless the word is an acronym.
func lower(s string) string {
	if len(s) > 1 && (s[1] == ' ' || s[1] >= 'a' && s[1] <= 'z') {
		return strings.ToLower(s[:1]) + s[1:]
	}
	return s
}

// nothingFits says which constraint to relax: the one whose loss lets the cheapest option in, and what that option costs.
func (e *engine) nothingFits(all []*candidate) Recommendation {
	r := Recommendation{Summary: "No option meets every constraint"}
	var best *candidate
	var give constraint
	var ways []string
	for _, x := range e.relaxations(all) {
		c := x.to
		ways = append(ways, fmt.Sprintf("%s (%s, %s a month)", relaxWords[x.give], c.opt.Name, usd3(c.opt.Monthly.Mid)))
		if best == nil || c.tco < best.tco {
			best, give = c, x.give
		}
	}
	if best == nil { // two constraints stand in the way of everything
		if c := e.nearest(all); len(c) > 0 {
			best = c[0]
			r.Path = best.opt.Path
			r.Reason = "Even with one constraint given up nothing qualifies; the nearest is " + best.opt.Name + ": " + joinWhy(best)
			r.Relax = "more than one: " + joinRelax(best)
			return r
		}
		return r
	}
	r.Path = best.opt.Path
	r.Relax = strings.Join(ways, "; or ")
	r.Reason = fmt.Sprintf("Give up %s, and %s does it for %s a month", relaxWords[give], best.opt.Name, usd3(best.opt.Monthly.Mid))
	if give != mustFitBudget { // else the price has said it
		r.Reason += ": " + joinWhy(best)
	}
	r.Reason += "."
	return r
}

// relaxation is a constraint to give up, and what that lets in.
type relaxation struct {
	give constraint
	to   *candidate
}

// relaxations lists, for each constraint that alone stands in the way of something, the best that giving it up lets in: the cheapest; for
// quality one that is still good enough for most work, and for latency the fastest.
func (e *engine) relaxations(all []*candidate) []relaxation {
	var out []relaxation
	for k := range constraints {
		if k == mustRun {
			continue
		}
		c := e.cheapest(all, func(c *candidate) bool {
			return c.missesOnly(k) && (k != mustBeGood || e.passes(c, Standard))
		})
		if k == mustBeFast && c != nil {
			c = e.fastEnough(all)
		}
		if c != nil {
			out = append(out, relaxation{k, c})
		}
	}
	return out
}

// fastEnough is the cheapest of the options that miss nothing but the latency target by little more than the fastest of them.
func (e *engine) fastEnough(all []*candidate) *candidate {
	const littleMore = 1.5
	late := func(c *candidate) bool {
		return c.missesOnly(mustBeFast) && c.opt.Path != PathHybrid && c.opt.Latency != nil
	}
	fastest := math.Inf(1)
	for _, c := range all {
		if late(c) {
			fastest = min(fastest, c.opt.Latency.Mid)
		}
	}
	return e.cheapest(all, func(c *candidate) bool { return late(c) && c.opt.Latency.Mid <= fastest*littleMore })
}

func joinWhy(c *candidate) string {
	var s []string
	for _, m := range c.misses {
		s = append(s, m.why)
	}
	return strings.Join(s, "; ")
}

func joinRelax(c *candidate) string {
	var s []string
	for _, m := range c.misses {
		if w := relaxWords[m.what]; !slices.Contains(s, w) {
			s = append(s, w)
		}
	}
	return strings.Join(s, ", and ")
}

// effects says what halving and doubling an assumed number does to the recommended option.
func (e *engine) effects(as []Assumption, shown []*candidate) {
	if len(shown) == 0 || !shown[0].feasible() {
		return
	}
	c := shown[0]
	for i := range as {
		a := &as[i]
		half, double, ok := e.halfAndDouble(a.Field, c)
		switch {
		case a.Field == FieldCached:
			a.Effect = e.cachingEffect(c)
		case !ok:
		case half == double:
			a.Effect = "half or double changes nothing"
		default:
			a.Effect = "at half " + half + " a month, at double " + double
		}
	}
}

// halfAndDouble is the monthly run cost of an option with one numeric input at half and at double.
func (e *engine) halfAndDouble(f Field, c *candidate) (half, double string, ok bool) {
	if f == FieldReasoning {
		return e.reasoningEffect(c)
	}
	at := func(factor float64) (string, bool) {
		d := e.expectedWith(f, factor)
		if d == nil {
			return "", false
		}
		return usd3(c.plan.MonthlyUnder(e.base.Queries, d)), true
	}
	half, ok = at(0.5)
	double, _ = at(2)
	return half, double, ok
}

// repriced is the monthly bill of an offer for a changed workload.
func (e *engine) repriced(o *catalog.Offer, change func(*Workload)) (string, bool) {
	changed := *e
	change(&changed.w)
	in, out, ok := changed.queryPrice(o)
	return usd3((in + out) * e.base.Queries), ok
}

func (e *engine) reasoningEffect(c *candidate) (half, double string, ok bool) {
	if c.offer == nil || !e.reasons[c.offer.ModelID] {
		return "", "", false
	}
	now := *e.w.ReasoningTokens
	half, ok = e.repriced(c.offer, func(w *Workload) { w.ReasoningTokens = ptr(now / 2) })
	double, _ = e.repriced(c.offer, func(w *Workload) { w.ReasoningTokens = ptr(now * 2) })
	return half, double, ok
}

func (e *engine) cachingEffect(c *candidate) string {
	if c.offer == nil {
		return ""
	}
	s, ok := e.repriced(c.offer, func(w *Workload) { w.CachedShare = ptr(0.5) })
	if !ok || c.offer.Rates.CacheRead == nil {
		return "this offer has no price for cached input"
	}
	return "with half of the input from a cache " + s + " a month"
}

func (e *engine) framework(shown []*candidate, be []BreakEven) ([]FrameworkAnswer, string) {
	c := e.frameworkCase()
	var out []FrameworkAnswer
	for i, a := range framework.Answers(c) {
		out = append(out, FrameworkAnswer{
			Question: a.Question, Answer: a.Answer, Favours: Path(a.Favours), Why: a.Why, Arithmetic: e.arithmetic(i, shown, be),
		})
	}
	return out, e.disagreement(c, shown)
}

func (e *engine) frameworkCase() framework.Case {
	w := &e.w
	c := framework.Case{
		QueriesPerMonth: w.QueriesPerMonth, NoDataLeaves: *w.NoDataLeaves,
		HasTeam: w.MLTeam == SomeTeam || w.MLTeam == DedicatedTeam, Dedicated: w.MLTeam == DedicatedTeam,
		Frontier: w.Quality == Frontier,
	}
	c.Sensitivity = map[Sensitivity]framework.Sensitivity{
		Public: framework.Public, Internal: framework.Internal, Confidential: framework.Confidential, Regulated: framework.Regulated,
	}[w.Sensitivity]
	if w.HardShare != nil {
		c.HardShare = *w.HardShare
	}
	if w.SensitiveShare != nil {
		c.SensitiveShare = *w.SensitiveShare
	}
	return c
}

// arithmetic sets a number beside the answer to question i.
func (e *engine) arithmetic(i int, shown []*candidate, be []BreakEven) string {
	switch i {
	case 0:
		if len(be) == 0 {
			return ""
		}
		b := be[0]
		if b.QueriesPerMonth == nil {
			return "at today's prices self-hosting does not overtake " + nameOf(shown, b.API) + " at any volume"
		}
		return fmt.Sprintf("self-hosting overtakes %s at %s queries a month, people included", nameOf(shown, b.API), quantity.About(*b.QueriesPerMonth))
	case 1:
		n, of := 0, 0
		seen := map[string]bool{}
		for j := range e.cat.Offers {
			o := &e.cat.Offers[j]
			if !o.Usable() || seen[o.ProviderID] {
				continue
			}
			seen[o.ProviderID] = true
			of++
			if len(e.checkVendor(o.ProviderID, o.Region).misses) == 0 {
				n++
			}
		}
		if len(e.w.Compliance) == 0 && e.w.Residency == "" {
			return ""
		}
		return fmt.Sprintf("%d of %d API providers are known to offer what you asked for", n, of)
	case 2:
		if c := firstOf(shown, func(c *candidate) bool { return c.sized != nil }); c != nil {
			return fmt.Sprintf("running %s takes %s, %s a month", c.opt.Name, c.opt.PeopleNeeded, c.opt.LabourMonthly.Text(quantity.UnitUSD))
		}
	case 3:
		open := firstOf(shown, func(c *candidate) bool { return c.opt.Path == PathHostedOpen && c.feasible() })
		if open != nil && !math.IsNaN(open.quality) {
			return fmt.Sprintf("%s reaches %s of the best public scores", open.opt.ModelName, quantity.Percent(open.quality))
		}
	}
	return ""
}

func nameOf(shown []*candidate, id string) string {
	if c := firstOf(shown, func(c *candidate) bool { return c.opt.ID == id }); c != nil {
		return c.opt.Name
	}
	return id
}

// disagreement is one sentence where the article's rule and the arithmetic part.
func (e *engine) disagreement(c framework.Case, shown []*candidate) string {
	if len(shown) == 0 || !shown[0].feasible() {
		return ""
	}
	v := framework.Judge(c)
	got := shown[0].opt.Path
	switch {
	case v.Favours == framework.Either, string(v.Favours) == string(got):
		return ""
	case v.Favours == framework.API && got == PathHostedOpen:
		return "" // a hosted open model is an API as well
	case v.Favours == framework.Open && (got == PathHostedOpen || got == PathAPI):
		s := fmt.Sprintf("The article's checklist says self-host (%s): its threshold is one A100 at GPT-4.1 prices with no labour", v.Why)
		if c.Sensitivity >= framework.Confidential && !c.NoDataLeaves {
			s += ", and a vendor under the right agreement answers the privacy question"
		}
		return s + "."
	case v.Favours == framework.Hybrid:
		return fmt.Sprintf("The article's rule says mix (%s): at this volume one option for everything costs less than two and a router.", v.Why)
	case v.Favours == framework.API:
		return fmt.Sprintf("The article's checklist says API (%s): here the volume and the needs carry machines of your own.", v.Why)
	default:
		return fmt.Sprintf("The article's checklist says self-host (%s): under the right agreement a mix of endpoints meets the same needs for less.", v.Why)
	}
}

func (e *engine) compliance() []Note {
	var out []Note
	for _, f := range framework.Facts(e.w.Compliance) {
		text := f.Text
		if f.Counsel {
			text += " Check with your counsel."
		}
		out = append(out, Note{Topic: string(f.Regime), Text: text, Source: f.Source})
	}
	return out
}

func (e *engine) cover(assumed []Assumption) Coverage {
	c := e.coverage
	c.InputsAssumed = len(assumed)
	for i := range e.cat.Offers {
		o := &e.cat.Offers[i]
		if d := o.Source.Date; o.Usable() && !d.IsZero() && (c.OldestPrice.IsZero() || d.Before(c.OldestPrice.Time)) {
			c.OldestPrice = d
		}
	}
	if !c.OldestPrice.IsZero() && !e.cat.AsOf.IsZero() {
		c.OldestAge = max(0, e.cat.AsOf.Sub(c.OldestPrice.Time))
	}
	return c
}

func (e *engine) sources(shown []*candidate, notes []Note) []catalog.Source {
	var out []catalog.Source
	add := func(s catalog.Source) {
		if s.ID == "" && s.Title == "" {
			return
		}
		for i := range out {
			if out[i].ID == s.ID && out[i].Title == s.Title {
				return
			}
		}
		out = append(out, s)
	}
	for _, c := range shown {
		for _, s := range c.opt.Sources {
			add(s)
		}
		if c.offer != nil {
			for _, s := range e.checkVendor(c.offer.ProviderID, c.offer.Region).sources {
				add(s)
			}
		}
	}
	for _, n := range notes {
		add(n.Source)
	}
	for _, q := range e.qualities(shown) {
		for _, s := range q.Scores {
			add(s.Source)
		}
	}
	return out
}

func (e *engine) warn(shown []*candidate) []string {
	var out []string
	for _, m := range e.w.Media {
		out = append(out, m.Text())
	}
	if len(shown) > 0 && shown[0].feasible() {
		for _, c := range shown[0].opt.Caveats {
			h := shown[0].opt.Hybrid
			if !e.onCompliance(c) && (h == nil || c != h.Why) { // that a regime is met is no doubt, nor what was said of a mix
				out = append(out, c)
			}
		}
	}
	for _, c := range shown {
		if c.sized == nil || !c.feasible() {
			continue
		}
		for _, w := range c.sized.plan.Warnings {
			if !slices.Contains(out, w) {
				out = append(out, w)
			}
		}
	}
	return out
}
