package bot_test

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/llmadvise/llmadvise/advisor/catalog"
	"github.com/llmadvise/llmadvise/bot"
	"github.com/llmadvise/llmadvise/bot/feeds"
	"github.com/llmadvise/llmadvise/bot/store"
)

// feedServer serves every default feed from loopback: the real snapshots where they are at hand, and for the rest files of
// our own of the size that the real ones have. It compresses, gives ETags, and counts.
type feedServer struct {
	*httptest.Server
	mu       sync.Mutex
	bodies   map[string][]byte // by path
	requests map[string]int
	full     map[string]int // answered with a body
}

func newFeedServer(t testing.TB) *feedServer {
	t.Helper()
	s := &feedServer{bodies: map[string][]byte{}, requests: map[string]int{}, full: map[string]int{}}
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	for name, file := range map[string]string{"genai-prices": "genai-prices_2026-07-25.json", "litellm": "litellm_2026-07-24.json"} {
		s.bodies["/"+name] = realSnapshot(t, file)
	}
	s.bodies["/openrouter"] = []byte(`{"data":[` + list(350, func(i int) string {
		return fmt.Sprintf(`{"id":"acme/m%d","name":"M","context_length":131072,"pricing":{"prompt":"0.0000008","completion":"0.0000024","request":"0"},"description":%q}`, i, strings.Repeat("words ", 150))
	}) + `]}`)
	s.bodies["/llm-prices"] = []byte(`{"prices":[` + list(150, func(i int) string {
		return fmt.Sprintf(`{"id":"m%d","vendor":"acme","name":"M","input":2,"output":8,"from_date":null,"to_date":null}`, i)
	}) + `]}`)
	page := func(n int, next string) []byte {
		return []byte(`{"Items":[` + list(100, func(i int) string {
			return fmt.Sprintf(`{"currencyCode":"USD","retailPrice":98.32,"armRegionName":"region%d-%d","meterName":"ND96isrH100v5","armSkuName":"Standard_ND96isr_H100_v5","productName":"Virtual Machines NDsrH100v5 Series","unitOfMeasure":"1 Hour","type":"Consumption"}`, n, i)
		}) + `],"NextPageLink":` + next + `}`)
	}
	s.bodies["/azure-retail"] = page(1, `"`+s.URL+`/azure-page-2"`)
	s.bodies["/azure-page-2"] = page(2, "null")
	for _, cloud := range []string{"lambda", "runpod", "aws", "gcp", "nebius", "azure"} {
		s.bodies["/skypilot/"+cloud] = []byte("InstanceType,AcceleratorName,AcceleratorCount,vCPUs,MemoryGiB,Price,Region,GpuInfo,SpotPrice\n" + strings.ReplaceAll(list(4000, func(i int) string {
			return fmt.Sprintf(`x%d.large|H100|8|192|2048|%d.5|region-%d|"{'Gpus': [{'Name': 'H100', 'Count': 8}]}"|9.1`, i%200, 30+i%200, i/200) + "\n"
		}), "\n,", "\n"))
		s.bodies["/skypilot/"+cloud] = bytes.ReplaceAll(s.bodies["/skypilot/"+cloud], []byte("|"), []byte(","))
	}
	return s
}

func list(n int, item func(int) string) string {
	out := make([]string, n)
	for i := range out {
		out[i] = item(i)
	}
	return strings.Join(out, ",")
}

// realSnapshot reads one from beside the checkout; where there is none, the test says so and is skipped.
func realSnapshot(t testing.TB, name string) []byte {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if b, err := os.ReadFile(filepath.Join(dir, "shared", "feeds", name)); err == nil {
			return b
		}
	}
	t.Skip("the real feed snapshots are not on this machine (shared/feeds)")
	return nil
}

