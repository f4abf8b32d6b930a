package measure

import (
	"math"
	"slices"
	"strings"

	"github.com/llmadvise/llmadvise/advisor/catalog"
	"github.com/llmadvise/llmadvise/advisor/quantity"
	"github.com/llmadvise/llmadvise/advisor/sizing"
)

// Result is one row with its prediction, or the reason why it has none.
type Result struct {
	Row     *Row
	Case    *Case // nil where the row could not be read
	Got     quantity.Estimate
	Skipped string
}

// Known reports whether the row has both a measurement and a prediction.
func (r *Result) Known() bool { return r.Skipped == "" && r.Row.Value > 0 }

// Log is the natural logarithm of predicted over measured: 0.1 is about 10 % too much.
func (r *Result) Log() float64 { return math.Log(r.Got.Mid / r.Row.Value) }

// higherIsMore reports whether a larger value of the metric means more capacity (throughput) rather than less (time).
func higherIsMore(metric string) bool { return !strings.HasSuffix(metric, "_ms") }

// Overstated reports whether the prediction promises more capacity than was measured.
func (r *Result) Overstated() bool { return (r.Log() > 0) == higherIsMore(r.Row.Metric) }

// Covered reports whether the measurement lies in the predicted interval.
func (r *Result) Covered() bool { return r.Got.Lo <= r.Row.Value && r.Row.Value <= r.Got.Hi }

// Evaluate predicts every row with z.
func (v *Resolver) Evaluate(t *Table, z *sizing.Sizer) []Result {
	out := make([]Result, len(t.Rows))
	for i := range t.Rows {
		out[i].Row = &t.Rows[i]
		c, err := v.Resolve(&t.Rows[i])
		if err == nil {
			out[i].Case = c
			out[i].Got, err = c.Predict(z)
		}
		if err != nil {
			out[i].Skipped = err.Error()
		}
	}
	return out
}

// Score sums up one group of results.
type Score struct {
	Group      string  `json:"group"`
	N          int     `json:"n"`
	Skipped    int     `json:"skipped"`
	MdAPE      float64 `json:"median_abs_pct_error"`
	P90        float64 `json:"p90_abs_pct_error"`
	Bias       float64 `json:"signed_median_pct_error"`
	Overstated float64 `json:"share_capacity_overstated"`
	Coverage   float64 `json:"interval_coverage"`
	Within2x   float64 `json:"share_within_2x"`
	Within35   float64 `json:"share_within_35_pct"`
}

// NewScore scores results; shares are 0..1, errors in percent.
func NewScore(group string, results []Result) Score {
	s := Score{Group: group}
	var ape, signed []float64
	for i := range results {
		r := &results[i]
		if !r.Known() {
			s.Skipped++
			continue
		}
		s.N++
		e := r.Got.Mid/r.Row.Value - 1
		ape, signed = append(ape, math.Abs(e)), append(signed, e)
		s.Overstated += share(r.Overstated())
		s.Coverage += share(r.Covered())
		s.Within2x += share(math.Abs(r.Log()) <= math.Ln2)
		s.Within35 += share(math.Abs(e) <= 0.35)
	}
	if s.N == 0 {
		return s
	}
	n := float64(s.N)
	s.Overstated, s.Coverage, s.Within2x, s.Within35 = s.Overstated/n, s.Coverage/n, s.Within2x/n, s.Within35/n
	s.MdAPE, s.P90, s.Bias = 100*quantile(ape, 0.5), 100*quantile(ape, 0.9), 100*quantile(signed, 0.5)
	return s
}

func share(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// quantile returns the q-quantile of x by linear interpolation; x is sorted in place.
func quantile(x []float64, q float64) float64 {
	if len(x) == 0 {
		return math.NaN()
	}
	slices.Sort(x)
	at := q * float64(len(x)-1)
	i := int(at)
	if i+1 >= len(x) {
		return x[len(x)-1]
	}
	return x[i] + (at-float64(i))*(x[i+1]-x[i])
}

// GroupBy scores results by a key; groups with an empty key are left out. Order is by key.
func GroupBy(results []Result, key func(*Result) string) []Score {
	groups := map[string][]Result{}
	for i := range results {
		if k := key(&results[i]); k != "" {
			groups[k] = append(groups[k], results[i])
		}
	}
	keys := make([]string, 0, len(groups))
	for k := range groups {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	out := make([]Score, len(keys))
	for i, k := range keys {
		out[i] = NewScore(k, groups[k])
	}
	return out
}

// GPUClass sorts accelerators into classes that behave alike.
func GPUClass(a *catalog.Accelerator) string {
	switch {
	case a.Vendor == "Apple":
		return "Apple"
	case a.Vendor == "AWS":
		return "AWS"
	case a.Vendor == "AMD", a.Vendor == "Intel":
		return a.Vendor
	case a.BandwidthGBps >= 1900 || a.NVLink:
		return "NVIDIA HBM"
	case strings.HasPrefix(a.ID, "RTX 3") || strings.HasPrefix(a.ID, "RTX 4") || strings.HasPrefix(a.ID, "RTX 5"):
		return "NVIDIA consumer"
	}
	return "NVIDIA GDDR"
}

// ModelClass is "dense" or "MoE".
func ModelClass(m *catalog.Model) string {
	if m.Experts > 0 {
		return "MoE"
	}
	return "dense"
}

// Quantity names what a row measures as the accuracy goals name it: the same metric is a different task alone on a card,
// under load and at saturation.
func Quantity(r *Result) string {
	switch m := r.Row.Metric; {
	case m == "ttft_ms" || m == "prefill_tok_s":
		return m
	case m == "tpot_ms" && r.Case != nil:
		return "tpot_ms " + ModelClass(r.Case.Config.Model)
	case m == "out_tok_s_total" && r.Case != nil && r.Case.load == closed:
		return "out_tok_s at a batch"
	case m == "out_tok_s_total":
		return "out_tok_s saturated"
	default:
		return m
	}
}
