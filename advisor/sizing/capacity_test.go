package sizing_test

import (
	"testing"
	"time"

	"github.com/llmadvise/llmadvise/advisor/sizing"
)

// What n replicas carry is what a fleet is planned by: a little less takes n of them, a little more takes one more.
func TestCapacityAgreesWithFleet(t *testing.T) {
	for _, c := range []struct {
		model, gpu, precision string
		gpus                  int
		target                time.Duration
	}{
		{"gpt-oss-120b", "A100", "MXFP4", 1, 5 * time.Second},
		{"llama-3.3-70b", "H100", "FP8", 4, 5 * time.Second},
		{"llama-3.1-8b", "L40S", "FP8", 1, 20 * time.Second},
		{"llama-3.1-8b", "L4", "FP8", 1, 0},
	} {
		cfg := config(t, c.model, c.gpu, c.gpus, c.precision, sizing.VLLM)
		load := sizing.Load{ISL: 1200, OSL: 300, Shape: sizing.OfficeHours}
		slo := sizing.SLO{P95E2E: c.target}
		capacity, err := sizing.CapacityOf(cfg, load, slo)
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range []int{1, 2, 5} {
			peak := capacity.QPS(n)
			for factor, want := range map[float64]int{0.999: n, 1.001: n + 1} {
				load.MeanQPS = peak * factor / sizing.PeakFactor(load.Shape)
				plan, err := sizing.Fleet(cfg, load, slo, 0)
				if err != nil {
					t.Fatal(err)
				}
				if plan.Serving != want {
					t.Errorf("%s on %s: %d replicas carry %.3g/s, but %g of that takes %d", c.model, c.gpu, n, peak, factor, plan.Serving)
				}
			}
		}
	}
}

func TestStaircaseAscends(t *testing.T) {
	cfg := config(t, "gpt-oss-120b", "H100", 1, "MXFP4", sizing.VLLM)
	c, err := sizing.CapacityOf(cfg, sizing.Load{ISL: 1200, OSL: 300}, sizing.SLO{P95E2E: 5 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	steps := c.Staircase(11, 37)
	if len(steps) != 37 {
		t.Fatalf("%d steps", len(steps))
	}
	for _, n := range []int{1, 2, 8, 10, 11, 37} {
		if got, want := steps[n-1], c.QPS(n); got != want {
			t.Errorf("%d replicas carry %g, want %g", n, got, want)
		}
	}
	for i := 1; i < len(steps); i++ {
		if steps[i] <= steps[i-1] {
			t.Errorf("%d replicas carry %g, %d carry %g", i+1, steps[i], i, steps[i-1])
		}
		if exact := c.QPS(i + 1); steps[i] > exact*1.02 || steps[i] < exact*0.98 {
			t.Errorf("%d replicas carry %g by the line, %g computed", i+1, steps[i], exact)
		}
	}
}

func BenchmarkStaircase(b *testing.B) {
	cfg := config(b, "gpt-oss-120b", "H100", 1, "MXFP4", sizing.VLLM)
	b.ReportAllocs()
	for b.Loop() {
		c, err := sizing.CapacityOf(cfg, sizing.Load{ISL: 1200, OSL: 300}, sizing.SLO{P95E2E: 5 * time.Second})
		if err != nil {
			b.Fatal(err)
		}
		c.Staircase(1, 8)
	}
}