func (s *feedServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	body := s.bodies[r.URL.Path]
	s.requests[r.URL.Path]++
	tag := fmt.Sprintf(`"%x"`, sha256.Sum256(body))
	changed := r.Header.Get("If-None-Match") != tag
	if changed {
		s.full[r.URL.Path]++
	}
	s.mu.Unlock()
	w.Header().Set("ETag", tag)
	if !changed {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	w.Header().Set("Content-Encoding", "gzip")
	gz := gzip.NewWriter(w)
	_, _ = gz.Write(body)
	_ = gz.Close()
}

// sources are the default ones at their local addresses.
func (s *feedServer) sources() []feeds.Source {
	out := feeds.DefaultSources()
	for i := range out {
		out[i].URL = s.URL + "/" + out[i].Name
	}
	return out
}

func (s *feedServer) market(t testing.TB) (*bot.Market, *feeds.Refresher) {
	t.Helper()
	st, err := store.Open(t.Context(), slog.New(slog.DiscardHandler), t.TempDir(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	m := bot.NewMarket(st, catalog.Default(), nil)
	f := feeds.NewFetcher(slog.New(slog.DiscardHandler), feeds.Options{AllowPrefixes: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}})
	t.Cleanup(f.Close)
	return m, m.NewRefresher(slog.New(slog.DiscardHandler), f, s.sources())
}

// TestRefreshOfAllFeeds measures a refresh of all feeds into SQLite, and asserts what it costs where nothing is new: one
// conditional request a feed, and no body.
func TestRefreshOfAllFeeds(t *testing.T) {
	s := newFeedServer(t)
	m, r := s.market(t)
	runtime.GC()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := time.Now()
	res, err := r.Refresh(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	first := time.Since(start)
	runtime.ReadMemStats(&after)
	entries, wire := 0, int64(0)
	for _, o := range res.Outcomes {
		if !o.Fresh {
			t.Errorf("%+v", o)
		}
		entries, wire = entries+o.Entries, wire+o.Bytes
	}
	start = time.Now()
	res, err = r.Refresh(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	second := time.Since(start)
	for _, o := range res.Outcomes {
		path := "/" + o.Source
		if !o.Unchanged || o.Requests != 1 || o.Bytes != 0 || s.requests[path] != 2 || s.full[path] != 1 {
			t.Errorf("where nothing was new: %+v; %d requests, %d with a body", o, s.requests[path], s.full[path])
		}
	}
	if _, id, snap, err := m.Catalog(t.Context()); err != nil || id == 0 || len(snap.Feeds) != len(res.Outcomes) {
		t.Errorf("stored %d, %v", id, err)
	}
	t.Logf("%d feeds, %d entries, %d KiB on the wire: first refresh %v, %d MiB allocated over all, heap %d MiB after; unchanged %v",
		len(res.Outcomes), entries, wire>>10, first.Round(time.Millisecond), (after.TotalAlloc-before.TotalAlloc)>>20, after.HeapAlloc>>20, second.Round(time.Millisecond))
}

// BenchmarkRefresh measures a refresh of all feeds: the first one, one where one feed has moved, and one where nothing has.
func BenchmarkRefresh(b *testing.B) {
	s := newFeedServer(b)
	b.Run("first", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			b.StopTimer()
			_, r := s.market(b)
			b.StartTimer()
			if _, err := r.Refresh(b.Context()); err != nil {
				b.Fatal(err)
			}
		}
	})
	_, r := s.market(b)
	if _, err := r.Refresh(b.Context()); err != nil {
		b.Fatal(err)
	}
	b.Run("one moved", func(b *testing.B) {
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			s.mu.Lock()
			s.bodies["/openrouter"] = bytes.Replace(s.bodies["/openrouter"], fmt.Appendf(nil, "0.000000%d", 8-i%2), fmt.Appendf(nil, "0.000000%d", 7+i%2), 1)
			s.mu.Unlock()
			if _, err := r.Refresh(b.Context()); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("unchanged", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := r.Refresh(b.Context()); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkFreshPrices is what each advice pays to learn that nothing is new.
func BenchmarkFreshPrices(b *testing.B) {
	s := newFeedServer(b)
	m, r := s.market(b)
	if _, err := r.Refresh(b.Context()); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, _, _, err := m.Catalog(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}
