package intake

import (
	"maps"
	"slices"
	"strings"

	"github.com/llmadvise/llmadvise/advisor/catalog"
)

// Name is one thing of the catalog that a request may mention: its id and what people call it. The id counts as
// an alias of itself.
type Name struct {
	ID      string
	Aliases []string
}

// Names knows the models, accelerators and providers that a request may mention. Build it once with [NewNames] or
// [NamesFrom]; it is safe for concurrent use. The zero Names knows none.
type Names struct{ index *nameIndex }

type nameKind uint8

const (
	modelName nameKind = iota
	gpuName
	providerName
)

// entity is a name found in a request.
type entity struct {
	kind     nameKind
	ids      []string
	note     string // a doubt about the reading; "" none
	from, to int    // first and last token
	count    int    // how many of an accelerator; 0 not said
	counted  int    // the token where that stands
	each     int    // how many of them come in one of what is named; 0 one
	used     bool   // a phrase took it
}

type nameIndex struct {
	exact    map[string]entity        // by compact key
	vendors  map[string]string        // ids of the providers by compact key, those that share it with a model too
	starts   map[string]bool          // leading letters or digits of the keys
	families map[string][]familyModel // by a distinctive atom
	words    map[string]bool          // never taken for a typo
	english  map[string]bool          // keys that are words too: they need a hint beside them
	longest  int
}

type familyModel struct {
	id    string
	atoms []string
}

// NewNames indexes the names that requests may mention. Where two claim one spelling, models win over accelerators,
// accelerators over providers, and the first over later ones.
func NewNames(models, gpus, providers []Name) Names {
	ix := &nameIndex{exact: map[string]entity{}, vendors: map[string]string{}, starts: map[string]bool{}, families: map[string][]familyModel{}, words: map[string]bool{}, english: maps.Clone(englishName)}
	for _, m := range models {
		ix.add(modelName, m)
		ix.addFamily(m)
	}
	for _, g := range gpus {
		ix.add(gpuName, g)
	}
	for _, p := range providers {
		ix.add(providerName, p)
	}
	for _, p := range unpriced {
		ix.add(providerName, p)
	}
	return Names{ix}
}

// NamesFrom indexes every model, accelerator, rented instance and provider of a catalog.
func NamesFrom(c *catalog.Catalog) Names {
	var models, gpus, providers []Name
	for _, m := range c.Models {
		models = append(models, Name{m.ID, append([]string{m.Name}, m.Aliases...)})
	}
	for _, m := range c.APIModels {
		models = append(models, Name{m.ID, append([]string{m.Name}, m.Aliases...)})
	}
	for _, o := range c.Offers {
		if !slices.ContainsFunc(models, func(n Name) bool { return n.ID == o.ModelID }) {
			models = append(models, Name{o.ModelID, nil})
		}
	}
	instances := map[string][]string{}
	for _, o := range c.GPUOffers {
		if strings.ContainsAny(o.Instance, ".-_") {
			instances[o.Accelerator] = append(instances[o.Accelerator], o.Instance)
		}
	}
	for _, a := range c.Accelerators {
		gpus = append(gpus, Name{a.ID, slices.Concat([]string{a.Name}, a.Aliases, instances[a.ID])})
	}
	for _, p := range c.Providers {
		providers = append(providers, Name{p.ID, append([]string{p.Name}, p.Aliases...)})
	}
	return NewNames(models, gpus, providers)
}

// unpriced are vendors that people ask about and whose prices no feed of ours has: a request that names one is told so. Once the catalog
// has one of them, its own name comes first.
var unpriced = []Name{
	{"DeepInfra", []string{"deep infra"}}, {"Replicate", nil}, {"Perplexity", nil}, {"Anyscale", nil}, {"Baseten", nil}, {"Modal", nil},
	{"SiliconFlow", []string{"silicon flow"}}, {"Hugging Face", []string{"huggingface", "hf inference"}}, {"OpenRouter", []string{"open router"}}, {"Databricks", nil},
	{"AI21", []string{"ai21 labs"}}, {"Alibaba Cloud", []string{"alibaba", "aliyun", "dashscope"}}, {"IBM watsonx", []string{"watsonx", "watson x"}}, {"Crusoe", nil},
	{"Hetzner", nil}, {"Vultr", nil}, {"Paperspace", nil}, {"Lepton", []string{"lepton ai"}}, {"Inference.net", nil}, {"Parasail", nil}, {"FriendliAI", []string{"friendli"}},
	{"Snowflake Cortex", nil}, {"IONOS", nil}, {"Aleph Alpha", nil}, {"STACKIT", nil}, {"Exoscale", nil},
}

var unpricedIDs = func() map[string]bool {
	ids := map[string]bool{}
	for _, n := range unpriced {
		ids[n.ID] = true
	}
	return ids
}()

