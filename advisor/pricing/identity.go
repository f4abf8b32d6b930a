package pricing

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"
	"sync"

	"github.com/llmadvise/llmadvise/advisor/catalog"
)

//go:embed identities.csv
var identitiesCSV string

// Identity says what one entry of a feed is: which model at which provider, in the words of the catalog.
type Identity struct {
	Feed               Shape
	Provider, FeedID   string // as the feed writes them
	ModelID            string // catalog id, shared by all feeds and providers
	ProviderID, Region string // as the catalog writes them
	Via                string // provider of the feed at whose price this one sells, where the feed says so
	Quantisation, Note string
	LiteLLM            string   // LiteLLM's id of the same offer; "" none
	OutputTokPerS      *float64 // published speed of one stream
	SpeedSource        string   // id in the catalog's sources.csv
}

// OfferID returns the catalog id of the offer: "aws/llama-3.3-70b", with the region behind it where there are several.
func (i Identity) OfferID() string {
	id := i.ProviderID + "/" + i.ModelID
	if i.Region != "" {
		id += "/" + i.Region
	}
	return id
}

// Identities returns the aliases that the project keeps by hand, in the order of identities.csv. The slice is shared.
func Identities() []Identity { return identities() }

var identities = sync.OnceValue(func() []Identity {
	ids, err := parseIdentities(identitiesCSV)
	if err != nil {
		panic(err) // the file is compiled in and tested
	}
	return ids
})

func parseIdentities(text string) ([]Identity, error) {
	recs, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("identities.csv: %w", err)
	}
	cols := map[string]int{}
	for i, c := range recs[0] {
		cols[c] = i
	}
	var out []Identity
	for line, rec := range recs[1:] {
		get := func(c string) string { return rec[cols[c]] }
		id := Identity{
			Feed: Shape(get("feed")), Provider: get("provider"), FeedID: get("feed_id"), ModelID: get("model_id"),
			ProviderID: get("provider_id"), Region: get("region"), Via: get("via"), Quantisation: get("quantisation"),
			Note: get("note"), LiteLLM: get("litellm_id"), SpeedSource: get("speed_source"),
		}
		if s := get("output_tok_s"); s != "" {
			v, err := strconv.ParseFloat(s, 64)
			if err != nil {
				return nil, fmt.Errorf("identities.csv line %d: %w", line+2, err)
			}
			id.OutputTokPerS = &v
		}
		out = append(out, id)
	}
	return out, nil
}

// litellmProviders maps LiteLLM's and other feeds' names of providers to the catalog's.
var providerNames = map[string]string{
	"vertex_ai-language-models": "google", "vertex_ai": "google", "gemini": "google", "vertex_ai-anthropic_models": "google",
	"gcp": "google", "do": "digitalocean",
	"bedrock": "aws", "bedrock_converse": "aws", "amazon": "aws", "amazon-bedrock": "aws",
	"xai": "x-ai", "azure_ai": "azure", "together_ai": "together", "fireworks_ai": "fireworks", "moonshot": "moonshotai",
	"zai": "zhipuai", "z-ai": "zhipuai", "mistralai": "mistral", "huggingface_together": "together",
	"huggingface_nebius": "nebius", "huggingface_sambanova": "sambanova", "huggingface_novita": "novita",
	"huggingface_hyperbolic": "hyperbolic", "huggingface_nscale": "nscale", "huggingface_groq": "groq",
	"huggingface_cerebras": "cerebras", "huggingface_fireworks-ai": "fireworks", "huggingface_ovhcloud": "ovhcloud",
}

// ProviderID resolves a feed's name of a provider to the catalog's id; an unknown name is returned as it is.
func ProviderID(name string) string {
	n := strings.ToLower(strings.TrimSpace(name))
	if id, ok := providerNames[n]; ok {
		return id
	}
	return n
}

// Resolver finds what feed entries are in terms of a catalog.
type Resolver struct {
	cat    *catalog.Catalog
	exact  map[[3]string]int // feed shape, provider, id
	byLite map[string]int
}

// NewResolver returns a resolver over the project's identities and the names of cat.
func NewResolver(cat *catalog.Catalog) *Resolver {
	r := &Resolver{cat: cat, exact: map[[3]string]int{}, byLite: map[string]int{}}
	for i, id := range Identities() {
		if id.Via == "" {
			r.exact[[3]string{string(id.Feed), id.Provider, id.FeedID}] = i
		}
		if id.LiteLLM != "" && id.Region == "" {
			r.byLite[id.ProviderID+"\x00"+id.LiteLLM] = i
		}
	}
	return r
}

// Resolved is what an entry was found to be. Explicit tells an alias kept by hand from a name that merely matched.
type Resolved struct {
	ProviderID, ModelID, Region string
	Explicit                    bool
}

// Resolve returns the provider and the model of an entry, first by explicit alias, then by the catalog's own names. It
// reports false where neither knows the model: such entries are listed by [Resolver.Unresolved], not guessed at.
func (r *Resolver) Resolve(shape Shape, e *Entry) (Resolved, bool) {
	if i, ok := r.exact[[3]string{string(shape), e.Provider, e.Model}]; ok {
		id := Identities()[i]
		return Resolved{id.ProviderID, id.ModelID, id.Region, true}, true
	}
	provider := ProviderID(e.Provider)
	if shape == LiteLLM {
		bare := e.Model
		if i := strings.LastIndexByte(bare, '/'); i >= 0 {
			bare = bare[i+1:]
		}
		if i, ok := r.byLite[provider+"\x00"+bare]; ok {
			id := Identities()[i]
			return Resolved{id.ProviderID, id.ModelID, id.Region, true}, true
		}
	}
	if id, ok := r.cat.ModelID(e.Model); ok {
		return Resolved{provider, id, e.Region, false}, true
	}
	return Resolved{}, false
}

// Unresolved returns the entries of a feed whose model, or whose accelerator, no alias and no name of the catalog knows, in
// feed order.
func (r *Resolver) Unresolved(f *Feed) []*Entry {
	var out []*Entry
	for i := range f.Entries {
		e := &f.Entries[i]
		_, ok := r.Resolve(f.Shape, e)
		if !ok && e.Accelerator != "" {
			_, ok = r.cat.Accelerator(e.Accelerator)
		}
		if !ok {
			out = append(out, &f.Entries[i])
		}
	}
	return out
}
