package sizing

import (
	"fmt"
	"math"
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
// N+1). Where no number of replicas meets slo, because a single request alone is too slow, Meets is false and Why says
// so; the plan then carries the load at the best latency that the configuration has. Errors are those of [Predict].
func Fleet(cfg *Config, load Load, slo SLO, spare int) (FleetPlan, error) {
	return std.Fleet(cfg, load, slo, spare)
}

// maxReplicas bounds the search: beyond it a plan is a data centre's, not a team's.
const maxReplicas = 100_000

// Fleet is [Fleet] under the Sizer's constants.
func (z *Sizer) Fleet(cfg *Config, load Load, slo SLO, spare int) (FleetPlan, error) {
	if err := checkLoad(load, spare); err != nil {
		return FleetPlan{}, err
	}
	r, err := z.prepareFitting(cfg, load.ISL+load.OSL)
	if err != nil {
		return FleetPlan{}, err
	}
	f := fleet{replica: &r, load: load, slo: slo}
	f.peak = load.MeanQPS * peakFactor(load)
	f.variability = (or1(load.Burstiness, defaultBurstiness) + serviceVariability) / 2
	return f.plan(spare), nil
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
	*replica
	load        Load
	slo         SLO
	peak        float64 // queries a second
	variability float64 // (Ca²+Cs²)/2 of Allen-Cunneen
}

// plan finds the least number of replicas. Latency falls as replicas are added, so a doubling and a bisection find it.
func (f *fleet) plan(spare int) FleetPlan {
	isl, osl := float64(f.load.ISL), float64(f.load.OSL)
	top := f.saturated(isl, osl)
	maxQPS := top.output / osl
	least := int(math.Max(1, math.Ceil(f.peak/(maxQPS*maxUtilisation))))
	n := least
	if idle := f.operate(0, 1); f.meets(&idle) {
		n = f.search(least)
	}
	op := f.operate(f.peak/float64(n), n)
	return f.describe(n, spare, maxQPS, &op, f.meets(&op))
}

func (f *fleet) search(least int) int {
	ok := func(n int) bool { op := f.operate(f.peak/float64(n), n); return f.meets(&op) }
	lo, hi := least-1, least // lo misses, hi to be found
	for !ok(hi) && hi < maxReplicas {
		lo, hi = hi, hi*2
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

// operation is a replica under an open-loop share of the load.
type operation struct {
	state
	rate, utilisation   float64
	mean, p90, p95, p99 float64 // seconds end to end
	ttftP99             float64
}

func (f *fleet) meets(op *operation) bool {
	leanE2E, leanTTFT, leanTPOT := f.lean(MetricTail), f.lean(MetricTTFT), f.lean(MetricTPOT)
	return (f.slo.P95E2E == 0 || op.p95*leanE2E <= f.slo.P95E2E.Seconds()) &&
		(f.slo.TTFT == 0 || op.ttft*leanTTFT <= f.slo.TTFT.Seconds()) &&
		(f.slo.TPOT == 0 || op.tpot*leanTPOT <= f.slo.TPOT.Seconds())
}

func (r *replica) lean(m Metric) float64 { return math.Exp(r.c.Spread[m].Lean) }

func (f *fleet) operate(rate float64, replicas int) operation {
	return f.openLoop(float64(f.load.ISL), float64(f.load.OSL), rate, replicas, f.variability)
}

// openLoop is the state of one of n replicas that gets rate requests a second. Running requests follow from Little's
// law, with the service slowing as they grow; requests that find all slots of all replicas taken wait as Erlang C says,
// corrected for variability (Allen-Cunneen).
func (r *replica) openLoop(isl, osl, rate float64, n int, variability float64) operation {
	slots := r.capacity(isl, osl)
	mixed := r.mixedPrefill(isl)
	op := operation{rate: rate}
	op.isl, op.osl = isl, osl
	lo, hi := 0.0, slots
	for range 24 { // running = rate * time in service(running), a rising function: bisect
		b := (lo + hi) / 2
		if rate*r.serviceTime(&op.state, b, mixed, rate) > b {
			lo = b
		} else {
			hi = b
		}
	}
	running := (lo + hi) / 2
	service := r.serviceTime(&op.state, running, mixed, rate)
	top := r.saturated(isl, osl)
	op.utilisation = math.Min(rate/(top.output/osl), 1)
	op.batch, op.concurrency, op.output = math.Max(1, running), running, rate*osl
	servers := int(math.Max(1, math.Floor(slots))) * n
	wait, waitP90, waitP95, waitP99 := erlangWait(servers, running*float64(n), service, variability)
	busy := math.Min(rate*mixed, maxUtilisation)
	prefillWait := op.prefillOne * busy / (2 * (1 - busy))
	op.ttft += wait + prefillWait
	op.mean = service + wait + prefillWait
	jitter := latencySpread * math.Sqrt(busy+op.utilisation*op.utilisation)
	op.p90 = service*(1+1.2816*jitter) + waitP90 + prefillWait*2.3
	op.p95 = service*(1+1.645*jitter) + waitP95 + prefillWait*3
	op.p99 = service*(1+2.326*jitter) + waitP99 + prefillWait*4.6
	op.ttftP99 = op.ttft - wait + waitP99 + prefillWait*3.6 + op.prefillOne*ttftTailPrefills
	op.e2e = op.mean
	return op
}

// serviceTime is the time from start to last token with b requests running and prefills arriving at rate.
func (r *replica) serviceTime(st *state, b, mixed, rate float64) float64 {
	st.batch = math.Max(1, b)
	r.service(st)
	busy := math.Min(rate*mixed, 0.95)
	st.tpot = st.step / (1 - busy)
	st.ttft = r.firstToken() + st.prefillOne + st.step/2
	return st.ttft + (st.osl-1)*st.tpot
}

// erlangWait returns mean, 90th, 95th and 99th percentile of the wait in an M/M/c queue of c servers under offered erlangs, with
// service seconds, each scaled by the variability of arrivals and service.
func erlangWait(c int, offered, service, variability float64) (mean, p90, p95, p99 float64) {
	if offered <= 0 {
		return 0, 0, 0, 0
	}
	rho := math.Min(offered/float64(c), maxOffered)
	pw := erlangC(c, rho*float64(c))
	slack := float64(c) * (1 - rho) / service // 1/s: rate at which the queue empties
	mean = pw / slack * variability
	q := func(tail float64) float64 {
		if pw <= tail {
			return 0
		}
		return math.Log(pw/tail) / slack * variability
	}
	return mean, q(0.1), q(0.05), q(0.01)
}

// erlangC is the probability that an arrival waits with c servers under a erlangs, a < c. It uses the recursion of
// Erlang B, which does not overflow.
func erlangC(c int, a float64) float64 {
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

func (f *fleet) describe(n, spare int, maxQPS float64, op *operation, meets bool) FleetPlan {
	p := FleetPlan{
		Serving: n, Replicas: n + spare, GPUs: (n + spare) * f.cfg.GPUs,
		PeakQPS: f.peak, MaxQPSReplica: maxQPS, Meets: meets,
		Concurrency:     f.peak * op.mean,
		SlotsPerReplica: f.slots(),
		UtilisationPeak: op.utilisation,
		UtilisationMean: f.load.MeanQPS / (maxQPS * float64(n+spare)),
	}
	w := f.warnings(op.isl + op.osl)
	p.P95 = f.estimate(MetricTail, op.p95, w)
	p.Perf = f.performance(op.state)
	p.Perf.E2E = f.estimate(MetricE2E, op.mean, w)
	p.Warnings = w
	if op.utilisation > 0 {
		p.Headroom = 1/op.utilisation - 1
	}
	if !meets {
		p.Why = f.why(op)
	}
	return p
}

// slots is the largest number of requests at once at which mean latency, with room for the tail, meets the target.
func (f *fleet) slots() int {
	isl, osl := f.load.isl(), f.load.osl()
	lo, hi := 1, int(f.capacity(isl, osl))
	meets := func(c int) bool {
		st := f.closedLoop(isl, osl, float64(c))
		op := operation{state: st, p95: st.e2e}
		return f.meets(&op)
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

func (l Load) isl() float64 { return float64(l.ISL) }
func (l Load) osl() float64 { return float64(l.OSL) }

func (f *fleet) why(op *operation) string {
	idle := f.operate(0, 1)
	switch {
	case f.slo.P95E2E > 0 && idle.p95*f.lean(MetricTail) > f.slo.P95E2E.Seconds():
		return fmt.Sprintf("one request alone takes %.1f s, the target is %.1f s: more replicas do not help, a faster accelerator, more of them per replica or a smaller model does",
			idle.p95*f.lean(MetricTail), f.slo.P95E2E.Seconds())
	case f.slo.TTFT > 0 && idle.ttft*f.lean(MetricTTFT) > f.slo.TTFT.Seconds():
		return fmt.Sprintf("the first token of one request alone takes %.0f ms, the target is %.0f ms", 1e3*idle.ttft, 1e3*f.slo.TTFT.Seconds())
	case f.slo.TPOT > 0 && idle.tpot*f.lean(MetricTPOT) > f.slo.TPOT.Seconds():
		return fmt.Sprintf("one request alone takes %.1f ms per token, the target is %.1f ms", 1e3*idle.tpot, 1e3*f.slo.TPOT.Seconds())
	}
	return fmt.Sprintf("p95 is %.1f s at the peak with %d replicas", op.p95, maxReplicas)
}
