package intake

// People who have an account are not all people who ask: "1 million MAU, 2% use the assistant, 10 queries each a month".

var (
	askingWords = set("chats chatting use uses using used adopt adopts adoption active actively ask asks engage engages engagement interact interacts open opens try tries chat click clicks convert conversion reach contact contacts log come")
)

var talkWords = set("talk talks speak chat play need request")

// readActive takes the part of a number of people, or of a load, that is said to ask for that number.
func (p *parser) readActive() {
	for i := range p.toks {
		if p.takeActive(i) {
			continue
		}
		if v, s, ok := p.partOfPeople(i); ok {
			p.takePart(s.to, v, s)
		} else if v, s, ok := p.someOf(i); ok {
			p.takePart(s.to, v, s)
		} else if v, s, k, ok := p.whoOf(i); ok {
			p.takePart(k, v, s)
		} else if v, s, k, ok := p.loadTaken(i); ok {
			p.takePart(k, v, s)
		} else if v, s, k, ok := p.appliedTo(i); ok {
			p.takePart(k, v, s)
		} else if v, s, ok := p.partOfLoad(i); ok {
			p.takePart(s.to, v, s)
		} else if k, v, s := p.restOfLoad(i); k >= 0 {
			p.takePart(k, v, s)
		}
	}
}

// takeActive takes the part at token i of the people counted before it.
func (p *parser) takeActive(i int) bool {
	const reach = 16
	v, s, ok := p.activeAt(i)
	for k := i - 1; ok && k >= i-reach && k >= 0; k-- {
		if !p.isNum(k) && !p.wordedCount(k) || p.isClaimed(k) || p.toks[k].entity != nil {
			continue
		}
		q, ok := p.quantityAt(k)
		if !ok || q.pct || q.hi != 0 || !p.peopleCounted(&q, s) {
			return false
		}
		for j := s.to + 1; j <= s.to+4 && !p.clauseEnd(j); j++ {
			p.activeDaily = p.activeDaily || p.raw(j) == "daily" || p.raw(j) == "day" && (p.raw(j-1) == "any" || p.raw(j-1) == "each" || p.raw(j-1) == "every" || p.raw(j-1) == "given" || p.raw(j-1) == "a")
		}
		p.activeDaily = p.activeDaily || p.raw(s.to) == "daily"
		p.takePart(k, v, s)
		return true
	}
	return false
}

// peopleCounted reports whether a number counts people, or those who come, of whom a share behind it, at s, may be active.
func (p *parser) peopleCounted(q *quantity, s span) bool {
	k := q.numEnd + 1
	return q.noun >= 0 && p.has(q.noun, "person") || viewWords[stem(p.raw(k))] || viewWords[stem(p.raw(k+1))] || q.noun < 0 && p.raw(s.from+1) == "of" && p.isWord(k) && p.plural(k) && p.periodAt(k) == "" // "half of them"
}

// wordedCount reports whether a large number in words starts at token k: "two million".
func (p *parser) wordedCount(k int) bool {
	return numberWords[p.raw(k)] > 0 && isMultiplier(p.raw(k+1))
}

// takePart takes a part of the number at k; s are the words that say which.
func (p *parser) takePart(k int, v float64, s span) {
	q, ok := p.quantityAt(k)
	n, read := p.number(k)
	if !ok || !read {
		return
	}
	p.doubt("“" + p.quote(s) + "” taken of “" + p.quote(q.span) + "”")
	val := max(q.val, q.other) * v
	p.toks[k].kind, p.toks[k].val, p.toks[k].thousands, p.toks[k].raw = num, val, 0, plainNumber(val)
	p.retire(k+1, n.next-1)
	for i := s.from; i <= s.to; i++ {
		p.toks[i].claimed = p.toks[i].claimed || i != k
	}
}

// partOfPeople reads "10% of our 50k users" at token i; the span ends at the number of people.
func (p *parser) partOfPeople(i int) (float64, span, bool) {
	v, s, q, ok := p.shareOfCount(i)
	return v, s, ok && p.has(q.noun, "person") && !p.sharesOut(q)
}

// someOf reads "600 of our 2,500 employees" at token i as a part of the people; the span ends at their number.
func (p *parser) someOf(i int) (float64, span, bool) {
	n, ok := p.number(i)
	if !ok || !p.isNum(i) || p.isClaimed(i) || p.raw(n.next) != "of" {
		return 0, span{}, false
	}
	k := n.next + 1
	for k < n.next+4 && p.isWord(k) && p.toks[k].glue {
		k++
	}
	q, whole := p.quantityAt(k)
	some, all := max(n.val, n.other), max(q.val, q.other)
	if !whole || !p.isNum(k) || q.noun < 0 || !p.has(q.noun, "person") || q.pct || q.hi != 0 || some >= all || p.sharesOut(q) {
		return 0, span{}, false
	}
	return some / all, span{i, k}, true
}

