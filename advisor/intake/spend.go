package intake

// What is paid is often said twice: as it is, and as it is to be.

// targetSpend reads the amount that a bill is to come down to, said without a currency: "we spend $14k a month, I'd like to get to 6k".
func (p *parser) targetSpend(q *quantity) bool {
	if q.cur != "" || q.noun >= 0 || q.unit != "" || q.pct || q.person || q.perOther || q.each || q.period != "" && q.period != "month" || !p.goalBefore(q) {
		return false
	}
	bill := p.billNear(q)
	if q.period == "month" && bill == 0 && p.strictGoal(q) {
		bill = p.billWithin(0, len(p.toks), q)
	}
	const least = 0.01 // of the bill: less is not money
	const most = 3     // times the bill, where so much is named as the most: "spending 2k now, max 3k later"
	above := q.val >= bill && q.val <= most*bill && q.scaled && p.wordBetween(q.from-2, q.from, "max", "maximum", "most")
	if bill == 0 || q.val >= bill && !above || q.val < least*bill {
		return false
	}
	p.budgets = append(p.budgets, reading{val: q.val, note: p.thousands(q), span: q.span})
	return true
}

// goalBefore reports whether words before a number say that it is aimed at: "get to 6k", "should be 6k", "the target is 8k".
func (p *parser) goalBefore(q *quantity) bool {
	const reach = 6
	after := q.next
	aimed := p.raw(after) == "max" || p.raw(after) == "maximum" || p.raw(after) == "tops" || p.raw(after) == "or" && (p.raw(after+1) == "less" || p.raw(after+1) == "lower" || p.raw(after+1) == "below")
	for k := q.from; k >= q.from-reach && (k == q.from || !p.clauseEnd(k) && !p.isNum(k)); k-- {
		if p.has(k, "volume", "query", "doc", "token", "person") && !p.has(k, "per") {
			return false
		}
		switch p.raw(k) {
		case "to", "below", "under", "<", "target", "goal", "should", "max", "maximum", "most", "within", "at-most", "aim", "aiming", "hoping", "hope", "ideally", "want", "be":
			aimed = true
		}
	}
	return aimed
}

// billNear is the amount of today's bill near a number, 0 none.
func (p *parser) billNear(q *quantity) float64 {
	const reach = 24
	return p.billWithin(max(0, q.from-reach), min(len(p.toks), q.numEnd+reach/2), q)
}

// strictGoal reports whether a number is named as the target or the most: "the target is max 15k a month".
func (p *parser) strictGoal(q *quantity) bool {
	const reach = 4
	for k := q.from - 1; k >= q.from-reach && !p.clauseEnd(k) && !p.isNum(k); k-- {
		switch p.raw(k) {
		case "target", "goal", "max", "maximum", "limit", "ceiling", "under", "below":
			return true
		}
	}
	return false
}

// billWithin is the amount of today's bill between two tokens, 0 none.
func (p *parser) billWithin(from, to int, q *quantity) float64 {
	for k := from; k < to; k++ {
		if !p.isNum(k) || k >= q.from && k <= q.numEnd || !p.has(k-1, "usd", "eur") && !p.has(k+1, "usd", "eur") && !p.has(k+2, "usd", "eur") && !p.wordBetween(k-4, k, "bill", "pay", "paying", "spend", "spending", "burn", "burning", "costs") {
			continue
		}
		v := p.toks[k].val
		if other := p.toks[k].thousands; other > 0 {
			v = other
		}
		v = shift(v, multipliers[p.raw(k+1)])
		if p.paidToday(&quantity{span: span{k, k}, numEnd: k, next: k + 1}) {
			return v
		}
	}
	return 0
}
