package intake

import "slices"

// How often something is done: "every night", "twice a week", "a query every 10 minutes", "weekly job". What is done each time stands in
// another number of the sentence, or behind "per run".

// runNouns are what one time of doing it is called, by stem.
var runNouns = set("run batch job night time round cycle pass delivery export import execution iteration week day month")

var timesWords = map[string]float64{"once": 1, "twice": 2, "thrice": 3}

// frequencyAt reads a frequency that starts at token i as a factor that stands for its runs.
func (p *parser) frequencyAt(i int) (factor, bool) {
	f := factor{span: span{i, i}, val: 1, every: 1, head: -1, via: -1, nouns: []string{"run"}, runs: true}
	j := i
	if n := timesWords[p.raw(i)]; n > 0 {
		f.val, j = n, i+1
	} else if n, ok := p.number(i); ok && !n.scaled && n.val >= 1 && n.val < 1000 && p.raw(n.next) == "times" {
		f.val, j = n.val, n.next+1
	}
	if j > i {
		var person bool
		f.period, person, f.to = p.windowAt(j)
		if person && f.to > j { // "12 times per editor per day"
			f.per = append(f.per, stem(p.raw(f.to-1)))
			f.period, _, f.to = p.windowAt(f.to)
		}
		f.to--
		if k := f.to + 1; f.period != "" && p.article(k) && p.isWord(k+1) && p.raw(k+2) == "per" && p.isWord(k+3) && p.countedElsewhere(k+3) { // "twice a day a note per resident"
			f.per, f.to, f.runs, f.implied, f.nouns = append(f.per, stem(p.raw(k+3))), k+3, false, true, []string{stem(p.raw(k + 1))}
			return f, true
		}
		if f.period == "" && p.raw(j) == "per" && p.isWord(j+1) && p.countedElsewhere(j+1) { // "they ask twice per walk-in"
			end := p.compoundEnd(j + 1)
			f.per, f.to, f.runs = append(f.per, p.compound(j+1, end)), end, false
			return f, true
		}
		if f.period == "" && (p.raw(j) == "every" || p.raw(j) == "each") { // "once every two weeks"
			return p.everyPeriod(f, j+1)
		}
		return f, f.period != ""
	}
	if p.raw(i) == "fortnightly" || p.raw(i) == "fortnight" || p.raw(i) == "biweekly" {
		f.period, f.every = "week", 2
		return f, true
	}
	if u := p.adverb(i); u != "" {
		f.period = u
		switch prefix := p.raw(i - 2); {
		case !p.isSign(i-1, "-"):
		case prefix == "semi" || prefix == "half":
			f.every, f.from = .5, i-2
			return f, true
		case prefix == "bi":
			f.every, f.from = 2, i-2
			return f, true
		}
		if p.eachTime(i) { // "each one uploads a daily log", "150 stores, daily report each"
			return f, true
		}
		return f, p.runBeside(i, i) && !p.isNum(i-1)
	}
	if p.raw(i) != "every" && p.raw(i) != "each" {
		return f, false
	}
	return p.everyPeriod(f, i+1)
}

// eachTime reports whether the adverb at token i says how often each of something does one thing.
func (p *parser) eachTime(i int) bool {
	const reach = 9
	noun := i + 1
	if p.isWord(noun) && !p.has(noun, "doc", "query", "summarize") { // "a weekly status summary"
		noun++
	}
	if !p.has(noun, "doc", "query", "summarize") || p.plural(noun) {
		return false
	}
	if p.raw(noun+1) == "each" && p.clauseEnd(noun+2) {
		return true
	}
	if !p.article(i - 1) {
		return false
	}
	for k := i - 2; k >= i-reach && !p.clauseEnd(k); k-- {
		if p.raw(k) == "each" || p.raw(k) == "every" {
			return true
		}
	}
	return false
}

