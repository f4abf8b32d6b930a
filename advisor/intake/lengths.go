package intake

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// Lengths in tokens: a page of text, a word and a character of English.
const (
	tokensPerWord = 4. / 3
	tokensPerPage = 500 * tokensPerWord
	tokensPerChar = 1. / 4
)

// pair reads "1200/300 tokens" and "1200 -> 300".
func (p *parser) pair(q *quantity) bool {
	j := q.numEnd + 1
	if q.cur != "" || q.unit != "" || q.hi != 0 && !p.isSign(j, "/") || p.isSign(j, ":") && len(q.digits) == 4 && q.val >= 1990 && q.val <= 2040 { // "2026: 3M"
		return false
	}
	if p.has(j, "token") {
		j++
	}
	if out, ok := p.number(j + 1); p.raw(j) == "input" && ok && p.raw(out.next) == "output" { // "30k input 1k output"
		q.to = out.next
		p.tokensOf = append(p.tokensOf, dirReading{reading: reading{val: cmp.Or(q.other, q.val), span: span{q.from, j}}, dir: "input"},
			dirReading{reading: reading{val: cmp.Or(out.other, out.val), span: span{j + 1, out.next}}, dir: "output"})
		return true
	}
	switch {
	case p.isSign(j, "/") || p.isSign(j, ":"):
		j++
	case p.isSign(j, "-") && p.isSign(j+1, ">"):
		j += 2
	case p.isSign(j, "+"), p.isSign(j, ">") && p.isNum(j+1): // "4k>300"
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
	if in < 1 || outv < 1 || !evident && in < 50 || in+outv == 100 && !p.spanHas(span{from, end}, "token") || // a split: "50/50 in-house and api"
		p.isSign(q.numEnd+1, ":") && in < 20 && outv < 20 { // "3:1 in:out"
		return false
	}
	s := span{from, end}
	note := ""
	if !evident {
		note = "“" + p.quote(s) + "” taken as tokens in and out"
	}
	p.tokensOf = append(p.tokensOf, dirReading{reading: reading{val: in, span: s, note: note}, dir: "input"}, dirReading{reading: reading{val: outv, span: s}, dir: "output"})
	q.from, q.to = from, end
	return true
}

// tokenCount reads tokens, words and pages with their direction.
func (p *parser) tokenCount(q *quantity) bool {
	if p.promptLength(q) || p.partOfPrompt(q) {
		return true
	}
	if q.noun >= 0 && p.has(q.noun, "pageunit") && (viewWords[stem(p.raw(q.noun+1))] || p.raw(q.noun) == "pager" && p.raw(q.noun+1) == "for" || q.val*tokensPerPage > longestPrompt) {
		return false
	}
	if q.noun >= 0 && p.has(q.noun, "pageunit") && q.val >= 50 && !q.each && sourceWords[p.raw(p.unhedged(q.from-1))] {
		p.doubt("“" + p.quote(q.span) + "” is taken as what is searched, not as what is sent")
		return true
	}
	if q.noun < 0 || !p.has(q.noun, "token", "wordunit", "pageunit", "char", "kbyte") || p.has(q.noun, "kbyte") && p.ofMedia(q) {
		return false
	}
	note := p.thousands(q)
	val := q.val
	switch {
	case p.has(q.noun, "wordunit"):
		val *= tokensPerWord
		note = joinNotes(note, "“"+p.quote(span{q.from, q.noun})+"” reckoned at 4/3 tokens a word")
	case p.has(q.noun, "pageunit"):
		if (q.period != "" || p.searched()) && (!q.each || q.val >= fewPages) && (q.period != "" || q.val >= fewPages) {
			return false // pages per day are a volume, and many of them what is searched
		}
		val *= tokensPerPage
		if q.worded && p.raw(q.noun+1) == "is" && numberWords[p.raw(q.noun+2)] > 0 { // "one page is one call"
			return false
		}
		note = joinNotes(note, "“"+p.quote(span{q.from, q.noun})+"” reckoned at 500 words a page and 4/3 tokens a word")
	case p.has(q.noun, "char"):
		val *= tokensPerChar
		note = joinNotes(note, "“"+p.quote(span{q.from, q.noun})+"” reckoned at 4 characters a token")
	case p.has(q.noun, "kbyte"):
		val *= 1000 * tokensPerChar
		note = joinNotes(note, "“"+p.quote(span{q.from, q.noun})+"” reckoned as text at 4 bytes a token")
	}
	if q.period != "" && q.period != "second" && !q.each && !q.perOther && !(p.raw(q.from-1) == "of" && p.has(q.from-2, "doc", "query", "chats")) {
		dir, _ := p.direction(q)
		if d := p.dirAt(q.to + 1); dir == "" && d != "" { // "15B tokens/mo input"
			dir, q.to = d, q.to+1
		}
		r := q.reading(q.period)
		r.val = val * perMonth[q.period]
		p.tokens = append(p.tokens, dirReading{reading: r, dir: dir})
		return true
	}
	if period := p.sharedWindow(q); val > longestPrompt && period != "" { // "10M tokens in and 2M out per day"
		dir, _ := p.direction(q)
		r := q.reading(period)
		r.val = val * perMonth[period]
		p.tokens = append(p.tokens, dirReading{reading: r, dir: dir})
		return true
	}
	if n := q.from - 2; p.isSign(q.from-1, "x") && p.isNum(n) && !p.isClaimed(n) && p.toks[n].val > 1 && p.toks[n].val <= 100 && q.hi == 0 { // "context 6 x 350 tokens"
		val, q.from = val*p.toks[n].val, n
		note = joinNotes(note, "“"+p.quote(span{q.from, q.noun})+"” multiplied")
	}
	if q.hi != 0 {
		note = joinNotes(note, "the middle of “"+p.quote(span{q.from, q.noun})+"” is taken")
	}
	both := q.noun + 1
	if p.raw(both) == "each" {
		both++
	}
	if p.raw(both) == "in" && p.raw(both+1) == "and" && p.raw(both+2) == "out" { // "12k tokens each in and out"
		q.to = both + 2
		r := reading{val: val, span: q.span, note: note}
		p.tokensOf = append(p.tokensOf, dirReading{reading: r, dir: "input"}, dirReading{reading: r, dir: "output"})
		return true
	}
	if w := p.raw(q.noun + 1); w == "each" && p.raw(q.noun+2) == "way" || (w == "both" || w == "either") && (p.raw(q.noun+2) == "ways" || p.raw(q.noun+2) == "way" || p.raw(q.noun+2) == "directions") || p.bothBefore(q) {
		if !p.bothBefore(q) {
			q.to = q.noun + 2
		}
		r := reading{val: val, span: q.span, note: note}
		p.tokensOf = append(p.tokensOf, dirReading{reading: r, dir: "input"}, dirReading{reading: r, dir: "output"})
		return true
	}
	if whole, end := p.wholePrompt(q); whole > val {
		p.cachedOf = append(p.cachedOf, reading{val: val, span: q.span, note: note})
		q.to = end
		p.tokensOf = append(p.tokensOf, dirReading{reading: reading{val: whole, span: q.span}, dir: "input"})
		return true
	}
	dir, s := p.direction(q)
	if to, ok := p.totalBeside(q); ok && !p.has(q.noun, "pageunit") && dir != "reasoning" && !(p.raw(q.noun+1) == "in" && p.clauseEnd(q.noun+2)) {
		dir, s.to = "total", max(s.to, to)
	}
	if dir == "" {
		if q.perOther || q.each || p.has(q.noun, "token") {
			note = joinNotes(note, "“"+p.quote(s)+"” taken as tokens in"+sayOutput)
		}
	}
	if p.addsTo(q, val, dir) || p.addsMore(q, val, dir) {
		return true
	}
	p.tokensOf = append(p.tokensOf, dirReading{reading: reading{val: val, span: s, note: note}, dir: dir, weak: dir == "input" && p.ofDocument(s)})
	q.from, q.to = min(q.from, s.from), max(q.to, s.to)
	return true
}

// rollingVerbs before "out" speak of no answer.
var rollingVerbs = set("roll rolls rolled rolling")

// sayOutput asks for what comes out, where nothing says it.
const sayOutput = "; say how many come out"

// unhedged is the last token up to k that does not only make a number approximate.
func (p *parser) unhedged(k int) int {
	for hedges[p.raw(k)] && p.raw(k) != "in" {
		k--
	}
	return k
}

// bothBefore reports whether a length is said to be that of both directions before it: "input and output are both about 400 tokens".
func (p *parser) bothBefore(q *quantity) bool {
	const reach = 5
	k := p.unhedged(q.from - 1)
	return p.raw(k) == "both" && p.spanHas(span{max(0, k-reach), k}, "input") && p.spanHas(span{max(0, k-reach), k}, "output")
}

// sourceWords stand before a collection that answers are drawn from: "the answers come from 800 pages of ordinances".
var sourceWords = set("from over across through against")

// partOfPrompt reads "1200 of the 1600 input tokens are always identical", where the part says nothing of itself.
func (p *parser) partOfPrompt(q *quantity) bool {
	k := q.numEnd + 1
	if p.raw(k) == "out" {
		k++
	}
	if q.noun >= 0 || q.cur != "" || q.unit != "" || q.pct || q.period != "" || p.raw(k) != "of" {
		return false
	}
	k++
	for p.raw(k) == "the" || p.raw(k) == "our" {
		k++
	}
	whole, ok := p.quantityAt(k)
	if !ok || whole.noun < 0 || !p.has(whole.noun, "token") || whole.val <= q.val || !p.sentAgain(span{k, whole.noun}) && !p.wordBetween(q.from-6, q.from, "cache", "cached", "caches", "caching") {
		return false
	}
	q.to = whole.noun
	p.cachedOf = append(p.cachedOf, reading{val: q.val, span: q.span})
	p.tokensOf = append(p.tokensOf, dirReading{reading: reading{val: whole.val, span: q.span}, dir: "input"})
	return true
}

// wholePrompt reads the prompt that a length is a part of, where that part is sent each time: "1,800 tokens of the 2,000 in the prompt and
// never changes".
func (p *parser) wholePrompt(q *quantity) (float64, int) {
	k := q.noun + 1
	for k < q.noun+4 && (p.raw(k) == "of" || p.raw(k) == "out" || p.raw(k) == "the" || p.raw(k) == "our" || p.raw(k) == "each" || p.raw(k) == "every") {
		k++
	}
	n, ok := p.number(k)
	if !ok || p.raw(k-1) != "of" && p.raw(k-2) != "of" {
		return 0, 0
	}
	end := n.next - 1
	for j := end; j <= end+10 && !p.strongEnd(j) && (j == end || !p.isNum(j)); j++ {
		if cachedHints[p.raw(j)] || p.has(j, "cached") || (p.raw(j) == "changes" || p.raw(j) == "change") && p.has(j-1, "no") {
			return max(n.val, n.other), end
		}
	}
	return 0, 0
}

// longestPrompt is more than any model takes at once.
const longestPrompt = 2e6

// sharedWindow is the window of the number that is joined to a length by "and", "" none.
func (p *parser) sharedWindow(q *quantity) string {
	const reach = 6
	for k := q.to + 1; k <= q.to+reach && !p.strongEnd(k); k++ {
		if p.isNum(k) {
			next, ok := p.quantityAt(k)
			if !ok || next.noun < 0 || !p.has(next.noun, "token") {
				return ""
			}
			return next.period
		}
	}
	return ""
}

// ofMedia reports whether a size is that of something other than text, which says nothing of its tokens: "images of 300 KB".
func (p *parser) ofMedia(q *quantity) bool {
	const reach = 5
	for k := q.from - reach; k <= q.noun+reach; k++ {
		if k >= 0 && mediaWords[stem(p.raw(k))] {
			return true
		}
	}
	return false
}

var mediaWords = set("image photo picture scan pdf audio video recording attachment file screenshot upload download memory ram disk cache")

// unitBefore is how many tokens one of a number without a unit stands for, where it follows a length that is said in words or pages: "700 words
// in, 80 out", "in 10 pages, out 1"; 1 none.
func (p *parser) unitBefore(q *quantity) float64 {
	k := q.from - 1
	for p.isSign(k, "~") || p.isSign(k, ":") || p.raw(k) == "about" {
		k--
	}
	if w := p.raw(q.numEnd + 1); w != "in" && w != "out" && p.raw(k) != "in" && p.raw(k) != "out" {
		return 1
	}
	return p.unitOfLast(q)
}

// unitOfLast is how many tokens one of the unit stands for in which a length shortly before q is said, 1 where none is said in words or pages.
func (p *parser) unitOfLast(q *quantity) float64 {
	const reach = 7
	for k := q.from - 1; k >= q.from-reach && !p.strongEnd(k); k-- {
		switch {
		case p.has(k, "token", "char"):
			return 1
		case p.has(k, "wordunit"):
			return tokensPerWord
		case p.has(k, "pageunit"):
			if p.isNum(k-1) && p.toks[k-1].val < fewPages && q.val <= manyPages {
				return tokensPerPage
			}
			return 1
		}
	}
	return 1
}

// manyPages is more than an answer or a document has that is said without its unit.
const manyPages = 50

// addsTo adds a length to the one before a plus sign: "1k tokens system prompt + 200 tokens user text".
func (p *parser) addsTo(q *quantity, val float64, dir string) bool {
	k := q.from - 1
	reach, lead := 7, 6
	for k > q.from-lead && (p.isSign(k, "~") || p.isWord(k) && !adding[p.raw(k)]) {
		k--
	}
	if p.raw(k) != "plus" {
		reach = 16
	}
	if !p.isSign(k, "+") && !adding[p.raw(k)] || len(p.tokensOf) == 0 || dir != "" && dir != "input" {
		return false
	}
	before := &p.tokensOf[len(p.tokensOf)-1]
	for j := before.to + 1; j < q.from; j++ { // "90 tokens in and a label plus reason of 20"
		if p.has(j, "outw", "answerw") || p.raw(j) == "and" && p.raw(j-1) == "in" {
			return false
		}
	}
	if before.dir != "input" && before.dir != "" || before.to >= k || before.to < k-reach || p.sentenceEnds(before.to, k) {
		return false
	}
	if p.sentAgain(before.span) {
		p.cachedOf = append(p.cachedOf, before.reading)
	}
	if p.saidAgain(q.to+1) > 0 { // "plus a code list of 1,500 tokens (always the same)"
		part := q.reading("")
		part.val = val
		p.cachedOf = append(p.cachedOf, part)
	}
	before.val, before.to, before.dir = before.val+val, q.to, "input"
	p.claim(k, q.to)
	return true
}

var adding = set("plus adds add")

// addsMore adds a length that is said to come on top to what goes in before it: "an entry is 60 words ... and the prompt is another 920 tokens".
func (p *parser) addsMore(q *quantity, val float64, dir string) bool {
	const reach, lead = 40, 8
	if dir != "" && dir != "input" {
		return false
	}
	k := p.unhedged(q.from - 1)
	more := p.raw(k) == "another" || p.raw(k) == "additional" || p.raw(k) == "extra" || p.raw(k) == "further"
	more = more || p.raw(k) == "plus" && q.noun >= 0 && p.raw(q.noun+1) == "of" && inputParts[p.raw(q.noun+2)] // "the answer 90 words, plus 600 tokens of instructions"
	for j := k; j >= k-lead && !p.strongEnd(j) && !p.isNum(j); j-- {
		more = more || p.raw(j) == "top" && p.raw(j-1) == "on"
	}
	for i := len(p.tokensOf) - 1; i >= 0 && more; i-- {
		if t := &p.tokensOf[i]; (t.dir == "input" || t.dir == "") && q.from-t.to <= reach {
			p.addPart(t, q, val)
			return true
		}
	}
	return false
}

// addPart adds a part of the prompt to one that was read before it.
func (p *parser) addPart(t *dirReading, q *quantity, val float64) {
	if p.sentAgain(t.span) {
		p.cachedOf = append(p.cachedOf, t.reading)
	}
	if s := (span{q.from, q.to}); p.saidAgain(q.to+1) > 0 || p.sentAgain(s) {
		part := q.reading("")
		part.val = val
		p.cachedOf = append(p.cachedOf, part)
	}
	t.val, t.dir = t.val+val, "input"
	t.note = joinNotes(t.note, "“"+p.quote(t.span)+"” and “"+p.quote(span{q.from, q.to})+"” added up")
	p.claim(q.from, q.to)
}

// partBeside adds a bare length that is said to be for a part of the prompt to the length before it that is for another part: "160 tokens for the
// description and 700 for the instructions".
func (p *parser) partBeside(q *quantity) bool {
	const near = 8
	n := len(p.tokensOf)
	if n == 0 || !p.forPart(q.numEnd+1) {
		return false
	}
	t := &p.tokensOf[n-1]
	if t.dir != "input" && t.dir != "" || q.from-t.to > near || p.sentenceEnds(t.to, q.from) || !p.wordBetween(t.from, q.from, "for") {
		return false
	}
	q.to = q.numEnd + 2
	p.addPart(t, q, q.val)
	return true
}

// forPart reports whether the words at token k say for which part of the prompt a length is: "for the instructions".
func (p *parser) forPart(k int) bool {
	if p.raw(k) != "for" {
		return false
	}
	for k++; p.raw(k) == "the" || p.raw(k) == "our" || p.raw(k) == "a"; k++ {
	}
	return inputParts[p.raw(k)] || inputParts[p.raw(k+1)] && !p.toks[k].glue
}

// ofDocument reports whether only a document that is said beside a length makes it one that goes in.
func (p *parser) ofDocument(s span) bool {
	for k := s.from; k <= s.to+1; k++ {
		if p.raw(k) == "in" || p.has(k, "input", "promptw") {
			return false
		}
	}
	return true
}

// totalBeside reports whether a length is said to be that of both directions: "1,500 tokens in total".
func (p *parser) totalBeside(q *quantity) (int, bool) {
	k := q.noun + 1
	if p.raw(k) == "in" {
		k++
	}
	if p.has(k, "total") && !p.has(k+1, "input", "output") {
		return k, true
	}
	return 0, p.has(q.from-1, "total") && !p.has(q.from-2, "input", "output")
}

// promptLength reads "6k prompt", "11k system prompt": one prompt of that length, not so many prompts; and "4.5k of it cached" behind it.
func (p *parser) promptLength(q *quantity) bool {
	k := q.numEnd + 1
	for k < q.numEnd+3 && p.isWord(k) && !p.has(k, "promptw", "answerw") && (p.raw(k) == "system" || p.raw(k) == "long") {
		k++
	}
	article := (p.raw(q.from-1) == "a" || p.raw(q.from-1) == "an") && p.dirAt(k) == "output" // "a 1k summary"
	if !article && !p.has(k, "promptw", "answerw") && p.raw(k) != "prefix" || p.plural(k) || q.val < 10 || q.period != "" || q.cur != "" || p.numberFollows(k) {
		return false
	}
	q.to = k
	p.tokensOf = append(p.tokensOf, dirReading{reading: reading{val: q.val, span: span{q.from, k}, note: p.thousands(q)}, dir: p.dirAt(k)})
	return true
}

// viewWords make pages of a site of the pages before them.
var viewWords = set("view load impression hit visit")

// fewPages is more than one document has: so many pages a month are a volume.
const fewPages = 1000

// direction finds whether tokens go in or come out, from the words between, behind and before.
func (p *parser) direction(q *quantity) (string, span) {
	s := span{q.from, q.to}
	for k := q.noun + 1; k <= q.noun+2 && !p.clauseEnd(k) && !p.isNum(k); k++ {
		if p.raw(k) == "back" {
			return "output", span{q.from, k}
		}
	}
	for k := q.numEnd + 1; k < q.noun; k++ {
		if d := p.dirAt(k); d != "" {
			return d, s
		}
	}
	if p.raw(q.noun+1) == "from" && p.raw(q.noun+2) != "which" && !theirs[p.raw(q.noun+2)] && p.lengthFollows(q.noun+2) { // "120 words from 80 words of data"
		return "output", s
	}
	for k := q.from - 1; k >= q.from-3 && !p.clauseEnd(k); k-- {
		if p.raw(k) == "of" && p.wordBetween(k-6, k, "based") {
			return "input", s
		}
		if p.raw(k) == "from" && (p.has(k-1, "token", "wordunit", "pageunit") && k == q.from-1 || p.passive(k-1)) {
			return "input", s
		}
	}
	if k := p.unhedged(q.from - 1); p.raw(k) == "," && k < q.from-1 && p.has(q.noun, "token") && p.thinksIn(k) { // "thinking is welcome, say 2k tokens"
		return "reasoning", s
	}
	switch p.raw(q.noun + 1) { // "220 words source, 240 words target"
	case "source":
		return "input", span{q.from, q.noun + 1}
	case "target":
		return "output", span{q.from, q.noun + 1}
	}
	if w := p.raw(q.noun + 2); p.raw(q.noun+1) == ")" && (w == "in" || w == "out") && p.clauseEnd(q.noun+3) { // "a function of 80 lines (900 tokens) in"
		return p.dirAt(q.noun + 2), span{q.from, q.noun + 2}
	}
	if p.behindArrow(q.from) {
		return "output", s
	}
	if p.turnedFrom(q) {
		return "output", span{q.from - 1, q.to}
	}
	if p.turnedInto(q.noun + 1) {
		return "input", s
	}
	if p.raw(q.from-1) == "(" { // "turned into a structured letter (400 words)"
		const reach = 7
		const few = 20 // paragraphs: "writes 2 paragraphs (150 words)"
		for k := q.from - 2; k >= q.from-2-reach && !p.clauseEnd(k) && !(p.isNum(k) && p.toks[k].val > few); k-- {
			switch w := p.raw(k); {
			case w == "gives" || w == "returns" || w == "writes", (w == "into" || w == "becomes" || w == "become") && !p.numberBetween(k, q.from): // "it gives a label in Greek and English (120 words)"
				return "output", s
			}
		}
	}
	if p.raw(q.from-1) == "into" && p.has(q.noun+1, "query") { // "split into 300-word requests"
		return "input", span{q.from, q.noun + 1}
	}
	if p.raw(q.from-1) == "into" && !p.has(q.noun, "pageunit") || p.article(q.from-1) && p.raw(q.from-2) == "into" || (p.raw(q.from-1) == "to" || p.raw(q.from-1) == "into") && shortening[p.raw(q.from-2)] { // "of 5-page reports into 150 words", "into a one page record", "condensed to 2 pages"
		return "output", span{q.from - 1, q.to}
	}
	if p.raw(q.from-1) == "of" && p.has(q.noun, "pageunit") && p.has(q.noun+1, "doc") {
		return "input", span{q.from, q.noun + 1}
	}
	if p.raw(q.noun+1) == "of" && p.has(q.noun, "kbyte") { // what it is of tells the form, "8 KB of JSON"
		for k := q.noun + 2; k < q.noun+5 && !p.clauseEnd(k); k++ {
			if w := p.raw(k); w == "in" || w == "out" || p.has(k, "output", "answerw") {
				return p.dirAt(k), span{q.from, k}
			}
		}
		return "input", s
	}
	if d, k := p.leftDir(q); p.raw(q.noun+1) == "of" && d == "input" && p.has(k, "input") { // "input is just 350 tokens of JSON"
		return d, span{k, q.to}
	}
	if p.raw(q.noun+1) == "of" { // "7k tokens of diff"
		for k := q.noun + 2; k < q.noun+5 && !p.clauseEnd(k) && !p.isNum(k); k++ {
			if d := p.dirAt(k); d != "" {
				return d, span{q.from, k}
			}
			if w := p.raw(k); (w == "user" || w == "history" || w == "context") && p.has(q.noun, "token") { // "500 tokens of user text"
				return "input", span{q.from, k}
			}
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
	for k := q.noun + 1; k < q.noun+6 && !p.clauseEnd(k) && !p.isNum(k) && !p.dashed(k) && p.raw(k) != "and"; k++ {
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
	for k := q.from - 1; k > q.from-5 && !p.clauseEnd(k) && !p.isNum(k); k-- {
		if d := p.verbDir(k); d != "" {
			return d, s
		}
	}
	return "", s
}

// numberBetween reports whether a number stands between two tokens.
func (p *parser) numberBetween(from, to int) bool {
	for k := from + 1; k < to; k++ {
		if p.isNum(k) {
			return true
		}
	}
	return false
}

// thinksIn reports whether the clause that ends at token k is about what the model thinks.
func (p *parser) thinksIn(k int) bool {
	for k--; !p.clauseEnd(k) && !p.isNum(k); k-- {
		if p.clauseEnd(k - 1) {
			return thought[p.raw(k)]
		}
	}
	return false
}

// turnedInto reports whether words from token k on turn a length before them into another one: "80 words of specs to 180 words of text".
func (p *parser) turnedInto(k int) bool {
	const reach = 4
	if (p.isSign(k, "-") || p.isSign(k, "=")) && p.isSign(k+1, ">") { // "2 pages -> half page summary"
		n, ok := p.number(k + 2)
		return ok && p.tokensIn(n.next) > 0
	}
	for j := k; j < k+reach && p.isWord(j); j++ {
		if w := p.raw(j); (w == "to" || w == "into") && j > k {
			n, ok := p.number(j + 1)
			return ok && p.tokensIn(n.next) > 0
		}
	}
	return false
}

// turnedFrom reports whether a length stands right behind another one that it is made of: "80 words of specs to 180 words", "25 pages, in one page".
func (p *parser) turnedFrom(q *quantity) bool {
	const reach = 5
	w := p.raw(q.from - 1)
	if w == "in" && p.raw(q.from-2) == "," {
		return p.tokensIn(q.from-3) > 0 && !p.has(q.noun+1, "doc", "input")
	}
	if w != "to" && w != "into" || len(p.tokensOf) == 0 {
		return false
	}
	for k := q.from - 2; k >= q.from-reach && p.isWord(k); k-- {
		if p.tokensIn(k) > 0 {
			return k < q.from-2
		}
	}
	return false
}

// behindArrow reports whether an arrow stands between a length that was read and the one at token i: "a story of 150 words -> 10 cases, 800
// tokens".
func (p *parser) behindArrow(i int) bool {
	const reach = 8
	for k := i - 1; k >= i-reach && !p.strongEnd(k); k-- {
		if p.isSign(k, ">") && (p.isSign(k-1, "-") || p.isSign(k-1, "=")) {
			return len(p.tokensOf) > 0 && p.tokensOf[len(p.tokensOf)-1].to < k && p.tokensOf[len(p.tokensOf)-1].dir != "output"
		}
	}
	return false
}

// dashed reports whether the sign at k is a dash that sets two thoughts apart.
func (p *parser) dashed(k int) bool {
	return p.isSign(k, "-") && !p.toks[k].glued && k+1 < len(p.toks) && !p.toks[k+1].glued
}

func (p *parser) leftDir(q *quantity) (string, int) {
	if p.raw(q.from-1) == "in" {
		for k := q.from - 2; k > q.from-6 && !p.clauseEnd(k); k-- {
			switch p.raw(k) {
			case "explain", "explains", "explained", "summarise", "summarize", "summarised", "summarized", "answer", "reply", "respond", "describe", "described":
				return "output", k // "explain it in 120 tokens"
			}
			if p.dirAt(k) == "output" && p.raw(k) != "out" { // "summary in 60 words"
				return "output", k
			}
		}
	}
	said := false
	for k, steps := q.from-1, 0; k >= 0 && steps < 6 && !p.strongEnd(k) && p.toks[k].kind != comma && (!p.isNum(k) || p.toks[k].void) && !(said && p.isSign(k, ":")); k, steps = k-1, steps+1 {
		if p.toks[k].void {
			steps--
			continue
		}
		said = said || p.raw(k) == "is" || p.raw(k) == "are" || p.raw(k) == "has"                                              // of a subject of its own: "write show notes: a show is about 9,000 words"
		if p.raw(k) == "out" && (p.raw(k-1) == "goes" || p.raw(k-1) == "go" || p.raw(k-1) == "sent" || p.raw(k-1) == "send") { // "each question goes out with 4,000 tokens of manual"
			return "input", k
		}
		if d := p.dirAt(k); d == "reasoning" || d != "" && p.raw(k) != "in" && (!p.toks[k].claimed || p.isMade(k) || p.has(k, "outw") && (p.raw(k+1) == "is" || k == q.from-1)) || p.raw(k) == "in" && (p.isSign(k+1, "=") || p.isSign(k+1, ":") || k == q.from-1) && !p.toks[k].claimed {
			if d == "" {
				d = "input"
			}
			return d, k
		}
		if p.has(k, "summarize") && !verbForm(p.raw(k)) || p.has(k, "answerw") {
			return "output", k
		}
	}
	return "", -1
}

// verbForm reports whether a word of summaries is what is done ("summarising files of 20 pages") rather than what comes of it.
func verbForm(w string) bool {
	return strings.HasSuffix(w, "ing") || strings.HasSuffix(w, "ise") || strings.HasSuffix(w, "ize") || strings.HasSuffix(w, "ised") || strings.HasSuffix(w, "ized") || strings.HasSuffix(w, "ises") || strings.HasSuffix(w, "izes") || strings.HasSuffix(w, "iser") || strings.HasSuffix(w, "izer")
}

// dirAt reads a word that names a direction of tokens.
func (p *parser) dirAt(k int) string {
	switch {
	case k < 0 || k >= len(p.toks):
	case p.raw(k-1) == "per" && p.has(k, "answerw", "outw") && p.countedElsewhere(k): // "48,000 answers, 35 words per answer"
		return "input"
	case p.raw(k) == "minutes" && p.raw(k+1) == "of" && !p.isNum(k-1): // of a meeting
		return "output"
	case p.raw(k) == "in" || p.raw(k) == "prefix" || p.raw(k) == "original" && (p.raw(k+1) == "of" || p.raw(k+1) == "is") || p.raw(k) == "part" && inputParts[p.raw(k-1)] || p.has(k, "input", "promptw"):
		return "input"
	case thought[p.raw(k)]:
		switch p.raw(k - 1) {
		case "i", "we", "you", "he", "she", "boss", "people":
			return ""
		}
		return "reasoning"
	case p.raw(k) == "out" && rollingVerbs[p.raw(k-1)]: // "roll out an assistant to about 1,800 of them"
		return ""
	case p.raw(k) == "out" && p.raw(k+1) == "of" && p.isNum(k+2): // "one out of 110 departments"
		return ""
	case p.raw(k) == "out" || p.raw(k) == "back" || p.has(k, "output", "answerw", "outw"):
		return "output"
	case p.raw(k) == "visible":
		return "output"
	case p.raw(k) == "summary" || p.raw(k) == "summaries":
		return "output"
	case p.passive(k), p.raw(k) == "out" && p.raw(k+1) == "of":
		return ""
	case p.isMade(k):
		return "output"
	case p.has(k, "doc") && p.raw(k) != "each" && p.toks[k].kind == word && !p.has(k, "per"):
		return "input"
	}
	return ""
}

// thought are words for what a model generates before its answer.
var thought = set("reasoning thinking hidden think thinks thought thoughts cot")

// verbDir reads a verb that sends tokens one way or the other: "we send 1,100 tokens and get 70 back".
func (p *parser) verbDir(k int) string {
	switch p.raw(k) {
	case "send", "sends", "sending", "read", "reads", "reading", "feed", "feeds", "feeding", "receives", "eats":
		return "input"
	case "get", "gets":
		if w := p.raw(k - 1); w == "llm" || w == "model" || w == "bot" || p.raw(k-2) == "llm" || p.raw(k-2) == "model" { // "the LLM only gets the note"
			return "input"
		}
		return "output"
	case "give", "gives":
		if p.has(k-1, "rag", "searchw") { // "retrieval gives 3k tokens each"
			return "input"
		}
		return "output"
	case "write", "writes", "writing", "getting", "produce", "produces", "producing", "return", "returns", "returning", "emit", "emits", "generate", "generates", "generating":
		return "output"
	}
	return ""
}

// bareLength reads a length without the word token, named behind ("320 come out", "700 of output", "60 coming back") or before ("prompt
// about 600", "answers of 30", "they think for 2,000").
func (p *parser) bareLength(q *quantity) bool {
	downTo := (p.raw(q.from-1) == "to" || p.raw(q.from-1) == "into") && p.raw(q.from-2) == "down" // "40 pages each down to one"
	if q.noun >= 0 || q.unit != "" || q.pct || q.cur != "" || q.period != "" && !p.lengthInChain(q) || q.person || q.val < 1 || q.val > longestPrompt || q.worded && !q.scaled && !downTo {
		return false // "one paragraph"
	}
	if w := p.raw(q.from - 1); p.raw(q.from-2) == "back" && (w == "at" || w == "with" || w == "in") { // "come back at 250"
		q.from -= 2
		p.tokensOf = append(p.tokensOf, dirReading{reading: reading{val: q.val, span: q.span, note: p.thousands(q)}, dir: "output"})
		return true
	}
	if k := q.from - 1; p.clauseEnd(q.numEnd+1) && (p.raw(k) == "back" || p.isSign(k, "~") && p.raw(k-1) == "back") { // "code back ~10"
		p.tokensOf = append(p.tokensOf, dirReading{reading: reading{val: q.val, span: q.span, note: p.thousands(q)}, dir: "output"})
		return true
	}
	if w := p.raw(q.from - 1); (w == "adds" || w == "add") && p.addsTo(q, q.val, "input") || w == "another" && p.addsMore(q, q.val, "input") || p.partBeside(q) {
		return true
	}
	if w := p.raw(q.from - 1); (w == "into" || w == "to") && len(p.tokensOf) > 0 { // "700 words each into 80", "24 pages down to 1"
		const reach = 4
		for k := q.from - 2; k >= q.from-reach && !p.clauseEnd(k); k-- {
			var unit float64
			switch {
			case p.has(k, "wordunit"):
				unit = tokensPerWord
			case p.has(k, "pageunit"):
				unit = tokensPerPage
			default:
				continue
			}
			q.from--
			p.tokensOf = append(p.tokensOf, dirReading{reading: reading{val: q.val * unit, span: q.span, note: "“" + p.quote(q.span) + "” taken in the unit before it"}, dir: "output"})
			return true
		}
	}
	if (p.isSign(q.from-1, ":") || p.isSign(q.from-1, "=")) && p.has(q.from-2, "pageunit") && p.plural(q.from-2) && p.clauseEnd(q.from-3) { // "pages: 3"
		q.from -= 2
		p.tokensOf = append(p.tokensOf, dirReading{reading: reading{val: q.val * tokensPerPage, span: q.span, note: "“" + p.quote(q.span) + "” reckoned at 500 words a page and 4/3 tokens a word"}, dir: "input"})
		return true
	}
	if p.isSign(q.from-1, "=") && p.isSign(q.from-3, "/") && p.has(q.from-2, "doc", "query") && p.has(q.from-4, "pageunit", "wordunit") { // "pages/doc=18"
		per := tokensPerWord
		if p.has(q.from-4, "pageunit") {
			per = tokensPerPage
		}
		q.from -= 4
		p.tokensOf = append(p.tokensOf, dirReading{reading: reading{val: q.val * per, span: q.span, note: "“" + p.quote(q.span) + "” reckoned at 500 words a page and 4/3 tokens a word"}, dir: "input"})
		return true
	}
	if p.has(q.numEnd+1, "total") && p.has(q.from-1, "token") || p.has(q.numEnd+1, "total") && p.isSign(q.from-1, ":") && p.has(q.from-2, "token") { // "tokens: 2,400 total"
		q.to = q.numEnd + 1
		p.tokensOf = append(p.tokensOf, dirReading{reading: reading{val: q.val, span: q.span, note: p.thousands(q)}, dir: "total"})
		return true
	}
	if k := q.numEnd + 1; q.val < 100 && !q.scaled && p.isWord(k) && p.plural(k) && !p.toks[k].glue && p.dirAt(k) == "" || p.isWord(k) && p.plural(k+1) && !p.toks[k].glue && q.val < 20 && p.raw(k) == "bullet" { // "summaries of 5 bullet points"
		return false
	}
	if t := p.lengthJustBefore(q); t != nil && p.meanBeside(q) { // "context 12k by the end, 6k on average"
		p.tokensOf = append(p.tokensOf, dirReading{reading: reading{val: q.val, span: q.span, mean: true, note: p.thousands(q)}, dir: t.dir})
		return true
	}
	d, s := p.lengthBehind(q)
	if w := p.raw(q.numEnd + 1); d == "" && w != "in" && w != "out" {
		d, s = p.lengthBefore(q)
	}
	if d == "" {
		return false
	}
	if unit := p.unitCarried(q); unit != 1 && !p.has(s.to, "token") && !p.has(s.to+1, "token") {
		q.val = math.Round(q.val * unit)
	}
	if d == "input" && (p.addsTo(q, q.val, d) || p.addsMore(q, q.val, d)) {
		return true
	}
	q.span = s
	p.tokensOf = append(p.tokensOf, dirReading{reading: reading{val: q.val, span: s, note: p.thousands(q)}, dir: d})
	return true
}

// unitCarried is how many tokens one of a bare length stands for, where the length before it in its sentence is said in words, or all are: "each note
// maybe 900 words, the letter around 220", "lengths in words: question 60".
func (p *parser) unitCarried(q *quantity) float64 {
	if p.wordBetween(p.sentenceFrom(q.from, 20), q.from, "words") {
		for k := p.sentenceFrom(q.from, 20); k < q.from; k++ {
			if p.raw(k) == "in" && p.raw(k+1) == "words" && p.isSign(k+2, ":") {
				return tokensPerWord
			}
		}
	}
	if q.scaled || q.other != 0 {
		return 1
	}
	return p.unitOfLast(q)
}

// answerBeside reads the length of an answer that only its name tells, behind that of what goes in: "the alert is 1,100 tokens and the verdict
// plus rationale 120".
func (p *parser) answerBeside(q *quantity) bool {
	const near, least, words = 9, 10, 6
	if len(p.tokensOf) == 0 || q.scaled || q.worded || q.val < least || !p.clauseEnd(q.numEnd+1) || p.isYear(q.from) {
		return false
	}
	t := p.tokensOf[len(p.tokensOf)-1]
	if t.dir == "output" || t.dir == "reasoning" || t.to >= q.from || q.from-t.to > near || q.val > t.val || p.sentenceEnds(t.to, q.from) || slices.ContainsFunc(p.tokensOf, func(o dirReading) bool { return o.dir == "output" }) {
		return false
	}
	joined, named := false, false
	for k := q.from - 1; k > t.to && k >= q.from-words-2; k-- {
		switch {
		case p.raw(k) == "and" || p.raw(k) == ",":
			joined = true
		case p.isNum(k) || p.toks[k].claimed || inputParts[p.raw(k)] || p.has(k, "input", "promptw", "peak", "budget", "cost", "latency", "p95", "volume", "query", "person", "horizon", "token", "pct", "usd", "per"):
			return false
		case p.isWord(k) && !p.toks[k].glue && !meanWords[p.raw(k)]:
			named = named || !joined
		}
		if joined {
			break
		}
	}
	if !joined || !named {
		return false
	}
	p.tokensOf = append(p.tokensOf, dirReading{reading: reading{val: q.val, span: q.span, note: "“" + p.quote(q.span) + "” taken as tokens out"}, dir: "output", guess: true})
	return true
}

// lengthJustBefore is the last length that was read, where it stands in the clause before a bare number; nil else.
func (p *parser) lengthJustBefore(q *quantity) *dirReading {
	const near = 7
	if len(p.tokensOf) == 0 || p.dirAt(q.numEnd+1) != "" {
		return nil
	}
	k := q.from - 1
	for meanWords[p.raw(k)] || hedges[p.raw(k)] || p.raw(k) == "but" || p.raw(k) == "with" || p.raw(k) == "a" || p.raw(k) == "of" || p.raw(k) == "is" || p.raw(k) == "the" || p.raw(k) == "used" {
		k--
	}
	if p.has(k, "token", "wordunit") && p.raw(k+1) == "with" { // "from 200 to 5,000 tokens with a mean of 1,100"
		k = around(span{q.from, q.from}, p.clauseEnd).to + 1
	}
	if !p.clauseEnd(k) { // it has a name of its own
		return nil
	}
	t := &p.tokensOf[len(p.tokensOf)-1]
	if t.dir != "input" && t.dir != "output" || t.to >= q.from || q.from-t.to > near || p.sentenceEnds(t.to, q.from) {
		return nil
	}
	return t
}

func (p *parser) lengthBehind(q *quantity) (string, span) {
	k := q.numEnd + 1
	switch p.raw(k) {
	case "thinking", "reasoning", "hidden":
		if thought[p.raw(k+1)] && p.clauseEnd(k+2) { // "3k hidden reasoning"
			k++
		}
		if p.clauseEnd(k + 1) {
			return "reasoning", span{q.from, k}
		}
		return "", q.span
	case "back":
		return "output", span{q.from, k}
	case "are", "is":
		if d := p.dirAt(k + 1); d != "" && p.clauseEnd(k+2) && !p.has(k+1, "doc") {
			return d, span{q.from, k + 1}
		}
		return "", q.span
	case "come", "comes", "coming", "go", "goes", "going", "of", "de":
	case "for":
		j := k + 1
		if p.raw(j) == "the" || p.raw(j) == "an" || p.raw(j) == "a" || p.raw(j) == "each" {
			j++
		}
		if d := p.dirAt(j); d != "" && !p.has(j, "doc") && p.isWord(j) && p.has(j, "input", "output", "promptw", "answerw") {
			return d, span{q.from, j}
		}
		return "", q.span
	case "en": // "150 en sortie"
		if d := p.dirAt(k + 1); p.has(k+1, "input", "output") && d != "" {
			return d, span{q.from, k + 1}
		}
		return "", q.span
	case "in":
		if p.raw(k+1) == "the" && p.has(k+2, "answerw", "output") { // "6k think tokens, 900 in the answer"
			return "output", span{q.from, k + 2}
		}
		return "", q.span
	case "visible", "final", "actual", "generated", "finished", "static":
		if p.raw(k) == "final" && p.clauseEnd(k+1) && slices.ContainsFunc(p.tokensOf, func(t dirReading) bool { return t.dir == "reasoning" }) { // "6k reasoning tokens, 900 final"
			return "output", span{q.from, k}
		}
		if d := p.dirAt(k + 1); d != "" && !p.has(k+1, "doc") {
			return d, span{q.from, k + 1}
		}
		return "", q.span
	default:
		if d := p.dirAt(k); p.has(k, "input", "output", "promptw", "answerw") && d != "" && p.pairedWith(k, d) { // "1200 input 250 output tokens"
			return d, span{q.from, k}
		}
		return "", q.span
	}
	if p.raw(k) == "of" && p.isWord(k+1) && inputParts[p.raw(k+1)] && p.dirAt(k+2) == "input" { // "1k of user input"
		return "input", span{q.from, k + 2}
	}
	d := p.dirAt(k + 1)
	if d == "" || p.raw(k) == "of" && p.raw(k+1) == "in" || p.numberFollows(k+1) || p.has(k+1, "doc") {
		return "", q.span
	}
	return d, span{q.from, k + 1}
}

// pairedWith reports whether the length behind the direction d at token k names the other direction behind itself, so that d belongs to
// the number before it.
func (p *parser) pairedWith(k int, d string) bool {
	j := k + 1
	for p.has(j, "token", "and") || p.isSign(j, "+") || p.isSign(j, "/") || p.raw(j) == "plus" || p.raw(j) == "," {
		j++
	}
	n, ok := p.number(j)
	if !ok {
		return false
	}
	if p.has(n.next, "token") {
		n.next++
	}
	other := p.dirAt(n.next)
	return other != "" && other != d && !p.has(n.next, "doc")
}

var shortening = set("budget cut trimmed reduced shortened limited capped condensed condense boiled boil down compressed compress shorten summarised summarized summarise summarize")

// manyPrompts is where "prompts 40k" is taken for a count, not for their length.
const manyPrompts = 20_000

func (p *parser) lengthBefore(q *quantity) (string, span) {
	for k, hops := q.from-1, 0; hops < 6 && !p.clauseEnd(k) && !p.isNum(k); k, hops = k-1, hops+1 {
		d := p.dirAt(k)
		switch {
		case p.verbDir(k) == "output" && hops == 0 && !(q.val < 100 && !q.scaled && p.isWord(q.numEnd+1) && p.plural(q.numEnd+1)) && (p.clauseEnd(q.numEnd+1) || p.has(q.numEnd+1, "token", "output", "and") || p.toks[q.numEnd+1].glue || p.toks[q.numEnd+1].kind == sign), hops == 1 && p.raw(k+1) == "with" && (p.has(k, "respond", "answering") || strings.HasSuffix(p.raw(k), "ing") && p.has(k, "answerw")):
			return "output", span{k, q.to}
		case inputParts[p.raw(k)] && (p.raw(k+1) == "is" || p.raw(k) == "instructions" && p.raw(k+1) == "are") && k+1 == p.unhedged(q.from-1) && !(p.has(k, "doc", "chats") && !p.has(k, "promptw", "input")): // "problem text with instructions is 500"
			return "input", span{k, q.to}
		case d == "" || p.has(k, "doc") || p.raw(k) == "in" || p.raw(k) == "out" || p.raw(k) == "back" || p.raw(k) == "hidden":
			if !p.skippable(k) && !p.isSign(k, "~") && !p.isSign(k, "=") && !p.isSign(k, ":") && p.raw(k) != "length" && p.raw(k) != "short" && !shortening[p.raw(k)] || p.has(k, "and") {
				return "", q.span
			}
		case stem(p.raw(k)) == "version" && q.val < 20, hops > 1 && p.has(k, "outw") && p.isSign(k+1, ":"): // "version 3.2", "Results: data of the 11k"
			return "", q.span
		case p.plural(k) && q.scaled && q.val >= manyPrompts:
			return "", q.span
		default:
			return d, span{k, q.to}
		}
	}
	return "", q.span
}
