package cost

import "math"

// Crossing is where one plan starts to cost less than another.
type Crossing struct {
	First *float64 // queries a month from which self costs less for the first time; nil: never, up to the volume searched
	Final *float64 // queries a month from which it stays so, when a further replica takes the lead away in between; nil: never
}

// maxStairs bounds the search: a fleet of this many replicas is beyond what anybody would size by formula.
const maxStairs = 10_000

// BreakEven finds exactly where self, with one part that is a staircase, starts to cost less than api, whose price is a line,
// with people on both sides. Between two stairs both are lines, so each stair is solved and not searched: on stair n self is
// cheaper from q = (fixed_self(n) - fixed_api) / (perquery_api - perquery_self) on, if the stair reaches that far.
func BreakEven(self, api *Plan) Crossing {
	if len(self.Parts) != 1 || len(self.Parts[0].Curve.Steps) == 0 {
		return Crossing{}
	}
	var line float64
	base := api.Labour.Mid
	for i := range api.Parts {
		c := &api.Parts[i].Curve
		line += c.PerQuery() * api.Parts[i].Share
		base += c.BaseUSD
	}
	c := &self.Parts[0].Curve
	gain := line - c.PerQuery()
	if gain <= 0 {
		return Crossing{}
	}
	return stairs(c, self.Labour.Mid-base, gain)
}

// stairs walks the staircase c; extra is what self pays besides it and gain what it saves on each query.
func stairs(c *Curve, extra, gain float64) Crossing {
	first, final := math.NaN(), math.NaN()
	lo := 0.0
	for n := 1; n <= maxStairs; n++ {
		hi := c.Carries(n)
		q := (extra + c.fixed(n)) / gain
		if q <= hi && math.IsNaN(first) {
			first = max(q, lo)
		}
		if q > lo { // dearer at the start of this stair, so whatever held before does not stay
			final = math.NaN()
			if q <= hi {
				final = q
			}
		}
		if n > len(c.Steps)+1 && float64(n+c.Spare) > c.Held && (c.People.Mid == 0 || c.beyond(n) > 0) { // from here on every stair is alike
			saves, costs := (hi-lo)*gain, c.ReplicaUSD+c.People.Mid
			if saves >= costs && q <= lo {
				break // ahead, and every further stair starts further ahead
			}
			if saves < costs && q > hi {
				break // behind, and every further stair ends further behind
			}
		}
		lo = hi
	}
	if math.IsNaN(final) && !math.IsNaN(first) && aheadForever(c, extra, gain) {
		final = first
	}
	return Crossing{known(first), known(final)}
}

// known is nil where a volume was not found.
func known(q float64) *float64 {
	if math.IsNaN(q) {
		return nil
	}
	return &q
}

// aheadForever reports whether self is the cheaper one from the first query on.
func aheadForever(c *Curve, extra, gain float64) bool {
	return extra+c.fixed(1) <= 0 && c.Carries(1)*gain >= c.ReplicaUSD+c.People.Mid
}

// Payback returns the month, counted from the start of service, in which what self saves against api has earned back what it
// takes more to set up; nil where it does not within months. Both with people; volume grows by growth a month.
func Payback(self, api *Plan, q, growth float64, months int) *float64 {
	owed := self.Setup() - api.Setup()
	if owed <= 0 && self.MonthlyWithLabour(q) <= api.MonthlyWithLabour(q) {
		zero := 0.0
		return &zero
	}
	for m := range months {
		saved := api.MonthlyWithLabour(q) - self.MonthlyWithLabour(q)
		if saved > 0 && saved >= owed {
			t := float64(m) + math.Max(0, owed/saved)
			return &t
		}
		owed -= saved
		q *= 1 + growth
	}
	return nil
}
