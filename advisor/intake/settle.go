package intake

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/llmadvise/llmadvise/advisor"
	"github.com/llmadvise/llmadvise/advisor/catalog"
)

// settle turns what was read into fields. Where readings contradict each other the outcome depends on their values,
// never on their order.
func (p *parser) settle() {
	p.settleNames()
	p.settleVolume()
	p.settleTokens()
	p.settleTokenTotals()
	p.settleTask()
	p.settleLimits()
	p.settleCompliance()
	p.settlePlace()
}

// settlePlace takes a country that was only named for where the data must stay, where nothing else says it.
func (p *parser) settlePlace() {
	if p.w.Residency != "" {
		return
	}
	for _, s := range p.named {
		if code, ok := lexicon().places[squash(p.raw(s.to))]; ok {
			residency(code)(p, s)
			p.doubt("“" + p.quote(s) + "” taken to mean that the data must stay there")
		}
	}
}

// settleNames files the names that no phrase took.
func (p *parser) settleNames() {
	for _, e := range p.entities {
		s := span{e.from, e.to}
		if e.used {
			continue
		}
		p.claim(e.from, e.to)
		if neg, ok := p.negated(s); ok {
			p.claim(neg.from, neg.to)
			p.doubt("“" + p.quote(neg) + "” noted; leaving a name out is not supported yet, so compare the options by hand")
			continue
		}
		p.doubt(e.note)
		if len(e.ids) == 0 {
			continue
		}
		switch e.kind {
		case modelName:
			p.w.Models = append(p.w.Models, e.ids...)
			p.say(advisor.FieldModels, s)
		case gpuName:
			p.w.GPUs = append(p.w.GPUs, e.ids...)
			p.say(advisor.FieldGPUs, s)
		case providerName:
			p.w.Providers = append(p.w.Providers, e.ids...)
			p.say(advisor.FieldProviders, s)
		}
	}
	p.w.Models, p.w.GPUs, p.w.Providers = unique(p.w.Models), unique(p.w.GPUs), unique(p.w.Providers)
}

func unique[T cmp.Ordered](s []T) []T {
	slices.Sort(s)
	return slices.Compact(s)
}

// settleVolume decides on the queries per month.
func (p *parser) settleVolume() {
	p.perPerson()
	if len(p.volumes) == 0 && len(p.tokens) == 0 {
		p.bareVolume()
	}
	for _, f := range p.perQuery {
		for i := range p.volumes {
			v := &p.volumes[i]
			v.val, v.lo, v.hi = v.val*f.val, v.lo*f.val, v.hi*f.val
		}
		p.say(advisor.FieldQueries, f.span)
		p.doubt("the volume is multiplied by “" + p.quote(f.span) + "”")
	}
	switch vs := p.distinct(p.volumes); {
	case len(vs) == 1:
		v := vs[0]
		p.w.QueriesPerMonth, p.w.QueriesLow, p.w.QueriesHigh = v.val, v.lo, v.hi
		p.doubt(v.note)
	case len(vs) > 1:
		p.manyVolumes(vs)
	}
	for _, v := range p.volumes {
		p.say(advisor.FieldQueries, v.span)
	}
	if p.ends != nil && p.ends.lo <= p.w.QueriesPerMonth && p.w.QueriesPerMonth <= p.ends.hi {
		p.w.QueriesLow, p.w.QueriesHigh = p.ends.lo, p.ends.hi
		p.say(advisor.FieldQueries, p.ends.span)
	}
	if p.target != nil {
		p.settleTarget()
	}
	if p.w.QueriesPerMonth == 0 {
		p.w.QueriesLow, p.w.QueriesHigh = 0, 0
	}
	if !(p.w.QueriesPerMonth < 1e18) {
		p.w.QueriesPerMonth, p.w.QueriesLow, p.w.QueriesHigh = 0, 0, 0
		delete(p.spans, advisor.FieldQueries)
		p.doubt("the volume is beyond any real load and was not used")
	}
}

// bareVolume takes the only number that said nothing of itself as queries a month.
func (p *parser) bareVolume() {
	for _, b := range p.bare {
		if p.isClaimed(b.from) {
			continue
		}
		p.claim(b.from, b.to)
		p.volumes = append(p.volumes, b)
	}
	if len(p.volumes) > 0 && len(p.toks) > 0 {
		p.doubt("“" + p.quote(p.volumes[0].span) + "” taken as queries a month")
	}
}

