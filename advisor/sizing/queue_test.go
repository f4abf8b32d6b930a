package sizing

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/llmadvise/llmadvise/advisor/catalog"
)

// Textbook values of Erlang C.
func TestErlangC(t *testing.T) {
	for _, c := range []struct {
		servers int
		erlangs float64
		want    float64
	}{{1, 0.5, 0.5}, {2, 1, 1.0 / 3}, {10, 8, 0.4092}, {100, 80, 0.0196}, {5, 0, 0}} {
		if got := erlangC(c.servers, c.erlangs); math.Abs(got-c.want) > 5e-4 {
			t.Errorf("erlangC(%d, %g) = %.4f, want %.4f", c.servers, c.erlangs, got, c.want)
		}
	}
}

// The wait formula against a simulated M/M/c queue with a fixed seed.
func TestErlangWaitAgainstSimulation(t *testing.T) {
	const servers, service, rate = 8, 2.0, 3.4 // rho 0.85
	r := rand.New(rand.NewPCG(1, 2))
	free := make([]float64, servers)
	var waits []float64
	now, sum := 0.0, 0.0
	for range 400_000 {
		now += r.ExpFloat64() / rate
		i := 0
		for k, f := range free {
			if f < free[i] {
				i = k
			}
		}
		start := math.Max(now, free[i])
		free[i] = start + r.ExpFloat64()*service
		waits, sum = append(waits, start-now), sum+start-now
	}
	slices.Sort(waits)
	w := erlangWait(servers, rate*service, service, 1)
	for name, c := range map[string][2]float64{
		"mean": {w.mean, sum / float64(len(waits))},
		"p95":  {w.p95, waits[len(waits)*95/100]},
		"p99":  {w.p99, waits[len(waits)*99/100]},
	} {
		if math.Abs(c[0]/c[1]-1) > 0.06 {
			t.Errorf("%s: formula %.3f s, simulation %.3f s", name, c[0], c[1])
		}
	}
}

// The rate at which so many requests run is the inverse of how many run at a rate.
func TestRateOfRunning(t *testing.T) {
	cat := catalog.Default()
	rapid.Check(t, func(t *rapid.T) {
		m := rapid.SampledFrom(cat.Models).Draw(t, "model")
		a := rapid.SampledFrom(cat.Accelerators).Draw(t, "accelerator")
		cfg := Config{Model: &m, Accelerator: &a, GPUs: rapid.SampledFrom([]int{1, 4, 8}).Draw(t, "gpus"), Precision: FP8, Engine: VLLM}
		r, err := std.prepareFitting(&cfg, 3000)
		if err != nil {
			t.Skip("does not fit")
		}
		l := r.under(rapid.Float64Range(1, 2500).Draw(t, "isl"), rapid.Float64Range(1, 500).Draw(t, "osl"))
		rate := l.maxRate() * rapid.Float64Range(1e-6, maxUtilisation).Draw(t, "load")
		running := l.running(rate)
		if running == l.capacity { // at any rate above, too
			t.Skip("all slots taken")
		}
		if got := l.rateOf(running); math.Abs(got/rate-1) > 1e-5 {
			t.Fatalf("%g requests run at %g a second, which is %g", running, rate, got)
		}
	})
}
