package intake

import (
	"math"
)

// quantity is a number with everything that belongs to it.
type quantity struct {
	span         // grows as units, nouns and windows are read
	next     int // first token after it
	numEnd   int // last token of the numeral itself
	val      float64
	lo, hi   float64 // of a range; 0 none
	other    float64 // the reading with thousands of "1.500"
	scaled   bool    // has k, million ...
	worded   bool
	negative bool
	digits   string // as typed
	cur      string // "usd", "eur"
	pct      bool
	period   string // window that it is counted in
	unit     string // time unit, or "qps", "rpm", "tokenps"
	noun     int    // token of the noun, -1 none
	person   bool   // per person
	each     bool   // "each": per person or per document
	perOther bool   // "per query", "per million tokens"
	hole     span   // a length inside that is read on its own: "900 segments of 35 words daily"
}

// quantityAt reads a number or range at token i with its currency, unit, noun and window.
func (p *parser) quantityAt(i int) (quantity, bool) {
	q := quantity{span: span{i, i}, noun: -1}
	if p.isClaimed(i) {
		return q, false
	}
	j := i
	opened := p.has(i, "between") || p.raw(i) == "from" || p.raw(i) == "von"
	if opened {
		j++
		for p.skippable(j) && p.toks[j].kind == sign && j < i+3 {
			j++
		}
	}
	if p.isSign(j, "-") && p.isNum(j+1) && p.toks[j+1].glued && (j == 0 || !p.toks[j].glued) {
		q.negative = true
		j++
	}
	j = p.currency(&q, j)
	n, ok := p.number(j)
	if !ok || math.IsNaN(n.val) {
		return q, false
	}
	q.val, q.other, q.scaled, q.worded, q.next, q.digits = n.val, n.other, n.scaled, n.worded, n.next, n.digits
	q.next = p.currency(&q, q.next)
	p.rangeOf(&q, n, opened)
	if opened && q.hi == 0 {
		return quantity{}, false
	}
	q.numEnd = q.next - 1
	p.units(&q)
	q.each = q.each || p.eachBefore(i)
	q.to = q.next - 1
	return q, true
}

// eachBefore finds "each of them sends about 15": the number behind is one person's.
func (p *parser) eachBefore(i int) bool {
	for k := i - 1; k >= i-6 && !p.clauseEnd(k) && !p.isNum(k); k-- {
		if p.raw(k) == "each" || p.raw(k) == "everyone" || p.raw(k) == "everybody" || p.raw(k) == "every" && p.has(k+1, "person") {
			return true
		}
	}
	return false
}

// currency reads a currency sign or word at j.
func (p *parser) currency(q *quantity, j int) int {
	switch {
	case p.isClaimed(j) || p.clauseEnd(j):
	case p.raw(j) == "us" && p.has(j+1, "usd"): // "2000 US dollars"
		q.cur = "usd"
		j += 2
	case p.has(j, "usd"):
		q.cur = "usd"
		j++
		if p.isSign(j, "$") {
			j++
		}
	case p.has(j, "eur"):
		q.cur = "eur"
		j++
	case p.has(j, "cent"):
		q.cur = "cent"
		j++
	case j > 0 && p.raw(j-1) == "grand":
		q.cur = "usd"
	}
	return j
}

// rangeOf reads the upper end of a range: "50-80k", "50k to 80k", "between 50k and 80k", "10k..10M".
func (p *parser) rangeOf(q *quantity, low numeralAt, opened bool) {
	j := q.next
	switch {
	case p.isSign(j, "-") || p.isSign(j, "..") || p.isSign(j, "~"):
	case p.raw(j) == "to" || p.raw(j) == "bis" || p.raw(j) == "or" && !opened && (p.isNum(j+1) || low.worded && numberWords[p.raw(j+1)] > low.val):
	case opened && (p.has(j, "and") || p.has(j, "to")):
	default:
		return
	}
	j++
	j = p.currency(q, j)
	high, ok := p.number(j)
	if !ok || high.worded != low.worded && !high.scaled {
		return
	}
	lo, hi := low.val, high.val
	if low.other != 0 && high.other != 0 {
		q.other = 0
		lo, hi = low.other, high.other
	}
	if high.scaled && !low.scaled { // "50-80k": the suffix holds for both, if that leaves them in order
		if s := shift(lo, high.power); s < hi {
			lo = s
		} else if s := shift(lo, high.power-3); s < hi { // "500-1M"
			lo = s
		}
	}
	if hi <= lo || lo <= 0 {
		return
	}
	q.lo, q.hi, q.val, q.scaled, q.next = lo, hi, (lo+hi)/2, q.scaled || high.scaled, high.next
	q.next = p.currency(q, q.next)
}

