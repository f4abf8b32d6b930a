package measure

import (
	"fmt"
	"io"
	"math"
	"strings"

	"github.com/llmadvise/llmadvise/advisor/quantity"
	"github.com/llmadvise/llmadvise/advisor/sizing"
)

// MemoryRow is one measured memory figure with the columns of the public memory table.
type MemoryRow struct {
	Model, Quant, Source, Kind, Note, GPU string
	ParamsB                               float64
	Context, NGPU                         int
	GB                                    float64 // decimal gigabytes, per accelerator
}

func newMemoryRow(rec []string, at map[string]int) MemoryRow {
	r := newRow(rec, at)
	get := func(name string) string {
		if i, ok := at[name]; ok && i < len(rec) {
			return strings.TrimSpace(rec[i])
		}
		return ""
	}
	return MemoryRow{
		Model: r.Model, Quant: r.Quant, Source: r.Source, Note: r.Note, GPU: r.GPU, ParamsB: r.ParamsB, NGPU: r.NGPU,
		Kind: get("kind"), Context: int(number(get("ctx"), 0)), GB: number(get("measured_or_parser_gb"), 0),
	}
}

// referenceGPU stands in where a memory table does not name its card: vLLM's runs were on it, and what one process holds
// on an otherwise empty card does not depend on the card.
const referenceGPU = "H100-SXM-80GB"

// PredictMemory returns the row's figure in GB, or why there is none.
func (v *Resolver) PredictMemory(r *MemoryRow, z *sizing.Sizer) (quantity.Estimate, error) {
	gpu := r.GPU
	if gpu == "" {
		gpu = referenceGPU
	}
	acc, err := v.accelerator(gpu)
	if err != nil {
		return quantity.Estimate{}, err
	}
	model, estimated, err := v.model(r.Model, r.ParamsB)
	if err != nil {
		return quantity.Estimate{}, err
	}
	as := &Row{Source: r.Source, Model: r.Model, Quant: r.Quant, Note: r.Note}
	cfg := sizing.Config{Model: model, Accelerator: acc, GPUs: tensorParallel(r), Engine: memoryEngine(as, r.Kind)}
	if cfg.Precision, err = precision(as, model); err != nil {
		return quantity.Estimate{}, err
	}
	if u := utilInNote(r.Note); u > 0 {
		cfg.GPUMemoryUtil = u
	}
	plan, err := z.Memory(&cfg, r.Context, 1)
	if err != nil {
		return quantity.Estimate{}, err
	}
	if strings.Contains(r.Source, "engine comparison") { // read off the card, not from the framework's own count
		plan.KV += plan.Activation + plan.Overhead
	}
	return memoryFigure(r.Kind, &plan, estimated)
}

func memoryEngine(as *Row, kind string) sizing.Engine {
	if strings.HasPrefix(kind, "parser") || strings.Contains(as.Source, "gguf") {
		return sizing.LlamaCpp
	}
	return engineOf(as)
}

func tensorParallel(r *MemoryRow) int {
	if m := tpInNote.FindStringSubmatch(r.Note); m != nil {
		return max(1, int(number(m[1], 1)))
	}
	return max(1, r.NGPU)
}

func utilInNote(note string) float64 {
	const key = "gpu_memory_utilization "
	i := strings.Index(note, key)
	if i < 0 {
		return 0
	}
	var u float64
	_, _ = fmt.Sscanf(note[i+len(key):], "%g", &u) // 0 where there is no number
	return u
}

const gib = 1 << 30

// memoryFigure picks what the kind of row measures.
func memoryFigure(kind string, p *sizing.MemoryPlan, estimated bool) (quantity.Estimate, error) {
	var mid, spread float64
	switch kind {
	case "weights_file", "vllm_weights", "weights":
		mid, spread = p.Weights, 0.03
	case "vllm_activation_peak":
		mid, spread = p.Activation, 0.2
	case "vllm_non_torch":
		mid, spread = p.Overhead, 0.35
	case "vllm_kv_available":
		mid, spread = p.FreeForKV, 0.06
	case "vllm_kv_tokens": // not GB: how many tokens the cache holds, as vLLM prints at its start
		tokens := math.Max(0, p.FreeForKV) * gib / p.KVBytesPerToken
		return quantity.Estimate{Lo: tokens * 0.94, Mid: tokens, Hi: tokens * 1.06, Confidence: 0.8, Basis: "sum of parts"}, nil
	case "measured_total", "parser_total": // what one process holds: weights and cache, plus little
		mid, spread = p.Weights+p.KV, 0.06
	case "measured_total_hf_peak":
		return quantity.Estimate{}, fmt.Errorf("peak of a run that keeps 32-bit logits of the whole prompt: no serving engine does")
	case "", "total", "vram":
		return scale(p.Total, quantity.GBFromGiB(1)), nil
	default:
		return quantity.Estimate{}, fmt.Errorf("unknown kind %q", kind)
	}
	if estimated {
		spread *= 2
	}
	mid = quantity.GBFromGiB(mid)
	return quantity.Estimate{Lo: mid * (1 - spread), Mid: mid, Hi: mid * (1 + spread), Confidence: 0.8, Basis: "sum of parts"}, nil
}

// EvaluateMemory predicts every row of a memory table and scores it by kind.
func (v *Resolver) EvaluateMemory(r io.Reader, z *sizing.Sizer) ([]Score, error) {
	all, err := readAll(r)
	if err != nil {
		return nil, err
	}
	at := columns(all[0])
	var results []Result
	for _, rec := range all[1:] {
		row := newMemoryRow(rec, at)
		e, err := v.PredictMemory(&row, z)
		res := Result{Row: &Row{Metric: row.Kind, Value: row.GB}, Got: e}
		if err != nil {
			res.Skipped = err.Error()
		}
		results = append(results, res)
	}
	return GroupBy(results, func(r *Result) string { return r.Row.Metric }), nil
}
