package framework

import (
	"strings"
	"testing"

	"github.com/llmadvise/llmadvise/advisor/catalog"
)

// The article's thresholds: below 50k stay with an API, above 200k open models, between them open.
func TestVolume(t *testing.T) {
	for q, want := range map[float64]Side{10_000: API, 49_999: API, 50_000: Either, 200_000: Either, 200_001: Open, 5e6: Open} {
		if got := Answers(Case{QueriesPerMonth: q})[0].Favours; got != want {
			t.Errorf("%g queries: %q, want %q", q, got, want)
		}
	}
}

func TestAnswersAndVerdict(t *testing.T) {
	for _, c := range []struct {
		name string
		c    Case
		want [5]Side // volume, sensitivity, expertise, performance, hybrid
		says Side
	}{
		{"small, public, nobody", Case{QueriesPerMonth: 10_000}, [5]Side{API, API, API, Open, Either}, API},
		{"large, a team", Case{QueriesPerMonth: 5e6, Sensitivity: Internal, HasTeam: true, Dedicated: true}, [5]Side{Open, API, Open, Open, Either}, Open},
		{"regulated", Case{QueriesPerMonth: 300_000, Sensitivity: Regulated}, [5]Side{Open, Open, API, Open, Either}, Open},
		{"nothing may leave", Case{QueriesPerMonth: 10_000, NoDataLeaves: true}, [5]Side{API, Open, API, Open, Either}, Open},
		{"peak performance", Case{QueriesPerMonth: 300_000, Frontier: true}, [5]Side{Open, API, API, API, Either}, API},
		{"some hard", Case{QueriesPerMonth: 100_000, HardShare: 0.2}, [5]Side{Either, API, API, Hybrid, Hybrid}, Hybrid},
		{"some sensitive", Case{QueriesPerMonth: 150_000, SensitiveShare: 0.3}, [5]Side{Either, API, API, Open, Hybrid}, Hybrid},
		{"in between, a team", Case{QueriesPerMonth: 100_000, HasTeam: true}, [5]Side{Either, API, Open, Open, Either}, Either},
	} {
		t.Run(c.name, func(t *testing.T) {
			for i, a := range Answers(c.c) {
				if a.Favours != c.want[i] {
					t.Errorf("%s: favours %q, want %q", a.Question, a.Favours, c.want[i])
				}
				if a.Answer == "" || a.Why == "" {
					t.Errorf("%s: answer %q, why %q", a.Question, a.Answer, a.Why)
				}
			}
			if v := Judge(c.c); v.Favours != c.says || v.Why == "" {
				t.Errorf("verdict %+v, want %q", v, c.says)
			}
		})
	}
}

// Every fact carries a source with a title, an address and a day, and stands under a regime that the catalog knows.
func TestFacts(t *testing.T) {
	all := []catalog.Regime{catalog.HIPAA, catalog.GDPR, catalog.PCIDSS, catalog.SOC2, catalog.EUAIAct, catalog.ISO27001, catalog.FedRAMP, catalog.CCPA}
	got := Facts(all)
	if len(got) != len(facts) {
		t.Errorf("%d facts of %d under the known regimes", len(got), len(facts))
	}
	seen := map[catalog.Regime]bool{}
	for _, f := range got {
		seen[f.Regime] = true
		if f.Source.Title == "" || !strings.HasPrefix(f.Source.URL, "https://") || f.Source.Date.IsZero() {
			t.Errorf("%s: %q has the source %+v", f.Regime, f.Text, f.Source)
		}
	}
	for _, r := range all {
		if !seen[r] {
			t.Errorf("nothing is known of %s", r)
		}
	}
	if Facts(nil) != nil {
		t.Error("facts without a regime")
	}
}
