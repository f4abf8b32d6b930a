package intake

import "math"

// A length is often said by the other one: "1,200 tokens in and about the same out", "completions a tenth of that".

// relative is a length in one direction as a multiple of the length in the other.
type relative struct {
	dir    string
	factor float64
	span
}

// readRelative files the lengths that are said by the other one.
func (p *parser) readRelative() {
	for i := range p.toks {
		if p.isClaimed(i) {
			continue
		}
		factor, end := p.timesThat(i)
		if factor == 0 {
			continue
		}
		if dir, s := p.relativeDir(span{i, end}); dir != "" {
			p.relatives = append(p.relatives, relative{dir, factor, s})
			p.claim(s.from, s.to)
		}
	}
}

// timesThat reads "the same", "a tenth of that", "twice as long", "10% of the prompt" at token i.
func (p *parser) timesThat(i int) (float64, int) {
	if p.raw(i) == "same" {
		if w := p.raw(i - 1); w == "the" && p.lengthAround(i-2) || p.lengthAround(i+1) {
			return 1, i
		}
		return 0, i
	}
	if p.raw(i) == "as" && p.raw(i+1) == "long" && p.lengthAround(i-1) && (p.clauseEnd(i+2) || p.raw(i+2) == "again") { // "comes out about as long"
		return 1, i + 1
	}
	factor, end := 0.0, i
	if v, s, ok := p.fractionOf(i); ok {
		factor, end = v, s.to
	} else if n, ok := p.number(i); ok && n.val > 0 && n.val < 1000 && (p.has(n.next, "pct") || p.raw(n.next) == "times" || p.isSign(n.next, "x")) {
		factor, end = n.val, n.next
		if p.has(n.next, "pct") {
			factor = n.val / 100
		}
	} else if p.raw(i) == "twice" || p.raw(i) == "double" || p.raw(i) == "half" {
		factor = map[string]float64{"twice": 2, "double": 2, "half": .5}[p.raw(i)]
	}
	if factor == 0 {
		return 0, i
	}
	k := end + 1
	if p.raw(k) == "of" {
		k++
	}
	const reach = 5
	for j := k + 1; j <= k+reach && !p.clauseEnd(j); j++ {
		if p.has(j, "cached") { // "half of that input is cacheable"
			return 0, i
		}
	}
	switch w := p.raw(k); {
	case (w == "that" || w == "it" || w == "this") && (p.clauseEnd(k+1) || p.dirAt(k+1) != "" || p.raw(k+1) == "for" || p.raw(k+1) == "as" || p.raw(k+1) == "and" || p.raw(k+1) == "per"):
		return factor, k
	case w == "as" && (p.raw(k+1) == "long" || p.raw(k+1) == "much" || p.raw(k+1) == "many" || p.raw(k+1) == "big"):
		return factor, k + 1
	case w == "the" && (p.has(k+1, "input", "promptw") || p.raw(k+1) == "length") && p.clauseEnd(k+2):
		return factor, k + 1
	}
	return 0, i
}

// lengthAround reports whether a word of size stands beside "the same".
func (p *parser) lengthAround(k int) bool {
	switch p.raw(k) {
	case "about", "roughly", "approximately", "around", "approx", "nearly", "almost", "again", "out", "back", "length", "amount", "~":
		return true
	}
	return false
}

// relativeDir finds which length is meant: the nearest word of a direction before, or else behind, in the same clause.
func (p *parser) relativeDir(s span) (string, span) {
	const reach = 5
	for k := s.from - 1; k >= s.from-reach && !p.clauseEnd(k) && !p.isNum(k); k-- {
		if d := p.dirAt(k); d != "" && p.raw(k) != "in" && !p.has(k, "doc") && !p.has(k-1, "token") {
			return d, span{k, s.to}
		}
	}
	for k := s.to + 1; k <= s.to+reach && !p.clauseEnd(k) && !p.isNum(k); k++ {
		if d := p.dirAt(k); d != "" && !p.has(k, "doc") {
			return d, span{s.from, k}
		}
	}
	return "", s
}

// settleRelative turns multiples into lengths, where the other length is known and this one is not.
func (p *parser) settleRelative() {
	longest := map[string]float64{}
	for _, t := range p.tokensOf {
		longest[t.dir] = max(longest[t.dir], t.val)
	}
	other := map[string]string{"input": "output", "output": "input", "reasoning": "output"}
	for _, r := range p.relatives {
		if base := longest[other[r.dir]]; base > 0 && longest[r.dir] == 0 {
			p.tokensOf = append(p.tokensOf, dirReading{reading: reading{val: max(1, math.Round(base*r.factor)), span: r.span,
				note: "“" + p.quote(r.span) + "” reckoned from the other length"}, dir: r.dir})
		}
	}
}