func (ix *nameIndex) add(k nameKind, n Name) {
	for _, alias := range append([]string{n.ID}, n.Aliases...) {
		toks := lex(strings.ToLower(strings.NewReplacer("(", " ", ")", " ").Replace(alias)))
		ix.key(k, n.ID, toks)
		if slash := slices.IndexFunc(toks, func(t token) bool { return t.raw == "/" }); slash >= 0 {
			ix.key(k, n.ID, toks[slash+1:])
		}
		for len(toks) > 2 && nameNoise[toks[len(toks)-1].raw] {
			toks = toks[:len(toks)-1]
			ix.key(k, n.ID, toks)
		}
	}
}

func (ix *nameIndex) key(k nameKind, id string, toks []token) {
	key := compact(toks)
	if len(key) < 2 || len(key) == 2 && strings.Trim(key, "abcdefghijklmnopqrstuvwxyz") == "" {
		return // "do" is a provider's short name and an English word
	}
	if lx := lexicon(); lx.glue[key] || lx.guard[key] || lx.classes[key] != nil {
		ix.english[key] = true
	}
	if k == providerName && !unpricedIDs[id] {
		ix.vendors[key] = id
	}
	if _, taken := ix.exact[key]; !taken {
		ix.exact[key] = entity{kind: k, ids: []string{id}}
		if k == providerName && unpricedIDs[id] {
			ix.exact[key] = entity{kind: k, note: "no prices of " + id + " are in the tables here, so it is left out of the comparison"}
		}
	}
	ix.starts[lead(firstWord(toks))], ix.starts[lead(key)] = true, true
	ix.longest = max(ix.longest, len(toks)+2)
	for _, t := range toks {
		if t.kind == word {
			ix.words[t.raw] = true
		}
	}
}

// compact writes tokens as one key in which only letters, digits, decimal points and plus signs count. Numbers that
// stood apart are kept apart by a dot, so "4-5" and "4.5" are one key and "45" another.
func compact(toks []token) string {
	var b strings.Builder
	for _, t := range toks {
		compactToken(&b, t)
	}
	return strings.TrimRight(b.String(), "-")
}

func compactToken(b *strings.Builder, t token) {
	switch {
	case t.kind == word || t.kind == num || t.raw == "x" && t.glued:
		s := b.String()
		raw := squash(t.raw)
		if s != "" && raw != "" && raw[0] >= '0' && raw[0] <= '9' && s[len(s)-1] >= '0' && s[len(s)-1] <= '9' {
			b.WriteByte('.')
		}
		b.WriteString(raw)
	case t.raw == "+" && t.glued:
		b.WriteByte('+')
	}
}

func firstWord(toks []token) string {
	for _, t := range toks {
		if t.kind == word || t.kind == num {
			return t.raw
		}
	}
	return "-"
}

// lead returns the letters or digits that a key starts with.
func lead(key string) string {
	i := 0
	digits := key[0] >= '0' && key[0] <= '9'
	for i < len(key) && key[i] >= '0' && key[i] <= '9' == digits && (digits || key[i] >= 'a' && key[i] <= 'z') {
		i++
	}
	return key[:max(i, 1)]
}

// nameNoise are words after a name that do not change what it names.
var nameNoise = set("instruct chat it turbo versatile instant preview latest hf fp8 fp16 bf16 fp4 int4 int8 awq gptq gguf nvfp4 mxfp4 model models gpu gpus card cards api sxm sxm5 sxm4 instance instances nodes node")

// heads are words that single out a family even though they are not the first word of a model's name.
var heads = set("sonnet opus haiku maverick scout codestral devstral ministral magistral nemotron mixtral")

func (ix *nameIndex) addFamily(n Name) {
	best := atoms(n.ID)
	if len(best) == 0 {
		return
	}
	m := familyModel{n.ID, best}
	ix.families[best[0]] = append(ix.families[best[0]], m)
	for _, a := range best[1:] {
		if heads[a] {
			ix.families[a] = append(ix.families[a], m)
		}
	}
}

// atoms cuts a name into the parts that carry meaning: "llama3.3-70b-instruct" is llama, 3.3, 70b.
func atoms(name string) []string {
	name = strings.ToLower(name)
	if i := strings.LastIndexByte(name, '/'); i >= 0 {
		name = name[i+1:]
	}
	var out []string
	for _, f := range strings.FieldsFunc(name, func(r rune) bool { return r == '-' || r == '_' || r == ' ' || r == ':' }) {
		i := 0
		for i < len(f) && f[i] >= 'a' && f[i] <= 'z' {
			i++
		}
		if i > 1 && i < len(f) {
			out = append(out, f[:i], f[i:])
		} else {
			out = append(out, f)
		}
	}
	out = slices.DeleteFunc(out, func(a string) bool { return nameNoise[a] })
	// "claude-sonnet-4-5": two lone digits in a row are one version.
	for i := 0; i+1 < len(out); i++ {
		if isShort(out[i]) && isShort(out[i+1]) {
			out[i] += "." + out[i+1]
			out = slices.Delete(out, i+1, i+2)
		}
	}
	return out
}

func isShort(s string) bool { return len(s) == 1 && s[0] >= '0' && s[0] <= '9' }

// knows reports whether w is part of a name.
func (n Names) knows(w string) bool {
	return n.index != nil && (n.index.words[w] || n.index.families[w] != nil)
}
