package advisor

import (
	"fmt"
	"math"
	"strings"

	"github.com/llmadvise/llmadvise/advisor/catalog"
	"github.com/llmadvise/llmadvise/advisor/cost"
	"github.com/llmadvise/llmadvise/advisor/quantity"
)

// trace writes down how the numbers came about that the answer rests on: the recommended option, the best of each other path, and
// the break-even. Every formula uses the names of its inputs, + - * /, and the functions ceil, max and pow, so that a reader, or a
// test, can redo it.
func (e *engine) trace(shown []*candidate, be []BreakEven) []Step {
	var t tracer
	t.e = e
	traced := map[*candidate]bool{}
	add := func(c *candidate) {
		if c != nil && !traced[c] && c.opt.Path != PathHybrid {
			traced[c] = true
			t.option(c)
		}
	}
	for _, c := range e.tracedOptions(shown, be) {
		add(c)
	}
	if c := firstOf(shown, func(c *candidate) bool { return c.opt.Path == PathHybrid }); c != nil {
		t.hybrid(c)
	}
	if len(be) > 0 {
		t.breakEven(shown, &be[0])
	}
	return t.steps
}

func (e *engine) tracedOptions(shown []*candidate, be []BreakEven) []*candidate {
	var out []*candidate
	byID := func(id string) *candidate { return firstOf(shown, func(c *candidate) bool { return c.opt.ID == id }) }
	if len(shown) > 0 {
		out = append(out, shown[0])
		if h := shown[0].opt.Hybrid; h != nil {
			out = append(out, byID(h.First), byID(h.Second))
		}
	}
	for _, p := range []Path{PathAPI, PathHostedOpen, PathSelfHost} {
		out = append(out, firstOf(shown, func(c *candidate) bool { return c.opt.Path == p }))
	}
	if len(be) > 0 {
		out = append(out, byID(be[0].Self), byID(be[0].API))
	}
	return out
}

type tracer struct {
	e     *engine
	steps []Step
}

// step appends a derived number; inputs come in the order of the formula.
func (t *tracer) step(id, option, name, formula string, value float64, unit string, in ...StepInput) {
	t.steps = append(t.steps, Step{ID: id, Option: option, Name: name, Formula: formula, Inputs: in, Value: value, Unit: unit})
}

func (t *tracer) queries() StepInput {
	return StepInput{"queries", t.e.base.Queries, "a month", t.said(FieldQueries)}
}

// said tells whether an input of the workload was said or assumed.
func (t *tracer) said(f Field) string {
	if t.e.assumed[f] {
		return "assumed"
	}
	return "workload"
}

func from(s catalog.Source) string {
	if s.ID == billSource.ID {
		return "workload: " + s.Title
	}
	name := s.ID
	if name == "" {
		name = s.Title
	}
	if s.Date.IsZero() {
		return "catalog: " + name
	}
	return "catalog: " + name + " " + s.Date.String()
}

func (t *tracer) option(c *candidate) {
	if c.offer != nil {
		t.api(c)
		t.apiLatency(c)
	} else {
		t.memory(c)
		t.speed(c)
		t.self(c)
	}
	t.people(c)
	t.total(c)
	t.longRun(c)
}

// api redoes the bill line by line.
func (t *tracer) api(c *candidate) {
	id, o := c.opt.ID, c.offer
	_, lines, err := o.Bill(t.e.usage(o))
	if err != nil {
		return
	}
	sum := make([]string, 0, len(lines))
	var inputs []StepInput
	var query float64
	for _, l := range lines {
		name := strings.ReplaceAll(l.Item, " ", "_")
		t.step("api."+name, id, "Price of "+l.Item+" per query", "tokens * price / 1000000", l.USD, "USD",
			StepInput{"tokens", l.Tokens, "a query", t.tokensFrom(l.Item)},
			StepInput{"price", l.Price, "USD per 1M tokens", from(o.Source)})
		sum = append(sum, name)
		inputs = append(inputs, StepInput{name, l.USD, "USD", "step:api." + name})
		query += l.USD
	}
	t.step("api.query", id, "Price of a query", strings.Join(sum, " + "), query, "USD", inputs...)
	t.step("monthly", id, "Monthly run cost", "queries * query", t.e.base.Queries*query, "USD a month",
		t.queries(), StepInput{"query", query, "USD", "step:api.query"})
}

func (t *tracer) tokensFrom(item string) string {
	switch item {
	case "output":
		return t.said(FieldOutput)
	case "reasoning":
		return t.said(FieldReasoning)
	}
	return t.said(FieldInput)
}

