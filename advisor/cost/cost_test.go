package cost

import (
	"math"
	"testing"

	"github.com/llmadvise/llmadvise/advisor/catalog"
)

// price makes an offer of a list price, USD per million tokens.
func price(in, out float64) *catalog.Offer {
	return &catalog.Offer{ID: "test", Rates: catalog.Rates{Input: &in, Output: &out}}
}

// apiPlan is an API at 1,200 tokens in and 300 out, without people: the article's shape.
func apiPlan(t *testing.T, in, out float64) *Plan {
	t.Helper()
	q, _, err := price(in, out).Bill(catalog.Usage{Requests: 1, InputPerRequest: 1200, OutputPerRequest: 300})
	if err != nil {
		t.Fatal(err)
	}
	return &Plan{Parts: []Part{{Share: 1, Curve: Curve{Market: ProprietaryAPI, InputUSD: q}}}}
}

// machine is a rented machine that carries any load, as the published table assumes.
func machine(hourly float64, gpus int, labour Range) *Plan {
	o := &catalog.GPUOffer{Count: 1, USDPerHour: hourly}
	return &Plan{
		Parts:  []Part{{Share: 1, Curve: Curve{Market: GPURental, ReplicaUSD: Rent(o, gpus), Steps: []float64{1e15}}}},
		Labour: labour,
	}
}

func within(t *testing.T, what string, got, want, share float64) {
	t.Helper()
	if math.Abs(got/want-1) > share {
		t.Errorf("%s: got %.6g, want %.6g within %g %%", what, got, want, share*100)
	}
}

// The worked case: 300,000 queries of 1,200 tokens in and 300 out. GPU prices are $2.99 an hour, the 8-way H100 rate.
func TestWorkedCase(t *testing.T) {
	const q = 300_000
	for _, c := range []struct {
		name string
		plan *Plan
		want float64
	}{
		{"GPT-4.1 at 2/8", apiPlan(t, 2, 8), 1440},
		{"Llama-70B at 0.72/0.72", apiPlan(t, 0.72, 0.72), 324},
		{"1x H100", machine(2.99, 1, Range{}), 2183},
		{"2x H100", machine(2.99, 2, Range{}), 4365},
		{"4x H100", machine(2.99, 4, Range{}), 8731},
		{"8x H100", machine(2.99, 8, Range{}), 17462},
	} {
		within(t, c.name, c.plan.Monthly(q), c.want, 0.0005)
	}
}

// Break-even volumes by rival and machine, as published: thousands of queries a month. The machines are one A100 at $1.64 without
// people, and one and four H100 at $2.99 with a quarter of an engineer.
func TestBreakEvenTable(t *testing.T) {
	quarter := Labour(RentGPUs, SomeTeam).Monthly(FTEMonthUSD)
	within(t, "a quarter of an engineer", quarter.Mid, 4063, 0.001)
	machines := []*Plan{machine(1.64, 1, Range{}), machine(2.99, 1, quarter), machine(2.99, 4, quarter)}
	for _, c := range []struct {
		rival   string
		in, out float64
		want    [3]float64
	}{
		{"Opus 4.1", 15, 75, [3]float64{30e3, 154e3, 316e3}},
		{"Opus 5", 5, 25, [3]float64{89e3, 463e3, 948e3}},
		{"GPT-4.1", 2, 8, [3]float64{249e3, 1.3e6, 2.7e6}},
		{"GPT-5-mini", 0.25, 2, [3]float64{1.3e6, 6.9e6, 14e6}},
		{"Llama-70B at Groq", 0.59, 0.79, [3]float64{1.3e6, 6.6e6, 13.5e6}},
	} {
		api := apiPlan(t, c.in, c.out)
		for i, m := range machines {
			x := BreakEven(m, api)
			if x.First == nil || x.Final == nil {
				t.Errorf("%s, machine %d: no break-even", c.rival, i)
				continue
			}
			within(t, c.rival, *x.First, c.want[i], 0.05)
			within(t, c.rival+": both bills at the break-even", m.MonthlyWithLabour(*x.First), api.MonthlyWithLabour(*x.First), 1e-9)
		}
	}
}

func TestOwn(t *testing.T) {
	a := &catalog.Accelerator{ID: "A100", TDPWatts: 400}
	o := Own(a, 12_000, 1)
	// One card and half a server: 12,000 + 6,000 over 36 months.
	within(t, "write-off", o.WriteOff, 18_000/36.0, 1e-9)
	// (0.4 kW + 0.15 kW of host) * 1.55 * 730 h * $0.12.
	within(t, "power", o.Power, 0.55*1.55*730*0.12, 1e-9)
	if m := o.Monthly(); m < 500 || m > 800 {
		t.Errorf("one owned A100 costs $%.0f a month; bare hardware is known at $500-800", m)
	}
	kw := 1.73
	all := Own(&catalog.Accelerator{TDPWatts: 700, AllInKW: &kw}, 25_000, 8)
	within(t, "all-in power is not multiplied by PUE again", all.KW, 8*1.73, 1e-9)
}

