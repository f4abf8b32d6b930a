package intake

import (
	"cmp"
	"slices"

	"github.com/llmadvise/llmadvise/advisor"
)

// Accelerators that a team has already cost it nothing more to buy: "we have 4 A100s idle", "on our 6 MI300X". Those that it wants, rents or
// weighs are sized and priced as any other.

var (
	// havingVerbs say that what follows is there, ownedWords that what stands right behind them is; wantingWords that it is not yet, or is
	// somebody else's.
	havingVerbs  = set("have has got own owns owned bought purchased inherited acquired there's")
	ownedWords   = set("our my own existing already idle spare unused")
	wantingWords = set("want wants need needs rent rents renting rented lease leases leasing leased buy buying get getting order ordering consider considering plan planning could should would might may " +
		"reserve reserved hire hiring compare versus vs if quote quoted offers offered offer borrow their his her")
	// lyingWords follow what is there: "4 A100s sitting idle", "2 L4s in the rack".
	lyingWords = set("idle unused sitting lying available spare already existing left leftover ourselves")
	// roomWords are where one's own machines stand.
	roomWords = set("rack racks basement closet house office server-room datacenter datacentre cellar premises stock hand garage lab home")
)

// fileCount files how many of an accelerator there are, where they are the team's own; else the number is noted and not used.
func (p *parser) fileCount(e *entity) {
	s := span{e.from, e.to}
	if e.count > 0 {
		s.from = e.counted
	}
	n, has := p.inStock(s, e.count)
	switch {
	case has && len(e.ids) == 1:
		p.w.Owned = hold(p.w.Owned, advisor.Held{GPU: e.ids[0], Count: n})
		p.claimStock(s)
		p.say(advisor.FieldOwned, s)
	case e.count > 0 && len(e.ids) == 1 && p.rentedToday(e):
		p.w.Rented = hold(p.w.Rented, advisor.Held{GPU: e.ids[0], Count: e.count})
		p.claimRent(s)
		p.say(advisor.FieldRented, s)
	case e.count > 0:
		p.doubt("“" + p.quote(s) + "”: the advice sizes on this card and may need another number of them; say “we own " + p.quote(s) + "” if they are there already, “we rent " + p.quote(s) + " today” if this runs on them")
	}
}

// claimStock claims the words that told that the accelerators at s are there.
func (p *parser) claimStock(s span) {
	const near = 6
	for k := s.from - 1; k >= s.from-near && !p.clauseEnd(k); k-- {
		if havingVerbs[p.raw(k)] || ownedWords[p.raw(k)] {
			p.claim(k, k)
		}
	}
	for k := s.to + 1; k <= s.to+near && !p.clauseEnd(k); k++ {
		if lyingWords[p.raw(k)] || roomWords[p.raw(k)] {
			p.claim(k, k)
		}
	}
	if k := p.boughtBehind(s); k >= 0 {
		p.claim(s.to+1, k)
		if (p.raw(k+1) == "last" || p.raw(k+1) == "this") && p.periodAt(k+2) != "" {
			p.claim(k+1, k+2)
		}
	}
}

// hold adds accelerators to those that are there; what is said twice counts once.
func hold(there []advisor.Held, h advisor.Held) []advisor.Held {
	for i := range there {
		if o := &there[i]; o.GPU == h.GPU {
			o.Count = max(o.Count, h.Count)
			return there
		}
	}
	there = append(there, h)
	slices.SortFunc(there, func(a, b advisor.Held) int { return cmp.Compare(a.GPU, b.GPU) })
	return there
}

// inStock reports whether the accelerators at s are there already, and how many: counted ones, or a single one ("we have an L40S").
func (p *parser) inStock(s span, count int) (int, bool) {
	if count == 0 {
		if w := p.raw(s.from - 1); w != "a" && w != "an" && w != "single" {
			return 0, false
		}
		count = 1
	}
	if p.onSomebodyElses(s) {
		return 0, false
	}
	return count, p.saidToHave(s) || p.saidToLie(s) || p.boughtBehind(s) >= 0
}

