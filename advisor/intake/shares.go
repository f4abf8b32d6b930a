package intake

import (
	"math"
	"strconv"

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

// inAll reads "patient data in every request", "names appear in all notes" from its "in" at token i: all of it is sensitive.
func (p *parser) inAll(i int) (span, bool) {
	if p.raw(i) != "in" || p.raw(i+1) != "every" && p.raw(i+1) != "each" && p.raw(i+1) != "all" {
		return span{}, false
	}
	if j := i + 2; !p.has(j, "query", "doc", "chats", "promptw") && !(p.raw(j) == "single" || p.raw(j) == "the" || p.raw(j) == "of") {
		return span{}, false
	}
	const reach = 5
	for k := i - 1; k >= i-reach && !p.clauseEnd(k); k-- {
		if p.has(k, "no") {
			return span{}, false
		}
		if p.has(k, "sensitive", "personal", "phi", "patientw", "cardhold", "health") || sensitiveHints[p.raw(k)] && !p.has(k, "card") {
			return span{k, i + 2}, true
		}
	}
	return span{}, false
}

// allContain reads "every letter contains patient names" at token i.
func (p *parser) allContain(i int) (span, bool) {
	if w := p.raw(i); w != "every" && w != "each" && w != "all" {
		return span{}, false
	}
	const reach = 4
	for k := i + 1; k <= i+reach && !p.clauseEnd(k) && !p.isNum(k); k++ {
		if w := p.raw(k); w != "contains" && w != "contain" && w != "includes" && w != "include" && w != "holds" && w != "hold" && w != "mentions" && w != "carries" {
			continue
		}
		for j := k + 1; j <= k+reach && !p.clauseEnd(j) && !p.has(j, "no"); j++ {
			if p.has(j, "sensitive", "personal", "phi", "patientw", "cardhold") || sensitiveHints[p.raw(j)] && !p.has(j, "card") {
				return span{i, j}, true
			}
		}
	}
	return span{}, false
}

// growsBy reads a fraction as growth: "goes up by a tenth every month".
func (p *parser) growsBy(v float64, s span) bool {
	f, ok := p.frequencyAt(s.to + 1)
	period := f.period
	if !ok || f.every != 1 {
		if period, _, _ = p.windowAt(s.to + 1); period == "" {
			return false
		}
		f.to = s.to + 2
	}
	grows := false
	for k := s.from - 1; k >= s.from-4 && !p.clauseEnd(k); k-- {
		grows = grows || p.has(k, "grow") || p.raw(k) == "up"
	}
	if !grows {
		return false
	}
	p.growths = append(p.growths, reading{val: monthlyGrowth(1+v, 1/perMonth[period]), span: span{s.from, f.to}})
	p.claim(s.from, f.to)
	return true
}

// percent is a hundredth of the number, rounded once, from the decimal as typed.
func percent(q quantity) float64 {
	if v, err := strconv.ParseFloat(q.digits+"e-2", 64); err == nil && q.hi == 0 && !q.scaled {
		return v
	}
	return shift(q.val, -2)
}

var partWords = map[string]float64{"half": .5, "third": 1. / 3, "thirds": 1. / 3, "quarter": .25, "quarters": .25, "fifth": .2, "fifths": .2, "tenth": .1, "tenths": .1, "sixth": 1. / 6, "eighth": .125}

// fractionOf reads "one in five", "1 in 5", "half of", "a third of", "two thirds", "a quarter of the".
func (p *parser) fractionOf(i int) (float64, span, bool) {
	if p.isNum(i) && p.isSign(i+1, "/") && p.isNum(i+2) && p.toks[i+1].glued && p.toks[i+2].glued && p.toks[i].val < p.toks[i+2].val && p.toks[i+2].val <= 20 &&
		(p.raw(i+3) == "of" || p.has(i+3, "cached", "sensitive", "hard", "easy", "public")) { // "11/12 cached", "1/3 of our traffic"
		return p.toks[i].val / p.toks[i+2].val, span{i, i + 2}, true
	}
	small := func(k int) float64 {
		if p.isNum(k) && p.toks[k].val <= 100 {
			return p.toks[k].val
		}
		if p.isWord(k) {
			return numberWords[p.raw(k)]
		}
		return 0
	}
	if a := small(i); a > 0 && (p.raw(i+1) == "in" || p.raw(i+1) == "of" || p.raw(i+1) == "out" && p.raw(i+2) == "of") {
		j := i + 2
		if p.raw(i+1) == "out" {
			j++
		}
		if p.raw(j) == "every" {
			j++
		}
		if b := small(j); b > a && b <= 100 && p.periodAt(j+1) == "" && !p.has(j+1, "token") {
			return a / b, span{i, j}, true
		}
	}
	j, n := i, 1.0
	if a := small(i); a > 0 && a < 10 {
		n, j = a, i+1
	} else if p.raw(i) == "a" {
		j = i + 1
	}
	for p.isSign(j, "-") {
		j++
	}
	v, ok := partWords[p.raw(j)]
	if !ok || isMultiplier(p.raw(j+1)) || p.raw(j+1) == "a" || isMultiplier(p.raw(j+2)) && p.raw(j+1) != "the" {
		return 0, span{}, false
	}
	if n*v > 1 {
		return 0, span{}, false
	}
	return n * v, span{i, j}, true
}

// share files a share under what the words beside it say: first under the words that can mean nothing else.
func (p *parser) share(v float64, s span) bool {
	for _, find := range []func(int) (advisor.Field, bool, int){p.shareNamed, p.shareHinted} {
		next := s.to + 1
		if p.raw(next) == ")" && p.raw(s.from-1) == "(" { // "most of it (70%) is hard"
			next++
		}
		for k, steps := next, 0; steps < 12 && !p.clauseEnd(k) && (!p.isNum(k) || p.wholeAt(s.to, k)); k, steps = k+1, steps+1 {
			if f, inverse, end := find(k); f != "" {
				p.fileShare(f, v, inverse, s, end)
				return true
			}
		}
		for k, steps := s.from-1, 0; steps < 6 && !p.clauseEnd(k) && !p.isNum(k) && !p.isClaimed(k); k, steps = k-1, steps+1 {
			if f, inverse, end := find(k); f != "" {
				p.fileShare(f, v, inverse, s, end)
				return true
			}
		}
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
	hardHints      = set("deep deeper thought expert strong stronger strongest big bigger biggest larger largest smart smarter smartest premium heavy nuanced serious")
	sensitiveHints = set("social medical clinical health salary salaries payroll passport passports card cards diagnosis diagnoses secrets names name addresses address credit account accounts bank iban ibans phone phones birth birthdates identity licence license")
)

// cachedHints tell of what is sent again with each request.
var cachedHints = set("shared repeat repeats repeated repeating identical same static fixed reuse reused reusable prefix boilerplate recurring unchanged constant")

// promptNear reports whether the clause of token k speaks of what goes in.
func (p *parser) promptNear(k int) bool {
	from, to := k, k
	for from > 0 && !p.clauseEnd(from-1) {
		from--
	}
	for !p.clauseEnd(to + 1) {
		to++
	}
	for j := from; j <= to; j++ {
		if p.has(j, "promptw", "input", "token") || p.raw(j) == "prefix" || p.raw(j) == "instructions" {
			return true
		}
	}
	return false
}

func (p *parser) shareHinted(k int) (advisor.Field, bool, int) {
	end := k
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
	case hardHints[p.raw(k)], p.raw(k) == "reasoning" && !p.has(k+1, "token"):
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
var holdsVerbs = set("mention mentions mentioning has have having with quote quotes list lists show shows reveal reveals")

// shareWords name a share as such: "cached share 0.65", "hard fraction: 10%".
var shareWords = set("share fraction ratio rate part portion proportion percentage percent")

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

// labelledGrowth reads a growth without a percent sign behind its label: "growth per month 0.02", "growth: 0.02".
func (p *parser) labelledGrowth(q *quantity) bool {
	if q.scaled || q.worded || q.cur != "" || q.unit != "" || q.noun >= 0 || q.hi != 0 || q.val <= 0 || q.val >= 1 {
		return false
	}
	const reach = 5
	for k := q.from - 1; k >= q.from-reach && !p.clauseEnd(k) && !p.isNum(k); k-- {
		if p.has(k, "grow") && (k == q.from-1 || p.skippable(k+1) || p.periodAt(k+1) != "" || p.raw(k+1) == "rate") {
			return p.growth(q, q.val)
		}
	}
	return false
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

// growth reads "10% m/m", "growing 20% a year", "5% monthly growth".
func (p *parser) growth(q *quantity, v float64) bool {
	from, to := q.from, q.to
	grows, sign := false, 1.0
	period := q.period
	look := func(k int) {
		if p.has(k, "grow", "mom", "yoy", "shrink") && !p.isClaimed(k) {
			grows = true
			from, to = min(from, k), max(to, k)
			if p.has(k, "shrink") {
				sign = -1
			}
			if p.has(k, "mom") {
				period = "month"
			}
			if p.has(k, "yoy") {
				period = "year"
			}
		}
		if u := p.adverb(k); u != "" && period == "" {
			period = u
		}
	}
	for k, steps := q.numEnd+2, 0; steps < 6 && !p.clauseEnd(k) && !p.isNum(k); k, steps = k+1, steps+1 {
		look(k)
	}
	for k, steps := q.from-1, 0; steps < 6 && !p.clauseEnd(k) && !p.isNum(k); k, steps = k-1, steps+1 {
		look(k)
	}
	if !grows && (period == "" || p.shareNear(q) || p.raw(q.numEnd+2) == "of") {
		return false
	}
	note := ""
	if period == "" {
		period, note = "month", "“"+p.quote(span{from, to})+"” taken per month"
	}
	g := reading{val: monthlyGrowth(1+sign*v, 1/perMonth[period]), span: span{from, to}, note: note}
	if period == "month" {
		g.val = sign * v
	}
	if !(g.val > -1 && g.val <= maxGrowth) {
		return false
	}
	p.growths = append(p.growths, g)
	p.claim(from, to)
	return true
}

// maxGrowth bounds a credible growth a month: elevenfold.
const maxGrowth = 10

func (p *parser) shareNear(q *quantity) bool {
	for k := q.from - 4; k < q.to+7; k++ {
		for _, c := range shareConcepts {
			if p.has(k, c.concept) {
				return true
			}
		}
	}
	return false
}

// monthlyGrowth is the growth a month that multiplies by factor in the given number of months.
func monthlyGrowth(factor, months float64) float64 { return math.Pow(factor, 1/months) - 1 }

// readMultiples reads "doubling every 6 months", "3x a year", "10x in 12 months", and "flat".
func (p *parser) readMultiples() {
	for i := 0; i < len(p.toks); i++ {
		if p.toks[i].claimed {
			continue
		}
		factor, end := 0.0, i
		switch {
		case p.has(i, "double"):
			factor = 2
		case p.has(i, "triple"):
			factor = 3
		case p.isNum(i) && p.isSign(i+1, "x") && p.toks[i+1].glued && !p.isNum(i+2) && !(i+2 < len(p.toks) && p.toks[i+2].entity != nil):
			factor, end = p.toks[i].val, i+1
		case p.isSign(i, "x") && p.isNum(i+1) && p.toks[i+1].val <= 10 && p.periodNear(i+2):
			factor, end = p.toks[i+1].val, i+1
		case (p.has(i, "no", "flat", "steady") || p.raw(i) == "0" || p.raw(i) == "zero") && p.noGrowth(i):
			continue
		}
		if factor > 1 && factor <= 1000 {
			p.multiple(i, end, factor)
		}
	}
}

func (p *parser) periodNear(k int) bool {
	for j := k; j < k+3; j++ {
		if p.periodAt(j) != "" || p.has(j, "yoy", "mom") {
			return true
		}
	}
	return false
}

// noGrowth claims "no growth", "flat", "flat traffic" from token i on.
func (p *parser) noGrowth(i int) bool {
	j := i
	if p.has(i, "flat") && p.has(i+1, "clock", "steady") {
		return false // the shape of a day
	}
	if p.has(i, "flat") {
		for p.has(j+1, "volume", "grow") {
			j++
		}
		if p.has(i-1, "volume", "grow") {
			i--
		}
		if j == i && (p.raw(i) != "flat" && p.raw(i) != "stable" && p.raw(i) != "static" || p.isWord(j+1) && !p.toks[j+1].glue || p.raw(j+1) == "through" || p.raw(j+1) == "across" || p.raw(j+1) == "during") { // "static instructions", "flat through the day"
			return false
		}
	} else {
		j = i + 1
		for p.skippable(j) && j < i+3 && !p.has(j, "grow") {
			j++
		}
		if p.isSign(j, "%") || p.has(j, "pct") {
			j++
		}
		if !p.has(j, "grow") || p.has(i, "steady") {
			return false
		}
	}
	p.claim(i, j)
	p.growths = append(p.growths, reading{val: 0, span: span{i, j}})
	return true
}

// multiple reads the period in which a load is multiplied by factor.
func (p *parser) multiple(i, end int, factor float64) {
	from, to := i, end
	months, note := 0.0, ""
	for k, steps := end+1, 0; steps < 8 && !p.clauseEnd(k) && months == 0; k, steps = k+1, steps+1 {
		switch {
		case p.has(k, "yoy"):
			months, to = 12, k
		case p.has(k, "mom"):
			months, to = 1, k
		case p.periodAt(k) != "":
			n := 1.0
			if p.isNum(k - 1) {
				n = p.toks[k-1].val
			} else if v := numberWords[p.raw(k-1)]; v > 0 {
				n = v
			} else if p.raw(k-1) == "other" {
				n = 2
			} else if p.isSign(k-1, "-") && p.isNum(k-2) {
				n = p.toks[k-2].val
			}
			months, to = n/perMonth[p.periodAt(k)], k
		case p.isNum(k) && p.periodAt(k+1) == "" && !(p.isSign(k+1, "-") && p.periodAt(k+2) != ""):
			return
		case p.has(k, "grow"):
			to = k
		}
	}
	grows := p.has(i, "double", "triple")
	for k := i - 1; k >= i-4 && !p.clauseEnd(k); k-- {
		if p.has(k, "grow") {
			from, grows = k, true
		}
		if u := p.adverb(k); u != "" && months == 0 {
			months, from = 1/perMonth[u], min(from, k)
		}
	}
	if months == 0 {
		if !grows {
			return
		}
		months, note = 12, "“"+p.quote(span{from, to})+"” taken as within a year"
	}
	g := monthlyGrowth(factor, months)
	if !(g <= maxGrowth) {
		return
	}
	p.growths = append(p.growths, reading{val: g, span: span{from, to}, note: note})
	p.claim(from, to)
}

// growthTarget reads a volume that is to be reached: "to 1M in 12 months", after a word of growth.
func (p *parser) growthTarget(q *quantity) bool {
	if len(p.growths) > 0 {
		return false
	}
	k, ok := p.keyword(*q, "grow", "to", "from")
	switch {
	case ok && p.has(k, "from"):
		return false
	case !ok && !p.now():
		return false
	case !ok:
		k = q.from
	}
	grow := p.has(k, "grow")
	grow = grow || p.raw(k) == "to" && p.now()
	for j := k; j >= 0 && j > k-12 && !p.strongEnd(j) && !grow; j-- {
		grow = p.has(j, "grow") || p.raw(k) == "to" && p.raw(j) == "from" && (p.isNum(j+1) || p.isSign(j+1, "~"))
	}
	months, end := p.monthsAfter(q.next)
	if !ok && !p.wordBetween(q.next, end, "in", "within", "after", "over", "by") {
		return false
	}
	if !grow && !(!ok && p.now()) || months == 0 || q.noun < 0 && q.period == "" && !q.scaled && q.val < 1000 {
		return false
	}
	q.from, q.to = k, end
	p.target = &reading{val: q.val * perMonthOr1(q.period), lo: months, span: span{k, end}}
	return true
}

// now reports whether the request says what is the case today.
func (p *parser) now() bool {
	for i := range p.toks {
		switch p.raw(i) {
		case "now", "today", "currently", "presently":
			return true
		}
	}
	return false
}

// monthsAfter reads "in 12 months", "within a year" near token j.
func (p *parser) monthsAfter(j int) (float64, int) {
	for k := j; k < j+6 && !p.strongEnd(k); k++ {
		if p.isNum(k) && p.periodAt(k+1) == "" && !p.isSign(k+1, "-") {
			return 0, 0 // of another number
		}
		if u := p.periodAt(k); u != "" && perMonth[u] <= 1 {
			n := 1.0
			if p.isNum(k - 1) {
				n = p.toks[k-1].val
			} else if v := numberWords[p.raw(k-1)]; v > 0 {
				n = v
			}
			return n / perMonth[u], k
		}
	}
	return 0, 0
}

// ofIt reads "of it", "of which", "of that" shortly behind token k.
func (p *parser) ofIt(k int) bool {
	for j := k; j < k+3; j++ {
		if p.raw(j) != "of" {
			continue
		}
		switch p.raw(j + 1) {
		case "it", "which", "that", "them", "those", "these":
			return true
		case "the", "our", "all":
			return p.has(j+2, "promptw", "input", "token")
		}
	}
	return false
}

// part is a number of the requests, or of the tokens of a prompt, that a share is reckoned from.
type part struct {
	reading
	field   advisor.Field
	inverse bool
}

// partOfWhole reads "of which 3k is cached", "4.5k of it cached", "of which 9k are complex".
func (p *parser) partOfWhole(q *quantity) bool {
	if q.pct || q.cur != "" || q.period != "" {
		return false
	}
	reach := 14
	if !(p.raw(q.from-1) == "which" || p.ofIt(q.numEnd+1) || p.raw(q.from-1) == "including") {
		if w := p.raw(q.numEnd + 1); w != "are" && w != "is" {
			return false
		}
		reach = 4 // "9k are static instructions"
	}
	for k := q.numEnd + 1; k <= q.numEnd+reach && !p.clauseEnd(k) && !p.isNum(k); k++ {
		if f, inverse, end := p.shareNamed(k); f == advisor.FieldHardShare || f == advisor.FieldSensitiveShare {
			q.to = end
			p.parts = append(p.parts, part{reading{val: q.val, span: span{q.from, end}, note: p.thousands(q)}, f, inverse})
			return true
		}
		if p.has(k, "cached") || cachedHints[p.raw(k)] {
			for p.has(k+1, "cached") || cachedHints[p.raw(k+1)] {
				k++
			}
			q.to = k
			p.cachedOf = append(p.cachedOf, reading{val: q.val, span: span{q.from, k}, note: p.thousands(q)})
			return true
		}
	}
	return false
}

// settleParts turns parts into shares, where the whole is known.
func (p *parser) settleParts() {
	for _, r := range p.parts {
		if len(p.volumes) == 0 {
			return
		}
		whole := p.volumes[0].val / perMonthOr1(p.volumes[0].unit)
		if v := r.val / whole; v <= 1 {
			if r.inverse {
				v = 1 - v
			}
			p.setShare(r.field, roundShare(v), r.span)
		}
	}
	for _, r := range p.cachedOf {
		if p.w.InputTokens > 0 && r.val <= float64(p.w.InputTokens) {
			p.setShare(advisor.FieldCached, roundShare(r.val/float64(p.w.InputTokens)), r.span)
		}
	}
}
