package intake

import (
	"math"
	"strings"
)

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

// growth reads "10% m/m", "growing 20% a year", "5% monthly growth".
func (p *parser) growth(q *quantity, v float64) bool {
	from, to := q.from, q.to
	grows, sign := false, 1.0
	period := q.period
	look := func(k int) {
		if p.has(k, "grow", "mom", "yoy", "qoq", "shrink") && !p.isClaimed(k) {
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
			if p.has(k, "qoq") {
				period = "quarter"
			}
		}
		if p.raw(k) == "more" && k == q.numEnd+2 && (p.raw(k+1) == "next" || p.raw(k+1) == "each" || p.raw(k+1) == "every") && p.periodAt(k+2) == "year" { // "20% more next year"
			grows, period = true, "year"
			to = max(to, k+2)
		}
		if u := p.adverb(k); u != "" && period == "" {
			period = u
		}
		if u, _, _ := p.windowAt(k); u != "" && period == "" && (p.has(k, "per") || p.isSign(k, "/")) && p.has(k-1, "grow", "shrink") { // "15% growth per quarter"
			period = u
		}
	}
	for k, steps := q.numEnd+2, 0; steps < 6 && !p.clauseEnd(k) && !p.isNum(k); k, steps = k+1, steps+1 {
		look(k)
	}
	for k, steps := q.from-1, 0; steps < 6 && !p.clauseEnd(k) && !p.isNum(k); k, steps = k-1, steps+1 {
		look(k)
	}
	const mostUnsaid = 0.3 // more is a part: "15k monthly active, 40% weekly"
	if !grows && (period == "week" && v > mostUnsaid || period == "day" || period == "" || p.shareNear(q) || p.raw(q.numEnd+2) == "of" || p.wordBetween(q.next, q.next+3, "use", "uses", "ask", "open", "contact")) {
		return false
	}
	note := ""
	if period == "" && sign < 0 && !p.ofLoad(from) { // "the spam filter drops 35%"
		return false
	}
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

// ofLoad reports whether words before token k speak of the load.
func (p *parser) ofLoad(k int) bool {
	const reach = 5
	for j := k - 1; j >= k-reach && !p.strongEnd(j); j-- {
		if p.has(j, "volume", "query", "person", "doc") || p.raw(j) == "it" || p.raw(j) == "we" {
			return true
		}
	}
	return p.clauseEnd(k - 1)
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
		var factor float64
		end := i
		switch {
		case p.has(i, "double") && strings.HasPrefix(p.raw(i+1+p.hyphenAt(i+1)), "check"): // "double-checks"
			continue
		case p.has(i, "double"):
			factor = 2
		case p.has(i, "triple"):
			factor = 3
		case p.isWord(i) && strings.HasSuffix(p.raw(i), "fold") && numberWords[strings.TrimSuffix(p.raw(i), "fold")] > 1: // "sixfold within a year"
			factor = numberWords[strings.TrimSuffix(p.raw(i), "fold")]
		case p.isNum(i) && p.isSign(i+1, "x") && p.toks[i+1].glued && !p.isNum(i+2) && !(i+2 < len(p.toks) && p.toks[i+2].entity != nil):
			factor, end = p.toks[i].val, i+1
		case p.isSign(i, "x") && p.isNum(i+1) && p.toks[i+1].val <= 10 && p.periodNear(i+2) && !p.factorSign(i):
			factor, end = p.toks[i+1].val, i+1
		case (p.has(i, "no", "flat", "steady") || p.raw(i) == "0" || p.raw(i) == "zero") && p.noGrowth(i):
			continue
		default:
			factor, end = p.foldAt(i)
		}
		if factor > 1 && factor <= 1000 {
			p.multiple(i, end, factor)
		}
	}
}

