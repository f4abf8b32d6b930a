package intake

import (
	"cmp"
	"slices"
	"strings"

	"github.com/llmadvise/llmadvise/advisor"
)

// A volume is often said as a product: "40 customers with 200 seats each, 3 summaries per seat per week". What is counted need not be a
// word of the lexicon: the factors are tied together by "each", "per seat" and "x".

// factor is one number of a product.
type factor struct {
	span
	val     float64
	nouns   []string // stems of the words that say what is counted, the last one first
	person  bool     // people are counted
	daily   bool     // "daily users": they come every day
	per     []string // stems of what it is counted for
	each    bool     // of the factor before it
	far     bool     // however far it stands
	eachOf  bool     // each of them does what follows
	times   bool     // a sign multiplies it with the factor before it
	period  string
	window  string  // the word for the period, by stem: "shift"
	every   float64 // "every 5 minutes" is 5 of the period; 1 otherwise
	loose   bool    // of the people before it, where nothing else has the name in per
	head    int     // the factor that this one multiplies, -1 none
	via     int     // the head that a factor inherits from the one it stands between, -1 none
	runs    bool    // how often something is done, rather than a count
	implied bool    // the one thing that is done each time
}

// readProducts files the products of a request as volumes.
func (p *parser) readProducts() {
	fs := p.factors()
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
	inner := map[int]bool{}
	for _, f := range fs {
		if f.head >= 0 {
			inner[f.head] = true
		}
	}
	for i := range fs {
		if !inner[i] {
			p.product(fs, i)
		}
	}
}

// rootOf is the last factor of a chain.
func rootOf(fs []factor, i int) int {
	for hops := 0; fs[i].head >= 0 && hops <= len(fs); hops++ {
		i = fs[i].head
	}
	return i
}

// adoptRoots ties a chain without a window to the only load that has one: "4 languages, one call per language; 5,000 articles a month".
func (p *parser) adoptRoots(fs []factor) {
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
		root := rootOf(fs, i)
		if f := &fs[root]; load >= 0 && root != i && root != load && f.period == "" && !f.person && fs[i].period == "" && len(fs[i].per) > 0 && rootOf(fs, load) != root {
			f.head = load
		}
	}
}

// factors lists the counts of the request that may be part of a product.
func (p *parser) factors() []factor {
	var out []factor
	for i := 0; i < len(p.toks); i++ {
		if p.isClaimed(i) || p.toks[i].entity != nil {
			continue
		}
		if f, ok := p.frequencyAt(i); ok {
			out = append(out, f)
			i = f.to
			continue
		}
		if !p.isNum(i) && numberWords[p.raw(i)] == 0 {
			continue
		}
		if f, ok := p.factorAt(i); ok {
			out = append(out, f)
			i = f.to
		}
	}
	return out
}

func (p *parser) factorAt(i int) (factor, bool) {
	n, ok := p.number(i)
	from := i
	if hi, lo, found := p.factorRange(i, n); ok && found {
		n, from = hi, lo
	}
	if !ok || n.val < 1 || p.has(i-1, "usd", "eur") || p.isSign(i-1, "/") || p.isSign(n.next, "-") || p.has(n.next, "usd", "eur", "cent", "pct", "qps", "rpm", "tokenps") {
		return factor{}, false
	}
	if w := p.raw(i - 1); w == "top" {
		return factor{}, false
	} else if (w == "a" || w == "an") && p.isNum(i) && n.val > 1 && p.isWord(n.next) && !p.plural(n.next) { // "a 1k summary"
		return factor{}, false
	}
	f := factor{span: span{from, n.next - 1}, val: cmp.Or(n.other, n.val), every: 1, head: -1, via: -1}
	f.times = p.productBefore(i)
	if f.times && p.has(n.next, "day") && p.raw(n.next) == "days" && n.val >= 18 && n.val <= 31 && len(f.nouns) == 0 { // "8 prompts/day * 21 days"
		f.nouns, f.period, f.to = []string{"day"}, "month", n.next
		return f, true
	}
	if !p.ofThem(&f, n.next) && !p.inBrackets(&f, n.next) && !p.countedNoun(&f, n.next) {
		period, _, _ := p.windowAt(n.next) // "90k a month"
		if _, money := p.keyword(quantity{span: f.span}, "budget", "cost"); period == "" || money {
			return f, false
		}
		f.nouns = []string{"query"}
	}
	p.factorWindows(&f)
	p.factorBefore(&f)
	f.far = p.eachAcross(&f)
	f.each = f.each || f.far
	if u := p.adverb(i - 1); u != "" && f.period == "" && !p.isClaimed(i-1) && !p.isNum(i-2) && !p.has(i-2, "query", "doc", "chats") { // "monthly 3,000 reports"
		f.period, f.from = u, min(f.from, i-1)
	}
	return f, true
}

