package sizing

import (
	"fmt"
	"math"

	"github.com/llmadvise/llmadvise/advisor/catalog"
)

// Sizer computes with a set of constants of its own; [New] makes one. The package's functions use [Default]. A Sizer
// holds no state and may be shared.
type Sizer struct {
	c        Constants
	profiles [engines]profile
	interval [2][Metrics]factors // of dense models, of mixtures of experts
}

// factors make an interval of a computed value: low, expected and high over it.
type factors struct{ lo, mid, hi float64 }

// New returns a Sizer that computes with c as it is now.
func New(c *Constants) *Sizer {
	z := &Sizer{c: *c}
	for e := range z.profiles {
		z.profiles[e] = c.profile(Engine(e))
	}
	for m, s := range c.Spread {
		z.interval[0][m] = newFactors(s.Lean, s, 1)
		z.interval[1][m] = newFactors(s.LeanMoE, s, moeWiden)
	}
	return z
}

func newFactors(lean float64, s Spread, widen float64) factors {
	return factors{math.Exp(lean - widen*s.Down), math.Exp(lean), math.Exp(lean + widen*s.Up)}
}

var std = New(&Default)

// replica is a Config made ready for computing: everything that does not depend on the load.
type replica struct {
	shape
	cfg  *Config
	c    *Constants
	fac  *[Metrics]factors
	prof *profile
	p    Precision
	n    float64 // accelerators that work on a step at once: all under TP, one under a layer split

	bandwidth float64 // bytes a second of one accelerator, data sheet, without what error correction takes
	stream    float64 // bytes a second that reading weights reaches
	kvStream  float64 // bytes a second that reading KV reaches
	flops     float64 // operations a second that large matrix products reach, one accelerator
	attention float64 // operations a second that decode attention reaches
	narrow    float64 // factor on flops for the experts' products, 1 for dense models
	scattered float64 // factor on the time to read experts, 1 for dense models
	kvReads   float64 // how often a step reads each cache element: once, or more where the query heads of a group read it each on its own
	kvElem    float64 // bytes per cache element
	kvSplit   float64 // over how many accelerators one request's cache is spread
	link      float64 // bytes a second and direction
	reduce    float64 // seconds of latency of one all-reduce

	weights                            float64 // bytes, whole replica
	usable, util, activation, overhead float64 // GiB per accelerator
	maxSequences                       float64
	raised                             bool // util was raised above the engine's default
}

func (z *Sizer) prepare(cfg *Config) (replica, error) {
	s, err := newShape(cfg.Model)
	if err != nil {
		return replica{}, err
	}
	a := cfg.Accelerator
	if a == nil || a.BandwidthGBps <= 0 || a.VRAMGB <= 0 {
		return replica{}, fmt.Errorf("%w: accelerator needs memory size and bandwidth", ErrShape)
	}
	if cfg.GPUs < 1 {
		return replica{}, fmt.Errorf("sizing: a replica needs at least one accelerator, got %d", cfg.GPUs)
	}
	r := replica{shape: s, cfg: cfg, c: &z.c, p: precisionOf(cfg), n: float64(cfg.GPUs)}
	r.fac = &z.interval[0]
	if r.nExperts > 0 {
		r.fac = &z.interval[1]
	}
	r.prof = &z.profiles[min(cfg.Engine, engines-1)]
	r.kvElem = kvElement(cfg, r.p)
	r.weights = r.weightBytes(r.p)
	r.setMemory()
	r.setSpeeds()
	return r, nil
}

// precisionOf resolves "native" and the engine's own variant of a format.
func precisionOf(cfg *Config) Precision {
	p := cfg.Precision
	if p.IsZero() {
		p = native(cfg.Model)
	}
	if cfg.Engine.llamaCpp() && p.Name == MXFP4.Name {
		p = ggufMXFP4
	}
	return p
}

// native is the format that a model is published in; BF16 where the catalog does not say or names several.
func native(m *catalog.Model) Precision {
	switch m.NativePrecision { // as the catalog spells them; parsing allocates
	case "", "bf16", "bf16/fp8":
		return BF16
	case "fp16":
		return FP16
	case "fp8":
		return FP8
	case "mxfp4":
		return MXFP4
	}
	if p, err := ParsePrecision(m.NativePrecision); err == nil {
		return p
	}
	return BF16
}

func kvElement(cfg *Config, p Precision) float64 {
	kv := cfg.KVPrecision
	if kv.IsZero() {
		if cfg.Engine == TensorRTLLM && p.Arithmetic != Arith16 {
			return 1
		}
		return 2
	}
	return kv.Bits / 8
}

