package knowledge

import (
	"context"
	"math"
	"regexp"
	"slices"
	"strings"

	"github.com/llmadvise/llmadvise/knowledge/ground"
)

// Evidence says how well a set of passages bears on a question, from 0 (not at all) to 1.
//
// The fused score of a passage is relative to its query, so it cannot say that nothing fits. Absolute measures can: how
// near the question is to what the passages say and to what they say they are asked, how near it is to other things
// ([elsewhere]), how much of it they say in the same or in like words, and what of it none of them says. The weights are
// those of a logistic regression over the built-in and the calibration set (recipe: TestCalibrateEvidence); what matters
// is the order they give, and the cut-off.
type Evidence float64

// Cut-offs of Evidence, calibrated on those sets.
const (
	evidenceEnough = 0.44 // below: decline
	evidenceClear  = 0.80 // from here on a model's "not in the sources" is not believed
)

// evidence weighs the best passages for a question.
func (b *Base) evidence(ctx context.Context, question string, ps []Passage) Evidence {
	if len(ps) == 0 {
		return 0
	}
	if namesUnknown(question, ps) {
		return evidenceEnough / 2
	}
	f := b.features(ctx, question, ps)
	x := evidenceBias
	for i, v := range f.vector() {
		x += evidenceWeights[i] * v
	}
	return Evidence(1 / (1 + math.Exp(-x)))
}

// namesUnknown reports whether a question is about models or machines of which no passage holds one: what the passages
// say of others is no answer.
func namesUnknown(question string, ps []Passage) bool {
	names := ground.Names(question)
	return len(names) > 0 && !slices.ContainsFunc(ps, func(p Passage) bool {
		return ground.NamesHeld(names, passageAbout(p)+" "+p.Text) > 0
	})
}

// features are the measures that evidence rests on, of the best passages.
type features struct {
	terms, headings float64 // share of the question's terms that the passages hold, that the best headings hold
	sentence        float64 // that the best single sentence holds: passages may hold every word and say nothing of what is asked
	names           float64 // whether they hold the question's names: -1 none, 1 all, 0 where it has none
	acronym         float64 // 1 where an acronym is in none of them: what they say of GDPR is no answer about CCPA
	stranger        float64 // 1 where the passage that says most of it lacks a name of the question
	near            float64 // cosine to the nearest sentence, heading or question that a passage says it answers
	pull            float64 // of the background, see elsewhere
	like            float64 // share of the question's words that the passages say in the same or in like words
	gap             float64 // the weightiest word that even this passage has no like of
	unasked         float64 // 1 where no passage says what it is asked: the measures above then run lower
}

func (f features) vector() [nFeatures]float64 {
	return [nFeatures]float64{f.terms, f.headings, f.sentence, f.names, f.acronym, f.stranger, f.near, f.pull, f.like, f.gap, f.unasked}
}

// nFeatures is the number of measures.
const nFeatures = 11

// How many of the best passages are measured: by their words, and by their meaning, where one further down may be nearest.
const (
	byWords   = 3
	byMeaning = 6
)

// What stands for measures of meaning without an embedder: no evidence either way.
const (
	neutralNear   = 0.6
	neutralPull   = 0.2
	neutralWeight = 0.5 // of each word of a question
)

func (b *Base) features(ctx context.Context, question string, ps []Passage) features {
	terms, names := topical(question), nameTerms(question)
	all := make(map[string]bool)
	f := features{unasked: 1}
	ps = ps[:min(byMeaning, len(ps))]
	for i, p := range ps {
		if len(p.Asked) > 0 {
			f.unasked = 0
		}
		if i >= byWords {
			continue
		}
		about := ground.Terms(passageAbout(p))
		for t := range ground.Terms(passageAbout(p) + " " + p.Text) {
			all[t] = true
		}
		f.headings = max(f.headings, ground.Overlap(terms, about))
		f.sentence = max(f.sentence, bestSentence(terms, about, names, p.Text))
	}
	f.terms = ground.Overlap(terms, all)
	f.names, f.acronym = holdsNames(question, all), lacksAcronym(question, all)
	b.meaning(ctx, question, ps, &f)
	return f
}

