package evaluate

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/llmadvise/llmadvise/corpus"
	"github.com/llmadvise/llmadvise/knowledge"
)

// Answers is how good the answers are, over a set of questions.
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

// Judged is one question with its answer and what was counted of it.
type Judged struct {
	ID          string   `json:"id"`
	Kind        string   `json:"kind"`
	Question    string   `json:"question"`
	Answer      string   `json:"answer"`
	Answerable  bool     `json:"answerable"`
	Abstained   bool     `json:"abstained"`
	Composed    bool     `json:"composed"`
	Cited       int      `json:"cited"`        // documents
	CitedRight  int      `json:"cited_right"`  // of them, expected ones
	Facts       int      `json:"facts"`        // expected
	FactsStated int      `json:"facts_stated"` // of them
	Numbers     int      `json:"numbers"`
	Ungrounded  []string `json:"ungrounded,omitempty"`
	Withheld    int      `json:"withheld"`
	TookMS      float64  `json:"took_ms"`
	Why         []string `json:"why,omitempty"` // what went wrong
}

// Answerer answers a question.
type Answerer interface {
	Answer(ctx context.Context, q knowledge.Question, st knowledge.Stream) (knowledge.Answer, error)
}

// Run says how answers are measured. Only Text is required.
type Run struct {
	// Text gives a document's full text by id, for the check of numbers, which is made anew here and shares nothing
	// with the one that answers went through.
	Text func(id string) string
	// Prepare, if set, adds what the caller of the knowledge base adds to a question: facts, tools. figures returns,
	// once the question is answered, all texts that were computed for it.
	Prepare func(ctx context.Context, q knowledge.Question) (asked knowledge.Question, figures func() []string)
	// Done, if set, hears of each question as it is judged; an error ends the run.
	Done func(Judged) error
}

// Answer measures the answers to qs; text is [Run.Text].
func Answer(ctx context.Context, a Answerer, qs []corpus.Question, text func(id string) string) (Answers, error) {
	all, err := Run{Text: text}.Judge(ctx, a, qs)
	return Sum(all), err
}

// Judge asks each question and judges its answer.
func (r Run) Judge(ctx context.Context, a Answerer, qs []corpus.Question) ([]Judged, error) {
	var out []Judged
	for _, q := range qs {
		asked, figures := Ask(q), func() []string { return nil }
		if r.Prepare != nil {
			asked, figures = r.Prepare(ctx, asked)
		}
		got, err := a.Answer(ctx, asked, nil)
		if err != nil {
			return out, fmt.Errorf("evaluate: %s: %w", q.ID, err)
		}
		j := r.judge(q, got, figures())
		out = append(out, j)
		if r.Done == nil {
			continue
		}
		if err := r.Done(j); err != nil {
			return out, err
		}
	}
	return out, nil
}

var reNumber = regexp.MustCompile(`\d+(?:,\d{3})*(?:\.\d+)?`)
var reMarker = regexp.MustCompile(`\[\d+(?:,\s*\d+)*\]`)

func (r Run) judge(q corpus.Question, got knowledge.Answer, figures []string) Judged {
	j := Judged{ID: q.ID, Kind: q.Kind, Question: q.Text, Answer: got.Text, Answerable: q.Answerable(), Abstained: got.Abstained,
		Composed: got.Composed && !got.Abstained, Withheld: got.Withheld, Facts: len(q.Facts), TookMS: float64(got.Took) / float64(time.Millisecond)}
	if got.Abstained {
		if j.Answerable {
			j.Why = append(j.Why, "declined")
		}
		return j
	}
	if !j.Answerable {
		j.Why = append(j.Why, "answered without a source")
	}
	j.judgeSources(q, got)
	j.judgeNumbers(got, r.Text, figures)
	for _, f := range q.Facts {
		if states(got.Text, f) {
			j.FactsStated++
		} else {
			j.Why = append(j.Why, "does not state "+f)
		}
	}
	return j
}

func (j *Judged) judgeSources(q corpus.Question, got knowledge.Answer) {
	for _, x := range got.Citations {
		j.Cited++
		if slices.Contains(q.Sources, x.Document) {
			j.CitedRight++
		}
	}
	if j.Answerable && j.CitedRight == 0 {
		j.Why = append(j.Why, "cites none of "+strings.Join(q.Sources, ", "))
	}
}

// judgeNumbers looks for every number of the answer in the documents that it cites and in what was computed. A number
// counts as the run of digits that it is, so that nothing longer passes for it.
func (j *Judged) judgeNumbers(got knowledge.Answer, text func(string) string, figures []string) {
	held := map[string]bool{}
	hold := func(s string) {
		for _, n := range reNumber.FindAllString(s, -1) {
			held[n] = true
		}
	}
	for _, x := range got.Citations {
		hold(text(x.Document))
		hold(x.Date)
	}
	for _, f := range figures {
		hold(f)
	}
	for _, n := range reNumber.FindAllString(reMarker.ReplaceAllString(got.Text, " "), -1) {
		j.Numbers++
		if !held[n] {
			j.Ungrounded = append(j.Ungrounded, n)
			j.Why = append(j.Why, "ungrounded "+n)
		}
	}
}

// Sum adds up what was judged.
func Sum(all []Judged) Answers {
	r := Answers{Questions: len(all)}
	var declined, rightlyDeclined, cites, rightCites, citing, facts, stated int
	var took []time.Duration
	for _, j := range all {
		took = append(took, time.Duration(j.TookMS*float64(time.Millisecond)))
		declined += one(j.Abstained)
		rightlyDeclined += one(j.Abstained && !j.Answerable)
		r.Answerable += one(j.Answerable)
		r.Composed += one(j.Composed)
		r.Numbers += j.Numbers
		r.Ungrounded += len(j.Ungrounded)
		r.Withheld += j.Withheld
		if j.Answerable {
			cites, rightCites, citing = cites+j.Cited, rightCites+j.CitedRight, citing+one(j.CitedRight > 0)
			facts, stated = facts+j.Facts, stated+j.FactsStated
		}
		for _, why := range j.Why {
			r.Misses = append(r.Misses, Miss{j.ID, j.Question, why, j.Answer})
		}
	}
	r.AbstentionPrecision = share(rightlyDeclined, declined)
	r.AbstentionRecall = share(rightlyDeclined, r.Questions-r.Answerable)
	r.CitationPrecision = share(rightCites, cites)
	r.CitationRecall = share(citing, r.Answerable)
	r.Facts = share(stated, facts)
	r.P50ms, r.P95ms = quantile(took, 0.5), quantile(took, 0.95)
	return r
}

func one(b bool) int {
	if b {
		return 1
	}
	return 0
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
