package intake

import "strings"

// Lengths of time as this package reckons them: a month is 730 hours, a twelfth of a year.
const (
	hoursPerMonth    = 730.0
	daysPerMonth     = 365.0 / 12
	workdaysPerMonth = 260.0 / 12
	officeHours      = 220.0 // a month, as in the engine's load model
)

// perMonth is how many of a period one month holds.
var perMonth = map[string]float64{
	"second": hoursPerMonth * 3600, "minute": hoursPerMonth * 60, "hour": hoursPerMonth, "day": daysPerMonth, "workday": workdaysPerMonth,
	"week": daysPerMonth / 7, "month": 1, "quarter": 1. / 3, "year": 1. / 12, "officehour": officeHours,
	"secondoffice": officeHours * 3600, "minuteoffice": officeHours * 60, "houroffice": officeHours, "officehouroffice": officeHours,
}

var periods = []string{"second", "minute", "hour", "workday", "day", "week", "month", "quarter", "year"}

// adverbs are windows of their own: "5000 monthly".
var adverbs = set("nightly daily weekly monthly yearly annual annually quarterly hourly täglich jährlich monatlich tägl diario")

func (p *parser) adverb(k int) string {
	if !adverbs[p.raw(k)] {
		return ""
	}
	return p.periodAt(k)
}

func (p *parser) periodAt(k int) string {
	for _, u := range periods {
		if p.has(k, u) {
			return u
		}
	}
	return ""
}

// windows reads "per day", "/user/month", "a week each", in any order, up to the next number or the end of the clause.
func (p *parser) windows(q *quantity) {
	j, gap := q.next, 0
	for j < len(p.toks) && gap < 6 {
		period, person, n := p.windowAt(j)
		switch {
		case p.raw(j) == "in" && p.raw(j+1) == "a" && p.has(j+2, "year"): // when, not how often
			if takenIn[p.raw(q.from-1)] || (p.clauseEnd(j+3) || p.raw(j+3) == "from" || p.raw(j+3) == "across" || p.raw(j+3) == "by") && (q.cur != "" || q.noun >= 0 && p.has(q.noun, "query", "doc", "chats") && !p.now() && !p.wordBetween(q.from-5, q.from, "to", "will", "expect", "reach", "grow", "becomes")) { // "$6,000 in a year", "7M requests in a year"
				q.period, q.next = "year", j+3
			}
			return
		case q.period == "" && q.noun >= 0 && j == q.next && p.spanOfSome(j) != "": // "1,900 questions in 4 weeks"
			n, _ := p.number(j + 1)
			q.period, q.val, q.lo, q.hi, q.next = p.spanOfSome(j), q.val/n.val, q.lo/n.val, q.hi/n.val, n.next+1
			if q.other > 0 {
				q.other /= n.val
			}
			return
		case period == "year" && (p.raw(j) == "last" || p.raw(j) == "past") && q.from > 0 && p.toks[q.from-1].void: // "grew from 10k to 60k in the last year"
			return
		case period != "" && p.has(n, "query", "doc", "chats", "volume") && p.assigned(n): // a label of the next number
			return
		case period != "" && (q.period == "" || q.period == period || q.period == "day" && period == "workday"):
			q.period, q.next = period, n
		case period != "":
			return
		case person:
			q.person, q.next = true, n
		case q.period != "" && q.noun < 0 && q.cur == "" && p.has(j, "query", "doc", "chats") && j == q.next:
			q.noun, q.next, n = j, j+1, j+1
		case p.raw(j) == "each" || p.raw(j) == "apiece":
			q.each, q.next, n = true, j+1, j+1
		case n > j:
			q.perOther, q.next = true, n
		case p.asideEnd(j) > 0:
			n = p.asideEnd(j) + 1
			q.hole = span{j, n - 1}
		case p.clauseEnd(j):
			if !(p.raw(j) == "," || p.raw(j) == "(") || !p.personNext(j+1) {
				return
			}
			n = j + 1
		case p.toks[j].kind == num || p.toks[j].entity != nil || p.has(j, "grow", "budget", "p95", "latency", "no", "between", "double", "within", "input", "output", "tokens") || p.isSign(j, "$") || p.isSign(j, "x"):
			return
		default:
			if p.toks[j].kind == word && !p.toks[j].glue && gap > 3 {
				return
			}
			n = j + 1
			gap++
		}
		if n > j+1 || period != "" || person {
			gap = 0
		}
		j = n
	}
}

