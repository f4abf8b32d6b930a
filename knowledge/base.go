package knowledge

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/llmadvise/llmadvise/knowledge/ground"
)

// Options tune a Base. The zero value works.
type Options struct {
	Passages    int           // passages given to the answer; 0 is 6
	Timeout     time.Duration // of one generation, from leaving the queue to the last word; 0 is 90 s
	Concurrency int           // generations at a time; 0 is 1
	QueueLimit  int           // questions that may wait for a generation; 0 is 32
	MaxTokens   int           // of a generated answer; 0 is 400
	Embedder    Embedder      // judges single sentences by meaning; nil judges by words alone
	Topics      []string      // what the documents cover, named when a question is declined; nil takes the nearest titles
}

func (o Options) withDefaults() Options {
	set := func(p *int, v int) {
		if *p <= 0 {
			*p = v
		}
	}
	set(&o.Passages, 6)
	set(&o.Concurrency, 1)
	set(&o.QueueLimit, 32)
	set(&o.MaxTokens, 400)
	if o.Timeout <= 0 {
		o.Timeout = 90 * time.Second
	}
	return o
}

// Base is the knowledge base. It is safe for concurrent use.
type Base struct {
	log       *slog.Logger
	index     Index
	gen       Generator
	opts      Options
	queue     *queue
	elsewhere *elsewhere
}

// New returns a knowledge base over index. gen may be nil: answers are then composed from the passages.
func New(log *slog.Logger, index Index, gen Generator, opts Options) *Base {
	o := opts.withDefaults()
	return &Base{log: log, index: index, gen: gen, opts: o, queue: newQueue(o.Concurrency, o.QueueLimit), elsewhere: &elsewhere{emb: o.Embedder}}
}

// maxQuestion bounds a question, in bytes: what is longer is cut, since retrieval gains nothing from it.
const maxQuestion = 4000

// Retrieve returns the passages for q, best first, at most k. The result is empty where no passage bears on the question.
func (b *Base) Retrieve(ctx context.Context, q Question, k int) ([]Passage, error) {
	q = bounded(q)
	ps, ev, err := b.find(ctx, standalone(q), followUp(q), q.Scope, k)
	if err != nil || ev < evidenceEnough {
		return nil, err
	}
	return ps, nil
}

// Search returns the k passages nearest to q whatever their evidence, and the evidence that they bear on it. It is for
// evaluations; [Base.Retrieve] is what answers use.
func (b *Base) Search(ctx context.Context, q Question, k int) ([]Passage, Evidence, error) {
	q = bounded(q)
	return b.find(ctx, standalone(q), followUp(q), q.Scope, k)
}

// Answer answers q and streams what it shows to st, which may be nil. Every sentence was checked before st sees it. An
// answer without evidence has Abstained set; it is no error. Errors are those of the index, of st, and of ctx.
func (b *Base) Answer(ctx context.Context, q Question, st Stream) (Answer, error) {
	start := time.Now()
	if st == nil {
		st = nowhere{}
	}
	q = bounded(q)
	a, err := b.answer(ctx, q, st)
	a.Took = time.Since(start)
	b.log.Info("answered", "abstained", a.Abstained, "composed", a.Composed, "model", a.Model, "citations", len(a.Citations),
		"withheld", a.Withheld, "took", a.Took, "failed", err != nil)
	return a, err
}

func (b *Base) answer(ctx context.Context, q Question, st Stream) (Answer, error) {
	useModel := b.modelReady(ctx)
	alone := standalone(q)
	if useModel {
		alone = b.rewrite(ctx, q, alone)
	}
	ps, ev, err := b.find(ctx, alone, followUp(q), q.Scope, 2*b.opts.Passages)
	if err != nil {
		return Answer{}, fmt.Errorf("knowledge: search: %w", err)
	}
	q.Facts = relevantFacts(alone, q.Facts)
	if ev < evidenceEnough && len(q.Facts) == 0 {
		a := b.decline(ps)
		a.Rewritten = alone
		return a, st.Append(ctx, a.Text)
	}
	if ev < evidenceEnough {
		ps = nil // the facts alone answer
	}
	job := answering{base: b, q: q, question: alone, passages: b.keep(ps), evidence: ev, st: st}
	var a Answer
	if useModel {
		a, err = job.generate(ctx)
	} else {
		a, err = job.compose(ctx)
	}
	a.Rewritten = alone
	return a, err
}

