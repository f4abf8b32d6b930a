package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"text/tabwriter"
	"time"

	"github.com/llmadvise/llmadvise/bot"
	"github.com/llmadvise/llmadvise/corpus"
	"github.com/llmadvise/llmadvise/knowledge"
	"github.com/llmadvise/llmadvise/knowledge/embed"
	"github.com/llmadvise/llmadvise/knowledge/evaluate"
	"github.com/llmadvise/llmadvise/knowledge/index"
	"github.com/llmadvise/llmadvise/knowledge/ollama"
)

// evalAnswersCmd measures the knowledge base on the built-in evaluation sets, over the built-in documents alone.
type evalAnswersCmd struct {
	ollamaFlags
	Set       string        `help:"Questions: ${enum}. Nothing is fitted on those held out." enum:"builtin,calibration,heldout,all" default:"builtin"`
	Embedder  string        `help:"Embeddings: ${enum}; both are compared side by side, and answers rest on the last." enum:"static,ollama,both" default:"static"`
	Generate  bool          `help:"Let the local model write the answers; minutes to hours. Without it they are composed."`
	MaxTokens int           `help:"Longest answer of the model, in tokens (0: as in service)." placeholder:"N"`
	Patience  time.Duration `help:"Longest wait for one answer of the model (0: as in service)." placeholder:"TIME"`
	Only      []string      `help:"Ask only these, by id." placeholder:"ID"`
	Limit     int           `help:"Ask only the first N questions of each kind." placeholder:"N"`
	Journal   string        `help:"Write each judged answer to FILE, and do not ask again what it holds from the same models." type:"path" placeholder:"FILE"`
	Replies   string        `help:"Keep the model's replies in FILE, and take from it what was asked of the same model before: after a change of the checks, minutes become seconds. Delete it when the model changes under its name." type:"path" placeholder:"FILE"`
	NoSearch  bool          `help:"Leave the comparison of retrieval out, and measure answers alone."`
	Misses    bool          `help:"List what went wrong."`
	JSON      bool          `help:"Machine-readable output."`
}

// modeIndex is an index that searches with chosen legs.
type modeIndex struct {
	*index.Index
	mode index.Mode
}

func (m modeIndex) Search(ctx context.Context, q string, k int, s knowledge.Scope) ([]knowledge.Passage, error) {
	return m.SearchMode(ctx, q, k, s, m.mode)
}

// foundBy is how well one embedder finds, by each leg.
type foundBy struct {
	Embedder string                            `json:"embedder"`
	Modes    map[index.Mode]evaluate.Retrieval `json:"retrieval"`
}

func (c *evalAnswersCmd) Run(ctx context.Context, a *app) error {
	qs, err := c.questions()
	if err != nil {
		return err
	}
	embs, gen, err := c.models(ctx, a)
	if err != nil {
		return err
	}
	var found []foundBy
	var ix *index.Index
	for _, emb := range embs {
		if ix, err = corpusIndex(ctx, a, emb); err != nil {
			return err
		}
		defer ix.Close()
		if c.NoSearch {
			continue
		}
		f, err := findByLegs(ctx, a, ix, emb, qs)
		if err != nil {
			return err
		}
		found = append(found, f)
	}
	emb := embs[len(embs)-1]
	base := knowledge.New(a.log, ix, gen, knowledge.Options{Embedder: sentenceJudge(emb), MaxTokens: c.MaxTokens, Timeout: c.Patience})
	judged, err := c.judge(ctx, a, base, gen, qs, c.runName(emb, gen))
	if err != nil {
		return err
	}
	answers := evaluate.Sum(judged)
	if !c.Misses {
		answers.Misses = nil
	}
	if c.JSON {
		return writeJSON(a.stdout, map[string]any{"schema_version": 2, "set": c.Set, "embedders": found, "answers": answers})
	}
	return c.print(a, found, answers)
}

func (c *evalAnswersCmd) questions() ([]corpus.Question, error) {
	var qs []corpus.Question
	for set, read := range map[string]func() ([]corpus.Question, error){"builtin": corpus.Questions, "calibration": corpus.Calibration, "heldout": corpus.HeldOut} {
		if c.Set != set && c.Set != "all" {
			continue
		}
		more, err := read()
		if err != nil {
			return nil, err
		}
		qs = append(qs, more...)
	}
	// By the last digit first, so that a run that was cut off has asked some of each kind.
	slices.SortStableFunc(qs, func(a, b corpus.Question) int { return strings.Compare(reversed(a.ID), reversed(b.ID)) })
	if len(c.Only) > 0 {
		for _, id := range c.Only {
			if !slices.ContainsFunc(qs, func(q corpus.Question) bool { return q.ID == id }) {
				return nil, usagef("--only: no question of the set %s has the id %q; the first are %s", c.Set, id, strings.Join(idsOf(qs, 3), ", "))
			}
		}
		qs = slices.DeleteFunc(qs, func(q corpus.Question) bool { return !slices.Contains(c.Only, q.ID) })
	}
	return firstOfEachKind(qs, c.Limit), nil
}

