package advisor

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/llmadvise/llmadvise/advisor/catalog"
	"github.com/llmadvise/llmadvise/advisor/cost"
	"github.com/llmadvise/llmadvise/advisor/quantity"
)

// apiCandidates weighs every offer that is billed by the token and meant for production.
func (e *engine) apiCandidates() []*candidate {
	out := make([]*candidate, 0, len(e.cat.Offers))
	arena := make([]candidate, len(e.cat.Offers))
	for i := range e.cat.Offers {
		o := &e.cat.Offers[i]
		if !o.Usable() {
			continue
		}
		in, outUSD, ok := e.queryPrice(o)
		if !ok {
			continue
		}
		c := &arena[len(out)]
		e.fillAPI(c, o, in, outUSD)
		out = append(out, c)
	}
	e.coverage.OffersTotal, e.coverage.OffersPriced = len(e.cat.Offers), len(out) // not added up: a bill has them weighed twice
	return out
}

func (e *engine) fillAPI(c *candidate, o *catalog.Offer, in, out float64) {
	c.offer = o
	market, path := cost.ProprietaryAPI, PathAPI
	if o.Class == catalog.HostedOpen {
		market, path = cost.OpenAPI, PathHostedOpen
	}
	c.opt = Option{
		ID: o.ID, Path: path, Name: e.cat.ModelName(o.ModelID) + " on " + o.Provider, Provider: o.Provider, ProviderID: o.ProviderID,
		ModelID: o.ModelID, ModelName: e.cat.ModelName(o.ModelID), OfferID: o.ID, Precision: o.Quantisation,
		PeopleNeeded: "about 2 days to integrate",
	}
	if o.Region != "" && !global(o.Region) {
		c.opt.Name += " (" + o.Region + ")"
	}
	c.plan = cost.Plan{
		Parts:  []cost.Part{{Share: 1, Curve: cost.Curve{Market: market, InputUSD: in, OutputUSD: out}}},
		Labour: e.apiEffort.Monthly(e.fteUSD), SetupLabour: e.apiEffort.Setup(e.fteUSD), FTEUSD: e.fteUSD,
	}
	if e.usedToday(o) {
		c.opt.Today, c.opt.PeopleNeeded = true, "in use today"
		c.plan.SetupLabour = cost.Range{}
	}
	e.price(c)
	e.constrainAPI(c)
}

// usedToday reports whether an offer is what the team calls today: its model, at the provider that was said, if one was.
func (e *engine) usedToday(o *catalog.Offer) bool {
	today := e.w.Today
	if !slices.Contains(today, o.ModelID) || o.Class == catalog.HostedOpen && len(e.w.GPUs)+len(e.w.Rented) > 0 { // on those machines, then
		return false
	}
	providerSaid := slices.ContainsFunc(today, func(id string) bool { _, ok := e.cat.Provider(id); return ok })
	return !providerSaid || slices.Contains(today, o.ProviderID)
}

// readsPerWrite is how often a stretch of a prompt is read from a cache before it has to be written again, where writing has a price of its
// own. Assumed: a few turns of a conversation, or a system prompt over some minutes of traffic.
const readsPerWrite = 9

// usage is one query of the workload at an offer.
func (e *engine) usage(o *catalog.Offer) catalog.Usage {
	w := &e.w
	cached := float64(w.InputTokens) * *w.CachedShare
	written := 0.0
	if e.rates(o).CacheWrite != nil {
		written = min(cached/readsPerWrite, float64(w.InputTokens)-cached)
	}
	return catalog.Usage{
		Requests: 1, InputPerRequest: float64(w.InputTokens), CachedPerRequest: cached, CacheWritePerRequest: written,
		OutputPerRequest: float64(w.OutputTokens), ReasoningPerRequest: float64(e.hidden(e.reasons[o.ModelID])),
		Batch: e.batch(o), NoCachePriceIsNoCache: true,
	}
}

// rates are the prices that hold for a query of this length.
func (e *engine) rates(o *catalog.Offer) catalog.Rates { return o.RatesFor(float64(e.w.InputTokens)) }

// batch reports whether the work may wait and the offer sells that at a price of its own.
func (e *engine) batch(o *catalog.Offer) bool {
	r := e.rates(o)
	return e.w.Traffic == BatchTraffic && r.BatchInput != nil && r.BatchOutput != nil
}

