package intake

import (
	"cmp"
	"math"
	"slices"
	"strconv"

	"github.com/llmadvise/llmadvise/advisor"
)

// settleVolume decides on the queries per month.
func (p *parser) settleVolume() {
	p.perPerson()
	p.dropFew()
	if len(p.volumes) == 0 && len(p.tokens) == 0 {
		p.bareVolume()
	}
	for _, f := range p.perQuery {
		for i := range p.volumes {
			v := &p.volumes[i]
			v.val, v.lo, v.hi = v.val*f.val, v.lo*f.val, v.hi*f.val
		}
		p.say(advisor.FieldQueries, f.span)
		if f.val < 1 {
			p.doubt("the volume is divided by what goes into one request: “" + p.quote(f.span) + "”")
			continue
		}
		p.doubt("the volume is multiplied by “" + p.quote(f.span) + "”")
	}
	p.windowed()
	p.sumList()
	p.meanOfRange()
	p.spreadBacklog()
	p.shareWindow()
	p.weekAndWeekend()
	p.modelSees()
	if vs := p.distinct(p.candidates()); len(vs) == 2 && p.bothMeant(vs) {
		sum := vs[1]
		sum.val, sum.lo, sum.hi = vs[0].val+vs[1].val, 0, 0
		sum.note = "“" + p.quote(vs[0].span) + "” and “" + p.quote(vs[1].span) + "” are added"
		p.volumes = []reading{sum}
	} else if len(vs) > 1 {
		if v, ok := p.chosen(vs); ok && !perSecond(v) {
			p.volumes = []reading{v}
		} else if plan := p.plannedLoads(vs); len(plan) == 1 && len(p.volumes) == 1 && !perSecond(plan[0]) { // "last year 90k requests a month; the forecast is 240k"
			p.volumes = plan
		}
	}
	p.volumes = p.askedOf(p.onlyTotals(p.volumes))
	switch vs := p.statedFirst(p.distinct(p.volumes)); {
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
	if _, ok := p.chosen(p.volumes); p.target != nil && !ok {
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

// dropFew leaves out counts without a window that are too small for the load of a month: "10 test cases".
func (p *parser) dropFew() {
	const few = 20
	p.volumes = slices.DeleteFunc(p.volumes, func(v reading) bool {
		emergency := v.unit == "" && (v.val == 911 || v.val == 112 || v.val == 999) && p.has(v.from+1, "query") // "911 calls"
		small := emergency || v.unit == "" && v.val <= few && !v.total && len(p.perQuery) == 0 && len(p.parts) == 0
		if small {
			p.doubt("“" + p.quote(v.span) + "” is not taken as the load; say, 300 queries a month")
		}
		return small
	})
}

// windowed takes the only number that has a window for the volume where the counts beside it have none: "1,150 leases in the data room now and
// after this about 85 per month".
func (p *parser) windowed() {
	if len(p.volumes) == 0 || slices.ContainsFunc(p.volumes, func(v reading) bool { return v.unit != "" }) {
		return
	}
	var in []reading
	for _, b := range p.bare {
		if b.unit != "" && !p.isClaimed(b.from) && p.windowFollows(b.from+1) {
			in = append(in, b)
		}
	}
	if len(in) == 1 {
		p.volumes = in
		p.claim(in[0].from, in[0].to)
	}
}

// meanOfRange takes the mean that is said beside a range: "between 100 and 10,000 requests a day, the mean is 2,500".
func (p *parser) meanOfRange() {
	if len(p.volumes) != 1 || p.volumes[0].hi == 0 {
		return
	}
	v := &p.volumes[0]
	for _, b := range p.bare {
		const before = 4
		for k := b.from - 1; k >= b.from-before && !p.clauseEnd(k) && !p.isClaimed(b.from); k-- {
			if f := perMonthOr1(v.unit); meanWords[p.raw(k)] && b.val*f > v.lo && b.val*f < v.hi {
				v.val = b.val * f
				p.claim(k, b.to)
			}
		}
	}
}

// candidates are the volumes, and the large numbers that say nothing of themselves in the window of the only one: "now 2M a month, planned 5M".
func (p *parser) candidates() []reading {
	out := slices.Clone(p.volumes)
	if len(p.volumes) != 1 || p.volumes[0].unit == "" || perSecond(p.volumes[0]) {
		return out
	}
	v := p.volumes[0]
	for _, b := range p.bare {
		const credible = 1000 // times smaller or greater
		if said := v.val / perMonthOr1(v.unit); p.isClaimed(b.from) || b.unit != "" || p.saidTwice(b) && !p.toReckon(b) || b.val*credible < said || said*credible < b.val {
			continue
		}
		f := perMonthOr1(v.unit)
		b.val, b.lo, b.hi, b.unit = b.val*f, b.lo*f, b.hi*f, v.unit
		out = append(out, b)
	}
	return out
}

// modelSees takes the bare number that is said to reach the model for the load in the window of the one before it: "5.5k emails a day, 60% spam, so the
// model sees 2.2k".
func (p *parser) modelSees() {
	if len(p.volumes) != 1 || p.volumes[0].unit == "" || perSecond(p.volumes[0]) {
		return
	}
	v := &p.volumes[0]
	for _, b := range p.bare {
		verb, who := p.raw(b.from-1), p.raw(b.from-2)
		if b.unit != "" || p.isClaimed(b.from) || b.from < v.to || verb != "sees" && verb != "gets" && verb != "reads" && verb != "receives" || who != "model" && who != "llm" && who != "bot" && who != "ai" {
			continue
		}
		v.val, v.lo, v.hi, v.span = b.val*p.monthsOf(v.unit), 0, 0, b.span
		p.claim(b.from, b.to)
	}
}

// bothMeant reports whether the request says behind two volumes that it is about both: "I want one bot for both".
func (p *parser) bothMeant(vs []reading) bool {
	for i := max(vs[0].to, vs[1].to) + 1; i < len(p.toks); i++ {
		if p.raw(i) == "both" && (p.raw(i-1) == "for" || p.raw(i-1) == "merge" || p.raw(i-1) == "of") && (p.clauseEnd(i+1) || p.raw(i+1) == "and" || p.raw(i+1) == "together") {
			return true
		}
	}
	return false
}

// toReckon reports whether a reading stands right behind a verb that says to reckon with it: "please calculate with 50 000".
func (p *parser) toReckon(r reading) bool {
	const reach = 5
	if !slices.ContainsFunc(p.bare, func(o reading) bool { return o.from != r.from && o.val == r.val }) { // the other one says what it is
		return false
	}
	for k := r.from - 1; k >= r.from-reach && (choosingTail[p.raw(k)] || choosingVerbs[p.raw(k)]); k-- {
		if choosingVerbs[p.raw(k)] && (k < r.from-1 || p.raw(k) == "use" || p.raw(k) == "take") {
			return true
		}
	}
	return false
}

// saidTwice reports whether another number of the request has the value of a reading, which then tells what it is.
func (p *parser) saidTwice(r reading) bool {
	for i := range p.toks {
		if p.isNum(i) && (i < r.from || i > r.to) && shift(p.toks[i].val, multipliers[p.raw(i+1)]) == r.val {
			return true
		}
	}
	return false
}

// askedOf drops what is made, sold or added elsewhere where another volume counts what a model reads or answers: "11,000 gearboxes a week, 140
// reports a day", "140 titles a year, 4,000 chapters a month".
func (p *parser) askedOf(vs []reading) []reading {
	asked := func(v reading) bool {
		return v.product || p.counts(v, func(k int) bool { return p.has(k, "query", "doc", "chats", "pageunit") }) || p.docBefore(v.span)
	}
	other := func(v reading) bool {
		k := v.from
		for p.isNum(k) || isMultiplierWord(p.raw(k)) {
			k++
		}
		return v.unit != "" && !v.total && p.raw(v.from-1) != "sum" && !asked(v) && k > v.from && (p.raw(k) == "new" || k <= v.to && p.isWord(k) && p.plural(k) && !p.toks[k].glue && p.toks[k].concepts == nil)
	}
	return without(vs, other, asked)
}

// docBefore reports whether a bracket with a number stands behind what it counts: "every defect report (about 140 per day".
func (p *parser) docBefore(s span) bool {
	k := s.from - 1
	for hedges[p.raw(k)] || p.isSign(k, "~") {
		k--
	}
	return p.raw(k) == "(" && p.has(k-1, "doc", "query", "chats")
}

// statedFirst drops a product that another volume says more roundly: "45 devs, 30 completions/dev/hr, say 10k a day".
func (p *parser) statedFirst(vs []reading) []reading {
	const near = 1.6 // times more or less: people come on more days or for more hours than one reckons
	return slices.DeleteFunc(vs, func(v reading) bool {
		return v.product && slices.ContainsFunc(vs, func(o reading) bool {
			said := !o.product && o.unit != "" && !perSecond(o) && o.from > v.from && o.val < v.val*near && v.val < o.val*near
			if said {
				p.doubt("“" + p.quote(v.span) + "” multiplied is near “" + p.quote(o.span) + "”, which is taken")
			}
			return said
		})
	})
}

// bareVolume takes the only number that said nothing of itself as queries a month.
func (p *parser) bareVolume() {
	for _, b := range p.bare {
		if p.isClaimed(b.from) {
			continue
		}
		p.claim(b.from, b.to)
		if period := p.runAround(b.span); period != "" && b.unit == "" {
			b.val, b.lo, b.hi, b.unit = b.val*perMonth[period], b.lo*perMonth[period], b.hi*perMonth[period], period
		}
		p.volumes = append(p.volumes, b)
	}
	if len(p.volumes) > 0 && len(p.toks) > 0 {
		p.doubt("“" + p.quote(p.volumes[0].span) + "” taken as queries a month")
	}
}

// runAround is how often the sentence of a number says that something is done, "" where it does not: "every night we process all tickets of the day,
// more or less 6000".
func (p *parser) runAround(s span) string {
	s = around(s, p.strongEnd)
	for i := s.from; i <= s.to; i++ {
		if p.raw(i) != "every" && p.raw(i) != "each" && !p.has(i, "overnight") {
			continue
		}
		if f, ok := p.frequencyAt(i); ok && f.every == 1 && perMonth[f.period] > 1 {
			return f.period
		}
	}
	return ""
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
	vs = p.meanAndPeak(vs)
	steady, rates := []reading{}, []reading{}
	for _, v := range vs {
		if perSecond(v) {
			rates = append(rates, v)
		} else {
			steady = append(steady, v)
		}
	}
	if v, ok := p.chosen(rates); ok && len(steady) == 0 {
		vs = []reading{v}
	} else if mean := slices.IndexFunc(rates, func(v reading) bool { return v.mean }); mean >= 0 && len(steady) == 0 && len(p.peaks) > 0 && len(rates) > 1 { // "saturated at 14 rps, we need 12 on average"
		vs = []reading{rates[mean]}
	}
	if len(steady) > 0 && len(rates) > 0 && len(p.peaks) > 0 {
		for _, r := range rates {
			p.doubt("“" + p.quote(r.span) + "” is not used: a volume for a longer time and a peak are said")
		}
		p.volumes = slices.DeleteFunc(p.volumes, perSecond)
		vs = steady
	}
	if len(steady) > 0 && len(rates) > 0 && len(p.peaks) == 0 {
		top := rates[len(rates)-1]
		p.peaks = append(p.peaks, reading{val: perSecondOf(top), span: top.span,
			note: "“" + p.quote(top.span) + "” beside a volume for a longer time is taken as the peak"})
		p.volumes = slices.DeleteFunc(p.volumes, perSecond)
		vs = steady
	}
	if len(vs) == 1 {
		p.w.QueriesPerMonth, p.w.QueriesLow, p.w.QueriesHigh = vs[0].val, vs[0].lo, vs[0].hi
		p.doubt(vs[0].note)
		return
	}
	if v, ok := p.chosen(vs); ok {
		vs = []reading{v}
	}
	if vs = p.calls(p.fromStart(p.plannedLoads(vs))); len(vs) == 1 {
		p.w.QueriesPerMonth, p.w.QueriesLow, p.w.QueriesHigh = vs[0].val, vs[0].lo, vs[0].hi
		p.doubt(vs[0].note)
		return
	}
	if sum, ok := p.addUp(vs); ok {
		p.w.QueriesPerMonth, p.w.QueriesLow, p.w.QueriesHigh = sum.val, sum.lo, sum.hi
		p.doubt("several tasks are named, from “" + p.quote(vs[0].span) + "” to “" + p.quote(vs[len(vs)-1].span) + "”; their volumes are added")
		return
	}
	p.openVolume(vs)
}

// openVolume files volumes of which nothing says how they belong together: as a range where each is called a case, else the one that was said last,
// which is what people come to after what was, or what others have.
func (p *parser) openVolume(vs []reading) {
	lo, hi := vs[0], vs[len(vs)-1]
	p.w.QueriesLow, p.w.QueriesHigh = cmp.Or(lo.lo, lo.val), cmp.Or(hi.hi, hi.val)
	if p.cases(vs) {
		p.w.QueriesPerMonth = (p.w.QueriesLow + p.w.QueriesHigh) / 2
		p.doubt("several volumes are named, from “" + p.quote(lo.span) + "” to “" + p.quote(hi.span) + "”; they are taken as a range")
		return
	}
	last := slices.MaxFunc(without(vs, p.unnamed, func(v reading) bool { return !p.unnamed(v) }), func(a, b reading) int { return cmp.Compare(a.from, b.from) })
	p.w.QueriesPerMonth = last.val
	p.doubt("several volumes are named, from “" + p.quote(lo.span) + "” to “" + p.quote(hi.span) + "”; the last one, “" + p.quote(last.span) + "”, is reckoned with")
}

// unnamed reports whether nothing says what a volume counts.
func (p *parser) unnamed(v reading) bool {
	return !v.product && !p.counts(v, func(k int) bool { return p.has(k, countable...) })
}

var caseWords = set("best worst low high optimistic pessimistic minimum maximum least most between winter summer")

// cases reports whether each of some volumes is named as one of several that may be: "best case 200k a month, worst case 600k".
func (p *parser) cases(vs []reading) bool {
	const before = 4
	return !slices.ContainsFunc(vs, func(v reading) bool {
		for k := v.from; k >= v.from-before && (k == v.from || !p.clauseEnd(k) && !p.isNum(k)); k-- {
			if caseWords[p.raw(k)] {
				return false
			}
		}
		return true
	})
}

// settleTarget turns "from 100k to 1M in 12 months" into a growth.
func (p *parser) settleTarget() {
	if p.w.QueriesPerMonth > 0 && p.target.val > 0 && len(p.growths) == 0 {
		if g := monthlyGrowth(p.target.val/p.w.QueriesPerMonth, p.target.lo); g <= maxGrowth && g > -0.3 {
			p.growths = append(p.growths, reading{val: g, span: p.target.span})
			return
		}
	}
	p.doubt("“" + p.quote(p.target.span) + "” names where the volume goes but not where it starts; say, 100k queries a month growing 10 % m/m")
}

// consumers come every day of the week; people at work do not.
var everyDay = set("crew seafarers sailors nurse nurses midwife carer carers guest guests kid kids child children parent parents reader readers viewer viewers passenger passengers resident residents caller callers dau daus mau maus wau customer customers visitor visitors player players subscriber subscribers shopper shoppers patient patients citizen citizens member members")

// comeDaily reports whether so many people of a kind come every day of the week. Users do where they are more than one house has.
func comeDaily(kind string, n float64) bool {
	const house = 2000
	return everyDay[kind] || stem(kind) == "user" && n > house
}

// weekendsToo reports whether the request speaks of weekends, whatever it says of them.
func (p *parser) weekendsToo() bool {
	for i := range p.toks {
		if w := p.raw(i); w == "weekend" || w == "weekends" || w == "saturday" || w == "sunday" || w == "saturdays" || w == "sundays" {
			return true
		}
	}
	return false
}

// consumersCome reports whether the request says of anybody that they come every day.
func (p *parser) consumersCome() bool {
	for i := range p.toks {
		if consumerWords[p.raw(i)] || p.has(i, "clock") || p.everyDaySaid(i) || p.comesDaily(i) {
			return true
		}
	}
	return false
}

// consumerWords are of people who come on any day.
var consumerWords = set("consumer b2c discord telegram hobby hobbyist weekends")

// comesDaily finds the days that are said at token i: "Saturday included", "all week", "every day of", "7 days", "a public chat".
func (p *parser) comesDaily(i int) bool {
	next := p.raw(i + 1)
	switch p.raw(i) {
	case "weekend", "saturday", "sat":
		return p.weekendIn(i)
	case "public":
		return p.has(i+1, "chat")
	case "my":
		return p.wordBetween(i+1, i+4, "app")
	case "all":
		return next == "week" && p.raw(i+2) != "days"
	case "every":
		return next == "day" && p.raw(i+2) == "of"
	case "seven":
		return next == "days"
	}
	return p.isNum(i) && p.toks[i].val == 7 && next == "days"
}

// weekendIn reports whether the weekend at token i is said to be worked: "also weekend", "weekend too".
func (p *parser) weekendIn(i int) bool {
	switch p.raw(i - 1) {
	case "including", "incl", "also", "and", "even", "plus":
		return true
	}
	return p.raw(i+1) == "too" || p.raw(i+1) == "included" || p.raw(i+1) == "also" || p.raw(i+1) == "incl"
}

// everyDaySaid reports whether the day at token i is said to be any: "every day", "each single day", "all days", rather than one of a
// count, "10 questions a day".
func (p *parser) everyDaySaid(i int) bool {
	return p.anyDay(i) && !p.weekdaysOnly() // the whole request, so last
}

func (p *parser) anyDay(i int) bool {
	if !p.has(i, "day") && p.raw(i) != "single" {
		return false
	}
	if w := p.raw(i - 1); p.raw(i) == "days" {
		return w == "all" && !p.isNum(i-2)
	} else if w == "single" {
		i--
	}
	return p.raw(i+1) != "of" && p.raw(i-1) == "every" && (p.raw(i) == "day" || p.raw(i) == "single" || p.raw(i) == "night")
}

// eitherUsers may be staff or the public; very many are the public.
var eitherUsers = set("user people driver caller")

// manyUsers is a number of users that no staff has.
const manyUsers = 2_000

// fileUsers files how many people will use it, where nothing says how much they ask: the volume is then assumed by them.
func (p *parser) fileUsers(r reading) {
	p.w.Users = r.val
	who := stem(r.unit)
	p.w.UsersOutside = outsiders[who] && (!eitherUsers[who] || r.val > manyUsers)
	p.say(advisor.FieldUsers, r.span)
	p.doubt("“" + p.quote(r.span) + "”: how much each of them asks is assumed; say, 20 questions a day each")
}

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
	most := p.whoAsk()
	for _, h := range p.people {
		daily = daily || comeDaily(h.unit, h.val)
	}
	heads, s := most.val, most.span
	if len(p.rates) == 0 {
		p.adoptVolume(most)
	}
	if len(p.rates) == 0 {
		switch {
		case len(p.volumes) > 0:
		case p.passThrough(most):
			p.volumes = append(p.volumes, reading{val: most.val * p.monthsOf(most.window), unit: most.window, span: most.span, note: "“" + p.quote(most.span) + "”: one request for each of them"})
		default:
			p.fileUsers(most)
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
	period = cmp.Or(period, most.window) // "1,900 visitors a day and each asks 3"
	p.doubt(most.note)
	months, how := p.monthsOf(period), ""
	daily = daily || p.consumersCome()
	switch {
	case p.daysReckoned() > 0 && (period == "day" || period == "workday"):
	case period == "" && p.activeDaily && !daily:
		months, how = workdaysPerMonth, "on the 21.7 working days of a month; say every day if they do not rest"
	case period == "" && (most.unit == "dau" || p.activeDaily):
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

// whoAsk is the number of people that is said to ask, "350 active users with 12 questions a day" beside "1,400 employees", or the greatest.
func (p *parser) whoAsk() reading {
	most := slices.MaxFunc(p.people, func(a, b reading) int { return cmp.Compare(a.val, b.val) })
	asked := p.rates
	if len(asked) == 0 {
		asked = p.volumes
	}
	if len(asked) != 1 {
		return most
	}
	for _, h := range p.people {
		if p.raw(h.to+1) == "with" && asked[0].from > h.to && !p.clauseBetween(h.to, asked[0].from) {
			return h
		}
	}
	return most
}

// passThrough reports whether so many people come in a window whose papers are worked on, rather than to ask: "60 patients a week, all records get
// condensed", but not "60 nurses a week".
func (p *parser) passThrough(r reading) bool {
	if r.window == "" || !served[stem(r.unit)] {
		return false
	}
	asks := func(t taskVote) bool { return t.task == advisor.Chat || t.task == advisor.RAG }
	return len(p.tasks) > 0 && !slices.ContainsFunc(p.tasks, asks)
}

// served are people whose case others work on.
var served = set("patient guest passenger customer citizen caller visitor applicant resident child tenant")

// adoptVolume takes a small volume beside a number of people as each person's: "500 users with 20 questions a day".
func (p *parser) adoptVolume(most reading) {
	in := slices.DeleteFunc(slices.Clone(p.volumes), func(v reading) bool { return v.unit == "" }) // "64 vessels want to ask" has no window
	if len(in) == 0 {
		in = p.volumes
	}
	if len(in) != 1 {
		return
	}
	v := in[0]
	said := v.val / p.monthsOf(v.unit)
	const busiest = 20 // an hour, of one person
	if v.unit == "hour" && (said > busiest || p.w.Traffic == advisor.RoundTheClock) {
		return // nobody asks day and night
	}
	const few = 100 // "2% of them ask, 3 questions on average": for how long is not said
	if v.unit == "" && v.val <= few && v.val < most.val && !v.total {
		p.volumes = nil
		if most.window != "" && p.wordBetween(v.from-4, v.from, "each", "everyone", "everybody") {
			p.rates = append(p.rates, v)
			return
		}
		p.doubt("“" + p.quote(v.span) + "”: say how often, as in 20 questions a day each")
		return
	}
	if v.unit == "" || v.unit == "second" || v.unit == "minute" || said >= most.val || said > 300 {
		return
	}
	other := func(k int) bool { return p.has(k, "doc") || p.isNum(k-1) && p.plural(k) && !p.toks[k].glue }
	if p.sentenceEnds(min(v.to, most.to), max(v.from, most.from)) && p.counts(v, other) && !p.counts(v, func(k int) bool { return p.has(k, "query", "chats") }) {
		return // "21,000 subscribers. 130 articles every day"
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

// lengthsFromTotals divides the tokens a month of a direction by the requests, where both are said: "15B tokens/mo input, 2B output, 10M requests".
func (p *parser) lengthsFromTotals() {
	if p.w.QueriesPerMonth <= 0 {
		return
	}
	for _, t := range p.tokens {
		field, dst := advisor.FieldInput, &p.w.InputTokens
		if t.dir == "output" {
			field, dst = advisor.FieldOutput, &p.w.OutputTokens
		}
		if v := t.val / p.w.QueriesPerMonth; *dst == 0 && (t.dir == "input" || t.dir == "output") && v >= 1 && v <= longestPrompt {
			*dst = int(math.Round(v))
			p.say(field, t.span)
			p.doubt("“" + p.quote(t.span) + "” divided by the number of requests")
		}
	}
}

// settleTokenTotals derives queries from tokens a month where both lengths are known.
func (p *parser) settleTokenTotals() {
	if len(p.tokens) == 0 {
		return
	}
	p.lengthsFromTotals()
	t := slices.MaxFunc(p.tokens, func(a, b dirReading) int { return cmp.Compare(a.val, b.val) })
	per := p.w.InputTokens + p.w.OutputTokens
	if len(p.tokens) > 1 || p.w.InputTokens == 0 || p.w.OutputTokens == 0 { // those of one direction are enough
		per = map[string]int{"input": p.w.InputTokens, "output": p.w.OutputTokens}[cmp.Or(t.dir, "input")]
	}
	switch {
	case p.w.QueriesPerMonth == 0 && per > 0:
		p.w.QueriesPerMonth = t.val / float64(per)
		p.say(advisor.FieldQueries, t.span)
		p.doubt("“" + p.quote(t.span) + "” divided by " + strconv.Itoa(per) + " tokens a query")
	case p.w.QueriesPerMonth > 0:
		p.doubt("“" + p.quote(t.span) + "” is not used, since a number of queries was said")
	default:
		p.tokenLoad()
	}
}

// tokenLoad files tokens a month as the load, in all and by direction: "10B tokens a month, 80 % input", "8B in and 2B out a month".
func (p *parser) tokenLoad() {
	t := &p.w.Tokens
	for _, r := range p.tokens {
		switch r.dir {
		case "input":
			t.In = max(t.In, r.val)
		case "output":
			t.Out = max(t.Out, r.val)
		default:
			t.All = max(t.All, r.val)
		}
		p.say(advisor.FieldTokens, r.span)
	}
	if in, ok := p.inputShare(); ok && t.All > 0 && t.In == 0 && t.Out == 0 {
		t.In, t.Out = t.All*in, t.All*(1-in)
	}
	switch {
	case t.All > t.In && t.In > 0 && t.Out == 0:
		t.Out = t.All - t.In
	case t.All > t.Out && t.Out > 0 && t.In == 0:
		t.In = t.All - t.Out
	}
	if t.In > 0 && t.Out > 0 {
		t.All = 0 // their sum
	}
}

// inputShare reads which part of the tokens is input: "80% input", "20 % of it output".
func (p *parser) inputShare() (float64, bool) {
	const reach = 4
	for k := range p.toks {
		if !p.isNum(k) || !p.isSign(k+1, "%") || p.toks[k].val > 100 {
			continue
		}
		for j := k + 2; j <= k+1+reach && !p.clauseEnd(j) && !p.isNum(j); j++ {
			share := p.toks[k].val / 100
			switch p.raw(j) {
			case "input", "in", "prompt", "prompts", "context":
				p.claim(k, j)
				return share, true
			case "output", "out", "completion", "generated", "answers":
				p.claim(k, j)
				return 1 - share, true
			}
		}
	}
	return 0, false
}
