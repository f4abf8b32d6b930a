package advisor

import (
	"fmt"
	"slices"

	"github.com/llmadvise/llmadvise/advisor/catalog"
	"github.com/llmadvise/llmadvise/advisor/quantity"
	"github.com/llmadvise/llmadvise/advisor/sizing"
)

// inStock is how many accelerators of a kind the team has already.
func (e *engine) inStock(id string) int {
	for _, h := range e.w.Owned {
		if h.GPU == id {
			return h.Count
		}
	}
	return 0
}

// ownWords names machines of one's own, and how many of them are still to be bought where some are there.
func ownWords(o *Option, gpus string) string {
	switch {
	case o.GPUsHeld == 0:
		return "your own " + gpus
	case o.GPUsHeld == o.GPUs:
		return "your " + gpus
	}
	return fmt.Sprintf("your own %s (%d to buy)", gpus, o.GPUs-o.GPUsHeld)
}

// upFront says what is paid for bought hardware, and what is not yet written off at the horizon.
func (e *engine) upFront(c *candidate) string {
	if c.opt.GPUsHeld == c.opt.GPUs {
		return "the machines are there already: power, hosting and upkeep are counted, what they cost is not, nor what they could do or fetch elsewhere"
	}
	s := usd3(c.plan.CapexUSD) + " to pay up front, written off over 36 months"
	if left := c.plan.CapexUSD - c.plan.WriteOff*float64(e.w.HorizonMonths); left > 0 {
		s += fmt.Sprintf("; after %d months %s of it is still on the books", e.w.HorizonMonths, usd3(left))
	}
	return s
}

// stockAlone says what the accelerators that are there carry by themselves, where no option that qualifies makes do with them.
func (e *engine) stockAlone(shown []*candidate) []string {
	var out []string
	for _, h := range e.w.Owned {
		a := e.accelerators[h.GPU]
		enough := firstOf(shown, func(c *candidate) bool {
			return c.feasible() && c.opt.GPU == h.GPU && c.opt.GPUs > 0 && c.opt.GPUsHeld == c.opt.GPUs
		})
		if a == nil || enough != nil {
			continue
		}
		cards, hold, carry := fmt.Sprintf("Your %dx %s alone", h.Count, e.gpuName(a)), "hold", "carry"
		if h.Count == 1 {
			cards, hold, carry = fmt.Sprintf("Your %s alone", e.gpuName(a)), "holds", "carries"
		}
		cfg, queries := e.mostOn(a, h.Count)
		if cfg == nil {
			out = append(out, cards+" "+hold+" no model that is good enough and fast enough for this")
			continue
		}
		out = append(out, fmt.Sprintf("%s %s about %s queries a month of this kind, with %s %s and none to spare",
			cards, carry, quantity.Count(quantity.RoundSig(queries, 2)), cfg.Model.Name, cfg.Precision.Name))
	}
	return out
}

// mostOn returns the configuration of a model that would do which carries the most on n accelerators, and how many queries a month; nil
// where none is within the latency target.
func (e *engine) mostOn(a *catalog.Accelerator, n int) (best *sizing.Config, queries float64) {
	for _, m := range e.models {
		if len(e.w.Models) > 0 && !slices.Contains(e.w.Models, m.ID) || !e.worthHosting(m) {
			continue
		}
		if cfg, qps, meets := e.carriesMost(m, a, n); meets && qps/e.peakFactor*secondsPerMonth > queries {
			best, queries = cfg, qps/e.peakFactor*secondsPerMonth
		}
	}
	return best, queries
}
