package intake

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/llmadvise/llmadvise/advisor"
)

// growthRange reads "grows from 10k to 200k over 18 months": a start and a goal rather than a range.
func (p *parser) growthRange(q *quantity) bool {
	if q.hi == 0 || p.raw(q.from) != "from" || q.cur != "" || q.pct || q.unit != "" || len(p.growths) > 0 {
		return false
	}
	months, end := p.monthsAfter(q.next)
	if months == 0 {
		return false
	}
	if k, ok := p.keyword(*q, "grow"); ok {
		q.from = k
	}
	f := perMonthOr1(q.period)
	q.to = end
	s := span{q.from, q.to}
	p.volumes = append(p.volumes, reading{val: q.lo * f, unit: "month", span: s})
	p.target = &reading{val: q.hi * f, lo: months, span: s}
	return true
}

// modelSize reads "a 7B model", "70B params": a size without a family names no model.
func (p *parser) modelSize(q *quantity) bool {
	if p.raw(q.numEnd) != "b" || !p.toks[q.numEnd].glued || q.cur != "" || q.val > 2e12 || p.has(q.numEnd+1, "input", "output") {
		return false
	}
	next := p.raw(q.numEnd + 1)
	sized := next == "model" || next == "models" || next == "llm" || next == "params" || next == "parameter" || next == "parameters" || next == "class" || next == "dense" || next == "moe"
	if !sized && (q.noun >= 0 || q.period != "" || q.unit != "" || q.pct) {
		return false
	}
	q.to = q.numEnd
	if sized {
		q.to++
	}
	p.doubt("“" + p.quote(span{q.from, q.to}) + "” is the size of a model; name one, such as llama-3.3-70b")
	return true
}

// atOnceWords say that so many are at work at the same time, alone or, behind what is counted, in a phrase.
var (
	atOnceWords   = set("concurrent simultaneous parallel concurrently concurrency simultaneously")
	atOncePhrases = []string{"in parallel", "at once", "in flight", "at the same time"}
)

// concurrency reads "50 concurrent users", "20 requests in parallel".
func (p *parser) concurrency(q *quantity) bool {
	if q.unit == "qps" || q.period == "second" {
		return false
	}
	if p.keyedConcurrency(q) {
		return true
	}
	at := -1
	for k := q.numEnd + 1; k <= max(q.noun, q.numEnd+2) && at < 0 && !p.clauseEnd(k); k++ {
		if atOnceWords[p.raw(k)] {
			at = k
		}
	}
	for _, phrase := range atOncePhrases {
		if q.noun >= 0 && p.says(q.noun+1, phrase) {
			at = q.noun + strings.Count(phrase, " ") + 1
		}
	}
	if at < 0 {
		return false
	}
	q.to = max(q.noun, at)
	for q.noun < 0 && p.has(q.to+1, "query", "person", "chats", "doc") {
		q.to++
	}
	r := q.reading("")
	for j := q.numEnd + 1; j <= q.to; j++ {
		if p.has(j, "person") || readers[p.raw(j)] && !p.has(j, "query") && p.raw(j) != "streams" && p.raw(j) != "stream" {
			r.unit = "person"
		}
	}
	if stem(p.raw(q.to)) == "agent" {
		r.unit = "agent" // of a service centre, or programs
	}
	p.atOnce = append(p.atOnce, r)
	return true
}

// keyedConcurrency reads "concurrency 64", "concurrency of 64", "max concurrency: 64".
func (p *parser) keyedConcurrency(q *quantity) bool {
	if q.unit != "" || q.noun >= 0 || q.period != "" || q.cur != "" || q.pct {
		return false
	}
	k := q.from - 1
	for p.isSign(k, "=") || p.isSign(k, ":") || p.raw(k) == "of" || p.raw(k) == "is" || p.raw(k) == "at" {
		k--
	}
	if p.raw(k) != "concurrency" && p.raw(k) != "parallelism" {
		return false
	}
	q.from = k
	p.atOnce = append(p.atOnce, q.reading(""))
	return true
}

// says reports whether the words from token k on are those of a phrase.
func (p *parser) says(k int, phrase string) bool {
	for w := range strings.FieldsSeq(phrase) {
		if p.raw(k) != w {
			return false
		}
		k++
	}
	return true
}