// whoOf reads "28 of whom use it" at token i, behind the number k of people.
func (p *parser) whoOf(i int) (v float64, s span, k int, ok bool) {
	n, ok := p.number(i)
	if !ok || p.isClaimed(i) || p.raw(n.next) != "of" || p.raw(n.next+1) != "whom" && p.raw(n.next+1) != "them" || !p.onDuty(n.next+2) {
		return 0, span{}, 0, false
	}
	a := p.numberBehind(i - 1)
	if a < 0 || p.strongEnd(i-1) {
		return 0, span{}, 0, false
	}
	all, whole := p.quantityAt(a)
	if !whole || all.noun < 0 || !p.has(all.noun, "person") || all.val <= n.val || a != all.numEnd {
		return 0, span{}, 0, false
	}
	return n.val / max(all.val, all.other), span{i, n.next + 1}, a, true
}

// loadTaken reads "of the 400k claims, 100k go to the LLM", "12 million predictions, 4 million of them should move to an LLM" at the second number
// i; k is the first.
func (p *parser) loadTaken(i int) (v float64, s span, k int, ok bool) {
	if v, s, ok := p.fractionOf(i); ok && !p.isClaimed(i) && p.toTheModel(s.to+1) { // "15 messages a second, 1 in 10 goes to the LLM"
		if k = p.numberBehind(i - 1); k >= 0 && !p.sentenceEnds(k, i) {
			if all, whole := p.quantityAt(k); whole && all.period != "" && all.cur == "" && !all.pct {
				return v, s, k, true
			}
		}
	}
	n, ok := p.number(i)
	if !ok || !p.isNum(i) || p.isClaimed(i) {
		return 0, span{}, 0, false
	}
	j := n.next
	share := p.has(j, "pct") && n.val < 100
	if share {
		j++
	}
	of := p.raw(j) == "of" && (p.raw(j+1) == "them" || p.raw(j+1) == "those" || p.raw(j+1) == "these" || p.raw(j+1) == "which")
	if of {
		j += 2
	}
	const reach = 9
	goes := false
	end := -1
	for e := j; e < j+reach && !p.clauseEnd(e); e++ {
		goes = goes || goingVerbs[p.raw(e)] || p.raw(e) == "need" || p.raw(e) == "needs" || p.raw(e) == "require" || p.raw(e) == "requires" || p.raw(e) == "move" || p.raw(e) == "get" || p.raw(e) == "gets"
		goes = goes || of && (p.raw(e) == "suitable" || p.raw(e) == "eligible" || p.raw(e) == "meant")
		if w := p.raw(e); goes && (w == "llm" || w == "model" || of && (w == "bot" || w == "ai" || w == "assistant")) {
			end = e
			break
		}
	}
	k = p.numberBehind(i - 1)
	only := share && p.raw(i-1) == "only" && p.clauseEnd(i-2)
	if end < 0 || k < 0 || p.sentenceEnds(k, i) && !only {
		return 0, span{}, 0, false
	}
	all, whole := p.quantityAt(k)
	some := max(n.val, n.other)
	if only && whole && all.period != "" && all.cur == "" && !all.pct { // "21,000 labels a day. Only 6% fail the rules and go to the LLM"
		return shift(n.val, -2), span{i, end}, k, true
	}
	if share && whole && all.noun >= 0 && p.has(all.noun, "query", "doc", "chats") && !p.sharesOut(quantity{noun: j - 1}) { // "70k alerts a day, 30% go to the LLM"
		return shift(n.val, -2), span{i, end}, k, true
	}
	if !whole || share || all.noun < 0 || !p.has(all.noun, "query", "doc", "chats") || max(all.val, all.other) <= some || !of && !p.wordBetween(k-4, k, "of") {
		return 0, span{}, 0, false
	}
	return some / max(all.val, all.other), span{i, end}, k, true
}

