package ground

import (
	"fmt"
	"regexp"
	"sort"
	"strconv"
	"strings"
)

// Source is one numbered source that a reply may cite.
type Source struct {
	N       int // as cited: [N]
	Title   string
	Heading string
	Date    string // "2025-11"; "" unknown
	URL     string // "" where there is none
	Text    string
}

// Reason says why a sentence was withheld.
type Reason string

// Reasons a sentence is withheld for.
const (
	Supported   Reason = ""            // it was not
	NoSupport   Reason = "no source"   // no source shares enough of its words
	BadNumber   Reason = "number"      // a number that neither its sources nor the facts hold
	BadName     Reason = "name"        // a model or hardware name that its sources do not hold
	Contradicts Reason = "contradicts" // it denies what the source says, or the other way round
	SaysNothing Reason = "empty"       // nothing is left of it once what may not be shown is gone
)

// Verdict is what became of one sentence.
type Verdict struct {
	Text   string // as it may be shown, citations corrected; "" when withheld
	Cites  []int  // the sources that support it, as written in Text
	Why    Reason
	Detail string // the number or name at fault
}

// OK reports whether the sentence may be shown.
func (v Verdict) OK() bool { return v.Why == Supported && v.Text != "" }

// Thresholds of the support test, as shares of a sentence's terms. Chosen on the built-in evaluation set: paraphrases of
// a source sentence share six terms in ten and more, sentences about something else in the same field three.
const (
	minSupport = 0.5  // of the terms must stand in the passage, its heading or title
	minWithin  = 0.55 // of the terms must stand in two neighbouring sentences of it, its heading counted; of few terms more
	minMeant   = 0.65 // likeness in meaning, of a paraphrase and a sentence of the source
	minFact    = 0.5  // the same for a computed fact
	minContext = 0.25 // of the terms must stand in the very sentence that a number is taken from
	minDenial  = 0.6  // from here on a difference in negation counts as a contradiction
)

// Checker holds sentences against sources and facts. It is read-only once made and safe for concurrent use.
type Checker struct {
	sources []checked
	facts   []line
	links   map[string]bool
	similar func(a, b string) float64
}

type checked struct {
	Source
	terms map[string]bool
	lines []line
	names []string
}

type line struct {
	text       string
	terms      map[string]bool // with those of what it stands under
	own        map[string]bool // without them
	context    map[string]bool // own, without the words of its figures and their units
	quantities []Quantity
	negated    bool
	names      []string
	meta       bool // the source's date, not a sentence of it
}

// New returns a Checker. facts are sentences that were computed for this reply and need no citation.
func New(sources []Source, facts []string) *Checker {
	c := &Checker{links: make(map[string]bool)}
	for _, s := range sources {
		c.sources = append(c.sources, read(s))
		c.links[s.URL] = s.URL != ""
		for _, u := range reURL.FindAllString(s.Text, -1) {
			c.links[strings.TrimRight(u, ".,;:!?")] = true
		}
	}
	for _, f := range facts {
		for _, s := range Sentences(f) {
			c.facts = append(c.facts, readLine(s, ""))
		}
	}
	return c
}

// WithSimilarity returns a Checker that also accepts a paraphrase: a sentence that shares at least half of the terms
// asked for, and whose similarity to a sentence of the source is 0.65 or more. similar returns a cosine.
func (c *Checker) WithSimilarity(similar func(a, b string) float64) *Checker {
	d := *c
	d.similar = similar
	return &d
}

func read(s Source) checked {
	about := s.Title + ". " + s.Heading
	c := checked{Source: s, terms: Terms(about + " " + s.Text), names: nameTokens(about + " " + s.Text + " " + s.Date)}
	header := ""
	for _, t := range Sentences(s.Text) {
		if TableRow(t) {
			if header == "" {
				header = t
			}
			c.lines = append(c.lines, readLine(t, header+" "+s.Heading))
			continue
		}
		header = ""
		c.lines = append(c.lines, readLine(t, s.Heading))
	}
	if s.Date != "" {
		l := readLine(s.Date, about+" "+s.Text)
		l.meta = true
		c.lines = append(c.lines, l)
	}
	return c
}

func readLine(text, about string) line {
	qs := Quantities(text)
	l := line{text: text, own: Terms(text), quantities: qs, negated: Negated(text), names: nameTokens(text)}
	l.terms, l.context = l.own, l.own
	if about != "" {
		l.terms = Terms(text + " " + about)
	}
	if len(qs) > 0 {
		l.context = Terms(withoutSpans(text, qs))
	}
	return l
}

var reClause = regexp.MustCompile(`(?i)[,;:]\s+|\s+(?:and|but|or|while|whereas|although|because|since)\s+`)

// denies reports whether l denies what terms are about: it does so in the clause that holds most of them, and what it says
// beside ("is no longer PHI and needs no BAA") does not count. Where no clause holds them, the whole line does.
func (l line) denies(terms map[string]bool) bool {
	best, denied := 0.0, l.negated
	for _, c := range reClause.Split(l.text, -1) {
		if o := Overlap(terms, Terms(c)); o > best && o >= 0.8*Overlap(terms, l.own) {
			best, denied = o, Negated(c)
		}
	}
	return denied
}

