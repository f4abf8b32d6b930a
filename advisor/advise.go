package advisor

import (
	"errors"
	"math"
	"slices"
	"time"

	"github.com/llmadvise/llmadvise/advisor/catalog"
	"github.com/llmadvise/llmadvise/advisor/cost"
	"github.com/llmadvise/llmadvise/advisor/quantity"
	"github.com/llmadvise/llmadvise/advisor/sizing"
)

// secondsPerMonth is 730 hours, the month of every bill here and of the intake.
const secondsPerMonth = quantity.SecondsPerMonth

// ErrNoCatalog is returned where there is nothing to choose from.
var ErrNoCatalog = errors.New("advisor: the catalog holds no offers")

// Options tune [AdviseWith]. The zero value is what [Advise] uses.
type Options struct {
	Draws   int    // Monte Carlo draws; 0: 1,000; negative: none
	Seed    uint64 // of the draws; 0: a fixed default, so that the same request gets the same answer
	NoTrace bool   // leave Advice.Trace empty
}

const (
	defaultDraws = 1000
	defaultSeed  = 20260725
)

// Advise weighs every path for w against the offers of cat and returns the answer with its numbers. It completes w
// first (see [Complete]); it neither reads a clock nor draws from a global source, so equal arguments give equal
// answers. That no option qualifies is an answer (Recommendation.Option is "" and Relax says what to give up), not
// an error; an error means that w or cat cannot be worked with. cat is shared and never changed.
func Advise(w Workload, cat *catalog.Catalog) (Advice, error) {
	return AdviseWith(w, cat, Options{})
}

// AdviseWith is [Advise] with options.
func AdviseWith(w Workload, cat *catalog.Catalog, o Options) (Advice, error) {
	if cat == nil || len(cat.Offers) == 0 {
		return Advice{}, ErrNoCatalog
	}
	e, all, assumed, err := weigh(w, cat, o)
	if err != nil {
		return Advice{}, err
	}
	return e.advice(all, e.withLatency(assumed)), nil
}

// weigh completes a workload and weighs every option for it, the best first.
func weigh(w Workload, cat *catalog.Catalog, o Options) (*engine, []*candidate, []Assumption, error) {
	full, assumed := Complete(w)
	if err := check(full); err != nil {
		return nil, nil, nil, err
	}
	e, err := newEngine(full, assumed, cat, o)
	if err != nil {
		return nil, nil, nil, err
	}
	if w, a, ok := e.fromBill(assumed); ok {
		full, assumed = w, a
		if e, err = newEngine(full, assumed, cat, o); err != nil {
			return nil, nil, nil, err
		}
	}
	all := e.candidates()
	for why := e.ruledOutUnasked(all); why != ""; why = e.ruledOutUnasked(all) {
		if e, err = e.slower(assumed); err != nil {
			return nil, nil, nil, err
		}
		e.gaveWay = why
		all = e.candidates()
	}
	for s, n := e, 0; n < stockSteps && s.buysForUnasked(all); n++ {
		if s, err = s.slower(assumed); err != nil {
			return nil, nil, nil, err
		}
		if slow := s.candidates(); !s.buysForUnasked(slow) {
			e, all = s, slow
			e.gaveWay = "but within it the cards that are there do not carry the load"
		}
	}
	return e, all, assumed, nil
}

// engine is one run of Advise.
type engine struct {
	w    Workload
	cat  *catalog.Catalog
	opts Options
	base cost.Base

	scores                              *scores
	floor, standardFloor, frontierFloor floor
	verdicts                            map[string]modelVerdict
	vendors                             map[string]*vendorCheck
	accelerators                        map[string]*catalog.Accelerator
	models                              []*catalog.Model   // that can be hosted
	reasons                             map[string]bool    // models that think in hidden tokens
	contexts                            map[string]int     // tokens that a model reads and writes at most, where that is known
	active, effective                   map[string]float64 // open models: active parameters; total and active, geometric mean

	team          cost.Team
	apiEffort     cost.Effort
	fteUSD        float64 // what an engineer costs a month
	servingEngine sizing.Engine
	shape         sizing.Shape
	slo           sizing.SLO
	spare         int
	peakFactor    float64
	peakQPS       float64
	growthFactor  float64 // mean volume of the horizon's months over that of the first
	horizonEnd    time.Time
	assumed       map[Field]bool
	gaveWay       string // why the latency that is assumed is longer than usual; "" where it is not
	coverage      Coverage
}