// gpuCount reads "4 x L40S", "eight H100s"; what it says is settled in [parser.filed].
func (p *parser) gpuCount(q *quantity) bool {
	j := q.numEnd + 1
	for p.isSign(j, "x") || p.isSign(j, "-") || p.isSign(j, "*") || p.raw(j) == "rented" || p.raw(j) == "leased" {
		j++
	}
	if q.scaled || q.val > 10000 || j >= len(p.toks) || p.toks[j].entity == nil || p.toks[j].entity.kind != gpuName {
		return false
	}
	q.to = j - 1
	e := p.toks[j].entity
	e.count, e.counted = int(q.val)*max(1, e.each), q.from
	if k := q.from - 1; k >= 0 && (nodeWords[p.raw(e.to)] || nodeWords[p.raw(e.to+1)]) { // "two 8x H100 nodes"
		nodes := numberWords[p.raw(k)]
		if p.isNum(k) {
			nodes = p.toks[k].val
		}
		if nodes >= 1 && nodes <= 100 {
			e.count, e.counted = e.count*int(nodes), k
			p.claim(k, k)
		}
	}
	return true
}

// nodeWords are what holds several accelerators.
var nodeWords = set("nodes servers machines boxes instances hosts")

// readers are who a stream of tokens is for.
var readers = set("user users stream streams request requests reader readers session sessions person people customer customers caller chat conversation seat")

// stream reads tokens a second.
func (p *parser) stream(q *quantity) bool {
	perSecond := q.unit == "token" && q.period == "second" || q.noun >= 0 && p.has(q.noun, "token") && q.period == "second"
	if q.pct || q.unit != "tokenps" && !perSecond {
		return false
	}
	if p.streamOf(q) {
		p.streams = append(p.streams, q.reading(""))
		return true
	}
	p.doubt("“" + p.quote(q.span) + "” counts tokens, not requests; say how many requests come and how long they are")
	return true
}

// streamOf reports whether tokens a second are what one reader is to get: "40 tok/s per user", "each stream gets 30 tok/s", "at least 25 tok/s". What an
// engine does in all is a throughput, and what it does today no target.
func (p *parser) streamOf(q *quantity) bool {
	const reach, fastest = 4, 200 // tokens a second beyond which a bound without a reader is of the whole engine
	if p.howItIs(q) {
		return false
	}
	if q.person || q.each {
		return true
	}
	ofOne := func(k int) bool {
		return p.raw(k) == "each" || readers[p.raw(k)] && (p.raw(k-1) == "each" || p.raw(k-1) == "every" || p.has(k-1, "per"))
	}
	for k := q.next; k < q.next+reach && !p.clauseEnd(k) && !p.isNum(k); k++ {
		if ofOne(k) || readers[p.raw(k)] && p.raw(k-1) == "a" {
			q.to = max(q.to, k)
			return true
		}
	}
	bound := false
	for k := q.from - 1; k >= q.from-2*reach && !p.clauseEnd(k) && !p.isNum(k); k-- {
		if ofOne(k) {
			q.from = k
			return true
		}
		w := p.raw(k)
		bound = bound || w == "least" || w == "minimum" || w == "min" || w == ">" || w == ">=" || w == "≥"
	}
	return bound && q.val <= fastest
}

// rate reads queries a second or a minute.
func (p *parser) rate(q *quantity) bool {
	if q.pct {
		return false
	}
	if q.val < 0.05 && (q.period == "minute" || q.unit == "rpm") { // a price: "0.006 per minute"
		return false
	}
	mean := p.meanBeside(q)
	if q.noun < 0 && q.unit == "" && q.period == "" && q.cur == "" && !q.pct && !p.isSign(q.numEnd+1, "x") && p.dirAt(q.numEnd+1) == "" && !p.lengthNamed(q) {
		p.borrowRate(q, mean)
	}
	period := map[string]string{"qps": "second", "rpm": "minute"}[q.unit]
	if period == "" {
		if q.noun >= 0 && p.has(q.noun, "person") || q.period != "second" && q.period != "minute" && q.period != "hour" && q.period != "officehour" && q.period != "day" {
			return false
		}
		if q.noun >= 0 && !p.has(q.noun, "query", "doc", "chats", "answerw", "summarize", "classify", "extract") {
			return false
		}
		period = q.period
	}
	if q.unit == "tokenps" || q.person || q.each {
		return false
	}
	if p.wordBetween(max(0, q.from-5), q.from, "test", "tests", "tested", "benchmark", "benchmarks", "benchmarked", "chokes", "choke", "chokes", "saturates", "struggles", "maxes", "dies", "crawls", "breaks", "collapses") { // "it chokes at more than 2 requests per second"
		p.doubt("“" + p.quote(q.span) + "” is what today's system can do and is not taken as the load")
		return true
	}
	if k, ok := p.peakBeside(q, period); ok {
		q.from, q.to = min(q.from, k), max(q.to, k)
		v := q.val
		if q.hi != 0 {
			v = q.hi
		}
		p.peaks = append(p.peaks, reading{val: v * (perMonth[period] / perMonth["second"]), span: span{q.from, q.to}})
		return true
	}
	if period == "day" {
		return false
	}
	if hours, days, end := p.hoursADay(q.next); hours > 0 && period != "hour" && period != "officehour" {
		q.to = end
		p.volumes = append(p.volumes, reading{val: q.val * perMonth[period] / hoursPerMonth * hours * days, unit: "day", span: q.span, note: p.thousands(q)})
		return true
	}
	if h, d := p.hoursSaid(); h > 0 { // "8 hours a day, 22 days a month, 3 requests a minute"
		p.volumes = append(p.volumes, reading{val: q.val * perMonth[period] / hoursPerMonth * h * d, unit: "day", span: q.span, note: p.thousands(q)})
		return true
	}
	if p.officeSaid() {
		period += "office"
	}
	note := "“" + p.quote(span{q.from, q.to}) + "” taken as the mean over the month, not the peak"
	if strings.HasSuffix(period, "office") || period == "officehour" {
		note = "“" + p.quote(span{q.from, q.to}) + "” taken over 220 office hours a month"
	}
	p.volumeReading(q, period, joinNotes(p.thousands(q), note))
	p.volumes[len(p.volumes)-1].mean = mean
	return true
}

