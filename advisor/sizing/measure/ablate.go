package measure

import (
	"fmt"
	"io"
	"math"

	"github.com/llmadvise/llmadvise/advisor/sizing"
)

// Ablation is what one constant earns: the mean absolute log error of held-out rows with the constant fitted, and with
// its mechanism taken out of the model while all others are fitted anew. A constant whose removal does not raise the error
// has no place in the model.
type Ablation struct {
	Constant string
	By       LeaveOut
	Error    float64 // mean |ln(predicted/measured)|, at most 1 a row, without the mechanism
	Full     float64 // the same of the whole model
}

// Ablate takes out one constant after the other, each at its [sizing.Param] Neutral value.
func (v *Resolver) Ablate(t *Table, by LeaveOut, progress func(done, of int, name string)) []Ablation {
	full := HeldOutError(v.LeaveOneOut(t, by, nil).Results)
	var out []Ablation
	params := sizing.Params()
	for i := range params {
		if progress != nil {
			progress(i, len(params), params[i].Name)
		}
		held := v.leaveOneOut(t, by, nil, without(i))
		out = append(out, Ablation{params[i].Name, by, HeldOutError(held.Results), full})
	}
	return out
}

// without fits with constant i at its neutral value.
func without(i int) func([]*Case) sizing.Constants {
	return func(cases []*Case) sizing.Constants {
		start := sizing.Prior()
		p := sizing.Params()[i]
		*p.At(&start) = p.Neutral
		return Fit(cases, start, fitRounds, p.Name)
	}
}

// HeldOutError is the mean absolute log error of results, at most 1 a row: a run that went wrong by a factor of three tells no
// more than one by e.
func HeldOutError(results []Result) float64 {
	sum, n := 0.0, 0.0
	for i := range results {
		if results[i].Known() {
			sum += math.Min(1, math.Abs(results[i].Log()))
			n++
		}
	}
	return sum / math.Max(n, 1)
}

// WriteAblations prints how much worse held-out rows are without each constant; negative where they are better.
func WriteAblations(w io.Writer, as []Ablation) error {
	for _, a := range as {
		if _, err := fmt.Fprintf(w, "%-22s without %-6s %+.4f of %.4f\n", a.Constant, a.By, a.Error-a.Full, a.Full); err != nil {
			return err
		}
	}
	return nil
}
