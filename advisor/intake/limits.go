package intake

import (
	"math"
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

func (p *parser) latency(q *quantity, seconds float64) bool {
	if q.hi != 0 {
		seconds *= q.hi / q.val
	}
	if seconds <= 0 || seconds > 7*86400 {
		return false
	}
	r := reading{val: seconds, span: span{q.from, q.to}, today: p.howItIs(q)}
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
	for k := r.from; k < r.to; k++ {
		if (p.raw(k) == "first" || p.raw(k) == "1st") && p.has(k+1, "token") {
			r.unit = "ttft"
		}
	}
	p.claim(r.from, r.to)
	q.from, q.to = r.from, r.to
	switch r.unit {
	case "ttft", "tpot":
		p.doubt("“" + p.quote(r.span) + "” is about single tokens; the latency target here is the whole answer, p95: say, p95 < 5 s")
		return true
	case "p99":
		r.note = "“" + p.quote(r.span) + "” is taken as the p95 target, which asks for less than a p99"
	case "p50":
		r.note = "“" + p.quote(r.span) + "” is taken as the p95 target, which asks for more"
	}
	p.latencies = append(p.latencies, r)
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
	if q.worded && q.val == 1 && q.unit == "month" && !named && !behind {
		return false
	}
	if named && p.raw(k) == "over" && p.has(k-1, "doc") && p.wordBetween(q.next, q.next+4, "then", "afterwards") { // "a backfill of 30M documents over 3 months, then 400k new ones"
		return false
	}
	if w := p.raw(q.from - 3); !named && !behind && p.raw(q.from-1) == "is" && p.isWord(q.from-2) && (w == "a" || w == "one" || w == "each") { // "a semester is 5 months"
		return false
	}
	if !named && !behind && !p.thatPeriod() && (p.raw(q.from-1) == "in" || p.raw(q.from-1) == "by" || p.raw(q.from-1) == "within" || p.raw(q.next) == "ago" || p.raw(q.next) == "old") {
		return false // a date, not a span of planning
	}
	if !behind && (!named && p.pastSpan(q) || p.overSpan(q)) {
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

// thatPeriod reports whether the request speaks of a period that it named: "the lease ends in 18 months, compare over that period".
func (p *parser) thatPeriod() bool {
	for i := range p.toks {
		if w := p.raw(i); (w == "that" || w == "this" || w == "same") && (p.raw(i+1) == "period" || p.raw(i+1) == "horizon" || p.raw(i+1) == "time" && p.raw(i-1) == "over") {
			return true
		}
	}
	return false
}

// pastSpan reports whether a time is of something else than planning: "kept 10 years", "30 years of agreements".
func (p *parser) pastSpan(q *quantity) bool {
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

var pastWords = set("kept keep keeps store stored stores retain retained retention archive archived been since last past every after age aged took takes history experience wait waited previous")
