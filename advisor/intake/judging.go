package intake

import (
	"strings"

	"github.com/llmadvise/llmadvise/advisor"
)

// Judgements: what an item is, where it belongs, how good it is.

var (
	sortVerbs   = set("grouping sort sorts sorting sorted bucket buckets group grouped prioritise prioritize")
	markVerbs   = set("mark marks marking label labels flag flags")
	matchVerbs  = set("mapped matched assigned match matches matching assign assigns map maps mapping")
	schemes     = set("taxonomy category categories code codes department class classes queue sku skus topic topics scheme ontology trade")
	pickVerbs   = set("pick picks choose chooses find finds suggest suggests select selects give gives say says tell tells determine determines decide decides predict predicts")
	rightWords  = set("right correct proper matching suitable responsible")
	gradeVerbs  = set("rate rates rating grade grades score scores mark marks")
	gradedNouns = set("essay homework answer exam lead call transcript review application cv candidate resume supplier submission conversation")
)

// decides reads "sorting them by trade and urgency", "which unit should take it", "rate essays from 1 to 6", "the right HS code".
func (p *parser) decides(i int) {
	w := p.raw(i)
	near := func(reach int, holds func(int) bool) bool {
		for k := i + 1; k < i+reach && !p.clauseEnd(k); k++ {
			if holds(k) {
				return true
			}
		}
		return false
	}
	switch {
	case sortVerbs[w] && near(7, func(k int) bool {
		return p.raw(k) == "by" || p.raw(k) == "into" || p.raw(k) == "to" && p.raw(k+1) == "the"
	}):
		p.vote(advisor.Classification, toldDuty, i, i)
	case (w == "sort" || w == "sorted") && (p.raw(i-1) == "to" || p.raw(i-1) == "be") && p.clauseEnd(i+1) && p.docNear(i, i):
		p.vote(advisor.Classification, likelyDuty+1, i, i)
	case w == "which" && kinds[p.raw(i+1)] && p.inSentence(i+2, 3, func(k int) bool {
		return p.raw(k) == "should" || p.raw(k) == "does" || p.raw(k) == "gets" || p.raw(k) == "goes" || p.raw(k) == "it"
	}) > 0:
		p.vote(advisor.Classification, toldDuty-1, i, i+1)
	case (w == "spot" || w == "spots" || w == "catch" || w == "catches" || w == "find" || w == "finds") && near(7, func(k int) bool {
		return p.raw(k) == "that" && (p.raw(k+1) == "look" || p.raw(k+1) == "looks" || p.raw(k+1) == "seem" || p.raw(k+1) == "seems" || p.raw(k+1) == "violate")
	}):
		p.vote(advisor.Classification, likelyDuty+1, i, i)
	case (w == "filter" || w == "filters") && near(4, func(k int) bool { return p.has(k, "doc") }) && p.raw(i-1) != "a" && p.raw(i-1) != "the":
		p.vote(advisor.Classification, toldDuty, i, i)
	case sortingVerbs[w] && near(9, func(k int) bool {
		return p.raw(k) == "one" && (p.raw(k+1) == "of" || p.raw(k+1) == "out" && p.raw(k+2) == "of")
	}):
		p.vote(advisor.Classification, toldDuty, i, i)
	case (w == "transformed" || w == "turned" || w == "converted" || w == "translated" || w == "mapped") && near(4, func(k int) bool { return p.raw(k) == "codes" }):
		p.vote(advisor.Classification, toldDuty, i, i)
	case (w == "if" || w == "whether") && p.raw(i+1) == "there" && (p.raw(i+2) == "is" || p.raw(i+2) == "are") && judgesBefore[p.raw(i-1)] && !p.adviceAsked(i+4):
		p.vote(advisor.Classification, toldDuty-1, i-1, i+2)
	case markVerbs[w] && near(6, func(k int) bool { return p.raw(k) == "as" && !p.has(k+1, "per") }):
		p.vote(advisor.Classification, toldDuty-1, i, i)
	case matchVerbs[w] && near(8, func(k int) bool {
		return (p.raw(k) == "to" || p.raw(k) == "with" || p.raw(k) == "against") && p.ahead(k, func(j int) bool { return schemes[p.raw(j)] })
	}):
		p.vote(advisor.Classification, toldDuty, i, i)
	case pickVerbs[w] && near(5, func(k int) bool {
		return rightWords[p.raw(k)] && p.ahead(k, func(j int) bool { return schemes[p.raw(j)] || kinds[p.raw(j)] })
	}):
		p.vote(advisor.Classification, toldDuty, i, i)
	case pickVerbs[w] && (p.raw(i+1) == "which" || p.raw(i+1) == "what") && p.isWord(i+2) && !p.toks[i+2].glue && !p.has(i+2, "modelname", "apiservice", "gpuname") && !p.adviceAsked(i+2):
		p.vote(advisor.Classification, likelyDuty+1, i, i+2)
	case gradeVerbs[w] && (near(4, func(k int) bool { return gradedNouns[stem(p.raw(k))] }) || near(6, func(k int) bool { return p.raw(k) == "from" && p.isNum(k+1) && p.raw(k+2) == "to" && p.isNum(k+3) })):
		p.vote(advisor.Classification, toldDuty-1, i, i)
	case (w == "tell" || w == "tells" || w == "say" || w == "says" || w == "see" || w == "flag") && near(4, func(k int) bool {
		return (p.raw(k) == "if" || p.raw(k) == "whether") && (p.article(k+1) || p.raw(k+1) == "the" || p.raw(k+1) == "each" || p.raw(k+1) == "every") && p.isWord(k+2) && p.toks[k+2].entity == nil && !p.adviceAsked(k+2)
	}):
		p.vote(advisor.Classification, toldDuty-1, i, i)
	case (w == "know" || w == "see" || w == "learn") && (p.raw(i+1) == "if" || p.raw(i+1) == "whether") && (p.raw(i+2) == "the" || p.article(i+2)) && p.isWord(i+3) && (outsiders[stem(p.raw(i+3))] || p.has(i+3, "doc")):
		p.vote(advisor.Classification, likelyDuty+1, i, i+3)
	case deciding[w] && near(5, func(k int) bool { return grades[p.raw(k)] }):
		p.vote(advisor.Classification, toldDuty-1, i, i)
	case w == "verdict" && p.article(i-1):
		p.vote(advisor.Classification, likelyDuty-1, i, i)
	case (w == "tell" || w == "tells" || w == "say" || w == "says") && near(4, func(k int) bool {
		return (p.raw(k) == "whether" || p.raw(k) == "if") && (p.raw(k+1) == "it's" || p.raw(k+1) == "it" && p.raw(k+2) == "is") && (p.article(k+2) || p.article(k+3))
	}), (w == "gets" || w == "get" || w == "receives" || w == "needs") && p.article(i+1) && (p.raw(i+2) == "score" || p.raw(i+2) == "grade" || p.raw(i+2) == "mark" || p.raw(i+2) == "label" || p.raw(i+2) == "category"):
		p.vote(advisor.Classification, toldDuty, i, i)
	case (w == "give" || w == "gives" || w == "giving") && (p.raw(i+1) == "points" || p.raw(i+1) == "marks" || p.raw(i+1) == "grades"):
		p.vote(advisor.Classification, likelyDuty+1, i, i+1)
	case sortingVerbs[w] && near(7, func(k int) bool {
		return rightWords[p.raw(k)] && p.ahead(k, func(j int) bool { return kinds[p.raw(j)] || schemes[p.raw(j)] })
	}):
		p.vote(advisor.Classification, toldDuty, i, i)
	case strings.HasPrefix(w, "fill") && near(5, func(k int) bool { return grades[p.raw(k)] }):
		p.vote(advisor.Classification, toldDuty-1, i, i)
	case proposing[w] && near(7, func(k int) bool {
		return p.raw(k) == "code" || p.raw(k) == "codes" || p.raw(k) == "grade" || p.raw(k) == "score" || p.raw(k) == "mark"
	}):
		p.vote(advisor.Classification, toldDuty, i, i)
	case w == "sorting" && near(3, func(k int) bool { return p.has(k, "doc") && p.plural(k) }), w == "clustered", strings.HasPrefix(w, "check") && near(6, func(k int) bool {
		return p.raw(k) == "against" && p.ahead(k, func(j int) bool {
			return p.raw(j) == "rules" || p.raw(j) == "checklist" || p.raw(j) == "criteria" || p.raw(j) == "policy"
		})
	}):
		p.vote(advisor.Classification, toldDuty-1, i, i)
	case w == "stance" || w == "mood" && p.raw(i-1) != "good":
		p.vote(advisor.Classification, likelyDuty, i, i)
	case judged[w] && p.has(i+1, "doc") && p.isWord(i+1) && w != "complete" && w != "safe" && w != "valid":
		p.vote(advisor.Classification, likelyDuty, i, i+1)
	case w == "quality" && (p.raw(i+1) == "control" || p.raw(i+1) == "monitoring" || p.raw(i+1) == "checks") && p.docAhead(i+1):
		p.vote(advisor.Classification, likelyDuty+1, i, i+1)
	case (w == "code" || w == "coding") && p.codesThings(i):
		p.vote(advisor.Classification, toldDuty, i, i)
	}
}