// self redoes replicas and their price.
func (t *tracer) self(c *candidate) {
	e, id, s := t.e, c.opt.ID, c.sized
	curve := &c.plan.Parts[0].Curve
	if s.supply.owned() {
		t.owned(c)
	} else {
		t.rented(c)
	}
	t.units(id, curve)
	units := float64(curve.Serving(e.base.Queries))
	formula := "base + (units + spare) * machine + queries * egress"
	var there []StepInput
	if curve.Held > 0 {
		formula = "base + (units + spare) * machine - there * written_off + queries * egress"
		there = []StepInput{
			{"there", math.Min(units+float64(curve.Spare), curve.Held), "machines", "said: these accelerators are there already"},
			{"written_off", curve.HeldUSD, "USD a month of the purchase, a machine", "capex / 36 / replicas"},
		}
	}
	t.step("monthly", id, "Monthly run cost", formula, c.plan.Monthly(e.base.Queries), "USD a month", append(there,
		StepInput{"base", curve.BaseUSD, "USD a month", "spare machines that are full"},
		StepInput{"units", units, "", "step:self.units"}, StepInput{"spare", float64(curve.Spare), "for availability", "one replica more than the load needs"},
		StepInput{"machine", curve.ReplicaUSD, "USD a month", "step:self.machine"},
		t.queries(), StepInput{"egress", curve.PerQuery(), "USD a query", "assumed: $0.09 a GB, 8 bytes a token"})...)
}

// units redoes the place on the staircase: the machines that carry less than the load, and one more.
func (t *tracer) units(id string, curve *cost.Curve) {
	q := t.e.base.Queries
	n := curve.Serving(q)
	fewer := 0.0
	if n > 1 {
		fewer = curve.Carries(n - 1)
	}
	t.step("self.units", id, "Machines that serve", "before + ceil((queries - carried) / more)", float64(n), "",
		StepInput{"before", float64(n - 1), "machines", "one fewer than it takes"},
		t.queries(), StepInput{"carried", fewer, "queries a month that those carry at the latency target", "sizing: batching and queueing"},
		StepInput{"more", curve.Carries(n) - fewer, "queries a month that the next one adds", "sizing: batching and queueing"})
}

func (t *tracer) rented(c *candidate) {
	o, s := c.sized.supply.offer, c.sized
	t.step("self.machine", c.opt.ID, "Rent of one machine", "ceil(gpus / count) * hourly * 730", cost.Rent(o, s.cfg.GPUs), "USD a month",
		StepInput{"gpus", float64(s.cfg.GPUs), "in a replica", "sizing: memory and latency"},
		StepInput{"count", float64(o.Count), "GPUs in an instance", from(o.Source)},
		StepInput{"hourly", o.USDPerHour, "USD an hour", from(o.Source)})
}

func (t *tracer) owned(c *candidate) {
	s := c.sized
	a := s.cfg.Accelerator
	own := cost.Own(a, cardUSD(a), s.plan.GPUs)
	id, n := c.opt.ID, float64(s.plan.GPUs)
	hosts := (own.CapexUSD - n*cardUSD(a)) / cost.HostUSD
	t.step("self.capex", id, "Purchase", "gpus * card + hosts * host", own.CapexUSD, "USD once",
		StepInput{"gpus", n, "", "sizing"}, StepInput{"card", cardUSD(a), "USD", cardFrom(a)},
		StepInput{"hosts", hosts, "servers, or shares of one", "assumed: 8 cards a server, half a server at least"},
		StepInput{"host", cost.HostUSD, "USD", "assumed"})
	t.step("self.own", id, "Owning it", "capex / 36 + kw * 730 * electricity + hosting + capex * maintenance / 12", own.Monthly(), "USD a month",
		StepInput{"capex", own.CapexUSD, "USD", "step:self.capex"}, StepInput{"kw", own.KW, "kW with cooling", from(a.Source)},
		StepInput{"electricity", cost.ElectricityUSDPerKWh, "USD a kWh", "assumed"}, StepInput{"hosting", own.Hosting, "USD a month", "assumed: $150 a kW"},
		StepInput{"maintenance", cost.MaintenanceShareYear, "of the price a year", "assumed"})
	t.step("self.machine", id, "Its share per replica", "own / replicas", own.Monthly()/float64(s.plan.Replicas), "USD a month",
		StepInput{"own", own.Monthly(), "USD a month", "step:self.own"}, StepInput{"replicas", float64(s.plan.Replicas), "", "sizing"})
}

func cardFrom(a *catalog.Accelerator) string {
	if a.PurchaseUSD == nil {
		return "no price is known; yours to add"
	}
	return from(a.PurchaseSource)
}

