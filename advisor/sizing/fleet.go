package sizing

import (
	"fmt"
	"math"

	"github.com/llmadvise/llmadvise/advisor/quantity"
)

// PeakFactor is the load of the busiest stretch over the monthly mean, by traffic shape.
//
// Round the clock: busiest minute over mean of Azure's public chat trace (AzurePublicDataset, recomputed). Office hours:
// 70 % of the load in 220 of 730 h is 2.32 times the mean, times the same factor within the hour. Batch is spread evenly.
func PeakFactor(s Shape) float64 {
	switch s {
	case OfficeHours:
		return officeHoursShare * hoursPerMonth / officeHours * minuteOverMean
	case BatchShape:
		return 1
	}
	return minuteOverMean
}

// Fleet returns the least number of replicas at which the peak of load meets slo, and spare more for availability (1 is
// N+1). Where no number of replicas meets slo, because a single request alone is too slow or only idle replicas are
// fast enough, Meets is false and Why says so; the plan then carries the load without meeting the target. Errors are those of [Predict].
func Fleet(cfg *Config, load Load, slo SLO, spare int) (FleetPlan, error) {
	return std.Fleet(cfg, load, slo, spare)
}

// Fleet is [Fleet] under the Sizer's constants.
func (z *Sizer) Fleet(cfg *Config, load Load, slo SLO, spare int) (FleetPlan, error) {
	if err := checkLoad(load, spare); err != nil {
		return FleetPlan{}, err
	}
	r, err := z.prepareFitting(cfg, load.ISL+load.OSL)
	if err != nil {
		return FleetPlan{}, err
	}
	f := newFleet(&r, load, slo)
	return f.plan(spare), nil
}

// FleetOf returns what a given number of replicas, 1 or more, does under load, all of them serving. Where they miss slo, or the load at its peak is more
// than they are planned for, Meets is false and Why says so. Errors are those of [Predict].
func FleetOf(cfg *Config, load Load, slo SLO, replicas int) (FleetPlan, error) {
	return std.FleetOf(cfg, load, slo, replicas)
}

// FleetOf is [FleetOf] under the Sizer's constants.
func (z *Sizer) FleetOf(cfg *Config, load Load, slo SLO, replicas int) (FleetPlan, error) {
	if err := checkLoad(load, 0); err != nil {
		return FleetPlan{}, err
	}
	if replicas < 1 {
		return FleetPlan{}, fmt.Errorf("sizing: a fleet has 1 replica or more, got %d", replicas)
	}
	r, err := z.prepareFitting(cfg, load.ISL+load.OSL)
	if err != nil {
		return FleetPlan{}, err
	}
	f := newFleet(&r, load, slo)
	return f.of(replicas), nil
}

func newFleet(r *replica, load Load, slo SLO) fleet {
	f := fleet{loaded: r.under(float64(load.ISL), float64(load.OSL)), load: load, slo: slo}
	f.peak = load.MeanQPS * peakFactor(load)
	f.variability = (or1(load.Burstiness, defaultBurstiness) + serviceVariability) / 2
	return f
}

func checkLoad(l Load, spare int) error {
	if !(l.MeanQPS >= 0) || math.IsInf(l.MeanQPS, 0) || l.PeakFactor < 0 || l.Burstiness < 0 || spare < 0 {
		return fmt.Errorf("sizing: a load needs a finite rate, peak factor, burstiness and spare count of 0 or more, got %+v, spare %d", l, spare)
	}
	return checkTokens(l.ISL, l.OSL)
}

func peakFactor(l Load) float64 { return or1(l.PeakFactor, PeakFactor(l.Shape)) }

func or1(x, d float64) float64 {
	if x > 0 {
		return x
	}
	return d
}

// fleet is one search for a number of replicas.
type fleet struct {
	loaded
	load        Load
	slo         SLO
	peak        float64 // queries a second
	variability float64 // (Ca²+Cs²)/2 of Allen-Cunneen
}