// deciding verbs give an item one of the grades.
var (
	deciding  = set("decides decide assigns assign sets determines determine gives give gets get needs")
	proposing = set("proposes propose proposing suggests suggest normalises normalizes normalise normalize")
	grades    = set("priority urgency severity category categories trade importance")
)

var judgesBefore = set("say says tell tells check checks detect detects see sees decide decides flag flags determine")

// adviceAsked reports whether a noun is what the request wants advice on: "tell me which model".
func (p *parser) adviceAsked(k int) bool {
	switch stem(p.raw(k)) {
	case "model", "option", "provider", "vendor", "gpu", "card", "way", "one", "llm", "setup", "api", "cloud", "machine", "hardware", "engine", "size", "price", "mix", "plan", "variant", "path", "route":
		return true
	}
	return false
}

// codesThings reports whether codes of a catalogue are given rather than programs written: "code the letters (ICD-10)", "coding of diagnoses".
func (p *parser) codesThings(i int) bool {
	const reach = 7
	for k := i - reach; k < i+reach; k++ {
		switch w := p.raw(k); {
		case w == "icd" || w == "meddra" || w == "atc" || strings.HasPrefix(w, "diagnos") || w == "hs" || w == "failure" || w == "snomed" || w == "cpt" || w == "loinc" || w == "occupation" || w == "nace":
			return true
		}
	}
	return false
}

