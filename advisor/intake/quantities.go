package intake

import (
	"math"
	"strings"

	"github.com/llmadvise/llmadvise/advisor"
)

// Lengths of time as this package reckons them: a month is 730 hours, a twelfth of a year.
const (
	hoursPerMonth    = 730.0
	daysPerMonth     = 365.0 / 12
	workdaysPerMonth = 260.0 / 12
	officeHours      = 220.0 // a month, as in the engine's load model
)

// perMonth is how many of a period one month holds.
var perMonth = map[string]float64{
	"second": hoursPerMonth * 3600, "minute": hoursPerMonth * 60, "hour": hoursPerMonth, "day": daysPerMonth, "workday": workdaysPerMonth,
	"week": daysPerMonth / 7, "month": 1, "quarter": 1. / 3, "year": 1. / 12, "officehour": officeHours,
	"secondoffice": officeHours * 3600, "minuteoffice": officeHours * 60, "houroffice": officeHours, "officehouroffice": officeHours,
}

var periods = []string{"second", "minute", "hour", "workday", "day", "week", "month", "quarter", "year"}

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
	case p.has(j, "usd"):
		q.cur = "usd"
		j++
		if p.isSign(j, "$") {
			j++
		}
	case p.has(j, "eur"):
		q.cur = "eur"
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
	case p.raw(j) == "to" || p.raw(j) == "bis" || p.raw(j) == "or" && !opened && p.isNum(j+1):
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
	for p.isSign(j, "+") || p.isSign(j, "-") && p.isWord(j+1) && p.toks[j].glued {
		j++
	}
	if p.has(j, "peak") && p.has(j+1, "qps", "rpm") {
		j++
	}
	switch {
	case p.has(j, "pct"):
		q.pct, q.next = true, j+1
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
}

