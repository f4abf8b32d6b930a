package knowledge

import (
	"context"
	"math"
	"regexp"
	"strings"

	"github.com/llmadvise/llmadvise/knowledge/ground"
)

// share returns the share of the asked terms, by weight, that a sentence holds or has the like of.
func (c *composer) share(k candidate) float64 {
	total, got := 0.0, 0.0
	for t, w := range c.weight {
		total += w
		got += w * c.held(t, k)
	}
	if total == 0 {
		return 0
	}
	return got / total
}

// score says how much a sentence answers the question: the asked terms that it or its heading holds, the passage's own
// score, and whether it has what the question asks for (a figure, a duration, a yes or no).
func (c *composer) score(k candidate, about map[string]bool, p Passage, place int) float64 {
	total, got := 0.0, 0.0
	for t, w := range c.weight {
		total += w
		held := c.held(t, k)
		if about[t] {
			held = max(held, headingShare)
		}
		got += w * held
	}
	s := 0.0
	if total > 0 {
		s = 2 * got / total
	}
	s += p.Score
	fit := c.headingFit(p)
	s += 0.4 * fit
	if place == 0 {
		s += 0.25 + 0.3*fit
	}
	if c.answersYesNo(k) {
		s += 0.4
	}
	if reNumeric.MatchString(c.question) {
		s += c.figureBonus(k.text)
	}
	s += 0.7 * ground.NamesHeld(c.names, k.text)
	s += 0.8 * c.figuresHeld(k.text)
	if otherVolume(c.question, k.text) {
		s -= 0.8
	}
	if k.leans {
		s -= 0.3
	}
	return s
}

// sameQuestion is how near, by cosine, a question comes to one that a passage answers, for the passage's "yes" to be its
// answer too; sameTerms is the share of terms that it must have in common with the heading otherwise.
const (
	sameQuestion = 0.75
	sameTerms    = 0.6
)

// answersYesNo reports whether the "yes" or "no" that a sentence begins with answers the question: it was said to the
// question in the heading, and the opposite may be the answer to another one that is about the same.
func (c *composer) answersYesNo(k candidate) bool {
	if !reYesNo.MatchString(k.text) || !rePolar.MatchString(c.question) || reNegated.MatchString(c.question) {
		return false
	}
	heading := ground.Terms(headingOf(c.passages[k.source]))
	return c.cosine[k.source] >= sameQuestion || ground.Overlap(heading, c.asked) >= sameTerms && ground.Overlap(c.asked, heading) >= sameTerms
}

var reNegated = regexp.MustCompile(`(?i)\b(?:\w+n't|not|no|never|without|forbids?|wrong|bad|illegal|prohibit\w*|impossible)\b`)

// opening takes a "yes" or "no" that answers another question off a sentence.
func (c *composer) opening(k candidate, first bool) candidate {
	if first && c.answersYesNo(k) {
		return k
	}
	if m := reYesNoLead.FindString(k.text); m != "" && len(k.text) > len(m) {
		k.text = capitalised(k.text[len(m):])
	}
	return k
}

var reYesNoLead = regexp.MustCompile(`(?i)^(?:yes|no),\s+`)

// held is 1 where a sentence holds an asked term, and less where it only says something like it.
func (c *composer) held(term string, k candidate) float64 {
	if k.terms[term] {
		return 1
	}
	return c.lexicon.like(term, k.terms)
}

// addNear measures how near the question is to what each passage says it is asked and to its heading.
func (c *composer) addNear(ctx context.Context, emb Embedder) {
	c.near, c.cosine = make([]float64, len(c.passages)), make([]float64, len(c.passages))
	if emb == nil || len(c.passages) < 2 {
		return
	}
	follow := c.follow
	if follow == "" {
		follow = c.question
	}
	texts := []string{c.question, follow}
	for _, p := range c.passages {
		texts = append(append(texts, headingOf(p)), p.Asked...)
	}
	v, err := emb.Embed(ctx, texts)
	if err != nil || len(v) != len(texts) {
		return
	}
	at := 2
	for i, p := range c.passages {
		for range 1 + len(p.Asked) {
			c.cosine[i] = max(c.cosine[i], (dot(v[0], v[at])+dot(v[1], v[at]))/2)
			at++
		}
	}
	mean, sd := spread(c.cosine)
	for i := range c.near {
		c.near[i] = (c.cosine[i] - mean) / max(sd, 0.05)
	}
}

