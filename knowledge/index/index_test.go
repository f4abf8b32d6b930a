package index

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"log/slog"
	"math"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"github.com/llmadvise/llmadvise/knowledge"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreTopFunction("github.com/blevesearch/bleve_index_api.AnalysisWorker"))
}

// wordsEmbedder hashes words into a few buckets: enough for texts that share words to be near each other.
type wordsEmbedder struct {
	name string
	dims int
	fail bool
	mu   sync.Mutex
	n    int // texts embedded
}

func (e *wordsEmbedder) Embed(_ context.Context, texts []string) ([][]float32, error) {
	if e.fail {
		return nil, errors.New("the server is away")
	}
	e.mu.Lock()
	e.n += len(texts)
	e.mu.Unlock()
	out := make([][]float32, len(texts))
	for i, t := range texts {
		v := make([]float32, e.dims)
		for _, w := range strings.Fields(strings.ToLower(t)) {
			h := fnv.New32a()
			h.Write([]byte(w))
			v[h.Sum32()%uint32(e.dims)]++
		}
		var sum float64
		for _, x := range v {
			sum += float64(x * x)
		}
		for j := range v {
			v[j] /= float32(math.Sqrt(math.Max(sum, 1)))
		}
		out[i] = v
	}
	return out, nil
}
func (e *wordsEmbedder) Model() string        { return e.name }
func (e *wordsEmbedder) Dims() int            { return e.dims }
func (e *wordsEmbedder) DenseWeight() float64 { return 0.3 }

func newEmbedder() *wordsEmbedder { return &wordsEmbedder{name: "words-64", dims: 64} }

func discard() *slog.Logger { return slog.New(slog.DiscardHandler) }

func open(t *testing.T, dir string, emb knowledge.Embedder) *Index {
	t.Helper()
	x, err := Open(t.Context(), discard(), dir, emb, Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = x.Close() })
	return x
}

// doc makes a document of one passage a text.
func doc(id string, texts ...string) knowledge.Document {
	d := knowledge.Document{ID: id, Title: id, Hash: strings.Join(texts, "|")}
	for i, s := range texts {
		d.Chunks = append(d.Chunks, knowledge.Chunk{ID: fmt.Sprintf("%s@%d", id, i), Text: s})
	}
	return d
}

func docs(ds ...knowledge.Document) func(func(knowledge.Document, error) bool) {
	return func(yield func(knowledge.Document, error) bool) {
		for _, d := range ds {
			if !yield(d, nil) {
				return
			}
		}
	}
}

