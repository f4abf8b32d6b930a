package advisor

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/llmadvise/llmadvise/advisor/catalog"
	"github.com/llmadvise/llmadvise/advisor/quantity"
)

// apiSpeed is what stands in where nobody has published how fast an endpoint is.
//
// Assumed, from what public trackers of API speed have shown for large models through 2025 and 2026: half of the endpoints
// answer at 50-130 output tokens a second after half a second to two seconds; the article's own figure for GPT-4.1 (85 tokens a
// second) lies in the middle. Providers that serve from on-chip memory publish several times that.
//
// Long prompts are read before the first token: OpenAI gave, with GPT-4.1 (April 2025, recalled), a p95 of about 15 s to the first token at
// 128,000 tokens and a minute at a million, and under 5 s at 128,000 for its smallest model, which is 8,500-17,000 and 26,000 tokens a
// second. The rates for fast and slow endpoints are assumed around that.
type apiSpeed struct {
	ttft   [3]float64 // seconds, for a prompt of a few pages: good, usual, bad (p95)
	read   [3]float64 // input tokens a second beyond that: good, usual, bad
	tokens [3]float64 // output tokens a second: good, usual, bad
}

var (
	usualAPI = apiSpeed{ttft: [3]float64{0.4, 0.8, 2}, read: [3]float64{25_000, 10_000, 5_000}, tokens: [3]float64{150, 85, 45}}
	fastAPI  = apiSpeed{ttft: [3]float64{0.2, 0.4, 1}, read: [3]float64{60_000, 25_000, 10_000}, tokens: [3]float64{900, 350, 180}}
)

// shortPrompt is a prompt, tokens, whose reading is within the usual time to the first token.
const shortPrompt = 2_000

// fastProviders serve from on-chip memory (LPU, wafer-scale, RDU).
var fastProviders = map[string]bool{"groq": true, "cerebras": true, "sambanova": true}

// measuredSpread widens a published mean speed to a p95: time of day and load move API speeds by about that much. Assumed.
const measuredSpread = 1.4

// endpointSpeed is how fast an endpoint is taken to be, and where that is from.
type endpointSpeed struct {
	apiSpeed
	spread   float64 // p95 over the figures
	measured bool    // for this very endpoint
	from     string
}

// latencyOf returns how fast an offer is. active is the model's active parameters, 0 where they are not known.
func latencyOf(o *catalog.Offer, active float64) endpointSpeed {
	if s := o.Speed; s != nil && s.OutputTokPerS != nil && *s.OutputTokPerS > 0 {
		sp := usualAPI
		if s.TTFTms != nil {
			sp.ttft[1] = *s.TTFTms / 1000
		}
		sp.tokens[1] = *s.OutputTokPerS
		return endpointSpeed{sp, measuredSpread, true, from(s.Source)}
	}
	sp := usualAPI
	switch {
	case fastProviders[o.ProviderID]:
		sp = fastAPI
	case active > 0 && active <= sparseActive:
		sp = sp.faster(sparseFactor)
	}
	return endpointSpeed{sp, 1, false, "assumed: usual for such endpoints"}
}

// latency returns the p95 end-to-end latency in seconds for input tokens that no cache holds and output tokens, hidden ones included.
func (s *endpointSpeed) latency(input, output float64) quantity.Estimate {
	return s.spreadOut(func(i int) float64 { return s.until(i, input, output) * s.spread })
}

// until is how many seconds an endpoint of the i-th speed takes to write output tokens after input ones.
func (s *endpointSpeed) until(i int, input, output float64) float64 {
	return s.ttft[i] + max(0, input-shortPrompt)/s.read[i] + output/s.tokens[i]
}

// first returns the time to the first token that a reader sees in milliseconds, for input tokens that no cache holds and hidden ones that come before.
func (s *endpointSpeed) first(input, hidden float64) quantity.Estimate {
	return s.spreadOut(func(i int) float64 { return s.until(i, input, hidden) * 1e3 })
}

