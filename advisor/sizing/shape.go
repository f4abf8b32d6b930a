package sizing

import (
	"errors"
	"fmt"
	"math"

	"github.com/llmadvise/llmadvise/advisor/catalog"
)

// ErrShape says that a model or accelerator lacks a figure that sizing cannot do without.
var ErrShape = errors.New("sizing: incomplete description")

// shape is what a model costs per token, independent of format and hardware. Counts are parameters or cache elements.
type shape struct {
	layers, hidden float64
	embed, head    float64 // token embedding and output head; head is read once a step even where it is tied
	tied           bool    // embedding and head are one matrix
	dense          float64 // all other weights that every token passes: attention, dense MLPs, shared experts
	experts        float64 // weights of all routed experts
	nExperts, topK float64
	logUnpicked    float64 // log of the chance that one token passes an expert by
	kvGrow         float64 // cache elements that one more token of context adds
	kvWindow       float64 // cache elements per token that stop growing at window
	window         float64
	kvShards       float64 // over how many accelerators tensor parallelism can split the cache
	attnGrow       float64 // layers x heads x head dimension, over layers that see the whole context
	attnWindow     float64 // the same over windowed layers
	wide           float64 // width of the MLP that one token passes: all its experts together
}

// Typical head dimension of an MLA layer during prefill: 192 for queries and keys, 128 for values, as DeepSeek-V3's
// published configuration has it.
const mlaPrefillHeadDim = 160

// newShape reads the shape off a catalog model. The error wraps [ErrShape].
func newShape(m *catalog.Model) (shape, error) {
	if m == nil || m.Layers <= 0 || m.Hidden <= 0 || m.ParamsTotal <= 0 {
		return shape{}, fmt.Errorf("%w: model needs layers, hidden size and parameters", ErrShape)
	}
	s := shape{
		layers: float64(m.Layers), hidden: float64(m.Hidden),
		head: float64(m.Vocab) * float64(m.Hidden), embed: float64(m.Vocab) * float64(m.Hidden),
	}
	s.splitParams(m)
	s.cache(m)
	s.wide = float64(m.Intermediate) * math.Max(s.topK, 1)
	if s.wide == 0 {
		s.wide = 3.5 * s.hidden
	}
	return s, nil
}

// splitParams divides the parameters into embedding, experts and the rest. Experts follow from total and active
// parameters alone: total = dense + N*e and active = dense + k*e give e, whatever the layout of the layers.
func (s *shape) splitParams(m *catalog.Model) {
	if 2*s.embed > 0.5*m.ParamsTotal || tied(m) {
		s.tied = true
	}
	ends := s.embed + s.head
	if s.tied {
		ends = s.head
	}
	if m.Experts > m.ExpertsPerToken && m.ExpertsPerToken > 0 && m.ParamsActive < m.ParamsTotal {
		s.nExperts, s.topK = float64(m.Experts), float64(m.ExpertsPerToken)
		s.logUnpicked = math.Log1p(-s.topK / s.nExperts)
		s.experts = (m.ParamsTotal - m.ParamsActive) * s.nExperts / (s.nExperts - s.topK)
		// Some publishers leave the embedding out of the active count, which makes that sum too large. Where the expert width gives
		// a little less, it is the better one; it gives more for models with a few dense layers.
		byWidth := s.layers * s.nExperts * 3 * s.hidden * float64(m.Intermediate)
		if less := 1 - byWidth/s.experts; 0 < less && less < 0.04 {
			s.experts = byWidth
		}
	}
	s.dense = math.Max(m.ParamsTotal-s.experts-ends, 0)
}

// tied reports whether a dense model's parameters leave room for only one vocabulary matrix beside its layers.
func tied(m *catalog.Model) bool {
	if m.Experts > 0 || m.Intermediate == 0 || m.Heads == 0 {
		return false
	}
	hd := headDim(m)
	h := float64(m.Hidden)
	attn := 2*h*float64(m.Heads)*hd + 2*h*float64(kvHeads(m))*hd
	vocab := float64(m.Vocab) * h
	layers := float64(m.Layers) * (attn + 3*h*float64(m.Intermediate))
	rest := m.ParamsTotal - layers
	return rest > 0 && rest < 1.5*vocab
}

func headDim(m *catalog.Model) float64 {
	switch {
	case m.HeadDim > 0:
		return float64(m.HeadDim)
	case m.KV == catalog.MLA:
		return mlaPrefillHeadDim
	case m.Heads > 0:
		return float64(m.Hidden) / float64(m.Heads)
	}
	return 128
}

