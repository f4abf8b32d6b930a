package intake

import (
	"cmp"
	"strings"
)

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
	them    bool     // so many "of them"
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
	summed  bool    // said to follow from numbers before it, which it stands for
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
		if !p.isNum(i) && numberWords[p.raw(i)] == 0 && p.raw(i) != "half" {
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
	if !ok || n.val <= 0 || p.has(i-1, "usd", "eur") || p.isSign(i-1, "/") || p.isSign(n.next, "-") || p.has(n.next, "usd", "eur", "cent", "pct", "qps", "rpm", "tokenps") || p.has(n.next, "office") && p.raw(n.next+1) == "days" {
		return factor{}, false
	}
	if w := p.raw(n.next); w == "am" || w == "pm" || w == "uhr" { // "from 1am to 5am"
		return factor{}, false
	}
	if w := p.raw(i - 1); w == "top" || (w == "last" || w == "latest" || w == "previous") && turnNouns[stem(p.raw(n.next))] || w == "at" && n.val <= 24 && !n.scaled && !p.has(n.next, "query", "doc", "chats") { // "each morning at 6"
		return factor{}, false
	} else if (w == "a" || w == "an") && p.isNum(i) && n.val > 1 && p.isWord(n.next) && !p.plural(n.next) { // "a 1k summary"
		return factor{}, false
	}
	if _, _, pieces := p.piecesOf(n.val, n.next); pieces && !p.isSign(n.next, "x") || p.raw(i-1) == "of" && (p.raw(i-2) == "one" || p.raw(i-2) == "out" && p.raw(i-3) == "one") { // "5 passages of 300 tokens", "one of 40 classes"
		return factor{}, false
	}
	f := factor{span: span{from, n.next - 1}, val: cmp.Or(n.other, n.val), every: 1, head: -1, via: -1}
	f.times = p.productBefore(i)
	if days, end := p.weekAt(i); f.times && days > 0 { // "50 tickets/h x 12 h x 6 d/wk"
		f.val, f.nouns, f.period, f.to = days*daysPerMonth/7, []string{"day"}, "month", end
		return f, true
	}
	if f.times && p.has(n.next, "day") && p.raw(n.next) == "days" && n.val >= 18 && n.val <= 31 && len(f.nouns) == 0 { // "8 prompts/day * 21 days"
		f.nouns, f.period, f.to = []string{"day"}, "month", n.next
		return f, true
	}
	if !p.ofThem(&f, n.next) && !p.inBrackets(&f, n.next) && !p.countedNoun(&f, n.next) && !p.inChain(&f, n.next) {
		period, _, _ := p.windowAt(n.next) // "90k a month"
		if _, money := p.keyword(quantity{span: f.span}, "budget", "cost"); period == "" || money {
			return f, false
		}
		f.nouns = []string{p.labelBefore(i)}
	}
	f.summed = p.concludes(i) && !f.person && !p.multiplied(n.next) && !p.timesSign(f.to+1)
	p.factorWindows(&f)
	if f.summed && !p.sumsUp(&f) {
		if !p.eachAcross(&f) { // "each one is translated and summarised, i.e. two calls"
			return f, false
		}
		f.summed = false
	}
	if !p.allTogether(f.to) {
		p.factorBefore(&f)
	}
	f.each = f.each || p.raw(f.from-1) == "of" && p.has(f.from-2, "doc", "chats", "query") && !p.has(f.from-2, "volume") && p.numberBefore(f.from-2) && f.val > 1 && f.nouns[0] != "token" && p.has(n.next, "query", "chats") || // "60k tasks of 12 calls"
		f.person && p.raw(f.from-1) == "of" && p.plural(f.from-2) && p.numberBefore(f.from-2) // "4 classes of 28 kids"
	if f.val < 1 && (f.period == "" || len(f.per) == 0) { // but "0.5 messages per flat per month"
		return f, false
	}
	for _, w := range f.per {
		if owner := p.ownerOf(w); owner != "" {
			f.per = append(f.per, owner)
		}
	}
	f.far = p.eachAcross(&f)
	f.each = f.each || f.far
	if f.period == "" {
		p.factorWindowBefore(&f)
	}
	if f.period == "" && f.nouns[0] == "shift" && p.shiftsOfDay(-1) {
		f.period = "day"
	}
	if u := p.adverb(i - 1); u != "" && f.period == "" && !p.isClaimed(i-1) && !p.isNum(i-2) && !p.has(i-2, "query", "doc", "chats") { // "monthly 3,000 reports"
		f.period, f.from = u, min(f.from, i-1)
	}
	return f, true
}

