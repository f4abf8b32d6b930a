package knowledge

import (
	"context"
	"math"
	"sync"
)

// everyday are questions about subjects that a knowledge base of this kind does not hold. They are the yardstick for
// closeness in meaning: cosines of one embedding model lie between 0.1 and 0.6, those of another between 0.8 and 0.95,
// so only the distance to everyday subjects, in their own spread, says anything.
var everydayQuestions = []string{
	"How do I cook rice and bake bread?",
	"Who won the football championship?",
	"What will the weather be like tomorrow?",
	"Which medicine helps against a headache?",
	"Where should we go on holiday this summer?",
	"Who is the president of the country?",
	"How do I change a tyre on my car?",
	"What is a good film to watch tonight?",
	"How do animals and plants grow?",
	"What is the capital city and its population?",
	"How many vacation days do employees get?",
	"Which shares and funds should I invest in?",
	"How do I learn a musical instrument?",
	"Write a poem or tell me a joke.",
	"What is the sum of these numbers in mathematics?",
	"How do I clean a stain out of clothes?",
	"How do I install an app on my phone or reset a password?",
	"Write a program that sorts a list.",
	"What did the famous painter and writer create?",
	"How do I rent a flat or get a mortgage?",
	"How do I lose weight and train for a race?",
	"When is the next meeting and who is attending?",
	"How tall is the mountain and how long is the river?",
	"Which phone, headphones or laptop should I buy?",
}

// everyday holds the vectors of everydayQuestions, made on first use.
type everyday struct {
	emb     Embedder
	mu      sync.Mutex
	vectors [][]float32
}

// standsOut returns how many standard deviations cosine lies above the cosines of question with everyday subjects, cut
// to 0..6. Without an embedder, or where it fails, it is 2.6: no evidence either way.
func (e *everyday) standsOut(ctx context.Context, question string, cosine float64) float64 {
	const neutral = 2.6
	probes := e.load(ctx)
	if len(probes) == 0 {
		return neutral
	}
	q, err := e.emb.Embed(ctx, []string{question})
	if err != nil || len(q) != 1 {
		return neutral
	}
	sum, squares := 0.0, 0.0
	for _, p := range probes {
		c := dot(q[0], p)
		sum += c
		squares += c * c
	}
	n := float64(len(probes))
	mean := sum / n
	sd := math.Sqrt(max(squares/n-mean*mean, 1e-6))
	return min(6, max(0, (cosine-mean)/sd))
}

func (e *everyday) load(ctx context.Context) [][]float32 {
	if e == nil || e.emb == nil {
		return nil
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.vectors == nil {
		vs, err := e.emb.Embed(ctx, everydayQuestions)
		if err != nil {
			return nil
		}
		e.vectors = vs
	}
	return e.vectors
}
