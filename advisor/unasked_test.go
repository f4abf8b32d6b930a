package advisor

import (
	"strings"
	"testing"
	"time"

	"github.com/llmadvise/llmadvise/advisor/catalog"
)

// At the edge of a target that nobody gave, a fleet that misses it is priced by its throughput: a draw of a little less of it buys no machines without end.
func TestAFleetAtTheEdgeHasABoundedBill(t *testing.T) {
	a := advise(t, Workload{QueriesPerMonth: 6e6, InputTokens: 1000, OutputTokens: 250, Models: []string{"llama-3.3-70b"}, GPUs: []string{"H100-SXM-80GB"}, Providers: []string{"lambda"}})
	for _, o := range a.Options {
		if o.Monthly.Hi > 5*o.Monthly.Mid {
			t.Errorf("%s: %v a month", o.Name, o.Monthly)
		}
	}
}

// A model that is only known by its shape is weighed where it is named.
func TestANamedShapeIsHosted(t *testing.T) {
	w := Workload{QueriesPerMonth: 2e6, NoDataLeaves: ptr(true), Models: []string{"deepseek-v3.1"}, GPUs: []string{"H200-SXM-141GB"}, Owned: []Held{{"H200-SXM-141GB", 8}}}
	a := advise(t, w)
	if o := optionOf(t, &a); o.ModelID != "deepseek-v3.1" || o.GPUs != 8 || o.GPUsHeld != 8 {
		t.Errorf("%s", o.Name)
	}
}

// An assumed latency sends nobody to machines of their own where an endpoint costs less than half.
func TestAnAssumedLatencyGivesWayToAnEndpoint(t *testing.T) {
	w := Workload{QueriesPerMonth: 6_080, InputTokens: 900_000, OutputTokens: 1_000}
	a := advise(t, w)
	if a.Recommendation.Path == PathSelfHost {
		t.Errorf("%s", a.Recommendation.Summary)
	}
	said := false
	for _, s := range a.Assumptions {
		said = said || s.Field == FieldLatency && strings.Contains(s.Why, "twice as much")
	}
	if !said {
		t.Errorf("%+v", a.Assumptions)
	}
	w.LatencyP95 = 20 * time.Second // said, it holds
	if a = advise(t, w); a.Workload.LatencyP95 != 20*time.Second {
		t.Errorf("p95 of 20 s became %s", a.Workload.LatencyP95)
	}
}

// Cards that are there are weighed as they are, none to spare, and with more time than is usual where nobody said how fast it has to be.
func TestCardsThatAreThereAreWeighedAsTheyAre(t *testing.T) {
	a := advise(t, Workload{QueriesPerMonth: 1e6, Models: []string{"llama-3.3-70b"}, GPUs: []string{"A100-SXM-80GB"}, Owned: []Held{{"A100-SXM-80GB", 4}}})
	for _, o := range a.Options {
		if o.Path == PathSelfHost && o.Feasible && o.GPUs == 4 && o.GPUsHeld == 4 {
			if !strings.Contains(strings.Join(o.Caveats, "; "), "none is to spare") {
				t.Errorf("%q", o.Caveats)
			}
			return
		}
	}
	t.Error("no option with the four that are there")
}

// Where an endpoint that costs a fraction misses a said latency by its typical figure, the answer names it: to be measured, or to be waited for.
func TestANearMissOfTheLatencyIsNamed(t *testing.T) {
	a := advise(t, Workload{QueriesPerMonth: 1.2e6, InputTokens: 800, OutputTokens: 150, LatencyP95: 2 * time.Second, Compliance: []catalog.Regime{catalog.GDPR}})
	if a.Recommendation.Path != PathSelfHost {
		t.Fatalf("%s: this case puts nothing to the test any more", a.Recommendation.Summary)
	}
	for _, f := range a.Flips {
		if f.Driver == FieldLatency && strings.Contains(f.Text, "or a measurement shows the endpoint to be faster") {
			return
		}
	}
	t.Errorf("%+v", a.Flips)
}

// A batch that has the night for it takes a fleet that is done by the morning.
func TestABatchHasItsHours(t *testing.T) {
	w := Workload{QueriesPerMonth: 90e6, Task: Extraction, Traffic: BatchTraffic, InputTokens: 4000, OutputTokens: 200, NoDataLeaves: ptr(true), Models: []string{"llama-3.1-8b"}, GPUs: []string{"H100-SXM-80GB"}}
	day := advise(t, w)
	w.BatchHours = ptr(8.0)
	night := advise(t, w)
	all, third := optionOf(t, &day), optionOf(t, &night)
	if third.GPUs < 2*all.GPUs || *third.Utilisation > 0.34 {
		t.Errorf("%d GPUs for the day, %d busy %g for a third of it", all.GPUs, third.GPUs, *third.Utilisation)
	}
}

// A bill has the offers weighed twice; they are counted once.
func TestOffersAreCountedOnce(t *testing.T) {
	a := advise(t, Workload{QueriesPerMonth: 1e6, Today: []string{"gpt-4.1"}, SpendUSDMonth: ptr(9000.0)})
	if n := len(catalog.Default().Offers); a.Coverage.OffersTotal != n {
		t.Errorf("%d offers, want %d", a.Coverage.OffersTotal, n)
	}
}

// A budget is of the run cost; where people take it beyond, the reason says so.
func TestTheBudgetIsWithoutPeople(t *testing.T) {
	a := advise(t, Workload{QueriesPerMonth: 300_000, NoDataLeaves: ptr(true), BudgetUSDMonth: ptr(3000.0)})
	if r := a.Recommendation.Reason; !strings.Contains(r, "the budget without its people") {
		t.Errorf("%q", r)
	}
}
