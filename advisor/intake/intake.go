package intake

import (
	"github.com/llmadvise/llmadvise/advisor"
	"github.com/llmadvise/llmadvise/advisor/catalog"
)

// Name is one thing of the catalog that a request may mention: its id and what people call it. The id counts as
// an alias of itself.
type Name struct {
	ID      string
	Aliases []string
}

// Names knows the models, accelerators and providers that a request may mention. Build it once with [NewNames] or
// [NamesFrom]; it is safe for concurrent use. The zero Names knows none.
type Names struct{}

// NewNames indexes the names that requests may mention.
func NewNames(models, gpus, providers []Name) Names { return Names{} }

// NamesFrom indexes every model, accelerator, instance and provider of a catalog.
func NamesFrom(c catalog.Catalog) Names { return Names{} }

// Parse reads a request. It never fails: what it cannot read is in NotUnderstood; use [Check] for a text that says
// nothing usable.
func Parse(text string, names Names) advisor.Workload { return advisor.Workload{} }

// Problem is a request or setting that cannot be used. Its text quotes the words at fault and shows a line that works.
type Problem struct {
	Quote   string // the words at fault, sanitised and cut to a readable length; "" for an empty request
	Reason  string // what is wrong with them
	Example string // a line that works
}

func (p *Problem) Error() string { return p.Reason }

// Check reports why a parsed request cannot be answered: nothing was typed, or no field was understood. It returns nil
// or a *[Problem].
func Check(text string, w advisor.Workload) error { return nil }

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

// Format writes w as a request that [Parse] reads back to the same fields.
func Format(w advisor.Workload) string { return "" }