// weighNear adds to each sentence how near its passage is: the less, the more of the question's own words the sentence
// that holds most of them has. Where the words are there, they are the better guide.
func (c *composer) weighNear() {
	total, most := 0.0, 0.0
	for _, w := range c.weight {
		total += w
	}
	for _, k := range c.all {
		held := 0.0
		for t, w := range c.weight {
			if k.terms[t] {
				held += w
			}
		}
		most = max(most, held)
	}
	if total == 0 {
		return
	}
	for i := range c.all {
		c.all[i].score += nearShare * (1 - most/total) * c.near[c.all[i].source]
	}
}

// headingFit returns how far the question is what a passage's heading promises: the share of the heading's terms that
// are asked, less for headings of one term.
func (c *composer) headingFit(p Passage) float64 {
	terms := ground.Terms(headingOf(p))
	if len(terms) == 0 {
		return 0
	}
	asked := c.asked
	if fresh := ground.Terms(c.follow); len(fresh) > 0 {
		asked = fresh // the heading that fitted the question before has had its say
	}
	return ground.Overlap(terms, asked) * min(1, float64(len(terms))/2)
}

var reVolume = regexp.MustCompile(`(?i)\b(\d[\d,.]*\s?[km]?)\s+(?:queries|requests)\b`)

// otherVolume reports whether a sentence is about another volume than the one that the question states.
func otherVolume(question, sentence string) bool {
	asked, told := reVolume.FindStringSubmatch(question), reVolume.FindAllStringSubmatch(sentence, -1)
	if asked == nil || len(told) == 0 {
		return false
	}
	for _, m := range told {
		if strings.EqualFold(strings.ReplaceAll(m[1], " ", ""), strings.ReplaceAll(asked[1], " ", "")) {
			return false
		}
	}
	return true
}

// figuresHeld returns the share of the question's own figures that text holds.
func (c *composer) figuresHeld(text string) float64 {
	if len(c.figures) == 0 {
		return 0
	}
	return heldShare(c.figures, ground.Quantities(text))
}

// figureBonus rewards a figure of the kind that is asked for.
func (c *composer) figureBonus(text string) float64 {
	bonus := 0.0
	for _, q := range ground.Quantities(text) {
		b := 0.15
		switch {
		case reMoney.MatchString(c.question) && q.Unit == "$":
			b = 0.35
		case reTime.MatchString(c.question) && (q.Unit == "s" || q.Unit == "mo"):
			b = 0.35
		case q.Unit == "year" || q.Unit == "date":
			b = 0
		}
		bonus = max(bonus, b)
	}
	return bonus
}

// addCosine adds the closeness in meaning of question and sentence, where an embedder is at hand. Its failure costs only
// this refinement.
func (c *composer) addCosine(ctx context.Context, emb Embedder) {
	if emb == nil || len(c.all) == 0 {
		return
	}
	texts := make([]string, 0, len(c.all)+1)
	texts = append(texts, c.question)
	for _, k := range c.all {
		texts = append(texts, k.text)
	}
	vs, err := emb.Embed(ctx, texts)
	if err != nil || len(vs) != len(texts) {
		return
	}
	cos := make([]float64, len(c.all))
	for i := range cos {
		cos[i] = dot(vs[0], vs[i+1])
	}
	mean, sd := spread(cos)
	for i := range c.all {
		c.all[i].score += cosineShare * (cos[i] - mean) / sd
	}
}

// spread returns mean and standard deviation, the latter not below a hundredth.
func spread(xs []float64) (mean, sd float64) {
	for _, x := range xs {
		mean += x / float64(len(xs))
	}
	for _, x := range xs {
		sd += (x - mean) * (x - mean) / float64(len(xs))
	}
	return mean, max(math.Sqrt(sd), 0.01)
}

func dot(a, b []float32) float64 {
	s := 0.0
	for i := range min(len(a), len(b)) {
		s += float64(a[i]) * float64(b[i])
	}
	return s
}