func sync1(t *testing.T, x *Index, source, scope string, ds ...knowledge.Document) Report {
	t.Helper()
	r, err := x.Sync(t.Context(), source, scope, docs(ds...), nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func found(t *testing.T, x *Index, query, channel string) []string {
	t.Helper()
	ps, err := x.Search(t.Context(), query, 10, knowledge.Scope{Channel: channel})
	if err != nil {
		t.Fatal(err)
	}
	ids := make([]string, len(ps))
	for i, p := range ps {
		ids[i] = p.ID
	}
	return ids
}

func TestIncrementalSyncSurvivesReopening(t *testing.T) {
	dir := t.TempDir()
	emb := newEmbedder()
	x := open(t, dir, emb)
	r := sync1(t, x, "s", "", doc("a", "break even volume of a rented accelerator"), doc("b", "business associate agreement for patient records"))
	if r != (Report{Added: 2, Passages: 2}) {
		t.Fatalf("first: %+v", r)
	}
	before := emb.n
	if r := sync1(t, x, "s", "", doc("a", "break even volume of a rented accelerator"), doc("b", "business associate agreement, changed")); r != (Report{Updated: 1, Unchanged: 1, Passages: 1}) {
		t.Fatalf("second: %+v", r)
	}
	if emb.n != before+1 {
		t.Errorf("%d texts embedded again, want the changed one alone", emb.n-before)
	}
	if got := found(t, x, "patient records", ""); len(got) > 0 && got[0] == "b@0" {
		if ps, _ := x.Search(t.Context(), "patient records", 1, knowledge.Scope{}); ps[0].Coverage > 0 {
			t.Errorf("the old text of b is still found: %+v", ps)
		}
	}
	if r := sync1(t, x, "s", "", doc("b", "business associate agreement, changed")); r.Removed != 1 {
		t.Fatalf("third: %+v", r)
	}
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	y := open(t, dir, emb)
	if got := found(t, y, "associate agreement", ""); len(got) != 1 || got[0] != "b@0" {
		t.Errorf("after reopening: %v", got)
	}
	if in := y.Info(); in.Documents != 1 || in.Passages != 1 {
		t.Errorf("Info = %+v", in)
	}
}

func TestPrivateSourceAnswersOnlyInItsChannel(t *testing.T) {
	x := open(t, t.TempDir(), newEmbedder())
	sync1(t, x, "shared", "", doc("a", "the price of hosted weights"))
	sync1(t, x, "secret", "C1", doc("a", "the price we negotiated is seventeen"))
	for channel, want := range map[string]int{"": 1, "C2": 1, "C1": 2} {
		if got := found(t, x, "price negotiated seventeen", channel); len(got) != want {
			t.Errorf("channel %q sees %v, want %d passages", channel, got, want)
		}
	}
	for _, mode := range []Mode{BM25, Dense} {
		ps, err := x.SearchMode(t.Context(), "negotiated seventeen", 10, knowledge.Scope{Channel: "C2"}, mode)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range ps {
			if strings.Contains(p.Text, "negotiated") {
				t.Errorf("%s shows another channel's passage", mode)
			}
		}
	}
	if n, err := x.Remove(t.Context(), "secret", "C1"); n != 1 || err != nil {
		t.Fatalf("Remove = %d, %v", n, err)
	}
	if got := found(t, x, "negotiated", "C1"); len(got) > 1 {
		t.Errorf("after removal: %v", got)
	}
}

func TestAnotherModelEmbedsAgain(t *testing.T) {
	dir := t.TempDir()
	x := open(t, dir, newEmbedder())
	sync1(t, x, "s", "", doc("a", "one"), doc("b", "two"))
	x.Close()
	other := &wordsEmbedder{name: "words-32", dims: 32}
	y := open(t, dir, other)
	if other.n != 2 {
		t.Errorf("%d texts embedded with the new model, want 2", other.n)
	}
	if got := found(t, y, "two", ""); len(got) == 0 || got[0] != "b@0" {
		t.Errorf("found %v", got)
	}
	if model, dims, ok := BuiltWith(dir); model != "words-32" || dims != 32 || !ok {
		t.Errorf("BuiltWith = %q %d %v", model, dims, ok)
	}
	if r := sync1(t, y, "s", "", doc("a", "one"), doc("b", "two")); r.Unchanged != 2 {
		t.Errorf("the documents were taken in again: %+v", r)
	}
}

func TestEmbedderAwaySearchesByWords(t *testing.T) {
	emb := newEmbedder()
	x := open(t, "", emb)
	sync1(t, x, "s", "", doc("a", "reserved capacity"), doc("b", "spot instances"))
	emb.fail = true
	if got := found(t, x, "spot", ""); len(got) != 1 || got[0] != "b@0" {
		t.Errorf("found %v", got)
	}
}

func TestTornTailIsDroppedAndDamageIsNamed(t *testing.T) {
	dir := t.TempDir()
	x := open(t, dir, newEmbedder())
	sync1(t, x, "s", "", doc("a", "first"))
	first := x.Info().JournalBytes
	sync1(t, x, "t", "", doc("b", "second"))
	second := x.Info().JournalBytes
	x.Close()
	path := filepath.Join(dir, journalName)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for cut := first; cut < second; cut++ {
		d := t.TempDir()
		if err := os.WriteFile(filepath.Join(d, journalName), whole[:cut], 0o600); err != nil {
			t.Fatal(err)
		}
		y, err := Open(t.Context(), discard(), d, newEmbedder(), Options{})
		if err != nil {
			t.Fatalf("cut at %d of %d: %v", cut, second, err)
		}
		if n := y.Info().Documents; n != 1 {
			t.Fatalf("cut at %d: %d documents, want the first alone", cut, n)
		}
		y.Close()
		if cut > first+12 && cut < second-12 {
			cut += 40
		}
	}
	flipped := append([]byte(nil), whole...)
	flipped[first-5] ^= 0x40
	if err := os.WriteFile(path, flipped, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = Open(t.Context(), discard(), dir, newEmbedder(), Options{})
	if !errors.Is(err, ErrCorrupt) || !strings.Contains(err.Error(), "Move the folder") {
		t.Errorf("err = %v, want one that says what to do", err)
	}
}

func TestDamagedKeywordIndexIsRebuilt(t *testing.T) {
	dir := t.TempDir()
	x := open(t, dir, newEmbedder())
	sync1(t, x, "s", "", doc("a", "tensor parallel"), doc("b", "pipeline parallel"))
	x.Close()
	if err := os.RemoveAll(filepath.Join(dir, keywordDir, "store")); err != nil {
		t.Fatal(err)
	}
	y := open(t, dir, newEmbedder())
	ps, err := y.SearchMode(t.Context(), "pipeline", 5, knowledge.Scope{}, BM25)
	if err != nil || len(ps) != 1 || ps[0].ID != "b@0" {
		t.Errorf("%v, %v", ps, err)
	}
}

func TestSecondWriterIsRefusedAndMayRead(t *testing.T) {
	dir := t.TempDir()
	x := open(t, dir, newEmbedder())
	sync1(t, x, "s", "", doc("a", "amortisation over three years"))
	if _, err := Open(t.Context(), discard(), dir, newEmbedder(), Options{}); !errors.Is(err, ErrLocked) {
		t.Fatalf("second writer: %v", err)
	}
	r, err := Open(t.Context(), discard(), dir, newEmbedder(), Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if got := found(t, r, "amortisation", ""); len(got) != 1 {
		t.Errorf("the reader finds %v", got)
	}
	if _, err := r.Sync(t.Context(), "s", "", docs(), nil); !errors.Is(err, ErrLocked) {
		t.Errorf("the reader may write: %v", err)
	}
}

func TestNearDuplicatesAreShownOnce(t *testing.T) {
	x := open(t, "", newEmbedder())
	const text = "a rented card costs the same each hour whether it works or waits for the next request to arrive"
	twin := doc("b", text+" ")
	twin.Title = "a"
	sync1(t, x, "s", "", doc("a", text), twin, doc("c", "quite another matter: a card that is owned"))
	got := found(t, x, "rented card", "")
	if len(got) != 2 {
		t.Errorf("found %v, want one of the twins and c", got)
	}
}

// TestQueriesNeverSeeHalfADocument changes a document of two passages while it is searched: both passages are of one
// version at all times.
func TestQueriesNeverSeeHalfADocument(t *testing.T) {
	x := open(t, t.TempDir(), newEmbedder())
	version := func(n int) knowledge.Document {
		return doc("d", fmt.Sprintf("alpha common text number%d here", n), fmt.Sprintf("omega common words number%d there", n))
	}
	sync1(t, x, "s", "", version(0))
	stop := make(chan struct{})
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				ps, err := x.Search(context.Background(), "common", 10, knowledge.Scope{})
				if err != nil {
					t.Error(err)
					return
				}
				seen := map[string]bool{}
				for _, p := range ps {
					f := strings.Fields(p.Text)
					seen[f[3]] = true
				}
				if len(seen) > 1 || len(ps) != 2 {
					t.Errorf("passages of one search: %v", ps)
					return
				}
			}
		})
	}
	for n := 1; n <= 25; n++ {
		sync1(t, x, "s", "", version(n))
	}
	close(stop)
	wg.Wait()
}