// lengthNamed reports whether words before a number make it a length: "mean completion 210".
func (p *parser) lengthNamed(q *quantity) bool {
	d, _ := p.lengthBefore(q)
	return d != ""
}

// hoursADay reads "for 8 hours a day" at token j: the hours, and the days of a month.
func (p *parser) hoursADay(j int) (hours, days float64, end int) {
	if p.raw(j) == "steady" || p.raw(j) == "sustained" || p.raw(j) == "constant" {
		j++
	}
	if p.raw(j) == "for" || p.raw(j) == "during" || p.timesSign(j) {
		j++
	}
	n, ok := p.number(j)
	if !ok || n.val > 24 || !p.has(n.next, "hour") {
		return 0, 0, 0
	}
	switch k := n.next + 1; {
	case p.has(k, "weekdayw"):
		return n.val, workdaysPerMonth, k
	case p.timesSign(k): // "50 tickets/h x 12 h x 6 days a week"
		if d := p.daysReckoned(); d > 0 {
			return n.val, d, k - 1
		}
	}
	switch period, _, next := p.windowAt(n.next + 1); period {
	case "workday":
		return n.val, workdaysPerMonth, next - 1
	case "day":
		if p.weekdaysOnly() {
			return n.val, workdaysPerMonth, next - 1
		}
		return n.val, daysPerMonth, next - 1
	}
	return 0, 0, 0
}

// hoursSaid is for how many hours of a day, and on how many days of a month, the request says that the load comes; 0 where it says neither.
func (p *parser) hoursSaid() (hours, days float64) {
	for i := range p.toks {
		if !p.isNum(i) || p.toks[i].val < 1 || p.toks[i].val > 16 || !p.has(i+1, "hour") || p.toks[i].entity != nil {
			continue
		}
		if period, _, _ := p.windowAt(i + 2); period != "day" && period != "workday" {
			continue
		}
		switch d := p.daysReckoned(); {
		case d > 0:
			return p.toks[i].val, d
		case p.weekdaysOnly():
			return p.toks[i].val, workdaysPerMonth
		default:
			return p.toks[i].val, daysPerMonth
		}
	}
	if p.open > 0 {
		return p.open, cmp.Or(p.daysReckoned(), workdaysPerMonth)
	}
	return 0, 0
}

// officeSaid reports whether the request says that the load comes in office hours: a rate then holds in these.
func (p *parser) officeSaid() bool { return p.w.Traffic == advisor.OfficeHours }

