package intake_test

import (
	"bufio"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/llmadvise/llmadvise/advisor"
	"github.com/llmadvise/llmadvise/advisor/intake"
)

// testNames is a small catalog of names, in the shapes that the real one has.
var testNames = intake.NewNames(
	[]intake.Name{
		{ID: "gpt-4"}, {ID: "gpt-4.1"}, {ID: "gpt-4.1-mini"}, {ID: "gpt-4o"}, {ID: "gpt-4o-mini"}, {ID: "gpt-5"}, {ID: "gpt-5-mini"},
		{ID: "claude-sonnet-4-0"}, {ID: "claude-sonnet-4-5"}, {ID: "claude-opus-4-1"}, {ID: "claude-haiku-4-5"},
		{ID: "gemini-2.5-pro"}, {ID: "gemini-2.5-flash"}, {ID: "gemini-2.5-flash-lite"},
		{ID: "llama-3-70b"}, {ID: "llama-3.1-8b"}, {ID: "llama-3.1-70b"}, {ID: "llama-3.1-405b"}, {ID: "llama-3.3-70b", Aliases: []string{"meta-llama/Llama-3.3-70B-Instruct"}},
		{ID: "llama-4-scout"}, {ID: "llama-4-maverick"}, {ID: "mixtral-8x7b"}, {ID: "mixtral-8x22b"}, {ID: "mistral-7b-v0.3"},
		{ID: "qwen2.5-72b"}, {ID: "qwen3-32b"}, {ID: "qwen3-235b-a22b"}, {ID: "deepseek-v3"}, {ID: "deepseek-r1"}, {ID: "gpt-oss-20b"}, {ID: "gpt-oss-120b"},
		{ID: "phi-4-14b"}, {ID: "phi-4-mini"}, {ID: "gemma-3-27b"}, {ID: "command-r+-104b", Aliases: []string{"command r+"}},
	},
	[]intake.Name{
		{ID: "H100-SXM-80GB", Aliases: []string{"h100", "h100 sxm", "h100 80gb"}}, {ID: "H200-SXM-141GB", Aliases: []string{"h200"}},
		{ID: "A100-SXM-80GB", Aliases: []string{"a100", "a100 80gb"}}, {ID: "A100-SXM-40GB", Aliases: []string{"a100 40gb"}}, {ID: "A10G", Aliases: []string{"g5.4xlarge"}}, {ID: "L4"}, {ID: "L40S"},
		{ID: "RTX 4090", Aliases: []string{"4090"}}, {ID: "MI300X"}, {ID: "T4"}, {ID: "B200"},
	},
	[]intake.Name{
		{ID: "openai", Aliases: []string{"OpenAI"}}, {ID: "anthropic"}, {ID: "aws", Aliases: []string{"AWS Bedrock", "bedrock", "amazon"}},
		{ID: "azure", Aliases: []string{"Azure OpenAI", "Microsoft Azure"}}, {ID: "together", Aliases: []string{"Together AI"}}, {ID: "groq"}, {ID: "mistral"}, {ID: "google", Aliases: []string{"vertex ai", "gcp"}},
	},
)

// phrasing is one line of testdata/phrasings.jsonl or phrasings_later.jsonl.
type phrasing struct {
	Text          string                     `json:"text"`
	Want          map[string]json.RawMessage `json:"want"`
	NotUnderstood *[]string                  `json:"not_understood"`
	Doubt         string                     `json:"doubt"`
}

func phrasings(t testing.TB) []phrasing {
	t.Helper()
	var out []phrasing
	for _, file := range []string{"phrasings.jsonl", "phrasings_later.jsonl", "variants.jsonl"} {
		out = append(out, readPhrasings(t, filepath.Join("testdata", file))...)
	}
	return out
}

