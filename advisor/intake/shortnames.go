package intake

import (
	"slices"
	"strings"
)

// Names of which only the version is said: "4.1-mini", "5 nano", "flash 2.5", "qwen3-235b vs 4.1".

// makers are the families that a tier belongs to, where its name alone is said.
var makers = map[string]string{"mini": "gpt", "nano": "gpt", "flash": "gemini", "pro": "gemini"}

// sizeFirst finds a model whose size is said before its name: "70B llama3.3".
func (ix *nameIndex) sizeFirst(p *parser, i int) (entity, bool) {
	if i < 2 || p.raw(i-1) != "b" || !p.isNum(i-2) || !p.toks[i-1].glued || !p.isWord(i) {
		return entity{}, false
	}
	const most = 5
	for j := min(i+most, len(p.toks)-1); j >= i; j-- {
		name := slices.Concat(p.toks[i:j+1], p.toks[i-2:i])
		if e, ok := ix.exact[compact(name)]; ok && e.kind == modelName {
			e.from, e.to = i-2, j
			return e, true
		}
	}
	return entity{}, false
}

// nicknames are what models are called among those who use them; the shortest only count beside other names.
var nicknames = map[string]string{"dsv3": "deepseekv3", "dsr1": "deepseekr1", "k2": "kimik2", "v3": "deepseekv3"}

// besideModels reports whether the word at i stands in a list of names, or a name of the same maker in the request.
func (p *parser) besideModels(i int) bool {
	joined := func(k int) bool { return joinsVendors[p.raw(k)] || p.isSign(k, "&") || p.isSign(k, "+") }
	beside := joined(i-1) && i > 1 && p.toks[i-2].entity != nil || p.raw(i-1) == "with" || joined(i+1) && p.names.models(p.raw(i+2))
	for k := range p.toks {
		if p.raw(i) == "v3" && strings.HasPrefix(p.raw(k), "deepseek") || p.raw(i) == "k2" && p.raw(k) == "kimi" {
			return beside
		}
	}
	return beside && p.raw(i) != "v3"
}

// sellsGPT reports whether token k names a vendor whose models are known by their version: "Azure OpenAI with 4.1".
func (p *parser) sellsGPT(k int) bool {
	if k < 0 || p.toks[k].entity == nil || p.toks[k].entity.kind != providerName || len(p.toks[k].entity.ids) != 1 {
		return false
	}
	id := p.toks[k].entity.ids[0]
	return id == "openai" || id == "azure"
}

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
		beside = beside || (p.raw(i-1) == "with" || p.raw(i-1) == "on") && p.sellsGPT(i-2)
		like := strings.Contains(p.raw(i), ".") && (p.raw(i-1) == "with" || p.raw(i-1) == "to") && (p.has(i-2, "similar") || p.raw(i-2) == "par")
		beside = beside || like
		if e, ok := ix.exact["gpt"+p.raw(i)]; ok && beside && p.raw(i) != "4" && (p.clauseEnd(i+1) || joinsVendors[p.raw(i+1)] || p.raw(i+1) == "for") {
			e.from, e.to = i, i
			return e, true
		}
		return entity{}, false
	}
	if id := nicknames[p.raw(i)]; id != "" && (len(p.raw(i)) > 2 || p.besideModels(i)) {
		if e, ok := ix.exact[id]; ok && e.kind == modelName {
			e.from, e.to = i, i
			return e, true
		}
	}
	if e, ok := ix.mistralBySize(p, i); ok {
		return e, true
	}
	if p.raw(i) == "rtx" && p.isNum(i+1) && p.toks[i+1].val == 6000 && p.raw(i+2) == "pro" {
		if e, ok := ix.exact["rtxpro6000"]; ok {
			e.from, e.to = i, i+2
			return e, true
		}
	}
	if p.raw(i) == "gem" && p.isNum(i+1) && makers[p.raw(i+2)] == "gemini" {
		if e, ok := ix.exact["gemini"+p.raw(i+1)+p.raw(i+2)]; ok {
			e.from, e.to = i, i+2
			return e, true
		}
	}
	if maker := makers[p.raw(i)]; maker == "gemini" && p.isNum(i+1) && p.raw(i-1) != "gemini" {
		if e, ok := ix.exact[maker+p.raw(i+1)+p.raw(i)]; ok && e.kind == modelName {
			e.from, e.to = i, i+1
			return e, true
		}
	}
	return entity{}, false
}

// mistralBySize finds a model of Mistral's by its size in words and its version, where its maker is named elsewhere: "on the Mistral API with small 3.2".
func (ix *nameIndex) mistralBySize(p *parser, i int) (entity, bool) {
	if w := p.raw(i); w != "small" && w != "medium" && w != "large" || !p.isNum(i+1) || !p.wordBetween(0, len(p.toks), "mistral", "mistral's") {
		return entity{}, false
	}
	cands := having(having(ix.families["mistral"], p.raw(i)), p.raw(i+1))
	if len(cands) != 1 || p.unitFollows(i+2) {
		return entity{}, false
	}
	return entity{kind: modelName, ids: []string{cands[0].id}, from: i, to: i + 1}, true
}
