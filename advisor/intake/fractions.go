package intake

import (
	"strconv"
)

// percent is a hundredth of the number, rounded once, from the decimal as typed.
func percent(q quantity) float64 {
	if v, err := strconv.ParseFloat(q.digits+"e-2", 64); err == nil && q.hi == 0 && !q.scaled {
		return v
	}
	return shift(q.val, -2)
}

var partWords = map[string]float64{"half": .5, "third": 1. / 3, "thirds": 1. / 3, "quarter": .25, "quarters": .25, "fifth": .2, "fifths": .2, "tenth": .1, "tenths": .1, "sixth": 1. / 6, "eighth": .125}

var ordinals = map[string]float64{"second": .5, "third": 1. / 3, "fourth": .25, "fifth": .2, "sixth": 1. / 6, "seventh": 1. / 7, "eighth": .125, "ninth": 1. / 9, "tenth": .1, "twentieth": .05}

// fractionOf reads "one in five", "1 in 5", "half of", "a third of", "two thirds", "a quarter of the".
func (p *parser) fractionOf(i int) (float64, span, bool) {
	if p.isNum(i) && p.isSign(i+1, "/") && p.isNum(i+2) && p.toks[i+1].glued && p.toks[i+2].glued && p.toks[i].val < p.toks[i+2].val && p.toks[i+2].val <= 20 &&
		(p.raw(i+3) == "of" || p.raw(i+3) == "are" || p.raw(i+3) == "is" || p.has(i+3, "cached", "sensitive", "hard", "easy", "public")) { // "11/12 cached", "1/3 of our traffic"
		return p.toks[i].val / p.toks[i+2].val, span{i, i + 2}, true
	}
	if v := ordinals[p.raw(i+1)]; p.raw(i) == "every" && v > 0 && p.has(i+2, "query", "doc", "chats", "person") { // "every third question"
		return v, span{i, i + 1}, true
	}
	small := func(k int) float64 {
		if p.isNum(k) && p.toks[k].val <= 100 {
			return p.toks[k].val
		}
		if p.isWord(k) {
			return numberWords[p.raw(k)]
		}
		return 0
	}
	if a := small(i); a > 0 && p.has(i+1, "query", "doc", "chats") && p.isWord(i+1) && p.raw(i+2) == "in" { // "1 case in 10"
		if b := small(i + 3); b > a && p.periodAt(i+4) == "" && !p.has(i+4, "token", "per") && (p.raw(i+4) == "is" || p.clauseEnd(i+4) || p.raw(i+4) == "has" || p.raw(i+4) == "needs" || p.raw(i+4) == "contains") {
			return a / b, span{i, i + 3}, true
		}
	}
	if a := small(i); a > 0 && (p.raw(i+1) == "in" || p.raw(i+1) == "of" || p.raw(i+1) == "out" && p.raw(i+2) == "of") {
		j := i + 2
		if p.raw(i+1) == "out" {
			j++
		}
		if p.raw(j) == "every" {
			j++
		}
		if b := small(j); b > a && b <= 100 && p.periodAt(j+1) == "" && !p.has(j+1, "token") {
			return a / b, span{i, j}, true
		}
	}
	j, n := i, 1.0
	if a := small(i); a > 0 && a < 10 {
		n, j = a, i+1
	} else if p.raw(i) == "a" {
		j = i + 1
	}
	for p.isSign(j, "-") {
		j++
	}
	v, ok := partWords[p.raw(j)]
	if !ok || p.raw(j) == "third" && (p.raw(j+1) == "party" || p.raw(j+1) == "parties" || p.isSign(j+1, "-")) || p.raw(j+1) == "of" && p.article(j+2) && isMultiplier(p.raw(j+3)) || isMultiplier(p.raw(j+1)) || p.raw(j+1) == "a" || isMultiplier(p.raw(j+2)) && p.raw(j+1) != "the" {
		return 0, span{}, false
	}
	if n*v > 1 {
		return 0, span{}, false
	}
	return n * v, span{i, j}, true
}
