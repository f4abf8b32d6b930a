package intake

import (
	"maps"
	"strings"
	"sync"

	"github.com/llmadvise/llmadvise/advisor"
)

// Where vendors and makers of models have their seat: "European vendor only", "no US cloud", "no Chinese models". It is another thing than where the
// data is to be: an American vendor's region in Frankfurt is in the EU, and under American law.

var (
	vendorNouns = set("vendor vendors provider providers cloud clouds supplier suppliers hyperscaler hyperscalers hoster hosters api apis")
	firmNouns   = set("company companies firm firms") // the speaker is often one: only where they are ruled out
	modelNouns  = set("model models llm llms ai weights modell modelle")
	// seatAdjectives are what [advisor.Place] has no word for.
	seatAdjectives = map[string]string{"us": "US", "american": "US", "usa": "US", "eu": "EU", "european": advisor.Europe, "europe": advisor.Europe, "uk": "UK", "british": "UK", "swiss": "CH", "switzerland": "CH", "canadian": "CA", "canada": "CA", "indian": "IN", "india": "IN", "japanese": "JP", "japan": "JP", "australian": "AU", "australia": "AU", "singapore": "SG", "britain": "UK"}
	seatAsked      = set("only must need needs want wants require requires required prefer preferably ask asks demand demands insist insists exclusively just has have be should")
	rulingOut      = set("no not avoid avoids avoiding without never exclude excluding except non non- isn't aren't don't ban bans banned forbid forbids forbidden against instead other distrust mistrust")
	toleratedWords = set("ok okay fine allowed acceptable accepted permitted possible good either too")
)

// readOrigins files where vendors and makers of models must, or must not, have their seat.
func (p *parser) readOrigins() {
	for i := range p.toks {
		code, ok := p.seatAt(i)
		if !ok || p.toks[i].entity != nil {
			continue
		}
		noun, to := p.seatNoun(i)
		if noun == "" {
			continue
		}
		s := span{min(i, to), max(i, to)}
		out, asks := p.polarity(s)
		switch {
		case firmNouns[noun] && !out, p.tolerated(s):
		case modelNouns[noun]:
			p.fileOrigin(out, asks, s, code, advisor.FieldModelsFrom, advisor.FieldModelsNotFrom)
		default:
			p.fileOrigin(out, asks, s, code, advisor.FieldVendorsFrom, advisor.FieldVendorsNotFrom)
		}
	}
}

// seatAt is the country that token i names.
func (p *parser) seatAt(i int) (string, bool) {
	w := strings.TrimSuffix(strings.TrimSuffix(p.raw(i), "-based"), "'s")
	w = strings.TrimPrefix(w, "non-")
	code, ok := seatWords()[w]
	return code, ok
}

// seatWords are the codes of countries by what they and their people are called.
var seatWords = sync.OnceValue(func() map[string]string {
	words := maps.Clone(seatAdjectives)
	for _, pl := range advisor.Places() {
		for _, name := range pl.Words {
			if _, said := words[name]; !said {
				words[name] = pl.Code
			}
		}
	}
	return words
})

// seatNoun is what has its seat there: behind an adjective ("European vendor", "US-based cloud"), or before "from", "in" or "based in".
func (p *parser) seatNoun(i int) (string, int) {
	isNoun := func(k int) bool { return vendorNouns[p.raw(k)] || firmNouns[p.raw(k)] || modelNouns[p.raw(k)] }
	for k := i + 1; k <= i+4 && !p.clauseEnd(k); k++ {
		if isNoun(k) {
			return p.raw(k), k
		}
		if w := p.raw(k); w != "-" && w != "based" && w != "cloud" && w != "ai" && w != "api" && w != "open" && w != "owned" && w != "llm" && w != "hosted" && w != "language" {
			break
		}
	}
	k := i - 1
	for p.raw(k) == "the" || p.raw(k) == "in" || p.raw(k) == "from" || p.raw(k) == "based" || p.raw(k) == "headquartered" || p.raw(k) == "made" || p.raw(k) == "seated" || p.raw(k) == "a" {
		k--
	}
	said := p.wordBetween(k+1, i, "from", "based", "headquartered", "made", "seated")
	if said && isNoun(k) {
		return p.raw(k), k
	}
	return "", 0
}

// polarity reads the words around s in its clause: whether they rule it out, and whether they ask for it; a bare "EU vendor" asks.
func (p *parser) polarity(s span) (out, asks bool) {
	const before, behind = 6, 3
	asked := false
	if strings.HasPrefix(p.raw(s.from), "non-") {
		return true, false
	}
	for k := s.from - 1; k >= s.from-before && !p.clauseEnd(k); k-- {
		w := p.raw(k)
		if w == "whether" || w == "if" || inUseVerbs[w] && p.doneNow(k) { // open, or how it is
			return false, false
		}
		if rulingOut[w] || strings.HasSuffix(w, "n't") {
			return true, false
		}
		asked = asked || seatAsked[w]
	}
	for k := s.to + 1; k <= s.to+behind && !p.clauseEnd(k); k++ {
		switch w := p.raw(k); {
		case w == "excluded" || w == "forbidden" || w == "banned" || w == "out":
			return true, false
		case w == "only" || w == "required" || w == "preferred" || w == "mandatory":
			asked = true
		}
	}
	return false, asked || !modelNouns[p.raw(s.to)] && !modelNouns[p.raw(s.from)]
}

// tolerated reports whether what stands behind s says that it may be: "US cloud is fine".
func (p *parser) tolerated(s span) bool {
	const reach = 4
	for k := s.to + 1; k <= s.to+reach && !p.clauseEnd(k); k++ {
		if p.has(k, "no") {
			return false
		}
		if toleratedWords[p.raw(k)] {
			return true
		}
	}
	return false
}

func (p *parser) fileOrigin(out, asks bool, s span, code string, from, notFrom advisor.Field) {
	field := from
	switch {
	case out:
		field = notFrom
	case !asks:
		return
	}
	list := map[advisor.Field]*[]string{
		advisor.FieldVendorsFrom: &p.w.VendorsFrom, advisor.FieldVendorsNotFrom: &p.w.VendorsNotFrom,
		advisor.FieldModelsFrom: &p.w.ModelsFrom, advisor.FieldModelsNotFrom: &p.w.ModelsNotFrom,
	}[field]
	*list = unique(append(*list, code))
	p.claim(s.from, s.to)
	for k := s.from - 1; k >= s.from-2 && !p.clauseEnd(k); k-- {
		if rulingOut[p.raw(k)] {
			p.claim(k, k)
		}
	}
	p.say(field, s)
}
