package measure

import (
	"fmt"
	"math"
	"slices"

	"github.com/llmadvise/llmadvise/advisor/sizing"
)

// fitRounds of the coordinate search suffice: further rounds move no constant by more than a few percent.
const fitRounds = 8

// LeaveOut names what a leave-one-out evaluation keeps from the fit.
type LeaveOut string

// The kinds. All rows of one accelerator, model, source, architecture (the model's family and cache layout) or class of
// accelerators are left out together: the later kinds ask how far the model extrapolates.
const (
	LeaveGPU    LeaveOut = "gpu"
	LeaveModel  LeaveOut = "model"
	LeaveSource LeaveOut = "source"
	LeaveFamily LeaveOut = "family"
	LeaveClass  LeaveOut = "class"
)

var leaveOutKeys = map[LeaveOut]func(*Case) string{
	LeaveGPU:    func(c *Case) string { return c.Config.Accelerator.ID },
	LeaveModel:  func(c *Case) string { return c.Config.Model.ID },
	LeaveSource: func(c *Case) string { return c.Row.Source },
	LeaveFamily: func(c *Case) string { return c.Config.Model.Family + " " + string(c.Config.Model.KV) },
	LeaveClass:  func(c *Case) string { return GPUClass(c.Config.Accelerator) },
}

// ParseLeaveOut reads "gpu", "model", "source", "family" or "class".
func ParseLeaveOut(s string) (LeaveOut, error) {
	if l := LeaveOut(s); leaveOutKeys[l] != nil {
		return l, nil
	}
	return "", fmt.Errorf("unknown %q; leave out gpu, model, source, family or class", s)
}

func (l LeaveOut) key(c *Case) string { return leaveOutKeys[l](c) }

// HeldOut is the outcome of a leave-one-out evaluation.
type HeldOut struct {
	Results []Result
	// Low and High are the least and greatest fitted value of each constant, in the order of sizing.Params.
	Low, High []float64
}

// LeaveOneOut predicts every row with constants that were fitted, from the prior, without the rows of its accelerator or
// model. progress, where not nil, is called before each fit.
func (v *Resolver) LeaveOneOut(t *Table, by LeaveOut, progress func(done, of int, name string)) HeldOut {
	return v.leaveOneOut(t, by, progress, FitAll)
}

func (v *Resolver) leaveOneOut(t *Table, by LeaveOut, progress func(done, of int, name string), fit func([]*Case) sizing.Constants) HeldOut {
	all := v.Cases(t)
	var names []string
	for _, c := range all {
		if k := by.key(c); !slices.Contains(names, k) {
			names = append(names, k)
		}
	}
	h := HeldOut{Results: v.Evaluate(t, sizing.New(&sizing.Default))}
	h.Low, h.High = make([]float64, len(sizing.Params())), make([]float64, len(sizing.Params()))
	for i := range h.Low {
		h.Low[i] = math.Inf(1)
	}
	for i, name := range names {
		if progress != nil {
			progress(i, len(names), name)
		}
		h.hold(all, by, name, fit)
	}
	return h
}

// hold fits without name and predicts its rows.
func (h *HeldOut) hold(all []*Case, by LeaveOut, name string, fit func([]*Case) sizing.Constants) {
	rest := slices.DeleteFunc(slices.Clone(all), func(c *Case) bool { return by.key(c) == name })
	c := fit(rest)
	for i, p := range sizing.Params() {
		x := *p.At(&c)
		h.Low[i], h.High[i] = math.Min(h.Low[i], x), math.Max(h.High[i], x)
	}
	z := sizing.New(&c)
	for i := range h.Results {
		r := &h.Results[i]
		if r.Case != nil && by.key(r.Case) == name {
			if e, err := r.Case.Predict(z); err == nil {
				r.Got = e
			} else {
				r.Skipped = err.Error()
			}
		}
	}
}
