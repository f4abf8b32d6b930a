package knowledge

import (
	"context"
	"maps"
	"math"
	"regexp"
	"slices"
	"sort"
	"strings"

	"github.com/llmadvise/llmadvise/knowledge/ground"
)

// ComposedLabel says of an answer that no model wrote a sentence of it. Whoever shows an answer with Composed set shows it too.
const ComposedLabel = "Composed from the knowledge base, without a language model."

// LookedUpLabel says so of an answer that quotes no document, only facts that were given.
const LookedUpLabel = "Looked up in the catalog of prices and hardware, without a language model."

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

// copy is a composer of the same sentences whose picks are its own: reading the passages again would embed all their words again.
func (c *composer) copy() *composer {
	d := *c
	d.used, d.said = maps.Clone(c.used), slices.Clone(c.said)
	return &d
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
