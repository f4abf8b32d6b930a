package intake

import (
	"cmp"
	"slices"
)

// What a request works out for itself wins over what is worked out from it: "5 turns each = 90k calls", "so 1M pages a month reach the model". And a
// request may say how many days it reckons with: "we use 21 days a month".

// resultWords stand before what follows from the numbers before.
var resultWords = set("so thus hence therefore i.e. ie totalling totaling")

// concludes reports whether the number at token i is said as the result of those before it.
func (p *parser) concludes(i int) bool {
	const lead, aside = 4, 6
	if p.soBefore(i, aside) {
		return true
	}
	for k := i - 1; k >= i-lead; k-- {
		switch w := p.raw(k); {
		case (p.isSign(k, "=") || p.isSign(k, ">") && p.isSign(k-1, "-")) && p.reckoned(k):
			return true
		case resultWords[w]:
			return p.figuresBefore(k)
		case w == "that's" || w == "thats" || w == "is" && p.raw(k-1) == "that":
		case w == "about" || w == "around" || w == "roughly" || w == "approx" || w == "nearly" || w == "some" || w == "~" || w == "and" || w == ",":
		default:
			return false
		}
	}
	return false
}

// soBefore reports whether a clause that starts with "so" holds the number of requests at i: ", so for the full chain 91,200 questions", "so call
// it 84k calls".
func (p *parser) soBefore(i, reach int) bool {
	for k := i - 1; k >= i-reach && !p.isNum(k); k-- {
		if (p.raw(k) == "so" || p.raw(k) == "thus") && p.clauseEnd(k-1) && p.figuresBefore(k) {
			q, ok := p.quantityAt(i)
			return ok && q.noun >= 0 && p.has(q.noun, "query", "chats", "classify", "extract", "summarize") && !p.has(q.noun, "person") && !q.each && !q.person && q.val >= 100
		}
		if w := p.raw(k); p.clauseEnd(k) || w == "over" || w == "under" || w == "almost" || w == "nearly" { // "so a bit over a million": the factors say it more exactly
			return false
		}
	}
	return false
}

// figuresBefore reports whether a number stands within a few words before token k, read already or not.
func (p *parser) figuresBefore(k int) bool {
	const reach = 20
	for j := k - 1; j >= k-reach && j >= 0; j-- {
		if p.isNum(j) && p.toks[j].entity == nil {
			return true
		}
	}
	return false
}

// multiplied reports whether words from j on say what each of a result has: "so about 50k chats a month with 5 messages each".
func (p *parser) multiplied(j int) bool {
	const reach = 8
	for k := j; k < j+reach && !p.clauseEnd(k); k++ {
		if p.raw(k) == "with" && p.isNum(k+1) {
			return true
		}
	}
	return false
}

// reckoned reports whether factors stand before the sign at k: "5 turns each =", "22,000 x 13 =", rather than a label.
func (p *parser) reckoned(k int) bool {
	const reach = 9
	number := false
	for j := k - 1; j >= k-reach && !p.strongEnd(j); j-- {
		number = number || p.isNum(j)
		if number && (p.raw(j) == "x" || p.isSign(j, "*") || p.raw(j) == "each" || p.raw(j) == "with" || p.raw(j) == "per" || p.raw(j) == "times") || !number && p.raw(j) == "each" && p.wordBetween(j-3, j, "msgs", "messages", "turns", "questions", "queries", "calls", "requests") {
			return true
		}
	}
	return false
}

// borrowWindow gives a result without a window the one of the load before it: "1,250 articles a month, so 10,000 translations".
func (p *parser) borrowWindow(q *quantity) string {
	for i := len(p.volumes) - 1; i >= 0; i-- {
		const near = 16
		if v := p.volumes[i]; v.unit != "" && max(v.to, v.until) < q.from && q.from-max(v.to, v.until) <= near && !perSecond(v) {
			return v.unit
		}
	}
	return ""
}

// daysReckoned is how many days a month the request says that it reckons with, 0 none; what it says of the month is more exact than what it
// says of the week: "we work 6 days a week, call it 26 days a month".
func (p *parser) daysReckoned() float64 {
	for i := range p.toks {
		if d, _ := p.daysAt(i); d > 0 {
			return d
		}
	}
	for i := range p.toks {
		if d := p.daysOfWeek(i); d > 0 {
			return d
		}
	}
	return 0
}