// distinct drops volumes that say the same in another window ("300k a month, 10k a day").
func (p *parser) distinct(vs []reading) []reading {
	vs = slices.Clone(vs)
	if slices.ContainsFunc(vs, func(v reading) bool { return v.unit != "" }) { // "20 fields" beside "45k claims a month" counts something else
		vs = slices.DeleteFunc(vs, func(v reading) bool {
			if v.unit == "" {
				p.doubt("“" + p.quote(v.span) + "” is not used: another number says how much is asked in a month")
			}
			return v.unit == ""
		})
	}
	slices.SortStableFunc(vs, func(a, b reading) int {
		return cmp.Or(cmp.Compare(a.val, b.val), cmp.Compare(a.lo, b.lo), cmp.Compare(len(a.note), len(b.note)))
	})
	out := vs[:0]
	for _, v := range vs {
		if n := len(out); n > 0 && v.val <= out[n-1].val*1.1 {
			if perMonthOr1(v.unit) < perMonthOr1(out[n-1].unit) {
				out[n-1] = v // the longer window says it more exactly
			}
			continue
		}
		if v.val > 0 {
			out = append(out, v)
		}
	}
	return out
}

// manyVolumes resolves volumes that differ: a rate beside a monthly volume is the peak, others are the ends of a range.
func (p *parser) manyVolumes(vs []reading) {
	steady, rates := []reading{}, []reading{}
	for _, v := range vs {
		if strings.HasPrefix(v.unit, "second") || strings.HasPrefix(v.unit, "minute") {
			rates = append(rates, v)
		} else {
			steady = append(steady, v)
		}
	}
	if len(steady) > 0 && len(rates) > 0 && len(p.peaks) == 0 {
		top := rates[len(rates)-1]
		p.peaks = append(p.peaks, reading{val: top.val / perMonth["second"], span: top.span,
			note: "“" + p.quote(top.span) + "” beside a volume for a longer time is taken as the peak"})
		p.volumes = slices.DeleteFunc(p.volumes, func(v reading) bool {
			return strings.HasPrefix(v.unit, "second") || strings.HasPrefix(v.unit, "minute")
		})
		vs = steady
	}
	if len(vs) == 1 {
		p.w.QueriesPerMonth, p.w.QueriesLow, p.w.QueriesHigh = vs[0].val, vs[0].lo, vs[0].hi
		p.doubt(vs[0].note)
		return
	}
	lo, hi := vs[0], vs[len(vs)-1]
	p.w.QueriesLow, p.w.QueriesHigh = cmp.Or(lo.lo, lo.val), cmp.Or(hi.hi, hi.val)
	p.w.QueriesPerMonth = (p.w.QueriesLow + p.w.QueriesHigh) / 2
	p.doubt("several volumes are named, from “" + p.quote(lo.span) + "” to “" + p.quote(hi.span) + "”; they are taken as a range")
}

// settleTarget turns "from 100k to 1M in 12 months" into a growth.
func (p *parser) settleTarget() {
	if p.w.QueriesPerMonth > 0 && p.target.val > 0 && len(p.growths) == 0 {
		if g := monthlyGrowth(p.target.val/p.w.QueriesPerMonth, p.target.lo); g <= maxGrowth {
			p.growths = append(p.growths, reading{val: g, span: p.target.span})
			return
		}
	}
	p.doubt("“" + p.quote(p.target.span) + "” names where the volume goes but not where it starts; say, 100k queries a month growing 10 % m/m")
}

// consumers come every day of the week; people at work do not.
var everyDay = set("dau daus mau maus wau customer customers visitor visitors player players subscriber subscribers shopper shoppers patient patients citizen citizens member members")

// perPerson multiplies people by what each of them asks.
func (p *parser) perPerson() {
	if len(p.people) == 0 {
		for _, r := range p.rates {
			if r.unit != "" && p.has(r.to, "person") {
				p.doubt("“" + p.quote(r.span) + "”: say how many people there are, as in 500 users x 20 questions a day")
			}
		}
		p.unclaimedRates()
		return
	}
	daily := false
	most := p.people[0]
	for _, h := range p.people {
		if h.val > most.val {
			most = h
		}
		daily = daily || everyDay[h.unit]
	}
	heads, s := most.val, most.span
	if len(p.rates) == 0 {
		p.adoptVolume(most)
	}
	if len(p.rates) == 0 {
		if len(p.volumes) == 0 {
			p.doubt("“" + p.quote(s) + "”: say how much each of them asks, as in 20 questions a day each")
		}
		return
	}
	total, period := heads, ""
	full := s
	for _, r := range p.rates {
		total *= r.val
		period = cmp.Or(r.unit, period)
		full = span{min(full.from, r.from), max(full.to, r.to)}
		p.doubt(r.note)
		p.say(advisor.FieldQueries, r.span)
	}
	p.doubt(most.note)
	months, how := perMonthOr1(period), ""
	for i := range p.toks {
		daily = daily || p.has(i, "clock") || p.raw(i) == "consumer" || p.raw(i) == "b2c"
	}
	switch {
	case period == "" && most.unit == "dau":
		months, how = daysPerMonth, "every day"
	case period == "":
		how = "per month"
	case period == "day" && !daily:
		months, how = workdaysPerMonth, "on the 21.7 working days of a month; say every day if they do not rest"
	case period == "hour" && !daily:
		months, how = officeHours, "in 220 office hours a month"
	case period == "day":
		how = "on every day of the month"
	}
	p.volumes = append(p.volumes, reading{val: total * months, unit: cmp.Or(period, "month"), span: most.span})
	if how != "" {
		p.doubt(plainNumber(heads) + " people times what each asks, " + how)
	}
}

