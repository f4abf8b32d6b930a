package intake

import (
	"slices"
	"strings"

	"github.com/llmadvise/llmadvise/advisor"
)

// A volume is often said as a product: "40 customers with 200 seats each, 3 summaries per seat per week". What is counted need not be a
// word of the lexicon: the factors are tied together by "each", "per seat" and "x".

// readProducts files the products of a request as volumes.
func (p *parser) readProducts() {
	p.readRepeats()
	p.readBundles()
	p.readLanguages()
	p.claimDays()
	fs := p.timesOver(p.addedFactors(p.withoutSummands(p.factors())))
	for i := 1; i < len(fs); i++ {
		if fs[i-1].eachOf && fs[i].from-fs[i-1].to <= 5 && len(fs[i].per) == 0 {
			fs[i].each = true
		}
	}
	for i := range fs {
		fs[i].head = p.headOf(fs, i)
	}
	for i := range fs {
		f := &fs[i]
		if f.via >= 0 && f.head >= 0 && fs[f.head].head == i {
			f.head = -1
		}
		if root := rootOf(fs, i); f.via >= 0 && rootOf(fs, f.via) != root {
			fs[root].head = f.via
		}
	}
	p.adoptRoots(fs)
	adoptPeople(fs)
	runWhole(fs)
	everyDay := p.consumersCome()
	inner := map[int]bool{}
	for _, f := range fs {
		if f.head >= 0 {
			inner[f.head] = true
		}
	}
	for i := range fs {
		if !inner[i] && !outcalled(fs, i, inner) {
			p.product(fs, i, everyDay)
		}
		if f := &fs[i]; f.runs && f.head < 0 && !inner[i] && f.val > 1 && perMonth[f.period] > 1 && !p.isClaimed(f.from) { // "I'd run it 50 times a week"
			p.bare = append(p.bare, reading{val: f.val * perMonth[f.period] / f.every, unit: f.period, span: f.span})
		}
	}
}

// timesOver multiplies a count by how many times it is there: "4 operators per line on each of three shifts".
func (p *parser) timesOver(fs []factor) []factor {
	var out []factor
	for _, f := range fs {
		if n := len(out); n > 0 && f.eachOf && f.period == "" && (p.raw(f.from-1) == "on" || p.raw(f.from-1) == "in" || p.raw(f.from-1) == "at" || p.raw(f.from-1) == "for") && out[n-1].to >= f.from-2 && len(out[n-1].nouns) > 0 {
			out[n-1].val, out[n-1].to = out[n-1].val*f.val, f.to
			continue
		}
		out = append(out, f)
	}
	return out
}

// addedFactors adds counts of requests that are joined: "each fires 120 completions + 15 chat questions".
func (p *parser) addedFactors(fs []factor) []factor {
	var out []factor
	for _, f := range fs {
		n := len(out)
		if n == 0 || f.from != out[n-1].to+2 || !p.isSign(f.from-1, "+") && p.raw(f.from-1) != "plus" && (p.raw(f.from-1) != "and" || !out[n-1].each && len(f.per) == 0) || !p.countsAsked(&f) || !p.countsAsked(&out[n-1]) && !(p.raw(f.from-1) != "and" && !p.has(out[n-1].to, countable...) && !out[n-1].person && out[n-1].val >= 100) || out[n-1].period != "" && f.period != out[n-1].period {
			out = append(out, f)
			continue
		}
		g := &out[n-1]
		g.val, g.to, g.period, g.every, g.implied = g.val+f.val, f.to, f.period, f.every, true
		g.per, g.each, g.eachOf = append(g.per, f.per...), g.each || f.each, g.eachOf || f.eachOf
	}
	return out
}

// countsAsked reports whether a factor counts requests or documents.
func (p *parser) countsAsked(f *factor) bool {
	for k := f.to; k >= f.from && !f.person; k-- {
		if p.has(k, "query", "doc", "chats") && len(f.nouns) > 0 && stem(p.raw(k)) == f.nouns[0] {
			return true
		}
	}
	return false
}

