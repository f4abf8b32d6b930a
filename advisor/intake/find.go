package intake

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// names marks every name in the request.
func (p *parser) findNames() {
	ix := p.names
	if ix == nil {
		return
	}
	for i := 0; i < len(p.toks); {
		t := p.toks[i]
		if t.kind != word && t.kind != num || boyScouts[t.raw] && !p.besideAny(i) {
			i++
			continue
		}
		if e, ok := ix.instance(p, i); ok {
			p.mark(e)
			i = e.to + 1
			continue
		}
		if e, ok := ix.sibling(p, i); ok {
			p.mark(e)
			i = e.to + 1
			continue
		}
		if e, ok := ix.shortName(p, i); ok {
			p.mark(e)
			i = e.to + 1
			continue
		}
		e, ok := ix.longestExact(p, i)
		if sized, hit := ix.sizeFirst(p, i); hit {
			p.mark(sized)
			i = sized.to + 1
			continue
		}
		if ok && e.kind == modelName && e.from == e.to && len(ix.families[p.toks[i].raw]) > 1 {
			e.note = "“" + p.toks[i].raw + "” read as " + e.ids[0]
		}
		if f, partial := ix.family(p, i); partial && (!ok || f.to > e.to || f.from < i || e.kind == providerName && f.to == e.to && len(f.ids) > 0) {
			e, ok = f, true
		}
		if ok && e.kind == gpuName && p.raw(e.to+1) == "(" && p.isNum(e.to+2) && (p.raw(e.to+3) == "gb" || p.raw(e.to+3) == "gib") { // "A100 (40GB)"
			if sized, known := ix.exact[compact(p.toks[e.from:e.to+1])+"."+plainNumber(p.toks[e.to+2].val)+"gb"]; known && sized.kind == gpuName {
				sized.from, sized.to = e.from, e.to
				e = sized
			}
		}
		if name := strings.TrimSuffix(t.raw, "'s"); ok && name != t.raw && ix.vendors[name] != "" && e.kind == modelName && e.from == e.to && (p.raw(i+1) == "own" || p.raw(i+1) == "api" || p.raw(i+1) == "official") { // "DeepSeek's own API"
			e = entity{kind: providerName, ids: []string{ix.vendors[name]}, from: i, to: i}
		}
		if id := ix.vendors[t.raw]; ok && id != "" && e.kind == modelName && e.from == e.to && p.sold(i) {
			e = entity{kind: providerName, ids: []string{id}, from: i, to: i}
		}
		if !ok {
			i++
			continue
		}
		p.mark(e)
		i = e.to + 1
	}
}

// sameFamily lets a bare name stand for the version that the request names in full, "Sonnet 4.5 ... as good as Sonnet", and for none of its own
// where there are several: "which Claude, opus 4.1 or sonnet 4.5?".
func (p *parser) sameFamily() {
	for _, e := range p.entities {
		if e.kind != modelName || e.note == "" || e.from != e.to {
			continue
		}
		var full []string
		for _, o := range p.entities {
			if o.kind == modelName && o.note == "" && len(o.ids) == 1 && slices.Contains(atoms(o.ids[0]), p.raw(e.from)) {
				full = append(full, o.ids[0])
			}
		}
		switch full = unique(full); {
		case len(full) == 1:
			e.ids, e.note = full, ""
		case len(full) > 1:
			e.ids, e.note = nil, ""
		}
	}
}

// productWords follow the name of a vendor in something else that it makes: "Google reviews", "Azure DevOps".
var productWords = set("taxonomy reviews review maps ads sheets docs drive play calendar forms workspace analytics listings seller sellers marketplace prime devops teams 365 office word excel outlook shop store scholar")

// sold reports whether a word that names a model and its vendor names the vendor: "DeepSeek direct", "novita or deepseek".
func (p *parser) sold(i int) bool {
	switch before, behind := p.raw(i-1), p.raw(i+1); {
	case behind == "official", behind == "direct" || behind == "directly" || behind == "itself" || behind == "api" || behind == "platform":
		return true
	case joinsVendors[before] && p.names.provides(p.raw(i-2)), joinsVendors[behind] && p.names.provides(p.raw(i+2)):
		return true
	}
	return false
}