// saidToHave reports whether the nearest word before s that says where it comes from says that it is there.
func (p *parser) saidToHave(s span) bool {
	const reach = 9
	for k := s.from - 1; k >= s.from-reach && !p.strongEnd(k); k-- {
		switch w := p.raw(k); {
		case p.clauseEnd(k) && !p.namesCard(k-1):
			return false
		case wantingWords[w], p.negatedWord(k):
			return false
		case (w == "have" || w == "has") && p.raw(k+1) == "to", w == "get", w == "own" && p.raw(k-1) == "your":
			return false
		case havingVerbs[w], ownedWords[w] && k >= s.from-2:
			return !p.wantedBefore(k)
		case p.toks[k].entity != nil && !p.namesCard(k), p.isNum(k) && !p.countsCards(k):
			return false // that is what they have
		}
	}
	return false
}

// countsCards reports whether the number at token k counts accelerators, or is part of the name of one.
func (p *parser) countsCards(k int) bool {
	return p.namesCard(k) || slices.ContainsFunc(p.entities, func(e *entity) bool { return e.count > 0 && e.counted == k })
}

func (p *parser) namesCard(k int) bool {
	return k >= 0 && p.toks[k].entity != nil && p.toks[k].entity.kind == gpuName
}

// wantedBefore reports whether the verb at k is only wished for: "should we have", "if we bought", "don't have", "he has".
func (p *parser) wantedBefore(k int) bool {
	const reach = 3
	for j := k - 1; j >= k-reach && !p.clauseEnd(j); j-- {
		if w := p.raw(j); wantingWords[w] && w != "may" || p.negatedWord(j) || w == "vendor" || w == "provider" {
			return true
		}
	}
	return false
}

func (p *parser) negatedWord(k int) bool {
	w := p.raw(k)
	return w == "no" || w == "not" || w == "never" || w == "without" || len(w) > 3 && w[len(w)-3:] == "n't"
}

// saidToLie reports whether what follows s says that it is there: "sitting idle", "in the basement".
func (p *parser) saidToLie(s span) bool {
	const reach = 6
	for k := s.to + 1; k <= s.to+reach && !p.clauseEnd(k) && p.toks[k].entity == nil; k++ {
		w := p.raw(k)
		switch {
		case wantingWords[w], p.negatedWord(k), w == "for", w == "with", w == "and", w == "to":
			return false
		case lyingWords[w]:
			return true
		case roomWords[w]:
			return p.wordBetween(s.to, k, "in", "on", "at")
		}
	}
	return false
}

// boughtBehind is the word right behind accelerators at s that says that they are there, -1 if there is none: "2x A10G owned", "4x A100 (80 GB, bought)", "that
// we bought last year".
func (p *parser) boughtBehind(s span) int {
	k := s.to + 1
	for k < len(p.toks) && (p.raw(k) == "(" || p.raw(k) == "," && p.openBracket(k) || p.isNum(k) && bytesWords[p.raw(k+1)] || p.isNum(k-1) && bytesWords[p.raw(k)] || p.raw(k) == "all" || p.raw(k) == "already") {
		k++
	}
	said := false
	for ; p.raw(k) == "that" || p.raw(k) == "which" || p.raw(k) == "we" || p.raw(k) == "i" || p.raw(k) == "already"; k++ {
		said = said || p.raw(k) == "we" || p.raw(k) == "i"
	}
	w, next := p.raw(k), p.raw(k+1)
	if (w == "owned" || w == "bought" || w == "purchased" || said && havingVerbs[w]) && next != "to" && next != "by" && !wantingWords[next] {
		return k
	}
	return -1
}

// onSomebodyElses reports whether the accelerators at s stand at a vendor: "16x A10G on AWS".
func (p *parser) onSomebodyElses(s span) bool {
	const reach = 5
	for k := s.to + 1; k <= s.to+reach && !p.clauseEnd(k); k++ {
		e := p.toks[k].entity
		if e != nil && e.kind == providerName {
			return p.wordBetween(s.to, k, "on", "at", "from", "in", "with")
		}
	}
	return false
}
