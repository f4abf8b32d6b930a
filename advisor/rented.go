package advisor

import (
	"fmt"
	"slices"

	"github.com/llmadvise/llmadvise/advisor/catalog"
	"github.com/llmadvise/llmadvise/advisor/cost"
	"github.com/llmadvise/llmadvise/advisor/sizing"
)

// What runs today on rented machines is an option, too: to stay. Its number of machines is given, needed or not, and so is its bill where it was said.
// Nothing is left to set up.

// billSource stands for what the team said that it pays, where a rate of the catalog would.
var billSource = catalog.Source{ID: "bill", Title: "what you pay today"}

// runsToday reports whether an accelerator is one that the team rents today.
func (e *engine) runsToday(id string) bool {
	return slices.ContainsFunc(e.w.Rented, func(h Held) bool { return h.GPU == id })
}

// todaysFleets weighs each open model in use today on the machines that are rented for it, and each that is in use or named on those that are owned, as many
// as there are and none to spare.
func (e *engine) todaysFleets() []*candidate {
	var out []*candidate
	add := func(c *candidate) {
		if c != nil {
			out = append(out, c)
		}
	}
	for _, m := range e.models {
		inUse := slices.Contains(e.w.Today, m.ID)
		for _, h := range e.w.Rented {
			if a := e.accelerators[h.GPU]; inUse && a != nil && h.Count > 0 {
				add(e.rentedFleet(m, a, h.Count))
			}
		}
		for _, h := range e.w.Owned {
			if a := e.accelerators[h.GPU]; (inUse || slices.Contains(e.w.Models, m.ID)) && a != nil && h.Count > 0 {
				add(e.ownedFleet(m, a, h.Count))
			}
		}
	}
	return out
}

// rentedFleet is what runs today on count rented accelerators; nil where the model does not fit or no price is known.
func (e *engine) rentedFleet(m *catalog.Model, a *catalog.Accelerator, count int) *candidate {
	offer := e.todaysOffer(a, count)
	if offer == nil {
		return nil
	}
	check := &vendorCheck{}
	if offer.ProviderID != "" {
		check = e.checkGPUVendor(offer)
	}
	s := e.fleetOn(m, &supply{accelerator: a, offer: offer, perGPU: offer.PerGPU() * cost.HoursPerMonth, check: check}, count)
	if s == nil {
		return nil
	}
	s.today = true
	c := e.fillSelf(fmt.Sprintf("today/%s/%s/%dx%s", m.ID, s.cfg.Precision.Name, count, a.ID), s)
	c.opt.Caveats = append(c.opt.Caveats, fmt.Sprintf("reckoned as %s, the format that carries most on these machines: yours may carry less", s.cfg.Precision.Name))
	if offer.Source.ID != billSource.ID {
		c.opt.Caveats = append(c.opt.Caveats, "priced at the on-demand rate: say what you pay for it")
	}
	return c
}

// ownedFleet is a model on the count accelerators that the team has; nil where it does not fit, or where a fleet with a machine to spare does not need
// more of them.
func (e *engine) ownedFleet(m *catalog.Model, a *catalog.Accelerator, count int) *candidate {
	s := e.fleetOn(m, e.owning(a), count)
	if s == nil || s.plan.Replicas > 1 && e.spare > 0 && e.enoughWithSpare(s) {
		return nil
	}
	c := e.fillSelf(fmt.Sprintf("stock/%s/%s/%dx%s", m.ID, s.cfg.Precision.Name, count, a.ID), s)
	if e.spare > 0 {
		c.opt.Caveats = append([]string{"all of your cards serve and none is to spare: while one fails, so does the service, or a part of it"}, c.opt.Caveats...)
	}
	return c
}

// enoughWithSpare reports whether a fleet meets its targets with a replica fewer.
func (e *engine) enoughWithSpare(s *sized) bool {
	plan, err := sizing.FleetOf(&s.cfg, e.loadOf(s.isl, s.osl), e.slo, s.plan.Replicas-e.spare)
	return err == nil && plan.Meets
}

// loadOf is the workload for requests of one length.
func (e *engine) loadOf(isl, osl int) sizing.Load {
	return sizing.Load{MeanQPS: e.base.Queries / secondsPerMonth, PeakFactor: e.peakFactor, ISL: isl, OSL: osl, Shape: e.shape}
}

