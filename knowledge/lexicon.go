package knowledge

import (
	"context"

	"github.com/llmadvise/llmadvise/knowledge/ground"
)

// lexicon says how much the words of passages are like those of a question: users ask in words that documents do not use.
type lexicon struct {
	of map[string]map[string]float64 // term of the question -> term of the passages -> likeness above nothing
}

// unlike is the cosine up to which two words have nothing to do with each other, as far as one can tell from it.
const unlike = 0.45

func newLexicon(ctx context.Context, emb Embedder, question string, ps []Passage) *lexicon {
	if emb == nil {
		return nil
	}
	var texts []string
	for _, p := range ps {
		texts = append(texts, p.Text)
	}
	asked, spoken := tellingWords(question), wordsOf(texts)
	v, err := emb.Embed(ctx, append(append([]string(nil), asked...), spoken...))
	if err != nil || len(v) != len(asked)+len(spoken) {
		return nil
	}
	x := &lexicon{of: make(map[string]map[string]float64)}
	for i, a := range asked {
		for t := range ground.Terms(a) {
			x.of[t] = make(map[string]float64)
			for j, s := range spoken {
				if c := dot(v[i], v[len(asked)+j]); c > unlike {
					for u := range ground.Terms(s) {
						x.of[t][u] = max(x.of[t][u], (c-unlike)/(1-unlike))
					}
				}
			}
		}
	}
	return x
}

// like returns how much the nearest of terms is like the question's term, 0 to 1.
func (x *lexicon) like(term string, terms map[string]bool) float64 {
	if x == nil {
		return 0
	}
	best := 0.0
	for u, c := range x.of[term] {
		if terms[u] {
			best = max(best, c)
		}
	}
	return min(best, 1)
}

// knows reports whether the passages hold anything like a term of the question.
func (x *lexicon) knows(term string) bool { return x != nil && len(x.of[term]) > 0 }
