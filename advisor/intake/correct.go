package intake

import (
	"math"
	"slices"
	"strings"
)

// People take back what they just typed: "400k msgs/mo, sorry, actually 40k not 400k". The later number stands.

// readCorrections drops numbers that the request itself takes back.
func (p *parser) readCorrections() {
	p.readPast()
	p.readHearsay()
	p.readContrasts()
	for i := range p.toks {
		switch {
		case p.isClaimed(i):
		case p.restated(i):
		case p.raw(i) == "call" && p.raw(i+1) == "it":
			p.calledMoney(i)
		case p.changed(i):
		case p.amended(i):
		case p.raw(i) == "instead" && p.raw(i+1) == "of", p.raw(i) == "rather" && p.raw(i+1) == "than":
			p.dropAlternative(i)
		case rejecting[p.raw(i)]:
			p.dropRejected(i)
		default:
			p.correctAt(i)
		}
	}
}

// correctAt reads words that take a number back at token i, and the number that stands.
func (p *parser) correctAt(i int) {
	end, ok := p.takesBack(i)
	if !ok {
		return
	}
	if p.raw(i) == "no" || p.raw(i) == "wait" { // no wish to wait
		p.claim(i, end)
	}
	if p.shareTakenBack(i, end) {
		return
	}
	const ahead = 8
	b, ok := p.numberNear(end+1, ahead)
	if !ok || p.sentenceEnds(end+1, b) || p.sentenceEnds(i, b) && p.wordBetween(p.sentenceFrom(i, 2*ahead), i, "not", "instead") { // "700 tokens, not 70, sorry. Input 2,400"
		return
	}
	a := p.numberBehind(i - 1)
	if w := p.directionOf(b); w != "" { // "1k in and 300 out, wait no, it's more like 5k in"
		for a >= 0 && p.directionOf(a) != w {
			a = p.numberBehind(a - 1)
		}
	}
	if a >= 0 && (!p.sentenceEnds(i, b) || p.alike(p.signed(a), p.signed(b)) && !p.otherKind(a, b)) {
		p.replace(a, b, i)
	}
}

// directionOf is the "in" or "out" right behind a number, "" none.
func (p *parser) directionOf(k int) string {
	n, ok := p.number(k)
	if w := p.raw(n.next); ok && (w == "in" && !p.preposed(n.next) && p.periodAt(n.next+1) == "" || w == "out") {
		return w
	}
	return ""
}

// otherKind reports whether one of two numbers is money and the other is not.
func (p *parser) otherKind(a, b int) bool {
	x, _ := p.quantityAt(p.signed(a))
	y, _ := p.quantityAt(p.signed(b))
	return x.cur != y.cur && y.noun >= 0
}

func (p *parser) sentenceEnds(from, to int) bool {
	for k := from; k < to; k++ {
		if p.strongEnd(k) && p.raw(k) != ":" {
			return true
		}
	}
	return false
}

// shareTakenBack drops a share in favour of the one behind the words from i to end: "a sixth... no wait, a fifth of the queries".
func (p *parser) shareTakenBack(i, end int) bool {
	for p.raw(end+1) == "," || p.raw(end+1) == "." {
		end++
	}
	if s, ok := p.shareAt(end + 1); !ok || !p.shareFollows(s.to+1) {
		return false
	}
	const reach = 9
	for k := i - 1; k >= i-reach && k >= 0; k-- {
		if _, ok := p.shareAt(k); ok {
			if p.raw(k-1) == "a" {
				k--
			}
			p.claim(k, end)
			return true
		}
	}
	return false
}

// shareAt reads a fraction or a percentage at token i.
func (p *parser) shareAt(i int) (span, bool) {
	if p.isClaimed(i) {
		return span{}, false
	}
	if _, s, ok := p.fractionOf(i); ok {
		return s, true
	}
	if p.isNum(i) && p.has(i+1, "pct") {
		return span{i, i + 1}, true
	}
	return span{}, false
}

