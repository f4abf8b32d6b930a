package measure

import (
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/llmadvise/llmadvise/advisor/sizing"
)

// metricOf maps a column of the table to the model's metric.
func metricOf(column string) (sizing.Metric, string) {
	switch column {
	case "ttft_ms":
		return sizing.MetricTTFT, "MetricTTFT"
	case "tpot_ms":
		return sizing.MetricTPOT, "MetricTPOT"
	case "decode_tok_s":
		return sizing.MetricDecode, "MetricDecode"
	case "prefill_tok_s":
		return sizing.MetricPrefill, "MetricPrefill"
	case "out_tok_s_total":
		return sizing.MetricOutput, "MetricOutput"
	case "e2e_mean_ms":
		return sizing.MetricE2E, "MetricE2E"
	case "e2e_p90_ms", "e2e_p99_ms":
		return sizing.MetricTail, "MetricTail"
	case "ttft_p99_ms":
		return sizing.MetricTTFTTail, "MetricTTFTTail"
	}
	return sizing.Metrics, ""
}

// Quantiles of measured over computed capacity that make the expected value and the ends of the interval. The expected
// value is a safe one: rows measured less capacity than it in leanQuantile of cases, so that unseen rows stay below 35 %. The ends
// lie a little outside the 10th and 90th percentile, since unseen rows lie further out.
const leanQuantile, lowQuantile, highQuantile = 1.0 / 3, 0.08, 0.92

// fewestRows is how many rows of mixtures of experts give them a lean of their own.
const fewestRows = 20

// residuals are the logarithms of measured over computed values of one metric.
type residuals struct {
	dense, moe []float64
	more       bool // a larger value is more capacity
}

// WriteSpreads prints, per metric, the interval that held-out residuals ask for. Residuals are those of the computed value,
// so the lean in use is taken off first.
func WriteSpreads(w io.Writer, results []Result) error {
	groups := map[string]*residuals{}
	for i := range results {
		r := &results[i]
		m, name := metricOf(r.Row.Metric)
		if !r.Known() || name == "" || len(r.Got.Warnings) > 0 { // a warned-of row has a wider interval
			continue
		}
		if groups[name] == nil {
			groups[name] = &residuals{more: higherIsMore(r.Row.Metric)}
		}
		groups[name].add(r, m)
	}
	for _, n := range slices.Sorted(maps.Keys(groups)) {
		if _, err := fmt.Fprintf(w, "%s: %s, // n %d\n", n, groups[n].spread(), len(groups[n].dense)+len(groups[n].moe)); err != nil {
			return err
		}
	}
	return nil
}

func (g *residuals) add(r *Result, m sizing.Metric) {
	to := &g.dense
	if r.Case.Config.Model.Experts > 0 {
		to = &g.moe
	}
	*to = append(*to, lean(r, m)-r.Log())
}

func (g *residuals) spread() string {
	safe := leanQuantile
	if !g.more {
		safe = 1 - leanQuantile
	}
	dense := quantile(g.dense, safe)
	moe := dense
	if len(g.moe) >= fewestRows {
		moe = quantile(g.moe, safe)
	}
	var around []float64
	for _, x := range g.dense {
		around = append(around, x-dense)
	}
	for _, x := range g.moe {
		around = append(around, x-moe)
	}
	return fmt.Sprintf("{%.3f, %.3f, %.2f, %.2f}", dense, moe, -quantile(around, lowQuantile), quantile(around, highQuantile))
}

func lean(r *Result, m sizing.Metric) float64 {
	if r.Case.Config.Model.Experts > 0 {
		return sizing.Default.Spread[m].LeanMoE
	}
	return sizing.Default.Spread[m].Lean
}
