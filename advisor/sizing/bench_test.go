package sizing_test

import (
	"testing"
	"time"

	"github.com/llmadvise/llmadvise/advisor/catalog"
	"github.com/llmadvise/llmadvise/advisor/sizing"
)

func BenchmarkPredict(b *testing.B) {
	cfg := config(b, "llama-3.3-70b", "H100", 4, "FP8", sizing.VLLM)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := sizing.Predict(cfg, sizing.Point{ISL: 1200, OSL: 300, Concurrency: 16}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkFleet(b *testing.B) {
	cfg := config(b, "llama-3.3-70b", "H100", 4, "FP8", sizing.VLLM)
	load, slo := sizing.Load{MeanQPS: 2, ISL: 1200, OSL: 300, Shape: sizing.OfficeHours}, sizing.SLO{P95E2E: 5 * time.Second}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := sizing.Fleet(cfg, load, slo, 1); err != nil {
			b.Fatal(err)
		}
	}
}

// Every model on every accelerator in every sane configuration, with a fleet each.
func BenchmarkWholeCatalog(b *testing.B) {
	cat := catalog.Default()
	load, slo := sizing.Load{MeanQPS: 2, ISL: 1200, OSL: 300, Shape: sizing.OfficeHours}, sizing.SLO{P95E2E: 5 * time.Second}
	b.ReportAllocs()
	n := 0
	var configs []sizing.Config
	for b.Loop() {
		n = 0
		for i := range cat.Models {
			for k := range cat.Accelerators {
				configs = sizing.AppendConfigurations(configs[:0], &cat.Models[i], &cat.Accelerators[k], sizing.VLLM, 1500)
				for c := range configs {
					if _, err := sizing.Fleet(&configs[c], load, slo, 1); err != nil {
						b.Fatal(err)
					}
					n++
				}
			}
		}
	}
	b.ReportMetric(float64(n), "configurations")
}