// perToken returns the time of an output token in milliseconds.
func (s *endpointSpeed) perToken() quantity.Estimate {
	return s.spreadOut(func(i int) float64 { return 1e3 / s.tokens[i] })
}

// spreadOut is the range of a figure from what it is at a good, a usual and a bad time.
func (s *endpointSpeed) spreadOut(at func(int) float64) quantity.Estimate {
	if s.measured {
		return quantity.Between(at(1)/s.spread, at(1), at(1)*s.spread).WithBasis("published speed of the endpoint")
	}
	return quantity.Between(at(0), at(1), at(2)).WithBasis("typical range of such endpoints; this one is not measured")
}

// constrainStream holds an API to what is asked of the start of an answer and of its stream.
func (e *engine) constrainStream(c *candidate, speed *endpointSpeed) {
	if e.w.TTFT > 0 {
		first := speed.first(e.freshInput(), float64(e.hidden(e.reasons[c.opt.ModelID])))
		c.opt.TTFT = &first
		e.holdStream(c, "first token after", first, 1e3*e.w.TTFT.Seconds(), func(ms float64) string { return quantity.Seconds(ms / 1e3) }, speed.measured)
	}
	if e.w.StreamTokS != nil {
		token := speed.perToken()
		c.opt.TPOT = &token
		e.holdStream(c, "streams", token, 1e3 / *e.w.StreamTokS, tokensASecond, speed.measured)
	}
}

// tokensASecond writes the time of a token, milliseconds, as the speed that a reader sees.
func tokensASecond(ms float64) string {
	return quantity.Count(quantity.RoundSig(1e3/ms, 2)) + " tokens/s"
}

// holdStream holds one time of an API, in milliseconds, to its target as checkLatency does the whole answer.
func (e *engine) holdStream(c *candidate, what string, got quantity.Estimate, target float64, write func(float64) string, measured bool) {
	switch {
	case got.Mid > target && measured:
		c.miss(mustStream, fmt.Sprintf("%s %s, the target is %s", what, write(got.Mid), write(target)))
	case got.Mid > target:
		c.miss(mustStream, fmt.Sprintf("%s typically %s on such an endpoint, the target is %s", what, write(got.Mid), write(target)))
	case got.Hi > target:
		c.opt.Caveats = append(c.opt.Caveats, fmt.Sprintf("%s %s at a bad time, the target is %s: measure it before you commit", what, write(got.Hi), write(target)))
	}
}

// freshInput is how many input tokens of a query no prompt cache holds.
func (e *engine) freshInput() float64 { return float64(e.w.InputTokens) * (1 - *e.w.CachedShare) }

// faster scales a speed: a model that reads few weights per token is served faster.
func (s apiSpeed) faster(f float64) apiSpeed {
	for i := range s.tokens {
		s.tokens[i] *= f
		s.read[i] *= f
	}
	return s
}

// Models with few active parameters stream faster at every provider. Assumed: trackers show mixtures with 3-6 billion active
// parameters at about twice the speed of 70 billion dense ones.
const (
	sparseActive = 8e9
	sparseFactor = 1.8
)

// unaskedRoom is how far the usual p95 of an option that the request names may exceed a target that nobody gave.
const unaskedRoom = 2

// latencyLimit is the usual p95 from which on an option is ruled out, in seconds. Who names a model, a vendor or an accelerator and no latency
// wants to hear what it costs, and not that an assumption of ours rules it out.
func (e *engine) latencyLimit(c *candidate) float64 {
	if e.assumed[FieldLatency] && c.named {
		return e.w.LatencyP95.Seconds() * unaskedRoom
	}
	return e.w.LatencyP95.Seconds()
}

