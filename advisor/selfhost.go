package advisor

import (
	"cmp"
	"fmt"
	"math"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/llmadvise/llmadvise/advisor/catalog"
	"github.com/llmadvise/llmadvise/advisor/cost"
	"github.com/llmadvise/llmadvise/advisor/quantity"
	"github.com/llmadvise/llmadvise/advisor/sizing"
)

// supply is one way to get an accelerator: a rental offer, or buying the card.
type supply struct {
	accelerator *catalog.Accelerator
	offer       *catalog.GPUOffer // nil: bought
	perGPU      float64           // USD a month for one accelerator, for ordering
	held        int               // accelerators that are there already
	heldUSD     float64           // USD a month less for one of those
	check       *vendorCheck
	tooLong     bool   // its term is longer than the horizon
	unnamed     bool   // the request names providers, and this is none of them
	kind        string // the way of supply, see kindOf
}

func (s *supply) owned() bool { return s.offer == nil }

// least is the least that the replicas of c cost a month on this supply, whole instances included, in USD.
func (s *supply) least(c *configured) float64 {
	gpus := c.replicas * float64(c.cfg.GPUs)
	if !s.owned() {
		gpus = math.Ceil(gpus/float64(s.offer.Count)) * float64(s.offer.Count)
	}
	return gpus*s.perGPU - math.Min(gpus, float64(s.held))*s.heldUSD
}

// sized is a fleet and what it rests on.
type sized struct {
	cfg    sizing.Config
	plan   sizing.FleetPlan
	memory sizing.MemoryPlan
	supply *supply
	stairs []float64 // queries a month that 1, 2 ... replicas carry
	spare  int       // replicas beyond those that serve
	today  bool      // it runs today, see [engine.todaysFleets]
	isl    int
	osl    int
}

// maxFleets bounds how many configurations are sized in full (queueing and all); the cheap lower bound orders them before. Those whose bound
// lies below the cheapest that qualifies are sized beyond it, up to mostFleets.
const (
	maxFleets  = 24
	mostFleets = 10 * maxFleets
)

// maxReplicas is a fleet that nobody would build for one workload: the configuration is on the edge of the target.
const maxReplicas = 2_000

// surelyTooMany is how many replicas a bound has to ask for to say that sizing will ask for more than maxReplicas: bounds are guesses within a fifth.
const surelyTooMany = 1.5 * maxReplicas

// configured is one replica of a model on an accelerator, and how many of them the load takes at least.
type configured struct {
	cfg      sizing.Config
	replicas float64 // at least, the spare one included
	most     float64 // queries a second that one carries at full throughput
	alone    float64 // how many steps of [slowStep] an idle replica is above the target; 0 where it is within
	slow     bool    // an idle replica misses the target: no fleet of it meets it
	refined  bool
	exact    bool // sized in full: replicas is what it takes
}

// draft is a configuration on a supply, with a lower bound of its cost.
type draft struct {
	*configured
	offer *supply
	floor float64 // USD a month, at least: its replicas at full throughput
	bound float64 // USD a month, about: its replicas within the latency target
	order int
	aside bool // the request names open models, and this is none of them
}

// selfCandidates weighs every open model that is good enough, or named, on every accelerator that can be rented or bought.
func (e *engine) selfCandidates() []*candidate {
	supplies := e.supplies()
	var models []*catalog.Model
	for _, m := range e.models {
		if e.worthHosting(m) {
			models = append(models, m)
		}
	}
	drafts := make([][]draft, len(models))
	each(len(models), func(i int) { drafts[i] = e.drafts(models[i], supplies, i) })
	e.setAside(drafts)
	large := e.atScale(drafts)
	each(len(models), func(i int) { drafts[i] = e.refine(drafts[i]) })
	best := slices.Concat(drafts...)
	byCost(best)
	return e.sizeLarge(large, e.sizeBest(best))
}

// each calls f with 0 to n-1 on all cores: what one model could run on does not depend on the others.
func each(n int, f func(i int)) {
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(n, runtime.GOMAXPROCS(0)) {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				f(i)
			}
		})
	}
	wg.Wait()
}

// drafts are the configurations of the nth model on each way to get an accelerator. Supplies are sorted by accelerator: each is configured once for all
// of its.
func (e *engine) drafts(m *catalog.Model, supplies []*supply, nth int) []draft {
	const apart = 1 << 20 // far more than a model has drafts
	isl, osl := e.shapeOf(m.ID)
	replicas := make([][]configured, len(supplies))
	var configs []sizing.Config
	n := 0
	for k, s := range supplies {
		if k > 0 && supplies[k-1].accelerator == s.accelerator {
			replicas[k] = replicas[k-1]
		} else {
			configs = sizing.AppendConfigurations(configs[:0], m, s.accelerator, e.servingEngine, isl+osl)
			replicas[k] = e.configure(configs, isl, osl)
		}
		n += len(replicas[k])
	}
	out := make([]draft, 0, n)
	for k, s := range supplies {
		for r := range replicas[k] {
			c := &replicas[k][r]
			out = append(out, draft{configured: c, offer: s, floor: s.least(c), bound: s.least(c), order: nth*apart + len(out)})
		}
	}
	return out
}

