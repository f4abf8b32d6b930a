package intake

import "github.com/llmadvise/llmadvise/advisor"

// Set applies one setting of a what-if question ("volume=600k", "gpu=L40S") to w. The error is a *[Problem].
func Set(w *advisor.Workload, setting string, names Names) error { return nil }

// Sweep is a range of one numeric input.
type Sweep struct {
	Field     advisor.Field
	Low, High float64 // in the unit of the field
}

// SweepRange reads "volume=10k..10M". The error is a *[Problem].
func SweepRange(s string) (Sweep, error) { return Sweep{}, nil }

// Points returns n values from Low to High, evenly spaced on a logarithmic scale where Low > 0, else evenly.
func (s Sweep) Points(n int) []float64 { return nil }