// spanOfSome is the unit of "in 4 weeks" at token j, "" where no such time stands there.
func (p *parser) spanOfSome(j int) string {
	if w := p.raw(j); w != "in" && w != "over" && w != "within" {
		return ""
	}
	n, ok := p.number(j + 1)
	if !ok || n.val < 2 || n.scaled || !p.has(n.next, "day", "week") || !p.plural(n.next) || !p.has(j-1, "query", "doc", "chats") {
		return ""
	}
	return p.periodAt(n.next)
}

// windowFollows reports whether a window starts at token j.
func (p *parser) windowFollows(j int) bool {
	period, _, _ := p.windowAt(j)
	return period != ""
}

// takenIn are verbs of what comes, whatever else is said of today.
var takenIn = set("receive receives receiving get gets getting handle handles handling process processes processing")

// asideEnd is the end of a bracket at token j without a number in it that a window follows, "2,200 orders (by fax) per week"; 0 else.
func (p *parser) asideEnd(j int) int {
	const reach = 7
	if p.raw(j) != "(" {
		return 0
	}
	for k := j + 1; k < j+reach && k < len(p.toks) && !p.isNum(k); k++ {
		if p.raw(k) == ")" {
			if period, _, _ := p.windowAt(k + 1); period != "" {
				return k
			}
			return 0
		}
	}
	return 0
}

// personNext allows one comma before "per user" and "each".
func (p *parser) personNext(j int) bool {
	_, person, _ := p.windowAt(j)
	return person || p.raw(j) == "each" && p.periodAt(j+1) == "" && !p.has(j+1, "person", "query", "doc", "chats") && !p.isNum(j+1) && !p.lengthFollows(j+1) && !strings.HasSuffix(p.raw(j+1), "ed")
}

// lengthFollows reports whether a hedged length stands at token k, which is then of each: "each ~800 words", "each is about two pages".
func (p *parser) lengthFollows(k int) bool {
	const reach = 4
	for j := k; j < k+reach && !p.clauseEnd(j); j++ {
		if n, ok := p.number(j); ok {
			return p.has(n.next, "token", "wordunit", "pageunit", "char", "kbyte")
		}
	}
	return false
}