// slowStep is a difference in latency, as a factor, that matters where nothing is fast enough; within it cost decides.
const slowStep = 1.5

// meanPeak is the peak at the mean volume of the horizon: a fleet that is cheapest in the first month need not be for a volume that grows.
func (e *engine) meanPeak() float64 { return e.peakQPS * e.growthFactor }

// draftKey is what drafts are ordered by: what may qualify first, the cheapest of it first; of what is too slow the fastest.
type draftKey struct {
	rank, order  int
	alone, bound float64
}

func (d *draft) key() draftKey { return draftKey{d.rank(), d.order, d.alone, d.bound} }

func (a draftKey) compare(b draftKey) int {
	switch {
	case a.rank != b.rank:
		return a.rank - b.rank
	case a.alone != b.alone:
		return cmp.Compare(a.alone, b.alone)
	case a.bound != b.bound:
		return cmp.Compare(a.bound, b.bound)
	}
	return a.order - b.order
}

// byCost sorts drafts by their keys, each reckoned once and free of pointers: there are thousands, and comparing and moving them was a tenth of the
// work.
func byCost(drafts []draft) {
	type place struct {
		draftKey
		at int
	}
	places := make([]place, len(drafts))
	for i := range drafts {
		places[i] = place{drafts[i].key(), i}
	}
	slices.SortFunc(places, func(a, b place) int { return a.compare(b.draftKey) })
	unsorted := slices.Clone(drafts)
	for i, k := range places {
		drafts[i] = unsorted[k.at]
	}
}

// refinedOfEach is how many drafts of a model are kept for sizing; where a stream has targets, which the bounds foresee less well, of each way of
// supply, so that the many ways to buy do not crowd out the ways to rent.
const refinedOfEach = 24

// refine keeps the cheapest drafts of a model by each way of supply, by a closer bound than the first, a replica at full throughput: a replica at the
// concurrency at which it still meets the target. The closer bound is never the lower one, so a draft is cheapest by it once no other has a lower bound
// of either kind.
func (e *engine) refine(drafts []draft) []draft {
	byCost(drafts)
	ways := map[string]*refined{}
	for _, d := range drafts {
		w := ""
		if e.streams() {
			w = d.offer.kind
		}
		r := ways[w]
		if r == nil {
			r = &refined{}
			ways[w] = r
		}
		if r.settled(&d) {
			continue
		}
		r.add(e.closer(d))
	}
	var out []draft
	for _, r := range ways {
		out = append(out, r.drafts...)
	}
	return out
}

// refined are the drafts of one model and way of supply that have a closer bound, the cheapest first, refinedOfEach of them at most.
type refined struct{ drafts []draft }

// settled reports whether enough drafts are cheaper than d can be, and so than all that come after it.
func (r *refined) settled(d *draft) bool {
	return len(r.drafts) == refinedOfEach && r.drafts[refinedOfEach-1].key().compare(d.key()) < 0
}

func (r *refined) add(d draft) {
	at, k := len(r.drafts), d.key()
	for at > 0 && k.compare(r.drafts[at-1].key()) < 0 { // nearly in order already
		at--
	}
	r.drafts = slices.Insert(r.drafts, at, d)
	r.drafts = r.drafts[:min(len(r.drafts), refinedOfEach)]
}

// closer gives a draft its closer bound.
func (e *engine) closer(d draft) draft {
	if e.slo.P95E2E > 0 && !d.slow {
		if !d.refined {
			d.refined = true
			d.replicas = max(d.replicas, math.Ceil(e.meanPeak()/e.rateAtTarget(&d.cfg))+float64(e.spare))
		}
		d.bound = d.offer.least(d.configured)
	}
	return d
}

// tailRoom is how far mean latency has to stay below a p95 target for the first bound. Sizing works with the p95 itself.
const tailRoom = 0.85

