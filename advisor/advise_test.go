package advisor

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/llmadvise/llmadvise/advisor/catalog"
	"github.com/llmadvise/llmadvise/advisor/cost"
	"github.com/llmadvise/llmadvise/advisor/quantity"
)

// requests are the workloads that the answers are defended on.
func requests() map[string]Workload {
	share := 0.3
	return map[string]Workload{
		"10k public, no team":     {QueriesPerMonth: 10_000, Sensitivity: Public, MLTeam: NoTeam},
		"300k HIPAA":              {QueriesPerMonth: 300_000, Compliance: []catalog.Regime{catalog.HIPAA}},
		"5M classification, team": {QueriesPerMonth: 5e6, Task: Classification, MLTeam: DedicatedTeam},
		"150k, 30 % sensitive":    {QueriesPerMonth: 150_000, SensitiveShare: &share},
		"50 qps chat, p95 2 s":    {QueriesPerMonth: 50 * secondsPerMonth, Task: Chat, LatencyP95: 2 * time.Second},
		"250k, no data leaves":    {QueriesPerMonth: 250_000, NoDataLeaves: ptr(true)},
		"900k, 6 A100 there":      {QueriesPerMonth: 900_000, NoDataLeaves: ptr(true), GPUs: []string{"A100-SXM-80GB"}, Owned: []Held{{"A100-SXM-80GB", 6}}},
	}
}

