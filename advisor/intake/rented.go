package intake

import (
	"slices"

	"github.com/llmadvise/llmadvise/advisor"
)

// Machines that a team rents today are no wish: "we rent 4x A100 at Lambda for $5,200 a month to serve Qwen3 32B", "Llama 70B runs on 8 H100 at AWS". They are
// what the answer is measured by, with the model that runs on them and what they cost.

var (
	// rentVerbs say that what follows is rented, where somebody is said to do it now.
	rentVerbs = set("rent rents renting rented lease leases leasing leased")
	// runsOn words stand between a model and the machines that it runs on.
	runsOn = set("on across over with using at the our a an of deployment deployed running hosted served ourselves")
	// servesOn words stand between machines and the model that runs on them.
	servesOn = set("to serve serves serving run runs running host hosts hosting for with that which and the our at from a an month per / nodes servers machines boxes instances")
)

// rentedToday reports whether counted accelerators run today, on somebody else's premises.
func (p *parser) rentedToday(e *entity) bool {
	s := span{e.counted, e.to}
	if p.article(s.from - 1) { // "for a p4d.24xlarge"
		s.from--
	}
	return p.saidInUse(s) || p.rentingBefore(s) || p.raw(s.from-1) == "our" && rentVerbs[p.raw(e.from-1)] || p.rentingBehind(s) || p.runsModel(s) ||
		p.costsToday(s)
}

// rentingBefore reads "we rent 4x A100", "renting 4x A100 at Lambda", "our rented 4x A100".
func (p *parser) rentingBefore(s span) bool {
	const reach = 4
	for k := s.from - 1; k >= s.from-reach && !p.clauseEnd(k); k-- {
		switch w := p.raw(k); {
		case (w == "rented" || w == "leased") && (p.raw(k-1) == "our" || p.raw(k-1) == "my"):
			return true
		case rentVerbs[w], w == "reserved":
			return p.doneNow(k) || p.clauseEnd(k-1) && (w == "renting" || w != "rent" && w != "rents" && w != "lease" && w != "leases" && p.inService(s))
		}
	}
	return false
}

// inService reports whether the sentence goes on with what machines at s cost, what runs on them, or whether to keep them: "rented 4x H100 for 6,000 dollars a
// month", "reserved p5.48xlarge on AWS, should we keep it".
func (p *parser) inService(s span) bool {
	const reach = 12
	for k := s.to + 1; k <= s.to+reach && !p.strongEnd(k); k++ {
		switch w := p.raw(k); {
		case w == "or" || w == "vs" || w == "versus" || w == "would":
			return false
		case (w == "for" || w == "at") && (p.isNum(k+1) || p.has(k+1, "usd", "eur")), w == "running" || w == "serving", w == "keep" || w == "stay":
			return true
		}
	}
	return false
}

// costsToday reads machines at the start of a clause with what they cost now: "8x H100 on Lambda for $23,000/month currently".
func (p *parser) costsToday(s span) bool {
	const reach = 12
	if !p.clauseEnd(s.from - 1) {
		return false
	}
	paid := false
	for k := s.to + 1; k <= s.to+reach && !p.clauseEnd(k); k++ {
		paid = paid || p.has(k, "usd", "eur")
		if presentWords[p.raw(k)] {
			return paid
		}
	}
	return false
}

// rentingBehind reads "the 8x H100 that we rent", "8x H100 rented at AWS".
func (p *parser) rentingBehind(s span) bool {
	const reach = 3
	for k := s.to + 1; k <= s.to+reach && !p.clauseEnd(k); k++ {
		if rentVerbs[p.raw(k)] {
			return doers[p.raw(k-1)] && !p.wishedBefore(k-1)
		}
	}
	return false
}

