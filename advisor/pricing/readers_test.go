package pricing

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/llmadvise/llmadvise/advisor/catalog"
)

// Small feeds of our own in the shape of each kind, and what must be read from them: provider, model, region, field.
var fixtures = []struct {
	name, text string
	shape      Shape
	want       map[string]float64
}{
	{
		name: "genai-prices", shape: GenAIPrices,
		text: `[{"id":"p","name":"P","models":[{"id":"m","context_window":1000,"deprecated":true,"prices":[
			{"prices":{"input_mtok":{"base":1.25,"tiers":[{"start":200000,"price":2.5},{"start":272001,"price":3}]},"output_mtok":10,"cache_audio_read_mtok":0.3,"requests_kcount":12}},
			{"constraint":{"start_date":"2026-09-01"},"prices":{"input_mtok":3}},
			{"constraint":{"start_time":"00:30:00Z","end_time":"16:30:00Z"},"prices":{"output_mtok":1.1}}]},
			{"id":"n:free","prices":{}}]}]`,
		want: map[string]float64{
			"p m  input": 1.25, "p m  input_above_200k": 2.5, "p m  input_above_272001": 3, "p m  output": 10, "p m  cache_audio_read": 0.3,
			"p m  requests": 12, "p m  input@2026-09-01": 3, "p m  output@00:30-16:30Z": 1.1,
		},
	},
	{
		name: "litellm", shape: LiteLLM,
		text: `{"sample_spec":{"input_cost_per_token":1},"m":{"litellm_provider":"vertex_ai-language-models","mode":"chat","max_input_tokens":"lots",
			"input_cost_per_token":2.5e-07,"output_cost_per_token":1e-06,"cache_read_input_token_cost":2.5e-08,"cache_creation_input_token_cost":3e-07,
			"input_cost_per_token_batches":1.25e-07,"input_cost_per_token_above_200k_tokens":5e-07,"input_cost_per_token_above_200k_tokens_priority":9e-07,
			"cache_creation_input_token_cost_above_1hr":4e-07,"output_cost_per_reasoning_token":2e-06,"input_cost_per_audio_token":7e-07,"input_cost_per_image":0.001,
			"output_cost_per_token_flex":5e-07,"input_cost_per_video_per_second":0.002,"input_cost_per_character":1e-07,
			"search_context_cost_per_query":{"search_context_size_low":0.01,"search_context_size_high":0.02},
			"provider_specific_entry":{"fast":6.0,"us":1.1},"regional_processing_uplift_multiplier_eu":1.1,"deprecation_date":"2026-12-31","supports_vision":true},
			"tiered":{"litellm_provider":"dashscope","tiered_pricing":[{"range":[0,256000],"input_cost_per_token":1e-06},{"range":[256000,1000000],"input_cost_per_token":2e-06}]}}`,
		want: map[string]float64{
			"vertex_ai-language-models m  input": 0.25, "vertex_ai-language-models m  output": 1, "vertex_ai-language-models m  cache_read": 0.025,
			"vertex_ai-language-models m  cache_write": 0.3, "vertex_ai-language-models m  input_batches": 0.125,
			"vertex_ai-language-models m  input_above_200k": 0.5, "vertex_ai-language-models m  input_above_200k_priority": 0.9,
			"vertex_ai-language-models m  cache_write_above_1hr": 0.4, "vertex_ai-language-models m  output_reasoning": 2,
			"vertex_ai-language-models m  input_audio": 0.7, "vertex_ai-language-models m  input_per_image": 0.001,
			"vertex_ai-language-models m  output_flex": 0.5, "vertex_ai-language-models m  input_per_video_per_second": 0.002,
			"vertex_ai-language-models m  input_per_character": 0.1, "vertex_ai-language-models m  search_low": 0.01,
			"vertex_ai-language-models m  search_high": 0.02, "dashscope tiered  input": 1, "dashscope tiered  input_above_256k": 2,
		},
	},
	{
		name: "openrouter", shape: OpenRouter,
		text: `{"data":[{"id":"acme/m","name":"M","context_length":131072,"pricing":{"prompt":"0.0000008","completion":"0.0000024","request":"0","image":"0","input_cache_read":"0.00000008"}},
			{"id":"acme/m:free","pricing":{"prompt":"0","completion":"0"}}]}`,
		want: map[string]float64{
			"openrouter acme/m  input": 0.8, "openrouter acme/m  output": 2.4, "openrouter acme/m  cache_read": 0.08,
			"openrouter acme/m  requests": 0, "openrouter acme/m  input_image": 0,
			"openrouter acme/m:free  input": 0, "openrouter acme/m:free  output": 0,
		},
	},
	{
		name: "openrouter endpoints", shape: OpenRouter,
		text: `{"data":{"id":"acme/m","endpoints":[{"provider_name":"Groq","tag":"groq","quantization":"fp8","pricing":{"prompt":"0.0000005","completion":"0.000001"}}]}}`,
		want: map[string]float64{"groq acme/m groq input": 0.5, "groq acme/m groq output": 1},
	},
	{
		name: "llm-prices", shape: LLMPrices,
		text: `{"updated_at":"2026-07-20","prices":[{"id":"m","vendor":"acme","name":"M","input":2,"output":8,"input_cached":0.5},
			{"id":"m","vendor":"acme","input":3,"output":9,"input_cached":null,"from_date":"2025-01-01","to_date":"2026-01-01"}]}`,
		want: map[string]float64{"acme m  input": 2, "acme m  output": 8, "acme m  cache_read": 0.5},
	},
	{
		name: "skypilot", shape: SkyPilot,
		text: "InstanceType,AcceleratorName,AcceleratorCount,vCPUs,MemoryGiB,Price,Region,GpuInfo,SpotPrice\n" +
			"gpu_8x,H100,8.0,208,1800,31.92,us-east-1,\"{'Gpus': [{'Name': 'H100'}]}\",\ngpu_1x,A100-80GB,1,8,117,1.39,US,,1.19\ncpu,,,4,16,0.2,us,,\n",
		want: map[string]float64{"acme gpu_8x us-east-1 hourly": 31.92, "acme gpu_1x US hourly": 1.39, "acme gpu_1x US spot_hourly": 1.19},
	},
	{
		name: "azure", shape: AzureRetail,
		text: `{"BillingCurrency":"USD","Items":[
			{"currencyCode":"USD","retailPrice":0.002,"armRegionName":"eastus","effectiveStartDate":"2025-05-01T00:00:00Z","meterName":"gpt 4.1 Inp glbl Tokens","skuName":"gpt 4.1 Inp glbl","armSkuName":"gpt-4.1","productName":"Azure OpenAI","serviceName":"Foundry Models","unitOfMeasure":"1K","type":"Consumption"},
			{"currencyCode":"USD","retailPrice":8,"armRegionName":"eastus","meterName":"gpt 4.1 Outp glbl Tokens","armSkuName":"gpt-4.1","unitOfMeasure":"1M","type":"Consumption"},
			{"currencyCode":"USD","retailPrice":98.32,"armRegionName":"eastus","meterName":"ND96isrH100v5","armSkuName":"Standard_ND96isr_H100_v5","unitOfMeasure":"1 Hour","type":"Consumption"},
			{"currencyCode":"EUR","retailPrice":1,"armRegionName":"westeurope","meterName":"x","unitOfMeasure":"1 Hour"}]}`,
		want: map[string]float64{"azure gpt-4.1 eastus global input": 2, "azure gpt-4.1 eastus global output": 8, "azure Standard_ND96isr_H100_v5 eastus hourly": 98.32},
	},
	{
		name: "override", shape: Override,
		text: "# negotiated\nprices:\n  - provider: aws\n    model: llama-3.3-70b\n    input: 0.60\n    output: 0.55\n    batch_input: 0.3\n    above: {200000: {input: 1.2}}\n    from: 2026-01-01\n" +
			"gpus:\n  - {provider: lambda, accelerator: H100, count: 8, usd_per_hour: 20, commitment: reserved_1y}\n",
		want: map[string]float64{
			"aws llama-3.3-70b  input": 0.6, "aws llama-3.3-70b  output": 0.55, "aws llama-3.3-70b  input_batches": 0.3,
			"aws llama-3.3-70b  input_above_200k": 1.2, "lambda 8x H100 reserved_1y  hourly": 20,
		},
	},
}

