package sizing

import (
	"fmt"
	"math"

	"github.com/llmadvise/llmadvise/advisor/catalog"
	"github.com/llmadvise/llmadvise/advisor/quantity"
)

const gib = 1 << 30

// Memory says whether cfg starts and how many requests of contextTokens each fit at once. concurrency is the number of
// requests whose KV cache Total counts; 0 is 1. Sizes are GiB per accelerator.
//
// The identity is vLLM's own: usable share of VRAM = weights + activation peak + driver and communicator + KV cache.
// A configuration fits where at least one request's cache does. The error wraps [ErrShape].
func Memory(cfg *Config, contextTokens, concurrency int) (MemoryPlan, error) {
	return std.Memory(cfg, contextTokens, concurrency)
}

// Memory is [Memory] under the Sizer's constants.
func (z *Sizer) Memory(cfg *Config, contextTokens, concurrency int) (MemoryPlan, error) {
	r, err := z.prepare(cfg)
	if err != nil {
		return MemoryPlan{}, err
	}
	return r.memory(contextTokens, concurrency), nil
}

func (r *replica) memory(contextTokens, concurrency int) MemoryPlan {
	if concurrency < 1 {
		concurrency = 1
	}
	if r.cfg.MaxContext > contextTokens {
		contextTokens = r.cfg.MaxContext
	}
	ctx := math.Max(float64(contextTokens), 1)
	m := MemoryPlan{
		Weights:         r.weights / r.n / gib,
		Activation:      r.activation,
		Overhead:        r.overhead,
		Usable:          r.usable * r.util,
		KVBytesPerToken: r.kvGrow * r.kvElem,
	}
	perRequest := r.kvElements(ctx) * r.kvElem / r.kvSplit / gib
	m.FreeForKV = r.freeForKV(r.util)
	m.KV = float64(concurrency) * perRequest
	m.MaxConcurrency = int(math.Max(0, math.Min(m.FreeForKV/perRequest, 1e6)))
	m.Fits = m.MaxConcurrency >= 1
	if !m.Fits {
		m.Reason = r.whyNot(&m, perRequest, contextTokens)
	}
	m.Total = r.totalEstimate(&m)
	m.Warnings = r.warnings(ctx)
	if r.raised {
		m.Warnings = append(m.Warnings, warnRaised)
	}
	return m
}

// Relative half-widths of the 80 % interval of each part, from the measured rows: weights of published checkpoints
// differ from their format's bits by up to 3 %, activation peaks by a sixth, and driver overhead is known to a third.
const (
	weightsSpread    = 0.03
	kvSpread         = 0.02
	activationSpread = 0.17
	overheadSpread   = 0.35
)

func (r *replica) totalEstimate(m *MemoryPlan) quantity.Estimate {
	total := m.Weights + m.KV + m.Activation + m.Overhead
	spread := math.Sqrt(sq(weightsSpread*m.Weights) + sq(kvSpread*m.KV) + sq(activationSpread*m.Activation) + sq(overheadSpread*m.Overhead))
	return quantity.Estimate{Lo: total - spread, Mid: total, Hi: total + spread, Confidence: confidence, Basis: basisMemory}
}

// warnRaised tells what a user must set.
const warnRaised = "starts only with the engine's memory share raised to 0.95 (gpu_memory_utilization)"

func sq(x float64) float64 { return x * x }

func (r *replica) whyNot(m *MemoryPlan, perRequest float64, contextTokens int) string {
	a := r.cfg.Accelerator
	if m.FreeForKV <= 0 {
		return fmt.Sprintf("%.1f GiB of weights and %.1f GiB of engine memory per accelerator exceed the %.1f GiB that %s lets the engine use",
			m.Weights, m.Activation+m.Overhead, m.Usable, a.ID)
	}
	return fmt.Sprintf("%.2f GiB left for KV cache, one request of %d tokens needs %.2f GiB", m.FreeForKV, contextTokens, perRequest)
}

// usableGiB is the memory that the driver reports. A marketed "GB" of an accelerator is a GiB, less a little that
// the driver keeps.
func usableGiB(a *catalog.Accelerator) float64 {
	if a.UsableGiB > 0 {
		return a.UsableGiB
	}
	if a.Vendor == "Apple" {
		return a.VRAMGB * appleShare
	}
	return a.VRAMGB * driverShare
}