// shareFollows reports whether words from k on say of what a share is.
func (p *parser) shareFollows(k int) bool {
	const reach = 10
	for j := k; j < k+reach && !p.clauseEnd(j); j++ {
		if f, _, _ := p.shareNamed(j); f != "" {
			return true
		}
	}
	return false
}

// amended puts another value in the place of one that was said before: "yesterday I told you p95 1s, please make it 2.5s".
func (p *parser) amended(i int) bool {
	if w := p.raw(i); (w == "take" || w == "use") && p.isNum(i+1) {
		a := p.numberBehind(i - 1)
		own, whole := p.quantityAt(i + 1)
		old, _ := p.quantityAt(p.signed(a))
		if a < 0 || !whole || own.unit == "" || own.unit != old.unit || p.sentenceEnds(a, i) {
			return false
		}
		p.dropNumber(a)
		p.claim(i, i)
		return true
	}
	if w := p.raw(i); w != "make" && w != "change" && w != "set" {
		return false
	}
	j := i + 1
	for j < i+4 && (p.raw(j) == "it" || p.raw(j) == "that" || p.raw(j) == "this" || p.raw(j) == "to") {
		j++
	}
	b, near := p.numberNear(j, 2)
	a := p.numberBehind(i - 1)
	if j == i+1 || !near || a < 0 || !p.alike(a, b) {
		return false
	}
	p.replace(a, b, i)
	return true
}

// readPast drops an amount that was, or will be, where another one is: "budget was 10k but they cut it to 6k", "1M by next year, but today
// it is 120k", "2M visitors but only 30k of them".
func (p *parser) readPast() {
	const ahead, back = 13, 8
	for i := range p.toks {
		switch p.raw(i) {
		case "but", "now", "however":
		case "it":
			presumed := p.raw(i+1) == "is" && p.wordBetween(p.sentenceFrom(i, 12), i, "thought", "assumed", "expected", "believed")
			if !presumed && (p.raw(i+1) != "will" || p.raw(i+2) != "be") {
				continue
			}
		case "it's", "its": // "used to be 500k, it's 130k", "I said 90k, it's actually 190k"
			if !p.wordBetween(p.sentenceFrom(i, 20), i, "used", "said", "thought", "wrote", "told") {
				continue
			}
		case "currently", "today", "presently":
			p.dropPlan(i)
		default:
			if p.sinceThen(i) {
				p.overtaken(i)
			}
			continue
		}
		a := p.numberBehind(i - 1)
		b, ok := p.numberNear(i+1, ahead)
		q, _ := p.quantityAt(b)
		if a < 0 || !ok || q.pct || p.isSign(b+1, ":") && p.toks[b+1].glued || p.isYear(b) && (p.raw(b-1) == "in" || p.raw(b-1) == "since" || p.raw(b-1) == "until") {
			continue
		}
		switch {
		case (p.raw(i) == "but" || p.raw(i) == "however" || p.raw(i) == "now") && p.wordBetween(i, b, "today", "currently", "present", "only", "normally", "usually", "typically", "mostly", "otherwise", "mean", "average"), p.raw(i) == "but" && p.plansBehind(a, i, b, &q):
			switch {
			case p.atPeak(a, i):
			case q.noun < 0 && q.period == "" && q.unit == "" && q.cur == "" && (q.scaled || q.val >= 100): // "max 8k tokens of context but typically 2k"
				p.renumber(a, b)
				p.dropNumber(b)
			default:
				p.dropNumber(a)
			}
		case p.wordBetween(p.sentenceFrom(a, back), i, "was", "were", "got", "tried", "tested", "managed", "used", "previously", "formerly", "thought", "assumed", "expected", "planned", "wanted", "said"): // the words around the old amount hold for the new one
			old, _ := p.quantityAt(p.signed(a))
			if q.noun >= 0 && q.period == "" && !q.each && !q.person && p.has(q.noun, "query", "doc", "chats") && old.noun < 0 && old.period != "" && old.cur == "" { // "going to ask for 500,000 a month, but finance cut that: plan on 320,000 requests"
				p.renumber(a, b)
				p.dropNumber(b)
				continue
			}
			plain := q.noun >= 0 && old.noun < 0 && old.unit == "" && old.cur == "" && !old.pct && old.scaled
			switch {
			case plain && !p.has(q.noun, "token"): // the new amount says all of itself
				p.dropNumber(a)
			case p.alike(a, b) && (q.noun >= 0 || q.unit != "" && q.unit == old.unit && p.wordBetween(i, b, "p95", "latency", "limit", "target")):
				p.dropNumber(a)
			case p.alike(a, b) && q.period != "" && q.period != old.period: // "I said 50k a day but it's 50k a week"
				p.dropNumber(a)
			case p.alike(a, b):
				p.renumber(a, b)
				p.dropNumber(b)
			}
		}
	}
}

