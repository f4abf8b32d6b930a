package measure

import (
	"fmt"
	"io"
	"math"
	"strings"

	"github.com/llmadvise/llmadvise/advisor/quantity"
	"github.com/llmadvise/llmadvise/advisor/sizing"
)

// Foresight holds measurements against predictions that were written down before them. The constants in use play no part: they
// may have changed since.
type Foresight struct {
	Speed, Memory []Result
	Refused       []string // models and formats that were predicted not to fit
}

// ReadForesight joins the tables that PredictTable wrote with the measured ones. A measurement that nothing was predicted for is
// an error; a prediction that was never measured is not.
func (v *Resolver) ReadForesight(predicted, measured, predictedMemory, measuredMemory io.Reader) (*Foresight, error) {
	f := &Foresight{}
	var err error
	if f.Speed, f.Refused, err = join(predicted, measured, []string{"model", "quant", "gpu", "isl", "osl", "concurrency_or_batch", "metric"}, "value"); err != nil {
		return nil, err
	}
	for i := range f.Speed {
		if f.Speed[i].Case, err = v.Resolve(f.Speed[i].Row); err != nil {
			return nil, err
		}
	}
	f.Memory, _, err = join(predictedMemory, measuredMemory, []string{"model", "quant", "gpu", "ctx", "kind"}, "measured_or_parser_gb")
	return f, err
}

// join reads both tables and returns the measured rows, each with what was predicted for the row that has the same key.
func join(predicted, measured io.Reader, key []string, value string) (results []Result, refused []string, err error) {
	foreseen := map[string]quantity.Estimate{}
	before, err := readAll(predicted)
	if err != nil {
		return nil, nil, err
	}
	at := columns(before[0])
	for _, rec := range before[1:] {
		get := cellOf(rec, at)
		if strings.Contains(get("skipped_because"), "does not fit") {
			refused = append(refused, get("model")+" "+get("quant"))
			continue
		}
		foreseen[keyOf(rec, at, key)] = quantity.Estimate{Mid: number(get("predicted"), math.NaN()), Lo: number(get("low"), math.NaN()), Hi: number(get("high"), math.NaN())}
	}
	after, err := readAll(measured)
	if err != nil {
		return nil, nil, err
	}
	at = columns(after[0])
	for _, rec := range after[1:] {
		e, ok := foreseen[keyOf(rec, at, key)]
		if !ok || math.IsNaN(e.Mid) {
			return nil, nil, fmt.Errorf("nothing was predicted for %s", keyOf(rec, at, key))
		}
		row := newRow(rec, at)
		row.Value = number(cellOf(rec, at)(value), 0)
		if row.Metric == "" {
			row.Metric = cellOf(rec, at)("kind")
		}
		results = append(results, Result{Row: &row, Got: e})
	}
	return results, refused, nil
}

func cellOf(rec []string, at map[string]int) func(string) string {
	return func(name string) string {
		if i, ok := at[name]; ok && i < len(rec) {
			return strings.TrimSpace(rec[i])
		}
		return ""
	}
}

func keyOf(rec []string, at map[string]int, key []string) string {
	cells := make([]string, len(key))
	for i, k := range key {
		cells[i] = cellOf(rec, at)(k)
	}
	return strings.Join(cells, ", ")
}

// AsArrivals predicts the time to first token of the rows with several users once more, from requests that come at random at the
// rate at which the users were seen to send theirs (output over output length). Under an even load that is the same thing, and not
// under a benchmark that lets all users begin at once, which is what rows with a concurrency mean to the model.
func (f *Foresight) AsArrivals(z *sizing.Sizer) []Result {
	output := map[string]float64{}
	at := func(r *Row) string { return fmt.Sprint(r.Model, r.Quant, r.GPU, r.ISL, r.OSL, r.Concurrency) }
	for i := range f.Speed {
		if r := f.Speed[i].Row; r.Metric == "out_tok_s_total" {
			output[at(r)] = r.Value
		}
	}
	var out []Result
	for _, r := range f.Speed {
		rate := output[at(r.Row)] / float64(r.Row.OSL)
		if r.Row.Metric != "ttft_ms" || rate == 0 {
			continue
		}
		o, err := z.PredictOpenLoop(&r.Case.Config, r.Row.ISL, r.Row.OSL, rate)
		if r.Got = o.TTFT; err != nil {
			r.Skipped = err.Error()
		}
		out = append(out, r)
	}
	return out
}

