package intake

import "slices"

// Models that are named by what sets them off from the one named before: "llama 3.1 8b or 70b", "is gpt-oss-20b enough or do we go up to 120b?",
// "flash 2.5 or Pro".

// tierWords are what the models of a maker differ by where their version is the same.
var tierWords = set("pro flash mini nano opus sonnet haiku scout maverick")

// sibling finds, at token i, a size or tier that makes another model of the name before it.
func (ix *nameIndex) sibling(p *parser, i int) (entity, bool) {
	const reach = 14
	if e, ok := ix.versionOf(p, i); ok {
		return e, true
	}
	mark, to := p.raw(i), i
	switch {
	case p.isNum(i) && p.raw(i+1) == "b" && p.toks[i+1].glued:
		mark, to = mark+"b", i+1
	case !tierWords[mark] || !p.choiceBefore(i) || p.isNum(i+1): // "or opus 4.1" says all of itself
		return entity{}, false
	}
	if p.has(to+1, "token", "wordunit", "query", "doc") { // "20b tokens"
		return entity{}, false
	}
	for _, e := range slices.Backward(p.entities) {
		if e.kind != modelName || len(e.ids) != 1 || e.to >= i || i-e.to > reach || p.sentenceEnds(e.to, i) {
			continue
		}
		if id := ix.changed(e.ids[0], mark); id != "" && p.setOff(e.to+1, i) {
			return entity{kind: modelName, ids: []string{id}, from: i, to: to}, true
		}
		return entity{}, false
	}
	return entity{}, false
}

// versionOf finds, at token i, a version and size of the family that was named alone before: "which Llama, 3.3 70b or 3.1 8b?".
func (ix *nameIndex) versionOf(p *parser, i int) (entity, bool) {
	if !p.isNum(i) || !p.isNum(i+1) || p.raw(i+2) != "b" || !p.toks[i+2].glued {
		return entity{}, false
	}
	for _, e := range slices.Backward(p.entities) {
		if e.kind == modelName && e.note != "" && len(e.ids) == 0 {
			found, ok := ix.exact[compact(slices.Concat(p.toks[e.from:e.to+1], p.toks[i:i+3]))]
			found.from, found.to = i, i+2
			return found, ok
		}
	}
	return entity{}, false
}

// choiceBefore reports whether a word right before token i sets what follows against something else.
func (p *parser) choiceBefore(i int) bool {
	k := i - 1
	if p.raw(k) == "the" || p.raw(k) == "is" || p.raw(k) == "even" {
		k--
	}
	return joinsVendors[p.raw(k)] && p.raw(k) != ","
}

// setOff reports whether the words from token k to i set two names against each other.
func (p *parser) setOff(k, i int) bool {
	for ; k < i; k++ {
		if joinsVendors[p.raw(k)] || p.raw(k) == "to" || p.isSign(k, "/") || p.isSign(k, "&") {
			return true
		}
	}
	return false
}

// changed is the model whose name differs from that of id only in the size or tier, or has a tier more, "" where there is none or several.
func (ix *nameIndex) changed(id, mark string) string {
	own := atoms(id)
	if len(own) == 0 {
		return ""
	}
	found := ""
	for _, m := range ix.families[own[0]] {
		more := len(m.atoms) - len(own)
		if m.id == id || more != 0 && more != 1 || !slices.Contains(m.atoms, mark) {
			continue
		}
		same := 0
		for _, a := range own {
			if slices.Contains(m.atoms, a) {
				same++
			}
		}
		if same != len(own)-1+more {
			continue
		}
		if found != "" {
			return ""
		}
		found = m.id
	}
	return found
}
