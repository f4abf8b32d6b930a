package catalog

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// Every row of the embedded tables keeps the rules.
func TestDefaultCatalogIsSound(t *testing.T) {
	for _, err := range Lint(Default()) {
		t.Error(err)
	}
}

func TestDefaultCatalogCovers(t *testing.T) {
	c := Default()
	providers, hosted := map[string]bool{}, 0
	for _, o := range c.Offers {
		providers[o.ProviderID] = true
		if o.Class == HostedOpen {
			hosted++
		}
	}
	commitments := map[Commitment]int{}
	for _, o := range c.GPUOffers {
		commitments[o.Commitment]++
	}
	for what, n := range map[string][2]int{ // got, at least
		"open models":       {len(c.Models), 61},
		"accelerators":      {len(c.Accelerators), 47},
		"API offers":        {len(c.Offers), 100},
		"API providers":     {len(providers), 10},
		"hosted open":       {hosted, 60},
		"GPU offers":        {len(c.GPUOffers), 30},
		"on demand":         {commitments[OnDemand], 10},
		"spot":              {commitments[Spot], 5},
		"reserved":          {commitments[Reserved1Y] + commitments[Reserved3Y], 5},
		"terms":             {len(c.Terms), 8},
		"models with score": {len(scored(c)), 60},
	} {
		if n[0] < n[1] {
			t.Errorf("%s: %d, want at least %d", what, n[0], n[1])
		}
	}
	if c.AsOf.String() != "2026-07-25" {
		t.Errorf("as of %s", c.AsOf)
	}
}

func scored(c *Catalog) map[string]bool {
	m := map[string]bool{}
	for _, s := range c.Scores {
		m[s.ModelID] = true
	}
	return m
}

// The prices on which the comparison with the article rests.
func TestPricesOfTheComparison(t *testing.T) {
	c := Default()
	for id, want := range map[string][2]float64{
		"openai/gpt-4.1": {2, 8}, "openai/gpt-5": {1.25, 10}, "openai/gpt-5-mini": {0.25, 2}, "openai/gpt-5.5": {5, 30},
		"anthropic/claude-opus-4.1": {15, 75}, "anthropic/claude-opus-5": {5, 25}, "google/gemini-2.5-pro": {1.25, 10},
		"aws/llama-3.3-70b": {0.72, 0.72}, "groq/llama-3.3-70b": {0.59, 0.79}, "together/llama-3-70b": {0.90, 0.90},
		"groq/gpt-oss-120b": {0.15, 0.60}, "aws/gpt-oss-120b": {0.15, 0.60},
	} {
		o, ok := c.Offer(id)
		if !ok {
			t.Errorf("no offer %s", id)
			continue
		}
		if *o.Rates.Input != want[0] || *o.Rates.Output != want[1] {
			t.Errorf("%s: %v/%v, want %v/%v", id, *o.Rates.Input, *o.Rates.Output, want[0], want[1])
		}
	}
	// 250k queries of 1,200 tokens in and 300 out, in dollars a month.
	for id, want := range map[string]float64{
		"anthropic/claude-opus-4.1": 10125, "openai/gpt-5.5": 3750, "anthropic/claude-opus-5": 3375, "openai/gpt-4.1": 1200,
		"openai/gpt-5": 1125, "openai/gpt-5-mini": 225, "together/llama-3-70b": 337.5, "aws/llama-3.3-70b": 270,
		"groq/gpt-oss-120b": 90,
	} {
		o, _ := c.Offer(id)
		got, _, err := o.Bill(Usage{Requests: 250_000, InputPerRequest: 1200, OutputPerRequest: 300})
		if err != nil || got < want-0.005 || got > want+0.005 {
			t.Errorf("%s: $%.4f (%v), want $%.2f", id, got, err, want)
		}
	}
}

func TestNames(t *testing.T) {
	c := Default()
	for name, want := range map[string]string{
		"llama 3.3 70b": "llama-3.3-70b", "Llama-3.3-70B-Instruct": "llama-3.3-70b", "meta-llama/Llama-3.3-70B-Instruct": "llama-3.3-70b",
		"LLAMA3.3 70B": "llama-3.3-70b", "gpt-oss 120b": "gpt-oss-120b", "openai/gpt-oss-20b": "gpt-oss-20b",
		"mistral 7b": "mistral-7b-v0.3", "Qwen/Qwen3-235B-A22B-Instruct-2507": "qwen3-235b-a22b", "mixtral": "mixtral-8x7b",
		"gpt-4.1": "gpt-4.1", "GPT 4.1": "gpt-4.1", "claude opus 4.1": "claude-opus-4.1", "Claude-Opus-4-1": "claude-opus-4.1",
		"gemini 2.5 pro": "gemini-2.5-pro", "gpt-5-mini": "gpt-5-mini", "gpt 5 mini": "gpt-5-mini", "phi-4": "phi-4-14b",
		"command r+": "command-r+-104b", "command r": "command-r",
	} {
		if got, ok := c.ModelID(name); !ok || got != want {
			t.Errorf("ModelID(%q) = %q, %v, want %q", name, got, ok, want)
		}
	}
	for name, want := range map[string]string{
		"H100": "H100-SXM-80GB", "h100 sxm": "H100-SXM-80GB", "NVIDIA H100 GPU": "H100-SXM-80GB", "h100 pcie": "H100-PCIE-80GB",
		"A100 80GB": "A100-SXM-80GB", "a100 40gb": "A100-SXM-40GB", "4090": "RTX 4090", "rtx-4090": "RTX 4090", "l40s": "L40S",
		"GeForce RTX 3090": "RTX 3090", "AMD MI300X": "MI300X", "H200": "H200-SXM-141GB", "DGX Spark": "GB10 (DGX Spark)",
	} {
		if got, ok := c.Accelerator(name); !ok || got.ID != want {
			t.Errorf("Accelerator(%q) = %q, %v, want %q", name, got.ID, ok, want)
		}
	}
	for name, want := range map[string]string{"bedrock": "aws", "Azure OpenAI": "azure", "vertex": "google", "Lambda Labs": "lambda"} {
		if got, ok := c.Provider(name); !ok || got.ID != want {
			t.Errorf("Provider(%q) = %q, %v, want %q", name, got.ID, ok, want)
		}
	}
	for _, name := range []string{"", "-", "gpt", "chat", "the model", "42", "GPU"} {
		if id, ok := c.ModelID(name); ok {
			t.Errorf("ModelID(%q) = %q, want nothing", name, id)
		}
		if a, ok := c.Accelerator(name); ok {
			t.Errorf("Accelerator(%q) = %q, want nothing", name, a.ID)
		}
	}
}

