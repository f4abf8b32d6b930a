package quantity

import (
	"math"
	"slices"
)

// Estimate is a figure with its interval. Lo and Hi bound Confidence (0.8 means that the true value is
// expected inside [Lo, Hi] four times in five); Mid is the expected value. All three carry the unit that the
// field holding the Estimate names. The zero Estimate is not a figure: see [Estimate.Known].
type Estimate struct {
	Lo, Mid, Hi float64
	// Confidence of the interval, 0 < Confidence <= 1; 1 for a figure that is exact by definition.
	Confidence float64
	// Basis says in a few words what the figure rests on ("measured residuals", "list price", "assumed").
	Basis string
	// Warnings are doubts that travel with the figure and do not stop it.
	Warnings []string
}

// Exact returns a figure that holds by definition, such as a list price or an invoice.
func Exact(v float64) Estimate { return Estimate{Lo: v, Mid: v, Hi: v, Confidence: 1} }

// Between returns a figure whose 80 % interval is [lo, hi] around mid. The three are sorted, so that Lo <= Mid <= Hi
// whatever the order in which a computation produced them.
func Between(lo, mid, hi float64) Estimate {
	v := []float64{lo, mid, hi}
	slices.Sort(v)
	return Estimate{Lo: v[0], Mid: v[1], Hi: v[2], Confidence: 0.8}
}

// Known reports whether e is a figure at all: a confidence is set and no bound is NaN.
func (e Estimate) Known() bool {
	return e.Confidence > 0 && !math.IsNaN(e.Lo) && !math.IsNaN(e.Mid) && !math.IsNaN(e.Hi)
}

// IsExact reports whether the interval has no width worth showing (under a tenth of a per cent of the figure).
func (e Estimate) IsExact() bool {
	return e.Known() && e.Hi-e.Lo <= 1e-3*math.Abs(e.Mid)
}

// Width is the width of the interval relative to the figure: 0.4 for $100 ($80-$120). It is 0 for an exact or an
// unknown figure.
func (e Estimate) Width() float64 {
	if !e.Known() || e.Mid == 0 {
		return 0
	}
	return (e.Hi - e.Lo) / math.Abs(e.Mid)
}

// Above returns the chance, 0..1, that the true value of a positive figure lies above x. It reads the interval as the middle of a
// log-normal whose sides are each as wide as theirs. An unknown figure is above nothing.
func (e Estimate) Above(x float64) float64 {
	switch {
	case !e.Known() || e.Mid <= 0:
		return 0
	case x <= 0:
		return 1
	}
	side := math.Log(e.Hi / e.Mid)
	if x < e.Mid {
		side = math.Log(e.Mid / e.Lo)
	}
	off := math.Log(x / e.Mid)
	if side <= 0 || e.Confidence >= 1 { // exact to that side
		if off < 0 {
			return 1
		}
		return 0
	}
	return math.Erfc(off/side*math.Erfinv(e.Confidence)) / 2
}

// Add returns the sum of two figures of the same unit. Mids add, and the bounds add too, which is right for figures
// that err together and too wide for independent ones: a cost that is said to be at most $100 should be. An unknown
// summand makes the sum unknown.
func (e Estimate) Add(o Estimate) Estimate {
	if !e.Known() || !o.Known() {
		return Estimate{Warnings: joinWarnings(e, o)}
	}
	return Estimate{
		Lo: e.Lo + o.Lo, Mid: e.Mid + o.Mid, Hi: e.Hi + o.Hi,
		Confidence: min(e.Confidence, o.Confidence), Basis: joinBasis(e.Basis, o.Basis), Warnings: joinWarnings(e, o),
	}
}

// Sub returns e - o; the bounds cross, since a large o makes a small difference.
func (e Estimate) Sub(o Estimate) Estimate { return e.Add(o.Scale(-1)) }

// Scale returns k times the figure; a negative k swaps the bounds.
func (e Estimate) Scale(k float64) Estimate {
	if !e.Known() {
		return e
	}
	e.Lo, e.Mid, e.Hi = k*e.Lo, k*e.Mid, k*e.Hi
	if k < 0 {
		e.Lo, e.Hi = e.Hi, e.Lo
	}
	return e
}

// Max returns the larger of two figures, bound by bound.
func (e Estimate) Max(o Estimate) Estimate {
	if !e.Known() || !o.Known() {
		return e.Add(o)
	}
	return Estimate{
		Lo: max(e.Lo, o.Lo), Mid: max(e.Mid, o.Mid), Hi: max(e.Hi, o.Hi),
		Confidence: min(e.Confidence, o.Confidence), Basis: joinBasis(e.Basis, o.Basis), Warnings: joinWarnings(e, o),
	}
}

// WithBasis returns e resting on basis.
func (e Estimate) WithBasis(basis string) Estimate {
	e.Basis = basis
	return e
}

// Warn returns e with one more doubt.
func (e Estimate) Warn(text string) Estimate {
	e.Warnings = append(slices.Clip(e.Warnings), text)
	return e
}

// Sum adds figures; the sum of none is exactly zero.
func Sum(es ...Estimate) Estimate {
	if len(es) == 0 {
		return Exact(0)
	}
	s := es[0]
	for _, e := range es[1:] {
		s = s.Add(e)
	}
	return s
}

func joinBasis(a, b string) string {
	if a == b || b == "" {
		return a
	}
	if a == "" {
		return b
	}
	return a + "; " + b
}

func joinWarnings(a, b Estimate) []string {
	out := slices.Clone(a.Warnings)
	for _, w := range b.Warnings {
		if !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	return out
}
