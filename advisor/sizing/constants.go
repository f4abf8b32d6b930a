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
	VLLMPrefillLayerUS                   float64 // vLLM launches a prefill outside of its graphs, µs per layer
	AllReduceNVLinkUS, AllReducePCIeUS   float64 // latency of one all-reduce, µs
	LinkShare                            float64 // share of link bandwidth that an all-reduce reaches
	StageUS                              float64 // hand-over between cards in a layer split, µs
	LaunchUS                             float64 // added per layer where kernels are launched one by one, µs
	DequantOps                           float64 // arithmetic operations to unpack one weight of 8 bits or less
	ExpertWidth                          float64 // width of an expert at which its products reach half of a wide layer's rate
	ExpertReadWidth                      float64 // width of one card's slice of an expert at which reading it reaches half of a wide matrix's rate
	AttentionMFU                         float64 // share of the BF16 peak that decode attention reaches
	UnmeasuredReach                      float64 // achievable share of the peak on cards without a measured one, against typicalMAMF

	Spread [Metrics]Spread // of the residuals, leave-one-out
}

// Param is one fitted constant. Prior is the starting point, from the sources that Source names or assumed, Fitted where
// the public rows put it, and Low and High are the least and greatest value among the fits that leave one accelerator
// out (0 where no row would be left): how far the value can be trusted. Min and Max bound what is physically plausible.
// A prior that Source says is from rows was read off some of the public rows themselves, before any fit.
type Param struct {
	Name, Unit, Meaning, Source string
	Prior, Fitted, Low, High    float64
	Min, Max                    float64
	At                          func(*Constants) *float64
}

// Params lists the fitted constants. Fitted, Low and High are what `llmadvise eval engine --fit` printed for the public
// rows of 2026-11; run it again when the rows change, and paste its lines here.
func Params() []Param { return table }

