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

// The two kinds. An accelerator or model is left out with all its rows.
const (
	LeaveGPU   LeaveOut = "gpu"
	LeaveModel LeaveOut = "model"
)

// ParseLeaveOut reads "gpu" or "model".
func ParseLeaveOut(s string) (LeaveOut, error) {
	if l := LeaveOut(s); l == LeaveGPU || l == LeaveModel {
		return l, nil
	}
	return "", fmt.Errorf("unknown %q; leave out gpu or model", s)
}

func (l LeaveOut) key(c *Case) string {
	if l == LeaveModel {
		return c.Config.Model.ID
	}
	return c.Config.Accelerator.ID
}

// HeldOut is the outcome of a leave-one-out evaluation.
type HeldOut struct {
	Results []Result
	// Low and High are the least and greatest fitted value of each constant, in the order of sizing.Params.
	Low, High []float64
}

// LeaveOneOut predicts every row with constants that were fitted, from the prior, without the rows of its accelerator or
// model. progress, where not nil, is called before each fit.
func (v *Resolver) LeaveOneOut(t *Table, by LeaveOut, progress func(done, of int, name string)) HeldOut {
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
		h.hold(all, by, name)
	}
	return h
}

// hold fits without name and predicts its rows. Families of engines that name has no row of keep the prior: no row
// to be predicted uses them.
func (h *HeldOut) hold(all []*Case, by LeaveOut, name string) {
	var rest []*Case
	only := map[string]bool{}
	for _, c := range all {
		if by.key(c) == name {
			only[family(c.Config.Engine)] = true
		} else {
			rest = append(rest, c)
		}
	}
	f := newFitter(rest, sizing.Prior())
	c := f.run(fitRounds, only)
	for i, p := range sizing.Params() {
		if only[f.of[i]] && len(f.uses[i]) > 0 {
			x := *p.At(&c)
			h.Low[i], h.High[i] = math.Min(h.Low[i], x), math.Max(h.High[i], x)
		}
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
