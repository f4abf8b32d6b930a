package intake

import (
	"cmp"
	_ "embed"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/llmadvise/llmadvise/advisor"
)

// What a model is to do is told in more ways than rules can list. So the words of a request are weighed as well: learnt_tasks.tsv says how
// much each of them speaks for each task, learnt from the requests in testdata that have a task written beside them. The votes of the rules
// count on top of that.

// taskWeights are the weights of a multinomial logistic regression over the words of a request, in nats. Column 0 is that it names no task.
type taskWeights struct {
	tasks []advisor.Task       // by column; "" is no task
	words map[string][]float64 // by word; "" is the constant
}

//go:embed learnt_tasks.tsv
var learntTasks string

var learnt = sync.OnceValue(func() taskWeights { return readWeights(learntTasks) })

// readWeights reads a table as learnt_test.go writes it: a head with the tasks, then a word and its weights a line.
func readWeights(table string) taskWeights {
	w := taskWeights{words: map[string][]float64{}}
	for line := range strings.Lines(table) {
		cells := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(w.tasks) == 0 {
			for _, c := range cells[1:] {
				w.tasks = append(w.tasks, advisor.Task(c))
			}
			continue
		}
		row := make([]float64, len(w.tasks))
		for i, c := range cells[1:] {
			row[i], _ = strconv.ParseFloat(c, 64)
		}
		w.words[cells[0]] = row
	}
	return w
}

// scores are the logarithms of how likely each task is, by column, where a request has the words of a bag.
func (w taskWeights) scores(bag []string) []float64 {
	s := slices.Clone(w.words[""])
	for _, word := range bag {
		for i, v := range w.words[word] {
			s[i] += v
		}
	}
	top, sum := slices.Max(s), 0.0
	for _, v := range s {
		sum += math.Exp(v - top)
	}
	for i := range s {
		s[i] -= top + math.Log(sum)
	}
	return s
}

// bag is the words of a request, each once and sorted, so that their order does not matter.
func (p *parser) bag() []string {
	var bag []string
	for i := range p.toks {
		if w := p.bagged(i); w != "" {
			bag = append(bag, w)
		}
	}
	slices.Sort(bag)
	return slices.Compact(bag)
}

// bagged is how token i counts: in the singular, "#" for any number, "@model" for the name of any model, "" not at all.
func (p *parser) bagged(i int) string {
	switch t := &p.toks[i]; {
	case t.void:
		return ""
	case t.entity != nil:
		return [...]string{modelName: "@model", gpuName: "@gpu", providerName: "@provider"}[t.entity.kind]
	case t.kind == num:
		return "#"
	case t.kind == word:
		return stem(cmp.Or(t.fixed, t.raw))
	}
	return ""
}

// voteWeight is what the strongest vote of the rules for a task counts, in nats. The two were chosen on requests that the rules had not been
// mended after; testdata/README.md has the figures.
func voteWeight(strength int) float64 {
	const weak, strong = 3, 5
	switch {
	case strength > weakVote:
		return strong
	case strength > 0:
		return weak
	}
	return 0
}

// likeliest is the task that words and votes together speak for most, "" none, and whether any vote was cast for it.
func (p *parser) likeliest() (best advisor.Task, voted bool) {
	w := learnt()
	strongest := map[advisor.Task]int{}
	for _, v := range p.tasks {
		if v.strength == labelled {
			return v.task, true
		}
		strongest[v.task] = max(strongest[v.task], v.strength)
	}
	scores := w.scores(p.bag())
	for i, t := range w.tasks {
		scores[i] += voteWeight(strongest[t])
	}
	at := 0
	for i := range scores {
		if scores[i] > scores[at] {
			at = i
		}
	}
	return w.tasks[at], strongest[w.tasks[at]] > 0
}

// tellingWords are the words that speak most for a task rather than for none, in the order of the text.
func (p *parser) tellingWords(t advisor.Task) []span {
	const most = 3
	w := learnt()
	at := slices.Index(w.tasks, t)
	weight := func(i int) float64 {
		row := w.words[p.bagged(i)]
		if row == nil || !p.isWord(i) {
			return 0
		}
		return row[at] - row[0]
	}
	first := map[string]int{}
	for i := len(p.toks) - 1; i >= 0; i-- {
		first[p.bagged(i)] = i
	}
	words := slices.SortedFunc(maps.Values(first), func(a, b int) int { return cmp.Or(cmp.Compare(weight(b), weight(a)), cmp.Compare(a, b)) })
	words = words[:min(most, len(words))]
	slices.Sort(words)
	spans := make([]span, len(words))
	for k, i := range words {
		spans[k] = span{i, i}
	}
	return spans
}
