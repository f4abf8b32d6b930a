package report

import "math"

func log10(x float64) float64 { return math.Log10(math.Max(x, 1e-9)) }

// logRange is the range of the logarithms of all values above zero.
func logRange(c *Chart) (lo, hi float64) {
	lo, hi = math.Inf(1), math.Inf(-1)
	for _, s := range c.Series {
		for _, v := range s.Values {
			if v > 0 {
				lo, hi = math.Min(lo, log10(v)), math.Max(hi, log10(v))
			}
		}
	}
	return lo, hi
}
