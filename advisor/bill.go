package advisor

import (
	"fmt"
	"math"
	"slices"

	"github.com/llmadvise/llmadvise/advisor/quantity"
)

// A bill says more of a load than defaults by task do. Who pays $18,000 a month for six million calls of a model sends so many tokens a call, whatever
// is usual; and who gives no volume makes about as many calls as the bill pays for.

// How far a bill may lie from what the defaults come to before something else must explain it: a discount, other work on the same bill.
const (
	leastOfDefault = 0.05
	mostOfDefault  = 20
)

// fromBill replaces what was assumed of the load, volume or tokens, by what today's bill comes to at the prices of the model that is in use. It reports
// whether it did; what was said stays as it was said.
func (e *engine) fromBill(assumed []Assumption) (Workload, []Assumption, bool) {
	w := e.w
	today := e.billed()
	if today == nil {
		return w, assumed, false
	}
	factor := *w.SpendUSDMonth / today.opt.Monthly.Mid
	out := slices.Clone(assumed)
	set := func(f Field, value string, raw any, why string) {
		for i := range out {
			if out[i].Field == f {
				out[i] = Assumption{Field: f, Value: value, Raw: raw, Why: why}
			}
		}
	}
	bill := fmt.Sprintf("what the %s a month that you pay today come to with %s", quantity.USD(*w.SpendUSDMonth), today.opt.Name)
	switch {
	case e.assumed[FieldQueries]:
		w.QueriesPerMonth = quantity.RoundSig(w.QueriesPerMonth*factor, 2)
		volume := monthly(people(w.QueriesPerMonth))
		set(FieldQueries, volume, w.QueriesPerMonth, bill)
		w.Doubts = append(slices.Clone(w.Doubts), fmt.Sprintf("%s are %s at %s tokens in and %s out; say the volume if you know it", volume, bill, people(float64(w.InputTokens)), people(float64(w.OutputTokens))))
	case e.assumed[FieldInput] && e.assumed[FieldOutput] && factor >= leastOfDefault && factor <= mostOfDefault:
		shape := fmt.Sprintf(", at %s tokens in for each one out", quantity.Count(quantity.RoundSig(float64(w.InputTokens)/float64(w.OutputTokens), 2)))
		before := float64(w.OutputTokens + *w.ReasoningTokens)
		scale := func(n int) int { return max(1, int(quantity.RoundSig(float64(n)*factor, 2))) }
		w.InputTokens, w.OutputTokens = scale(w.InputTokens), scale(w.OutputTokens)
		set(FieldInput, people(float64(w.InputTokens))+" tokens in", w.InputTokens, bill+shape)
		set(FieldOutput, people(float64(w.OutputTokens))+" tokens out", w.OutputTokens, bill+shape)
		w.Doubts = append(slices.Clone(w.Doubts), fmt.Sprintf("%s tokens in and %s out a query are %s; say the tokens if you know them", people(float64(w.InputTokens)), people(float64(w.OutputTokens)), bill))
		if e.assumed[FieldReasoning] && *w.ReasoningTokens > 0 {
			w.ReasoningTokens = ptr(scale(*w.ReasoningTokens))
			set(FieldReasoning, people(float64(*w.ReasoningTokens))+" hidden tokens for models that reason", *w.ReasoningTokens, bill+shape)
		}
		if longer := float64(w.OutputTokens+*w.ReasoningTokens) / before; e.assumed[FieldLatency] && longer >= noticeablyLonger {
			w.LatencyP95 = assumedLatency(w.LatencyP95, longer)
			set(FieldLatency, "p95 "+seconds(w.LatencyP95), w.LatencyP95.Seconds(), "longer answers than usual take longer")
		}
	default:
		return w, assumed, false
	}
	return w, out, true
}

// billed is the offer that today's bill is for; nil where no bill was said, no model in use, or more than one, or where the tokens that it is for were said.
func (e *engine) billed() *candidate {
	if e.w.SpendUSDMonth == nil || !(*e.w.SpendUSDMonth > 0) || e.w.Tokens.Said() {
		return nil
	}
	var today *candidate
	for _, c := range e.apiCandidates() {
		if !c.opt.Today || !(c.opt.Monthly.Mid > 0) {
			continue
		}
		if today != nil && today.opt.ModelID != c.opt.ModelID {
			return nil
		}
		if today == nil || c.opt.Monthly.Mid < today.opt.Monthly.Mid {
			today = c
		}
	}
	return today
}

// offBill is how far today's option may lie from the bill without a word on it.
const offBill = 0.2

// besideBill says what the bill is where the option in use today comes to something else; "" where it agrees or none was said.
func (e *engine) besideBill(today *candidate) string {
	paid := e.w.SpendUSDMonth
	if paid == nil || math.Abs(today.opt.Monthly.Mid-*paid) <= offBill**paid {
		return ""
	}
	if today.opt.Monthly.Mid > *paid {
		return fmt.Sprintf(" by list prices (you pay %s: shorter queries, caching or a discount would explain it)", usd3(*paid))
	}
	return fmt.Sprintf(" by list prices (you pay %s: longer queries, hidden tokens or other work on that bill would explain it)", usd3(*paid))
}
