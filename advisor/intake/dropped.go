package intake

import "slices"

// What no longer holds: "p95 can be 10 s, not 3 s", "not 40k but 4k", "1,500 (was 2,200)", "500 ms was too ambitious, 2 s is fine", "slowed to 2%". The
// number that is dropped loses its words where the other one says all of itself, else the other one takes its place.

// readContrasts drops the numbers that a request sets aside for another one.
func (p *parser) readContrasts() {
	for i := range p.toks {
		if p.isClaimed(i) {
			continue
		}
		switch w := p.raw(i); {
		case w == "(":
			p.dropBracket(i)
			p.dropTrialSize(i)
		case w == "no" && p.raw(i+1) == "longer" && (p.raw(i+2) == "need" || p.raw(i+2) == "want" || p.raw(i+2) == "require" || p.raw(i+2) == "use"):
			if b, ok := p.numberNear(i+3, 2); ok {
				p.dropNumber(p.signed(b))
			}
		case (w == "replace" || w == "swap") && !p.clauseEnd(i+1):
			p.replaced(i)
		case w == "not" || w == "isn't" || w == "isnt" || w == "wasn't":
			p.contrast(i)
		case w == "bother" && p.has(i-1, "no") || w == "count" && p.has(i-1, "no") && p.clauseEnd(i+1): // "that's just 200 calls, so don't bother"
			p.dropBehind(i)
		case w == "scope" && (p.raw(i-1) == "in" && p.has(i-2, "no") || p.raw(i-1) == "of" && p.raw(i-2) == "out"): // "300 port documents, but these are not in scope"
			if p.wordBetween(i-6, i, "these", "those", "they", "that") {
				p.dropBehind(i)
			}
		case trialWords[w] && p.wordBetween(i-5, i, "was") && p.wordBetween(i-5, i, "that", "this", "it", "which"): // "about 200k a month: that was the pilot"
			p.dropTrial(i)
		case formerFigure[w] && figureNouns[stem(p.raw(i+1))]:
			p.formerFigure(i)
		case strangers[w]:
			p.ofStrangers(i)
		case w == "was" || w == "were" || w == "is":
			p.tooMuchSaid(i)
		case slowedWords[w] && p.raw(i+1) == "to":
			p.supersede(i, i+2)
		case slowedWords[w] && p.raw(i+1) == "it" && p.raw(i+2) == "to":
			p.supersede(i, i+3)
		}
	}
}

// dropBehind drops the number before token i in its sentence.
func (p *parser) dropBehind(i int) {
	if a := p.numberBehind(i - 1); a >= 0 && !p.sentenceEnds(a, i) {
		p.dropNumber(p.signed(a))
	}
}

// dropTrial drops the number before "that was the pilot", which ends at token i.
func (p *parser) dropTrial(i int) {
	const reach = 14
	if a := p.numberBehind(i - 1); a >= 0 && i-a < reach && !p.strongEnd(a+1) {
		p.dropNumber(p.signed(a))
	}
}

// dropTrialSize sets aside the bracket at token i that says how large a trial was, where other people are counted who are to have it: "to about 1,800 of
// them. In the pilot (120 users, 6 weeks)".
func (p *parser) dropTrialSize(i int) {
	const reach, longest = 60, 20
	end := i + 1
	for end < i+longest && !p.strongEnd(end) && p.raw(end) != ")" {
		end++
	}
	if !trialWords[p.raw(i-1)] || p.raw(end) != ")" {
		return
	}
	inside, outside := false, false
	for k := max(0, i-reach); k < min(len(p.toks), end+reach); k++ {
		q, ok := p.quantityAt(k)
		people := ok && p.isNum(k) && (q.noun >= 0 && p.has(q.noun, "person") && !p.has(q.noun, "query", "doc") || p.raw(q.numEnd+1) == "of" && p.raw(q.numEnd+2) == "them")
		inside = inside || people && k > i && k < end
		outside = outside || people && !q.each && (k < i || k > end)
	}
	if !inside || !outside {
		return
	}
	p.doubt("“" + p.quote(span{i - 1, end}) + "” is the size of a trial and is not taken as the load")
	p.claim(i-1, end)
}

var (
	formerFigure = set("old former previous earlier original outdated")
	figureNouns  = set("figure number volume estimate value plan count forecast quote")
	deadWords    = set("dead gone obsolete outdated wrong invalid void history past forget ignore irrelevant off stale")
)

// formerFigure drops the number of an old figure that is said to hold no more: "the old figure of 2M a month is dead".
func (p *parser) formerFigure(i int) {
	const near, ahead = 4, 7
	a, ok := p.numberNear(i+2, near)
	if !ok || p.sentenceEnds(i, a) {
		return
	}
	q, _ := p.quantityAt(p.signed(a))
	for k := q.next; k < q.next+ahead && !p.strongEnd(k); k++ {
		if deadWords[p.raw(k)] {
			p.dropNumber(p.signed(a))
			return
		}
	}
}

