package intake

import (
	"github.com/llmadvise/llmadvise/advisor"
	"math"
	"strings"
)

var secondsIn = map[string]float64{"ms": .001, "second": 1, "minute": 60, "hour": 3600, "day": 86400}

// timeSpan reads latencies and horizons.
func (p *parser) timeSpan(q *quantity) bool {
	if period, _, _ := p.windowAt(q.numEnd + 2); period != "" && q.unit != "month" && q.unit != "year" && q.unit != "ms" && (q.unit == "second" || q.unit == "minute" || q.unit == "hour") { // "20 minutes a week"
		p.doubt("“" + p.quote(span{q.from, q.numEnd + 1}) + "” is a time, not a number of requests or a limit")
		return true
	}
	switch q.unit {
	case "ms", "second", "minute":
		return p.latency(q, q.val*secondsIn[q.unit])
	case "hour", "day", "week":
		k, ok := p.keyword(*q, "within", "respond", "latency", "slo", "wait", "overnight")
		if ok && (q.unit == "hour" || p.has(k, "respond", "latency", "wait", "slo", "within")) && q.unit != "week" {
			return p.latency(q, q.val*secondsIn[q.unit])
		}
		return false
	case "month", "quarter", "year":
		return p.horizon(q)
	}
	return false
}

// batchWindow reads how long a batch may take: "the nightly run has to finish within 6 hours", "batch within 8 hours a day".
func (p *parser) batchWindow(q *quantity) bool {
	if q.val < 0.5 || q.val > 24 || !p.wordBetween(q.from-3, q.from, "within", "in", "finish", "finished", "done", "under", "takes", "take") {
		return false
	}
	p.w.BatchHours = &q.val
	p.claim(q.from, q.to)
	p.say(advisor.FieldBatchHours, q.span)
	return true
}

func (p *parser) latency(q *quantity, seconds float64) bool {
	if seconds <= 0 || seconds > 7*86400 {
		return false
	}
	if q.unit == "hour" && p.wordBetween(q.from-12, q.from, "batch", "job", "run", "pipeline", "nightly") { // when a batch ends, not how long an answer takes
		return p.batchWindow(q)
	}
	r := reading{val: seconds, span: span{q.from, q.to}, today: p.howItIs(q) || p.lasts(q) || p.raw(q.from-1) == "every"}
	all := []string{"p95", "p99", "p50", "ttft", "tpot", "latency", "within", "respond", "slo", "upto"}
	for _, find := range []func(quantity, ...string) (int, bool){p.keyword, p.after} {
		for k, ok := find(*q, all...); ok && k >= 0; k, ok = find(quantity{span: span{r.from, r.to}, next: r.to + 1}, all...) {
			if p.has(k, "peak") {
				break
			}
			r.from, r.to = min(r.from, k), max(r.to, k)
			r.unit = latencyKind(p, k, r.unit)
		}
	}
	for k := r.to + 1; k < r.to+4 && !p.clauseEnd(k); k++ {
		if p.raw(k) == "token" && (p.raw(k-1) == "first" || p.raw(k-1) == "1st") {
			r.unit = "ttft"
			r.to = k
			break
		}
	}
	if p.ofFirstWord(r.span) && !p.spanHas(r.span, "p95") {
		r.unit = "ttft"
	}
	p.claim(r.from, r.to)
	q.from, q.to = r.from, r.to
	switch r.unit {
	case "ttft":
		if !r.today {
			p.firsts = append(p.firsts, r)
		}
		return true
	case "tpot":
		if !r.today {
			p.streams = append(p.streams, reading{val: 1 / r.val, span: r.span})
		}
		return true
	case "p99":
		r.note = "“" + p.quote(r.span) + "” is taken as the p95 target, which asks for less than a p99"
	case "p50":
		r.note = "“" + p.quote(r.span) + "” is taken as the p95 target, which asks for more"
	}
	if q.hi != 0 {
		r.note = joinNotes(r.note, "the middle of “"+p.quote(r.span)+"” is taken")
	}
	p.latencies = append(p.latencies, r)
	return true
}

