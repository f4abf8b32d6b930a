package catalog

import (
	"fmt"
	"iter"
	"math"
)

// index maps the key of every name and alias to the place of its row.
type index struct {
	models, shapes, apiModels, accelerators, offers, gpuOffers, providers map[string]int
}

// New returns c with its lookups indexed. The caller must not change the slices of c afterwards.
func New(c Catalog) *Catalog {
	ix := &index{
		models: map[string]int{}, shapes: map[string]int{}, apiModels: map[string]int{}, accelerators: map[string]int{},
		offers: map[string]int{}, gpuOffers: map[string]int{}, providers: map[string]int{},
	}
	for i := range c.Models {
		m := &c.Models[i]
		addNames(ix.models, i, m.ID, m.Name, m.Aliases)
	}
	for i := range c.Shapes {
		m := &c.Shapes[i]
		addNames(ix.shapes, i, m.ID, m.Name, m.Aliases)
	}
	for i := range c.APIModels {
		m := &c.APIModels[i]
		addNames(ix.apiModels, i, m.ID, m.Name, m.Aliases)
	}
	for i := range c.Accelerators {
		a := &c.Accelerators[i]
		addNames(ix.accelerators, i, a.ID, a.Name, a.Aliases)
	}
	for i := range c.Providers {
		p := &c.Providers[i]
		addNames(ix.providers, i, p.ID, p.Name, p.Aliases)
	}
	for i := range c.Offers {
		ix.offers[c.Offers[i].ID] = i
	}
	for i := range c.GPUOffers {
		ix.gpuOffers[c.GPUOffers[i].ID] = i
	}
	c.index = ix
	return &c
}

// addNames enters a row under its id, name and aliases; the first row to claim a name keeps it (Lint reports the rest).
func addNames(m map[string]int, i int, id, name string, aliases []string) {
	for _, n := range append([]string{id, name}, aliases...) {
		if k := Key(n); k != "" {
			if _, taken := m[k]; !taken {
				m[k] = i
			}
		}
	}
}

func (c *Catalog) indexed() *index {
	if c.index != nil {
		return c.index
	}
	return New(*c).index // a literal, as in a test: slow but right
}

func find(m map[string]int, name string) (int, bool) {
	for _, k := range keysOf(name) {
		if i, ok := m[k]; ok {
			return i, true
		}
	}
	return 0, false
}

// Model returns the open model that people mean by name: an id, an alias, or either with other case, separators or
// words such as "instruct" ("llama 3.3 70b", "meta-llama/Llama-3.3-70B-Instruct").
func (c *Catalog) Model(name string) (Model, bool) {
	i, ok := find(c.indexed().models, name)
	if !ok {
		return Model{}, false
	}
	return c.Models[i], true
}

// APIModel returns the API-only model that people mean by name.
func (c *Catalog) APIModel(name string) (APIModel, bool) {
	i, ok := find(c.indexed().apiModels, name)
	if !ok {
		return APIModel{}, false
	}
	return c.APIModels[i], true
}

// ModelID resolves name to the id of an open or an API-only model.
func (c *Catalog) ModelID(name string) (string, bool) {
	ix := c.indexed()
	for _, k := range keysOf(name) { // exact names of either kind go before reduced ones
		if i, ok := ix.models[k]; ok {
			return c.Models[i].ID, true
		}
		if i, ok := ix.apiModels[k]; ok {
			return c.APIModels[i].ID, true
		}
	}
	return "", false
}

// ModelName returns the display name of a model id, or the id itself where the catalog does not know it.
func (c *Catalog) ModelName(id string) string {
	ix := c.indexed()
	k := Key(id)
	if i, ok := ix.models[k]; ok {
		return c.Models[i].Name
	}
	if i, ok := ix.apiModels[k]; ok {
		return c.APIModels[i].Name
	}
	return id
}

