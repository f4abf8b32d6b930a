package advisor

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/llmadvise/llmadvise/advisor/catalog"
)

// What is asked of the start of an answer and of its stream holds for every option that qualifies, by its expected value, and says why another does not.
func TestStreamingTargetsHold(t *testing.T) {
	t.Parallel()
	w := Workload{QueriesPerMonth: 500_000, TTFT: 600 * time.Millisecond, StreamTokS: ptr(60.0)}
	a := advise(t, w)
	if a.Recommendation.Option == "" {
		t.Fatal("nothing is recommended")
	}
	missed := false
	for _, o := range a.Options {
		if o.Path == PathHybrid {
			continue
		}
		if o.TTFT == nil || o.TPOT == nil {
			t.Errorf("%s: no figures for its stream", o.Name)
			continue
		}
		fast := o.TTFT.Mid <= 600 && o.TPOT.Mid <= 1000.0/60
		if o.Feasible && !fast {
			t.Errorf("%s qualifies with %g ms to the first token and %g ms a token", o.Name, o.TTFT.Mid, o.TPOT.Mid)
		}
		missed = missed || slices.ContainsFunc(o.WhyNot, func(why string) bool { return strings.Contains(why, "the target is 600 ms") })
	}
	if !missed {
		t.Error("no option is told that it starts too late")
	}
	if got := a.Workload.LatencyP95; got < 5*time.Second || got > 10*time.Second {
		t.Errorf("the whole answer may take %v: it is 300 tokens at 60 a second", got)
	}
}

// An endpoint that costs a fraction and misses the target by its typical figure only is named, to be measured.
func TestANearMissOfTheStreamIsNamed(t *testing.T) {
	t.Parallel()
	a := advise(t, Workload{QueriesPerMonth: 1_000_000, TTFT: 300 * time.Millisecond})
	i := slices.IndexFunc(a.Flips, func(f Flip) bool { return f.Driver == FieldTTFT })
	if i < 0 {
		t.Fatalf("no flip names the first token: %+v", a.Flips)
	}
	f := a.Flips[i]
	if !strings.Contains(f.Text, "400 ms") || !strings.Contains(f.Text, "measurement") {
		t.Errorf("the nearest miss is not named: %q", f.Text)
	}
}

// A model that thinks first starts to answer later, whoever serves it.
func TestThinkingComesBeforeTheFirstToken(t *testing.T) {
	t.Parallel()
	w := Workload{QueriesPerMonth: 500_000, TTFT: 1200 * time.Millisecond, ReasoningTokens: ptr(2_000), Models: []string{"gpt-5", "deepseek-r1", "gpt-4.1"}}
	a := advise(t, w)
	for _, o := range a.Options {
		if o.Feasible && o.ModelID != "gpt-4.1" {
			t.Errorf("%s qualifies, and thinks 2,000 tokens before it answers", o.Name)
		}
	}
	if a.Recommendation.Option == "" {
		t.Error("gpt-4.1 does not qualify")
	}
}

// Requests at once are a rate by Little's law, people pause in between, and a rate that was said comes first.
func TestConcurrencyIsARate(t *testing.T) {
	t.Parallel()
	rate := func(w Workload) float64 {
		got, _ := Complete(w)
		return *got.PeakQPS
	}
	for _, c := range []struct {
		name string
		w    Workload
		want float64
	}{
		{"requests", Workload{Concurrency: ptr(20.0)}, 4},
		{"answered sooner", Workload{Concurrency: ptr(20.0), LatencyP95: 2 * time.Second}, 10},
		{"that may take longer", Workload{Concurrency: ptr(20.0), LatencyP95: time.Minute}, 4},
		{"people", Workload{Concurrency: ptr(100.0), ConcurrencyOfPeople: true}, 4},
		{"a rate was said", Workload{Concurrency: ptr(100.0), PeakQPS: ptr(7.0)}, 7},
	} {
		if got := rate(c.w); math.Abs(got-c.want) > 1e-9 {
			t.Errorf("%s: %g queries a second, want %g", c.name, got, c.want)
		}
	}
	w, assumed := Complete(Workload{Concurrency: ptr(20.0)})
	if want := 4 / 3.53 * secondsPerMonth; math.Abs(w.QueriesPerMonth/want-1) > 0.02 {
		t.Errorf("a month of office hours with a peak of 4 a second is %g queries, got %g", want, w.QueriesPerMonth)
	}
	if !slices.ContainsFunc(assumed, func(a Assumption) bool { return a.Field == FieldPeakQPS }) {
		t.Error("the peak is not among the assumptions")
	}
	if w, _ := Complete(Workload{Concurrency: ptr(20.0), QueriesPerMonth: 9_000}); w.QueriesPerMonth != 9_000 {
		t.Errorf("the volume that was said became %g", w.QueriesPerMonth)
	}
}

// Stricter targets and more at once never make an answer cheaper.
func TestStreamingTargetsNeverHelp(t *testing.T) {
	t.Parallel()
	cat := catalog.Default()
	rapid.Check(t, func(t *rapid.T) {
		// Volumes small enough for the least number at once to be above their mean: below it a peak is no peak, and another is assumed.
		w := Workload{QueriesPerMonth: rapid.SampledFrom([]float64{30_000, 300_000}).Draw(t, "volume"), LatencyP95: 30 * time.Second,
			Models: []string{rapid.SampledFrom([]string{"llama-3.1-8b", "llama-3.3-70b", "qwen2.5-72b"}).Draw(t, "model")}, NoDataLeaves: ptr(true)}
		w.TTFT = time.Duration(rapid.IntRange(200, 4_000).Draw(t, "ms")) * time.Millisecond
		w.StreamTokS = ptr(rapid.Float64Range(5, 120).Draw(t, "tokens a second"))
		w.Concurrency = ptr(rapid.Float64Range(1, 60).Draw(t, "at once"))
		before := leastCost(t, w, cat)
		harder := w
		switch rapid.SampledFrom([]string{"first", "stream", "at once"}).Draw(t, "harder") {
		case "first":
			harder.TTFT = w.TTFT * 2 / 3
		case "stream":
			harder.StreamTokS = ptr(*w.StreamTokS * 1.4)
		case "at once":
			harder.Concurrency = ptr(*w.Concurrency * 1.5)
		}
		const guessed = 1.05 // how many replicas a stream's targets take is a guess until a fleet is sized, and the search trusts it so far
		if after := leastCost(t, harder, cat); after*guessed < before {
			t.Errorf("harder costs %g, before %g", after, before)
		}
	})
}
