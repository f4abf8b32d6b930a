package intake

import "math"

// A request that names today's load and a planned one often says which of them to reckon with: "now 200k, but plan for 500k a month", "please
// calculate with the rollout number".

var (
	// choosingVerbs start what is to be reckoned with; choosingTail is what stands between them and it.
	choosingVerbs = set("plan size sized sizing calculate compute use take base reckon dimension design budgeting price model estimate go count")
	choosingTail  = set("everything for with on to from using the that this it a our please number figure volume one of as")
)

// chosenCards rules out the accelerators beside the ones that the request says to reckon with: "plan only with the H100s".
func (p *parser) chosenCards(ruledOut map[string]bool) {
	const reach = 5
	chosen := map[string]bool{}
	for _, e := range p.entities {
		if e.kind != gpuName || e.used {
			continue
		}
		for k := e.from - 1; k >= e.from-reach && !p.clauseEnd(k) && p.toks[k].entity == nil; k-- {
			switch p.raw(k) {
			case "plan", "count", "calculate", "reckon", "size":
				if p.wordBetween(k, e.from, "with", "on") {
					for _, id := range e.ids {
						chosen[id] = true
					}
				}
			}
		}
	}
	for _, e := range p.entities {
		for _, id := range e.ids {
			if e.kind == gpuName && len(chosen) > 0 && !chosen[id] {
				ruledOut[id] = true
			}
		}
	}
}

// labelTail is what may follow the label of what is to be reckoned with.
var labelTail = set("pls please thanks month week day year case scenario level plan rate numbers figures values")

// chosen is the only volume that the request says is to be reckoned with.
func (p *parser) chosen(vs []reading) (reading, bool) {
	if len(vs) == 0 {
		return reading{}, false
	}
	found := -1
	for i := range p.toks {
		if !choosingVerbs[p.raw(i)] {
			continue
		}
		k := p.chosenBy(i, vs)
		if k < 0 {
			continue
		}
		if found >= 0 && found != k {
			return reading{}, false
		}
		found = k
	}
	if found < 0 {
		return reading{}, false
	}
	return vs[found], true
}

// chosenBy is the volume that the verb at token i chooses, -1 none: the one that follows it, the one whose label it names ("the rollout
// number"), or the one just before ("that's what we should size for").
func (p *parser) chosenBy(i int, vs []reading) int {
	const ahead = 4
	j := i + 1
	for ; j < i+1+ahead && choosingTail[p.raw(j)]; j++ {
	}
	for k, v := range vs {
		if v.from >= i && v.from <= j && j > i+1 || p.raw(i) == "take" && v.from == i+1 || p.raw(i) == "use" && v.from == i+1 {
			return k
		}
	}
	if w := p.raw(i + 1); (w == "that" || w == "this") && (p.raw(i+2) == "one" || p.raw(i+2) == "number" || p.raw(i+2) == "figure") && (p.clauseEnd(j) || labelTail[p.raw(j)]) { // "it will be 100k, use that one please"
		return nearestBefore(i, vs)
	}
	if usualWords[p.raw(j)] && p.isNum(j+1) { // "use the normal 30k"
		j++
	}
	if p.isNum(j) && j > i { // "use 30k"
		n := shift(max(p.toks[j].val, p.toks[j].thousands), multipliers[p.raw(j+1)])
		for k, v := range vs {
			if math.Abs(n-v.val/perMonthOr1(v.unit)) < 1e-6*n {
				return k
			}
		}
	}
	if ordinalNouns[p.raw(j)] && p.isNum(j+1) { // "price phase 2"
		return p.behindLabel(j, vs)
	}
	if k := byRank(p.raw(j), vs); k >= 0 {
		return k
	}
	if !p.clauseEnd(j) && (p.clauseEnd(j+1) || labelTail[p.raw(j+1)] || p.raw(j+1) == "number" || p.raw(j+1) == "figure" || p.raw(j+1) == "volume" || p.raw(j+1) == "one" || p.raw(j+1) == "load") {
		return p.labelled(stem(p.raw(j)), vs)
	}
	if p.clauseEnd(j) && p.raw(i-1) == "to" && j == i+1 && p.pointsBack(i, j) { // "that's what I'd like you to calculate"
		return nearestBefore(i, vs)
	}
	if p.clauseEnd(j) && (p.raw(j-1) == "for" || p.raw(j-1) == "with" || p.raw(j-1) == "that" || p.raw(j-1) == "this") && p.pointsBack(i, j) {
		return nearestBefore(i, vs)
	}
	return -1
}

// labelled is the volume with a word in its clause, -1 none or several.
func (p *parser) labelled(word string, vs []reading) int {
	found := -1
	for k, v := range vs {
		from := v.from
		for !p.clauseEnd(from-1) && !p.isNum(from-1) && !turns[p.raw(from-1)] {
			from--
		}
		to := v.to
		for to < v.to+6 && !p.clauseEnd(to+1) && !p.isNum(to+1) && !turns[p.raw(to+1)] {
			to++
		}
		for i := from; i <= to; i++ {
			if w := stem(p.raw(i)); w == word || len(word) > 5 && len(w) > 5 && w[:5] == word[:5] { // "merged" of the merger
				if found >= 0 && found != k {
					return -1
				}
				found = k
			}
		}
	}
	return found
}

// behindLabel is the first volume behind another place that has the two words at token j, -1 none: "phase 2".
func (p *parser) behindLabel(j int, vs []reading) int {
	found := -1
	for i := range p.toks {
		if i == j || p.raw(i) != p.raw(j) || p.raw(i+1) != p.raw(j+1) {
			continue
		}
		for k, v := range vs {
			if v.from > i && (found < 0 || v.from < vs[found].from) {
				found = k
			}
		}
	}
	return found
}

// pointsBack reports whether the clause of a verb speaks of what was said before: "that's what we should size for".
func (p *parser) pointsBack(i, end int) bool {
	for k := end - 1; !p.clauseEnd(k); k-- {
		switch p.raw(k) {
		case "that", "that's", "this", "which", "it":
			return true
		}
	}
	return false
}

// byRank is the volume that a word of rank names, -1 none; the volumes stand in the order of their size.
func byRank(word string, vs []reading) int {
	order := func(later bool) int {
		found := 0
		for k, v := range vs {
			if v.from > vs[found].from == later {
				found = k
			}
		}
		return found
	}
	switch word {
	case "higher", "highest", "high", "larger", "largest", "bigger", "biggest", "greater", "upper", "max", "maximum":
		return len(vs) - 1
	case "lower", "lowest", "low", "smaller", "smallest", "min", "minimum":
		return 0
	case "first", "former":
		return order(false)
	case "second", "latter", "last":
		return order(true)
	}
	return -1
}

func nearestBefore(i int, vs []reading) int {
	found := -1
	for k, v := range vs {
		if v.to < i && (found < 0 || v.to > vs[found].to) {
			found = k
		}
	}
	return found
}