// outcalled reports whether a count of parts stands beside one of the calls for the same: "14 lines each, 1 call per invoice".
func outcalled(fs []factor, i int, inner map[int]bool) bool {
	f := &fs[i]
	if f.head < 0 || f.period != "" || countsCalls(f) {
		return false
	}
	for k := range fs {
		if g := &fs[k]; k != i && !inner[k] && g.head == f.head && g.period == "" && countsCalls(g) && len(g.per) > 0 {
			return true
		}
	}
	return false
}

// countsCalls reports whether a factor counts calls of the model.
func countsCalls(f *factor) bool {
	return len(f.nouns) > 0 && (f.nouns[0] == "call" || f.nouns[0] == "request")
}

// claimDays takes the days that the request reckons with, which count nothing: "in 20 working days", "220 days a year".
func (p *parser) claimDays() {
	for i := range p.toks {
		d, end := p.daysAt(i)
		if d == 0 {
			d, end = p.weekAt(i)
		}
		if d > 0 && !p.productBefore(i) {
			p.claim(i, end)
		}
	}
}

// readRepeats reads how often each thing is sent: "every document is summarised three times".
func (p *parser) readRepeats() {
	const reach, most = 9, 100
	for i := range p.toks {
		if p.isClaimed(i) {
			continue
		}
		n, to := timesWords[p.raw(i)], i
		if v, ok := p.number(i); ok && p.raw(v.next) == "times" {
			n, to = v.val, v.next
		}
		if n < 2 || n > most || n == 2 && p.raw(i+1) == "as" {
			continue
		}
		if period, _, _ := p.windowAt(to + 1); period != "" || p.isWord(to+1) && p.raw(to+1) != "for" && p.raw(to+1) != "with" && p.raw(to+1) != "by" {
			continue
		}
		for k := i - 1; k >= i-reach && !p.clauseEnd(k) && !p.isNum(k); k-- {
			if (p.raw(k) == "every" || p.raw(k) == "each") && p.has(k+1, "doc", "query", "chats") {
				p.perQuery = append(p.perQuery, reading{val: n, span: span{i, to}})
				p.claim(i, to)
				break
			}
		}
	}
}

// readLanguages takes each language that something is translated into for a call: "40 press releases a week into four languages".
func (p *parser) readLanguages() {
	const most = 40
	for i := range p.toks {
		n, ok := p.number(i)
		if !ok || p.raw(n.next) != "languages" || p.raw(i-1) != "into" && p.raw(i-1) != "to" || n.val < 2 || n.val > most || p.isClaimed(i) || p.resultSaid() || !p.countInClause(i) {
			continue
		}
		for k := range p.toks {
			if strings.HasPrefix(p.raw(k), "translat") {
				p.perQuery = append(p.perQuery, reading{val: n.val, span: span{i, n.next}})
				p.claim(i, n.next)
				return
			}
		}
	}
}

// countInClause reports whether a number stands before token i in its clause.
func (p *parser) countInClause(i int) bool {
	for k := i - 1; !p.clauseEnd(k); k-- {
		if p.isNum(k) {
			return true
		}
	}
	return false
}

// resultSaid reports whether the request works something out itself, or says how many calls something takes.
func (p *parser) resultSaid() bool {
	for i := range p.toks {
		if resultWords[p.raw(i)] && p.isNum(i+1) || p.has(i, "query") && p.raw(i+1) == "per" && p.periodAt(i+2) == "" || p.raw(i) == "total" || p.raw(i) == "translations" {
			return true
		}
	}
	return false
}

// rootOf is the last factor of a chain.
func rootOf(fs []factor, i int) int {
	for hops := 0; fs[i].head >= 0 && hops <= len(fs); hops++ {
		i = fs[i].head
	}
	return i
}

// runWhole lets what is done each time be all of a product with signs: "nightly run, 4,000 cases x 3 models".
func runWhole(fs []factor) {
	for i := range fs {
		for k := range fs {
			if f, g := &fs[i], &fs[k]; f.runs && g.times && g.period == "" && g.head == f.head && f.head >= 0 && i != k {
				f.head = k
			}
		}
	}
}

