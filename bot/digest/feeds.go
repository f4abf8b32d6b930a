package digest

import (
	"cmp"
	"slices"
	"strings"

	"github.com/llmadvise/llmadvise/advisor/catalog"
	"github.com/llmadvise/llmadvise/advisor/pricing"
)

// compareFeeds reads the moves off what each feed changed. A price that several feeds carry is told once.
func compareFeeds(in Input) market {
	r := reader{in: in, resolve: pricing.NewResolver(in.New), movers: map[string]*mover{}, fresh: map[string]*arrival{}, ended: map[string]*arrival{}}
	had, has := modelNames(in.OldFeeds), modelNames(in.NewFeeds)
	for _, rep := range pricing.DiffSnapshots(in.OldFeeds, in.NewFeeds) {
		r.was, r.is = entries(in.OldFeeds.State(rep.Name)), entries(in.NewFeeds.State(rep.Name))
		for _, c := range rep.Changes {
			r.change(rep.Feed, c)
		}
		for _, q := range rep.Quarantined {
			e := r.entry(q.Provider, q.Model, q.Region)
			field := ""
			if q.Field != nil {
				field = *q.Field
			}
			r.out.doubts = append(r.out.doubts, doubt{r.listing(rep.Feed, e), field, rep.Name, q})
		}
	}
	for _, m := range r.movers {
		r.out.movers = append(r.out.movers, *m)
	}
	for key, a := range r.fresh {
		if !had[key] { // else only another provider sells it too
			r.out.fresh = append(r.out.fresh, *a)
		}
	}
	for key, a := range r.ended {
		if !has[key] {
			r.out.ended = append(r.out.ended, *a)
		}
	}
	r.out.sort()
	slices.SortStableFunc(r.out.doubts, func(a, b doubt) int { // what costs most first
		x, _ := a.Old.(float64)
		y, _ := b.Old.(float64)
		return cmp.Compare(y, x)
	})
	return r.out
}

// reader gathers the changes of all feeds.
type reader struct {
	in           Input
	resolve      *pricing.Resolver
	was, is      map[string]*pricing.Entry // of the feed at hand, by key
	movers       map[string]*mover         // by listing
	fresh, ended map[string]*arrival       // by what the model is called
	out          market
}

func entries(f *pricing.FeedState) map[string]*pricing.Entry {
	m := map[string]*pricing.Entry{}
	if f != nil {
		for i := range f.Entries {
			m[f.Entries[i].Provider+"\x00"+f.Entries[i].Model+"\x00"+f.Entries[i].Region] = &f.Entries[i]
		}
	}
	return m
}

func (r *reader) entry(provider, model, region string) *pricing.Entry {
	key := provider + "\x00" + model + "\x00" + region
	if e := r.is[key]; e != nil {
		return e
	}
	if e := r.was[key]; e != nil {
		return e
	}
	return &pricing.Entry{Provider: provider, Model: model, Region: region}
}

func (r *reader) change(shape pricing.Shape, c pricing.Change) {
	if shape == pricing.SkyPilot || shape == pricing.AzureRetail { // rentals are told by the card, not by the instance
		return
	}
	e := r.entry(c.Provider, c.Model, c.Region)
	switch {
	case c.Field == nil:
		r.arrival(shape, c, e)
	case c.Kind == pricing.Changed && c.Unit == string(pricing.PerMTok) && (*c.Field == "input" || *c.Field == "output"):
		l := r.listing(shape, e)
		m := r.movers[l.id]
		if m == nil {
			m = &mover{listing: l, prices: map[string]change{}}
		}
		was, okWas := c.Old.(float64)
		is, okIs := c.New.(float64)
		if _, told := m.prices[*c.Field]; okWas && okIs && !told {
			m.price(*c.Field, &was, &is)
		}
		if len(m.prices) > 0 {
			r.movers[l.id] = m
		}
	}
}

// arrival counts a model that came or went: one model, however many lists and providers carry it.
func (r *reader) arrival(shape pricing.Shape, c pricing.Change, e *pricing.Entry) {
	if !chat(e) || e.Free || e.Preview {
		return
	}
	into := r.fresh
	if c.Kind == pricing.Removed {
		into = r.ended
	}
	key := modelKey(e)
	a := into[key]
	if a == nil {
		l := r.listing(shape, e)
		l.name = plainName(e, r.in.New)
		a = &arrival{listing: l, prices: map[string]float64{}}
		into[key] = a
	}
	a.providers++
	for _, f := range []string{"input", "output"} { // the lowest list price; the next one is not far
		if p, ok := e.Prices[f]; ok && p.Raw == "" && p.USD > 0 && (a.prices[f] == 0 || p.USD < a.prices[f]) {
			a.prices[f] = p.USD
		}
	}
}

