package intake

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/llmadvise/llmadvise/advisor/catalog"
)

// subjects are what is learnt: a field, its table, and the share of the requests of sets not learnt from that the words alone are to read right.
var subjects = []struct {
	field   string
	table   string
	learnt  func() wordWeights
	answers []string
	pairs   bool
	least   float64
}{
	{"task", "learnt_tasks.tsv", learntTasks, strings.Split(" chat rag summarization classification extraction coding reasoning agent", " "), false, 0.9},
	{"ml_team", "learnt_teams.tsv", learntTeams, strings.Split(" none some dedicated", " "), true, 0.92},
	{"no_data_leaves", "learnt_egress.tsv", learntEgress, strings.Split(" true false", " "), true, 0.92},
}

// TestLearntTables learns from all sets but two, and holds what was learnt to those two; and it holds the tables to what all of them teach:
// run it with -update, twice, where requests were added.
func TestLearntTables(t *testing.T) {
	for _, s := range subjects {
		t.Run(s.field, func(t *testing.T) {
			var heard, unheard []lesson
			all := lessons(t, s.field, s.pairs)
			for _, l := range all {
				if l.set == "blind22.jsonl" || l.set == "blind23.jsonl" {
					unheard = append(unheard, l)
				} else {
					heard = append(heard, l)
				}
			}
			right := learn(heard, s.answers, s.pairs).rightOf(unheard)
			t.Logf("by their words alone %d of %d requests of sets that were not learnt from are right", right, len(unheard))
			if float64(right) < s.least*float64(len(unheard)) {
				t.Errorf("%d of %d requests are read right by their words, want %.0f %%", right, len(unheard), 100*s.least)
			}
			fresh := learn(all, s.answers, s.pairs)
			if flag.Lookup("update").Value.String() == "true" {
				if err := os.WriteFile(s.table, []byte(fresh.tsv()), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			same := 0
			for _, l := range all {
				if fresh.best(l.bag) == s.learnt().best(l.bag) {
					same++
				}
			}
			if float64(same) < 0.99*float64(len(all)) {
				t.Errorf("%s reads %d of %d requests as they teach it now: run this test with -update", s.table, same, len(all))
			}
		})
	}
}

// lesson is a request with the answers that its writer accepts; "" where it says nothing.
type lesson struct {
	set     string
	bag     []string
	answers []string
}

// lessons are the requests of testdata that have the field written beside them, or are known not to say it.
func lessons(t *testing.T, field string, pairs bool) (out []lesson) {
	t.Helper()
	taught, err := taughtRequests()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range taught {
		if slices.Contains(r.Free, field) {
			continue
		}
		out = append(out, lesson{r.set, r.parsed.bag(pairs), answersIn(t, r.Want[field])})
	}
	return out
}

// answersIn reads one answer or a list of them.
func answersIn(t *testing.T, raw json.RawMessage) []string {
	t.Helper()
	if len(raw) == 0 {
		return []string{""}
	}
	var several []json.RawMessage
	if json.Unmarshal(raw, &several) != nil {
		several = []json.RawMessage{raw}
	}
	var out []string
	for _, v := range several {
		if a := strings.Trim(string(v), `"`); a != "batch" { // how a task comes rather than which it is
			out = append(out, a)
		}
	}
	return out
}

// taughtRequest is a line of testdata.
type taughtRequest struct {
	Text   string                     `json:"text"`
	Want   map[string]json.RawMessage `json:"want"`
	Free   []string                   `json:"free"`
	set    string
	parsed *parser
}

// taughtRequests are the lines of all other sets in testdata.
var taughtRequests = sync.OnceValues(func() (out []taughtRequest, err error) {
	names := NamesFrom(catalog.Default())
	for _, pattern := range []string{"blind*.jsonl", "variants*.jsonl", "phrasings*.jsonl"} {
		files, err := filepath.Glob(filepath.Join("testdata", pattern))
		if err != nil {
			return nil, err
		}
		for _, file := range files {
			if strings.Contains(file, "_second") || slices.Contains(SealedSets, strings.TrimSuffix(filepath.Base(file), ".jsonl")) { // the same requests, read again
				continue
			}
			rs, err := taughtIn(file, names)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", file, err)
			}
			out = append(out, rs...)
		}
	}
	return out, nil
})

func taughtIn(file string, names Names) (out []taughtRequest, err error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	s := bufio.NewScanner(f)
	for s.Scan() {
		r := taughtRequest{set: filepath.Base(file)}
		if err := json.Unmarshal(s.Bytes(), &r); err != nil {
			return nil, err
		}
		r.parsed = readRequest(r.Text, names)
		out = append(out, r)
	}
	return out, s.Err()
}

// learn fits a multinomial logistic regression with a quadratic penalty on the weights by adaptive gradient steps, in the order of the lessons,
// so that it comes out the same each time. Words that few lessons have are left out.
func learn(ls []lesson, answers []string, pairs bool) wordWeights {
	const rounds, rate, penalty = 25, 0.2, 1e-3
	few := 2
	if pairs { // there are many more of them
		few = 4
	}
	w := wordWeights{answers: answers, words: map[string][]float64{}, pairs: pairs}
	squares := map[string][]float64{} // of the gradients so far
	for word, n := range wordCounts(ls) {
		if n > few || word == "" {
			w.words[word], squares[word] = make([]float64, len(answers)), make([]float64, len(answers))
		}
	}
	for range rounds {
		for _, l := range ls {
			gradient := w.gradient(l)
			for _, word := range append([]string{""}, l.bag...) {
				row, sum := w.words[word], squares[word]
				for i := range row {
					g := gradient[i]
					if word != "" {
						g += penalty * row[i]
					}
					sum[i] += g * g
					row[i] -= rate * g / math.Sqrt(sum[i]+1e-8)
				}
			}
		}
	}
	return w
}

// wordCounts is how many lessons have each word, with the constant "".
func wordCounts(ls []lesson) map[string]int {
	count := map[string]int{"": len(ls)}
	for _, l := range ls {
		for _, word := range l.bag {
			count[word]++
		}
	}
	return count
}

// gradient is that of the loss on a lesson by the scores: how likely each answer is less how likely it should be.
func (w wordWeights) gradient(l lesson) []float64 {
	g := w.scores(l.bag)
	for i := range g {
		g[i] = math.Exp(g[i])
	}
	for _, a := range l.answers {
		g[slices.Index(w.answers, a)] -= 1 / float64(len(l.answers))
	}
	return g
}

// tsv writes weights down as readWeights reads them, without the words that say hardly anything.
func (w wordWeights) tsv() string {
	const hardly = 0.3
	var b strings.Builder
	b.WriteString(map[bool]string{false: "word", true: "words"}[w.pairs] + "\t" + strings.Join(w.answers, "\t") + "\n")
	for _, word := range slices.Sorted(maps.Keys(w.words)) {
		row := w.words[word]
		if word != "" && slices.Max(row)-slices.Min(row) < hardly {
			continue
		}
		b.WriteString(word)
		for _, v := range row {
			fmt.Fprintf(&b, "\t%.2f", v)
		}
		b.WriteString("\n")
	}
	return b.String()
}

func (w wordWeights) best(bag []string) string { return w.answers[top(w.scores(bag))] }

// rightOf counts the lessons that the words alone read right.
func (w wordWeights) rightOf(ls []lesson) (right int) {
	for _, l := range ls {
		if slices.Contains(l.answers, w.best(l.bag)) {
			right++
		}
	}
	return right
}
