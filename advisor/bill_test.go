package advisor

import (
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/llmadvise/llmadvise/advisor/catalog"
)

func assumedBy(a *Advice, f Field) string {
	for _, x := range a.Assumptions {
		if x.Field == f {
			return x.Value + ": " + x.Why
		}
	}
	return ""
}

// What is paid today settles what nobody said of the load, the tokens or else the volume, so that the model in use costs about that much.
func TestTheBillSettlesTheLoad(t *testing.T) {
	t.Parallel()
	today := []string{"gpt-4o", "openai"}
	for _, c := range []struct {
		name string
		w    Workload
		from []Field // the assumptions that name the bill
	}{
		{"tokens", Workload{QueriesPerMonth: 6e6, Today: today, SpendUSDMonth: ptr(18_000.0)}, []Field{FieldInput, FieldOutput}},
		{"long queries", Workload{QueriesPerMonth: 100_000, Today: today, SpendUSDMonth: ptr(4_000.0)}, []Field{FieldInput, FieldOutput}},
		{"volume", Workload{Today: today, SpendUSDMonth: ptr(18_000.0)}, []Field{FieldQueries}},
		{"volume at said tokens", Workload{InputTokens: 4_000, OutputTokens: 100, Today: today, SpendUSDMonth: ptr(900.0)}, []Field{FieldQueries}},
		{"volume of a team", Workload{Users: 40, Today: today, SpendUSDMonth: ptr(900.0)}, []Field{FieldQueries}},
		{"a model that reasons", Workload{QueriesPerMonth: 1e6, Today: []string{"gpt-5", "openai"}, SpendUSDMonth: ptr(3_000.0)}, []Field{FieldInput, FieldOutput, FieldReasoning}},
	} {
		a := advise(t, c.w)
		i := slices.IndexFunc(a.Options, func(o Option) bool { return o.Today })
		if i < 0 {
			t.Fatalf("%s: what is in use is not shown", c.name)
		}
		if got := a.Options[i].Monthly.Mid; math.Abs(got/(*c.w.SpendUSDMonth)-1) > 0.05 {
			t.Errorf("%s: today's option costs %g, the bill is %g", c.name, got, *c.w.SpendUSDMonth)
		}
		for _, f := range c.from {
			if why := assumedBy(&a, f); !strings.Contains(why, "that you pay today") {
				t.Errorf("%s: %s is assumed as %q", c.name, f, why)
			}
		}
		if !slices.ContainsFunc(a.Workload.Doubts, func(d string) bool { return strings.Contains(d, "if you know") }) {
			t.Errorf("%s: nobody is asked to check: %q", c.name, a.Workload.Doubts)
		}
	}
}

// What was said of the load stands, and the bill beside it; a bill that tokens cannot explain explains nothing.
func TestTheBillOverrulesNothingSaid(t *testing.T) {
	t.Parallel()
	w := Workload{QueriesPerMonth: 1e6, InputTokens: 1_000, OutputTokens: 200, Today: []string{"gpt-4o", "openai"}, SpendUSDMonth: ptr(2_000.0)}
	a := advise(t, w)
	if a.Workload.InputTokens != 1_000 || a.Workload.OutputTokens != 200 || a.Workload.QueriesPerMonth != 1e6 {
		t.Errorf("what was said became %g queries of %d and %d tokens", a.Workload.QueriesPerMonth, a.Workload.InputTokens, a.Workload.OutputTokens)
	}
	if !strings.Contains(a.Recommendation.Reason, "you pay $2,000") {
		t.Errorf("the bill is not set beside the list price: %q", a.Recommendation.Reason)
	}
	for name, w := range map[string]Workload{
		"one query for a fortune": {QueriesPerMonth: 10, Today: []string{"gpt-4o"}, SpendUSDMonth: ptr(50_000.0)},
		"two models on one bill":  {QueriesPerMonth: 1e6, Today: []string{"gpt-4o", "gpt-5"}, SpendUSDMonth: ptr(900.0)},
		"no model":                {QueriesPerMonth: 1e6, Today: []string{"openai"}, SpendUSDMonth: ptr(900.0)},
		"no bill":                 {QueriesPerMonth: 1e6, Today: []string{"gpt-4o"}, SpendUSDMonth: ptr(0.0)},
	} {
		if a := advise(t, w); a.Workload.InputTokens != 1_200 || a.Workload.OutputTokens != 300 {
			t.Errorf("%s: %d and %d tokens", name, a.Workload.InputTokens, a.Workload.OutputTokens)
		}
	}
}

// A dearer bill never means a smaller load.
func TestTheBillGrowsWithTheLoad(t *testing.T) {
	t.Parallel()
	cat := catalog.Default()
	rapid.Check(t, func(t *rapid.T) {
		low := rapid.Float64Range(50, 50_000).Draw(t, "bill")
		high := low * rapid.Float64Range(1, 20).Draw(t, "times")
		volume := rapid.SampledFrom([]float64{0, 50_000, 3e6}).Draw(t, "volume")
		tokens := func(bill float64) float64 {
			w, assumed := Complete(Workload{QueriesPerMonth: volume, Today: []string{"gpt-4.1"}, SpendUSDMonth: &bill})
			e, err := newEngine(w, assumed, cat, Options{})
			if err != nil {
				t.Fatal(err)
			}
			got, _, _ := e.fromBill(assumed)
			return got.QueriesPerMonth * float64(got.InputTokens+got.OutputTokens)
		}
		l, h := tokens(low), tokens(high)
		settled := func(bill float64) bool {
			f := bill / (volume * 0.0048) // GPT-4.1 at the tokens of a chat
			return volume == 0 || f >= leastOfDefault && f <= mostOfDefault
		}
		if settled(low) && settled(high) && h < l*0.93 { // two figures are kept of each count
			t.Errorf("$%g pays for %g tokens, $%g for %g", low, l, high, h)
		}
	})
}
