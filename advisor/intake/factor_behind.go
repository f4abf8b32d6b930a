package intake

import "strings"

// What stands behind a number of a product: its window, and what it is counted for.

// factorWindows reads what follows the noun: "per seat per week", "a day each", "every 2 seconds".
func (p *parser) factorWindows(f *factor) {
	readers := []func(*factor, int) int{p.everySome, p.ofEachOne, p.perShift, p.inWindow, p.perSome, p.forOne, p.besideWindow} // each returns where to go on, 0 where it reads nothing
	for j := f.to + 1; j < len(p.toks); {
		next := 0
		for _, read := range readers {
			if next = read(f, j); next > 0 {
				break
			}
		}
		if next == 0 {
			return
		}
		j = next
	}
}

// everySome reads "every 2 seconds", "one request every three seconds", "1 req / 4 s".
func (p *parser) everySome(f *factor, j int) int {
	every := p.raw(j) == "every"
	n := numberWords[p.raw(j+1)]
	switch {
	case (every || p.raw(j) == "each") && p.isNum(j+1) && p.periodAt(j+2) != "",
		p.isSign(j, "/") && p.isNum(j+1) && p.toks[j+1].val < 1000 && p.has(j+2, "second", "minute", "hour") && !p.plural(j+2) && f.val == 1:
		f.every, f.period = p.toks[j+1].val, p.periodAt(j+2)
	case every && n > 0 && p.periodAt(j+2) != "":
		f.every, f.period = n, p.periodAt(j+2)
	case every && p.isNum(j+1) && p.has(j+2, "ms"):
		f.every, f.period = p.toks[j+1].val*secondsIn["ms"], "second"
	default:
		return 0
	}
	f.to = j + 2
	return j + 3
}

// ofEachOne reads "each", "apiece", "a head", "60 questions asked of each", "4 messages of the customer in each".
func (p *parser) ofEachOne(f *factor, j int) int {
	w, next := p.raw(j), p.raw(j+1)
	each := w == "each" && (!p.isWord(j+1) || p.adverb(j+1) != "" || pronouns[next] || strings.HasSuffix(next, "ed") && p.clauseEnd(j+2) || next == "i'd" || next == "which" || p.has(j+1, "per"))
	switch {
	case (w == "of" || w == "for" || w == "in" || w == "on") && next == "each" && (p.clauseEnd(j+2) || p.raw(j+2) == "one" && p.clauseEnd(j+3)) && !f.each, p.isHead(j):
		j++
	case each, w == "apiece":
	case p.inEach(j) > 0:
		j = p.inEach(j)
	default:
		return 0
	}
	f.each, f.to = true, j
	return j + 1
}

// perShift reads "2 shifts and 18 inspectors a shift", "3 shifts, 110 entries per shift": a shift is then what something is counted for.
func (p *parser) perShift(f *factor, j int) int {
	_, _, next := p.windowAt(j)
	if next <= j || stem(p.raw(next-1)) != "shift" || !(f.person && p.countedElsewhere(next-1)) && !p.shiftsOfDay(next-1) {
		return 0
	}
	f.per, f.window, f.to = append(f.per, "shift"), "shift", next-1
	return next
}

// inWindow reads a window.
func (p *parser) inWindow(f *factor, j int) int {
	period, _, next := p.windowAt(j)
	if period == "" {
		return 0
	}
	f.period, f.window, f.to = period, stem(p.raw(next-1)), next-1
	return next
}

// perSome reads "per adviser and day", "per lawyer & working day", "per ward and handover".
func (p *parser) perSome(f *factor, j int) int {
	if !(p.has(j, "per") && adverbial(p.raw(j)) && p.raw(j) != "a" || p.isSign(j, "/")) || !p.isWord(j+1) || turns[p.raw(j+1)] {
		return 0
	}
	k := j + 1
	for ; k < j+3 && p.isWord(k) && !p.has(k, "per", "and", "each") && p.periodAt(k) == "" && !preposition[p.raw(k)]; k++ {
		if end := p.compoundEnd(k); end > k {
			f.per, k = append(f.per, p.compound(k, end)), end
			continue
		}
		f.per = append(f.per, stem(p.raw(k)))
	}
	switch {
	case p.raw(k) != "and" && !p.isSign(k, "&"):
	case p.windowUnitAt(k+1) != "":
		f.period, _, k = p.windowUnit(k, k+1)
	case p.isWord(k+1) && !p.toks[k+1].glue:
		f.per = append(f.per, stem(p.raw(k+1)))
		k += 2
	}
	f.to = k - 1
	return k
}

