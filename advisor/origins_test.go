package advisor

import (
	"slices"
	"testing"

	"github.com/llmadvise/llmadvise/advisor/catalog"
)

// Every option that qualifies comes from where it is wanted, machines that are rented and halves of a mix included.
func TestOrigins(t *testing.T) {
	cat := catalog.Default()
	for name, c := range map[string]struct {
		w  Workload
		ok func(provider, model string) bool
	}{
		"vendors from the EU":    {Workload{VendorsFrom: []string{"EU"}}, func(p, _ string) bool { return slices.Contains([]string{"FR", "NL", "FI"}, cat.SeatOf(p)) }},
		"vendors from Europe":    {Workload{VendorsFrom: []string{Europe}}, func(p, _ string) bool { return slices.Contains([]string{"FR", "NL", "FI", "UK"}, cat.SeatOf(p)) }},
		"no vendors from the US": {Workload{VendorsNotFrom: []string{"US"}}, func(p, _ string) bool { return cat.SeatOf(p) != "US" }},
		"no models from China":   {Workload{ModelsNotFrom: []string{"CN"}}, func(_, m string) bool { return cat.MadeIn(m) != "CN" }},
		"models from the US":     {Workload{ModelsFrom: []string{"US"}}, func(_, m string) bool { return cat.MadeIn(m) == "US" }},
	} {
		for _, q := range []float64{20_000, 3e6} {
			w := c.w
			w.QueriesPerMonth = q
			a := advise(t, w)
			optionOf(t, &a)
			for _, o := range a.Options {
				if o.Feasible && o.Path != PathHybrid && !c.ok(o.ProviderID, o.ModelID) && (o.ProviderID != "" || len(w.ModelsFrom)+len(w.ModelsNotFrom) > 0) {
					t.Errorf("%s: %s", name, o.Name)
				}
			}
		}
	}
}

// Every provider and every maker has a seat, so that none slips through or is ruled out for want of one.
func TestSeatsAreKnown(t *testing.T) {
	cat := catalog.Default()
	for _, p := range cat.Providers {
		if cat.SeatOf(p.ID) == "" && !standIns[p.ID] && p.ID != "avian" { // no legal notice was found of that one
			t.Errorf("provider %s has no seat", p.ID)
		}
	}
	for _, m := range cat.Models {
		if cat.MadeIn(m.ID) == "" {
			t.Errorf("model %s: no country of %s", m.ID, m.Family)
		}
	}
	for _, m := range cat.APIModels {
		if cat.MadeIn(m.ID) == "" {
			t.Errorf("model %s: no country of %s", m.ID, m.Vendor)
		}
	}
}

// Where nothing may be kept, only endpoints that are known to keep nothing qualify, and one's own and rented machines.
func TestZeroRetention(t *testing.T) {
	cat := catalog.Default()
	a := advise(t, Workload{QueriesPerMonth: 200_000, ZeroRetention: true})
	optionOf(t, &a)
	for _, o := range a.Options {
		if !o.Feasible || o.Path == PathHybrid || o.Path == PathSelfHost {
			continue
		}
		if st, _ := standingOf(cat.TermsOf(o.ProviderID), func(t *catalog.Terms) *bool { return t.ZeroRetention }); st != granted {
			t.Errorf("%s is not known to keep nothing", o.Name)
		}
	}
}
