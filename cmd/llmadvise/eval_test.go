package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/llmadvise/llmadvise/knowledge/evaluate"
)

// answersJSON runs `eval answers` and returns its answers.
func answersJSON(t *testing.T, args ...string) evaluate.Answers {
	t.Helper()
	var stdout, stderr bytes.Buffer
	args = append([]string{"eval", "answers", "--json", "--data-dir", t.TempDir()}, args...)
	if code := run(t.Context(), args, func(string) string { return "" }, strings.NewReader(""), &stdout, &stderr); code != 0 {
		t.Fatalf("exit %d: %s", code, stderr.String())
	}
	var out struct {
		Answers evaluate.Answers `json:"answers"`
	}
	if err := json.Unmarshal(stdout.Bytes(), &out); err != nil {
		t.Fatal(err)
	}
	return out.Answers
}

func TestEvalAnswersGoesOnWhereItWasCut(t *testing.T) {
	journal := filepath.Join(t.TempDir(), "answers.jsonl")
	whole := answersJSON(t, "--limit", "2", "--journal", journal)
	data, err := os.ReadFile(journal)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(string(data), "\n")
	if whole.Questions < 10 || len(lines) != whole.Questions+1 {
		t.Fatalf("%d questions, %d lines", whole.Questions, len(lines))
	}
	// Killed in the middle of a line, beside the lines of another run and with an answer that this one would not give.
	forged := strings.Replace(lines[0], `"withheld":0`, `"withheld":77`, 1)
	other := strings.Replace(lines[1], `{"run":"`, `{"run":"other `, 1)
	if err := os.WriteFile(journal, []byte(forged+other+lines[2][:20]), 0o600); err != nil {
		t.Fatal(err)
	}
	again := answersJSON(t, "--limit", "2", "--journal", journal)
	if again.Questions != whole.Questions || again.Withheld != 77 || again.Numbers != whole.Numbers {
		t.Errorf("%+v after %+v: want the kept answer taken and the rest asked", again, whole)
	}
}
