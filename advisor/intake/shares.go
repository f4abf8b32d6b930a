package intake

import (
	"math"
	"strings"

	"github.com/llmadvise/llmadvise/advisor"
)

// shareConcepts say of what a percentage is a share; a share of the easy is one of the hard the other way round.
var shareConcepts = []struct {
	concept string
	field   advisor.Field
	inverse bool
}{
	{"cached", advisor.FieldCached, false}, {"hitrate", advisor.FieldCached, false},
	{"hard", advisor.FieldHardShare, false}, {"frontier", advisor.FieldHardShare, false}, {"easy", advisor.FieldHardShare, true},
	{"modelname", advisor.FieldHardShare, false},
	{"nonsens", advisor.FieldSensitiveShare, true}, {"public", advisor.FieldSensitiveShare, true},
	{"harmless", advisor.FieldSensitiveShare, true},
	{"sensitive", advisor.FieldSensitiveShare, false}, {"personal", advisor.FieldSensitiveShare, false},
	{"phi", advisor.FieldSensitiveShare, false}, {"regulated", advisor.FieldSensitiveShare, false},
	{"hipaa", advisor.FieldSensitiveShare, false}, {"cardhold", advisor.FieldSensitiveShare, false},
	{"patientw", advisor.FieldSensitiveShare, false}, {"private", advisor.FieldSensitiveShare, false},
}

// readShares reads percentages and fractions: shares and growth. It runs before the phrases, since "30% sensitive" does not
// say that the data is sensitive as a whole.
func (p *parser) readShares() {
	for i := 0; i < len(p.toks); i++ {
		if p.toks[i].claimed || p.toks[i].entity != nil {
			continue
		}
		if v, s, ok := p.fractionOf(i); ok {
			if p.share(v, s) || p.growsBy(v, s) {
				i = s.to
			}
			continue
		}
		if v, s, ok := p.partOfCount(i); ok && p.share(v, s) {
			i = s.to
			continue
		}
		if s, ok := p.splitAt(i); ok {
			i = s.to
			continue
		}
		if s, ok := p.allContain(i); ok {
			p.setShare(advisor.FieldSensitiveShare, 1, s)
			continue
		}
		if s, ok := p.inAll(i); ok {
			p.setShare(advisor.FieldSensitiveShare, 1, s)
			continue
		}
		q, ok := p.quantityAt(i)
		if !ok || !q.pct {
			if ok && (p.labelledShare(&q) || p.labelledGrowth(&q)) {
				i = q.numEnd
			}
			continue
		}
		v := percent(q)
		if q.negative {
			v = -v
		}
		if p.growth(&q, v) || v >= 0 && v <= 1 && p.share(v, span{q.from, q.numEnd + 1}) {
			i = max(i, q.numEnd+1)
		}
	}
}

// splitAt reads "80/20 easy/hard", "90/10 public/sensitive" at token i.
func (p *parser) splitAt(i int) (span, bool) {
	const reach = 9
	if !p.isNum(i) || !p.isSign(i+1, "/") && !p.isSign(i+1, "-") && !p.isSign(i+1, ":") || !p.isNum(i+2) || p.toks[i].val+p.toks[i+2].val != 100 {
		return span{}, false
	}
	var a, b advisor.Field
	var first, second bool
	end := i + 2
	for k := i + 3; k < i+reach && !p.strongEnd(k) && !p.isNum(k) && b == ""; k++ { // "70/30 split between easy and hard"
		switch f, inverse, _ := p.shareNamed(k); {
		case f == "":
		case a == "":
			a, first = f, inverse
		default:
			b, second, end = f, inverse, k
		}
	}
	if a == "" || a != b || first == second {
		return span{}, false
	}
	v := p.toks[i].val
	if first {
		v = p.toks[i+2].val
	}
	s := span{i, end}
	p.setShare(a, shift(v, -2), s)
	p.claim(s.from, s.to)
	return s, true
}

