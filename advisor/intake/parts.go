package intake

import (
	"github.com/llmadvise/llmadvise/advisor"
)

// inAll reads "patient data in every request", "names appear in all notes" from its "in" at token i: all of it is sensitive.
func (p *parser) inAll(i int) (span, bool) {
	if p.raw(i) != "in" || p.raw(i+1) != "every" && p.raw(i+1) != "each" && p.raw(i+1) != "all" {
		return span{}, false
	}
	if j := i + 2; !p.has(j, "query", "doc", "chats", "promptw") && !(p.raw(j) == "single" || p.raw(j) == "the" || p.raw(j) == "of") {
		return span{}, false
	}
	const reach = 5
	for k := i - 1; k >= i-reach && !p.clauseEnd(k); k-- {
		if p.has(k, "no") {
			return span{}, false
		}
		if p.has(k, "sensitive", "personal", "phi", "patientw", "cardhold", "health") || sensitiveHints[p.raw(k)] && !p.has(k, "card") {
			return span{k, i + 2}, true
		}
	}
	return span{}, false
}

// allContain reads "every letter contains patient names" at token i.
func (p *parser) allContain(i int) (span, bool) {
	if w := p.raw(i); w != "every" && w != "each" && w != "all" {
		return span{}, false
	}
	const reach = 4
	for k := i + 1; k <= i+reach && !p.clauseEnd(k) && !p.isNum(k); k++ {
		if w := p.raw(k); w != "contains" && w != "contain" && w != "includes" && w != "include" && w != "holds" && w != "hold" && w != "mentions" && w != "carries" {
			continue
		}
		for j := k + 1; j <= k+reach && !p.clauseEnd(j) && !p.has(j, "no"); j++ {
			if p.has(j, "sensitive", "personal", "phi", "patientw", "cardhold") || sensitiveHints[p.raw(j)] && !p.has(j, "card") {
				return span{i, j}, true
			}
		}
	}
	return span{}, false
}

// ofIt reads "of it", "of which", "of that" shortly behind token k.
func (p *parser) ofIt(k int) bool {
	for j := k; j < k+3; j++ {
		if p.raw(j) != "of" && p.raw(j) != "from" {
			continue
		}
		switch p.raw(j + 1) {
		case "it", "this", "which", "that", "them", "those", "these":
			return true
		case "the", "our", "all":
			return p.has(j+2, "promptw", "input", "token")
		}
	}
	return false
}

// part is a number of the requests, or of the tokens of a prompt, that a share is reckoned from.
type part struct {
	reading
	field   advisor.Field
	inverse bool
}

// partOfWhole reads "of which 3k is cached", "4.5k of it cached", "of which 9k are complex".
func (p *parser) partOfWhole(q *quantity) bool {
	if q.pct || q.cur != "" || q.period != "" {
		return false
	}
	reach := 14
	if k := q.numEnd + 1; p.raw(q.from-1) == "(" && (p.has(k, "cached") && p.raw(k+1) == ")" || p.has(k, "token") && p.has(k+1, "cached") && p.raw(k+2) == ")") { // "3.2k prompt (2.4k cached)"
		q.to = k
		if p.has(k, "token") {
			q.to++
		}
		p.cachedOf = append(p.cachedOf, reading{val: q.val, span: q.span, note: p.thousands(q)})
		return true
	}
	if end := p.bracketAgain(q); end > 0 { // "1800 token prompt (1500 static, cached)"
		q.to = end
		p.cachedOf = append(p.cachedOf, reading{val: q.val, span: q.span, note: p.thousands(q)})
		return true
	}
	if p.partSame(q) {
		q.to = q.numEnd
		p.cachedOf = append(p.cachedOf, reading{val: q.val, span: q.span, note: p.thousands(q)})
		return true
	}
	if p.ofIt(q.numEnd+1) && p.bracketSame(q.from) { // "3,500 tokens (API reference, same in all calls, approx 3,000 of those)"
		q.to = q.numEnd + 2
		p.cachedOf = append(p.cachedOf, reading{val: q.val, span: q.span, note: p.thousands(q)})
		return true
	}
	if !(p.raw(q.from-1) == "which" || p.raw(q.from-2) == "from" && (p.raw(q.from-1) == "this" || p.raw(q.from-1) == "that" || p.raw(q.from-1) == "it" || p.raw(q.from-1) == "these") || p.ofIt(q.numEnd+1) || p.raw(q.from-1) == "including" || p.raw(q.from-1) == "first" && p.raw(q.from-2) == "the") {
		if w := p.raw(q.numEnd + 1); w != "are" && w != "is" {
			return false
		}
		reach = 4 // "9k are static instructions"
	}
	for k := q.numEnd + 1; k <= q.numEnd+reach && (!p.clauseEnd(k) || p.raw(k) == "(") && !p.isNum(k); k++ {
		if p.raw(k) == "(" { // "of which 3.9k is the tool schema (never changes)"
			end := p.saidAgain(k)
			if end == 0 {
				break
			}
			q.to = end
			p.cachedOf = append(p.cachedOf, reading{val: q.val, span: q.span, note: p.thousands(q)})
			return true
		}
		if f, inverse, end := p.shareNamed(k); f == advisor.FieldHardShare || f == advisor.FieldSensitiveShare {
			q.to = end
			p.parts = append(p.parts, part{reading{val: q.val, span: span{q.from, end}, note: p.thousands(q)}, f, inverse})
			return true
		}
		if (p.raw(k) == "changes" || p.raw(k) == "change") && p.has(k-1, "no") {
			q.to = k
			p.cachedOf = append(p.cachedOf, reading{val: q.val, span: span{q.from, k}, note: p.thousands(q)})
			return true
		}
		if p.has(k, "cached") || cachedHints[p.raw(k)] {
			for p.has(k+1, "cached") || cachedHints[p.raw(k+1)] {
				k++
			}
			q.to = k
			p.cachedOf = append(p.cachedOf, reading{val: q.val, span: span{q.from, k}, note: p.thousands(q)})
			return true
		}
	}
	return false
}

