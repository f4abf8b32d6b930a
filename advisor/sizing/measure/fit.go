package measure

import (
	"math"
	"slices"

	"github.com/llmadvise/llmadvise/advisor/sizing"
)

// Fit returns start with its constants moved to where the model is closest to the measured values of cases. It minimises
// the mean of a robust loss of log residuals, each source, quantity, model and card weighing as the square root of its rows, plus a
// pull towards start that keeps constants which the rows do not tell. Coordinates are searched in turn, rounds times;
// the same rows always give the same constants. Those named in frozen stay where start has them.
func Fit(cases []*Case, start sizing.Constants, rounds int, frozen ...string) sizing.Constants {
	f := newFitter(cases, start)
	step := 0.24
	for range rounds {
		for i := range f.params {
			if len(f.uses[i]) > 0 && !slices.Contains(frozen, f.params[i].Name) {
				f.line(i, step)
			}
		}
		step = math.Max(step*0.6, 0.02)
	}
	f.c.Spread = f.spread
	return f.c
}

// Cases returns the rows of t that can be read and have a measured value.
func (v *Resolver) Cases(t *Table) []*Case {
	var out []*Case
	for i := range t.Rows {
		if t.Rows[i].Value <= 0 {
			continue
		}
		if c, err := v.Resolve(&t.Rows[i]); err == nil {
			out = append(out, c)
		}
	}
	return out
}

type fitter struct {
	c      sizing.Constants
	params []sizing.Param
	value  []*float64 // into c, one a constant
	prior  []float64
	cases  []*Case
	weight []float64
	spread [sizing.Metrics]sizing.Spread
	uses   [][]int   // for each parameter, the cases that it can change
	total  []float64 // weight of those cases
	loss   []float64 // of each case, at c
}

// priorPull is the weight of the squared log distance from the start, against a loss of about 0.1 per row.
const priorPull = 0.02

func newFitter(cases []*Case, start sizing.Constants) *fitter {
	f := &fitter{c: start, cases: cases, loss: make([]float64, len(cases)), weight: make([]float64, len(cases))}
	f.spread = start.Spread
	f.c.Spread = [sizing.Metrics]sizing.Spread{} // the value itself is fitted, without its lean
	f.params = sizing.Params()
	counts := map[string]float64{}
	key := func(c *Case) string { return c.Row.Source + c.Row.Metric + c.Row.Model + c.Row.GPU }
	for _, c := range cases {
		counts[key(c)]++
	}
	for i, c := range cases {
		f.weight[i] = 1 / math.Sqrt(counts[key(c)])
	}
	for _, p := range f.params {
		f.value = append(f.value, p.At(&f.c))
		f.prior = append(f.prior, *p.At(&f.c))
	}
	f.evaluate(nil)
	for i := range f.params {
		f.concern(i)
	}
	return f
}

// concern finds the cases that constant i can change: those whose loss moves when it does.
func (f *fitter) concern(i int) {
	before := slices.Clone(f.loss)
	var uses []int
	for _, factor := range []float64{0.8, 1.25} {
		*f.value[i] = f.prior[i] * factor
		f.evaluate(nil)
		for k := range f.loss {
			if f.loss[k] != before[k] && !slices.Contains(uses, k) {
				uses = append(uses, k)
			}
		}
	}
	*f.value[i] = f.prior[i]
	copy(f.loss, before)
	total := 0.0
	for _, k := range uses {
		total += f.weight[k]
	}
	f.uses, f.total = append(f.uses, uses), append(f.total, total)
}

// evaluate recomputes the loss of the cases in idx, or of all.
func (f *fitter) evaluate(idx []int) {
	z := sizing.New(&f.c)
	one := func(i int) {
		e, err := f.cases[i].Predict(z)
		if err != nil || !(e.Mid > 0) {
			f.loss[i] = 1
			return
		}
		f.loss[i] = robust(math.Log(e.Mid / f.cases[i].Row.Value))
	}
	if idx == nil {
		for i := range f.cases {
			one(i)
		}
		return
	}
	for _, i := range idx {
		one(i)
	}
}

// robust is about the absolute residual, smooth near zero and flat beyond a factor of two: a run that went wrong by more
// tells nothing about the model.
func robust(r float64) float64 {
	const soft, flat = 0.03, 0.7
	a := math.Sqrt(r*r+soft*soft) - soft
	return flat * math.Tanh(a/flat)
}

func (f *fitter) cost(i int) float64 {
	sum := 0.0
	for _, k := range f.uses[i] {
		sum += f.weight[k] * f.loss[k]
	}
	d := math.Log(*f.value[i] / f.prior[i])
	return sum/f.total[i] + priorPull*d*d
}

// line moves one constant to the best of a few steps.
func (f *fitter) line(i int, step float64) {
	p := f.params[i]
	f.evaluate(f.uses[i])
	v := f.value[i]
	best, at := f.cost(i), *v
	for _, dir := range []float64{1, -1} {
		for {
			next := math.Min(math.Max(at*math.Exp(dir*step), p.Min), p.Max)
			if next == at {
				break
			}
			*v = next
			f.evaluate(f.uses[i])
			c := f.cost(i)
			if c >= best-1e-9 {
				break
			}
			best, at = c, next
		}
		*v = at
	}
	f.evaluate(f.uses[i])
}

// FitAll fits from the prior with all of cases.
func FitAll(cases []*Case) sizing.Constants { return Fit(cases, sizing.Prior(), fitRounds) }
