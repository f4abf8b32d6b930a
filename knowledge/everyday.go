package knowledge

import (
	"context"
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

// neutral is standsOut without an embedder: no evidence either way.
const neutral = 2.6

// standsOut returns how many standard deviations the closest of ps lies nearer to question than everyday subjects do, cut
// to -2..10. The passages are embedded anew: the index may stand on another model, whose cosines have another spread.
func (e *everyday) standsOut(ctx context.Context, question string, ps []Passage) float64 {
	probes := e.load(ctx)
	if len(probes) == 0 || len(ps) == 0 {
		return neutral
	}
	texts := []string{question}
	for _, p := range ps {
		texts = append(texts, passageAbout(p)+". "+p.Text)
	}
	vs, err := e.emb.Embed(ctx, texts)
	if err != nil || len(vs) != len(texts) {
		return neutral
	}
	cosines := make([]float64, len(probes))
	for i, p := range probes {
		cosines[i] = dot(vs[0], p)
	}
	mean, sd := spread(cosines)
	nearest := 0.0
	for _, v := range vs[1:] {
		nearest = max(nearest, dot(vs[0], v))
	}
	return min(10, max(-2, (nearest-mean)/sd))
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