func kvHeads(m *catalog.Model) int {
	switch {
	case m.KVHeads > 0:
		return m.KVHeads
	case m.KV == catalog.MQA:
		return 1
	case m.Heads > 0:
		return m.Heads
	}
	return 1
}

// cache sets the KV layout. The growing part comes from the model's published bytes per token where it has them (that
// figure already knows MLA's latent and a hybrid's few layers).
func (s *shape) cache(m *catalog.Model) {
	grow := float64(m.KVGrowingLayers)
	if grow == 0 {
		grow = s.layers
	}
	perLayer := 2 * float64(kvHeads(m)) * headDim(m)
	s.kvShards = float64(kvHeads(m))
	if m.KV == catalog.MLA {
		perLayer, s.kvShards = mlaLatent, 1
	}
	s.kvGrow = perLayer * grow
	if m.KVBytesPerToken16 > 0 {
		s.kvGrow = float64(m.KVBytesPerToken16) / 2
	}
	heads := math.Max(float64(m.Heads), 1) * headDim(m)
	s.attnGrow = grow * heads
	if m.SWAWindow > 0 && grow < s.layers {
		s.window = float64(m.SWAWindow)
		s.kvWindow = s.kvGrow / grow * (s.layers - grow)
		s.attnWindow = (s.layers - grow) * heads
	}
}

// mlaLatent is the cache of one MLA layer per token: kv_lora_rank 512 + rope dimension 64, as in DeepSeek-V3 and Kimi-K2.
const mlaLatent = 512 + 64

// kvElements returns the cache elements of one request with ctx tokens of context.
func (s *shape) kvElements(ctx float64) float64 {
	e := s.kvGrow * ctx
	if s.kvWindow > 0 {
		e += s.kvWindow * math.Min(ctx, s.window)
	}
	return e
}

// coverage is the expected share of routed experts that at least one of b tokens picks: 1-(1-k/N)^n for n tokens that pick
// independently and evenly. Tokens of one workload pick alike, so that only a share of those beyond the first count.
func (s *shape) coverage(b, independent float64) float64 {
	if s.nExperts == 0 {
		return 0
	}
	return -math.Expm1(s.logUnpicked * (1 + math.Max(b-1, 0)*independent))
}

// attentionFLOPs of prefilling n tokens from an empty cache: two matrix products of 2*heads*dim per pair of tokens,
// over half of the pairs (causal mask), windowed layers over at most window of them each.
func (s *shape) attentionFLOPs(n float64) float64 {
	f := 4 * s.attnGrow * n * n / 2
	if s.attnWindow > 0 {
		f += 4 * s.attnWindow * n * math.Min(n/2, s.window)
	}
	return f
}

// weightBytes is what the weights take in memory under p. Rows of MXFP4 experts count as padded to a multiple of 256
// values: inferred, since the measured weights of gpt-oss-20b and -120b in vLLM come out so, and 6 % short without.
func (s *shape) weightBytes(p Precision) float64 {
	return s.linearBytes(p) + s.expertBytes(p) + s.endBytes(p)
}

func (s *shape) linearBytes(p Precision) float64 {
	if p.Dense > 0 && s.nExperts > 0 {
		return s.dense * p.Dense / 8
	}
	return s.dense * p.Bits / 8
}

const mxfp4RowMultiple = 256

func (s *shape) expertBytes(p Precision) float64 {
	b := s.experts * p.Bits / 8
	if p.Dense > 0 && !p.GGUF {
		b *= math.Ceil(s.hidden/mxfp4RowMultiple) * mxfp4RowMultiple / s.hidden
	}
	return b
}

func (s *shape) endBytes(p Precision) float64 {
	if s.tied {
		return s.head * math.Max(p.Head, p.Embed) / 8
	}
	return s.embed*p.Embed/8 + s.head*p.Head/8
}

// stepBytes is what one decode step over b tokens reads of the weights: all dense layers with the output head, and the
// experts that the tokens touch.
func (s *shape) stepBytes(p Precision, b, independent float64) (dense, experts float64) {
	dense = s.linearBytes(p) + s.head*p.Head/8
	if s.nExperts > 0 {
		experts = s.expertBytes(p) * s.coverage(b, independent)
	}
	return dense, experts
}