// windowAt reads a window at j. It returns the period, or that it is per person, and the token after; where it is per
// something else ("per query") only next is beyond j.
func (p *parser) windowAt(j int) (period string, person bool, next int) {
	if j >= len(p.toks) {
		return "", false, j
	}
	if p.raw(j+1) == "average" && p.wordBetween(j-2, j, "as") { // "take 1,200 as yearly average": of the days
		return "", false, j
	}
	if u := p.adverb(j); u != "" && !p.has(j, "per") {
		return u, false, j + 1
	}
	w := p.raw(j)
	if w == "p/m" || w == "p.m." || w == "pcm" {
		return "month", false, j + 1
	}
	if w == "p.a." || w == "pa" {
		return "year", false, j + 1
	}
	if period := p.plainWindow(j); period != "" {
		return period, false, j + 2
	}
	var k int
	switch {
	case (w == "every" || w == "each" || w == "per" || w == "a") && p.raw(j+1) == "weekend" && p.clauseEnd(j+2): // "50k docs each weekend"
		return "week", false, j + 2
	case (w == "every" || w == "each") && dayNames[p.raw(j+1)]: // "50k reviews every Sunday"
		return "week", false, j + 2
	case (w == "each" || w == "every") && p.raw(j+1) == "of" && (p.raw(j+2) == "those" || p.raw(j+2) == "these" || p.raw(j+2) == "the") && p.has(j+3, "day", "week", "month"): // "1,750 calls each of those days"
		return p.periodAt(j + 3), false, j + 4
	case (w == "last" || w == "past" || w == "previous" || w == "this") && p.has(j+1, "year", "quarter") && !p.plural(j+1): // "26,000 claims last year"
		return p.periodAt(j + 1), false, j + 2
	case w == "for" && p.raw(j+1) == "the" && p.raw(j+2) == "year" && p.clauseEnd(j+3) && p.has(j-1, "doc", "query", "chats"): // "400k deeds for the year"
		return "year", false, j + 3
	case w == "all" && p.raw(j+1) == "the" && (p.raw(j+2) == "mornings" || p.raw(j+2) == "days" || p.raw(j+2) == "nights" || p.raw(j+2) == "evenings"):
		return "day", false, j + 3
	case (w == "per" || w == "in" || w == "every" || p.isSign(j, "/")) && p.isNum(j+1) && p.toks[j+1].val == 24 && p.has(j+2, "hour"): // "700 questions per 24h"
		return "day", false, j + 3
	case w == "the" && p.has(j+1, "day", "week", "month") && !p.plural(j+1) && p.clauseEnd(j+2) && p.has(j-1, "query", "doc", "chats"): // "5 thousand messages the day"
		return p.periodAt(j + 1), false, j + 2
	case w == "in" && monthNames[p.raw(j+1)] && !p.isNum(j+2): // "130k calls in April"
		return "month", false, j + 2
	case p.isSign(j, "/"):
		k = j + 1
	case (w == "on" || w == "in" || w == "at" || w == "during") && p.usualDay(j+1) > 0:
		k = p.usualDay(j + 1)
	case w == "during" && p.raw(j+1) == "the" && p.raw(j+2) == "week" && p.weekendsToo(): // tells the days, "400 a day during the week and 90 at weekends"
		return "", false, j
	case (w == "over" || w == "across" || w == "throughout" || w == "within" || w == "during") && (p.raw(j+1) == "the" || p.raw(j+1) == "a" || p.raw(j+1) == "one") && p.has(j+2, "year", "month", "week", "quarter", "day") && !p.plural(j+2) && !p.isNum(j+3): // "52,000 tickets over the year"
		k = j + 2
	case w == "in" && (p.raw(j+1) == "q1" || p.raw(j+1) == "q2" || p.raw(j+1) == "q3" || p.raw(j+1) == "q4"):
		return "quarter", false, j + 2
	case w == "all" && p.has(j+1+p.articleAt(j+1), "day") && p.plural(j+1+p.articleAt(j+1)), w == "all" && partsOfDay[p.raw(j+1+p.articleAt(j+1))]: // "74 calls all the mornings"
		return "day", false, j + 2 + p.articleAt(j+1)
	case p.has(j, "per") && p.isNum(j+1) && p.toks[j+1].val == 24 && p.has(j+2, "hour"): // "700 questions per 24h"
		return "day", false, j + 3
	case w == "in" && p.isNum(j+1) && p.toks[j+1].val >= 2015 && p.toks[j+1].val <= 2035 && len(p.raw(j+1)) == 4 && p.clauseEnd(j+2):
		return "year", false, j + 2
	case w == "in" && p.raw(j+1) == "the" && (p.has(j+2, "day", "week", "month") || p.has(j+2, "quarter", "year") && p.clauseEnd(j+3)) && !p.plural(j+2): // "800 tourists in the day"
		k = j + 2
	case (w == "on" || w == "in" || w == "by") && schoolDays[p.raw(j+1)] && p.has(j+2, "day"):
		return "workday", false, j + 3
	case w == "on" && p.article(j+1) && schoolDays[p.raw(j+2)] && p.has(j+3, "day"):
		return "workday", false, j + 4
	case (w == "on" || w == "in" || w == "by") && p.has(j+1, "office") && p.has(j+2, "day"): // "20 questions in working day"
		return "workday", false, j + 3
	case w == "on" && p.has(j+1, "workday", "weekdayw"):
		return "workday", false, j + 2
	case w == "a" && p.raw(j+1) == "single" && p.has(j+2, "token", "wordunit", "char"): // a length: "the verdict is a single token"
		return "", false, j
	case p.has(j, "per") || w == "in" && (p.raw(j+1) == "a" || p.raw(j+1) == "one" || p.raw(j+1) == "each") && !p.has(j+2, "year"):
		k = j + 1
		for p.has(k, "per") && k < j+3 && !p.has(k, "month", "day", "year") || p.raw(k) == "single" || p.raw(k) == "one" {
			k++
		}
	case w == "one" && p.has(j+1, "month", "week", "day", "year") && p.bareWindow(j):
		return p.periodAt(j + 1), false, j + 2
	case (p.has(j, "month", "week", "day", "year") && !p.isClaimed(j)) && p.bareWindow(j):
		return p.periodAt(j), false, j + 1
	default:
		return "", false, j
	}
	return p.windowUnit(j, k)
}

