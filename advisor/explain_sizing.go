package advisor

import (
	"math"
	"strings"

	"github.com/llmadvise/llmadvise/advisor/cost"
)

const gib = 1 << 30

// memory redoes what one accelerator holds.
func (t *tracer) memory(c *candidate) {
	id, s := c.opt.ID, c.sized
	m, mem, gpus := s.cfg.Model, &s.memory, float64(s.cfg.GPUs)
	bits := mem.Weights * gpus * gib * 8 / m.ParamsTotal
	t.step("self.weights", id, "Weights on one GPU", "params * bits / 8 / gpus / 1073741824", mem.Weights, "GiB",
		StepInput{"params", m.ParamsTotal, "parameters, all experts", from(m.Source)},
		StepInput{"bits", bits, "bits a weight", "sizing: " + s.cfg.Precision.Name + " with the parts that stay at 16 bits"},
		StepInput{"gpus", gpus, "in a replica", "sizing: memory and latency"})
	requests := math.Max(1, float64(s.plan.SlotsPerReplica))
	t.step("self.kv", id, "KV cache on one GPU", "requests * per_request", mem.KV, "GiB",
		StepInput{"requests", requests, "at once", "sizing: as many as still meet the target"},
		StepInput{"per_request", mem.KV / requests, "GiB for its tokens", "sizing: " + string(m.KV) + " cache of " + m.ID})
	t.step("self.vram", id, "Memory on one GPU", "weights + kv + activation + overhead", mem.Total.Mid, "GiB",
		StepInput{"weights", mem.Weights, "GiB", "step:self.weights"}, StepInput{"kv", mem.KV, "GiB", "step:self.kv"},
		StepInput{"activation", mem.Activation, "GiB", "sizing: measured peak of the engine"},
		StepInput{"overhead", mem.Overhead, "GiB", "sizing: driver and communicator, measured"})
}

// speed redoes the latency of a replica at the peak, and how many requests are in flight.
func (t *tracer) speed(c *candidate) {
	e, id, s := t.e, c.opt.ID, c.sized
	p, a := &s.plan, s.cfg.Accelerator
	t.step("self.peak", id, "Queries a second at the peak", "queries / 2628000 * peak_factor", e.peakQPS, "a second",
		t.queries(), StepInput{"peak_factor", e.peakFactor, "", "sizing: " + strings.ReplaceAll(string(e.w.Traffic), "_", " ") + " (" + t.said(FieldTraffic) + ")"})
	mean := 0.0
	if e.peakQPS > 0 {
		mean = p.Concurrency / e.peakQPS
	}
	t.step("self.in_flight", id, "Requests in flight at the peak (Little's law)", "peak * mean", p.Concurrency, "",
		StepInput{"peak", e.peakQPS, "a second", "step:self.peak"}, StepInput{"mean", mean, "s a request", "sizing: prefill, decode and waiting"})
	bytes := s.memory.Weights * float64(s.cfg.GPUs) * gib / s.cfg.Model.ParamsTotal
	floor := s.cfg.Model.ParamsActive * bytes / float64(s.cfg.GPUs) / a.BandwidthGBps / 1e6
	t.step("self.floor", id, "Time per token if memory bandwidth were all", "active * bytes / gpus / bandwidth / 1000000", floor, "ms",
		StepInput{"active", s.cfg.Model.ParamsActive, "parameters read a token", from(s.cfg.Model.Source)}, StepInput{"bytes", bytes, "a weight", "sizing: bits / 8"},
		StepInput{"gpus", float64(s.cfg.GPUs), "in a replica", "sizing"}, StepInput{"bandwidth", a.BandwidthGBps, "GB/s", from(a.Source)})
	ttft, tpot, tokens := p.Perf.TTFT.Mid, p.Perf.TPOT.Mid, float64(s.osl)
	alone := (ttft + (tokens-1)*tpot) / 1000
	t.step("self.p95", id, "p95 end to end", "(ttft + (tokens - 1) * tpot) / 1000 * tail", p.P95.Mid, "s",
		StepInput{"ttft", ttft, "ms", "sizing: roofline fitted to public measurements"}, StepInput{"tokens", tokens, "out a query, hidden ones included", t.said(FieldOutput)},
		StepInput{"tpot", tpot, "ms", "sizing: roofline fitted to public measurements"},
		StepInput{"tail", p.P95.Mid / alone, "p95 over the mean, with waiting", "sizing: queueing at the peak, leaning safe"})
	if c.risk > 0 {
		t.step("self.risk", id, "What the order of options adds for a p95 that may miss the target", "chance * more * machines", c.risk, "USD over the horizon, in no bill",
			StepInput{"chance", p.MissChance, "", "sizing: the interval of p95 against the target"},
			StepInput{"more", makeGood, "", "assumed: half as many machines again make good"},
			StepInput{"machines", c.machines, "USD over the horizon", "run cost and set-up without people"})
	}
	if e.peakQPS > 0 {
		t.step("self.headroom", id, "Room at the peak before the serving replicas saturate", "most * serving / peak - 1", p.MaxQPSReplica*float64(p.Serving)/e.peakQPS-1, "of the peak",
			StepInput{"most", p.MaxQPSReplica, "queries a second of a full replica", "sizing: saturated throughput"},
			StepInput{"serving", float64(p.Serving), "replicas", "sizing"}, StepInput{"peak", e.peakQPS, "a second", "step:self.peak"})
	}
	t.step("self.busy", id, "Mean utilisation", "queries / 2628000 / (most * replicas)", p.UtilisationMean, "of capacity",
		t.queries(), StepInput{"most", p.MaxQPSReplica, "queries a second of a full replica", "sizing: saturated throughput"},
		StepInput{"replicas", float64(p.Replicas), "", "sizing: the peak within the target, and a spare one where people wait"})
}

