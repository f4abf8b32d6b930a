package intake

import (
	"cmp"
	"maps"
	"slices"
)

// Several volumes are several tasks that add up ("50k tickets to sort and 5k contracts to read a month"), the same load said in two ways
// ("6k claims, which is 24k calls a month"), or what may be and what may not ("200k, in a good month 600k").

// shareWindow gives a count the window of the one it is joined to: "100k classifications and 20k summaries per month".
func (p *parser) shareWindow() {
	p.leadWindow()
	for i := range p.volumes {
		v := &p.volumes[i]
		if v.unit != "" || v.val <= 0 {
			continue
		}
		for _, o := range p.volumes {
			if o.unit == "" || perSecond(o) {
				continue
			}
			first, second := v.span, o.span
			if second.from < first.from {
				first, second = second, first
			}
			if p.joined(first.to+1, second.from) && p.tellApart(*v, o) {
				v.unit = o.unit
				f := perMonthOr1(o.unit)
				v.val, v.lo, v.hi = v.val*f, v.lo*f, v.hi*f
				break
			}
		}
	}
}

// leadWindow gives the counts of a list the window that leads it: "per week: 300 tickets, 120 mails, 40 chats".
func (p *parser) leadWindow() {
	for _, o := range p.volumes {
		s := around(o.span, p.strongEnd)
		period, _, next := p.windowAt(s.from)
		if o.unit == "" || period != o.unit || !p.isSign(next, ":") {
			continue
		}
		for i := range p.volumes {
			if v := &p.volumes[i]; v.unit == "" && v.from > o.to && v.to <= s.to && p.tellApart(*v, o) {
				f := perMonthOr1(o.unit)
				v.unit, v.val, v.lo, v.hi = o.unit, v.val*f, v.lo*f, v.hi*f
			}
		}
	}
}

// spreadBacklog divides documents that are to be done within some time by its months: "2.4 million cards to read over one year".
func (p *parser) spreadBacklog() {
	const ahead = 12
	for i := range p.volumes {
		v := &p.volumes[i]
		if v.unit != "" || v.total && !v.result || !p.counts(*v, func(k int) bool { return p.has(k, "doc", "query", "pageunit") }) && p.isWord(v.to) && !isMultiplierWord(p.raw(v.to)) {
			continue
		}
		for k := v.to + 1; k <= v.to+ahead && !p.strongEnd(k); k++ {
			if !p.spreads(k) {
				continue
			}
			months, end := p.monthsAfter(k + 1)
			if months < 1 || end > k+4 {
				continue
			}
			v.val, v.lo, v.hi, v.unit = v.val/months, v.lo/months, v.hi/months, "month"
			v.note = joinNotes(v.note, "“"+p.quote(v.span)+"” spread over "+plainNumber(months)+" months")
			break
		}
	}
}

// spreads reports whether the word at token k starts the time within which something is to be done: "over one year", "over the next three months",
// "480k calls in 12 months".
func (p *parser) spreads(k int) bool {
	switch p.raw(k) {
	case "within":
		return true
	case "over":
		return p.raw(k+1) == "one" || p.raw(k+1) == "a" || p.raw(k+1) == "the"
	case "in":
		if p.raw(k+1) == "the" && p.raw(k+2) == "next" && p.isNum(k+3) && p.raw(k+4) == "months" {
			return len(p.growths) == 0
		}
		return p.isNum(k+1) && p.toks[k+1].val > 1 && p.raw(k+2) == "months" && p.clauseEnd(k+3) && len(p.growths) == 0
	}
	return false
}

