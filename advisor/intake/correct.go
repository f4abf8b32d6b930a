package intake

import (
	"math"
	"slices"
)

// People take back what they just typed: "400k msgs/mo, sorry, actually 40k not 400k". The later number stands.

// readCorrections drops numbers that the request itself takes back.
func (p *parser) readCorrections() {
	p.readPast()
	for i := range p.toks {
		end, ok := p.takesBack(i)
		if !ok {
			continue
		}
		b, ok := p.numberNear(end+1, 4)
		if !ok {
			continue
		}
		if a := p.numberBehind(i - 1); a >= 0 {
			p.replace(a, b, i)
		}
	}
}

// readPast drops an amount that was, or will be, where another one is: "budget was 10k but they cut it to 6k", "1M by next year, but today
// it is 120k", "2M visitors but only 30k of them".
func (p *parser) readPast() {
	const ahead = 8
	for i := range p.toks {
		if w := p.raw(i); w != "but" && w != "now" && w != "however" {
			continue
		}
		a := p.numberBehind(i - 1)
		b, ok := p.numberNear(i+1, ahead)
		if a < 0 || !ok {
			continue
		}
		switch {
		case p.wordBetween(i, b, "today", "currently", "present", "only"):
			p.dropNumber(a)
		case p.wordBetween(a-ahead, i, "was", "were", "used"): // the words around the old amount hold for the new one
			p.renumber(a, b)
			p.dropNumber(b)
		}
	}
}

func (p *parser) wordBetween(from, to int, words ...string) bool {
	for k := max(0, from); k < to; k++ {
		if slices.Contains(words, p.raw(k)) {
			return true
		}
	}
	return false
}

// renumber gives number a the value of number b.
func (p *parser) renumber(a, b int) {
	na, okA := p.number(a)
	nb, okB := p.number(b)
	if !okA || !okB || math.IsNaN(nb.val) {
		return
	}
	p.toks[a].val, p.toks[a].thousands, p.toks[a].raw = nb.val, 0, plainNumber(nb.val)
	p.claim(a+1, na.next-1)
}

// dropNumber leaves a number and what it counts out of account.
func (p *parser) dropNumber(i int) {
	q, ok := p.quantityAt(i)
	if !ok {
		return
	}
	p.claim(q.from, max(q.to, q.numEnd))
}

// takesBack reports whether words that correct start at i, and where they end.
func (p *parser) takesBack(i int) (int, bool) {
	switch {
	case p.raw(i) == "i" && p.raw(i+1) == "mean", p.raw(i) == "make" && p.raw(i+1) == "that", p.raw(i) == "scratch" && p.raw(i+1) == "that", p.raw(i) == "no" && p.raw(i+1) == "wait":
		i++
	case p.raw(i) == "sorry" || p.raw(i) == "correction" || p.raw(i) == "oops":
	default:
		return i, false
	}
	for p.clauseEnd(i+1) && i+1 < len(p.toks) || p.raw(i+1) == "actually" || p.raw(i+1) == "sorry" || p.raw(i+1) == "rather" {
		i++
	}
	return i, true
}

func (p *parser) numberNear(i, reach int) (int, bool) {
	for k := i; k < i+reach && k < len(p.toks); k++ {
		if p.isNum(k) && !p.isClaimed(k) {
			return k, true
		}
	}
	return 0, false
}

// numberBehind is the nearest number before i, -1 none near.
func (p *parser) numberBehind(i int) int {
	const reach = 12
	for k := i; k >= 0 && k > i-reach; k-- {
		if p.isNum(k) && !p.isClaimed(k) {
			return k
		}
	}
	return -1
}

// replace puts number b in the place of number a, where b stands alone; where b says again what it counts, a is dropped with its words.
// The words of the correction, at i, are dropped either way, and so is "not 400k" behind it.
func (p *parser) replace(a, b, i int) {
	nb, ok := p.number(b)
	if !ok {
		return
	}
	end := nb.next - 1
	if p.raw(end+1) == "not" && p.isNum(end+2) {
		if old, ok := p.number(end + 2); ok {
			p.claim(end+1, old.next-1)
		}
	}
	if q, ok := p.quantityAt(b); ok && (q.noun >= 0 || q.period != "" || q.unit != "") {
		p.claim(a, b-1)
		return
	}
	p.renumber(a, b)
	p.claim(i, end)
}