// appliedTo reads "it is invoked on 40% of them" at token i; k is the number of what they are.
func (p *parser) appliedTo(i int) (v float64, s span, k int, ok bool) {
	const reach = 4
	if p.isClaimed(i) || !p.wordBetween(i-reach, i, "opens", "opened", "starts", "started", "appears", "invoked", "called", "applied", "triggered", "runs", "run", "works", "used") || p.raw(i-1) != "on" && p.raw(i-1) != "for" && p.raw(i-1) != "in" {
		return 0, span{}, 0, false
	}
	v, s, ok = p.fractionOf(i)
	if !ok {
		q, whole := p.quantityAt(i)
		if !whole || !q.pct || q.val > 100 || q.hi != 0 {
			return 0, span{}, 0, false
		}
		v, s = percent(q), span{q.from, q.numEnd + 1}
	}
	if p.raw(s.to+1) != "of" || p.raw(s.to+2) != "them" && p.raw(s.to+2) != "those" && p.raw(s.to+2) != "these" {
		return 0, span{}, 0, false
	}
	k = p.numberBehind(i - 1)
	if k < 0 || p.sentenceEnds(k, i) {
		return 0, span{}, 0, false
	}
	q, whole := p.quantityAt(k)
	return v, span{s.from, s.to + 2}, k, whole && (q.noun >= 0 && p.has(q.noun, "query", "doc", "chats") || viewWords[stem(p.raw(q.numEnd+1))])
}

// partOfLoad reads "half of the 80k tickets go to the LLM", "we route 30% of our 1M calls to it" at token i: only the part is asked.
func (p *parser) partOfLoad(i int) (float64, span, bool) {
	v, s, q, ok := p.shareOfCount(i)
	if !ok {
		v, s, q, ok = p.countOfCount(i)
	}
	if !ok || !p.has(q.noun, "query", "doc", "chats") || p.sharesOut(q) {
		return 0, span{}, false
	}
	const reach = 9
	for k := i - 1; k >= i-3 && !p.clauseEnd(k); k-- {
		if sendingVerbs[p.raw(k)] {
			return v, s, true
		}
	}
	goes := false
	for k := q.noun + 1; k <= q.noun+reach && !p.clauseEnd(k); k++ {
		goes = goes || goingVerbs[p.raw(k)]
		if w := p.raw(k); goes && (w == "llm" || w == "model" || w == "it" || w == "bot" || w == "ai" || w == "assistant" || w == "agent") && p.clauseEnd(k+1) {
			return v, s, true
		}
	}
	return 0, span{}, false
}

var (
	sendingVerbs = set("route send pass direct forward automate offload")
	goingVerbs   = set("reach go goes going sent routed handled reach reaches hit passed come land answered forwarded handled answered processed served treated dealt")
)

// restOfLoad reads, from the percent at token i, the rest of a load before it that the model gets, and the place of that load, -1 none: "70M
// transactions, 92% come from a table, only the remaining 8% hits the model".
func (p *parser) restOfLoad(i int) (k int, share float64, s span) {
	const reach = 25
	n, ok := p.number(i)
	if !ok || !p.has(n.next, "pct") || p.raw(i-1) != "remaining" && p.raw(i-1) != "other" || !p.toTheModel(n.next+1) {
		return -1, 0, span{}
	}
	for k := i - 2; k >= i-reach && !p.strongEnd(k); k-- {
		if q, ok := p.quantityAt(k); p.isNum(k) && ok && !q.pct && q.period != "" && q.cur == "" && !p.isClaimed(k) {
			return k, n.val / 100, span{i - 1, n.next}
		}
	}
	return -1, 0, span{}
}

// toTheModel reports whether a verb at token k takes what was named to the model: "hits the model", "goes to the LLM".
func (p *parser) toTheModel(k int) bool {
	if !goingVerbs[p.raw(k)] && p.raw(k) != "hits" {
		return false
	}
	for j := k + 1; j <= k+3; j++ {
		if w := p.raw(j); w == "model" || w == "llm" || w == "ai" || w == "bot" {
			return true
		}
	}
	return false
}

// countOfCount reads "40k of the 300k tickets" at token i as a share of the second.
func (p *parser) countOfCount(i int) (float64, span, quantity, bool) {
	n, ok := p.number(i)
	if !ok || !p.isNum(i) || p.isClaimed(i) || p.raw(n.next) != "of" {
		return 0, span{}, quantity{}, false
	}
	k := n.next + 1
	for k < n.next+4 && p.isWord(k) && p.toks[k].glue {
		k++
	}
	q, whole := p.quantityAt(k)
	some, all := max(n.val, n.other), max(q.val, q.other)
	if !whole || !p.isNum(k) || q.noun < 0 || q.pct || q.hi != 0 || some >= all {
		return 0, span{}, quantity{}, false
	}
	return some / all, span{i, k}, q, true
}