// instanceCards are the accelerators in the instance families of the large clouds, by the name before the size.
// Source: the vendors' instance type pages (AWS EC2 accelerated computing; Google accelerator-optimised machines), read as
// common knowledge; the catalog's own rental offers go first.
var instanceCards = map[string]string{
	"g4dn": "t4", "g5": "a10g", "g6": "l4", "g6e": "l40s", "p3": "v100", "p4d": "a10040gb", "p4de": "a10080gb", "p5": "h100", "p5e": "h200", "p5en": "h200",
	"inf2": "inferentia2", "trn1": "trainium1", "trn2": "trainium2", "a3": "h100", "g2": "l4",
}

// instance reads a cloud instance type, "g5.4xlarge" or "a3-highgpu-8g", as the accelerator in it.
func (ix *nameIndex) instance(p *parser, i int) (entity, bool) {
	card, ok := instanceCards[p.raw(i)]
	if !ok || i+2 >= len(p.toks) || !p.toks[i+1].glued || !p.toks[i+2].glued || p.raw(i+1) != "." && p.raw(i+1) != "-" {
		return entity{}, false
	}
	e, known := ix.exact[card]
	if !known || e.kind != gpuName {
		return entity{}, false
	}
	to := i + 2
	for to+1 < len(p.toks) && p.toks[to+1].glued && p.toks[to+1].kind != comma && p.toks[to+1].kind != stop {
		to++
	}
	tail := p.raw(to)
	if !strings.HasSuffix(tail, "large") && !strings.HasSuffix(tail, "g") && tail != "metal" {
		return entity{}, false
	}
	e.from, e.to = i, to
	return e, true
}

// countCards notes how many accelerators an instance type holds, where one is named.
func (p *parser) countCards(e *entity) {
	if first := p.raw(e.from); e.kind != gpuName || e.to < e.from+2 || instanceCards[first] == "" && first != "a2" {
		return
	}
	var size strings.Builder
	for k := e.from + 2; k <= e.to; k++ {
		size.WriteString(p.raw(k))
	}
	if e.each = cardsIn(p.raw(e.from), size.String()); e.each > 1 {
		e.count, e.counted = e.each, e.from
	}
}

// cardsOf are how many accelerators an instance of AWS holds, by family and size, where it is not one. Source: as for [instanceCards].
var cardsOf = map[string]map[string]int{
	"g4dn": {"12xlarge": 4, "metal": 8},
	"g5":   {"12xlarge": 4, "24xlarge": 4, "48xlarge": 8},
	"g6":   {"12xlarge": 4, "24xlarge": 4, "48xlarge": 8},
	"g6e":  {"12xlarge": 4, "24xlarge": 4, "48xlarge": 8},
	"p3":   {"8xlarge": 4, "16xlarge": 8},
	"p4d":  {"24xlarge": 8}, "p4de": {"24xlarge": 8},
	"p5": {"48xlarge": 8}, "p5e": {"48xlarge": 8}, "p5en": {"48xlarge": 8},
	"inf2": {"24xlarge": 6, "48xlarge": 12},
	"trn1": {"32xlarge": 16}, "trn2": {"48xlarge": 16},
}

// cardsIn is how many accelerators one instance holds, 0 where that is not known; Google's names end in the number of cards.
func cardsIn(family, size string) int {
	if n, ok := cardsOf[family][size]; ok {
		return n
	}
	if n, err := strconv.Atoi(strings.TrimSuffix(size[strings.LastIndex(size, "-")+1:], "g")); err == nil && strings.HasSuffix(size, "g") {
		return n
	}
	return 0
}