// markdown writes the section of the accuracy document.
func (f *Foresight) markdown(b *strings.Builder, z *sizing.Sizer) {
	b.WriteString(foreseenWords)
	markdownScores(b, GroupBy(f.Speed, Quantity))
	fmt.Fprintf(b, "\nOf each run, predicted → measured:\n\n| model | format | tokens in/out | users | TTFT ms | TPOT ms | output tok/s |\n|---|---|--:|--:|--:|--:|--:|\n")
	for _, line := range f.lines() {
		b.WriteString(line)
	}
	b.WriteString("\nMemory, as vLLM accounts for it:\n\n")
	markdownScores(b, GroupBy(f.Memory, func(r *Result) string { return r.Row.Metric }))
	arrivals := NewScore("", f.AsArrivals(z))
	fmt.Fprintf(b, foreseenLessons, arrivals.MdAPE, arrivals.Bias, 100*arrivals.Coverage, arrivals.N, strings.Join(f.Refused, ", "))
}

// lines returns a line of the table for each run and load. What was not measured of it stays empty.
func (f *Foresight) lines() []string {
	var order []string
	cells := map[string]*[3]string{}
	for i := range f.Speed {
		r := &f.Speed[i]
		at := fmt.Sprintf("| %s | %s | %d/%d | %s |", r.Row.Model, r.Row.Quant, r.Row.ISL, r.Row.OSL, r.Row.Concurrency)
		if cells[at] == nil {
			order, cells[at] = append(order, at), &[3]string{}
		}
		column := 2
		switch r.Row.Metric {
		case "ttft_ms":
			column = 0
		case "tpot_ms":
			column = 1
		}
		cells[at][column] = fmt.Sprintf("%.3g → %.3g", r.Got.Mid, r.Row.Value)
		if max(r.Got.Mid, r.Row.Value) >= 1000 {
			cells[at][column] = fmt.Sprintf("%.0f → %.0f", r.Got.Mid, r.Row.Value)
		}
	}
	out := make([]string, len(order))
	for i, at := range order {
		out[i] = at + " " + strings.Join(cells[at][:], " | ") + " |\n"
	}
	return out
}

const foreseenWords = `
## Measured after the prediction

These rows are blind: the predictions stand in predicted.csv and predicted_memory.csv of sizing/measure/testdata/h100, committed before anything ran, and are
scored as they stood then; no constant was fitted to what came out. One H100 SXM 80 GB, driver 580.159, vLLM 0.26.0 with its defaults (prefix
cache, chunked prefill, CUDA graphs, FlashAttention 3, Triton for gpt-oss's experts) but without FlashInfer and DeepGEMM, 2026-11-26; weights drawn at random, a closed
loop of users in a steady state, temperature 1, windows of 5 to 13 s, each run once. The recipe is in [deploy/measure](../deploy/measure/README.md): anybody can repeat it
on a GPU of their own.

`

const foreseenLessons = `
What they show:

- **Decode, time per token and throughput** are within the goals of this engine (15, 12 and 25 %%) on rows that nobody had seen, and err to the
  safe side for dense models: this vLLM is 5 to 20 %% faster than predicted on 8B, and within 5 %% on 32B.
- **First tokens are promised too late.** Alone on the card, dense models' a third to three quarters too late: 4,096 tokens of 8B at 16 bits run at some 60 %% of
  the data sheet's rate, everything included, which is more than the fit over many engines and versions allows. Under load the rest is a difference of protocol: a concurrency
  stands for benchmarks that start all users at once and keep them in step, and these runs are in a steady state. Predicted from arrivals at the rate that was
  seen, as advice on a workload is, the same times are met within %.0f %% in the median (bias %+.0f %%, cover %.0f %%, %d rows); that look was taken afterwards, so it is not blind.
- **gpt-oss-20b** runs 15 %% slower per token than predicted. Random routers let every token choose its experts for itself, where the model reckons with like
  tokens that choose alike; without that a third to a half of the difference goes at 4 and 16 users and nothing at 64. Its prefill of 1,024 tokens takes nearly as long as that of
  4,096, as if the host's launching were what it waits for. With one model, and routers that were never trained, that is no reason to move a constant.
- **Engine memory.** vLLM 0.26 peaks at 1.1 to 1.7 GiB beyond the weights where 5.2 GiB (7.4 GiB for mixtures) were measured on the version of the published runs: the
  cache holds 7 to 13 %% more than predicted. For gpt-oss-20b vLLM counts its windowed layers in full when it states the tokens, so that figure is half of the prediction; in use, 221 running
  requests of that model took 11.9 %% of its cache, 7.2 GB, where the model reckons 7.0.
- **Fit.** Predicted not to fit: %s. vLLM refused it for requests of 8,192 tokens, with 1.6 GiB left for the cache where 2.5 were needed; it offered 5,312
  tokens instead, so for shorter requests, a few at a time and without CUDA graphs, the "no" is wrong on this version.
- Qwen3-30B-A3B at both formats, Qwen3-32B at BF16 and the saturation of Qwen3-32B at FP8 were predicted and not measured: their rows still wait.
`
