package intake

import "github.com/llmadvise/llmadvise/advisor"

// When the load comes, told by clock times: "9:00 to 18:00", "between nine and five", "24 hours, 7 days".

// readHours reads opening hours and whole days.
func (p *parser) readHours() {
	p.shieldNights()
	for i := range p.toks {
		if s, hours, ok := p.openingAt(i); ok {
			p.claim(s.from, s.to)
			p.open = hours
			traffic(advisor.OfficeHours)(p, s)
		} else if s, ok := p.wholeDayAt(i); ok {
			p.claim(s.from, s.to)
			traffic(advisor.RoundTheClock)(p, s)
		}
	}
}

// busyNights are nights that people come in; busyWords tell when they do, or that nobody does.
var (
	busyNights = set("match game show quiz club movie opening election friday saturday sunday monday tuesday wednesday thursday weekend first good last one")
	busyWords  = set("peak peaks worst busiest rush burst bursts nothing quiet")
)

// shieldNights keeps nights that only tell when people come, or do not, from being taken for work that is done at night: "at the worst minute of a match
// night", "so nothing happens at night".
func (p *parser) shieldNights() {
	const reach = 6
	for i := range p.toks {
		if w := p.raw(i); w != "night" && w != "nights" {
			continue
		}
		busy := busyNights[p.raw(i-1)]
		for k := i - 1; k >= i-reach && !p.clauseEnd(k); k-- {
			busy = busy || busyWords[p.raw(k)]
		}
		p.toks[i].shielded = p.toks[i].shielded || busy
	}
}

// clock is a time of day, and whether it can be nothing else.
type clock struct {
	hour   float64
	marked bool
	to     int
}

// clockAt reads "9", "9:30", "9am", "nine in the morning" or "17 o'clock" at token i.
func (p *parser) clockAt(i int) (c clock, ok bool) {
	switch {
	case p.isNum(i):
		c.hour = p.toks[i].val
	case p.isWord(i) && numberWords[p.raw(i)] > 0 && !isMultiplier(p.raw(i)):
		c.hour = numberWords[p.raw(i)]
	default:
		return c, false
	}
	c.to = i
	if p.isSign(i+1, ":") && p.isNum(i+2) && p.toks[i+2].glued && len(p.raw(i+2)) == 2 {
		c.marked, c.to = true, i+2
	}
	afternoon := false
	switch w := p.raw(c.to + 1); w {
	case "am", "pm", "h", "hrs", "o'clock", "oclock", "uhr", "a.m", "p.m", "p.m.":
		afternoon = w[0] == 'p'
		if w != "h" && w != "hrs" || p.toks[c.to+1].glued || p.raw(c.to+1) == "hrs" {
			c.marked, c.to = true, c.to+1
		}
	case "in":
		if w := p.raw(c.to + 3); p.raw(c.to+2) == "the" && (w == "morning" || w == "evening" || w == "afternoon") {
			afternoon, c.marked, c.to = w != "morning", true, c.to+3
		}
	}
	if afternoon && c.hour < 12 {
		c.hour += 12
	}
	return c, c.hour == float64(int(c.hour*2))/2 && c.hour <= 24
}

// openingAt reads opening hours from token i on, and how many they are: they start in the morning and end in the afternoon.
func (p *parser) openingAt(i int) (s span, hours float64, ok bool) {
	opens, ok := p.clockAt(i)
	if !ok || opens.hour < 5 || opens.hour > 11 || p.has(i-1, "usd", "eur") || p.toks[i].entity != nil {
		return span{}, 0, false
	}
	k, between := opens.to+1, p.raw(i-1) == "between"
	switch w := p.raw(k); {
	case w == "to", w == "until", w == "till", w == "til", w == "thru", p.isSign(k, "-"), w == "and" && between:
	case w == "and" && (p.raw(k+1) == "close" || p.raw(k+1) == "closes") && p.raw(k+2) == "at" && p.raw(i-1) == "at":
		k += 2
	default:
		return span{}, 0, false
	}
	shuts, ok := p.clockAt(k + 1)
	if !ok || !(shuts.hour >= 3 && shuts.hour <= 9 && !(shuts.marked && p.raw(shuts.to) == "am") || shuts.hour >= 14 && shuts.hour <= 22) || shuts.hour == 9 && !shuts.marked {
		return span{}, 0, false
	}
	if !opens.marked && !shuts.marked && !p.timesOfDay(i-1, shuts.to+1) || opens.hour == shuts.hour && opens.hour < 7 {
		return span{}, 0, false
	}
	if hours = shuts.hour - opens.hour; hours <= 0 {
		hours += 12
	}
	return span{i, shuts.to}, hours, true
}

