package cost

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/llmadvise/llmadvise/advisor/catalog"
	"github.com/llmadvise/llmadvise/advisor/quantity"
)

func anyCurve(t *rapid.T) Curve {
	c := Curve{
		InputUSD: rapid.Float64Range(0, 0.1).Draw(t, "input"), OutputUSD: rapid.Float64Range(0, 0.1).Draw(t, "output"),
		BaseUSD: rapid.Float64Range(0, 1e4).Draw(t, "base"), InputWork: rapid.Float64Range(0, 1).Draw(t, "work"),
	}
	if rapid.Bool().Draw(t, "machines") {
		c.Market = GPURental
		c.ReplicaUSD = rapid.Float64Range(10, 1e5).Draw(t, "replica")
		first := rapid.Float64Range(1e3, 1e7).Draw(t, "first")
		c.Steps = []float64{first}
		if rapid.Bool().Draw(t, "second") {
			c.Steps = append(c.Steps, first+rapid.Float64Range(1e3, 1e7).Draw(t, "rise"))
		}
		c.Spare = rapid.IntRange(0, 2).Draw(t, "spare")
	}
	return c
}

func anyPlan(t *rapid.T) *Plan {
	lo := rapid.Float64Range(0, 5e3).Draw(t, "labour")
	mid := lo + rapid.Float64Range(0, 5e3).Draw(t, "more")
	return &Plan{
		Parts:  []Part{{Share: 1, Curve: anyCurve(t)}},
		Labour: Range{lo, mid, mid + rapid.Float64Range(0, 5e3).Draw(t, "most")}, SetupUSD: rapid.Float64Range(0, 1e5).Draw(t, "setup"),
	}
}

func TestCostNeverFallsWithVolume(t *testing.T) {
	rose, draws := 0, 0
	defer func() {
		if t.Logf("the bill rose in %d of %d draws", rose, draws); rose < draws/2 {
			t.Error("too few to say anything")
		}
	}()
	rapid.Check(t, func(t *rapid.T) {
		p := anyPlan(t)
		q := rapid.Float64Range(1, 1e8).Draw(t, "q")
		more := q * rapid.Float64Range(1, 10).Draw(t, "factor")
		if a, b := p.Monthly(q), p.Monthly(more); b < a*(1-1e-12) {
			t.Fatalf("%g queries cost %g, %g cost %g", q, a, more, b)
		} else if draws++; b > a*(1+1e-9) {
			rose++
		}
		a, _ := p.TCO(q, 0.02, 12)
		b, _ := p.TCO(more, 0.02, 12)
		if b < a*(1-1e-12) {
			t.Fatalf("TCO falls from %g to %g", a, b)
		}
	})
}

// Break-even found stair by stair agrees with a search over volumes: below it self is never cheaper, at it it is.
func TestBreakEvenAgainstBruteForce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		first := rapid.Float64Range(1e4, 1e6).Draw(t, "first")
		self := &Plan{Parts: []Part{{Share: 1, Curve: Curve{
			ReplicaUSD: rapid.Float64Range(100, 1e4).Draw(t, "replica"), Steps: []float64{first}, Spare: rapid.IntRange(0, 1).Draw(t, "spare"),
		}}}, Labour: Exactly(rapid.Float64Range(0, 5e3).Draw(t, "labour"))}
		api := &Plan{Parts: []Part{{Share: 1, Curve: Curve{InputUSD: rapid.Float64Range(1e-4, 0.05).Draw(t, "api")}}}}
		x := BreakEven(self, api)
		ahead := func(q float64) bool { return self.MonthlyWithLabour(q) <= api.MonthlyWithLabour(q)*(1+1e-9) }
		top := first * 50
		for i := range 2000 {
			q := top * float64(i+1) / 2000
			switch {
			case ahead(q) && x.First == nil:
				t.Fatalf("self is cheaper at %g, but no break-even was found", q)
			case x.First != nil && q < *x.First*(1-1e-9) && ahead(q):
				t.Fatalf("self is cheaper at %g, before the break-even at %g", q, *x.First)
			case x.Final != nil && q > *x.Final*(1+1e-9) && !ahead(q):
				t.Fatalf("self is dearer at %g, after the final break-even at %g", q, *x.Final)
			}
		}
		if x.First != nil && !ahead(*x.First*(1+1e-9)) {
			t.Fatalf("self is dearer at its break-even %g", *x.First)
		}
	})
}

func TestQuantileStaysInRange(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lo := rapid.Float64Range(-1e3, 1e3).Draw(t, "lo")
		mid := lo + rapid.Float64Range(0, 1e3).Draw(t, "mid")
		r := Range{lo, mid, mid + rapid.Float64Range(0, 1e3).Draw(t, "hi")}
		u := rapid.Float64Range(0, 1).Draw(t, "u")
		v := r.Quantile(u)
		if math.IsNaN(v) || v < r.Lo-1e-9 || v > r.Hi+1e-9 {
			t.Fatalf("Quantile(%g) of %+v = %g", u, r, v)
		}
		if w := r.Quantile(min(1, u+0.1)); w < v-1e-9 {
			t.Fatalf("quantiles fall from %g to %g", v, w)
		}
	})
}

// Selection gives what sorting gives.
func TestPercentiles(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.SliceOfN(rapid.Float64Range(-100, 100), 1, 300).Draw(t, "v")
		s := slices.Sorted(slices.Values(v))
		at := func(p float64) float64 { return s[min(len(s)-1, int(p*float64(len(s))))] }
		if got, want := percentiles(v), (Range{at(0.1), at(0.5), at(0.9)}); got != want {
			t.Fatalf("got %+v, want %+v", got, want)
		}
	})
}

// A rent by the hour and the month's bill are the same figure, for every place to rent of the catalog; so are a month and its twelfth of a year.
func TestRentRoundTrips(t *testing.T) {
	offers := catalog.Default().GPUOffers
	rapid.Check(t, func(t *rapid.T) {
		o := rapid.SampledFrom(offers).Draw(t, "offer")
		gpus := rapid.IntRange(1, 64).Draw(t, "gpus")
		month := Rent(&o, gpus)
		instances := math.Ceil(float64(gpus) / float64(o.Count))
		if hour := month / quantity.HoursPerMonth / instances; math.Abs(hour/o.USDPerHour-1) > 1e-12 {
			t.Fatalf("%s: %g an hour for %d GPUs comes back as %g", o.ID, o.USDPerHour, gpus, hour)
		}
		year := month * 12
		if hour := year / (365 * 24) / instances; math.Abs(hour/o.USDPerHour-1) > 1e-12 {
			t.Fatalf("%s: a year of %g is %g an hour", o.ID, year, hour)
		}
	})
}