// plainWindow is the period of a window at token j that has no article, or the wrong one, as those write who think in another language: "questions
// by day", "1,500 messages on week", "900 chats in day", "22 days of month", "5 thousand messages the day"; "" none.
func (p *parser) plainWindow(j int) string {
	if !p.has(j+1, "day", "workday", "week", "month", "quarter", "year", "hour") || p.plural(j+1) || adverbs[p.raw(j+1)] || p.isNum(j+2) {
		return ""
	}
	ends := p.clauseEnd(j+2) || turns[p.raw(j+2)] || p.raw(j+2) == "and" || p.raw(j+2) == "to" && p.raw(j+3) == "the"
	switch p.raw(j) {
	case "by":
		if !(ends || preposition[p.raw(j+2)] || p.raw(j+2) == "each" || p.raw(j+2) == "to") || p.has(j+1, "day") && p.byNight() {
			return ""
		}
	case "in", "on", "of":
		if !ends || p.raw(j) == "of" && p.raw(j-1) != "days" || p.raw(j) == "on" && p.has(j+1, "hour", "year", "month") {
			return ""
		}
	case "for", "x": // "100,000 requests for day", "100k requests x day"
		if !ends || !p.has(j-1, "query", "doc", "chats") {
			return ""
		}
	case "the":
		if !ends || !p.has(j-1, "query", "doc", "chats") || !p.plural(j-1) {
			return ""
		}
	default:
		return ""
	}
	return p.periodAt(j + 1)
}

// byNight reports whether the request tells days from nights: "5 tickets an hour at night and 40 by day".
func (p *parser) byNight() bool {
	for i := range p.toks {
		if w := p.raw(i); (w == "night" || w == "nights") && (p.raw(i-1) == "at" || p.raw(i-1) == "by") {
			return true
		}
	}
	return false
}

var monthNames = set("january february march april june july august september october november december")

// usualDay finds the unit of "a normal day", "average weekdays", "any given week" at token j, 0 none.
func (p *parser) usualDay(j int) int {
	k := j
	for p.raw(k) == "a" || p.raw(k) == "an" || p.raw(k) == "the" || p.raw(k) == "any" || p.raw(k) == "one" {
		k++
	}
	if !usualWords[p.raw(k)] && (k == j || !p.has(k, "workday") && !(p.has(k, "office") && p.has(k+1, "day"))) {
		return 0
	}
	for usualWords[p.raw(k)] {
		k++
	}
	if p.has(k, "day", "workday", "weekdayw", "week", "month", "hour") || p.has(k, "office") && p.has(k+1, "day") {
		return k
	}
	return 0
}

var usualWords = set("normal typical average usual regular ordinary given single good standard")

