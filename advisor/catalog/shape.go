package catalog

import (
	"regexp"
	"strings"
)

// Shape returns the open model that people mean by name, among those that can only be sized too. Fine-tunes, distillations and
// quantised copies keep their base's configuration: for those it returns the base, and like names it; like is empty where
// the catalog has the model itself. Candidates of advice are found by [Catalog.Model] alone.
func (c *Catalog) Shape(name string) (m Model, like string, ok bool) {
	if m, ok = c.shape(name); ok {
		return m, "", true
	}
	short := decimals.ReplaceAllString(name[strings.LastIndexByte(name, '/')+1:], "$1.$2")
	bare := copies.ReplaceAllString(short, "")
	if m, ok = c.shape(bare); ok {
		return m, "", true // the same model, quantised or tuned by its publisher
	}
	for _, r := range relatives {
		loc := r.pattern.FindStringSubmatchIndex(bare)
		if loc == nil {
			continue
		}
		if m, ok = c.shape(string(r.pattern.ExpandString(nil, r.base, bare, loc))); ok {
			return m, m.Name, true
		}
	}
	return Model{}, "", false
}

func (c *Catalog) shape(name string) (Model, bool) {
	ix := c.indexed()
	for _, k := range keysOf(name) { // exact names of either table go before reduced ones
		if i, ok := ix.models[k]; ok {
			return c.Models[i], true
		}
		if i, ok := ix.shapes[k]; ok {
			return c.Shapes[i], true
		}
	}
	return Model{}, false
}

// decimals are version numbers written with an underscore, "internlm2_5".
var decimals = regexp.MustCompile(`([0-9])_([0-9])`)

// copies are the endings that a publisher gives to the same model in another format, tuning or version of its date.
var copies = regexp.MustCompile(`(?i)([-_ ]+(instruct|chat|base|it|pt|hf|gguf|awq|gptq|marlin|w4a16|w8a8|w8a16|fp8|fp16|bf16|nvfp4|fp4|mxfp4|int4|int8|q[2-8]_[0-9a-z_]+|quantized|quantized[.]w4a16|quantized[.]w8a8|quantized[.]w8a16|dynamic|kv|4bit|8bit|g128|preview|thinking|turbo|v0\.[1-9]|v1\.[05]|[0-9]+k|2[3-6](0[1-9]|1[0-2])|(0[1-9]|1[0-2])-?20?2[3-6]|bnb))+$`)

// relatives share the shape of a model of the catalog under another name. The first match counts: special cases go first.
var relatives = []struct {
	pattern *regexp.Regexp
	base    string
}{
	{regexp.MustCompile(`(?i)r1-?distill-?llama-?70b`), "Llama-3.3-70B"},
	{regexp.MustCompile(`(?i)r1-?distill-?qwen-?([0-9.]+b)`), "Qwen2.5-$1"},
	{regexp.MustCompile(`(?i)r1-0528-qwen3-8b`), "Qwen3-8B"},
	{regexp.MustCompile(`(?i)llama-?3\.1-?nemotron-?70b`), "Llama-3.1-70B"},
	{regexp.MustCompile(`(?i)qwen-?2\.5[-_ ]?(?:coder|math|vl|omni)[-_ ]?([0-9.]+b)`), "Qwen2.5-$1"},
	{regexp.MustCompile(`(?i)qwen-?2[-_ ]?(?:math|vl|audio)[-_ ]?([0-9.]+b)`), "Qwen2-$1"},
	{regexp.MustCompile(`(?i)qwen-?3[-_ ]?(?:vl|coder|guard|omni)[-_ ]?([0-9.]+b(?:-?a[0-9.]+b)?)`), "Qwen3-$1"},
	{regexp.MustCompile(`(?i)(?:devstral|magistral)-?small|mistral-?small-?(?:3|24b)`), "Mistral-Small-3.2-24B"},
	{regexp.MustCompile(`(?i)(?:vicuna|wizardlm|orca-?2)[-_ ]?([0-9]+b)`), "Llama-2-$1"},
	{regexp.MustCompile(`(?i)(?:zephyr|mathstral|openchat[-_ ]?3\.5|biomistral|openhermes[-_ ]?2\.5)`), "Mistral-7B-v0.3"},
	{regexp.MustCompile(`(?i)(?:medgemma|shieldgemma-?3|translategemma)[-_ ]?([0-9]+b)`), "Gemma-3-$1"},
	{regexp.MustCompile(`(?i)phi-4-reasoning`), "Phi-4-14B"},
	{regexp.MustCompile(`(?i)kimi-k2`), "Kimi-K2"},
	{regexp.MustCompile(`(?i)deepseek-?(?:v3|r1)\b`), "DeepSeek-V3"},
	{regexp.MustCompile(`(?i)(?:hermes|tulu|nemotron|dolphin|swallow|sauerkraut|bllossom|elyza|typhoon|med42|openbiollm|saul|xlam|watt|functionary|guard)\b.*(llama-?[123](?:\.[0-9])?-?[0-9]+b)`), "$1"},
	{regexp.MustCompile(`(?i)(llama-?(?:guard-?)?3(?:\.[0-9])?-?[0-9]+b)-(?:.*)(?:hermes|tulu|nemotron|dolphin|swallow|tuned|sft|dpo|lora|abliterated)`), "$1"},
	{regexp.MustCompile(`(?i)mixtral-?(8x(?:7|22)b)`), "Mixtral-$1"},
	{regexp.MustCompile(`(?i)^mistral-?7b`), "Mistral-7B-v0.3"},
}