// plansBehind reports whether number a is said of now and number b, which says nothing of itself, of what is planned: "300 users now but I'd plan for
// 3,000".
func (p *parser) plansBehind(a, i, b int, q *quantity) bool {
	return q.noun < 0 && q.period == "" && q.unit == "" && q.cur == "" && p.wordBetween(a, i, "now", "today", "currently", "presently") && p.wordBetween(i, b, "plan", "reckon", "calculate", "count", "size", "assume", "take")
}

// sinceThen reports whether words at token i say that what follows holds by now: "this year it's 95,000", "these days we're at 55k".
func (p *parser) sinceThen(i int) bool {
	k := i + 2
	switch w := p.raw(i); {
	case w == "this" && (p.raw(i+1) == "year" || p.raw(i+1) == "month"), w == "these" && p.raw(i+1) == "days", w == "in" && p.isYear(i+1), w == "by" && p.raw(i+1) == "now":
	case w == "nowadays", w == "meanwhile", w == "normally", w == "usually", w == "since" && p.raw(i+1) != "then":
		k = i + 1
	default:
		return false
	}
	switch p.raw(k) {
	case "it", "it's", "we", "we're", "that", "its", "they", "they're":
		return true
	}
	return false
}

// overtaken puts the bare number behind token i in the place of one with a window before it, which was.
func (p *parser) overtaken(i int) {
	const ahead, back = 6, 12
	a := p.numberBehind(i - 1)
	b, ok := p.numberNear(i+2, ahead)
	if a < 0 || !ok || p.sentenceEnds(i, b) || !p.wordBetween(p.sentenceFrom(a, back), i, "was", "were", "had", "did", "got", "last", "handled", "saw") {
		return
	}
	old, _ := p.quantityAt(p.signed(a))
	own, _ := p.quantityAt(p.signed(b))
	if old.period != "" && own.noun < 0 && own.period == "" && own.unit == "" && !own.pct && own.cur == old.cur && p.clauseEnd(own.next) {
		p.renumber(a, b)
		p.dropNumber(b)
	}
}

// atPeak reports whether number a is said to be the load at the peak, which stands beside the usual one: "3.5 a minute at peak but only 22k a month".
func (p *parser) atPeak(a, end int) bool {
	for k := a - 4; k < end; k++ {
		if p.has(k, "peak") {
			return true
		}
	}
	return false
}

// sentenceFrom is where the sentence of token k starts, at most so many tokens before it.
func (p *parser) sentenceFrom(k, reach int) int {
	from := k
	for from > k-reach && from > 0 && (!p.strongEnd(from-1) || p.raw(from-1) == ":") {
		from--
	}
	return from
}