// rateAtTarget is about how many queries a second a replica serves with mean latency within the target.
func (e *engine) rateAtTarget(cfg *sizing.Config) float64 {
	isl, osl := e.shapeOf(cfg.Model.ID)
	var ready sizing.Ready
	if err := sizing.Prepare(&ready, cfg, isl, osl); err != nil {
		return 1 / e.slo.P95E2E.Seconds()
	}
	lo, hi := 1.0, 256.0
	var within, beyond struct{ rate, over float64 } // at lo and hi, where they were looked at
	for range 6 {
		mid := math.Sqrt(lo * hi)
		p := ready.At(int(mid))
		rate := p.OutputTotal.Mid / float64(osl)
		if over := e.overTarget(&p, e.hidden(e.reasons[cfg.Model.ID]), tailRoom); over <= 1 {
			lo, within.rate, within.over = mid, rate, over
		} else {
			hi, beyond.rate, beyond.over = mid, rate, over
		}
	}
	switch {
	case within.rate == 0: // one request at a time, then
		return 1 / e.slo.P95E2E.Seconds()
	case beyond.rate > within.rate: // a tenth lies between them
		return within.rate + (beyond.rate-within.rate)*(1-within.over)/(beyond.over-within.over)
	}
	return within.rate
}

// streams reports whether the start of an answer or its stream has a target.
func (e *engine) streams() bool { return e.slo.TTFT > 0 || e.slo.TPOT > 0 }

// overTarget is the largest of a prediction's times over its target; the whole answer, whose mean this is, gets room of its target only, and
// hidden tokens come before the first that is read.
func (e *engine) overTarget(p *sizing.Performance, hidden int, room float64) float64 {
	over := p.E2E.Mid / (e.slo.P95E2E.Seconds() * room)
	if e.slo.TTFT > 0 {
		over = max(over, firstRead(p, hidden)/e.slo.TTFT.Seconds())
	}
	if e.slo.TPOT > 0 {
		over = max(over, p.TPOT.Mid/1e3/e.slo.TPOT.Seconds())
	}
	return over
}

// firstRead is when a reader sees the first token, in seconds: after the hidden ones.
func firstRead(p *sizing.Performance, hidden int) float64 {
	return (p.TTFT.Mid + float64(hidden)*p.TPOT.Mid) / 1e3
}

// rank orders drafts before their cost: what may qualify first, what cannot is sized last, to be shown with its reason.
func (d *draft) rank() int {
	r := 0
	if len(d.offer.check.misses) > 0 || d.offer.tooLong || d.offer.unnamed {
		r++
	}
	if d.slow || d.replicas > surelyTooMany {
		r += 2
	}
	if d.aside {
		r += 4
	}
	return r
}

// setAside marks the drafts of models that the request does not name where it names some that can be hosted: they only show what
// the named ones are measured by, and must not use up the sizings that these need.
func (e *engine) setAside(drafts [][]draft) {
	named := func(of []draft) bool { return len(of) > 0 && slices.Contains(e.w.Models, of[0].cfg.Model.ID) }
	if !slices.ContainsFunc(drafts, named) {
		return
	}
	for _, of := range drafts {
		aside := !named(of)
		for i := range of {
			of[i].aside = aside
		}
	}
}

func (e *engine) worthHosting(m *catalog.Model) bool {
	if slices.Contains(e.w.Excluded, m.ID) {
		return false
	}
	if e.asked(m.ID) {
		return true
	}
	if e.w.HardShare != nil { // a hybrid's first model only has to do the easy queries
		return e.held(m.ID, e.standardFloor) == ""
	}
	return e.quality(m.ID).why == ""
}

// standIns are rows of the catalog that stand for a market and not for a shop: nobody can rent there.
var standIns = map[string]bool{"cloud": true, "neocloud": true}

// supplies lists, for each accelerator, the cheapest way to rent it on demand, reserved and on spot that passes compliance, at a
// provider that the request names where it names some, the cheapest one that does not, and buying it. A card that is named and that
// nobody sells or rents here is taken to be there.
func (e *engine) supplies() []*supply {
	best := map[string]*supply{}
	var order []string
	consider := func(key string, s *supply) {
		old, ok := best[key]
		if !ok {
			order = append(order, key)
		}
		if !ok || s.perGPU < old.perGPU {
			best[key] = s
		}
	}
	anyone := e.anyLandlord()
	for i := range e.cat.GPUOffers {
		o := &e.cat.GPUOffers[i]
		a := e.accelerators[o.Accelerator]
		if a == nil || o.Count < 1 || !e.wantsGPU(a.ID) || standIns[o.ProviderID] {
			continue
		}
		if o.Commitment == catalog.Spot && e.w.Traffic != BatchTraffic {
			continue // taken away at minutes' notice: not for callers who wait
		}
		s := &supply{accelerator: a, offer: o, perGPU: o.PerGPU() * cost.HoursPerMonth}
		s.check = e.checkGPUVendor(o)
		s.tooLong = termMonths[o.Commitment] > e.w.HorizonMonths
		s.unnamed = !anyone && e.unnamed(o.ProviderID)
		key := fmt.Sprintf("%s/%s/%v/%d", a.ID, o.Commitment, len(s.check.misses) == 0 && !s.unnamed, min(o.Count, 8))
		consider(key, s)
	}
	for _, a := range e.accelerators {
		if (a.PurchaseUSD != nil || e.alreadyThere(a.ID)) && e.wantsGPU(a.ID) {
			consider(a.ID+"/owned", e.owning(a))
		}
	}
	slices.Sort(order)
	out := make([]*supply, 0, len(order))
	for _, k := range order {
		best[k].kind = kindOf(best[k])
		out = append(out, best[k])
	}
	return out
}

