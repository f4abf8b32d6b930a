package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"slices"
	"strings"

	gguf "github.com/gpustack/gguf-parser-go"

	"github.com/llmadvise/llmadvise/advisor/catalog"
	"github.com/llmadvise/llmadvise/advisor/quantity"
	"github.com/llmadvise/llmadvise/advisor/sizing"
	"github.com/llmadvise/llmadvise/advisor/sizing/measure"
)

// sizeCmd predicts memory and speed of one configuration, or of each row of a table.
type sizeCmd struct {
	Model       string  `help:"Open model, e.g. llama-3.3-70b." xor:"what"`
	GGUF        string  `help:"Read the model from the header of this GGUF file." name:"gguf" type:"path" xor:"what" placeholder:"FILE"`
	CSV         string  `help:"Predict each row of a table of throughput or memory measurements; - reads standard input." name:"csv" type:"path" xor:"what" placeholder:"FILE"`
	VRAMCSV     string  `help:"As --csv, for a table of memory measurements." name:"vram-csv" type:"path" xor:"what" placeholder:"FILE"`
	GPU         string  `help:"Accelerator, e.g. H100 or \"RTX 4090\"." name:"gpu"`
	GPUs        int     `help:"Accelerators per replica." name:"gpus" default:"1"`
	Precision   string  `help:"Weight format: BF16, FP8, FP4, INT4, Q4_K_M ... Default: the model's own."`
	KVPrecision string  `help:"Format of the KV cache: BF16 or FP8. Default: the engine's." name:"kv-precision"`
	Engine      string  `help:"vllm, trt-llm, sglang, llama.cpp (Ollama), exllama, transformers or neuron." default:""`
	Layout      string  `help:"How accelerators share the model: tp, layer-split or dep. Default: the engine's." enum:",tp,layer-split,dep" default:""`
	ISL         int     `help:"Input tokens of a request." name:"isl" default:"1024"`
	OSL         int     `help:"Output tokens of a request." name:"osl" default:"256"`
	Concurrency int     `help:"Requests in flight." default:"1"`
	Context     int     `help:"Tokens that each request may use, for memory. Default: input and output."`
	PrefixCache float64 `help:"Share of input tokens found in the prefix cache, 0 to 1."`
	Speculative float64 `help:"Decode speed-up that speculative decoding brings, 1 to 4."`
	NoNVLink    bool    `help:"Accelerators talk over PCIe." name:"no-nvlink"`
	JSON        bool    `help:"Machine-readable output."`
}

func (c *sizeCmd) Run(a *app) error {
	switch {
	case c.CSV != "":
		return c.table(a, c.CSV)
	case c.VRAMCSV != "":
		return c.table(a, c.VRAMCSV)
	}
	cfg, err := c.config()
	if err != nil {
		return err
	}
	return c.one(a, cfg)
}

func (c *sizeCmd) config() (*sizing.Config, error) {
	cat := catalog.Default()
	cfg := &sizing.Config{
		GPUs: c.GPUs, MaxContext: c.Context, PrefixCacheShare: c.PrefixCache, SpeculativeSpeedup: c.Speculative, NoNVLink: c.NoNVLink,
	}
	if c.GPU == "" {
		return nil, usagef("name the accelerator: --gpu H100")
	}
	acc, ok := cat.Accelerator(c.GPU)
	if !ok {
		return nil, usagef("unknown accelerator %q; try H100, A100, L40S or \"RTX 4090\"", c.GPU)
	}
	cfg.Accelerator = &acc
	if err := c.modelAndFormat(cat, cfg); err != nil {
		return nil, err
	}
	if c.GPUs < 1 || c.GPUs > 1024 {
		return nil, usagef("--gpus must be 1 to 1024, got %d", c.GPUs)
	}
	if c.Context < 0 {
		return nil, usagef("--context is a number of tokens, got %d", c.Context)
	}
	if !(c.PrefixCache >= 0 && c.PrefixCache <= 1) { // NaN is neither
		return nil, usagef("--prefix-cache is a share from 0 to 1, got %g", c.PrefixCache)
	}
	if c.Speculative != 0 && !(c.Speculative >= 1 && c.Speculative <= 4) {
		return nil, usagef("--speculative is a speed-up from 1 to 4, got %g", c.Speculative)
	}
	if err := c.layout(cfg); err != nil {
		return nil, err
	}
	if err := cfg.Splits(); err != nil {
		return nil, usageError{fmt.Errorf("--gpus %d: %w", c.GPUs, err)}
	}
	return cfg, nil
}