// dropPlan drops an amount that is only planned for, where today's follows: "we plan for a million by summer, currently 150k".
func (p *parser) dropPlan(i int) {
	a := p.numberBehind(i - 1)
	b, ok := p.numberNear(i+1, 3)
	if a < 0 || !ok || !p.wordBetween(a-8, i, "plan", "planning", "planned", "expect", "hope", "aim", "forecast", "target", "by", "eventually", "later", "soon", "want") || p.has(b-1, "usd", "eur") {
		return
	}
	if old, _ := p.quantityAt(p.signed(a)); old.cur != "" { // a limit, beside today's load
		return
	}
	if months, _ := p.monthsAfter(a); months > 0 && !p.wordBetween(a, i, "by") {
		return // a goal with a date
	}
	p.dropNumber(a)
}

func (p *parser) wordBetween(from, to int, words ...string) bool {
	for k := max(0, from); k < to; k++ {
		if slices.Contains(words, p.raw(k)) {
			return true
		}
	}
	return false
}

// restated reads an amount of money that is said again for its window: "$200,000 for 20 months, which makes 10k per month".
func (p *parser) restated(i int) bool {
	switch w := p.raw(i); {
	case (w == "which" || w == "that") && (p.raw(i+1) == "makes" || p.raw(i+1) == "is" || p.raw(i+1) == "means"):
		i++
	case w == "that's" || w == "i.e." || w == "meaning":
	case w == "so":
		const least, most = 2, 60 // windows of the second in the first: "60k USD for the year, so 5k a month"
		a := p.moneyBehind(i)
		b, ok := p.numberNear(i+1, 1)
		if a < 0 || !ok {
			return false
		}
		old, _ := p.quantityAt(p.signed(a))
		own, _ := p.quantityAt(b)
		if n := old.val / own.val; own.val <= 0 || n < least || n > most || math.Abs(n-math.Round(n)) > 0.1 {
			return false
		}
	default:
		return false
	}
	b, ok := p.numberNear(i+1, 3)
	if !ok {
		return false
	}
	a := p.moneyBehind(i)
	q, whole := p.quantityAt(p.signed(b))
	if !whole || a < 0 || q.period == "" || q.noun >= 0 || q.unit != "" {
		return false
	}
	p.budgets = append(p.budgets, reading{val: q.val * perMonth[q.period], span: span{b, max(q.to, q.numEnd)}})
	p.dropNumber(p.signed(a))
	p.claim(i, max(q.to, q.numEnd))
	return true
}

// calledMoney drops an amount that is said again in other money: "maybe 40 quid... call it 50 dollars".
func (p *parser) calledMoney(i int) {
	a := p.moneyBehind(i)
	b, ok := p.numberNear(i+2, 2)
	if q, whole := p.quantityAt(p.signed(b)); ok && a >= 0 && whole && q.cur != "" {
		p.dropNumber(p.signed(a))
	}
}

// signed is the place where the quantity of number k starts, its currency included.
func (p *parser) signed(k int) int {
	if p.has(k-1, "usd", "eur") {
		return k - 1
	}
	return k
}

// moneyBehind is the nearest number before i that has a currency, -1 none near.
func (p *parser) moneyBehind(i int) int {
	const reach = 14
	for k := i - 1; k >= 0 && k > i-reach && !p.strongEnd(k); k-- {
		if !p.isNum(k) || p.isClaimed(k) || p.toks[k].entity != nil {
			continue
		}
		if q, ok := p.quantityAt(p.signed(k)); ok && q.cur != "" {
			return k
		}
	}
	return -1
}

// movedWords tell of an amount that is another one now: "went from 10k to 7k".
var movedWords = set("shorter longer smaller bigger doubled tripled grew went go goes cut down drop drops falls relaxed shrinks slowed dropped reduced lowered raised moved changed fell up came revised corrected")

