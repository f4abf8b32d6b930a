package catalog

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// Lint returns everything that is wrong with a catalog: rows without id, source or day, references to nothing, two
// rows under one name, and figures outside of what such a figure can be. A sound catalog has none.
func Lint(c *Catalog) []error {
	l := &linter{cat: c, ids: map[string]string{}}
	for i := range c.Models {
		l.model(&c.Models[i])
	}
	for i := range c.Shapes {
		l.shape(&c.Shapes[i])
	}
	for i := range c.APIModels {
		l.apiModel(&c.APIModels[i])
	}
	for i := range c.Accelerators {
		l.accelerator(&c.Accelerators[i])
	}
	for i := range c.Offers {
		l.offer(&c.Offers[i])
	}
	for i := range c.GPUOffers {
		l.gpuOffer(&c.GPUOffers[i])
	}
	for i := range c.Terms {
		l.terms(&c.Terms[i])
	}
	for i := range c.Scores {
		l.score(&c.Scores[i])
	}
	for i := range c.Seats {
		l.seat(&c.Seats[i])
	}
	l.names()
	return l.errs
}

type linter struct {
	cat  *Catalog
	ids  map[string]string // kind + id -> seen
	errs []error
}

func (l *linter) bad(row, format string, args ...any) {
	l.errs = append(l.errs, fmt.Errorf("%s: %s", row, fmt.Sprintf(format, args...)))
}

func (l *linter) id(kind, id string) {
	if id == "" || strings.TrimSpace(id) != id {
		l.bad(kind+" "+id, "no usable id")
	}
	if _, dup := l.ids[kind+"\x00"+id]; dup {
		l.bad(kind+" "+id, "id is used twice")
	}
	l.ids[kind+"\x00"+id] = id
}

func (l *linter) source(row string, s Source) {
	if s.ID == "" || s.Title == "" {
		l.bad(row, "no source")
	}
	if s.Date.IsZero() {
		l.bad(row, "the source has no day")
	}
}

// between reports v unless it lies in [lo, hi].
func (l *linter) between(row, what string, v, lo, hi float64) {
	if math.IsNaN(v) || v < lo || v > hi {
		l.bad(row, "%s is %v, expected %v to %v", what, v, lo, hi)
	}
}

// maybe is between for a figure that may be unknown.
func (l *linter) maybe(row, what string, p *float64, lo, hi float64) {
	if p != nil {
		l.between(row, what, *p, lo, hi)
	}
}

// shape holds a model that can only be sized to the rules of models. Its id may be that of a model that can be called, never that
// of one that can be hosted.
func (l *linter) shape(m *Model) {
	row := "shape " + m.ID
	l.id("shape", m.ID)
	if _, ok := l.cat.Model(m.ID); ok {
		l.bad(row, "is a candidate already")
	}
	l.configuration(row, m)
}

func (l *linter) model(m *Model) {
	l.id("model", m.ID)
	l.configuration("model "+m.ID, m)
}

func (l *linter) configuration(row string, m *Model) {
	l.source(row, m.Source)
	l.between(row, "parameters", m.ParamsTotal, 1e8, 5e12)
	l.between(row, "active parameters", m.ParamsActive, 1e8, m.ParamsTotal)
	l.between(row, "layers", float64(m.Layers), 8, 300)
	l.between(row, "hidden size", float64(m.Hidden), 256, 65536)
	l.between(row, "heads", float64(m.Heads), 1, 512)
	l.between(row, "vocabulary", float64(m.Vocab), 1000, 1e6)
	l.between(row, "context", float64(m.Context), 1024, 2e7)
	l.between(row, "layers with a growing cache", float64(m.KVGrowingLayers), 1, float64(m.Layers))
	if m.License == "" || m.Name == "" || m.Family == "" || m.NativePrecision == "" {
		l.bad(row, "licence, name, family and native precision are needed")
	}
	if !slices.Contains([]KVKind{MHA, GQA, MQA, MLA, SWA, Hybrid}, m.KV) {
		l.bad(row, "cache layout %q is not known", m.KV)
	}
	if (m.Experts > 0) != (m.ExpertsPerToken > 0) || m.ExpertsPerToken > m.Experts {
		l.bad(row, "%d experts, %d a token", m.Experts, m.ExpertsPerToken)
	}
	if m.Experts == 0 && m.ParamsActive != m.ParamsTotal {
		l.bad(row, "a dense model reads all its parameters")
	}
	l.kvBytes(row, m)
}

