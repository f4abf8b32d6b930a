package intake

import (
	"strings"

	"github.com/llmadvise/llmadvise/advisor"
)

// How good the answers have to be, where it is said by the best there is ("as clever as possible", "the best prose we can get", "the most powerful
// model which exists") or by the middle ("any decent mid-range answer").

var (
	superlatives = set("best smartest cleverest strongest finest brightest brainiest ablest")
	// mostWords make a superlative of quality with "most".
	mostWords = set("capable powerful accurate intelligent clever advanced reliable precise sophisticated brilliant")
	// gradeWords are how good something is, in "as good as possible".
	gradeWords = set("good clever smart intelligent accurate high precise strong capable brilliant reliable")
	// sellers can be named for all there is: "the best money can buy".
	sellers = set("we you one i money they anyone anybody")
	// middling are words for what is neither good nor bad, wanting what stands beside them in a wish for such.
	middling = set("decent mid-range midrange middling average ordinary okay ok passable competent mediocre reasonable half-decent run-of-the-mill so-so")
	wanting  = set("happy fine any some an content satisfied live")
	graded   = set("answer quality model result text output llm")
)

// readGrading reads how good the answers have to be.
func (p *parser) readGrading() {
	for i := range p.toks {
		if p.isClaimed(i) || p.toks[i].void {
			continue
		}
		if end, ok := p.bestThereIs(i); ok && !p.has(i-1, "no") {
			p.claim(i, end)
			quality(advisor.Frontier)(p, span{i, end})
		} else if end, ok := p.middlingAt(i); ok {
			p.claim(i, end)
			quality(advisor.Standard)(p, span{i, end})
		}
	}
}

// bestThereIs reads "the best prose we can get", "most capable model", "as clever as possible" from token i on, and where that ends.
func (p *parser) bestThereIs(i int) (int, bool) {
	const reach = 5
	switch w := p.raw(i); {
	case w == "as" && gradeWords[p.raw(i+1)] && p.raw(i+2) == "as":
		n := p.raw(i + 3)
		return i + 3, n == "possible" || n == "it" && p.raw(i+4) == "gets" || n == "can"
	case w == "absolute" && superlatives[p.raw(i+1)]:
		return i + 1, true
	case w == "most" && mostWords[p.raw(i+1)]:
		if stem(p.raw(i+2)) == "model" || stem(p.raw(i+2)) == "llm" {
			return i + 2, true
		}
	case !superlatives[w]:
		return 0, false
	}
	for k := i + 1; k <= i+reach && !p.clauseEnd(k); k++ {
		switch w := p.raw(k); {
		case sellers[w] && p.raw(k+1) == "can", strings.HasPrefix(w, "exist"), w == "available", w == "there" && p.raw(k+1) == "is":
			return min(k+1, len(p.toks)-1), true
		case (w == "on" || w == "in") && p.raw(k+1) == "the" && (p.raw(k+2) == "market" || p.raw(k+2) == "world"), w == "out" && p.raw(k+1) == "there":
			return k + 1, true
		case stem(w) == "price" || stem(w) == "value" || stem(w) == "deal" || stem(w) == "option" || stem(w) == "way" || stem(w) == "offer":
			return 0, false
		}
	}
	return 0, false
}

// middlingAt reads "happy with any decent mid-range answer" at its word for the middle, and where that ends.
func (p *parser) middlingAt(i int) (int, bool) {
	const back, ahead = 4, 5
	if !middling[p.raw(i)] && !(p.raw(i) == "mid" && p.raw(i+2) == "range") {
		return 0, false
	}
	wished := false
	for k := i - 1; k >= i-back && !p.clauseEnd(k); k-- {
		if p.has(k, "no") {
			return 0, false
		}
		wished = wished || wanting[p.raw(k)]
	}
	for k := i + 1; wished && k <= i+ahead && !p.clauseEnd(k); k++ {
		if graded[stem(p.raw(k))] {
			return k, true
		}
	}
	return 0, false
}
