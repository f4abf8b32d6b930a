package sizing

import "math"

// Capacity says how much load a growing fleet of one configuration carries.
type Capacity struct {
	f           fleet
	meets       bool    // an idle replica is within the target; else only throughput counts
	most        float64 // requests a second of one replica at the load up to which it is planned
	mostRunning float64 // requests that run at once then
	mostByRun   float64 // requests a second at which they do; less than most where all slots are taken before
}

// CapacityOf prepares the capacity of cfg for requests of load's shape within slo; load.MeanQPS does not matter. Errors are those of [Fleet].
func CapacityOf(cfg *Config, load Load, slo SLO) (*Capacity, error) {
	return std.CapacityOf(cfg, load, slo)
}

// CapacityOf is [CapacityOf] under the Sizer's constants.
func (z *Sizer) CapacityOf(cfg *Config, load Load, slo SLO) (*Capacity, error) {
	if err := checkLoad(load, 0); err != nil {
		return nil, err
	}
	r, err := z.prepareFitting(cfg, load.ISL+load.OSL)
	if err != nil {
		return nil, err
	}
	c := &Capacity{f: newFleet(&r, load, slo)}
	idle := c.f.operate(0, 1)
	c.meets = c.f.meets(&idle)
	c.most = c.f.maxRate() * maxUtilisation
	c.mostRunning = c.f.running(c.most)
	c.mostByRun = math.Min(c.f.rateOf(c.mostRunning), c.most)
	return c, nil
}

// WithoutTarget is the capacity of the same fleet where only throughput counts.
func (c *Capacity) WithoutTarget() *Capacity {
	d := *c
	d.meets = false
	return &d
}

// Meets reports whether an idle replica is within the target.
func (c *Capacity) Meets() bool { return c.meets }

// QPS returns the most queries a second, at the peak, that n replicas carry within the target; where not even an idle replica
// meets it, what they carry without one. It is what [Fleet] plans by: at a load just above it Fleet takes one replica more.
func (c *Capacity) QPS(n int) float64 {
	if !c.meets {
		return c.most * float64(n)
	}
	excess := func(x float64) (rate, by float64) {
		rate, running := c.load(x)
		op := c.f.openLoopAt(rate, running, n, c.f.variability)
		return rate, c.f.excess(&op)
	}
	lo, hi := 0.0, 1.0
	_, glo := excess(lo)
	_, ghi := excess(hi)
	if ghi <= 0 {
		lo, glo, hi = hi, ghi, 2
		if _, ghi = excess(hi); ghi <= 0 {
			return c.most * float64(n)
		}
	}
	for i := 0; i < 60 && hi-lo > capacityTolerance*hi; i++ { // Illinois variant of regula falsi
		mid := (lo*ghi - hi*glo) / (ghi - glo)
		switch rate, g := excess(mid); {
		case math.Abs(g) < excessTolerance:
			return rate * float64(n)
		case g > 0:
			hi, ghi, glo = mid, g, glo/2
		default:
			lo, glo, ghi = mid, g, ghi/2
		}
	}
	rate, _ := c.load(lo)
	return rate * float64(n)
}

// load returns a rate of requests to one replica and how many run at once then, for x between 0, idle, and 2, the most that is planned. Up to 1
// requests come to run, since the rate follows from these at once and not the other way round; beyond it all slots are taken.
func (c *Capacity) load(x float64) (rate, running float64) {
	if x <= 1 {
		running = x * c.mostRunning
		return c.f.rateOf(running), running
	}
	return c.mostByRun + (x-1)*(c.most-c.mostByRun), c.mostRunning
}

// How closely a capacity is found, as a share of it, and how closely a target is met. The latter is much the closer one: where an idle replica all but
// misses the target, a little of it is most of the capacity.
const (
	capacityTolerance = 1e-4
	excessTolerance   = 1e-7
)

// excess is by what share the worst of the targets is missed; not above 0 where all are met.
func (f *fleet) excess(op *operation) float64 {
	worst := math.Inf(-1)
	hold := func(v, target float64) {
		if target > 0 {
			worst = math.Max(worst, v/target-1)
		}
	}
	hold(op.p95*f.lean(MetricTail), f.slo.P95E2E.Seconds())
	hold(op.ttft*f.lean(MetricTTFT), f.slo.TTFT.Seconds())
	hold(op.tpot*f.lean(MetricTPOT), f.slo.TPOT.Seconds())
	return worst
}

// Staircase returns how many queries a second, at the peak, 1, 2 ... most replicas carry, ascending. Doublings, exact and the one
// before it, and most are computed; between two computed ones the line is followed, which is close, since replicas share no more
// than their waiting.
func (c *Capacity) Staircase(exact, most int) []float64 {
	steps := make([]float64, 0, most)
	at, carries := 0, 0.0
	for n := 1; ; n = nextAnchor(n, exact, most) {
		q := math.Max(c.QPS(n), carries)
		for k := at + 1; k <= n; k++ {
			steps = append(steps, carries+(q-carries)*float64(k-at)/float64(n-at))
		}
		if n >= most {
			return steps
		}
		at, carries = n, q
	}
}

// nextAnchor is the next number of replicas to compute.
func nextAnchor(n, exact, most int) int {
	next := min(2*n, most)
	for _, want := range [...]int{exact - 1, exact} {
		if n < want {
			next = min(next, want)
		}
	}
	return next
}