// kvBytes checks the published cache size against the shape: two vectors (key and value) of two bytes an element, for
// each head and each layer that grows.
func (l *linter) kvBytes(row string, m *Model) {
	if m.KV == MLA || m.KVBytesPerToken16 == 0 {
		return
	}
	if want := int64(2 * 2 * m.KVGrowingLayers * m.KVHeads * m.HeadDim); want != m.KVBytesPerToken16 {
		l.bad(row, "%d bytes of cache a token, the shape gives %d", m.KVBytesPerToken16, want)
	}
}

func (l *linter) seat(s *Seat) {
	row := "seat " + s.Who
	l.id("seat "+s.Kind, s.Who)
	l.source(row, s.Source)
	if len(s.Country) != 2 || s.Kind != "provider" && s.Kind != "maker" {
		l.bad(row, "kind is %q and country %q: provider or maker, and two letters, are needed", s.Kind, s.Country)
	}
}

func (l *linter) apiModel(m *APIModel) {
	row := "API model " + m.ID
	l.id("model", m.ID) // one name space with open models: an offer's ModelID may be either
	if m.Name == "" || m.Vendor == "" {
		l.bad(row, "name and vendor are needed")
	}
	if m.Class != Proprietary && m.Class != HostedOpen {
		l.bad(row, "class %q", m.Class)
	}
	if m.Successor != "" {
		if _, ok := l.cat.ModelID(m.Successor); !ok {
			l.bad(row, "successor %q is not in the catalog", m.Successor)
		}
	}
}

func (l *linter) accelerator(a *Accelerator) {
	row := "accelerator " + a.ID
	l.id("accelerator", a.ID)
	l.source(row, a.Source)
	l.between(row, "VRAM", a.VRAMGB, 8, 1024)
	l.between(row, "bandwidth", a.BandwidthGBps, 50, 20000)
	if a.InlineECC && (a.UsableGiB == 0 || a.UsableGiB > a.VRAMGB*0.95) {
		l.bad(row, "error-correcting bits in its own memory, and %v GiB of %v usable", a.UsableGiB, a.VRAMGB)
	}
	if a.UsableGiB != 0 {
		l.between(row, "usable GiB", a.UsableGiB, a.VRAMGB*0.85, a.VRAMGB*1.02)
	}
	l.maybe(row, "BF16", a.BF16, 2, 10000)
	l.maybe(row, "FP8", a.FP8, 5, 20000)
	l.maybe(row, "FP4", a.FP4, 5, 40000)
	l.maybe(row, "FP16 with half-precision sums", a.FP16HalfAcc, 5, 10000)
	if (a.Units > 0) != (a.BoostGHz > 0) {
		l.bad(row, "%d units at %v GHz: both or neither", a.Units, a.BoostGHz)
	}
	if a.Units > 0 {
		l.between(row, "units", float64(a.Units), 4, 1000)
		l.between(row, "boost clock", a.BoostGHz, 0.8, 4)
	}
	l.maybe(row, "MAMF", a.MAMFBF16, 5, 10000)
	l.maybe(row, "all-in kW", a.AllInKW, 0.05, 5)
	if a.MAMFBF16 != nil && a.BF16 != nil && *a.MAMFBF16 > *a.BF16 {
		l.bad(row, "achieves more than its peak")
	}
	if p := a.PurchaseUSD; p != nil {
		l.between(row, "purchase price", p[0], 100, p[1])
		l.between(row, "purchase price", p[1], p[0], 200000)
		l.source(row+" purchase", a.PurchaseSource)
	}
}