// usualPhrase is the start of "on a normal day" that ends at token k, -1 none.
func (p *parser) usualPhrase(k int) int {
	const words = 5
	for w := k - 1; w >= k-words && w >= 0 && p.isWord(w); w-- {
		switch p.raw(w) {
		case "on", "in", "during", "over":
			if meanWords[p.raw(w-1)] || p.raw(w-1) == "spread" || p.raw(w-1) == "distributed" {
				return -1
			}
			if p.usualDay(w+1) > 0 || p.raw(w) == "over" && p.raw(w+1) == "the" || p.raw(w) == "in" && p.clauseEnd(w-1) && (p.raw(w+1) == "one" || p.raw(w+1) == "a" || p.raw(w+1) == "each") {
				if _, _, next := p.windowAt(w); next == k+1 {
					return w
				}
			}
			return -1
		}
	}
	return -1
}

// windowUnit reads the unit of a window whose "per" is at j.
func (p *parser) windowUnit(j, k int) (string, bool, int) {
	if p.has(k, "office") && p.has(k+1, "day", "hour", "hoursw") {
		if p.has(k+1, "day") {
			return "workday", false, k + 2
		}
		return "officehour", false, k + 2
	}
	if schoolDays[p.raw(k)] && p.has(k+1, "day") {
		return "workday", false, k + 2
	}
	if p.raw(k) == "second" && k > 0 && p.raw(k-1) == "a" && p.isWord(k+1) && !p.toks[k+1].glue && !p.has(k+1, "peak", "round", "clock") && !p.has(k-2, "query", "doc") {
		return "", false, j // "a second pass"
	}
	if u := p.periodAt(k); u != "" {
		if u == "hour" && p.duringOffice(k+1) {
			return "officehour", false, k + 1
		}
		if u == "day" && (p.has(k+1, "weekdayw") || p.raw(k+1) == "mon" && p.raw(k+3) == "fri") {
			return "workday", false, k + 1
		}
		return u, false, k + 1
	}
	for a := k; a < k+3; a++ { // "per support agent"
		if p.has(a, "person") && !p.has(a, "query", "doc") || p.raw(a) == "agent" || p.raw(a) == "head" {
			return "", true, a + 1
		}
		if !p.isWord(a) || p.clauseEnd(a) || p.has(a, "query", "doc", "chats", "token") {
			break
		}
	}
	if n, ok := p.number(k); ok && p.raw(j) == "per" && p.has(n.next, "token") { // "0.40 USD per 1k tokens"
		return "", false, n.next + 1
	}
	if p.has(j, "per") && adverbial(p.raw(j)) && !(p.raw(j) == "a" && p.raw(j-1) == "and") || p.isSign(j, "/") { // "90 tokens in and a label"
		for a := k; a < k+3; a++ {
			if p.isNum(a) || a == k && p.isSign(a, "-") {
				break // "a one-page memo", "800 tokens in / 200 tokens out", "and a 700 token output"
			}
			if p.has(a, "query", "doc", "chats", "token", "answerw", "summarize", "classify", "extract") && !p.isNum(a) {
				return "", false, a + 1
			}
		}
	}
	return "", false, j
}

// articleAt is how many tokens the article at token k takes.
func (p *parser) articleAt(k int) int {
	if p.raw(k) == "the" {
		return 1
	}
	return 0
}

var partsOfDay = set("mornings evenings afternoons")

// schoolDays are the days of a trade, which rests at the weekend.
var schoolDays = set("school teaching lesson banking trading court")

func adverbial(w string) bool {
	return w == "per" || w == "pro" || w == "each" || w == "every" || w == "a"
}

// bareWindow reports whether the period at j follows its number without "per": "300k queries month".
func (p *parser) bareWindow(j int) bool {
	return j > 0 && !p.isSign(j-1, "-") && (p.has(j-1, "query", "doc", "chats") || isMultiplier(p.raw(j-1)) && p.isNum(j-2) || p.raw(j-1) == "k" || p.raw(j-1) == "m") && !p.has(j+1, "horizon")
}

