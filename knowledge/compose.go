package knowledge

import (
	"context"
	"math"
	"regexp"
	"slices"
	"sort"
	"strings"
	"unicode"

	"github.com/llmadvise/llmadvise/knowledge/ground"
)

// ComposedLabel says of an answer that no model wrote a sentence of it. Whoever shows an answer with Composed set shows it too.
const ComposedLabel = "Composed from the knowledge base, without a language model."

// candidate is one sentence that an answer may be made of.
type candidate struct {
	source int // index into the passages
	place  int // of the sentence in its passage
	text   string
	terms  map[string]bool
	score  float64
	own    float64 // share of the asked terms, by weight, that the sentence itself holds
	leans  bool    // begins with a word that points back: may only follow its predecessor
}

// composer picks sentences out of passages. It is made for one question.
type composer struct {
	question string
	follow   string // what a follow-up itself says: it is what is asked now
	asked    map[string]bool
	names    []string          // of models and hardware that the question names
	figures  []ground.Quantity // that it states
	passages []Passage
	weight   map[string]float64 // of each asked term: rare among the passages counts more
	cosine   []float64          // of each passage's heading, or of what it says it is asked, to the question
	near     []float64          // how far each passage is nearer than the others to the question, by what it says it is asked
	lexicon  *lexicon           // likeness of words; nil without an embedder
	all      []candidate
	used     map[[2]int]bool
	said     []statement
	home     int // the passage that the first sentence came from; -1 at first
}

const (
	maxComposed  = 4   // sentences of a composed answer
	alreadySaid  = 0.6 // share of a sentence's terms that were said before, from which on it is left out
	sameFigure   = 0.3 // the same, for a sentence that repeats a figure
	worthSaying  = 0.8 // of the best sentence's score that a further one must reach
	cosineShare  = 0.2 // of the score, for each standard deviation that a sentence is closer in meaning than its neighbours
	goingOn      = 0.9 // for staying in the passage that gave the first sentence
	nearShare    = 1.6 // of the score, for each standard deviation that a passage is nearer by what it is asked
	likeWeight   = 0.5 // of an asked term that no passage holds, though one holds its like
	freshWeight  = 2.5 // of what a follow-up itself says, beside what it takes over from the thread
	headingShare = 0.8 // weight of a term found in the heading, beside one in the sentence
)

func newComposer(ctx context.Context, question string, ps []Passage, emb Embedder) *composer {
	return newFollowUp(ctx, question, "", ps, emb)
}

// newFollowUp makes a composer for a question that took over words from its thread; follow is what the user wrote.
func newFollowUp(ctx context.Context, question, follow string, ps []Passage, emb Embedder) *composer {
	c := &composer{question: question, follow: follow, asked: ground.Terms(question), names: ground.Names(question), figures: ground.Quantities(question), passages: ps, used: make(map[[2]int]bool), home: -1}
	c.lexicon = newLexicon(ctx, emb, question, ps)
	c.weigh()
	c.addNear(ctx, emb)
	for i, p := range ps {
		c.all = append(c.all, c.candidates(i, p)...)
	}
	c.weighNear()
	c.addCosine(ctx, emb)
	return c
}

// weigh gives each asked term its weight: the fewer passages hold it, the more it tells them apart.
func (c *composer) weigh() {
	c.weight = make(map[string]float64)
	fresh := ground.Terms(c.follow)
	for t := range c.asked {
		n := 0
		for _, p := range c.passages {
			if ground.Terms(passageAbout(p) + " " + p.Text)[t] {
				n++
			}
		}
		switch {
		case n > 0:
			c.weight[t] = math.Log(1.5 + float64(len(c.passages))/float64(n))
		case c.lexicon.knows(t):
			c.weight[t] = likeWeight * math.Log(1.5+float64(len(c.passages)))
		}
		if fresh[t] {
			c.weight[t] *= freshWeight
		}
	}
}