// factorRange reads "8-12", "3 to 4", "between 8 and 12" from its lower end at token i as its middle, and where it starts.
func (p *parser) factorRange(i int, lo numeralAt) (numeralAt, int, bool) {
	from, j := i, lo.next
	between := p.has(i-1, "between")
	if between {
		from--
	}
	if !(p.isSign(j, "-") || p.raw(j) == "to" || between && p.raw(j) == "and") || lo.worded {
		return lo, i, false
	}
	hi, ok := p.number(j + 1)
	if !ok || hi.worded || hi.val <= lo.val || hi.scaled != lo.scaled || lo.val < 1 {
		return lo, i, false
	}
	hi.val, hi.other = (lo.val+hi.val)/2, 0
	return hi, from, true
}

// countedNoun reads up to four words behind the number, and words in brackets behind those.
func (p *parser) countedNoun(f *factor, j int) bool {
	for k := j; k < j+5 && p.isWord(k) && p.toks[k].entity == nil && !p.isClaimed(k); k++ {
		if p.has(k, "pageunit") && !p.pagesAsked() || p.has(k, "token", "wordunit", "char", "usd", "eur", "input", "output", "ms", "cached", "p95", "latency", "horizon") || k == j && (p.raw(k) == "in" || p.raw(k) == "out" || p.raw(k) == "back") {
			return false
		}
		if takesVerbs[p.raw(k)] && len(f.nouns) > 0 && (p.isNum(k+1) || p.isNum(k+2) && p.skippable(k+1)) { // "85 nurses write 9 notes"
			break
		}
		if k > j && p.has(k-1, "person") && p.toks[k].glue && p.isWord(k) && p.adverb(k) == "" && !p.has(k, "person") { // "900 nurses use it"
			break
		}
		if p.raw(k) == "out" { // "600 tokens in, 30 words out"
			break
		}
		if p.has(k, "per", "each", "and", "no", "from", "to", "must") || preposition[p.raw(k)] || k == j && p.periodAt(k) != "" && !adverbs[p.raw(k)] && !p.timeCounted(k) {
			break
		}
		if u := p.adverb(k); u != "" {
			f.period, f.daily = u, u == "day"
			f.to = k
			continue
		}
		f.nouns = append([]string{stem(p.raw(k))}, f.nouns...)
		f.person = p.has(k, "person")
		f.to = k
	}
	if p.raw(f.to+1) == "(" { // "25 steps (LLM calls) per run"
		for k := f.to + 2; k < f.to+6 && k < len(p.toks); k++ {
			if p.raw(k) == ")" {
				f.to = k
				break
			}
			if !p.isWord(k) {
				break
			}
		}
	}
	return len(f.nouns) > 0 && !partNouns[f.nouns[0]]
}

// partNouns are what a document has rather than what is asked.
var partNouns = set("attachment field paragraph sentence column")

// pagesAsked reports whether each page is a request of its own; else pages are a length.
func (p *parser) pagesAsked() bool {
	for i := range p.toks {
		if p.raw(i) == "page" && (p.raw(i-1) == "per" || p.raw(i-1) == "each" || p.raw(i-1) == "every" || p.raw(i+1) == "is" && p.raw(i+2) == "one") {
			return true
		}
	}
	return false
}

// timeCounted reports whether a time is what is counted: "3 million minutes a month", "500 hours of speech a week".
func (p *parser) timeCounted(k int) bool {
	if p.raw(k+1) == "of" {
		return p.isWord(k + 2)
	}
	period, _, _ := p.windowAt(k + 1)
	if p.has(k, "day", "workday", "week") && perMonth[period] <= perMonth["day"] && p.ofTheirs(k) { // "22 shifts a month" beside "50 calls a shift"
		return true
	}
	const many = 1000 // else it is how long something takes
	return period != "" && p.plural(k) && p.has(k, "minute", "hour") && (p.ofTheirs(k) || p.isMany(k-1, many)) && !(p.isNum(k-1) && p.toks[k-1].val == 24)
}