// Accelerator returns the accelerator that people and drivers mean by name ("H100", "h100 sxm", "A100 80GB", "4090",
// "NVIDIA A100-SXM4-40GB", "NVIDIA H100 80GB HBM3"). A memory size in the name must be that of the accelerator.
func (c *Catalog) Accelerator(name string) (Accelerator, bool) {
	ix := c.indexed()
	if i, ok := find(ix.accelerators, name); ok {
		return c.Accelerators[i], true
	}
	bare, sizeGB := driverName(name)
	for _, n := range []string{fmt.Sprintf("%s %dgb", bare, sizeGB), bare} {
		i, ok := ix.accelerators[Key(n)]
		if a := &c.Accelerators; ok && (sizeGB == 0 || math.Abs((*a)[i].VRAMGB/float64(sizeGB)-1) < sizeTolerance) {
			return (*a)[i], true
		}
	}
	return Accelerator{}, false
}

// Provider returns the provider that people mean by name ("bedrock", "AWS", "azure openai").
func (c *Catalog) Provider(name string) (Provider, bool) {
	i, ok := find(c.indexed().providers, name)
	if !ok {
		return Provider{}, false
	}
	return c.Providers[i], true
}

// Offer returns the API offer with exactly this id.
func (c *Catalog) Offer(id string) (Offer, bool) {
	i, ok := c.indexed().offers[id]
	if !ok {
		return Offer{}, false
	}
	return c.Offers[i], true
}

// GPUOffer returns the GPU rental offer with exactly this id.
func (c *Catalog) GPUOffer(id string) (GPUOffer, bool) {
	i, ok := c.indexed().gpuOffers[id]
	if !ok {
		return GPUOffer{}, false
	}
	return c.GPUOffers[i], true
}

// SeatOf returns the country in which a provider has its seat, "" where it is not known.
func (c *Catalog) SeatOf(providerID string) string { return c.seat("provider", providerID) }

// MadeIn returns the country of the maker of a model, "" where it is not known.
func (c *Catalog) MadeIn(modelID string) string {
	if m, ok := c.Model(modelID); ok {
		return c.seat("maker", m.Family)
	}
	if m, ok := c.APIModel(modelID); ok {
		return c.seat("maker", m.Vendor)
	}
	return ""
}

func (c *Catalog) seat(kind, who string) string {
	for i := range c.Seats {
		if s := &c.Seats[i]; s.Kind == kind && s.Who == who {
			return s.Country
		}
	}
	return ""
}

// TermsOf returns what is known of a provider's compliance terms, one row an endpoint.
func (c *Catalog) TermsOf(providerID string) []Terms {
	var out []Terms
	for _, t := range c.Terms {
		if t.ProviderID == providerID {
			out = append(out, t)
		}
	}
	return out
}

// ScoresOf returns the public benchmark results of a model.
func (c *Catalog) ScoresOf(modelID string) []Score {
	var out []Score
	for _, s := range c.Scores {
		if s.ModelID == modelID {
			out = append(out, s)
		}
	}
	return out
}

// ModelNames yields every name under which a model may be asked for, with the model's id: ids, display names and
// aliases, of open and API-only models.
func (c *Catalog) ModelNames() iter.Seq2[string, string] {
	return func(yield func(name, id string) bool) {
		for i := range c.Models {
			if !yieldNames(yield, c.Models[i].ID, c.Models[i].Name, c.Models[i].Aliases) {
				return
			}
		}
		for i := range c.APIModels {
			if !yieldNames(yield, c.APIModels[i].ID, c.APIModels[i].Name, c.APIModels[i].Aliases) {
				return
			}
		}
	}
}

// GPUNames yields every name of every accelerator with the accelerator's id.
func (c *Catalog) GPUNames() iter.Seq2[string, string] {
	return func(yield func(name, id string) bool) {
		for i := range c.Accelerators {
			if !yieldNames(yield, c.Accelerators[i].ID, c.Accelerators[i].Name, c.Accelerators[i].Aliases) {
				return
			}
		}
	}
}

// ProviderNames yields every name of every provider with the provider's id.
func (c *Catalog) ProviderNames() iter.Seq2[string, string] {
	return func(yield func(name, id string) bool) {
		for i := range c.Providers {
			if !yieldNames(yield, c.Providers[i].ID, c.Providers[i].Name, c.Providers[i].Aliases) {
				return
			}
		}
	}
}

func yieldNames(yield func(name, id string) bool, id, name string, aliases []string) bool {
	if !yield(id, id) {
		return false
	}
	if Key(name) != Key(id) && !yield(name, id) {
		return false
	}
	for _, a := range aliases {
		if !yield(a, id) {
			return false
		}
	}
	return true
}