// apiLatency redoes the latency that stands in for an endpoint's.
func (t *tracer) apiLatency(c *candidate) {
	if c.opt.Latency == nil {
		return
	}
	e, o := t.e, c.offer
	l := latencyOf(o, e.active[o.ModelID])
	tokens := float64(e.w.OutputTokens + e.hidden(e.reasons[o.ModelID]))
	t.step("api.p95", c.opt.ID, "p95 end to end, usual", "(ttft + max(0, read - 2000) / reads + tokens / speed) * spread", c.opt.Latency.Mid, "s",
		StepInput{"ttft", l.ttft[1], "s to the first token", l.from}, StepInput{"read", e.freshInput(), "tokens in that no cache holds", t.said(FieldInput)},
		StepInput{"reads", l.read[1], "tokens a second", l.from}, StepInput{"tokens", tokens, "out, hidden ones included", t.said(FieldOutput)},
		StepInput{"speed", l.tokens[1], "tokens a second", l.from}, StepInput{"spread", l.spread, "p95 over the published figure", "assumed"})
}

// longRun redoes 36 months and their present value.
func (t *tracer) longRun(c *candidate) {
	e, id, p := t.e, c.opt.ID, &c.plan
	q, g := e.base.Queries, e.base.Growth
	setup := StepInput{"setup", p.Setup(), "USD", "step:setup"}
	labour := StepInput{"labour", p.LabourAt(q).Mid, "USD a month", "step:labour"}
	capex := StepInput{"capex", p.CapexUSD, "USD paid on the first day", "0 where nothing is bought"}
	writeOff := StepInput{"write_off", p.WriteOff, "USD a month in monthly that is no payment", "capex / 36"}
	with, _ := p.TCO(q, g, 36)
	npv := p.NPV(q, g, 36)
	if g != 0 {
		t.step("tco36", id, "36 months, all in", "setup + run", with, "USD", setup,
			StepInput{"run", with - p.Setup(), "USD", "36 months' run cost and people, each at its own volume"})
		return
	}
	monthly := StepInput{"monthly", p.Monthly(q), "USD a month", "step:monthly"}
	t.step("tco36", id, "36 months, all in", "setup + 36 * (monthly + labour)", with, "USD", setup, monthly, labour)
	t.step("npv36", id, "Present value of the payments of 36 months",
		"setup + capex + (monthly + labour - write_off) * (1 - pow(1 + rate, 0 - 3)) / (pow(1 + rate, 1 / 12) - 1)", npv, "USD",
		setup, capex, monthly, labour, writeOff, StepInput{"rate", cost.DiscountYear, "a year", "assumed: a common hurdle rate"})
}

// payback redoes the month in which set-up is earned back at the workload's own volume.
func (t *tracer) payback(self, api *candidate, b *BreakEven) {
	q := t.e.base.Queries
	saved := api.plan.MonthlyWithLabour(q) - self.plan.MonthlyWithLabour(q)
	if b.Month == nil || t.e.base.Growth != 0 || saved <= 0 {
		return
	}
	t.step("payback", self.opt.ID, "Month in which set-up is earned back against "+api.opt.Name, "max(0, (setup_self - setup_api) / (month_api - month_self))", *b.Month, "months",
		StepInput{"setup_self", self.plan.Setup(), "USD", "set-up of this option"}, StepInput{"setup_api", api.plan.Setup(), "USD", "integration of the API"},
		StepInput{"month_api", api.plan.MonthlyWithLabour(q), "USD a month", "run cost and people"},
		StepInput{"month_self", self.plan.MonthlyWithLabour(q), "USD a month", "run cost and people"})
}
