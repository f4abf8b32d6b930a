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
// 0.679). The floors are what was measured, less 0.01.
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
	got := map[Mode]float64{}
	for mode, floor := range map[Mode]float64{BM25: 0.682, Dense: 0.503, Hybrid: 0.695} {
		n := 0.0
		for _, q := range queries {
			if len(qrels[q.ID]) == 0 {
				continue
			}
			ps, err := x.SearchMode(t.Context(), q.Text, 10, knowledge.Scope{}, mode)
			if err != nil {
				t.Fatal(err)
			}
			ranked := make([]string, len(ps))
			for i, p := range ps {
				ranked[i] = p.Document
			}
			got[mode] += beir.NDCG(ranked, qrels[q.ID], 10)
			n++
		}
		if got[mode] /= n; got[mode] < floor {
			t.Errorf("%s: nDCG@10 %.3f, was at least %.3f", mode, got[mode], floor)
		}
	}
	if got[Hybrid] < got[BM25] || got[Hybrid] < got[Dense] {
		t.Errorf("hybrid %.3f is below a leg: BM25 %.3f, dense %.3f", got[Hybrid], got[BM25], got[Dense])
	}
	t.Logf("nDCG@10: %v", got)
}