// plan finds the least number of replicas. Latency falls as replicas are added, so a doubling and a bisection find it.
func (f *fleet) plan(spare int) FleetPlan {
	maxQPS := f.maxRate()
	n := int(math.Max(1, math.Ceil(f.peak/(maxQPS*maxUtilisation))))
	op := f.operate(f.peak/float64(n), n)
	var idle operation
	if !f.meets(&op) {
		if idle = f.operate(0, 1); f.meets(&idle) {
			n = f.search(n)
			op = f.operate(f.peak/float64(n), n)
		}
	}
	p := f.describe(n, spare, maxQPS, &op)
	if !p.Meets {
		p.Why = f.why(&op, &idle, n)
	}
	return p
}

// of describes n replicas, whether they are enough or not.
func (f *fleet) of(n int) FleetPlan {
	maxQPS := f.maxRate()
	op := f.operate(f.peak/float64(n), n)
	p := f.describe(n, 0, maxQPS, &op)
	switch planned := maxQPS * maxUtilisation * float64(n); {
	case f.peak > planned:
		p.Meets = false
		p.Why = fmt.Sprintf("carries %.2g queries a second with room to spare, the peak is %.2g", planned, f.peak)
	case !p.Meets:
		idle := f.operate(0, 1)
		if p.Why = f.why(&op, &idle, n); f.meets(&idle) {
			p.Why = fmt.Sprintf("p95 is %.1f s at the peak", op.p95*f.lean(MetricTail))
		}
	}
	return p
}

// search finds the least number of replicas that meets the targets, above misses, which does not. Where that takes more
// than mostlyIdle times as many, the target is at the edge of what an idle replica does: misses is returned.
func (f *fleet) search(misses int) int {
	ok := func(n int) bool { op := f.operate(f.peak/float64(n), n); return f.meets(&op) }
	lo, hi := misses, misses+1
	for !ok(hi) {
		lo, hi = hi, hi*2
		if hi > misses*mostlyIdle {
			return misses
		}
	}
	for hi-lo > 1 {
		if mid := lo + (hi-lo)/2; ok(mid) {
			hi = mid
		} else {
			lo = mid
		}
	}
	return hi
}

func (f *fleet) meets(op *operation) bool {
	leanE2E, leanTTFT, leanTPOT := f.lean(MetricTail), f.lean(MetricTTFT), f.lean(MetricTPOT)
	return (f.slo.P95E2E == 0 || op.p95*leanE2E <= f.slo.P95E2E.Seconds()) &&
		(f.slo.TTFT == 0 || op.ttft*leanTTFT <= f.slo.TTFT.Seconds()) &&
		(f.slo.TPOT == 0 || op.tpot*leanTPOT <= f.slo.TPOT.Seconds())
}

func (f *fleet) operate(rate float64, replicas int) operation {
	return f.openLoop(rate, replicas, f.variability)
}

// waits are the mean and percentiles of a wait, in seconds.
type waits struct{ mean, p90, p95, p99 float64 }

// erlangWait is the wait in an M/M/c queue of c servers under offered erlangs, with service seconds, scaled by the
// variability of arrivals and service.
func erlangWait(c int, offered, service, variability float64) waits {
	if offered <= 0 {
		return waits{}
	}
	rho := math.Min(offered/float64(c), maxOffered)
	pw := erlangC(c, rho*float64(c))
	slack := float64(c) * (1 - rho) / service // 1/s: rate at which the queue empties
	q := func(tail float64) float64 {
		if pw <= tail {
			return 0
		}
		return math.Log(pw/tail) / slack * variability
	}
	return waits{pw / slack * variability, q(0.1), q(0.05), q(0.01)}
}