// partSame reports whether a number is a part of the prompt before it that its bracket, or its sentence behind an "of which", calls the same each time:
// "2,400 tok prompt (lore 2,000 of it, always identical)", "1,800 in, of which the menu, 1,500, is the same".
func (p *parser) partSame(q *quantity) bool {
	const back, ahead = 12, 16
	n := len(p.tokensOf)
	if n == 0 || p.tokensOf[n-1].dir == "output" || p.tokensOf[n-1].to >= q.from || p.tokensOf[n-1].val <= max(q.val, q.other) || q.noun >= 0 && !p.has(q.noun, "token") {
		return false
	}
	opens, bracket := -1, false
	if d, _ := p.lengthBefore(q); d == "output" || p.dirAt(q.next) == "output" {
		return false
	}
	for k := q.from - 1; k > p.tokensOf[n-1].to && k >= q.from-back && !p.strongEnd(k) && !p.isNum(k) && p.raw(k) != ")"; k-- {
		if bracket = p.raw(k) == "("; bracket || p.raw(k) == "which" && p.raw(k-1) == "of" {
			opens = k
			break
		}
	}
	if opens < 0 { // "5k token prompt, 4k identical every time"
		return q.noun < 0 && (p.staysSame(q.numEnd+1) || p.has(q.from-1, "cached") && p.clauseEnd(q.from-2)) && !p.sentenceEnds(p.tokensOf[n-1].to, q.from)
	}
	same := false
	for k := opens; k <= q.numEnd+ahead && !p.strongEnd(k) && (k <= q.numEnd || !p.isNum(k)); k++ {
		if bracket && p.raw(k) == ")" {
			return same
		}
		same = same || p.staysSame(k)
	}
	return same && !bracket
}

// bracketSame reports whether the bracket that token i stands in says before it that something is the same in each request.
func (p *parser) bracketSame(i int) bool {
	const reach = 14
	same := false
	for k := i - 1; k >= i-reach && !p.strongEnd(k); k-- {
		if p.raw(k) == "(" {
			return same
		}
		same = same || p.staysSame(k)
	}
	return false
}

// bracketAgain is the end of a bracket that a number opens and that says nothing but that so much is the same in each request, 0 else.
func (p *parser) bracketAgain(q *quantity) int {
	if p.raw(q.from-1) != "(" {
		return 0
	}
	const reach = 12
	again := false
	for k := q.numEnd + 1; k <= q.numEnd+reach && k < len(p.toks); k++ {
		switch {
		case p.raw(k) == ")":
			if again {
				return k - 1
			}
			return 0
		case p.staysSame(k):
			again = true
		case p.isNum(k) || p.strongEnd(k) || p.has(k, "output", "answerw"):
			return 0
		}
	}
	return 0
}

// settleParts turns parts into shares, where the whole is known.
func (p *parser) settleParts() {
	for _, r := range p.parts {
		if len(p.volumes) == 0 {
			return
		}
		whole := p.volumes[0].val / perMonthOr1(p.volumes[0].unit)
		if v := r.val / whole; v <= 1 {
			if r.inverse {
				v = 1 - v
			}
			p.setShare(r.field, roundShare(v), r.span)
		}
	}
	if p.w.CachedShare != nil { // said as such
		return
	}
	for _, r := range p.cachedOf {
		if p.w.InputTokens > 0 && r.val <= float64(p.w.InputTokens) {
			p.setShare(advisor.FieldCached, roundShare(r.val/float64(p.w.InputTokens)), r.span)
		}
	}
}