// owning is buying an accelerator, where the team has not got it.
func (e *engine) owning(a *catalog.Accelerator) *supply {
	own := cost.Own(a, cardUSD(a), 1)
	return &supply{accelerator: a, perGPU: own.Monthly(), held: e.inStock(a.ID), heldUSD: own.WriteOff, check: &vendorCheck{}, unnamed: e.unnamed("") && !e.anyLandlord()}
}

// unnamed reports whether the request names providers, and this is none of them; "" is one's own machine room.
func (e *engine) unnamed(provider string) bool {
	return len(e.w.Providers) > 0 && !slices.Contains(e.w.Providers, provider)
}

// cardUSD is what one card costs, 0 where no price is known.
func cardUSD(a *catalog.Accelerator) float64 {
	if a.PurchaseUSD == nil {
		return 0
	}
	return (a.PurchaseUSD[0] + a.PurchaseUSD[1]) / 2
}

// alreadyThere reports whether the request names an accelerator that the catalog can neither buy nor rent: whoever names such a
// card has one, or can say what it costs.
func (e *engine) alreadyThere(id string) bool {
	return e.inStock(id) > 0 || slices.Contains(e.w.GPUs, id) && !slices.ContainsFunc(e.cat.GPUOffers, func(o catalog.GPUOffer) bool { return o.Accelerator == id })
}

// wantsGPU reports whether an accelerator may be weighed: not ruled out, and named or owned where others than those that run today are named.
func (e *engine) wantsGPU(id string) bool {
	if slices.Contains(e.w.Excluded, id) {
		return false
	}
	return slices.Contains(e.w.GPUs, id) || e.inStock(id) > 0 || !slices.ContainsFunc(e.w.GPUs, func(named string) bool { return !e.runsToday(named) })
}

// checkGPUVendor holds a GPU cloud to what falls on it: it stores and processes the data, if only as infrastructure. Under HIPAA that
// makes it a business associate (HHS, guidance on HIPAA and cloud computing), so a BAA is needed there too; where the machines
// stand decides residency.
func (e *engine) checkGPUVendor(o *catalog.GPUOffer) *vendorCheck {
	v := &vendorCheck{}
	full := e.checkVendor(o.ProviderID, o.Region)
	for _, r := range e.w.Compliance {
		if r != catalog.HIPAA && r != catalog.FedRAMP {
			continue
		}
		req := requirements[r]
		if st, _ := standingOf(e.cat.TermsOf(o.ProviderID), req.met); st != granted {
			v.miss(mustComply, fmt.Sprintf("no %s known with %s, which would hold the data as your cloud", req.what, o.Provider))
			continue
		}
		v.caveats = append(v.caveats, fmt.Sprintf("the %s with %s must cover the GPU instances too", req.what, o.Provider))
	}
	p, _ := e.cat.Provider(o.ProviderID)
	switch want := e.w.Residency; {
	case want == "" || inRegion(o.Region, want):
	case tellsPlace(o.Region):
		v.miss(mustReside, notIn("stands", o.Region, want))
	case e.hasRegion(&p, want) || e.rentsIn(o.ProviderID, want):
		v.caveats = append(v.caveats, "rent it in "+placeName(want)+": the price there may differ")
	default:
		v.miss(mustReside, "no region in "+placeName(want)+" is known")
	}
	v.sources = full.sources
	return v
}

// rentsIn reports whether a GPU cloud is known to rent out machines in a place.
func (e *engine) rentsIn(provider, want string) bool {
	return slices.ContainsFunc(e.cat.GPUOffers, func(o catalog.GPUOffer) bool { return o.ProviderID == provider && inRegion(o.Region, want) })
}

