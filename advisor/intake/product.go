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
	val    float64
	nouns  []string // stems of the words that say what is counted, the last one first
	person bool     // people are counted
	daily  bool     // "daily users": they come every day
	per    []string // stems of what it is counted for
	each   bool     // of the factor before it
	times  bool     // a sign multiplies it with the factor before it
	period string
	every  float64 // "every 5 minutes" is 5 of the period; 1 otherwise
	head   int     // the factor that this one multiplies, -1 none
}

// readProducts files the products of a request as volumes.
func (p *parser) readProducts() {
	fs := p.factors()
	for i := range fs {
		fs[i].head = headOf(fs, i)
	}
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

// factors lists the counts of the request that may be part of a product.
func (p *parser) factors() []factor {
	var out []factor
	for i := 0; i < len(p.toks); i++ {
		if p.isClaimed(i) || p.toks[i].entity != nil || !p.isNum(i) && numberWords[p.raw(i)] == 0 {
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
	if !ok || n.val < 1 || p.has(i-1, "usd", "eur") || p.isSign(i-1, "/") || p.isSign(n.next, "-") || p.has(n.next, "usd", "eur", "pct", "qps", "rpm", "tokenps") {
		return factor{}, false
	}
	f := factor{span: span{i, n.next - 1}, val: cmp.Or(n.other, n.val), every: 1, head: -1}
	f.times = p.productBefore(i)
	if !p.countedNoun(&f, n.next) {
		return f, false
	}
	p.factorWindows(&f)
	p.factorBefore(&f)
	return f, true
}

// countedNoun reads up to four words behind the number, and words in brackets behind those.
func (p *parser) countedNoun(f *factor, j int) bool {
	for k := j; k < j+5 && p.isWord(k) && p.toks[k].entity == nil && !p.isClaimed(k); k++ {
		if p.has(k, "token", "wordunit", "pageunit", "char", "usd", "eur", "input", "output", "ms", "cached", "p95", "latency", "horizon") || p.raw(k) == "in" || p.raw(k) == "out" {
			return false
		}
		if p.has(k, "per", "each", "and", "no", "from", "to", "must") || preposition[p.raw(k)] || k == j && p.periodAt(k) != "" && !adverbs[p.raw(k)] {
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
	return len(f.nouns) > 0
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
			f.period, f.to = period, next-1
			j = next
			continue
		}
		if (p.has(j, "per") && adverbial(p.raw(j)) && p.raw(j) != "a" || p.isSign(j, "/")) && p.isWord(j+1) {
			k := j + 1
			for ; k < j+3 && p.isWord(k) && !p.has(k, "per", "and", "each") && p.periodAt(k) == "" && !preposition[p.raw(k)]; k++ {
				f.per = append(f.per, stem(p.raw(k)))
			}
			f.to, j = k-1, k
			continue
		}
		return
	}
}

// factorBefore looks for "each" before the number, with or without what it is: "each maybe 15", "each task ~30".
func (p *parser) factorBefore(f *factor) {
	for k := f.from - 1; k >= f.from-5 && !p.clauseEnd(k) && !p.isNum(k); k-- {
		if p.raw(k) != "each" && p.raw(k) != "every" && p.raw(k) != "everyone" && p.raw(k) != "everybody" {
			continue
		}
		switch {
		case k > 1 && p.periodAt(k-1) != "" && p.isNum(k-2) && p.raw(k-3) == "every": // "every 5 minutes each sends one"
			f.every, f.period, f.each = p.toks[k-2].val, p.periodAt(k-1), true
			f.from = k - 3
		case p.isWord(k+1) && k+1 < f.from && p.plainNoun(k+1):
			f.per, f.from = append(f.per, stem(p.raw(k+1))), k
		case p.periodAt(k+1) == "":
			f.each, f.from = true, k
		}
		return
	}
}

// plainNoun reports whether a word behind "each" names a thing rather than what it does.
func (p *parser) plainNoun(k int) bool {
	return !p.toks[k].glue && p.periodAt(k) == "" && !p.has(k, "send", "ask", "write") && !p.plural(k) && !strings.HasSuffix(p.raw(k), "ing")
}

// stem cuts a plural.
func stem(w string) string {
	switch {
	case strings.HasSuffix(w, "ies") && len(w) > 4:
		return w[:len(w)-3] + "y"
	case strings.HasSuffix(w, "s") && !strings.HasSuffix(w, "ss") && len(w) > 2:
		return w[:len(w)-1]
	}
	return w
}

// headOf finds the factor that factor i multiplies: the one it is counted for by name, or else the one before it.
func headOf(fs []factor, i int) int {
	f := &fs[i]
	for k := range fs {
		if k != i && len(fs[k].nouns) > 0 && fs[k].val > 1 && slices.Contains(f.per, fs[k].nouns[0]) && !slices.Contains(fs[k].per, fs[k].nouns[0]) {
			return k
		}
	}
	if (f.each || f.times) && i > 0 && fs[i-1].val > 1 {
		const near = 14 // tokens
		if f.from-fs[i-1].to <= near {
			return i - 1
		}
	}
	return -1
}

// product multiplies factor i with all that it is counted for.
func (p *parser) product(fs []factor, i int) {
	val, period, every := 1.0, "", 1.0
	root, daily := &fs[i], false
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
		daily = daily || f.daily || everyDay[f.nouns[0]]
		root = f
	}
	if period == "" || len(parts) == 1 && every == 1 {
		return // a single count is read with everything else
	}
	months, how := perMonth[period]/every, ""
	for k := range p.toks {
		daily = daily || p.has(k, "clock") || p.raw(k) == "consumer" || p.raw(k) == "b2c"
	}
	if root.person && !daily && len(parts) > 1 {
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
		p.claim(f.from, f.to)
	}
	p.volumes = append(p.volumes, reading{val: val * months, unit: period, span: parts[0].span})
	if len(parts) > 1 {
		p.doubt(strings.Join(words, " times ") + how)
	}
}