// strangers are people whose load is not the speaker's.
var strangers = set("friend competitor competitors neighbour neighbor acquaintance cousin brother rival rivals")

// ofStrangers drops the number that somebody else has, where the speaker says an own one behind: "a friend of mine runs 1M calls a month; we are
// much smaller: 35k".
func (p *parser) ofStrangers(i int) {
	const near = 16
	for a := i + 1; a <= i+near && !p.strongEnd(a); a++ {
		if w := p.raw(a); w == "we" || w == "i" || w == "our" {
			return
		}
		if p.isNum(a) && !p.isClaimed(a) && p.toks[a].entity == nil {
			p.oursBehind(a)
		}
	}
}

// oursBehind drops the number a of somebody else where one like it is said to be ours.
func (p *parser) oursBehind(a int) {
	const ahead = 30
	n, _ := p.number(a)
	ours := false
	for k := n.next; k < n.next+ahead && k < len(p.toks); k++ {
		ours = ours || p.raw(k) == "we" || p.raw(k) == "our" || p.raw(k) == "ours" || p.raw(k) == "i" || p.raw(k) == "mine" || p.raw(k) == "we're"
		if ours && p.isNum(k) && p.alike(p.signed(a), p.signed(k)) {
			p.dropNumber(p.signed(a))
			return
		}
	}
}

// contrast reads "A, not B", "not B but A", "isn't B, it's more like A" at the "not" at token i.
func (p *parser) contrast(i int) {
	b, ok := p.numberNear(i+1, 2)
	if !ok || b > i+1 && !p.has(i+1, "usd", "eur") && p.raw(i+1) != "the" && p.raw(i+1) != "about" {
		return
	}
	q, ok := p.quantityAt(p.signed(b))
	if !ok || p.has(i-1, "if") || p.raw(i+1) == "more" {
		return
	}
	const near, ahead = 3, 6
	if a := p.numberBehind(i - 1); a >= 0 && p.raw(i) == "not" {
		old, whole := p.quantityAt(p.signed(a))
		if gap := i - old.next; whole && gap >= 0 && gap <= near && !p.sentenceEnds(old.next, i) && p.sameKind(old, q) {
			p.putFor(b, a)
			p.claim(i, i)
			return
		}
	}
	turned := false
	for k := max(q.to, q.numEnd) + 1; k <= max(q.to, q.numEnd)+ahead && k < len(p.toks) && !p.strongEnd(k); k++ {
		if p.isNum(k) {
			a, whole := p.quantityAt(p.signed(k))
			if turned && whole && (p.sameKind(a, q) || p.raw(i) == "not") {
				p.putFor(b, k)
				p.retire(i, i)
			}
			return
		}
		w := p.raw(k)
		turned = turned || w == "but" || w == "rather" || w == "it's" || w == "its" || w == "actually" || w == "more"
	}
}

// sameKind reports whether two quantities measure the same, or one of them says nothing of what it measures.
func (p *parser) sameKind(a, b quantity) bool {
	timed := func(u string) bool { return secondsIn[u] > 0 }
	return a.pct == b.pct && a.cur == b.cur && (a.unit == b.unit || timed(a.unit) && timed(b.unit) || a.unit == "" && a.noun < 0 && a.period == "" || b.unit == "" && b.noun < 0 && b.period == "")
}

// putFor drops number b for number a; where a says less of itself than b, it takes b's place.
func (p *parser) putFor(b, a int) {
	old, _ := p.quantityAt(p.signed(b))
	own, _ := p.quantityAt(p.signed(a))
	less := own.noun < 0 && old.noun >= 0 || own.period == "" && old.period != "" || own.unit == "" && old.unit != "" || own.cur == "" && old.cur != ""
	if less || own.pct && a > b {
		p.renumber(b, a)
		p.dropNumber(p.signed(a))
		return
	}
	p.dropNumber(p.signed(b))
}

// replaced drops what "replace X by Y" takes out.
func (p *parser) replaced(i int) {
	const reach = 9
	for k := i + 2; k < i+reach && !p.strongEnd(k); k++ {
		if p.raw(k) == "by" || p.raw(k) == "with" {
			p.retire(i, k)
			return
		}
		if p.toks[k].entity != nil || p.has(k, "classify", "chat") { // what runs today, rather than a figure of the request
			return
		}
	}
}

var formerWords = set("was were wrote previously formerly originally earlier before old")