func (t *tracer) people(c *candidate) {
	id := c.opt.ID
	t.step("labour", id, "People", "fte * fte_month", c.plan.LabourAt(t.e.base.Queries).Mid, "USD a month",
		StepInput{"fte", c.plan.LabourAt(t.e.base.Queries).Mid / t.e.fteUSD, "of one engineer", "assumed by path, team and size of the fleet"},
		StepInput{"fte_month", t.e.fteUSD, "USD", engineerFrom(&t.e.w)})
	day := t.e.fteUSD * 12 / 260
	t.step("setup", id, "Set-up", "days * day + rent", c.plan.Setup(), "USD once",
		StepInput{"days", c.plan.SetupLabour.Mid / day, "working days", "assumed, after the article's 1-3 days and 2-4 weeks"},
		StepInput{"day", day, "USD", "fte_month * 12 / 260"}, StepInput{"rent", c.plan.SetupUSD, "USD", "machines that idle meanwhile"})
}

func engineerFrom(w *Workload) string {
	if w.EngineerUSDMonth != nil {
		return "workload"
	}
	return "assumed: $150,000 a year, 1.3 with overheads"
}

// aYear is how many months of a growing volume are redone one by one.
const aYear = 12

func (t *tracer) total(c *candidate) {
	e, id := t.e, c.opt.ID
	setup := StepInput{"setup", c.plan.Setup(), "USD", "step:setup"}
	labour := StepInput{"labour", c.plan.LabourAt(e.base.Queries).Mid, "USD a month", "step:labour"}
	if e.base.Growth == 0 {
		t.step("tco", id, e.horizon()+", all in", fmt.Sprintf("setup + %d * (monthly + labour)", e.base.Months), c.tco, "USD",
			setup, StepInput{"monthly", c.plan.Monthly(e.base.Queries), "USD", "step:monthly"}, labour)
		return
	}
	if e.base.Months > aYear {
		t.step("tco", id, e.horizon()+", all in", "setup + run", c.tco, "USD", setup,
			StepInput{"run", c.tco - c.plan.Setup(), "USD", e.horizon() + " of run cost and people, each at its own volume"})
		return
	}
	formula := "setup"
	in := []StepInput{setup}
	q := e.base.Queries
	for m := range e.base.Months {
		name := fmt.Sprintf("m%d", m+1)
		formula += " + " + name
		in = append(in, StepInput{name, c.plan.MonthlyWithLabour(q), "USD", fmt.Sprintf("run cost and people for %s queries", quantity.Count(quantity.RoundSig(q, 3)))})
		q *= 1 + e.base.Growth
	}
	t.step("tco", id, e.horizon()+", all in", formula, c.tco, "USD", in...)
}

// hybrid redoes a mix from its parts.
func (t *tracer) hybrid(c *candidate) {
	formula := make([]string, 0, len(c.plan.Parts))
	var in []StepInput
	q := t.e.base.Queries
	for i := range c.plan.Parts {
		p := &c.plan.Parts[i]
		name := fmt.Sprintf("part%d", i+1)
		formula = append(formula, name)
		in = append(in, StepInput{name, p.Curve.Monthly(q * p.Share), "USD a month", fmt.Sprintf("%s of the queries", quantity.Percent(p.Share))})
	}
	t.step("monthly", c.opt.ID, "Monthly run cost", strings.Join(formula, " + "), c.plan.Monthly(q), "USD a month", in...)
	t.people(c)
	t.total(c)
	t.longRun(c)
}

// breakEven redoes the crossing on its stair.
func (t *tracer) breakEven(shown []*candidate, b *BreakEven) {
	self := firstOf(shown, func(c *candidate) bool { return c.opt.ID == b.Self })
	api := firstOf(shown, func(c *candidate) bool { return c.opt.ID == b.API })
	if b.QueriesPerMonth == nil || self == nil || api == nil || len(api.plan.Parts) != 1 {
		return
	}
	t.payback(self, api, b)
	s, a := &self.plan.Parts[0].Curve, &api.plan.Parts[0].Curve
	q := *b.QueriesPerMonth
	units := float64(s.Serving(q))
	fixed := s.BaseUSD + s.Machines(s.Serving(q)+s.Spare) + self.plan.LabourAt(q).Mid
	crossing := (fixed - a.BaseUSD - api.plan.Labour.Mid) / (a.PerQuery() - s.PerQuery())
	start := 0.0
	if crossing < q { // ahead already where the stair begins
		start = q
	}
	t.step("break_even", self.opt.ID, "Break-even with "+api.opt.Name, "max(stair, (fixed_self - fixed_api) / (query_api - query_self))", q, "queries a month",
		StepInput{"stair", start, "queries a month where the stair begins", "sizing"},
		StepInput{"fixed_self", fixed, "USD a month", fmt.Sprintf("%g machines, the spare ones and people", units+float64(s.Spare))},
		StepInput{"fixed_api", a.BaseUSD + api.plan.Labour.Mid, "USD a month", "people"},
		StepInput{"query_api", a.PerQuery(), "USD", "step:api.query"}, StepInput{"query_self", s.PerQuery(), "USD", "egress"})
}