// erlangC is the probability that an arrival waits with c servers under a erlangs, a < c. It uses the recursion of
// Erlang B, which does not overflow.
func erlangC(c int, a float64) float64 {
	if float64(c)-a > 6*math.Sqrt(a)+6 { // six standard deviations of room: below 1e-8
		return 0
	}
	b := 1.0
	for k := 1; k <= c; k++ {
		b = a * b / (float64(k) + a*b)
		if b < 1e-300 {
			return 0
		}
	}
	rho := a / float64(c)
	return b / (1 - rho*(1-b))
}

func (f *fleet) describe(n, spare int, maxQPS float64, op *operation) FleetPlan {
	w := f.warnings(op.isl + op.osl)
	p := FleetPlan{
		Serving: n, Replicas: n + spare, GPUs: (n + spare) * f.cfg.GPUs,
		PeakQPS: f.peak, MaxQPSReplica: maxQPS, Meets: f.meets(op),
		Concurrency:     f.peak * op.mean,
		SlotsPerReplica: f.slots(),
		UtilisationPeak: op.utilisation,
		UtilisationMean: f.load.MeanQPS / (maxQPS * float64(n+spare)),
		P95:             f.estimate(MetricTail, op.p95, w),
		Perf:            f.performance(&op.state),
		Warnings:        w,
	}
	p.Perf.E2E = f.estimate(MetricE2E, op.mean, w)
	p.MissChance = f.missChance(&p)
	if op.utilisation > 0 {
		p.Headroom = 1/op.utilisation - 1
	}
	return p
}

// missChance is the chance that the target least sure to be met is missed: they err together.
func (f *fleet) missChance(p *FleetPlan) float64 {
	chance := 0.0
	for _, t := range []struct {
		figure quantity.Estimate
		target float64
	}{{p.P95, f.slo.P95E2E.Seconds()}, {p.Perf.TTFT, 1e3 * f.slo.TTFT.Seconds()}, {p.Perf.TPOT, 1e3 * f.slo.TPOT.Seconds()}} {
		if t.target > 0 {
			chance = math.Max(chance, t.figure.Above(t.target))
		}
	}
	return chance
}

// slots is the largest number of requests at once at which mean latency meets the target; 1 where none does.
func (f *fleet) slots() int {
	meets := func(c int) bool {
		op := operation{state: f.closedLoop(float64(c))}
		op.p95 = op.e2e
		return f.meets(&op)
	}
	lo, hi := 1, int(f.capacity)
	if meets(hi) {
		return hi
	}
	for lo < hi {
		if mid := lo + (hi-lo+1)/2; meets(mid) {
			lo = mid
		} else {
			hi = mid - 1
		}
	}
	return lo
}

// why says which target one request alone already misses, or how far the fleet is from meeting it.
func (f *fleet) why(op, idle *operation, n int) string {
	e2e, ttft, tpot := idle.p95*f.lean(MetricTail), idle.ttft*f.lean(MetricTTFT), idle.tpot*f.lean(MetricTPOT)
	switch {
	case f.slo.P95E2E > 0 && e2e > f.slo.P95E2E.Seconds():
		return fmt.Sprintf("one request alone takes %.1f s, the target is %.1f s: more replicas do not help; a faster accelerator, more of them per replica or a smaller model does",
			e2e, f.slo.P95E2E.Seconds())
	case f.slo.TTFT > 0 && ttft > f.slo.TTFT.Seconds():
		return fmt.Sprintf("the first token of one request alone takes %.0f ms, the target is %.0f ms", 1e3*ttft, 1e3*f.slo.TTFT.Seconds())
	case f.slo.TPOT > 0 && tpot > f.slo.TPOT.Seconds():
		return fmt.Sprintf("one request alone takes %.1f ms per token, the target is %.1f ms", 1e3*tpot, 1e3*f.slo.TPOT.Seconds())
	}
	replicas := "one replica"
	if n > 1 {
		replicas = fmt.Sprintf("%d replicas", n)
	}
	return fmt.Sprintf("p95 is %.1f s at the peak with %s, and an idle one barely meets the target: more replicas would stand idle", op.p95*f.lean(MetricTail), replicas)
}
