package sizing

import "math"

// loaded is a replica under requests of one shape: what is left to vary is how many there are. All times are seconds.
type loaded struct {
	*replica
	isl, osl   float64
	capacity   float64 // requests that run at once at most
	first      float64 // from request to first token, beyond prefill
	host       float64 // the part of it that requests of a burst go through one after the other
	prefillOne float64 // one unloaded prefill
	mixed      float64 // what one more prefill costs a busy engine

	// A decode step over b requests takes merge(weights(b), compute*b) + perRequest*b + fixed.
	readDense, readExperts     float64 // reading the weights; the second times coverage
	compute, perRequest, fixed float64
}

// under prepares r for requests of isl input and osl output tokens.
func (r *replica) under(isl, osl float64) loaded {
	l := loaded{replica: r, isl: isl, osl: osl, first: r.firstToken()}
	l.capacity = r.requestsAtOnce(isl, osl)
	l.prefillOne = r.prefill(r.uncached(isl))
	l.mixed = r.mixedPrefill(isl)
	if r.cfg.Engine == VLLM {
		l.host = l.first
	}
	l.setStep(isl + osl/2)
	return l
}

// setStep derives the coefficients of a decode step at ctx tokens of context.
func (l *loaded) setStep(ctx float64) {
	r := l.replica
	n := r.parallel()
	dense := r.linearBytes(r.p) + r.head*r.p.Head/8
	l.readDense, l.readExperts = dense/n/r.stream, r.expertBytes(r.p)*r.scattered/n/r.stream
	if r.cfg.Layout == DataExpert {
		l.readDense = dense / r.stream
	}
	l.compute = r.linearTime(1) + 2*r.head/(n*r.flops)
	kv := r.kvElements(ctx) * r.kvElem * r.kvReads / r.kvParallel() / r.kvStream
	attend := r.attentionPerToken(ctx) / n / r.attention
	spread := 1.0 // over how many accelerators requests, rather than layers, are spread
	if r.cfg.Layout == DataExpert {
		spread = r.n
	}
	l.perRequest = merge(kv, attend) + (r.c.SequenceUS*1e-6+r.communicate(1)-r.communicate(0))/spread
	l.fixed = r.layerTime()
}

// step is the time of one decode step over b requests.
func (l *loaded) step(b float64) float64 {
	read := l.readDense
	if l.nExperts > 0 {
		read += l.readExperts * l.coverage(b, l.c.Alike)
	}
	return (merge(read, l.compute*b) + l.perRequest*b + l.fixed) / l.speculative()
}

// state is the steady state of one replica: times in seconds, rates per second.
type state struct {
	isl, osl    float64
	concurrency float64
	batch       float64 // requests that run at once
	prefillOne  float64 // one unloaded prefill
	step        float64 // one decode step, no prefill in it
	tpot        float64
	ttft        float64
	e2e         float64
	output      float64 // tokens a second, all requests
}

// closedLoop is the steady state with c requests always in flight. In one request's life each of the others is
// prefilled once, which slows decoding by that much: engines either interrupt decoding for it or mix it into the steps.
func (l *loaded) closedLoop(c float64) state {
	st := state{isl: l.isl, osl: l.osl, concurrency: c, batch: math.Min(c, l.capacity), prefillOne: l.prefillOne}
	st.step = l.step(st.batch)
	others := st.batch - 1
	st.tpot = st.step + others*l.mixed/l.osl
	cycle := st.batch*l.mixed + l.osl*st.step
	st.output = st.batch * l.osl / cycle
	busy := others * l.mixed / cycle // share of time that the prefills of others take
	wait := st.prefillOne*busy/(2*(1-busy)) + l.prof.burst*others/2*(l.mixed+l.host)
	st.ttft = l.first + st.prefillOne + st.step/2 + wait
	if st.batch > 1 {
		st.ttft += st.step / 2
	}
	if waiting := c - st.batch; waiting > 0 {
		st.ttft += waiting / st.batch * cycle
	}
	st.e2e = st.ttft + (l.osl-1)*st.tpot
	return st
}

// maxRate is the rate of requests at which the replica saturates.
func (l *loaded) maxRate() float64 {
	return l.capacity / (l.capacity*l.mixed + l.osl*l.step(l.capacity))
}

// requestsAtOnce is how many requests of the given shape run at once: the KV cache holds each at its mean length, half
// of its output written.
func (r *replica) requestsAtOnce(isl, osl float64) float64 {
	free := r.freeForKV(r.util)
	perRequest := r.kvElements(isl+osl/2) * r.kvElem / r.kvSplit / gib
	limit := r.maxSequences
	if r.cfg.Layout == DataExpert { // each accelerator runs its own requests
		limit *= float64(r.cfg.GPUs)
	}
	return math.Max(1, math.Min(free/perRequest, limit))
}

func (r *replica) uncached(isl float64) float64 {
	return isl * (1 - math.Min(math.Max(r.cfg.PrefixCacheShare, 0), 1))
}

func (r *replica) speculative() float64 { return math.Max(1, r.cfg.SpeculativeSpeedup) }

