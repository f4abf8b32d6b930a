package intake_test

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/llmadvise/llmadvise/advisor"
	"github.com/llmadvise/llmadvise/advisor/intake"
)

func TestSet(t *testing.T) {
	for _, tc := range []struct {
		setting, field string
		want           any
	}{
		{"volume=600k", "queries_per_month", 600000.0},
		{"volume=2.5M/day", "queries_per_month", 2.5e6 * 365 / 12},
		{"queries_per_month=1,000,000", "queries_per_month", 1e6},
		{"Volume: 10k per week", "queries_per_month", 10000 * 365.0 / 84},
		{"in=2000", "input_tokens", 2000},
		{"output = 1.5k", "output_tokens", 1500},
		{"reasoning=2000", "reasoning_tokens", 2000},
		{"cached=40%", "cached_share", .4},
		{"cached=0.4", "cached_share", .4},
		{"latency=2s", "latency_p95_s", 2.0},
		{"latency=800ms", "latency_p95_s", .8},
		{"p95=2", "latency_p95_s", 2.0},
		{"latency_p95_s=120", "latency_p95_s", 120.0},
		{"latency-p95-s = 300", "latency_p95_s", 300.0},
		{"latency_p95_s=800ms", "latency_p95_s", .8},
		{"latency=800", "latency_p95_s", .8},
		{"ttft_s=100", "ttft_s", 100.0},
		{"compliance=HIPAA,GDPR", "compliance", []any{"GDPR", "HIPAA"}},
		{"compliance=none", "compliance", []any{}},
		{"compliance=PCI-DSS", "compliance", []any{"PCI-DSS"}},
		{"compliance=EU-AI-ACT", "compliance", []any{"EU-AI-ACT"}},
		{"residency=EU", "residency", "EU"},
		{"volume=1B", "queries_per_month", 1e9},
		{"residency=germany", "residency", "DE"},
		{"no_data_leaves=true", "no_data_leaves", true},
		{"no-data-leaves=no", "no_data_leaves", false},
		{"sensitivity=confidential", "sensitivity", "confidential"},
		{"team=some", "ml_team", "some"},
		{"team=two MLOps engineers", "ml_team", "some"},
		{"quality=frontier", "quality", "frontier"},
		{"quality=gpt-4.1 on coding", "quality_like", map[string]any{"Model": "gpt-4.1", "Task": "coding"}},
		{"task=rag", "task", "rag"},
		{"task=summarise contracts", "task", "summarization"},
		{"budget=2k", "budget_usd_month", 2000.0},
		{"budget=$60k per year", "budget_usd_month", 5000.0},
		{"spend=18k", "today_usd_month", 18000.0},
		{"today_usd_month=950", "today_usd_month", 950.0},
		{"bill=$24k a year", "today_usd_month", 2000.0},
		{"ttft=500ms", "ttft_s", 0.5},
		{"ttft=0.8", "ttft_s", 0.8},
		{"tokens_per_s=40", "tokens_per_s", 40.0},
		{"concurrency=50", "concurrency", 50.0},
		{"horizon=36", "horizon_months", 36},
		{"horizon=3 years", "horizon_months", 36},
		{"growth=10%", "growth_per_month", .1},
		{"growth=0.1", "growth_per_month", .1},
		{"growth=-5%", "growth_per_month", -.05},
		{"growth=100% YoY", "growth_per_month", math.Pow(2, 1./12) - 1},
		{"gpu=L40S", "gpus", []any{"L40S"}},
		{"batch_hours=8", "batch_hours", 8.0},
		{"engineer=12000", "engineer_usd_month", 12000.0},
		{"rented=8x H100", "rented_gpus", []any{map[string]any{"GPU": "H100-SXM-80GB", "Count": 8.0}}},
		{"owned=4x A100", "owned_gpus", []any{map[string]any{"GPU": "A100-SXM-80GB", "Count": 4.0}}},
		{"today=gpt-4.1, openai", "today", []any{"gpt-4.1", "openai"}},
		{"exclude=gpt-4.1,openai, L4", "excluded", []any{"L4", "gpt-4.1", "openai"}},
		{"vendors_from=EU,Switzerland", "vendors_from", []any{"CH", "EU"}},
		{"zero_retention=yes", "zero_retention", true},
		{"gpu=h100,l4", "gpus", []any{"H100-SXM-80GB", "L4"}},
		{"model=llama 3.3 70b", "models", []any{"llama-3.3-70b"}},
		{"provider=together", "providers", []any{"together"}},
		{"traffic=24/7", "traffic", "round_the_clock"},
		{"traffic=office-hours", "traffic", "office_hours"},
		{"peak=20", "peak_qps", 20.0},
		{"peak=600 requests per minute", "peak_qps", 10.0},
		{"engine=vllm", "engine", "vllm"},
		{"engine=llama.cpp", "engine", "llama.cpp"},
		{"hard=20", "hard_share", .2},
		{"sensitive=30%", "sensitive_share", .3},
	} {
		var w advisor.Workload
		if err := intake.Set(&w, tc.setting, testNames); err != nil {
			t.Errorf("%s: %v", tc.setting, err)
			continue
		}
		got := fields(w)
		if len(got) != 1 || !sameField(got[tc.field], mustJSON(t, tc.want)) {
			t.Errorf("%s set %v, want %s = %v alone", tc.setting, got, tc.field, tc.want)
		}
		if w.Said[advisor.Field(tc.field)] == "" {
			t.Errorf("%s is not noted as said: %v", tc.setting, w.Said)
		}
	}
}