var (
	reLeans = regexp.MustCompile(`(?i)^(?:(?:you|we|one|they) \w+ (?:it|them|this|these)|it|its|that|this|these|those|they|their|he|she|his|her|there|such|both|so|then|below it|otherwise|that's)\b`)
	// reIntroduces is a sentence that is nothing without what follows it.
	reIntroduces = regexp.MustCompile(`(?i)\b(?:these|following|as follows|below)\b.*:$`)
	reYesNo      = regexp.MustCompile(`(?i)^(?:yes|no)\b`)
	rePolar      = regexp.MustCompile(`(?i)^\s*(?:and |but |so )?(?:can|could|may|must|do|does|did|is|are|should|will|would|has|have)\b`)
	reNumeric    = regexp.MustCompile(`(?i)\b(?:how (?:much|many|long|fast|large|big|far|often|high|expensive)|what (?:is|are|was|were|does|do|share|percentage|percent|price|salary|score|number|figure)\b.*\b(?:cost|price|score|rate|percent\w*|share|salary|gap|saving|threshold|figure|number|speed|tokens|error|discount|bill|time)|threshold|price of|cost of|what does .* cost|how .* cost)\b`)
	reTime       = regexp.MustCompile(`(?i)\bhow (?:long|soon|fast|quickly)\b|\bwhen\b|\btime\b|\bweeks?\b|\bdays?\b`)
	reMoney      = regexp.MustCompile(`(?i)\bcosts?\b|\bpric(?:e|es|ey|ing)\b|\bhow much\b|\bbills?\b|\bsalar|\bpay\b|\bexpensive\b|\bcheap|\bspend|\bbudget|\bsav(?:e|ing)`)
)

// candidates reads the sentences of one passage. Sentences that give orders, headings and table rules are not among
// them; a table row becomes a sentence with the names of its columns.
func (c *composer) candidates(i int, p Passage) []candidate {
	about := ground.Terms(passageAbout(p))
	var header []string
	var out []candidate
	for n, s := range ground.Sentences(p.Text) {
		row := ""
		if ground.TableRow(s) {
			cells := tableCells(s)
			if header == nil {
				header = cells
				continue
			}
			s, row = rowSentence(header, cells), cells[0]
		} else {
			header = nil
		}
		s = plain(s)
		if s == "" || strings.HasPrefix(s, "#") || strings.HasSuffix(s, "?") || reIntroduces.MatchString(s) || ordersReader(s) || len(s) > 600 {
			continue
		}
		k := candidate{source: i, place: n, text: s, terms: ground.Terms(s), leans: reLeans.MatchString(s)}
		k.own = c.share(k)
		k.score = c.score(k, about, p, n)
		if row != "" && len(c.names) > 0 {
			k.score += 0.5 * ground.NamesHeld(c.names, row) // the row of the very thing that is asked about
		}
		if row != "" {
			k.text = labelled(k.text, headingOf(p))
		}
		out = append(out, k)
	}
	return out
}

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
		k.text = strings.ToUpper(k.text[len(m):len(m)+1]) + k.text[len(m)+1:]
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
	have, n := ground.Quantities(text), 0
	for _, f := range c.figures {
		for _, h := range have {
			if f.Matches(h) {
				n++
				break
			}
		}
	}
	return float64(n) / float64(len(c.figures))
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

// next returns the best sentence that was not used and says something new, or false.
func (c *composer) next(floor float64) (candidate, bool) {
	best, found := candidate{}, false
	for _, k := range c.all {
		if k.source == c.home {
			k.score += goingOn
		}
		if c.used[[2]int{k.source, k.place}] || k.score < floor || len(k.terms) < 2 || c.told(k) {
			continue
		}
		if k.leans && !c.used[[2]int{k.source, k.place - 1}] {
			continue
		}
		if !found || k.score > best.score {
			best, found = k, true
		}
	}
	return best, found
}

// told reports whether a sentence was said in other words: most of its terms, or some of them with the same figure.
func (c *composer) told(k candidate) bool {
	for _, s := range c.said {
		switch o := ground.Overlap(k.terms, s.terms); {
		case o >= alreadySaid, o >= sameFigure && sharesFigure(s.figures, k.text):
			return true
		}
	}
	return false
}

// statement is a sentence that was said.
type statement struct {
	terms   map[string]bool
	figures []ground.Quantity
}

// sharesFigure reports whether text holds one of the figures, of those that have a unit.
func sharesFigure(figures []ground.Quantity, text string) bool {
	for _, h := range ground.Quantities(text) {
		if h.Unit != "" && h.Unit != "year" && h.Unit != "date" && slices.ContainsFunc(figures, h.Matches) {
			return true
		}
	}
	return false
}