// share files a share under what the words beside it say: first under the words that can mean nothing else.
func (p *parser) share(v float64, s span) bool {
	if w := p.raw(s.to + 1); w == "savings" || w == "saving" || w == "cheaper" || w == "discount" || w == "off" { // of what is paid
		return false
	}
	finds := []func(int) (advisor.Field, bool, int){p.shareNamed, p.shareHinted}
	file := func(f advisor.Field, inverse bool, end int) bool {
		if f != "" {
			p.fileShare(f, v, inverse, s, end)
		}
		return f != ""
	}
	start, across := p.shareStart(s)
	if !across {
		for _, find := range finds {
			if file(p.findAhead(find, s)) || file(p.findBack(find, start)) {
				return true
			}
		}
	} else if file(p.findAhead(p.shareNamed, s)) || file(p.findAhead(p.shareHinted, s)) || file(p.findBack(p.shareNamed, start)) || file(p.findBack(p.shareHinted, start)) {
		return true // "most are easy, maybe 15% need real reasoning"
	}
	return p.pointedAt(v, s) || p.keptBack(v, s) || p.restOf(v, s) || p.sameOfPrompt(v, s)
}

// sameOfPrompt files a share of the prompt whose sentence says before it that this is the same each time: "the system prompt is the same for everybody,
// about 65% of input tokens".
func (p *parser) sameOfPrompt(v float64, s span) bool {
	k := s.to + 1
	if p.raw(k) != "of" {
		return false
	}
	for k++; p.raw(k) == "the" || p.raw(k) == "our" || p.raw(k) == "all"; k++ {
	}
	if !p.has(k, "input", "promptw", "token") {
		return false
	}
	for j := s.from - 1; !p.strongEnd(j) && !p.isNum(j); j-- {
		if p.staysSame(j) {
			p.fileShare(advisor.FieldCached, v, false, s, k)
			return true
		}
	}
	return false
}

// findAhead finds what a share is of in the words behind it.
func (p *parser) findAhead(find func(int) (advisor.Field, bool, int), s span) (advisor.Field, bool, int) {
	next := s.to + 1
	if end := p.bracketEnd(s); end > 0 { // "most of it (70%) is hard"
		next = end + 1
	}
	for k, steps := next, 0; steps < 12 && (!p.clauseEnd(k) || p.raw(k) == "(" && p.raw(k-1) != "," && k > next && p.raw(k+3) == ")") && (!p.isNum(k) || p.wholeAt(s.to, k)); k, steps = k+1, steps+1 {
		if f, inverse, end := find(k); f != "" {
			return f, inverse, end
		}
	}
	return "", false, 0
}

// findBack finds it in the words from token k back.
func (p *parser) findBack(find func(int) (advisor.Field, bool, int), k int) (advisor.Field, bool, int) {
	for steps := 0; steps < 9 && !p.clauseEnd(k) && !p.isNum(k) && (!p.isClaimed(k) || p.toks[k].void); k, steps = k-1, steps+1 {
		if f, inverse, end := find(k); f != "" {
			return f, inverse, end
		}
	}
	return "", false, 0
}

// shareStart is where the words before a share start that may say of what it is, and whether they are those of the clause before: "contain
// names, maybe 1%", "the hard cases (around 12%)".
func (p *parser) shareStart(s span) (k int, across bool) {
	k = s.from - 1
	for hedges[p.raw(k)] {
		k--
	}
	if (p.raw(k) == "," || p.raw(k) == "(" && p.raw(s.to+1) == ")") && (k < s.from-1 || p.clauseEnd(s.to+1)) {
		return k - 1, true
	}
	return s.from - 1, false
}

// pointedAt files a share under what the next clause says of it: "20%, these are the tough ones", "10% of the jobs, with sensitive stuff",
// "20% mention meter data, which we treat as sensitive".
func (p *parser) pointedAt(v float64, s span) bool {
	const reach, ahead = 12, 8
	k := s.to + 1
	for k <= s.to+reach && !p.clauseEnd(k) && !p.isNum(k) {
		k++
	}
	if p.raw(k) != "," {
		return false
	}
	switch p.raw(k + 1) {
	case "these", "those", "they", "which", "with", "that", "where", "containing":
	default:
		return false
	}
	for _, find := range []func(int) (advisor.Field, bool, int){p.shareNamed, p.shareHinted} {
		for j := k + 1; j <= k+ahead && !p.clauseEnd(j) && !p.isNum(j); j++ {
			if f, inverse, end := find(j); f == advisor.FieldHardShare || f == advisor.FieldSensitiveShare {
				p.fileShare(f, v, inverse, s, end)
				return true
			}
		}
	}
	return false
}

