package intake

import (
	"math"
	"strconv"
	"strings"
)

// numberWords are numerals in words; multipliers follow another numeral ("three hundred thousand", "2.5 mio").
var numberWords = map[string]float64{
	"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
	"eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17,
	"eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60,
	"seventy": 70, "eighty": 80, "ninety": 90, "single": 1, "couple": 2, "dozen": 12, "ein": 1, "eine": 1, "zwei": 2, "drei": 3,
}

var multipliers = map[string]int{ // powers of ten
	"k": 3, "kreq": 3, "kreqs": 3, "thousand": 3, "thousands": 3, "tsd": 3, "tausend": 3, "grand": 3, "mille": 3,
	"m": 6, "mm": 6, "mn": 6, "mio": 6, "mil": 6, "mill": 6, "million": 6, "millions": 6, "millionen": 6, "mln": 6, "mios": 6, "millones": 6,
	"b": 9, "bn": 9, "billion": 9, "billions": 9, "mrd": 9, "hundred": 2, "lakh": 5, "lakhs": 5, "lac": 5, "lacs": 5, "crore": 7, "crores": 7,
}

// numeralAt is a number read from the tokens.
type numeralAt struct {
	val    float64
	next   int     // first token after it
	power  int     // power of ten that its suffix named: 3 for "80k"
	scaled bool    // a suffix or multiplier word was there
	worded bool    // no digit in it: "one"
	other  float64 // the reading with thousands of "1.500"; 0 where there is no doubt
	digits string  // as typed, where that is a plain decimal
}

// number reads a numeral at token i: digits, words, suffixes. It returns false where there is none.
func (p *parser) number(i int) (numeralAt, bool) {
	if i >= len(p.toks) || p.toks[i].claimed {
		return numeralAt{}, false
	}
	t := p.toks[i]
	switch {
	case t.kind == num:
		if i > 0 && t.glued && p.toks[i-1].kind == word && !p.toks[i-1].concepts["dirkey"] && p.toks[i-1].end == t.start && !p.glues(i-1) {
			return numeralAt{}, false // part of a word that nothing knows
		}
		n := numeralAt{val: t.val, other: t.thousands, next: i + 1, digits: t.raw}
		if p.isSign(i+1, "^") && p.isNum(i+2) && t.val == 10 && p.toks[i+2].val <= 12 { // 10^6
			return numeralAt{val: math.Pow10(int(p.toks[i+2].val)), next: i + 3, scaled: true}, true
		}
		if (p.isSign(i+1, "*") || p.isSign(i+1, "x")) && p.isNum(i+2) && p.toks[i+2].val == 10 && p.isSign(i+3, "^") && p.isNum(i+4) && p.toks[i+4].val <= 12 { // 8*10^5
			return numeralAt{val: shift(t.val, int(p.toks[i+4].val)), next: i + 5, scaled: true}, true
		}
		return p.scale(p.fraction(n), t.raw)
	case t.kind == word:
		return p.wordNumber(i)
	}
	return numeralAt{}, false
}

// glues reports whether the word at i may stand glued before a number: "in1200", "usd500".
func (p *parser) glues(i int) bool {
	c := p.toks[i].concepts
	return c["usd"] || c["eur"] || c["input"] || c["output"] || c["in"] || c["out"] || c["p95"] || c["volume"] || c["budget"]
}

// fraction reads "1 1/2" and "1/2"; the latter only before a multiplier.
func (p *parser) fraction(n numeralAt) numeralAt {
	i := n.next
	if p.isSign(i, "/") && p.isNum(i+1) && p.toks[i].glued && p.toks[i+1].glued && n.val < p.toks[i+1].val && p.toks[i+1].val <= 5 {
		if _, scaled := p.multiplier(i + 2); scaled || p.conceptAt(i+2, "of") || p.has(i+2, "pageunit") {
			n.val, n.next = n.val/p.toks[i+1].val, i+2
		}
		return n
	}
	if p.isNum(i) && p.isSign(i+1, "/") && p.isNum(i+2) && p.toks[i+1].glued && p.toks[i+2].glued && p.toks[i].val < p.toks[i+2].val && p.toks[i+2].val <= 5 {
		n.val, n.next = n.val+p.toks[i].val/p.toks[i+2].val, i+3
	}
	return n
}

func (p *parser) multiplier(i int) (int, bool) {
	if i >= len(p.toks) || p.toks[i].kind != word || p.toks[i].claimed {
		return 0, false
	}
	w := p.toks[i].raw
	if w == "mil" && (p.has(i+1, "query") && strings.HasSuffix(p.raw(i+1), "as") || p.raw(i+1) == "solicitudes" || p.raw(i+1) == "mensajes" || p.raw(i+1) == "mensagens") { // a thousand where Spanish or Portuguese follows
		return 3, true
	}
	if pow, ok := multipliers[w]; ok {
		return pow, true
	}
	for _, long := range []string{"thousand", "million", "millions", "billion"} { // with one slip
		if len(w) > 4 && w[0] == long[0] && distance(w, long, 1) <= 1 {
			return multipliers[long], true
		}
	}
	return 0, false
}

// scale applies the multipliers after a numeral. The decimal is shifted as text, so that 0.1k is exactly 100.
func (p *parser) scale(n numeralAt, raw string) (numeralAt, bool) {
	if math.IsNaN(n.val) || math.IsInf(n.val, 0) {
		return n, false
	}
	for range 2 {
		pow, ok := p.multiplier(n.next)
		if !ok || p.minutes(n.next) {
			break
		}
		n.val, n.power, n.scaled, n.next = shift(n.val, pow), n.power+pow, true, n.next+1
	}
	for n.next < len(p.toks) && p.toks[n.next].claimed && p.toks[n.next].void && isMultiplierWord(p.raw(n.next)) { // of a value that another one replaced
		n.next++
	}
	if n.scaled {
		n.other = 0
	}
	return n, n.val < 1e18
}