func TestSetReplacesOneFieldOnly(t *testing.T) {
	w := intake.Parse("between 50k and 80k queries a week, HIPAA, chat", testNames)
	before := intake.Parse("between 50k and 80k queries a week, HIPAA, chat", testNames)
	if err := intake.Set(&w, "volume=600k", testNames); err != nil {
		t.Fatal(err)
	}
	if w.QueriesPerMonth != 600_000 || w.QueriesLow != 0 || w.QueriesHigh != 0 {
		t.Errorf("volume %v in %v..%v", w.QueriesPerMonth, w.QueriesLow, w.QueriesHigh)
	}
	if err := intake.Set(&w, "volume=default", testNames); err != nil || w.QueriesPerMonth != 0 || w.Said[advisor.FieldQueries] != "" {
		t.Errorf("default left %v, %q, %v", w.QueriesPerMonth, w.Said[advisor.FieldQueries], err)
	}
	w.Said, w.Doubts, before.Said, before.Doubts = nil, nil, nil, nil
	w.QueriesPerMonth, w.QueriesLow, w.QueriesHigh = before.QueriesPerMonth, before.QueriesLow, before.QueriesHigh
	if diff := cmp.Diff(before, w); diff != "" {
		t.Error(diff)
	}
}

func TestSettingsThatCannotBeUsed(t *testing.T) {
	for _, tc := range []struct{ setting, quote, example string }{
		{"", "", "volume=600k"},
		{"600k", "600k", "volume=600k"},
		{"volume=", "volume=", "volume=600k"},
		{"volume=lots", "lots", "volume=600k"},
		{"volume=NaN", "NaN", "volume=600k"},
		{"volume=-5", "-5", "volume=600k"},
		{"volume=1e309", "1e309", "volume=600k"},
		{"volum=600k", "volum", "volume=600k"},
		{"latncy=2s", "latncy", "latency=2s"},
		{"zorgblatt=1", "zorgblatt", "volume=600k"},
		{"gpu=zorgblatt", "zorgblatt", "gpu=L40S"},
		{"team=maybe", "maybe", "team=some"},
		{"latency=soon", "soon", "latency=2s"},
		{"<!channel>=1", "", "volume=600k"},
		{"no_data_leaves=perhaps", "perhaps", "no_data_leaves=true"},
	} {
		w := advisor.Workload{Task: advisor.Chat}
		err := intake.Set(&w, tc.setting, testNames)
		var p *intake.Problem
		if !errors.As(err, &p) {
			t.Errorf("%q: %v, want a *Problem; set %v", tc.setting, err, fields(w))
			continue
		}
		if !strings.Contains(p.Quote, tc.quote) || p.Example != tc.example || !strings.HasSuffix(p.Error(), tc.example) {
			t.Errorf("%q: %q quotes %q and shows %q", tc.setting, p.Error(), p.Quote, p.Example)
		}
		if diff := cmp.Diff(advisor.Workload{Task: advisor.Chat}, w); diff != "" {
			t.Errorf("%q changed the workload: %s", tc.setting, diff)
		}
		var fresh advisor.Workload
		if err := intake.Set(&fresh, p.Example, testNames); err != nil {
			t.Errorf("%q: its example fails: %v", tc.setting, err)
		}
	}
}

