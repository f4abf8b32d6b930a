package knowledge

import (
	"github.com/llmadvise/llmadvise/knowledge/ground"
)

// Evidence says how well a set of passages bears on a question, from 0 (not at all) to 1.
//
// The fused score of a passage is relative to its query, so it cannot say that nothing fits. Three absolute measures
// can: the cosine between question and passage, the share of the question's rare terms in the passage, and the share of
// the question's terms that the passages hold together. The weights are those of a logistic regression over the built-in
// evaluation set (see TestEvidenceIsCalibrated); what matters is the order they give, and the cut-off.
type Evidence float64

// Cut-offs of Evidence, calibrated on the built-in evaluation set.
const (
	evidenceEnough = 0.50 // below: decline
	evidenceClear  = 0.80 // from here on a model's "not in the sources" is not believed
)

// evidence weighs the best passages for a question.
func evidence(question string, ps []Passage) Evidence {
	if len(ps) == 0 {
		return 0
	}
	f := features(question, ps)
	x := evidenceBias
	for i, w := range evidenceWeights {
		x += w * f[i]
	}
	return Evidence(logistic(x))
}

// features returns, for the three best passages: the highest cosine, the highest coverage, the share of the question's
// terms that all three hold together, and the share that the best one's title and headings hold.
func features(question string, ps []Passage) [4]float64 {
	terms := ground.Terms(question)
	all := make(map[string]bool)
	var f [4]float64
	for _, p := range ps[:min(3, len(ps))] {
		f[0] = max(f[0], p.Cosine)
		f[1] = max(f[1], p.Coverage)
		for t := range ground.Terms(passageAbout(p) + " " + p.Text) {
			all[t] = true
		}
		f[3] = max(f[3], ground.Overlap(terms, ground.Terms(passageAbout(p))))
	}
	f[2] = ground.Overlap(terms, all)
	return f
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
