package knowledge

import (
	"context"
	"regexp"
	"strings"

	"github.com/llmadvise/llmadvise/knowledge/ground"
)

// writer checks a model's reply sentence by sentence and shows what passes.
type writer struct {
	job      *answering
	ctx      context.Context // of the answer, for the stream
	checker  *ground.Checker
	split    ground.Splitter
	thoughts thoughts
	composer *composer
	pending  string // "Yes." waits for the sentence it belongs to
	text     strings.Builder
	cites    map[int]bool
	seen     map[string]bool
	read     int // bytes of the reply
	shown    int
	composed int // sentences that stand in for withheld ones
	withheld int
	gaveUp   bool
	failed   error // of the stream
}

func (j *answering) newWriter(ctx context.Context) *writer {
	w := &writer{job: j, ctx: ctx, cites: make(map[int]bool), seen: make(map[string]bool)}
	w.composer = newComposer(ctx, j.question, j.passages, j.base.opts.Embedder)
	w.newFacts(j.q.Facts)
	return w
}

func (w *writer) newFacts(fs []Fact) {
	sources := make([]ground.Source, len(w.job.passages))
	for i, p := range w.job.passages {
		text, _ := withoutOrders(p.Text)
		p.Text = text
		sources[i] = sourceOf(p, i+1)
	}
	texts := make([]string, len(fs))
	for i, f := range fs {
		texts[i] = f.Text
	}
	w.checker = ground.New(sources, texts)
	if emb := w.job.base.opts.Embedder; emb != nil {
		w.checker = w.checker.WithSimilarity(similarity(w.ctx, emb))
	}
}

// similarity returns a cosine by emb that remembers what it embedded. It is used by one answer, from one goroutine.
func similarity(ctx context.Context, emb Embedder) func(a, b string) float64 {
	known := make(map[string][]float32)
	vector := func(s string) []float32 {
		if v, ok := known[s]; ok {
			return v
		}
		vs, err := emb.Embed(ctx, []string{s})
		if err != nil || len(vs) != 1 {
			return nil
		}
		known[s] = vs[0]
		return vs[0]
	}
	return func(a, b string) float64 { return dot(vector(a), vector(b)) }
}

// push takes the next piece of the reply.
func (w *writer) push(text string) error {
	if w.read += len(text); w.read > maxReply {
		return errEnough
	}
	for _, s := range w.split.Push(w.thoughts.strip(text)) {
		if err := w.sentence(s); err != nil {
			return err
		}
	}
	return nil
}

// close takes what is left of the reply once it is complete.
func (w *writer) close() error {
	rest := append(w.split.Push(w.thoughts.rest()), w.split.Flush()...)
	for _, s := range rest {
		if err := w.sentence(s); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) sentence(s string) error {
	if strings.Contains(s, noAnswer) {
		w.gaveUp = true
		return nil
	}
	s = w.pending + s
	w.pending = ""
	if bare(s) {
		w.pending = strings.TrimRight(s, "\n") + " "
		return nil
	}
	if s = reOrdinal.ReplaceAllString(s, "$1"); strings.TrimSpace(s) == "" {
		return nil
	}
	key := strings.ToLower(strings.Join(strings.Fields(reCite.ReplaceAllString(s, "")), " "))
	if w.seen[key] {
		return nil
	}
	w.seen[key] = true
	if strings.HasSuffix(strings.TrimSpace(reCite.ReplaceAllString(s, "")), "?") {
		return nil // a question answers nothing
	}
	if ordersReader(s) {
		return w.hold()
	}
	if garbled(s, w.job.passages) { // it claims nothing that the sources could say instead
		if w.withheld++; w.withheld >= maxWithheld {
			return errEnough
		}
		return nil
	}
	v := w.checker.Check(s)
	switch {
	case v.OK():
		w.composer.sayAlready(v.Text)
		for _, n := range v.Cites {
			w.cites[n] = true
		}
		return w.show(v.Text)
	case v.Why == ground.SaysNothing:
		return nil
	}
	w.job.base.log.Debug("sentence withheld", "why", string(v.Why), "detail", v.Detail)
	return w.hold()
}

// reOrdinal is the number of a list item: no figure, and wrong as soon as an item before it is withheld.
var reOrdinal = regexp.MustCompile(`^(\s*)\d{1,2}[.)](?:\s+|$)`)

// bare reports a sentence that says nothing by itself: "Yes."
func bare(s string) bool {
	return len(s) < 24 && len(ground.Terms(s)) == 0 && len(ground.Quantities(s)) == 0 && strings.TrimSpace(reCite.ReplaceAllString(s, "")) != ""
}

// hold counts a withheld sentence and says what the sources say instead.
func (w *writer) hold() error {
	w.withheld++
	if w.withheld >= maxWithheld {
		return errEnough
	}
	if w.composed >= maxReplacements {
		return nil
	}
	k, ok := w.composer.next(1)
	if !ok {
		return nil
	}
	w.composer.take(k)
	w.composed++
	w.cites[k.source+1] = true
	return w.show(withMarker(k.text, k.source+1))
}

func (w *writer) show(text string) error {
	if w.shown > 0 && !strings.HasSuffix(w.text.String(), "\n") {
		text = " " + strings.TrimLeft(text, " ")
	}
	text = strings.TrimRight(text, " ")
	w.shown++
	w.text.WriteString(text)
	if err := w.job.st.Append(w.ctx, text); err != nil {
		w.failed = err
		return err
	}
	return nil
}

// conflicts adds a line where the cited sources give different figures for the same thing.
func (w *writer) conflicts() error {
	var cited []ground.Source
	for i, p := range w.job.passages {
		if w.cites[i+1] {
			cited = append(cited, sourceOf(p, i+1))
		}
	}
	if line := conflictLine(cited); line != "" {
		return w.show(line)
	}
	return nil
}

// answer returns what was shown so far.
func (w *writer) answer(leftOut int) Answer {
	return Answer{
		Text: w.text.String(), Citations: citationsOf(w.job.passages, w.cites, w.text.String()),
		Model: w.job.base.gen.Model(), Composed: w.composed > 0 && w.composed == w.shown,
		Withheld: w.withheld, LeftOut: leftOut,
	}
}

// thoughts takes out what a thinking model writes between <think> and </think>, also where a tag comes in pieces.
type thoughts struct {
	inside bool
	held   string // may be the beginning of a tag
}

func (t *thoughts) strip(text string) string {
	text = t.held + text
	t.held = ""
	var out strings.Builder
	for text != "" {
		tag := "<think>"
		if t.inside {
			tag = "</think>"
		}
		if i := strings.Index(text, tag); i >= 0 {
			if !t.inside {
				out.WriteString(text[:i])
			}
			text, t.inside = text[i+len(tag):], !t.inside
			continue
		}
		keep := partial(text, tag)
		if !t.inside {
			out.WriteString(text[:len(text)-keep])
		}
		t.held = text[len(text)-keep:]
		break
	}
	return out.String()
}

// rest returns what was held back as a possible tag and was none.
func (t *thoughts) rest() string {
	s := t.held
	t.held = ""
	if t.inside {
		return ""
	}
	return s
}

// partial returns how many bytes at the end of text are the beginning of tag.
func partial(text, tag string) int {
	for n := min(len(text), len(tag)-1); n > 0; n-- {
		if strings.HasSuffix(text, tag[:n]) {
			return n
		}
	}
	return 0
}
