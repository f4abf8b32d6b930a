package pricing

import (
	"cmp"
	"slices"
	"strings"

	"github.com/llmadvise/llmadvise/advisor/catalog"
)

// Applied says what [Apply] did.
type Applied struct {
	Catalog *catalog.Catalog
	Priced  int      // offers whose prices come from the snapshot
	Added   []string // ids of offers that the catalog did not have
	// Candidates are ids of offers that a feed seems to name and nobody has confirmed in identities.csv. They are not
	// added: feeds also list what a reseller sells under the maker's name, and models that are long retired.
	Candidates []string
	Gone       []string // ids of offers that their feed no longer lists; they keep their price and say so
	Disagreed  []Vote   // prices on which feeds differ by more than 5 %
	// Doubted are those of Disagreed on which they differ more than threefold and the one that was chosen is more than
	// threefold off the built-in price too: that one stays.
	Doubted []Vote
}

// Apply returns cat with the prices of a snapshot. day decides which of dated prices hold. Offers that no feed names
// keep what they have. An entry makes a new offer only where it is negotiated or an explicit identity. cat is not changed.
func Apply(s *Snapshot, cat *catalog.Catalog, day catalog.Date) *Applied {
	res := NewResolver(cat)
	a := &applier{cat: cat, res: res, day: day, offers: slices.Clone(cat.Offers), place: map[string]int{}, out: &Applied{}}
	for i := range a.offers {
		a.place[a.offers[i].ID] = i
	}
	seen := map[string]bool{}
	list := listed(s)
	feeds := byTrust(list)
	slices.Reverse(feeds) // the most trusted last: it overwrites
	for _, f := range feeds {
		if f.Shape == SkyPilot || f.Shape == AzureRetail {
			continue
		}
		for i := range f.Entries {
			a.entry(f, &f.Entries[i], seen)
		}
	}
	a.vote(list)
	a.resell(seen)
	for i := range s.Feeds { // only now: what somebody negotiated with one provider says nothing of who sells at its list price
		if f := &s.Feeds[i]; f.Shape == Override {
			for j := range f.Entries {
				a.negotiated(f, &f.Entries[j], seen)
			}
		}
	}
	a.markGone(s, seen)
	for i := range a.offers {
		holdOffer(&a.offers[i], day)
	}
	a.out.Priced = len(seen)
	c := *cat
	c.Offers = a.offers
	c.GPUOffers = applyRentals(s, cat, day)
	c.AsOf = youngest(s, cat.AsOf)
	a.out.Catalog = catalog.New(c)
	return a.out
}

type applier struct {
	cat    *catalog.Catalog
	res    *Resolver
	day    catalog.Date
	offers []catalog.Offer
	place  map[string]int
	out    *Applied
}

// listed are the feeds of a snapshot without negotiated prices.
func listed(s *Snapshot) *Snapshot {
	out := &Snapshot{Version: s.Version}
	for _, f := range s.Feeds {
		if f.Shape != Override {
			out.Feeds = append(out.Feeds, f)
		}
	}
	return out
}

// negotiated puts a negotiated price in force if its day has come: in the region that it names, else in each in which the
// provider that it names sells the model.
func (a *applier) negotiated(f *FeedState, e *Entry, seen map[string]bool) {
	if e.Since.After(a.day.Time) {
		return
	}
	r, ok := a.res.Resolve(f.Shape, e)
	if !ok {
		return
	}
	var regions []string
	for i := range a.offers {
		if o := &a.offers[i]; e.Region == "" && o.ProviderID == r.ProviderID && o.ModelID == r.ModelID {
			regions = append(regions, strings.TrimPrefix(strings.TrimPrefix(o.ID, o.ProviderID+"/"+o.ModelID), "/"))
		}
	}
	if len(regions) == 0 {
		regions = []string{e.Region}
	}
	for _, region := range regions {
		in := *e
		in.Region = region
		a.entry(f, &in, seen)
	}
}

