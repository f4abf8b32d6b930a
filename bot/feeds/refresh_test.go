package feeds

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/llmadvise/llmadvise/advisor/pricing"
)

type memStore struct {
	mu    sync.Mutex
	snap  *pricing.Snapshot
	saved int
	vals  map[string]Validators
}

func (m *memStore) LatestSnapshot(context.Context) (*pricing.Snapshot, error) { return m.snap, nil }
func (m *memStore) SaveSnapshot(_ context.Context, s *pricing.Snapshot, _ time.Time) error {
	m.snap, m.saved = s, m.saved+1
	return nil
}
func (m *memStore) LoadValidators(_ context.Context, n string) (Validators, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.vals[n], nil
}
func (m *memStore) SaveValidators(_ context.Context, n string, v Validators) error {
	if m.vals == nil {
		m.vals = map[string]Validators{}
	}
	m.vals[n] = v
	return nil
}

// feedOf writes a feed of n models in LiteLLM's shape, all at one price per token.
func feedOf(n int, input string) string {
	var b strings.Builder
	b.WriteString("{")
	for i := range n {
		if i > 0 {
			b.WriteString(",")
		}
		fmt.Fprintf(&b, `"model-%d":{"litellm_provider":"openai","mode":"chat","input_cost_per_token":%s,"output_cost_per_token":4e-06}`, i, input)
	}
	b.WriteString("}")
	return b.String()
}

// changing serves whatever body holds, with an ETag made of its length and start.
type changing struct {
	body     atomic.Value
	requests atomic.Int32
}

func (c *changing) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.requests.Add(1)
	body := c.body.Load().(string)
	tag := fmt.Sprintf(`"%x"`, sha256.Sum256([]byte(body)))
	w.Header().Set("ETag", tag)
	if r.Header.Get("If-None-Match") == tag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	_, _ = io.WriteString(w, body)
}

func newRefresher(t *testing.T, first string) (*Refresher, *changing, *memStore) {
	t.Helper()
	c := &changing{}
	c.body.Store(first)
	st := &memStore{}
	return NewRefresher(slog.New(slog.DiscardHandler), newTestFetcher(t, nil), st, []Source{{Name: "f", URL: serve(t, c.ServeHTTP) + "/f.json"}}), c, st
}

func refresh(t *testing.T, r *Refresher) Result {
	t.Helper()
	res, err := r.Refresh(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return res
}

func TestRefreshKeepsTheLastGoodPrices(t *testing.T) {
	good := feedOf(10, "2e-06")
	for _, c := range []struct{ name, bad, wantProblem string }{
		{"HTML instead of JSON", "<!doctype html><html><body>Not found</body></html>", "feed"},
		{"truncated", good[:len(good)/2], "feed"},
		{"empty", "", "empty"},
		{"shrunk", feedOf(4, "2e-06"), ""},
		{"another shape", `[{"id":"openai","models":[{"id":"m","prices":{"input_mtok":1,"output_mtok":2}}]}]`, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, feed, st := newRefresher(t, good)
			if res := refresh(t, r); !res.Changed || res.Outcomes[0].Entries != 10 {
				t.Fatalf("first: %+v", res.Outcomes)
			}
			before := st.snap.State("f")
			feed.body.Store(c.bad)
			res := refresh(t, r)
			after := st.snap.State("f")
			if res.Outcomes[0].Problem == "" || !strings.Contains(res.Outcomes[0].Problem, c.wantProblem) || after.Problem == "" {
				t.Errorf("not reported: %+v", res.Outcomes[0])
			}
			if len(after.Entries) != 10 || after.Entries[0].Prices["input"].USD != before.Entries[0].Prices["input"].USD {
				t.Error("the last good prices did not stay")
			}
			feed.body.Store(good)
			refresh(t, r)
			if p := st.snap.State("f").Problem; p != "" {
				t.Errorf("healed, and still says %q", p)
			}
		})
	}
}

func TestPoisonedPricesChangeNothing(t *testing.T) {
	for _, bad := range []string{"2e-03", "0", "-1e-06", `"cheap"`, "2e-09"} {
		t.Run(bad, func(t *testing.T) {
			r, feed, st := newRefresher(t, feedOf(10, "2e-06"))
			refresh(t, r)
			feed.body.Store(feedOf(10, bad))
			res := refresh(t, r)
			if q := res.Outcomes[0].Quarantined + len(res.Outcomes[0].Problem); q == 0 {
				t.Errorf("not reported: %+v", res.Outcomes[0])
			}
			for _, e := range st.snap.State("f").Entries {
				if got := e.Prices["input"].USD; got != 2 {
					t.Errorf("%s costs %v, want the old price kept", e.Model, got)
				}
			}
		})
	}
}

func TestUnchangedFeedIsOneRequestAndNoBytes(t *testing.T) {
	r, feed, st := newRefresher(t, feedOf(10, "2e-06"))
	refresh(t, r)
	res := refresh(t, r)
	if n := feed.requests.Load(); n != 2 || !res.Outcomes[0].Unchanged || res.Outcomes[0].Bytes != 0 || res.Changed {
		t.Errorf("%d requests, %+v", n, res.Outcomes[0])
	}
	if st.snap.State("f").Entries == nil {
		t.Error("the prices are gone")
	}
}

func TestLocalOverrideIsRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "negotiated.yaml")
	if err := os.WriteFile(path, []byte("prices:\n  - provider: openai\n    model: gpt-4.1\n    input: 1.5\n    output: 6\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	st := &memStore{}
	r := NewRefresher(slog.New(slog.DiscardHandler), newTestFetcher(t, nil), st, []Source{{Name: "override", Path: path, Negotiated: true}, {Name: "gone", Path: path + ".not"}})
	res := refresh(t, r)
	if !res.Outcomes[0].Fresh || res.Outcomes[1].Problem == "" {
		t.Errorf("%+v", res.Outcomes)
	}
	if !strings.Contains(res.Report(), "1 failed (gone)") {
		t.Errorf("Report: %s", res.Report())
	}
}

// TestRefreshOfRealFeeds measures a refresh of the real snapshots from a local server.
func TestRefreshOfRealFeeds(t *testing.T) {
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; dir != "/"; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "shared", "feeds")); err == nil {
			break
		}
	}
	folder := filepath.Join(dir, "shared", "feeds")
	if _, err := os.Stat(folder); err != nil {
		t.Skip("the real feed snapshots are not on this machine (shared/feeds)")
	}
	address := serve(t, http.FileServer(http.Dir(folder)).ServeHTTP)
	st := &memStore{}
	r := NewRefresher(slog.New(slog.DiscardHandler), newTestFetcher(t, nil), st, []Source{
		{Name: "genai-prices", URL: address + "/genai-prices_2026-07-25.json"}, {Name: "litellm", URL: address + "/litellm_2026-07-24.json"},
	})
	start := time.Now()
	res := refresh(t, r)
	first := time.Since(start)
	start = time.Now()
	again := refresh(t, r)
	t.Logf("first refresh %v, unchanged %v; %+v", first, time.Since(start), res.Outcomes)
	for i := range res.Outcomes {
		if !res.Outcomes[i].Fresh || !again.Outcomes[i].Unchanged || again.Outcomes[i].Requests != 1 {
			t.Errorf("%+v, then %+v", res.Outcomes[i], again.Outcomes[i])
		}
	}
}
