package intake

import "slices"

// A product that is written with signs says its factors in a row, whatever they count: "14 x 5 x 31 calls", "2,700 × 4 a week", "Pro 6,000 × 60". Its
// numbers need no noun, and where it follows from what was said before, it wins over what is worked out from that.

// timesSign reports whether token k multiplies the number behind it with what stands before.
func (p *parser) timesSign(k int) bool {
	return (p.raw(k) == "x" || p.isSign(k, "*") || p.raw(k) == "times") && p.isNum(k+1) && p.toks[k+1].entity == nil
}

// factorSign reports whether the sign at token k multiplies a count, "40,000 users × 5 calls a month", rather than says how much something grows,
// "x3 a year".
func (p *parser) factorSign(k int) bool {
	const words = 3
	for j := k - 1; j >= k-1-words && !p.clauseEnd(j); j-- {
		if p.isNum(j) || isMultiplierWord(p.raw(j)) {
			return true
		}
	}
	return false
}

// inChain reads a number without a noun as a factor, where a sign multiplies it with one that has a noun or a window, or with one of a product
// that stands beside a whole one.
func (p *parser) inChain(f *factor, next int) bool {
	if !p.timesSign(next) && !f.times || p.measured(next) {
		return false
	}
	if end := p.chainEnd(next); !p.countsThere(end) && !(p.clauseEnd(end) && p.chainBefore(f.from)) {
		return false
	}
	f.nouns = []string{"factor"}
	return true
}

// chainEnd is the first token behind the last number of the product that goes on at token j.
func (p *parser) chainEnd(j int) int {
	const words = 4
	for k := j; k < j+words && !p.clauseEnd(k); k++ {
		if !p.timesSign(k) {
			continue
		}
		if n, ok := p.number(k + 1); ok {
			return p.chainEnd(n.next)
		}
	}
	return j
}

// countsThere reports whether the words at token k name what is counted, or for which time.
func (p *parser) countsThere(k int) bool {
	const hedge = 3 // "15 more or less in a month"
	for j := k; j <= k+hedge && !p.clauseEnd(j) && (j == k || p.toks[j-1].glue); j++ {
		if period, _, _ := p.windowAt(j); period != "" {
			return true
		}
	}
	return p.isWord(k) && !p.toks[k].glue && !p.measured(k)
}

// measured reports whether the word at token k makes the number before it a length, a sum or a size rather than a count.
func (p *parser) measured(k int) bool {
	return k < len(p.toks) && (p.toks[k].entity != nil || (p.raw(k) == "in" || p.raw(k) == "out") && (p.clauseEnd(k+1) || p.timesSign(k+1) || p.raw(k+1) == "per") || p.has(k, "token", "wordunit", "pageunit", "char", "kbyte", "usd", "eur", "cent", "pct", "input", "output") || bytesWords[p.raw(k)])
}

// chainBefore reports whether an earlier clause of the sentence of token i has a whole product with signs.
func (p *parser) chainBefore(i int) bool {
	k := i - 1
	for !p.clauseEnd(k) {
		k--
	}
	for ; !p.strongEnd(k); k-- {
		if p.timesSign(k) && p.countsThere(p.chainEnd(k)) {
			return true
		}
	}
	return false
}

// windowApart is the window that stands as a clause of its own behind a product, "48k chats, 6 turns each, monthly"; "" none.
func (p *parser) windowApart(fs []factor, last factor) string {
	k := last.to + 1
	if p.raw(k) == "," {
		if period, _, next := p.windowAt(k + 1); period != "" && p.clauseEnd(next) {
			return period
		}
	}
	return p.windowOfClauses(fs, last)
}

// windowOfClauses is the only window of the sentence of a product that no other number has: "one in three uses it on a given working day, with 7 prompts
// each", "per day 6000 farmers ask 2 questions"; "" none.
func (p *parser) windowOfClauses(fs []factor, last factor) string {
	found := ""
	s := around(last.span, p.strongEnd)
	if slices.ContainsFunc(fs, func(f factor) bool { return f.period != "" && f.from >= s.from && f.to <= s.to }) {
		return ""
	}
	for k := s.from; k <= s.to; k++ {
		period, _, _ := p.windowAt(k)
		if period == "" || p.has(k, period) || p.isClaimed(k) {
			continue
		}
		if q, ok := p.quantityAt(p.numberBehind(k - 1)); ok && q.from < k && k <= q.to && (q.cur != "" || q.pct || k < last.from && q.noun >= 0) {
			return ""
		}
		if found != "" && found != period {
			return ""
		}
		found = period
	}
	return found
}

// clauseBetween reports whether a comma or a semicolon stands between two tokens.
func (p *parser) clauseBetween(from, to int) bool {
	for k := from + 1; k < to; k++ {
		if p.clauseEnd(k) {
			return true
		}
	}
	return false
}

// concludedBy reports whether a product with signs is said to follow from the numbers before: "so at full roll-out 2,700 × 4 a week".
func (p *parser) concludedBy(first factor) bool {
	const lead = 6
	for k := first.from - 1; k >= first.from-lead && !p.strongEnd(k) && !p.isNum(k); k-- {
		if resultWords[p.raw(k)] {
			return p.figuresBefore(k)
		}
	}
	return false
}

// chainWindow is the window of a product with signs that has none of its own: that of the product before it, of its sentence, or of the load
// that it is reckoned from.
func (p *parser) chainWindow(fs []factor, first factor) string {
	for k := first.from - 1; !p.strongEnd(k); k-- {
		if period, _, _ := p.windowAt(k); period != "" {
			return period
		}
	}
	for _, f := range slices.Backward(fs) {
		if f.from < first.from && f.period != "" {
			return f.period
		}
	}
	return ""
}