// Every name that the iterators yield resolves to the row that it came with.
func TestEveryNameResolves(t *testing.T) {
	c := Default()
	for name, id := range c.ModelNames() {
		if got, ok := c.ModelID(name); !ok || got != id {
			t.Errorf("model name %q resolves to %q, want %q", name, got, id)
		}
	}
	for name, id := range c.GPUNames() {
		if got, ok := c.Accelerator(name); !ok || got.ID != id {
			t.Errorf("accelerator name %q resolves to %q, want %q", name, got.ID, id)
		}
	}
	for name, id := range c.ProviderNames() {
		if got, ok := c.Provider(name); !ok || got.ID != id {
			t.Errorf("provider name %q resolves to %q, want %q", name, got.ID, id)
		}
	}
}

// A catalog put together by hand, as tests do, finds its rows too.
func TestLookupWithoutIndex(t *testing.T) {
	c := &Catalog{Models: []Model{{ID: "m-1", Name: "M 1"}}}
	if m, ok := c.Model("M 1"); !ok || m.ID != "m-1" {
		t.Errorf("got %q, %v", m.ID, ok)
	}
}

func TestLintFindsWhatIsWrong(t *testing.T) {
	neg := -1.0
	c := New(Catalog{
		Offers:       []Offer{{ID: "x", ProviderID: "nobody", ModelID: "nothing", Rates: Rates{Input: &neg}}},
		Models:       []Model{{ID: "m", KV: "odd"}},
		Accelerators: []Accelerator{{ID: "ecc", VRAMGB: 24, InlineECC: true, BandwidthGBps: 600}},
		Scores:       []Score{{ModelID: "m", Benchmark: "b", Percent: 120, Task: "luck"}},
	})
	text := ""
	for _, err := range Lint(c) {
		text += err.Error() + "\n"
	}
	for _, want := range []string{
		"no source", `model "nothing" is not in the catalog`, `provider "nobody"`, "input is -1", `cache layout "odd"`, "per cent is 120", `task "luck"`, "error-correcting bits in its own memory",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("lint does not say %q:\n%s", want, text)
		}
	}
}

// A broken table is told cell by cell.
func TestLoadNamesEveryBadCell(t *testing.T) {
	fsys := fstest.MapFS{}
	for name, head := range map[string]string{
		"sources.csv": "id,title,url,licence,date\ns,S,,,someday\n", "api_models.csv": "id,name,vendor,class,aliases,reasoning,successor\na,A,V,proprietary,,perhaps,\n",
	} {
		fsys[name] = &fstest.MapFile{Data: []byte(head)}
	}
	_, err := Load(fsys)
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{"sources.csv line 2, date", `"someday"`, "api_models.csv line 2, reasoning", "models.csv"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("the error does not say %q: %v", want, err)
		}
	}
}

func TestTiersAndConditionsReadBack(t *testing.T) {
	for _, o := range Default().Offers {
		ts, err := ParseTiers(FormatTiers(o.Tiers))
		if err != nil || FormatTiers(ts) != FormatTiers(o.Tiers) || len(ts) != len(o.Tiers) {
			t.Errorf("%s: tiers %q: %v", o.ID, FormatTiers(o.Tiers), err)
		}
		cs, err := ParseConditions(FormatConditions(o.Conditions))
		if err != nil || !slices.EqualFunc(cs, o.Conditions, func(a, b Condition) bool { return FormatConditions([]Condition{a}) == FormatConditions([]Condition{b}) }) {
			t.Errorf("%s: conditions %q: %v", o.ID, FormatConditions(o.Conditions), err)
		}
	}
}

func FuzzNames(f *testing.F) {
	f.Add("Llama-3.3-70B-Instruct")
	f.Add("meta-llama/x (y)")
	c := Default()
	f.Fuzz(func(t *testing.T, s string) {
		if id, ok := c.ModelID(s); ok {
			if again, _ := c.ModelID(id); again != id {
				t.Fatalf("%q is %q is %q", s, id, again)
			}
		}
	})
}

func BenchmarkModelID(b *testing.B) {
	c := Default()
	b.ReportAllocs()
	for b.Loop() {
		c.ModelID("meta-llama/Llama-3.3-70B-Instruct")
	}
}
