package sizing

// Metric names a predicted quantity.
type Metric uint8

// The metrics, each with its own interval.
const (
	MetricTTFT Metric = iota
	MetricTPOT
	MetricDecode
	MetricPrefill
	MetricOutput
	MetricE2E
	MetricTail     // p90 to p99 end to end
	MetricTTFTTail // p99 of TTFT
	Metrics        // how many
)

// Spread is the interval of one metric around the computed value, in natural logarithms: Lean moves the expected value
// to the safe side for dense models and LeanMoE for mixtures of experts, Down and Up reach from it to the ends of the
// 80 % interval.
type Spread struct{ Lean, LeanMoE, Down, Up float64 }
