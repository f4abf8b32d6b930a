package sizing

import (
	"fmt"
	"math"

	"github.com/llmadvise/llmadvise/advisor/quantity"
)

// Predict returns what one replica does with p.Concurrency requests in flight at all times. Requests beyond what the KV
// cache or the engine's limit holds wait, which shows in TTFT. The error wraps [ErrShape], or is an [*UnfitError] where
// the configuration does not start.
func Predict(cfg *Config, p Point) (Performance, error) { return std.Predict(cfg, p) }

// Saturated is [Predict] with as many requests in flight as the replica can run: its throughput is the most that the
// replica gives for this shape of requests.
func Saturated(cfg *Config, isl, osl int) (Performance, error) { return std.Saturated(cfg, isl, osl) }

// UnfitError says that a configuration does not start, with the memory plan that shows why.
type UnfitError struct{ Plan MemoryPlan }

func (e *UnfitError) Error() string { return "sizing: does not fit: " + e.Plan.Reason }

// Predict is [Predict] under the Sizer's constants.
func (z *Sizer) Predict(cfg *Config, p Point) (Performance, error) {
	if p.Concurrency < 1 {
		return Performance{}, fmt.Errorf("sizing: concurrency must be 1 or more, got %d", p.Concurrency)
	}
	var r Ready
	if err := z.Prepare(&r, cfg, p.ISL, p.OSL); err != nil {
		return Performance{}, err
	}
	return r.At(p.Concurrency), nil
}

// Saturated is [Saturated] under the Sizer's constants.
func (z *Sizer) Saturated(cfg *Config, isl, osl int) (Performance, error) {
	var r Ready
	if err := z.Prepare(&r, cfg, isl, osl); err != nil {
		return Performance{}, err
	}
	return r.Saturated(), nil
}

// Ready is a configuration made ready for requests of one length, for those who want more than one point of it: reading off what does not depend on
// the load is most of the work. The zero value is not ready.
type Ready struct {
	r replica
	l loaded // without its replica: a pointer to itself would put each of thousands on the heap
}

// Prepare makes r ready for cfg under requests of isl input and osl output tokens. Errors are those of [Predict].
func Prepare(r *Ready, cfg *Config, isl, osl int) error { return std.Prepare(r, cfg, isl, osl) }

// Prepare is [Prepare] under the Sizer's constants.
func (z *Sizer) Prepare(r *Ready, cfg *Config, isl, osl int) error {
	if err := checkTokens(isl, osl); err != nil {
		return err
	}
	var err error
	if r.r, err = z.prepareFitting(cfg, isl+osl); err != nil {
		return err
	}
	r.l = r.r.under(float64(isl), float64(osl))
	r.l.replica = nil
	return nil
}

func (r *Ready) loaded() loaded {
	l := r.l
	l.replica = &r.r
	return l
}

// At is [Predict] with concurrency requests in flight, 1 or more.
func (r *Ready) At(concurrency int) Performance {
	l := r.loaded()
	st := l.closedLoop(float64(concurrency))
	return r.r.performance(&st)
}

// Idle is how far an idle replica is from the worst of its targets, as a factor: above 1 it misses one, and so does a fleet of any size. 0 where
// there are none.
func (r *Ready) Idle(slo SLO) float64 {
	f := fleet{loaded: r.loaded(), slo: slo}
	op := f.operate(0, 1)
	return math.Max(0, 1+f.excess(&op))
}

// Saturated is [Saturated] of the configuration.
func (r *Ready) Saturated() Performance {
	l := r.loaded()
	st := l.closedLoop(l.capacity)
	return r.r.performance(&st)
}

// maxTokens is far above any model's context: a larger number is a mistake of the caller.
const maxTokens = 20_000_000

func checkTokens(isl, osl int) error {
	if isl < 0 || osl < 1 || isl > maxTokens || osl > maxTokens {
		return fmt.Errorf("sizing: input tokens must be 0 or more and output tokens 1 or more (at most %d each), got %d and %d", maxTokens, isl, osl)
	}
	return nil
}

func (z *Sizer) prepareFitting(cfg *Config, ctx int) (replica, error) {
	r, err := z.prepare(cfg)
	if err != nil {
		return r, err
	}
	if plan := r.memory(ctx, 1); !plan.Fits {
		return r, &UnfitError{plan}
	}
	return r, nil
}

func (r *replica) performance(st *state) Performance {
	w := r.warnings(st.isl + st.osl)
	prefill := st.isl / math.Max(st.prefillOne, 1e-9)
	return Performance{
		Batch:         st.batch,
		TTFT:          r.estimate(MetricTTFT, 1e3*st.ttft, w),
		TPOT:          r.estimate(MetricTPOT, 1e3*st.tpot, w),
		DecodePerUser: r.estimate(MetricDecode, 1/st.tpot, w),
		OutputTotal:   r.estimate(MetricOutput, st.output, w),
		Prefill:       r.estimate(MetricPrefill, prefill, w),
		E2E:           r.estimate(MetricE2E, st.e2e, w),
		Warnings:      w,
	}
}

