package index

import (
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/llmadvise/llmadvise/knowledge"
	"github.com/llmadvise/llmadvise/knowledge/embed"
)

// benchSize is the number of passages; LLMADVISE_BENCH_PASSAGES=100000 makes it the large one.
func benchSize(b *testing.B) int {
	if s := os.Getenv("LLMADVISE_BENCH_PASSAGES"); s != "" {
		var n int
		if _, err := fmt.Sscan(s, &n); err != nil {
			b.Fatal(err)
		}
		return n
	}
	return 10_000
}

func staticEmbedder(b testing.TB) knowledge.Embedder {
	b.Helper()
	e, err := embed.Default()
	if err != nil {
		b.Fatal(err)
	}
	return e
}

// benchQueries are of the length that people ask in, of words as frequent as those of the passages.
func benchQueries() []string {
	var out []string
	for d := range synthetic(2000) {
		w := strings.Fields(d.Chunks[0].Text)
		out = append(out, strings.Join(w[:8], " "))
	}
	return out
}

// BenchmarkSearch reports the 50th and 99th percentile of hybrid queries against a durable index, each query new to the
// cache, beside the time that scanning the vectors alone takes at the bandwidth of this machine's memory.
func BenchmarkSearch(b *testing.B) {
	n := benchSize(b)
	x := open(b, b.TempDir(), staticEmbedder(b), Options{CacheQueries: -1})
	if _, err := x.Sync(b.Context(), "bench", "", synthetic(n), nil); err != nil {
		b.Fatal(err)
	}
	queries := benchQueries()
	for _, mode := range []Mode{Hybrid, BM25, Dense} {
		b.Run(string(mode), func(b *testing.B) {
			var took []time.Duration
			i := 0
			for b.Loop() {
				start := time.Now()
				ps, err := x.SearchMode(b.Context(), queries[i%len(queries)], 8, knowledge.Scope{}, mode)
				if err != nil || len(ps) == 0 {
					b.Fatal(ps, err)
				}
				took = append(took, time.Since(start))
				i++
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
			if mode != BM25 {
				b.ReportMetric(scanLimit(n*x.emb.Dims()*4)*1000, "limit-ms")
			}
		})
	}
}

// scanLimit returns the seconds in which this machine reads that many bytes with all its processors, the best of five.
func scanLimit(bytes int) float64 {
	buf := make([]uint64, bytes/8)
	for i := range buf {
		buf[i] = uint64(i)
	}
	best := time.Hour
	for range 5 {
		start := time.Now()
		sums := make(chan uint64)
		parts := slices.Collect(slices.Chunk(buf, max(1, len(buf)/runtime.NumCPU())))
		for _, part := range parts {
			go func() {
				var a, b, c, d uint64
				for i := 0; i+4 <= len(part); i += 4 {
					a, b, c, d = a+part[i], b+part[i+1], c+part[i+2], d+part[i+3]
				}
				sums <- a + b + c + d
			}()
		}
		for range parts {
			<-sums
		}
		best = min(best, time.Since(start))
	}
	return best.Seconds()
}

// BenchmarkIngest reports passages a second into a durable index with the static table.
func BenchmarkIngest(b *testing.B) {
	const n = 10_000
	var docs []knowledge.Document
	for d := range synthetic(n) {
		docs = append(docs, d)
	}
	for b.Loop() {
		x, err := Open(b.Context(), quiet, b.TempDir(), staticEmbedder(b), Options{})
		if err != nil {
			b.Fatal(err)
		}
		start := time.Now()
		if _, err := x.Sync(b.Context(), "bench", "", each(docs...), nil); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(n/time.Since(start).Seconds(), "passages/s")
		x.Close()
	}
}

// BenchmarkOpen reports how long a durable index takes to open, and the memory it then holds.
func BenchmarkOpen(b *testing.B) {
	n := benchSize(b)
	dir, emb := b.TempDir(), staticEmbedder(b)
	x := open(b, dir, emb, Options{})
	if _, err := x.Sync(b.Context(), "bench", "", synthetic(n), nil); err != nil {
		b.Fatal(err)
	}
	x.Close()
	runtime.GC()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for b.Loop() {
		y, err := Open(b.Context(), quiet, dir, emb, Options{})
		if err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		runtime.GC()
		runtime.ReadMemStats(&after)
		b.ReportMetric(float64(int64(after.HeapAlloc)-int64(before.HeapAlloc))/(1<<20), "MiB-heap")
		y.Close()
		b.StartTimer()
	}
}