// queryPrice returns the price of one query in USD, for input and for output (hidden tokens included).
func (e *engine) queryPrice(o *catalog.Offer) (in, out float64, ok bool) {
	_, lines, err := o.Bill(e.usage(o))
	if err != nil {
		return 0, 0, false
	}
	for _, l := range lines {
		if l.Item == "output" || l.Item == "reasoning" {
			out += l.USD
		} else {
			in += l.USD
		}
	}
	return in, out, true
}

// hidden returns the reasoning tokens that a model of this kind bills per query.
func (e *engine) hidden(reasons bool) int {
	if !reasons || e.w.ReasoningTokens == nil {
		return 0
	}
	return *e.w.ReasoningTokens
}

func (e *engine) constrainAPI(c *candidate) {
	o, w := c.offer, &e.w
	e.constrainNames(c, o.ModelID, o.ProviderID)
	if *w.NoDataLeaves {
		c.miss(mustStayInside, "the data would leave: "+o.Provider+" processes it")
	}
	v := e.checkVendor(o.ProviderID, o.Region)
	c.misses = append(c.misses, v.misses...)
	c.opt.Caveats = append(c.opt.Caveats, v.caveats...)
	e.constrainTrust(c)
	e.constrainQuality(c, o.ModelID)
	e.constrainContext(c, cmp.Or(o.Context, e.contexts[o.ModelID]), w.InputTokens+w.OutputTokens+e.hidden(e.reasons[o.ModelID]))
	if end := o.EndOfLife; !end.IsZero() && end.Before(e.horizonEnd) {
		c.opt.EndOfLife = end
		c.miss(mustLast, "retires "+end.String()+", inside your horizon")
	}
	e.notePrice(c)
	if w.Traffic == BatchTraffic {
		return
	}
	speed := latencyOf(o, e.active[o.ModelID])
	l := speed.latency(e.freshInput(), float64(w.OutputTokens+e.hidden(e.reasons[o.ModelID])))
	c.opt.Latency = &l
	miss, caveat := checkLatency(l, speed.measured, w.LatencyP95.Seconds(), e.latencyLimit(c))
	c.miss(mustBeFast, miss)
	if caveat != "" {
		c.opt.Caveats = append(c.opt.Caveats, caveat)
	}
	e.constrainStream(c, &speed)
}

// constrainContext holds a query to what a model, or its offer, takes at most; 0 is not known.
func (e *engine) constrainContext(c *candidate, holds, need int) {
	if holds > 0 && need > holds {
		c.miss(mustHoldContext, fmt.Sprintf("holds %s tokens, a query needs %s", grouped(float64(holds)), grouped(float64(need))))
	}
}

// constrainTrust asks for a vendor that is known to sign a data processing agreement where the data, or a share of it, is
// confidential or regulated; for internal data an unknown vendor is a caveat.
func (e *engine) constrainTrust(c *candidate) {
	terms := e.cat.TermsOf(c.offer.ProviderID)
	c.trusted = len(terms) > 0
	w := &e.w
	sensitive := w.Sensitivity == Confidential || w.Sensitivity == Regulated || w.SensitiveShare != nil && *w.SensitiveShare > 0
	switch {
	case sensitive && !e.holdsSensitive(c):
		if !slices.Contains(w.Compliance, catalog.GDPR) { // else it is said already
			c.miss(mustTrust, "no data processing agreement known, and the data is sensitive")
		}
	case !c.trusted && w.Sensitivity != Public:
		c.opt.Caveats = append(c.opt.Caveats, "its data terms are not in the catalog: read them first")
	}
}

// rateLimitTokens is a peak, tokens a minute, beyond which a provider's standard limits rarely reach. Assumed from published tiers.
const rateLimitTokens = 4e6

// notePrice says what a reader should know of the bill.
func (e *engine) notePrice(c *candidate) {
	o := c.offer
	if tpm := e.peakQPS * 60 * float64(e.w.InputTokens+e.w.OutputTokens); tpm > rateLimitTokens {
		c.opt.Caveats = append(c.opt.Caveats, fmt.Sprintf("agree on a rate limit: %s tokens a minute at peak", quantity.Count(quantity.RoundSig(tpm, 2))))
	}
	if e.batch(o) {
		c.opt.Caveats = append(c.opt.Caveats, "batch price: answers within a day")
	}
	if o.Note != "" {
		c.opt.Caveats = append(c.opt.Caveats, o.Note)
	}
	if e.hidden(e.reasons[o.ModelID]) > 0 {
		c.opt.Caveats = append(c.opt.Caveats, fmt.Sprintf("counts %s hidden reasoning tokens a query as output", people(float64(e.hidden(true)))))
	}
}

