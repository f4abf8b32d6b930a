package feeds

import (
	"cmp"
	"compress/gzip"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/llmadvise/llmadvise/advisor/catalog"
	"github.com/llmadvise/llmadvise/advisor/pricing"
)

// gptFeed is a feed in the shape of genai-prices with a model that the catalog knows, at the given JSON of its prices, and
// some more, so that one bad model is no shrinking.
func gptFeed(prices string) string {
	var b strings.Builder
	b.WriteString(`[{"id":"openai","name":"OpenAI","models":[{"id":"gpt-4.1","prices":` + prices + `}`)
	for i := range 9 {
		fmt.Fprintf(&b, `,{"id":"other-%d","prices":{"input_mtok":1,"output_mtok":2}}`, i)
	}
	b.WriteString(`]}]`)
	return b.String()
}

const gptPrices = `{"input_mtok":2,"output_mtok":8,"cache_read_mtok":0.5}`

// poison is a server gone bad. Text is a body; serve is anything else.
type poison struct {
	name  string
	text  string
	serve http.HandlerFunc
	// harmless says that the bytes can be read rightly: nothing need be reported.
	harmless bool
	timeout  time.Duration // 0: the test's
	heavy    bool          // costs the test seconds: one round of it is enough
}

func gzipped(w http.ResponseWriter, write func(io.Writer)) {
	w.Header().Set("Content-Encoding", "gzip")
	gz := gzip.NewWriter(w)
	write(gz)
	_ = gz.Close()
}

// pour writes the same piece n times, until the reader has had enough.
func pour(w io.Writer, piece string, n int) {
	for range n {
		if _, err := io.WriteString(w, piece); err != nil {
			return
		}
	}
}

var poisons = []poison{
	{name: "a thousand times", text: gptFeed(`{"input_mtok":2000,"output_mtok":8000,"cache_read_mtok":500}`)},
	{name: "a thousandth", text: gptFeed(`{"input_mtok":0.002,"output_mtok":0.008,"cache_read_mtok":0.0005}`)},
	{name: "zero", text: gptFeed(`{"input_mtok":0,"output_mtok":0,"cache_read_mtok":0}`)},
	{name: "negative", text: gptFeed(`{"input_mtok":-2,"output_mtok":-8,"cache_read_mtok":-0.5}`)},
	{name: "NaN", text: gptFeed(`{"input_mtok":NaN,"output_mtok":NaN,"cache_read_mtok":NaN}`)},
	{name: "infinite", text: gptFeed(`{"input_mtok":Infinity,"output_mtok":-Infinity,"cache_read_mtok":1e400}`)},
	{name: "strings", text: gptFeed(`{"input_mtok":"2","output_mtok":"cheap","cache_read_mtok":""}`)},
	{name: "objects", text: gptFeed(`{"input_mtok":{"base":"x"},"output_mtok":[1],"cache_read_mtok":{}}`)},
	{name: "named twice", text: gptFeed(`{"input_mtok":2,"input_mtok":1.9,"output_mtok":8,"output_mtok":7,"cache_read_mtok":0.5,"cache_read_mtok":0.4}`)},
	{name: "a model listed twice", text: gptFeed(gptPrices + `},{"id":"gpt-4.1","prices":{"input_mtok":1,"output_mtok":1,"cache_read_mtok":0.1}`)},
	{name: "prices are text", text: gptFeed(`"free"`)},
	{name: "truncated", text: gptFeed(gptPrices)[:150]},
	{name: "empty", text: ""},
	{name: "HTML", text: "<!doctype html><html><body><h1>503</h1></body></html>"},
	{name: "HTML that says it is JSON", serve: func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, "\n\n <html>{}</html>")
	}},
	{name: "negotiated prices from the network", text: "prices:\n  - {provider: openai, model: gpt-4.1, input: 0.01, output: 0.01}\n"},
	{name: "deep nesting", heavy: true, text: strings.Repeat("[", 5_000_000)},
	{name: "deep nesting inside", text: gptFeed(strings.Repeat(`{"a":`, 200_000) + "1" + strings.Repeat("}", 200_000))},
	{name: "a bill of a billion laughs", text: "prices:\n- &a [x,x,x,x,x,x,x,x,x]\n- &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\n- &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\n- &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\n- [*d,*d,*d,*d,*d,*d,*d,*d]\n"},
	{name: "a table with an open quote", text: "InstanceType,AcceleratorName,Price\n\"" + strings.Repeat("x", 1<<20)},
	{name: "a million models", heavy: true, text: manyModels(1_000_000)},
	{name: "a byte order mark", text: "\xef\xbb\xbf" + gptFeed(gptPrices), harmless: true},
	{name: "bytes that are no text", text: strings.Replace(gptFeed(gptPrices), "OpenAI", "Open\xff\xfeAI", 1), harmless: true},
	{name: "two GB of zeros in gzip", heavy: true, serve: func(w http.ResponseWriter, _ *http.Request) {
		gzipped(w, func(w io.Writer) { pour(w, strings.Repeat("\x00", 1<<20), 2048) })
	}},
	{name: "two GB of JSON in gzip", heavy: true, serve: func(w http.ResponseWriter, _ *http.Request) {
		gzipped(w, func(w io.Writer) {
			_, _ = io.WriteString(w, "[")
			pour(w, strings.Repeat(`{"id":"x","models":[]},`, 40_000), 2048)
		})
	}},
	{name: "gzip in gzip", heavy: true, serve: func(w http.ResponseWriter, _ *http.Request) {
		gzipped(w, func(w io.Writer) {
			gz := gzip.NewWriter(w)
			pour(gz, strings.Repeat("\x00", 1<<20), 20)
			_ = gz.Close()
		})
	}},
	{name: "endless chunks", heavy: true, serve: func(w http.ResponseWriter, _ *http.Request) { pour(w, strings.Repeat(" ", 1<<16), 1<<20) }},
	{name: "too short for its length", serve: func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100000")
		_, _ = io.WriteString(w, gptFeed(gptPrices)[:300])
	}},
	{name: "redirect to the metadata service", serve: func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://169.254.169.254/latest/meta-data/iam/security-credentials/", http.StatusFound)
	}},
	{name: "redirect to a file", serve: func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", "file:///etc/passwd")
		w.WriteHeader(http.StatusFound)
	}},
	{name: "slow loris", timeout: 200 * time.Millisecond, serve: func(w http.ResponseWriter, r *http.Request) {
		for _, b := range gptFeed(`{"input_mtok":0.01,"output_mtok":0.01}`) { // a byte now and then, for ever if it may
			if _, err := fmt.Fprintf(w, "%c", b); err != nil {
				return
			}
			w.(http.Flusher).Flush()
			select {
			case <-r.Context().Done():
				return
			case <-time.After(20 * time.Millisecond):
			}
		}
	}},
	{name: "not modified, though nothing was asked", serve: func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotModified) }, harmless: true},
	{name: "no content", serve: func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }},
	{name: "headers without end", serve: func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("X", strings.Repeat("x", 1<<20)) }},
	{name: "hangs up", serve: func(w http.ResponseWriter, _ *http.Request) {
		if c, _, err := w.(http.Hijacker).Hijack(); err == nil {
			_ = c.Close()
		}
	}},
}