// allTogether reports whether the words behind token i say that a number is that of all: "our 30 shops take 25 orders a day between them".
func (p *parser) allTogether(i int) bool {
	switch p.raw(i + 1) {
	case "between":
		return p.raw(i+2) == "them"
	case "together", "altogether", "combined":
		return true
	}
	return false
}

// ownerOf is the stem of what has one of a thing each, "" none: "each centre has a website assistant, and each assistant gets 6,500 questions".
func (p *parser) ownerOf(thing string) string {
	const reach = 5
	for i := range p.toks {
		if stem(p.raw(i)) != thing || p.plural(i) {
			continue
		}
		for k := i - 1; k >= i-reach && p.isWord(k); k-- {
			if !p.article(k) && p.raw(k) != "its" && p.raw(k) != "their" {
				continue
			}
			if w := p.raw(k - 1); (w == "has" || w == "have" || w == "gets" || w == "runs" || w == "owns") && p.isWord(k-2) && (eachWords[p.raw(k-3)] || eachWords[p.raw(k-4)]) && p.countedElsewhere(k-2) {
				return stem(p.raw(k - 2))
			}
			break
		}
	}
	return ""
}

// turnNouns are what a prompt may carry the last of: "messages need the last 20 lines as context".
var turnNouns = set("line message turn exchange entry")

// labelBefore is the word that a number is said of, "Chats: 310k a month", "vouchers are 28.000 monthly", by stem; else that of a request.
func (p *parser) labelBefore(i int) string {
	k := i - 1
	for hedges[p.raw(k)] || p.isSign(k, "=") || p.isSign(k, ":") || p.raw(k) == "are" || p.raw(k) == "is" {
		k--
	}
	if k < i-1 && p.isWord(k) && p.plural(k) && (p.has(k, "chats", "doc") || !p.toks[k].glue && p.toks[k].concepts == nil) && !p.numberBefore(k) {
		return stem(p.raw(k))
	}
	return "query"
}

// factorWindowBefore reads "in a typical month 140 campaigns".
func (p *parser) factorWindowBefore(f *factor) {
	const words = 5
	for w := f.from - 2; w >= f.from-words && w >= 0 && p.isWord(w); w-- {
		if p.raw(w) != "in" && p.raw(w) != "on" {
			continue
		}
		if period, _, next := p.windowAt(w); period != "" && next == f.from {
			f.period, f.from = period, w
		}
		return
	}
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
		if end := p.compoundEnd(k); end > k {
			f.nouns, f.to = append([]string{p.compound(k, end)}, f.nouns...), end
			k = end
			continue
		}
		if p.isLength(j, k) {
			return false
		}
		if p.nounEnds(f, j, k) {
			break
		}
		f.to = k
		if u := p.adverb(k); u != "" {
			f.period, f.daily = u, u == "day"
			continue
		}
		f.nouns = append([]string{stem(p.raw(k))}, f.nouns...)
		f.person = p.has(k, "person")
	}
	f.to = p.bracketOfWords(f.to)
	return len(f.nouns) > 0 && (!partNouns[f.nouns[0]] || p.windowEnds(f.to+1) || p.perSaid(f.nouns[0]))
}

// isLength reports whether the word at token k, of those from j on, makes the number before them a length or an amount rather than a count.
func (p *parser) isLength(j, k int) bool {
	switch {
	case p.has(k, "pageunit"):
		return !p.pagesAsked() && !viewWords[stem(p.raw(k+1))]
	case k == j && (p.raw(k) == "in" || p.raw(k) == "out" || p.raw(k) == "back"):
		return true
	case k > j && p.raw(k) == "generated":
		return false
	}
	return p.has(k, "token", "wordunit", "char", "usd", "eur", "input", "output", "ms", "cached", "p95", "latency", "horizon")
}

// nounEnds reports whether the word at token k is none of those, from j on, that say what is counted.
func (p *parser) nounEnds(f *factor, j, k int) bool {
	w := p.raw(k)
	if w == "x" || w == "out" || turns[w] || preposition[w] || p.has(k, "per", "each", "and", "no", "from", "to", "must") { // "600 tokens in, 30 words out", "6 turns so 6 calls"
		return true
	}
	if takesVerbs[w] && len(f.nouns) > 0 && (p.isNum(k+1) || p.isNum(k+2) && p.skippable(k+1)) { // "85 nurses write 9 notes"
		return true
	}
	if k == j {
		shifts := w == "shifts" && p.raw(k+1) == "of" // "two shifts of 40"
		return p.periodAt(k) != "" && !adverbs[w] && !p.timeCounted(k) && !shifts && !p.has(k+1, "doc", "query", "chats")
	}
	if p.has(k-1, "person") && p.toks[k].glue && p.adverb(k) == "" && !p.has(k, "person", "query", "doc", "chats") { // "900 nurses use it"
		return true
	}
	return pronouns[w] || p.verbAt(k) || numberWords[w] > 0 || p.windowEnds(k) // "50 thousand conversations one month", "80 calls all the mornings"
}

