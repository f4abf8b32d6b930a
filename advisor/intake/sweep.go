package intake

import (
	"math"
	"strings"

	"github.com/llmadvise/llmadvise/advisor"
)

// Sweep is a range of one numeric input.
type Sweep struct {
	Field     advisor.Field
	Low, High float64 // in the unit of the field; Low < High
}

// SweepRange reads "volume=10k..10M" or "latency=500ms..10s". The error is a *[Problem].
func SweepRange(text string) (Sweep, error) {
	const example = "volume=10k..10M"
	s, value, err := splitSetting(text)
	if err != nil {
		return Sweep{}, err
	}
	if !s.number {
		return Sweep{}, &Problem{Quote: string(s.field), Reason: "only a number can be swept", Example: example}
	}
	low, high, ok := strings.Cut(value, "..")
	if !ok {
		low, high, ok = strings.Cut(value, " to ")
	}
	if !ok || strings.Contains(high, "..") {
		return Sweep{}, &Problem{Quote: tidy(value, 60), Reason: "a sweep needs two ends with two dots between them", Example: example}
	}
	sw := Sweep{Field: s.field}
	for i, dst := range []*float64{&sw.Low, &sw.High} {
		w, _, err := s.read(strings.TrimSpace([]string{low, high}[i]), Names{})
		if err != nil {
			return Sweep{}, err
		}
		*dst, _ = Number(w, s.field)
	}
	if !(sw.Low < sw.High) {
		return Sweep{}, &Problem{Quote: tidy(value, 60), Reason: "the first end of a sweep must lie below the second", Example: example}
	}
	return sw, nil
}

// Points returns n >= 2 values from Low to High, both included: evenly spaced on a logarithmic scale where Low > 0, else
// evenly.
func (s Sweep) Points(n int) []float64 {
	n = max(n, 2)
	out := make([]float64, n)
	for i := range out {
		f := float64(i) / float64(n-1)
		if s.Low > 0 {
			out[i] = s.Low * math.Pow(s.High/s.Low, f)
		} else {
			out[i] = s.Low + f*(s.High-s.Low)
		}
	}
	out[0], out[n-1] = s.Low, s.High
	return out
}