// runsModel reads machines right behind a model that is in use, is being left, or is paid for: "we self-host Llama 70B on 8x H100", "moving off Mixtral on
// 2 A100", "our Llama 70B on 4 A100 at AWS costs 12k a month".
func (p *parser) runsModel(s span) bool {
	k := s.from - 1
	for k >= 0 && runsOn[p.raw(k)] {
		k--
	}
	if k < 0 || k == s.from-1 && p.raw(k) != "(" || p.toks[k].entity == nil || p.toks[k].entity.kind != modelName {
		return false
	}
	m := span{p.toks[k].entity.from, p.toks[k].entity.to}
	_, left, leaving := p.leavingName(m)
	return p.nameInUse(m) || leaving && left || p.billedBefore(m.from, 14) || p.costsBehind(s) && !p.plannedInClause(m)
}

// billedBefore reports whether the sentence speaks of a bill before token k, and of no plan: "our GPU bill is 30k (Mistral Large on 8 H200)".
func (p *parser) billedBefore(k, reach int) bool {
	for j := k - 1; j >= k-reach && !p.strongEnd(j); j-- {
		if billWords[p.raw(j)] {
			return !wishingWords[p.raw(j-1)] && !p.plannedInClause(span{j, j})
		}
	}
	return false
}

// costsBehind reports whether what machines at s cost follows: "4 A100s at AWS costs 12k a month".
func (p *parser) costsBehind(s span) bool {
	const reach = 5
	for k := s.to + 1; k <= s.to+reach && !p.clauseEnd(k); k++ {
		if w := p.raw(k); w == "costs" || w == "costing" || w == "runs" && p.raw(k+1) == "us" {
			return p.isNum(k+1) || p.isNum(k+2) || p.isNum(k+3)
		}
	}
	return false
}

// besideRented reads what stands beside machines that run today: the vendor that they are rented from, and the model that runs on them.
func (p *parser) besideRented(s span) bool {
	const reach = 12
	kind := p.toks[s.from].entity.kind
	if kind == gpuName {
		return false
	}
	if kind == modelName && p.onRented(s) {
		return true
	}
	for k := s.from - 1; k >= s.from-reach && k >= 0 && !p.strongEnd(k); k-- {
		e := p.toks[k].entity
		switch {
		case p.raw(k) == "(", p.raw(k) == "," && p.openBracket(k):
		case e == nil && kind == providerName && !vendorJoins[p.raw(k)] && !rentVerbs[p.raw(k)]:
			return false
		case e == nil && kind == modelName && !servesOn[p.raw(k)] && !p.isNum(k) && !p.has(k, "usd", "eur"):
			return false
		case e != nil && e.kind == gpuName:
			return e.count > 0 && p.rentedToday(e)
		}
	}
	return false
}

// openBracket reports whether token k stands within brackets.
func (p *parser) openBracket(k int) bool {
	const reach = 10
	for j := k; j >= 0 && j >= k-reach && p.raw(j) != ")"; j-- {
		if p.raw(j) == "(" {
			return true
		}
	}
	return false
}

// onRented reads a model before machines that somebody is said to rent: "Llama 70B runs on 4 H100 that we rent".
func (p *parser) onRented(s span) bool {
	k := s.to + 1
	for k < len(p.toks) && (runsOn[p.raw(k)] || servesOn[p.raw(k)] || p.raw(k) == "is" || p.raw(k) == "runs" || p.isNum(k) || p.isSign(k, "x") || p.raw(k) == "x") {
		k++
	}
	if k >= len(p.toks) || p.toks[k].entity == nil || p.toks[k].entity.kind != gpuName {
		return false
	}
	e := p.toks[k].entity
	g := span{e.counted, e.to}
	return e.count > 0 && (p.rentingBefore(g) || p.rentingBehind(g))
}

// vendorJoins stand between machines and the vendor that they are rented from.
var vendorJoins = set("at from on with via in rented leased we that i which")

