package knowledge

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"sort"
	"strings"

	"github.com/llmadvise/llmadvise/knowledge/ground"
)

// answering is the making of one answer.
type answering struct {
	base     *Base
	q        Question
	question string // stand-alone
	passages []Passage
	evidence Evidence
	st       Stream
}

// compose makes the answer from the passages' own sentences and the facts, without a model.
func (j *answering) compose(ctx context.Context) (Answer, error) {
	c := j.composer(ctx)
	facts := nearestFacts(j.question, j.q.Facts)
	limit := maxComposed
	if len(facts) > 0 {
		limit -= 2 // the figures take the room
	}
	direct := len(facts) > 0 && facts[0].Direct // then they all are
	var picked []candidate
	switch {
	case !direct:
		picked = j.pick(ctx, c, limit)
	case j.evidence >= evidenceClear: // else the documents speak of something near
		picked = aboutTheSame(j.question, c.compose(1))
	}
	w := newPage(j.passages)
	lead := direct || len(picked) == 0 || reDecides.MatchString(j.question) || reMoney.MatchString(j.question) && anyMoney(facts) && !hasMoney(picked[0].text)
	if lead {
		w.facts(facts)
	}
	for i, k := range picked {
		if i == 1 && !lead {
			w.facts(facts)
		}
		w.sentence(c.opening(k, i == 0 && !lead))
	}
	if len(picked) == 1 && !lead {
		w.facts(facts)
	}
	w.conflicts()
	a := Answer{Text: w.text(), Citations: w.citations(), Composed: true}
	return a, j.st.Append(ctx, a.Text)
}

// composer picks from the passages. To a follow-up that asks for more, what the thread said already is said.
func (j *answering) composer(ctx context.Context) *composer {
	follow := followUp(j.q)
	c := newFollowUp(ctx, j.question, follow, j.passages, j.base.opts.Embedder)
	if follow == "" {
		return c
	}
	for _, t := range j.q.History {
		if !t.FromBot {
			continue
		}
		for _, s := range ground.Sentences(t.Text) {
			c.sayAlready(reCite.ReplaceAllString(s, ""))
		}
	}
	return c
}

// pick returns the sentences that answer the question, at most limit, and one for each part and each name of it that those
// leave out.
func (j *answering) pick(ctx context.Context, c *composer, limit int) []candidate {
	picked := c.compose(limit)
	picked = append(picked, j.missingParts(ctx, picked)...)
	return append(picked, c.missingNames(picked)...)
}

// reDecides is how a question asks for the decision itself, which the facts of its workload answer first.
var reDecides = regexp.MustCompile(`(?i)\b(?:worth|should (?:we|i|one)|better off|recommend|best (?:option|choice|way)|which (?:option|path|model|gpus?)|how many (?:\w+ )?(?:gpus?|cards?|machines?|replicas?)|what (?:gpus?|hardware)|what would you)\b`)

func anyMoney(fs []Fact) bool {
	for _, f := range fs {
		if hasMoney(f.Text) {
			return true
		}
	}
	return false
}

func hasMoney(text string) bool {
	for _, q := range ground.Quantities(text) {
		if q.Unit == "$" || q.Unit == "€" || q.Unit == "£" {
			return true
		}
	}
	return false
}

// maxFacts is how many computed facts a composed answer quotes.
const maxFacts = 3

// relevantFacts returns the facts that bear on a question: all of them where it asks for the decision or for money and
// states a workload, since they were then computed for it; else those that share words with it. A number alone makes no
// question one about costs, and facts of a thread's earlier card do not answer a question about something else.
func relevantFacts(question string, fs []Fact) []Fact {
	if len(ground.Quantities(question)) > 0 && asksFigures(question) {
		return fs
	}
	asked := topical(question)
	var out []Fact
	for _, f := range fs {
		if f.Direct || ground.Overlap(asked, ground.Terms(f.Label+" "+f.Text)) >= 0.3 {
			out = append(out, f)
		}
	}
	return out
}

var reFigures = regexp.MustCompile(`(?i)\b(?:quer(?:y|ies)|requests?|tokens?|gpus?|[ah]\d{2,3}s?|apis?|(?:self-?)?host(?:s|ed|ing)?|llms?|models?|break-?even|inference|workload)\b`)

// asksFigures reports whether a question is about what the facts are about: costs and machines of a workload. A number in
// a question about something else is no workload.
func asksFigures(question string) bool {
	return reFigures.MatchString(question) && (reMoney.MatchString(question) || reDecides.MatchString(question))
}

// nearestFacts returns the first two facts, which are the recommendation and its reason, and the one of the others that
// is nearest to the question by its words and the names in it, where one is near.
func nearestFacts(question string, fs []Fact) []Fact {
	if direct := directFacts(fs); len(direct) > 0 {
		return direct[:min(maxFacts, len(direct))]
	}
	if len(fs) < maxFacts {
		return fs
	}
	asked, names := topical(question), ground.Names(question)
	for _, t := range []string{"queri", "month", "request", "second", "token"} { // in every other fact
		delete(asked, t)
	}
	best, at := 0.4, -1
	for i, f := range fs[2:] {
		near := ground.Overlap(asked, ground.Terms(f.Label+" "+f.Text)) + ground.NamesHeld(names, f.Text)
		if near > best {
			best, at = near, i+2
		}
	}
	if at < 0 {
		return fs[:2]
	}
	return []Fact{fs[0], fs[1], fs[at]}
}

