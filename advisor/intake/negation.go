package intake

import (
	"strings"

	"github.com/llmadvise/llmadvise/advisor"
)

// What a request rules out: "not under HIPAA", "HIPAA: no", "forget PCI", "we thought HIPAA applied but it doesn't".

// negated looks for a word that rules a phrase out, before or behind it, and returns the words of both.
func (p *parser) negated(s span) (span, bool) {
	if from, ok := p.ruledOutBefore(s); ok {
		return span{from, s.to}, true
	}
	if to, ok := p.ruledOutBehind(s); ok {
		return span{s.from, to}, true
	}
	if to, ok := p.laidAside(s); ok {
		return span{s.from, to}, true
	}
	if to, ok := p.turnedDown(s); ok {
		return span{s.from, to}, true
	}
	return s, p.presumed(s) || p.wishGone(s) || p.abandoned(s) || p.latterAside(s)
}

// ruledOutBefore finds "not", "forget" or "instead of" before a phrase ("no PII or PHI" rules out both).
func (p *parser) ruledOutBefore(s span) (int, bool) {
	listed := false
	for i := s.from - 1; i >= 0 && !p.strongEnd(i); i-- { // "out of scope: HIPAA, PCI"
		if p.raw(i) == "allowed" && p.has(i-1, "no") && p.isSign(i+1, ":") { // "not allowed: any model hosted in China"
			return i - 1, true
		}
		if p.raw(i) == "out" && p.isSign(i+1, ":") && p.clauseEnd(i-1) { // "out: gpt-4.1, deepseek-v3"
			return i, true
		}
		if p.raw(i) == "scope" && p.raw(i-1) == "of" && p.raw(i-2) == "out" && p.isSign(i+1, ":") {
			return i - 2, true
		}
	}
	from := s.from - 1
	if e := p.toks[min(s.from, len(p.toks)-1)].entity; e != nil && e.kind == gpuName { // "instead of the 4 A100"
		for p.isNum(from) || p.isSign(from, "x") {
			from--
		}
	}
	for i, hops := from, 0; i >= 0 && hops < 5; i, hops = i-1, hops+1 {
		listed = listed || p.listed(i)
		if p.askedInTheNegative(i) {
			return 0, false
		}
		if p.has(i, "no") && p.toks[i].kind == word {
			return i, !p.toks[i].claimed || listed // else it belongs to another phrase: "team=none quality=frontier"
		}
		if p.rejects(i) && (hops < 3 || strings.HasPrefix(p.raw(i), "forbid")) {
			return i, true
		}
		if p.clauseEnd(i) || !p.skippable(i) && !p.listed(i) && p.raw(i) != "paying" && p.raw(i) != "relying" && p.raw(i) != "depending" && p.raw(i) != "touching" && p.raw(i) != "sending" && p.raw(i) != "using" && p.raw(i) != "sharing" && p.raw(i) != "go" && p.raw(i) != "going" && p.raw(i) != "put" {
			break
		}
	}
	return 0, false
}