// peakBeside finds "peak", "burst" or "up to" next to a rate.
func (p *parser) peakBeside(q *quantity, period string) (int, bool) {
	if p.jumpsTo(q.from) {
		return q.from - 2, true
	}
	if p.has(q.next, "peak") && !p.numberFollows(q.next) { // "3 rps mean 9 rps peak"
		return q.next, true
	}
	beside := []int{q.from - 1, q.next, q.next + 1}
	if p.clauseEnd(q.next) { // what stands behind it belongs to another number
		beside = beside[:1]
	}
	if p.wordBetween(q.from-3, q.from, "normal", "usual", "normally", "usually") { // "spikes: normal is 2k a day"
		return 0, false
	}
	for _, k := range beside {
		if w := p.raw(k); w == "avg" || w == "average" || w == "mean" || w == "median" || w == "sustained" || w == "steady" || w == "avg." {
			return 0, false
		}
	}
	for k := q.from; k <= q.to; k++ {
		if p.has(k, "peak") {
			return k, true
		}
	}
	if k, ok := p.keyword(*q, "peak"); ok {
		return k, true
	}
	for k := q.next; k < q.next+2 && !p.clauseEnd(k); k++ { // "8 requests per second at the morning peak with 3 s"
		for j := k + 1; p.raw(k) == "at" && j <= k+3 && !p.clauseEnd(j); j++ {
			if p.has(j, "peak") {
				return j, true
			}
		}
	}
	const reach = 9
	for k := q.from - 1; k >= q.from-reach && !p.clauseEnd(k) && !p.isNum(k); k-- { // "the peak is Monday morning with 18 requests a second"
		if p.has(k, "peak") && !p.isClaimed(k) && (p.raw(k+1) == "is" || p.raw(k+1) == "comes" || p.raw(k+1) == "at") {
			return k, true
		}
	}
	if k, ok := p.keyword(*q, "upto"); ok && period != "day" {
		return k, true
	}
	if period != "day" && p.raw(q.from-1) == "to" && p.raw(q.from-2) == "up" {
		return q.from - 2, true
	}
	if k, ok := p.after(*q, "upto"); ok && period != "day" {
		return k, true
	}
	if k, ok := p.after(*q, "peak"); ok {
		return k, true
	}
	return q.next, p.raw(q.next) == "then" && p.worstBefore(q.from)
}

// jumpsTo reports whether the number at token i is what a rate jumps to: "5 rps on average, at 9 am it jumps to 30".
func (p *parser) jumpsTo(i int) bool {
	if p.raw(i-1) != "to" {
		return false
	}
	switch p.raw(i - 2) {
	case "jumps", "jump", "spikes", "shoots", "climbs", "surges", "bursts":
		return true
	}
	return false
}

// worstBefore reports whether the sentence has spoken of the worst time before token i: "100 users at worst and 5 queries per second then".
func (p *parser) worstBefore(i int) bool {
	const reach = 14
	for k := i - 1; k > i-reach && !p.strongEnd(k); k-- {
		if p.has(k, "peak") || p.raw(k) == "worst" {
			return true
		}
	}
	return false
}

// headcount reads "500 users", and "20 questions per user" as a rate per person.
func (p *parser) headcount(q *quantity) bool {
	if q.noun >= 0 && p.has(q.noun, "person") && !p.has(q.noun, "doc", "query") || q.noun >= 0 && p.raw(q.noun) == "agents" {
		note := p.thousands(q)
		r := q.reading(p.raw(q.noun))
		for k := q.numEnd + 1; k < q.noun; k++ {
			if p.raw(k) == "active" {
				r.unit = "dau"
			}
		}
		r.note, r.window = note, q.period
		p.people = append(p.people, r)
		return true
	}
	if p.lengthInChain(q) {
		return false
	}
	if q.person || q.each || p.productBefore(q.from) {
		if q.noun < 0 && q.period == "" && (p.raw(q.numEnd+1) != "times" || !p.activeDaily) { // "12% of them use it daily, 4 times each"
			return false
		}
		note := p.thousands(q)
		r := q.reading(q.period)
		r.note = note
		p.rates = append(p.rates, r)
		return true
	}
	return false
}

// lengthInChain reports whether a number behind a sign of multiplication says which way its tokens go: "45,000 calls × 3,200 in × 450 out per month".
func (p *parser) lengthInChain(q *quantity) bool {
	w := p.raw(q.numEnd + 1)
	return q.noun < 0 && p.productBefore(q.from) && (w == "in" || w == "out")
}

// productBefore reports whether the number at i is a factor: "500 users x 20".
func (p *parser) productBefore(i int) bool {
	if p.raw(i-1) == "(" {
		i--
	}
	return p.raw(i-1) == "x" || p.isSign(i-1, "*") || p.raw(i-1) == "times"
}