// units reads what follows the number.
func (p *parser) units(q *quantity) {
	j := q.next
	for p.isSign(j, "+") && p.toks[j].glued || p.isSign(j, "-") && p.isWord(j+1) && p.toks[j].glued {
		j++
	}
	if p.has(j, "peak") && p.has(j+1, "qps", "rpm") {
		j++
	}
	switch {
	case p.has(j, "pct"):
		q.pct, q.next = true, j+1
	case p.raw(j) == "tps" && (p.has(j+1, "token", "output") || p.has(j+2, "token")): // "240 TPS output tokens"
		q.unit, q.next = "tokenps", j+1
	case p.has(j, "qps") && !p.isClaimed(j):
		q.unit, q.next = "qps", j+1
	case p.has(j, "rpm"):
		q.unit, q.next = "rpm", j+1
	case p.has(j, "tokenps") || p.has(j, "token") && p.isSign(j+1, "/") && p.has(j+2, "second"):
		q.unit, q.next = "tokenps", j+1
	case p.duration(j, q):
	default:
		p.nounOf(q, j)
	}
	p.windows(q)
	if q.period == "" && q.unit == "" {
		p.windowBefore(q)
	}
	if q.cur == "" && q.period != "" && q.noun < 0 && !q.pct { // "12k per month USD"
		q.next = p.currency(q, q.next)
	}
}

// duration reads a unit of time right after the number: "2 s", "36-month". "5000 monthly" and "2M day" are windows.
func (p *parser) duration(j int, q *quantity) bool {
	if j >= len(p.toks) || p.toks[j].kind != word || q.scaled && q.val >= 1000 && !p.has(j, "ms") {
		return false
	}
	w := p.raw(j)
	if w == "tags" || w == "hr" && p.has(j+1, "query", "doc", "chats") { // labels, not days; a department, not an hour
		return false
	}
	if adverbs[w] || w == "p.a." || w == "pa" || w == "p.m." || w == "p/m" || w == "pcm" || w == "a" || w == "d" && !p.toks[j].glued {
		return false
	}
	if p.has(j, "ms") {
		q.unit, q.next = "ms", j+1
		return true
	}
	for _, u := range periods {
		if p.has(j, u) {
			if (w == "m" || w == "mon") && !p.toks[j].glued {
				return false
			}
			q.unit, q.next = u, j+1
			return true
		}
	}
	return false
}

var countable = []string{"token", "wordunit", "pageunit", "char", "kbyte", "query", "doc", "chats", "person", "summarize", "classify", "extract", "answerw"}

// nounOf finds the noun that is counted, a few words on at most: "45k clinical notes".
func (p *parser) nounOf(q *quantity, j int) {
	last := -1
	for k, steps := j, 0; steps < 5 && k < len(p.toks); k, steps = k+1, steps+1 {
		if p.clauseEnd(k) || p.toks[k].kind == num || p.isSign(k, "/") || k == j && p.has(k, "and") || p.toks[k].kind == sign && p.raw(k) != "-" {
			break
		}
		if p.isSign(k+1, "-") && p.toks[k+1].glued && p.isWord(k+2) && p.toks[k+2].glued && !p.has(k, "per") { // "patient-message calls": a patient is not what is counted
			k++
			continue
		}
		if e := p.toks[k].entity; e != nil && e.kind != gpuName && k == j && p.has(e.to+1, "query", "doc", "chats", "token") { // "900k gpt-5 calls"
			k = e.to
			continue
		}
		if p.toks[k].entity != nil || p.has(k, "per", "budget", "within", "p95", "from", "pct", "qps") && !p.has(k, "token") || p.has(k, "in", "out") && last < 0 && !p.has(k+1, "token") {
			break
		}
		if last < 0 && p.has(k, "person") && p.has(k+1, "input", "promptw") { // "1k of user input"
			break
		}
		if p.has(k, "team") && !p.has(k, "person") || p.has(k, "ml", "ops") {
			break
		}
		if w := p.raw(k); last < 0 && (w == "will" || w == "would" || w == "can") { // "12k will be active and ask 5"
			break
		}
		if p.has(k, countable...) && !(p.has(k, "summarize", "extract", "classify", "answerw") && !p.plural(k)) {
			last = k
			if !p.has(k+1, countable...) || p.has(k, "token", "wordunit", "pageunit", "char", "kbyte") {
				break
			}
			continue
		}
		if last >= 0 || p.has(k, "to", "with", "from", "duration", "peak", "horizon", "hard", "chat", "rag", "no", "must", "input", "output") && !p.has(k+1, countable...) {
			break
		}
		if window, _, _ := p.windowAt(k); window != "" && !adverbs[p.raw(k)] {
			break
		}
	}
	if last < 0 {
		q.next = max(q.next, q.numEnd+1)
		return
	}
	for k := j; k <= last; k++ {
		if u := p.adverb(k); u != "" {
			q.period = u
		}
		if p.has(k, "peak") {
			return
		}
	}
	q.noun, q.next = last, last+1
}

func (p *parser) plural(k int) bool {
	w := p.raw(k)
	return len(w) > 1 && w[len(w)-1] == 's'
}