// eitherOr reads a choice of two for an answer: "yes/no", "refund / no refund", "fake or not", "approve, reject or look at it".
func (p *parser) eitherOr() {
	for i := 1; i+1 < len(p.toks); i++ {
		a, b := p.raw(i-1), p.raw(i+1)
		switch {
		case !p.isSign(i, "/") && p.raw(i) != "or":
		case p.isSign(i, "/") && p.isSign(i+2, "/") && p.isWord(i-1) && (lastResorts[a] || lastResorts[b] || lastResorts[p.raw(i+3)]): // "pro/contra/neutral", "ok / suspicious / wrong"
			p.vote(advisor.Classification, toldDuty-1, i-1, i+3)
		case acceptWords[a] && refuseWords[b], refuseWords[a] && acceptWords[b], a == "yes" && b == "no", a == "spam" && b == "ham", a == "positive" && b == "negative", a == "approve" && b == "reject", a == "pass" && b == "fail", a == "true" && b == "false", a == "low" && b == "medium", a == "accept" && b == "reject", (b == "no" || b == "not" || b == "don't") && a == p.raw(i+2) && p.isWord(i-1), a == "medium" && b == "high", a == "approve" && b == "deny":
			p.vote(advisor.Classification, toldDuty, i-1, i+1)
			p.claim(i-1, i+1)
		case p.raw(i) == "or" && b == "not" && judged[a]:
			p.vote(advisor.Classification, toldDuty-1, i-1, i+1)
			p.claim(i-1, i+1)
		}
		if p.raw(i) == "," && (a == "approve" || a == "accept" || a == "low") && (b == "reject" || b == "deny" || b == "medium" || b == "escalate") {
			p.vote(advisor.Classification, toldDuty, i-1, i+1)
		}
	}
}

var (
	acceptWords = set("approve accept pass fit allow")
	lastResorts = set("neutral other maybe unclear unknown junk ok okay pro suspicious mixed")
	refuseWords = set("reject decline deny refuse fail block escalate")
)

var judged = set("fake relevant spam toxic urgent eligible scam offensive duplicate genuine suspicious fraudulent safe allowed serious valid complete")