// rejects reports whether a word at i rules out what follows it.
func (p *parser) rejects(i int) bool {
	if w := p.raw(i); w == "drop" && (p.raw(i+1) == "from" || p.raw(i+1) == "in") { // "the drop from X to Y"
		return false
	}
	switch w := p.raw(i); w {
	case "forbids", "forbid", "bans", "banned", "prohibits", "prohibit", "disallows", "vetoed", "vetoes", "rejects", "rejected", "blocks", "blocked", "refuses", "excludes", "excluded", "exclude", "dropping", "ditching", "quitting", "abandoning", "forget", "drop", "dropped", "ditch", "ditched", "scratch", "remove", "removed", "skip", "ignore", "abandoned", "avoid", "except", "leaving":
		return true
	case "leave", "leaves", "replace", "replaces", "replacing", "quit":
		return p.toks[min(i+1, len(p.toks)-1)].entity != nil && p.raw(i-1) == "to" && p.wordBetween(i-4, i, "us", "must", "have", "has", "need", "needs") && !p.wordBetween(i-6, i, "whether", "if")
	case "from":
		return p.raw(i-1) == "exempt" || p.raw(i-1) == "exempted"
	case "out":
		return p.raw(i-1) == "swapping" || p.raw(i-1) == "phasing" || p.raw(i-1) == "phase"
	case "with":
		return p.raw(i-1) == "done" || p.raw(i-1) == "fight" || p.raw(i-1) == "trouble"
	case "outside":
		return p.has(i+1, "hipaa", "gdpr", "pci", "soc2", "fedramp", "ccpa", "iso27001")
	case "of":
		return p.raw(i-1) == "instead" || p.raw(i-1) == "idea" && p.wordBetween(i-4, i, "killed", "cancelled", "canceled", "dropped", "buried", "scrapped")
	case "than":
		return p.raw(i-1) == "rather"
	case "on":
		if p.raw(i-2) == "too" && p.raw(i-1) == "slow" { // "too slow on our A10Gs"
			return true
		}
		return p.raw(i-1) == "up" && (p.raw(i-2) == "gave" || p.raw(i-2) == "given")
	case "but":
		return p.raw(i-1) == "anything" || p.raw(i-1) == "everything"
	}
	return false
}

// ruledOutBehind finds "HIPAA: no", "HIPAA is not required", "PCI is out".
func (p *parser) ruledOutBehind(s span) (int, bool) {
	if p.raw(s.to+1) == "?" && p.has(s.to+2, "no") && (p.clauseEnd(s.to+3) || p.isSign(s.to+3, ":")) { // "PCI? no."
		return s.to + 2, true
	}
	i := s.to + 1
	for i < len(p.toks) && p.skippable(i) && i < s.to+4 && p.raw(i) != "out" && p.raw(i) != "and" {
		i++
	}
	if p.raw(i) == "out" && p.raw(i+1) == "of" && p.raw(i+2) == "scope" {
		return i + 2, true
	}
	if (p.raw(i) == "out" || p.raw(i) == "off") && p.has(i-1, "contain") && p.raw(i+1) != "of" {
		return i, true
	}
	if !p.has(i, "no") || p.clauseEnd(i) || p.raw(i-1) == "or" || p.raw(i) == "nothing" || p.raw(i) == "nobody" || p.raw(i) == "never" { // "a server that does nothing"
		return 0, false
	}
	if objections[p.raw(i+1)] && p.raw(i-1) != "has" { // "run in the night is no problem"
		return 0, false
	}
	j := i + 1
	for j < len(p.toks) && p.skippable(j) && !p.has(j, "critical", "must", "yes") && j < i+3 || p.raw(j) == "longer" && j == i+1 {
		j++
	}
	if (p.has(j, "critical", "must", "yes") || p.raw(j) == "scope") && !p.clauseEnd(j) {
		return j, true
	}
	if w := p.raw(i + 2); p.raw(i+1) == "longer" && (w == "requested" || w == "wanted" || w == "asked" || w == "demanded" || w == "relevant" || w == "needed") {
		return i + 2, true
	}
	if w := p.raw(i + 1); w == "since" || w == "because" || w == "as" && p.raw(i) == "not" { // "HIPAA not, since we are in Norway"
		return i, true
	}
	return i, p.clauseEnd(i + 1)
}

var (
	// asideWords say of what was named that it is not wanted any more.
	asideWords = set("outdated overkill dropped removed excluded cancelled canceled scrapped discarded eliminated withdrawn retired discontinued rejected vetoed blocked banned forbidden deleted ditched abandoned obsolete irrelevant")
	tooMuch    = set("much big large expensive costly pricey dear slow heavy small weak")
)

