package intake

import "strings"

// money reads budgets, and tells them from prices and from what is paid today.
func (p *parser) money(q *quantity) bool {
	k, left := p.keyword(*q, "budget", "cost")
	r, right := p.after(*q, "budget", "cost")
	for j := q.from; j < q.numEnd && !left; j++ { // "monthly budget: 1500"
		k, left = j, p.has(j, "budget", "cost") && p.raw(j) != "spends"
	}
	if p.raw(q.from-1) == "off" && (p.raw(q.from-2) == "signed" || p.raw(q.from-2) == "signs") && !left { // "the CFO signed off 1,500"
		k, left = q.from-1, true
	}
	if p.targetSpend(q) {
		return true
	}
	enough := q.period == "month" && q.noun < 0 && q.unit == "" && !q.pct && (sufficing[p.raw(q.next)] || (p.raw(q.next) == "ok" || p.raw(q.next) == "okay") && p.raw(q.next+1) == "for" || p.raw(q.next) == "do" && p.raw(q.next+1) == "for") && p.volumeBesides(q) // "is 10k/month enough for 900k calls"
	if q.cur == "" && !enough && !(left && p.plainBudget(q, k)) && !(right && p.has(r, "budget") && p.plainBudget(q, r)) {
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
	const reach, far = 5, 9
	for k := q.from - 3; k < q.next+3 && q.period == ""; k++ { // "budget for HW: 80k one time"
		if w := p.raw(k); k > 0 && (w == "hw" || w == "hardware" || w == "capex" || w == "upfront" || w == "one" && p.raw(k+1) == "time" || w == "one-time") {
			return true
		}
	}
	for k := q.from - 1; k >= q.from-far && !p.clauseEnd(k) && !p.has(k, "budget"); k-- {
		if w := p.raw(k); w == "bought" || w == "purchased" { // "bought 8 H100 in 2024 for 290k dollars"
			return true
		}
	}
	for k := q.from - 1; k >= q.from-reach && !p.clauseEnd(k) && !p.isNum(k); k-- {
		if p.has(k, "budget") {
			return false
		}
		if fundWords[p.raw(k)] {
			return true
		}
	}
	for k := q.numEnd + 1; k < q.numEnd+5 && !p.clauseEnd(k) && !p.isNum(k); k++ {
		if fundWords[p.raw(k)] && p.raw(k) != "worth" || p.raw(k) == "spent" {
			return true
		}
	}
	return false
}

var fundWords = set("raised raise revenue revenues turnover valuation valued funding profit profits salary salaries earn earns earned bought purchased arr seed licence license licences licenses fine fines worth fundraising")

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
	if w := p.raw(j); strings.HasPrefix(w, "fy") && len(w) <= 6 || p.isNum(j) && len(w) == 4 && p.toks[j].val >= 2020 && p.toks[j].val <= 2040 && p.clauseEnd(j+1) { // "for FY26", "for 2026"
		return 1 / perMonth["year"], j
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
	if w := p.raw(k - 1); thought[w] || w == "token" || w == "latency" || w == "time" || w == "error" || w == "context" {
		return false
	}
	return q.unit == "" && q.noun < 0 && !q.pct && (p.raw(k) != "cap" && p.raw(k) != "rate" || p.has(k-1, "budget", "cost"))
}

// paidToday reports whether an amount is today's bill: "we're paying", "our bill is", "currently spending".
func (p *parser) paidToday(q *quantity) bool {
	today := false
	for k := q.numEnd; k >= 0 && k > q.from-9 && !p.strongEnd(k) && !(today && p.clauseEnd(k)); k-- {
		switch p.raw(k) {
		case "cost":
			today = today || p.now() && !p.assigned(k)
		case "most":
			if p.raw(k-1) == "at" {
				return false
			}
		case "may", "above", "over", "exceed", "must", "more", "less", "budget", "budgeted", "afford", "max", "maximum", "cap", "under", "below", "limit", "to", "can", "could", "within", "want", "should", "target", "<":
			return false
		case "paying", "pay", "pays", "paid", "bill", "bills", "spending", "spent", "spends", "spend", "costs", "costing", "currently", "today", "current", "now", "quoted", "quote", "offered", "charges", "charged", "invoiced", "invoice", "invoices", "moment":
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