// configure returns the replicas worth weighing of the configurations of a model on an accelerator.
func (e *engine) configure(configs []sizing.Config, isl, osl int) []configured {
	out := make([]configured, 0, len(configs))
	var ready sizing.Ready
	for i := range configs {
		cfg := &configs[i]
		cfg.PrefixCacheShare = *e.w.CachedShare
		if err := sizing.Prepare(&ready, cfg, isl, osl); err != nil {
			continue
		}
		top := ready.Saturated()
		perReplica := top.OutputTotal.Mid / float64(osl)
		c := configured{cfg: *cfg, most: perReplica, replicas: math.Max(1, math.Ceil(e.meanPeak()/perReplica)) + float64(e.spare)}
		if e.slo.P95E2E > 0 {
			one := ready.At(1)
			if over := max(ready.Idle(e.slo), e.overTarget(&one, e.hidden(e.reasons[cfg.Model.ID]), 1)); over > 1 {
				c.slow, c.alone = true, math.Ceil(math.Log(over)/math.Log(slowStep))
			}
		}
		out = append(out, c)
	}
	return out
}

// shapeOf returns the tokens that a query makes this model read and write, hidden ones included.
func (e *engine) shapeOf(model string) (isl, osl int) {
	return e.w.InputTokens, e.w.OutputTokens + e.hidden(e.reasons[model])
}

// sizeBest sizes drafts in order of their bound and keeps, for each model, the best by each way of supply.
func (e *engine) sizeBest(drafts []draft) []*candidate {
	var out []*candidate
	perModel := map[string]int{}
	fleets := 0
	for i := range drafts {
		d := &drafts[i]
		if d.exact {
			d.bound = d.offer.least(d.configured)
		}
		named := slices.Contains(e.w.Models, d.cfg.Model.ID)
		enough := perModel[d.cfg.Model.ID] >= 5 || fleets >= maxFleets && !named || fleets >= 2*maxFleets
		if enough && (d.rank() > 0 || fleets >= mostFleets || d.floor >= e.leastOf(out, d.offer.kind)) {
			continue
		}
		if !e.worthSizing(d, out) {
			continue
		}
		fleets++
		if c := e.size(d); c != nil {
			perModel[d.cfg.Model.ID]++
			out = append(out, c)
			d.replicas, d.exact = float64(c.sized.plan.Replicas), true
		}
	}
	return out
}

// leastOf is the least that a known candidate which qualifies costs a month by a way of supply, in USD; infinite where none does. The ways
// are kept apart: what is owned is paid for otherwise than what is rented.
func (e *engine) leastOf(known []*candidate, kind string) float64 {
	least := math.Inf(1)
	for _, c := range known {
		if c.feasible() && c.sized.supply.kind == kind {
			least = min(least, e.riskyMonthly(c))
		}
	}
	return least
}

// worthSizing reports whether a draft can still beat what is known: a feasible candidate of the same model and the same way of
// supply that costs less than the draft's lower bound settles it.
func (e *engine) worthSizing(d *draft, known []*candidate) bool {
	for _, c := range known {
		if c.sized.cfg.Model.ID == d.cfg.Model.ID && c.sized.supply.kind == d.offer.kind &&
			(c.feasible() || d.slow) && e.riskyMonthly(c) <= d.bound*e.trustInBound(d) {
			return false
		}
	}
	return true
}

// trustInBound is the share of a draft's bound that its cost will hardly stay below, and a little more: see [closeEnough]. How many replicas the
// targets of a stream take the bound only guesses, and it may guess too many.
func (e *engine) trustInBound(d *draft) float64 {
	const guessed = 0.7
	if !d.exact && e.streams() {
		return guessed
	}
	return closeEnough
}

// closeEnough is a difference in cost that does not merit sizing another configuration of the same model.
const closeEnough = 1.02

func kindOf(s *supply) string {
	if s.owned() {
		return "owned"
	}
	if len(s.check.misses) > 0 || s.tooLong {
		return string(s.offer.Commitment) + "!"
	}
	return string(s.offer.Commitment)
}

func selfID(d *draft) string {
	where := "owned"
	if d.offer.offer != nil {
		where = d.offer.offer.ID
	}
	return fmt.Sprintf("self/%s/%s/%dx%s/%s", d.cfg.Model.ID, d.cfg.Precision.Name, d.cfg.GPUs, d.cfg.Accelerator.ID, where)
}

// size turns a draft into a candidate: replicas by queueing, their price, the people.
func (e *engine) size(d *draft) *candidate {
	plan, err := sizing.Fleet(&d.cfg, e.loadOf(e.shapeOf(d.cfg.Model.ID)), e.slo, e.spare)
	if err != nil || plan.Serving > maxReplicas {
		return nil
	}
	s := e.sized(&d.cfg, d.offer, plan, e.spare)
	if s == nil {
		return nil
	}
	return e.fillSelf(selfID(d), s)
}

