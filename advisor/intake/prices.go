package intake

// Money is named for many things besides what may be spent on this: what somebody sells, earns, pays or owns ("rooms from 90 euros", "a fee of
// 697", "last grant £250k"). An amount without a window is a budget only where its words say that it is to be spent, or where it stands alone.

// spendingCues say that an amount is there to be spent.
var spendingCues = set("budget budgeted afford limit spend spending pay willing prepared ready max maximum most ceiling cap capped allow allows allowed available approved approval signed granted give gives put aside envelope " +
	"target below under within up-to upto exceed exceeds exceeding above over tops less than up or stay keep kept got have has want would could can must should may need ok okay fine enough funds funded finance cheaper")

// spendable reports whether an amount that no window follows is said to be there to be spent, or stands alone in its clause.
func (p *parser) spendable(q *quantity) bool {
	const reach, ahead = 9, 5
	for k := q.from; k >= q.from-reach && (k >= q.from || !p.strongEnd(k) && !p.isNum(k)); k-- {
		if p.has(k, "budget", "upto", "within") || spendingCues[p.raw(k)] {
			return true
		}
	}
	for k := q.numEnd + 1; k <= q.numEnd+ahead && !p.strongEnd(k) && !p.isNum(k) && !turns[p.raw(k)]; k++ {
		if p.has(k, "budget", "upto") || spendingCues[p.raw(k)] {
			return true
		}
	}
	return p.alone(q)
}

// priceNouns are what somebody pays for something else, or is paid.
var priceNouns = set("price fee rent salary wage wages subscription membership ticket tuition premium fare deposit commission payroll mortgage donation dues fine penalty")

// priced reports whether an amount is said to be the price of something: "avg price $47,000", "fee 697 euro", "$79 a month per gym", "15
// dollars a pair", or of the past: "$4m last year", or tells which things are meant: "orders under
// $50".
func (p *parser) priced(q *quantity) bool {
	k := q.from - 1
	for p.isSign(k, ":") || p.isSign(k, "=") || p.raw(k) == "is" || p.raw(k) == "are" || p.raw(k) == "was" || p.raw(k) == "of" || p.raw(k) == "at" || p.raw(k) == "about" || p.raw(k) == "from" {
		k--
	}
	if w := stem(p.raw(k)); priceNouns[w] && !p.has(k-1, "upto", "budget", "slo", "api", "selfhost") && p.raw(k-1) != "to" && p.raw(k-1) != "the" && p.raw(k-1) != "total" {
		return true
	}
	if q.cur != "" && q.period == "" && p.threshold(q) {
		return true
	}
	if p.wordBetween(q.numEnd, q.next, "last", "past", "previous") {
		return true
	}
	return q.cur != "" && (p.has(q.next, "per") && p.thing(q.next+1) || q.period != "" && p.perThing(q))
}

// bounds are words between a thing and the amount that it is told by: "orders under $50", "loans of up to 5,000 dollars".
var bounds = set("above over under below of worth from up to than more less at least")

// threshold reports whether an amount tells which things are meant, and not what may be spent.
func (p *parser) threshold(q *quantity) bool {
	k := q.from - 1
	for bounds[p.raw(k)] {
		k--
	}
	return k < q.from-1 && p.isWord(k) && p.plural(k) && !p.toks[k].glue && !p.numberBefore(k) && !p.has(k, "budget", "cost", "upto", "volume", "month", "year", "selfhost", "api") && p.toks[k].entity == nil
}

// perThing reports whether a window is of each of something that is no load: "$79 per month per gym", "$79 per gym per month".
func (p *parser) perThing(q *quantity) bool {
	for k := q.numEnd + 1; k < q.next+2 && !p.clauseEnd(k); k++ {
		if (p.raw(k) == "per" || p.isSign(k, "/") || p.raw(k) == "each" || p.raw(k) == "every") && p.thing(k+1) {
			return true
		}
	}
	return false
}

// thing reports whether the word at k names something that is counted: no time, no load, no part of a sentence.
func (p *parser) thing(k int) bool {
	return p.isWord(k) && !p.toks[k].glue && p.periodAt(k) == "" && p.toks[k].entity == nil && !p.has(k, "office", "budget", "cost", "upto", "usd", "eur", "horizon", "total")
}

// alone reports whether nothing of content stands beside a quantity in its clause.
func (p *parser) alone(q *quantity) bool {
	c := around(span{q.from, q.to}, p.clauseEnd)
	for k := c.from; k <= c.to; k++ {
		if (k < q.from || k > q.to) && p.isWord(k) && !p.toks[k].glue && p.periodAt(k) == "" || p.toks[k].entity != nil {
			return false
		}
	}
	return true
}