// mixedPrefill is what one more prefill costs a busy engine: its arithmetic and communication, since the weights are
// being read for the other requests anyway.
func (r *replica) mixedPrefill(isl float64) float64 {
	n := r.uncached(isl)
	if n <= 0 {
		return 0
	}
	t := r.linearTime(n) + (2*r.head+r.attentionFLOPs(n))/(r.parallel()*r.flops) + r.activationTime(n)
	if r.cfg.Layout == LayerSplit {
		t *= r.pipeline(n)
	}
	if r.cfg.Layout == DataExpert {
		n /= r.n
	}
	return t + r.communicate(n) - r.communicate(0)
}

func (r *replica) firstToken() float64 {
	if r.cfg.Offline {
		return 0
	}
	ms := r.prof.firstTokenMS
	if r.cfg.Engine == VLLM {
		ms += r.layers * r.c.VLLMPrefillLayerUS * 1e-3
	}
	return ms * 1e-3
}

// operation is a replica under random arrivals.
type operation struct {
	state
	rate, utilisation   float64
	mean, p90, p95, p99 float64 // seconds end to end
	unqueued            float64 // mean, if no request ever waited for a slot
	ttftP99             float64
}

// openLoop is the state of one of n replicas that gets rate requests a second. Running requests follow from Little's
// law, with the service slowing as they grow; requests that find all slots of all replicas taken wait as Erlang C says,
// corrected for variability (Allen-Cunneen).
func (l *loaded) openLoop(rate float64, n int, variability float64) operation {
	return l.openLoopAt(rate, l.running(rate), n, variability)
}

// openLoopAt is [loaded.openLoop] where it is known how many requests run at that rate.
func (l *loaded) openLoopAt(rate, running float64, n int, variability float64) operation {
	op := operation{rate: rate}
	op.isl, op.osl, op.prefillOne = l.isl, l.osl, l.prefillOne
	service := l.serviceTime(&op.state, running, rate)
	op.utilisation = math.Min(rate/l.maxRate(), 1)
	op.batch, op.concurrency, op.output = math.Max(1, running), running, rate*l.osl
	servers := int(math.Max(1, math.Floor(l.capacity))) * n
	w := erlangWait(servers, running*float64(n), service, variability)
	busy := math.Min(rate*l.mixed, maxUtilisation)
	prefillWait := op.prefillOne * busy / (2 * (1 - busy))
	op.ttft += w.mean + prefillWait
	op.unqueued = service + prefillWait
	op.mean = op.unqueued + w.mean
	jitter := latencySpread * math.Sqrt(busy+op.utilisation*op.utilisation)
	op.p90 = service*(1+z90*jitter) + w.p90 + prefillWait*ln10
	op.p95 = service*(1+z95*jitter) + w.p95 + prefillWait*ln20
	op.p99 = service*(1+z99*jitter) + w.p99 + prefillWait*ln100
	op.ttftP99 = op.ttft - w.mean + w.p99 + prefillWait*(ln100-1) + op.prefillOne*ttftTailPrefills
	op.e2e = op.mean
	return op
}

// Quantiles of the standard normal and of the exponential distribution of mean 1.
const (
	z90, z95, z99     = 1.2816, 1.6449, 2.3263
	ln10, ln20, ln100 = 2.3026, 2.9957, 4.6052
)

// running solves running = rate * time in service(running), whose right side rises with running, by the Illinois
// variant of regula falsi. A replica that cannot keep up runs all that it can.
func (l *loaded) running(rate float64) float64 {
	if rate <= 0 {
		return 0
	}
	var st state
	g := func(b float64) float64 { return rate*l.serviceTime(&st, b, rate) - b }
	lo, hi := 0.0, l.capacity
	glo, ghi := g(lo), g(hi)
	if ghi >= 0 {
		return hi
	}
	if start := glo; start < hi { // little changes up to the load of unhurried service: the root is just above it
		if gs := g(start); gs > 0 {
			lo, glo = start, gs
		} else {
			hi, ghi = start, gs
		}
	}
	for range 40 {
		mid := (lo*ghi - hi*glo) / (ghi - glo)
		gm := g(mid)
		if math.Abs(gm) < 1e-7*mid {
			return mid
		}
		if gm > 0 {
			lo, glo, ghi = mid, gm, ghi/2
		} else {
			hi, ghi, glo = mid, gm, glo/2
		}
	}
	return (lo + hi) / 2
}

// rateOf is the inverse of [loaded.running]: the rate at which b requests run, below saturation. With the step of b requests given, Little's law
// is a quadratic in the rate, since prefills slow decoding in proportion to it; the smaller root is the one that starts at 0.
func (l *loaded) rateOf(b float64) float64 {
	step := l.step(math.Max(1, b))
	first := l.first + l.prefillOne + step/2
	half := (first + (l.osl-1)*step + b*l.mixed) / 2
	return b / (half + math.Sqrt(half*half-first*l.mixed*b))
}

// serviceTime is the time from start to last token with b requests running and prefills arriving at rate.
func (l *loaded) serviceTime(st *state, b, rate float64) float64 {
	st.batch = math.Max(1, b)
	st.step = l.step(st.batch)
	busy := math.Min(rate*l.mixed, maxPrefillShare)
	st.tpot = st.step / (1 - busy)
	st.ttft = l.first + l.prefillOne + st.step/2
	return st.ttft + (l.osl-1)*st.tpot
}
