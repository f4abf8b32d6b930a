package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"slices"
	"time"

	"github.com/llmadvise/llmadvise/knowledge"
	"github.com/llmadvise/llmadvise/knowledge/beir"
	"github.com/llmadvise/llmadvise/knowledge/embed"
	"github.com/llmadvise/llmadvise/knowledge/index"
)

// evalRetrievalCmd scores retrieval on any test set in BEIR's form.
type evalRetrievalCmd struct {
	ollamaFlags
	Corpus   string `help:"corpus.jsonl: _id, title, text." required:"" type:"path" placeholder:"FILE"`
	Queries  string `help:"queries.jsonl: _id, text." required:"" type:"path" placeholder:"FILE"`
	Qrels    string `help:"qrels.tsv: query, document, grade." required:"" type:"path" placeholder:"FILE"`
	Embedder string `help:"Embeddings: ${enum}." enum:"static,ollama" default:"static"`
	Limit    int    `help:"Ask only the first N judged queries." placeholder:"N"`
	JSON     bool   `help:"Machine-readable output."`
}

// retrievalScore is one leg's line.
type retrievalScore struct {
	NDCG10    float64 `json:"ndcg_at_10"`
	Recall5   float64 `json:"recall_at_5"`
	Recall100 float64 `json:"recall_at_100"`
	MRR10     float64 `json:"mrr_at_10"`
	P50ms     float64 `json:"p50_ms"`
	P99ms     float64 `json:"p99_ms"`
}

func (c *evalRetrievalCmd) Run(ctx context.Context, a *app) error {
	docs, err := readFile(c.Corpus, beir.ReadDocs)
	if err != nil {
		return err
	}
	queries, err := readFile(c.Queries, beir.ReadQueries)
	if err != nil {
		return err
	}
	qrels, err := readFile(c.Qrels, beir.ReadQrels)
	if err != nil {
		return err
	}
	queries = judged(queries, qrels)
	if len(queries) == 0 {
		return usagef("no query of the set has a judged document: are queries and qrels of the same set?")
	}
	if c.Limit > 0 {
		queries = queries[:min(c.Limit, len(queries))]
	}
	emb, err := c.embedder(ctx, a.log)
	if err != nil {
		return err
	}
	ix, err := index.Open(ctx, a.log, "", emb, index.Options{CacheQueries: -1})
	if err != nil {
		return err
	}
	defer ix.Close()
	if _, err := ix.Sync(ctx, "eval", "", beirDocs(docs), nil); err != nil {
		return err
	}
	rankings, err := c.rankings(a.log, ix)
	if err != nil {
		return err
	}
	scores := map[string]retrievalScore{}
	for _, r := range rankings {
		if scores[r.name], err = scoreRanking(ctx, r.index, queries, qrels); err != nil {
			return err
		}
	}
	if c.JSON {
		out := map[string]any{"schema_version": 1, "embedder": emb.Model(), "documents": len(docs), "queries": len(queries)}
		for name, s := range scores {
			out[name] = s
		}
		return writeJSON(a.stdout, out)
	}
	fmt.Fprintf(a.stdout, "%d documents, %d queries, embeddings %s\n%-8s %9s %9s %11s %8s %8s %8s\n", len(docs), len(queries), emb.Model(), "", "nDCG@10", "recall@5", "recall@100", "MRR@10", "p50 ms", "p99 ms")
	for _, r := range rankings {
		s := scores[r.name]
		fmt.Fprintf(a.stdout, "%-8s %9.3f %9.3f %11.3f %8.3f %8.2f %8.2f\n", r.name, s.NDCG10, s.Recall5, s.Recall100, s.MRR10, s.P50ms, s.P99ms)
	}
	return nil
}

var retrievalModes = []index.Mode{index.BM25, index.Dense, index.Hybrid}

// ranking is one way to search, under the name that the report gives it.
type ranking struct {
	name  string
	index knowledge.Index
}

// rankings are the legs, their sum and, with --rerank, the sum in the chat model's order, however long that takes.
func (c *evalRetrievalCmd) rankings(log *slog.Logger, ix *index.Index) ([]ranking, error) {
	var out []ranking
	for _, m := range retrievalModes {
		out = append(out, ranking{string(m), modeIndex{ix, m}})
	}
	if !c.Rerank {
		return out, nil
	}
	client, err := c.client(log)
	if err != nil {
		return nil, usageError{err}
	}
	return append(out, ranking{"reranked", knowledge.NewReranked(log, ix, client.Generator(), 10*time.Minute)}), nil
}

func (c *evalRetrievalCmd) embedder(ctx context.Context, log *slog.Logger) (knowledge.Embedder, error) {
	if c.Embedder == "static" {
		return embed.Default()
	}
	client, err := c.client(log)
	if err != nil {
		return nil, usageError{err}
	}
	return client.Embedder(ctx)
}

func readFile[T any](name string, read func(io.Reader) (T, error)) (T, error) {
	var zero T
	f, err := os.Open(name)
	if err != nil {
		return zero, usageError{err}
	}
	defer f.Close()
	v, err := read(f)
	if err != nil {
		return zero, fmt.Errorf("%s: %w", name, err)
	}
	return v, nil
}

func judged(queries []beir.Query, qrels beir.Qrels) []beir.Query {
	return slices.DeleteFunc(slices.Clone(queries), func(q beir.Query) bool { return len(qrels[q.ID]) == 0 })
}

// scoreRanking ranks 100 documents for each query.
func scoreRanking(ctx context.Context, ix knowledge.Index, queries []beir.Query, qrels beir.Qrels) (retrievalScore, error) {
	var s retrievalScore
	took := make([]time.Duration, 0, len(queries))
	n := float64(len(queries))
	for _, q := range queries {
		start := time.Now()
		ps, err := ix.Search(ctx, q.Text, 100, knowledge.Scope{})
		if err != nil {
			return s, err
		}
		took = append(took, time.Since(start))
		grades := qrels[q.ID]
		ranked := rankedDocs(ps, q.ID, grades)
		s.NDCG10 += beir.NDCG(ranked, grades, 10) / n
		s.Recall5 += beir.Recall(ranked, grades, 5) / n
		s.Recall100 += beir.Recall(ranked, grades, 100) / n
		s.MRR10 += beir.RR(ranked, grades, 10) / n
	}
	slices.Sort(took)
	s.P50ms = float64(took[len(took)/2].Microseconds()) / 1000
	s.P99ms = float64(took[len(took)*99/100].Microseconds()) / 1000
	return s, nil
}

// rankedDocs names the documents found. In sets whose queries are themselves documents, a query does not find itself;
// BEIR leaves it out too.
func rankedDocs(ps []knowledge.Passage, query string, grades map[string]int) []string {
	ranked := make([]string, 0, len(ps))
	for _, p := range ps {
		if p.Document != query || grades[query] > 0 {
			ranked = append(ranked, p.Document)
		}
	}
	return ranked
}

// beirDocs makes each document one passage.
func beirDocs(docs []beir.Doc) func(func(knowledge.Document, error) bool) {
	return func(yield func(knowledge.Document, error) bool) {
		for _, d := range docs {
			doc := knowledge.Document{ID: d.ID, Title: d.Title, Chunks: []knowledge.Chunk{{ID: d.ID, Text: d.Text}}}
			if !yield(doc, nil) {
				return
			}
		}
	}
}
