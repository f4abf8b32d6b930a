package intake

import "strings"

// What stands before a number of a product and says what one of it belongs to.

// factorBefore looks for what one of the number belongs to: "each maybe 15", "each task ~30", "per project we make 200", "a claim takes 6".
func (p *parser) factorBefore(f *factor) {
	const reach = 9
	if k := f.from - 1; p.isSign(k, "=") && p.isWord(k-1) && p.countedElsewhere(k-1) { // "a session = 7 prompts; 2.1M sessions a year"
		f.per = append(f.per, stem(p.raw(k-1)))
	}
	for k := f.from - 1; k >= f.from-reach && (!p.clauseEnd(k) || p.raw(k) == ")") && !p.isNum(k); k-- {
		if p.raw(k) == ")" { // "each recruiter (9 of us) screens 60"
			if k = p.bracketStart(k); k < 0 {
				return
			}
			continue
		}
		if p.belongsAt(f, k) {
			return
		}
	}
	p.leadBefore(f)
}

// bracketStart is where the bracket opens that closes at token k, -1 where that is far.
func (p *parser) bracketStart(k int) int {
	const reach = 6
	for open := k - 1; open >= k-reach; open-- {
		if p.raw(open) == "(" {
			return open
		}
	}
	return -1
}

// belongsAt reads at token k what a factor behind it belongs to, and reports whether that settles it.
func (p *parser) belongsAt(f *factor, k int) bool {
	switch w := p.raw(k); {
	case p.periodAt(k) != "" && usualWords[p.raw(k-1)] && !p.plural(k) && (p.clauseEnd(k-2) || p.article(k-2) && p.raw(k-3) == "on") && f.period == "": // "normal day have 130 messages per property"
		f.period, f.from = p.periodAt(k), k-1
		return true
	case p.verbAt(k) && p.numberBefore(k-1) && k == p.unhedged(f.from-1):
		if n, ok := p.number(max(0, p.numberBehind(k-1))); ok && f.period != "" && len(f.per) == 0 && f.val > max(n.val, n.other) { // "10 analysts read 250 reports per week": all of them
			return true
		}
		return p.takenAt(f, k)
	case (takesVerbs[w] || w == "average") && (p.eachOfThem(f, k-1) || p.isWord(k-1) && !eachWords[p.raw(k-1)] && takesVerbs[w]):
		return p.takenAt(f, k)
	case w == "per":
		return p.perAt(f, k)
	case w == "one" && p.isWord(k+1) && k+1 < f.from && p.aboutOne(k+1): // "one conversation have 8 messages"
		noun := k + 1
		for j := k + 2; j < f.from && p.isWord(j) && (p.plainNoun(j) || p.has(j, "query")); j++ { // "one tool alarm", "one analyst question"
			if p.countedElsewhere(j) {
				noun = j
			}
		}
		f.per, f.from = append(f.per, stem(p.raw(noun))), k
		return true
	case eachWords[w]:
		return p.eachAt(f, k)
	}
	return false
}

var eachWords = set("each every everyone everybody")

// takenAt reads who or what does what a number counts, by the verb at token k.
func (p *parser) takenAt(f *factor, k int) bool {
	switch {
	case p.eachOfThem(f, k-1): // "35k students, they average 22 a month"
		f.each, f.from = true, k-1
		return true
	case p.plural(k-1) && p.has(k-1, "person") && f.val > 300 && f.period != "": // what all of them do
		return true
	}
	f.per = append(f.per, stem(p.raw(k-1)))
	return false
}

// eachOfThem reports whether a factor is what each of "they", at token k, asks: in a window, or where nothing but requests is counted.
func (p *parser) eachOfThem(f *factor, k int) bool {
	return p.raw(k) == "they" && (f.val <= mostAsked || p.raw(k+1) == "average") && (f.period != "" || p.has(f.to, "query", "chats") && p.clauseEnd(f.to+1))
}

// perAt reads "per project we make 200", "per day and site 150 alerts" from the "per" at token k.
func (p *parser) perAt(f *factor, k int) bool {
	switch {
	case p.periodAt(k+1) != "" && p.raw(k+2) == "and" && p.isWord(k+3) && k+3 < f.from && !pronouns[p.raw(k+3)] && f.period == "":
		f.period, f.from, f.per = p.periodAt(k+1), k, append(f.per, stem(p.raw(k+3)))
	case p.wordBetween(k+2, f.from, "and"): // "11k tokens per PR and 900 back"
	case p.isWord(k+1) && k+1 < f.from && p.periodAt(k+1) == "":
		for j := k + 1; j < k+4 && j < f.from && p.isWord(j) && !pronouns[p.raw(j)] && (j == k+1 || !p.toks[j].glue || p.has(j, "query")); j++ { // "per user question it makes 5", "per voucher are needed 5"
			f.per = append(f.per, stem(p.raw(j)))
		}
		f.from = k
	default:
		return false
	}
	return true
}