// idsOf are the ids of the first n questions in their own order.
func idsOf(qs []corpus.Question, n int) []string {
	var out []string
	for _, q := range qs {
		out = append(out, q.ID)
	}
	slices.Sort(out)
	return out[:min(n, len(out))]
}

func reversed(s string) string {
	b := []byte(s)
	slices.Reverse(b)
	return string(b)
}

// corpusIndex is an index in memory of the built-in documents alone.
func corpusIndex(ctx context.Context, a *app, emb knowledge.Embedder) (*index.Index, error) {
	ix, err := index.Open(ctx, a.log, "", emb, index.Options{CacheQueries: -1})
	if err != nil {
		return nil, err
	}
	if err := syncCorpus(ctx, ix); err != nil {
		ix.Close()
		return nil, err
	}
	return ix, nil
}

func findByLegs(ctx context.Context, a *app, ix *index.Index, emb knowledge.Embedder, qs []corpus.Question) (foundBy, error) {
	f := foundBy{Embedder: emb.Model(), Modes: make(map[index.Mode]evaluate.Retrieval)}
	for _, mode := range retrievalModes {
		r, err := evaluate.Find(ctx, knowledge.New(a.log, modeIndex{ix, mode}, nil, knowledge.Options{}), qs)
		if err != nil {
			return f, err
		}
		f.Modes[mode] = r
	}
	return f, nil
}

// runName tells runs apart whose answers may differ.
func (c *evalAnswersCmd) runName(emb knowledge.Embedder, gen knowledge.Generator) string {
	model, _, _ := strings.Cut(emb.Model(), "@") // the digest of a model made anew from one file is another one
	name := version + " " + model
	if gen != nil {
		name += fmt.Sprintf(" %s %d", gen.Model(), c.MaxTokens)
	}
	return name
}

// judge asks what the journal does not hold yet, the way `ask` does: with the engine's figures and the engine as a tool.
func (c *evalAnswersCmd) judge(ctx context.Context, a *app, base *knowledge.Base, gen knowledge.Generator, qs []corpus.Question, run string) ([]evaluate.Judged, error) {
	j, err := openEvalJournal(c.Journal, run)
	if err != nil {
		return nil, err
	}
	defer j.close()
	var out []evaluate.Judged
	var todo []corpus.Question
	for _, q := range qs {
		if done, ok := j.done[q.ID]; ok {
			out = append(out, done)
			continue
		}
		todo = append(todo, q)
	}
	bar := newProgress(a.stderr, "answers", len(qs))
	defer bar.end()
	bar.add(len(out))
	fresh, err := evaluate.Run{Text: builtinText, Prepare: prepare, Done: func(one evaluate.Judged) error {
		if err := away(gen); err != nil {
			return fmt.Errorf("%s was not answered by the model: %w", one.ID, err)
		}
		bar.add(1)
		return j.write(one)
	}}.Judge(ctx, base, todo)
	return append(out, fresh...), err
}

// prepare adds the engine to a question, as `ask` does, and remembers what it computed.
func prepare(ctx context.Context, q knowledge.Question) (knowledge.Question, func() []string) {
	e := newEngine()
	q.Facts = computedFacts(ctx, e, q.Text)
	kept := &keepsFacts{Tool: bot.AdviseTool(e)}
	q.Tools = []knowledge.Tool{kept}
	return q, func() []string {
		var out []string
		for _, f := range append(slices.Clone(q.Facts), kept.all()...) {
			out = append(out, f.Text)
		}
		return out
	}
}

// keepsFacts is a tool that remembers what it gave.
type keepsFacts struct {
	knowledge.Tool
	mu    sync.Mutex
	facts []knowledge.Fact
}

func (k *keepsFacts) Call(ctx context.Context, args []byte) ([]knowledge.Fact, error) {
	fs, err := k.Tool.Call(ctx, args)
	k.mu.Lock()
	defer k.mu.Unlock()
	k.facts = append(k.facts, fs...)
	return fs, err
}

func (k *keepsFacts) all() []knowledge.Fact {
	k.mu.Lock()
	defer k.mu.Unlock()
	return slices.Clone(k.facts)
}