// hostable are the open models that advice weighs, and those that are only known by their shape where the request names them or they are in use.
func hostable(w Workload, cat *catalog.Catalog) []*catalog.Model {
	out := make([]*catalog.Model, 0, len(cat.Models))
	for i := range cat.Models {
		out = append(out, &cat.Models[i])
	}
	for i := range cat.Shapes {
		if m := &cat.Shapes[i]; slices.Contains(w.Models, m.ID) || slices.Contains(w.Today, m.ID) {
			out = append(out, m)
		}
	}
	return out
}

func newEngine(w Workload, assumed []Assumption, cat *catalog.Catalog, o Options) (*engine, error) {
	e := &engine{
		w: w, cat: cat, opts: o,
		base:     cost.Base{Queries: w.QueriesPerMonth, Growth: *w.GrowthPerMonth, Months: w.HorizonMonths},
		scores:   newScores(cat),
		verdicts: map[string]modelVerdict{}, vendors: map[string]*vendorCheck{},
		accelerators: make(map[string]*catalog.Accelerator, len(cat.Accelerators)),
		reasons:      map[string]bool{}, contexts: map[string]int{}, active: map[string]float64{}, effective: map[string]float64{}, assumed: map[Field]bool{},
		horizonEnd: cat.AsOf.AddDate(0, w.HorizonMonths, 0),
	}
	for i := range cat.Accelerators {
		e.accelerators[cat.Accelerators[i].ID] = &cat.Accelerators[i]
	}
	e.models = hostable(w, cat)
	for _, m := range e.models {
		e.active[m.ID] = m.ParamsActive
		e.contexts[m.ID] = m.Context
		e.effective[m.ID] = math.Sqrt(m.ParamsTotal * m.ParamsActive)
		if m.Reasoning || w.Task == Reasoning && thinksWhenAsked(m.ID) {
			e.reasons[m.ID] = true
		}
	}
	for i := range cat.Offers {
		o := &cat.Offers[i]
		if o.Reasoning || w.Task == Reasoning && thinksWhenAsked(o.ModelID) {
			e.reasons[o.ModelID] = true
		}
	}
	for _, a := range assumed {
		e.assumed[a.Field] = true
	}
	e.standardFloor = e.scores.floorOf(&w, Standard, cat)
	e.frontierFloor = e.scores.floorOf(&w, Frontier, cat)
	need := w.Quality
	if w.HardShare != nil && *w.HardShare > 0 { // a single option has to do the hard queries too
		need = Frontier
	}
	e.floor = e.scores.floorOf(&w, need, cat)
	e.team = map[MLTeam]cost.Team{NoTeam: cost.NoTeam, SomeTeam: cost.SomeTeam, DedicatedTeam: cost.DedicatedTeam}[w.MLTeam]
	e.apiEffort = cost.Labour(cost.CallAPI, e.team)
	e.fteUSD = cost.FTEMonthUSD
	if v := w.EngineerUSDMonth; v != nil && *v > 0 {
		e.fteUSD = *v
	}
	e.load()
	var err error
	e.servingEngine, err = sizing.ParseEngine(w.Engine)
	return e, err
}

var shapes = map[Traffic]sizing.Shape{OfficeHours: sizing.OfficeHours, RoundTheClock: sizing.RoundTheClock, BatchTraffic: sizing.BatchShape}