// rentedModel takes the one model that is named in the sentence of rented machines for what runs on them, where nothing is said to: "we lease 8x H100 from
// Lambda for $38k and serve DeepSeek V3 on them".
func (p *parser) rentedModel() {
	if len(p.w.Rented) != 1 {
		return
	}
	var sentence span
	for _, e := range p.entities {
		if e.kind == modelName && slices.ContainsFunc(e.ids, func(id string) bool { return slices.Contains(p.w.Today, id) }) {
			return
		}
		if e.kind == gpuName && e.count > 0 && slices.Contains(e.ids, p.w.Rented[0].GPU) {
			sentence = around(span{e.from, e.to}, p.strongEnd)
		}
	}
	var model *entity
	for _, e := range p.entities {
		s := span{e.from, e.to}
		if e.kind != modelName || s.from < sentence.from || s.to > sentence.to {
			continue
		}
		if model != nil && !slices.Equal(model.ids, e.ids) || p.disowned(s) || p.fancied(s) || p.plannedInClause(s) || asksFirst[p.raw(around(s, p.clauseEnd).from)] || p.raw(s.from-1) == "model" { // "model: phi-4" asks for it
			return
		}
		model = e
	}
	if model == nil || !slices.ContainsFunc(model.ids, func(id string) bool { return slices.Contains(p.w.Models, id) }) {
		return
	}
	p.fileToday(model, span{model.from, model.to}, false)
	p.w.Today = unique(p.w.Today)
	if p.w.Models = slices.DeleteFunc(p.w.Models, func(id string) bool { return slices.Contains(model.ids, id) }); len(p.w.Models) == 0 {
		delete(p.spans, advisor.FieldModels)
	}
}

// asksFirst open a question.
var asksFirst = set("is are does do what how which")

// claimRent claims the words that told that the machines at s are rented.
func (p *parser) claimRent(s span) {
	const near = 4
	for k := s.from - 1; k >= s.from-near && !p.clauseEnd(k); k-- {
		if rentVerbs[p.raw(k)] {
			p.claim(k, k)
		}
	}
	for k := s.to + 1; k <= s.to+near && !p.clauseEnd(k); k++ {
		if rentVerbs[p.raw(k)] || p.raw(k) == "today" {
			p.claim(k, k)
		}
	}
}

// rentSaid reports whether an amount is what machines cost that run today: "8x H100 at AWS for 20k a month", "4x A100 (Lambda, 5.2k a month)".
func (p *parser) rentSaid(q *quantity) bool {
	e := p.machinesOf(q)
	return e != nil && p.rentedToday(e)
}

// machinesOf is the counted accelerators that an amount is the price of, nil if there are none.
func (p *parser) machinesOf(q *quantity) *entity {
	const reach = 12
	if q.period == "" || q.noun >= 0 || q.unit != "" || q.pct {
		return nil
	}
	before := p.raw(q.from - 1)
	inside := before == "for" || before == "at" || p.raw(q.from) == "for" || before == "," && q.cur != ""
	for k := q.from - 1; k >= q.from-reach && k >= 0 && !p.strongEnd(k); k-- {
		e := p.toks[k].entity
		switch {
		case p.raw(k) == "(":
			inside = true
		case e != nil && e.kind == gpuName:
			if !inside || e.count == 0 {
				return nil
			}
			return e
		case e == nil && !servesOn[p.raw(k)] && !vendorJoins[p.raw(k)] && !vendorJoins[p.raw(k-1)] && p.raw(k) != "," && !p.has(k, "usd", "eur"):
			return nil
		}
	}
	return nil
}

// hourlyRent reads what an hour of one of the machines costs, "8x H100 at $2.50/h": today's bill where they run today, else a price.
func (p *parser) hourlyRent(q *quantity) bool {
	e := p.machinesOf(q)
	if e == nil || q.period != "hour" || q.cur == "eur" || q.cur == "cent" {
		return false
	}
	if !p.rentedToday(e) {
		p.doubt("“" + p.quote(q.span) + "” is a unit price; the budget is read per month")
		return true
	}
	units, of := float64(e.count)/float64(max(1, e.each)), "card"
	if e.each > 1 {
		of = "machine"
	}
	if p.wordBetween(q.next, q.next+4, "total", "all", "together", "altogether") {
		units = 1
	} else if units > 1 {
		p.doubt("“" + p.quote(q.span) + "” taken as the price of one " + of + ", times " + plainNumber(units))
	}
	bill := reading{val: q.val * units * perMonth["hour"], span: q.span}
	p.spends, p.bills = append(p.spends, bill), append(p.bills, q.span)
	return true
}