func advise(t testing.TB, w Workload) Advice {
	t.Helper()
	a, err := Advise(w, catalog.Default())
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func optionOf(t testing.TB, a *Advice) *Option {
	t.Helper()
	for i := range a.Options {
		if a.Options[i].ID == a.Recommendation.Option {
			return &a.Options[i]
		}
	}
	t.Fatalf("the recommended option %q is not among the options", a.Recommendation.Option)
	return nil
}

func TestRecommendations(t *testing.T) {
	for _, c := range []struct {
		request string
		paths   []Path // any of these can be defended
		below   float64
	}{
		// A call costs hundredths of a cent: any machine of one's own costs hundreds of times the bill.
		{"10k public, no team", []Path{PathAPI, PathHostedOpen}, 60},
		// Endpoints under a BAA meet HIPAA; the hosted 70B is $324, a machine with a standby thousands.
		{"300k HIPAA", []Path{PathHostedOpen}, 400},
		// Labels are short: 2.6 billion tokens at a few cents a million.
		{"5M classification, team", []Path{PathAPI, PathHostedOpen}, 400},
		{"150k, 30 % sensitive", []Path{PathAPI, PathHostedOpen, PathHybrid}, 200},
		{"50 qps chat, p95 2 s", []Path{PathHostedOpen, PathSelfHost}, 80_000},
		// Nobody else may process the data: own machines, at a price.
		{"250k, no data leaves", []Path{PathSelfHost}, 6_000},
	} {
		t.Run(c.request, func(t *testing.T) {
			a := advise(t, requests()[c.request])
			o := optionOf(t, &a)
			if !slices.Contains(c.paths, o.Path) {
				t.Errorf("recommends %s (%s), want one of %v", o.Path, o.Name, c.paths)
			}
			if o.Monthly.Mid > c.below {
				t.Errorf("%s costs $%.0f a month, want at most $%.0f", o.Name, o.Monthly.Mid, c.below)
			}
			if a.Recommendation.Confidence <= 0 || a.Recommendation.Confidence > 1 {
				t.Errorf("confidence %g", a.Recommendation.Confidence)
			}
		})
	}
}

// What holds of every advice.
func checkAdvice(t interface {
	Errorf(string, ...any)
	Helper()
}, a *Advice) {
	t.Helper()
	paths := map[Path]bool{}
	feasibleSeen, infeasibleSeen := false, false
	for i := range a.Options {
		o := &a.Options[i]
		paths[o.Path] = true
		for _, e := range []struct {
			name         string
			lo, mid, hi_ float64
		}{
			{"monthly", o.Monthly.Lo, o.Monthly.Mid, o.Monthly.Hi}, {"tco", o.TCO.Lo, o.TCO.Mid, o.TCO.Hi}, {"tco12", o.TCO12.Lo, o.TCO12.Mid, o.TCO12.Hi},
			{"tco36", o.TCO36.Lo, o.TCO36.Mid, o.TCO36.Hi}, {"labour", o.LabourMonthly.Lo, o.LabourMonthly.Mid, o.LabourMonthly.Hi},
			{"tco12 without labour", o.TCO12NoLabour.Lo, o.TCO12NoLabour.Mid, o.TCO12NoLabour.Hi},
		} {
			if !(e.lo <= e.mid && e.mid <= e.hi_) || math.IsNaN(e.mid) || math.IsInf(e.mid, 0) || e.mid < 0 {
				t.Errorf("%s: %s is %g, %g, %g", o.ID, e.name, e.lo, e.mid, e.hi_)
			}
		}
		if o.Feasible != (len(o.WhyNot) == 0) {
			t.Errorf("%s: feasible %v, but why not is %q", o.ID, o.Feasible, o.WhyNot)
		}
		if o.Feasible {
			feasibleSeen = true
			if infeasibleSeen {
				t.Errorf("%s qualifies and stands behind one that does not", o.ID)
			}
		} else {
			infeasibleSeen = true
		}
	}
	if len(a.Options) > 0 && !paths[PathHostedOpen] {
		t.Errorf("hosted open weights are not among the options")
	}
	r := &a.Recommendation
	if (r.Option != "") != feasibleSeen {
		t.Errorf("recommendation %q, any option qualifies: %v", r.Option, feasibleSeen)
	}
	if r.Option == "" && r.Relax == "" && len(a.Options) > 0 {
		t.Errorf("nothing qualifies, and nothing is said to relax")
	}
	if r.Summary == "" {
		t.Errorf("no summary")
	}
}

// pinned says the latency that would be assumed, so that it does not give way in one of two workloads that are compared.
func pinned(w Workload) Workload {
	full, _ := Complete(w)
	w.LatencyP95 = full.LatencyP95
	return w
}

func anyWorkload(t *rapid.T) Workload {
	w := Workload{
		QueriesPerMonth: math.Pow(10, rapid.Float64Range(2, 9).Draw(t, "log queries")),
		Task:            rapid.SampledFrom([]Task{"", Chat, RAG, Summarization, Classification, Extraction, Coding, Reasoning, Agent, Batch}).Draw(t, "task"),
		MLTeam:          rapid.SampledFrom([]MLTeam{"", NoTeam, SomeTeam, DedicatedTeam}).Draw(t, "team"),
		Quality:         rapid.SampledFrom([]Quality{"", Standard, Frontier}).Draw(t, "quality"),
		Traffic:         rapid.SampledFrom([]Traffic{"", OfficeHours, RoundTheClock, BatchTraffic}).Draw(t, "traffic"),
		Residency:       rapid.SampledFrom([]string{"", "", "EU", "US"}).Draw(t, "residency"),
	}
	w.HorizonMonths = rapid.SampledFrom([]int{0, 0, 3, 24, 36, 60}).Draw(t, "horizon")
	if rapid.Bool().Draw(t, "said latency") {
		w.LatencyP95 = time.Duration(rapid.Float64Range(0.3, 60).Draw(t, "latency") * float64(time.Second))
	}
	for _, r := range []catalog.Regime{catalog.HIPAA, catalog.GDPR, catalog.PCIDSS, catalog.SOC2, catalog.EUAIAct, catalog.FedRAMP} {
		if rapid.IntRange(0, 5).Draw(t, string(r)) == 0 {
			w.Compliance = append(w.Compliance, r)
		}
	}
	if rapid.IntRange(0, 4).Draw(t, "inside") == 0 {
		w.NoDataLeaves = ptr(true)
	}
	if rapid.IntRange(0, 4).Draw(t, "mixed") == 0 {
		w.HardShare = ptr(rapid.Float64Range(0, 1).Draw(t, "hard"))
	}
	if rapid.IntRange(0, 4).Draw(t, "sensitive") == 0 {
		w.SensitiveShare = ptr(rapid.Float64Range(0, 1).Draw(t, "share"))
	}
	if rapid.IntRange(0, 4).Draw(t, "budgeted") == 0 {
		w.BudgetUSDMonth = ptr(rapid.Float64Range(1, 1e5).Draw(t, "budget"))
	}
	if rapid.IntRange(0, 4).Draw(t, "growing") == 0 {
		w.GrowthPerMonth = ptr(rapid.Float64Range(-0.1, 0.3).Draw(t, "growth"))
	}
	return w
}

func TestAdviceHolds(t *testing.T) {
	cat := catalog.Default()
	rapid.Check(t, func(t *rapid.T) {
		w := anyWorkload(t)
		a, err := AdviseWith(w, cat, Options{Draws: 50})
		if err != nil {
			t.Fatal(err)
		}
		checkAdvice(t, &a)
		checkTrace(t, &a)
	})
}

func TestAdviseIsDeterministic(t *testing.T) {
	for name, w := range requests() {
		if a, b := advise(t, w), advise(t, w); !reflect.DeepEqual(a, b) {
			t.Errorf("%s: two answers to one request", name)
		}
	}
}

// The order of lists in a request changes nothing.
func TestOrderOfListsDoesNotMatter(t *testing.T) {
	w := Workload{QueriesPerMonth: 1e5, Compliance: []catalog.Regime{catalog.HIPAA, catalog.GDPR}, Models: []string{"llama-3.3-70b", "gpt-4.1"}}
	v := Workload{QueriesPerMonth: 1e5, Compliance: []catalog.Regime{catalog.GDPR, catalog.HIPAA}, Models: []string{"gpt-4.1", "llama-3.3-70b"}}
	if !reflect.DeepEqual(advise(t, w), advise(t, v)) {
		t.Error("another order of the same lists gives another answer")
	}
}

// A tighter latency target never needs fewer GPUs, for one configuration at one place. (The cheapest choice among all may well have
// fewer, faster ones.)
func TestTighterLatencyNeverNeedsFewerGPUs(t *testing.T) {
	cat := catalog.Default()
	fleet := map[string]int{}
	for _, s := range []float64{30, 15, 10, 8, 6, 5, 4, 3, 2.5, 2} {
		w := Workload{
			QueriesPerMonth: 2e6, NoDataLeaves: ptr(true), Models: []string{"gpt-oss-120b"}, GPUs: []string{"H100-SXM-80GB"},
			LatencyP95: time.Duration(s * float64(time.Second)),
		}
		a, err := AdviseWith(w, cat, Options{Draws: -1})
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range a.Options {
			if o.Path != PathSelfHost || !o.Feasible {
				continue
			}
			if before := fleet[o.ID]; o.GPUs < before {
				t.Errorf("%s: %d GPUs at p95 %g s, %d at a looser target", o.ID, o.GPUs, s, before)
			}
			fleet[o.ID] = o.GPUs
		}
	}
	if len(fleet) == 0 {
		t.Fatal("no configuration to look at")
	}
}

// More offers never make the best option dearer, beyond the difference that counts as none.
func TestMoreOffersNeverWorsenTheBest(t *testing.T) {
	full := catalog.Default()
	for name, w := range requests() {
		before := math.Inf(1)
		for _, n := range []int{20, 80, 160, len(full.Offers)} {
			part := *full
			part.Offers = nil
			for i, o := range full.Offers {
				if i < n || o.Reasoning { // that a model thinks is read off its offers, and is no matter of more or fewer
					part.Offers = append(part.Offers, o)
				}
			}
			now := leastCost(t, w, catalog.New(part))
			if now > before*(1+1e-9) {
				t.Errorf("%s: the best costs %g with %d offers, %g with fewer", name, now, n, before)
			}
			before = now
		}
	}
}

func TestHardConstraints(t *testing.T) {
	cat := catalog.Default()
	for _, c := range []struct {
		name string
		w    Workload
		ok   func(*Option) bool
	}{
		{"HIPAA needs a BAA", Workload{Compliance: []catalog.Regime{catalog.HIPAA}}, func(o *Option) bool {
			return o.Path == PathHybrid || slices.ContainsFunc(cat.TermsOf(o.ProviderID), func(t catalog.Terms) bool { return t.BAA != nil && *t.BAA }) || o.Provider == "your own hardware"
		}},
		{"no data leaves", Workload{NoDataLeaves: ptr(true)}, func(o *Option) bool { return o.Path == PathSelfHost }},
		{"budget", Workload{BudgetUSDMonth: ptr(200.0)}, func(o *Option) bool { return o.Monthly.Mid <= 200 }},
		{"named models", Workload{Models: []string{"gpt-4.1"}}, func(o *Option) bool { return o.ModelID == "gpt-4.1" }},
		{"named GPU", Workload{GPUs: []string{"L40S"}, NoDataLeaves: ptr(true)}, func(o *Option) bool { return o.GPU == "L40S" }},
		{"context", Workload{InputTokens: 150_000, Task: RAG, LatencyP95: 5 * time.Minute}, func(o *Option) bool {
			of, ok := cat.Offer(o.OfferID)
			return !ok || of.Context == 0 || of.Context >= 150_000
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.w.QueriesPerMonth = 100_000
			a := advise(t, c.w)
			for i := range a.Options {
				if o := &a.Options[i]; o.Feasible && !c.ok(o) {
					t.Errorf("%s counts as qualified", o.Name)
				}
			}
			if a.Recommendation.Option == "" {
				t.Errorf("nothing qualifies: %s", a.Recommendation.Reason)
			}
		})
	}
}

// Where nothing meets everything, the answer says what to give up and what that costs.
func TestNothingFits(t *testing.T) {
	a := advise(t, Workload{QueriesPerMonth: 300_000, Quality: Frontier, BudgetUSDMonth: ptr(0.5)})
	if a.Recommendation.Option != "" {
		t.Fatalf("recommends %s for half a dollar", a.Recommendation.Option)
	}
	if !strings.Contains(a.Recommendation.Relax, "budget") {
		t.Errorf("relax %q, want the budget", a.Recommendation.Relax)
	}
	if !strings.Contains(a.Recommendation.Reason, "$") {
		t.Errorf("the reason %q names no price", a.Recommendation.Reason)
	}
}

// What counts as frontier rests on benchmarks that still tell models apart, and "like that model on coding" on coding scores.
func TestQualityFloors(t *testing.T) {
	cat := catalog.Default()
	s := newScores(cat)
	frontier := s.floorOf(&Workload{Task: Agent, Quality: Frontier}, Frontier, cat)
	chat := s.floorOf(&Workload{Task: Chat, Quality: Standard}, Standard, cat)
	like := s.floorOf(&Workload{Task: Chat, Quality: Standard, QualityLike: &QualityLike{Model: "gpt-4.1", Task: "coding"}}, Standard, cat)
	for _, c := range []struct {
		model string
		floor floor
		pass  bool
	}{
		{"llama-3.1-70b", frontier, false}, {"llama-3.3-70b", frontier, false}, {"gpt-4.1-nano", frontier, false},
		{"claude-sonnet-5", frontier, true},
		{"llama-3.3-70b", chat, true}, {"gpt-4.1", chat, true}, {"gpt-oss-120b", chat, true}, {"gpt-4.1-nano", chat, false}, {"llama-3.1-8b", chat, false},
		{"gpt-4.1", like, true}, {"claude-sonnet-5", like, true}, {"llama-3.3-70b", like, false}, {"llama-3.1-8b", like, false},
		{"no-such-model", chat, false},
	} {
		if _, why := s.verdict(c.model, c.floor); (why == "") != c.pass {
			t.Errorf("%s against %s: %q, want pass %v", c.model, c.floor.name, why, c.pass)
		}
	}
}

func TestErrors(t *testing.T) {
	if _, err := Advise(Workload{}, nil); !errors.Is(err, ErrNoCatalog) {
		t.Errorf("no catalog: %v", err)
	}
	if _, err := Advise(Workload{}, &catalog.Catalog{}); !errors.Is(err, ErrNoCatalog) {
		t.Errorf("empty catalog: %v", err)
	}
	for field, w := range map[Field]Workload{
		FieldQueries: {QueriesPerMonth: 1e15}, FieldInput: {InputTokens: 1 << 40}, FieldHorizon: {HorizonMonths: 1000},
		FieldCached: {CachedShare: ptr(1.5)}, FieldGrowth: {GrowthPerMonth: ptr(5.0)}, FieldReasoning: {ReasoningTokens: ptr(-1)},
	} {
		if _, err := Advise(w, catalog.Default()); err == nil || !strings.Contains(err.Error(), string(field)) {
			t.Errorf("%s: error %v does not name the field", field, err)
		}
	}
	if _, err := Advise(Workload{Engine: "warp drive"}, catalog.Default()); err == nil {
		t.Error("an unknown engine is accepted")
	}
}

// checkTrace redoes every step of the trace with its own formula and inputs, and holds the results to the options.
func checkTrace(t interface {
	Errorf(string, ...any)
	Helper()
}, a *Advice) {
	t.Helper()
	monthly := map[string]float64{}
	derived := map[string][]float64{} // step to its values, by option
	for _, s := range a.Trace {
		in := map[string]float64{}
		for _, x := range s.Inputs {
			in[x.Name] = x.Value
			if x.From == "" {
				t.Errorf("%s: input %s comes from nowhere", s.ID, x.Name)
			}
			if step, ok := strings.CutPrefix(x.From, "step:"); ok && !slices.ContainsFunc(derived[step], func(v float64) bool { return math.Abs(v-x.Value) <= 1e-9*math.Abs(v) }) {
				t.Errorf("%s: input %s = %g is said to be step %s, whose values are %v", s.ID, x.Name, x.Value, step, derived[step])
			}
		}
		derived[s.ID] = append(derived[s.ID], s.Value)
		got, err := evaluate(s.Formula, in)
		if err != nil {
			t.Errorf("%s: %v", s.ID, err)
			continue
		}
		if math.Abs(got-s.Value) > 1e-6*math.Max(1, math.Abs(s.Value)) {
			t.Errorf("%s of %s: %s gives %g, the trace says %g (%v)", s.ID, s.Option, s.Formula, got, s.Value, s.Inputs)
		}
		if s.ID == "monthly" {
			monthly[s.Option] = got
		}
	}
	if o := a.Recommendation.Option; o != "" {
		if _, ok := monthly[o]; !ok {
			t.Errorf("the recommended option %s has no traced monthly cost", o)
		}
	}
	for i := range a.Options {
		o := &a.Options[i]
		for id, want := range map[string]float64{
			"tco": o.TCO.Mid, "tco36": o.TCO36.Mid, "npv36": o.NPV36, "labour": o.LabourMonthly.Mid, "setup": o.SetupUSD.Mid,
			"self.vram": mid(o.VRAM), "self.p95": mid(o.Latency), "api.p95": mid(o.Latency),
		} {
			for _, s := range a.Trace {
				if s.Option == o.ID && s.ID == id && math.Abs(s.Value-want) > 1e-6*math.Max(1, want) {
					t.Errorf("%s: the trace says %s = %g, the option %g", o.ID, id, s.Value, want)
				}
			}
		}
		if m, ok := monthly[o.ID]; ok && math.Abs(m-o.Monthly.Mid) > 1e-6*math.Max(1, m) {
			t.Errorf("%s: the trace arrives at %g a month, the option says %g", o.ID, m, o.Monthly.Mid)
		}
	}
}

func mid(e *quantity.Estimate) float64 {
	if e == nil {
		return math.NaN()
	}
	return e.Mid
}

// evaluate computes a formula of the trace: numbers, names, + - * /, ceil, max and pow.
func evaluate(formula string, in map[string]float64) (v float64, err error) {
	e, err := parser.ParseExpr(formula)
	if err != nil {
		return 0, err
	}
	defer func() {
		if r := recover(); r != nil {
			err = errors.New(formula + ": " + r.(string))
		}
	}()
	return eval(e, in), nil
}

func eval(e ast.Expr, in map[string]float64) float64 {
	switch x := e.(type) {
	case *ast.BasicLit:
		v, _ := strconv.ParseFloat(x.Value, 64)
		return v
	case *ast.Ident:
		v, ok := in[x.Name]
		if !ok {
			panic("no input " + x.Name)
		}
		return v
	case *ast.ParenExpr:
		return eval(x.X, in)
	case *ast.BinaryExpr:
		a, b := eval(x.X, in), eval(x.Y, in)
		switch x.Op {
		case token.ADD:
			return a + b
		case token.SUB:
			return a - b
		case token.MUL:
			return a * b
		case token.QUO:
			return a / b
		}
	case *ast.CallExpr:
		var args []float64
		for _, arg := range x.Args {
			args = append(args, eval(arg, in))
		}
		switch x.Fun.(*ast.Ident).Name {
		case "ceil":
			return math.Ceil(args[0] - 1e-9)
		case "max":
			return slices.Max(args)
		case "pow":
			return math.Pow(args[0], args[1])
		}
	}
	panic("formula not understood")
}

func TestTraceCanBeRedone(t *testing.T) {
	for name, w := range requests() {
		t.Run(name, func(t *testing.T) {
			a := advise(t, w)
			if len(a.Trace) < 10 {
				t.Fatalf("%d steps", len(a.Trace))
			}
			checkTrace(t, &a)
		})
	}
}

// Bought hardware: the up-front price counts in NPV, its write-off month by month, and buying is weighed where a card has a price.
func TestOwnedHardware(t *testing.T) {
	cat := *catalog.Default()
	cat.Accelerators = slices.Clone(cat.Accelerators)
	cat.GPUOffers = nil
	priced := false
	for i := range cat.Accelerators {
		a := &cat.Accelerators[i]
		a.PurchaseUSD = nil
		if a.ID == "L40S" {
			a.PurchaseUSD, priced = &[2]float64{7000, 9000}, true
		}
	}
	if !priced {
		t.Fatal("no L40S in the catalog")
	}
	a, err := Advise(Workload{QueriesPerMonth: 250_000, NoDataLeaves: ptr(true)}, catalog.New(cat))
	if err != nil {
		t.Fatal(err)
	}
	checkAdvice(t, &a)
	checkTrace(t, &a)
	o := optionOf(t, &a)
	if o.GPU != "L40S" || o.Provider != "your own hardware" {
		t.Fatalf("recommends %s", o.Name)
	}
	if o.NPV36 <= float64(o.GPUs)*8000 {
		t.Errorf("NPV %g of %d cards at $8,000 leaves out the purchase", o.NPV36, o.GPUs)
	}
	if !strings.Contains(strings.Join(o.Caveats, "; "), "up front") {
		t.Errorf("the caveats %q do not name the purchase", o.Caveats)
	}
}

// Work that may wait is billed at batch prices, needs no standby machine, and may run on spot machines.
func TestBatch(t *testing.T) {
	wait := advise(t, Workload{QueriesPerMonth: 2e6, Traffic: BatchTraffic, Task: Summarization, Models: []string{"gpt-4.1", "gpt-oss-120b"}})
	now := advise(t, Workload{QueriesPerMonth: 2e6, Traffic: OfficeHours, Task: Summarization, Models: []string{"gpt-4.1", "gpt-oss-120b"}})
	cheapest := func(a Advice) float64 {
		least := math.Inf(1)
		for _, o := range a.Options {
			if o.ModelID == "gpt-4.1" && o.Path == PathAPI {
				least = min(least, o.Monthly.Mid)
			}
		}
		return least
	}
	// OpenAI's batch prices are half of its list prices.
	if a, b := cheapest(wait), cheapest(now); math.Abs(a/b-0.5) > 1e-9 {
		t.Errorf("gpt-4.1 costs %g where the work may wait, %g where it may not", a, b)
	}
	if o := optionOf(t, &wait); o.Latency != nil {
		t.Errorf("%s: a p95 of %v where nobody waits", o.Name, o.Latency)
	}
	for _, o := range now.Options {
		if o.Commitment == catalog.Spot {
			t.Errorf("%s: spot machines for callers who wait", o.Name)
		}
	}
}

// The worked case: 300,000 queries a month of 1,200 tokens in and 300 out under HIPAA, with the catalog's own prices: GPT-4.1 at 2/8 and
// Llama-3.3-70B on Bedrock at 0.72/0.72.
func TestWorkedCaseThroughTheCatalog(t *testing.T) {
	a := advise(t, Workload{
		QueriesPerMonth: 300_000, InputTokens: 1200, OutputTokens: 300, LatencyP95: 5 * time.Second, Compliance: []catalog.Regime{catalog.HIPAA},
		Models: []string{"gpt-4.1", "llama-3.3-70b"},
	})
	want := map[string]float64{"aws/llama-3.3-70b": 324, "azure/gpt-4.1/global": 1440}
	for i := range a.Options {
		o := &a.Options[i]
		if w, ok := want[o.ID]; ok {
			if math.Abs(o.Monthly.Mid-w) > 0.01 {
				t.Errorf("%s costs $%.2f a month, want $%.2f", o.Name, o.Monthly.Mid, w)
			}
			delete(want, o.ID)
		}
	}
	if len(want) > 0 {
		t.Errorf("not shown: %v", want)
	}
	if a.Recommendation.Path != PathHostedOpen {
		t.Errorf("recommends %s: HIPAA does not force self-hosting where an endpoint has a BAA", a.Recommendation.Path)
	}
	if !strings.Contains(a.Disagreement, "self-host") {
		t.Errorf("the article's mandatory self-hosting is not set against it: %q", a.Disagreement)
	}
}

// What is read from a cache was written to it, and some providers charge for that.
func TestCacheWritesAreBilled(t *testing.T) {
	a := advise(t, Workload{QueriesPerMonth: 100_000, InputTokens: 10_000, OutputTokens: 500, CachedShare: ptr(0.9), Models: []string{"claude-opus-4.1"}, LatencyP95: time.Minute})
	// Opus 4.1: 15 in, 75 out, 1.5 to read from the cache, 18.75 to write to it; a ninth of the 9,000 tokens read is written anew, and
	// nothing is left that is neither.
	want := 100_000 * (9000*1.5 + 1000*18.75 + 500*75) / 1e6
	for i := range a.Options {
		if o := &a.Options[i]; o.ID == "aws/claude-opus-4.1/regional" {
			if math.Abs(o.Monthly.Mid-want) > 0.01 {
				t.Errorf("$%.2f a month, want $%.2f", o.Monthly.Mid, want)
			}
			return
		}
	}
	t.Error("claude-opus-4.1 on Bedrock is not shown")
}

func TestGrowthCosts(t *testing.T) {
	flat := advise(t, Workload{QueriesPerMonth: 1e6, Models: []string{"gpt-4.1"}})
	grows := advise(t, Workload{QueriesPerMonth: 1e6, Models: []string{"gpt-4.1"}, GrowthPerMonth: ptr(0.1)})
	a, b := optionOf(t, &flat), optionOf(t, &grows)
	if a.Monthly.Mid != b.Monthly.Mid {
		t.Errorf("the first month costs %g and %g", a.Monthly.Mid, b.Monthly.Mid)
	}
	setup := a.TCO12.Mid - 12*a.Monthly.Mid
	// A geometric series of twelve months at 10 %.
	want := setup + a.Monthly.Mid*(math.Pow(1.1, 12)-1)/0.1
	if math.Abs(b.TCO12.Mid/want-1) > 1e-9 {
		t.Errorf("12 months cost %g, want %g", b.TCO12.Mid, want)
	}
	checkTrace(t, &grows)
}

func TestCurveCrossesAtTheBreakEven(t *testing.T) {
	// No team cost and a dear rival: a break-even near by.
	a := advise(t, Workload{QueriesPerMonth: 3e6, Models: []string{"gpt-4.1", "gpt-oss-120b"}, MLTeam: DedicatedTeam})
	for _, b := range a.BreakEven {
		if b.QueriesPerMonth == nil || !strings.Contains(b.API, "gpt-4.1") {
			continue
		}
		var self, api []CurvePoint
		for _, p := range a.Curve {
			switch p.Option {
			case b.Self:
				self = append(self, p)
			case b.API:
				api = append(api, p)
			}
		}
		if len(self) == 0 || len(self) != len(api) {
			continue
		}
		for i := range self {
			if q := self[i].QueriesPerMonth; q < *b.QueriesPerMonth*0.99 && self[i].USD < api[i].USD {
				t.Errorf("at %g queries self-hosting is cheaper, before its break-even at %g", q, *b.QueriesPerMonth)
			}
		}
		return
	}
	t.Skip("the catalog of the day has no break-even between these models")
}

func BenchmarkAdvise(b *testing.B) {
	cat := catalog.Default()
	for _, name := range []string{"300k HIPAA", "5M classification, team", "50 qps chat, p95 2 s"} {
		b.Run(strings.ReplaceAll(name, " ", "_"), func(b *testing.B) {
			w := requests()[name]
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Advise(w, cat); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkAdvise10kDraws(b *testing.B) {
	cat, w := catalog.Default(), requests()["300k HIPAA"]
	b.ReportAllocs()
	for b.Loop() {
		if _, err := AdviseWith(w, cat, Options{Draws: 10_000}); err != nil {
			b.Fatal(err)
		}
	}
}

func TestAssumedLatencyGrowsWithTheAnswer(t *testing.T) {
	for name, tt := range map[string]struct {
		w    Workload
		want time.Duration
	}{
		"the usual":          {Workload{}, 5 * time.Second},
		"short":              {Workload{OutputTokens: 20}, 5 * time.Second},
		"a little longer":    {Workload{OutputTokens: 330}, 5 * time.Second},
		"twice as long":      {Workload{OutputTokens: 750}, 10 * time.Second},
		"thought through":    {Workload{ReasoningTokens: ptr(4200)}, 50 * time.Second},
		"said":               {Workload{OutputTokens: 750, LatencyP95: 3 * time.Second}, 3 * time.Second},
		"batch":              {Workload{OutputTokens: 4000, Traffic: BatchTraffic}, 24 * time.Hour},
		"longer than a day":  {Workload{OutputTokens: 9_000_000}, 24 * time.Hour},
		"twice a long label": {Workload{Task: Classification, OutputTokens: 90}, 4 * time.Second},
	} {
		if w, _ := Complete(tt.w); w.LatencyP95 != tt.want {
			t.Errorf("%s: %v, want %v", name, w.LatencyP95, tt.want)
		}
	}
}

// A card that is named and that nobody sells or rents here stands there already: it is sized, and the bill says what it leaves out.
func TestANamedCardWithoutAPriceIsSized(t *testing.T) {
	no := true
	a, err := Advise(Workload{QueriesPerMonth: 20_000, Task: Classification, GPUs: []string{"RTX 4090"}, NoDataLeaves: &no}, catalog.Default())
	if err != nil {
		t.Fatal(err)
	}
	best := optionOf(t, &a)
	if best.GPU != "RTX 4090" || best.OfferID != "" {
		t.Fatalf("recommended %+v", best)
	}
	if !slices.ContainsFunc(best.Caveats, func(c string) bool { return strings.Contains(c, "no price of the RTX 4090 is known") }) {
		t.Errorf("nothing is said of the card's price: %q", best.Caveats)
	}
	if best.Monthly.Mid < 50 {
		t.Errorf("its host and power cost %g a month", best.Monthly.Mid)
	}
}

// A horizon that was said is what costs are added up over: a volume that grows makes machines pay in three years that do not in one.
func TestTheHorizonDecides(t *testing.T) {
	w := Workload{QueriesPerMonth: 250_000, GrowthPerMonth: ptr(0.15), Models: []string{"gpt-4.1", "gpt-oss-120b"}, Providers: []string{"openai", "lambda"}}
	first := func(months int) *Option {
		w.HorizonMonths = months
		a := advise(t, w)
		o := optionOf(t, &a)
		if want := o.SetupUSD.Mid + float64(months)*(o.Monthly.Mid+o.LabourMonthly.Mid); o.TCO.Mid < want {
			t.Errorf("%d months cost %g, less than without growth: %g", months, o.TCO.Mid, want)
		}
		for _, other := range a.Options {
			if other.Feasible && other.TCO.Mid+other.RiskUSD < o.TCO.Mid+o.RiskUSD-cost.MaterialUSDMonth*float64(months) {
				t.Errorf("%s comes first over %d months at %g, but %s costs %g", o.Name, months, o.TCO.Mid, other.Name, other.TCO.Mid)
			}
		}
		return o
	}
	if short, long := first(12), first(36); short.Path != PathAPI || long.Path != PathSelfHost {
		t.Errorf("over a year %s, over three %s: want an API and machines", short.Name, long.Name)
	}
}

// Every open model can be asked for by name where no data may leave, however slow or large it is: nobody gave a latency.
func TestEveryOpenModelCanBeHosted(t *testing.T) {
	t.Parallel()
	cat := catalog.Default()
	for _, m := range cat.Models {
		a, err := AdviseWith(Workload{QueriesPerMonth: 50_000, Models: []string{m.ID}, NoDataLeaves: ptr(true)}, cat, Options{Draws: -1, NoTrace: true})
		if err != nil {
			t.Fatal(err)
		}
		if a.Recommendation.Option == "" {
			t.Errorf("%s: %s; %s", m.ID, a.Recommendation.Summary, a.Recommendation.Reason)
		} else if o := optionOf(t, &a); o.ModelID != m.ID {
			t.Errorf("%s: %s", m.ID, o.Name)
		}
	}
}

// Every API model can be asked for by name: what nobody asked of it does not rule it out.
func TestEveryAPIModelCanBeCalled(t *testing.T) {
	t.Parallel()
	cat := catalog.Default()
	seen := map[string]bool{}
	for i := range cat.Offers {
		o := &cat.Offers[i]
		if seen[o.ModelID] || !o.Usable() || !o.EndOfLife.IsZero() {
			continue
		}
		seen[o.ModelID] = true
		a, err := AdviseWith(Workload{QueriesPerMonth: 50_000, Models: []string{o.ModelID}, Sensitivity: Public}, cat, Options{Draws: -1, NoTrace: true})
		if err != nil {
			t.Fatal(err)
		}
		if a.Recommendation.Option == "" {
			t.Errorf("%s: %s; %s", o.ModelID, a.Recommendation.Summary, a.Recommendation.Reason)
		}
	}
	if len(seen) < 100 {
		t.Errorf("only %d models were tried", len(seen))
	}
}