// fleetOn is a model on count accelerators, in the format and cut that carry most; nil where none fits.
func (e *engine) fleetOn(m *catalog.Model, on *supply, count int) *sized {
	cfg, _, _ := e.carriesMost(m, on.accelerator, count)
	if cfg == nil {
		return nil
	}
	plan, err := sizing.FleetOf(cfg, e.loadOf(e.shapeOf(m.ID)), e.slo, count/cfg.GPUs)
	if err != nil {
		return nil
	}
	return e.sized(cfg, on, plan, 0)
}

// carriesMost is the configuration of a model that carries the most on count accelerators, how many queries a second at the peak, and whether that is within
// the targets, which goes before what carries more without; nil where none fits.
func (e *engine) carriesMost(m *catalog.Model, a *catalog.Accelerator, count int) (best *sizing.Config, most float64, meets bool) {
	isl, osl := e.shapeOf(m.ID)
	for _, cfg := range sizing.AppendConfigurations(nil, m, a, e.servingEngine, isl+osl) {
		cfg.PrefixCacheShare = *e.w.CachedShare
		if cfg.GPUs > count {
			continue
		}
		carries, err := sizing.CapacityOf(&cfg, e.loadOf(isl, osl), e.slo)
		if err != nil || meets && !carries.Meets() {
			continue
		}
		if qps := carries.QPS(count / cfg.GPUs); qps > most || carries.Meets() && !meets {
			best, most, meets = &cfg, qps, carries.Meets()
		}
	}
	return best, most, meets
}

// todaysOffer is what count accelerators are rented for today, as one instance: at the bill where that is of nothing else, else at the least rate on demand of
// the provider that is said to be in use, or of any; nil where neither is known.
func (e *engine) todaysOffer(a *catalog.Accelerator, count int) *catalog.GPUOffer {
	var rate *catalog.GPUOffer
	inUse := func(o *catalog.GPUOffer) bool { return slices.Contains(e.w.Today, o.ProviderID) }
	for i := range e.cat.GPUOffers {
		o := &e.cat.GPUOffers[i]
		if o.Accelerator != a.ID || o.Commitment != catalog.OnDemand || o.Count < 1 || standIns[o.ProviderID] {
			continue
		}
		if rate == nil || inUse(o) && !inUse(rate) || inUse(o) == inUse(rate) && o.PerGPU() < rate.PerGPU() {
			rate = o
		}
	}
	offer := &catalog.GPUOffer{ID: "today", Accelerator: a.ID, Commitment: catalog.OnDemand, Count: count}
	for _, id := range e.w.Today {
		if p, ok := e.cat.Provider(id); ok {
			offer.ProviderID, offer.Provider = p.ID, p.Name
		}
	}
	if rate != nil && rate.ProviderID == offer.ProviderID {
		offer.Provider = rate.Provider // "AWS" rather than what its endpoints are called
	}
	switch {
	case e.billIsOfFleet():
		offer.USDPerHour, offer.Source = *e.w.SpendUSDMonth/cost.HoursPerMonth, billSource
	case rate != nil:
		offer.USDPerHour, offer.Source = rate.PerGPU()*float64(count), rate.Source
		if offer.ProviderID == "" || offer.ProviderID == rate.ProviderID {
			offer.Region = rate.Region
		}
	default:
		return nil
	}
	return offer
}

// billIsOfFleet reports whether today's bill is that of the machines: one kind of them, one model, and no API beside it.
func (e *engine) billIsOfFleet() bool {
	models := 0
	for _, id := range e.w.Today {
		if _, provider := e.cat.Provider(id); provider {
			continue
		}
		if e.active[id] == 0 {
			return false
		}
		models++
	}
	return e.w.SpendUSDMonth != nil && *e.w.SpendUSDMonth > 0 && models == 1 && len(e.w.Rented) == 1
}

// rentedWords names the machines of an offer: "8x H100 SXM at Lambda".
func (e *engine) rentedWords(o *catalog.GPUOffer) string {
	s := fmt.Sprintf("%dx %s", o.Count, e.gpuName(e.accelerators[o.Accelerator]))
	if o.Provider != "" {
		s += " at " + o.Provider
	}
	return s
}