// daysAt reads the days of a month at token i, and where the words for them end: "365 days", "220 days each year", "22 days of month", "in 20
// working days", "all 30 days".
func (p *parser) daysAt(i int) (days float64, end int) {
	if !p.isNum(i) || p.toks[i].entity != nil {
		return 0, 0
	}
	n := p.toks[i].val
	if k := i - 1; (p.isSign(k, "=") || p.isSign(k, ":")) && (p.raw(k-1) == "workdays" || p.raw(k-1) == "days" && p.has(k-2, "office")) && n >= 18 && n <= 23 { // "workdays=21"
		return n, i
	}
	if p.has(i+1, "office") && p.raw(i+2) == "days" && n >= 18 && n <= 23 {
		return n, i + 2
	}
	if !p.has(i+1, "day") || p.raw(i+1) != "days" {
		return 0, 0
	}
	period, _, next := p.windowAt(i + 2)
	switch {
	case period == "year" && n >= 200 && n <= 366:
		return n / 12, next - 1
	case period == "month" && n >= 18 && n <= 31:
		return n, next - 1
	case n == 365 && p.clauseEnd(i+2):
		return n / 12, i + 1
	case n >= 28 && n <= 31 && (p.raw(i-1) == "all" || p.clauseEnd(i-1) && p.clauseEnd(i+2)):
		return n, i + 1
	}
	return 0, 0
}

// daysOfWeek is how many days a month the days of a week at token i make, 0 none: "Mon-Sat", "Monday to Saturday", "6 days a week".
func (p *parser) daysOfWeek(i int) float64 {
	const weeks = 52. / 12
	if (p.raw(i) == "mon" || p.raw(i) == "monday") && (p.raw(i+2) == "sat" || p.raw(i+2) == "saturday") {
		return 6 * weeks
	}
	const least, all = 3, 7 // fewer are those of somebody who comes in: "a contractor for 1 day a week"
	if n, _ := p.weekAt(i); n == all {
		return daysPerMonth
	} else if n >= least {
		return n * weeks
	}
	return 0
}

// weekAt reads the days of a week at token i, and where the words for them end; 0 where they are those of people who run the service.
func (p *parser) weekAt(i int) (days float64, end int) {
	n := numberWords[p.raw(i)]
	if p.isNum(i) {
		n = p.toks[i].val
	}
	if n < 1 || n > 7 || !p.has(i+1, "day") || p.raw(i+1) == "nights" || n > 1 && p.raw(i+1) != "days" && p.raw(i+1) != "d" {
		return 0, 0
	}
	if p.ofTheTeam(i) {
		return 0, 0
	}
	if period, _, next := p.windowAt(i + 2); period == "week" {
		return n, next - 1
	}
	return 0, 0
}

// monthsOf is how many of a window a month holds, where the request says how many days it reckons with.
func (p *parser) monthsOf(period string) float64 {
	d := p.daysReckoned()
	switch period {
	case "day", "workday":
		if d > 0 {
			return d
		}
	case "hour":
		if h := p.hoursReckoned(); h > 0 {
			return h * cmp.Or(d, workdaysPerMonth)
		}
	}
	return perMonthOr1(period)
}

// ofTheTeam reports whether the clause of token i speaks before it of people who run the service: "two ML engineers available one day per week".
func (p *parser) ofTheTeam(i int) bool {
	for k := i - 1; !p.clauseEnd(k); k-- {
		if p.has(k, "ml", "team", "ops") && !p.isNum(k) {
			return true
		}
	}
	return false
}

// hoursReckoned is how many hours a day the request says on its own that it reckons with, 0 none: "each hour 7 customers, 8 hours, 26 days".
func (p *parser) hoursReckoned() float64 {
	const least, most = 4, 23
	for i := range p.toks {
		if p.isNum(i) && p.toks[i].val >= least && p.toks[i].val <= most && p.raw(i+1) == "hours" && p.clauseEnd(i-1) && p.clauseEnd(i+2) {
			return p.toks[i].val
		}
	}
	return 0
}

// sumsUp reports whether a number that follows from those before it is how many of something one of another thing takes, and completes what that
// is: "every claim = 1 plan + 3 readings + 1 verdict, so five calls", "3 follow-ups per question, so 4 calls per question".
func (p *parser) sumsUp(f *factor) bool {
	const few = 100
	if f.val > few || f.period != "" {
		return false
	}
	if len(f.per) > 0 {
		return true
	}
	sum, summands := 0.0, 0
	for k := f.from - 1; !p.strongEnd(k); k-- {
		if n, ok := p.number(k); ok && n.val != 0 {
			sum, summands = sum+n.val, summands+1
		} else if (p.raw(k) == "each" || p.raw(k) == "every" || p.raw(k) == "a" || p.raw(k) == "per") && sum == f.val && summands > 1 && p.isWord(k+1) && p.countedElsewhere(k+1) {
			f.per = append(f.per, stem(p.raw(k+1)))
			return true
		}
	}
	return false
}

// withoutSummands leaves out the factors that another one sums up.
func (p *parser) withoutSummands(fs []factor) []factor {
	return slices.DeleteFunc(slices.Clone(fs), func(g factor) bool {
		return slices.ContainsFunc(fs, func(f factor) bool {
			return f.summed && g.from < f.from && g.period == "" && !p.sentenceEnds(g.from, f.from) && countedFor(g.per, f.per[0])
		})
	})
}