// laidAside finds "SOC2 was dropped by our auditors", "CCPA can be removed", "Opus is off the table", "the B200 is too expensive", "GDPR is handled
// elsewhere and does not apply here", in the clause behind a phrase.
func (p *parser) laidAside(s span) (int, bool) {
	const reach = 9
	passive, asks := false, p.raw(around(s, p.strongEnd).to+1) == "?"
	for i := s.to + 1; i <= s.to+reach && !p.clauseEnd(i) && !p.isNum(i) && p.toks[i].entity == nil && !p.listed(i) && p.raw(i) != "but"; i++ {
		switch w := p.raw(i); {
		case w == "that's" || w == "it's" || w == "is" || w == "was" || w == "are" || w == "were" || w == "be" || w == "been" || w == "got" || w == "gets":
			passive = true
		case passive && asideWords[w], asideWords[w] && i == s.to+1 && p.clauseEnd(i+1):
			return i, true
		case passive && w == "off" && p.raw(i+1) == "the" && (p.raw(i+2) == "table" || p.raw(i+2) == "list"):
			return i + 2, true
		case passive && !asks && w == "too" && tooMuch[p.raw(i+1)]:
			return i + 1, true
		case passive && w == "handled" && p.raw(i+1) == "elsewhere":
			return i + 1, true
		case passive && w == "reserved" && p.raw(i+1) == "for":
			return i + 1, true
		case (w == "does" || w == "do") && p.has(i+1, "no") && p.has(i+2, "critical"):
			return i + 2, true
		case (w == "ends" || w == "ended" || w == "expires" || w == "expired") && p.raw(s.from-1) == "with" && p.raw(s.from-2) == "contract":
			return i, true
		}
	}
	return 0, false
}

// latterAside reports whether a name is the latter of two, which is set aside: "llama and qwen, the latter is too big".
func (p *parser) latterAside(s span) bool {
	const reach = 4
	for k := s.to + 1; k <= s.to+reach && !p.strongEnd(k) && p.toks[k].entity == nil; k++ {
		if p.raw(k) == "latter" {
			_, ok := p.laidAside(span{k, k})
			return ok
		}
	}
	return false
}

// presumed reports whether a phrase was only believed or first thought of: "I thought we needed HIPAA, but legal says no", "I was thinking of
// DeepSeek but the client says no".
func (p *parser) presumed(s span) bool {
	const back, ahead = 8, 8
	believed := false
	for i := s.from - 1; i >= s.from-back && !p.strongEnd(i) && !believed; i-- {
		believed = believedWords[p.raw(i)] || pastPlans[p.raw(i)] && p.raw(i-1) == "was"
	}
	turned := false
	for i := s.to + 1; believed && i <= s.to+ahead && !p.strongEnd(i); i++ {
		turned = turned || p.raw(i) == "but" || p.raw(i) == "turns" || p.raw(i) == "turned"
		if turned && p.has(i, "no") {
			return true
		}
	}
	return false
}

var (
	believedWords = set("thought assumed believed figured feared")
	// pastPlans are of a plan that was, behind "was".
	pastPlans = set("thinking considering planning hoping leaning")
)

// abandoned reports whether what was named is said to have been given up: "tried SGLang and dropped it".
func (p *parser) abandoned(s span) bool {
	const ahead = 12
	for i := s.to + 1; i <= s.to+ahead && !p.strongEnd(i) && p.toks[i].entity == nil; i++ {
		it := p.raw(i+1) == "it" || p.raw(i+1) == "that" || p.raw(i+1) == "them"
		switch p.raw(i) {
		case "abandon", "drop", "leave", "retire", "scrap", "ditch", "replace": // "GPT-5 itself we will abandon"
			if p.clauseEnd(i+1) && (p.raw(i-1) == "will" || p.raw(i-1) == "we'll") {
				return true
			}
		case "want":
			if p.has(i-1, "no") && it {
				return true
			}
		case "that's", "it's": // "at first I said GPT-5 but that's overkill"
			if asideWords[p.raw(i+1)] && p.wordBetween(s.to+1, i, "but", "though", "however") {
				return true
			}
		case "skip", "forget", "scrapped", "sold", "returned", "dropped", "ditched", "abandoned", "left", "blocked", "rejected", "vetoed", "banned", "killed", "forbade":
			if it {
				return true
			}
		case "gave":
			if p.raw(i+1) == "up" || p.raw(i+1) == "it" && p.raw(i+2) == "up" {
				return true
			}
		}
	}
	return false
}