// keyword looks for a word before the number that says what it is: "budget: 2k", "p95 < 2", "in=1200".
func (p *parser) keyword(q quantity, concepts ...string) (int, bool) {
	for k, steps := q.from-1, 0; k >= 0 && steps < 5 && k > q.from-16; k, steps = k-1, steps+1 {
		if p.toks[k].void {
			steps--
			continue
		}
		if p.clauseEnd(k) || p.toks[k].kind == num {
			return -1, false
		}
		if p.has(k, concepts...) && !p.toks[k].claimed {
			return k, true
		}
		if !p.skippable(k) && p.toks[k].concepts == nil && steps > 1 {
			return -1, false
		}
	}
	return -1, false
}

// after looks for such a word behind the number: "2k budget", "p95" in "2s p95". A word that a number follows belongs to that.
func (p *parser) after(q quantity, concepts ...string) (int, bool) {
	for k, steps := q.next, 0; k < len(p.toks) && steps < 4; k, steps = k+1, steps+1 {
		if p.clauseEnd(k) || p.toks[k].kind == num || p.toks[k].entity != nil {
			return -1, false
		}
		if p.has(k, concepts...) && !p.toks[k].claimed {
			return k, !p.numberFollows(k)
		}
		if !p.skippable(k) && steps > 1 {
			return -1, false
		}
	}
	return -1, false
}

// isYear reports whether the number at token k is written as a year of planning.
func (p *parser) isYear(k int) bool {
	return p.isNum(k) && len(p.raw(k)) == 4 && p.toks[k].val >= 2020 && p.toks[k].val <= 2040 && !isMultiplierWord(p.raw(k+1))
}

// numberFollows reports whether token k introduces another number: "out: 300", "budget of $2k".
func (p *parser) numberFollows(k int) bool {
	for j := k + 1; j < k+5 && j < len(p.toks); j++ {
		if p.raw(j) == "which" || p.raw(j) == "with" && (p.isNum(j+1) && p.ofIt(j+2) || p.article(j+1)) {
			return false
		}
		if p.isYear(j) && (p.raw(j-1) == "for" || p.raw(j-1) == "in") {
			return false
		}
		if p.isNum(j) || p.isSign(j, "$") || p.isSign(j, "€") {
			return true
		}
		if p.clauseEnd(j) || p.isSign(j, "/") || p.isSign(j, "+") || p.has(j, "and") || !p.skippable(j) && !p.has(j, "within", "upto", "is", "usd") {
			return false
		}
	}
	return false
}

// readQuantities reads every number that is not claimed yet.
func (p *parser) readQuantities() {
	for i := 0; i < len(p.toks); i++ {
		if p.toks[i].claimed || p.toks[i].entity != nil {
			continue
		}
		q, ok := p.quantityAt(i)
		if !ok {
			continue
		}
		if p.place(&q) {
			p.claim(q.from, q.to)
			if q.hole.to > 0 {
				for k := q.hole.from; k <= q.hole.to; k++ {
					p.toks[k].claimed = false
				}
				i = q.hole.from - 1
				continue
			}
			i = max(i, q.to)
		} else {
			i = max(i, q.numEnd)
		}
	}
}

// ordinalNouns make a number behind them a label.
var ordinalNouns = set("phase option step variant scenario stage wave tier milestone")

// place decides what a quantity is and files it; false leaves its words unread.
func (p *parser) place(q *quantity) bool {
	if ordinalNouns[p.raw(q.from-1)] && !q.scaled && !q.worded && q.val <= 20 && q.noun < 0 && q.unit == "" && q.period == "" { // "phase 2"
		return false
	}
	if w := p.raw(q.numEnd + 2); p.raw(q.numEnd+1) == "context" && (w == "enough" || w == "sufficient" || w == "window" || w == "limit") { // what a model can take
		p.claim(q.from, q.numEnd+2)
		return false
	}
	if q.negative || q.val < 0 || math.IsInf(q.val, 0) || math.IsNaN(q.val) {
		return false
	}
	for _, f := range []func(*quantity) bool{p.growthRange, p.modelSize, p.concurrency, p.gpuCount, p.money, p.timeSpan, p.shorterTime, p.wholeAnswer, p.inputSum, p.stream, p.pair, p.partOfWhole, p.tokenCount, p.rate, p.headcount, p.volume, p.keyed, p.bareNumber} {
		if f(q) {
			return true
		}
	}
	return false
}

func (q *quantity) reading(unit string) reading {
	return reading{val: q.val, lo: q.lo, hi: q.hi, unit: unit, span: span{q.from, q.to}}
}

// thousands takes "1.500" for fifteen hundred, as a count of things must be.
func (p *parser) thousands(q *quantity) string {
	if q.other == 0 {
		return ""
	}
	note := "“" + p.quote(span{q.from, q.numEnd}) + "” read as " + plainNumber(q.other) + ", not " + plainNumber(q.val)
	q.val, q.other = q.other, 0
	return note
}

func joinNotes(a, b string) string {
	if a == "" {
		return b
	}
	return a + "; " + b
}
