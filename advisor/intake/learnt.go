package intake

import (
	"cmp"
	"embed"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/llmadvise/llmadvise/advisor"
)

// What a model is to do, what people know and whether data may leave are told in more ways than rules can list. So the words of a request are
// weighed as well: the tables learnt_*.tsv say how much each of them speaks for what, learnt from the requests in testdata that have the
// answer written beside them. For the task the votes of the rules count on top of that; for the others it is asked where no rule says anything.

//go:embed learnt_*.tsv
var learntTables embed.FS

// wordWeights are the weights of a multinomial logistic regression over the words of a request, in nats. Column 0 is that it says nothing.
type wordWeights struct {
	answers []string             // by column; "" is nothing
	words   map[string][]float64 // by word; "" is the constant
	pairs   bool                 // two words in a row count as well
}

var (
	learntTasks  = sync.OnceValue(func() wordWeights { return readWeights("learnt_tasks.tsv") })
	learntTeams  = sync.OnceValue(func() wordWeights { return readWeights("learnt_teams.tsv") })
	learntEgress = sync.OnceValue(func() wordWeights { return readWeights("learnt_egress.tsv") })
)

// readWeights reads a table as learnt_test.go writes it: a head with the answers, then a word and its weights a line.
func readWeights(name string) wordWeights {
	w := wordWeights{words: map[string][]float64{}}
	table, err := learntTables.ReadFile(name)
	if err != nil {
		panic(err) // the name is of a file that is not built in
	}
	for line := range strings.Lines(string(table)) {
		cells := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(w.answers) == 0 {
			w.answers, w.pairs = cells[1:], cells[0] == "words"
			continue
		}
		row := make([]float64, len(w.answers))
		for i, c := range cells[1:] {
			row[i], _ = strconv.ParseFloat(c, 64)
		}
		w.words[cells[0]] = row
	}
	return w
}

// scores are the logarithms of how likely each answer is, by column, where a request has the words of a bag.
func (w wordWeights) scores(bag []string) []float64 {
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

// top is the column with the highest score, the first of equals.
func top(scores []float64) int { return slices.Index(scores, slices.Max(scores)) }

// clue is a word of a request, or two in a row, as they are weighed.
type clue struct {
	text string
	span
}

// clues are the words of a request, on request also each two that stand together in a clause.
func (p *parser) clues(pairs bool) []clue {
	var out []clue
	before := ""
	for i := range p.toks {
		if p.clauseEnd(i) {
			before = ""
		}
		w := p.bagged(i)
		if w == "" {
			continue
		}
		out = append(out, clue{w, span{i, i}})
		if pairs && before != "" {
			out = append(out, clue{before + " " + w, span{i - 1, i}})
		}
		before = w
	}
	return out
}

// bag is the words of a request, each once and sorted, so that the order of its clauses does not matter.
func (p *parser) bag(pairs bool) []string {
	var bag []string
	for _, c := range p.clues(pairs) {
		bag = append(bag, c.text)
	}
	slices.Sort(bag)
	return slices.Compact(bag)
}

// bagged is how token i counts: in the singular, "#" for any number, "@model" for the name of any model, "" not at all.
func (p *parser) bagged(i int) string {
	switch t := &p.toks[i]; {
	case t.void || p.ofOtherField(i):
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

// ofOtherField reports whether token i belongs to what was read of something that only sounds like a task: the bar in "as good as GPT-4.1 on coding",
// "reasoning tokens", "20 % hard questions".
func (p *parser) ofOtherField(i int) bool {
	return p.saidOf(span{i, i}, advisor.FieldQualityLike, advisor.FieldReasoning, advisor.FieldHardShare, advisor.FieldSensitiveShare)
}

// saidOf reports whether a part of s was read of one of some fields.
func (p *parser) saidOf(s span, fields ...advisor.Field) bool {
	for _, f := range fields {
		if slices.ContainsFunc(p.spans[f], func(o span) bool { return o.from <= s.to && s.from <= o.to }) {
			return true
		}
	}
	return false
}

// telling are the clues that speak most for an answer rather than for nothing, in the order of the text.
func (p *parser) telling(w wordWeights, answer int) []span {
	const most = 3
	weight := func(c clue) float64 {
		row := w.words[c.text]
		if row == nil || !p.isWord(c.from) || !p.isWord(c.to) {
			return 0
		}
		return row[answer] - row[0]
	}
	clues := p.clues(w.pairs)
	slices.SortStableFunc(clues, func(a, b clue) int { return cmp.Compare(weight(b), weight(a)) })
	var spans []span
	for _, c := range clues {
		apart := !slices.ContainsFunc(spans, func(s span) bool { return c.from <= s.to && s.from <= c.to || p.quote(s) == p.quote(c.span) })
		if apart && weight(c) > 0 && len(spans) < most {
			spans = append(spans, c.span)
		}
	}
	slices.SortFunc(spans, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	return spans
}

// sayByWords quotes the words that a field was taken from where no rule reads it.
func (p *parser) sayByWords(f advisor.Field, w wordWeights, answer int, doubt string) {
	var words []string
	for _, s := range p.telling(w, answer) {
		p.say(f, s)
		p.claim(s.from, s.to)
		words = append(words, "“"+p.quote(s)+"”")
	}
	p.doubt(doubt + ": " + strings.Join(words, ", "))
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
	strongest := map[string]int{}
	for _, v := range p.tasks {
		if v.strength == labelled {
			return v.task, true
		}
		strongest[string(v.task)] = max(strongest[string(v.task)], v.strength)
	}
	w := learntTasks()
	scores := w.scores(p.bag(w.pairs))
	for i, t := range w.answers {
		scores[i] += voteWeight(strongest[t])
	}
	t := w.answers[top(scores)]
	return advisor.Task(t), strongest[t] > 0
}

// settleByWords takes from the words what no rule says of the people and of what may leave.
func (p *parser) settleByWords() {
	if p.w.MLTeam == "" && len(p.spans[advisor.FieldMLTeam]) == 0 {
		w := learntTeams()
		if k := p.sure(w); k > 0 {
			p.w.MLTeam = advisor.MLTeam(w.answers[k])
			p.sayByWords(advisor.FieldMLTeam, w, k, "who knows how to serve models is not said outright; taken for "+w.answers[k]+" by these words")
		}
	}
	if p.w.NoDataLeaves == nil {
		w := learntEgress()
		if k := p.sure(w); k > 0 {
			none := w.answers[k] == "true"
			p.w.NoDataLeaves = &none
			p.sayByWords(advisor.FieldNoEgress, w, k, map[bool]string{true: "taken to mean that no data may go to others", false: "taken to mean that data may go to others"}[none]+", by these words")
		}
	}
}

// sure is the answer that words alone are taken for, 0 none.
func (p *parser) sure(w wordWeights) int {
	const enough = 0.7
	scores := w.scores(p.bag(w.pairs))
	if k := top(scores); scores[k] > math.Log(enough) {
		return k
	}
	return 0
}