// keptBack files a share under its sentence, where that says that such data stays in the house: "a quarter must be processed only on our
// servers", "one in four touches a matter where the client forbids cloud AI".
func (p *parser) keptBack(v float64, s span) bool {
	const reach = 16
	for k := s.to + 1; k <= s.to+reach && !p.strongEnd(k) && !p.isNum(k); k++ {
		in := (p.raw(k) == "in" || p.raw(k) == "on") && (p.raw(k+1) == "house" || p.raw(k+1) == "premises" || p.raw(k+1) == "prem" || p.raw(k+1) == "our" && (p.raw(k+2) == "servers" || p.raw(k+2) == "own" || p.raw(k+2) == "premises" || p.raw(k+2) == "hardware" || p.raw(k+2) == "machines"))
		forbids := (p.raw(k) == "forbids" || p.raw(k) == "forbid" || p.raw(k) == "prohibits") && (p.raw(k+1) == "cloud" || p.raw(k+2) == "cloud")
		forbids = forbids || p.has(k, "no") && p.raw(k+1) == "leave" && !p.clauseBetween(s.to, k) // "25% of segments may not leave our machines"
		in = in || strings.HasPrefix(p.raw(k), "stay") && p.raw(k+1) == "with" && p.raw(k+2) == "us"
		if !in && !forbids && p.raw(k) != "inhouse" && p.raw(k) != "onprem" && p.raw(k) != "on-prem" && p.raw(k) != "in-house" {
			continue
		}
		p.setShare(advisor.FieldSensitiveShare, v, span{s.from, k})
		p.claim(s.from, s.to)
		p.doubt("“" + p.quote(span{s.from, k}) + "” taken as the share whose data is sensitive")
		return true
	}
	return false
}

// bracketEnd is the closing bracket of the one that a share stands first in, where nothing in it says of what; 0 else.
func (p *parser) bracketEnd(s span) int {
	if p.raw(s.from-1) != "(" {
		return 0
	}
	const reach = 8
	for k := s.to + 1; k <= s.to+reach && k < len(p.toks); k++ {
		if p.raw(k) == ")" {
			return k
		}
		named, _, _ := p.shareNamed(k)
		if hinted, _, _ := p.shareHinted(k); named != "" || hinted != "" || p.clauseEnd(k) {
			return 0
		}
	}
	return 0
}

var hedges = set("in we i'd we'd assume estimate think guess maybe about perhaps roughly around say probably like ~")

// restOf files a share under what is said of the rest: "9 out of 10 are password resets, the rest is hard".
func (p *parser) restOf(v float64, s span) bool {
	const reach = 18
	for k := s.to + 1; k <= s.to+reach && !p.strongEnd(k); k++ {
		if w := p.raw(k); w != "rest" && w != "remainder" && w != "others" && w != "remaining" {
			continue
		}
		for j := k + 1; j <= k+4 && !p.clauseEnd(j) && !p.isNum(j); j++ {
			for _, find := range []func(int) (advisor.Field, bool, int){p.shareNamed, p.shareHinted} {
				if f, inverse, end := find(j); f != "" {
					p.fileShare(f, v, !inverse, span{s.from, k}, end)
					return true
				}
			}
		}
		return false
	}
	return false
}

// wholeAt reports whether the number at k is the whole that the share up to token end is of: "80% of our 600k requests".
func (p *parser) wholeAt(end, k int) bool {
	for j := end + 1; j < k && j < end+4; j++ {
		if p.raw(j) == "of" {
			return k-j < 4
		}
	}
	return false
}

// shareNamed tells of what a share is by the word at k, whether it is the rest of that, and the last word that says so.
func (p *parser) shareNamed(k int) (advisor.Field, bool, int) {
	for _, c := range shareConcepts {
		if !p.has(k, c.concept) || c.concept == "modelname" && !p.has(k-1, "must") || (c.concept == "public" || c.concept == "private") && p.has(k+1, "cloud") {
			continue
		}
		end := k
		for p.has(end+1, "hitrate", "cached", c.concept) || p.raw(end+1) == "hits" {
			end++
		}
		return c.field, c.inverse, end
	}
	return "", false, k
}

// Words that tell of a share where nothing else does: "1 in 10 needs deep thought", "a fifth hold card data".
var (
	hardHints      = set("nasty weird gnarly messy edge ugly thorny hairy ambiguous deep deeper thought expert genius brilliant clever strong stronger strongest big bigger biggest larger largest smart smarter smartest premium heavy nuanced serious")
	sensitiveHints = set("social medical clinical health salary salaries payroll passport passports card cards diagnosis diagnoses secrets names name addresses address credit account accounts bank iban ibans phone phones birth birthdates identity licence license")
)