func (l *linter) offer(o *Offer) {
	row := "offer " + o.ID
	l.id("offer", o.ID)
	l.source(row, o.Source)
	if id, ok := l.cat.ModelID(o.ModelID); !ok || id != o.ModelID {
		l.bad(row, "model %q is not in the catalog", o.ModelID)
	}
	if p, ok := l.cat.Provider(o.ProviderID); !ok || p.ID != o.ProviderID {
		l.bad(row, "provider %q is not in the catalog", o.ProviderID)
	}
	if o.Class != Proprietary && o.Class != HostedOpen {
		l.bad(row, "class %q", o.Class)
	}
	l.rates(row, o.Rates)
	above := 0
	for _, t := range o.Tiers {
		if t.AboveInputTokens <= above {
			l.bad(row, "tiers are not in order")
		}
		above = t.AboveInputTokens
		l.rates(row+" tier", t.Rates)
	}
	for _, c := range o.Conditions {
		l.rates(row+" condition", c.Rates)
		if c.From.IsZero() && !c.HasHours {
			l.bad(row, "a condition without a condition")
		}
	}
	if !o.Free && (o.Rates.Input == nil || o.Rates.Output == nil) {
		l.bad(row, "an offer without input and output price")
	}
}

func (l *linter) rates(row string, r Rates) {
	for _, f := range rateFields {
		l.maybe(row, f.name, *f.at(&r), 1e-4, 1000)
	}
	for _, c := range []struct {
		what      string
		less, off *float64
	}{
		{"cache read", r.CacheRead, r.Input}, {"batch input", r.BatchInput, r.Input}, {"batch output", r.BatchOutput, r.Output},
	} {
		if c.less != nil && c.off != nil && *c.less > *c.off {
			l.bad(row, "%s costs %v, more than the %v that it discounts", c.what, *c.less, *c.off)
		}
	}
}

func (l *linter) gpuOffer(o *GPUOffer) {
	row := "GPU offer " + o.ID
	l.id("GPU offer", o.ID)
	l.source(row, o.Source)
	a, ok := l.cat.Accelerator(o.Accelerator)
	if !ok || a.ID != o.Accelerator {
		l.bad(row, "accelerator %q is not in the catalog", o.Accelerator)
	}
	l.between(row, "count", float64(o.Count), 1, 72)
	l.between(row, "USD an hour and accelerator", o.PerGPU(), 0.05, 20)
	if !slices.Contains(Commitments, o.Commitment) {
		l.bad(row, "commitment %q", o.Commitment)
	}
}

func (l *linter) terms(t *Terms) {
	row := "terms " + t.ProviderID + " " + t.Endpoint
	l.source(row, t.Source)
	if _, ok := l.cat.Provider(t.ProviderID); !ok || t.Endpoint == "" {
		l.bad(row, "a known provider and an endpoint are needed")
	}
	if t.BAA != nil && *t.BAA && t.BAANote == "" {
		l.bad(row, "a BAA without how to get it")
	}
}

func (l *linter) score(s *Score) {
	row := "score " + s.ModelID + " " + s.Benchmark
	l.id("score", s.ModelID+" "+s.Benchmark)
	l.source(row, s.Source)
	l.between(row, "per cent", s.Percent, 1, 100)
	if id, ok := l.cat.ModelID(s.ModelID); !ok || id != s.ModelID {
		l.bad(row, "model is not in the catalog")
	}
	if !slices.Contains([]string{"general", "reasoning", "coding", "math"}, s.Task) {
		l.bad(row, "task %q", s.Task)
	}
}

// names finds names that two rows of one kind claim.
func (l *linter) names() {
	for kind, seq := range map[string]func(func(string, string) bool){
		"model": l.cat.ModelNames(), "accelerator": l.cat.GPUNames(), "provider": l.cat.ProviderNames(),
	} {
		owner := map[string]string{}
		for name, id := range seq {
			if was, taken := owner[Key(name)]; taken && was != id {
				l.bad(kind+" "+id, "the name %q is also that of %s", name, was)
			}
			owner[Key(name)] = id
		}
	}
}