func (p *parser) duringOffice(k int) bool {
	for a := k; a < k+4; a++ {
		if p.has(a, "office") && p.has(a+1, "hour", "hoursw") || p.has(a, "weekdayw") {
			return true
		}
	}
	return false
}

// windowBefore reads "monthly volume: 300k", "per day 2M".
func (p *parser) windowBefore(q *quantity) {
	for k, steps := q.from-1, 0; k >= 0 && steps < 5; k, steps = k-1, steps+1 {
		if p.clauseEnd(k) || p.toks[k].kind == num || p.toks[k].entity != nil || isMultiplier(p.raw(k)) || p.toks[k].claimed && p.periodAt(k) == "" && !p.has(k, "batch") {
			return
		}
		if w := p.usualPhrase(k); w >= 0 && !p.isClaimed(k) { // "on a normal day our desk gets 300"
			q.period, _, _ = p.windowAt(w)
			q.from = w
			return
		}
		if u := p.periodAt(k); u != "" && (p.has(k+1, "volume") && !p.isNum(k-1) || p.isSign(k-1, "/") && p.has(k-2, "query", "doc", "chats", "volume") && !p.numberBefore(k-2)) && !p.isClaimed(k) { // "wk vol: 60k", "req/yr 9.6M"
			q.period, q.from = u, k
			return
		}
		if u := p.periodAt(k); u != "" && (steps == 0 || steps == 1 && (p.raw(k+1) == "was" || p.raw(k+1) == "is" || p.raw(k+1) == "were" || p.raw(k+1) == "had" || p.raw(k+1) == "saw")) && !p.isClaimed(k) && p.clauseOpens(k) { // "last year 780,000", "volume last year was 310,000", "the whole month 800,000"
			q.period, q.from = u, k
			return
		}
		if u := p.periodAt(k); u != "" && usualWords[p.raw(k-1)] && !p.plural(k) && !p.isClaimed(k) && (p.raw(k-2) != "a" && p.raw(k-2) != "an" || p.clauseEnd(k-3) || turns[p.raw(k-3)] || p.raw(k-3) == "and") { // "average day 30k requests", "but a normal day is about 250k"
			q.period, q.from = u, k-1
			return
		}
		if u := p.periodAt(k - 1); u != "" && steps == 0 && (p.raw(k) == "has" || p.raw(k) == "sees") && p.raw(k-2) == "the" && p.isWord(k-1) { // "the month has 5 million"
			q.period, q.from = u, k-1
			return
		}
		if p.raw(k) == "year" && p.raw(k-1) == "next" && p.raw(k-2) == "for" && !p.isClaimed(k) { // "for next year I'm planning 36,000"
			q.period, q.from = "year", k-2
			return
		}
		if p.has(k-1, "peak") && p.periodAt(k) != "" {
			q.period, q.from = p.periodAt(k), k
			return
		}
		if u := p.adverb(k); u != "" && (!p.isClaimed(k) || p.raw(k) == "nightly") || p.has(k-1, "per") && !p.isClaimed(k) && p.periodAt(k) != "" {
			if u == "" {
				u = p.periodAt(k)
				k--
			}
			if p.isNum(k-1) || p.has(k-1, "query", "doc", "chats", "volume") && p.numberBefore(k-1) {
				return // it belongs to the number before
			}
			q.period, q.from = u, k
			return
		}
	}
}

// clauseOpens reports whether the window at k is named as a whole before its number: "last year", "the whole month".
func (p *parser) clauseOpens(k int) bool {
	switch p.raw(k - 1) {
	case "last", "past", "next", "this", "whole", "entire", "full":
		return p.has(k, "week", "month", "quarter", "year") && !p.plural(k)
	}
	return false
}

func perMonthOr1(period string) float64 {
	if period == "" {
		return 1
	}
	return perMonth[period]
}