// duration reads a unit of time right after the number: "2 s", "36-month". "5000 monthly" and "2M day" are windows.
func (p *parser) duration(j int, q *quantity) bool {
	if j >= len(p.toks) || p.toks[j].kind != word || q.scaled && q.val >= 1000 && !p.has(j, "ms") {
		return false
	}
	w := p.raw(j)
	if adverbs[w] || w == "a" || w == "d" && !p.toks[j].glued {
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

// adverbs are windows of their own: "5000 monthly".
var adverbs = set("nightly daily weekly monthly yearly annual annually quarterly hourly täglich jährlich monatlich tägl diario")

var countable = []string{"token", "wordunit", "pageunit", "char", "query", "doc", "chats", "person", "summarize", "classify", "extract", "answerw"}

// nounOf finds the noun that is counted, a few words on at most: "45k clinical notes".
func (p *parser) nounOf(q *quantity, j int) {
	last := -1
	for k, steps := j, 0; steps < 5 && k < len(p.toks); k, steps = k+1, steps+1 {
		if p.clauseEnd(k) || p.toks[k].kind == num || p.isSign(k, "/") || p.toks[k].kind == sign && p.raw(k) != "-" {
			break
		}
		if p.toks[k].entity != nil || p.has(k, "per", "budget", "within", "p95", "from", "pct", "qps") && !p.has(k, "token") || p.has(k, "in", "out") && last < 0 && !p.has(k+1, "token") {
			break
		}
		if p.has(k, "team") && !p.has(k, "person") || p.has(k, "ml", "ops") {
			break
		}
		if p.has(k, countable...) && !(p.has(k, "summarize", "extract", "classify", "answerw") && !p.plural(k)) {
			last = k
			if !p.has(k+1, countable...) || p.has(k, "token", "wordunit", "pageunit", "char") {
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

func (p *parser) adverb(k int) string {
	if !adverbs[p.raw(k)] {
		return ""
	}
	return p.periodAt(k)
}

func (p *parser) periodAt(k int) string {
	for _, u := range periods {
		if p.has(k, u) {
			return u
		}
	}
	return ""
}

// windows reads "per day", "/user/month", "a week each", in any order, up to the next number or the end of the clause.
func (p *parser) windows(q *quantity) {
	j, gap := q.next, 0
	for j < len(p.toks) && gap < 6 {
		period, person, n := p.windowAt(j)
		switch {
		case period != "" && (q.period == "" || q.period == period):
			q.period, q.next = period, n
		case period != "":
			return
		case person:
			q.person, q.next = true, n
		case q.period != "" && q.noun < 0 && q.cur == "" && p.has(j, "query", "doc", "chats") && j == q.next:
			q.noun, q.next, n = j, j+1, j+1
		case p.raw(j) == "each" || p.raw(j) == "apiece":
			q.each, q.next, n = true, j+1, j+1
		case n > j:
			q.perOther, q.next = true, n
		case p.clauseEnd(j):
			if !(p.raw(j) == "," || p.raw(j) == "(") || !p.personNext(j+1) {
				return
			}
			n = j + 1
		case p.toks[j].kind == num || p.toks[j].entity != nil || p.has(j, "grow", "budget", "p95", "latency", "no", "between", "double", "within", "input", "output", "tokens") || p.isSign(j, "$") || p.isSign(j, "x"):
			return
		default:
			if p.toks[j].kind == word && !p.toks[j].glue && gap > 3 {
				return
			}
			n = j + 1
			gap++
		}
		if n > j+1 || period != "" || person {
			gap = 0
		}
		j = n
	}
}

// personNext allows one comma before "per user" and "each".
func (p *parser) personNext(j int) bool {
	_, person, _ := p.windowAt(j)
	return person || p.raw(j) == "each" && !p.has(j+1, "person")
}

// windowAt reads a window at j. It returns the period, or that it is per person, and the token after; where it is per
// something else ("per query") only next is beyond j.
func (p *parser) windowAt(j int) (period string, person bool, next int) {
	if j >= len(p.toks) {
		return "", false, j
	}
	if u := p.adverb(j); u != "" && !p.has(j, "per") {
		return u, false, j + 1
	}
	w := p.raw(j)
	if w == "p/m" || w == "p.m." || w == "pcm" {
		return "month", false, j + 1
	}
	if w == "p.a." || w == "pa" {
		return "year", false, j + 1
	}
	var k int
	switch {
	case p.isSign(j, "/"):
		k = j + 1
	case w == "on" && (p.has(j+1, "workday", "weekdayw") || p.has(j+1, "office") && p.has(j+2, "day")):
		return "workday", false, j + 2
	case p.has(j, "per") || w == "in" && (p.raw(j+1) == "a" || p.raw(j+1) == "one" || p.raw(j+1) == "each"):
		k = j + 1
		for p.has(k, "per") && k < j+3 && !p.has(k, "month", "day", "year") || p.raw(k) == "single" || p.raw(k) == "one" {
			k++
		}
	case (p.has(j, "month", "week", "day", "year") && !p.isClaimed(j)) && p.bareWindow(j):
		return p.periodAt(j), false, j + 1
	default:
		return "", false, j
	}
	return p.windowUnit(j, k)
}

// windowUnit reads the unit of a window whose "per" is at j.
func (p *parser) windowUnit(j, k int) (string, bool, int) {
	if p.has(k, "office") && p.has(k+1, "day", "hour", "hoursw") {
		if p.has(k+1, "day") {
			return "workday", false, k + 2
		}
		return "officehour", false, k + 2
	}
	if u := p.periodAt(k); u != "" {
		if u == "hour" && p.duringOffice(k+1) {
			return "officehour", false, k + 1
		}
		return u, false, k + 1
	}
	for a := k; a < k+3; a++ { // "per support agent"
		if p.has(a, "person") && !p.has(a, "query", "doc") || p.raw(a) == "agent" || p.raw(a) == "head" {
			return "", true, a + 1
		}
		if !p.isWord(a) || p.clauseEnd(a) || p.has(a, "query", "doc", "chats", "token") {
			break
		}
	}
	if p.has(j, "per") && adverbial(p.raw(j)) || p.isSign(j, "/") {
		for a := k; a < k+3; a++ {
			if p.isNum(a) {
				break // "800 tokens in / 200 tokens out", "and a 700 token output"
			}
			if p.has(a, "query", "doc", "chats", "token", "summarize", "classify", "extract") && !p.isNum(a) {
				return "", false, a + 1
			}
		}
	}
	return "", false, j
}

func adverbial(w string) bool {
	return w == "per" || w == "pro" || w == "each" || w == "every" || w == "a"
}

// bareWindow reports whether the period at j follows its number without "per": "300k queries month".
func (p *parser) bareWindow(j int) bool {
	return j > 0 && !p.isSign(j-1, "-") && (p.has(j-1, "query", "doc", "chats") || isMultiplier(p.raw(j-1)) && p.isNum(j-2) || p.raw(j-1) == "k" || p.raw(j-1) == "m") && !p.has(j+1, "horizon")
}

func (p *parser) duringOffice(k int) bool {
	for a := k; a < k+4; a++ {
		if p.has(a, "office") && p.has(a+1, "hour", "hoursw") || p.has(a, "weekdayw") {
			return true
		}
	}
	return false
}

// windowBefore reads "monthly volume: 300k", "per day 2M".
func (p *parser) windowBefore(q *quantity) {
	for k, steps := q.from-1, 0; k >= 0 && steps < 5; k, steps = k-1, steps+1 {
		if p.clauseEnd(k) || p.toks[k].kind == num || p.toks[k].entity != nil || isMultiplier(p.raw(k)) || p.toks[k].claimed && p.periodAt(k) == "" && !p.has(k, "batch") {
			return
		}
		if p.has(k-1, "peak") && p.periodAt(k) != "" {
			q.period, q.from = p.periodAt(k), k
			return
		}
		if u := p.adverb(k); u != "" && (!p.isClaimed(k) || p.raw(k) == "nightly") || p.has(k-1, "per") && !p.isClaimed(k) && p.periodAt(k) != "" {
			if u == "" {
				u = p.periodAt(k)
				k--
			}
			if p.isNum(k-1) || p.has(k-1, "query", "doc", "chats", "volume") && p.numberBefore(k-1) {
				return // it belongs to the number before
			}
			q.period, q.from = u, k
			return
		}
	}
}

// keyword looks for a word before the number that says what it is: "budget: 2k", "p95 < 2", "in=1200".
func (p *parser) keyword(q quantity, concepts ...string) (int, bool) {
	for k, steps := q.from-1, 0; k >= 0 && steps < 5; k, steps = k-1, steps+1 {
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

// numberFollows reports whether token k introduces another number: "out: 300", "budget of $2k".
func (p *parser) numberFollows(k int) bool {
	for j := k + 1; j < k+5 && j < len(p.toks); j++ {
		if p.isNum(j) || p.isSign(j, "$") || p.isSign(j, "€") {
			return true
		}
		if p.clauseEnd(j) || p.isSign(j, "/") || p.isSign(j, "+") || !p.skippable(j) && !p.has(j, "within", "upto", "is", "usd") {
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
			i = max(i, q.to)
		} else {
			i = max(i, q.numEnd)
		}
	}
}

// place decides what a quantity is and files it; false leaves its words unread.
func (p *parser) place(q *quantity) bool {
	if q.negative || q.val < 0 || math.IsInf(q.val, 0) || math.IsNaN(q.val) {
		return false
	}
	for _, f := range []func(*quantity) bool{p.growthRange, p.modelSize, p.concurrency, p.gpuCount, p.money, p.timeSpan, p.pair, p.tokenCount, p.rate, p.headcount, p.volume, p.keyed, p.bareNumber} {
		if f(q) {
			return true
		}
	}
	return false
}

// growthRange reads "grows from 10k to 200k over 18 months": a start and a goal rather than a range.
func (p *parser) growthRange(q *quantity) bool {
	if q.hi == 0 || p.raw(q.from) != "from" || q.cur != "" || q.pct || q.unit != "" || len(p.growths) > 0 {
		return false
	}
	months, end := p.monthsAfter(q.next)
	if months == 0 {
		return false
	}
	if k, ok := p.keyword(*q, "grow"); ok {
		q.from = k
	}
	f := perMonthOr1(q.period)
	q.to = end
	s := span{q.from, q.to}
	p.volumes = append(p.volumes, reading{val: q.lo * f, unit: "month", span: s})
	p.target = &reading{val: q.hi * f, lo: months, span: s}
	return true
}

// modelSize reads "a 7B model", "70B params": a size without a family names no model.
func (p *parser) modelSize(q *quantity) bool {
	if p.raw(q.numEnd) != "b" || !p.toks[q.numEnd].glued || q.cur != "" || q.val > 2e12 {
		return false
	}
	next := p.raw(q.numEnd + 1)
	sized := next == "model" || next == "models" || next == "llm" || next == "params" || next == "parameter" || next == "parameters" || next == "class" || next == "dense" || next == "moe"
	if !sized && (q.noun >= 0 || q.period != "" || q.unit != "" || q.pct) {
		return false
	}
	q.to = q.numEnd
	if sized {
		q.to++
	}
	p.doubt("“" + p.quote(span{q.from, q.to}) + "” is the size of a model; name one, such as llama-3.3-70b")
	return true
}

// concurrency reads "50 concurrent users", which is no input: it follows from the rate and the latency.
func (p *parser) concurrency(q *quantity) bool {
	end := max(q.noun, q.numEnd+2)
	for k := q.numEnd + 1; k <= end && !p.clauseEnd(k); k++ {
		if w := p.raw(k); w == "concurrent" || w == "simultaneous" || w == "parallel" || w == "concurrently" || w == "concurrency" || w == "simultaneously" {
			q.to = max(q.noun, k)
			for q.noun < 0 && p.has(q.to+1, "query", "person", "chats", "doc") {
				q.to++
			}
			p.doubt("“" + p.quote(q.span) + "”: concurrency follows from the rate and the latency and is not an input; say, peak 20 qps")
			return true
		}
	}
	return false
}

// gpuCount reads "4 x L40S", "eight H100s": how many cards there are is no input of the engine.
func (p *parser) gpuCount(q *quantity) bool {
	j := q.numEnd + 1
	for p.isSign(j, "x") || p.isSign(j, "-") || p.isSign(j, "*") {
		j++
	}
	if q.scaled || q.val > 10000 || j >= len(p.toks) || p.toks[j].entity == nil || p.toks[j].entity.kind != gpuName {
		return false
	}
	q.to = j - 1
	p.doubt("“" + p.quote(span{q.from, p.toks[j].entity.to}) + "”: the advice sizes on this card and may need another number of them")
	return true
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

// money reads budgets, and tells them from prices and from what is paid today.
func (p *parser) money(q *quantity) bool {
	k, left := p.keyword(*q, "budget", "cost")
	r, right := p.after(*q, "budget", "cost")
	if q.cur == "" && !(left && p.plainBudget(q, k)) && !(right && p.plainBudget(q, r)) {
		return false
	}
	note := p.thousands(q)
	if q.perOther || q.person {
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
	b.note = note
	if q.cur == "eur" {
		b.note = joinNotes(note, "“"+p.quote(q.span)+"” is reckoned one to one as USD; give USD for an exact limit")
	}
	p.budgets = append(p.budgets, b)
	return true
}

// plainBudget reports whether a number without a currency is money: next to "budget" and without another unit.
func (p *parser) plainBudget(q *quantity, k int) bool {
	return q.unit == "" && q.noun < 0 && !q.pct && (p.raw(k) != "cap" && p.raw(k) != "rate")
}

// paidToday reports whether an amount is today's bill: "we're paying", "our bill is", "currently spending".
func (p *parser) paidToday(q *quantity) bool {
	today := false
	for k := q.numEnd; k >= 0 && k > q.from-9 && !p.strongEnd(k); k-- {
		switch p.raw(k) {
		case "more", "budget", "budgeted", "afford", "max", "maximum", "cap", "under", "below", "limit", "to", "can", "could", "within", "want", "should", "target", "<":
			return false
		case "paying", "pay", "pays", "paid", "bill", "bills", "spending", "spends", "spend", "costs", "costing", "currently", "today", "current", "now":
			today = true
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
	r := reading{val: seconds, span: span{q.from, q.to}}
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

// pair reads "1200/300 tokens" and "1200 -> 300".
func (p *parser) pair(q *quantity) bool {
	j := q.numEnd + 1
	if q.cur != "" || q.unit != "" || q.hi != 0 && !p.isSign(j, "/") {
		return false
	}
	if p.has(j, "token") {
		j++
	}
	switch {
	case p.isSign(j, "/") || p.isSign(j, ":"):
		j++
	case p.isSign(j, "-") && p.isSign(j+1, ">"):
		j += 2
	case p.isSign(j, "+"):
		j++
	default:
		return false
	}
	out, ok := p.number(j)
	if !ok || out.worded {
		return false
	}
	end := out.next - 1
	evident := false
	for k := out.next; k < out.next+5 && !p.strongEnd(k) && !p.isNum(k); k++ {
		if p.has(k, "token") || p.raw(k) == "in" && (p.isSign(k+1, "/") || p.raw(k+1) == "out") || p.has(k, "input", "output") || p.raw(k) == "out" {
			evident, end = true, k
		} else if !p.skippable(k) {
			break
		}
	}
	from := q.from
	for k := q.from - 1; k >= q.from-4 && !p.clauseEnd(k) && !p.isNum(k); k-- {
		if p.has(k, "token", "input", "output", "promptw") || p.raw(k) == "in" || p.raw(k) == "out" {
			evident, from = true, k
		}
	}
	if p.has(out.next, "query", "doc", "chats", "month", "day") && !evident {
		return false
	}
	in, outv := q.val, out.val
	if q.other != 0 {
		in = q.other
	}
	if out.other != 0 {
		outv = out.other
	}
	if in < 1 || outv < 1 || !evident && in < 50 {
		return false
	}
	s := span{from, end}
	note := ""
	if !evident {
		note = "“" + p.quote(s) + "” taken as tokens in and out"
	}
	p.tokensOf = append(p.tokensOf, dirReading{reading{val: in, span: s, note: note}, "input"}, dirReading{reading{val: outv, span: s}, "output"})
	q.from, q.to = from, end
	return true
}

// Lengths in tokens: a page of text, a word and a character of English.
const (
	tokensPerPage = 500
	tokensPerWord = 4. / 3
	tokensPerChar = 1. / 4
)

// tokenCount reads tokens, words and pages with their direction.
func (p *parser) tokenCount(q *quantity) bool {
	if p.promptLength(q) {
		return true
	}
	if q.noun < 0 || !p.has(q.noun, "token", "wordunit", "pageunit", "char") {
		return false
	}
	note := p.thousands(q)
	val := q.val
	switch {
	case p.has(q.noun, "wordunit"):
		val *= tokensPerWord
		note = joinNotes(note, "“"+p.quote(span{q.from, q.noun})+"” reckoned at 4/3 tokens a word")
	case p.has(q.noun, "pageunit"):
		if q.period != "" && (!q.each || q.val >= fewPages) {
			return false // pages per day are a volume
		}
		val *= tokensPerPage
		note = joinNotes(note, "“"+p.quote(span{q.from, q.noun})+"” reckoned at 500 tokens a page")
	case p.has(q.noun, "char"):
		val *= tokensPerChar
		note = joinNotes(note, "“"+p.quote(span{q.from, q.noun})+"” reckoned at 4 characters a token")
	}
	if q.period != "" && q.period != "second" && !q.each && !q.perOther {
		r := q.reading(q.period)
		r.val = val * perMonth[q.period]
		p.tokens = append(p.tokens, r)
		return true
	}
	if q.hi != 0 {
		note = joinNotes(note, "the middle of “"+p.quote(span{q.from, q.noun})+"” is taken")
	}
	dir, s := p.direction(q)
	if dir == "" {
		if q.perOther || q.each || p.has(q.noun, "token") {
			note = joinNotes(note, "“"+p.quote(s)+"” taken as tokens in; say how many come out")
		}
	}
	p.tokensOf = append(p.tokensOf, dirReading{reading{val: val, span: s, note: note}, dir})
	q.from, q.to = min(q.from, s.from), max(q.to, s.to)
	return true
}

// promptLength reads "6k prompt", "11k system prompt": one prompt of that length, not so many prompts; and "4.5k of it cached" behind it.
func (p *parser) promptLength(q *quantity) bool {
	k := q.numEnd + 1
	for k < q.numEnd+3 && p.isWord(k) && !p.has(k, "promptw", "answerw") && (p.raw(k) == "system" || p.raw(k) == "long") {
		k++
	}
	if !p.has(k, "promptw", "answerw") || p.plural(k) || q.val < 10 || q.period != "" || q.cur != "" || p.numberFollows(k) {
		return false
	}
	q.to = k
	p.tokensOf = append(p.tokensOf, dirReading{reading{val: q.val, span: span{q.from, k}, note: p.thousands(q)}, p.dirAt(k)})
	return true
}

// fewPages is more than one document has: so many pages a month are a volume.
const fewPages = 1000

// direction finds whether tokens go in or come out, from the words between, behind and before.
func (p *parser) direction(q *quantity) (string, span) {
	s := span{q.from, q.to}
	for k := q.numEnd + 1; k < q.noun; k++ {
		if d := p.dirAt(k); d != "" {
			return d, s
		}
	}
	if d := p.dirAt(q.noun + 1); d != "" && (!p.numberFollows(q.noun+1) || p.raw(q.noun+1) == "in" || p.raw(q.noun+1) == "out") {
		if d2, k := p.leftDir(q); d2 != "" && p.numberFollows(q.noun+1) {
			return d2, span{k, q.to}
		}
		return d, span{q.from, max(q.to, q.noun+1)}
	}
	if d, k := p.leftDir(q); d != "" {
		return d, span{k, q.to}
	}
	for k := q.noun + 1; k < q.noun+6 && !p.clauseEnd(k) && !p.isNum(k); k++ {
		if d := p.dirAt(k); d != "" && !p.numberFollows(k) {
			return d, span{q.from, max(q.to, k)}
		}
		if p.has(k, "per") && p.has(k+1, "query", "doc") {
			break
		}
	}
	if p.has(q.noun+1, "doc", "chats") || p.has(q.noun, "pageunit") {
		return "input", s
	}
	return "", s
}

func (p *parser) leftDir(q *quantity) (string, int) {
	for k, steps := q.from-1, 0; k >= 0 && steps < 6 && !p.strongEnd(k) && p.toks[k].kind != comma && !p.isNum(k); k, steps = k-1, steps+1 {
		if d := p.dirAt(k); d == "reasoning" || d != "" && p.raw(k) != "in" && !p.toks[k].claimed || p.raw(k) == "in" && (p.isSign(k+1, "=") || p.isSign(k+1, ":") || k == q.from-1) && !p.toks[k].claimed {
			if d == "" {
				d = "input"
			}
			return d, k
		}
		if p.has(k, "summarize") || p.has(k, "answerw") {
			return "output", k
		}
	}
	return "", -1
}

// dirAt reads a word that names a direction of tokens.
func (p *parser) dirAt(k int) string {
	switch {
	case k < 0 || k >= len(p.toks):
	case p.raw(k) == "in" || p.has(k, "input", "promptw"):
		return "input"
	case p.raw(k) == "reasoning" || p.raw(k) == "thinking" || p.raw(k) == "hidden":
		return "reasoning"
	case p.raw(k) == "out" || p.has(k, "output", "answerw"):
		return "output"
	case p.raw(k) == "summary" || p.raw(k) == "summaries":
		return "output"
	case p.has(k, "doc") && p.raw(k) != "each" && p.toks[k].kind == word && !p.has(k, "per"):
		return "input"
	}
	return ""
}

// rate reads queries a second or a minute.
func (p *parser) rate(q *quantity) bool {
	period := map[string]string{"qps": "second", "rpm": "minute"}[q.unit]
	if period == "" {
		if q.noun >= 0 && p.has(q.noun, "person") || q.period != "second" && q.period != "minute" && q.period != "hour" && q.period != "officehour" && q.period != "day" {
			return false
		}
		if q.noun >= 0 && !p.has(q.noun, "query", "doc", "chats", "answerw", "summarize", "classify", "extract") {
			return false
		}
		period = q.period
	}
	if q.unit == "tokenps" || q.person || q.each {
		return false
	}
	if k, ok := p.peakBeside(q, period); ok {
		q.from, q.to = min(q.from, k), max(q.to, k)
		v := q.val
		if q.hi != 0 {
			v = q.hi
		}
		p.peaks = append(p.peaks, reading{val: v * (perMonth[period] / perMonth["second"]), span: span{q.from, q.to}})
		return true
	}
	if period == "day" {
		return false
	}
	if p.officeSaid() {
		period += "office"
	}
	note := "“" + p.quote(span{q.from, q.to}) + "” taken as the mean over the month, not the peak"
	if strings.HasSuffix(period, "office") || period == "officehour" {
		note = "“" + p.quote(span{q.from, q.to}) + "” taken over 220 office hours a month"
	}
	p.volumeReading(q, period, joinNotes(p.thousands(q), note))
	return true
}

// officeSaid reports whether the request says that the load comes in office hours: a rate then holds in these.
func (p *parser) officeSaid() bool { return p.w.Traffic == advisor.OfficeHours }

// peakBeside finds "peak", "burst" or "up to" next to a rate.
func (p *parser) peakBeside(q *quantity, period string) (int, bool) {
	if p.has(q.next, "peak") && !p.numberFollows(q.next) { // "3 rps mean 9 rps peak"
		return q.next, true
	}
	beside := []int{q.from - 1, q.next, q.next + 1}
	if p.clauseEnd(q.next) { // what stands behind it belongs to another number
		beside = beside[:1]
	}
	for _, k := range beside {
		if w := p.raw(k); w == "avg" || w == "average" || w == "mean" || w == "sustained" || w == "steady" || w == "avg." {
			return 0, false
		}
	}
	for k := q.from; k <= q.to; k++ {
		if p.has(k, "peak") {
			return k, true
		}
	}
	if k, ok := p.keyword(*q, "peak"); ok {
		return k, true
	}
	if k, ok := p.keyword(*q, "upto"); ok && period != "day" {
		return k, true
	}
	if period != "day" && p.raw(q.from-1) == "to" && p.raw(q.from-2) == "up" {
		return q.from - 2, true
	}
	if k, ok := p.after(*q, "peak"); ok {
		return k, true
	}
	return 0, false
}

// headcount reads "500 users", and "20 questions per user" as a rate per person.
func (p *parser) headcount(q *quantity) bool {
	if q.noun >= 0 && p.has(q.noun, "person") && !p.has(q.noun, "doc", "query") || q.noun >= 0 && p.raw(q.noun) == "agents" {
		note := p.thousands(q)
		r := q.reading(p.raw(q.noun))
		for k := q.numEnd + 1; k < q.noun; k++ {
			if p.raw(k) == "active" {
				r.unit = "dau"
			}
		}
		r.note = note
		p.people = append(p.people, r)
		return true
	}
	if q.person || q.each || p.productBefore(q.from) {
		if q.noun < 0 && q.period == "" {
			return false
		}
		note := p.thousands(q)
		r := q.reading(q.period)
		r.note = note
		p.rates = append(p.rates, r)
		return true
	}
	return false
}

// productBefore reports whether the number at i is a factor: "500 users x 20".
func (p *parser) productBefore(i int) bool {
	return p.isSign(i-1, "x") || p.isSign(i-1, "*") || p.raw(i-1) == "times"
}

// volume reads a count of queries with or without a window.
func (p *parser) volume(q *quantity) bool {
	if p.raw(q.from-1) == "range" && q.hi > 0 && q.period != "" { // as Format writes it, beside the middle
		q.from--
		p.ends = &reading{lo: q.lo * perMonth[q.period], hi: q.hi * perMonth[q.period], span: span{q.from, q.to}}
		return true
	}
	counted := q.noun >= 0 && p.has(q.noun, "query", "doc", "chats", "pageunit", "summarize", "classify", "extract", "answerw")
	if !counted && q.period == "" || q.pct || q.worded && !q.scaled && q.val < 2 {
		return false
	}
	if !counted && !q.scaled && q.val < 100 && q.noun < 0 {
		if _, ok := p.keyword(*q, "volume", "query"); !ok {
			return false
		}
	}
	if q.perOther && q.period == "" && q.val < 1000 {
		p.perQuery = append(p.perQuery, q.reading(""))
		return true
	}
	note := p.thousands(q)
	if k, ok := p.keyword(*q, "volume"); ok {
		q.from = k
	}
	if q.noun >= 0 && p.has(q.noun, "pageunit") {
		note = joinNotes(note, "“"+p.quote(span{q.from, q.to})+"”: each page taken as one query")
	}
	if p.growthTarget(q) {
		return true
	}
	p.volumeReading(q, q.period, note)
	return true
}

func perMonthOr1(period string) float64 {
	if period == "" {
		return 1
	}
	return perMonth[period]
}

func (p *parser) volumeReading(q *quantity, period, note string) {
	r := q.reading(period)
	f := perMonthOr1(period)
	r.val, r.lo, r.hi, r.note = q.val*f, q.lo*f, q.hi*f, note
	p.volumes = append(p.volumes, r)
}

// keyed reads a number without unit that a word names: "volume=300k", "in=1200", "peak 20", "horizon 36".
func (p *parser) keyed(q *quantity) bool {
	if q.noun >= 0 || q.unit != "" || q.pct || p.isSign(q.numEnd+1, "x") {
		return false
	}
	if p.lengthBehind(q) {
		return true
	}
	k, ok := p.keyword(*q, "input", "output", "promptw", "answerw", "volume", "peak", "p95", "latency", "horizon", "query", "in", "out", "reasontok", "qps", "rpm", "person")
	if n := q.numEnd + 1; !ok && (p.raw(n) == "in" || p.raw(n) == "out") {
		k = n
	} else if !ok || k < q.from-1 && p.toks[k].kind == word && (p.has(k, "in") && p.raw(k) == "in" && !p.assigned(k)) {
		k, ok = p.after(*q, "input", "output", "in", "out", "volume", "peak", "promptw")
		if !ok || k != q.numEnd+1 && !p.has(k, "volume", "peak") {
			return false
		}
	} else if d := p.dirAt(q.numEnd + 1); d != "" && (p.raw(k) == "in" || p.raw(k) == "out") && !p.assigned(k) && !p.numberFollows(q.numEnd+1) {
		k = q.numEnd + 1
	}
	if n := q.numEnd + 1; p.has(n, "input", "output") && p.dirAt(k) == "" { // "each query has 1.5k input and 0.5k output"
		k = n
	}
	s := span{min(q.from, k), max(q.to, k)}
	switch {
	case p.has(k, "promptw", "answerw") && !p.plural(k) && p.dirAt(k) != "":
		p.tokensOf = append(p.tokensOf, dirReading{reading{val: q.val, span: s, note: p.thousands(q)}, p.dirAt(k)})
	case p.has(k, "person") && !p.has(k, "query", "doc"):
		if !p.assigned(k) {
			return false
		}
		p.people = append(p.people, reading{val: q.val, unit: p.raw(k), span: s, note: p.thousands(q)})
	case p.has(k, "qps", "rpm"):
		if !p.assigned(k) {
			return false
		}
		q.unit, q.from = map[bool]string{true: "qps", false: "rpm"}[p.has(k, "qps")], k
		return p.rate(q)
	case p.has(k, "volume", "query"):
		p.volumeReading(q, q.period, p.thousands(q))
		p.volumes[len(p.volumes)-1].span = s
	case p.has(k, "peak"):
		p.peaks = append(p.peaks, reading{val: q.val, span: s})
	case p.has(k, "p95", "latency"):
		if q.scaled || q.val <= 0 {
			return false
		}
		r := reading{val: q.val, span: s, note: "“" + p.quote(s) + "” taken in seconds"}
		if q.val >= 100 {
			r.val, r.note = q.val/1000, "“"+p.quote(s)+"” taken in milliseconds"
		}
		p.latencies = append(p.latencies, r)
	case p.has(k, "horizon"):
		if q.val < 1 || q.val > 240 {
			return false
		}
		p.horizons = append(p.horizons, reading{val: math.Round(q.val), span: s})
	case p.dirAt(k) != "":
		if p.raw(k) == "in" && (q.val >= 2020 && q.val <= 2040 || q.val < 16) && !p.assigned(k) {
			return false
		}
		note := p.thousands(q)
		p.tokensOf = append(p.tokensOf, dirReading{reading{val: q.val, span: s, note: note}, p.dirAt(k)})
	default:
		return false
	}
	q.from, q.to = s.from, s.to
	return true
}

// lengthBehind reads "320 come out", "700 of output", "2k tokens go in".
func (p *parser) lengthBehind(q *quantity) bool {
	k := q.numEnd + 1
	switch p.raw(k) {
	case "come", "comes", "go", "goes", "of":
	default:
		return false
	}
	d := p.dirAt(k + 1)
	if d == "" || p.raw(k) == "of" && p.raw(k+1) == "in" || p.numberFollows(k+1) {
		return false
	}
	q.to = k + 1
	p.tokensOf = append(p.tokensOf, dirReading{reading{val: q.val, span: q.span, note: p.thousands(q)}, d})
	return true
}

func (p *parser) assigned(k int) bool { return p.isSign(k+1, "=") || p.isSign(k+1, ":") }

// bareNumber keeps a number that says nothing of itself: it is the volume where no other was said.
func (p *parser) bareNumber(q *quantity) bool {
	if q.noun >= 0 || q.unit != "" || q.pct || q.worded && !q.scaled || !q.scaled && q.val < 1000 && q.other == 0 || q.val < 10 {
		return false
	}
	if !q.scaled && q.val >= 1990 && q.val <= 2040 && q.val == math.Trunc(q.val) {
		return false // a year
	}
	note := p.thousands(q)
	r := q.reading("")
	r.to = q.numEnd
	r.val, r.lo, r.hi, r.note = q.val, q.lo, q.hi, note
	p.bare = append(p.bare, r)
	return false // claimed when it is used
}

func joinNotes(a, b string) string {
	if a == "" {
		return b
	}
	return a + "; " + b
}
