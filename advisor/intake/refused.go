package intake

import "strings"

// A name or a regime is often turned down in what follows it: "o3 too pricey", "it isn't in the running anymore", "but the CTO cancelled it",
// "an old 3090 we won't use", "legal reviewed the OpenAI terms and said no".

var (
	// noLonger are what is denied of something that is out.
	noLonger = set("option candidate running considered contender choice requirement runner")
	// killVerbs put an end to a plan, of "it" or of "the idea of" something.
	killVerbs = set("killed kills kill cancelled canceled cancels stopped stops buried dropped scrapped vetoed")
	// quitVerbs are what is decided on of what goes.
	quitVerbs = set("discontinue stop drop leave quit end terminate cancel abandon")
	// useVerbs are what is not done with what is out.
	useVerbs = set("use take buy want need consider touch keep")
	// wastes are what is said of what is out.
	wastes = set("waste no-go nogo non-starter nonstarter mistake dealbreaker deal-breaker")
	// pastWishes are of a plan that was, where a "but" follows.
	pastWishes = set("wanted planned considered liked intended favoured favored")
	troubles   = set("problem headache business concern job worry")
	speakers   = set("we i they")
	// askingFor follow a wish that is only about this request: "I wanted to ask".
	askingFor = set("ask know see compare understand learn check calculate")
)

// refusable reports whether a phrase is one that people turn down: a name or a regime.
func (p *parser) refusable(s span) bool {
	for k := s.from; k <= s.to; k++ {
		if p.toks[k].entity != nil || p.has(k, "hipaa", "gdpr", "pci", "soc", "soc2", "iso", "iso27001", "fedramp", "ccpa", "euaiact") {
			return true
		}
	}
	return false
}

// turnedDown reports whether what follows a name or a regime in its sentence turns it down, and where that ends.
func (p *parser) turnedDown(s span) (int, bool) {
	const reach = 14
	if !p.refusable(s) {
		return 0, false
	}
	if p.raw(s.to+1) == "," && p.raw(s.to+2) == "no" && p.strongEnd(s.to+3) { // "Anthropic, no."
		return s.to + 2, true
	}
	asks := p.raw(around(s, p.strongEnd).to+1) == "?"
	k := s.to + 1
	for ; k <= s.to+reach && !p.strongEnd(k) && p.toks[k].entity == nil && !(p.raw(k) == "and" && speakers[p.raw(k+1)]); k++ {
		if p.refusal(k) || !asks && k <= s.to+2 && p.raw(k) == "too" && tooMuch[p.raw(k+1)] || k <= s.to+2 && !p.clauseEnd(k-1) && p.weDoNot(k) {
			return k, true
		}
	}
	if p.strongEnd(k) && p.raw(k+1) == "no" && p.strongEnd(k+2) { // "x.ai was suggested by someone; no."
		return k + 1, true
	}
	return 0, false
}

// refusal reads at token k that what was named before is out: "isn't in the running", "said no", "decided to discontinue".
func (p *parser) refusal(k int) bool {
	switch w := p.raw(k); {
	case p.has(k, "no"):
		return !p.isClaimed(k) && p.inClause(k+1, 4, func(j int) bool { return noLonger[p.raw(j)] || p.raw(j) == "cut" && p.raw(j-1) == "the" })
	case (w == "said" || w == "says" || w == "say") && p.raw(k+1) == "no":
		return p.clauseEnd(k + 2)
	case w == "to" && quitVerbs[p.raw(k+1)]:
		return strings.HasPrefix(p.raw(k-1), "decide")
	case (w == "turned" || w == "voted") && p.raw(k+1) == "down", w == "ruled" && p.raw(k+1) == "out", w == "shot" && p.raw(k+1) == "down":
		return true
	case wastes[w]:
		return p.article(k-1) && p.wordBetween(k-4, k, "is", "are", "was", "be")
	case w == "aside", w == "out" && p.raw(k+1) == "of" && (p.raw(k+2) == "it" || p.raw(k+2) == "this" || p.wordBetween(k+2, k+4, "question")):
		return true
	case troubles[w]: // "our sister company's problem"
		return strings.HasSuffix(p.raw(k-1), "'s") && p.raw(k-1) != "it's" && p.raw(k-1) != "that's"
	}
	return false
}

