package cost

import (
	"math"
	"reflect"
	"testing"
)

func someSpread() *Spread {
	s := &Spread{Volume: Range{0.8, 1, 1.3}, Input: Range{0.7, 1, 1.4}, Output: Range{0.7, 1, 1.4}, ThroughputSigma: 0.3, Growth: Range{-0.01, 0, 0.03}}
	for i := range s.Price {
		s.Price[i] = Range{0.8, 1, 1.1}
	}
	return s
}

func somePlans() []*Plan {
	return []*Plan{
		{Parts: []Part{{Share: 1, Curve: Curve{Market: ProprietaryAPI, InputUSD: 0.0024, OutputUSD: 0.0024}}}, SetupUSD: 1500},
		{Parts: []Part{{Share: 1, Curve: Curve{Market: OpenAPI, InputUSD: 0.0008, OutputUSD: 0.0003}}}, SetupUSD: 1500},
		{Parts: []Part{{Share: 1, Curve: Curve{Market: GPURental, ReplicaUSD: 1500, Steps: []float64{400_000}, Spare: 1, InputWork: 0.2}}},
			Labour: Range{2000, 4000, 8000}, SetupUSD: 10_000},
	}
}

func TestSimulateIsDeterministicAndOrdered(t *testing.T) {
	plans, group := somePlans(), []int{0, 1, 2}
	b := Base{Queries: 300_000, Months: 12}
	run := func(seed uint64) Outcome {
		return Simulate(plans, group, 3, [][]int{{0}, {1}, {2}}, []float64{1, 1, 1}, b, someSpread(), 4000, seed)
	}
	one, again := run(7), run(7)
	if !reflect.DeepEqual(one, again) {
		t.Error("the same seed gives two results")
	}
	if reflect.DeepEqual(one, run(8)) {
		t.Error("another seed gives the same result: nothing is drawn")
	}
	var best float64
	for i := range plans {
		m, x := one.Monthly[i], one.TCO[i]
		if m.Lo > m.Mid || m.Mid > m.Hi || x.Lo > x.Mid || x.Mid > x.Hi {
			t.Errorf("plan %d: not in order: %+v %+v", i, m, x)
		}
		if mid := plans[i].Monthly(b.Queries); m.Lo > mid || m.Hi < mid {
			t.Errorf("plan %d: the expected %g lies outside %+v", i, mid, m)
		}
		best += one.Best[i]
	}
	if math.Abs(best-1) > 1e-9 {
		t.Errorf("shares of the best add to %g", best)
	}
	if one.Right[1] < 0.99 {
		t.Errorf("the cheap API is right in %g of the draws; it costs a quarter of the others", one.Right[1])
	}
}

func TestSimulateChance(t *testing.T) {
	b := Base{Queries: 300_000, Months: 12}
	o := Simulate(somePlans(), []int{0, 1, 2}, 3, [][]int{{0}, {1}, {2}}, []float64{1, 0.7, 0}, b, someSpread(), 20_000, 1)
	if math.Abs(o.Right[1]-0.7) > 0.015 {
		t.Errorf("a plan with a chance of 0.7 is right in %g of the draws", o.Right[1])
	}
	if o.Best[2] != 0 {
		t.Error("a plan without a chance won")
	}
}

func TestFlip(t *testing.T) {
	x, ok := Flip(1, 100, func(x float64) bool { return x > 37 })
	if !ok || math.Abs(x/37-1) > 1e-3 {
		t.Errorf("flip at %g, want 37", x)
	}
	if x, ok = Flip(1, 0.01, func(x float64) bool { return x < 0.2 }); !ok || math.Abs(x/0.2-1) > 1e-3 {
		t.Errorf("flip at %g, want 0.2", x)
	}
	if _, ok = Flip(1, 100, func(float64) bool { return false }); ok {
		t.Error("a flip where nothing flips")
	}
}

func BenchmarkMonteCarlo10k(b *testing.B) {
	var plans []*Plan
	var group []int
	var chance []float64
	var needs [][]int
	for range 5 { // fifteen options, as many as an answer shows
		plans, group, chance = append(plans, somePlans()...), append(group, 0, 1, 2), append(chance, 1, 0.8, 0.9)
		needs = append(needs, []int{len(needs)}, []int{len(needs) + 1}, []int{len(needs) + 2})
	}
	s := someSpread()
	b.ReportAllocs()
	for b.Loop() {
		Simulate(plans, group, 3, needs, chance, Base{Queries: 300_000, Growth: 0.02, Months: 12}, s, 10_000, 1)
	}
}
