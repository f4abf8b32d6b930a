package advisor

import (
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/llmadvise/llmadvise/advisor/catalog"
	"github.com/llmadvise/llmadvise/advisor/cost"
)

func today(t *testing.T, a *Advice) *Option {
	t.Helper()
	for i := range a.Options {
		if a.Options[i].Today && a.Options[i].Path == PathSelfHost {
			return &a.Options[i]
		}
	}
	t.Fatalf("nothing that runs today among %d options", len(a.Options))
	return nil
}

// What runs today costs what is paid for it, whatever it takes, and nothing to set up.
func TestTodaysFleetCostsItsBill(t *testing.T) {
	w := Workload{QueriesPerMonth: 2e6, Rented: []Held{{"H100-SXM-80GB", 8}}, GPUs: []string{"H100-SXM-80GB"}, Today: []string{"aws", "llama-3.3-70b"}, SpendUSDMonth: ptr(20_000.0)}
	a := advise(t, w)
	o := today(t, &a)
	if o.Monthly.Mid != 20_000 || o.SetupUSD.Mid != 0 || o.GPUs != 8 || !o.Feasible || o.ModelID != "llama-3.3-70b" || o.ProviderID != "aws" {
		t.Errorf("%+v", o)
	}
	if want := 12*20_000 + 12*o.LabourMonthly.Mid; math.Abs(o.TCO.Mid-want) > 1 {
		t.Errorf("12 months cost %g, want %g", o.TCO.Mid, want)
	}
	if o.Monthly.Lo != o.Monthly.Hi {
		t.Errorf("a bill that is known varies from %g to %g", o.Monthly.Lo, o.Monthly.Hi)
	}
	if r := a.Recommendation.Reason; !strings.Contains(r, "8x H100 SXM at AWS, costs $20,000 a month") || !strings.Contains(r, "busy") {
		t.Errorf("%q", r)
	}
	if a.Recommendation.Path == PathSelfHost {
		t.Errorf("%s at a few per cent of what 8 cards carry", a.Recommendation.Summary)
	}
	// Named only as what runs, they keep nothing else out.
	others := false
	for _, o := range a.Options {
		others = others || o.Path == PathSelfHost && o.GPU != "H100-SXM-80GB"
	}
	if !others {
		t.Error("only the rented card is weighed")
	}
}

// Without a bill it is priced at the rate of the provider that is in use.
func TestTodaysFleetAtList(t *testing.T) {
	w := Workload{QueriesPerMonth: 2e6, Rented: []Held{{"A100-SXM-80GB", 4}}, Today: []string{"lambda", "qwen3-32b"}}
	a := advise(t, w)
	o := today(t, &a)
	least := math.Inf(1)
	for _, g := range catalog.Default().GPUOffers {
		if g.ProviderID == "lambda" && g.Accelerator == "A100-SXM-80GB" && g.Commitment == catalog.OnDemand {
			least = min(least, g.PerGPU())
		}
	}
	if want := 4 * least * cost.HoursPerMonth; math.Abs(o.Monthly.Mid-want) > want*1e-3 {
		t.Errorf("%g a month, want %g", o.Monthly.Mid, want)
	}
	if !strings.Contains(strings.Join(o.Caveats, "; "), "say what you pay") {
		t.Errorf("%q", o.Caveats)
	}
}

// Where it is cheap enough to stay, the answer says so.
func TestStaying(t *testing.T) {
	a := advise(t, Workload{
		QueriesPerMonth: 15e6, Task: Chat, MLTeam: DedicatedTeam, Quality: Standard, Rented: []Held{{"H100-SXM-80GB", 8}}, Today: []string{"llama-3.3-70b"}, SpendUSDMonth: ptr(3000.0),
		LatencyP95: 20e9, Models: []string{"llama-3.3-70b", "gpt-4.1"},
	})
	o := today(t, &a)
	if a.Recommendation.Option != o.ID || !strings.Contains(a.Recommendation.Reason, "It is what you use today") {
		t.Errorf("%s: %s", a.Recommendation.Summary, a.Recommendation.Reason)
	}
}

// What it does not carry is said with how far it goes; a model that does not fit is no option, and its bill is named all the same.
func TestTodaysFleetTooSmall(t *testing.T) {
	a := advise(t, Workload{QueriesPerMonth: 20e6, Task: Classification, LatencyP95: 1e9, Rented: []Held{{"L4", 1}}, Today: []string{"llama-3.1-8b"}})
	if o := today(t, &a); o.Feasible || !strings.Contains(strings.Join(o.WhyNot, "; "), "queries a second") {
		t.Errorf("%v %q", o.Feasible, o.WhyNot)
	}
	a = advise(t, Workload{QueriesPerMonth: 1e6, Rented: []Held{{"L4", 1}}, Today: []string{"llama-3.3-70b"}, SpendUSDMonth: ptr(700.0)})
	for _, o := range a.Options {
		if o.Today && o.Path == PathSelfHost {
			t.Errorf("%s", o.Name)
		}
	}
	if !strings.Contains(a.Recommendation.Reason, "You pay $700 a month today.") {
		t.Errorf("%q", a.Recommendation.Reason)
	}
}

// To know what runs today takes nothing away: the best option never costs more for it.
func TestTodaysFleetNeverWorsensTheBest(t *testing.T) {
	t.Parallel()
	cat := catalog.Default()
	rapid.Check(t, func(t *rapid.T) {
		w := pinned(anyWorkload(t))
		w.Today = []string{rapid.SampledFrom([]string{"llama-3.1-8b", "llama-3.3-70b", "qwen3-32b", "gpt-oss-120b"}).Draw(t, "model")}
		w.Rented = []Held{{rapid.SampledFrom([]string{"H100-SXM-80GB", "A100-SXM-80GB", "L40S", "L4"}).Draw(t, "gpu"), rapid.IntRange(1, 16).Draw(t, "count")}}
		w.SpendUSDMonth = ptr(rapid.Float64Range(100, 50_000).Draw(t, "bill"))
		w.InputTokens, w.OutputTokens = 1200, 300 // said: else the bill would settle them
		v := w
		v.Rented, v.SpendUSDMonth, v.Today = nil, nil, nil // an endpoint of the model is in use only where no machines are
		without := leastCost(t, v, cat)
		if with := leastCost(t, w, cat); with > without*(1+1e-9) {
			t.Fatalf("costs %g, and %g where today's fleet is known", without, with)
		}
	})
}
