package advisor

import (
	"slices"
	"strings"
	"testing"
)

// An offer without a limit of its own takes its model's; both numbers are written in full.
func TestContextOfOffers(t *testing.T) {
	for name, c := range map[string]struct {
		model   string
		in, out int
		want    string // "" holds it
	}{
		"within":                  {"gpt-oss-120b", 100_000, 1_000, ""},
		"its answer counts":       {"gpt-oss-120b", 131_000, 1_000, "holds 131,072 tokens, a query needs "},
		"beyond":                  {"gpt-oss-120b", 140_000, 1_000, "holds 131,072 tokens, a query needs "},
		"far beyond":              {"llama-3.3-70b", 300_000, 1_000, "holds 131,072 tokens, a query needs 301,000"},
		"beyond a limit of 1M":    {"gpt-4.1", 1_000_000, 300, "holds 1,000,000 tokens, a query needs 1,000,300"},
		"the model holds no more": {"qwen3-32b", 300_000, 1_000, "holds 40,960 tokens, a query needs "},
	} {
		a := advise(t, Workload{QueriesPerMonth: 5_000, InputTokens: c.in, OutputTokens: c.out, Models: []string{c.model}})
		n := 0
		for _, o := range a.Options {
			if o.ModelID != c.model || o.Path == PathHybrid {
				continue
			}
			n++
			held := !slices.ContainsFunc(o.WhyNot, func(s string) bool { return strings.Contains(s, " tokens, a query needs ") })
			if held != (c.want == "") || !held && !slices.ContainsFunc(o.WhyNot, func(s string) bool { return strings.HasPrefix(s, c.want) }) {
				t.Errorf("%s: %s: %q, want %q", name, o.Name, o.WhyNot, c.want)
			}
		}
		if n == 0 {
			t.Errorf("%s: nothing shown of %s", name, c.model)
		}
	}
}