// weDoNot reads "we won't use" at token k.
func (p *parser) weDoNot(k int) bool {
	return speakers[p.raw(k)] && p.has(k+1, "no") && useVerbs[p.raw(k+2)]
}

// inClause reports whether one of the reach tokens from k on, in their clause, holds.
func (p *parser) inClause(k, reach int, holds func(int) bool) bool {
	for j := k; j < k+reach && !p.clauseEnd(j); j++ {
		if holds(j) {
			return true
		}
	}
	return false
}

// askedInTheNegative reports whether the "no" at token i only asks: "wouldn't gpt-oss-120b do?", "why not gpt-5-mini?".
func (p *parser) askedInTheNegative(i int) bool {
	w := p.raw(i)
	if !strings.HasSuffix(w, "n't") && !(w == "not" && p.raw(i-1) == "why") {
		return false
	}
	return (p.clauseEnd(i-1) || w == "not" || turns[p.raw(i-1)] || p.raw(i-1) == "or") && p.raw(around(span{i, i}, p.strongEnd).to+1) == "?"
}

// wishGone reports whether a name was wished for and another one took its place: "I was going to take o3 but it seems gpt-5 is the thing now".
func (p *parser) wishGone(s span) bool {
	const back, ahead = 8, 12
	e := p.toks[s.from].entity
	if e == nil {
		return false
	}
	wished := false
	for i := s.from - 1; i >= s.from-back && !p.strongEnd(i) && !wished; i-- {
		wished = (pastWishes[p.raw(i)] || p.raw(i) == "thought" && p.raw(i+1) == "about" || p.raw(i) == "going" && p.raw(i-1) == "was" || p.raw(i) == "like" && strings.HasSuffix(p.raw(i-1), "'d")) && !askingFor[p.raw(i+2)]
	}
	turned := false
	for i := s.to + 1; wished && i <= s.to+ahead && !p.strongEnd(i); i++ {
		turned = turned || p.raw(i) == "but"
		other := p.toks[i].entity
		if turned && (p.has(i, "no") || p.raw(i) == "problem" || killVerbs[p.raw(i)] || other != nil && other.kind == e.kind && other != e) {
			return !p.wordBetween(s.to+1, i, "also", "too", "maybe", "perhaps")
		}
	}
	return false
}

// exchanged reports whether a card is what others are bought for: "replacing our A10Gs by L4s".
func (p *parser) exchanged(s span) bool {
	const back, ahead = 3, 3
	verb := false
	for k := s.from - 1; k >= s.from-back && !p.clauseEnd(k); k-- {
		verb = verb || p.raw(k) == "from" || strings.HasPrefix(p.raw(k), "replac") || strings.HasPrefix(p.raw(k), "swap") || strings.HasPrefix(p.raw(k), "exchang")
	}
	for k := s.to + 1; verb && k <= s.to+ahead && !p.clauseEnd(k); k++ {
		if e := p.toks[k].entity; e != nil {
			return e.kind == gpuName && p.wordBetween(s.to+1, k, "by", "with", "for", "to")
		}
	}
	return false
}

// arrowTo reports whether an arrow leads from a name to another one of its kind: "gpt-4o -> switching to claude haiku 4.5".
func (p *parser) arrowTo(s span) bool {
	const reach = 4
	if !p.isSign(s.to+1, "-") || !p.isSign(s.to+2, ">") {
		return false
	}
	for k := s.to + 3; k <= s.to+2+reach && !p.clauseEnd(k); k++ {
		if e := p.toks[k].entity; e != nil {
			return e.kind == p.toks[s.from].entity.kind
		}
	}
	return false
}
