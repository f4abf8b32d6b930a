package intake

// What others say gives way to what the speaker says: "my boss says 10M a month, take 2M", "the deck claims 4M, the real number is 1.1M".

var (
	others = set("boss ceo cto cfo coo cio vp chief manager managers marketing sales salesman vendor vendors supplier suppliers consultant consultants analyst analysts colleague colleagues deck pitch brochure " +
		"management board investors investor finance procurement quote slide slides rumour rumours everyone everybody somebody someone people press article report product owner founder founders he she they head director lead")
	saying = set("say says said saying claim claims claimed think thinks thought tell tells told write writes wrote dream dreams dreaming forecast forecasts forecasted predict predicts predicted assume assumes assumed hope hopes hoped " +
		"expect expects expected reckon reckons reckoned insist insists want wants wanted promise promises promised estimate estimates estimated talk talks mention mentions mentioned guess guesses guessed believe believes believed quoted projects projected demand demands demanded put puts")
	// ownWords start what is to be reckoned with.
	ownWords = set("take use calculate plan assume size compute reckon realistically realistic reality really actual actually real true truth logs measured measure measurements honestly closer rather fact think thinks say believe see mine figure")
	// enoughWords end it: "but 3 s is fine".
	enoughWords = set("fine ok okay enough suffices acceptable do works")
)

// readHearsay drops a number that somebody else says where the speaker says another.
func (p *parser) readHearsay() {
	for i := range p.toks {
		if !saying[p.raw(i)] || !p.toldByOthers(i) {
			continue
		}
		const ahead = 9
		a, ok := p.numberNear(i+1, ahead)
		if !ok || p.sentenceEnds(i+1, a) {
			continue
		}
		if b, marker, ok := p.ownNumber(a); ok {
			p.override(a, b, marker)
		} else if p.wordBetween(a+1, a+ahead, "mine") && p.numberBehind(a-1) >= 0 { // "I think 100k, my boss thinks 500k; go with mine"
			p.dropNumber(p.signed(a))
		}
	}
}

// toldByOthers reports whether somebody else is the subject of the verb at i.
func (p *parser) toldByOthers(i int) bool {
	const reach = 5
	for k := i - 1; k >= i-reach && !p.strongEnd(k) && !p.isNum(k); k-- {
		switch w := p.raw(k); {
		case w == "i" || w == "we" || w == "i'd" || w == "we'd":
			return false
		case others[w]:
			return true
		}
	}
	return false
}

// ownNumber finds the speaker's own number behind the number a, and the words that start it.
func (p *parser) ownNumber(a int) (b, marker int, ok bool) {
	const ahead = 22
	n, ok := p.number(a)
	if !ok {
		return 0, 0, false
	}
	marker, but := -1, false
	for k := n.next; k < n.next+ahead && k < len(p.toks); k++ {
		switch w := p.raw(k); {
		case p.isNum(k) && p.toks[k].val >= 1990 && p.toks[k].val <= 2040 && len(p.raw(k)) == 4: // a year
		case p.isNum(k) && !p.isClaimed(k) && p.toks[k].entity == nil:
			old, _ := p.quantityAt(p.signed(a))
			own, whole := p.quantityAt(p.signed(k))
			const credible = 1000 // times smaller or greater
			if !whole || !p.alike(p.signed(a), p.signed(k)) || own.cur != "" && old.cur == "" || own.val*credible < old.val || old.val*credible < own.val {
				continue
			}
			if marker >= 0 {
				return k, marker, true
			}
			for j := own.next; but && j < own.next+4 && !p.clauseEnd(j); j++ {
				if enoughWords[p.raw(j)] {
					return k, k, true
				}
			}
			return 0, 0, false
		case w == "but" || w == "however":
			but, marker = true, -1
		case ownWords[w] && !(saying[w] && p.toldByOthers(k)):
			if marker < 0 {
				marker = k
			}
		case p.strongEnd(k):
			marker = -1
		}
	}
	return 0, 0, false
}

// override puts number b in the place of number a; where b says all of itself, a is dropped.
func (p *parser) override(a, b, marker int) {
	old, _ := p.quantityAt(p.signed(a))
	own, _ := p.quantityAt(p.signed(b))
	if own.noun >= 0 || own.period != "" || own.unit != "" {
		p.dropNumber(old.from)
		return
	}
	p.renumber(a, b)
	if n, ok := p.number(b); ok {
		p.claim(min(marker, b), n.next-1)
	}
}
