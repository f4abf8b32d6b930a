package measure

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/llmadvise/llmadvise/advisor/catalog"
)

// Regret scores the choice that sizing is for: among measured ways to serve a model, the one predicted to be cheapest per
// output token within a target for time per output token, against the one that measurement shows to be cheapest.
type Regret struct {
	Choices int     `json:"choices"`     // model, request shape and target
	Missed  int     `json:"missed"`      // the first pick was measured slower than the target, so the next was taken
	Nothing int     `json:"nothing"`     // nothing was predicted to meet a target that some way meets
	Median  float64 `json:"median_pct"`  // extra cost over the measured best, in percent
	P90     float64 `json:"p90_pct"`     // the same, 90th percentile
	Within  float64 `json:"best_picked"` // share of choices that cost nothing extra
}

// targetsMS are the targets asked for, ms per output token: from 100 tokens a second for one user to reading speed.
var targetsMS = []float64{10, 12, 15, 20, 25, 30, 40, 50}

// way is one measured way to serve: its cost per million output tokens and its time per output token, predicted and measured.
type way struct{ cost, tpot, measuredCost, measuredTPOT float64 }

// NewRegret scores the rows of time per output token under a closed loop. Prices are those of [RentPerHour]; ways on
// accelerators that nobody rents are left out.
func NewRegret(results []Result, cat *catalog.Catalog) Regret {
	ways := map[string][]way{}
	for i := range results {
		r := &results[i]
		if !r.Known() || r.Row.Metric != "tpot_ms" || r.Case.load != closed {
			continue
		}
		rent := RentPerHour(cat, r.Case.Config.Accelerator.ID) * float64(r.Case.Config.GPUs)
		if rent == 0 {
			continue
		}
		key := fmt.Sprint(r.Case.Config.Model.ID, r.Case.ISL, "/", r.Case.OSL)
		perMillion := func(tpot float64) float64 { return rent / 3600 * tpot * 1e-3 / float64(r.Case.conc) * 1e6 }
		ways[key] = append(ways[key], way{perMillion(r.Got.Mid), r.Got.Mid, perMillion(r.Row.Value), r.Row.Value})
	}
	var out Regret
	var extra []float64
	for _, ws := range ways {
		for _, target := range targetsMS {
			if x, ok := out.choose(ws, target); ok {
				extra = append(extra, x)
				out.Within += share(x < 0.5)
			}
		}
	}
	out.Choices = len(extra) + out.Nothing
	if len(extra) == 0 {
		return out
	}
	out.Within /= float64(len(extra))
	out.Median, out.P90 = quantile(extra, 0.5), quantile(extra, 0.9)
	return out
}

// choose returns the extra cost of the pick in percent; ok is false where there is no choice to be made.
func (out *Regret) choose(ws []way, target float64) (float64, bool) {
	best, able := math.Inf(1), 0
	for _, w := range ws {
		if w.measuredTPOT <= target {
			best, able = math.Min(best, w.measuredCost), able+1
		}
	}
	if able == 0 || len(ws) < 3 {
		return 0, false
	}
	picks := slices.DeleteFunc(slices.Clone(ws), func(w way) bool { return w.tpot > target })
	slices.SortFunc(picks, func(a, b way) int { return cmp.Compare(a.cost, b.cost) })
	for i, w := range picks {
		if w.measuredTPOT <= target {
			if i > 0 {
				out.Missed++
			}
			return 100 * (w.measuredCost/best - 1), true
		}
	}
	out.Nothing++
	return 0, false
}

// RentPerHour is the least on-demand price of one accelerator in the catalog, USD an hour; 0 where nobody rents it.
func RentPerHour(cat *catalog.Catalog, accelerator string) float64 {
	least := 0.0
	for i := range cat.GPUOffers {
		o := &cat.GPUOffers[i]
		if o.Accelerator != accelerator || o.Commitment != catalog.OnDemand {
			continue
		}
		if p := o.PerGPU(); least == 0 || p < least {
			least = p
		}
	}
	return least
}