// cachedHints tell of what is sent again with each request.
var cachedHints = set("shared repeat repeats repeated repeating identical same static fixed reuse reused reusable prefix boilerplate recurring unchanged constant")

// promptNear reports whether the sentence of token k speaks of what goes in.
func (p *parser) promptNear(k int) bool {
	sentence := around(span{k, k}, p.strongEnd)
	for j := sentence.from; j <= sentence.to; j++ {
		if p.has(j, "promptw", "input", "token") || p.has(j, "query") && (p.raw(j-1) == "each" || p.raw(j-1) == "every") || p.raw(j) == "prefix" || p.raw(j) == "instructions" {
			return true
		}
	}
	return false
}

func (p *parser) shareHinted(k int) (advisor.Field, bool, int) {
	end := k
	if !cachedHints[p.raw(k)] && !p.has(k, "cached") && p.staysSame(k) && p.promptNear(k) { // "90% of that doesn't change"
		return advisor.FieldCached, false, k - 1
	}
	if cachedHints[p.raw(k)] && p.promptNear(k) {
		for cachedHints[p.raw(end+1)] || p.raw(end+1) == "prefix" {
			end++
		}
		return advisor.FieldCached, false, end
	}
	if p.has(k+1, "data", "doc", "reason") || thought[p.raw(k+1)] {
		end++
	}
	switch {
	case p.raw(k) == "premium" && p.raw(k-1) == "them": // people who pay
	case hardHints[p.raw(k)], (p.raw(k) == "reasoning" || p.raw(k) == "thinking" && p.raw(k+1) != "of" && p.raw(k+1) != "about") && !p.has(k+1, "token") && !p.isNum(k-1):
		return advisor.FieldHardShare, false, end
	case sensitiveHints[p.raw(k)] && (end > k || p.contains(k)):
		return advisor.FieldSensitiveShare, false, end
	case (p.raw(k) == "data" || p.raw(k) == "details" || p.raw(k) == "identifiers") && p.contains(k) && !plainData[p.raw(k-1)]:
		return advisor.FieldSensitiveShare, false, k
	}
	return "", false, k
}

// plainData are kinds of data that nobody keeps back.
var plainData = set("image images tabular sensor numeric public open structured unstructured test log logs market weather product xml json no any the")

// contains reports whether a verb that contains stands up to three words before k.
func (p *parser) contains(k int) bool {
	for j := k - 1; j >= k-3 && !p.clauseEnd(j); j-- {
		if p.has(j, "contain") && p.raw(j) != "of" && p.raw(j) != "is" && p.raw(j) != "are" || holdsVerbs[p.raw(j)] {
			return true
		}
	}
	return false
}

// holdsVerbs say that something stands in a text, beside the verbs that contain.
var holdsVerbs = set("about concern concerns mention mentions mentioning has have having with quote quotes list lists show shows reveal reveals")

// shareWords name a share as such: "cached share 0.65", "hard fraction: 10%".
var shareWords = set("share fraction ratio rate part portion proportion percentage percent")

var shareKeys = map[string]advisor.Field{"cached_share": advisor.FieldCached, "hard_share": advisor.FieldHardShare, "sensitive_share": advisor.FieldSensitiveShare}

// partOfCount reads "2,000 of the 40,000 monthly queries are tricky" at token i as a share.
func (p *parser) partOfCount(i int) (float64, span, bool) {
	n, ok := p.number(i)
	if !ok || !p.isNum(i) || p.isClaimed(i) || p.raw(n.next) != "of" {
		return 0, span{}, false
	}
	k := n.next + 1
	for k < n.next+4 && p.isWord(k) && p.toks[k].glue && numberWords[p.raw(k)] == 0 {
		k++
	}
	q, whole := p.quantityAt(k)
	some, all := max(n.val, n.other), max(q.val, q.other)
	if !whole || !p.isNum(k) || q.noun < 0 || !p.has(q.noun, "query", "doc", "chats") || q.pct || q.hi != 0 || some >= all || some < 1 || !p.sharesOut(q) {
		return 0, span{}, false
	}
	return roundShare(some / all), span{i, n.next - 1}, true
}