// volume reads a count of queries with or without a window.
func (p *parser) volume(q *quantity) bool {
	if p.raw(q.from-1) == "range" && q.hi > 0 && q.period != "" { // as Format writes it, beside the middle
		q.from--
		p.ends = &reading{lo: q.lo * perMonth[q.period], hi: q.hi * perMonth[q.period], span: span{q.from, q.to}}
		return true
	}
	if p.lengthInChain(q) {
		return false
	}
	counted := q.noun >= 0 && p.has(q.noun, "query", "doc", "chats", "pageunit", "summarize", "classify", "extract", "answerw") || q.period != "" && q.cur == "" && p.docBefore(q.span)
	if k := q.numEnd + 1; !counted && q.period == "" && q.noun < 0 && q.cur == "" && q.val >= 100 && p.isWord(k) && p.plural(k) && !p.toks[k].glue && !p.has(k, "person", "token", "usd", "eur") && p.concludes(q.from) && p.borrowWindow(q) != "" {
		q.to = k
		p.volumeReading(q, "", p.thousands(q))
		return true
	}
	counted = counted || q.noun < 0 && q.period == "" && q.scaled && q.cur == "" && q.unit == "" && p.has(q.from-1, "total") && !p.has(q.numEnd+1, "input", "output", "token") && p.raw(q.numEnd+1) != "in" && p.raw(q.numEnd+1) != "out" && len(p.volumes) > 1 // "total 830k"
	if !counted && q.period == "" && q.noun < 0 && q.scaled && (p.now() || p.startsWith() >= 0) && p.growthTarget(q) {
		return true
	}
	if !counted && q.period == "" || q.pct || q.worded && !q.scaled && q.val < 2 {
		return false
	}
	if !counted && p.raw(q.numEnd+1) == "of" && theirs[p.raw(q.numEnd+2)] || p.raw(q.numEnd+1) == "of" && (p.raw(q.numEnd+2) == "those" || p.raw(q.numEnd+2) == "these") { // "90 of them in a month"
		if period, _, next := p.windowAt(q.numEnd + 3); period != "" {
			q.to = next - 1
			p.volumeReading(q, period, p.thousands(q))
			return true
		}
	}
	if !counted && !q.scaled && max(q.val, q.other) < 100 && q.noun < 0 {
		if _, ok := p.keyword(*q, "volume", "query"); !ok {
			p.unknownCount(q)
			return false
		}
	}
	if !counted && (p.costBefore(q.from) || p.ofLicence(q) || p.wordBetween(q.next, q.next+4, "pay", "spend", "paid", "paying", "spending") || p.besideMoney(q)) {
		p.doubt("“" + p.quote(q.span) + "” is taken as what something costs, not as a number of requests")
		return true
	}
	if q.perOther && q.period == "" && q.val < 1000 && p.raw(q.from-1) == "top" {
		return false
	}
	if q.perOther && q.period == "" && q.val < 1000 {
		p.perQuery = append(p.perQuery, q.reading(""))
		return true
	}
	if q.noun >= 0 && p.has(q.noun, "doc", "pageunit") && q.period == "" && p.searched() {
		p.doubt("“" + p.quote(q.span) + "” is taken as what is searched, not as what is asked")
		return true
	}
	if q.perOther && q.period == "" && q.noun < 0 && p.has(q.to, "query", "doc", "chats") {
		return false // so much of one request: a length
	}
	note := p.thousands(q)
	if k, ok := p.keyword(*q, "volume"); ok {
		q.from = k
	}
	if q.noun >= 0 && p.has(q.noun, "pageunit") {
		note = joinNotes(note, "“"+p.quote(span{q.from, q.to})+"”: each page taken as one query")
	}
	if p.growthTarget(q) {
		return true
	}
	p.volumeReading(q, q.period, note)
	return true
}

// ofLicence reports whether the sentence of a number that says nothing of itself is about what something costs a year: "12k yearly licence today, we could
// go to 15k a year".
func (p *parser) ofLicence(q *quantity) bool {
	if q.noun >= 0 || q.period == "" {
		return false
	}
	s := around(q.span, p.strongEnd)
	for k := s.from; k <= s.to; k++ {
		if p.has(k, "query", "doc", "chats", "person") && !p.has(k, "per") {
			return false
		}
	}
	return p.wordBetween(s.from, s.to+1, "licence", "license", "subscription", "retainer")
}

// besideMoney reports whether a number with a window is joined to an amount of money: "12,000 dollars for setup plus 900 monthly".
func (p *parser) besideMoney(q *quantity) bool {
	if w := p.raw(q.from - 1); q.noun >= 0 || q.period == "" || w != "plus" && w != "and" && !p.isSign(q.from-1, "+") {
		return false
	}
	return p.moneyBehind(q.from) >= 0
}

