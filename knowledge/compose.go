package knowledge

import (
	"context"
	"math"
	"regexp"
	"slices"
	"sort"
	"strings"

	"github.com/llmadvise/llmadvise/knowledge/ground"
)

// ComposedLabel says of an answer that no model wrote it. Whoever shows an answer with Composed set shows it too.
const ComposedLabel = "Composed from the knowledge base; no model is running."

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
	asked    map[string]bool
	names    []string          // of models and hardware that the question names
	figures  []ground.Quantity // that it states
	passages []Passage
	weight   map[string]float64 // of each asked term: rare among the passages counts more
	all      []candidate
	used     map[[2]int]bool
	said     []map[string]bool
	home     int // the passage that the first sentence came from; -1 at first
}

const (
	maxComposed  = 4   // sentences of a composed answer
	alreadySaid  = 0.6 // share of a sentence's terms that were said before, from which on it is left out
	worthSaying  = 0.7 // of the best sentence's score that a further one must reach
	cosineShare  = 0.2 // of the score, for each standard deviation that a sentence is closer in meaning than its neighbours
	goingOn      = 0.3 // for staying in the passage that gave the first sentence
	headingShare = 0.8 // weight of a term found in the heading, beside one in the sentence
)

func newComposer(ctx context.Context, question string, ps []Passage, emb Embedder) *composer {
	c := &composer{question: question, asked: ground.Terms(question), names: ground.Names(question), figures: ground.Quantities(question), passages: ps, used: make(map[[2]int]bool), home: -1}
	c.weigh()
	for i, p := range ps {
		c.all = append(c.all, c.candidates(i, p)...)
	}
	c.addCosine(ctx, emb)
	return c
}

// weigh gives each asked term its weight: the fewer passages hold it, the more it tells them apart.
func (c *composer) weigh() {
	c.weight = make(map[string]float64)
	for t := range c.asked {
		n := 0
		for _, p := range c.passages {
			if ground.Terms(passageAbout(p) + " " + p.Text)[t] {
				n++
			}
		}
		if n > 0 {
			c.weight[t] = math.Log(1.5 + float64(len(c.passages))/float64(n))
		}
	}
}

var (
	reLeans   = regexp.MustCompile(`(?i)^(?:(?:you|we|one|they) \w+ (?:it|them|this|these)|it|its|that|this|these|those|they|their|he|she|his|her|there|such|both|so|then|below it|otherwise|that's)\b`)
	reYesNo   = regexp.MustCompile(`(?i)^(?:yes|no)\b`)
	rePolar   = regexp.MustCompile(`(?i)^\s*(?:and |but |so )?(?:can|could|may|must|do|does|did|is|are|should|will|would|has|have)\b`)
	reNumeric = regexp.MustCompile(`(?i)\b(?:how (?:much|many|long|fast|large|big|far|often|high|expensive)|what (?:is|are|was|were|does|do|share|percentage|percent|price|salary|score|number|figure)\b.*\b(?:cost|price|score|rate|percent\w*|share|salary|gap|saving|threshold|figure|number|speed|tokens|error|discount|bill|time)|threshold|price of|cost of|what does .* cost|how .* cost)\b`)
	reTime    = regexp.MustCompile(`(?i)\bhow (?:long|soon|fast|quickly)\b|\bwhen\b|\btime\b|\bweeks?\b|\bdays?\b`)
	reMoney   = regexp.MustCompile(`(?i)\bcosts?\b|\bpric(?:e|es|ey|ing)\b|\bhow much\b|\bbills?\b|\bsalar|\bpay\b|\bexpensive\b|\bcheap|\bspend|\bbudget|\bsav(?:e|ing)`)
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
		if s == "" || strings.HasPrefix(s, "#") || strings.HasSuffix(s, "?") || ordersReader(s) || len(s) > 600 {
			continue
		}
		k := candidate{source: i, place: n, text: s, terms: ground.Terms(s), leans: reLeans.MatchString(s)}
		k.own = c.share(k.terms)
		k.score = c.score(k, about, p, n)
		if row != "" && len(c.names) > 0 {
			k.score += 0.5 * ground.NamesHeld(c.names, row) // the row of the very thing that is asked about
		}
		out = append(out, k)
	}
	return out
}

// share returns the share of the asked terms, by weight, that terms hold.
func (c *composer) share(terms map[string]bool) float64 {
	total, got := 0.0, 0.0
	for t, w := range c.weight {
		total += w
		if terms[t] {
			got += w
		}
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
		switch {
		case k.terms[t]:
			got += w
		case about[t]:
			got += headingShare * w
		}
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
	if rePolar.MatchString(c.question) && reYesNo.MatchString(k.text) {
		s += 0.4
	}
	if reNumeric.MatchString(c.question) {
		s += c.figureBonus(k.text)
	}
	s += 0.7 * ground.NamesHeld(c.names, k.text)
	s += 0.2 * c.figuresHeld(k.text)
	if otherVolume(c.question, k.text) {
		s -= 0.8
	}
	if k.leans {
		s -= 0.3
	}
	return s
}

// headingFit returns how far the question is what a passage's heading promises: the share of the heading's terms that
// are asked, less for headings of one term.
func (c *composer) headingFit(p Passage) float64 {
	terms := ground.Terms(headingOf(p))
	if len(terms) == 0 {
		return 0
	}
	return ground.Overlap(terms, c.asked) * min(1, float64(len(terms))/2)
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
		if c.used[[2]int{k.source, k.place}] || k.score < floor || len(k.terms) < 2 || c.told(k.terms) {
			continue
		}
		if k.leans && !c.used[[2]int{k.source, k.place - 1}] {
			continue
		}
		if k.source == c.home {
			k.score += goingOn
		}
		if !found || k.score > best.score {
			best, found = k, true
		}
	}
	return best, found
}

func (c *composer) told(terms map[string]bool) bool {
	for _, s := range c.said {
		if ground.Overlap(terms, s) >= alreadySaid {
			return true
		}
	}
	return false
}

func (c *composer) take(k candidate) {
	c.used[[2]int{k.source, k.place}] = true
	c.said = append(c.said, k.terms)
}

// sayAlready marks what was said by other means, so that it is not said again.
func (c *composer) sayAlready(text string) { c.said = append(c.said, ground.Terms(text)) }

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
			if held(k) && !k.leans && !c.used[[2]int{k.source, k.place}] && !c.told(k.terms) && (!found || k.score > best.score) {
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
		if k.source != c.home && k.own < 0.5*first.own {
			continue // its heading or passage fits, the sentence itself says something else
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