func TestCodecRoundTrips(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		str := rapid.String()
		e := &entry{seq: rapid.Uint64().Draw(t, "seq")}
		e.doc = knowledge.Document{ID: str.Draw(t, "id"), Title: str.Draw(t, "title"), Source: str.Draw(t, "source"), Scope: str.Draw(t, "scope"), Hash: str.Draw(t, "hash")}
		for range rapid.IntRange(0, 4).Draw(t, "chunks") {
			e.doc.Chunks = append(e.doc.Chunks, knowledge.Chunk{ID: str.Draw(t, "cid"), Heading: rapid.SliceOfN(str, 1, 3).Draw(t, "heading"), Text: str.Draw(t, "text")})
			e.vectors = append(e.vectors, rapid.SliceOfN(rapid.Float32(), 3, 3).Draw(t, "vector"))
		}
		got, err := decode(encodePut(nil, e), 3)
		if err != nil {
			t.Fatal(err)
		}
		if fmt.Sprint(*got.put) != fmt.Sprint(*e) {
			t.Fatalf("got %+v, want %+v", *got.put, *e)
		}
	})
}

func FuzzDecode(f *testing.F) {
	e := &entry{seq: 7, doc: doc("a", "text"), vectors: [][]float32{{1, 2, 3}}}
	f.Add(encodePut(nil, e))
	f.Add(encodeDelete(nil, 3, "x"))
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := decode(b, 3)
		if err == nil && r.put != nil && len(r.put.vectors) != len(r.put.doc.Chunks) {
			t.Error("a passage without its vector")
		}
	})
}