// checkLatency holds an API's latency to what is asked by its usual value, which may go up to limit. Where a bad day would miss what is
// asked, or nobody has published the endpoint's speed, the option stays with the doubt said.
func checkLatency(l quantity.Estimate, measured bool, asked, limit float64) (miss, caveat string) {
	switch {
	case l.Mid > limit && measured:
		return fmt.Sprintf("p95 %s > %s", quantity.Seconds(l.Mid), quantity.Seconds(asked)), ""
	case l.Mid > limit:
		return fmt.Sprintf("p95 typically %s > %s on such an endpoint", quantity.Seconds(l.Mid), quantity.Seconds(asked)), ""
	case l.Mid > asked:
		return "", fmt.Sprintf("p95 is %s to %s, usually above the %s that were assumed: measure it before you commit",
			quantity.Seconds(l.Lo), quantity.Seconds(l.Hi), quantity.Seconds(asked))
	case !measured && l.Hi > asked:
		return "", fmt.Sprintf("the endpoint's p95 is not published: %s to %s is typical, measure it before you commit", quantity.Seconds(l.Lo), quantity.Seconds(l.Hi))
	case !measured:
		return "", "the endpoint's p95 is not published: the figure is typical of such endpoints"
	}
	return "", ""
}

// slowerBy is the step, as a factor, by which an assumed target gives way, and slowestAssumed where that ends: an answer that takes
// longer is for work that may wait, and whoever has such work says so.
const (
	slowerBy       = 1.5
	slowestAssumed = 5 * time.Minute
)

// ruledOutUnasked says why a latency target that nobody gave has to give way: nothing qualifies for no other reason, or only machines of one's own do,
// and an endpoint that costs less than half misses nothing else; "" where it has not.
func (e *engine) ruledOutUnasked(all []*candidate) string {
	if !e.assumed[FieldLatency] || e.slo.P95E2E == 0 || e.w.LatencyP95 >= slowestAssumed || len(all) == 0 {
		return ""
	}
	best := all[0]
	if !best.feasible() {
		if slices.ContainsFunc(all, func(c *candidate) bool { return c.missesOnly(mustBeFast) }) {
			return "but nothing that meets the rest is as fast"
		}
		return ""
	}
	if best.sized == nil || *e.w.NoDataLeaves {
		return ""
	}
	if slices.ContainsFunc(all, func(c *candidate) bool {
		return c.offer != nil && c.missesOnly(mustBeFast) && 2*c.ranked() < best.ranked() && c.opt.Latency.Mid <= slowestAssumed.Seconds()
	}) {
		return "but only machines that cost more than twice as much are as fast"
	}
	return ""
}

// stockSteps is how often an assumed target may give way for cards that are there: to about three times the usual.
const stockSteps = 3

// buysForUnasked reports whether a fleet that the team has in part is to grow for a latency target that nobody gave.
func (e *engine) buysForUnasked(all []*candidate) bool {
	if !e.assumed[FieldLatency] || e.slo.P95E2E == 0 || len(e.w.Owned) == 0 {
		return false
	}
	own := firstOf(all, func(c *candidate) bool { return c.feasible() && c.opt.GPUsHeld > 0 })
	return own == nil || own.opt.GPUsHeld < own.opt.GPUs
}

// slower is the same engine with a longer latency assumed.
func (e *engine) slower(assumed []Assumption) (*engine, error) {
	w := e.w
	w.LatencyP95 = assumedLatency(w.LatencyP95, slowerBy)
	return newEngine(w, assumed, e.cat, e.opts)
}

// withLatency tells of an assumed target that gave way.
func (e *engine) withLatency(assumed []Assumption) []Assumption {
	out := slices.Clone(assumed)
	for i := range out {
		a := &out[i]
		if now := e.w.LatencyP95.Seconds(); a.Field == FieldLatency && a.Raw != now {
			a.Why = fmt.Sprintf("%s is usual for an answer of this kind, %s", strings.TrimPrefix(a.Value, "p95 "), e.gaveWay)
			a.Value, a.Raw = "p95 "+seconds(e.w.LatencyP95), now
		}
	}
	return out
}