// modelNames are the models that the lists hold.
func modelNames(s *pricing.Snapshot) map[string]bool {
	out := map[string]bool{}
	for i := range s.Feeds {
		for j := range s.Feeds[i].Entries {
			out[modelKey(&s.Feeds[i].Entries[j])] = true
		}
	}
	return out
}

// chat reports whether an entry is a model that writes text: it has both prices, and no other medium in its name.
func chat(e *pricing.Entry) bool {
	in, out := e.Prices["input"], e.Prices["output"]
	if in.USD <= 0 || out.USD <= 0 {
		return false
	}
	name := strings.ToLower(e.Model + " " + e.Name)
	return !slices.ContainsFunc([]string{"image", "audio", "realtime", "voice", "sonic", "live", "embed", "guard", "tts", "voxtral", "latest"},
		func(s string) bool { return strings.Contains(name, s) })
}

// modelKey is what a model is called, whoever sells it: "global.anthropic.claude-opus-5" and "anthropic/claude-opus-5" are one.
func modelKey(e *pricing.Entry) string {
	id := strings.ToLower(e.Model)
	id = id[strings.LastIndexByte(id, '/')+1:]
	for _, cut := range []string{"global.", "regional.", "us.", "eu.", "apac.", "anthropic.", "openai.", "amazon.", "meta.", "mistral.", "deepseek.", "qwen.", "-instruct", "-v1:0", "-chat", "~"} {
		id = strings.ReplaceAll(id, cut, "")
	}
	id, _, _ = strings.Cut(id, ":")
	return catalog.Key(id)
}

// listing names an entry in the catalog's words where the catalog knows it.
func (r *reader) listing(shape pricing.Shape, e *pricing.Entry) listing {
	l := listing{id: e.Provider + "/" + e.Model, name: plainName(e, r.in.New)}
	if e.Region != "" {
		l.id += "/" + e.Region
	}
	provider := e.Provider
	if res, ok := r.resolve.Resolve(shape, e); ok {
		l.model, provider = res.ModelID, res.ProviderID
		id := pricing.Identity{ProviderID: res.ProviderID, ModelID: res.ModelID, Region: res.Region}.OfferID()
		if o, ok := r.in.New.Offer(id); ok && (res.Explicit || o.FeedID == e.Model || catalog.Key(e.Model) == catalog.Key(res.ModelID)) {
			l.id, l.offerID, l.name = id, id, offerName(o)
			return l
		}
		l.name = r.in.New.ModelName(res.ModelID)
	}
	l.name += " on " + providerName(provider, r.in.New)
	return l
}

// plainName is what a reader calls a model, without its seller.
func plainName(e *pricing.Entry, cat *catalog.Catalog) string {
	if id, ok := cat.ModelID(e.Model[strings.LastIndexByte(e.Model, '/')+1:]); ok {
		return cat.ModelName(id)
	}
	name := e.Name
	if name == "" {
		name = e.Model[strings.LastIndexByte(e.Model, '/')+1:]
	}
	return short(name)
}

// short bounds what a feed calls a thing: it stands in a message.
func short(s string) string {
	const most = 60
	r := []rune(strings.Join(strings.Fields(s), " "))
	if len(r) <= most {
		return string(r)
	}
	return string(r[:most-1]) + "…"
}

func providerName(id string, cat *catalog.Catalog) string {
	if p, ok := cat.Provider(id); ok {
		return p.Name
	}
	if id == "openrouter" {
		return "OpenRouter"
	}
	return short(id)
}

// Health is how one feed fared.
type Health struct {
	Name    string
	Problem string // why the latest reading was refused; "" fresh
	Known   bool   // the channel was told of this problem before
}

// healthOf reads the feeds' health off the snapshots.
func healthOf(old, new *pricing.Snapshot) []Health {
	if new == nil {
		return nil
	}
	out := make([]Health, len(new.Feeds))
	for i, f := range new.Feeds {
		was := old.State(f.Name)
		out[i] = Health{f.Name, f.Problem, was != nil && was.Problem == f.Problem}
	}
	return out
}