var table = []Param{
	{"serving.stream16", "share", "memory bandwidth reached reading 16-bit weights", "prior: own fits of serving runs 0.85, single stream 0.98", 0.88, 0.8524, 0.8276, 0.8626, 0.6, 0.95, func(c *Constants) *float64 { return &c.Serving.Stream16 }},
	{"serving.stream8", "share", "memory bandwidth reached reading 8-bit weights", "prior: aiconfigurator 0.8, own fits 0.85", 0.85, 0.95, 0.9127, 0.95, 0.55, 0.95, func(c *Constants) *float64 { return &c.Serving.Stream8 }},
	{"serving.stream4", "share", "memory bandwidth reached reading 4-bit weights", "prior: vLLM single stream 0.70", 0.76, 0.7724, 0.6904, 0.95, 0.4, 0.95, func(c *Constants) *float64 { return &c.Serving.Stream4 }},
	{"serving.kv_read", "share", "memory bandwidth reached reading the KV cache", "prior: assumed", 0.75, 0.75, 0.641, 0.7899, 0.4, 0.95, func(c *Constants) *float64 { return &c.Serving.KVRead }},
	{"serving.layer", "µs", "launches and synchronisation per layer and step", "prior: own fits of serving runs, 60", 45, 55.41, 51.61, 57.21, 10, 100, func(c *Constants) *float64 { return &c.Serving.LayerUS }},
	{"serving.expert_layer", "µs", "routing and grouped launches, added per MoE layer", "prior: assumed", 50, 37.22, 35.34, 40.57, 5, 150, func(c *Constants) *float64 { return &c.Serving.ExpertLayerUS }},
	{"serving.sequence", "µs", "host work per running request and step", "prior: BLIS 4", 5, 5.708, 4.956, 5.869, 0.5, 30, func(c *Constants) *float64 { return &c.Serving.SeqUS }},
	{"serving.mfu16", "share", "arithmetic peak reached by 16-bit products", "prior: serving fits 0.45-0.55 of peak over MAMF 0.8", 0.65, 0.6301, 0.615, 0.65, 0.35, 0.85, func(c *Constants) *float64 { return &c.Serving.MFU16 }},
	{"serving.mfu8", "share", "arithmetic peak reached by 8-bit products", "prior: as mfu16", 0.6, 0.5503, 0.5335, 0.5697, 0.3, 0.65, func(c *Constants) *float64 { return &c.Serving.MFU8 }},
	{"serving.mfu4", "share", "arithmetic peak reached by 4-bit products", "prior: as mfu16", 0.5, 0.4602, 0.4071, 0.55, 0.2, 0.55, func(c *Constants) *float64 { return &c.Serving.MFU4 }},
	{"serving.dequant_mfu", "factor", "16-bit rate left when weights are unpacked in the kernel", "prior: INT4 against FP8 on H200 at batch 64", 0.5, 0.5719, 0.5434, 0.5774, 0.25, 1, func(c *Constants) *float64 { return &c.Serving.DequantMFU }},
	{"trt.first_token", "ms", "request to first token beyond prefill, TensorRT-LLM", "prior: from rows, serving samples", 100, 100.7, 96.6, 147.9, 10, 250, func(c *Constants) *float64 { return &c.Serving.FirstTokenMS }},
	{"vllm.first_token", "ms", "the same for vLLM", "prior: BLIS, 15.6 ms a request", 15, 8.813, 8.237, 18.5, 5, 100, func(c *Constants) *float64 { return &c.VLLMFirstTokenMS }},
	{"vllm.prefill_layer", "µs", "launching one layer of a prefill, outside of the graphs", "prior: assumed, ten launches of 30 µs", 300, 233.5, 193.3, 446.4, 20, 1500, func(c *Constants) *float64 { return &c.VLLMPrefillLayerUS }},
	{"sglang.first_token", "ms", "the same for SGLang", "prior: assumed", 100, 147.2, 100, 171.8, 10, 250, func(c *Constants) *float64 { return &c.SGLangFirstTokenMS }},
	{"serving.burst", "share", "other requests whose prefill a new one waits for, closed loop", "prior: assumed, one burst in ten rounds", 0.1, 0.1616, 0.1418, 0.1712, 0.01, 0.5, func(c *Constants) *float64 { return &c.Serving.Burst }},
	{"allreduce.nvlink", "µs", "latency of one all-reduce over NVLink", "prior: aiconfigurator 10", 8, 6.919, 6.293, 7.429, 3, 25, func(c *Constants) *float64 { return &c.AllReduceNVLinkUS }},
	{"single.allreduce_pcie", "µs", "latency of one all-reduce over PCIe", "prior: assumed", 30, 62.62, 30, 64.82, 15, 90, func(c *Constants) *float64 { return &c.AllReducePCIeUS }},
	{"link", "share", "link bandwidth that an all-reduce reaches", "prior: assumed", 0.7, 0.6933, 0.5256, 0.7949, 0.2, 0.9, func(c *Constants) *float64 { return &c.LinkShare }},
	{"expert_width", "units", "width of an expert at which its products reach half of a wide layer's rate", "prior: from rows, Qwen3-30B-A3B on B200", 2000, 4000, 4000, 4000, 200, 4000, func(c *Constants) *float64 { return &c.ExpertWidth }},
	{"expert_read_width", "units", "width of one card's slice of an expert at half of the reading rate", "prior: from rows, DeepSeek-V3 under TP8 against EP8", 150, 122.4, 114.3, 144, 1, 2000, func(c *Constants) *float64 { return &c.ExpertReadWidth }},
	{"attention_mfu", "share", "16-bit peak reached by decode attention", "prior: assumed, vector units against matrix units", 0.06, 0.04109, 0.03055, 0.04481, 0.01, 0.4, func(c *Constants) *float64 { return &c.AttentionMFU }},
	{"unmeasured_reach", "factor", "achievable peak on cards without a measured one", "prior: assumed", 0.9, 1, 0.6, 1, 0.6, 1, func(c *Constants) *float64 { return &c.UnmeasuredReach }},
	{"llamacpp.stream16", "share", "as serving.stream16, llama.cpp", "prior: assumed", 0.88, 0.8703, 0.8449, 0.8978, 0.6, 0.95, func(c *Constants) *float64 { return &c.LlamaCpp.Stream16 }},
	{"llamacpp.stream8", "share", "as serving.stream8, llama.cpp", "prior: assumed", 0.85, 0.8332, 0.8332, 0.85, 0.6, 0.95, func(c *Constants) *float64 { return &c.LlamaCpp.Stream8 }},
	{"llamacpp.stream4", "share", "as serving.stream4, llama.cpp", "prior: assumed", 0.78, 0.882, 0.8215, 0.95, 0.5, 0.95, func(c *Constants) *float64 { return &c.LlamaCpp.Stream4 }},
	{"llamacpp.stream_cap", "GB/s", "most that llama.cpp's matrix-vector kernels reach on any card", "prior: from rows, A100 under llama.cpp", 1100, 999.3, 995.9, 1363, 700, 3000, func(c *Constants) *float64 { return &c.LlamaCpp.StreamCapGBps }},
	{"llamacpp.kv_read", "share", "as serving.kv_read, llama.cpp", "prior: from rows, 8k against 1k of output", 0.8, 0.95, 0.95, 0.95, 0.3, 0.95, func(c *Constants) *float64 { return &c.LlamaCpp.KVRead }},
	{"llamacpp.layer", "µs", "as serving.layer, llama.cpp", "prior: assumed", 30, 39.14, 34.02, 45.65, 5, 120, func(c *Constants) *float64 { return &c.LlamaCpp.LayerUS }},
	{"llamacpp.expert_layer", "µs", "as serving.expert_layer, llama.cpp", "prior: assumed", 5, 4.34, 4.2, 4.532, 1, 100, func(c *Constants) *float64 { return &c.LlamaCpp.ExpertLayerUS }},
	{"llamacpp.launch", "µs", "added per layer in builds before CUDA graphs", "prior: from rows, runs of 2024 against 2025", 30, 36.44, 28.8, 41.33, 5, 120, func(c *Constants) *float64 { return &c.LaunchUS }},
	{"llamacpp.mfu16", "share", "as serving.mfu16, llama.cpp", "prior: assumed", 0.9, 0.7303, 0.7303, 0.8422, 0.3, 1, func(c *Constants) *float64 { return &c.LlamaCpp.MFU16 }},
	{"llamacpp.dequant_mfu", "factor", "as serving.dequant_mfu, llama.cpp", "prior: assumed", 0.8, 0.8381, 0.8, 0.8449, 0.3, 1, func(c *Constants) *float64 { return &c.LlamaCpp.DequantMFU }},
	{"llamacpp.compute_cap", "TFLOPS", "most that llama.cpp's matrix kernels reach on any card", "prior: assumed", 110, 86.53, 58.37, 106.3, 40, 400, func(c *Constants) *float64 { return &c.LlamaCpp.ComputeCapTFLOPS }},
	{"stage", "µs", "hand-over between cards in a layer split", "prior: assumed", 60, 65.82, 63.19, 71.48, 10, 400, func(c *Constants) *float64 { return &c.StageUS }},
	{"dequant_ops", "operations", "to unpack one weight on vector units", "prior: from rows, M1 Max and M2 Ultra", 28, 33.6, 30.19, 34.17, 5, 60, func(c *Constants) *float64 { return &c.DequantOps }},
	{"single.stream16", "share", "as serving.stream16, MLC and ExLlama", "prior: assumed", 0.8, 0.7927, 0.8, 0.9312, 0.6, 0.95, func(c *Constants) *float64 { return &c.SingleStream.Stream16 }},
	{"single.stream4", "share", "as serving.stream4, MLC and ExLlama", "prior: assumed", 0.8, 0.95, 0.95, 0.95, 0.5, 0.95, func(c *Constants) *float64 { return &c.SingleStream.Stream4 }},
	{"single.stream_cap", "GB/s", "as llamacpp.stream_cap, MLC and ExLlama", "prior: assumed", 1100, 1532, 1384, 1534, 700, 3000, func(c *Constants) *float64 { return &c.SingleStream.StreamCapGBps }},
	{"single.layer", "µs", "as serving.layer, MLC and ExLlama", "prior: assumed", 30, 33.47, 27.7, 35.37, 5, 120, func(c *Constants) *float64 { return &c.SingleStream.LayerUS }},
	{"eager.stream16", "share", "as serving.stream16, kernels launched one by one", "prior: vLLM 0.6.3", 0.98, 0.8839, 0, 0, 0.6, 0.99, func(c *Constants) *float64 { return &c.Eager.Stream16 }},
	{"eager.stream8", "share", "as serving.stream8, kernels launched one by one", "prior: assumed", 0.86, 0.8989, 0, 0, 0.5, 0.95, func(c *Constants) *float64 { return &c.Eager.Stream8 }},
	{"eager.stream4", "share", "as serving.stream4, kernels launched one by one", "prior: assumed", 0.7, 0.842, 0, 0, 0.4, 0.95, func(c *Constants) *float64 { return &c.Eager.Stream4 }},
	{"eager.layer", "µs", "as serving.layer, kernels launched one by one", "prior: vLLM 0.6.3, 150", 140, 140, 0, 0, 30, 400, func(c *Constants) *float64 { return &c.Eager.LayerUS }},
	{"eager.kv_read", "share", "as serving.kv_read, kernels launched one by one", "prior: assumed", 0.6, 0.7925, 0, 0, 0.3, 0.95, func(c *Constants) *float64 { return &c.Eager.KVRead }},
	{"eager.mfu16", "share", "as serving.mfu16, kernels launched one by one", "prior: assumed", 0.5, 0.85, 0, 0, 0.3, 0.85, func(c *Constants) *float64 { return &c.Eager.MFU16 }},
	{"neuron.stream", "share", "as serving.stream16, Neuron", "prior: assumed", 0.85, 0.7209, 0, 0, 0.6, 0.95, func(c *Constants) *float64 { return &c.Neuron.Stream16 }},
	{"neuron.layer", "µs", "as serving.layer, Neuron, its collectives included", "prior: from rows, Llama-3-8B on Inferentia2", 170, 150.2, 0, 0, 30, 400, func(c *Constants) *float64 { return &c.Neuron.LayerUS }},
	{"neuron.kv_read", "share", "as serving.kv_read, Neuron", "prior: assumed", 0.5, 0.1102, 0, 0, 0.1, 0.95, func(c *Constants) *float64 { return &c.Neuron.KVRead }},
	{"neuron.mfu", "share", "as serving.mfu16, Neuron", "prior: assumed", 0.4, 0.3177, 0, 0, 0.1, 0.9, func(c *Constants) *float64 { return &c.Neuron.MFU16 }},
	{"neuron.first_token", "ms", "as trt.first_token, Neuron", "prior: assumed", 15, 13.91, 0, 0, 2, 60, func(c *Constants) *float64 { return &c.Neuron.FirstTokenMS }},
	{"neuron.burst", "share", "as serving.burst, Neuron: a batch starts together", "prior: assumed", 2, 2, 0, 0, 0.1, 2, func(c *Constants) *float64 { return &c.Neuron.Burst }},
}