// hyphenAt is how many tokens a hyphen at token k takes.
func (p *parser) hyphenAt(k int) int {
	if p.isSign(k, "-") {
		return 1
	}
	return 0
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
	if p.has(i, "flat") && (p.has(i+1, "clock", "steady", "usd", "eur") || p.isNum(i+1) || p.raw(i+1) == "," && (p.raw(i+2) == "day" || p.has(i+2, "clock", "round")) || p.raw(i) == "flats" || p.raw(i-1) == "per" || p.raw(i-1) == "a") {
		return false // the shape of a day, or where people live
	}
	if p.has(i, "flat") {
		for p.has(j+1, "volume", "grow") {
			j++
		}
		if p.has(i-1, "volume", "grow") {
			i--
		}
		if j == i && (p.raw(i) != "flat" && p.raw(i) != "stable" || p.isWord(j+1) && !p.toks[j+1].glue || p.raw(j+1) == "through" || p.raw(j+1) == "across" || p.raw(j+1) == "during") { // "static instructions", "flat through the day"
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
	grows := p.has(i, "double", "triple") || strings.HasSuffix(p.raw(end), "fold")
	for k := i - 1; k >= i-4 && !p.clauseEnd(k); k-- {
		if p.has(k, "grow") {
			from, grows = k, true
		}
		if u := p.adverb(k); u != "" && months == 0 {
			months, from = 1/perMonth[u], min(from, k)
		}
	}
	if months == 0 {
		if !grows || p.inSeason(from, to) {
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

var seasonWords = set("season seasons seasonal december november january february march april may june july august september october christmas xmas holiday holidays summer winter spring autumn fall weekend weekends friday monday sunday peak peaks rush campaign sale sales event events busy")

// inSeason reports whether the clause around tokens from to to speaks of a time of the year: a load that doubles then does not grow.
func (p *parser) inSeason(from, to int) bool {
	c := around(span{from, to}, p.clauseEnd)
	for k := c.from; k <= c.to; k++ {
		if seasonWords[p.raw(k)] || seasonWords[stem(p.raw(k))] || dayNames[stem(p.raw(k))] {
			return true
		}
	}
	return false
}

// growthTarget reads a volume that is to be reached: "to 1M in 12 months", after a word of growth.
func (p *parser) growthTarget(q *quantity) bool {
	if len(p.growths) > 0 {
		return false
	}
	k, ok := p.keyword(*q, "grow", "to", "from")
	start := p.startsWith()
	now := p.now() || start >= 0 && start < q.from
	switch {
	case ok && p.has(k, "from"):
		return false
	case !ok && !now:
		return false
	case !ok:
		k = q.from
	}
	grow := p.has(k, "grow")
	grow = grow || p.raw(k) == "to" && now
	for j := k; j >= 0 && j > k-12 && !p.strongEnd(j) && !grow; j-- {
		grow = p.has(j, "grow") || p.raw(k) == "to" && p.raw(j) == "from" && (p.isNum(j+1) || p.isSign(j+1, "~"))
	}
	months, end := p.monthsAfter(q.next)
	if !ok && !p.wordBetween(q.next, end, "in", "within", "after", "over", "by") {
		return false
	}
	if !grow && !(!ok && now) || months == 0 || q.noun < 0 && q.period == "" && !q.scaled && q.val < 1000 {
		return false
	}
	q.from, q.to = k, end
	p.target = &reading{val: q.val * perMonthOr1(q.period), lo: months, span: span{k, end}}
	return true
}

// startsWith is the number that the load is said to start with, -1 none: "start with 10k requests a month, 1M in 12 months".
func (p *parser) startsWith() int {
	const reach = 3
	for i := range p.toks {
		switch p.raw(i) {
		case "start", "starts", "starting", "begin", "begins", "beginning", "launch", "launching":
		default:
			continue
		}
		if w := p.raw(i + 1); w != "with" && w != "at" && w != "from" && w != "off" {
			continue
		}
		for k := i + 2; k < i+2+reach && !p.clauseEnd(k); k++ {
			if p.isNum(k) {
				return k
			}
		}
	}
	return -1
}

// now reports whether the request says what is the case today.
func (p *parser) now() bool {
	for i := range p.toks {
		switch p.raw(i) {
		case "now", "today", "currently", "presently":
			if w := p.raw(i - 1); w != "till" && w != "until" && w != "to" {
				return true
			}
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
