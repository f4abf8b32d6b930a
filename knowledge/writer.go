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
	whole    *composer // the same, of which nothing was taken
	floor    float64   // score that a sentence of the sources must reach to stand in for a withheld one
	verdict  string    // "yes" or "no", as the best source answers, else as was shown first; "" for neither
	pending  string    // "Yes." waits for the sentence it belongs to
	text     strings.Builder
	cites    map[int]bool
	seen     map[string]bool
	read     int // bytes of the reply
	shown    int
	composed int // sentences that stand in for withheld ones, or were added
	withheld int
	looped   int               // sentences dropped because they say an earlier one again
	told     []map[string]bool // of each sentence that the model has written, its pairs of words
	gaveUp   bool
	failed   error // of the stream
}

func (j *answering) newWriter(ctx context.Context) *writer {
	w := &writer{job: j, ctx: ctx, cites: make(map[int]bool), seen: make(map[string]bool)}
	w.composer = j.composer(ctx)
	w.whole = w.composer.copy()
	if best, ok := w.composer.next(0); ok {
		w.floor = max(1, worthSaying*best.score)
		if rePolar.MatchString(j.question) {
			w.verdict = strings.ToLower(reYesNo.FindString(best.text))
		}
	}
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

// close takes what is left of the reply once it has ended. Where it was cut, its last sentence was left unfinished: what
// it says so far may be the opposite of what it was going to say.
func (w *writer) close(cut bool) error {
	rest := append(w.split.Push(w.thoughts.rest()), w.split.Flush()...)
	if n := len(rest); cut && n > 0 && !reFinished.MatchString(reCite.ReplaceAllString(rest[n-1], "")) {
		rest = rest[:n-1]
	}
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
	s, ok := w.honest(s)
	if !ok {
		return w.hold()
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
	if w.loops(s) {
		if w.looped++; w.looped >= maxLooped {
			return errEnough
		}
		return nil
	}
	if garbled(s, w.job.passages) { // it claims nothing that the sources could say instead
		if w.withheld++; w.withheld >= maxWithheld {
			return errEnough
		}
		return nil
	}
	v := w.checker.Check(s)
	switch {
	case v.OK() && w.tells(v.Text, repeatShare):
		return nil
	case v.OK():
		w.composer.sayAlready(v.Text)
		if said := reVerdict.FindStringSubmatch(v.Text); said != nil && w.verdict == "" {
			w.verdict = strings.ToLower(said[1])
		}
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

// reFinished is the end of a whole sentence.
var reFinished = regexp.MustCompile(`[.!?][)”"'*_]*\s*$`)

// reOrdinal is the number of a list item: no figure, and wrong as soon as an item before it is withheld.
var reOrdinal = regexp.MustCompile(`^(\s*)\d{1,2}[.)](?:\s+|$)`)

var reVerdict = regexp.MustCompile(`(?i)^\s*(yes|no)\b[\s,.!:;-]*`)

// honest holds a sentence's leading yes or no against the one of the source that answers the question best, or of what was
// shown already. What stands behind the other one is kept without it where it says the opposite of its own beginning
// ("No, PHI may be sent"), and false is returned where it does not.
func (w *writer) honest(s string) (string, bool) {
	said := reVerdict.FindStringSubmatch(s)
	if said == nil || w.verdict == "" || strings.EqualFold(said[1], w.verdict) {
		return s, true
	}
	rest := s[len(said[0]):]
	if rest == "" || ground.Negated(rest) == strings.EqualFold(said[1], "no") {
		return s, false
	}
	return capitalised(rest), true
}

// loops reports a sentence that is an earlier one of the model's with a word changed, as a small model writes them without
// an end.
func (w *writer) loops(s string) bool {
	words := plainWords(reCite.ReplaceAllString(s, ""))
	pairs := make(map[string]bool)
	for i := range len(words) - 1 {
		pairs[words[i]+" "+words[i+1]] = true
	}
	fresh := heldShare(ground.Quantities(s), ground.Quantities(w.text.String())) < 1 // another figure is another thing said
	for _, earlier := range w.told {
		if !fresh && ground.Overlap(pairs, earlier) >= loopShare {
			return true
		}
	}
	w.told = append(w.told, pairs)
	return false
}

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
	k, ok := w.composer.next(w.floor)
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
