package intake

import (
	"slices"
	"strings"
)

// A load is often said twice: what comes on average beside what comes at the busiest time, or a part beside what it all adds up to.

var (
	meanWords = set("median average avg avg. averaging averages mean onaverage on-average normally typically usually otherwise typical normal ordinarily sustained")
	// burstWords tell when a load comes that is not there all the time.
	burstWords = set("when whenever during if")
)

// meanBeside reports whether words beside a number make it a mean: "3 on average", "averaging 3", "2 otherwise".
func (p *parser) meanBeside(q *quantity) bool {
	for k := q.from - 1; k >= q.from-6 && !p.clauseEnd(k) && !p.isNum(k); k-- {
		if meanWords[p.raw(k)] {
			return true
		}
	}
	for k := q.numEnd + 1; k <= q.next+2 && !p.clauseEnd(k) && !p.isNum(k); k++ {
		if meanWords[p.raw(k)] {
			return !p.numberFollows(k) || k == q.next && p.raw(k+1) == "with"
		}
	}
	return false
}

// readMeanPart reads a mean that is said as a part of the peak: "peak 60, on average a quarter of that".
func (p *parser) readMeanPart() {
	const before = 4
	for i := range p.toks {
		v, s, ok := p.fractionOf(i)
		if !ok {
			if !p.isNum(i) || !p.has(i+1, "pct") || p.isClaimed(i) {
				continue
			}
			v, s = p.toks[i].val/100, span{i, i + 1}
		}
		k := s.to + 1
		if p.raw(k) != "of" {
			continue
		}
		for k++; p.raw(k) == "the"; k++ {
		}
		if p.raw(k) != "that" && p.raw(k) != "it" && p.raw(k) != "this" && !p.has(k, "peak") {
			continue
		}
		for j := s.from - 1; j >= s.from-before && !p.clauseEnd(j) && !p.isNum(j); j-- {
			if meanWords[p.raw(j)] {
				p.meanPart = &reading{val: v, span: span{j, k}}
				p.claim(j, k)
				return
			}
		}
	}
}

// settleMeanPart turns that part into a volume, where the peak is known and no volume is.
func (p *parser) settleMeanPart() {
	if m := p.meanPart; m != nil && len(p.peaks) > 0 && len(p.volumes) == 0 {
		p.volumes = append(p.volumes, reading{val: p.peaks[0].val * m.val * perMonth["second"], unit: "second", span: m.span, mean: true,
			note: "“" + p.quote(m.span) + "” reckoned from the peak"})
	}
}

// borrowRate gives a bare number, said to be a mean or a peak, the unit of the rate near it: "20 requests per second at peak, 5 on average".
func (p *parser) borrowRate(q *quantity, mean bool) {
	peak := p.jumpsTo(q.from)
	for k := q.numEnd + 1; k <= q.numEnd+4 && !p.clauseEnd(k) && !p.isNum(k); k++ {
		peak = peak || p.has(k, "peak")
	}
	if !mean && !peak {
		return
	}
	const reach = 12
	for k := q.from - 1; k >= q.from-reach && (!p.strongEnd(k) || p.raw(k) == ";" && peak); k-- {
		if p.rateUnit(q, k) {
			return
		}
	}
	for k := q.numEnd + 1; k <= q.numEnd+reach && !p.strongEnd(k); k++ {
		if p.rateUnit(q, k) {
			return
		}
	}
}

// rateUnit reads the unit of a rate at token k into q.
func (p *parser) rateUnit(q *quantity, k int) bool {
	if p.has(k, "qps", "rpm") {
		q.unit = map[bool]string{true: "qps", false: "rpm"}[p.has(k, "qps")]
		return true
	}
	if period, _, _ := p.windowAt(k); period == "second" || period == "minute" {
		q.period = period
		return true
	}
	return false
}

// inTotal reports whether a volume is said to be all there is: "in total 150k calls a month", "monthly total 7.5 million".
func (p *parser) inTotal(q *quantity) bool {
	const back, ahead = 3, 2
	for k := q.from; k >= q.from-back && !p.clauseEnd(k); k-- {
		if p.has(k, "total") {
			return true
		}
	}
	for k := q.from; k <= q.next+ahead && (k <= q.to || !p.clauseEnd(k)); k++ {
		if p.has(k, "total") {
			return true
		}
	}
	return false
}

// onlyTotals keeps the volumes that are said to be all there is, where any is: they win over products and over rates.
func (p *parser) onlyTotals(vs []reading) []reading {
	total := func(v reading) bool { return v.total }
	last := -1
	for _, v := range vs {
		if v.result {
			last = max(last, v.from) // what is worked out last is what it comes to
		}
	}
	if last >= 0 {
		total = func(v reading) bool { return v.from == last }
	}
	if !slices.ContainsFunc(vs, total) || !slices.ContainsFunc(vs, func(v reading) bool { return !total(v) && v.unit != "" }) {
		return vs
	}
	out := []reading{}
	for _, v := range vs {
		switch {
		case total(v):
			out = append(out, v)
		case perSecond(v) && len(p.peaks) == 0:
			p.peaks = append(p.peaks, reading{val: perSecondOf(v), span: v.span})
		default:
			p.doubt("“" + p.quote(v.span) + "” is not used: a total is said")
		}
	}
	return out
}

// perSecondOf is the rate of a second that a volume was said as.
func perSecondOf(v reading) float64 {
	if strings.HasSuffix(v.unit, "office") {
		return v.val / perMonth["secondoffice"]
	}
	return v.val / perMonth["second"]
}

// perSecond reports whether a volume was said as a rate of a second or a minute.
func perSecond(v reading) bool {
	return strings.HasPrefix(v.unit, "second") || strings.HasPrefix(v.unit, "minute")
}

// meanAndPeak takes the greater of two rates for the peak, where the other one is said to be the mean or it only comes at times.
func (p *parser) meanAndPeak(vs []reading) []reading {
	if len(p.peaks) > 0 || len(vs) < 2 || slices.ContainsFunc(vs, func(v reading) bool { return !perSecond(v) }) {
		return vs
	}
	top := vs[len(vs)-1]
	if top.mean || !vs[0].mean && !p.atTimes(top.span) {
		return vs
	}
	p.peaks = append(p.peaks, reading{val: max(perSecondOf(top), top.hi/perMonth["second"]), span: top.span})
	p.volumes = slices.DeleteFunc(p.volumes, func(v reading) bool { return v.span == top.span })
	return vs[:len(vs)-1]
}

// atTimes reports whether what follows a load says when it comes: "300 rps when an event runs".
func (p *parser) atTimes(s span) bool {
	for k := s.to + 1; k <= s.to+2 && !p.clauseEnd(k); k++ {
		if burstWords[p.raw(k)] {
			return true
		}
	}
	return false
}