// Prior returns the constants as published sources have them, before any fit.
func Prior() Constants { return build(func(p *Param) float64 { return p.Prior }) }

// Default are the constants in use: fitted.
var Default = build(func(p *Param) float64 { return p.Fitted })

// build fills in all constants from the table. Constants that no row tells apart follow a sibling.
func build(value func(*Param) float64) Constants {
	var c Constants
	for i := range table {
		*table[i].At(&c) = value(&table[i])
	}
	c.SingleStream.Stream8 = c.SingleStream.Stream4
	c.LlamaCpp.MFU8, c.LlamaCpp.MFU4 = c.LlamaCpp.MFU16, c.LlamaCpp.MFU16
	c.SingleStream.MFU16, c.SingleStream.MFU8, c.SingleStream.MFU4, c.SingleStream.DequantMFU = c.Serving.MFU16, c.Serving.MFU8, c.Serving.MFU4, c.Serving.DequantMFU
	c.Eager.MFU8, c.Eager.MFU4, c.Eager.DequantMFU = c.Eager.MFU16, c.Eager.MFU16, c.Serving.DequantMFU
	c.Neuron.Stream8, c.Neuron.Stream4 = c.Neuron.Stream16, c.Neuron.Stream16
	c.Neuron.MFU8, c.Neuron.MFU4, c.Neuron.DequantMFU = c.Neuron.MFU16, c.Neuron.MFU16, 1
	for _, p := range []*Profile{&c.SingleStream, &c.Eager, &c.Neuron} {
		p.ExpertLayerUS, p.SeqUS = c.Serving.ExpertLayerUS, c.Serving.SeqUS
	}
	c.LlamaCpp.SeqUS = c.Serving.SeqUS
	c.SingleStream.KVRead = c.Eager.KVRead
	c.LlamaCpp.FirstTokenMS, c.SingleStream.FirstTokenMS, c.Eager.FirstTokenMS = c.VLLMFirstTokenMS, c.VLLMFirstTokenMS, c.VLLMFirstTokenMS
	c.LlamaCpp.Burst, c.SingleStream.Burst, c.Eager.Burst = 1, 1, c.Serving.Burst // one prefill after the other
	c.Spread = spreads
	return c
}

// spreads are the intervals, from the residuals of rows whose accelerator or model was left out of the fit and of all
// rows under the final constants, which unseen rows lie between. Leans put about a third of rows on the side that
// over-states capacity.
var spreads = [Metrics]Spread{
	MetricTTFT: {0.15, 0.15, 0.49, 0.46}, MetricTPOT: {0.05, 0, 0.17, 0.19}, MetricDecode: {-0.03, 0, 0.18, 0.19},
	MetricPrefill: {-0.08, -0.08, 0.60, 0.55}, MetricOutput: {-0.05, -0.08, 0.24, 0.27}, MetricE2E: {0.04, 0.04, 0.33, 0.20}, MetricTail: {0.05, 0.05, 0.50, 0.45},
}

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
	moeWiden = 1.6
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
