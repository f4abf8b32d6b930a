package intake

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/llmadvise/llmadvise/advisor"
	"github.com/llmadvise/llmadvise/advisor/catalog"
)

// maxListed is how many words that were not understood are listed back; a doubt says how many more there were.
const maxListed = 40

// Parse reads a request. It never fails: what it cannot read is in NotUnderstood, readings to be confirmed are in Doubts,
// and Said holds the words behind each field. A field that was not said keeps its zero value. Use [Check] for
// a text that says nothing usable.
//
// Compliance is empty but not nil where the request says that no regime applies ("no compliance needs", "not HIPAA").
func Parse(text string, names Names) advisor.Workload {
	if p := readRequest(text, names); p != nil {
		return p.w
	}
	return advisor.Workload{}
}

// readRequest reads a request; it returns nil for an empty one.
func readRequest(text string, names Names) *parser {
	p := newParser(text, names)
	if p == nil {
		return nil
	}
	p.takeAdjectives()
	p.findNames()
	p.sameFamily()
	p.readCorrections()
	p.readDuties()
	p.findMade()
	p.readEgress()
	p.readActive()
	p.readLikeness()
	p.readLikenessBack()
	p.readMeanPart()
	p.readRelative()
	p.readMultiples()
	p.readVague()
	p.readShares()
	p.readProducts()
	p.readIdioms()
	p.readExpertise()
	p.readPlaceCodes()
	p.readStayHome()
	p.readSubSecond()
	p.readHours()
	p.readGrading()
	p.applyRules()
	p.readOrigins()
	p.readRetention()
	p.sizeTeam()
	p.readFew()
	p.fileAdjectives()
	p.readQuantities()
	p.settle()
	p.readMedia()
	p.report()
	return p
}

func newParser(text string, names Names) *parser {
	norm, cut := normalise(text)
	norm = strings.TrimSpace(norm)
	for _, prefix := range []string{"/llm-advise", "llm-advise", "@llmadvise"} {
		if len(norm) >= len(prefix) && strings.EqualFold(norm[:len(prefix)], prefix) {
			norm = strings.TrimLeft(norm[len(prefix):], ": ,")
		}
	}
	if norm == "" {
		return nil
	}
	norm = splitKeys(unfoldRow(norm), names)
	p := &parser{text: norm, names: names.index, spans: map[advisor.Field][]span{}, applies: map[catalog.Regime]int{}}
	p.toks = lexicon().annotate(inEnglish(lex(norm)), names.knows)
	if cut {
		p.doubt("only the first " + strconv.Itoa(maxRunes) + " characters were read")
	}
	return p
}

// report lists what was said, what was not understood, and the doubts.
func (p *parser) report() {
	p.w.Said = p.said()
	words := p.leftover()
	if len(words) > maxListed {
		p.doubt(strconv.Itoa(len(words)-maxListed) + " further words were not understood")
		words = words[:maxListed]
	}
	for _, w := range words {
		if w = tidy(w, 60); w != "" {
			p.w.NotUnderstood = append(p.w.NotUnderstood, w)
		}
	}
	p.w.Doubts = p.doubts
	for f, s := range p.w.Said {
		p.w.Said[f] = tidy(s, 200)
	}
	for i, d := range p.w.Doubts {
		p.w.Doubts[i] = tidy(d, 400)
	}
}

// tidy makes a quotation safe to show anywhere: one line, no angle brackets or control marks, at most n characters.
func tidy(s string, n int) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '<' || r == '>' || r == utf8.RuneError || !unicode.IsPrint(r) && r != ' ':
			return ' '
		}
		return r
	}, s)
	s = strings.Join(strings.Fields(s), " ")
	if r, cut := firstRunes(s, n); cut {
		s = r + "…"
	}
	return s
}

// Example is a request that works; messages show it.
const Example = "300k queries a month, 1200 tokens in, 300 out, p95 < 5 s, HIPAA, no ML team"

// Problem is a request or setting that cannot be used. Its text quotes the words at fault and shows a line that works.
type Problem struct {
	Quote   string // the words at fault, cut to a readable length and safe to show; "" for an empty request
	Reason  string // what is wrong with them, without the quotation
	Example string // a line that works
}

// Error is the whole message, for one line of text.
func (p *Problem) Error() string {
	s := p.Reason
	if p.Quote != "" {
		s += ": “" + p.Quote + "”"
	}
	return s + ". Try: " + p.Example
}

// Check reports why a parsed request cannot be answered: nothing was typed, or no field was understood. It returns nil
// or a *[Problem].
func Check(text string, w advisor.Workload) error {
	if len(w.Said) > 0 {
		return nil
	}
	norm, _ := normalise(text)
	quote := tidy(norm, 80)
	if quote == "" {
		return &Problem{Reason: "the request is empty", Example: Example}
	}
	return &Problem{Quote: quote, Reason: "nothing in the request says what is to be served", Example: Example}
}