// adoptRoots ties a chain without a window to the only load that has one: "4 languages, one call per language; 5,000 articles a month".
func (p *parser) adoptRoots(fs []factor) {
	const few = 50 // of the kinds that a load comes in
	load := -1
	for i := range fs {
		if f := &fs[i]; f.head < 0 && f.period != "" && !f.runs && !f.person {
			if load >= 0 {
				return
			}
			load = i
		}
	}
	for i := range fs {
		if f := &fs[i]; load >= 0 && i != load && f.head < 0 && f.period == "" && f.val <= few && f.loose && len(f.per) > 0 && countsCalls(f) && fs[load].to < f.from { // "480 tenants report damage a month, each report leads to 4 model calls"
			f.head = load
			continue
		}
		root := rootOf(fs, i)
		if f := &fs[root]; load >= 0 && root != i && root != load && f.period == "" && f.val <= few && !f.person && fs[i].period == "" && len(fs[i].per) > 0 && rootOf(fs, load) != root {
			f.head = load
		}
	}
}

// adoptPeople ties a small chain with a window to the only people counted, who have none: "MAU 120k, avg 14 sessions a month, 3 queries per session".
func adoptPeople(fs []factor) {
	people := -1
	for i := range fs {
		if f := &fs[i]; f.person && f.head < 0 && f.val > mostAsked {
			if people >= 0 || f.period != "" {
				return
			}
			people = i
		}
	}
	for i := range fs {
		root := rootOf(fs, i)
		if f := &fs[root]; people >= 0 && root != i && root != people && f.period != "" && !f.person && !f.runs && f.val <= mostAsked && rootOf(fs, people) != root {
			f.head = people
		}
	}
}

// headOf finds the factor that factor i multiplies: the one it is counted for by name, or else the one before it.
func (p *parser) headOf(fs []factor, i int) int {
	f := &fs[i]
	if f.runs {
		if k := p.attach(fs, i); k >= 0 {
			return k
		}
		if k := p.usedBy(fs, i); k >= 0 {
			return k
		}
		if !p.single(f) {
			return -1
		}
	}
	if i > 0 && f.each && len(f.per) == 0 && slices.Contains(fs[i-1].nouns, "concurrent") { // "400 concurrent sessions, each 60 calls, 2k sessions a day"
		f.per = append(f.per, fs[i-1].nouns[0])
		for k := i + 1; k < len(fs); k++ {
			if fs[k].period != "" && slices.Contains(f.per, fs[k].nouns[0]) {
				return k
			}
		}
	}
	if k := p.namedHead(fs, i); k >= 0 {
		return k
	}
	if len(f.per) > 0 && visits[f.per[0]] && f.period == "" { // "3M visitors a month, 6 messages per chat": each comes once
		for k := i - 1; k >= 0; k-- {
			if fs[k].runs && fs[k].head >= 0 && fs[fs[k].head].person { // "one in ten contacts it each month, and a contact takes five messages"
				return k
			}
			if fs[k].period != "" && (fs[k].person || len(fs[k].nouns) > 0 && visits[fs[k].nouns[0]]) {
				return k
			}
		}
	}
	if len(f.nouns) > 0 && (inner[f.nouns[0]] || (turnWords[f.nouns[0]] || p.raw(f.from-1) == "with") && i > 0 && p.withOnes(f, &fs[i-1])) && len(f.per) == 0 && f.period == "" && i > 0 && fs[i-1].period != "" && f.from-fs[i-1].to < 8 {
		return i - 1
	}
	if k := p.standingIn(fs, f); k >= 0 {
		return k
	}
	return p.before(fs, i)
}

// standingIn is the number of places where those stand that a factor is counted for, -1 none: "kiosks in 900 stations, 50 questions per kiosk".
func (p *parser) standingIn(fs []factor, f *factor) int {
	for i := range p.toks {
		if !p.plural(i) || p.raw(i+1) != "in" && p.raw(i+1) != "at" && p.raw(i+1) != "on" || !slices.Contains(f.per, stem(p.raw(i))) {
			continue
		}
		for k := range fs {
			if fs[k].from == i+2 && fs[k].period == "" && &fs[k] != f {
				return k
			}
		}
	}
	return -1
}

