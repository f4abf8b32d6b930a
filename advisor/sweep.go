package advisor

import (
	"fmt"
	"math"
	"time"

	"github.com/llmadvise/llmadvise/advisor/catalog"
	"github.com/llmadvise/llmadvise/advisor/quantity"
)

// SweepPoint is the answer at one value of the input that is swept.
type SweepPoint struct {
	Value  float64 // in the unit of the field
	Advice Advice  // without draws and trace
}

// Sweep answers w once for each value of one numeric input. The error names the field where it is not numeric.
func Sweep(w Workload, cat *catalog.Catalog, f Field, values []float64) ([]SweepPoint, error) {
	out := make([]SweepPoint, 0, len(values))
	for _, v := range values {
		v = quantity.RoundSig(v, 6) // a point of a logarithmic scale, and not 99,999.99999999999
		at, err := With(w, f, v)
		if err != nil {
			return nil, err
		}
		a, err := AdviseWith(at, cat, Options{Draws: -1, NoTrace: true})
		if err != nil {
			return nil, fmt.Errorf("at %s = %g: %w", f, v, err)
		}
		out = append(out, SweepPoint{Value: v, Advice: a})
	}
	return out, nil
}

// With returns w with one numeric input set to v, in the unit of the field; counts are rounded.
func With(w Workload, f Field, v float64) (Workload, error) {
	whole := int(math.Round(v))
	switch f {
	case FieldQueries:
		w.QueriesPerMonth, w.QueriesLow, w.QueriesHigh = v, 0, 0
	case FieldInput:
		w.InputTokens = whole
	case FieldOutput:
		w.OutputTokens = whole
	case FieldReasoning:
		w.ReasoningTokens = &whole
	case FieldCached:
		w.CachedShare = &v
	case FieldLatency:
		w.LatencyP95 = time.Duration(math.Round(v * float64(time.Second)))
	case FieldTokens:
		w.Tokens, w.QueriesPerMonth, w.QueriesLow, w.QueriesHigh = Tokens{All: v}, 0, 0, 0
	case FieldTTFT:
		w.TTFT = time.Duration(math.Round(v * float64(time.Second)))
	case FieldStream:
		w.StreamTokS = &v
	case FieldConcurrency:
		w.Concurrency = &v
	case FieldBudget:
		w.BudgetUSDMonth = &v
	case FieldSpend:
		w.SpendUSDMonth = &v
	case FieldEngineer:
		w.EngineerUSDMonth = &v
	case FieldHorizon:
		w.HorizonMonths = whole
	case FieldGrowth:
		w.GrowthPerMonth = &v
	case FieldBatchHours:
		w.BatchHours = &v
	case FieldPeakQPS:
		w.PeakQPS = &v
	case FieldHardShare:
		w.HardShare = &v
	case FieldSensitiveShare:
		w.SensitiveShare = &v
	default:
		return w, fmt.Errorf("advisor: %s is not a number that can be swept; try volume, input_tokens, output_tokens or latency_p95_s", f)
	}
	return w, nil
}