func TestRentTakesWholeInstances(t *testing.T) {
	o := &catalog.GPUOffer{Count: 8, USDPerHour: 10}
	for gpus, want := range map[int]float64{1: 7300, 8: 7300, 9: 14600} {
		within(t, "rent", Rent(o, gpus), want, 1e-9)
	}
}

func TestServing(t *testing.T) {
	c := Curve{Steps: []float64{100, 180}}
	for q, want := range map[float64]int{0: 1, 100: 1, 101: 2, 180: 2, 181: 3, 260: 3, 261: 4, 1000: 13} {
		if got := c.Serving(q); got != want {
			t.Errorf("Serving(%g) = %d, want %d", q, got, want)
		}
	}
}

// On a staircase of cheap machines the lead changes hands: the first crossing is not the last.
func TestBreakEvenOnStairs(t *testing.T) {
	self := &Plan{Parts: []Part{{Share: 1, Curve: Curve{ReplicaUSD: 90, Steps: []float64{100}}}}}
	api := &Plan{Parts: []Part{{Share: 1, Curve: Curve{InputUSD: 1, BaseUSD: 0}}}}
	self.Labour = Exactly(50)
	x := BreakEven(self, api)
	// Stair 1 costs 140 up to 100 queries: never. Stair 2 costs 230 up to 200: never. Stair n: 90n+50 <= 100n from n = 5 on.
	if x.First == nil || *x.First != 500 {
		t.Fatalf("first = %v, want 500", deref(x.First))
	}
	// On stair 6 (501-600) self costs 590: from 590 on; the stairs where it is ahead from the start come at n >= 14: 90*14+50 = 1310 > 1300,
	// n = 15: 1400 = 1400, where the stair begins. So the last stair that starts behind is 14, ahead from 1310.
	if x.Final == nil || *x.Final != 1310 {
		t.Fatalf("final = %v, want 1310", deref(x.Final))
	}
	if x := BreakEven(&Plan{Parts: []Part{{Share: 1, Curve: Curve{ReplicaUSD: 110, Steps: []float64{100}}}}}, api); x.First != nil {
		t.Fatalf("a machine dearer than the calls it carries breaks even at %g", *x.First)
	}
}

func deref(p *float64) float64 {
	if p == nil {
		return math.NaN()
	}
	return *p
}

func TestPayback(t *testing.T) {
	self := &Plan{Parts: []Part{{Share: 1, Curve: Curve{ReplicaUSD: 1000, Steps: []float64{1e9}}}}, SetupUSD: 5500}
	api := &Plan{Parts: []Part{{Share: 1, Curve: Curve{InputUSD: 0.01}}}}
	// 200,000 queries: API 2,000, self 1,000: 5,500 are earned back after five and a half months.
	if got := Payback(self, api, 200_000, 0, 36); deref(got) != 5.5 {
		t.Errorf("payback = %v, want 5.5", deref(got))
	}
	if got := Payback(self, api, 100_000, 0, 36); got != nil {
		t.Errorf("payback = %g where nothing is saved", *got)
	}
}

func TestTCOAndNPV(t *testing.T) {
	p := &Plan{
		Parts:  []Part{{Share: 1, Curve: Curve{InputUSD: 0.01}}},
		Labour: Exactly(500), SetupLabour: Exactly(1000), SetupUSD: 200,
	}
	with, without := p.TCO(10_000, 0, 12)
	if with != 100*12+500*12+1200 || without != 100*12+200 {
		t.Errorf("TCO = %g, %g", with, without)
	}
	with, _ = p.TCO(10_000, 0.1, 2)
	within(t, "growth", with, 100+110+1000+1200, 1e-9)
	// 36 payments of 600 at 10 % a year, from the annuity formula, and 1,200 at once.
	r := math.Pow(1.1, 1.0/12) - 1
	within(t, "NPV", p.NPV(10_000, 0, 36), 1200+600*(1-math.Pow(1+r, -36))/r, 1e-9)
}

// A cascade pays for both models where routing pays for one.
func TestRoutingAndCascade(t *testing.T) {
	small, large := apiPlan(t, 0.2, 0.2), apiPlan(t, 10, 30)
	const q = 100_000
	routing, cascade := Routing(small, large, 0.8), Cascade(small, large, 0.2)
	within(t, "routing", routing.Monthly(q), 0.8*small.Monthly(q)+0.2*large.Monthly(q), 1e-9)
	within(t, "cascade", cascade.Monthly(q), small.Monthly(q)+0.2*large.Monthly(q), 1e-9)
}

func TestBestSplitFillsMachines(t *testing.T) {
	self := &Plan{Parts: []Part{{Share: 1, Curve: Curve{ReplicaUSD: 1000, Steps: []float64{100_000}}}}}
	api := &Plan{Parts: []Part{{Share: 1, Curve: Curve{InputUSD: 0.015}}}}
	// 205,000 queries, all of which may go to self: a third machine for the last 5,000 costs 1,000, the API 75.
	share, monthly := BestSplit(self, api, 205_000, 1)
	within(t, "share", share, 200.0/205, 1e-9)
	within(t, "monthly", monthly, 2000+75, 1e-9)
}
