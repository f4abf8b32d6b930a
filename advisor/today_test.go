package advisor

import (
	"slices"
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

// A provider that is named for one model does not rule out another model that it cannot serve, nor machines where it rents out none.
func TestProvidersAreNamedForWhatTheyHave(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		w    Workload
		want map[Path]string // path → a model that must qualify by it
	}{
		{"a model that the vendor has not", Workload{Models: []string{"kimi-k2"}, Providers: []string{"openai"}}, map[Path]string{PathHostedOpen: "kimi-k2", PathSelfHost: "kimi-k2"}},
		{"an API against own cards", Workload{Models: []string{"gpt-4.1", "llama-3.1-8b"}, Providers: []string{"openai"}, GPUs: []string{"L40S"}}, map[Path]string{PathAPI: "gpt-4.1", PathSelfHost: "llama-3.1-8b"}},
		{"cards that the cloud has not", Workload{Models: []string{"gpt-4.1", "llama-3.1-8b"}, Providers: []string{"azure"}, GPUs: []string{"L40S"}}, map[Path]string{PathAPI: "gpt-4.1", PathSelfHost: "llama-3.1-8b"}},
	} {
		a := advise(t, c.w)
		for path, model := range c.want {
			if !slices.ContainsFunc(a.Options, func(o Option) bool { return o.Feasible && o.Path == path && o.ModelID == model }) {
				t.Errorf("%s: %s by %s does not qualify", c.name, model, path)
			}
		}
		for _, o := range a.Options {
			if o.Feasible && o.Path == PathAPI && !slices.Contains(c.w.Providers, o.ProviderID) {
				t.Errorf("%s: %s qualifies, of a provider that was not named", c.name, o.Name)
			}
		}
	}
	a := advise(t, Workload{Models: []string{"llama-3.3-70b"}, Providers: []string{"together"}})
	for _, o := range a.Options {
		if o.Feasible && o.ProviderID != "together" {
			t.Errorf("%s qualifies, but only Together was named, which has the model", o.Name)
		}
	}
}