// adoptVolume takes a small volume beside a number of people as each person's: "500 users with 20 questions a day".
func (p *parser) adoptVolume(most reading) {
	if len(p.volumes) != 1 {
		return
	}
	v := p.volumes[0]
	said := v.val / perMonthOr1(v.unit)
	if v.unit == "" || v.unit == "second" || v.unit == "minute" || said >= most.val || said > 300 {
		return
	}
	v.val = said
	p.rates, p.volumes = append(p.rates, v), nil
	p.doubt("“" + p.quote(v.span) + "” taken for each of “" + p.quote(most.span) + "”")
}

// unclaimedRates falls back to volumes where "each" turned out to have nobody to belong to.
func (p *parser) unclaimedRates() {
	for _, r := range p.rates {
		if r.unit != "" && !p.has(r.to, "person") && r.val >= 1 {
			r.val *= perMonth[r.unit]
			p.volumes = append(p.volumes, r)
		}
	}
	p.rates = nil
}

// settleUndirected says of lengths that were said without a direction what they are: of two the longer one goes in.
func (p *parser) settleUndirected() {
	longest := func(dir string) (v float64) {
		for _, t := range p.tokensOf {
			if t.dir == dir {
				v = max(v, t.val)
			}
		}
		return v
	}
	in, out, most := longest("input"), longest("output"), longest("")
	least := most
	for _, t := range p.tokensOf {
		if t.dir == "" {
			least = min(least, t.val)
		}
	}
	for i := range p.tokensOf {
		t := &p.tokensOf[i]
		if t.dir != "" {
			continue
		}
		t.dir = "input"
		if out == 0 && t.val < in || in == 0 && out == 0 && t.val == least && least < most {
			t.dir = "output"
			t.note = "“" + p.quote(t.span) + "” taken as tokens out"
		}
	}
}

// settleTokens files tokens in and out; of several in one direction the largest counts.
func (p *parser) settleTokens() {
	p.settleUndirected()
	for _, d := range []struct {
		dir   string
		field advisor.Field
	}{{"input", advisor.FieldInput}, {"output", advisor.FieldOutput}, {"reasoning", advisor.FieldReasoning}} {
		dir, f := d.dir, d.field
		best, n := reading{}, 0
		for _, t := range p.tokensOf {
			if t.dir != dir || t.val < 0 || t.val > 1e9 {
				continue
			}
			if n > 0 && t.val != best.val {
				p.doubt("two " + dir + " lengths are said; the larger is taken")
			}
			n++
			p.say(f, t.span)
			if t.val > best.val || n == 1 {
				best = t.reading
			}
		}
		if n == 0 {
			continue
		}
		p.doubt(best.note)
		v := int(math.Round(best.val))
		switch dir {
		case "input":
			p.w.InputTokens = v
		case "output":
			p.w.OutputTokens = v
		case "reasoning":
			p.w.ReasoningTokens = &v
		}
	}
}

// settleTokenTotals derives queries from tokens a month where both lengths are known.
func (p *parser) settleTokenTotals() {
	if len(p.tokens) == 0 {
		return
	}
	t := slices.MaxFunc(p.tokens, func(a, b reading) int { return cmp.Compare(a.val, b.val) })
	per := p.w.InputTokens + p.w.OutputTokens
	switch {
	case p.w.QueriesPerMonth > 0:
		p.doubt("“" + p.quote(t.span) + "” is not used, since a number of queries was said")
	case per > 0 && p.w.InputTokens > 0 && p.w.OutputTokens > 0:
		p.w.QueriesPerMonth = t.val / float64(per)
		p.say(advisor.FieldQueries, t.span)
		p.doubt("“" + p.quote(t.span) + "” divided by " + strconv.Itoa(per) + " tokens a query")
	default:
		p.doubt("“" + p.quote(t.span) + "” cannot be turned into queries without the tokens of one query; say, 1200 tokens in, 300 out")
	}
}