// bracketOfWords is the end of a bracket with nothing but words behind token k, k else: "25 steps (LLM calls) per run".
func (p *parser) bracketOfWords(k int) int {
	const reach = 5
	if p.raw(k+1) != "(" {
		return k
	}
	for i := k + 2; i <= k+reach && i < len(p.toks); i++ {
		if p.raw(i) == ")" {
			return i
		}
		if !p.isWord(i) {
			break
		}
	}
	return k
}

// perSaid reports whether something is said to be done for each of some things, by their stem: "one call per category".
func (p *parser) perSaid(noun string) bool {
	for i := range p.toks {
		if p.raw(i) == "per" && stem(p.raw(i+1)) == noun {
			return true
		}
	}
	return false
}

// verbAt reports whether the word at k is what those do whose plural stands before it, by the number behind it: "3,500 sellers list 20 items".
func (p *parser) verbAt(k int) bool {
	next := k + 1
	for hedges[p.raw(next)] {
		next++
	}
	if !p.isWord(k) || p.toks[k].glue || !p.isWord(k-1) || !p.plural(k-1) || p.toks[k-1].glue || !p.isNum(next) || p.has(k, "person", "month", "day") {
		return false
	}
	return p.has(k-1, "person") && !p.has(k-1, "query", "doc") || !p.has(k, "query", "doc", "chats")
}

// compoundEnd is the last token of the word with hyphens that starts at token k, k where it has none: "walk-ins", "e-mails".
func (p *parser) compoundEnd(k int) int {
	for p.isSign(k+1, "-") && p.toks[k+1].glued && p.isWord(k+2) && p.toks[k+2].glued {
		k += 2
	}
	return k
}

// compound is the stem of the word with hyphens from token k to token end.
func (p *parser) compound(k, end int) string {
	w := ""
	for ; k < end; k++ {
		w += p.raw(k)
	}
	return w + stem(p.raw(end))
}

// windowEnds reports whether a window that is no adverb starts at token k: "50 thousand conversation one month".
func (p *parser) windowEnds(k int) bool {
	period, _, _ := p.windowAt(k)
	return period != "" && p.adverb(k) == ""
}

// partNouns are what a document has rather than what is asked.
var partNouns = set("attachment field paragraph sentence column label tag topic category")

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
	if p.ofTheTeam(k) {
		return false
	}
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
	if a := p.numberBehind(f.from - 1); a >= 0 && !p.sentenceEnds(a, f.from) { // "6k tokens, 5k of those never change"
		if q, ok := p.quantityAt(a); ok && q.noun >= 0 && p.tokensIn(q.noun) > 0 {
			return false
		}
	}
	f.to, f.them = j+1, true
	for k := f.from - 1; k > f.from-16 && !p.strongEnd(k); k-- {
		if p.has(k, "person") {
			f.nouns, f.person = []string{stem(p.raw(k))}, true
			return true
		}
	}
	for k := f.from - 1; k > f.from-16 && !p.strongEnd(k); k-- {
		if p.raw(k) == "out" && rollingVerbs[p.raw(k-1)] { // "roll out an assistant to about 1,800 of them"
			f.nouns, f.person = []string{"user"}, true
			return true
		}
	}
	f.nouns, f.person = []string{p.raw(j + 1)}, p.raw(j+1) == "us"
	for k := f.from - 1; k > f.from-16 && k > 0 && !p.strongEnd(k); k-- { // "three pharmacies, and a co-op with 200 of them"
		if p.isWord(k) && p.plural(k) && !p.toks[k].glue && (p.isNum(k-1) || numberWords[p.raw(k-1)] > 0) {
			f.nouns = []string{stem(p.raw(k))}
			break
		}
	}
	return true
}

