package measure

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/llmadvise/llmadvise/advisor/catalog"
	"github.com/llmadvise/llmadvise/advisor/sizing"
)

// Case is a row made ready for prediction.
type Case struct {
	Row      *Row
	Config   sizing.Config
	Replicas int // equal replicas whose throughput the row sums
	ISL, OSL int
	load     loadKind
	conc     int     // for closed loop
	rate     float64 // requests a second, for open loop
	slo      [2]float64
	mlperf   bool
	wholeE2E bool // decode speed published as output tokens over the whole time, prefill included
	widen    bool // the model's shape is estimated
}

type loadKind uint8

const (
	closed loadKind = iota
	saturated
	underSLO
	open
)

// Resolver turns rows into cases with the models and accelerators of a catalog.
type Resolver struct {
	Catalog *catalog.Catalog
	models  map[string]*catalog.Model
	gpus    map[string]*catalog.Accelerator
}

// NewResolver returns a Resolver over c.
func NewResolver(c *catalog.Catalog) *Resolver {
	return &Resolver{Catalog: c, models: map[string]*catalog.Model{}, gpus: map[string]*catalog.Accelerator{}}
}

// Resolve reads a row. The error says why the row is skipped.
func (v *Resolver) Resolve(r *Row) (*Case, error) {
	acc, err := v.accelerator(r.GPU)
	if err != nil {
		return nil, err
	}
	model, estimated, err := v.model(r.Model, r.ParamsB)
	if err != nil {
		return nil, err
	}
	p, err := precision(r, model)
	if err != nil {
		return nil, err
	}
	c := &Case{Row: r, Replicas: 1, ISL: r.ISL, OSL: r.OSL, widen: estimated}
	c.Config = sizing.Config{Model: model, Accelerator: acc, GPUs: r.NGPU, Precision: p, Engine: engineOf(r)}
	c.source()
	c.layout()
	c.tokens()
	if err := c.loading(); err != nil {
		return nil, err
	}
	return c, nil
}

func (v *Resolver) accelerator(name string) (*catalog.Accelerator, error) {
	if a, ok := v.gpus[name]; ok {
		return a, nil
	}
	a, ok := v.Catalog.Accelerator(name)
	if !ok {
		return nil, fmt.Errorf("accelerator %q is not in the catalog", name)
	}
	v.gpus[name] = &a
	return &a, nil
}

func (v *Resolver) model(name string, paramsB float64) (*catalog.Model, bool, error) {
	key := fmt.Sprint(name, "|", paramsB)
	if m, ok := v.models[key]; ok {
		return m, strings.HasPrefix(m.Family, estimatedFamily), nil
	}
	m, _, ok := v.Catalog.Shape(name)
	if !ok {
		if paramsB <= 0 {
			paramsB = paramsFromName(name)
		}
		if paramsB <= 0 {
			return nil, false, fmt.Errorf("model %q is not in the catalog and its size is not given (params_b)", name)
		}
		m = EstimateModel(name, paramsB*1e9)
	}
	v.models[key] = &m
	return &m, strings.HasPrefix(m.Family, estimatedFamily), nil
}

var sizeInName = regexp.MustCompile(`(?i)(?:^|[^0-9a-z.])([0-9]+(?:\.[0-9]+)?)b(?:$|[^a-z0-9])`)

func paramsFromName(name string) float64 {
	m := sizeInName.FindStringSubmatch(name)
	if m == nil {
		return 0
	}
	v, _ := strconv.ParseFloat(m[1], 64)
	return v
}

func precision(r *Row, m *catalog.Model) (sizing.Precision, error) {
	if r.Quant == "" {
		return sizing.Precision{}, nil
	}
	q := r.Quant
	if e := engineOf(r); e == sizing.LlamaCpp || e == sizing.LlamaCpp2024 { // llama.cpp has its own formats of these widths
		switch strings.ToUpper(q) {
		case "INT8":
			q = "Q8_0"
		case "INT4":
			q = "Q4_K_M"
		case "FP16", "F16":
			q = "F16"
		}
		if p, ok := sizing.GGUFPrecision(q); ok {
			return p, nil
		}
	}
	return sizing.ParsePrecision(q)
}