// everyPeriod reads what follows "every": "night", "5 minutes", "other day", "half hour".
func (p *parser) everyPeriod(f factor, j int) (factor, bool) {
	switch n, ok := p.number(j); {
	case p.raw(j) == "other" || p.raw(j) == "second" && p.periodAt(j+1) != "":
		f.every, j = 2, j+1
	case p.raw(j) == "half":
		f.every, j = .5, j+1
		for p.raw(j) == "a" || p.raw(j) == "an" || p.isSign(j, "-") {
			j++
		}
	case ok && n.val > 0 && p.has(n.next, "ms"):
		f.every, f.period, f.to = n.val*secondsIn["ms"], "second", n.next
		return f, true
	case ok && n.val > 0:
		f.every, j = n.val, n.next
	case dayNames[p.raw(j)]:
		f.period, f.to = "week", j
		return f, true
	case p.raw(j) == "morning" || p.raw(j) == "evening" || p.raw(j) == "weekend":
		f.period, f.to = map[bool]string{true: "week", false: "day"}[p.raw(j) == "weekend"], j
		return f, true
	case p.raw(j) == "single" || p.raw(j) == "working" || p.raw(j) == "business" || schoolDays[p.raw(j)]:
		j++
	}
	f.period, f.to = p.periodAt(j), j
	if p.has(j, "day") && (p.raw(j-1) == "working" || p.raw(j-1) == "business" || schoolDays[p.raw(j-1)]) {
		f.period = "workday"
	}
	return f, f.period != ""
}

var dayNames = set("monday tuesday wednesday thursday friday saturday sunday")

// runBeside reports whether a word for a run stands beside tokens from to to, or it is at night.
func (p *parser) runBeside(from, to int) bool {
	for k := from; k <= to; k++ {
		if p.has(k, "overnight") {
			return true
		}
	}
	const reach = 3
	for k := from - reach; k <= to+reach; k++ {
		if w := stem(p.raw(k)); w == "run" || w == "batch" || w == "job" || w == "process" || w == "export" || w == "delivery" || w == "pipeline" {
			return true
		}
	}
	return false
}

// single gives a frequency with nothing counted beside it the one thing that is done each time: "a query every 10 minutes", "each host
// reports every 15 minutes".
func (p *parser) single(f *factor) bool {
	const reach = 10
	for k := f.to + 2; k <= f.to+3 && p.adverb(f.from) != ""; k++ { // "daily report each", "a weekly status report each"
		if p.raw(k) == "each" {
			f.implied, f.each, f.to = true, true, k
			return true
		}
	}
	for k := f.from - 1; k >= f.from-reach && !p.clauseEnd(k) && !p.isNum(k); k-- {
		switch w := p.raw(k); {
		case w == "each" || w == "every":
			f.implied, f.from = true, k
			if p.plainNoun(k + 1) {
				f.per, f.loose = append(f.per, stem(p.raw(k+1))), true
			} else {
				f.each, f.far = true, p.raw(k+1) == "one" && p.raw(k+2) == "of" && theirs[p.raw(k+3)]
			}
			return true
		case w == "one" && p.has(k+1, "person"): // "one operator uses it 40 times a day"
			f.implied, f.from, f.per = true, k, append(f.per, stem(p.raw(k+1)))
			return true
		case (w == "a" || w == "an" || w == "one") && p.isWord(k+1) && p.periodAt(k+1) == "" && partWords[p.raw(k+1)] == 0 && !runNouns[p.raw(k+1)]:
			f.implied, f.from = p.has(k+1, "query", "doc", "chats") || f.period == "second" || f.period == "minute" || f.period == "hour", min(f.from, k)
		}
	}
	return f.implied
}

// attach finds the number that a frequency repeats: the nearest count of its sentence that has no window of its own; -1 none.
func (p *parser) attach(fs []factor, i int) int {
	f := &fs[i]
	const reach = 16
	best, dist := -1, reach+1
	for k := max(0, i-4); k < min(len(fs), i+5); k++ {
		g := &fs[k]
		if k == i || g.runs || g.period != "" || g.val < 2 && !g.each || slices.ContainsFunc(g.per, func(w string) bool { return runNouns[w] }) {
			continue
		}
		from, to := f.to+1, g.from
		if g.to < f.from {
			from, to = g.to+1, f.from
		}
		if d := to - from; d < dist && p.oneThought(from, to, p.runBeside(f.from, f.to) || g.person && p.clauseEnd(g.to+1) && p.article(g.to+2) || g.each && p.clauseEnd(f.from-1) && p.clauseEnd(f.to+1)) {
			best, dist = k, d
		}
	}
	return best
}

// oneThought reports whether no sentence, and no clause unless a job was spoken of, ends between two tokens.
func (p *parser) oneThought(from, to int, job bool) bool {
	for k := from; k < to; k++ {
		if p.strongEnd(k) && p.raw(k) != ":" || p.clauseEnd(k) && !job {
			return false
		}
	}
	return true
}
