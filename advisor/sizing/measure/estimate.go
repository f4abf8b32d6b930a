package measure

import (
	"math"

	"github.com/llmadvise/llmadvise/advisor/catalog"
)

const estimatedFamily = "estimated"

// EstimateModel derives a plausible dense shape from a number of parameters, for a model that the catalog does not know.
// It follows how published dense models scale: 12*L*h² parameters beside the vocabulary, and about 128 hidden units
// per layer, one KV head per 8 query heads of dimension 128. Figures made from it deserve a wider interval.
func EstimateModel(name string, params float64) catalog.Model {
	const perLayer, vocab, headDim = 105.0, 100_000, 128
	hidden := math.Cbrt(params * perLayer / 12.5)
	heads := math.Max(1, math.Round(hidden/headDim))
	h := heads * headDim
	kv := math.Max(1, math.Min(8, heads))
	if params < 20e9 && heads >= 16 {
		kv = 8
	}
	return catalog.Model{
		ID: name, Name: name, Family: estimatedFamily,
		Layers: int(math.Max(1, math.Round(params/(12.5*h*h)))), Hidden: int(h), Heads: int(heads), KVHeads: int(kv), HeadDim: headDim,
		Vocab: vocab, ParamsTotal: params, ParamsActive: params, KV: catalog.GQA, NativePrecision: "bf16", Context: 8192,
	}
}
