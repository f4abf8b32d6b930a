package sizing

// Profile holds the constants of one family of engines. Shares are of the data sheet's figure.
type Profile struct {
	Stream16, Stream8, Stream4 float64 // share of memory bandwidth while reading weights of 16, 8 and 4 bits
	StreamCapGBps              float64 // bandwidth that the family's matrix-vector kernels reach on any card; 0: no cap
	KVRead                     float64 // share of memory bandwidth while reading the KV cache
	LayerUS, ExpertLayerUS     float64 // µs per layer that neither bandwidth nor arithmetic explains; the second is added for MoE layers
	SeqUS                      float64 // host time per running request and step, µs
	MFU16, MFU8, MFU4          float64 // share of achievable arithmetic peak in prefill, by arithmetic format
	DequantMFU                 float64 // factor on MFU16 for formats that are dequantised in the kernel
	ComputeCapTFLOPS           float64 // peak that the family's matrix kernels reach on any card; 0: no cap
	FirstTokenMS               float64 // from request to first token beyond prefill: HTTP, tokenizer, scheduler, sampling
	Burst                      float64 // in closed loop, share of the other requests whose prefill a new one waits for
}

// Constants are all numbers of the speed model that are not facts about a model or a card.
type Constants struct {
	Serving, LlamaCpp, SingleStream, Eager, Neuron Profile

	VLLMFirstTokenMS, SGLangFirstTokenMS float64 // FirstTokenMS of these two; Serving's is TensorRT-LLM's
	AllReduceNVLinkUS, AllReducePCIeUS   float64 // latency of one all-reduce, µs
	LinkShare                            float64 // share of link bandwidth that an all-reduce reaches
	StageUS                              float64 // hand-over between cards in a layer split, µs

	Spread [Metrics]Spread // of the residuals, leave-one-out
}

// Default are the constants in use.
var Default = Constants{
	Serving: Profile{
		Stream16: 0.88, Stream8: 0.85, Stream4: 0.76, KVRead: 0.75, LayerUS: 45, ExpertLayerUS: 50, SeqUS: 5,
		MFU16: 0.65, MFU8: 0.6, MFU4: 0.5, DequantMFU: 0.5, FirstTokenMS: 100, Burst: 0.1,
	},
	LlamaCpp: Profile{
		Stream16: 0.88, Stream8: 0.85, Stream4: 0.78, StreamCapGBps: 1100, KVRead: 0.5, LayerUS: 60, ExpertLayerUS: 30, SeqUS: 20,
		MFU16: 0.9, MFU8: 0.8, MFU4: 0.8, DequantMFU: 0.8, ComputeCapTFLOPS: 110, FirstTokenMS: 15, Burst: 0.5,
	},
	SingleStream: Profile{
		Stream16: 0.8, Stream8: 0.8, Stream4: 0.8, KVRead: 0.6, LayerUS: 30, ExpertLayerUS: 30, SeqUS: 20,
		MFU16: 0.6, MFU8: 0.6, MFU4: 0.6, DequantMFU: 0.6, FirstTokenMS: 15, Burst: 0.5,
	},
	Eager: Profile{
		Stream16: 0.98, Stream8: 0.86, Stream4: 0.7, KVRead: 0.6, LayerUS: 140, ExpertLayerUS: 100, SeqUS: 20,
		MFU16: 0.5, MFU8: 0.5, MFU4: 0.4, DequantMFU: 0.5, FirstTokenMS: 30, Burst: 0.5,
	},
	Neuron: Profile{
		Stream16: 0.85, Stream8: 0.85, Stream4: 0.85, KVRead: 0.5, LayerUS: 170, ExpertLayerUS: 100, SeqUS: 20,
		MFU16: 0.4, MFU8: 0.4, MFU4: 0.4, DequantMFU: 1, FirstTokenMS: 15, Burst: 0.5,
	},
	VLLMFirstTokenMS: 35, SGLangFirstTokenMS: 100, AllReduceNVLinkUS: 8, AllReducePCIeUS: 30, LinkShare: 0.7, StageUS: 60,
	Spread: [Metrics]Spread{
		MetricTTFT: {0.1, 0.5, 0.5}, MetricTPOT: {0.03, 0.15, 0.15}, MetricDecode: {-0.03, 0.2, 0.2},
		MetricPrefill: {-0.05, 0.4, 0.4}, MetricOutput: {-0.05, 0.3, 0.3}, MetricE2E: {0.05, 0.25, 0.25}, MetricTail: {0.1, 0.4, 0.4},
	},
}