// labelledShare reads a share without a percent sign behind its label: "cached share 0.65", "hard=0.1", "sensitive share 20".
func (p *parser) labelledShare(q *quantity) bool {
	if q.scaled || q.worded || q.cur != "" || q.unit != "" || q.noun >= 0 && q.val > 1 || q.period != "" || q.hi != 0 || q.val > 100 {
		return false
	}
	k, named := q.from-1, false
	for ; k >= q.from-4 && (p.isSign(k, "=") || p.isSign(k, ":") || p.isSign(k, "~") || p.raw(k) == "of" || p.raw(k) == "is" || p.raw(k) == "about" || shareWords[p.raw(k)]); k-- {
		named = named || shareWords[p.raw(k)]
	}
	named = named || p.has(k, "hitrate")
	if key, ok := shareKeys[p.raw(k)]; ok && q.val >= 0 && q.val <= 1 { // "sensitive_share 0.25"
		p.setShare(key, q.val, span{k, q.numEnd})
		p.claim(k, q.numEnd)
		return true
	}
	v := q.val
	if named && v > 1 {
		v = shift(v, -2)
	}
	f, inverse, _ := p.shareNamed(k)
	if f == "" || v > 1 || !named && (v >= 1 || v <= 0) {
		return false
	}
	for p.has(k-1, "cached") && f == advisor.FieldCached {
		k--
	}
	if q.val > 1 {
		p.doubt("“" + p.quote(span{k, q.numEnd}) + "” taken as a percentage")
	}
	if inverse {
		v = roundShare(1 - v)
	}
	p.setShare(f, v, span{k, q.numEnd})
	p.claim(k, q.numEnd)
	return true
}

// fileShare files a share; end is the last of the words that say of what.
func (p *parser) fileShare(f advisor.Field, v float64, inverse bool, s span, end int) {
	k := end
	if p.has(k-1, "no") || p.has(k-2, "no") && p.skippable(k-1) {
		inverse = !inverse
	}
	if inverse {
		v = roundShare(1 - v)
	}
	if p.inverse == nil {
		p.inverse = map[advisor.Field]bool{}
	}
	had := map[advisor.Field]*float64{advisor.FieldCached: p.w.CachedShare, advisor.FieldHardShare: p.w.HardShare, advisor.FieldSensitiveShare: p.w.SensitiveShare}[f]
	switch was := p.inverse[f]; {
	case had == nil:
		p.inverse[f] = inverse
	case inverse && !was: // "60% simple, 25% medium, 15% hard": the hard ones are said
		v = *had
	case !inverse && was:
		*had, p.inverse[f] = v, false
	}
	full := span{min(s.from, k), max(s.to, k)}
	if f == advisor.FieldCached && p.has(full.from-1, "promptw") {
		full.from--
	}
	if f == advisor.FieldHardShare && p.has(full.to+1, "reason") { // "tough analytical ones"
		full.to++
	}
	p.setShare(f, v, full)
	for j := full.from; j <= full.to; j++ {
		if j > s.to && j < end && p.isNum(j) { // the whole is a number of its own
			p.claim(end, end)
			break
		}
		if !p.has(j, "hipaa", "phi", "cardhold", "patientw") {
			p.toks[j].claimed = true
		}
	}
	p.shieldRegime(k, full)
}

// shieldRegime lets "30% PHI" say that HIPAA applies without making all of the data regulated.
func (p *parser) shieldRegime(k int, s span) {
	switch {
	case p.has(k, "phi"), p.has(k, "patientw"):
		p.w.Compliance = append(p.w.Compliance, "HIPAA")
	case p.has(k, "cardhold"), p.raw(k) == "card", p.raw(k) == "cards", p.has(k, "data") && (p.raw(k-1) == "card" || p.raw(k-1) == "cards"):
		p.w.Compliance = append(p.w.Compliance, "PCI-DSS")
	default:
		return
	}
	p.toks[k].claimed = true
	p.say(advisor.FieldCompliance, s)
	p.doubt("“" + p.quote(s) + "” read as " + string(p.w.Compliance[len(p.w.Compliance)-1]) + " for that share")
}

// roundShare takes 1 - 0.7 as 0.3, not 0.30000000000000004.
func roundShare(v float64) float64 { return math.Round(v*1e9) / 1e9 }

func (p *parser) setShare(f advisor.Field, v float64, s span) {
	dst := map[advisor.Field]**float64{
		advisor.FieldCached: &p.w.CachedShare, advisor.FieldHardShare: &p.w.HardShare, advisor.FieldSensitiveShare: &p.w.SensitiveShare,
	}[f]
	if *dst != nil && **dst != v {
		p.doubt("two shares are said for " + string(f) + "; the larger is taken")
		v = max(v, **dst)
	}
	*dst = &v
	p.say(f, s)
}
