package advisor

import (
	"fmt"

	"github.com/llmadvise/llmadvise/advisor/catalog"
	"github.com/llmadvise/llmadvise/advisor/quantity"
)

// apiSpeed is what stands in where nobody has published how fast an endpoint is.
//
// Assumed, from what public trackers of API speed have shown for large models through 2025 and 2026: half of the endpoints
// answer at 50-130 output tokens a second after half a second to two seconds; the article's own figure for GPT-4.1 (85 tokens a
// second) lies in the middle. Providers that serve from on-chip memory publish several times that.
type apiSpeed struct {
	ttft   [3]float64 // seconds: good, usual, bad (p95)
	tokens [3]float64 // output tokens a second: good, usual, bad
}

var (
	usualAPI = apiSpeed{ttft: [3]float64{0.4, 0.8, 2}, tokens: [3]float64{150, 85, 45}}
	fastAPI  = apiSpeed{ttft: [3]float64{0.2, 0.4, 1}, tokens: [3]float64{900, 350, 180}}
)

// fastProviders serve from on-chip memory (LPU, wafer-scale, RDU).
var fastProviders = map[string]bool{"groq": true, "cerebras": true, "sambanova": true}

// measuredSpread widens a published mean speed to a p95: time of day and load move API speeds by about that much. Assumed.
const measuredSpread = 1.4

// apiLatency returns the p95 end-to-end latency of an offer in seconds, for tokens of output (hidden ones included), and whether
// it rests on a figure for this very endpoint. active is the model's active parameters, 0 where they are not known.
func apiLatency(o *catalog.Offer, active, tokens float64) (quantity.Estimate, bool) {
	if s := o.Speed; s != nil && s.OutputTokPerS != nil && *s.OutputTokPerS > 0 {
		ttft := usualAPI.ttft[1]
		if s.TTFTms != nil {
			ttft = *s.TTFTms / 1000
		}
		mid := (ttft + tokens / *s.OutputTokPerS) * measuredSpread
		return quantity.Between(mid/measuredSpread, mid, mid*measuredSpread).WithBasis("published speed of the endpoint"), true
	}
	sp := usualAPI
	switch {
	case fastProviders[o.ProviderID]:
		sp = fastAPI
	case active > 0 && active <= sparseActive:
		sp = sp.faster(sparseFactor)
	}
	at := func(i int) float64 { return sp.ttft[i] + tokens/sp.tokens[i] }
	return quantity.Between(at(0), at(1), at(2)).WithBasis("typical range of such endpoints; this one is not measured"), false
}

// faster scales a speed: a model that reads few weights per token is served faster.
func (s apiSpeed) faster(f float64) apiSpeed {
	for i := range s.tokens {
		s.tokens[i] *= f
	}
	return s
}

// Models with few active parameters stream faster at every provider. Assumed: trackers show mixtures with 3-6 billion active
// parameters at about twice the speed of 70 billion dense ones.
const (
	sparseActive = 8e9
	sparseFactor = 1.8
)

// checkLatency holds an API's latency to the target by its usual value. Where a bad day would miss the target, or nobody has
// published the endpoint's speed, the option stays with the doubt said.
func checkLatency(l quantity.Estimate, measured bool, target float64) (miss, caveat string) {
	switch {
	case l.Mid > target && measured:
		return fmt.Sprintf("p95 %s > %s", quantity.Seconds(l.Mid), quantity.Seconds(target)), ""
	case l.Mid > target:
		return fmt.Sprintf("p95 typically %s > %s on such an endpoint", quantity.Seconds(l.Mid), quantity.Seconds(target)), ""
	case !measured && l.Hi > target:
		return "", fmt.Sprintf("the endpoint's p95 is not published: %s to %s is typical, measure it before you commit", quantity.Seconds(l.Lo), quantity.Seconds(l.Hi))
	case !measured:
		return "", "the endpoint's p95 is not published: the figure is typical of such endpoints"
	}
	return "", ""
}
