package intake_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/llmadvise/llmadvise/advisor/catalog"
	"github.com/llmadvise/llmadvise/advisor/intake"
)

// TestVendorsWithoutPrices checks that a vendor whose prices no feed has is neither taken nor passed over in silence.
func TestVendorsWithoutPrices(t *testing.T) {
	names := intake.NamesFrom(catalog.Default())
	for _, c := range []struct {
		text, told string   // who a doubt must name, "" nobody
		providers  []string // those with prices
	}{
		{"deepinfra or together or fireworks for deepseek v3? 90k req/mo", "DeepInfra", []string{"fireworks", "together"}},
		{"deep-infra, 90k req/mo", "DeepInfra", nil},
		{"Replicate vs together for llama 3.3 70b, 10k/mo", "Replicate", []string{"together"}},
		{"perplexity or openai? 10k req/mo", "Perplexity", []string{"openai"}},
		{"anyscale, 10k req/mo", "Anyscale", nil},
		{"is baseten cheaper? 10k req/mo", "Baseten", nil},
		{"host on modal with vllm, 10k req/mo", "Modal", nil},
		{"alibaba cloud or azure", "Alibaba Cloud", []string{"azure"}},
		{"replicate the result of last time with 20k/mo", "", nil},
		{"multi-modal inputs in a modal dialog, 20k/mo", "", nil},
		{"the perplexity of the model is low, 20k/mo", "", nil},
	} {
		w := intake.Parse(c.text, names)
		if !slices.Equal(w.Providers, c.providers) {
			t.Errorf("%q: providers %q, want %q", c.text, w.Providers, c.providers)
		}
		told := slices.ContainsFunc(w.Doubts, func(d string) bool { return strings.Contains(d, "no prices of "+c.told) })
		if told != (c.told != "") {
			t.Errorf("%q: doubts %q, want one about %q", c.text, w.Doubts, c.told)
		}
	}
}
