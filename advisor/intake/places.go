package intake

import "github.com/llmadvise/llmadvise/advisor"

// Countries are often named by their code: "hosting in DE", "FR hosting", "data must stay in NL". Many codes are words too ("in", "it", "no"), so
// a code counts only where a place is asked for.

// wordCodes are codes that are English words: they count only behind a residency that nothing else follows.
var wordCodes = set("in it is be at no us my id co")

// readPlaceCodes files the codes of countries that stand where a place is asked for.
func (p *parser) readPlaceCodes() {
	for i := range p.toks {
		w := p.raw(i)
		if w == "us" && p.isSign(i+1, "$") && p.toks[i+1].glued { // money
			p.toks[i].shielded = true
		}
		if p.has(i, "eu") && p.has(i+1, "gdpr") { // its name, not a place
			p.claim(i, i)
		}
		if len(w) != 2 || !p.isWord(i) || p.isClaimed(i) || p.toks[i].entity != nil {
			continue
		}
		place, ok := advisor.PlaceOf(w)
		if !ok || place.Code == "EU" || place.Code == "US" || place.Code == "UK" {
			continue
		}
		if s, ok := p.placeAsked(i, wordCodes[w]); ok {
			p.claim(s.from, s.to)
			residency(place.Code)(p, s)
		}
	}
}

// placeAsked reports whether the words beside token i ask for a place that data is to be in.
func (p *parser) placeAsked(i int, isWord bool) (span, bool) {
	const reach = 4
	if isWord && !p.clauseEnd(i+1) {
		return span{}, false
	}
	if !isWord && p.has(i+1, "hosting", "hostw", "resident") && !p.has(i-1, "no") { // "FR hosting mandatory"
		return span{i, i + 1}, true
	}
	if !isWord && p.has(i+1, "data") && p.has(i+2, "resident") { // "JP data residency"
		return span{i, i + 2}, true
	}
	for k := i - 1; k >= i-reach && k >= 0 && !p.clauseEnd(k); k-- {
		switch {
		case p.has(k, "resident"), p.raw(k) == "resid":
			return span{k, i}, true
		case isWord || p.has(k, "no"):
			return span{}, false
		case (p.has(k, "leave", "outside") && k == i-1 || p.has(k, "hosting", "hostw", "stay")) && (p.isSign(i-1, ":") || p.isSign(i-1, "=") || p.raw(i-1) == "in" || p.raw(i-1) == "within" || p.raw(i-1) == "inside" || p.has(i-1, "leave", "outside") || k == i-1 && p.has(k, "hosting", "hostw") && (p.clauseEnd(i+1) || p.raw(i+1) == "only")): // "hosted DE"
			return span{k, i}, true
		case !p.skippable(k) && !p.has(k, "must", "only"):
			return span{}, false
		}
	}
	if (p.raw(i-1) == "in" || p.raw(i-1) == "within") && p.raw(i+1) == "only" {
		return span{i - 1, i + 1}, true
	}
	return span{}, false
}
