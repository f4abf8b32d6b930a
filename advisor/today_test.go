package advisor

import (
	"strings"
	"testing"
)

// What is in use today is an option that needs no set-up, never a bound on the others, and the answer says what leaving it saves.
func TestWhatIsInUse(t *testing.T) {
	w := Workload{QueriesPerMonth: 900_000, Today: []string{"gpt-4.1", "openai"}}
	a := advise(t, w)
	best := optionOf(t, &a)
	var today *Option
	for i := range a.Options {
		if a.Options[i].Today {
			today = &a.Options[i]
		}
	}
	switch {
	case today == nil || today.ModelID != "gpt-4.1" || today.ProviderID != "openai":
		t.Fatalf("not shown: %+v", today)
	case today.SetupUSD.Mid != 0 || !today.Feasible:
		t.Errorf("to stay takes a set-up of %g; %q", today.SetupUSD.Mid, today.WhyNot)
	case best == today || best.ModelID == "gpt-4.1":
		t.Errorf("%s is recommended", best.Name)
	case !strings.Contains(a.Recommendation.Reason, "What you use today, GPT-4.1 on OpenAI, costs"):
		t.Errorf("the reason does not compare: %s", a.Recommendation.Reason)
	}

	w.Excluded = []string{"gpt-4.1", best.ModelID}
	a = advise(t, w)
	for _, o := range a.Options {
		if (o.ModelID == "gpt-4.1" || o.ModelID == best.ModelID) && o.Path != PathHybrid && o.Feasible {
			t.Errorf("%s was ruled out", o.Name)
		}
	}
}

// Nothing is left to move for where the model in use is the cheapest that qualifies.
func TestStayingIsAnAnswer(t *testing.T) {
	a := advise(t, Workload{QueriesPerMonth: 5_000, Today: []string{"qwen3-32b"}})
	if o := optionOf(t, &a); !o.Today || !strings.Contains(a.Recommendation.Reason, "It is what you use today") {
		t.Errorf("%s: %s", o.Name, a.Recommendation.Reason)
	}
}

// What a request rules out is no option anywhere, accelerators included.
func TestExcluded(t *testing.T) {
	a := advise(t, Workload{QueriesPerMonth: 2e6, NoDataLeaves: ptr(true)})
	first := optionOf(t, &a)
	a = advise(t, Workload{QueriesPerMonth: 2e6, NoDataLeaves: ptr(true), Excluded: []string{first.GPU}})
	if o := optionOf(t, &a); o.GPU == first.GPU {
		t.Errorf("%s, though %s was ruled out", o.Name, first.GPU)
	}
}