func (c *evalAnswersCmd) models(ctx context.Context, a *app) ([]knowledge.Embedder, knowledge.Generator, error) {
	static, err := embed.Default()
	if err != nil || c.Embedder == "static" && !c.Generate {
		return []knowledge.Embedder{static}, nil, err
	}
	client, err := c.client(a.log)
	if err != nil {
		return nil, nil, usageError{err}
	}
	var embs []knowledge.Embedder
	if c.Embedder != "ollama" {
		embs = append(embs, static)
	}
	if c.Embedder != "static" {
		emb, err := client.Embedder(ctx)
		if err != nil {
			return nil, nil, err
		}
		embs = append(embs, emb)
	}
	if !c.Generate {
		return embs, nil, nil
	}
	gen, err := replay(client.Generator(), c.Replies)
	if err != nil {
		return nil, nil, err
	}
	return embs, &unfailing{Generator: gen}, gen.Available(ctx)
}

// unfailing remembers that a model's server was away: answers are then composed in its place, and would be counted as
// the model's.
type unfailing struct {
	knowledge.Generator
	err error
}

func (u *unfailing) Available(ctx context.Context) error {
	err := u.Generator.Available(ctx)
	u.err = errors.Join(u.err, err)
	return err
}

func (u *unfailing) Generate(ctx context.Context, req knowledge.GenerateRequest, emit func(knowledge.Piece) error) error {
	err := u.Generator.Generate(ctx, req, emit)
	if errors.Is(err, ollama.ErrUnavailable) || errors.Is(err, context.DeadlineExceeded) {
		u.err = errors.Join(u.err, err)
	}
	return err
}

// away is the error of a model that was away, nil for one that answered and for none.
func away(gen knowledge.Generator) error {
	if u, ok := gen.(*unfailing); ok {
		return u.err
	}
	return nil
}

// firstOfEachKind returns the first n questions of each kind, all for n = 0.
func firstOfEachKind(qs []corpus.Question, n int) []corpus.Question {
	if n <= 0 {
		return qs
	}
	seen := make(map[string]int)
	return slices.DeleteFunc(qs, func(q corpus.Question) bool {
		seen[q.Kind]++
		return seen[q.Kind] > n
	})
}

// builtinText returns the text of a built-in document by its id.
func builtinText(id string) string {
	data, err := fs.ReadFile(corpus.Docs(), strings.TrimPrefix(id, "corpus/")+".md")
	if err != nil {
		return ""
	}
	return string(data)
}

func (c *evalAnswersCmd) print(a *app, found []foundBy, r evaluate.Answers) error {
	w := tabwriter.NewWriter(a.stdout, 0, 4, 2, ' ', 0)
	if len(found) > 0 {
		fmt.Fprint(w, "retrieval\tembeddings\trecall@1\trecall@3\trecall@5\trecall@10\tMRR@10\tnDCG@10\tp50 ms\tp99 ms\n")
	}
	for _, by := range found {
		for _, mode := range retrievalModes {
			f := by.Modes[mode]
			fmt.Fprintf(w, "%s\t%s\t%.3f\t%.3f\t%.3f\t%.3f\t%.3f\t%.3f\t%.1f\t%.1f\n", mode, by.Embedder, f.Recall1, f.Recall3, f.Recall5, f.Recall10, f.MRR10, f.NDCG10, f.P50ms, f.P99ms)
		}
	}
	if len(found) > 0 {
		fmt.Fprintln(w)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	fmt.Fprintf(a.stdout, "Answers: %d questions, %d of them with an answer in the documents\n", r.Questions, r.Answerable)
	fmt.Fprintf(a.stdout, "  abstention   precision %.3f, recall %.3f\n", r.AbstentionPrecision, r.AbstentionRecall)
	fmt.Fprintf(a.stdout, "  citations    precision %.3f, recall %.3f\n", r.CitationPrecision, r.CitationRecall)
	fmt.Fprintf(a.stdout, "  facts        %.3f of those expected are stated\n", r.Facts)
	fmt.Fprintf(a.stdout, "  numbers      %d, ungrounded %d\n", r.Numbers, r.Ungrounded)
	fmt.Fprintf(a.stdout, "  withheld     %d sentences; %d answers composed\n", r.Withheld, r.Composed)
	fmt.Fprintf(a.stdout, "  latency      p50 %.0f ms, p95 %.0f ms\n", r.P50ms, r.P95ms)
	for _, m := range r.Misses {
		fmt.Fprintf(a.stdout, "\n%s %s\n  %s\n  %s\n", m.ID, m.Question, m.Why, m.Answer)
	}
	return nil
}
