// Package sizing predicts what a model needs and does on given accelerators: memory, prefill and decode speed, batching,
// latency under load, and how many replicas a load takes. Every figure is a [quantity.Estimate] with an 80 % interval.
//
// From the bottom up:
//
//   - precision.go: weight formats, with effective bits per weight. engine.go: serving engines.
//   - shape.go: what a [catalog.Model] costs in bytes and operations, by architecture.
//   - memory.go: weights, KV cache, activations and engine overhead against usable VRAM.
//   - speed.go: the rates that a replica reaches, one prefill, communication.
//   - operate.go: one decode step under a load, a closed loop of requests, random arrivals.
//   - predict.go, metric.go: the figures with their intervals.
//   - load.go, fleet.go: Little's law, replicas by queueing, p95 against a target.
//   - configurations.go: which replicas are worth weighing.
//   - constants.go: every fitted constant of the model, with its meaning, unit, source and spread; none is tied to one
//     model or one accelerator. profile.go: which of them hold for which engine. limits.go: what is not fitted.
//   - measure: reads tables of measured rows, scores the model against them and fits the constants.
//
// The model is a roofline with a few physical terms (bandwidth, arithmetic, launch time per layer, all-reduce,
// host time per request), not a table of measurements: it is meant for accelerators and models that nobody has
// measured yet. It does not simulate kernels, and it knows no money.
//
// A constant stays only if held-out rows are worse without it: `llmadvise eval engine --ablate` takes out one after the other.
//
// Doubtful still: prefill and engine memory of today's vLLM (both over-stated on the rows that were measured after the prediction, so
// that a tight fit may be refused that would start), tails under random arrivals near a full KV cache, time to first token under TensorRT-LLM, prefill on
// Apple's GPUs, and every card whose achievable arithmetic nobody measured. How wrong the figures are stands in
// ACCURACY.md of the parent folder, written by `llmadvise eval engine --markdown`; it also says which rows no term explains.
//
// The package never imports net/http, os, or anything of the bot, the knowledge base or the corpus.
package sizing
