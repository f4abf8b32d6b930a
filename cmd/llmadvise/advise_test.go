package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// adviseRun runs `llmadvise advise` in process.
func adviseRun(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = run(t.Context(), append([]string{"advise"}, args...), func(string) string { return "" }, strings.NewReader(""), &out, &errs)
	return code, out.String(), errs.String()
}

func TestAdviseCommand(t *testing.T) {
	for _, c := range []struct {
		name string
		args []string
		code int
		want []string // in standard output, or in standard error where the code is not 0
	}{
		{"text", []string{"300k queries, HIPAA"}, exitOK, []string{"a month", "You said: 300k queries a month, HIPAA", "Break-even"}},
		{"words as arguments", []string{"300k", "queries,", "HIPAA"}, exitOK, []string{"300k queries a month, HIPAA"}},
		{"markdown", []string{"--markdown", "300k queries"}, exitOK, []string{"# ", "| Option |", "## The math"[:3]}},
		{"explain", []string{"--explain", "300k queries"}, exitOK, []string{"The math", "queries * query"}},
		{"what if", []string{"300k queries", "--set", "volume=600k", "--set", "gpu=L40S"}, exitOK, []string{"600k queries a month", "L40S"}},
		{"compare", []string{"300k queries", "--compare", "gpt-4.1,llama-3.3-70b"}, exitOK, []string{"GPT-4.1, Azure", "Llama-3.3-70B"}},
		{"nothing said", nil, exitUsage, []string{"Try: "}},
		{"unknown model", []string{"300k queries", "--compare", "frobnicator-9000"}, exitUsage, []string{"frobnicator-9000"}},
		{"bad setting", []string{"300k queries", "--set", "volume=soon"}, exitUsage, []string{"volume=soon"}},
		{"bad sweep", []string{"300k queries", "--sweep", "volume"}, exitUsage, []string{"--sweep"}},
		{"two forms", []string{"--json", "--markdown", "300k"}, exitUsage, []string{"can't be used together"}},
		{"bad chart name", []string{"300k queries", "--chart", "out.gif"}, exitUsage, []string{".svg or .png"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			code, stdout, stderr := adviseRun(t, c.args...)
			if code != c.code {
				t.Fatalf("exit code %d, want %d: %s", code, c.code, stderr)
			}
			text := stdout
			if c.code != exitOK {
				text = stderr
			}
			for _, w := range c.want {
				if !strings.Contains(text, w) {
					t.Errorf("no %q in:\n%s", w, text)
				}
			}
		})
	}
}

func TestAdviseJSON(t *testing.T) {
	code, stdout, stderr := adviseRun(t, "--json", "300k queries, HIPAA")
	if code != exitOK {
		t.Fatal(stderr)
	}
	var got struct {
		SchemaVersion int `json:"schema_version"`
		Workload      struct {
			Queries    float64  `json:"queries_per_month"`
			Compliance []string `json:"compliance"`
			Budget     *float64 `json:"budget_usd_month"`
		}
		Recommendation struct {
			Path string
		}
		Options []struct {
			Path     string
			Monthly  float64 `json:"monthly_usd"`
			Low      float64 `json:"monthly_usd_low"`
			High     float64 `json:"monthly_usd_high"`
			Feasible bool
			WhyNot   *string `json:"why_not"`
		}
	}
	if err := json.Unmarshal([]byte(stdout), &got); err != nil {
		t.Fatal(err)
	}
	if got.SchemaVersion != 1 || got.Workload.Queries != 300_000 || len(got.Workload.Compliance) != 1 || got.Workload.Budget != nil {
		t.Errorf("workload %+v", got.Workload)
	}
	if len(got.Options) == 0 || got.Options[0].Path != got.Recommendation.Path {
		t.Errorf("the recommendation %q is not the first of %d options", got.Recommendation.Path, len(got.Options))
	}
	for _, o := range got.Options {
		if o.Low > o.Monthly || o.Monthly > o.High || o.Feasible != (o.WhyNot == nil) {
			t.Errorf("option %+v", o)
		}
	}
}

func TestAdviseSweep(t *testing.T) {
	chart := filepath.Join(t.TempDir(), "sweep.svg")
	code, stdout, stderr := adviseRun(t, "300k queries", "--sweep", "volume=10k..10M", "--points", "4", "--chart", chart)
	if code != exitOK {
		t.Fatal(stderr)
	}
	rows, err := csv.NewReader(strings.NewReader(stdout)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 5 || rows[0][0] != "queries_per_month" || rows[1][0] != "10000" || rows[4][0] != "10000000" {
		t.Errorf("rows %v", rows)
	}
	if !strings.Contains(stderr, "▁") {
		t.Errorf("no chart on standard error: %s", stderr)
	}
	if b, err := os.ReadFile(chart); err != nil || !bytes.Contains(b, []byte("<svg")) {
		t.Errorf("chart file: %v", err)
	}
}
