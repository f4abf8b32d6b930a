package embed

import (
	"context"
	"encoding/binary"
	"errors"
	"math"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"github.com/llmadvise/llmadvise/knowledge"
)

var (
	_ knowledge.Embedder = (*Static)(nil)
	_ knowledge.Embedder = (*Cache)(nil)
)

func static(t testing.TB) *Static {
	t.Helper()
	s, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func embedOne(t testing.TB, s *Static, text string) []float32 {
	t.Helper()
	v, err := s.Embed(context.Background(), []string{text})
	if err != nil {
		t.Fatal(err)
	}
	return v[0]
}

func cosine(a, b []float32) float64 {
	var sum float64
	for i := range a {
		sum += float64(a[i]) * float64(b[i])
	}
	return sum
}

func TestTableFitsItsBudget(t *testing.T) {
	if n := len(tableFile); n > 10<<20 {
		t.Errorf("the table has %d bytes, at most 10 MiB ship in the binary", n)
	}
	s := static(t)
	if s.Dims() != 256 || len(s.scale) != len(s.words.ids) {
		t.Errorf("%d dimensions, %d rows for %d words", s.Dims(), len(s.scale), len(s.words.ids))
	}
	if w := s.DenseWeight(); w != 0.3 {
		t.Errorf("weight %v", w)
	}
}

func TestVectorsHaveUnitLength(t *testing.T) {
	s := static(t)
	rapid.Check(t, func(rt *rapid.T) {
		v := embedOne(t, s, rapid.String().Draw(rt, "text"))
		if n := cosine(v, v); math.Abs(n-1) > 1e-3 {
			rt.Fatalf("length %v", n)
		}
	})
}

// TestMeaning checks the order of cosines that anything fit to search must give.
func TestMeaning(t *testing.T) {
	s := static(t)
	for _, c := range []struct{ query, near, far string }{
		{"How much does a GPU server cost?", "The price of renting graphics hardware per hour.", "Our office plants are watered on Tuesdays."},
		{"patient health data privacy", "HIPAA governs protected medical records.", "The benchmark measures tokens per second."},
		{"slow response time", "High latency makes answers arrive late.", "The annual hiring budget was approved."},
		{"car", "automobile", "banana"},
	} {
		q := embedOne(t, s, c.query)
		near, far := cosine(q, embedOne(t, s, c.near)), cosine(q, embedOne(t, s, c.far))
		if near <= far+0.05 {
			t.Errorf("%q: %.3f to %q, %.3f to %q", c.query, near, c.near, far, c.far)
		}
	}
}

func TestTextWithoutWordsIsFarFromAll(t *testing.T) {
	s := static(t)
	empty := embedOne(t, s, "")
	for _, text := range []string{"GPU prices", "HIPAA", "the"} {
		if c := cosine(empty, embedOne(t, s, text)); math.Abs(c) > 0.25 {
			t.Errorf("nothing is %.2f close to %q", c, text)
		}
	}
}

func TestEmbedStopsWithContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := static(t).Embed(ctx, []string{"a"}); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

func TestDamagedTablesAreRefused(t *testing.T) {
	short := tableFile[:len(tableFile)-1]
	future := "LSTB" + string(binary.LittleEndian.AppendUint32(nil, 9)) + tableFile[8:]
	huge := "LSTB" + tableFile[4:8] + "\xff\xff\xff\xff\xff\xff\xff\xff" + tableFile[16:]
	for name, table := range map[string]string{"empty": "", "foreign": strings.Repeat("x", 100), "cut": short, "future version": future, "sizes that overflow": huge} {
		if _, err := newStatic(table, vocabFile); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	if _, err := newStatic(tableFile, vocabFile+"zzqx\n"); err == nil {
		t.Error("a vocabulary longer than the table was accepted")
	}
}

func TestModelNamesTheTable(t *testing.T) {
	other, err := newStatic(tableFile[:len(tableFile)-256]+strings.Repeat("\x01", 256), vocabFile)
	if err != nil {
		t.Fatal(err)
	}
	if other.Model() == static(t).Model() {
		t.Error("another table has the same name")
	}
}

// counting is an embedder that counts what it is asked.
type counting struct {
	*Static
	mu    sync.Mutex
	calls int
	texts int
	fail  error
}

func (c *counting) Embed(ctx context.Context, texts []string) ([][]float32, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.calls++
	c.texts += len(texts)
	if c.fail != nil {
		return nil, c.fail
	}
	return c.Static.Embed(ctx, texts)
}

func TestCacheAsksOnce(t *testing.T) {
	under := &counting{Static: static(t)}
	c := NewCache(under, 2)
	embed := func(texts ...string) [][]float32 {
		t.Helper()
		v, err := c.Embed(t.Context(), texts)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	first := embed("a b", "c d", "a b")
	if under.texts != 2 {
		t.Errorf("%d texts embedded, want 2 distinct ones", under.texts)
	}
	first[0][0] = 42 // the caller's own
	again := embed("a b", "c d")
	if under.calls != 1 || again[0][0] == 42 {
		t.Errorf("%d calls; kept vector changed from outside: %v", under.calls, again[0][0] == 42)
	}
	embed("e f") // pushes the oldest out
	embed("a b")
	if under.calls != 3 {
		t.Errorf("%d calls, want 3: the limit is 2", under.calls)
	}
	if c.Model() != under.Model() || c.Dims() != under.Dims() {
		t.Error("the name does not pass through")
	}
}

func TestCacheKeepsNothingOfAFailure(t *testing.T) {
	boom := errors.New("server away")
	under := &counting{Static: static(t), fail: boom}
	c := NewCache(under, 0)
	if _, err := c.Embed(t.Context(), []string{"x"}); !errors.Is(err, boom) {
		t.Fatalf("error %v", err)
	}
	under.fail = nil
	if v, err := c.Embed(t.Context(), []string{"x"}); err != nil || len(v) != 1 {
		t.Fatalf("after the failure: %v, %v", v, err)
	}
}

// BenchmarkEmbed is one passage of 120 words; ingest needs 2,000 a second with everything else.
func BenchmarkEmbed(b *testing.B) {
	s := static(b)
	text := []string{strings.Repeat("Renting eight accelerators costs more than the API below a volume of queries. ", 10)}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.Embed(context.Background(), text); err != nil {
			b.Fatal(err)
		}
	}
}