// longestExact finds the longest alias that starts at token i.
func (ix *nameIndex) longestExact(p *parser, i int) (entity, bool) {
	first := p.toks[i].raw
	if !ix.starts[lead(first)] || i > 0 && p.toks[i].glued && p.toks[i-1].kind == num && p.toks[i].kind == word && !p.isSign(i-1, "x") {
		return entity{}, false
	}
	if len(first) == 1 && i+1 < len(p.toks) && !p.toks[i+1].glued {
		return entity{}, false // "a 40-person firm" names no A40
	}
	var b strings.Builder
	var found entity
	ok := false
	for j := i; j < len(p.toks) && j < i+ix.longest; j++ {
		t := p.toks[j]
		if t.kind == stop || t.kind == comma && !t.glued || t.kind == comma && j+1 < len(p.toks) && !p.toks[j+1].glued {
			break
		}
		compactToken(&b, t)
		if t.kind != word && t.kind != num && t.raw != "+" {
			continue
		}
		key := b.String()
		e, hit := ix.exact[key]
		if !hit && j+1 < len(p.toks) && p.toks[j+1].glued && p.toks[j+1].kind == word && p.toks[j+1].raw == "s" {
			e, hit = ix.exact[key]
		}
		if !hit {
			e, hit = ix.exact[strings.TrimSuffix(key, "s")]
			if ix.english[strings.TrimSuffix(key, "s")] { // "the cloud's"
				hit = false
			}
		}
		if card, _, ok := strings.Cut(key, "x"); !hit && ok && j == i && strings.Trim(key[len(card)+1:], "0123456789") == "" && ix.exact[card].kind == gpuName { // "h200x8"
			e, hit = ix.exact[card]
		}
		if hit && !p.cutShort(i, j) && !p.onlyDigits(i, j) && !ix.english[key] {
			e.from, e.to = i, j
			found, ok = e, true
		}
		if hit && ix.english[key] && p.namesProvider(i, j) {
			e.from, e.to = i, j
			found, ok = e, true
		}
	}
	return found, ok
}

// englishName are providers whose name is an English word: they need a hint beside them.
var englishName = set("together modal replicate perplexity scale lambda oracle mistral's vertex fireworks apple meta google's")

// quoteVerbs are what vendors do: "Fireworks quoted us a price".
var quoteVerbs = set("quoted quotes offered offers charges charged bills billed sells hosts")

// noProvider are such words that stand for no vendor whatever is beside them.
var noProvider = set("scale meta cloud neocloud")

// beforeVendor are words before somebody who is paid or called; joinsVendors stand between two of them.
var (
	beforeVendor = set("on via at from by provider using than through leave leaving off against against: paying calling versus")
	joinsVendors = set("or vs versus and , / between against")
)

// namesProvider reports whether an English word from token i to j names the provider that is called so.
func (p *parser) namesProvider(i, j int) bool {
	before, behind := p.raw(i-1), p.raw(j+1)
	switch {
	case noProvider[p.raw(i)]:
		return false
	case beforeVendor[before], joinsVendors[before] && before != "," && before != "/", p.isSign(i-1, "=") || p.isSign(i-1, ":"), behind == "ai", p.raw(i) == "vertex", before == "use" && p.raw(i) != "together":
		return true
	case joinsVendors[behind] && p.names.provides(p.raw(j+2)), joinsVendors[before] && p.names.provides(p.raw(i-2)): // "Fireworks or Groq", "Groq, Fireworks"
		return true
	case behind == "as" && p.has(j+2, "apiservice"), p.raw(i) != "together" && p.clauseEnd(i-1) && behind == "," && p.names.models(p.raw(j+2)): // "Fireworks as provider", "fireworks, deepseek-v3"
		return true
	case (before == "with" || before == "to") && p.clauseEnd(j+1): // "stay with Together?"
		return true
	case quoteVerbs[behind], (behind == "instead" || behind == "rather") && before != "this" && before != "that", p.clauseEnd(i-1) && (behind == "vs" || behind == "versus" || behind == "or" && p.capitalised(i)) && (p.raw(j+2) == "own" || p.raw(j+2) == "our" || p.raw(j+2) == "renting" || p.raw(j+2) == "self" || p.has(j+2, "selfhost", "onprem")):
		return true
	}
	return p.capitalised(i) && !p.strongEnd(i-1) && p.isWord(i-1) && !p.capitalised(i-1) // "just paying Together"
}

// capitalised reports whether the word at i starts with a capital letter.
func (p *parser) capitalised(i int) bool {
	return p.isWord(i) && unicode.IsUpper(firstRune(p.text[p.toks[i].start:]))
}

