package sizing_test

import (
	"fmt"

	"github.com/llmadvise/llmadvise/advisor/catalog"
	"github.com/llmadvise/llmadvise/advisor/sizing"
)

func ExampleMemory() {
	cat := catalog.Default()
	model, _ := cat.Model("llama-3.3-70b")
	card, _ := cat.Accelerator("H100")
	cfg := sizing.Config{Model: &model, Accelerator: &card, GPUs: 1, Precision: sizing.FP8, Engine: sizing.VLLM}

	for cfg.GPUs = 1; cfg.GPUs <= 2; cfg.GPUs++ {
		plan, err := sizing.Memory(&cfg, 2048, 1)
		if err != nil {
			panic(err)
		}
		fmt.Printf("%d: weights %.1f GiB per card, fits %v\n", cfg.GPUs, plan.Weights, plan.Fits)
	}
	// Output:
	// 1: weights 67.7 GiB per card, fits false
	// 2: weights 33.8 GiB per card, fits true
}