// dropBracket drops the numbers of a bracket that says how it was: "1,500 (was 2,200)", "(I wrote 130,000, typo)".
func (p *parser) dropBracket(i int) {
	const reach, lead = 14, 4
	end, former, number := -1, false, false
	for k := i + 1; k < i+reach && k < len(p.toks); k++ {
		if p.raw(k) == ")" {
			end = k
			break
		}
		former = former || formerWords[p.raw(k)] && k < i+lead
		number = number || p.isNum(k)
	}
	if end < 0 || !former || !number || p.numberBehind(i-1) < 0 {
		return
	}
	p.retire(i+1, end-1)
}

var overWords = set("ambitious high low strict tight optimistic pessimistic inflated wrong outdated exaggerated")

// tooMuchSaid reads "500 ms p95 was too ambitious, 2 s is fine" at its "was".
func (p *parser) tooMuchSaid(i int) {
	j := i + 1
	if p.raw(j) == "too" {
		j++
	}
	if !overWords[p.raw(j)] || p.has(j, "pct") {
		return
	}
	const ahead = 8
	a, ok := p.numberNear(j+1, ahead)
	b := p.numberBehind(i - 1)
	if !ok || b < 0 || p.sentenceEnds(b, i) || p.sentenceEnds(j, a) {
		return
	}
	x, _ := p.quantityAt(p.signed(b))
	y, whole := p.quantityAt(p.signed(a))
	if whole && p.sameKind(y, x) {
		p.putFor(b, a)
	}
}

var slowedWords = set("slowed went fell dropped moved changed relaxed lowered raised reduced shrunk")

// supersede reads "was 9% a month, it slowed to 2%": the number behind the verb at i stands for the one before.
func (p *parser) supersede(i, from int) {
	a, ok := p.numberNear(from, 2)
	b := p.numberBehind(i - 1)
	if !ok || b < 0 || p.sentenceEnds(b, i) && p.raw(i+1) != "it" {
		return
	}
	x, _ := p.quantityAt(p.signed(b))
	y, whole := p.quantityAt(p.signed(a))
	if whole && p.sameKind(y, x) && (x.unit == y.unit || secondsIn[y.unit] > 0) && !p.grows(a) {
		p.putFor(b, a)
	}
}

// formerly tells of a figure that held before.
var formerly = set("was were old previous previously former formerly")

// settledWords say that a figure is the one that was decided on.
var settledWords = set("agreed approved signed decided settled written granted final")

// preferred keeps the readings that were decided on, where others were only asked for: "sales asked 1 s, ops offered 5 s, agreed 2.5 s".
func (p *parser) preferred(rs []reading) []reading {
	const before, behind = 7, 4
	settled := func(r reading) bool {
		for k := r.from - 1; k >= r.from-before && !p.clauseEnd(k) && !p.isNum(k); k-- {
			if settledWords[p.raw(k)] && !p.has(k-1, "no") {
				return true
			}
		}
		for k := r.from; k <= r.to+behind && (k <= r.to || !p.clauseEnd(k) && !p.isNum(k)); k++ {
			if p.raw(k) == "final" || p.raw(k) == "agreed" || p.raw(k) == "approved" {
				return true
			}
		}
		return false
	}
	former := func(r reading) bool { // "our SLA was 2 s, the new SLA is 3 s"
		const reach = 3
		for k := r.from; k <= r.to; k++ {
			if formerly[p.raw(k)] {
				return true
			}
		}
		for k := r.from - 1; k >= r.from-2*reach && !p.clauseEnd(k) && !p.isNum(k); k-- {
			if trialWords[p.raw(k)] { // "the pilot had a budget of $3,000"
				return true
			}
		}
		for k := r.from - 1; k >= r.from-reach && !p.clauseEnd(k) && !p.isNum(k); k-- {
			if formerly[p.raw(k)] {
				return true
			}
		}
		return formerly[p.raw(r.to+1)] && p.wordBetween(r.to+2, r.to+4, "old", "previous", "former")
	}
	wished := func(r reading) bool { // "sub-second would be lovely, two seconds is the limit"
		if p.raw(r.to+1) != "would" || p.raw(r.to+2) != "be" {
			return false
		}
		switch p.raw(r.to + 3) {
		case "lovely", "nice", "great", "ideal", "perfect", "awesome", "wonderful":
			return true
		}
		return false
	}
	if slices.ContainsFunc(rs, wished) && slices.ContainsFunc(rs, func(r reading) bool { return !wished(r) }) {
		rs = slices.DeleteFunc(slices.Clone(rs), wished)
	}
	if !slices.ContainsFunc(rs, settled) {
		if slices.ContainsFunc(rs, former) && slices.ContainsFunc(rs, func(r reading) bool { return !former(r) }) {
			return slices.DeleteFunc(slices.Clone(rs), former)
		}
		return rs
	}
	return slices.DeleteFunc(slices.Clone(rs), func(r reading) bool { return !settled(r) })
}