// aboutTheSame leaves out what speaks of none of the things that a question names.
func aboutTheSame(question string, picked []candidate) []candidate {
	names := ground.Names(question)
	return slices.DeleteFunc(picked, func(k candidate) bool { return len(names) > 0 && ground.NamesHeld(names, k.text) == 0 })
}

// directFacts are those that are what the question asks for.
func directFacts(fs []Fact) []Fact {
	var out []Fact
	for _, f := range fs {
		if f.Direct {
			out = append(out, f)
		}
	}
	return out
}

// missingParts adds the best sentence for each part of a question that the picked ones leave out.
func (j *answering) missingParts(ctx context.Context, picked []candidate) []candidate {
	asked := parts(j.question)
	if len(asked) < 2 {
		return nil
	}
	var out []candidate
	for _, part := range asked {
		c := newComposer(ctx, part, j.passages, j.base.opts.Embedder)
		for _, k := range append(picked, out...) {
			c.take(k)
		}
		best, ok := c.next(0)
		if !ok {
			continue
		}
		have := 0.0
		for _, k := range append(picked, out...) {
			have = max(have, scoreFor(c, k))
		}
		if best.score > have+0.1 {
			out = append(out, best)
		}
	}
	return out
}

func scoreFor(c *composer, k candidate) float64 {
	for _, other := range c.all {
		if other.source == k.source && other.place == k.place {
			return other.score
		}
	}
	return 0
}

// page collects the sentences of a composed answer and numbers its sources in the order they are cited.
type page struct {
	passages []Passage
	number   map[int]int // passage index -> citation number
	order    []int
	quotes   map[int]string
	lines    []string
}

func newPage(ps []Passage) *page {
	return &page{passages: ps, number: make(map[int]int), quotes: make(map[int]string)}
}

func (w *page) cite(source int, quote string) int {
	if n, ok := w.number[source]; ok {
		return n
	}
	w.order = append(w.order, source)
	w.number[source] = len(w.order)
	w.quotes[source] = quote
	return len(w.order)
}

func (w *page) sentence(k candidate) {
	w.lines = append(w.lines, withMarker(k.text, w.cite(k.source, k.text)))
}

func (w *page) facts(fs []Fact) {
	for _, f := range fs {
		if t := factSentence(f); t != "" {
			w.lines = append(w.lines, t)
		}
	}
}

// factSentence is a fact as it is quoted; "" where nothing of it can be.
func factSentence(f Fact) string {
	t := plain(f.Text)
	if t != "" && !strings.HasSuffix(t, ".") {
		t += "."
	}
	return t
}

// conflicts adds a line for cited sources that disagree: both figures, each with its date.
func (w *page) conflicts() {
	var cited []ground.Source
	for _, i := range w.order {
		cited = append(cited, sourceOf(w.passages[i], w.number[i]))
	}
	if line := conflictLine(cited); line != "" {
		w.lines = append(w.lines, line)
	}
}

func (w *page) text() string { return strings.Join(w.lines, " ") }

func (w *page) citations() []Citation {
	out := make([]Citation, len(w.order))
	for i, s := range w.order {
		out[i] = citation(w.passages[s], i+1, w.quotes[s])
	}
	return out
}

func citation(p Passage, n int, quote string) Citation {
	return Citation{N: n, Document: p.Document, Title: p.Title, Heading: headingOf(p), URL: p.URL, Date: p.Date, Quote: quote}
}

// headingOf returns the innermost heading, or the title where a passage has none.
func headingOf(p Passage) string {
	if len(p.Heading) > 0 {
		return p.Heading[len(p.Heading)-1]
	}
	return p.Title
}

func sourceOf(p Passage, n int) ground.Source {
	return ground.Source{N: n, Title: p.Title, Heading: strings.Join(p.Heading, " > "), Date: p.Date, URL: p.URL, Text: p.Text}
}

// conflictLine tells of the first conflict among sources, or is empty.
func conflictLine(sources []ground.Source) string {
	cs := ground.Conflicts(sources)
	if len(cs) == 0 {
		return ""
	}
	c := cs[0]
	return fmt.Sprintf("The sources differ: %s; %s.", told(c.TextA, c.DateA, c.A), told(c.TextB, c.DateB, c.B))
}

func told(text, date string, n int) string {
	text = strings.TrimRight(plain(text), ".")
	if date == "" {
		date = "undated"
	}
	return fmt.Sprintf("“%s” (%s) [%d]", text, date, n)
}

var reEnd = regexp.MustCompile(`[.!?:;]+$`)

// withMarker puts [n] before the full stop of a sentence.
func withMarker(s string, n int) string {
	s = strings.TrimSpace(s)
	end := reEnd.FindString(s)
	body := strings.TrimSpace(strings.TrimSuffix(s, end))
	if end == "" || end[0] == ':' || end[0] == ';' {
		end = "."
	}
	return fmt.Sprintf("%s [%d]%s", body, n, end)
}

// citationsOf lists the passages that ns name, in order, each with its sentence closest to text.
func citationsOf(ps []Passage, ns map[int]bool, text string) []Citation {
	var order []int
	for n := range ns {
		order = append(order, n)
	}
	sort.Ints(order)
	terms := ground.Terms(text)
	out := make([]Citation, 0, len(order))
	for _, n := range order {
		best, quote := -1.0, ""
		for _, s := range ground.Sentences(ps[n-1].Text) {
			t := ground.Terms(s)
			if o := ground.Overlap(t, terms) * float64(min(len(t), 8)); o > best && !ordersReader(s) {
				best, quote = o, plain(s)
			}
		}
		out = append(out, citation(ps[n-1], n, quote))
	}
	return out
}