// modelReady reports whether a model answers now. Why not is for the operator; the answer itself says that it is
// composed.
func (b *Base) modelReady(ctx context.Context) bool {
	if b.gen == nil {
		return false
	}
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	if err := b.gen.Available(ctx); err != nil {
		b.log.Warn("the model does not answer; composing", "model", b.gen.Model(), "err", err)
		return false
	}
	return true
}

// rankDepth is how many passages are put in order by what they say.
const rankDepth = 24

// find searches for question and, where it asks several things, for each of them, and weighs the evidence. What a
// follow-up says itself is searched for too: beside all that it takes over from the thread it would go under.
func (b *Base) find(ctx context.Context, question, follow string, scope Scope, k int) ([]Passage, Evidence, error) {
	asked := parts(question)
	if len(asked) > 1 {
		asked = append([]string{question}, asked...)
	}
	questions := asked
	if follow != "" {
		questions = append(slices.Clone(asked), follow)
	}
	lists := make([][]Passage, len(questions))
	for i, part := range questions {
		ps, err := b.index.Search(ctx, part, max(k, rankDepth), scope)
		if err != nil {
			return nil, 0, err
		}
		ps = b.rank(ctx, part, ps)
		lists[i] = ps[:min(k, len(ps))]
	}
	ps := interleave(lists, k)
	ev := b.evidence(ctx, question, ps)
	for i, part := range asked[1:] {
		if e := b.evidence(ctx, part, lists[i+1]); len(asked) > 1 && e < ev && e < evidenceEnough/2 {
			ev = (ev + e) / 2 // half a question without a source is half an answer
		}
	}
	return ps, ev, nil
}

// interleave merges ranked lists, best of each in turn, each passage once, at most k.
func interleave(lists [][]Passage, k int) []Passage {
	seen := make(map[string]bool)
	var out []Passage
	for rank := 0; ; rank++ {
		any := false
		for _, l := range lists {
			if rank >= len(l) {
				continue
			}
			any = true
			if p := l[rank]; !seen[p.ID] && len(out) < k {
				seen[p.ID] = true
				out = append(out, p)
			}
		}
		if !any || len(out) >= k {
			return out
		}
	}
}

// keep returns the passages worth reading: those that bear on the question beside the best one.
func (b *Base) keep(ps []Passage) []Passage {
	var out []Passage
	for i, p := range ps {
		if (i < 2 || bears(p, ps[0])) && len(out) < b.opts.Passages {
			out = append(out, p)
		}
	}
	return out
}

// fallbackTopics are named when a question is declined and nothing near it is known.
var fallbackTopics = []string{"what an API costs beside self-hosting", "HIPAA and GDPR for language models"}

// decline says in one line that the documents hold no answer, and names two things that they do hold.
func (b *Base) decline(near []Passage) Answer {
	topics := b.opts.Topics
	if len(topics) < 2 {
		topics = nil
		for _, p := range near {
			if p.Title != "" && p.Coverage > 0.3 && !hasString(topics, p.Title) && len(topics) < 2 {
				topics = append(topics, p.Title)
			}
		}
	}
	for _, t := range fallbackTopics {
		if len(topics) < 2 {
			topics = append(topics, t)
		}
	}
	return Answer{
		Text:      fmt.Sprintf("I don't know: the knowledge base holds nothing on that. It does cover %s, and %s.", quoteTopic(topics[0]), quoteTopic(topics[1])),
		Abstained: true, Composed: true, Suggest: topics[:2],
	}
}

func quoteTopic(t string) string {
	t, _ = ground.Clean(t, nil)
	return "“" + strings.TrimSpace(t) + "”"
}

func hasString(list []string, s string) bool {
	for _, l := range list {
		if l == s {
			return true
		}
	}
	return false
}

// bounded cuts what is too long and takes out what no question holds: control and direction characters.
func bounded(q Question) Question {
	q.Text = boundedText(q.Text)
	if len(q.History) > 12 {
		q.History = q.History[len(q.History)-12:]
	}
	h := make([]Turn, len(q.History))
	for i, t := range q.History {
		h[i] = Turn{FromBot: t.FromBot, Text: boundedText(t.Text)}
	}
	q.History = h
	return q
}

func boundedText(s string) string {
	if len(s) > maxQuestion {
		s = strings.ToValidUTF8(s[:maxQuestion], "")
	}
	s, _ = ground.Clean(s, nil)
	return s
}

// nowhere is a Stream that nobody reads.
type nowhere struct{}

func (nowhere) Status(context.Context, string) error { return nil }
func (nowhere) Append(context.Context, string) error { return nil }

var errEnough = errors.New("knowledge: enough was withheld to stop the model")
