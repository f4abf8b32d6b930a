package intake_test

import (
	"bufio"
	"encoding/json"
	"os"
	"reflect"
	"slices"
	"testing"

	"github.com/llmadvise/llmadvise/advisor"
	"github.com/llmadvise/llmadvise/advisor/catalog"
	"github.com/llmadvise/llmadvise/advisor/intake"
)

// blindRequest is one line of testdata/blind.jsonl.
type blindRequest struct {
	Text string                       `json:"text"`
	Want map[string][]json.RawMessage `json:"want"` // field to the readings accepted
	Free []string                     `json:"free"` // fields that may be read or left
}

// TestBlindPhrasings prints the share of stated fields read right; a field that was filled without being stated counts as wrong.
func TestBlindPhrasings(t *testing.T) {
	f, err := os.Open("testdata/blind.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	names := intake.NamesFrom(catalog.Default())
	right, total, unstated := 0, 0, 0
	for s := bufio.NewScanner(f); s.Scan(); {
		var r blindRequest
		if err := json.Unmarshal(s.Bytes(), &r); err != nil {
			t.Fatal(err)
		}
		got := blindFields(intake.Parse(r.Text, names))
		for name, readings := range r.Want {
			total++
			if g, ok := got[name]; ok && slices.ContainsFunc(readings, func(w json.RawMessage) bool { return sameField(g, w) }) {
				right++
				continue
			}
			t.Logf("%q: %s = %v, want one of %s", r.Text, name, got[name], readings)
		}
		for name, g := range got {
			if _, stated := r.Want[name]; !stated && !slices.Contains(r.Free, name) {
				total++
				unstated++
				t.Logf("%q: %s = %v was not stated", r.Text, name, g)
			}
		}
	}
	if total == 0 {
		t.Fatal("testdata/blind.jsonl holds no field")
	}
	t.Logf("%d of %d fields right: %.1f %% (%d filled without being stated)", right, total, 100*float64(right)/float64(total), unstated)
	if float64(right) < 0.98*float64(total) {
		t.Errorf("%d of %d fields are right, want at least 98 %%", right, total)
	}
}

// blindFields drops what the blind set does not score: the ends of ranges, and an explicit "none" in a list or share.
// Quality like a model counts by its model alone.
func blindFields(w advisor.Workload) map[string]any {
	m := fields(w)
	delete(m, "queries_low")
	delete(m, "queries_high")
	if w.QualityLike != nil {
		m["quality_like"] = w.QualityLike.Model
	}
	for name, v := range m {
		if r := reflect.ValueOf(v); r.Kind() == reflect.Slice && r.Len() == 0 {
			delete(m, name)
		}
	}
	return m
}
