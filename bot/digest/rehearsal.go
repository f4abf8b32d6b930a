package digest

import (
	"time"

	"github.com/llmadvise/llmadvise/advisor/catalog"
	"github.com/llmadvise/llmadvise/advisor/pricing"
)

// Names of the two made-up feeds of a [Rehearsal].
const (
	RehearsalFeed    = "demo-scenario"
	RehearsalRentals = "demo-scenario-gpus"
)

// Rehearsal makes a snapshot of made-up feeds out of a catalog, for the demo and for tests: the catalog's own prices times
// what token and rental return for each offer. Offers with tiers or hours of their own, and rents kept at an old list
// price, are left out. last, where it is not nil, is the snapshot before: what does not look believable against it is
// quarantined as in any feed.
func Rehearsal(cat *catalog.Catalog, last *pricing.Snapshot, at time.Time, token func(catalog.Offer) float64, rental func(catalog.GPUOffer) float64) (*pricing.Snapshot, error) {
	tokens := &pricing.Feed{Shape: pricing.LLMPrices, Date: catalog.DateOf(at)}
	for _, o := range cat.Offers {
		if len(o.Tiers)+len(o.Conditions) > 0 || o.Preview || o.Free {
			continue
		}
		e := pricing.Entry{Provider: o.ProviderID, Model: o.ModelID, Region: o.Region, Name: o.Name, Context: o.Context, Deprecated: o.Deprecated, EndOfLife: o.EndOfLife, Prices: map[string]pricing.Price{}}
		for field, p := range map[string]*float64{"input": o.Rates.Input, "output": o.Rates.Output, "cache_read": o.Rates.CacheRead, "cache_write": o.Rates.CacheWrite} {
			if p != nil && *p > 0 {
				e.Prices[field] = pricing.Price{USD: *p * token(o), Unit: pricing.PerMTok}
			}
		}
		tokens.Entries = append(tokens.Entries, e)
	}
	gpus := &pricing.Feed{Shape: pricing.SkyPilot, Date: catalog.DateOf(at)}
	seen := map[string]bool{}
	for _, o := range cat.GPUOffers {
		if key := o.ProviderID + "\x00" + o.Instance; o.Commitment == catalog.OnDemand && !seen[key] && o.USDPerHour > 0 {
			seen[key] = true
			gpus.Entries = append(gpus.Entries, pricing.Entry{
				Provider: o.ProviderID, Model: o.Instance, Accelerator: o.Accelerator, Count: float64(o.Count),
				Prices: map[string]pricing.Price{"hourly": {USD: o.USDPerHour * rental(o), Unit: pricing.PerHour}},
			})
		}
	}
	out := last
	for name, feed := range map[string]*pricing.Feed{RehearsalFeed: tokens, RehearsalRentals: gpus} {
		st, err := pricing.Accept(last.State(name), feed, name, at)
		if err != nil {
			return nil, err
		}
		out = out.With(*st)
	}
	return out, nil
}