// withOnes reports whether a conversation is said to have f: "130k conversations a month with 3 messages on average".
func (p *parser) withOnes(f, talk *factor) bool {
	if len(talk.nouns) > 0 && talk.period != "" && len(f.nouns) > 0 && (f.nouns[0] == "question" || f.nouns[0] == "call" || f.nouns[0] == "prompt") && talk.nouns[0] != f.nouns[0] && p.raw(f.from-1) == "with" && talk.nouns[0] != "query" && talk.nouns[0] != "request" { // "3 exams a year with 80 questions"
		return true
	}
	if len(talk.nouns) == 0 || !visits[talk.nouns[0]] && talk.nouns[0] != "thread" && talk.nouns[0] != "dialog" && talk.nouns[0] != "dialogue" {
		return false
	}
	for k := talk.to + 1; k < f.from; k++ {
		if w := p.raw(k); w == "with" || w == "of" || w == "having" || w == "averaging" {
			return true
		}
	}
	return false
}

// usedBy is the number of people who are said to do something so often, -1 none: "half of the 2,000 users use it, 3 times per working day".
func (p *parser) usedBy(fs []factor, i int) int {
	const reach, far = 8, 30
	f := &fs[i]
	if f.period == "" {
		return -1
	}
	asks := false
	for k := f.from - 1; k >= f.from-reach && !p.strongEnd(k) && !p.isNum(k); k-- {
		asks = asks || askingWords[p.raw(k)]
	}
	if !asks {
		return -1
	}
	for k := i - 1; k >= 0 && f.from-fs[k].to <= far; k-- {
		if fs[k].person && fs[k].period == "" && fs[k].val > 1 {
			return k
		}
	}
	return -1
}

var visits = set("chat conversation session visit visitor contact")

// namedHead is the factor that factor i is counted for by name, -1 none.
func (p *parser) namedHead(fs []factor, i int) int {
	f := &fs[i]
	for k := range fs {
		g := &fs[k]
		if k == i || len(g.nouns) == 0 || f.period == "" || g.period == "" || g.runs || g.nouns[0] != f.period && g.nouns[0] != f.window && !(g.nouns[0] == "day" && f.period == "workday") {
			continue
		}
		f.period = "" // calls per minute of so many minutes
		if v := p.namedHead(fs, i); v >= 0 && v != k && fs[v].window == f.window {
			return v // which is for that time itself
		}
		if g.via = p.namedHead(fs, i); g.via < 0 {
			g.via = p.before(fs, i)
		}
		if g.via == k {
			g.via = -1
		}
		return k
	}
	for _, same := range []func(a, b string) bool{func(a, b string) bool { return a == b }, sameThing} { // the very word first
		if k := headCalled(fs, i, same); k >= 0 {
			return k
		}
	}
	return -1
}

// headCalled is the nearest factor with the name of what factor i is counted for, -1 none.
func headCalled(fs []factor, i int, same func(a, b string) bool) int {
	f := &fs[i]
	named := func(per []string, noun string) bool {
		return slices.ContainsFunc(per, func(w string) bool { return same(w, noun) })
	}
	for _, k := range nearestFirst(len(fs), i) {
		g := &fs[k]
		switch {
		case k == i || len(g.nouns) == 0:
		case g.runs && !f.runs && slices.ContainsFunc(f.per, func(w string) bool { return runNouns[w] }):
			return k
		case g.val != 1 && !g.runs && named(f.per, g.nouns[0]) && !named(g.per, g.nouns[0]):
			for m := range fs { // for something else too
				if m != k && m != i && len(fs[m].nouns) > 0 && fs[m].val > 1 && fs[m].nouns[0] != g.nouns[0] && named(f.per, fs[m].nouns[0]) && g.via < 0 && fs[m].head != k {
					g.via = m
				}
			}
			return k
		}
	}
	return -1
}