func (r *replica) setMemory() {
	m := engineMemory[r.cfg.Engine]
	a := r.cfg.Accelerator
	r.usable = usableGiB(a)
	r.util = m.Util
	if r.cfg.GPUMemoryUtil > 0 {
		r.util = r.cfg.GPUMemoryUtil
	}
	r.activation, r.overhead = m.Activation, m.NonTorch
	if r.nExperts > 0 {
		r.activation = m.ActivationMoE
	}
	if a.VRAMGB < smallCardGB {
		r.activation *= smallCardTokens
	}
	if r.cfg.GPUs > 1 {
		r.overhead = m.NonTorchTP
	}
	r.maxSequences = float64(m.MaxSequences)
	if r.cfg.MaxSequences > 0 {
		r.maxSequences = float64(r.cfg.MaxSequences)
	}
	r.kvSplit = math.Min(float64(r.cfg.GPUs), r.kvShards)
	if r.cfg.Layout != TensorParallel {
		r.kvSplit = float64(r.cfg.GPUs) // whole layers, or whole requests, per accelerator
	}
	r.raiseUtil()
}

// raiseUtil gives the engine the share of memory that its documentation raises to for models that nearly fill a card, if
// the default share is too small and the raised one leaves room for useful batching, not just for starting.
func (r *replica) raiseUtil() {
	if r.cfg.GPUMemoryUtil > 0 || r.util >= raisedUtil {
		return
	}
	request := r.kvElements(raisedContext) * r.kvElem / r.kvSplit / gib
	if r.freeForKV(r.util) < request && r.freeForKV(raisedUtil) >= raisedRequests*request {
		r.util, r.raised = raisedUtil, true
	}
}

// freeForKV is what is left for the KV cache at a share of the usable memory, GiB per accelerator.
func (r *replica) freeForKV(util float64) float64 {
	return r.usable*util - r.weights/float64(r.cfg.GPUs)/gib - r.activation - r.overhead
}

func (r *replica) setSpeeds() {
	a := r.cfg.Accelerator
	r.bandwidth = a.BandwidthGBps * 1e9
	if a.InlineECC {
		r.bandwidth *= inlineECC
	}
	issue := r.prof.issue * float64(a.Units) * a.BoostGHz * 1e9
	r.stream = soften(r.c.Stream*r.bandwidth, issue)
	if r.p.Arithmetic == Arith4 && a.FP4 != nil {
		r.stream *= r.c.FP4Stream
	}
	r.kvStream = soften(r.prof.kvRead*r.bandwidth, issue)
	if r.p.WeightOnly && !matrixUnits(a) {
		r.stream = soften(r.stream, r.p.Bits/8*peak16(a)/r.c.UnpackOps)
	}
	r.flops = r.arithmetic(a)
	r.setKernels(a)
	r.link = math.Max(a.LinkGBps, 1) * 1e9 * r.c.LinkShare
	r.reduce = r.c.AllReducePCIeUS * 1e-6
	fabric := a.NVLink || a.LinkGBps > pcieLinkGBps // NVLink, or AMD's, Intel's and AWS's own
	switch {
	case fabric && !r.cfg.NoNVLink:
		r.reduce = r.c.AllReduceNVLinkUS * 1e-6
	case fabric:
		r.link = pcieLinkGBps / 2 * 1e9 * r.c.LinkShare // such cards sit on PCIe 4.0 or 5.0
	}
}

// setKernels sets the rates of the smaller kernels.
func (r *replica) setKernels(a *catalog.Accelerator) {
	peak := peak16(a)
	r.attention = peak * r.c.AttentionMFU
	r.narrow, r.scattered = 1, 1
	if r.nExperts > 0 {
		width := r.experts / (r.layers * r.nExperts * 3 * r.hidden)
		r.narrow = width / (width + r.c.ExpertWidth)
		if r.cfg.Layout == TensorParallel && !r.cfg.ExpertParallel {
			width /= r.n
		}
		r.scattered = (width + r.c.ExpertReadWidth) / width
	}
	r.kvReads = 1
	if r.cfg.Engine == LlamaCpp2024 && r.cfg.Model.Heads > 0 && r.kvShards > 0 {
		// Without flash attention each query head reads its group's cache; the card's own cache serves some of them. The rows
		// lie between once and once per head, so their geometric mean.
		r.kvReads = math.Sqrt(math.Max(1, float64(r.cfg.Model.Heads)/r.kvShards))
	}
}

// peak16 is the data sheet's 16-bit rate, operations a second.
func peak16(a *catalog.Accelerator) float64 {
	return 1e12 * or(a.BF16, fallbackTFLOPSPerGBps*a.BandwidthGBps)
}

// soften is a smooth minimum of what the card offers and what the engine's kernels reach; ceiling 0 is none.
func soften(x, ceiling float64) float64 {
	if ceiling <= 0 {
		return x
	}
	q := x / ceiling
	q *= q
	q *= q
	return x / math.Sqrt(math.Sqrt(math.Sqrt(1+q*q)))
}

// matrixUnits reports whether a multiplies matrices, and packed integers, in units of their own. Apple's GPUs do both on
// their vector units, whose rate is what the catalog has as their peak.
func matrixUnits(a *catalog.Accelerator) bool { return a.Vendor != "Apple" }

