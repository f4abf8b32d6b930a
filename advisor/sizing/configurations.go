package sizing

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/llmadvise/llmadvise/advisor/catalog"
)

// Configurations returns the replicas worth weighing for m on a: each sane precision at the smallest number of
// accelerators that fits contextTokens, and the larger powers of two up to 8 while tensor parallelism still divides the
// model. Precisions below the model's native one are offered; above it never.
func Configurations(m *catalog.Model, a *catalog.Accelerator, engine Engine, contextTokens int) []Config {
	return AppendConfigurations(nil, m, a, engine, contextTokens)
}

// AppendConfigurations appends them to out, whose memory a caller that walks a catalog may use again.
func AppendConfigurations(out []Config, m *catalog.Model, a *catalog.Accelerator, engine Engine, contextTokens int) []Config {
	var room [3]Precision
	for _, p := range sanePrecisions(room[:0], m, a, engine) {
		for n := 1; n <= 8; n *= 2 {
			if !splits(m, engine, n) {
				break
			}
			c := Config{Model: m, Accelerator: a, GPUs: n, Precision: p, Engine: engine}
			if engine.llamaCpp() {
				c.Layout = LayerSplit
			}
			r, err := std.prepare(&c)
			if err != nil {
				return out
			}
			if !r.fits(float64(contextTokens)) {
				continue
			}
			out = append(out, c)
		}
	}
	return out
}

// splits reports whether tensor parallelism over n accelerators divides a model: each takes as many attention heads as the others.
func splits(m *catalog.Model, engine Engine, n int) bool {
	return engine.llamaCpp() || m.Heads == 0 || m.Heads%n == 0
}

// Splits returns an error that says which numbers of accelerators divide the model, where an engine that splits every layer cannot use cfg's. The
// engines that may give each accelerator whole layers instead can use any.
func (cfg *Config) Splits() error {
	if cfg.Layout != TensorParallel || cfg.Engine == SingleStream || cfg.Engine == EagerPyTorch || splits(cfg.Model, cfg.Engine, cfg.GPUs) {
		return nil
	}
	var can []string
	for n := 1; n <= 16; n++ {
		if splits(cfg.Model, cfg.Engine, n) {
			can = append(can, strconv.Itoa(n))
		}
	}
	return fmt.Errorf("sizing: %s splits the %d attention heads of %s evenly; take %s, or several replicas of these", cfg.Engine, cfg.Model.Heads, cfg.Model.Name, strings.Join(can, ", "))
}

// fits is MemoryPlan.Fits without the plan.
func (r *replica) fits(ctx float64) bool {
	return r.freeForKV(r.util) >= r.kvElements(max(ctx, 1))*r.kvElem/r.kvSplit/gib
}

// fourBitWeights reports whether there are kernels that serve 4-bit weights (AWQ, GPTQ, MXFP4) on an accelerator. AWS Neuron and
// TPUs serve 16 and 8 bit, Gaudi 16 bit and FP8 (vLLM documentation, "Quantization, supported hardware", v0.9.2 and v0.11.2).
func fourBitWeights(a *catalog.Accelerator) bool {
	return a.Vendor != "AWS" && a.Vendor != "Google" && !strings.HasPrefix(a.ID, "Gaudi")
}

// sanePrecisions: the native one; FP8 where the card multiplies in FP8; FP4 where it does; 4-bit weights elsewhere, 8-bit ones where
// nothing serves those. It is empty for a model that is published in 4 bit where nothing serves it.
func sanePrecisions(ps []Precision, m *catalog.Model, a *catalog.Accelerator, engine Engine) []Precision {
	n := native(m)
	if engine.llamaCpp() {
		if n.Name == MXFP4.Name {
			return append(ps, n)
		}
		q8, _ := GGUFPrecision("Q8_0")
		q4, _ := GGUFPrecision("Q4_K_M")
		return append(ps, q8, q4)
	}
	if !fourBitWeights(a) && (n.Bits < 8 || n.Bits == 8 && a.FP8 == nil) {
		return ps
	}
	ps = append(ps, n)
	if n.Bits == 16 {
		switch {
		case a.FP8 != nil:
			ps = append(ps, FP8)
		case fourBitWeights(a):
			ps = append(ps, INT4)
		default:
			ps = append(ps, INT8)
		}
	}
	if n.Bits >= 8 && a.FP4 != nil && fourBitWeights(a) {
		ps = append(ps, FP4)
	}
	return ps
}

// Format is a way to keep a model's weights, and the engine that serves it.
type Format struct {
	Precision Precision
	Engine    Engine
	Layout    Layout
}

// Formats returns the ways in which people serve m on a, the finest first: what vLLM serves there, down to 4 bit, and llama.cpp's Q4_K_M.
func Formats(m *catalog.Model, a *catalog.Accelerator) []Format {
	var out []Format
	for _, p := range sanePrecisions(nil, m, a, VLLM) {
		out = append(out, Format{Precision: p})
	}
	if native(m).Bits < 8 {
		return out
	}
	if fourBitWeights(a) && !slices.ContainsFunc(out, func(f Format) bool { return f.Precision.Bits < 5 }) {
		out = append(out, Format{Precision: INT4})
	}
	if q4, ok := GGUFPrecision("Q4_K_M"); ok {
		out = append(out, Format{Precision: q4, Engine: LlamaCpp, Layout: LayerSplit})
	}
	return out
}
