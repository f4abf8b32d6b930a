package main

import (
	"context"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/llmadvise/llmadvise/corpus"
	"github.com/llmadvise/llmadvise/knowledge"
	"github.com/llmadvise/llmadvise/knowledge/embed"
	"github.com/llmadvise/llmadvise/knowledge/evaluate"
	"github.com/llmadvise/llmadvise/knowledge/index"
)

// evalAnswersCmd measures the knowledge base on the built-in evaluation set, over the built-in documents alone.
type evalAnswersCmd struct {
	ollamaFlags
	Embedder string `help:"Embeddings: ${enum}." enum:"static,ollama" default:"static"`
	Generate bool   `help:"Let the local model write the answers; minutes to hours. Without it they are composed."`
	Limit    int    `help:"Ask only the first N questions of each kind." placeholder:"N"`
	Misses   bool   `help:"List what went wrong."`
	JSON     bool   `help:"Machine-readable output."`
}

// modeIndex is an index that searches with chosen legs.
type modeIndex struct {
	*index.Index
	mode index.Mode
}

func (m modeIndex) Search(ctx context.Context, q string, k int, s knowledge.Scope) ([]knowledge.Passage, error) {
	return m.SearchMode(ctx, q, k, s, m.mode)
}

func (c *evalAnswersCmd) Run(ctx context.Context, a *app) error {
	qs, err := corpus.Questions()
	if err != nil {
		return err
	}
	qs = firstOfEachKind(qs, c.Limit)
	emb, gen, err := c.models(ctx, a)
	if err != nil {
		return err
	}
	ix, err := index.Open(ctx, a.log, "", emb, index.Options{CacheQueries: -1})
	if err != nil {
		return err
	}
	defer ix.Close()
	if err := syncCorpus(ctx, ix); err != nil {
		return err
	}
	opts := knowledge.Options{Embedder: sentenceJudge(emb)}
	found := make(map[index.Mode]evaluate.Retrieval)
	for _, mode := range []index.Mode{index.BM25, index.Dense, index.Hybrid} {
		if found[mode], err = evaluate.Find(ctx, knowledge.New(a.log, modeIndex{ix, mode}, nil, opts), qs); err != nil {
			return err
		}
	}
	answers, err := evaluate.Answer(ctx, knowledge.New(a.log, ix, gen, opts), qs, builtinText)
	if err != nil {
		return err
	}
	if !c.Misses {
		answers.Misses = nil
	}
	if c.JSON {
		return writeJSON(a.stdout, map[string]any{"schema_version": 1, "embedder": emb.Model(), "retrieval": found, "answers": answers})
	}
	return c.print(a, emb.Model(), found, answers)
}

func (c *evalAnswersCmd) models(ctx context.Context, a *app) (knowledge.Embedder, knowledge.Generator, error) {
	static, err := embed.Default()
	if err != nil || c.Embedder == "static" && !c.Generate {
		return static, nil, err
	}
	client, err := c.client(a.log)
	if err != nil {
		return nil, nil, usageError{err}
	}
	var emb knowledge.Embedder = static
	if c.Embedder == "ollama" {
		if emb, err = client.Embedder(ctx); err != nil {
			return nil, nil, err
		}
	}
	if !c.Generate {
		return emb, nil, nil
	}
	return emb, client.Generator(), client.Generator().Available(ctx)
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

func (c *evalAnswersCmd) print(a *app, model string, found map[index.Mode]evaluate.Retrieval, r evaluate.Answers) error {
	w := tabwriter.NewWriter(a.stdout, 0, 4, 2, ' ', 0)
	fmt.Fprintf(w, "Retrieval, %s\trecall@1\trecall@5\tMRR@10\tnDCG@10\tp50 ms\tp99 ms\n", model)
	for _, mode := range slices.Sorted(maps.Keys(found)) {
		f := found[mode]
		fmt.Fprintf(w, "%s\t%.3f\t%.3f\t%.3f\t%.3f\t%.1f\t%.1f\n", mode, f.Recall1, f.Recall5, f.MRR10, f.NDCG10, f.P50ms, f.P99ms)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	fmt.Fprintf(a.stdout, "\nAnswers: %d questions, %d of them with an answer in the documents\n", r.Questions, r.Answerable)
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
