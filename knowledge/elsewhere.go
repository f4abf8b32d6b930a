package knowledge

import (
	"cmp"
	"context"
	_ "embed" // the list of questions
	"slices"
	"strings"
	"sync"
)

// elsewhere.txt holds questions about other things: everyday life, and what sounds near the subject and is not it, such
// as how to operate a product, who makes it, other laws, how models are trained, how to program. They are the background
// that a question is told apart from: where it is closer to one of them than to anything found, what was found only
// shares its words. They are general, a line for each kind of subject, and a line counts less the more the passages
// speak of it: a knowledge base that does hold the canteen's menu answers about it.
//
//go:embed elsewhere.txt
var elsewhereFile string

// elsewhere holds the vectors of the background, made on first use.
type elsewhere struct {
	emb     Embedder
	mu      sync.Mutex
	vectors [][]float32
}

func (e *elsewhere) load(ctx context.Context) [][]float32 {
	if e == nil || e.emb == nil {
		return nil
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.vectors == nil {
		vs, err := e.emb.Embed(ctx, strings.Split(strings.TrimSpace(elsewhereFile), "\n"))
		if err != nil {
			return nil
		}
		e.vectors = vs
	}
	return e.vectors
}

// pull returns how strongly the background draws a question away from what was found: the largest cosine to a line of it,
// less half of what the found texts have of that line.
func (e *elsewhere) pull(ctx context.Context, question []float32, found [][]float32) float64 {
	probes := e.load(ctx)
	if len(probes) == 0 {
		return neutralPull
	}
	type line struct {
		v      []float32
		cosine float64
	}
	lines := make([]line, len(probes))
	for i, p := range probes {
		lines[i] = line{p, dot(question, p)}
	}
	slices.SortFunc(lines, func(a, b line) int { return cmp.Compare(b.cosine, a.cosine) })
	best := -1.0
	for _, l := range lines {
		if l.cosine <= best {
			break // the others are further away still
		}
		held := 0.0
		for _, f := range found {
			held = max(held, dot(l.v, f))
		}
		best = max(best, l.cosine-held/2)
	}
	return best
}