// ofFirstWord reports whether the clause of a time speaks of when an answer starts: "the first word may take 1 second", "streaming starts within".
func (p *parser) ofFirstWord(s span) bool {
	const reach = 14
	for k := s.to - 1; k > s.to-reach && !p.clauseEnd(k); k-- {
		w := p.raw(k + 1)
		if p.has(k, "ttft") || (p.raw(k) == "first" || p.raw(k) == "1st") && (p.has(k+1, "token", "wordunit") || w == "letter" || w == "letters" || w == "character" || w == "byte" || w == "chunk") {
			return true
		}
		if stem(p.raw(k)) == "start" && strings.HasPrefix(w, "stream") || strings.HasPrefix(p.raw(k), "stream") && stem(w) == "start" {
			return true
		}
	}
	return false
}

// wholeAnswer reads the time of the whole answer said without a unit behind that of its start: "the first word in 1 second, the whole answer up to
// 10".
func (p *parser) wholeAnswer(q *quantity) bool {
	const back, near = 14, 8
	if q.unit != "" || q.noun >= 0 || q.period != "" || q.cur != "" || q.pct || q.scaled || !p.clauseEnd(q.next) {
		return false
	}
	from := q.from
	for from > q.from-near && !p.clauseEnd(from-1) {
		from--
	}
	if !p.wordBetween(from-1, q.from, "whole", "full", "complete", "entire", "all", "everything", "rest", "total") {
		return false
	}
	for k := from - 1; k > from-back && k >= 0; k-- {
		if t, ok := p.lastTime(k); ok && p.ofFirstWord(t.span) {
			p.latencies = append(p.latencies, reading{val: q.val * secondsIn[t.unit], span: q.span, note: "“" + p.quote(q.span) + "” taken in " + t.unit + "s"})
			return true
		}
	}
	return false
}

// lastTime is the time whose unit stands at token k.
func (p *parser) lastTime(k int) (reading, bool) {
	u := p.periodAt(k)
	return reading{unit: u, span: span{k - 1, k}}, (p.isNum(k-1) || p.raw(k-1) == "a" || numberWords[p.raw(k-1)] > 0) && (u == "second" || u == "minute")
}

// spanHas reports whether a word of a span means the concept.
func (p *parser) spanHas(s span, concept string) bool {
	for k := s.from; k <= s.to; k++ {
		if p.has(k, concept) {
			return true
		}
	}
	return false
}

// lasts reports whether a time is how long something goes on: "therapists speak for 50 min".
func (p *parser) lasts(q *quantity) bool {
	const reach = 4
	if k := q.from - 2; (p.raw(q.from-1) == "(" || p.raw(q.from-1) == "is" || p.raw(q.from-1) == "are") && (q.unit == "minute" || q.unit == "hour") && timedWords[stem(p.raw(k))] { // "each call (8 min)", "a call is 4 minutes"
		return true
	}
	if p.raw(q.from-1) == "of" && (q.unit == "minute" || q.unit == "hour") && p.isWord(q.from-2) && !p.has(q.from-2, "latency", "p95", "slo", "upto", "respond") { // "transcripts of 45 minutes"
		return true
	}
	if w := stem(p.raw(q.from - 2)); p.raw(q.from-1) == "in" && (timedWords[w] || w == "deadline") { // "meeting in 5 min"
		return true
	}
	return p.raw(q.from-1) == "for" && (q.unit == "minute" || q.unit == "hour") && p.isWord(q.from-2) && !p.wordBetween(q.from-reach, q.from, "wait", "waits", "waiting", "ok", "fine", "latency")
}

// shorterTime reads the limit behind a time that is too long: "11 seconds a macro. We need below 4".
func (p *parser) shorterTime(q *quantity) bool {
	const back, near = 14, 4
	if q.unit != "" || q.noun >= 0 || q.period != "" || q.cur != "" || q.pct || q.scaled || len(p.latencies) == 0 {
		return false
	}
	if w := p.raw(q.from - 1); w != "below" && w != "under" && w != "within" && w != "wants" && w != "want" && (w != "be" || !p.wordBetween(q.from-2, q.from, "should", "must") || !p.clauseEnd(q.next)) || !p.wordBetween(q.from-near, q.from, "need", "want", "wants", "must", "should", "be", "get") {
		return false
	}
	last := &p.latencies[len(p.latencies)-1]
	if q.from-last.to > back || q.val >= last.val {
		return false
	}
	last.today = true
	p.latencies = append(p.latencies, reading{val: q.val, span: q.span, note: "“" + p.quote(q.span) + "” taken in seconds"})
	return true
}

