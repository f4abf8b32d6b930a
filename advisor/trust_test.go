package advisor_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/llmadvise/llmadvise/advisor"
	"github.com/llmadvise/llmadvise/advisor/catalog"
)

// What is free, deprecated, a preview, past its end or priced at zero costs next to nothing in the catalog of this test, for
// every model and provider there is. No advice names it.
func TestTheCheapestIsNeverATrap(t *testing.T) {
	cat := *catalog.Default()
	cat.Offers = slices.Clone(cat.Offers)
	traps := 0
	for _, o := range catalog.Default().Offers {
		for name, mark := range map[string]func(*catalog.Offer){
			"free":       func(o *catalog.Offer) { o.Free = true },
			"deprecated": func(o *catalog.Offer) { o.Deprecated = true },
			"preview":    func(o *catalog.Offer) { o.Preview = true },
			"zero":       func(o *catalog.Offer) { o.Rates.Input = new(float64) },
			"unpriced":   func(o *catalog.Offer) { o.Rates.Output = nil },
		} {
			trap := o
			trap.ID, trap.Provider, trap.Note = o.ID+"/trap-"+name, "trap "+o.Provider, ""
			trap.Rates.Input, trap.Rates.Output = thousandth(o.Rates.Input), thousandth(o.Rates.Output)
			trap.Tiers, trap.Conditions = nil, nil
			mark(&trap)
			cat.Offers = append(cat.Offers, trap)
			traps++
		}
	}
	trapped := catalog.New(cat)
	for _, w := range []advisor.Workload{
		{QueriesPerMonth: 300_000}, {QueriesPerMonth: 300_000, Compliance: []catalog.Regime{catalog.HIPAA}}, {QueriesPerMonth: 60_000_000},
		{QueriesPerMonth: 1_000, Models: []string{"gpt-4.1", "llama-3.3-70b"}}, {QueriesPerMonth: 5_000_000, InputTokens: 20_000},
	} {
		adv, err := advisor.Advise(w, trapped)
		if err != nil {
			t.Fatal(err)
		}
		raw, err := json.Marshal(adv)
		if err != nil {
			t.Fatal(err)
		}
		if i := strings.Index(string(raw), "trap"); i >= 0 {
			t.Errorf("%+v: the advice names ...%.120s", w, raw[max(0, i-60):])
		}
		if len(adv.Options) == 0 {
			t.Errorf("%+v: no options", w)
		}
	}
	t.Logf("%d traps, none named", traps)
}

func thousandth(p *float64) *float64 {
	if p == nil {
		return nil
	}
	v := *p / 1000
	return &v
}