// engineWords find the engine in a note or source, first match wins.
var engineWords = []struct {
	word   string
	engine sizing.Engine
}{
	{"trtllm", sizing.TensorRTLLM}, {"tensorrt", sizing.TensorRTLLM}, {"sglang", sizing.SGLang},
	{"exllama", sizing.SingleStream}, {"mlc", sizing.SingleStream}, {"llama.cpp", sizing.LlamaCpp}, {"ollama", sizing.LlamaCpp},
	{"deepspeed", sizing.EagerPyTorch}, {"transformers", sizing.EagerPyTorch}, {"vllm", sizing.VLLM},
	{"neuron", sizing.Neuron}, {"mlperf", sizing.TensorRTLLM}, {"model-optimizer", sizing.TensorRTLLM},
	{"inferentia", sizing.Neuron}, {"trainium", sizing.Neuron},
}

func engineOf(r *Row) sizing.Engine {
	source, note := strings.ToLower(r.Source), strings.ToLower(r.Note)
	if strings.Contains(source, "qwen published") { // Qwen2.5's page says vLLM 0.6.3, Qwen3's SGLang 0.4.6
		if strings.HasPrefix(strings.ToLower(r.Model), "qwen3") {
			return sizing.SGLang
		}
		return sizing.EagerPyTorch
	}
	for _, text := range []string{note, source, strings.ToLower(r.GPU)} {
		for _, w := range engineWords {
			if strings.Contains(text, w.word) {
				if w.engine == sizing.VLLM && beforeGraphs(source) {
					return sizing.EagerPyTorch
				}
				if w.engine == sizing.LlamaCpp && (strings.HasPrefix(source, "llama.cpp community") || strings.Contains(source, "2024")) {
					return sizing.LlamaCpp2024 // those runs are of April and May 2024
				}
				return w.engine
			}
		}
	}
	return sizing.VLLM
}

// beforeGraphs: comparisons of early 2024 ran a vLLM that launched its kernels one by one.
func beforeGraphs(source string) bool {
	return strings.Contains(source, "2024") || strings.Contains(source, "mlc")
}

// source applies what is known of how a source measures.
func (c *Case) source() {
	s, note := strings.ToLower(c.Row.Source), strings.ToLower(c.Row.Note)
	c.mlperf = strings.Contains(s, "mlperf")
	c.wholeE2E = strings.Contains(s, "qwen published")
	c.Config.Offline = strings.Contains(note, "unloaded") || strings.Contains(note, "static batch")
	c.Config.NoNVLink = strings.Contains(note, "over pcie")
	if strings.Contains(s, "serving samples") && c.Config.Precision.Arithmetic != sizing.Arith16 {
		c.Config.KVPrecision = sizing.FP8 // NVIDIA's checkpoints name an FP8 cache, which every engine follows
	}
	if i := strings.Index(note, "max_num_seqs "); i >= 0 {
		_, _ = fmt.Sscanf(note[i:], "max_num_seqs %d", &c.Config.MaxSequences)
	}
}

var tpInNote = regexp.MustCompile(`(?i)\bTP(\d+)\b`)

var epInNote = regexp.MustCompile(`(?i)\bEP(\d+)\b`)

func (c *Case) layout() {
	note := strings.ToLower(c.Row.Note)
	switch {
	case strings.Contains(note, "layer split"):
		c.Config.Layout = sizing.LayerSplit
	case strings.HasPrefix(note, "dep"):
		c.Config.Layout = sizing.DataExpert
	case (c.Config.Engine == sizing.LlamaCpp || c.Config.Engine == sizing.LlamaCpp2024) && c.Config.GPUs > 1:
		c.Config.Layout = sizing.LayerSplit
	}
	if m := epInNote.FindStringSubmatch(note); m != nil && m[1] != "1" {
		c.Config.ExpertParallel = true
	}
	if m := tpInNote.FindStringSubmatch(note); m != nil && c.Config.Engine != sizing.Neuron {
		if tp, err := strconv.Atoi(m[1]); err == nil && tp > 0 && c.Row.NGPU%tp == 0 {
			c.Config.GPUs, c.Replicas = tp, c.Row.NGPU/tp
		}
	}
}