// constrainNames keeps to the models and providers that the request names, and to those in use today: to stay is always a choice. What it
// rules out is no option. A named open model may be called or hosted.
func (e *engine) constrainNames(c *candidate, model, provider string) {
	w := &e.w
	if slices.Contains(w.Excluded, model) || slices.Contains(w.Excluded, provider) {
		c.miss(mustBeNamed, "you ruled it out")
	}
	if !c.opt.Today && len(w.Models) > 0 && !slices.Contains(w.Models, model) {
		c.miss(mustBeNamed, "you named "+e.names(w.Models))
	}
	unnamed := e.unnamed(provider)
	if c.sized != nil {
		unnamed = c.sized.supply.unnamed
	}
	switch {
	case c.opt.Today || !unnamed:
	case c.offer != nil && e.nowhereNamed(model):
		c.opt.Caveats = append(c.opt.Caveats, "none of the providers that you named has this model")
	default:
		c.miss(mustBeNamed, "you named other providers")
	}
	e.constrainOrigin(c, model, provider)
	c.named = c.opt.Today || slices.Contains(w.Models, model) || slices.Contains(w.Providers, provider)
}

// nowhereNamed reports whether the request names this model, and none of the providers that it names has it or rents out what it could run
// on. They were named for other models, then, or by mistake: either way they say nothing of who is to serve this one.
func (e *engine) nowhereNamed(model string) bool {
	return slices.Contains(e.w.Models, model) && !e.namesLandlord() && !slices.ContainsFunc(e.cat.Offers, func(o catalog.Offer) bool {
		return o.ModelID == model && slices.Contains(e.w.Providers, o.ProviderID)
	})
}

// anyLandlord reports whether the request asks for machines that its providers do not have: it names accelerators, or a model that none of
// them serves, and none of them rents these accelerators out.
func (e *engine) anyLandlord() bool {
	return (len(e.w.GPUs) > 0 || slices.ContainsFunc(e.w.Models, e.nowhereNamed)) && !e.namesLandlord()
}

// namesLandlord reports whether one of the providers that the request names rents out accelerators, those that it names if it does.
func (e *engine) namesLandlord() bool {
	return slices.ContainsFunc(e.cat.GPUOffers, func(o catalog.GPUOffer) bool {
		return slices.Contains(e.w.Providers, o.ProviderID) && e.wantsGPU(o.Accelerator)
	})
}

// constrainQuality holds a model to the floor. A model that the request names is taken at its word, with the score as a caveat.
func (e *engine) constrainQuality(c *candidate, model string) {
	v := e.quality(model)
	c.quality = v.index
	if v.why == "" {
		return
	}
	if e.asked(model) {
		c.opt.Caveats = append(c.opt.Caveats, v.why)
		return
	}
	c.miss(mustBeGood, v.why)
}

// asked reports whether the request names a model as one to weigh or as the one in use.
func (e *engine) asked(model string) bool {
	return slices.Contains(e.w.Models, model) || slices.Contains(e.w.Today, model)
}

// modelVerdict is the quality of one model, held to the floor once.
type modelVerdict struct {
	index float64
	why   string
}

func (e *engine) quality(model string) modelVerdict {
	if v, ok := e.verdicts[model]; ok {
		return v
	}
	v := modelVerdict{e.scores.index(model, e.w.Task), e.held(model, e.floor)}
	e.verdicts[model] = v
	return v
}

// held holds a model to a floor: its scores, and its size where the work is open-ended.
func (e *engine) held(model string, f floor) string {
	if _, why := e.scores.verdict(model, f); why != "" && len(f.reference) > 0 { // without an anchor only size can judge
		return why
	}
	if specialist(model) && e.w.Task != Coding && e.w.Task != Agent {
		return "tuned for code"
	}
	size := e.effective[model]
	if size == 0 {
		size = sizeInName(model)
	}
	least, work := openEndedParams, "open-ended work"
	if !openEnded(e.w.Task) {
		least, work = labelParams, "this work untuned"
	}
	if size > 0 && size < least {
		return fmt.Sprintf("too small for %s (%.2gB effective parameters), whatever its scores", work, size/1e9)
	}
	return ""
}

func (e *engine) names(ids []string) string {
	s := ""
	for i, id := range ids {
		if i > 0 {
			s += ", "
		}
		s += e.cat.ModelName(id)
	}
	return s
}
