package sizing_test

import (
	"testing"

	"github.com/llmadvise/llmadvise/advisor/catalog"
	"github.com/llmadvise/llmadvise/advisor/sizing"
)

// Every configuration on offer must start, and none may be offered twice or above the model's native precision.
func TestConfigurationsStart(t *testing.T) {
	cat := catalog.Default()
	total := 0
	for i := range cat.Models {
		for k := range cat.Accelerators {
			for _, e := range []sizing.Engine{sizing.VLLM, sizing.LlamaCpp} {
				seen := map[string]bool{}
				for _, c := range sizing.Configurations(&cat.Models[i], &cat.Accelerators[k], e, 2048) {
					total++
					plan, err := sizing.Memory(&c, 2048, 1)
					if err != nil || !plan.Fits {
						t.Fatalf("%s in %s on %d %s: fits %v, %v %s", c.Model.ID, c.Precision, c.GPUs, c.Accelerator.ID, plan.Fits, err, plan.Reason)
					}
					key := c.Precision.Name + string(rune('0'+c.GPUs))
					if seen[key] {
						t.Fatalf("%s in %s on %d %s twice", c.Model.ID, c.Precision, c.GPUs, c.Accelerator.ID)
					}
					seen[key] = true
				}
			}
		}
	}
	if total < 10_000 {
		t.Errorf("only %d configurations over the whole catalog", total)
	}
}

func TestParsePrecision(t *testing.T) {
	for in, want := range map[string]string{
		"fp8": "FP8", "FP16": "FP16", "bfloat16": "BF16", "NVFP4": "FP4", "INT4 AWQ": "AWQ", "AWQ-INT4": "AWQ", "GPTQ-Int8": "INT8", "GPTQ INT4": "INT4",
		"q4_k_m": "Q4_K_M", "Q8_0": "Q8_0", "INT4 (Q4_K_M)": "Q4_K_M", "EXL2 4.0bpw": "EXL2 4.0bpw", "mxfp4": "MXFP4", "F16": "F16", "w4a16": "INT4",
	} {
		p, err := sizing.ParsePrecision(in)
		if err != nil || p.Name != want {
			t.Errorf("%q: %q, %v; want %q", in, p.Name, err, want)
		}
	}
	for _, in := range []string{"", "FP7", "EXL2 0bpw", "EXL2 99bpw", "Q4_K_M2"} {
		if p, err := sizing.ParsePrecision(in); err == nil {
			t.Errorf("%q parsed to %q", in, p.Name)
		}
	}
}

func TestParseEngine(t *testing.T) {
	for in, want := range map[string]sizing.Engine{"": sizing.VLLM, "vLLM": sizing.VLLM, "TensorRT-LLM": sizing.TensorRTLLM, "trt-llm": sizing.TensorRTLLM, "Ollama": sizing.LlamaCpp, "llama.cpp": sizing.LlamaCpp, "SGLang": sizing.SGLang} {
		if got, err := sizing.ParseEngine(in); err != nil || got != want {
			t.Errorf("%q: %v, %v", in, got, err)
		}
	}
	for e := sizing.VLLM; e <= sizing.Neuron; e++ { // names read back
		if got, err := sizing.ParseEngine(e.String()); err != nil || got != e {
			t.Errorf("%v does not read back: %v, %v", e, got, err)
		}
	}
	if _, err := sizing.ParseEngine("frobnicate"); err == nil {
		t.Error("an unknown engine parsed")
	}
}

func FuzzParsePrecision(f *testing.F) {
	for _, s := range []string{"FP8", "INT4 (Q4_K_M)", "EXL2 4.0bpw", "((((", "é"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p, err := sizing.ParsePrecision(s)
		if err == nil && !(p.Bits > 0.5 && p.Bits <= 32) {
			t.Errorf("%q: %+v", s, p)
		}
	})
}

func TestPrecisionsThatNothingServesAreNotOffered(t *testing.T) {
	cat := catalog.Default()
	four := map[string]int{}
	for i := range cat.Models {
		for k := range cat.Accelerators {
			a := &cat.Accelerators[k]
			for _, c := range sizing.Configurations(&cat.Models[i], a, sizing.VLLM, 1500) {
				if c.Precision.Bits < 8 {
					four[a.ID]++
				}
				if a.FP8 == nil && (a.Vendor == "AWS" || a.Vendor == "Google") && c.Precision.Name == sizing.FP8.Name {
					t.Errorf("%s in FP8 on %s", c.Model.ID, a.ID)
				}
			}
		}
	}
	for _, id := range []string{"Inferentia2", "Trainium2", "TPU v5e", "TPU v6e", "Gaudi 3"} {
		if _, ok := cat.Accelerator(id); !ok {
			t.Errorf("no %s", id)
		}
		if n := four[id]; n > 0 {
			t.Errorf("%d configurations with 4-bit weights on %s", n, id)
		}
	}
	if four["A100-SXM-80GB"] == 0 || four["H100-SXM-80GB"] == 0 || four["MI300X"] == 0 {
		t.Errorf("no 4-bit weights left where they are served: %v", four)
	}
}