func manyModels(n int) string {
	var b strings.Builder
	b.WriteString("{")
	for i := range n {
		fmt.Fprintf(&b, `"%d":{"litellm_provider":0},`, i)
	}
	b.WriteString(`"last":{}}`)
	return b.String()
}

// TestPoisonedFeeds runs every poison through a real server, the fetcher and the refresher, three times over, once after a
// good reading and once as the very first one. No price changes, each is reported, and memory stays bounded.
func TestPoisonedFeeds(t *testing.T) {
	const mostMemory = 256 << 20 // bytes of heap beyond what was there; the limit of a feed is 32 MiB, read into pieces it is more
	for _, p := range poisons {
		t.Run(p.name, func(t *testing.T) {
			for _, first := range []bool{false, true} {
				st := poisoned(t, p, first, mostMemory)
				if o := gpt(t, st); o == nil || *o.Rates.Input != 2 || *o.Rates.Output != 8 || *o.Rates.CacheRead != 0.5 || o.Free {
					t.Errorf("first reading %v: GPT-4.1 is now %+v", first, o)
				}
			}
		})
	}
}

// poisoned refreshes three times from a poisoned server, after a good reading or as the first one.
func poisoned(t *testing.T, p poison, first bool, mostMemory uint64) *memStore {
	t.Helper()
	var bad atomic.Bool
	bad.Store(first)
	addr := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch {
		case !bad.Load():
			_, _ = io.WriteString(w, gptFeed(gptPrices))
		case p.serve != nil:
			p.serve(w, r)
		default:
			_, _ = io.WriteString(w, p.text)
		}
	})
	st := &memStore{}
	f := newTestFetcher(t, func(o *Options) { o.Timeout, o.Attempts = cmp.Or(p.timeout, 10*time.Second), 1 })
	r := NewRefresher(slog.New(slog.DiscardHandler), f, st, []Source{{Name: "f", URL: addr + "/feed.json"}})
	if !first {
		if res := refresh(t, r); !res.Outcomes[0].Fresh {
			t.Fatalf("the good feed: %+v", res.Outcomes[0])
		}
	}
	bad.Store(true)
	rounds := 3
	if p.heavy {
		rounds = 1
	}
	for range rounds {
		var res Result
		if peak := peakHeap(func() { res = refresh(t, r) }); peak > mostMemory {
			t.Errorf("%d MiB of heap", peak>>20)
		} else if p.heavy {
			t.Logf("%d MiB of heap at most; %s", peak>>20, res.Outcomes[0].Problem)
		}
		o := res.Outcomes[0]
		if reported := o.Problem != "" || o.Quarantined > 0; !reported && !p.harmless {
			t.Errorf("not reported: %+v", o)
		}
		if len(o.Problem) > 300 {
			t.Errorf("a message of %d bytes: %.80s", len(o.Problem), o.Problem)
		}
	}
	return st
}

// gpt is GPT-4.1 in the catalog under the stored prices.
func gpt(t *testing.T, st *memStore) *catalog.Offer {
	t.Helper()
	cat := catalog.Default()
	if st.snap != nil {
		cat = pricing.Apply(st.snap, cat, catalog.DateOf(time.Now())).Catalog
	}
	o, ok := cat.Offer("openai/gpt-4.1")
	if !ok {
		return nil
	}
	return &o
}

// peakHeap runs f and returns the most heap that was in use beyond what was there before, sampled each millisecond.
func peakHeap(f func()) uint64 {
	runtime.GC()
	heap := func() uint64 {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before, done, most := heap(), make(chan struct{}), make(chan uint64)
	go func() {
		peak := before
		for {
			select {
			case <-done:
				most <- max(peak, heap())
				return
			case <-time.After(time.Millisecond):
				peak = max(peak, heap())
			}
		}
	}()
	f()
	close(done)
	return <-most - before
}