// costBefore reports whether the words before a number that says nothing of itself speak of money: "power is another 5k a year".
func (p *parser) costBefore(i int) bool {
	reach := 5
	const far = 14
	for k := i - 1; k >= i-far && !p.strongEnd(k); k-- { // "we got 3 offers: 14k, 17.5k and 21k per year"
		if w := p.raw(k); w == "offers" || w == "quotes" || w == "bids" || w == "tariffs" || w == "budgeted" || w == "spent" || w == "quoted" {
			return true
		}
	}
	if p.raw(i-1) == "(" { // "the licence for the old tool (18k/yr)"
		reach += 3
	}
	for k := i - 1; k >= i-reach && (!p.clauseEnd(k) || p.raw(k) == "(" && k == i-1) && !p.isNum(k) && p.raw(k) != "to"; k-- {
		if p.isSign(k+1, ":") && p.has(k, "doc", "query", "chats") && p.plural(k) { // "insurance emails: 2,400 a day"
			return false
		}
		switch p.raw(k) {
		case "earn", "earns", "raised", "revenue", "turnover", "hire", "hiring", "wage", "wages", "burn", "burning", "spend", "spending", "pay", "paying", "power", "electricity", "salary", "salaries", "rent", "cost", "costs", "licence", "license", "licences", "licenses", "fee", "fees", "maintenance", "insurance":
			return true
		}
	}
	return false
}

// unknownCount keeps a small count of something that the lexicon does not know, "45 shows a week": it is the volume where no other is said.
func (p *parser) unknownCount(q *quantity) {
	if period, _, next := p.windowAt(q.numEnd + 1); period != "" && q.cur == "" && (!q.worded || q.val >= 5) && !p.isNum(next) && p.raw(q.numEnd+1) != "on" { // "25/day"
		if period == "day" && p.weekdaysOnly() {
			period = "workday"
		}
		r := q.reading(period)
		f := perMonth[period]
		r.val, r.lo, r.hi = q.val*f, q.lo*f, q.hi*f
		p.bare = append(p.bare, r)
		return
	}
	k := q.numEnd + 1
	for k < q.numEnd+4 && p.isWord(k) && !p.plural(k) && !p.toks[k].glue {
		k++
	}
	if q.period == "" || q.cur != "" || q.worded || !p.isWord(k) || !p.plural(k) || p.toks[k].glue || p.periodAt(k) != "" || p.toks[k].entity != nil || p.has(k, "person", "token", "wordunit", "pageunit", "usd", "eur", "network") || p.raw(k) == "times" {
		return
	}
	r := q.reading(q.period)
	f := perMonth[q.period]
	r.val, r.lo, r.hi = q.val*f, q.lo*f, q.hi*f
	p.bare = append(p.bare, r)
}

func (p *parser) volumeReading(q *quantity, period, note string) {
	if period == "day" && p.weekdaysOnly() {
		period = "workday"
		note = joinNotes(note, "“"+p.quote(q.span)+"” taken on the 21.7 working days of a month")
	}
	const few = 100 // of what one of something else has: "each chat is 6 turns, so 6 calls"
	result := p.concludes(q.from) && (period != "" || q.scaled || max(q.val, q.other) >= few)
	if result && period == "" {
		if period = p.borrowWindow(q); period == "" && q.noun >= 0 && p.has(q.noun, "query") && !p.spreads(q.next) {
			period = "month"
		}
	}
	r := q.reading(period)
	f := p.monthsOf(period)
	r.val, r.lo, r.hi, r.note = q.val*f, q.lo*f, q.hi*f, note
	r.result = result && period != "" && !perSecond(r)
	r.total = p.inTotal(q) || r.result
	p.volumes = append(p.volumes, r)
}

