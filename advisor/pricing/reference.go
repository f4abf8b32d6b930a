package pricing

import "github.com/llmadvise/llmadvise/advisor/catalog"

// knownGood are the entries that a new reading is held against, by key: the last good ones, and for what is read for the
// first time what the built-in catalog knows of it, so that a poisoned first reading is believed no more than a later one.
// Negotiated prices are held against nothing.
func knownGood(last, next *Feed, cat *catalog.Catalog) map[string]*Entry {
	if next.Shape == Override {
		return nil
	}
	before := map[string]*Entry{}
	if last != nil {
		before = index(last)
	}
	r := NewResolver(cat)
	rents := rentsByInstance(cat)
	out := map[string]*Entry{}
	for i := range next.Entries {
		e := &next.Entries[i]
		if was := before[e.Key()]; was != nil {
			out[e.Key()] = was
			continue
		}
		if ref := r.reference(next.Shape, e, rents); ref != nil {
			out[e.Key()] = ref
		}
	}
	return out
}

// reference is what the catalog knows of an entry: nil where it does not know it for certain, or where the entry's price
// depends on the day or the hour.
func (r *Resolver) reference(shape Shape, e *Entry, rents map[[2]string]map[string]Price) *Entry {
	ref := &Entry{Provider: e.Provider, Model: e.Model, Region: e.Region, Prices: rents[[2]string{e.Provider, e.Model}]}
	if ref.Prices != nil {
		return ref
	}
	id, ok := r.Resolve(shape, e)
	if !ok || len(e.When) > 0 || !id.Explicit && shape != LLMPrices {
		return nil
	}
	o, ok := r.cat.Offer(Identity{ProviderID: id.ProviderID, ModelID: id.ModelID, Region: id.Region}.OfferID())
	if !ok {
		return nil
	}
	ref.Prices = map[string]Price{}
	for _, f := range voteFields {
		if p := *rateFields[f](&o.Rates); p != nil {
			ref.Prices[f] = Price{USD: *p, Unit: PerMTok}
		}
	}
	return ref
}

// rentFields are the fields of rental feeds for which the catalog has a price.
var rentFields = map[catalog.Commitment]string{catalog.OnDemand: "hourly", catalog.Spot: "spot_hourly"}

// rentsByInstance are the catalog's rents by provider and instance.
func rentsByInstance(cat *catalog.Catalog) map[[2]string]map[string]Price {
	out := map[[2]string]map[string]Price{}
	for _, o := range cat.GPUOffers {
		f, ok := rentFields[o.Commitment]
		if !ok || o.Instance == "" {
			continue
		}
		k := [2]string{o.ProviderID, o.Instance}
		if out[k] == nil {
			out[k] = map[string]Price{}
		}
		out[k][f] = Price{USD: o.USDPerHour, Unit: PerHour}
	}
	return out
}