func (c *sizeCmd) modelAndFormat(cat *catalog.Catalog, cfg *sizing.Config) (err error) {
	if cfg.Engine, err = sizing.ParseEngine(c.Engine); err != nil {
		return usageError{err}
	}
	if c.Precision != "" {
		if cfg.Precision, err = sizing.ParsePrecision(c.Precision); err != nil {
			return usageError{err}
		}
	}
	if c.KVPrecision != "" {
		if cfg.KVPrecision, err = sizing.ParsePrecision(c.KVPrecision); err != nil {
			return usageError{err}
		}
		if !cfg.KVPrecision.HoldsKV(cfg.Engine) {
			return usagef("--kv-precision is BF16 or FP8, with llama.cpp also Q8_0 or Q4_0; got %q", c.KVPrecision)
		}
	}
	if c.GGUF != "" {
		return c.readGGUF(cfg)
	}
	if c.Model == "" {
		return usagef("name the model: --model llama-3.3-70b, or --gguf FILE, or --csv FILE")
	}
	m, _, ok := cat.Shape(c.Model)
	if !ok {
		return usagef("unknown model %q; try llama-3.3-70b or gpt-oss-120b, or --gguf FILE", c.Model)
	}
	cfg.Model = &m
	if c.Engine == "" && cfg.Precision.GGUF {
		cfg.Engine = sizing.LlamaCpp
	}
	return nil
}

func (c *sizeCmd) layout(cfg *sizing.Config) error {
	switch c.Layout {
	case "layer-split":
		cfg.Layout = sizing.LayerSplit
	case "dep":
		cfg.Layout = sizing.DataExpert
	case "":
		if cfg.Engine == sizing.LlamaCpp {
			cfg.Layout = sizing.LayerSplit
		}
	}
	return nil
}

// readGGUF makes a model of a file's header. Weights are then what the file holds, not an estimate.
func (c *sizeCmd) readGGUF(cfg *sizing.Config) error {
	if _, err := os.Stat(c.GGUF); errors.Is(err, fs.ErrNotExist) {
		return usagef("there is no file %s", c.GGUF)
	}
	f, err := gguf.ParseGGUFFile(c.GGUF, gguf.SkipLargeMetadata(), gguf.UseMMap())
	if err != nil {
		return fmt.Errorf("read %s: %w; is it a GGUF file?", c.GGUF, err)
	}
	meta, arch := f.Metadata(), f.Architecture()
	m := ggufModel(meta, arch)
	cfg.Model = &m
	if c.Engine == "" {
		cfg.Engine = sizing.LlamaCpp
	}
	bits := 8 * float64(meta.Size) / float64(meta.Parameters)
	cfg.Precision = sizing.FilePrecision(meta.FileType.String(), bits)
	return nil
}

func ggufModel(meta gguf.GGUFMetadata, arch gguf.GGUFArchitecture) catalog.Model {
	m := catalog.Model{
		ID: meta.Name, Name: meta.Name, Family: meta.Architecture,
		Layers: int(arch.BlockCount), Hidden: int(arch.EmbeddingLength),
		Heads: int(arch.AttentionHeadCount), KVHeads: int(arch.AttentionHeadCountKV), HeadDim: int(arch.AttentionKeyLength),
		Vocab: int(arch.VocabularyLength), Context: int(arch.MaximumContextLength),
		ParamsTotal: float64(meta.Parameters), ParamsActive: float64(meta.Parameters),
		Experts: int(arch.ExpertCount), ExpertsPerToken: int(arch.ExpertUsedCount), KV: catalog.GQA,
	}
	if m.Experts > 0 && m.ExpertsPerToken > 0 { // three matrices of hidden x expert width in each expert
		width := float64(arch.ExpertFeedForwardLength)
		if width == 0 && len(arch.FeedForwardLength) > 0 {
			width = float64(arch.FeedForwardLength[0])
		}
		expert := 3 * float64(m.Hidden) * width * float64(m.Layers)
		m.ParamsActive = math.Max(0, m.ParamsTotal-expert*float64(m.Experts-m.ExpertsPerToken))
	}
	return m
}

// interval is an estimate as JSON prints it.
type interval struct {
	Low   float64 `json:"low"`
	Value float64 `json:"value"`
	High  float64 `json:"high"`
	Unit  string  `json:"unit,omitempty"`
}