// Warnings that travel with a figure. They are shared, so that predicting does not allocate.
const (
	warnLongContext = "context beyond 32k tokens: outside the measured range, interval widened"
	warnSpeculative = "speculative decoding: the speed-up is the caller's, interval widened"
	warnManyCards   = "more than 8 accelerators in one replica: outside the measured range, interval widened"
)

const warnEdge = "at the edge of saturation: whether a queue builds up hangs on a few per cent of memory or speed, interval widened"

const longContext = 32_768

func (r *replica) warnings(ctx float64) []string {
	var w []string
	if ctx > longContext+4096 {
		w = append(w, warnLongContext)
	}
	if r.cfg.SpeculativeSpeedup > 1 {
		w = append(w, warnSpeculative)
	}
	if r.cfg.GPUs > 16 {
		w = append(w, warnManyCards)
	}
	return w
}

// estimate puts the interval around a computed value, wider for each warning.
func (r *replica) estimate(m Metric, v float64, warnings []string) quantity.Estimate {
	f := r.fac[m]
	if len(warnings) > 0 {
		widen := 1 + warningWiden*float64(len(warnings))
		f.lo, f.hi = f.mid*math.Pow(f.lo/f.mid, widen), f.mid*math.Pow(f.hi/f.mid, widen)
	}
	return quantity.Estimate{Lo: v * f.lo, Mid: v * f.mid, Hi: v * f.hi, Confidence: confidence, Basis: basisSpeed, Warnings: warnings}
}

// lean is the factor that moves a computed value to the safe side.
func (r *replica) lean(m Metric) float64 { return r.fac[m].mid }

// OpenLoop is what one replica does when requests arrive at random at a rate, rather than as others finish.
type OpenLoop struct {
	Performance
	TTFTp99, P90, P99 quantity.Estimate // ms; seconds; seconds
	Utilisation       float64           // share of the most that the replica can do
}

// PredictOpenLoop returns what one replica does with rate requests a second arriving at random, all of the same
// length. Beyond the
// saturated rate the queue grows without bound; the figures then stand for the edge of it.
func PredictOpenLoop(cfg *Config, isl, osl int, rate float64) (OpenLoop, error) {
	return std.PredictOpenLoop(cfg, isl, osl, rate)
}

// PredictOpenLoop is [PredictOpenLoop] under the Sizer's constants.
func (z *Sizer) PredictOpenLoop(cfg *Config, isl, osl int, rate float64) (OpenLoop, error) {
	if err := checkLoad(Load{MeanQPS: rate, ISL: isl, OSL: osl}, 0); err != nil {
		return OpenLoop{}, err
	}
	r, err := z.prepareFitting(cfg, isl+osl)
	if err != nil {
		return OpenLoop{}, err
	}
	l := r.under(float64(isl), float64(osl))
	op := l.openLoop(rate, 1, poissonOfEqualRequests)
	o := OpenLoop{Performance: r.performance(&op.state), Utilisation: op.utilisation}
	if op.utilisation > edgeUtilisation {
		o.Warnings = append(o.Warnings, warnEdge)
	}
	w := o.Warnings
	o.E2E = r.estimate(MetricE2E, op.mean, w)
	o.P90 = r.estimate(MetricTail, op.p90, w)
	o.P99 = r.estimate(MetricTail, op.p99, w)
	o.TTFTp99 = r.estimate(MetricTTFTTail, 1e3*op.ttftP99, w)
	if op.utilisation > edgeUtilisation { // a few per cent more memory, or a short run, and no queue builds up
		share := op.unqueued / op.mean
		for _, e := range []*quantity.Estimate{&o.E2E, &o.P90, &o.P99} {
			e.Lo *= share
		}
		o.TTFTp99.Lo = math.Min(o.TTFTp99.Lo, o.TTFT.Lo*op.prefillOne/math.Max(op.ttft, op.prefillOne))
	}
	return o, nil
}

// WithinSLO returns the performance of one replica at the highest rate of random arrivals at which the 99th percentile
// of TTFT and of TPOT (seconds) stay within the targets, as MLPerf's server scenario asks. If even an idle
// replica misses them, the output is that of one request at a time.
func (z *Sizer) WithinSLO(cfg *Config, isl, osl int, ttftP99, tpot float64) (Performance, error) {
	r, err := z.prepareFitting(cfg, isl+osl)
	if err != nil {
		return Performance{}, err
	}
	l := r.under(float64(isl), float64(osl))
	lo, hi := 0.0, l.maxRate()*sloUtilisation
	for range 16 {
		mid := (lo + hi) / 2
		op := l.openLoop(mid, 1, poissonOfEqualRequests)
		if op.ttftP99 <= ttftP99 && op.tpot*tailTPOT <= tpot {
			lo = mid
		} else {
			hi = mid
		}
	}
	if lo == 0 {
		st := l.closedLoop(1)
		return r.performance(&st), nil
	}
	op := l.openLoop(lo, 1, poissonOfEqualRequests)
	return r.performance(&op.state), nil
}
