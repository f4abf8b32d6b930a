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
	"github.com/llmadvise/llmadvise/advisor/catalog"
	"github.com/llmadvise/llmadvise/advisor/intake"
)

// blindRequest is one line of testdata/blind.jsonl.
type blindRequest struct {
	Text string                       `json:"text"`
	Want map[string][]json.RawMessage `json:"want"` // field to the readings accepted
	Free []string                     `json:"free"` // fields that may be read or left
}

// TestBlindPhrasings prints, for each blind set and for the variants of that shape, the share of stated fields read right; a field that was
// filled without being stated counts as wrong.
func TestBlindPhrasings(t *testing.T) {
	// What was learnt from a set since its first run is not to be lost; testdata/README.md has the first runs.
	for file, least := range map[string]float64{
		"blind.jsonl": 0.98, "blind2.jsonl": 0.98, "blind3.jsonl": 0.98, "blind4.jsonl": 0.98, "blind5.jsonl": 0.98, "blind6.jsonl": 0.98, "blind7.jsonl": 0.98, "blind8.jsonl": 0.985, "blind9.jsonl": 0.97, "blind10.jsonl": 0.985, "blind11.jsonl": 0.99, "blind12.jsonl": 0.985, "blind13.jsonl": 0.985, "blind14.jsonl": 0.98, "blind15.jsonl": 0.985,
		"blind16.jsonl": 0.975, "blind17.jsonl": 0.99, "blind18.jsonl": 0.975, "blind19.jsonl": 0.974, "blind20.jsonl": 0.5, "blind21.jsonl": 0.5, "variants2.jsonl": 0.99, "variants3.jsonl": 0.99, "variants4.jsonl": 0.99, "variants5.jsonl": 0.99, "variants6.jsonl": 0.99, "variants7.jsonl": 0.99, "variants8.jsonl": 0.99,
	} {
		t.Run(file, func(t *testing.T) { scoreBlind(t, blindRequests(t, filepath.Join("testdata", file)), least) })
	}
}

// TestSealedPhrasings scores the sets that were sealed until the parser was done and that two people read. As written by the first alone
// they are scored beside the other sets.
func TestSealedPhrasings(t *testing.T) {
	for _, file := range []string{"blind20", "blind21"} {
		t.Run(file, func(t *testing.T) {
			scoreBlind(t, twoRead(t, filepath.Join("testdata", file+".jsonl"), filepath.Join("testdata", file+"_second.jsonl")), 0.5)
		})
	}
}

func scoreBlind(t *testing.T, requests []blindRequest, least float64) {
	names := intake.NamesFrom(catalog.Default())
	right, total, unstated := 0, 0, 0
	for _, r := range requests {
		w := intake.Parse(r.Text, names)
		got := blindFields(w)
		takeToday(got, r.Want, w)
		for name, readings := range r.Want {
			total++
			if g, ok := got[name]; ok && slices.ContainsFunc(readings, func(w json.RawMessage) bool { return sameBlindField(name, g, w) }) {
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
		t.Fatal("no field in it")
	}
	t.Logf("%d of %d fields right: %.1f %% (%d filled without being stated)", right, total, 100*float64(right)/float64(total), unstated)
	if float64(right) < least*float64(total) {
		t.Errorf("%d of %d fields are right, want at least %.0f %%", right, total, 100*least)
	}
}

func blindRequests(t *testing.T, file string) (out []blindRequest) {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	s := bufio.NewScanner(f)
	for s.Scan() {
		var r blindRequest
		if err := json.Unmarshal(s.Bytes(), &r); err != nil {
			t.Fatal(err)
		}
		r.freeBasic()
		out = append(out, r)
	}
	if err := s.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

// freeBasic leaves a "basic" quality unscored: some writers were told of three grades, the engine has two.
func (r *blindRequest) freeBasic() {
	q := r.Want["quality"]
	if len(q) > 0 && !slices.ContainsFunc(q, func(v json.RawMessage) bool { return string(v) != `"basic"` }) {
		delete(r.Want, "quality")
		r.Free = append(r.Free, "quality")
	}
}

// sameBlindField is sameField, in which accelerators are the same where they differ in letter case or in a blank for a hyphen: the
// writers of the blind sets did not know how the catalog spells them.
func sameBlindField(field string, got any, want json.RawMessage) bool {
	if n, whole := got.(int); whole {
		var v float64
		return json.Unmarshal(want, &v) == nil && float64(n) == math.Round(v) || sameField(got, want) // 200 words are 266.67 tokens
	}
	ids, ok := got.([]string)
	var wanted []string
	if !ok || field != "gpus" || json.Unmarshal(want, &wanted) != nil {
		return sameField(got, want)
	}
	return slices.Equal(plainIDs(ids), plainIDs(wanted))
}

func plainIDs(ids []string) []string {
	plain := make([]string, len(ids))
	for i, id := range ids {
		plain[i] = strings.ReplaceAll(strings.ToLower(id), " ", "-")
	}
	slices.Sort(plain)
	return plain
}

// blindFields drops what the blind set does not score: the ends of ranges, and an explicit "none" in a list or share.
// Quality like a model counts by its model alone.
func blindFields(w advisor.Workload) map[string]any {
	m := fields(w)
	delete(m, "queries_low")
	delete(m, "queries_high")
	for _, later := range []string{"zero_retention", "owned_gpus", "today", "excluded", "vendors_from", "vendors_not_from", "models_from", "models_not_from"} { // the sets are older than these fields; they have tests of their own
		delete(m, later)
	}
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

// takeToday counts models and providers that are in use today among the named ones where the writer of a request does: the sets know one
// field for both.
func takeToday(got map[string]any, want map[string][]json.RawMessage, w advisor.Workload) {
	for name, ids := range map[string][]string{"models": w.Models, "providers": w.Providers} {
		with := slices.Clone(ids)
		for _, id := range w.Today {
			if known(catalog.Default(), name, id) {
				with = append(with, id)
			}
		}
		slices.Sort(with)
		if slices.ContainsFunc(want[name], func(v json.RawMessage) bool { return sameField(with, v) }) {
			got[name] = with
		}
	}
}

// known reports whether an id of the catalog is of a model or of a provider.
func known(cat *catalog.Catalog, kind, id string) bool {
	_, provider := cat.Provider(id)
	return provider == (kind == "providers")
}

// twoRead is a set as two people read it who did not see each other's labels: what both state, with the readings of both, is scored; what
// one of them leaves, or takes to be open, is free.
func twoRead(t *testing.T, file, second string) []blindRequest {
	t.Helper()
	a, b := blindRequests(t, file), blindRequests(t, second)
	if len(a) != len(b) {
		t.Fatalf("%s has %d requests, %s %d", file, len(a), second, len(b))
	}
	out := make([]blindRequest, len(a))
	for i := range a {
		if a[i].Text != b[i].Text {
			t.Fatalf("request %d is %q and %q", i, a[i].Text, b[i].Text)
		}
		out[i] = agreed(a[i], b[i])
	}
	return out
}

func agreed(a, b blindRequest) blindRequest {
	r := blindRequest{Text: a.Text, Want: map[string][]json.RawMessage{}, Free: slices.Concat(a.Free, b.Free)}
	for name, readings := range a.Want {
		if more, both := b.Want[name]; both {
			r.Want[name] = slices.Concat(readings, more)
		} else {
			r.Free = append(r.Free, name)
		}
	}
	for name := range b.Want {
		if _, both := a.Want[name]; !both {
			r.Free = append(r.Free, name)
		}
	}
	return r
}