func toInterval(e quantity.Estimate, unit string) *interval {
	return &interval{quantity.RoundSig(e.Lo, 4), quantity.RoundSig(e.Mid, 4), quantity.RoundSig(e.Hi, 4), unit}
}

// sizeOutput is the documented shape of `size --json`. Memory is GiB per accelerator; a null figure means that the
// configuration does not start.
type sizeOutput struct {
	Version      int       `json:"version"`
	Model        string    `json:"model"`
	ShapeOf      string    `json:"shape_of,omitempty"` // the model whose layers and sizes stand in for one that is not in the catalog
	GPU          string    `json:"gpu"`
	GPUs         int       `json:"gpus"`
	Precision    string    `json:"precision"`
	Engine       string    `json:"engine"`
	ISL          int       `json:"isl"`
	OSL          int       `json:"osl"`
	Concurrency  int       `json:"concurrency"`
	VRAM         *interval `json:"vram"`
	VRAMParts    vramParts `json:"vram_parts"`
	Fits         bool      `json:"fits"`
	WhyNot       string    `json:"why_not,omitempty"`
	TTFT         *interval `json:"ttft_ms"`
	TPOT         *interval `json:"tpot_ms"`
	Decode       *interval `json:"decode_tok_s"`
	Output       *interval `json:"out_tok_s_total"`
	Prefill      *interval `json:"prefill_tok_s"`
	E2E          *interval `json:"e2e_s"`
	Confidence   float64   `json:"interval_confidence"`
	Basis        string    `json:"basis"`
	Warnings     []string  `json:"warnings"`
	MaxRequests  int       `json:"max_concurrency"`
	RunningBatch float64   `json:"running_requests"`
	Waiting      int       `json:"waiting_requests"` // of those in flight, what waits until others are done
}

type vramParts struct {
	Weights    float64 `json:"weights"`
	KV         float64 `json:"kv_cache"`
	Activation float64 `json:"activation"`
	Overhead   float64 `json:"overhead"`
	Usable     float64 `json:"usable"`
	KVPerToken float64 `json:"kv_bytes_per_token"`
}

func (c *sizeCmd) one(a *app, cfg *sizing.Config) error {
	plan, err := sizing.Memory(cfg, c.ISL+c.OSL, c.Concurrency)
	if err != nil {
		return err
	}
	if plan.Fits && c.Concurrency > plan.MaxConcurrency { // the others wait, and hold no memory
		if plan, err = sizing.Memory(cfg, c.ISL+c.OSL, plan.MaxConcurrency); err != nil {
			return err
		}
	}
	out := sizeOutput{
		Version: 1, Model: cfg.Model.ID, GPU: cfg.Accelerator.ID, GPUs: cfg.GPUs, Precision: sizing.Resolved(cfg).Name, Engine: cfg.Engine.String(),
		ISL: c.ISL, OSL: c.OSL, Concurrency: c.Concurrency, VRAM: toInterval(plan.Total, "GiB"), Fits: plan.Fits, WhyNot: plan.Reason,
		VRAMParts:   vramParts{round(plan.Weights), round(plan.KV), round(plan.Activation), round(plan.Overhead), round(plan.Usable), plan.KVBytesPerToken},
		Confidence:  plan.Total.Confidence,
		MaxRequests: plan.MaxConcurrency, Warnings: append([]string{}, plan.Warnings...),
	}
	if c.Model != "" {
		if _, like, _ := catalog.Default().Shape(c.Model); like != "" {
			out.Model, out.ShapeOf = c.Model, like
		}
	}
	p, err := sizing.Predict(cfg, sizing.Point{ISL: c.ISL, OSL: c.OSL, Concurrency: c.Concurrency})
	var unfit *sizing.UnfitError
	switch {
	case errors.As(err, &unfit):
	case err != nil:
		return usageError{err}
	default:
		out.TTFT, out.TPOT = toInterval(p.TTFT, ""), toInterval(p.TPOT, "")
		out.Decode, out.Output = toInterval(p.DecodePerUser, ""), toInterval(p.OutputTotal, "")
		out.Prefill, out.E2E = toInterval(p.Prefill, ""), toInterval(p.E2E, "")
		out.Basis, out.RunningBatch = p.TPOT.Basis, quantity.RoundSig(p.Batch, 4)
		out.Waiting = max(0, c.Concurrency-int(math.Ceil(p.Batch)))
	}
	if n, most := max(c.ISL+c.OSL, c.Context), cfg.Model.Context; most > 0 && n > most {
		out.Warnings = slices.Insert(out.Warnings, 0, fmt.Sprintf("a request of %d tokens is more than the %d that the model reads", n, most))
	}
	if c.JSON {
		return writeJSON(a.stdout, out)
	}
	return out.text(a.stdout)
}