// isMany reports whether the number that ends at token k is at least n.
func (p *parser) isMany(k int, n float64) bool {
	return isMultiplierWord(p.raw(k)) || p.isNum(k) && max(p.toks[k].val, p.toks[k].thousands) >= n
}

// ofTheirs reports whether something is counted for the time that the word at k counts.
func (p *parser) ofTheirs(k int) bool {
	w := stem(p.raw(k))
	for i := range p.toks {
		if i != k && (p.raw(i) == w || w == "day" && p.raw(i) == "shift") && (p.has(i-1, "per") || p.isSign(i-1, "/")) && adverbialOrSlash(p.raw(i-1)) {
			return true
		}
	}
	return false
}

func adverbialOrSlash(w string) bool { return w == "/" || w == "an" || adverbial(w) }

// ofThem reads "12 of them" behind the word that they are.
func (p *parser) ofThem(f *factor, j int) bool {
	if p.raw(j) != "of" || p.raw(j+1) != "them" && p.raw(j+1) != "us" && p.raw(j+1) != "those" {
		return false
	}
	f.to = j + 1
	for k := f.from - 1; k > f.from-6 && !p.strongEnd(k) && !p.isNum(k); k-- {
		if p.has(k, "person") {
			f.nouns, f.person = []string{stem(p.raw(k))}, true
			return true
		}
	}
	f.nouns, f.person = []string{p.raw(j + 1)}, p.raw(j+1) == "us"
	return true
}

// inBrackets reads "our devs (about 220)".
func (p *parser) inBrackets(f *factor, j int) bool {
	if p.raw(j) != ")" {
		return false
	}
	k := f.from - 1
	for p.raw(k) == "about" || p.raw(k) == "around" || p.raw(k) == "roughly" || p.raw(k) == "some" || p.raw(k) == "approx" || p.isSign(k, "~") {
		k--
	}
	if p.raw(k) != "(" || !p.has(k-1, "person") {
		return false
	}
	f.nouns, f.person, f.from, f.to = []string{stem(p.raw(k - 1))}, true, k-1, j
	return true
}

var preposition = set("with in of on at for by from via as is are who which that than then sends does get gets go goes come comes under over during through across")

// factorWindows reads what follows the noun: "per seat per week", "a day each", "every 2 seconds".
func (p *parser) factorWindows(f *factor) {
	for j := f.to + 1; j < len(p.toks); {
		if (p.raw(j) == "every" || p.raw(j) == "each") && p.isNum(j+1) && p.periodAt(j+2) != "" {
			f.every, f.period, f.to = p.toks[j+1].val, p.periodAt(j+2), j+2
			j += 3
			continue
		}
		if p.raw(j) == "each" && !p.isWord(j+1) || p.raw(j) == "apiece" || p.raw(j) == "each" && p.has(j+1, "per") {
			f.each, f.to = true, j
			j++
			continue
		}
		if period, _, next := p.windowAt(j); period != "" {
			f.period, f.window, f.to = period, stem(p.raw(next-1)), next-1
			j = next
			continue
		}
		if (p.has(j, "per") && adverbial(p.raw(j)) && p.raw(j) != "a" || p.isSign(j, "/")) && p.isWord(j+1) {
			k := j + 1
			for ; k < j+3 && p.isWord(k) && !p.has(k, "per", "and", "each") && p.periodAt(k) == "" && !preposition[p.raw(k)]; k++ {
				f.per = append(f.per, stem(p.raw(k)))
			}
			switch {
			case p.raw(k) != "and":
			case p.periodAt(k+1) != "": // "per adviser and day"
				f.period = p.periodAt(k + 1)
				k += 2
			case p.isWord(k + 1): // "per ward and handover"
				f.per = append(f.per, stem(p.raw(k+1)))
				k += 2
			}
			f.to, j = k-1, k
			continue
		}
		if k := p.asideTo(j); k > 0 && f.period == "" && f.to < j { // "3,000 programs to convert per month"
			j = k
			continue
		}
		return
	}
}