// forOne reads what one of something else takes in other words: "85 doctors a site", "25 steps for task", "9 calls in one session", "2 mails by client",
// "two calls for each visit".
func (p *parser) forOne(f *factor, j int) int {
	w, noun := p.raw(j), j+1
	each := eachWords[p.raw(j+1)] || p.raw(j+1) == "one" || p.raw(j+1) == "a"
	switch {
	case !p.isWord(j + 1):
		return 0
	case w == "a" && p.clauseEnd(j+2) && len(f.per) == 0 && p.has(f.to, "person", "query", "doc", "chats") && p.countedElsewhere(noun),
		w == "for" && p.clauseEnd(j+2) && len(f.per) == 0 && p.countedElsewhere(noun),
		w == "by" && p.periodAt(noun) == "" && p.countedElsewhere(noun):
	case w == "in" && each && p.has(j+2, "chats", "doc", "query") && !p.plural(j+2),
		(w == "for" || w == "in" || w == "on" || w == "from") && eachWords[p.raw(j+1)] && p.isWord(j+2) && p.plainNoun(j+2) && p.countedElsewhere(j+2):
		noun = j + 2
	default:
		return 0
	}
	f.per, f.to = append(f.per, stem(p.raw(noun))), noun
	return noun + 1
}

// besideWindow skips what stands between a noun and its window: "3,000 programs to convert per month".
func (p *parser) besideWindow(f *factor, j int) int {
	if f.period != "" || f.to >= j {
		return 0
	}
	return p.asideTo(j)
}

// shiftsOfDay reports whether a number without a window says how many shifts, as the one at token k, a day has.
func (p *parser) shiftsOfDay(k int) bool {
	const most = 4
	for i := range p.toks {
		if n, ok := p.number(i); ok && n.val <= most && n.next != k && p.raw(n.next) == "shifts" && (p.clauseEnd(n.next+1) || p.raw(n.next+1) == "of") {
			return true
		}
	}
	return false
}

// inEach is the end of words from token j on that lead to an "in each" at the end of a clause, 0 none.
func (p *parser) inEach(j int) int {
	const reach = 4
	for k := j; k < j+reach && p.isWord(k); k++ {
		if p.raw(k) == "in" && p.raw(k+1) == "each" && p.clauseEnd(k+2) {
			return k + 1
		}
	}
	return 0
}

// windowUnitAt is the period that the words at token k name, "" none.
func (p *parser) windowUnitAt(k int) string {
	period, _, _ := p.windowUnit(k-1, k)
	return period
}

// isHead reports whether the words at token j count for each person: "12 queries a head".
func (p *parser) isHead(j int) bool {
	return (p.raw(j) == "a" || p.raw(j) == "per") && (p.raw(j+1) == "head" || p.raw(j+1) == "capita" || p.raw(j+1) == "person")
}

// countedElsewhere reports whether another number counts the noun at token k.
func (p *parser) countedElsewhere(k int) bool {
	for i := range p.toks {
		n := i + 1
		if isMultiplierWord(p.raw(n)) {
			n++
		}
		if p.isNum(i) && n != k && (stem(p.raw(n)) == stem(p.raw(k)) || n+1 != k && p.isWord(n) && !p.toks[n].glue && !p.plural(n) && p.plural(n+1) && stem(p.raw(n+1)) == stem(p.raw(k))) { // "23 shopping centres"
			return true
		}
	}
	return false
}

// asideTo skips "to convert", "that come in", "coming in" before a window, 0 where no window follows.
func (p *parser) asideTo(j int) int {
	switch p.raw(j) {
	case "to", "that", "which", "coming", "arriving", "come", "arrive", "incoming", "of", "from", "by", "about":
	default:
		return 0
	}
	for k := j + 1; k < j+4 && p.isWord(k) && p.toks[k].entity == nil; k++ {
		if period, _, _ := p.windowAt(k); period != "" {
			return k
		}
	}
	return 0
}