func TestReaders(t *testing.T) {
	for _, tt := range fixtures {
		t.Run(tt.name, func(t *testing.T) {
			f := read(t, tt.text)
			if f.Shape != tt.shape {
				t.Fatalf("recognised as %s", f.Shape)
			}
			got := map[string]float64{}
			for _, e := range f.Entries {
				for field, p := range e.Prices {
					if !p.readable() {
						t.Errorf("%s %s: %+v", e.Model, field, p)
					}
					got[strings.Join([]string{e.Provider, e.Model, e.Region, field}, " ")] = p.USD
				}
			}
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Errorf("prices (-want +got):\n%s", d)
			}
		})
	}
}

// What is not a price is kept where the feed has it.
func TestReadersKeepWhatElseMatters(t *testing.T) {
	g := read(t, fixtures[0].text)
	if !g.Entries[0].Deprecated || g.Entries[0].Context != 1000 || !g.Entries[1].Free || g.Entries[0].When["2026-09-01"].From.String() != "2026-09-01" {
		t.Errorf("%+v", g.Entries)
	}
	l := read(t, fixtures[1].text)
	if e := l.Entries[0]; e.EndOfLife.String() != "2026-12-31" || e.Multipliers["region_eu"] != 1.1 || e.Multipliers["fast"] != 6 {
		t.Errorf("%+v", e)
	}
	o := read(t, fixtures[3].text)
	if e := o.Entries[0]; e.Quantisation != "fp8" {
		t.Errorf("%+v", e)
	}
	p := read(t, fixtures[4].text)
	if p.Date.String() != "2026-07-20" {
		t.Errorf("feed date %s", p.Date)
	}
	if past := p.Entries[0].Past; len(past) != 1 || past[0].To.String() != "2026-01-01" || past[0].Prices["input"].USD != 3 {
		t.Errorf("past prices %+v", past)
	}
	az := read(t, fixtures[6].text)
	if len(az.Problems) != 1 || !strings.Contains(az.Problems[0], "EUR") || az.Entries[0].Since.String() != "2025-05-01" {
		t.Errorf("%+v %+v", az.Problems, az.Entries[0])
	}
}

