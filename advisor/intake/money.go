package intake

import "strings"

// money reads budgets, and tells them from prices and from what is paid today.
func (p *parser) money(q *quantity) bool {
	raised := p.raw(q.from) == "from"
	k, left := p.keyword(*q, "budget", "cost")
	r, right := p.after(*q, "budget", "cost")
	for j := q.from; j < q.numEnd && !left; j++ { // "monthly budget: 1500"
		k, left = j, p.has(j, "budget", "cost") && p.raw(j) != "spends"
	}
	if p.isSign(q.from-1, ":") && p.raw(q.from-2) == "money" && !left { // "money: 2 to 3k"
		k, left = q.from-2, true
	}
	if p.raw(q.from-1) == "off" && (p.raw(q.from-2) == "signed" || p.raw(q.from-2) == "signs") && !left { // "the CFO signed off 1,500"
		k, left = q.from-1, true
	}
	if p.ceilingSaid(q) && !left {
		k, left = q.from-1, true
	}
	if p.raw(q.from-1) == "us" && (p.raw(q.from-2) == "gave" || p.raw(q.from-2) == "gives" || p.raw(q.from-2) == "granted" || p.raw(q.from-2) == "allows") && !left { // "finance gave us 5k per quarter"
		k, left = q.from-1, true
	}
	if p.engineerCost(q) || p.hourlyRent(q) || p.targetSpend(q) {
		return true
	}
	enough := q.period == "month" && q.noun < 0 && q.unit == "" && !q.pct && (sufficing[p.raw(q.next)] || (p.raw(q.next) == "ok" || p.raw(q.next) == "okay") && p.raw(q.next+1) == "for" || p.raw(q.next) == "do" && p.raw(q.next+1) == "for") && p.volumeBesides(q) // "is 10k/month enough for 900k calls"
	if q.cur == "" && !enough && !p.cappedCost(q) && !p.rentSaid(q) && !(left && p.plainBudget(q, k)) && !(right && p.has(r, "budget") && p.plainBudget(q, r)) {
		return false
	}
	if over, _ := p.spreadOver(q); !p.rentSaid(q) && (p.otherMoney(q) || p.priced(q) || q.cur != "" && q.period == "" && over == 0 && !p.spendable(q) && !p.paidToday(q)) {
		p.doubt("“" + p.quote(q.span) + "” is not taken as a budget")
		return true
	}
	note := p.thousands(q)
	if q.perOther || q.person || q.each || q.cur == "cent" || q.period == "hour" || q.period == "minute" || q.period == "second" {
		p.doubt("“" + p.quote(q.span) + "” is a unit price; the budget is read per month")
		return true
	}
	if left && k < q.from {
		q.from = k
	}
	if right && !left {
		q.to = max(q.to, r)
	}
	months := perMonth[q.period]
	if p.paidToday(q) {
		if months > 0 {
			p.bills = append(p.bills, q.span)
		}
		if months == 0 || q.cur == "eur" {
			p.doubt("“" + p.quote(q.span) + "” is what is paid today and is not taken as a budget; say it in dollars a month to compare with it")
			return true
		}
		if p.ofPeople(q.span) {
			p.doubt("“" + p.quote(q.span) + "” is what people cost: no bill, no budget, and the advice reckons with its own figure for an engineer")
			return true
		}
		p.doubt(note)
		p.spends = append(p.spends, reading{val: q.val * months, span: q.span})
		return true
	}
	if q.period == "" {
		months = 1
		if p.yearlyLimit(q) {
			months = perMonth["year"]
		}
	}
	b := q.reading(q.cur)
	b.val = q.val * months
	if q.hi != 0 && raised { // "raise it from 2k to 3.5k"
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

// billOfUse reports whether an amount by itself follows what the request says to be in use, in one sentence: "currently on gpt-4o via Azure, 2M
// requests a month, 6k USD a month".
func (p *parser) billOfUse(q *quantity) bool {
	if q.period == "" || q.perOther || q.each {
		return false
	}
	s := around(q.span, p.strongEnd)
	present := false
	for k := s.from; k < q.from; k++ {
		present = present || p.raw(k) == "currently" || p.raw(k) == "presently"
		if e := p.toks[k].entity; e != nil && e.from == k && e.kind != gpuName && present {
			return p.nameInUse(span{e.from, e.to})
		}
	}
	return false
}

// staff are people who are paid for; what they cost is no bill for models.
var staff = set("engineer engineers developer developers dev devs person people fte ftes hire hires salary salaries wage wages payroll contractor contractors admin staff headcount employee employees agent agents rack racks server servers colo datacenter hosting hardware")

// ofPeople reports whether the clause of an amount speaks of people or of machines that are paid for.
func (p *parser) ofPeople(s span) bool {
	c := around(s, p.clauseEnd)
	for k := c.from; k <= c.to; k++ {
		if staff[p.raw(k)] {
			return true
		}
	}
	return false
}

// ceilingSaid reports whether a number without a unit is called the most where money was spoken of before it: "it's 27,000 dollars at OpenAI, so the new
// ceiling is 13,500 a month".
func (p *parser) ceilingSaid(q *quantity) bool {
	if q.cur != "" || q.noun >= 0 || q.unit != "" || q.period != "month" || !p.wordBetween(q.from-4, q.from, "ceiling", "cap", "limit") {
		return false
	}
	for k := q.from - 1; !p.strongEnd(k); k-- {
		if p.has(k, "usd", "eur") {
			return true
		}
	}
	return false
}

// cappedCost reports whether a number without a unit is the most that something may cost: "the API cost must be no higher than 300", "I can't
// spend more than 15k a month".
func (p *parser) cappedCost(q *quantity) bool {
	const reach = 9
	if q.unit != "" || q.noun >= 0 || q.pct || q.period != "" && q.period != "month" || p.raw(q.from-1) != "than" || p.raw(q.from-2) != "higher" && p.raw(q.from-2) != "more" && p.raw(q.from-2) != "greater" {
		return false
	}
	capped, cost := false, false
	for k := q.from - 3; k >= q.from-reach && !p.clauseEnd(k) && !p.isNum(k); k-- {
		capped, cost = capped || p.has(k, "no"), cost || p.has(k, "cost", "budget")
	}
	return capped && cost
}

// yearlyLimit reports whether words before an amount without a window say that it is a year's: "a yearly limit and I told her $18,000".
func (p *parser) yearlyLimit(q *quantity) bool {
	const reach = 12
	if p.wordBetween(q.next, q.next+4, "year's") && p.wordBetween(q.next, q.next+5, "budget") { // "40k USD in this year's budget"
		return true
	}
	for k := q.from - 1; k >= q.from-reach && !p.strongEnd(k) && !p.isNum(k); k-- {
		if p.raw(k) == "year's" && p.has(k+1, "budget") {
			return true
		}
		if p.adverb(k) == "year" && p.isWord(k+1) && (p.has(k+1, "budget", "cost", "upto") || p.raw(k+1) == "envelope" || p.raw(k+1) == "allocation") {
			return true
		}
	}
	return false
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
	first := q.numEnd
	for first > q.from && !p.isNum(first) {
		first--
	}
	for k := first - 1; k >= q.from-reach && !p.clauseEnd(k) && !p.isNum(k); k-- {
		if p.has(k, "budget") {
			return false
		}
		if fundWords[p.raw(k)] || p.raw(k) == "offer" && p.wordBetween(k+1, q.from, "is", "of", "at", "was") || p.toks[k].entity != nil && p.toks[k].entity.kind == gpuName && p.raw(q.from-1) == "for" { // "eight H100s for $240,000"
			return true
		}
	}
	if p.raw(q.from-1) == "at" && p.wordBetween(q.from-far, q.from, "contract", "vendor", "subscription", "supplier") { // "a contract with a vendor at $7,400 a month"
		return true
	}
	for k := q.numEnd + 1; k < q.numEnd+5 && !p.clauseEnd(k) && !p.isNum(k); k++ {
		if fundWords[p.raw(k)] && p.raw(k) != "worth" || p.raw(k) == "spent" {
			return true
		}
	}
	return false
}

var fundWords = set("raised raise revenue revenues turnover valuation valued funding profit profits salary salaries earn earns earned bought purchased arr seed charge charging licence license licences licenses worth fundraising save saves saved saving savings billed")

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
	for p.has(j, "budget") || p.raw(j) == "total" || p.raw(j) == "altogether" { // "15,000 USD budget for a 6 month pilot"
		j++
	}
	if p.raw(j) == "," && p.raw(j+1) == "to" {
		j++
	}
	if p.raw(j) == "to" && p.raw(j+1) == "last" { // "30,000 USD, to last 15 months"
		j++
	}
	if w := p.raw(j); w != "last" && w != "for" && w != "over" && w != "across" {
		return 0, 0
	}
	j++
	for p.raw(j) == "the" || p.raw(j) == "a" || p.raw(j) == "next" || p.raw(j) == "first" || p.raw(j) == "whole" || p.raw(j) == "full" || p.raw(j) == "entire" || p.raw(j) == "all" {
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
	const least = 20                                                                        // dollars
	if q.worded && !q.scaled || q.cur == "" && !q.scaled && q.val < least && q.other == 0 { // "a budget for two servers", "cost 2 let us ask"
		return false
	}
	if p.isYear(q.from) && !q.scaled && q.hi == 0 { // "60k budget for 2026"
		return false
	}
	if w := p.raw(k - 1); thought[w] || w == "token" || w == "latency" || w == "time" || w == "error" || w == "context" {
		return false
	}
	return q.unit == "" && q.noun < 0 && !q.pct && (p.raw(k) != "cap" && p.raw(k) != "rate" || p.has(k-1, "budget", "cost"))
}

var (
	// offerWords stand before what one would pay.
	offerWords = set("would willing prepared happy ready able")
	spendWords = set("pay pays paying gives give giving grants granted funds spends")
	// sponsors pay for it.
	sponsors = []string{"foundation", "sponsor", "sponsors", "investor", "investors", "donor", "donors", "grant", "ministry", "funder", "funders", "client", "parent"}
)

const sponsorReach = 3 // tokens

// paidToday reports whether an amount is today's bill: "we're paying", "our bill is", "currently spending".
func (p *parser) paidToday(q *quantity) bool {
	today := false
	if p.raw(q.from-1) == "it's" && p.raw(q.from-2) == "now" && p.wordBetween(p.sentenceFrom(q.from, 12), q.from, "budget") { // "budget was 30k, and now it's 14k"
		return false
	}
	for k := q.numEnd; k >= 0 && k > q.from-9 && !p.strongEnd(k) && !(today && p.clauseEnd(k)); k-- {
		if w := p.raw(k); strings.HasSuffix(w, "'d") || offerWords[w] || spendWords[w] && p.wordBetween(k-sponsorReach, k, sponsors...) { // "he'd pay $4,000", "a foundation is paying, 3,500 dollars monthly"
			return false
		}
		switch p.raw(k) {
		case "was", "were":
			today = today || p.has(k-1, "cost")
		case "cost":
			today = today || p.now() && !p.assigned(k)
		case "most":
			if p.raw(k-1) == "at" {
				return false
			}
		case "capped", "limited", "grant", "ceiling", "may", "above", "over", "exceed", "must", "more", "less", "budget", "budgeted", "afford", "max", "maximum", "cap", "under", "below", "limit", "to", "can", "could", "within", "want", "should", "target", "<":
			return false
		case "paying", "pay", "pays", "paid", "bill", "bills", "spending", "spent", "spends", "spend", "costs", "costing", "burn", "burning", "burns", "currently", "today", "present", "current", "now", "quoted", "quote", "offered", "charges", "charged", "invoiced", "invoice", "invoices", "moment":
			today = true
		}
	}
	today = today || p.rentSaid(q) || p.alone(q) && p.billOfUse(q)
	for k := q.next; k < q.next+6 && !p.clauseEnd(k) && !p.isNum(k); k++ {
		switch p.raw(k) {
		case "limit", "max", "maximum", "ceiling", "cap", "budget", "tops", "most":
			return false
		}
	}
	for k := q.next; k < q.next+5 && !p.clauseEnd(k); k++ {
		if p.raw(k) == "what" && p.wordBetween(k+1, k+4, "pay", "spend", "pays") && !p.wordBetween(k+1, k+4, "can", "could", "may", "want", "will", "would", "i'd", "we'd", "he'd", "she'd") && !p.wordBetween(k+1, k+4, sponsors...) { // "$1.2k is what we pay"
			today = true
		}
		if p.raw(k) == "today" || p.raw(k) == "now" || p.raw(k) == "currently" || p.raw(k) == "bill" {
			today = true
		}
	}
	return today
}
