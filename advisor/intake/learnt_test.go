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
	"testing"

	"github.com/llmadvise/llmadvise/advisor"
	"github.com/llmadvise/llmadvise/advisor/catalog"
)

// lesson is a request with the tasks that its writer accepts; "" where it names none.
type lesson struct {
	set   string
	bag   []string
	tasks []advisor.Task
}

// lessons are the requests of testdata that have a task written beside them, or are said to name none.
func lessons(t *testing.T) []lesson {
	t.Helper()
	names := NamesFrom(catalog.Default())
	var out []lesson
	for _, pattern := range []string{"blind*.jsonl", "variants*.jsonl", "phrasings*.jsonl"} {
		files, err := filepath.Glob(filepath.Join("testdata", pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if !strings.Contains(file, "_second") { // the same requests, read again
				out = append(out, lessonsIn(t, file, names)...)
			}
		}
	}
	return out
}

func lessonsIn(t *testing.T, file string, names Names) (out []lesson) {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	s := bufio.NewScanner(f)
	for s.Scan() {
		var r struct {
			Text string                     `json:"text"`
			Want map[string]json.RawMessage `json:"want"`
			Free []string                   `json:"free"`
		}
		if err := json.Unmarshal(s.Bytes(), &r); err != nil {
			t.Fatal(err)
		}
		if slices.Contains(r.Free, "task") {
			continue
		}
		l := lesson{set: filepath.Base(file), bag: readRequest(r.Text, names).bag()}
		l.tasks = tasksIn(t, r.Want["task"])
		out = append(out, l)
	}
	if err := s.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

// tasksIn reads one task or a list of them; none is no task.
func tasksIn(t *testing.T, raw json.RawMessage) []advisor.Task {
	t.Helper()
	var one advisor.Task
	if len(raw) == 0 || json.Unmarshal(raw, &one) == nil {
		return []advisor.Task{one}
	}
	var several []advisor.Task
	if err := json.Unmarshal(raw, &several); err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(several, func(v advisor.Task) bool { return v == advisor.Batch }) // how a task comes rather than which it is
}

// learn fits a multinomial logistic regression with a quadratic penalty on the weights by adaptive gradient steps, in the order of the lessons,
// so that it comes out the same each time. A word of one or two lessons is left out.
func learn(ls []lesson) taskWeights {
	const rounds, rate, penalty = 40, 0.2, 1e-3
	w := taskWeights{
		tasks: []advisor.Task{"", advisor.Chat, advisor.RAG, advisor.Summarization, advisor.Classification, advisor.Extraction, advisor.Coding, advisor.Reasoning, advisor.Agent},
		words: map[string][]float64{},
	}
	count := map[string]int{}
	for _, l := range ls {
		for _, word := range l.bag {
			count[word]++
		}
	}
	steps := map[string][]float64{}
	enter := func(word string) {
		w.words[word], steps[word] = make([]float64, len(w.tasks)), make([]float64, len(w.tasks))
	}
	enter("")
	for word, n := range count {
		if n > 2 {
			enter(word)
		}
	}
	for range rounds {
		for _, l := range ls {
			gradient := w.scores(l.bag)
			for i := range gradient {
				gradient[i] = math.Exp(gradient[i])
			}
			for _, task := range l.tasks {
				gradient[slices.Index(w.tasks, task)] -= 1 / float64(len(l.tasks))
			}
			for _, word := range append([]string{""}, l.bag...) {
				row, sum := w.words[word], steps[word]
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

// table writes weights down as readWeights reads them.
func (w taskWeights) table() string {
	var b strings.Builder
	b.WriteString("word")
	for _, t := range w.tasks {
		b.WriteString("\t" + string(t))
	}
	for _, word := range slices.Sorted(maps.Keys(w.words)) {
		b.WriteString("\n" + word)
		for _, v := range w.words[word] {
			fmt.Fprintf(&b, "\t%.2f", v)
		}
	}
	return b.String() + "\n"
}

func (w taskWeights) best(bag []string) advisor.Task {
	scores := w.scores(bag)
	return w.tasks[slices.Index(scores, slices.Max(scores))]
}

// rightOf counts the lessons whose task the words alone tell.
func (w taskWeights) rightOf(ls []lesson) (right int) {
	for _, l := range ls {
		if slices.Contains(l.tasks, w.best(l.bag)) {
			right++
		}
	}
	return right
}

// TestLearntTasks learns from all sets but two, and holds what was learnt to those two; and it holds learnt_tasks.tsv to what all of them
// teach: run it with -update, twice, where requests were added.
func TestLearntTasks(t *testing.T) {
	all := lessons(t)
	var heard, unheard []lesson
	for _, l := range all {
		if l.set == "blind22.jsonl" || l.set == "blind23.jsonl" {
			unheard = append(unheard, l)
		} else {
			heard = append(heard, l)
		}
	}
	right := learn(heard).rightOf(unheard)
	t.Logf("by their words alone, of %d requests of sets that were not learnt from %d have the right task", len(unheard), right)
	if float64(right) < 0.88*float64(len(unheard)) {
		t.Errorf("%d of %d requests have the right task by their words, want 88 %%", right, len(unheard))
	}
	fresh := learn(all)
	if flag.Lookup("update").Value.String() == "true" {
		if err := os.WriteFile("learnt_tasks.tsv", []byte(fresh.table()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	same := 0
	for _, l := range all {
		if fresh.best(l.bag) == learnt().best(l.bag) {
			same++
		}
	}
	if float64(same) < 0.99*float64(len(all)) {
		t.Errorf("learnt_tasks.tsv tells the task of %d of %d requests as they teach it now: run this test with -update", same, len(all))
	}
}