// A file that people write is strict: what is wrong is told, not guessed.
func TestOverrideIsStrict(t *testing.T) {
	for name, text := range map[string]string{
		"unknown key":    "prices:\n  - {provider: a, model: b, inputs: 1}\n",
		"negative":       "prices:\n  - {provider: a, model: b, input: -1}\n",
		"no model":       "prices:\n  - {provider: a, input: 1}\n",
		"no price":       "prices:\n  - {provider: a, model: b}\n",
		"per token":      "prices:\n  - {provider: a, model: b, input: .nan}\n",
		"bad day":        "prices:\n  - {provider: a, model: b, input: 1, from: soon}\n",
		"no GPU count":   "gpus:\n  - {provider: a, accelerator: H100, usd_per_hour: 3}\n",
		"broken YAML":    "prices:\n  - {provider: a\n",
		"a tier below 0": "prices:\n  - {provider: a, model: b, input: 1, above: {-5: {input: 2}}}\n",
	} {
		if f, err := Read([]byte(text), ""); err == nil {
			t.Errorf("%s was read: %+v", name, f.Entries)
		}
	}
}

// What is wrong in the file is told in its own words, not in those of Go.
func TestOverrideErrorsArePlain(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"misspelt key", "prices:\n  - {provider: a, model: b, imput: 1}\n", `line 2: no key is called "imput"; "input" is`},
		{"unknown key", "prices:\n  - {provider: a, model: b, currency_of_bill: 1}\n", `line 2: no key is called "currency_of_bill"; the keys are prices, gpus, provider`},
		{"a word for a price", "prices:\n  - {provider: a, model: b, input: cheap}\n", `line 2: want a price in USD, such as 0.60, not "cheap"`},
		{"no list", "prices: {provider: a}\n", "line 1: want a list of entries, each behind a dash, not keys and values"},
		{"a list for an entry", "prices:\n  - [a, b]\n", "line 2: want keys and values, not a list"},
		{"a word for a count", "gpus:\n  - {provider: a, accelerator: H100, count: many, usd_per_hour: 2}\n", `line 2: want a whole number, not "many"`},
		{"a key twice", "prices:\n  - provider: a\n    model: b\n    model: c\n    input: 1\n", `line 4: "model" stands on line 3 already`},
		{"a commitment that nobody offers", "gpus:\n  - {provider: a, accelerator: H100, count: 1, usd_per_hour: 2, commitment: forever}\n",
			`gpus, number 1: no commitment is called "forever": there are on_demand, spot, reserved_1y, reserved_3y`},
		{"an open bracket", "prices:\n  - {provider: a\n", "line "},
	} {
		_, err := ReadOverride([]byte(c.text))
		if err == nil || !strings.HasPrefix(err.Error(), c.want) || strings.Contains(err.Error(), "yaml") || strings.Contains(err.Error(), "pricing.") {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
}

// A negotiated price is in force from its day on, at the provider that it names alone, and in each of its regions where it names none.
func TestNegotiatedPriceIsItsProvidersAlone(t *testing.T) {
	day := func(s string) catalog.Date { d, _ := catalog.ParseDate(s); return d }
	for _, c := range []struct {
		name, text, on string
		openai, azure  float64
	}{
		{"with OpenAI", "prices:\n  - {provider: openai, model: gpt-4.1, input: 1.5, output: 4}\n", "2026-08-01", 1.5, 2},
		{"with Azure", "prices:\n  - {provider: azure, model: gpt-4.1, input: 1.5, output: 4}\n", "2026-08-01", 2, 1.5},
		{"in a region", "prices:\n  - {provider: azure, model: gpt-4.1, region: global, input: 1.5, output: 4}\n", "2026-08-01", 2, 1.5},
		{"later", "prices:\n  - {provider: openai, model: gpt-4.1, input: 1.5, output: 4, from: 2026-09-01}\n", "2026-08-31", 2, 2},
		{"on its day", "prices:\n  - {provider: openai, model: gpt-4.1, input: 1.5, output: 4, from: 2026-09-01}\n", "2026-09-01", 1.5, 2},
	} {
		s := accept(t, nil, "genai-prices", strings.ReplaceAll(genai41, "%IN%", "2"))
		s = accept(t, accept(t, s, "litellm", strings.ReplaceAll(lite41, "%IN%", "2")), "override", c.text)
		cat := Apply(s, catalog.Default(), day(c.on)).Catalog
		for id, want := range map[string]float64{"openai/gpt-4.1": c.openai, "azure/gpt-4.1/global": c.azure} {
			if o, _ := cat.Offer(id); o.Rates.Input == nil || *o.Rates.Input != want {
				t.Errorf("%s: %s has %v, want %v", c.name, id, o.Rates, want)
			}
		}
	}
}

func TestOverrideDoubts(t *testing.T) {
	r := NewResolver(catalog.Default())
	for _, c := range []struct{ name, text, want string }{
		{"a discount", "prices:\n  - {provider: openai, model: gpt-4.1, input: 1, output: 4}\n", ""},
		{"per token", "prices:\n  - {provider: openai, model: gpt-4.1, input: 0.000002}\n", "input 0.000002 is a 1000000th of the list price of 2"},
		{"per thousand dollars", "prices:\n  - {provider: openai, model: gpt-4.1, output: 8000}\n", "output 8000 is 1000 times the list price of 8"},
		{"a month for an hour", "gpus:\n  - {provider: lambda, accelerator: H100, count: 8, usd_per_hour: 15000}\n", "times the list price"},
	} {
		f, err := ReadOverride([]byte(c.text))
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(OverrideDoubts(f.Entries, r), "; "); !strings.Contains(got, c.want) || c.want == "" && got != "" {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func accept(t testing.TB, s *Snapshot, name, text string) *Snapshot {
	t.Helper()
	st, err := Accept(s.State(name), read(t, text), name, time.Date(2026, 8, 1, 0, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	return s.With(*st)
}

const (
	genai41   = `[{"id":"openai","name":"OpenAI","models":[{"id":"gpt-4.1","prices":{"input_mtok":%IN%,"output_mtok":8}}]}]`
	lite41    = `{"gpt-4.1":{"litellm_provider":"openai","input_cost_per_token":%IN%e-06,"output_cost_per_token":8e-06}}`
	prices41  = `{"prices":[{"id":"gpt-4.1","vendor":"openai","name":"GPT-4.1","input":%IN%,"output":8}]}`
	mine41    = "prices:\n  - {provider: openai, model: gpt-4.1, input: %IN%, output: 4}\n"
	unknown41 = `{"who-knows":{"litellm_provider":"openai","input_cost_per_token":1e-06}}`
)

func at(template, in string) string { return strings.ReplaceAll(template, "%IN%", in) }

func TestVotes(t *testing.T) {
	for _, tt := range []struct {
		name     string
		feeds    map[string]string
		want     float64
		disagree bool
	}{
		{"one feed", map[string]string{"g": at(genai41, "2")}, 2, false},
		{"within five per cent", map[string]string{"g": at(genai41, "2"), "l": at(lite41, "2.05")}, 2, false},
		{"two that differ: the trusted one", map[string]string{"g": at(genai41, "2"), "l": at(lite41, "2.5")}, 2, true},
		{"two against one", map[string]string{"g": at(genai41, "2"), "l": at(lite41, "2.5"), "p": at(prices41, "2.5")}, 2.5, true},
		{"a negotiated price wins", map[string]string{"g": at(genai41, "2"), "l": at(lite41, "2"), "mine": at(mine41, "1.5")}, 1.5, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var s *Snapshot
			for _, name := range slices.Sorted(maps.Keys(tt.feeds)) {
				s = accept(t, s, name, tt.feeds[name])
			}
			cat := catalog.Default()
			for _, v := range Votes(s, NewResolver(cat), date(t, "2026-08-01")) {
				if v.Field == "input" && (v.Chosen.USD != tt.want || v.Disagree() != tt.disagree || v.ModelID != "gpt-4.1" || v.ProviderID != "openai") {
					t.Errorf("%+v", v)
				}
			}
			a := Apply(s, cat, date(t, "2026-08-01"))
			o, ok := a.Catalog.Offer("openai/gpt-4.1")
			if !ok || *o.Rates.Input != tt.want {
				t.Errorf("applied: %+v", o.Rates)
			}
			if was, _ := cat.Offer("openai/gpt-4.1"); *was.Rates.Input != 2 {
				t.Errorf("the old catalog was changed")
			}
			if other, _ := a.Catalog.Offer("anthropic/claude-opus-5"); *other.Rates.Input != 5 {
				t.Errorf("an offer that no feed names changed")
			}
			if errs := catalog.Lint(a.Catalog); len(errs) > 0 {
				t.Errorf("the merged catalog is not sound: %v", errs[0])
			}
		})
	}
}

// Feeds that drift apart, each by steps that are believed, end up contradicting each other: beyond threefold the built-in
// price stays, unless it sides with the one that was chosen.
func TestFeedsThatContradictEachOther(t *testing.T) {
	for _, tt := range []struct {
		genai, lite, want float64
		doubted           int
	}{{2, 7, 2, 0}, {7, 2, 2, 1}, {0.5, 2.1, 2, 1}, {1, 5, 1, 0}, {5.9, 2, 5.9, 0}} {
		var s *Snapshot
		for name, f := range map[string]*Feed{"g": read(t, at(genai41, digits(tt.genai))), "l": read(t, at(lite41, digits(tt.lite)))} {
			s = s.With(FeedState{Name: name, Shape: f.Shape, Entries: f.Entries, Fetched: time.Now()})
		}
		a := Apply(s, catalog.Default(), date(t, "2026-08-01"))
		o, _ := a.Catalog.Offer("openai/gpt-4.1")
		if *o.Rates.Input != tt.want || len(a.Doubted) != tt.doubted || len(a.Disagreed) == 0 {
			t.Errorf("genai-prices %v, LiteLLM %v: %v, doubted %d, want %v, %d", tt.genai, tt.lite, *o.Rates.Input, len(a.Doubted), tt.want, tt.doubted)
		}
	}
}

func TestUnresolvedAreListed(t *testing.T) {
	r := NewResolver(catalog.Default())
	if u := r.Unresolved(read(t, unknown41)); len(u) != 1 || u[0].Model != "who-knows" {
		t.Errorf("%+v", u)
	}
}

// Rental prices come from the cloud's own catalog, the cheapest region, and the catalog stays sound.
func TestApplyRentals(t *testing.T) {
	var s *Snapshot
	st, err := Accept(nil, mustRead(t, "InstanceType,AcceleratorName,AcceleratorCount,Price,Region,SpotPrice\n"+
		"gpu_8x_h100_sxm5,H100,8,30.00,us-east-1,\ngpu_8x_h100_sxm5,H100,8,28.00,us-west-1,\n", "lambda"), "skypilot/lambda", time.Date(2026, 8, 1, 0, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	s = s.With(*st)
	s = accept(t, s, "mine", "gpus:\n  - {provider: lambda, accelerator: H100, count: 8, usd_per_hour: 20, commitment: reserved_1y}\n")
	c := Apply(s, catalog.Default(), date(t, "2026-08-01")).Catalog
	if o, _ := c.GPUOffer("lambda/gpu_8x_h100_sxm5"); o.USDPerHour != 28 || o.Source.Date.String() != "2026-08-01" {
		t.Errorf("%+v", o)
	}
	if o, ok := c.GPUOffer("negotiated/lambda/8x-H100-reserved_1y"); !ok || o.USDPerHour != 20 || o.Accelerator != "H100-SXM-80GB" {
		t.Errorf("%+v", o)
	}
	if errs := catalog.Lint(c); len(errs) > 0 {
		t.Errorf("not sound: %v", errs[0])
	}
}

func mustRead(t testing.TB, text, name string) *Feed {
	t.Helper()
	f, err := Read([]byte(text), name)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// The whole way over the real snapshots: June accepted, July accepted, both applied; the later catalog is sound, says
// what moved, and names no price that neither file has.
func TestRealSnapshotsEndToEnd(t *testing.T) {
	var s *Snapshot
	june := time.Date(2026, 6, 9, 6, 0, 0, 0, time.UTC)
	for i, pair := range realPairs {
		old, err := Accept(nil, sharedFeed(t, pair.old), pair.name, june)
		if err != nil {
			t.Fatal(i, err)
		}
		s = s.With(*old)
	}
	before := s
	for _, pair := range realPairs {
		next, err := Accept(s.State(pair.name), sharedFeed(t, pair.new), pair.name, june.AddDate(0, 1, 16))
		if err != nil {
			t.Fatal(err)
		}
		s = s.With(*next)
	}
	for _, r := range DiffSnapshots(before, s) {
		direct, err := Diff(sharedFeed(t, pairNamed(r.Name).old), sharedFeed(t, pairNamed(r.Name).new))
		if err != nil {
			t.Fatal(err)
		}
		if r.Counts != direct.Counts {
			t.Errorf("%s: through snapshots %+v, directly %+v", r.Name, r.Counts, direct.Counts)
		}
	}
	a := Apply(s, catalog.Default(), date(t, "2026-07-25"))
	if errs := catalog.Lint(a.Catalog); len(errs) > 0 {
		t.Errorf("not sound: %v", errs)
	}
	t.Logf("%d offers priced, %d candidates, %d gone, %d prices on which feeds disagree", a.Priced, len(a.Candidates), len(a.Gone), len(a.Disagreed))
	if len(a.Added) != 0 || slices.Contains(a.Candidates, "openai/gpt-4.1") || !slices.Contains(a.Candidates, "openai/gpt-oss-120b") {
		t.Errorf("added %v, candidates %v", a.Added, a.Candidates)
	}
	for _, r := range Rank(a.Catalog.Offers, Mix{Input: 1200, Output: 300}) {
		if o := r.Offer; o.Free || o.Deprecated || o.Preview || *o.Rates.Input == 0 {
			t.Errorf("%s is ranked", o.ID)
		}
	}
}

func pairNamed(name string) (p struct{ old, new string }) {
	for _, x := range realPairs {
		if x.name == name {
			p.old, p.new = x.old, x.new
		}
	}
	return p
}

func FuzzRead(f *testing.F) {
	for _, tt := range fixtures {
		f.Add([]byte(tt.text))
	}
	for _, s := range []string{"[", "{", "<html>", `[{"id":"a","models":[{"prices":[{}]}]}]`, `{"a":{"litellm_provider":1,"x_cost":NaN}}`, "InstanceType,AcceleratorName\n\"", "prices:\n- {}"} {
		f.Add([]byte(s))
	}
	cat := catalog.Default()
	f.Fuzz(func(t *testing.T, data []byte) {
		feed, err := Read(data, "fuzz")
		if err != nil {
			return
		}
		good, suspects := Guard(nil, feed)
		for i := range good.Entries {
			for field, p := range good.Entries[i].Prices {
				if !p.readable() || p.USD < 0 {
					t.Fatalf("%s was believed: %+v", field, p)
				}
			}
		}
		r, err := Diff(feed, feed)
		if err != nil || len(r.Changes)+len(r.Quarantined) != 0 {
			t.Fatalf("a feed differs from itself: %+v, %+v, %v", r.Changes, r.Quarantined, err)
		}
		if _, err := json.Marshal(r); err != nil {
			t.Fatal(err)
		}
		_ = suspects
		st, err := Accept(nil, feed, "fuzz", time.Unix(0, 0))
		if err != nil {
			t.Fatal(err)
		}
		Apply((*Snapshot)(nil).With(*st), cat, catalog.Date{})
	})
}