func (c *composer) take(k candidate) {
	c.used[[2]int{k.source, k.place}] = true
	c.sayAlready(k.text)
}

// sayAlready marks what was said by other means, so that it is not said again.
func (c *composer) sayAlready(text string) {
	c.said = append(c.said, statement{ground.Terms(text), ground.Quantities(text)})
}

// missingNames returns the best sentence for each name or acronym of the question that the picked ones leave out:
// asked to compare two things, an answer speaks of both.
func (c *composer) missingNames(picked []candidate) []candidate {
	var out []candidate
	for _, name := range questionNames(c.question) {
		terms := ground.Terms(name)
		held := func(k candidate) bool { return len(terms) > 0 && ground.Overlap(terms, k.terms) == 1 }
		if slices.ContainsFunc(append(picked, out...), held) {
			continue
		}
		best, found := candidate{}, false
		for _, k := range c.all {
			if held(k) && !k.leans && !c.used[[2]int{k.source, k.place}] && !c.told(k) && (!found || k.score > best.score) {
				best, found = k, true
			}
		}
		if found && len(out) < 2 && best.score >= 1 {
			c.take(best)
			out = append(out, best)
		}
	}
	return out
}

// compose returns the sentences of an answer in reading order: the one that answers first, then those that follow,
// grouped by passage.
func (c *composer) compose(limit int) []candidate {
	first, ok := c.next(0)
	if !ok {
		return nil
	}
	c.take(first)
	c.home = first.source
	rest := []candidate{}
	for len(rest) < limit-1 {
		k, ok := c.next(worthSaying * first.score)
		if !ok {
			break
		}
		c.take(k)
		if k.source != c.home && (k.own < 0.5*first.own || c.near[k.source] < 0) {
			continue // its heading or passage fits, the sentence itself says something else; or the other way round
		}
		rest = append(rest, k)
	}
	order := map[int]int{first.source: 0}
	for _, k := range rest {
		if _, ok := order[k.source]; !ok {
			order[k.source] = len(order)
		}
	}
	sort.SliceStable(rest, func(i, j int) bool {
		if order[rest[i].source] != order[rest[j].source] {
			return order[rest[i].source] < order[rest[j].source]
		}
		return rest[i].place < rest[j].place
	})
	return append([]candidate{first}, rest...)
}

var (
	reCite     = regexp.MustCompile(`\s*\[\d+(?:\s*,\s*\d+)*\]`)
	reEmphasis = regexp.MustCompile("[*`]{1,3}|__")
)

// plain returns a source's sentence as plain text on one line: no markup, links, mentions or markers of its own.
func plain(s string) string {
	s, _ = ground.Clean(s, nil)
	s = reCite.ReplaceAllString(s, "")
	s = reEmphasis.ReplaceAllString(s, "")
	s = strings.Join(strings.Fields(s), " ")
	s = strings.TrimPrefix(strings.TrimPrefix(s, "- "), "> ")
	return strings.TrimSpace(s)
}

func tableCells(row string) []string {
	cells := strings.Split(strings.Trim(strings.TrimSpace(row), "|"), "|")
	for i := range cells {
		cells[i] = strings.TrimSpace(cells[i])
	}
	return cells
}

// labelled says what the figures of a table's row are: those of the section that it stands in.
func labelled(row, heading string) string {
	first, _, _ := strings.Cut(row, " ")
	if strings.IndexFunc(first, func(r rune) bool { return !unicode.IsLower(r) }) < 0 && first != "" { // no name
		row = strings.ToUpper(first[:1]) + row[1:]
	}
	if heading == "" {
		return row
	}
	return strings.TrimSuffix(row, ".") + " (" + plain(heading) + ")."
}

// rowSentence turns a table row into a sentence: "GPT-4.1: price per query $0.0048, a month $1,200." The rule under a
// table's head gives "".
func rowSentence(header, cells []string) string {
	if strings.Trim(strings.Join(cells, ""), "-: ") == "" || len(cells) < 2 {
		return ""
	}
	var b strings.Builder
	b.WriteString(cells[0] + ": ")
	for i := 1; i < len(cells); i++ {
		if i > 1 {
			b.WriteString("; ")
		}
		if i < len(header) && header[i] != "" {
			b.WriteString(header[i] + " ")
		}
		b.WriteString(cells[i])
	}
	return b.String() + "."
}
