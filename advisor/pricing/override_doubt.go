package pricing

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/llmadvise/llmadvise/advisor/catalog"
	"github.com/llmadvise/llmadvise/advisor/quantity"
)

// MaxDiscount is how many times above or below every list price a negotiated one may be before it looks like a slip of the unit: discounts
// of large contracts stay within a factor of three, per token instead of per million is a factor of a million. Assumed.
const MaxDiscount = 20

// OverrideDoubts lists the negotiated prices that are more than [MaxDiscount] times off the list: those of the provider that they
// name, or of all that sell the same where that one does not. They are in force all the same.
func OverrideDoubts(entries []Entry, r *Resolver) []string {
	var out []string
	for i := range entries {
		e := &entries[i]
		for _, f := range e.Fields() {
			list := r.listPrices(e, f)
			if len(list) == 0 || e.Prices[f].USD <= 0 {
				continue
			}
			is := e.Prices[f].USD
			near := slices.MinFunc(list, func(a, b float64) int {
				return int(math.Copysign(1, math.Abs(math.Log(a/is))-math.Abs(math.Log(b/is))))
			})
			switch times := is / near; {
			case times > MaxDiscount:
				out = append(out, fmt.Sprintf("%s %s: %s %s is %s times the list price of %s", e.Provider, e.Model, f, plainUSD(is), plainUSD(times), plainUSD(near)))
			case 1/times > MaxDiscount:
				out = append(out, fmt.Sprintf("%s %s: %s %s is a %sth of the list price of %s", e.Provider, e.Model, f, plainUSD(is), plainUSD(math.Round(1/times)), plainUSD(near)))
			}
		}
	}
	return out
}

// listPrices are what the catalog knows of the same price.
func (r *Resolver) listPrices(e *Entry, field string) []float64 {
	var same, all []float64
	provider := ProviderID(e.Provider)
	if p, ok := r.cat.Provider(provider); ok {
		provider = p.ID
	}
	take := func(at string, usd float64) {
		if usd <= 0 {
			return
		}
		if all = append(all, usd); at == provider {
			same = append(same, usd)
		}
	}
	if acc, ok := r.cat.Accelerator(e.Accelerator); ok && e.Accelerator != "" {
		for i := range r.cat.GPUOffers {
			if o := &r.cat.GPUOffers[i]; o.Accelerator == acc.ID {
				take(o.ProviderID, o.PerGPU()*e.Count)
			}
		}
	}
	at, known := rateFields[field]
	if id, ok := r.Resolve(Override, e); ok && known && e.Accelerator == "" {
		provider = id.ProviderID
		for i := range r.cat.Offers {
			o := &r.cat.Offers[i]
			if p := *at(&o.Rates); o.ModelID == id.ModelID && o.Usable() && p != nil {
				take(o.ProviderID, *p)
			}
		}
	}
	if len(same) > 0 {
		return same
	}
	return all
}

func plainUSD(v float64) string { return strconv.FormatFloat(quantity.RoundSig(v, 4), 'f', -1, 64) }

// OverrideFrom returns the day from which the entry with id holds, as the file has it, and whether there is such an entry.
func OverrideFrom(data []byte, cat *catalog.Catalog, list string, id map[string]any) (from catalog.Date, found bool) {
	_, root, err := overrideTree(data)
	if err != nil {
		return from, false
	}
	e := findEntry(child(root, list), id, cat)
	if e == nil {
		return from, false
	}
	if v := child(e, "from"); v != nil {
		from, _ = catalog.ParseDate(v.Value)
	}
	return from, true
}