// keyed reads a number without unit that a word names: "volume=300k", "in=1200", "peak 20", "horizon 36".
func (p *parser) keyed(q *quantity) bool {
	if q.noun >= 0 || q.unit != "" || q.pct || p.isSign(q.numEnd+1, "x") && p.raw(q.numEnd+2) != "the" && p.raw(q.numEnd+2) != "that" && !(p.raw(q.numEnd+2) == "at" && p.has(q.numEnd+3, "peak")) {
		return false
	}
	if p.has(q.from-1, "month", "year", "week", "quarter") && !p.numberBefore(q.from-1) && !q.scaled && q.val <= 60 && p.isNum(q.numEnd+1) { // "month 1 10k, month 6 60k"
		return false
	}
	if x := q.numEnd + 1; p.isSign(x, "x") && (p.raw(x+1) == "that" && p.has(x+3, "peak") || (p.raw(x+1) == "at" || p.raw(x+1) == "in") && p.has(x+2, "peak")) { // "4x that at peak", "5x at peak"
		q.to = x + 2
		p.peakTimes = &reading{val: q.val, span: q.span}
		return true
	}
	if w := p.raw(q.numEnd + 1); w == "am" || w == "pm" {
		return false
	}
	if p.bareLength(q) || p.answerBeside(q) {
		return true
	}
	if k := q.numEnd + 1; q.val < 20 && !q.scaled && p.isWord(k) && p.plural(k) && !p.toks[k].glue && p.dirAt(k) == "" && !p.has(k, "query", "doc", "chats", "person", "usd", "eur") && p.periodAt(k) == "" && p.toks[k].entity == nil { // "2 sentences"
		return false
	}
	k, ok := p.keyword(*q, "input", "output", "promptw", "answerw", "volume", "peak", "p95", "latency", "horizon", "query", "in", "out", "reasontok", "qps", "rpm", "person")
	if ok && p.passive(k) { // "generated from ~25 attributes"
		ok = false
	}
	if n := q.numEnd + 1; (!ok || p.has(k, "volume", "query", "reasontok") && p.dirAt(k) != "output" && (p.clauseEnd(n+1) || p.isSign(n+1, "/") || p.has(n+1, "and"))) && (p.raw(n) == "in" && !p.preposed(n) || p.raw(n) == "out" && p.raw(n+1) != "of") { // "chat traffic: 3k in, 800 out"
		k = n
	} else if !ok || k < q.from-1 && p.toks[k].kind == word && (p.has(k, "in") && p.raw(k) == "in" && !p.assigned(k) && !(p.has(k+1, "token") && p.assigned(k+1))) {
		k, ok = p.after(*q, "input", "output", "in", "out", "volume", "peak", "promptw")
		if !ok || p.raw(k) == "in" && p.preposed(k) || k != q.numEnd+1 && !p.has(k, "volume", "peak") {
			return false
		}
	} else if d := p.dirAt(q.numEnd + 1); d != "" && (p.raw(k) == "in" || p.raw(k) == "out") && !p.assigned(k) && !p.numberFollows(q.numEnd+1) {
		k = q.numEnd + 1
	}
	if d := p.dirAt(k); d == "input" || d == "output" { // "300 words in, 90 out"
		if unit := p.unitBefore(q); unit != 1 {
			q.val = math.Round(q.val * unit)
		}
	}
	if n := q.numEnd + 1; p.has(n, "input", "output") && p.dirAt(k) == "" { // "each query has 1.5k input and 0.5k output"
		k = n
	}
	if n := q.numEnd + 1; p.raw(n) == "in" && p.isNum(n+1) { // "completions 1.2k in 40 out"
		if out, ok := p.number(n + 1); ok && p.raw(out.next) == "out" {
			k = n
		}
	}
	s := span{min(q.from, k), max(q.to, k)}
	switch {
	case p.has(k, "promptw", "answerw") && !p.plural(k) && p.dirAt(k) != "" && !(q.worded && !q.scaled):
		p.tokensOf = append(p.tokensOf, dirReading{reading: reading{val: q.val, span: s, note: p.thousands(q)}, dir: p.dirAt(k)})
	case p.has(k, "person") && !p.has(k, "query", "doc"):
		if !p.assigned(k) {
			return false
		}
		p.people = append(p.people, reading{val: q.val, unit: p.raw(k), span: s, note: p.thousands(q)})
	case p.has(k, "qps", "rpm"):
		if !p.assigned(k) && (k != q.from-1 || p.numberBefore(k)) {
			return false
		}
		q.unit, q.from = map[bool]string{true: "qps", false: "rpm"}[p.has(k, "qps")], k
		return p.rate(q)
	case p.has(k, "volume", "query"):
		p.volumeReading(q, q.period, p.thousands(q))
		p.volumes[len(p.volumes)-1].span = s
	case p.has(k, "peak") && (p.raw(q.numEnd+1) == "times" || p.isSign(q.numEnd+1, "x")):
		if w := p.raw(q.numEnd + 2); w != "that" && w != "the" && w != "this" {
			return false
		}
		p.peakTimes = &reading{val: q.val, span: span{s.from, q.numEnd + 2}}
		q.from, q.to = s.from, q.numEnd+2
		return true
	case p.has(k, "peak") && p.wordBetween(k+1, q.from, "factor", "ratio", "multiplier", "multiple", "average", "avg", "mean"): // "peak factor 6"
		p.peakTimes = &reading{val: q.val, span: s}
	case p.has(k, "peak"):
		p.peaks = append(p.peaks, reading{val: q.val, span: s})
	case p.has(k, "p95") && q.scaled && p.dirAt(q.numEnd+1) != "": // "median 900 in, p95 3k in"
		q.to = q.numEnd + 1
		p.tokensOf = append(p.tokensOf, dirReading{reading: reading{val: q.val, span: span{q.from, q.to}}, dir: p.dirAt(q.numEnd + 1)})
		q.from = min(q.from, k)
		return true
	case p.has(k, "p95", "latency"):
		if q.scaled || q.val <= 0 {
			return false
		}
		r := reading{val: q.val, span: s, note: "“" + p.quote(s) + "” taken in seconds"}
		if q.val >= 100 {
			r.val, r.note = q.val/1000, "“"+p.quote(s)+"” taken in milliseconds"
		}
		p.latencies = append(p.latencies, r)
	case p.has(k, "horizon"):
		if p.raw(q.numEnd) == "m" && q.scaled { // "36m"
			q.val = shift(q.val, -6)
		}
		if q.val < 1 || q.val > 240 {
			return false
		}
		p.horizons = append(p.horizons, reading{val: math.Round(q.val), span: s})
	case p.dirAt(k) != "" && !(q.worded && !q.scaled):
		if p.raw(k) == "in" && k < q.from && !p.assigned(k) && p.isWord(k-1) && p.toks[k-1].concepts == nil && !p.toks[k-1].glue { // "1 error in 100"
			return false
		}
		if p.raw(k) == "in" && (p.has(q.numEnd+1, "office", "day") || q.val >= 1950 && q.val < 2020 && len(p.raw(q.numEnd)) == 4 && p.isWord(q.numEnd+1) && p.dirAt(q.numEnd+1) == "" && !p.has(q.numEnd+1, "token", "and") || q.val >= 2020 && q.val <= 2040 || q.val < 16 || begunWords[p.raw(k-1)]) && !p.assigned(k) {
			return false
		}
		note := p.thousands(q)
		p.tokensOf = append(p.tokensOf, dirReading{reading: reading{val: q.val, span: s, note: note}, dir: p.dirAt(k)})
	default:
		return false
	}
	q.from, q.to = s.from, s.to
	return true
}

