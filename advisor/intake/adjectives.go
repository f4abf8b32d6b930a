package intake

import "math"

// A length between a number and what it counts is said of each: "18k 30-page reports per quarter", "33k two-page memos a month".

// adjective is a length said before its noun, at the token of which it is kept.
type adjective struct {
	val  float64
	noun int
}

// takeAdjectives takes lengths out from between a number, its noun and its window, so that these stand together.
func (p *parser) takeAdjectives() {
	out := make([]token, 0, len(p.toks))
	for i := 0; i < len(p.toks); i++ {
		if v, next := p.adjectiveAt(i); next > 0 {
			p.toks[next].start = p.toks[i].start // the noun is quoted with it
			p.adjectives = append(p.adjectives, adjective{v, len(out)})
			i = next - 1
			continue
		}
		if v, next := p.lengthBetween(i); next > 0 {
			p.adjectives = append(p.adjectives, adjective{v, len(out) - 1})
			out[len(out)-1].end = p.toks[next-1].end
			i = next - 1
			continue
		}
		out = append(out, p.toks[i])
	}
	p.toks = out
}

// adjectiveAt reads a length at token i that stands behind another number, and its noun.
func (p *parser) adjectiveAt(i int) (tokens float64, noun int) {
	if !(p.isNum(i-1) || isMultiplierWord(p.raw(i-1)) && p.isNum(i-2)) || p.isSign(i-1, "-") {
		return 0, 0
	}
	n := numberWords[p.raw(i)]
	if p.isNum(i) {
		n = p.toks[i].val
	}
	k := i + 1
	if p.isSign(k, "-") {
		k++
	}
	if n <= 0 || k == i+1 && !p.has(k, "wordunit") || p.plural(k) || !p.isWord(k+1) || !p.plural(k+1) || p.toks[k+1].glue {
		return 0, 0
	}
	if unit := p.tokensIn(k); unit > 0 {
		return n * unit, k + 1
	}
	return 0, 0
}

// tokensIn is how many tokens the unit at token k has, 0 where it is none of text.
func (p *parser) tokensIn(k int) float64 {
	switch {
	case p.has(k, "pageunit"):
		return tokensPerPage
	case p.has(k, "wordunit"):
		return tokensPerWord
	case p.has(k, "token"):
		return 1
	}
	return 0
}

// fileAdjectives files these lengths: of what is to be written as what comes out, else as what goes in.
func (p *parser) fileAdjectives() {
	for _, a := range p.adjectives {
		dir := "input"
		if p.isMade(a.noun) {
			dir = "output"
		}
		s := span{a.noun, a.noun}
		p.tokensOf = append(p.tokensOf, dirReading{reading: reading{val: math.Round(a.val), span: s, note: "“" + p.quote(s) + "” reckoned at 500 words a page and 4/3 tokens a word"}, dir: dir})
	}
}

// lengthBetween reads a length at token i that stands between what is counted and its window, "900 segments of 35 words daily", and the token
// behind it.
func (p *parser) lengthBetween(i int) (tokens float64, next int) {
	const words = 3 // of what is counted
	if p.raw(i) != "of" && p.raw(i) != "at" || !p.isWord(i-1) || !p.plural(i-1) || !(p.isNum(i-2) || p.isNum(i-words) || isMultiplierWord(p.raw(i-2))) {
		return 0, 0
	}
	n, ok := p.number(i + 1)
	if !ok || !p.windowFollows(n.next+1) {
		return 0, 0
	}
	if unit := p.tokensIn(n.next); unit > 0 {
		return max(n.val, n.other) * unit, n.next + 1
	}
	return 0, 0
}