// minutes reports whether the "m" at i cannot be a million: "m/m".
func (p *parser) minutes(i int) bool {
	return p.toks[i].raw == "m" && p.isSign(i+1, "/") && i+2 < len(p.toks) && p.toks[i+2].raw == "m"
}

// shift multiplies by a power of ten exactly where the decimal allows it.
func shift(v float64, pow int) float64 {
	s, err := strconv.ParseFloat(strconv.FormatFloat(v, 'f', -1, 64)+"e"+strconv.Itoa(pow), 64)
	if err != nil {
		return math.Inf(1)
	}
	return s
}

// wordNumber reads "three hundred thousand", "half a million", "a couple of thousand", "one and a half million".
func (p *parser) wordNumber(i int) (numeralAt, bool) {
	if p.raw(i) == "half" || p.raw(i) == "quarter" {
		return p.partOf(i)
	}
	if p.raw(i) == "one" && pointers[p.raw(i-1)] { // "each one chats"
		return numeralAt{}, false
	}
	if p.article(i) && p.has(i+1, "pageunit") && p.raw(i+2) == "and" && (p.raw(i+3) == "a" && p.raw(i+4) == "half" || p.raw(i+3) == "half") { // "a page and a half", "one page and half"
		return numeralAt{val: 1.5, next: i + 1, worded: true}, true
	}
	if p.article(i) && p.has(i+1, "pageunit") && p.raw(i+1) != "pages" && (p.clauseEnd(i+2) || p.raw(i+2) == "each" || p.raw(i+2) == "apiece" || p.raw(i+2) == "long" || p.raw(i+2) == "of" && p.raw(i+3) == "text" || p.raw(i-1) == "about" || p.raw(i-1) == "roughly" || p.raw(i-1) == "around") && !p.isNum(i-1) && p.raw(i-1) != "/" { // "a page each", "of about a page"
		return numeralAt{val: 1, next: i + 1, worded: true}, true
	}
	if w := p.raw(i + 1); (w == "quarters" || w == "thirds") && p.raw(i+2) == "of" && p.article(i+3) { // "three quarters of a million"
		if pow, ok := multipliers[p.raw(i+4)]; ok {
			return numeralAt{val: numberWords[p.raw(i)] * partWords[w] * math.Pow10(pow), next: i + 5, power: pow, scaled: true, worded: true}, true
		}
	}
	n := numeralAt{next: i, worded: true}
	total, group, seen, any := 0.0, 0.0, false, false
	for words := 0; words < 12 && p.isWord(n.next) && !p.toks[n.next].claimed; words++ {
		w := p.raw(n.next)
		v, isUnit := numberWords[w]
		pow, isPower := multipliers[w]
		isPower = isPower && len(w) > 2 && (any || p.article(n.next-1))
		switch {
		case isUnit && w != "dozen" && (!seen || group >= 20 && v < 10 || group >= 100):
			group, seen, any = group+v, true, true
		case w == "dozen": // two dozen
			group, seen, any = max(group, 1)*12, true, true
		case isPower && pow == 2:
			group, seen, any = max(group, 1)*100, true, true
			n.scaled, n.power = true, n.power+pow
		case isPower:
			total, group, seen, any = total+max(group, 1)*math.Pow10(pow), 0, false, true
			n.scaled, n.power = true, n.power+pow
		case any && w == "and" && p.raw(n.next+1) == "a" && p.raw(n.next+2) == "half":
			group += .5
			n.next += 2
		case any && w == "and" && numberWords[p.raw(n.next+1)] > 0 && n.scaled && p.toks[n.next].glue:
		case any && w == "of" && isMultiplier(p.raw(n.next+1)):
		default:
			n.val = total + group
			return n, any
		}
		n.next++
		if p.isSign(n.next, "-") && any && p.isWord(n.next+1) && p.toks[n.next].glued && numberWords[p.raw(n.next+1)] > 0 {
			n.next++ // twenty-five
		}
	}
	n.val = total + group
	return n, any
}

// pointers make a "one" behind them a pronoun.
var pointers = set("each every this that which another either any no")

func isMultiplier(w string) bool { _, ok := multipliers[w]; return ok && len(w) > 2 }

func isMultiplierWord(w string) bool { _, ok := multipliers[w]; return ok }

func (p *parser) article(i int) bool {
	w := p.raw(i)
	return w == "a" || w == "an" || w == "one" || w == "1"
}

// partOf reads "half a million", "a quarter of a million", "half of" is left to shares.
func (p *parser) partOf(i int) (numeralAt, bool) {
	v := .5
	if p.raw(i) == "quarter" {
		v = .25
	}
	j := i + 1
	for j < i+5 && (p.raw(j) == "of" || p.raw(j) == "a" || p.raw(j) == "an" || p.isSign(j, "-")) {
		j++
	}
	pow, ok := multipliers[p.raw(j)]
	if p.raw(j) == "dozen" {
		return numeralAt{val: v * 12, next: j + 1, worded: true}, true
	}
	if !ok && p.has(j, "pageunit") && !p.plural(j) { // "half a page", "quarter page"
		return numeralAt{val: v, next: j}, true
	}
	if !ok {
		return numeralAt{}, false
	}
	return numeralAt{val: v * math.Pow10(pow), next: j + 1, power: pow, scaled: true, worded: true}, true
}