// MemoryConstants are the engine's own needs, GiB per accelerator, and its limits. They are measured figures, not fitted.
type MemoryConstants struct {
	Activation, ActivationMoE float64 // activation peak, independent of batch and context
	NonTorch, NonTorchTP      float64 // driver, communicator; on one accelerator and on several
	Util                      float64 // share of VRAM that the engine uses by default
	MaxSequences              int     // requests that it runs at once by default
}

// engineMemory is by engine. vLLM: measured on eight runs on H100 (llm-d-planner, docs/empirical-vllm-memory-results.md);
// activation 4.8-5.6 GiB dense, 7.4 MoE. TensorRT-LLM: KV takes 95 % of what its engine build leaves free; activation
// as aiconfigurator reserves it plus its runtime. llama.cpp: compute buffers of the README's runs. Others: assumed alike.
var engineMemory = [engines]MemoryConstants{
	VLLM:         {Activation: 5.2, ActivationMoE: 7.4, NonTorch: 0.14, NonTorchTP: 0.55, Util: 0.9, MaxSequences: 256},
	TensorRTLLM:  {Activation: 3.5, ActivationMoE: 5, NonTorch: 0.14, NonTorchTP: 0.5, Util: 0.95, MaxSequences: 2048},
	SGLang:       {Activation: 3.5, ActivationMoE: 5, NonTorch: 0.14, NonTorchTP: 0.5, Util: 0.95, MaxSequences: 1024},
	LlamaCpp:     {Activation: 0.15, ActivationMoE: 0.15, NonTorch: 0.3, NonTorchTP: 0.3, Util: 0.99, MaxSequences: 16},
	SingleStream: {Activation: 0.4, ActivationMoE: 0.4, NonTorch: 0.14, NonTorchTP: 0.3, Util: 0.99, MaxSequences: 4},
	EagerPyTorch: {Activation: 1, ActivationMoE: 1.2, NonTorch: 0.6, NonTorchTP: 0.8, Util: 0.95, MaxSequences: 64},
	Neuron:       {Activation: 1, ActivationMoE: 1, NonTorch: 0.5, NonTorchTP: 0.5, Util: 0.95, MaxSequences: 64},
}

const (
	// driverShare of the marketed GB, read as GiB, is what the driver reports: H100 79.18 of 80, A100 79.25, B200 179.06.
	driverShare = 0.99
	// appleShare of unified memory is what macOS lets the GPU wire down by default.
	appleShare = 0.75
	// smallCardGB: below it vLLM schedules 2,048 tokens a step instead of 8,192, so its activations shrink to a quarter.
	smallCardGB, smallCardTokens = 70, 0.25
	// pcieLinkGBps is what two cards without NVLink reach between each other at best, GB/s per direction (PCIe 5.0 x16).
	pcieLinkGBps = 64
	// typicalMAMF is the achievable share of the BF16 peak that the fitted MFUs include: H100 0.80, A100 0.87, B200 0.78.
	typicalMAMF = 0.8
	// fallbackTFLOPSPerGBps stands in where no BF16 peak is known: about that of GDDR6 cards.
	fallbackTFLOPSPerGBps = 0.1
	// llamaCppMicroBatch is llama.cpp's default n_ubatch, tokens.
	llamaCppMicroBatch = 512
	// confidence of every interval of the package.
	confidence = 0.8
)

const (
	basisMemory = "sum of parts, each from published sizes"
	basisSpeed  = "roofline fitted to public measurements"
)

// Load. Sources: AzurePublicDataset's LLM inference traces, recomputed; engine notes on office-hours traffic.
const (
	hoursPerMonth    = 730.0
	officeHours      = 220.0 // working hours a month
	officeHoursShare = 0.7   // share of an office application's load that falls into them
	minuteOverMean   = 1.52  // busiest minute over mean, chat trace
	// defaultBurstiness is the squared CV of the time between queries, chat trace: 1.09².
	defaultBurstiness = 1.2
	// serviceVariability is the squared CV of service times: output lengths vary about as much as their mean.
	serviceVariability = 1.0
	// maxUtilisation is the load up to which a replica is planned: above it waits grow without bound.
	maxUtilisation = 0.85
	// maxOffered bounds the load of the waiting formula: in a run of finite length the queue of a full replica stays finite.
	maxOffered = 0.97
	// sloUtilisation of the saturated rate is where a server keeps random arrivals stable.
	sloUtilisation = 0.95
	// latencySpread is the coefficient of variation of a request's latency in a fully used replica, from the open-loop rows.
	latencySpread = 0.25
	// ttftTailPrefills is how many more prefills than the mean the slowest percent of first tokens waits for.
	ttftTailPrefills = 1.0
)