// changed drops the first amount of "went from 10k to 7k"; the words around it hold for the second.
func (p *parser) changed(i int) bool {
	if !movedWords[p.raw(i)] {
		return false
	}
	if p.upFrom(i) {
		return true
	}
	from := i + 1
	for from < i+3 && p.raw(from) != "from" {
		from++
	}
	a, ok := p.numberNear(from+1, 3)
	if p.raw(from) != "from" || !ok {
		return false
	}
	n, ok := p.number(a)
	if !ok {
		return false
	}
	to := n.next
	for to < n.next+5 && p.raw(to) != "to" {
		to++
	}
	if b, ok := p.numberNear(to+1, 3); !ok || p.raw(to) != "to" || p.grows(b) {
		return false
	}
	p.claim(i, to)
	for k := i; k <= to; k++ {
		p.toks[k].void = true
	}
	return true
}

// upFrom drops the second amount of "went up to 9k, from 5k".
func (p *parser) upFrom(i int) bool {
	j := i + 1
	for j < i+3 && p.raw(j) != "to" {
		j++
	}
	a, ok := p.numberNear(j+1, 3)
	if p.raw(j) != "to" || !ok {
		return false
	}
	q, whole := p.quantityAt(p.signed(a))
	k := q.to + 1
	if p.raw(k) == "," {
		k++
	}
	b, near := p.numberNear(k+1, 2)
	if !whole || p.raw(k) != "from" || !near || p.grows(a) {
		return false
	}
	p.dropNumber(p.signed(b))
	p.claim(k, k)
	return true
}

// grows reports whether number b is a goal with a date, which growth is reckoned from.
func (p *parser) grows(b int) bool {
	months, _ := p.monthsAfter(b + 1)
	q, ok := p.quantityAt(b)
	return ok && months > 0 && q.period == "" && p.raw(q.next) != "a"
}

// rejecting are words before what is not wanted any more.
var rejecting = set("forget drop dropped ditch ditched skip ignore abandon abandoned scratch avoid except excluding leave")

// dropRejected leaves a number out of account that is told to be forgotten: "scratch the 5 s latency".
func (p *parser) dropRejected(i int) {
	if p.raw(i) == "drop" || p.raw(i) == "dropped" || p.raw(i) == "leave" || p.raw(i+1) == "that" {
		p.correctAt(i)
		return
	}
	j := i + 1
	for j < i+4 && p.isWord(j) && (p.toks[j].glue || p.raw(j) == "earlier" || p.raw(j) == "previous" || p.raw(j) == "old") {
		j++
	}
	if p.isNum(j) && p.isWord(j-1) {
		p.dropNumber(j)
		p.claim(i, j)
	}
}

// dropAlternative drops the number behind "instead of" at token i, where one like it stands before.
func (p *parser) dropAlternative(i int) {
	a := p.numberBehind(i - 1)
	b, ok := p.numberNear(i+2, 2)
	if a < 0 || !ok || !p.alike(p.signed(a), p.signed(b)) && !p.alike(p.signed(b), p.signed(a)) {
		return
	}
	old, _ := p.quantityAt(p.signed(b))
	own, _ := p.quantityAt(p.signed(a))
	if own.noun < 0 && own.period == "" && (old.noun >= 0 || old.period != "") { // "200k instead of 100k queries a month"
		p.renumber(b, a)
		p.claim(a, i+1)
		return
	}
	p.dropNumber(p.signed(b))
}

// renumber gives number a the value of number b.
func (p *parser) renumber(a, b int) {
	na, okA := p.number(a)
	nb, okB := p.number(b)
	if !okA || !okB || math.IsNaN(nb.val) {
		return
	}
	p.toks[a].val, p.toks[a].thousands, p.toks[a].raw = nb.val, 0, plainNumber(nb.val)
	p.retire(a+1, na.next-1)
}

// retire takes the "M" of a replaced "3M" out of the text.
func (p *parser) retire(from, to int) {
	p.claim(from, to)
	for i := from; i <= to; i++ {
		p.toks[i].void = true
	}
}