// begunWords stand before the "in" of a year.
var begunWords = set("founded established started since launched born built begun")

func (p *parser) assigned(k int) bool { return p.isSign(k+1, "=") || p.isSign(k+1, ":") }

// bareNumber keeps a number that says nothing of itself: it is the volume where no other was said.
func (p *parser) bareNumber(q *quantity) bool {
	if q.noun >= 0 || q.unit != "" || q.pct || q.perOther && !q.scaled || q.worded && !q.scaled || !q.scaled && q.val < 1000 && q.other == 0 || q.val < 10 {
		return false
	}
	if !q.scaled && q.val >= 1990 && q.val <= 2040 && q.val == math.Trunc(q.val) {
		return false // a year
	}
	if n := len(p.tokensOf); n > 0 && q.from-p.tokensOf[n-1].to <= 5 && q.period == "" && (p.raw(q.numEnd+1) == "at" && p.raw(q.numEnd+2) == "most" || p.raw(q.numEnd+1) == "max" || p.raw(q.numEnd+1) == "tops") { // "4k in on average, 20k at most"
		return false
	}
	note := p.thousands(q)
	r := q.reading("")
	r.to = q.numEnd
	r.val, r.lo, r.hi, r.note = q.val, q.lo, q.hi, note
	p.bare = append(p.bare, r)
	return false // claimed when it is used
}

// searched reports whether the request is about answers from a collection.
func (p *parser) searched() bool {
	return slices.ContainsFunc(p.tasks, func(t taskVote) bool { return t.task == advisor.RAG })
}

// preposed reports whether the "in" at k is a preposition rather than a direction: "3M in total".
func (p *parser) preposed(k int) bool {
	switch p.raw(k + 1) {
	case "winter", "summer", "spring", "autumn", "season", "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december", "total", "all", "sum", "the", "a", "an", "our", "this", "that", "each", "one":
		return true
	}
	return p.has(k+1, "country", "eucountry", "people", "eupeople") || tongues[p.raw(k+1)]
}

var tongues = set("english german french spanish italian dutch polish portuguese hindi arabic chinese japanese korean russian turkish swedish danish norwegian finnish czech greek hebrew ukrainian")

// weekdaysOnly reports whether the load is said to come on weekdays: "11k questions a day, weekdays".
func (p *parser) weekdaysOnly() bool {
	for i := range p.toks {
		switch p.raw(i) {
		case "weekdays", "workdays", "monfri", "mon-fri":
			return true
		case "days":
			if w := p.raw(i - 1); w == "business" || w == "working" || schoolDays[w] {
				return true
			}
		case "mon", "monday":
			if p.raw(i+2) == "fri" || p.raw(i+2) == "friday" {
				return true
			}
		case "office":
			const clause = 6
			if p.wordBetween(i-clause, i, "when", "while") { // "when people are in the office", "when the office is open"
				return true
			}
		}
	}
	return false
}