func TestSweepRange(t *testing.T) {
	for _, tc := range []struct {
		text string
		want intake.Sweep
	}{
		{"volume=10k..10M", intake.Sweep{Field: advisor.FieldQueries, Low: 1e4, High: 1e7}},
		{"latency=500ms..10s", intake.Sweep{Field: advisor.FieldLatency, Low: .5, High: 10}},
		{"latency_p95_s=100..300", intake.Sweep{Field: advisor.FieldLatency, Low: 100, High: 300}},
		{"hard=0%..50%", intake.Sweep{Field: advisor.FieldHardShare, Low: 0, High: .5}},
		{"in = 500 .. 8k", intake.Sweep{Field: advisor.FieldInput, Low: 500, High: 8000}},
	} {
		got, err := intake.SweepRange(tc.text)
		if err != nil || got != tc.want {
			t.Errorf("%s: %+v, %v; want %+v", tc.text, got, err, tc.want)
		}
	}
	for _, text := range []string{"", "volume", "volume=10k", "volume=10M..10k", "volume=1k..1k", "team=none..some", "volume=a..b", "volume=..", "volume=1..2..3", "volum=1k..2k"} {
		if got, err := intake.SweepRange(text); err == nil {
			t.Errorf("%q: %+v, want an error", text, got)
		} else if !strings.Contains(err.Error(), "..") && !strings.Contains(err.Error(), "=") {
			t.Errorf("%q: %v shows no line that works", text, err)
		}
	}
}

func TestSweepPointsHitBothEnds(t *testing.T) {
	s := intake.Sweep{Field: advisor.FieldQueries, Low: 1e4, High: 1e7}
	got := s.Points(4)
	for i, want := range []float64{1e4, 1e5, 1e6, 1e7} {
		if math.Abs(got[i]-want) > 1e-6*want {
			t.Errorf("point %d is %v, want %v", i, got[i], want)
		}
	}
	if got[0] != s.Low || got[3] != s.High {
		t.Errorf("the ends are %v and %v", got[0], got[3])
	}
	for _, v := range (intake.Sweep{Field: advisor.FieldHardShare, High: .5}).Points(5) {
		var w advisor.Workload
		if !intake.SetNumber(&w, advisor.FieldHardShare, v) || *w.HardShare != v {
			t.Errorf("share %v was not set", v)
		}
	}
	var w advisor.Workload
	if intake.SetNumber(&w, advisor.FieldTask, 1) || intake.SetNumber(&w, advisor.FieldQueries, math.NaN()) {
		t.Error("set a number where there is none")
	}
}

func FuzzSet(f *testing.F) {
	for _, s := range []string{"volume=600k", "gpu=L40S", "volume=1e309", "=", "==", "a=b", "cached=\u202e4", "growth=-1e30%", "budget=<!channel>"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		var w advisor.Workload
		if err := intake.Set(&w, s, testNames); err != nil {
			var p *intake.Problem
			if !errors.As(err, &p) || strings.ContainsAny(p.Quote, "<>\n\x00\u202e") {
				t.Fatalf("%q: %q", s, err)
			}
		}
		if sw, err := intake.SweepRange(s); err == nil && !(sw.Low < sw.High) {
			t.Fatalf("%q: %+v", s, sw)
		}
	})
}

// A load is said in queries or in tokens: the one that is set takes the place of the other.
func TestSetLoadInOneUnit(t *testing.T) {
	w := advisor.Workload{QueriesPerMonth: 300_000, QueriesLow: 200_000, QueriesHigh: 400_000}
	set := func(s string) {
		t.Helper()
		if err := intake.Set(&w, s, testNames); err != nil {
			t.Fatal(err)
		}
	}
	set("tokens=10B")
	if w.Tokens.All != 10e9 || w.QueriesPerMonth != 0 || w.QueriesHigh != 0 {
		t.Errorf("after tokens: %+v, %g queries", w.Tokens, w.QueriesPerMonth)
	}
	set("volume=50k")
	if w.Tokens.Said() || w.QueriesPerMonth != 50_000 {
		t.Errorf("after the volume: %+v, %g queries", w.Tokens, w.QueriesPerMonth)
	}
}