// eachAt reads what the "each" or "every" at token k ties the number behind it to.
func (p *parser) eachAt(f *factor, k int) bool {
	w := p.raw(k)
	switch {
	case p.windowStarts(k): // "900 emails every working day and two people retype them"
		return false
	case p.raw(k+1) == "of" && theirs[p.raw(k+2)] || p.raw(k+1) == "one" && p.raw(k+2) == "of" && theirs[p.raw(k+3)]: // "4,000 civil servants, each of them asks 3"
		f.each, f.from = true, k
	case w == "each" && (p.raw(k-1) == "who" || p.raw(k-1) == "they" || p.raw(k-1) == "which" || p.raw(k-1) == "that"): // "journalists who each check 15 claims"
		f.each, f.from = true, k
	case p.raw(k+1) == "of" || p.raw(k+1) == "one" && p.raw(k+2) == "of": // "each of the 3,000 stores uploads 2 reports"
		f.eachOf, f.from = true, k
	case k > 1 && p.periodAt(k-1) != "" && p.isNum(k-2) && p.raw(k-3) == "every": // "every 5 minutes each sends one"
		f.every, f.period, f.each = p.toks[k-2].val, p.periodAt(k-1), true
		f.from = k - 3
	case w != "everyone" && w != "everybody" && p.isWord(k+1) && k+1 < f.from && p.plainNoun(k+1):
		for j := k + 1; j < k+4 && j < f.from && p.isWord(j) && (j == k+1 || p.plainNoun(j)); j++ { // "each research query fans out into 6 calls"
			f.per = append(f.per, stem(p.raw(j)))
		}
		f.from, f.loose = k, true
	case eachTo[p.raw(k+1)], p.raw(k+1) == "with" && p.has(k-1, "classify", "extract"): // "score each against 60 profiles", "label each with up to five topics"
	case p.periodAt(k+1) == "":
		f.each, f.from = true, k
	}
	return true
}

// eachTo follow an "each" that something is done to.
var eachTo = set("against into to by on")

// leadBefore ties a number to what an opening clause says that it is for: "for each request, some 300 emails", "per case: 12 calls".
func (p *parser) leadBefore(f *factor) {
	const words, lead = 8, 3
	k := f.from - 1
	for k >= f.from-words && !p.clauseEnd(k) && !p.isSign(k, ":") && !p.isNum(k) {
		k--
	}
	if p.raw(k) != "," && p.raw(k) != ":" || f.each || len(f.per) > 0 {
		return
	}
	for j := k - 1; j > k-1-lead && p.isWord(j); j-- {
		if p.raw(j) != "each" && p.raw(j) != "every" && p.raw(j) != "per" {
			continue
		}
		opens := p.clauseEnd(j-1) || (p.raw(j-1) == "for" || p.raw(j-1) == "in" || p.raw(j-1) == "with" || p.raw(j-1) == "on") && p.clauseEnd(j-2)
		if opens && p.periodAt(j+1) == "" && (p.countedElsewhere(k-1) || p.raw(k) == ":" && p.namedElsewhere(k-1)) && stem(p.raw(k-1)) != f.nouns[0] {
			f.per, f.from = append(f.per, stem(p.raw(k-1))), j
		}
		return
	}
}

// aboutOne reports whether the noun at token k stands for each of those that another number counts: "one operator speaks with 7 customers"
// beside "350 operators", "one clinic 80 visits".
func (p *parser) aboutOne(k int) bool {
	return (p.isWord(k+1) || p.isNum(k+1) && p.raw(k-1) == "one") && !preposition[p.raw(k-2)] && (!preposition[p.raw(k+1)] || p.raw(k+1) == "is") && !p.plural(k) && p.countedElsewhere(k) && p.periodAt(k) == ""
}

// mostAsked is what one person may ask in a day or a month: more is what all of them do.
const mostAsked = 100

// windowStarts reports whether the "every" at token k starts a window.
func (p *parser) windowStarts(k int) bool {
	period, _, next := p.windowAt(k)
	return period != "" && next > k+2
}

// eachAcross finds the "each" of a sentence that a number of calls belongs to: "each one needs a category and a reply, two separate calls".
func (p *parser) eachAcross(f *factor) bool {
	const reach, few = 22, 20
	if len(f.nouns) == 0 || f.nouns[0] != "call" && f.nouns[0] != "request" || f.val > few || f.period != "" || f.each || len(f.per) > 0 {
		return false
	}
	for k := f.from - 1; k >= f.from-reach && !p.strongEnd(k) && !p.isNum(k); k-- {
		if (p.raw(k) == "each" || p.raw(k) == "every") && p.periodAt(k+1) == "" {
			return true
		}
	}
	return false
}

// theirs point back to those who were counted before.
var theirs = set("them us those whom you")

var pronouns = set("it we they there the you i our a")

// takesVerbs say how much one of something needs: "a claim takes 6 calls".
var takesVerbs = set("make have trigger triggered use uses takes take needs need costs requires uses makes triggers involves means has is averages results generates causes consists produces sends send asks ask writes write does do gets submits handles sees creates files posts generates solves starts opens burns fires spawns doing sending asking making writing having submitting creating generating running typing")

// plainNoun reports whether a word behind "each" names a thing rather than what it does.
func (p *parser) plainNoun(k int) bool {
	return !p.toks[k].glue && p.periodAt(k) == "" && !takesVerbs[p.raw(k)] && !p.has(k, "send", "write") && !p.plural(k) && !strings.HasSuffix(p.raw(k), "ing")
}
