package intake

import "strings"

// Growth that is said by how many times a load becomes itself: "sixfold within twelve months", "five times as much in a year".

// comparedWords follow "so many times" where that is of a load, not how often something happens.
var comparedWords = set("as that this more bigger larger higher today's the what current our")

// foldAt reads such a multiple from token i on, and where it ends. A multiple that is said by "times" has to name the time it takes.
func (p *parser) foldAt(i int) (factor float64, end int) {
	if n, ok := strings.CutSuffix(p.raw(i), "fold"); ok && numberWords[n] > 1 {
		return numberWords[n], i
	}
	n, ok := p.number(i)
	if !ok || n.scaled || n.val <= 1 {
		return 0, i
	}
	k := n.next
	if p.isSign(k, "-") {
		k++
	}
	switch w := p.raw(k); {
	case w == "fold":
		return n.val, k
	case w == "times" && comparedWords[p.raw(k+1)] && p.spanAhead(k+1) && !p.inSeason(i, k):
		return n.val, k
	}
	return 0, i
}

// spanAhead reports whether the clause behind token k names the months or years that something takes: "in a year", "within 6 months", but not
// "3 times more in a month", which is of somebody.
func (p *parser) spanAhead(k int) bool {
	const reach, most = 6, 10
	for end := k + most; k < end && !p.clauseEnd(k); k++ {
		switch p.raw(k) {
		case "in", "within", "over", "after", "by", "until":
			for j := k + 1; j <= k+reach && !p.clauseEnd(j); j++ {
				if p.has(j, "quarter", "year") || p.has(j, "month") && p.plural(j) {
					return true
				}
			}
		}
	}
	return false
}