// settleTask takes the task that says most: a support chatbot over a wiki is retrieval, a nightly batch of summaries
// is summarisation.
func (p *parser) settleTask() {
	if len(p.tasks) == 0 {
		p.taskFromNouns()
		return
	}
	best := slices.MaxFunc(p.tasks, func(a, b taskVote) int {
		return cmp.Or(cmp.Compare(a.strength, b.strength), -cmp.Compare(a.task, b.task))
	})
	p.w.Task = best.task
	if best.strength <= 1 {
		if v, ok := p.nounTask(); ok {
			p.w.Task = v
		}
	}
	if best.note != "" {
		p.doubt("“" + p.quote(best.span) + "” " + best.note)
	}
	for _, t := range p.tasks {
		if t.task == best.task || t.strength > 4 {
			p.say(advisor.FieldTask, t.span)
		}
		if t.task != best.task && t.strength > 5 && best.strength < 9 {
			p.doubt("several tasks are named; the token counts assumed are those of " + string(best.task))
		}
	}
}

// taskFromNouns reads the task off what is counted: "half a million chats".
func (p *parser) taskFromNouns() {
	for i := range p.toks {
		if p.has(i, "chats") && p.raw(i) != "session" && p.raw(i) != "sessions" {
			p.w.Task = advisor.Chat
			p.say(advisor.FieldTask, span{i, i})
			return
		}
	}
}

func (p *parser) nounTask() (advisor.Task, bool) {
	for i := range p.toks {
		if p.has(i, "chats") {
			return advisor.Chat, true
		}
	}
	return "", false
}

// settleLimits files latency, budget, horizon, growth and peak.
func (p *parser) settleLimits() {
	least := func(rs []reading, f advisor.Field, what string) (reading, bool) {
		for _, r := range rs {
			p.say(f, r.span)
		}
		if len(rs) == 0 {
			return reading{}, false
		}
		r := slices.MinFunc(rs, func(a, b reading) int { return cmp.Compare(a.val, b.val) })
		if slices.ContainsFunc(rs, func(o reading) bool { return o.val != r.val }) {
			p.doubt("several " + what + " are said; " + "“" + p.quote(r.span) + "” is taken")
		}
		p.doubt(r.note)
		return r, true
	}
	negate := func(rs []reading) []reading {
		out := slices.Clone(rs)
		for i := range out {
			out[i].val = -out[i].val
		}
		return out
	}
	p.latencies = bestPercentile(p.latencies)
	if r, ok := least(p.latencies, advisor.FieldLatency, "latency targets"); ok {
		p.w.LatencyP95 = time.Duration(math.Round(r.val * 1e9))
	} else if p.relaxed && p.w.Traffic != advisor.BatchTraffic { // a batch has its own default
		p.w.LatencyP95 = relaxedLatency
		p.doubt("an unimportant latency is taken as p95 under a minute")
	}
	if r, ok := least(p.budgets, advisor.FieldBudget, "budgets"); ok {
		p.w.BudgetUSDMonth = &r.val
	}
	if r, ok := least(negate(p.horizons), advisor.FieldHorizon, "horizons"); ok {
		p.w.HorizonMonths = int(-r.val)
	}
	if r, ok := least(negate(p.growths), advisor.FieldGrowth, "growth rates"); ok {
		v := -r.val
		if v == 0 {
			v = 0 // not -0
		}
		p.w.GrowthPerMonth = &v
	}
	if r, ok := least(negate(p.peaks), advisor.FieldPeakQPS, "peaks"); ok {
		v := -r.val
		p.w.PeakQPS = &v
	}
}

// bestPercentile keeps the targets nearest to a p95: of "p50 1 s, p99 4 s" the second.
func bestPercentile(rs []reading) []reading {
	for _, unit := range []string{"", "p99", "p50"} {
		var out []reading
		for _, r := range rs {
			if r.unit == unit {
				out = append(out, r)
			}
		}
		if len(out) > 0 {
			return out
		}
	}
	return nil
}

// relaxedLatency stands for "latency does not matter": an answer that somebody still waits for.
const relaxedLatency = time.Minute

// settleCompliance leaves an empty list where the request says that nothing applies.
func (p *parser) settleCompliance() {
	p.w.Compliance = unique(p.w.Compliance)
	if len(p.w.Compliance) == 0 && p.excluded {
		p.w.Compliance = []catalog.Regime{}
	}
}

// plainNumber writes a number without exponent.
func plainNumber(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