// arithmetic is the rate that large matrix products reach on one accelerator, operations a second.
func (r *replica) arithmetic(a *catalog.Accelerator) float64 {
	peak, mfu := peak16(a), r.prof.mfu
	switch {
	case !matrixUnits(a):
		mfu = r.c.MFU
	case r.cfg.Engine.llamaCpp(): // it sums in half precision
		peak = math.Max(peak, 1e12*or(a.FP16HalfAcc, 0))
	}
	switch {
	case r.p.Arithmetic == Arith8 && a.FP8 != nil:
		peak = *a.FP8 * 1e12
	case r.p.Arithmetic == Arith4 && a.FP4 != nil:
		peak = *a.FP4 * 1e12
	case r.p.Bits < 16:
		mfu *= r.prof.dequantMFU
	}
	if a.MAMFBF16 != nil && a.BF16 != nil && *a.BF16 > 0 {
		mfu *= *a.MAMFBF16 / *a.BF16 / typicalMAMF
	}
	return peak * mfu
}

func or(p *float64, d float64) float64 {
	if p != nil && *p > 0 {
		return *p
	}
	return d
}

// merge combines two resources that work in parallel but not perfectly so: a smooth maximum. The fourth power has no
// deeper reason than that two square roots are fast and the rows do not tell it from the third.
func merge(a, b float64) float64 {
	a *= a
	b *= b
	return math.Sqrt(math.Sqrt(a*a + b*b))
}

// linearTime is the arithmetic of t tokens through all layers but the output head.
func (r *replica) linearTime(t float64) float64 {
	f := 2 * r.dense * t
	if r.nExperts > 0 {
		f += 2 * r.experts * r.topK / r.nExperts * t / r.narrow
	}
	return f / (r.parallel() * r.flops)
}

// attentionPerToken is the arithmetic of one token's attention over ctx tokens of context.
func (r *replica) attentionPerToken(ctx float64) float64 {
	f := 4 * r.attnGrow * ctx
	if r.attnWindow > 0 {
		f += 4 * r.attnWindow * math.Min(ctx, r.window)
	}
	return f
}

// parallel is the number of accelerators that work on one step at once.
func (r *replica) parallel() float64 {
	if r.cfg.Layout == LayerSplit {
		return 1
	}
	return r.n
}

func (r *replica) kvParallel() float64 {
	if r.cfg.Layout == LayerSplit {
		return 1
	}
	return r.kvSplit
}

// readTime is the time to read the weights that b tokens touch. Under DataExpert each accelerator reads all dense
// weights and its own experts.
func (r *replica) readTime(b float64) float64 {
	dense, experts := r.stepBytes(r.p, b, r.c.Alike)
	experts *= r.scattered
	if r.cfg.Layout == DataExpert {
		return (dense + experts/r.n) / r.stream
	}
	return (dense + experts) / r.parallel() / r.stream
}

// layerTime is the part of a step that neither bandwidth nor arithmetic nor the number of requests explains: launches and
// the latency of all-reduces.
func (r *replica) layerTime() float64 {
	us := r.prof.layerUS
	if r.nExperts > 0 {
		us += r.prof.expertLayerUS
	}
	return r.layers*us*1e-6 + r.communicate(0)
}

// communicate is the time to move the activations of t tokens between accelerators: two all-reduces a layer under TP
// (a ring moves 2(n-1)/n of the data), two all-to-alls of the routed tokens under DataExpert, one hand-over per
// boundary under a layer split.
func (r *replica) communicate(t float64) float64 {
	if r.n == 1 {
		return 0
	}
	bytes := t * r.hidden * 2
	switch r.cfg.Layout {
	case LayerSplit:
		return (r.n - 1) * (r.c.StageUS*1e-6 + bytes/r.link)
	case DataExpert:
		return 2 * r.layers * (r.reduce + bytes*math.Max(r.topK, 1)/r.link)
	}
	return 2 * r.layers * (r.reduce + bytes*2*(r.n-1)/r.n/r.link)
}

// prefill is the time to read n new input tokens of one request, seconds, with nothing else running.
func (r *replica) prefill(n float64) float64 {
	if n <= 0 {
		return 0
	}
	compute := r.linearTime(n) + (2*r.head+r.attentionFLOPs(n))/(r.parallel()*r.flops) + r.activationTime(n)
	if r.cfg.Layout == LayerSplit {
		compute *= r.pipeline(n)
	}
	return merge(compute, r.readTime(n)) + r.layerTime() + r.communicate(n) - r.communicate(0)
}

// activationTime is the time to move the activations of t tokens of a prefill through memory: norms, residuals and the
// MLP's inner values pass between kernels by it. It is why cards with much arithmetic for their bandwidth, and number formats
// with little arithmetic a weight, reach less of their peak. The hidden state is whole on every card, the MLP is split.
func (r *replica) activationTime(t float64) float64 {
	n := r.parallel()
	perLayer := r.hidden*(1+r.topK) + r.wide/n
	return t * r.layers * perLayer * 2 * r.c.Passes / (r.c.Stream * r.bandwidth)
}

// pipeline is the time of a prefill over a layer split against one card: micro-batches flow through the stages.
func (r *replica) pipeline(n float64) float64 {
	m := math.Max(1, n/llamaCppMicroBatch)
	return (m + r.n - 1) / (m * r.n)
}