// withoutSpans blanks the figures of text.
func withoutSpans(text string, qs []Quantity) string {
	b := []byte(text)
	for _, q := range qs {
		for i := q.start; i < min(q.end, len(b)); i++ {
			b[i] = ' '
		}
	}
	return string(b)
}

// Check returns what may be shown of sentence.
func (c *Checker) Check(sentence string) Verdict {
	lead, body, tail := frame(sentence)
	clean, _ := Clean(body, func(u string) bool { return c.links[u] })
	cited := markers(clean)
	clean = strings.TrimSpace(reMarker.ReplaceAllString(clean, ""))
	clean = tidy(clean)
	claim := readLine(clean, "")
	if len(claim.terms) == 0 && len(claim.quantities) == 0 {
		return Verdict{Why: SaysNothing}
	}
	support := c.supporters(claim, cited)
	fact := c.bestFact(claim)
	if len(support) == 0 && fact < 0 {
		return Verdict{Why: NoSupport}
	}
	if v := c.denied(claim, support); v.Why != Supported {
		return v
	}
	use, v := c.numbers(claim, support, fact >= 0)
	if v.Why != Supported {
		return v
	}
	if use, v = c.namesIn(claim, clean, use, support, fact >= 0); v.Why != Supported {
		return v
	}
	return Verdict{Text: lead + mark(clean, use) + tail, Cites: use}
}

// supporters returns the indices of the sources that bear claim, best first; those it cites come before the others.
func (c *Checker) supporters(claim line, cited map[int]bool) []int {
	type scored struct {
		i     int
		score float64
	}
	var found []scored
	for i, s := range c.sources {
		score := Overlap(claim.terms, s.terms)
		near := within(claim, s)
		if (score < minSupport || near < needed(len(claim.terms))) && (score < minSupport/2 || near < minWithin/2 || !c.paraphrases(claim, s)) {
			continue
		}
		if cited[s.N] {
			score++
		}
		found = append(found, scored{i, score + c.closest(claim, s)})
	}
	sort.SliceStable(found, func(a, b int) bool { return found[a].score > found[b].score })
	out := make([]int, len(found))
	for i, f := range found {
		out[i] = f.i
	}
	return out
}

func (c *Checker) paraphrases(claim line, s checked) bool {
	if c.similar == nil {
		return false
	}
	for _, l := range s.lines {
		if c.similar(claim.text, l.text) >= minMeant {
			return true
		}
	}
	return false
}

// needed is the share of a claim's n terms that neighbouring sentences must hold. Of a short claim nearly all: one word of
// "the API is cheaper because it is flexible" may be all that is wrong with it.
func needed(n int) float64 {
	switch {
	case n <= 3:
		return 1
	case n <= 6:
		return 0.65
	}
	return minWithin
}

// within returns the largest share of claim's terms that two neighbouring sentences of s hold: words that lie scattered over
// a passage say nothing together.
func within(claim line, s checked) float64 {
	best := 0.0
	for i, l := range s.lines {
		if l.meta {
			continue
		}
		n := 0
		for t := range claim.terms {
			if l.terms[t] || i > 0 && s.lines[i-1].terms[t] {
				n++
			}
		}
		best = max(best, float64(n)/float64(max(len(claim.terms), 1)))
	}
	return best
}

func (c *Checker) closest(claim line, s checked) float64 {
	best := 0.0
	for _, l := range s.lines {
		if l.meta {
			continue
		}
		best = max(best, Overlap(claim.terms, l.terms))
	}
	return best
}

func (c *Checker) bestFact(claim line) int {
	best, at := minFact, -1
	for i, f := range c.facts {
		if o := Overlap(claim.terms, f.terms); o >= best {
			best, at = o, i
		}
	}
	return at
}

// denied reports a claim whose closest sentence says the opposite: the same words, one of the two negated.
func (c *Checker) denied(claim line, support []int) Verdict {
	if len(support) == 0 {
		return Verdict{}
	}
	same, opposite := 0.0, 0.0
	var text string
	for _, i := range support {
		for _, l := range c.sources[i].lines {
			o := Overlap(claim.terms, l.own) // a heading denies nothing
			if l.meta {
				continue
			}
			if l.denies(claim.terms) == claim.negated {
				same = max(same, o)
			} else if o > opposite {
				opposite, text = o, l.text
			}
		}
	}
	if opposite >= minDenial && opposite > same+0.1 {
		return Verdict{Why: Contradicts, Detail: text}
	}
	return Verdict{}
}