// weekAndWeekend adds a load of the weekdays and one of the weekends: "12k a day Mon-Fri, 3k a day on Sat/Sun".
func (p *parser) weekAndWeekend() {
	if len(p.volumes) != 2 {
		return
	}
	week, rest := p.volumes[0], p.volumes[1]
	if p.ofWeekend(week.span) {
		week, rest = rest, week
	}
	daily := func(v reading) bool { return v.unit == "day" || v.unit == "workday" }
	if p.ofWeekend(week.span) || !p.ofWeekend(rest.span) || !daily(week) || !daily(rest) {
		return
	}
	sum := week
	sum.val = week.val/perMonth[week.unit]*workdaysPerMonth + rest.val/perMonth[rest.unit]*(daysPerMonth-workdaysPerMonth)
	sum.lo, sum.hi, sum.unit = 0, 0, "month"
	sum.note = "“" + p.quote(week.span) + "” on weekdays and “" + p.quote(rest.span) + "” on weekends are added"
	p.volumes = []reading{sum}
}

// ofWeekend reports whether words beside a volume say that it is that of the days of a weekend.
func (p *parser) ofWeekend(s span) bool {
	const reach = 4
	for k := s.from; k <= s.to+reach && (k <= s.to || !p.clauseEnd(k) && !p.isNum(k)); k++ {
		switch p.raw(k) {
		case "weekend", "weekends", "sat", "saturday", "saturdays", "sunday", "sundays", "sun":
			return true
		}
	}
	for k := s.from - 1; k >= s.from-reach && !p.clauseEnd(k) && !p.isNum(k); k-- {
		if w := p.raw(k); w == "weekend" || w == "weekends" || w == "saturdays" {
			return true
		}
	}
	return false
}

// sumList adds the bare numbers of a list to the volume that it ends with: "HR 2k, Legal 5k, Sales 13k, IT 10k requests".
func (p *parser) sumList() {
	const least = 2 // of them
	if len(p.volumes) != 1 || p.volumes[0].product || perSecond(p.volumes[0]) {
		return
	}
	v := &p.volumes[0]
	f := perMonthOr1(v.unit)
	sum, n := 0.0, 0
	for k := v.from - 2; k > 0; k -= 2 { // the name of what the number behind it is of
		if !p.capitalised(k+1) || p.raw(k) != "," && p.raw(k) != "and" {
			break
		}
		i := slices.IndexFunc(p.bare, func(b reading) bool { return b.to == k-1 && !p.isClaimed(b.from) })
		if i < 0 {
			break
		}
		sum, n = sum+p.bare[i].val*f, n+1
		k = p.bare[i].from
	}
	if n >= least {
		v.val, v.lo, v.hi = v.val+sum, 0, 0
		v.note = joinNotes(v.note, "the numbers before “"+p.quote(v.span)+"” are added to it")
	}
}

// joined reports whether only an "and" stands between two tokens.
func (p *parser) joined(from, to int) bool {
	found := false
	for k := from; k < to; k++ {
		switch w := p.raw(k); {
		case w == "and" || w == "plus" || w == "&" || w == "+":
			found = true
		case !p.skippable(k) && w != ",":
			return false
		}
	}
	return found && to-from <= 3
}

// tellApart reports whether both of two volumes say what they count.
func (p *parser) tellApart(a, b reading) bool {
	return len(p.counted(a)) > 0 && len(p.counted(b)) > 0
}

// counted are the words that say what a volume counts, by stem: those of its span and its label before it. Words that any volume may have
// ("requests") do not count.
func (p *parser) counted(v reading) map[string]bool {
	const label = 3
	out := map[string]bool{}
	add := func(k int) {
		w := p.raw(k)
		if !p.isWord(k) || p.toks[k].entity != nil || isMultiplier(w) || len(w) < 3 || numberWords[w] > 0 || p.periodAt(k) != "" {
			return
		}
		if p.has(k, "query") && !p.has(k, "doc") && !p.has(k+1, "query") || p.has(k, "volume") || p.toks[k].glue && !p.has(k, "chat") || p.has(k, "per") {
			return
		}
		out[stem(w)] = true
	}
	from := v.from
	for k := v.from - 1; k >= v.from-label && !p.clauseEnd(k) && !p.isNum(k) && p.raw(k) != "and"; k-- {
		from = k
	}
	for k := from; k <= v.to; k++ {
		add(k)
	}
	if p.raw(v.to+1) == "for" || p.raw(v.to+1) == "from" { // "25k a month for the web"
		for k := v.to + 2; k <= v.to+1+label && !p.clauseEnd(k) && !p.isNum(k); k++ {
			add(k)
		}
	}
	return out
}