// shareOfCount reads a share of a number of things at token i.
func (p *parser) shareOfCount(i int) (float64, span, quantity, bool) {
	if p.isClaimed(i) {
		return 0, span{}, quantity{}, false
	}
	v, s, ok := p.fractionOf(i)
	if !ok {
		q, whole := p.quantityAt(i)
		if !whole || !q.pct || q.val > 100 || q.hi != 0 {
			return 0, span{}, quantity{}, false
		}
		v, s = percent(q), span{q.from, q.numEnd + 1}
	}
	k := s.to + 1
	if p.raw(k) != "of" {
		return 0, span{}, quantity{}, false
	}
	for k++; k < s.to+5 && p.isWord(k) && p.toks[k].glue; k++ {
	}
	q, whole := p.quantityAt(k)
	if !whole || !p.isNum(k) || q.noun < 0 || q.pct || q.hi != 0 {
		return 0, span{}, quantity{}, false
	}
	return v, span{s.from, k}, q, true
}

// sharesOut reports whether words behind a number say of what kind the part is: such a share is a field of its own.
func (p *parser) sharesOut(q quantity) bool {
	const reach = 9
	for j := q.noun + 1; j <= q.noun+reach && !p.clauseEnd(j); j++ {
		if f, _, _ := p.shareNamed(j); f != "" {
			return true
		}
		if f, _, _ := p.shareHinted(j); f != "" {
			return true
		}
	}
	return false
}

// activeAt reads "2% use it", "10 % of them", "a third of whom ask" at token i.
func (p *parser) activeAt(i int) (float64, span, bool) {
	if p.isClaimed(i) {
		return 0, span{}, false
	}
	v, s, ok := p.fractionOf(i)
	if !ok {
		if n, whole := p.number(i); whole && p.isNum(i) && p.ofWhich(i) > 0 && p.onDuty(n.next) {
			if a := p.numberBehind(p.ofWhich(i) - 1); a >= 0 {
				if all, ok := p.quantityAt(a); ok && all.val > n.val && all.noun >= 0 && p.has(all.noun, "person") {
					return n.val / max(all.val, all.other), span{i, n.next - 1}, true
				}
			}
		}
		q, whole := p.quantityAt(i)
		if !whole || !q.pct || q.val > 100 || q.hi != 0 || p.growsNear(&q) {
			return 0, span{}, false
		}
		v, s = percent(q), span{q.from, q.numEnd + 1}
	}
	if p.raw(s.to+1) == "daily" && p.clauseEnd(s.to+2) { // "2 million MAU, 3% daily"
		return v, span{s.from, s.to + 1}, true
	}
	const reach = 6
	them := p.raw(s.to+1) == "of" && (p.raw(s.to+2) == "them" || p.raw(s.to+2) == "these" || p.raw(s.to+2) == "those" || p.raw(s.to+2) == "whom")
	for k := s.to + 1; k <= s.to+reach && !p.clauseEnd(k) && !p.isNum(k); k++ {
		asks := p.raw(k) == "asks" && p.isNum(k+1) // "1 in 4 visitors asks 6 questions"
		if f, _, _ := p.shareNamed(k); !asks && (f != "" || p.has(k, "query", "volume", "token", "doc")) {
			return 0, s, false
		}
		if asks {
			return v, span{s.from, k}, true
		}
		if askingWords[p.raw(k)] || p.raw(k) == "will" && k == s.to+1 && p.clauseEnd(k+1) || k == s.to+1 && talkWords[p.raw(k)] && !p.has(k, "query") || them && k > s.to+2 && (p.has(k, "send", "write") || talkWords[p.raw(k)]) {
			return v, span{s.from, k}, true
		}
	}
	return 0, s, false
}

// ofWhich is the place of the "of which" that leads to the number at token i, 0 none.
func (p *parser) ofWhich(i int) int {
	k := p.unhedged(i - 1)
	if (p.raw(k) == "which" || p.raw(k) == "whom") && p.raw(k-1) == "of" {
		return k - 1
	}
	return 0
}

// onDuty reports whether words from k on say that so many ask: "of which 700 are on duty".
func (p *parser) onDuty(k int) bool {
	const reach = 5
	for j := k; j < k+reach && !p.clauseEnd(j); j++ {
		if f, _, _ := p.shareNamed(j); f != "" {
			return false
		}
		if w := p.raw(j); askingWords[w] || w == "duty" || w == "get" || w == "gets" || w == "receive" || w == "access" {
			return true
		}
	}
	return false
}

func (p *parser) growsNear(q *quantity) bool {
	const reach = 4
	for k := q.from - reach; k <= q.numEnd+reach; k++ {
		if p.has(k, "grow", "shrink") {
			return true
		}
	}
	return false
}
