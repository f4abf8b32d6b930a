package index

import (
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/llmadvise/llmadvise/knowledge"
	"github.com/llmadvise/llmadvise/knowledge/beir"
)

// sharedFile finds a file of the shared test data, or skips.
func sharedFile(t *testing.T, name string) *os.File {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	roots := []string{os.Getenv("LLMADVISE_SHARED")}
	for d := dir; d != filepath.Dir(d); d = filepath.Dir(d) {
		roots = append(roots, filepath.Join(d, "shared"))
	}
	for _, r := range roots {
		if f, err := os.Open(filepath.Join(r, name)); r != "" && err == nil {
			t.Cleanup(func() { f.Close() })
			return f
		}
	}
	t.Skipf("%s is not here: set LLMADVISE_SHARED to the folder that holds it", name)
	return nil
}

func readShared[T any](t *testing.T, name string, read func(io.Reader) (T, error)) T {
	t.Helper()
	v, err := read(sharedFile(t, name))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// TestSciFact holds the built-in embedder and the fusion to their scores on a public set (nDCG@10: BM25 published
// 0.679), and the sum to the better of its legs in every measure. The floors are what was measured, less 0.01.
func TestSciFact(t *testing.T) {
	docs := readShared(t, "scifact/corpus.jsonl", beir.ReadDocs)
	queries := readShared(t, "scifact/queries.jsonl", beir.ReadQueries)
	qrels := readShared(t, "scifact/qrels.tsv", beir.ReadQrels)
	x := open(t, "", staticEmbedder(t), Options{})
	all := make([]knowledge.Document, len(docs))
	for i, d := range docs {
		all[i] = knowledge.Document{ID: d.ID, Title: d.Title, Chunks: []knowledge.Chunk{{ID: d.ID, Text: d.Text}}}
	}
	put(t, x, "scifact", "", all...)
	got := map[Mode]measures{}
	for mode, floor := range map[Mode]float64{BM25: 0.682, Dense: 0.503, Hybrid: 0.695} {
		got[mode] = measure(t, x, mode, queries, qrels)
		if got[mode][0] < floor {
			t.Errorf("%s: nDCG@10 %.3f, was at least %.3f", mode, got[mode][0], floor)
		}
	}
	const slack = 0.005
	for i, name := range []string{"nDCG@10", "recall@5", "recall@100", "MRR@10"} {
		t.Logf("%-10s BM25 %.3f, dense %.3f, hybrid %.3f", name, got[BM25][i], got[Dense][i], got[Hybrid][i])
		if got[Hybrid][i] < max(got[BM25][i], got[Dense][i])-slack {
			t.Errorf("%s: the sum is below a leg", name)
		}
	}
}

// measures are nDCG@10, recall@5, recall@100 and MRR@10.
type measures [4]float64

func measure(t *testing.T, x *Index, mode Mode, queries []beir.Query, qrels beir.Qrels) measures {
	t.Helper()
	var sum measures
	n := 0.0
	for _, q := range queries {
		grades := qrels[q.ID]
		if len(grades) == 0 {
			continue
		}
		ps, err := x.SearchMode(t.Context(), q.Text, 100, knowledge.Scope{}, mode)
		if err != nil {
			t.Fatal(err)
		}
		ranked := make([]string, len(ps))
		for i, p := range ps {
			ranked[i] = p.Document
		}
		n++
		for i, v := range (measures{beir.NDCG(ranked, grades, 10), beir.Recall(ranked, grades, 5), beir.Recall(ranked, grades, 100), beir.RR(ranked, grades, 10)}) {
			sum[i] += v
		}
	}
	for i := range sum {
		sum[i] /= n
	}
	return sum
}
