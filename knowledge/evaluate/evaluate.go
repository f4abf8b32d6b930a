// Package evaluate measures a knowledge base on a set of questions with known sources: whether the right documents are
// found, cited and quoted, whether every number of an answer stands in what it cites, and whether questions without an
// answer are declined. It knows the knowledge base only by its door.
package evaluate

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/llmadvise/llmadvise/corpus"
	"github.com/llmadvise/llmadvise/knowledge"
)

// Retrieval is how well documents are found, over the questions that have an answer. A document counts once, at the
// rank of its first passage.
type Retrieval struct {
	Questions int     `json:"questions"`
	Recall1   float64 `json:"recall_at_1"` // share of questions with an expected document at rank 1
	Recall3   float64 `json:"recall_at_3"`
	Recall5   float64 `json:"recall_at_5"`
	Recall10  float64 `json:"recall_at_10"`
	MRR10     float64 `json:"mrr_at_10"`
	NDCG10    float64 `json:"ndcg_at_10"`
	P50ms     float64 `json:"p50_ms"`
	P99ms     float64 `json:"p99_ms"`
}

// Searcher finds passages for a question that may lean on its thread.
type Searcher interface {
	Search(ctx context.Context, q knowledge.Question, k int) ([]knowledge.Passage, knowledge.Evidence, error)
}

// Ask turns a question of the set into one for the knowledge base.
func Ask(q corpus.Question) knowledge.Question {
	out := knowledge.Question{Text: q.Text}
	for i, h := range q.History {
		out.History = append(out.History, knowledge.Turn{FromBot: i%2 == 1, Text: h})
	}
	return out
}

// Find measures retrieval.
func Find(ctx context.Context, s Searcher, qs []corpus.Question) (Retrieval, error) {
	var r Retrieval
	var took []time.Duration
	for _, q := range qs {
		if !q.Answerable() {
			continue
		}
		start := time.Now()
		ps, _, err := s.Search(ctx, Ask(q), 30)
		if err != nil {
			return r, fmt.Errorf("evaluate: %s: %w", q.ID, err)
		}
		took = append(took, time.Since(start))
		r.add(documents(ps), q.Sources)
	}
	n := float64(max(r.Questions, 1))
	for _, sum := range []*float64{&r.Recall1, &r.Recall3, &r.Recall5, &r.Recall10, &r.MRR10, &r.NDCG10} {
		*sum /= n
	}
	r.P50ms, r.P99ms = quantile(took, 0.5), quantile(took, 0.99)
	return r, nil
}

func (r *Retrieval) add(ranked, want []string) {
	r.Questions++
	gain, ideal := 0.0, 0.0
	first := 0
	for i, d := range ranked[:min(10, len(ranked))] {
		if slices.Contains(want, d) {
			gain += 1 / math.Log2(float64(i)+2)
			if first == 0 {
				first = i + 1
			}
		}
	}
	for i := range min(10, len(want)) {
		ideal += 1 / math.Log2(float64(i)+2)
	}
	r.NDCG10 += gain / ideal
	if first == 0 {
		return
	}
	r.MRR10 += 1 / float64(first)
	for _, at := range []struct {
		k   int
		sum *float64
	}{{1, &r.Recall1}, {3, &r.Recall3}, {5, &r.Recall5}, {10, &r.Recall10}} {
		if first <= at.k {
			*at.sum++
		}
	}
}

func documents(ps []knowledge.Passage) []string {
	var out []string
	for _, p := range ps {
		if !slices.Contains(out, p.Document) {
			out = append(out, p.Document)
		}
	}
	return out
}

func quantile(ds []time.Duration, p float64) float64 {
	if len(ds) == 0 {
		return 0
	}
	s := slices.Clone(ds)
	slices.Sort(s)
	return float64(s[min(len(s)-1, int(p*float64(len(s))))]) / float64(time.Millisecond)
}