// entry puts an entry's prices onto its offer, or makes the offer.
func (a *applier) entry(f *FeedState, e *Entry, seen map[string]bool) {
	r, ok := a.res.Resolve(f.Shape, e)
	if !ok {
		return
	}
	now, conditions, since := e.offerPrices(a.day)
	if now.rates.Input == nil && now.rates.Output == nil {
		return
	}
	id := Identity{ProviderID: r.ProviderID, ModelID: r.ModelID, Region: r.Region}.OfferID()
	i, known := a.place[id]
	if !known {
		p, ok := a.cat.Provider(r.ProviderID)
		if !ok || e.Deprecated || e.Free || e.Preview {
			return
		}
		if f.Shape != Override && !r.Explicit {
			if f.Shape == GenAIPrices {
				a.out.Candidates = append(a.out.Candidates, id)
			}
			return
		}
		o := offerOf(Identity{ProviderID: p.ID, ModelID: r.ModelID, Region: r.Region}, e, a.day, a.cat)
		a.offers = append(a.offers, o)
		i = len(a.offers) - 1
		a.place[id] = i
		a.out.Added = append(a.out.Added, id)
	}
	seen[id] = true
	o := &a.offers[i]
	had := o.Rates
	o.Rates, o.Tiers, o.Conditions = now.rates, now.tiers, conditions
	if f.Shape == Override { // what was not negotiated stays at list price
		fillRates(&o.Rates, had)
	}
	if o.Rates.BatchInput == nil { // a feed without batch prices does not say that there are none
		o.Rates.BatchInput, o.Rates.BatchOutput = keepBatch(had, now.rates)
	}
	o.Since = sinceOf(e, since, had, o)
	o.Deprecated = e.Deprecated || !e.EndOfLife.IsZero() && !e.EndOfLife.After(a.day.Time) || o.Deprecated && f.Shape != Override
	if !e.EndOfLife.IsZero() {
		o.EndOfLife = e.EndOfLife
	}
	if o.Context == 0 {
		o.Context = e.Context
	}
	o.Quantisation = cmp.Or(o.Quantisation, e.Quantisation)
	o.Source = catalog.Source{ID: f.Name, Title: string(f.Shape), Licence: licences[f.Shape], Date: dateOf(f)}
	if f.Shape == Override {
		o.Note = strings.TrimSpace("negotiated price. " + e.Comment)
	}
}

// sinceOf is the day since which an offer's present price holds: what the feed says, else what its readings show, else
// what the catalog knew of the same price.
func sinceOf(e *Entry, said catalog.Date, had catalog.Rates, o *catalog.Offer) catalog.Date {
	if !said.IsZero() {
		return said
	}
	read := e.Prices["input"]
	known := o.Since
	if known.IsZero() {
		known = o.Source.Date
	}
	if read.AtLeast && sameRate(had.Input, o.Rates.Input) && sameRate(had.Output, o.Rates.Output) && !known.IsZero() && known.Before(read.Since.Time) {
		return known
	}
	return read.Since
}

// fillRates gives r the prices that it lacks.
func fillRates(r *catalog.Rates, from catalog.Rates) {
	for _, at := range rateFields {
		if p := at(r); *p == nil {
			*p = *at(&from)
		}
	}
}

func sameRate(a, b *float64) bool { return a != nil && b != nil && sameNumber(*a, *b) }

// Licence returns the licence of a feed; "" where none is known.
func Licence(s Shape) string { return licences[s] }

var licences = map[Shape]string{GenAIPrices: "MIT", LiteLLM: "MIT"}

// keepBatch keeps batch prices in the proportion they had to the list price.
func keepBatch(had, now catalog.Rates) (in, out *float64) {
	scale := func(batch, was, is *float64) *float64 {
		if batch == nil || was == nil || is == nil || *was <= 0 {
			return nil
		}
		v := tidy(*batch / *was * *is)
		return &v
	}
	return scale(had.BatchInput, had.Input, now.Input), scale(had.BatchOutput, had.Output, now.Output)
}

// vote replaces a base price by the one that most feeds share.
func (a *applier) vote(s *Snapshot) {
	for _, v := range Votes(s, a.res, a.day) {
		if v.Disagree() {
			a.out.Disagreed = append(a.out.Disagreed, v)
		}
		id := Identity{ProviderID: v.ProviderID, ModelID: v.ModelID, Region: v.Region}.OfferID()
		i, ok := a.place[id]
		if ok && v.Doubtful() && a.keepOld(i, v) {
			continue
		}
		if !ok || len(v.Says) < 3 { // two feeds that differ are no majority: the trusted one was taken above
			continue
		}
		if at, ok := rateFields[v.Field]; ok && len(a.offers[i].Tiers) == 0 && len(a.offers[i].Conditions) == 0 {
			p := v.Chosen.USD
			*at(&a.offers[i].Rates) = &p
		}
	}
}

// keepOld puts the built-in price back where the feeds contradict each other and the one that was chosen contradicts it
// too, and reports whether it did.
func (a *applier) keepOld(i int, v Vote) bool {
	base, known := a.cat.Offer(a.offers[i].ID)
	at, ok := rateFields[v.Field]
	if !known || !ok {
		return false
	}
	old := *at(&base.Rates)
	if old == nil || *old <= 0 || v.Chosen.USD <= MaxJump**old && *old <= MaxJump*v.Chosen.USD {
		return false
	}
	*at(&a.offers[i].Rates) = old
	a.out.Doubted = append(a.out.Doubted, v)
	return true
}