// asideTo skips "to convert", "that come in", "coming in" before a window, 0 where no window follows.
func (p *parser) asideTo(j int) int {
	switch p.raw(j) {
	case "to", "that", "which", "coming", "arriving", "come", "arrive", "incoming":
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

// factorBefore looks for what one of the number belongs to: "each maybe 15", "each task ~30", "per project we make 200", "a claim takes 6".
func (p *parser) factorBefore(f *factor) {
	const reach = 9
	for k := f.from - 1; k >= f.from-reach && !p.clauseEnd(k) && !p.isNum(k); k-- {
		switch w := p.raw(k); {
		case takesVerbs[w] && p.isWord(k-1) && p.raw(k-1) != "each" && p.raw(k-1) != "every":
			f.per = append(f.per, stem(p.raw(k-1)))
			continue
		case w == "per" && p.periodAt(k+1) != "" && p.raw(k+2) == "and" && p.isWord(k+3) && k+3 < f.from && !pronouns[p.raw(k+3)] && f.period == "": // "per day and site 150 alerts"
			f.period, f.from, f.per = p.periodAt(k+1), k, append(f.per, stem(p.raw(k+3)))
		case w == "per" && p.raw(f.from-1) == "and": // "11k tokens per PR and 900 back"
		case w == "per" && p.isWord(k+1) && k+1 < f.from && p.periodAt(k+1) == "":
			for j := k + 1; j < k+4 && j < f.from && p.isWord(j) && !pronouns[p.raw(j)]; j++ { // "per user question it makes 5"
				f.per = append(f.per, stem(p.raw(j)))
			}
			f.from = k
		case w != "each" && w != "every" && w != "everyone" && w != "everybody":
			continue
		case p.raw(k+1) == "of": // "each of the 3,000 stores uploads 2 reports"
			f.eachOf, f.from = true, k
		case k > 1 && p.periodAt(k-1) != "" && p.isNum(k-2) && p.raw(k-3) == "every": // "every 5 minutes each sends one"
			f.every, f.period, f.each = p.toks[k-2].val, p.periodAt(k-1), true
			f.from = k - 3
		case w != "everyone" && w != "everybody" && p.isWord(k+1) && k+1 < f.from && p.plainNoun(k+1):
			f.per, f.from, f.loose = append(f.per, stem(p.raw(k+1))), k, true
		case p.periodAt(k+1) == "":
			f.each, f.from = true, k
		}
		return
	}
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

var pronouns = set("it we they there the you i our a")

// takesVerbs say how much one of something needs: "a claim takes 6 calls".
var takesVerbs = set("takes take needs need costs requires uses makes triggers involves means has is averages results generates causes consists produces sends send asks ask writes write does do gets submits handles sees creates files posts generates solves starts opens")

// plainNoun reports whether a word behind "each" names a thing rather than what it does.
func (p *parser) plainNoun(k int) bool {
	return !p.toks[k].glue && p.periodAt(k) == "" && !takesVerbs[p.raw(k)] && !p.has(k, "send", "write") && !p.plural(k) && !strings.HasSuffix(p.raw(k), "ing")
}

// stem cuts a plural.
func stem(w string) string {
	switch {
	case strings.HasSuffix(w, "ies") && len(w) > 4:
		return w[:len(w)-3] + "y"
	case strings.HasSuffix(w, "ches"), strings.HasSuffix(w, "shes"), strings.HasSuffix(w, "xes"), strings.HasSuffix(w, "sses"):
		return w[:len(w)-2]
	case strings.HasSuffix(w, "s") && !strings.HasSuffix(w, "ss") && len(w) > 2:
		return w[:len(w)-1]
	}
	return w
}

// headOf finds the factor that factor i multiplies: the one it is counted for by name, or else the one before it.
func (p *parser) headOf(fs []factor, i int) int {
	f := &fs[i]
	if f.runs {
		if k := p.attach(fs, i); k >= 0 {
			return k
		}
		if !p.single(f) {
			return -1
		}
	}
	if k := namedHead(fs, i); k >= 0 {
		return k
	}
	if len(f.per) > 0 && visits[f.per[0]] && f.period == "" { // "3M visitors a month, 6 messages per chat": each comes once
		for k := i - 1; k >= 0; k-- {
			if fs[k].person && fs[k].period != "" {
				return k
			}
		}
	}
	if len(f.nouns) > 0 && inner[f.nouns[0]] && len(f.per) == 0 && f.period == "" && i > 0 && fs[i-1].period != "" && f.from-fs[i-1].to < 8 {
		return i - 1
	}
	return before(fs, i)
}

var visits = set("chat conversation session visit visitor")

// namedHead is the factor that factor i is counted for by name, -1 none.
func namedHead(fs []factor, i int) int {
	f := &fs[i]
	for k := range fs {
		g := &fs[k]
		if k == i || len(g.nouns) == 0 || f.period == "" || g.period == "" || g.runs || g.nouns[0] != f.period && g.nouns[0] != f.window && !(g.nouns[0] == "day" && f.period == "workday") {
			continue
		}
		f.period = "" // calls per minute of so many minutes
		if v := namedHead(fs, i); v >= 0 && v != k && fs[v].window == f.window {
			return v // which is for that time itself
		}
		if g.via = namedHead(fs, i); g.via < 0 {
			g.via = before(fs, i)
		}
		if g.via == k {
			g.via = -1
		}
		return k
	}
	for k := range fs {
		g := &fs[k]
		switch {
		case k == i || len(g.nouns) == 0:
		case g.runs && !f.runs && slices.ContainsFunc(f.per, func(w string) bool { return runNouns[w] }):
			return k
		case g.val > 1 && !g.runs && slices.Contains(f.per, g.nouns[0]) && !slices.Contains(g.per, g.nouns[0]):
			for m := range fs { // for something else too
				if m != k && m != i && len(fs[m].nouns) > 0 && fs[m].val > 1 && fs[m].nouns[0] != g.nouns[0] && slices.Contains(f.per, fs[m].nouns[0]) && g.via < 0 && fs[m].head != k {
					g.via = m
				}
			}
			return k
		}
	}
	return -1
}

// inner are what a conversation or a run is made of: "2 million conversations a year with six turns".
var inner = set("turn step exchange round hop iteration")

// before is the factor that "each" speaks of: the people counted last, or the factor just before.
func before(fs []factor, i int) int {
	const near, far = 14, 60 // tokens
	f := &fs[i]
	if !f.each && !f.times && !f.loose {
		return -1
	}
	last := i - 1
	for k := i - 1; k >= 0 && f.from-fs[k].to <= far; k-- {
		g := &fs[k]
		if g.runs || g.head == i {
			last = min(last, k-1)
			continue
		}
		if g.val > 1 && (g.person && !f.times || !f.loose && k == last && (f.far || f.from-g.to <= near)) {
			return k
		}
	}
	return -1
}

// tellsMore reports whether the word at k says more than what is counted: a night tells of the traffic, a summary of the task.
func (p *parser) tellsMore(f *factor, k int) bool {
	return f.runs && p.has(k, "overnight", "batch") || p.has(k, "summarize", "classify", "extract", "code", "rag") && !p.has(k, "person") ||
		p.raw(k) == "agent" && k < f.to && !p.has(k-1, "per") && p.isWord(k+1)
}

// product multiplies factor i with all that it is counted for.
func (p *parser) product(fs []factor, i int) {
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
		daily = daily || f.daily || comeDaily(f.nouns[0], f.val) || f.person && f.period == "day"
		people = people || f.person
	}
	if period == "" || len(parts) == 1 && (every == 1 || parts[0].runs) && !parts[0].implied {
		return // a single count is read with everything else
	}
	months, how := perMonth[period]/every, ""
	daily = daily || p.consumersCome()
	if people && !daily && len(parts) > 1 {
		switch period {
		case "day":
			months, how = workdaysPerMonth/every, ", on the 21.7 working days of a month; say every day if they do not rest"
		case "hour":
			months, how = officeHours/every, ", in 220 office hours a month"
		}
	}
	words := make([]string, 0, len(parts))
	full := parts[0].span
	for _, f := range parts {
		words = append([]string{"“" + p.quote(f.span) + "”"}, words...)
		full = span{min(full.from, f.from), max(full.to, f.to)}
		p.say(advisor.FieldQueries, f.span)
		if takesVerbs[p.raw(f.from-1)] { // "80 lawyers send 250 queries"
			p.claim(f.from-1, f.from-1)
		}
		for k := f.from; k <= f.to; k++ {
			p.toks[k].claimed = p.toks[k].claimed || !p.tellsMore(f, k)
		}
	}
	p.volumes = append(p.volumes, reading{val: val * months, unit: period, span: parts[0].span})
	if len(parts) > 1 {
		p.doubt(strings.Join(words, " times ") + how)
	}
}
