package knowledge_test

import (
	"context"
	"io/fs"
	"log/slog"
	"os"
	"strings"
	"testing"

	"github.com/llmadvise/llmadvise/corpus"
	"github.com/llmadvise/llmadvise/knowledge"
	"github.com/llmadvise/llmadvise/knowledge/embed"
	"github.com/llmadvise/llmadvise/knowledge/evaluate"
	"github.com/llmadvise/llmadvise/knowledge/index"
	"github.com/llmadvise/llmadvise/knowledge/ingest"
)

// builtin returns an in-memory index of the built-in documents, and its embedder.
func builtin(t testing.TB) (*index.Index, *embed.Static) {
	t.Helper()
	emb, err := embed.Default()
	if err != nil {
		t.Fatal(err)
	}
	x, err := index.Open(t.Context(), slog.New(slog.DiscardHandler), t.TempDir(), emb, index.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { x.Close() })
	docs := ingest.Walk(corpus.Docs(), "corpus", func(p ingest.Problem) { t.Errorf("%s: %v", p.Name, p.Err) })
	if _, err := x.Sync(t.Context(), "corpus", "", docs, nil); err != nil {
		t.Fatal(err)
	}
	return x, emb
}

// leg is an index that searches in one mode.
type leg struct {
	*index.Index
	mode index.Mode
}

func (l leg) Search(ctx context.Context, q string, k int, s knowledge.Scope) ([]knowledge.Passage, error) {
	return l.SearchMode(ctx, q, k, s, l.mode)
}

func discard() *slog.Logger { return slog.New(slog.DiscardHandler) }

func questions(t testing.TB) []corpus.Question {
	t.Helper()
	qs, err := corpus.Questions()
	if err != nil {
		t.Fatal(err)
	}
	return qs
}

// documentText returns the full text of a built-in document.
func documentText(id string) string {
	data, err := fs.ReadFile(corpus.Docs(), strings.TrimPrefix(id, "corpus/")+".md")
	if err != nil {
		return ""
	}
	return string(data)
}

// TestRetrieval holds what the built-in embedder must find.
func TestRetrieval(t *testing.T) {
	x, _ := builtin(t)
	for _, mode := range []index.Mode{index.BM25, index.Dense, index.Hybrid} {
		r, err := evaluate.Find(t.Context(), knowledge.New(discard(), leg{x, mode}, nil, knowledge.Options{}), questions(t))
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%-6s %+v", mode, r)
		if mode == index.Hybrid && (r.Recall5 < 0.97 || r.NDCG10 < 0.88) {
			t.Errorf("hybrid: recall@5 %.3f (0.97 wanted), nDCG@10 %.3f (0.88 wanted)", r.Recall5, r.NDCG10)
		}
	}
}

// TestAnswersWithoutModel holds what composed answers must reach on the built-in set.
func TestAnswersWithoutModel(t *testing.T) {
	x, emb := builtin(t)
	r, err := evaluate.Answer(t.Context(), knowledge.New(discard(), x, nil, knowledge.Options{Embedder: emb}), questions(t), documentText)
	if err != nil {
		t.Fatal(err)
	}
	if os.Getenv("LLMADVISE_EVAL_VERBOSE") != "" {
		for _, m := range r.Misses {
			t.Logf("%s %q: %s\n\t%s", m.ID, m.Question, m.Why, m.Answer)
		}
	}
	r.Misses = nil
	t.Logf("%+v", r)
	for name, v := range map[string]float64{"abstention precision": r.AbstentionPrecision, "abstention recall": r.AbstentionRecall} {
		if v < 0.95 {
			t.Errorf("%s is %.3f, 0.95 wanted", name, v)
		}
	}
	if r.Ungrounded > 0 {
		t.Errorf("%d of %d numbers stand in no cited document", r.Ungrounded, r.Numbers)
	}
	if r.CitationRecall < 0.95 || r.Facts < 0.85 {
		t.Errorf("citation recall %.3f, facts %.3f", r.CitationRecall, r.Facts)
	}
}

// TestCorpusGivesNoOrders holds that no sentence of our own documents is taken for an order and left out.
func TestCorpusGivesNoOrders(t *testing.T) {
	x, _ := builtin(t)
	for _, q := range questions(t) {
		ps, err := x.Search(t.Context(), q.Text, 30, knowledge.Scope{})
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range ps {
			if text, n := knowledge.WithoutOrders(p.Text); n > 0 {
				t.Fatalf("%s: %d sentences taken for orders; left: %s\nof: %s", p.ID, n, text, p.Text)
			}
		}
	}
}