// sized is a planned fleet with its memory and its stairs; nil where either cannot be had.
func (e *engine) sized(cfg *sizing.Config, on *supply, plan sizing.FleetPlan, spare int) *sized {
	isl, osl := e.shapeOf(cfg.Model.ID)
	mem, err := sizing.Memory(cfg, isl+osl, plan.SlotsPerReplica)
	if err != nil {
		return nil
	}
	s := &sized{cfg: *cfg, plan: plan, memory: mem, supply: on, spare: spare, isl: isl, osl: osl}
	if s.stairs, err = e.stairs(s, e.loadOf(isl, osl)); err != nil {
		return nil
	}
	return s
}

// stairs returns how many queries a month 1, 2 ... replicas carry within the target at the workload's peak, well beyond what the
// workload needs, since a break-even may lie there.
func (e *engine) stairs(s *sized, load sizing.Load) ([]float64, error) {
	capacity, err := sizing.CapacityOf(&s.cfg, load, e.slo)
	if err != nil {
		return nil, err
	}
	if !s.plan.Meets { // it is not grown for a target that it misses: at the edge of one a further replica carries next to nothing within it
		capacity = capacity.WithoutTarget()
	}
	n, q := s.plan.Serving, e.base.Queries
	more := 1
	if !s.supply.owned() {
		more = max(more, s.supply.offer.Count/s.cfg.GPUs) // up to the end of the instance that the last of them stands in
	}
	steps := capacity.Staircase(n, max(pooled, n+more))
	for i := range steps {
		steps[i] *= secondsPerMonth / e.peakFactor
	}
	// Both come from the same model, but the fleet is not grown for a target at the edge of what an idle replica does.
	steps[n-1] = math.Max(steps[n-1], q)
	for i := n; i < len(steps); i++ {
		steps[i] = math.Max(steps[i], steps[i-1]*(1+1e-9))
	}
	for i := n - 2; i >= 0; i-- {
		steps[i] = math.Min(steps[i], math.Min(q, steps[i+1])*(1-1e-9))
	}
	return steps, nil
}

// pooled is a number of replicas from which on a further one carries as much as the one before it: their waiting is shared enough.
const pooled = 16

func (e *engine) fillSelf(id string, s *sized) *candidate {
	c := &candidate{sized: s}
	p := s.plan
	o := Option{
		ID: id, Path: PathSelfHost, ModelID: s.cfg.Model.ID, ModelName: s.cfg.Model.Name, GPU: s.cfg.Accelerator.ID,
		GPUsPerReplica: s.cfg.GPUs, Replicas: p.Replicas, GPUs: p.GPUs, Precision: s.cfg.Precision.Name, Engine: s.cfg.Engine.String(),
		Latency: ptr(p.P95), MissChance: missChance(e, &p), TTFT: ptr(p.Perf.TTFT), TPOT: ptr(p.Perf.TPOT), VRAM: ptr(s.memory.Total), Utilisation: ptr(p.UtilisationMean),
	}
	if rented := e.rented(s); rented > p.GPUs {
		o.Caveats = append(o.Caveats, fmt.Sprintf("rented whole: %d of %d GPUs are used", p.GPUs, rented))
		o.GPUs = rented
	}
	gpus := fmt.Sprintf("%dx %s", o.GPUs, e.gpuName(s.cfg.Accelerator))
	kind := cost.RentGPUs
	if s.supply.owned() {
		kind = cost.OwnGPUs
		o.Provider = "your own hardware"
		o.GPUsHeld = min(o.GPUs, s.supply.held)
		o.Name = fmt.Sprintf("%s %s on %s", o.ModelName, o.Precision, ownWords(&o, gpus))
	} else {
		of := s.supply.offer
		o.Provider, o.ProviderID, o.OfferID, o.Commitment = of.Provider, of.ProviderID, of.ID, of.Commitment
		o.Name = fmt.Sprintf("%s %s, %s at %s%s", o.ModelName, o.Precision, gpus, of.Provider, commitmentWords[of.Commitment])
		if s.today {
			o.Name = fmt.Sprintf("%s %s, your %s", o.ModelName, o.Precision, e.rentedWords(of))
		}
	}
	effort := cost.Labour(kind, e.team)
	c.plan = e.selfPlan(s, effort)
	if o.Today = s.today || len(e.w.Rented) == 0 && slices.Contains(e.w.Today, o.ModelID) && slices.Contains(e.w.GPUs, o.GPU); o.Today {
		c.plan.SetupLabour, c.plan.SetupUSD = cost.Range{}, 0
	}
	o.PeopleNeeded = fmt.Sprintf("%.2g FTE", c.plan.LabourAt(e.base.Queries).Mid/e.fteUSD)
	c.opt = o
	e.price(c)
	c.takeRisk(counted(s.plan.MissChance) * makeGood * c.machines)
	e.constrainSelf(c)
	return c
}

