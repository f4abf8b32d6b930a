package index

import (
	"context"
	"fmt"
	"hash/fnv"
	"io"
	"iter"
	"log/slog"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/llmadvise/llmadvise/knowledge"
	"github.com/llmadvise/llmadvise/knowledge/ingest"
)

var quiet = slog.New(slog.NewTextHandler(io.Discard, nil))

// toy hashes words into a few dimensions: enough for texts that share words to be near, and quick.
type toy struct {
	name string
	dims int
	fail error
}

func newToy() *toy { return &toy{name: "toy-64", dims: 64} }

func (t *toy) Model() string        { return t.name }
func (t *toy) Dims() int            { return t.dims }
func (t *toy) DenseWeight() float64 { return 0.3 }

func (t *toy) Embed(ctx context.Context, texts []string) ([][]float32, error) {
	if t.fail != nil {
		return nil, t.fail
	}
	out := make([][]float32, len(texts))
	for i, s := range texts {
		v := make([]float32, t.dims)
		v[0] = 0.01
		for w := range strings.FieldsSeq(strings.ToLower(s)) {
			h := fnv.New32a()
			io.WriteString(h, strings.Trim(w, ".,?!"))
			v[h.Sum32()%uint32(t.dims)]++
		}
		var n float64
		for _, x := range v {
			n += float64(x) * float64(x)
		}
		for j := range v {
			v[j] /= float32(math.Sqrt(n))
		}
		out[i] = v
	}
	return out, ctx.Err()
}

func open(t testing.TB, dir string, emb knowledge.Embedder, o Options) *Index {
	t.Helper()
	x, err := Open(t.Context(), quiet, dir, emb, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { x.Close() })
	return x
}

// md makes a document as an ingest would.
func md(t testing.TB, name, text string) knowledge.Document {
	t.Helper()
	d, err := ingest.Parse(name, []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func each(docs ...knowledge.Document) iter.Seq2[knowledge.Document, error] {
	return func(yield func(knowledge.Document, error) bool) {
		for _, d := range docs {
			if !yield(d, nil) {
				return
			}
		}
	}
}

func put(t testing.TB, x *Index, source, scope string, docs ...knowledge.Document) Report {
	t.Helper()
	r, err := x.Sync(t.Context(), source, scope, each(docs...), nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// find returns the names of the documents found, best first.
func find(t testing.TB, x *Index, query, channel string) []string {
	t.Helper()
	ps, err := x.Search(t.Context(), query, 10, knowledge.Scope{Channel: channel})
	if err != nil {
		t.Fatal(err)
	}
	out := make([]string, len(ps))
	for i, p := range ps {
		out[i] = p.Document
	}
	return out
}

// synthetic makes documents of ten passages of some 90 words, with word frequencies that fall like those of real text.
func synthetic(passages int) iter.Seq2[knowledge.Document, error] {
	return func(yield func(knowledge.Document, error) bool) {
		rng := rand.New(rand.NewPCG(1, 2))
		zipf := rand.NewZipf(rng, 1.1, 4, 30_000)
		for n := 0; n*10 < passages; n++ {
			d := knowledge.Document{ID: fmt.Sprintf("doc-%06d.md", n), Title: fmt.Sprintf("Document %d", n), Hash: fmt.Sprint(n)}
			for i := range 10 {
				var b strings.Builder
				for range 90 {
					fmt.Fprintf(&b, "%s ", word(zipf.Uint64()))
				}
				d.Chunks = append(d.Chunks, knowledge.Chunk{ID: fmt.Sprintf("%s@%d", d.ID, i), Heading: []string{"Section"}, Text: b.String()})
			}
			if !yield(d, nil) {
				return
			}
		}
	}
}

// word spells a number in syllables, so that stemmer and tokenizer see words.
func word(n uint64) string {
	syllables := []string{"ba", "ke", "lo", "mi", "nu", "ra", "se", "ti", "vo", "za", "du", "fe", "go", "hi", "ju", "pa"}
	s := "k"
	for range 4 {
		s += syllables[n%16]
		n /= 16
	}
	return s
}
