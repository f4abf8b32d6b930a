package intake_test

import (
	"slices"
	"testing"

	"github.com/llmadvise/llmadvise/advisor/intake"
)

// Where vendors and makers of models have their seat is told from where people, customers and data are.
func TestOrigins(t *testing.T) {
	type origin struct{ vendors, notVendors, models, notModels []string }
	for text, want := range map[string]origin{
		"GDPR and we want to avoid US vendors, 400k/month":          {notVendors: []string{"US"}},
		"European vendor only, 90k prompts a month":                 {vendors: []string{"EUROPE"}},
		"customers ask for an EU vendor, 90k a month":               {vendors: []string{"EU"}},
		"no US cloud, 300k a month":                                 {notVendors: []string{"US"}},
		"no Chinese models please, 2M a month":                      {notModels: []string{"CN"}},
		"models from China are banned here, 2M a month":             {notModels: []string{"CN"}},
		"non-US provider, 100k a month":                             {notVendors: []string{"US"}},
		"the provider must be French, 100k a month":                 {},
		"must be a French provider, 100k a month":                   {vendors: []string{"FR"}},
		"we must not use Chinese LLMs or US hyperscalers":           {notModels: []string{"CN"}, notVendors: []string{"US"}},
		"we're a German company, 300k a month":                      {},
		"our customers are US companies, 300k a month":              {},
		"US cloud is fine, 300k a month":                            {},
		"data must stay in the EU, 300k a month":                    {},
		"translate Chinese product texts, 300k a month":             {},
		"we need a model that speaks German, 300k a month":          {},
		"vendors headquartered in the EU only":                      {vendors: []string{"EU"}},
		"American models only, 50k a month":                         {models: []string{"US"}},
		"our cloud provider is in the US and we have 300k a month":  {},
		"EU provider, 300k a month":                                 {vendors: []string{"EU"}},
		"we don't care whether it's a US provider, 300k a month":    {notVendors: nil},
		"300k a month, no cloud":                                    {},
		"open models without Chinese AI, 100k a month":              {notModels: []string{"CN"}},
		"Swiss hoster required, 70k a month":                        {vendors: []string{"CH"}},
		"a model made in Europe would be preferred, 70k a month":    {models: []string{"EUROPE"}},
		"we sell to Japanese companies only, 70k a month":           {},
		"the Dutch service desk answers 70k questions a month":      {},
		"French and German customer service, 70k questions a month": {},
		"we use a US vendor today and want to stay, 70k a month":    {},
		"AI for the German health service, no data leaves, 70k/mo":  {},
	} {
		w := intake.Parse(text, testNames)
		got := origin{w.VendorsFrom, w.VendorsNotFrom, w.ModelsFrom, w.ModelsNotFrom}
		if !slices.Equal(got.vendors, want.vendors) || !slices.Equal(got.notVendors, want.notVendors) || !slices.Equal(got.models, want.models) || !slices.Equal(got.notModels, want.notModels) {
			t.Errorf("%q: %+v, want %+v", text, got, want)
		}
	}
}
