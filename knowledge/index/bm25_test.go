package index

import (
	"math"
	"strings"
	"testing"

	"github.com/llmadvise/llmadvise/knowledge"
)

// plain makes a document of one passage without title or headings.
func plain(id, text string) knowledge.Document {
	return knowledge.Document{ID: id, Hash: text, Chunks: []knowledge.Chunk{{ID: id, Text: text}}}
}

// TestBM25ByHand holds the scores to the formula, worked out by hand: four passages of 2, 4, 6 and 0 terms.
func TestBM25ByHand(t *testing.T) {
	x := open(t, "", newToy(), Options{})
	put(t, x, "s", "", plain("a", "latency throughput"), plain("b", "latency latency gpu price"), plain("c", "rent rent gpu gpu gpu price"), plain("d", "the of and"))
	const mean, n = (2 + 4 + 6 + 0) / 4.0, 4.0
	idf := func(df float64) float64 { return math.Log(1 + (n-df+0.5)/(df+0.5)) }
	part := func(df, tf, length float64) float64 {
		return idf(df) * tf * 2.2 / (tf + 1.2*(0.25+0.75*length/mean))
	}
	want := map[string]float64{
		"a": part(2, 1, 2),
		"b": part(2, 2, 4) + part(2, 1, 4),
		"c": part(2, 3, 6),
	}
	q, err := x.keyword.ask(t.Context(), "Latency, latency of GPUs?", true) // a word said twice counts once
	if err != nil {
		t.Fatal(err)
	}
	defer q.close()
	st := x.live.Load()
	hits, err := q.best(10, func(string) bool { return true })
	if err != nil || len(hits) != len(want) {
		t.Fatalf("%d hits, want %d, %v", len(hits), len(want), err)
	}
	for _, h := range hits {
		e, _ := st.chunk(h.key)
		if math.Abs(h.score-want[e.doc.ID]) > 1e-5 {
			t.Errorf("%s scores %.6f, want %.6f", e.doc.ID, h.score, want[e.doc.ID])
		}
		if s, err := q.score(h.key); err != nil || s != h.score {
			t.Errorf("%s looked up: %v, %v", e.doc.ID, s, err)
		}
	}
	if s, err := q.score("zz.0"); s != 0 || err != nil {
		t.Errorf("a chunk that is not there scores %v, %v", s, err)
	}
}

// TestMeanLengthFollowsUpdates: a longer passage changes what counts as long.
func TestMeanLengthFollowsUpdates(t *testing.T) {
	x := open(t, "", newToy(), Options{})
	mean := func() float64 {
		t.Helper()
		q, err := x.keyword.ask(t.Context(), "gpu", true)
		if err != nil {
			t.Fatal(err)
		}
		defer q.close()
		m, err := q.meanLength(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	put(t, x, "s", "", plain("a", "gpu price"))
	if m := mean(); math.Abs(m-2) > 1e-5 {
		t.Errorf("mean length %v, want 2", m)
	}
	put(t, x, "s", "", plain("a", "gpu price"), plain("b", "gpu price latency throughput"))
	if m := mean(); math.Abs(m-3) > 1e-5 {
		t.Errorf("mean length %v, want 3", m)
	}
}

// TestEitherLegScoresAll: a passage that only the vectors brought in still gets what its words are worth.
func TestEitherLegScoresAll(t *testing.T) {
	x := open(t, "", newToy(), Options{})
	put(t, x, "s", "", plain("a", "gpu price"), plain("b", "gpu latency"), plain("c", "water garden"))
	q, err := x.keyword.ask(t.Context(), "gpu", true)
	if err != nil {
		t.Fatal(err)
	}
	defer q.close()
	s := searching{x: x, st: x.live.Load()}
	var keys []hit
	for _, e := range sortedEntries(s.st) {
		keys = append(keys, hit{key: chunkKey(e.seq, 0)})
	}
	cs, err := s.gather(q, nil, keys, make([]float32, 64))
	if err != nil || len(cs) != 3 {
		t.Fatal(len(cs), err)
	}
	if cs[0].bm25 <= 0 || cs[1].bm25 <= 0 || cs[2].bm25 != 0 {
		t.Errorf("scores %v, %v, %v", cs[0].bm25, cs[1].bm25, cs[2].bm25)
	}
}

func TestTerms(t *testing.T) {
	x := open(t, "", newToy(), Options{})
	for text, want := range map[string]string{
		"The GPUs' prices, and each GPU's price": "gpu price",
		"CPUs opus TPU":                          "cpu opu tpu",
		"It is not of these.":                    "",
		"Llama-3-70B at $1.2k":                   "llama 3 70b 1.2k",
		"Naïve café":                             "naïv café",
	} {
		if got := strings.Join(x.keyword.terms(text), " "); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestDot(t *testing.T) {
	for n := range 11 {
		a, b, want := make([]float32, n), make([]float32, n), 0.0
		for i := range n {
			a[i], b[i] = float32(i+1), float32(2*i-5)
			want += float64(a[i] * b[i])
		}
		if got := dot(a, b); got != want {
			t.Errorf("%d numbers: %v, want %v", n, got, want)
		}
	}
	if dot([]float32{1}, nil) != 0 {
		t.Error("vectors of different lengths have no cosine")
	}
}