// numbers finds a source or fact for each quantity of claim and returns the sources to cite.
func (c *Checker) numbers(claim line, support []int, byFact bool) ([]int, Verdict) {
	var use []int
	for _, q := range claim.quantities {
		if c.inFacts(q, claim) {
			continue
		}
		at := -1
		for _, i := range support {
			if holds(c.sources[i].lines, q, claim) {
				at = i
				break
			}
		}
		if at < 0 {
			return nil, Verdict{Why: BadNumber, Detail: strings.TrimSpace(q.Raw)}
		}
		use = add(use, c.sources[at].N)
	}
	if len(use) == 0 && len(support) > 0 && !(byFact && len(claim.quantities) > 0) {
		use = add(use, c.sources[support[0]].N)
	}
	return use, Verdict{}
}

func (c *Checker) inFacts(q Quantity, claim line) bool { return holds(c.facts, q, claim) }

// holds reports whether a line about the same thing as claim has q.
func holds(lines []line, q Quantity, claim line) bool {
	for _, l := range lines {
		if len(claim.context) > 0 && Overlap(claim.context, l.terms) < minContext {
			continue
		}
		if found(l.quantities, q) {
			return true
		}
	}
	return false
}

// found reports whether one of have is q, or whether both ends of the range q stand there on their own.
func found(have []Quantity, q Quantity) bool {
	lo, hi := false, false
	a, b := q, q
	a.Hi, b.Lo = q.Lo, q.Hi
	for _, h := range have {
		if q.Matches(h) {
			return true
		}
		lo = lo || a.Matches(h)
		hi = hi || b.Matches(h)
	}
	return lo && hi
}

// namesIn checks that each model name of claim stands in a source it cites, adding a citation where only another
// supporter has it.
func (c *Checker) namesIn(claim line, text string, use, support []int, byFact bool) ([]int, Verdict) {
	for _, name := range Names(text) {
		tokens := nameTokens(name)
		ok := byFact && c.factHoldsName(tokens)
		for _, s := range c.sources {
			ok = ok || contains(use, s.N) && holdsName(s.names, tokens)
		}
		for _, i := range support {
			if !ok && holdsName(c.sources[i].names, tokens) {
				use, ok = add(use, c.sources[i].N), true
			}
		}
		if !ok {
			return nil, Verdict{Why: BadName, Detail: name}
		}
	}
	return use, Verdict{}
}

func (c *Checker) factHoldsName(tokens []string) bool {
	for _, f := range c.facts {
		if holdsName(f.names, tokens) {
			return true
		}
	}
	return false
}

func add(ns []int, n int) []int {
	if contains(ns, n) {
		return ns
	}
	ns = append(ns, n)
	sort.Ints(ns)
	return ns
}

func contains(ns []int, n int) bool {
	for _, m := range ns {
		if m == n {
			return true
		}
	}
	return false
}

// frame cuts the white space and the list or heading mark off a sentence.
func frame(s string) (lead, body, tail string) {
	body = strings.TrimLeft(s, " \t\r\n")
	for _, p := range []string{"- ", "* ", "• "} {
		if strings.HasPrefix(body, p) {
			body = body[len(p):]
			lead = "- "
		}
	}
	if m := reItem.FindString(body); m != "" && strings.HasPrefix(body, m) {
		lead, body = m, body[len(m):]
	}
	body = strings.TrimLeft(body, "#> ")
	trimmed := strings.TrimRight(body, " \t\r\n")
	tail = body[len(trimmed):]
	return lead, trimmed, tail
}

// markers returns the numbers of the citation markers in s.
func markers(s string) map[int]bool {
	out := make(map[int]bool)
	for _, m := range reMarker.FindAllString(s, -1) {
		for _, part := range strings.Split(strings.Trim(m, "[]"), ",") {
			if n, err := strconv.Atoi(strings.TrimSpace(part)); err == nil {
				out[n] = true
			}
		}
	}
	return out
}

// tidy closes the gaps that removed markers leave.
func tidy(s string) string {
	s = reSpaces.ReplaceAllString(s, " ")
	s = strings.NewReplacer(" .", ".", " ,", ",", " ;", ";", "()", "", "..", ".").Replace(s)
	return strings.TrimSpace(s)
}

// mark puts the markers before the sentence's last full stop.
func mark(s string, ns []int) string {
	if len(ns) == 0 {
		return s
	}
	var b strings.Builder
	for _, n := range ns {
		fmt.Fprintf(&b, "[%d]", n)
	}
	body := strings.TrimRight(s, ".!?:")
	return body + " " + b.String() + s[len(body):]
}

var denials = set("not no never none neither nor cannot without hardly dont doesnt didnt isnt arent wasnt wont cant shouldnt neednt mustnt")

// Negated reports whether text denies: an odd number of words that deny, a leading yes or no aside.
func Negated(text string) bool {
	low := strings.ToLower(strings.TrimSpace(text))
	low = strings.TrimPrefix(strings.TrimPrefix(low, "no, "), "yes, ")
	n := 0
	for _, w := range Words(low) {
		w = strings.NewReplacer("'", "", "’", "").Replace(strings.Trim(w, ".-$%_"))
		if denials[w] {
			n++
		}
	}
	return n%2 == 1
}