// sameThing reports whether two nouns, by stem, may name the same things: "webchats" and "6 per chat", "46 hotels" and "130 per property".
func sameThing(a, b string) bool {
	if a == b {
		return true
	}
	const short = 4
	if len(a) >= short && len(b) >= short && (strings.HasSuffix(a, b) || strings.HasSuffix(b, a)) {
		return true
	}
	return slices.ContainsFunc(synonyms, func(s map[string]bool) bool { return s[a] && s[b] })
}

// synonyms are words that one request has for the same things.
var synonyms = []map[string]bool{
	set("hotel property site location branch store shop outlet clinic practice practise office facility establishment restaurant resort place house"),
	set("chat conversation session thread dialog dialogue talk"),
	set("user person people employee head staff member colleague"),
}

// nearestFirst are the places of n factors in the order in which they may be meant by factor i: those before it from the last one, then those
// behind it.
func nearestFirst(n, i int) []int {
	order := make([]int, 0, n)
	for k := i - 1; k >= 0; k-- {
		order = append(order, k)
	}
	for k := i + 1; k < n; k++ {
		order = append(order, k)
	}
	return order
}

// inner are what a conversation or a run is made of: "2 million conversations a year with six turns".
var inner = set("turn step exchange round hop iteration")

// before is the factor that "each" speaks of: the people counted last, or the factor just before.
func (p *parser) before(fs []factor, i int) int {
	const near, far = 14, 60 // tokens
	f := &fs[i]
	if i+1 < len(fs) && (f.period != "") != (fs[i+1].period != "") && fs[i+1].eachOf && fs[i+1].from-f.to <= 2 { // "20 a day from each of our 6 offices", "8 variants for each of 12k products a month"
		return i + 1
	}
	if !f.each && !f.times && !f.loose {
		return -1
	}
	if i+1 < len(fs) && f.each && fs[i+1].them && fs[i+1].from-f.to <= near { // "18 questions each, there are 350 of them"
		return i + 1
	}
	last := i - 1
	for k := i - 1; k >= 0 && f.from-fs[k].to <= far; k-- {
		g := &fs[k]
		if g.runs || g.head == i {
			last = min(last, k-1)
			continue
		}
		if k > 0 && !g.person && p.modifies(fs, k) { // "60,000 products from 400 suppliers"
			last = min(last, k-1)
			continue
		}
		if g.val != 1 && (g.person && !f.times || !f.loose && k == last && (f.far || f.from-g.to <= near)) {
			return k
		}
	}
	return -1
}

// modifies reports whether a count only tells of what the one before it counts where that is from.
func (p *parser) modifies(fs []factor, k int) bool {
	const near = 3
	return fs[k].from-fs[k-1].to <= near && p.raw(fs[k].from-1) == "from" && fs[k-1].val > 1
}

// tellsMore reports whether the word at k says more than what is counted: a night tells of the traffic, a summary of the task.
func (p *parser) tellsMore(f *factor, k int) bool {
	return f.runs && p.has(k, "overnight", "batch") || p.has(k, "summarize", "classify", "extract", "code", "rag") && !p.has(k, "person") ||
		p.raw(k) == "agent" && k < f.to && !p.has(k-1, "per") && p.isWord(k+1)
}