func latencyKind(p *parser, k int, had string) string {
	for _, c := range []string{"ttft", "tpot", "p99", "p50"} {
		if p.has(k, c) {
			return c
		}
	}
	return had
}

func (p *parser) horizon(q *quantity) bool {
	k, named := p.keyword(*q, "horizon", "duration", "upto", "within")
	a, behind := p.after(*q, "horizon")
	if named && p.raw(k) != "for" && p.raw(k) != "in" {
		q.from = k
	}
	if behind {
		q.to = max(q.to, a)
		for j := a + 1; p.has(j, "horizon"); j++ {
			q.to = j
		}
	}
	if q.worded && q.val == 1 && (q.unit == "month" || q.unit == "quarter") && !named && !behind {
		return false
	}
	if q.val == 1 && q.unit == "month" && p.has(q.from-2, "usd", "eur") { // "1500 USD for one month"
		return false
	}
	if named && p.raw(k) == "over" && p.has(k-1, "doc") && p.wordBetween(q.next, q.next+4, "then", "afterwards") { // "a backfill of 30M documents over 3 months, then 400k new ones"
		return false
	}
	if w := stem(p.raw(q.from - 2)); (p.raw(q.from-1) == "(" || p.raw(q.from-1) == "of") && (w == "season" || w == "semester" || w == "term") { // "in the high season (4 months)", "per semester of 5 months"
		return false
	}
	if w := p.raw(q.from - 3); !named && !behind && p.raw(q.from-1) == "is" && p.isWord(q.from-2) && (w == "a" || w == "one" || w == "each") { // "a semester is 5 months"
		return false
	}
	if !named && !behind && !p.thatPeriod() && !(p.raw(q.from-1) == "in" && (p.has(q.from-2, "cost") || p.has(q.from-2, "doc") && p.plural(q.from-2) || p.wordBetween(q.from-6, q.from, "until", "till"))) && (p.raw(q.from-1) == "in" || p.raw(q.from-1) == "by" || p.raw(q.from-1) == "within" || p.raw(q.next) == "ago" || p.raw(q.next) == "old") {
		return false // a date, not a span of planning
	}
	if !behind && (!named && (p.pastSpan(q) || p.partOfYear(q)) || p.overSpan(q)) {
		return false
	}
	months := math.Round(q.val / perMonth[q.unit])
	if q.hi != 0 {
		months = math.Round(q.hi / perMonth[q.unit])
	}
	if months < 1 || months > 240 {
		return false
	}
	p.horizons = append(p.horizons, reading{val: months, span: span{q.from, q.to}})
	return true
}

// readYears reads a year that is said without a number: "over the next year", "for about a year", "what the first year costs".
func (p *parser) readYears() {
	for i := range p.toks {
		if p.raw(i) != "year" || p.isClaimed(i) || len(p.horizons) > 0 {
			continue
		}
		from, ranked := p.yearFrom(i)
		if from < 0 || !ranked && !p.spanBefore(from) || ranked && !p.spanBefore(from) && !p.costAsked(from, i) || p.overSpan(&quantity{next: i + 1}) {
			continue
		}
		p.horizons = append(p.horizons, reading{val: 12, span: span{from, i}})
		p.claim(from, i)
	}
}

// yearFrom is where "a year", "the next year" start that end at token i, -1 else; ranked tells that it is the first or the next one.
func (p *parser) yearFrom(i int) (from int, ranked bool) {
	k := i - 1
	switch p.raw(k) {
	case "next", "first", "coming", "following":
		ranked, k = true, k-1
	case "full", "whole", "entire":
		k--
	}
	switch w := p.raw(k); {
	case w == "a", w == "one", ranked && (w == "the" || w == "our"):
		return k, ranked
	case ranked && !p.spanBefore(k+1): // "for next year" says when
		return k + 1, true
	}
	return -1, false
}