func readPhrasings(t testing.TB, path string) []phrasing {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []phrasing
	s := bufio.NewScanner(f)
	s.Buffer(nil, 1<<20)
	for s.Scan() {
		var p phrasing
		if err := json.Unmarshal(s.Bytes(), &p); err != nil {
			t.Fatalf("%s: %v", s.Text(), err)
		}
		out = append(out, p)
	}
	if err := s.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

// fields returns what a workload says, under the names of the JSON output.
func fields(w advisor.Workload) map[string]any {
	m := map[string]any{}
	put := func(name string, v any) {
		if r := reflect.ValueOf(v); r.Kind() == reflect.Pointer {
			if r.IsNil() {
				return
			}
			v = r.Elem().Interface()
		} else if r.IsZero() {
			return
		}
		m[name] = v
	}
	put("queries_per_month", w.QueriesPerMonth)
	put("queries_low", w.QueriesLow)
	put("queries_high", w.QueriesHigh)
	put("input_tokens", w.InputTokens)
	put("output_tokens", w.OutputTokens)
	put("reasoning_tokens", w.ReasoningTokens)
	put("cached_share", w.CachedShare)
	put("latency_p95_s", w.LatencyP95.Seconds())
	if w.Compliance != nil {
		m["compliance"] = w.Compliance
	}
	put("residency", w.Residency)
	put("no_data_leaves", w.NoDataLeaves)
	put("zero_retention", w.ZeroRetention)
	put("sensitivity", w.Sensitivity)
	put("ml_team", w.MLTeam)
	put("quality", w.Quality)
	put("quality_like", w.QualityLike)
	put("task", w.Task)
	put("budget_usd_month", w.BudgetUSDMonth)
	put("today_usd_month", w.SpendUSDMonth)
	put("engineer_usd_month", w.EngineerUSDMonth)
	put("tokens_per_month", w.Tokens)
	put("ttft_s", w.TTFT.Seconds())
	put("tokens_per_s", w.StreamTokS)
	put("concurrency", w.Concurrency)
	put("horizon_months", w.HorizonMonths)
	put("growth_per_month", w.GrowthPerMonth)
	put("models", w.Models)
	put("gpus", w.GPUs)
	put("owned_gpus", w.Owned)
	put("rented_gpus", w.Rented)
	put("providers", w.Providers)
	put("today", w.Today)
	put("excluded", w.Excluded)
	put("vendors_from", w.VendorsFrom)
	put("vendors_not_from", w.VendorsNotFrom)
	put("models_from", w.ModelsFrom)
	put("models_not_from", w.ModelsNotFrom)
	put("traffic", w.Traffic)
	put("peak_qps", w.PeakQPS)
	put("batch_hours", w.BatchHours)
	put("engine", w.Engine)
	put("hard_share", w.HardShare)
	put("sensitive_share", w.SensitiveShare)
	return m
}

// sameField compares a parsed value with the JSON of the wanted one; numbers to one part in a thousand, token
// counts derived from words and pages to the token.
func sameField(got any, want json.RawMessage) bool {
	b, err := json.Marshal(got)
	if err != nil {
		return false
	}
	var g, w any
	if json.Unmarshal(b, &g) != nil || json.Unmarshal(want, &w) != nil {
		return false
	}
	gf, gok := g.(float64)
	wf, wok := w.(float64)
	if gok && wok {
		return math.Abs(gf-wf) <= 1e-3*math.Abs(wf)
	}
	return reflect.DeepEqual(g, w)
}

// TestPhrasings reports the share of fields that are read right, said ones and unsaid ones that must stay so, and
// fails below 98 %.
func TestPhrasings(t *testing.T) {
	right, total := 0, 0
	for _, ph := range phrasings(t) {
		w := intake.Parse(ph.Text, testNames)
		got := fields(w)
		for name, want := range ph.Want {
			total++
			if g, ok := got[name]; ok && sameField(g, want) {
				right++
			} else {
				t.Logf("%q: %s = %v, want %s", ph.Text, name, g, want)
			}
		}
		for name, g := range got {
			if _, said := ph.Want[name]; !said {
				total++
				t.Logf("%q: %s = %v was not said", ph.Text, name, g)
			}
		}
		if ph.NotUnderstood != nil && !slices.Equal(w.NotUnderstood, *ph.NotUnderstood) {
			t.Errorf("%q: not understood %q, want %q", ph.Text, w.NotUnderstood, *ph.NotUnderstood)
		}
		if ph.Doubt != "" && !slices.ContainsFunc(w.Doubts, func(d string) bool { return strings.Contains(d, ph.Doubt) }) {
			t.Errorf("%q: no doubt about %q in %q", ph.Text, ph.Doubt, w.Doubts)
		}
	}
	accuracy := float64(right) / float64(total)
	t.Logf("%d of %d fields right: %.1f %%", right, total, 100*accuracy)
	if accuracy < 0.98 {
		t.Errorf("%.1f %% of the fields are right, want at least 98 %%", 100*accuracy)
	}
}

func mustJSON(t *testing.T, v any) json.RawMessage {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
