package sizing

import (
	"github.com/llmadvise/llmadvise/advisor/catalog"
	"github.com/llmadvise/llmadvise/advisor/quantity"
)

// Layout is how one replica spreads a model over its accelerators.
type Layout uint8

// The layouts. TensorParallel splits every layer; LayerSplit (llama.cpp's default) gives each accelerator some layers,
// one working at a time; DataExpert runs attention data-parallel and spreads the experts (DEP in TensorRT-LLM).
const (
	TensorParallel Layout = iota
	LayerSplit
	DataExpert
)

// Config is one replica: a model at a precision on some accelerators under an engine. The zero value of each optional
// field means the engine's default.
type Config struct {
	Model       *catalog.Model
	Accelerator *catalog.Accelerator
	GPUs        int // per replica
	Layout      Layout
	Precision   Precision
	KVPrecision Precision // zero: 16-bit, or FP8 where the weights are FP8 or FP4 and the engine is TensorRT-LLM
	Engine      Engine

	MaxContext         int     // tokens a request may use, for memory; 0: only what the load uses
	MaxSequences       int     // running requests that the engine allows; 0: the engine's default
	PrefixCacheShare   float64 // share of input tokens found in the prefix cache, 0..1; 0 is off
	SpeculativeSpeedup float64 // decode speed-up of speculative decoding, 1..4; 0 or 1 is off
	GPUMemoryUtil      float64 // share of VRAM that the engine may use; 0: the engine's default
	ExpertParallel     bool    // under TensorParallel, each accelerator holds whole experts instead of a slice of each
	Offline            bool    // no server in front: latency counts from inside the engine
	NoNVLink           bool    // cards talk over PCIe even where the accelerator has NVLink
}

// MemoryPlan says what one accelerator of a replica holds. Sizes are GiB per accelerator unless said otherwise.
type MemoryPlan struct {
	Weights, KV, Activation, Overhead float64 // expected
	Total                             quantity.Estimate
	Usable                            float64 // what the engine may use
	FreeForKV                         float64 // Usable - Weights - Activation - Overhead; negative: does not start
	KVBytesPerToken                   float64 // per replica, bytes, for one more token of a long context
	MaxConcurrency                    int     // requests of the given context that fit at once
	Fits                              bool
	Reason                            string // why it does not fit; "" when it does
	Warnings                          []string
}

// Point is a closed-loop load: Concurrency requests in flight at all times.
type Point struct {
	ISL, OSL    int // input and output tokens of a request
	Concurrency int
}

// Performance is what one replica does at one Point.
type Performance struct {
	Batch         float64           // requests decoding together, expected
	TTFT          quantity.Estimate // ms, mean, queueing at the engine included
	TPOT          quantity.Estimate // ms per output token after the first, mean
	DecodePerUser quantity.Estimate // output tokens a second that one user sees while decoding
	OutputTotal   quantity.Estimate // output tokens a second of the replica
	Prefill       quantity.Estimate // input tokens a second of one unloaded prefill
	E2E           quantity.Estimate // seconds, mean, from request to last token
	Warnings      []string
}
