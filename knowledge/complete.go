package knowledge

import (
	"slices"

	"github.com/llmadvise/llmadvise/knowledge/ground"
)

const (
	repeatShare = 0.85 // of a sentence's terms that were shown before, from which on it repeats
	toldShare   = 0.6  // of a source's sentence, from which on the model has told it in its own words
	shortAnswer = 2    // sentences, below which an answer is short
	maxAdded    = 3    // sentences added to a model's answer
)

// complete adds what the model left out: the sentence of the sources that answers the question best, one for each part
// and each name of it, and the computed facts where none was quoted. A model may pass every check and still not answer;
// a small one mostly does. A short answer, and one of which something had to be withheld, is not trusted to be whole: what an
// answer without a model would say is added to it.
func (w *writer) complete() error {
	j := w.job
	if err := w.addFacts(nearestFacts(j.question, j.q.Facts)); err != nil {
		return err
	}
	limit := 1
	if w.withheld > 0 || w.shown < shortAnswer {
		limit = maxAdded
	}
	added := 0
	for _, k := range j.pick(w.ctx, w.whole, limit) {
		if added == maxAdded || w.conveys(k.text) {
			continue
		}
		added++
		w.composed++
		w.cites[k.source+1] = true
		if err := w.show(withMarker(k.text, k.source+1)); err != nil {
			return err
		}
	}
	return nil
}

// conveys reports whether the answer so far gives what a sentence of the sources has to say: what it names of the question,
// and a figure of it, or, where it has none, most of its terms.
func (w *writer) conveys(sentence string) bool {
	text := reCite.ReplaceAllString(w.text.String(), "")
	terms, said := ground.Terms(sentence), ground.Terms(text)
	for _, name := range append(questionNames(w.job.question), ground.Names(w.job.question)...) {
		if t := ground.Terms(name); len(t) > 0 && ground.Overlap(t, terms) == 1 && ground.Overlap(t, said) < 1 {
			return false
		}
	}
	overlap := ground.Overlap(terms, said)
	if figures := undated(ground.Quantities(sentence)); len(figures) > 0 {
		return heldShare(figures, ground.Quantities(text)) >= 0.5 && overlap >= toldShare/2
	}
	return overlap >= toldShare
}

// undated leaves out what only says when something was so.
func undated(qs []ground.Quantity) []ground.Quantity {
	return slices.DeleteFunc(qs, func(q ground.Quantity) bool { return q.Unit == "date" || q.Unit == "year" })
}

// addFacts shows the computed facts where the answer quotes the figures of none.
func (w *writer) addFacts(fs []Fact) error {
	var told []ground.Quantity
	for _, f := range fs {
		told = append(told, ground.Quantities(f.Text)...)
	}
	if len(fs) == 0 || heldShare(told, ground.Quantities(w.text.String())) > 0 {
		return nil
	}
	for _, f := range fs {
		t := factSentence(f)
		if t == "" {
			continue
		}
		w.composed++
		if err := w.show(t); err != nil {
			return err
		}
	}
	return nil
}

// tells reports whether the answer so far says all that a sentence says: its terms, at least by share, and its figures.
func (w *writer) tells(sentence string, share float64) bool {
	terms, figures := ground.Terms(reCite.ReplaceAllString(sentence, "")), ground.Quantities(sentence)
	if len(terms) == 0 && len(figures) == 0 {
		return false
	}
	text := reCite.ReplaceAllString(w.text.String(), "")
	if len(terms) > 0 && ground.Overlap(terms, ground.Terms(text)) < share {
		return false
	}
	return heldShare(figures, ground.Quantities(text)) == 1
}

// heldShare returns the share of want that have holds, 1 where nothing is wanted.
func heldShare(want, have []ground.Quantity) float64 {
	if len(want) == 0 {
		return 1
	}
	n := 0
	for _, q := range want {
		for _, h := range have {
			if q.Matches(h) {
				n++
				break
			}
		}
	}
	return float64(n) / float64(len(want))
}