// scenarioWords are of what may be, was or will be: such volumes do not add up.
var scenarioWords = set("low high best worst optimistic pessimistic base case conservative good bad slow busy quiet normal typical average peak usual summer winter spring autumn christmas holiday season " +
	"january february march april may june july august september october november december weekend weekends weekday weekdays first later initially start beginning end launch now today currently current " +
	"yesterday last next previous earlier former old new before after maybe perhaps eventually soon plan forecast expect target goal scenario estimate worse better minimum maximum least most or " +
	"only actually really realistically thought said sorry become becomes should will would between up grow grows growing")

// scenario reports whether words beside a volume say that it only may be, was or will be.
func (p *parser) scenario(v reading) bool {
	const before, behind = 7, 4
	for k := v.from - 1; k >= v.from-before && !p.clauseEnd(k) && !p.isNum(k); k-- {
		if scenarioWords[p.raw(k)] {
			return true
		}
	}
	for k := v.from; k <= v.to+behind && (k <= v.to || !p.clauseEnd(k) && !p.isNum(k)); k++ {
		if scenarioWords[p.raw(k)] {
			return true
		}
	}
	return false
}

var (
	startWords = set("first initially begin beginning start starting launch")
	laterWords = set("after later eventually next")
)

var (
	trialWords = set("pilot poc trial prototype demo beta mvp test staging")
	liveWords  = set("production prod rollout roll-out live rolled")
)

// plannedLoads leaves out what was last year, or in a trial, where another volume is what is planned: "26,000 claims last year; for next year I'm
// planning 36,000", "the PoC did 3k a month, prod 260k".
func (p *parser) plannedLoads(vs []reading) []reading {
	const verb = 5
	past := func(v reading) bool {
		return p.wordBetween(v.from-1, v.to+1, "last", "previous", "past") || p.wordBetween(max(v.from-verb, p.sentenceFrom(v.from, verb)), v.from, "ran", "started", "uploaded", "gave", "had", "did", "got", "saw", "brought", "produced", "were")
	}
	plan := func(v reading) bool {
		const before = 4
		return p.wordBetween(v.from-before, v.to+1, "next", "planning", "plan", "expect", "expecting", "coming", "this", "now", "reckon", "estimate", "forecast", "assume")
	}
	trial := func(v reading) bool { return p.told(v, trialWords) }
	live := func(v reading) bool { return p.told(v, liveWords) }
	return without(without(vs, past, plan), trial, live)
}

// without leaves out the volumes that are given up where others are meant.
func without(vs []reading, given, meant func(reading) bool) []reading {
	if !slices.ContainsFunc(vs, func(v reading) bool { return meant(v) && !given(v) }) {
		return vs
	}
	return slices.DeleteFunc(slices.Clone(vs), given)
}

// told reports whether one of some words stands in the sentence of a volume and nearer to it than any other number.
func (p *parser) told(v reading, words map[string]bool) bool {
	from, to := v.from, max(v.to, v.until)
	for k := from - 1; !p.strongEnd(k) && (!p.isNum(k) || v.product) && !turns[p.raw(k)]; k-- {
		if words[p.raw(k)] {
			return true
		}
	}
	for k := to + 1; !p.clauseEnd(k) && !p.isNum(k) && !turns[p.raw(k)]; k++ {
		if words[p.raw(k)] {
			return true
		}
	}
	return false
}

