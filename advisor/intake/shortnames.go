package intake

// Names of which only the version is said: "4.1-mini", "5 nano", "flash 2.5", "qwen3-235b vs 4.1".

// makers are the families that a tier belongs to, where its name alone is said.
var makers = map[string]string{"mini": "gpt", "nano": "gpt", "flash": "gemini", "pro": "gemini"}

// shortName finds a model by its version and tier, or by its version alone beside another model.
func (ix *nameIndex) shortName(p *parser, i int) (entity, bool) {
	if p.isNum(i) && !p.has(i-1, "usd", "eur") {
		k := i + 1
		if p.isSign(k, "-") && p.toks[k].glued {
			k++
		}
		if maker := makers[p.raw(k)]; maker != "" && !p.unitFollows(k+1) {
			if e, ok := ix.exact[maker+p.raw(i)+p.raw(k)]; ok && e.kind == modelName {
				e.from, e.to = i, k
				return e, true
			}
		}
		beside := joinsVendors[p.raw(i-1)] && i > 1 && p.toks[i-2].entity != nil && p.toks[i-2].entity.kind == modelName
		if e, ok := ix.exact["gpt"+p.raw(i)]; ok && beside && p.raw(i) != "4" && (p.clauseEnd(i+1) || joinsVendors[p.raw(i+1)] || p.raw(i+1) == "for") {
			e.from, e.to = i, i
			return e, true
		}
		return entity{}, false
	}
	if maker := makers[p.raw(i)]; maker == "gemini" && p.isNum(i+1) && p.raw(i-1) != "gemini" {
		if e, ok := ix.exact[maker+p.raw(i+1)+p.raw(i)]; ok && e.kind == modelName {
			e.from, e.to = i, i+1
			return e, true
		}
	}
	return entity{}, false
}