// inBrackets reads "our devs (about 220)".
func (p *parser) inBrackets(f *factor, j int) bool {
	if k := f.from - 1; (p.raw(k) == "is" || p.raw(k) == "of" || p.isSign(k, ":")) && p.raw(k-1) == "headcount" { // "headcount is 4,300"
		f.nouns, f.person, f.from, f.to = []string{"person"}, true, k-1, j-1
		return true
	}
	if p.countBehind(f, j) || p.clauseEnd(j) && p.rateBehind(f) {
		return true
	}
	if p.raw(j) != ")" {
		return false
	}
	k := f.from - 1
	if (p.raw(k) == "have" || p.raw(k) == "are") && p.raw(k-1) == "we" || p.raw(k) == "are" && p.raw(k-1) == "there" { // "every customer (we have 3,200)"
		k -= 2
	}
	for p.raw(k) == "about" || p.raw(k) == "around" || p.raw(k) == "roughly" || p.raw(k) == "some" || p.raw(k) == "approx" || p.isSign(k, "~") {
		k--
	}
	if p.raw(k) != "(" || !p.has(k-1, "person") && !(eachWords[p.raw(k-2)] && p.isWord(k-1)) { // "every vessel (we have 64)"
		return false
	}
	f.nouns, f.person, f.from, f.to = []string{stem(p.raw(k - 1))}, p.has(k-1, "person"), k-1, j
	return true
}

// countBehind reads people whose number stands behind them: "the consultants are 410", "Doctors 480.", "users: 80".
func (p *parser) countBehind(f *factor, j int) bool {
	place := (p.raw(j) == "at" || p.raw(j) == "in") && p.isWord(j+1) && p.toks[j+1].concepts == nil && p.toks[j+1].entity == nil && p.clauseEnd(j+2) // "students 12,000 at university"
	if !p.clauseEnd(j) && !place || f.val < 2 {
		return false
	}
	k := f.from - 1
	if p.raw(k) == "are" || p.raw(k) == "is" || p.isSign(k, ":") || p.isSign(k, "=") {
		k--
	}
	counted := p.raw(k) == "count" // "user count 2600"
	if counted {
		k--
	}
	labelled := k < f.from-1 && !p.isWord(k+1) && p.clauseEnd(k-1) && p.perSaid(stem(p.raw(k))) // "Per team: 250 documents. Teams: 16."
	visitors := p.raw(k) == "dau" || p.raw(k) == "mau" || p.raw(k) == "wau"
	if !p.has(k, "person") && !labelled || !p.plural(k) && !visitors && !counted || p.has(k, "query", "doc") || p.isClaimed(k) || p.numberBefore(k) {
		return false
	}
	if k == f.from-1 && !counted && !(p.clauseEnd(k-1) || p.article(k-1) || p.raw(k-1) == "our" || p.raw(k-1) == "the") {
		return false
	}
	f.nouns, f.person, f.from = []string{stem(p.raw(k))}, p.has(k, "person"), k
	return true
}

// rateBehind reads a number behind the label of how many of something one of another thing takes: "calls per order: 3", "calls/user/day=30".
func (p *parser) rateBehind(f *factor) bool {
	const parts = 3
	k := f.from - 1
	if !p.isSign(k, ":") && !p.isSign(k, "=") {
		return false
	}
	period, per := "", ""
	for range parts {
		if p.raw(k-2) != "per" && !p.isSign(k-2, "/") && (p.raw(k-2) != "and" || p.periodAt(k-1) == "") || !p.isWord(k-1) {
			break
		}
		if u := p.periodAt(k - 1); u != "" {
			period = u
		} else {
			per = stem(p.raw(k - 1))
			if !p.namedElsewhere(k - 1) {
				return false
			}
		}
		k -= 2
	}
	if per == "" || !p.has(k-1, "query", "doc", "chats") {
		return false
	}
	f.nouns, f.per, f.period, f.from = []string{stem(p.raw(k - 1))}, append(f.per, per), period, k-1
	return true
}

// namedElsewhere reports whether the noun at token k stands in another place of the request.
func (p *parser) namedElsewhere(k int) bool {
	for i := range p.toks {
		if i != k && stem(p.raw(i)) == stem(p.raw(k)) {
			return true
		}
	}
	return false
}

var preposition = set("with in of on at for by from via as is are who which that than then sends does get gets go goes come comes under over during through across")

// stem cuts a plural.
func stem(w string) string {
	switch {
	case strings.HasSuffix(w, "yses"): // analyses
		return w[:len(w)-2] + "is"
	case strings.HasSuffix(w, "ies") && len(w) > 4:
		return w[:len(w)-3] + "y"
	case strings.HasSuffix(w, "ches"), strings.HasSuffix(w, "shes"), strings.HasSuffix(w, "xes"), strings.HasSuffix(w, "sses"):
		return w[:len(w)-2]
	case strings.HasSuffix(w, "s") && !strings.HasSuffix(w, "ss") && !strings.HasSuffix(w, "sis") && len(w) > 2:
		return w[:len(w)-1]
	}
	return w
}
