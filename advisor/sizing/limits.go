package sizing

import "github.com/llmadvise/llmadvise/advisor/quantity"

// MemoryConstants are the engine's own needs, GiB per accelerator, and its limits. They are measured figures, not fitted.
type MemoryConstants struct {
	Activation, ActivationMoE float64 // activation peak, independent of batch and context
	NonTorch, NonTorchTP      float64 // driver, communicator; on one accelerator and on several
	Util                      float64 // share of VRAM that the engine uses by default
	MaxSequences              int     // requests that it runs at once by default
}

// engineMemory is by engine. vLLM: measured on eight runs on H100 (llm-d-planner, docs/empirical-vllm-memory-results.md);
// activation 4.8-5.6 GiB dense, 7.4 MoE. TensorRT-LLM: activation 3.5 GiB as aiconfigurator reserves it. All other figures,
// among them the limits on requests and the shares of memory of the other engines, are assumed.
var engineMemory = [engines]MemoryConstants{
	VLLM:         {Activation: 5.2, ActivationMoE: 7.4, NonTorch: 0.14, NonTorchTP: 0.55, Util: 0.9, MaxSequences: 256},
	TensorRTLLM:  {Activation: 3.5, ActivationMoE: 5, NonTorch: 0.14, NonTorchTP: 0.5, Util: 0.95, MaxSequences: 2048},
	SGLang:       {Activation: 3.5, ActivationMoE: 5, NonTorch: 0.14, NonTorchTP: 0.5, Util: 0.95, MaxSequences: 1024},
	LlamaCpp:     {Activation: 0.15, ActivationMoE: 0.15, NonTorch: 0.3, NonTorchTP: 0.3, Util: 0.99, MaxSequences: 16},
	LlamaCpp2024: {Activation: 0.15, ActivationMoE: 0.15, NonTorch: 0.3, NonTorchTP: 0.3, Util: 0.99, MaxSequences: 16},
	SingleStream: {Activation: 0.4, ActivationMoE: 0.4, NonTorch: 0.14, NonTorchTP: 0.3, Util: 0.99, MaxSequences: 4},
	EagerPyTorch: {Activation: 1, ActivationMoE: 1.2, NonTorch: 0.6, NonTorchTP: 0.8, Util: 0.95, MaxSequences: 64},
	Neuron:       {Activation: 1, ActivationMoE: 1, NonTorch: 0.5, NonTorchTP: 0.5, Util: 0.95, MaxSequences: 64},
}

const (
	// driverShare of the marketed GB, read as GiB, is what the driver reports: H100 79.18 of 80, A100 79.25, B200 179.06.
	driverShare = 0.99
	// inlineECC is the share of traffic that is data where error-correcting bits lie in the same memory: one sixteenth is theirs, as
	// of its size (NVIDIA on GDDR, Tesla V100 architecture white paper; nvidia-smi reports 46,068 of 49,140 MiB on L40S and A40).
	// HBM has wires of its own for them.
	inlineECC = 15.0 / 16
	// scattered is the rate of reading the KV cache, whose blocks lie all over memory, against that of weights. From rows: of a rate of its
	// own, fitted (0.73 of the data sheet), of 0.9 and of 1, this has the least error where the accelerator or the model is left out.
	scattered = 0.9
	// appleShare of unified memory is what macOS lets the GPU wire down by default.
	appleShare = 0.75
	// raisedUtil is the memory share at which gpt-oss-120b was measured on one H100 (llm-d-planner; it does not start at the
	// default). raisedRequests of raisedContext tokens must fit then, or raising is not worth it: assumed.
	raisedUtil, raisedRequests, raisedContext = 0.95, 8, 4096
	// smallCardGB: below it vLLM schedules 2,048 tokens a step instead of 8,192, so its activations shrink to a quarter
	// (recalled from vLLM's defaults, not measured).
	smallCardGB, smallCardTokens = 70, 0.25
	// pcieLinkGBps is what two cards without NVLink reach between each other at best, GB/s per direction (PCIe 5.0 x16).
	pcieLinkGBps = 64
	// typicalMAMF is the achievable share of the BF16 peak that the fitted MFUs include: H100 0.80, A100 0.87, B200 0.78.
	typicalMAMF = 0.8
	// fallbackTFLOPSPerGBps stands in where no BF16 peak is known: about that of GDDR6 cards.
	fallbackTFLOPSPerGBps = 0.1
	// llamaCppMicroBatch is llama.cpp's default n_ubatch, tokens.
	llamaCppMicroBatch = 512
	// warningWiden widens an interval for each warning that the load lies outside of the measured range: assumed.
	warningWiden = 0.5
	// moeWiden widens the intervals of mixture-of-experts models, set by their held-out residuals: fewer of them were measured, and routers differ.
	moeWiden = 1.3
	// confidence of every interval of the package.
	confidence = 0.8
)

const (
	basisMemory = "sum of parts, each from published sizes"
	basisSpeed  = "roofline fitted to public measurements"
)

// Load. Sources: AzurePublicDataset's LLM inference traces, recomputed; engine notes on office-hours traffic.
const (
	hoursPerMonth    = quantity.HoursPerMonth
	officeHours      = 220.0 // working hours a month
	officeHoursShare = 0.7   // share of an office application's load that falls into them
	minuteOverMean   = 1.52  // busiest minute over mean, chat trace
	// defaultBurstiness is the squared CV of the time between queries, chat trace: 1.09².
	defaultBurstiness = 1.2
	// serviceVariability is the squared CV of service times, assumed: output lengths vary about as much as their mean.
	serviceVariability = 1.0
	// maxUtilisation is the load up to which a replica is planned, assumed: near one, waits grow without bound.
	maxUtilisation = 0.85
	// tailTPOT is the 99th percentile of TPOT over its mean, for targets that bind the tail: assumed.
	tailTPOT = 1.25
	// poissonOfEqualRequests is (Ca²+Cs²)/2 for random arrivals of requests of one length, as benchmarks send them.
	poissonOfEqualRequests = 0.5
	// maxOffered bounds the load of the waiting formula, set by hand on the open-loop rows: in a run of finite length the queue of a full replica stays finite.
	maxOffered = 0.9
	// edgeUtilisation is the load beyond which the length of a queue is not predictable: an error of a few per cent in speed or
	// memory decides over waiting at all.
	edgeUtilisation = 0.95
	// sloUtilisation of the saturated rate is where a server keeps random arrivals stable.
	sloUtilisation = 0.95
	// mostlyIdle: a latency target is not worth more than this many times the replicas that carry the load.
	mostlyIdle = 64
	// maxPrefillShare bounds the share of time that prefills take from decoding in an overloaded replica.
	maxPrefillShare = 0.95
	// latencySpread is the coefficient of variation of a request's latency in a fully used replica, set by hand on
	// the open-loop rows (eight of each percentile).
	latencySpread = 0.15
	// ttftTailPrefills is how many more prefills than the mean the slowest percent of first tokens waits for.
	ttftTailPrefills = 1.0
)
