package intake

import (
	"slices"
	"strings"

	"github.com/llmadvise/llmadvise/advisor"
	"github.com/llmadvise/llmadvise/advisor/catalog"
)

// parser holds one request while it is read.
type parser struct {
	text     string
	toks     []token
	names    *nameIndex
	entities []*entity

	w      advisor.Workload
	spans  map[advisor.Field][]span
	doubts []string

	// Readings that only make sense together; settle.go decides.
	volumes      []reading
	rates        []reading // per person
	people       []reading
	perQuery     []reading    // how many of a noun each query has, as in "3 sessions x 4 messages"
	tokens       []dirReading // tokens in all, per month
	tokensOf     []dirReading
	relatives    []relative
	parts        []part
	cachedOf     []reading       // tokens of the prompt that are cached
	made         map[string]bool // what the model is to write, by stem
	madeFor      []string        // stems of what it is written for
	drafted      bool            // a draft is asked for
	adjectives   []adjective
	latencies    []reading
	budgets      []reading
	firsts       []reading // times to the first token, seconds
	streams      []reading // tokens a second that one reader gets
	atOnce       []reading // requests in flight
	spends       []reading // what is paid today, a month
	bills        []span    // the same, also where it is not in dollars a month
	horizons     []reading
	growths      []reading
	target       *reading // "to 1M in 12 months"
	peaks        []reading
	peakTimes    *reading // "the peak is five times that"
	meanPart     *reading // "the mean is a quarter of the peak"
	bare         []reading
	tasks        []taskVote
	ends         *reading
	named        []span                 // countries that were named without a word of where the data is
	stays        []span                 // "the data stays there"
	regions      []reading              // of vendors, by their place
	denied       []catalog.Regime       // by name
	applies      map[catalog.Regime]int // by name, with the token where it was said last
	activeDaily  bool                   // so many are active each day
	egressSaid   bool                   // whether data may leave was read from a whole sentence
	experts      float64                // people counted who know how to serve models
	servers      bool                   // they are not all data scientists
	inverse      map[advisor.Field]bool // shares that are said by the rest
	open         float64                // hours a day that it is open
	trafficNamed bool                   // "traffic round the clock"
	excluded     bool                   // "not HIPAA"
	relaxed      bool                   // "latency doesn't matter"
	lawDoubted   bool                   // which law holds for health data was asked
}

// span is a stretch of tokens, both ends included.
type span struct{ from, to int }

// reading is one value found in the request.
type reading struct {
	val, lo, hi float64
	unit        string // window or measure it was said in
	window      string // of people: how often so many come
	note        string // a doubt that holds if this reading is used
	mean        bool   // said to be the mean of a rate
	total       bool   // said to be all there is
	result      bool   // said to follow from other numbers
	today       bool   // how it is now rather than how it is to be
	product     bool   // multiplied out
	until       int    // the last token of all that it was reckoned from, 0 its own
	span
}

type dirReading struct {
	reading
	dir   string // input, output, reasoning, total
	weak  bool   // only a document that was said beside it makes it input
	guess bool   // only its place makes it output
}

type taskVote struct {
	task     advisor.Task
	strength int
	note     string
	span
}

func (p *parser) raw(i int) string {
	if i < 0 || i >= len(p.toks) {
		return ""
	}
	return p.toks[i].raw
}

func (p *parser) isSign(i int, s string) bool {
	return i >= 0 && i < len(p.toks) && p.toks[i].kind == sign && p.toks[i].raw == s
}

func (p *parser) isNum(i int) bool { return i >= 0 && i < len(p.toks) && p.toks[i].kind == num }

func (p *parser) isWord(i int) bool { return i >= 0 && i < len(p.toks) && p.toks[i].kind == word }

// ends reports whether a clause ends at token i.
func (p *parser) clauseEnd(i int) bool {
	return i < 0 || i >= len(p.toks) || p.toks[i].kind == stop || p.toks[i].kind == comma
}

func (p *parser) strongEnd(i int) bool {
	return i < 0 || i >= len(p.toks) || p.toks[i].kind == stop
}

// around is what stands around s up to the nearest ends: its clause by clauseEnd, its sentence by strongEnd.
func around(s span, end func(int) bool) span {
	for !end(s.from - 1) {
		s.from--
	}
	for !end(s.to + 1) {
		s.to++
	}
	return s
}