// load sets what the traffic asks of a fleet.
func (e *engine) load() {
	w := &e.w
	e.shape = shapes[w.Traffic]
	e.peakFactor = sizing.PeakFactor(e.shape)
	if h := w.BatchHours; h != nil && w.Traffic == BatchTraffic && *h > 0 && *h < 24 {
		e.peakFactor *= 24 / *h
	}
	mean := e.base.Queries / secondsPerMonth
	if w.PeakQPS != nil && *w.PeakQPS > mean {
		e.peakFactor = *w.PeakQPS / mean
	}
	e.peakQPS = mean * e.peakFactor
	e.growthFactor = 1
	if g := e.base.Growth; g != 0 {
		n := float64(e.base.Months)
		e.growthFactor = math.Expm1(n*math.Log1p(g)) / (n * g) // ((1+g)^n - 1) / (n g), exact for the smallest g too
	}
	if w.Traffic != BatchTraffic {
		e.spare = 1 // one more replica for availability: somebody waits for the answer
		e.slo.P95E2E, e.slo.TTFT = w.LatencyP95, w.TTFT
		if w.StreamTokS != nil {
			e.slo.TPOT = time.Duration(float64(time.Second) / *w.StreamTokS)
		}
	}
}

// candidates weighs every option of every path, the best first.
func (e *engine) candidates() []*candidate {
	all := e.apiCandidates()
	all = append(all, e.selfCandidates()...)
	all = append(all, e.hybrids(all)...)
	all = append(all, e.todaysFleets()...)
	slices.SortFunc(all, better)
	return e.settleTies(all)
}

// settleTies moves the strongest model to the front of those that cost the same for practical purposes: below
// [cost.MaterialUSDMonth] a month price decides nothing, and choosing on it would cost more than it saves.
func (e *engine) settleTies(all []*candidate) []*candidate {
	if len(all) == 0 || !all[0].feasible() {
		return all
	}
	if *e.w.NoDataLeaves {
		return preferOwned(all)
	}
	limit := all[0].ranked() + e.material()
	later := e.base.Queries * math.Pow(1+max(0, e.base.Growth), float64(e.base.Months-1)) // a volume that grows has to tie at the end, too
	pick := 0
	for i, c := range all {
		if !c.feasible() || c.ranked() > limit {
			break
		}
		if c.opt.Path == PathHybrid || c.opt.Path == PathSelfHost { // more moving parts are no gift
			continue
		}
		if c.plan.MonthlyWithLabour(later) > all[0].plan.MonthlyWithLabour(later)+cost.MaterialUSDMonth {
			continue
		}
		if e.worth(c) > e.worth(all[pick])+markedScore {
			pick = i
		}
	}
	return toFront(all, pick)
}

// material is the difference over the horizon below which two options cost the same for practical purposes, in USD.
func (e *engine) material() float64 { return cost.MaterialUSDMonth * float64(e.base.Months) }

// markedScore is a difference in scores that people would notice.
const markedScore = 0.03

// preferOwned puts owned machines first where no data may leave and they cost little more than rented ones: a rented machine
// stands in somebody else's building, and whether it counts as inside is for the team to say.
func preferOwned(all []*candidate) []*candidate {
	const littleMore = 1.15
	for i, c := range all {
		if !c.feasible() || c.ranked() > all[0].ranked()*littleMore {
			break
		}
		if c.sized != nil && c.sized.supply.owned() {
			return toFront(all, i)
		}
	}
	return all
}

func toFront(all []*candidate, i int) []*candidate {
	c := all[i]
	copy(all[1:i+1], all[:i])
	all[0] = c
	return all
}

// worth is what settles a tie of costs: the model's scores, and for data that is not public that the vendor's terms are known.
func (e *engine) worth(c *candidate) float64 {
	const knownTerms = 0.1
	v := qualityOf(c)
	if c.trusted && e.w.Sensitivity != Public {
		v += knownTerms
	}
	return v
}