func firstRune(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

// models reports whether w starts the name of a family of models.
func (ix *nameIndex) models(w string) bool {
	a := atoms(w)
	return len(a) > 0 && ix.families[a[0]] != nil
}

// provides reports whether w is all of a provider's name.
func (ix *nameIndex) provides(w string) bool {
	return ix.exact[w].kind == providerName
}

// cutShort reports whether the name would end inside a longer word or number: "gpt-4" in "gpt-4o", "a10" in "a10 000".
func (p *parser) cutShort(i, j int) bool {
	if j+1 >= len(p.toks) || !p.toks[j+1].glued {
		return false
	}
	n := p.toks[j+1]
	if n.kind == word && p.toks[j].kind == num {
		return n.raw != "s" && n.raw != "x"
	}
	return false
}

// onlyDigits reports whether a name of digits alone ("4090") is a count here rather than a card.
func (p *parser) onlyDigits(i, j int) bool {
	if i != j || p.toks[i].kind != num {
		return false
	}
	next := p.raw(j + 1)
	if _, ok := multipliers[next]; ok || next == "to" && p.isNum(j+2) { // "4090 to 10000 per month"
		return true
	}
	return j+1 < len(p.toks) && (p.has(j+1, "query", "doc", "chats", "token", "per", "usd", "person", "second", "qps", "rpm", "pct") || p.isSign(j+1, "/")) ||
		i > 0 && (p.isSign(i-1, "$") || p.isSign(i-1, "/"))
}

// family finds a model that is named in part: "llama 70b", "claude sonnet", "opus".
func (ix *nameIndex) family(p *parser, i int) (entity, bool) {
	if p.toks[i].kind != word {
		return entity{}, false
	}
	first := atoms(p.toks[i].raw)
	if len(first) == 0 {
		return entity{}, false
	}
	cands := ix.families[first[0]]
	if len(cands) == 0 {
		return entity{}, false
	}
	from := i
	if i > 1 && p.raw(i-1) == "b" && p.isNum(i-2) && p.toks[i-1].glued { // "8b llama 3.1"
		if sized := having(cands, p.raw(i-2)+"b"); len(sized) > 0 {
			cands, from = sized, i-2
		}
	}
	used := []string{first[0]}
	if len(first) > 1 {
		narrowed := having(cands, first[1])
		if len(narrowed) == 0 {
			return entity{}, false
		}
		cands, used = narrowed, first
	}
	to := i
	for j := i + 1; j < len(p.toks) && j < i+9; {
		a, next := p.atomAt(j)
		if a == "" {
			break
		}
		if nameNoise[a] {
			j = next
			continue
		}
		narrowed := having(cands, a)
		if v, n := p.versionAt(j); v != "" {
			if exact := having(cands, v); len(exact) > 0 {
				narrowed, a, next = exact, v, n
			}
		}
		if len(narrowed) == 0 {
			break
		}
		cands, used, j, to = narrowed, append(used, a), next, next-1
	}
	return pick(cands, used, entity{kind: modelName, from: from, to: to})
}

// boyScouts are names of models that are words of everyday, too: "my daughter's scout group".
var boyScouts = set("scout maverick")

// besideAny reports whether a name stands beside the word at i, or a number behind it.
func (p *parser) besideAny(i int) bool {
	const reach = 3
	for k := i - reach; k <= i+reach; k++ {
		if k >= 0 && k < len(p.toks) && k != i && (p.toks[k].entity != nil || p.names.models(p.raw(k))) {
			return true
		}
	}
	return p.isNum(i+1) || p.isSign(i+1, "-") || p.has(i-1, "key") || p.clauseEnd(i-1) && p.clauseEnd(i+1)
}

// atomAt reads one atom of a name at token j, hyphens and glued letters included: "-", "70b" gives 70b.
func (p *parser) atomAt(j int) (string, int) {
	for j < len(p.toks) && p.isSign(j, "-") {
		j++
	}
	if j >= len(p.toks) || p.toks[j].kind != word && p.toks[j].kind != num {
		return "", j
	}
	a := p.toks[j].raw
	j++
	for j < len(p.toks) && p.toks[j].glued && (p.toks[j].kind == word || p.toks[j].kind == num || p.isSign(j, "x")) {
		a += p.toks[j].raw
		j++
	}
	return a, j
}

// versionAt reads "4-5" or "4 5" as 4.5.
func (p *parser) versionAt(j int) (string, int) {
	a, n := p.atomAt(j)
	b, m := p.atomAt(n)
	if isShort(a) && isShort(b) {
		return a + "." + b, m
	}
	return "", j
}

func having(ms []familyModel, atom string) []familyModel {
	var out []familyModel
	for _, m := range ms {
		if slices.Contains(m.atoms, atom) || slices.Contains(m.atoms, atom+".0") {
			out = append(out, m)
		}
	}
	return out
}

// pick chooses among the models that have every atom that was said: the one that says no more, else the newest version
// with the fewest further words; several sizes of that stay several.
func pick(cands []familyModel, used []string, e entity) (entity, bool) {
	if len(used) < 2 && used[0] == "phi" {
		return e, false // protected health information
	}
	if len(used) < 2 && !heads[used[0]] {
		if len(cands) == 1 {
			e.ids = []string{cands[0].id}
			return e, true
		}
		e.note = "“" + used[0] + "” is a family of " + strconv.Itoa(len(cands)) + " models and limits nothing here; name one, such as " + newest(cands)[0].id
		return e, true
	}
	for _, m := range cands {
		if len(m.atoms) == len(used) {
			e.ids = []string{m.id}
			return e, true
		}
	}
	best := newest(cands)
	for _, m := range best {
		e.ids = append(e.ids, m.id)
	}
	slices.Sort(e.ids)
	if len(cands) > 1 {
		e.note = "“" + strings.Join(used, " ") + "” read as " + strings.Join(e.ids, ", ")
	}
	return e, true
}

func newest(cands []familyModel) []familyModel {
	byRank := slices.Clone(cands)
	slices.SortFunc(byRank, func(a, b familyModel) int { return cmp.Or(rank(a, b), cmp.Compare(a.id, b.id)) })
	n := 1
	for n < len(byRank) && rank(byRank[0], byRank[n]) == 0 {
		n++
	}
	return byRank[:n]
}

// rank orders models: fewest words beside version and size, then newest version.
func rank(a, b familyModel) int {
	wa, va := shape(a)
	wb, vb := shape(b)
	return cmp.Or(cmp.Compare(wa, wb), cmp.Compare(vb, va))
}

func shape(m familyModel) (words int, version float64) {
	for _, a := range m.atoms[1:] {
		switch v, err := strconv.ParseFloat(strings.TrimLeft(a, "vrk"), 64); {
		case err == nil && v < 100:
			version = max(version, v)
		case a[len(a)-1] == 'b' && a[0] >= '0' && a[0] <= '9':
		default:
			words++
		}
	}
	return words, version
}

// mark ties the tokens of a name together, with what trails it ("-Instruct", "80GB", "GPUs").
func (p *parser) mark(e entity) {
	p.countCards(&e)
	for e.to+1 < len(p.toks) {
		j := e.to + 1
		if p.isSign(j, "-") && p.toks[j].glued && j+1 < len(p.toks) && p.toks[j+1].glued && nameNoise[p.raw(j+1)] {
			e.to += 2
			continue
		}
		if p.toks[j].glued && p.raw(j) == "s" || nameNoise[p.raw(j)] && p.toks[j].kind == word && p.raw(j) != "chat" && p.raw(j) != "it" {
			e.to++
			continue
		}
		if e.kind == gpuName && p.isNum(j) && (p.raw(j+1) == "gb" || p.raw(j+1) == "gib") {
			e.to += 2
			continue
		}
		break
	}
	for e.from >= 2 && p.isSign(e.from-1, "/") && p.toks[e.from].glued && p.toks[e.from-1].glued && p.toks[e.from-2].kind == word && !p.toks[e.from-2].claimed && p.toks[e.from-2].concepts == nil {
		e.from -= 2 // "meta-llama/"
		for e.from >= 2 && p.isSign(e.from-1, "-") && p.toks[e.from].glued && p.toks[e.from-1].glued {
			e.from -= 2
		}
	}
	e.ids = slices.Clone(e.ids)
	ent := &e
	for k := e.from; k <= e.to; k++ {
		p.toks[k].entity = ent
		p.toks[k].concepts = entityConcepts[e.kind]
		p.toks[k].glue = false
	}
	p.entities = append(p.entities, ent)
}

var entityConcepts = map[nameKind]map[string]bool{
	modelName: {"modelname": true}, gpuName: {"gpuname": true}, providerName: {"vendorname": true},
}
