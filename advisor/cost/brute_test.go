package cost

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// anyStaircase is a fleet whose stairs differ, as sizing finds them.
func anyStaircase(t *rapid.T) *Plan {
	c := Curve{
		ReplicaUSD: rapid.Float64Range(200, 2e4).Draw(t, "replica"), Spare: rapid.IntRange(0, 2).Draw(t, "spare"),
		OutputUSD: rapid.Float64Range(0, 1e-5).Draw(t, "egress"), BaseUSD: rapid.Float64Range(0, 1e3).Draw(t, "base"),
	}
	if rapid.Bool().Draw(t, "people") {
		c.People, c.PeopleFrom = Exactly(rapid.Float64Range(0, 1e3).Draw(t, "each")), rapid.IntRange(1, 9).Draw(t, "from")
	}
	if rapid.Bool().Draw(t, "some there") {
		c.HeldUSD, c.Held = c.ReplicaUSD*rapid.Float64Range(0, 1).Draw(t, "written off"), rapid.Float64Range(0, 15).Draw(t, "there")
	}
	carries := 0.0
	for range rapid.IntRange(1, 12).Draw(t, "stairs") {
		carries += rapid.Float64Range(1e4, 3e6).Draw(t, "rise")
		c.Steps = append(c.Steps, carries)
	}
	return &Plan{Parts: []Part{{Share: 1, Curve: c}}, Labour: Exactly(rapid.Float64Range(0, 1e4).Draw(t, "labour"))}
}

// bruteForce looks for the first volume at which self costs no more than api: it tries the end of each stair and halves the stair
// from there. It knows nothing of lines that cross.
func bruteForce(self, api *Plan, most float64) float64 {
	ahead := func(q float64) bool { return self.MonthlyWithLabour(q) <= api.MonthlyWithLabour(q) }
	lo := 0.0
	for n := 1; lo < most; n++ {
		hi := self.Parts[0].Curve.Carries(n)
		if ahead(hi) {
			a, b := lo, hi
			if ahead(math.Nextafter(lo, hi)) {
				return lo
			}
			for b-a > 1e-6*b {
				if m := (a + b) / 2; ahead(m) {
					b = m
				} else {
					a = m
				}
			}
			return b
		}
		lo = hi
	}
	return math.Inf(1)
}

// The break-even found stair by stair lies within a thousandth of the one found by trying.
func TestBreakEvenWithinAThousandth(t *testing.T) {
	found := 0
	rapid.Check(t, func(t *rapid.T) {
		self := anyStaircase(t)
		api := &Plan{Parts: []Part{{Share: 1, Curve: Curve{InputUSD: rapid.Float64Range(1e-5, 0.05).Draw(t, "api")}}}}
		x := BreakEven(self, api)
		const most = 5e8
		want := bruteForce(self, api, most)
		switch {
		case x.First == nil && !math.IsInf(want, 1):
			t.Fatalf("no break-even found, but there is one at %g", want)
		case x.First != nil && *x.First < most && math.Abs(*x.First-want) > 1e-3*math.Max(want, 1):
			t.Fatalf("break-even at %g, by trying at %g", *x.First, want)
		case x.First != nil:
			found++
		}
	})
	if found == 0 {
		t.Error("no case had a break-even: nothing was tried")
	}
}

// The month in which set-up is earned back is where the two sums of payments meet, month by month.
func TestPaybackByBookkeeping(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		self, api := anyStaircase(t), &Plan{Parts: []Part{{Share: 1, Curve: Curve{InputUSD: rapid.Float64Range(1e-4, 0.05).Draw(t, "api")}}}}
		self.SetupUSD = rapid.Float64Range(0, 1e5).Draw(t, "setup")
		q, growth := rapid.Float64Range(1e4, 1e7).Draw(t, "q"), rapid.Float64Range(-0.05, 0.2).Draw(t, "growth")
		got := Payback(self, api, q, growth, 36)
		owed := func(months float64) float64 { // what self has cost more by then
			sum, v := self.Setup()-api.Setup(), q
			for m := 0.0; m < months; m++ {
				sum += (self.MonthlyWithLabour(v) - api.MonthlyWithLabour(v)) * math.Min(1, months-m)
				v *= 1 + growth
			}
			return sum
		}
		size := math.Max(1, self.MonthlyWithLabour(q)*36+self.Setup())
		if got == nil {
			for m := range 36 {
				if o := owed(float64(m + 1)); o < -1e-9*size && self.MonthlyWithLabour(q*math.Pow(1+growth, float64(m))) < api.MonthlyWithLabour(q*math.Pow(1+growth, float64(m))) {
					t.Fatalf("never earned back, but after month %d self has cost %g less", m+1, -o)
				}
			}
			return
		}
		if o := owed(*got); o > 1e-6*size {
			t.Fatalf("earned back in month %g, when %g is still owed", *got, o)
		}
		if *got > 0.01 {
			if o := owed(*got * 0.99); o < -1e-6*size {
				t.Fatalf("earned back in month %g, but a little before it self had cost %g less", *got, -o)
			}
		}
	})
}
