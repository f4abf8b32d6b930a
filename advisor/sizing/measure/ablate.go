package measure

import (
	"fmt"
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

// Ablate takes out one constant after the other, each at its [sizing.Param] Neutral value, and hands over what each earns as soon as
// it is known: all of them take the better part of an hour.
func (v *Resolver) Ablate(t *Table, by LeaveOut, each func(Ablation) error) error {
	full := HeldOutError(v.LeaveOneOut(t, by, nil).Results)
	params := sizing.Params()
	for i := range params {
		held := v.leaveOneOut(t, by, nil, without(i))
		if err := each(Ablation{params[i].Name, by, HeldOutError(held.Results), full}); err != nil {
			return err
		}
	}
	return nil
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

// String says how much worse held-out rows are without the constant; negative where they are better.
func (a Ablation) String() string {
	return fmt.Sprintf("%-22s without %-6s %+.4f of %.4f", a.Constant, a.By, a.Error-a.Full, a.Full)
}