// bestSentence returns the largest share of terms that a sentence of text holds, what its heading holds counted too. Where
// the question is about something with a name, a sentence that does not speak of it counts half: what a context window
// is, is no answer about the one of a certain model.
func bestSentence(terms, about, names map[string]bool, text string) float64 {
	best := 0.0
	for _, s := range ground.Sentences(text) {
		held := ground.Terms(s)
		n, named := 0.0, len(names) == 0
		for t := range terms {
			switch {
			case held[t]:
				n++
			case about[t]:
				n += headingShare
			}
		}
		for t := range names {
			named = named || held[t] || about[t]
		}
		if !named {
			n /= 2
		}
		best = max(best, n/float64(max(len(terms), 1)))
	}
	return best
}

// nameTerms are the terms of a question's names and acronyms.
func nameTerms(question string) map[string]bool {
	out := make(map[string]bool)
	for _, n := range append(questionNames(question), ground.Names(question)...) {
		for t := range ground.Terms(n) {
			if !everyName[t] {
				out[t] = true
			}
		}
	}
	return out
}

// everyName are acronyms that name the field and not a thing in it.
var everyName = map[string]bool{"model": true, "api": true, "gpu": true, "ai": true, "ml": true, "devop": true, "eu": true}

var (
	reAcronym = regexp.MustCompile(`\b(?:[a-z][A-Z][\w.]*|[A-Z]{2,}[A-Za-z-]*|[A-Z][a-z]+[A-Z][\w.]*|[A-Za-z]+-?\d[\w.]*)\b`)
	reProper  = regexp.MustCompile(`[a-z0-9,]\s+([A-Z][a-z]{2,})\b`) // not the word that a sentence begins with
)

// questionNames returns the names and acronyms of a question.
func questionNames(question string) []string {
	found := reAcronym.FindAllString(question, -1)
	for _, m := range reProper.FindAllStringSubmatch(question, -1) {
		found = append(found, m[1])
	}
	return found
}

// holdsNames returns 1 where the passages hold all names and acronyms of a question, -1 where they hold none, in between
// where they hold some, and 0 where it has none.
func holdsNames(question string, held map[string]bool) float64 {
	if strings.ToUpper(question) == question {
		return 0 // shouted: capitals say nothing
	}
	names, hits := 0, 0
	for _, m := range questionNames(question) {
		for t := range ground.Terms(m) {
			names++
			if held[t] {
				hits++
			}
		}
	}
	if names == 0 {
		return 0
	}
	return 2*float64(hits)/float64(names) - 1
}

var reCapitals = regexp.MustCompile(`\b(?:[A-Z]{3,}|[A-Z][a-z]+[A-Z]{2,}|[A-Z][a-z][A-Z][A-Z]?)\b`)

func lacksAcronym(question string, held map[string]bool) float64 {
	if strings.ToUpper(question) == question {
		return 0
	}
	for _, m := range reCapitals.FindAllString(question, -1) {
		for t := range ground.Terms(m) {
			if !held[t] {
				return 1
			}
		}
	}
	return 0
}

// lacksName returns 1 where a name or acronym of a question is not among the held terms.
func lacksName(question string, held map[string]bool) float64 {
	if strings.ToUpper(question) == question {
		return 0
	}
	for _, n := range questionNames(question) {
		for t := range ground.Terms(n) {
			if !held[t] {
				return 1
			}
		}
	}
	return 0
}

// general are words of questions that name no subject; whether a passage holds them says nothing.
var general = ground.Terms(`find found pay paid far behind long high often soon early old new good better best worse great next work works working right true false mean
means stand stands ask asked claim claimed suggest suggested happen happens compare compares compared comparison difference
different kind way look show worth extra call called expect explain describe define definition example time ago today
everybody everyone nobody somebody people told heard think believe sure certain seem big small large huge quite rather
number amount figure share part total per fall fell rise switch switching allow allowed reach reached ok fine idea help
matter point want wanted wondering question answer info information detail details article document source`)

// topical returns the terms of a question that name what it is about; all of them where none is left.
func topical(question string) map[string]bool {
	all := ground.Terms(question)
	out := make(map[string]bool)
	for t := range all {
		if !general[t] {
			out[t] = true
		}
	}
	if len(out) == 0 {
		return all
	}
	return out
}

// bears reports whether a passage beyond the best one adds to the answer: it holds a fair share of the question's terms,
// or comes close in meaning, measured against the best.
func bears(p, best Passage) bool {
	return p.Score >= 0.35*best.Score && (p.Coverage >= 0.5*best.Coverage || p.Cosine >= 0.8*best.Cosine)
}

func passageAbout(p Passage) string {
	about := p.Title
	for _, h := range p.Heading {
		about += ". " + h
	}
	return about
}
