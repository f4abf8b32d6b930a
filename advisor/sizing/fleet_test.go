package sizing_test

import (
	"testing"
	"time"

	"github.com/llmadvise/llmadvise/advisor/sizing"
)

// 300k queries a month of 1,200/300 tokens at a p95 of 5 s: latency decides, not load.
func TestFleetOfTheWorkedCase(t *testing.T) {
	load := sizing.Load{MeanQPS: 300_000 / (730 * 3600.0), ISL: 1200, OSL: 300, Shape: sizing.OfficeHours}
	slo := sizing.SLO{P95E2E: 5 * time.Second}
	for _, c := range []struct {
		model, gpu, precision string
		n                     int
		meets                 bool
	}{
		{"llama-3.3-70b", "H100", "FP8", 2, false},
		{"llama-3.3-70b", "H100", "FP8", 4, true},
		{"llama-3.3-70b", "H200", "FP8", 1, false},
		{"gpt-oss-120b", "H100", "MXFP4", 2, true},
		{"llama-3.1-8b", "H100", "BF16", 1, true},
	} {
		plan, err := sizing.Fleet(config(t, c.model, c.gpu, c.n, c.precision, sizing.VLLM), load, slo, 1)
		if err != nil {
			t.Fatal(err)
		}
		if plan.Meets != c.meets {
			t.Errorf("%s on %d %s: meets %v, want %v; p95 %.1f s, %s", c.model, c.n, c.gpu, plan.Meets, c.meets, plan.P95.Mid, plan.Why)
		}
		if c.meets && (plan.Serving != 1 || plan.Replicas != 2 || plan.GPUs != 2*c.n) {
			t.Errorf("%s on %d %s: %d serving of %d replicas, %d GPUs; one and a spare should do", c.model, c.n, c.gpu, plan.Serving, plan.Replicas, plan.GPUs)
		}
		if !c.meets && plan.Why == "" {
			t.Errorf("%s on %d %s: misses the target and does not say why", c.model, c.n, c.gpu)
		}
	}
}

func TestFleetGrowsWithLoad(t *testing.T) {
	cfg := config(t, "llama-3.1-8b", "L40S", 1, "FP8", sizing.VLLM)
	plan, err := sizing.Fleet(cfg, sizing.Load{MeanQPS: 50, PeakFactor: 1, ISL: 1000, OSL: 300}, sizing.SLO{P95E2E: 20 * time.Second}, 1)
	if err != nil {
		t.Fatal(err)
	}
	if !plan.Meets || plan.Serving < 4 {
		t.Errorf("50 queries a second on %d L40S (meets %v): one does about %.1f", plan.Serving, plan.Meets, plan.MaxQPSReplica)
	}
	if got := plan.PeakQPS / float64(plan.Serving) / plan.MaxQPSReplica; got > 0.86 {
		t.Errorf("replicas planned at %.0f %% of their limit", 100*got)
	}
	if want := 50 / (plan.MaxQPSReplica * float64(plan.Replicas)); plan.UtilisationMean < want*0.999 || plan.UtilisationMean > want*1.001 {
		t.Errorf("mean utilisation %.3f, want %.3f", plan.UtilisationMean, want)
	}
}

// Where one replica carries the load but too slowly, more of them must bring the latency down to the target.
func TestFleetGrowsForLatency(t *testing.T) {
	cfg := config(t, "llama-3.3-70b", "H100", 4, "FP8", sizing.VLLM)
	load := sizing.Load{MeanQPS: 2, ISL: 1200, OSL: 300, Shape: sizing.OfficeHours}
	none, err := sizing.Fleet(cfg, load, sizing.SLO{}, 0)
	if err != nil {
		t.Fatal(err)
	}
	tight, err := sizing.Fleet(cfg, load, sizing.SLO{P95E2E: 5 * time.Second}, 0)
	if err != nil {
		t.Fatal(err)
	}
	if none.P95.Mid <= 5 {
		t.Fatalf("without a target p95 is %.1f s already: the case tests nothing", none.P95.Mid)
	}
	if !tight.Meets || tight.Serving <= none.Serving || tight.P95.Mid > 5 {
		t.Errorf("%d replicas at %.1f s (meets %v) for a target of 5 s, %d without one", tight.Serving, tight.P95.Mid, tight.Meets, none.Serving)
	}
}

func TestPeakFactors(t *testing.T) {
	if f := sizing.PeakFactor(sizing.OfficeHours); f < 3.4 || f > 3.7 { // 0.7*730/220*1.52
		t.Errorf("office hours: %.2f", f)
	}
	if f := sizing.PeakFactor(sizing.BatchShape); f != 1 {
		t.Errorf("batch: %.2f", f)
	}
}