// listed reports whether token i was itself ruled out, so that "no PII or PHI" rules out both.
func (p *parser) listed(i int) bool {
	return p.toks[i].claimed && p.has(i, "hipaa", "gdpr", "pci", "dss", "soc", "soc2", "personal", "phi", "sensitive", "regulated")
}

// ruledOutList is a list of names that are ruled out: the token that does it, and the last one of the names so far.
type ruledOutList struct{ from, to int }

// outright rules out all that is listed behind it, also behind a comma; after "no" or "not" a comma may start what is wanted: "no DeepSeek, gpt-5".
var outright = set("exclude excluding exclusion without avoid avoiding except drop ban banned neither")

// listedWith reports whether a name goes on with the list of those that are ruled out: "no OpenAI or Anthropic", "exclude OpenAI, Groq and Azure".
func (p *parser) listedWith(out ruledOutList, e *entity) bool {
	if out.to < 0 || e.from <= out.to+1 {
		return false
	}
	joined := false
	for k := out.to + 1; k < e.from; k++ {
		switch w := p.raw(k); w {
		case "or", "and", "nor", "/", "&":
			joined = true
		case ",":
			joined = joined || outright[p.raw(out.from)]
		case "the", "any":
		default:
			return false
		}
	}
	return joined
}

// ruleOut files a name, or all models of a family, as ruled out by the words of s.
func (p *parser) ruleOut(e *entity, s span, ruledOut map[string]bool) {
	for _, id := range e.ids {
		ruledOut[id] = true
	}
	if e.note != "" && e.kind == modelName && e.from == e.to { // "Opus" rules out each of them
		for _, m := range p.names.families[p.toks[e.from].raw] {
			ruledOut[m.id] = true
		}
	}
	p.say(advisor.FieldExcluded, s)
}

// disowned reports whether a name is said to be something else: "the project is called Falcon 40, ignore that, it's no model".
func (p *parser) disowned(s span) bool {
	const ahead = 9
	for i := s.to + 1; i <= s.to+ahead && !p.strongEnd(i); i++ {
		if p.raw(i) == "ignore" && (p.raw(i+1) == "that" || p.raw(i+1) == "it" || p.raw(i+1) == "the") {
			return true
		}
		if p.has(i, "no") && (modelWords[p.raw(i+1)] || p.article(i+1) && modelWords[p.raw(i+2)] || p.raw(i+1) == "the" && modelWords[p.raw(i+2)]) {
			return true
		}
	}
	return false
}

var modelWords = set("model models llm vendor provider gpu card")

// fancied reports whether somebody is only said to like a name: "our CTO loves the H100", "a fan of the MI300X".
func (p *parser) fancied(s span) bool {
	if e := p.toks[s.from].entity; e != nil && e.kind == providerName && productWords[p.raw(s.to+1)] && !p.customerOf(s) { // "Google reviews"
		return true
	}
	const reach = 11
	for i := s.from - 1; i >= s.from-reach && !p.clauseEnd(i); i-- {
		switch w := p.raw(i); {
		case i < s.from-6 && w != "friend": // further off only somebody else counts
		case (w == "sell" || w == "selling" || w == "sells") && p.raw(s.from-1) == "on": // "we sell on Amazon"
			return true
		case w == "friend" && p.raw(i+1) == "of", w == "competitor" || w == "competitors":
			return true
		case fancyWords[w]:
			return true
		case w == "likes" || w == "like" || w == "love":
			return i > 0 && (others[p.raw(i-1)] && (w != "like" || p.plural(i-1)) || p.raw(i-1) == "people" || p.raw(i-1) == "colleagues")
		}
	}
	return false
}

var fancyWords = set("loves adores fan fans obsessed raves raving fond crush dreams swears worships poster posters")