// missChance is nil where no latency is asked for.
func missChance(e *engine, p *sizing.FleetPlan) *float64 {
	if e.slo.P95E2E == 0 {
		return nil
	}
	return &p.MissChance
}

// makeGood is how many machines it takes, of those there are, where a fleet turns out too slow: half as many again, assumed. The chance of
// that counts in the ranking and in no bill.
const makeGood = 0.5

// worthCounting is the least chance of a miss that counts: below it two fleets are as safe as each other, and the better model goes first.
const worthCounting = 0.005

func counted(chance float64) float64 {
	if chance < worthCounting {
		return 0
	}
	return chance
}

// riskyMonthly is what a candidate costs a month at the horizon's mean volume, with the chance of further machines.
func (e *engine) riskyMonthly(c *candidate) float64 {
	return c.plan.Monthly(e.base.Queries*e.growthFactor) * (1 + makeGood*counted(c.sized.plan.MissChance))
}

// rented is how many accelerators the instances of a fleet hold.
func (e *engine) rented(s *sized) int {
	if s.supply.owned() {
		return s.plan.GPUs
	}
	count := s.supply.offer.Count
	if per := count / s.cfg.GPUs; per > 1 {
		return (s.plan.Replicas + per - 1) / per * count
	}
	return s.plan.Replicas * ((s.cfg.GPUs + count - 1) / count) * count
}

var commitmentWords = map[catalog.Commitment]string{
	catalog.Spot: " (spot)", catalog.Reserved1Y: " (1 year reserved)", catalog.Reserved3Y: " (3 years reserved)",
}

func (e *engine) gpuName(a *catalog.Accelerator) string {
	if a.Name != "" {
		return a.Name
	}
	return a.ID
}

// selfPlan prices a fleet. Instances are rented whole: where one holds several replicas, the staircase climbs by instances.
func (e *engine) selfPlan(s *sized, effort cost.Effort) cost.Plan {
	inWork := inputWork(s)
	curve := cost.Curve{InputWork: inWork, Spare: s.spare, OutputUSD: cost.Egress(float64(e.w.OutputTokens))}
	p := cost.Plan{Labour: effort.Monthly(e.fteUSD), SetupLabour: effort.Setup(e.fteUSD), FTEUSD: e.fteUSD}
	if s.supply.owned() {
		own := cost.Own(s.cfg.Accelerator, cardUSD(s.cfg.Accelerator), s.plan.GPUs)
		curve.Market = cost.OwnedGPU
		curve.OutputUSD = 0
		curve.ReplicaUSD = own.Monthly() / float64(s.plan.Replicas)
		curve.Steps = s.stairs
		curve.HeldUSD, curve.Held = own.WriteOff/float64(s.plan.Replicas), float64(s.supply.held)/float64(s.cfg.GPUs)
		p.WriteOff = own.WriteOff - curve.HeldUSD*math.Min(float64(s.plan.Replicas), curve.Held)
		p.CapexUSD = p.WriteOff * cost.AmortisationMonths
	} else {
		curve.Market = cost.GPURental
		if s.supply.offer.Source.ID == billSource.ID {
			curve.Market, curve.OutputUSD = cost.Agreed, 0 // whatever it is for, egress is on it
		}
		curve.ReplicaUSD = cost.Rent(s.supply.offer, s.cfg.GPUs)
		curve.Steps = s.stairs
		if perInstance := s.supply.offer.Count / s.cfg.GPUs; perInstance > 1 {
			curve.BaseUSD = float64(s.spare/perInstance) * curve.ReplicaUSD // instances that the spare replicas fill
			curve.Steps, curve.Spare = instanceSteps(s.stairs, perInstance, s.spare), 0
		}
		p.SetupUSD = effort.SetupRent(curve.ReplicaUSD)
	}
	gpus := s.cfg.GPUs
	if !s.supply.owned() {
		gpus = max(gpus, s.supply.offer.Count)
	}
	curve.People, curve.PeopleFrom = cost.FleetPeople(gpus, e.fteUSD)
	p.Parts = []cost.Part{{Curve: curve, Share: 1}}
	return p
}

// instanceSteps turns the stairs of replicas into those of instances of several replicas each, the spare ones placed in them.
func instanceSteps(replicas []float64, perInstance, spare int) []float64 {
	var steps []float64
	for n := perInstance - spare%perInstance; n <= len(replicas); n += perInstance {
		steps = append(steps, replicas[n-1])
	}
	if len(steps) < 2 { // a second step tells how the staircase goes on
		return []float64{replicas[len(replicas)-1], 2 * replicas[len(replicas)-1]}
	}
	return steps
}