// timesOfDay reports whether what stands before and behind a range of small numbers makes them times: "open 9 to 5", "9-17 on weekdays".
func (p *parser) timesOfDay(before, behind int) bool {
	if p.unitFollows(behind) {
		return false
	}
	if (p.raw(before) == "," || p.raw(before) == "(") && !p.clauseEnd(before-1) && (p.has(before-1, "workday", "weekdayw") || p.raw(before-1) == "office" || p.raw(before-1) == "friday" || p.raw(before-1) == "fri") {
		return true
	}
	switch p.raw(before) {
	case "monfri", "mondayfriday", "open", "opens", "hours", "weekdays", "weekday", "mon-fri", "friday", "fri", "daily", "works", "work", "working", "during", "shift", "day", "at":
		return true
	case "from", "between", ":":
		return p.dayNear(before, behind)
	}
	switch p.raw(behind) {
	case "weekdays", "weekday", "workdays", "mon", "monday", "mon-fri", "cet", "ist", "et", "pst", "est", "cst", "gmt", "daily":
		return true
	case "on", "every", "each", "from":
		return p.has(behind+1, "day", "workday", "weekdayw") || p.raw(behind+1) == "monday" || p.raw(behind+1) == "mon"
	}
	return false
}

// unitFollows reports whether the word at k is what a range of numbers counts.
func (p *parser) unitFollows(k int) bool {
	return p.isWord(k) && !p.toks[k].glue && !p.has(k, "day", "workday", "weekdayw") && !p.capitalised(k) && p.raw(k) != "cet" && p.raw(k) != "local"
}

// dayNear reports whether the sentence around speaks of days, desks or opening.
func (p *parser) dayNear(from, to int) bool {
	s := around(span{max(from, 0), min(to, len(p.toks)-1)}, p.strongEnd)
	for k := s.from; k <= s.to; k++ {
		if p.has(k, "day", "workday", "weekdayw") || p.raw(k) == "open" || p.raw(k) == "office" || p.raw(k) == "hours" || p.raw(k) == "used" || p.raw(k) == "desk" || p.raw(k) == "traffic" || p.raw(k) == "monday" || p.raw(k) == "mon" {
			return true
		}
	}
	return p.clauseEnd(to)
}

// wholeDayAt reads days without end from token i on: "24 hours, 7 days", "all 24 hours", "500 items/hour 24h", "shifts cover all hours".
func (p *parser) wholeDayAt(i int) (span, bool) {
	if !p.isNum(i) || p.toks[i].val != 24 || !(p.has(i+1, "hour") || p.raw(i+1) == "h") || p.isClaimed(i) {
		return span{}, false
	}
	to := i + 1
	switch before := p.raw(i - 1); {
	case before == "all" || before == "the" || before == "full":
		return span{i - 1, to}, before != "the" || p.raw(i-2) == "across" || p.raw(i-2) == "over" || p.raw(i-2) == "all"
	case p.has(i-1, "within", "upto", "latency", "duration") || before == "in" || before == "of" || before == "about" || before == "up" || before == "after" || before == "last" || before == "per" || before == "every" || p.isSign(i-1, "<"):
		return span{}, false
	}
	k := to + 1
	if p.raw(k) == "," || p.raw(k) == "/" {
		k++
	}
	if p.isNum(k) && p.toks[k].val == 7 || p.raw(k) == "seven" || p.raw(k) == "x" {
		return span{i, k}, true
	}
	switch p.raw(to + 1) {
	case "a", "per", "service", "operation", "every", "in", "shifts", "online":
		return span{i, to}, true
	}
	running := p.has(i-1, "query", "volume", "qps") || p.raw(i-1) == "," && p.has(i-2, "qps") || p.has(i-1, "hour", "per") || p.wordBetween(i-3, i, "open", "comes", "come", "moving", "running", "runs", "works", "work", "working", "operates", "operate", "answer", "available", "up", "live")
	running = running && (p.raw(i-1) != "answer" || !p.has(i-2, "per"))
	alone := p.clauseEnd(i-1) && i > 0 && p.raw(i-1) != ":"
	return span{i, to}, (running || alone) && p.clauseEnd(to+1)
}