// stopsEarly: the open-loop runs state the output length that requests ask for, and generation ends a little before. Their
// own rows show it: (mean end to end - mean TTFT) / mean TPOT is 0.77 to 0.94 of the stated length, median 0.9.
const stopsEarly = 0.9

// tokens fills in lengths that a row leaves out: MLPerf's from its data sets, chat-sized ones elsewhere.
func (c *Case) tokens() {
	if c.mlperf && (c.ISL < 0 || c.OSL < 0) {
		d := mlperfDataset(c.Row)
		c.ISL, c.OSL, c.slo = d.isl, d.osl, d.server
		if strings.HasPrefix(strings.ToLower(c.Row.Note), "interactive") {
			c.slo = d.interactive
		}
		return
	}
	if strings.Contains(strings.ToLower(c.Row.Source), "open-loop runs") {
		c.OSL = int(stopsEarly * float64(c.OSL))
	}
	if c.ISL < 0 {
		c.ISL = 128
	}
	if c.OSL < 0 {
		c.OSL = 512
	}
	if c.OSL == 0 { // a prefill row
		c.OSL = 1
	}
}

// dataset is one of MLPerf Inference's, mean tokens; targets are p99 TTFT and TPOT in seconds of the rules' server and
// interactive scenarios. Output lengths and Llama-2's targets stand in the rows' notes; the rest is recalled from the
// benchmark's rules, not fetched.
type dataset struct {
	word                string
	isl, osl            int
	server, interactive [2]float64
}

var datasets = []dataset{
	{"openorca+", 425, 145, [2]float64{2, 0.2}, [2]float64{0.5, 0.04}},
	{"openorca", 294, 294, [2]float64{2, 0.2}, [2]float64{0.45, 0.04}},
	{"cnn-dailymail", 870, 128, [2]float64{2, 0.1}, [2]float64{0.5, 0.03}},
	{"longbench", 9400, 684, [2]float64{6, 0.175}, [2]float64{4.5, 0.08}},
	{"mixtral", 425, 145, [2]float64{2, 0.2}, [2]float64{0.5, 0.04}},
	{"llama-2", 294, 294, [2]float64{2, 0.2}, [2]float64{0.45, 0.04}},
	{"gpt-j", 870, 69, [2]float64{2, 0.2}, [2]float64{2, 0.2}},
	{"405b", 9400, 684, [2]float64{6, 0.175}, [2]float64{4.5, 0.08}},
	{"llama-3.1-8b", 870, 128, [2]float64{2, 0.1}, [2]float64{0.5, 0.03}},
	{"deepseek", 800, 3880, [2]float64{2, 0.08}, [2]float64{1.5, 0.015}},
}

func mlperfDataset(r *Row) dataset {
	text := strings.ToLower(r.Note + " " + r.Model)
	for _, d := range datasets {
		if strings.Contains(text, d.word) {
			return d
		}
	}
	return dataset{isl: 294, osl: 294, server: [2]float64{2, 0.2}, interactive: [2]float64{0.5, 0.04}}
}

var rateForm = regexp.MustCompile(`^rate=([0-9.]+)(?:->([0-9.]+))?/s$`)

// loading reads the concurrency column: a number, "max", "slo", "rate=6/s" or a rate that rises, "rate=5->10/s".
func (c *Case) loading() error {
	s := strings.ToLower(strings.TrimSpace(c.Row.Concurrency))
	switch {
	case s == "":
		c.conc = 1
	case s == "max":
		c.load = saturated
	case s == "slo":
		c.load = underSLO
		if c.slo[0] == 0 {
			c.slo = [2]float64{2, 0.1}
		}
	case strings.HasPrefix(s, "rate="):
		m := rateForm.FindStringSubmatch(s)
		if m == nil {
			return fmt.Errorf("cannot read the rate %q; write rate=6/s", c.Row.Concurrency)
		}
		c.load, c.rate = open, number(m[1], 0)
		if m[2] != "" {
			c.rate = (c.rate + number(m[2], c.rate)) / 2
		}
	default:
		n, err := strconv.ParseFloat(s, 64)
		if err != nil || n < 1 {
			return fmt.Errorf("cannot read the concurrency %q; write a number, max, slo or rate=6/s", c.Row.Concurrency)
		}
		c.conc = int(n)
	}
	return nil
}
