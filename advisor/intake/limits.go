package intake

import (
	"math"
)

// money reads budgets, and tells them from prices and from what is paid today.
func (p *parser) money(q *quantity) bool {
	k, left := p.keyword(*q, "budget", "cost")
	r, right := p.after(*q, "budget", "cost")
	for j := q.from; j < q.numEnd && !left; j++ { // "monthly budget: 1500"
		k, left = j, p.has(j, "budget", "cost") && p.raw(j) != "spends"
	}
	if p.targetSpend(q) {
		return true
	}
	enough := q.period == "month" && q.noun < 0 && q.unit == "" && !q.pct && (sufficing[p.raw(q.next)] || p.raw(q.next) == "do" && p.raw(q.next+1) == "for") && p.volumeBesides(q) // "is 10k/month enough for 900k calls"
	if q.cur == "" && !enough && !(left && p.plainBudget(q, k)) && !(right && p.plainBudget(q, r)) {
		return false
	}
	if p.otherMoney(q) {
		p.doubt("“" + p.quote(q.span) + "” is not taken as a budget")
		return true
	}
	note := p.thousands(q)
	if q.perOther || q.person || q.cur == "cent" {
		p.doubt("“" + p.quote(q.span) + "” is a unit price; the budget is read per month")
		return true
	}
	if left && k < q.from {
		q.from = k
	}
	if right && !left {
		q.to = max(q.to, r)
	}
	if p.paidToday(q) {
		p.doubt("“" + p.quote(q.span) + "” is what is paid today and is not taken as a budget")
		return true
	}
	months := perMonth[q.period]
	if q.period == "" {
		months = 1
	}
	b := q.reading("")
	b.val = q.val * months
	if q.hi != 0 {
		b.val = q.hi * months
	}
	if over, to := p.spreadOver(q); over > 0 && q.period == "" {
		b.val /= over
		note = joinNotes(note, "“"+p.quote(span{q.from, to})+"” spread over "+plainNumber(over)+" months")
	}
	b.note = note
	if q.cur == "eur" {
		b.note = joinNotes(note, "“"+p.quote(q.span)+"” is reckoned one to one as USD; give USD for an exact limit")
	}
	p.budgets = append(p.budgets, b)
	return true
}

// otherMoney reports whether an amount is money that is not spent on this: "we raised $4M", "a turnover of 12 million dollars".
func (p *parser) otherMoney(q *quantity) bool {
	const reach = 5
	for k := q.from - 1; k >= q.from-reach && !p.clauseEnd(k) && !p.isNum(k); k-- {
		if p.has(k, "budget") {
			return false
		}
		if fundWords[p.raw(k)] {
			return true
		}
	}
	for k := q.next; k < q.next+4 && !p.clauseEnd(k) && !p.isNum(k); k++ {
		if fundWords[p.raw(k)] && p.raw(k) != "worth" {
			return true
		}
	}
	return false
}

var fundWords = set("raised raise revenue revenues turnover valuation valued funding profit profits salary salaries earn earns earned arr seed licence license licences licenses fine fines worth fundraising")

var sufficing = set("enough sufficient suffice suffices realistic")

// volumeBesides reports whether another number of the request counts requests.
func (p *parser) volumeBesides(q *quantity) bool {
	for i := range p.toks {
		if !p.isNum(i) || i >= q.from && i <= q.to {
			continue
		}
		if o, ok := p.quantityAt(i); ok && o.noun >= 0 && p.has(o.noun, "query", "doc", "chats") {
			return true
		}
	}
	return false
}

// spreadOver reads the months that an amount is for: "$120k for two years", "a grant of 18,000 dollars for the year".
func (p *parser) spreadOver(q *quantity) (float64, int) {
	j := q.next
	if w := p.raw(j); w != "for" && w != "over" && w != "across" {
		return 0, 0
	}
	j++
	for p.raw(j) == "the" || p.raw(j) == "a" || p.raw(j) == "next" || p.raw(j) == "whole" || p.raw(j) == "full" || p.raw(j) == "entire" || p.raw(j) == "all" {
		j++
	}
	n, ok := p.number(j)
	if ok {
		j = n.next
	} else {
		n.val = 1
	}
	if p.isSign(j, "-") {
		j++
	}
	u := p.periodAt(j)
	if perMonth[u] > 1 || u == "" || u == "month" && !ok {
		return 0, 0
	}
	return n.val / perMonth[u], j
}

// plainBudget reports whether a number without a currency is money: next to "budget" and without another unit.
func (p *parser) plainBudget(q *quantity, k int) bool {
	return q.unit == "" && q.noun < 0 && !q.pct && (p.raw(k) != "cap" && p.raw(k) != "rate" || p.has(k-1, "budget", "cost"))
}

// paidToday reports whether an amount is today's bill: "we're paying", "our bill is", "currently spending".
func (p *parser) paidToday(q *quantity) bool {
	today := false
	for k := q.numEnd; k >= 0 && k > q.from-9 && !p.strongEnd(k) && !(today && p.clauseEnd(k)); k-- {
		switch p.raw(k) {
		case "more", "less", "budget", "budgeted", "afford", "max", "maximum", "cap", "under", "below", "limit", "to", "can", "could", "within", "want", "should", "target", "<":
			return false
		case "paying", "pay", "pays", "paid", "bill", "bills", "spending", "spends", "spend", "costs", "costing", "currently", "today", "current", "now", "quoted", "quote", "offered", "charges", "charged", "invoiced", "moment":
			today = true
		}
	}
	for k := q.next; k < q.next+6 && !p.clauseEnd(k) && !p.isNum(k); k++ {
		switch p.raw(k) {
		case "limit", "max", "maximum", "ceiling", "cap", "budget", "tops", "most":
			return false
		}
	}
	for k := q.next; k < q.next+4 && !p.clauseEnd(k); k++ {
		if p.raw(k) == "today" || p.raw(k) == "now" || p.raw(k) == "currently" || p.raw(k) == "bill" {
			today = true
		}
	}
	return today
}

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
	if !named && !behind && (p.raw(q.from-1) == "in" || p.raw(q.from-1) == "by" || p.raw(q.from-1) == "within" || p.raw(q.next) == "ago" || p.raw(q.next) == "old") {
		return false // a date, not a span of planning
	}
	if !named && !behind && p.pastSpan(q) {
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

var pastWords = set("kept keep keeps store stored stores retain retained retention archive archived been since last past every after age aged took takes history experience wait waited previous")
