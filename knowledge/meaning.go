package knowledge

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/llmadvise/llmadvise/knowledge/ground"
)

// meaning sets the measures that need an embedder. The texts are embedded anew: the index may stand on another model,
// whose cosines have another spread. Without an embedder words count only where they are the same.
func (b *Base) meaning(ctx context.Context, question string, ps []Passage, f *features) {
	words := tellingWords(question)
	spoken := make([][]string, len(ps)) // words of each passage
	texts := []string{question}
	for i, p := range ps {
		said := saidBy(p)
		texts = append(texts, said...)
		spoken[i] = wordsOf(append(said, passageAbout(p)))
	}
	v := b.vectors(ctx, texts)
	w := b.vectors(ctx, words)
	f.near, f.pull = neutralNear, neutralPull
	if v != nil {
		f.near = 0
		for _, t := range v[1:] {
			f.near = max(f.near, dot(v[0], t))
		}
		f.pull = b.elsewhere.pull(ctx, v[0], v[1:])
	}
	weights := make([]float64, len(words))
	for i := range words {
		weights[i] = neutralWeight
		if v != nil && w != nil {
			weights[i] = max(leastWeight, dot(w[i], v[0])) // what a text is about dominates its vector
		}
	}
	said := make([]float64, len(words))
	f.gap, f.stranger = 1, 1
	for i, p := range ps {
		like := b.likeness(ctx, words, w, spoken[i])
		gap := 0.0
		for j, l := range like {
			gap = max(gap, weights[j]*(1-l))
			if i < byWords {
				said[j] = max(said[j], l)
			}
		}
		lack := lacksName(question, ground.Terms(strings.Join(append(saidBy(p), passageAbout(p)), " ")))
		if gap+nameGap*lack < f.gap+nameGap*f.stranger {
			f.gap, f.stranger = gap, lack
		}
	}
	f.like = weighted(said, weights)
}

// saidBy returns what a question can be near to in a passage: its heading, its sentences under it, and what it says it is
// asked.
func saidBy(p Passage) []string {
	said := append([]string{headingOf(p)}, p.Asked...)
	for _, s := range ground.Sentences(p.Text) {
		said = append(said, headingOf(p)+". "+s)
	}
	return said
}

// nearRank is what the nearest thing that a passage says counts beside its fused score, which runs up to 1.
const nearRank = 0.8

// rank puts passages in the order of their fused score and the nearest thing that they say: the vector of a whole
// passage blurs what one of its sentences is about.
func (b *Base) rank(ctx context.Context, question string, ps []Passage) []Passage {
	if len(ps) < 2 {
		return ps
	}
	texts := []string{question}
	ends := make([]int, len(ps))
	for i, p := range ps {
		texts = append(texts, saidBy(p)...)
		ends[i] = len(texts)
	}
	v := b.vectors(ctx, texts)
	if v == nil {
		return ps
	}
	at := 1
	top := 0.0
	for i := range ps {
		near := 0.0
		for ; at < ends[i]; at++ {
			near = max(near, dot(v[0], v[at]))
		}
		ps[i].Score += nearRank * near
		top = max(top, ps[i].Score)
	}
	slices.SortStableFunc(ps, func(a, b Passage) int { return cmp.Compare(b.Score, a.Score) })
	for i := range ps {
		ps[i].Score /= max(top, 1e-9)
	}
	return ps
}

// nameGap is what a name that a passage lacks counts as, beside the weight of a word that it lacks.
const nameGap = 0.25

// leastWeight of a word of a question.
const leastWeight = 0.02

func weighted(values, weights []float64) float64 {
	sum, total := 0.0, 0.0
	for i, v := range values {
		sum += weights[i] * v
		total += weights[i]
	}
	return sum / max(total, leastWeight)
}

// likeness returns for each of words how much it is like one of spoken: 1 where that has the same stem.
func (b *Base) likeness(ctx context.Context, words []string, w [][]float32, spoken []string) []float64 {
	held := make(map[string]bool)
	for _, s := range spoken {
		for t := range ground.Terms(s) {
			held[t] = true
		}
	}
	var v [][]float32
	if w != nil {
		v = b.vectors(ctx, spoken)
	}
	out := make([]float64, len(words))
	for i, word := range words {
		for t := range ground.Terms(word) {
			if held[t] {
				out[i] = 1
			}
		}
		if out[i] == 1 || v == nil {
			continue
		}
		for j := range v {
			out[i] = max(out[i], dot(w[i], v[j]))
		}
	}
	return out
}

// vectors embeds texts; nil where there is no embedder or it fails.
func (b *Base) vectors(ctx context.Context, texts []string) [][]float32 {
	if b.opts.Embedder == nil || len(texts) == 0 {
		return nil
	}
	v, err := b.opts.Embedder.Embed(ctx, texts)
	if err != nil || len(v) != len(texts) {
		return nil
	}
	return v
}

// tellingWords returns the words of a question that carry its meaning, or all of it where none does.
func tellingWords(question string) []string {
	var out []string
	for _, w := range ground.Words(question) {
		if len(ground.Terms(w)) > 0 && !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	if len(out) == 0 {
		return []string{question}
	}
	return out
}

// wordsOf returns the words of texts, each once.
func wordsOf(texts []string) []string {
	seen := make(map[string]bool)
	var out []string
	for _, t := range texts {
		for _, w := range ground.Words(t) {
			if !seen[w] {
				seen[w] = true
				out = append(out, w)
			}
		}
	}
	return out
}
