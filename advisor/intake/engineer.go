package intake

import (
	"github.com/llmadvise/llmadvise/advisor"
	"github.com/llmadvise/llmadvise/advisor/cost"
)

// What an engineer costs decides between an API and machines that somebody has to look after: "an engineer costs us $15k a month", "loaded FTE cost
// $210k/yr", "average dev salary 90k dollars a year".

var (
	// oneOfStaff are people whose cost is said of one of them.
	oneOfStaff = set("engineer developer dev devops sre fte mlops")
	// eachOfStaff stand before them where it is.
	eachOfStaff = set("an a one per each every our average typical loaded full fully-loaded full-time senior ml mlops devops ai the")
	// wageWords say that overheads come on top.
	wageWords = set("salary salaries wage wages gross")
)

// Costs of one engineer that are believed, USD a month: anything else is of several, or of another time.
const (
	leastEngineer = 800
	mostEngineer  = 60_000
)

// engineerCost reads what one engineer costs.
func (p *parser) engineerCost(q *quantity) bool {
	const reach = 7
	months := perMonth[q.period]
	if months == 0 || q.cur == "cent" || q.unit != "" || q.pct || q.period == "hour" || q.period == "day" {
		return false
	}
	who := -1
	for k := q.from - 1; k >= q.from-reach && k >= 0 && !p.strongEnd(k) && !p.isNum(k) && who < 0; k-- {
		if oneOfStaff[p.raw(k)] && (eachOfStaff[p.raw(k-1)] || p.clauseEnd(k-1)) {
			who = k
		}
	}
	for k := q.numEnd + 1; k < q.numEnd+7 && who < 0 && !p.clauseEnd(k); k++ { // "$15k a month per engineer"
		if oneOfStaff[p.raw(k)] && (p.raw(k-1) == "per" || p.raw(k-1) == "an" || p.raw(k-1) == "each") {
			who = k
		}
	}
	if who < 0 || who > q.from && q.cur == "" || who < q.from && (q.perOther || !p.saysCost(span{who, q.from})) {
		return false
	}
	usd := q.val
	if q.other > 0 {
		usd = q.other
	}
	usd *= months
	if usd < leastEngineer || usd > mostEngineer {
		return false
	}
	if q.cur == "eur" {
		p.doubt("“" + p.quote(q.span) + "” is what an engineer costs; say it in dollars to reckon with it")
		return true
	}
	p.doubt(p.thousands(q))
	if around := around(q.span, p.strongEnd); p.anyBetween(around.from, around.to, wageWords) {
		usd *= cost.LoadFactor
		p.doubt("“" + p.quote(q.span) + "” is a salary; " + plainNumber(cost.LoadFactor) + " times that is reckoned with, overheads included")
	}
	p.w.EngineerUSDMonth = &usd
	p.claim(who, who)
	p.say(advisor.FieldEngineer, q.span)
	return true
}

// saysCost reports whether words between who is paid and an amount say that it is their cost, and of no plan to hire.
func (p *parser) saysCost(s span) bool {
	said := p.raw(s.from+1) == ":" || p.raw(s.from+1) == "at" || p.raw(s.from+1) == "="
	from := s.from
	for from > s.from-2 && !p.clauseEnd(from-1) {
		from--
	}
	for k := from; k < s.to; k++ {
		w := p.raw(k)
		if w == "saves" || w == "save" || w == "hours" || w == "budget" {
			return false
		}
		said = said || p.has(k, "cost") || wageWords[w] || w == "costs" || w == "costing" || w == "paid" || w == "pay" || w == "is" || w == "runs" || w == "earns"
	}
	return said
}

func (p *parser) anyBetween(from, to int, words map[string]bool) bool {
	for k := from; k <= to; k++ {
		if words[p.raw(k)] {
			return true
		}
	}
	return false
}
