package pricing

import (
	"slices"

	"github.com/llmadvise/llmadvise/advisor/catalog"
)

// Hold returns cat as it is on day: prices that were announced for a day that has come take the place of those before,
// and an offer whose end of life has come is deprecated. cat is not changed.
func Hold(cat *catalog.Catalog, day catalog.Date) *catalog.Catalog {
	c := *cat
	c.Offers = slices.Clone(cat.Offers)
	for i := range c.Offers {
		holdOffer(&c.Offers[i], day)
	}
	return catalog.New(c)
}

func holdOffer(o *catalog.Offer, day catalog.Date) {
	if !o.EndOfLife.IsZero() && !o.EndOfLife.After(day.Time) {
		o.Deprecated = true
	}
	var later []catalog.Condition
	for _, c := range o.Conditions { // in the order of their days
		if c.HasHours || c.From.IsZero() || c.From.After(day.Time) {
			later = append(later, c)
			continue
		}
		in, out := keepBatch(o.Rates, c.Rates)
		o.Rates, o.Tiers, o.Since = c.Rates, c.Tiers, c.From
		o.Rates.BatchInput, o.Rates.BatchOutput = in, out
	}
	o.Conditions = later
}
