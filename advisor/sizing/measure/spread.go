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
	case "e2e_p90_ms", "e2e_p99_ms", "ttft_p99_ms":
		return sizing.MetricTail, "MetricTail"
	}
	return sizing.Metrics, ""
}

// WriteSpreads prints, per metric, the interval that held-out residuals ask for: the lean at which a third of the rows
// over-state capacity, and the distances from it to the 10th and 90th percentile of measured over predicted. Residuals
// are those of the computed value, so the lean in use is taken off first.
func WriteSpreads(w io.Writer, results []Result) error {
	type group struct {
		logs []float64
		more bool
	}
	groups := map[string]*group{}
	for i := range results {
		r := &results[i]
		m, name := metricOf(r.Row.Metric)
		if !r.Known() || name == "" {
			continue
		}
		if groups[name] == nil {
			groups[name] = &group{more: higherIsMore(r.Row.Metric)}
		}
		groups[name].logs = append(groups[name].logs, -(r.Log() - lean(r, m))) // measured over computed
	}
	for _, n := range slices.Sorted(maps.Keys(groups)) {
		g := groups[n]
		safe := 1.0 / 3
		if !g.more {
			safe = 2.0 / 3
		}
		mid := quantile(g.logs, safe)
		if _, err := fmt.Fprintf(w, "%s: {%.2f, %.2f, %.2f, %.2f}, // n %d\n", n, mid, mid, mid-quantile(g.logs, 0.1), quantile(g.logs, 0.9)-mid, len(g.logs)); err != nil {
			return err
		}
	}
	return nil
}

func lean(r *Result, m sizing.Metric) float64 {
	if r.Case.Config.Model.Experts > 0 {
		return sizing.Default.Spread[m].LeanMoE
	}
	return sizing.Default.Spread[m].Lean
}
