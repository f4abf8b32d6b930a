package advisor

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/llmadvise/llmadvise/advisor/catalog"
	"github.com/llmadvise/llmadvise/advisor/cost"
	"github.com/llmadvise/llmadvise/advisor/quantity"
	"github.com/llmadvise/llmadvise/advisor/sizing"
)

// fleetOf is a candidate that costs usd over 12 months, half of it for machines, and misses its target with a chance.
func fleetOf(name string, usd, chance float64) *candidate {
	p95 := quantity.Between(2, 4, 8)
	if chance < 0.1 {
		p95 = quantity.Between(1, 2, 4)
	}
	return &candidate{
		opt: Option{ID: name, Name: name, Path: PathSelfHost, Feasible: true, MissChance: &chance}, tco: usd, risk: chance * makeGood * usd / 2,
		sized: &sized{plan: sizing.FleetPlan{Meets: true, P95: p95, MissChance: chance}, supply: &supply{offer: &catalog.GPUOffer{}}},
	}
}

// A fleet whose p95 is expected at the target itself misses it as likely as not. It loses to one with room at nearly the same cost, and not to
// one that costs half as much again; the reason says so.
func TestRoomGoesFirst(t *testing.T) {
	e := &engine{w: Workload{LatencyP95: 5 * time.Second, NoDataLeaves: ptr(false)}, base: cost.Base{Months: 12}}
	for _, c := range []struct {
		name      string
		tight     float64 // USD, against 100,000 with room
		first     string
		explained string
	}{
		{name: "nearly the same cost", tight: 90_000, first: "room", explained: "tight would cost $10,000 less over 12 months, but its p95 is the likelier to miss 5 s: a chance of 50 %, against 4 %."},
		{name: "much cheaper", tight: 65_000, first: "tight"},
		{name: "dearer", tight: 110_000, first: "room"},
	} {
		t.Run(c.name, func(t *testing.T) {
			all := []*candidate{fleetOf("tight", c.tight, 0.5), fleetOf("room", 100_000, 0.04)}
			slices.SortFunc(all, better)
			if all[0].opt.ID != c.first {
				t.Fatalf("%s goes first", all[0].opt.ID)
			}
			if got := e.whyNotCheapest(all[0], all); got != c.explained {
				t.Errorf("got  %q\nwant %q", got, c.explained)
			}
			for _, x := range all {
				if x.tight() != (x.opt.ID == "tight") {
					t.Errorf("%s is tight: %v", x.opt.ID, x.tight())
				}
			}
		})
	}
}

// Two models run on the same machines at the same cost: the one that is the likelier to be fast enough goes first, and what may be
// too slow is marked.
func TestTheSurerOfTwoGoesFirst(t *testing.T) {
	a := advise(t, Workload{QueriesPerMonth: 250_000, NoDataLeaves: ptr(true)})
	first := &a.Options[0]
	same := 0
	for i := range a.Options[1:] {
		o := &a.Options[i+1]
		if !o.Feasible || o.Path != PathSelfHost || o.TCO12.Mid > first.TCO12.Mid*1.01 || o.ProviderID != first.ProviderID {
			continue
		}
		same++
		if *o.MissChance < *first.MissChance {
			t.Errorf("%s misses the target with a chance of %.2f and goes first; %s of the same cost with %.2f", first.Name, *first.MissChance, o.Name, *o.MissChance)
		}
	}
	if same == 0 {
		t.Error("no two options of the same cost: the test says nothing")
	}
}

// No self-hosted option that is shown beats the recommended one by cost with risk, whatever the workload, and what may miss the target says so.
func TestRiskIsCounted(t *testing.T) {
	t.Parallel()
	cat := catalog.Default()
	tightOnes, compared := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		w := pinned(anyWorkload(t))
		w.Traffic = OfficeHours
		a := quick(t, w, cat)
		ranked := func(o *Option) float64 { return o.TCO.Mid + o.RiskUSD }
		var last *Option
		for i := range a.Options {
			o := &a.Options[i]
			if o.Path != PathSelfHost || !o.Feasible {
				continue
			}
			if o.MissChance == nil || *o.MissChance < 0 || *o.MissChance > 0.5+1e-9 {
				t.Fatalf("%s meets %s and misses it with a chance of %v", o.ID, a.Workload.LatencyP95, o.MissChance)
			}
			tight := o.Latency.Hi > a.Workload.LatencyP95.Seconds()*(1+1e-9)
			said := slices.ContainsFunc(o.Caveats, func(s string) bool { return strings.Contains(s, "exceeds the target") })
			if tight != said {
				t.Fatalf("%s: p95 up to %.3f s against %s, said %v", o.ID, o.Latency.Hi, a.Workload.LatencyP95, said)
			}
			if tight {
				tightOnes++
			}
			if last != nil && i > 1 { // the first may have been moved there for another reason
				compared++
				if ranked(o) < ranked(last)*(1-1e-9) {
					t.Fatalf("%s ranks behind %s, at %.0f against %.0f USD with risk", o.ID, last.ID, ranked(o), ranked(last))
				}
			}
			last = o
			if i == 0 {
				last = nil
			}
		}
	})
	if tightOnes == 0 || compared == 0 {
		t.Errorf("%d tight options and %d pairs seen: the test says nothing", tightOnes, compared)
	}
}