func round(x float64) float64 { return quantity.RoundSig(x, 4) }

func (o *sizeOutput) text(w io.Writer) error {
	var b strings.Builder
	name := o.Model
	if o.ShapeOf != "" {
		name += " (shape of " + o.ShapeOf + ")"
	}
	fmt.Fprintf(&b, "%s in %s on %d x %s with %s\n", name, o.Precision, o.GPUs, o.GPU, o.Engine)
	fmt.Fprintf(&b, "%d tokens in, %d out, %d in flight\n\n", o.ISL, o.OSL, o.Concurrency)
	v := o.VRAMParts
	fmt.Fprintf(&b, "memory per accelerator  %.1f GiB (%.1f to %.1f) of %.1f usable\n", o.VRAM.Value, o.VRAM.Low, o.VRAM.High, v.Usable)
	fmt.Fprintf(&b, "  weights %.1f, KV cache %.1f, activations %.1f, engine %.1f; %.0f bytes of KV a token\n", v.Weights, v.KV, v.Activation, v.Overhead, v.KVPerToken)
	if !o.Fits {
		fmt.Fprintf(&b, "does not fit: %s\n", o.WhyNot)
		o.warn(&b)
		_, err := io.WriteString(w, b.String())
		return err
	}
	fmt.Fprintf(&b, "fits; at most %d such requests at once%s\n\n", o.MaxRequests, o.waits())
	for _, l := range []struct {
		name string
		v    *interval
		unit string
	}{
		{"time to first token", o.TTFT, "ms"}, {"time per output token", o.TPOT, "ms"}, {"decode, one user", o.Decode, "tok/s"},
		{"output, all users", o.Output, "tok/s"}, {"prefill, unloaded", o.Prefill, "tok/s"}, {"end to end", o.E2E, "s"},
	} {
		fmt.Fprintf(&b, "%-22s  %8s %-5s (%s to %s)\n", l.name, figure(l.v.Value), l.unit, figure(l.v.Low), figure(l.v.High))
	}
	fmt.Fprintf(&b, "\nIn brackets: 80 %% interval. Basis: %s.\n", o.Basis)
	o.warn(&b)
	_, err := io.WriteString(w, b.String())
	return err
}

func (o *sizeOutput) warn(b *strings.Builder) {
	for _, warn := range o.Warnings {
		fmt.Fprintf(b, "Warning: %s.\n", warn)
	}
}

// waits says that not all requests in flight run at once.
func (o *sizeOutput) waits() string {
	if o.Waiting == 0 {
		return ""
	}
	return fmt.Sprintf("; of the %d in flight about %d run and %d wait", o.Concurrency, o.Concurrency-o.Waiting, o.Waiting)
}

// figure writes a number with about three digits, never with an exponent.
func figure(v float64) string {
	switch {
	case v >= 1e4:
		return fmt.Sprintf("%.0f", quantity.RoundSig(v, 3))
	case v >= 100:
		return fmt.Sprintf("%.0f", v)
	case v >= 10:
		return fmt.Sprintf("%.1f", v)
	}
	return fmt.Sprintf("%.2f", v)
}

// table writes each row back with what is predicted for it.
func (c *sizeCmd) table(a *app, path string) error {
	in, err := openInput(a, path)
	if err != nil {
		return err
	}
	defer in.Close()
	header, rows, err := measure.PredictTable(in, catalog.Default(), sizing.New(&sizing.Default))
	if err != nil {
		return usagef("%s: %w", path, err)
	}
	w := csv.NewWriter(a.stdout)
	if err := w.Write(header); err != nil {
		return err
	}
	if err := w.WriteAll(rows); err != nil {
		return err
	}
	return w.Error()
}

func openInput(a *app, path string) (io.ReadCloser, error) {
	if path == "-" || strings.HasSuffix(path, "/-") {
		return io.NopCloser(a.stdin), nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, usageError{err}
	}
	return f, nil
}