// product multiplies factor i with all that it is counted for; everyDay tells that people come every day.
func (p *parser) product(fs []factor, i int, everyDay bool) {
	val, period, every := 1.0, "", 1.0
	people, daily := false, false
	var parts []*factor
	for k, hops := i, 0; k >= 0; k, hops = fs[k].head, hops+1 {
		f := &fs[k]
		if hops > len(fs) || slices.Contains(parts, f) {
			return // each is counted for the other
		}
		parts = append(parts, f)
		val *= f.val
		if period == "" && f.period != "" {
			period, every = f.period, f.every
		}
		daily = daily || f.daily || comeDaily(f.nouns[0], f.val) || f.person && f.period == "day" || f.runs && f.period == "day" && p.has(f.from, "overnight")
		people = people || f.person
	}
	first := parts[len(parts)-1]
	chain := len(parts) > 1 && fs[i].times
	if period == "" && chain {
		period = p.chainWindow(fs, *first)
	}
	if period == "" && len(parts) > 1 {
		period = p.windowApart(fs, *parts[0])
	}
	if u := map[string]string{"dau": "day", "wau": "week", "mau": "month"}[first.nouns[0]]; period == "" && len(parts) > 1 { // "DAU 14k, 6 messages per DAU"
		period = u
	}
	if period == "" && len(parts) > 1 && (p.daysReckoned() > 0 || people && p.weekdaysOnly()) { // "each shop gets 20 orders. Six days a week."
		period = "day"
	}
	const many = 1000                                                                  // what so many alone would be read as
	if period == "" && len(parts) > 1 && visits[first.nouns[0]] && first.val >= many { // "about 336k sessions with 4 messages each"
		period = "month"
	}
	if period == "" || len(parts) == 1 && (every == 1 || parts[0].runs) && !parts[0].implied {
		return // a single count is read with everything else
	}
	full := parts[0].span
	for _, f := range parts {
		full = span{min(full.from, f.from), max(full.to, f.to)}
	}
	months, how := p.productMonths(period, people && len(parts) > 1, daily || everyDay, full)
	months /= every
	words := make([]string, 0, len(parts))
	for _, f := range parts {
		words = append([]string{"“" + p.quote(f.span) + "”"}, words...)
		p.say(advisor.FieldQueries, f.span)
		if takesVerbs[p.raw(f.from-1)] { // "80 lawyers send 250 queries"
			p.claim(f.from-1, f.from-1)
		}
		for k := f.from; k <= f.to; k++ {
			p.toks[k].claimed = p.toks[k].claimed || !p.tellsMore(f, k)
		}
	}
	if n := len(p.volumes); chain && first.nouns[0] == "factor" && n > 0 && p.volumes[n-1].product && p.volumes[n-1].unit == period && !p.sentenceEnds(p.volumes[n-1].until, first.from) && p.clauseBetween(p.volumes[n-1].until, first.from) {
		p.volumes[n-1].val += val * months // "Free 40,000 users × 5 calls a month, Pro 6,000 × 60"
		p.doubt(strings.Join(words, " times ") + " added")
		return
	}
	result := chain && p.concludedBy(*first)
	p.volumes = append(p.volumes, reading{val: val * months, unit: period, span: parts[0].span, product: len(parts) > 1, until: full.to, result: result, total: result})
	if len(parts) > 1 {
		p.doubt(strings.Join(words, " times ") + how)
	}
}

// productMonths is how many windows of a product a month holds, and what is assumed for that: people at work do not come at night or at the weekend. The words of
// the product stand in s.
func (p *parser) productMonths(period string, people, daily bool, s span) (months float64, how string) {
	const assumed = ", on the 21.7 working days of a month; say every day if they do not rest"
	months = perMonth[period]
	hours := func(h float64) float64 {
		if daily {
			return months / hoursPerMonth * h * daysPerMonth
		}
		return months / hoursPerMonth * h * workdaysPerMonth
	}
	switch h, _ := p.hoursSaid(); {
	case people && h > 0 && (period == "minute" || period == "second" || period == "hour" && !daily):
		return hours(h), ", in the hours that are said"
	case p.daysReckoned() > 0:
		return p.monthsOf(period), ""
	case period == "day" && p.weekdaysOnly() && !daily && !p.weekendsToo():
		return workdaysPerMonth, ", on the 21.7 working days of a month"
	case (period == "second" || period == "minute") && p.duringOffice(s.to+1):
		return perMonth[period+"office"], ", in 220 office hours a month"
	case people && !daily && period == "day":
		return workdaysPerMonth, assumed
	case people && !daily && period == "hour":
		return officeHours, ", in 220 office hours a month"
	}
	return months, ""
}

// countedFor reports whether one of the words that something is counted for means the noun.
func countedFor(per []string, noun string) bool {
	return slices.ContainsFunc(per, func(w string) bool { return sameThing(w, noun) })
}
