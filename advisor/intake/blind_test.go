package intake_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
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

type blindSet struct {
	file  string
	least float64 // the share of fields that is to stay right
}

// blindSets are the requests that each of as many writers wrote down without sight of the parser, with the least share of fields that is to
// stay right: what was learnt from a set since its first run is not to be lost. testdata/README.md has the first runs.
var blindSets = []blindSet{
	{"blind", 0.98}, {"blind2", 0.98}, {"blind3", 0.98}, {"blind4", 0.98}, {"blind5", 0.98}, {"blind6", 0.98}, {"blind7", 0.98}, {"blind8", 0.985},
	{"blind9", 0.97}, {"blind10", 0.985}, {"blind11", 0.99}, {"blind12", 0.985}, {"blind13", 0.985}, {"blind14", 0.98}, {"blind15", 0.985},
	{"blind16", 0.975}, {"blind17", 0.99}, {"blind18", 0.975}, {"blind19", 0.974}, {"blind20", 0.975}, {"blind21", 0.975},
	{"blind22", 0.98}, {"blind23", 0.975}, {"blind24", 0.975}, {"blind25", 0.9}, {"blind26", 0.9},
}

var updateMisses = flag.Bool("update", false, "write testdata/MISSES.md anew")

// TestBlindPhrasings scores each blind set, and all of them together; a field that was filled without being stated counts as wrong. What
// is misread is listed in testdata/MISSES.md.
func TestBlindPhrasings(t *testing.T) {
	var all score
	var list strings.Builder
	for _, set := range blindSets {
		t.Run(set.file, func(t *testing.T) {
			got := scoreOf(blindRequests(t, filepath.Join("testdata", set.file+".jsonl")))
			got.check(t, set.least)
			fmt.Fprintf(&list, "\n## %s: %d of %d fields right, %.1f %%\n\n", set.file, got.right, got.total, got.percent())
			for _, miss := range got.misses {
				list.WriteString("- " + miss + "\n")
			}
			all.right, all.total, all.unstated = all.right+got.right, all.total+got.total, all.unstated+got.unstated
		})
	}
	all.check(t, 0.98)
	text := fmt.Sprintf("# Fields that are misread\n\nWritten by `go test ./advisor/intake -run TestBlindPhrasings -update`: of each blind set what is read and what its writer accepts. "+
		"Of all %d sets together %d of %d fields are right, %.1f %%.\n%s", len(blindSets), all.right, all.total, all.percent(), list.String())
	path := filepath.Join("testdata", "MISSES.md")
	if *updateMisses {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if held, err := os.ReadFile(path); err != nil || string(held) != text {
		t.Errorf("%s does not list what is misread now (%v): run this test with -update and read the difference", path, err)
	}
}

// TestVariants scores the requests that were written against the parser, around what it misread: they guard what was learnt.
func TestVariants(t *testing.T) {
	for _, file := range []string{"variants2", "variants3", "variants4", "variants5", "variants6", "variants7", "variants8", "variants9"} {
		t.Run(file, func(t *testing.T) {
			got := scoreOf(blindRequests(t, filepath.Join("testdata", file+".jsonl")))
			for _, miss := range got.misses {
				t.Log(miss)
			}
			got.check(t, 0.99)
		})
	}
}

// TestTwiceReadPhrasings scores the blind sets that a second person read, who did not see the first labels, by what the two agree on.
func TestTwiceReadPhrasings(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("testdata", "blind*_second.jsonl"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no set that was read twice: %v", err)
	}
	for _, second := range files {
		first := strings.Replace(second, "_second", "", 1)
		t.Run(filepath.Base(first), func(t *testing.T) {
			got := scoreOf(twoRead(t, first, second))
			got.check(t, 0.89)
		})
	}
}

// TestSealedPhrasings scores the sets after which nothing was mended, together.
func TestSealedPhrasings(t *testing.T) {
	if len(intake.SealedSets) == 0 {
		t.Skip("each set was mended after")
	}
	var all score
	for _, file := range intake.SealedSets {
		if !slices.ContainsFunc(blindSets, func(s blindSet) bool { return s.file == file }) {
			t.Errorf("%s is not listed among the blind sets", file)
		}
		got := scoreOf(blindRequests(t, filepath.Join("testdata", file+".jsonl")))
		t.Logf("%s: %d of %d fields right, %.1f %%", file, got.right, got.total, got.percent())
		all.right, all.total, all.unstated = all.right+got.right, all.total+got.total, all.unstated+got.unstated
	}
	all.check(t, 0.89)
}

// score is how many fields of a set are right, and what is read of the others.
type score struct {
	right, total, unstated int
	misses                 []string
}

func (s *score) percent() float64 { return 100 * float64(s.right) / float64(s.total) }

func (s *score) check(t *testing.T, least float64) {
	t.Helper()
	if s.total == 0 {
		t.Fatal("no field in it")
	}
	t.Logf("%d of %d fields right: %.1f %% (%d filled without being stated)", s.right, s.total, s.percent(), s.unstated)
	if float64(s.right) < least*float64(s.total) {
		t.Errorf("%d of %d fields are right, want at least %.1f %%", s.right, s.total, 100*least)
	}
}

func scoreOf(requests []blindRequest) (s score) {
	names := intake.NamesFrom(catalog.Default())
	for _, r := range requests {
		w := intake.Parse(r.Text, names)
		got := blindFields(w)
		takeToday(got, r.Want, w)
		for _, name := range slices.Sorted(maps.Keys(r.Want)) {
			readings := r.Want[name]
			s.total++
			if g, ok := got[name]; ok && slices.ContainsFunc(readings, func(w json.RawMessage) bool { return sameBlindField(name, g, w) }) {
				s.right++
				continue
			}
			s.misses = append(s.misses, fmt.Sprintf("%s: %s, want %s (%q)", name, read(got[name]), bytes.Join(rawTexts(readings), []byte(" or ")), r.Text))
		}
		for _, name := range slices.Sorted(maps.Keys(got)) {
			if _, stated := r.Want[name]; !stated && !slices.Contains(r.Free, name) {
				s.total++
				s.unstated++
				s.misses = append(s.misses, fmt.Sprintf("%s: %s, not stated (%q)", name, read(got[name]), r.Text))
			}
		}
	}
	return s
}

func read(v any) string {
	if v == nil {
		return "nothing"
	}
	return fmt.Sprint(v)
}

func rawTexts(raws []json.RawMessage) [][]byte {
	out := make([][]byte, len(raws))
	for i, r := range raws {
		out[i] = r
	}
	return out
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
	for _, later := range []string{"zero_retention", "owned_gpus", "rented_gpus", "today", "today_usd_month", "engineer_usd_month", "batch_hours", "tokens_per_month", "ttft_s", "tokens_per_s", "concurrency", "excluded", "vendors_from", "vendors_not_from", "models_from", "models_not_from"} { // the sets are older than these fields; they have tests of their own
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