// has reports whether token i means any of the concepts.
func (p *parser) has(i int, concepts ...string) bool {
	if i < 0 || i >= len(p.toks) || p.toks[i].concepts == nil {
		return false
	}
	for _, c := range concepts {
		if p.toks[i].concepts[c] {
			return true
		}
	}
	return false
}

func (p *parser) conceptAt(i int, w string) bool { return p.raw(i) == w }

// skippable reports whether token i may stand between the words of a phrase.
func (p *parser) skippable(i int) bool {
	if p.clauseEnd(i) || p.toks[i].entity != nil {
		return false
	}
	return p.toks[i].glue && !p.has(i, "no") && p.toks[i].kind != num && !turns[p.raw(i)]
}

// turns are words that start a thought of its own: no phrase reaches across them.
var turns = set("but so because while whereas though although however instead")

func (p *parser) claim(from, to int) {
	for i := from; i <= to && i < len(p.toks); i++ {
		p.toks[i].claimed = true
	}
}

func (p *parser) isClaimed(i int) bool { return i < 0 || i >= len(p.toks) || p.toks[i].claimed }

// quote returns the words of a span as typed.
func (p *parser) quote(s span) string {
	if s.from < 0 || s.to >= len(p.toks) || s.from > s.to {
		return ""
	}
	return strings.Join(strings.Fields(p.text[p.toks[s.from].start:p.toks[s.to].end]), " ")
}

func (p *parser) say(f advisor.Field, s span) {
	if !slices.Contains(p.spans[f], s) {
		p.spans[f] = append(p.spans[f], s)
	}
}

func (p *parser) doubt(s string) {
	if s != "" && !slices.Contains(p.doubts, s) {
		p.doubts = append(p.doubts, s)
	}
}

// said joins the spans of each field, in the order of the text.
func (p *parser) said() map[advisor.Field]string {
	out := make(map[advisor.Field]string, len(p.spans))
	for f, spans := range p.spans {
		slices.SortFunc(spans, func(a, b span) int { return a.from - b.from })
		var parts []string
		last := -1
		for _, s := range spans {
			if s.from <= last {
				continue // inside the one before
			}
			parts, last = append(parts, p.quote(s)), s.to
		}
		out[f] = strings.Join(parts, ", ")
	}
	return out
}

// leftover lists the content words that nothing claimed, whole words only, in order.
func (p *parser) leftover() []string {
	var out []string
	for i := 0; i < len(p.toks); {
		j := i + 1
		for j < len(p.toks) && p.toks[j].glued && p.inWord(j) {
			j++
		}
		if w := p.unclaimed(i, j); w != "" {
			out = append(out, w)
		}
		i = j
	}
	return out
}

// labels reports whether the word at k only names what is said behind it, as in "task: chat".
func (p *parser) labels(k int) bool {
	if p.has(k, "p95") && p.w.LatencyP95 > 0 {
		return true
	}
	if p.has(k, "query", "doc", "chats") && p.assigned(k) {
		return true
	}
	if !p.has(k, "key", "volume", "latency", "horizon", "budget", "quality", "comply", "data") {
		return false
	}
	j := k + 1
	for !p.clauseEnd(j) && !p.toks[j].claimed && p.toks[j].glue && j < k+4 {
		j++
	}
	return !p.clauseEnd(j) && p.toks[j].claimed
}

// inWord reports whether token j continues the word before it: a letter after a digit, or a hyphen, slash or dot inside.
func (p *parser) inWord(j int) bool {
	switch p.toks[j].kind {
	case word, num:
		return p.toks[j-1].kind != comma && p.toks[j-1].kind != stop
	case sign:
		return p.toks[j].raw == "-" && j+1 < len(p.toks) && p.toks[j+1].glued && p.isWord(j+1)
	}
	return false
}

// unclaimed returns the text of tokens i to j-1 without what was claimed at either end, or "" where only glue is left.
func (p *parser) unclaimed(i, j int) string {
	for i < j && (p.toks[i].claimed || p.toks[i].kind > num) {
		i++
	}
	for i < j && (p.toks[j-1].claimed || p.toks[j-1].kind > num) {
		j--
	}
	content := false
	for k := i; k < j; k++ {
		t := p.toks[k]
		if !t.claimed && (t.kind == num || t.kind == word && !t.glue) && !p.labels(k) {
			content = true
		}
	}
	if !content {
		return ""
	}
	return p.quote(span{i, j - 1})
}