// spanBefore reports whether the words before token k make what follows a time to reckon over: "over", "for about".
func (p *parser) spanBefore(k int) bool {
	for k--; p.raw(k) == "about" || p.raw(k) == "roughly" || p.raw(k) == "around" || p.raw(k) == "at" || p.raw(k) == "least" || p.isSign(k, "~"); k-- {
	}
	if w := p.raw(k); w != "over" && w != "for" && w != "during" {
		return false
	}
	const reach = 6
	for j := k - 1; j >= k-reach && !p.clauseEnd(j); j-- { // "grows 20% over the next year", "$6,000 for a year"
		if p.has(j, "grow", "shrink", "pct", "usd", "eur", "double", "triple") || p.raw(j) == "been" || p.raw(j) == "has" || p.raw(j) == "running" {
			return false
		}
	}
	return true
}

// costAsked reports whether words beside a year ask what it costs: "what the first year costs", "what does the next year look like".
func (p *parser) costAsked(from, to int) bool {
	const before, behind = 6, 3
	for k := to + 1; k <= to+behind && !p.clauseEnd(k); k++ {
		if p.has(k, "cost") || p.raw(k) == "look" {
			return true
		}
	}
	for k := from - 1; k >= from-before && !p.clauseEnd(k) && !p.isNum(k); k-- {
		if w := p.raw(k); w == "cost" || w == "costs" || w == "bill" || w == "tco" || w == "compare" || w == "comparison" || w == "calculate" {
			return true
		}
	}
	return false
}

// thatPeriod reports whether the request speaks of a period that it named: "the lease ends in 18 months, compare over that period".
func (p *parser) thatPeriod() bool {
	for i := range p.toks {
		if w := p.raw(i); (w == "that" || w == "this" || w == "same") && (p.raw(i+1) == "period" || p.raw(i+1) == "horizon" || p.raw(i+1) == "time" && p.raw(i-1) == "over") {
			return true
		}
		if w := p.raw(i); (w == "reckon" || w == "plan" || w == "calculate" || w == "compute" || w == "size") && (p.raw(i+1) == "for" || p.raw(i+1) == "over" || p.raw(i+1) == "with") && p.raw(i+2) == "that" && p.clauseEnd(i+3) { // "18 months of runway so reckon for that"
			return true
		}
	}
	return false
}

// partOfYear reports whether a time is a stretch that is over or told of: "in the three months", "in the first 6 months".
func (p *parser) partOfYear(q *quantity) bool {
	k := q.from - 1
	for p.raw(k) == "the" || p.raw(k) == "first" || p.raw(k) == "these" || p.raw(k) == "those" {
		k--
	}
	return k < q.from-1 && p.raw(k) == "in" && !p.costAsked(k, q.to) && !p.thatPeriod()
}

// pastSpan reports whether a time is of something else than planning: "kept 10 years", "30 years of agreements".
func (p *parser) pastSpan(q *quantity) bool {
	if p.raw(q.next) == "of" && (paidFor[p.raw(q.next+1)] || p.thatPeriod()) { // "three years of self-hosting", "18 months of runway ... over that period"
		return false
	}
	switch p.raw(q.next) {
	case "of", "old", "ago", "experience", "history", "data", "back", "archive", "records", "warranty", "later":
		return true
	}
	const reach = 3
	for k := q.from - 1; k >= q.from-reach && !p.clauseEnd(k) && !p.isNum(k); k-- {
		if pastWords[p.raw(k)] {
			return true
		}
	}
	return false
}

// overSpan reports whether words behind a time say that it is over: "for 2 years we used BERT".
func (p *parser) overSpan(q *quantity) bool {
	const reach = 3
	for k := q.next; k < q.next+reach && !p.clauseEnd(k); k++ {
		if w := p.raw(k); w == "used" || w == "been" || w == "had" || w == "ran" || w == "worked" {
			return true
		}
	}
	return false
}

// paidFor are what is paid for over a time.
var paidFor = set("selfhosting self-hosting hosting running operation operations operating use usage service cost costs tco ownership rental renting inference llm api")

var pastWords = set("lead delivery kept keep keeps store stored stores retain retained retention archive archived been since last past every after age aged took takes history experience wait waited previous")