// inputWork is the share of a replica's time that grows with input tokens: prefill against decode.
func inputWork(s *sized) float64 {
	pre := float64(s.isl) / math.Max(1, s.plan.Perf.Prefill.Mid)
	dec := float64(s.osl) / math.Max(1, s.plan.Perf.OutputTotal.Mid)
	if pre+dec <= 0 {
		return 0.2
	}
	return clamp(pre/(pre+dec), 0, 1)
}

func (e *engine) constrainSelf(c *candidate) {
	w, s := &e.w, c.sized
	provider := ""
	if s.supply.offer != nil {
		provider = s.supply.offer.ProviderID
	}
	e.constrainNames(c, s.cfg.Model.ID, provider)
	c.named = c.named || len(w.GPUs) > 0 && slices.Contains(w.GPUs, s.cfg.Accelerator.ID)
	c.misses = append(c.misses, s.supply.check.misses...)
	c.opt.Caveats = append(c.opt.Caveats, s.supply.check.caveats...)
	e.constrainQuality(c, s.cfg.Model.ID)
	e.constrainContext(c, s.cfg.Model.Context, s.isl+s.osl)
	switch {
	case s.plan.Meets:
	case e.slo.P95E2E > 0 && s.plan.P95.Mid <= w.LatencyP95.Seconds():
		c.miss(mustStream, s.plan.Why)
	case s.plan.P95.Mid <= e.latencyLimit(c) && !e.streams():
		c.opt.Caveats = append(c.opt.Caveats, fmt.Sprintf("p95 is about %s, above the %s that were assumed", quantity.Seconds(s.plan.P95.Mid), quantity.Duration(w.LatencyP95)))
	default:
		c.miss(mustBeFast, s.plan.Why)
	}
	if hidden := e.hidden(e.reasons[s.cfg.Model.ID]); hidden > 0 && w.TTFT > 0 && w.Traffic != BatchTraffic {
		if first := firstRead(&s.plan.Perf, hidden); first > w.TTFT.Seconds() {
			c.miss(mustStream, fmt.Sprintf("thinks before it answers: what is read first comes after %s, the target is %s", quantity.Seconds(first), quantity.Duration(w.TTFT)))
		}
	}
	if c.tight() {
		c.opt.Caveats = append(c.opt.Caveats, fmt.Sprintf("with a chance of %s p95 exceeds the target of %s (it may be as high as %s): measure it before you commit",
			quantity.Percent(s.plan.MissChance), quantity.Duration(w.LatencyP95), quantity.Seconds(s.plan.P95.Hi)))
	}
	e.commitment(c)
	if *w.NoDataLeaves && !s.supply.owned() {
		c.opt.Caveats = append(c.opt.Caveats, "a rented machine stands outside your walls: count it as inside only if your private cloud is")
	}
	if len(w.Compliance) > 0 {
		c.opt.Caveats = append(c.opt.Caveats, "compliance of the stack is yours to prove")
	}
	if s.cfg.Model.LicenseNote != "" {
		c.opt.Caveats = append(c.opt.Caveats, "licence: "+s.cfg.Model.LicenseNote)
	}
	if s.supply.owned() {
		if w.Residency != "" {
			c.opt.Caveats = append(c.opt.Caveats, "the machines must stand in "+placeName(w.Residency))
		}
		if s.cfg.Accelerator.PurchaseUSD == nil && c.opt.GPUsHeld < c.opt.GPUs {
			c.opt.Caveats = append(c.opt.Caveats, fmt.Sprintf("no price of the %s is known: its host, power and upkeep are counted, the card itself is not", e.gpuName(s.cfg.Accelerator)))
		}
		if up := e.upFront(c); c.plan.CapexUSD > 0 { // nobody is to learn of it after the decision
			c.opt.Caveats = append([]string{up}, c.opt.Caveats...)
		} else {
			c.opt.Caveats = append(c.opt.Caveats, up)
		}
	}
}

// commitment names what spot machines ask of a job, and rules out terms longer than the horizon.
func (e *engine) commitment(c *candidate) {
	o := &c.opt
	if o.Commitment == catalog.Spot {
		o.Caveats = append(o.Caveats, "spot machines can be taken away: the job must be able to resume")
	}
	months := termMonths[o.Commitment]
	switch {
	case months > e.w.HorizonMonths:
		c.miss(mustLast, fmt.Sprintf("binds you for %d months, your horizon is %d", months, e.w.HorizonMonths))
	case months > 0:
		o.Caveats = append(o.Caveats, fmt.Sprintf("binds you for %d months at any volume", months))
	}
}

var termMonths = map[catalog.Commitment]int{catalog.Reserved1Y: 12, catalog.Reserved3Y: 36}