// fromStart leaves out what comes later where a load at the start is said: "50k a month at first, 150k a month after a year".
func (p *parser) fromStart(vs []reading) []reading {
	near := func(v reading, words map[string]bool) bool {
		const before, behind = 5, 4
		for k := v.from - 1; k >= v.from-before && !p.clauseEnd(k) && !p.isNum(k) && p.raw(k) != "and"; k-- {
			if words[p.raw(k)] {
				return true
			}
		}
		for k := v.to + 1; k <= v.to+behind && !p.clauseEnd(k) && !p.isNum(k) && p.raw(k) != "and"; k++ {
			if words[p.raw(k)] {
				return true
			}
		}
		return false
	}
	var first, rest []reading
	for _, v := range vs {
		switch {
		case near(v, laterWords):
		case near(v, startWords):
			first = append(first, v)
		default:
			rest = append(rest, v)
		}
	}
	if len(first) == 0 || len(rest) > 0 {
		return vs
	}
	return first
}

// addUp sums volumes that count different things.
func (p *parser) addUp(vs []reading) (reading, bool) {
	seen := map[string]bool{}
	sum := reading{unit: "month", span: vs[0].span}
	ranged := false
	if len(vs) == 2 && p.plussed(vs[0], vs[1]) {
		sum.val = vs[0].val + vs[1].val
		return sum, true
	}
	for _, v := range vs {
		words := p.counted(v)
		if len(words) == 0 || perSecond(v) || p.scenario(v) {
			return sum, false
		}
		for w := range words {
			if seen[w] {
				return sum, false
			}
		}
		maps.Copy(seen, words)
		ranged = ranged || v.hi > 0
		sum.val, sum.lo, sum.hi = sum.val+v.val, sum.lo+cmp.Or(v.lo, v.val), sum.hi+cmp.Or(v.hi, v.val)
		p.doubt(v.note)
	}
	if !ranged {
		sum.lo, sum.hi = 0, 0
	}
	return sum, true
}

// plussed reports whether a plus sign stands between two volumes: "500/day new + 2,000/day updates".
func (p *parser) plussed(a, b reading) bool {
	const near = 4
	if a.from > b.from {
		a, b = b, a
	}
	for k := a.to + 1; k < b.from && b.from-a.to <= near; k++ {
		if p.isSign(k, "+") || p.raw(k) == "plus" {
			return true
		}
	}
	return false
}

// calls keeps the requests of a load that is also said in what they are made for: "6k claims, which is 24k calls a month".
func (p *parser) calls(vs []reading) []reading {
	turns := func(v reading) bool {
		return p.counts(v, func(k int) bool { return p.has(k, "query") && !p.has(k, "doc") || turnWords[stem(p.raw(k))] })
	}
	if !slices.ContainsFunc(vs, func(v reading) bool { return !v.product }) { // of different people
		return vs
	}
	for i, v := range vs { // "25 messages a day and 10 reviews a day" are two loads
		for _, o := range vs[i+1:] {
			if p.raw(v.to+1) == "and" && o.from == v.to+2 || p.raw(o.to+1) == "and" && v.from == o.to+2 {
				return vs
			}
		}
	}
	var asked []reading
	most := 0.0
	for _, v := range vs {
		if turns(v) {
			asked = append(asked, v)
		} else if p.counts(v, func(k int) bool { return p.has(k, "doc", "chats") }) {
			most = max(most, v.val)
		} else {
			return vs
		}
	}
	if len(asked) == 0 || most == 0 || slices.ContainsFunc(asked, func(v reading) bool { return v.val < most }) {
		return vs
	}
	return asked
}

// turnWords are the requests that a conversation is made of.
var turnWords = set("message turn msg exchange reply")

// counts reports whether a word of a volume is of a kind.
func (p *parser) counts(v reading, is func(int) bool) bool {
	for k := v.from; k <= v.to; k++ {
		if p.isWord(k) && !p.has(k, "per") && is(k) {
			return true
		}
	}
	return false
}