// resell gives offers that are sold at another provider's price that provider's new price.
func (a *applier) resell(seen map[string]bool) {
	for _, id := range Identities() {
		from := Identity{ProviderID: id.Via, ModelID: id.ModelID}.OfferID()
		i, known := a.place[id.OfferID()]
		j, sold := a.place[from]
		if id.Via == "" || !known || !sold || !seen[from] {
			continue
		}
		o, at := &a.offers[i], &a.offers[j]
		o.Rates, o.Tiers, o.Conditions, o.Since, o.Source = at.Rates, at.Tiers, at.Conditions, at.Since, at.Source
		o.Rates.BatchInput, o.Rates.BatchOutput = nil, nil
		seen[id.OfferID()] = true
	}
}

// markGone finds the offers of a feed that is there but lists them no more.
func (a *applier) markGone(s *Snapshot, seen map[string]bool) {
	if !slices.ContainsFunc(s.Feeds, func(f FeedState) bool { return f.Shape == GenAIPrices && len(f.Entries) > 0 }) {
		return
	}
	for i := range a.offers {
		o := &a.offers[i]
		if seen[o.ID] || o.Source.ID != string(GenAIPrices) {
			continue
		}
		o.Note = strings.TrimSpace(o.Note + " No longer listed by the feed; its last price stands here.")
		a.out.Gone = append(a.out.Gone, o.ID)
	}
}

// applyRentals returns the rental offers with the prices of SkyPilot catalogs and overrides.
func applyRentals(s *Snapshot, cat *catalog.Catalog, day catalog.Date) []catalog.GPUOffer {
	out := slices.Clone(cat.GPUOffers)
	for i := range s.Feeds {
		f := &s.Feeds[i]
		switch f.Shape {
		case SkyPilot, AzureRetail:
			for j := range out {
				repriceRental(&out[j], f)
			}
		case Override:
			for j := range f.Entries {
				if o, ok := negotiatedRental(&f.Entries[j], f, cat, day); ok {
					out = append(out, o)
				}
			}
		}
	}
	return out
}

// repriceRental takes the cheapest region's price of the same instance at the same cloud.
func repriceRental(o *catalog.GPUOffer, f *FeedState) {
	field := rentFields[o.Commitment]
	best := 0.0
	for i := range f.Entries {
		e := &f.Entries[i]
		if e.Provider != o.ProviderID || e.Model != o.Instance || field == "" {
			continue
		}
		p, ok := e.Prices[field]
		if ok && p.readable() && p.USD > 0 && (best == 0 || p.USD < best) {
			best = p.USD
		}
	}
	if best > 0 && !strings.HasSuffix(o.ID, "/v7") { // rows that keep an older list price on purpose stay
		o.USDPerHour = best
		o.Source = catalog.Source{ID: f.Name, Title: string(f.Shape), Date: dateOf(f)}
	}
}

func negotiatedRental(e *Entry, f *FeedState, cat *catalog.Catalog, day catalog.Date) (catalog.GPUOffer, bool) {
	acc, ok := cat.Accelerator(e.Accelerator)
	p := e.Prices["hourly"]
	if !ok || e.Since.After(day.Time) || e.Accelerator == "" || !p.readable() || p.USD <= 0 {
		return catalog.GPUOffer{}, false
	}
	o := catalog.GPUOffer{
		ID: "negotiated/" + e.Provider + "/" + strings.ReplaceAll(e.Model, " ", "-"), Provider: e.Provider, ProviderID: e.Provider,
		Instance: e.Model, Region: e.Region, Accelerator: acc.ID, Count: int(e.Count), USDPerHour: p.USD,
		Commitment: catalog.Commitment(e.Commitment), Source: catalog.Source{ID: f.Name, Title: "negotiated price", Date: dateOf(f)},
	}
	if known, ok := cat.Provider(e.Provider); ok {
		o.Provider, o.ProviderID = known.Name, known.ID
	}
	if o.Commitment == "" {
		o.Commitment = catalog.OnDemand
	}
	return o, true
}

func dateOf(f *FeedState) catalog.Date {
	if !f.Date.IsZero() {
		return f.Date
	}
	return catalog.DateOf(f.Fetched)
}

func youngest(s *Snapshot, d catalog.Date) catalog.Date {
	for i := range s.Feeds {
		if s.Feeds[i].Shape == Override { // a contract says nothing of how fresh list prices are
			continue
		}
		if x := dateOf(&s.Feeds[i]); len(s.Feeds[i].Entries) > 0 && x.After(d.Time) {
			d = x
		}
	}
	return d
}