// dropNumber leaves a number and what it counts out of account.
func (p *parser) dropNumber(i int) {
	q, ok := p.quantityAt(i)
	if !ok {
		return
	}
	p.claim(q.from, max(q.to, q.numEnd))
}

// corrections are phrases that take back what stands before them.
var corrections = strings.Split("correct is|correct number is|correct one is|right number is|i mean|i meant|make that|scratch that|strike that|no wait|wait no|no :|sorry|just kidding|correction|oops|my bad|my mistake|that was wrong|that's wrong|that is wrong|"+
	"that was a typo|that was a mistake|that's a typo|that was too much|typo", "|")

// takesBack reports whether words that correct start at i, and where they end.
func (p *parser) takesBack(i int) (int, bool) {
	n := p.correction(i)
	if n == 0 {
		return i, false
	}
	i += n - 1
	for hops := 0; hops < 12 && i+1 < len(p.toks); hops++ {
		switch n := p.correction(i + 1); {
		case n > 0:
			i += n
		case p.clauseEnd(i + 1), p.raw(i+1) == "actually", p.raw(i+1) == "rather":
			i++
		default:
			return i, true
		}
	}
	return i, true
}

// correction returns how many tokens from i on make up a phrase of corrections; marks may stand between its words.
func (p *parser) correction(i int) int {
	for _, phrase := range corrections {
		j, whole := i, true
		for n, w := range strings.Fields(phrase) {
			for n > 0 && p.raw(j) == "," {
				j++
			}
			if p.raw(j) != w {
				whole = false
				break
			}
			j++
		}
		if whole {
			return j - i
		}
	}
	return 0
}

func (p *parser) numberNear(i, reach int) (int, bool) {
	for k := i; k < i+reach && k < len(p.toks); k++ {
		if p.isNum(k) && !p.isClaimed(k) && p.toks[k].entity == nil {
			return k, true
		}
	}
	return 0, false
}

// numberBehind is the nearest number before i, -1 none near.
func (p *parser) numberBehind(i int) int {
	const reach = 14
	for k := i; k >= 0 && k > i-reach; k-- {
		if (p.isNum(k) || isMultiplier(p.raw(k)) && p.article(k-1) || numberWords[p.raw(k)] > 1 && isMultiplier(p.raw(k+1))) && !p.isClaimed(k) && p.toks[k].entity == nil {
			return k
		}
	}
	return -1
}

// alike reports whether two numbers measure the same kind of thing, or one of them says nothing of what it measures.
func (p *parser) alike(a, b int) bool {
	qa, okA := p.quantityAt(a)
	qb, okB := p.quantityAt(b)
	rate := func(q quantity) bool { return q.unit == "qps" || q.period == "second" && q.unit == "" }
	return okA && okB && (qa.unit == qb.unit || qb.unit == "" || rate(qa) && rate(qb)) && qa.pct == qb.pct &&
		(qb.noun < 0 || qa.noun >= 0 && p.has(qa.noun, "token") == p.has(qb.noun, "token"))
}

// replace puts number b in the place of number a, where both measure the same; where b says something else of itself, a is dropped with
// its words. The words of the correction, at i, are dropped either way, and so is "not 400k" behind it.
func (p *parser) replace(a, b, i int) {
	nb, ok := p.number(b)
	if !ok {
		return
	}
	end := nb.next - 1
	if p.raw(end+1) == "not" && p.isNum(end+2) {
		if old, ok := p.number(end + 2); ok {
			p.claim(end+1, old.next-1)
		}
	}
	if !p.alike(a, b) {
		p.claim(a, b-1)
		return
	}
	if q, ok := p.quantityAt(b); ok {
		end = max(end, q.to)
		if old, _ := p.quantityAt(a); old.period != q.period && q.period != "" { // "10k a day, sorry, 200k a month"
			p.claim(a, b-1)
			return
		}
	}
	p.renumber(a, b)
	p.claim(i, end)
}
