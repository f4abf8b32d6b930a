// Package evaluate measures a knowledge base on a set of questions with known sources: whether the right documents are
// found, cited and quoted, whether every number of an answer stands in what it cites, and whether questions without an
// answer are declined. It knows the knowledge base only by its door.
package evaluate

import (
	"context"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/llmadvise/llmadvise/corpus"
	"github.com/llmadvise/llmadvise/knowledge"
)

// Retrieval is how well documents are found, over the questions that have an answer. A document counts once, at the
// rank of its first passage.
type Retrieval struct {
	Questions int     `json:"questions"`
	Recall1   float64 `json:"recall_at_1"` // share of questions with an expected document at rank 1
	Recall5   float64 `json:"recall_at_5"`
	MRR10     float64 `json:"mrr_at_10"`
	NDCG10    float64 `json:"ndcg_at_10"`
	P50ms     float64 `json:"p50_ms"`
	P99ms     float64 `json:"p99_ms"`
}

// Answers is how good the answers are, over the whole set.
type Answers struct {
	Questions           int     `json:"questions"`
	Answerable          int     `json:"answerable"`
	AbstentionPrecision float64 `json:"abstention_precision"` // of the declined, those without an answer
	AbstentionRecall    float64 `json:"abstention_recall"`    // of those without an answer, the declined
	CitationPrecision   float64 `json:"citation_precision"`   // of the cited documents, the expected ones
	CitationRecall      float64 `json:"citation_recall"`      // of the answerable, those that cite an expected document
	Facts               float64 `json:"facts"`                // of the expected facts, those that answers state
	Numbers             int     `json:"numbers"`              // in answers
	Ungrounded          int     `json:"ungrounded_numbers"`   // of them, those that no cited document and no fact holds
	Withheld            int     `json:"withheld"`             // sentences kept back
	Composed            int     `json:"composed"`             // answers without a model's sentence
	P50ms               float64 `json:"p50_ms"`
	P95ms               float64 `json:"p95_ms"`
	Misses              []Miss  `json:"misses,omitempty"`
}

// Miss is a question that went wrong, and how.
type Miss struct {
	ID, Question, Why, Answer string
}

// Searcher finds passages for a question that may lean on its thread.
type Searcher interface {
	Search(ctx context.Context, q knowledge.Question, k int) ([]knowledge.Passage, knowledge.Evidence, error)
}

// Answerer answers a question.
type Answerer interface {
	Answer(ctx context.Context, q knowledge.Question, st knowledge.Stream) (knowledge.Answer, error)
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
	r.Recall1, r.Recall5, r.MRR10, r.NDCG10 = r.Recall1/n, r.Recall5/n, r.MRR10/n, r.NDCG10/n
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
	if first > 0 {
		r.MRR10 += 1 / float64(first)
		if first == 1 {
			r.Recall1++
		}
		if first <= 5 {
			r.Recall5++
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

// Answer measures answers. text gives a document's full text by id, for the check of numbers, which is made anew here
// and shares nothing with the one that answers went through.
func Answer(ctx context.Context, a Answerer, qs []corpus.Question, text func(id string) string) (Answers, error) {
	r := Answers{Questions: len(qs)}
	var c counts
	for _, q := range qs {
		got, err := a.Answer(ctx, Ask(q), nil)
		if err != nil {
			return r, fmt.Errorf("evaluate: %s: %w", q.ID, err)
		}
		c.took = append(c.took, got.Took)
		r.Withheld += got.Withheld
		if got.Composed && !got.Abstained {
			r.Composed++
		}
		for _, why := range c.judge(q, got, text) {
			r.Misses = append(r.Misses, Miss{q.ID, q.Text, why, got.Text})
		}
	}
	r.Answerable = c.answerable
	r.AbstentionPrecision = share(c.rightlyDeclined, c.declined)
	r.AbstentionRecall = share(c.rightlyDeclined, r.Questions-c.answerable)
	r.CitationPrecision = share(c.rightCites, c.cites)
	r.CitationRecall = share(c.citing, c.answerable)
	r.Facts = share(c.factsStated, c.facts)
	r.Numbers, r.Ungrounded = c.numbers, c.ungrounded
	r.P50ms, r.P95ms = quantile(c.took, 0.5), quantile(c.took, 0.95)
	return r, nil
}

type counts struct {
	answerable, declined, rightlyDeclined int
	cites, rightCites, citing             int
	facts, factsStated                    int
	numbers, ungrounded                   int
	took                                  []time.Duration
}

var reNumber = regexp.MustCompile(`\d+(?:,\d{3})*(?:\.\d+)?`)
var reMarker = regexp.MustCompile(`\[\d+(?:,\s*\d+)*\]`)

// judge counts one answer and returns what is wrong with it.
func (c *counts) judge(q corpus.Question, got knowledge.Answer, text func(string) string) []string {
	var why []string
	if got.Abstained {
		c.declined++
	}
	if !q.Answerable() {
		if got.Abstained {
			c.rightlyDeclined++
			return nil
		}
		return []string{"answered without a source"}
	}
	c.answerable++
	c.facts += len(q.Facts)
	if got.Abstained {
		return []string{"declined"}
	}
	cited, right := "", 0
	for _, x := range got.Citations {
		cited += text(x.Document) + "\n" + x.Date + "\n"
		if slices.Contains(q.Sources, x.Document) {
			right++
		}
	}
	c.cites += len(got.Citations)
	c.rightCites += right
	if right > 0 {
		c.citing++
	} else {
		why = append(why, "cites none of "+strings.Join(q.Sources, ", "))
	}
	for _, f := range q.Facts {
		if states(got.Text, f) {
			c.factsStated++
		} else {
			why = append(why, "does not state "+f)
		}
	}
	for _, n := range reNumber.FindAllString(reMarker.ReplaceAllString(got.Text, " "), -1) {
		c.numbers++
		if !strings.Contains(cited, n) {
			c.ungrounded++
			why = append(why, "ungrounded "+n)
		}
	}
	return why
}

func states(answer, alternatives string) bool {
	low := strings.ToLower(answer)
	for alt := range strings.SplitSeq(alternatives, "|") {
		if strings.Contains(low, strings.ToLower(alt)) {
			return true
		}
	}
	return false
}

func share(a, b int) float64 {
	if b == 0 {
		return 1
	}
	return float64(a) / float64(b)
}

func quantile(ds []time.Duration, p float64) float64 {
	if len(ds) == 0 {
		return 0
	}
	s := slices.Clone(ds)
	slices.Sort(s)
	return float64(s[min(len(s)-1, int(p*float64(len(s))))]) / float64(time.Millisecond)
}
