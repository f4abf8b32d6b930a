package advisor

import (
	"math"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/llmadvise/llmadvise/advisor/catalog"
	"github.com/llmadvise/llmadvise/advisor/cost"
	"github.com/llmadvise/llmadvise/advisor/quantity"
)

// quick answers without draws and trace.
func quick(t interface{ Fatal(args ...any) }, w Workload, cat *catalog.Catalog) Advice {
	a, err := AdviseWith(w, cat, Options{Draws: -1, NoTrace: true})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// leastCost is the least cost over the horizon of everything that qualifies, shown or not, with the risk that the order counts; infinite where nothing
// does. What is shown first may cost a little more: within [cost.MaterialUSDMonth] the better model goes first.
func leastCost(t interface{ Fatal(args ...any) }, w Workload, cat *catalog.Catalog) float64 {
	_, all, _, err := weigh(w, cat, Options{Draws: -1, NoTrace: true})
	if err != nil {
		t.Fatal(err)
	}
	least := math.Inf(1)
	for _, c := range all {
		if c.feasible() {
			least = min(least, c.ranked())
		}
	}
	return least
}

// mostSearched is a volume up to which the cheapest fleet is found for certain. Beyond it fleets come near [maxReplicas], and a search that guesses within a
// fifth may miss one that costs a tenth less of hundreds of millions.
const mostSearched = 1e8

// tries counts how often the draws of a property put it to the test: elsewhere it holds of itself.
type tries struct{ draws, tried int }

func (n *tries) count(tried bool) {
	n.draws++
	if tried {
		n.tried++
	}
}

// atLeast fails a test whose draws seldom put its property to the test. The share is to lie far below what the draws give, since they are others
// in each run.
func (n *tries) atLeast(t *testing.T, share float64, what string) {
	t.Helper()
	if t.Failed() {
		return
	}
	t.Logf("%s in %d of %d cases", what, n.tried, n.draws)
	if float64(n.tried) < share*float64(n.draws) || n.draws == 0 {
		t.Errorf("%s in %d of %d cases only", what, n.tried, n.draws)
	}
}

func TestMoreVolumeNeverCostsLess(t *testing.T) {
	t.Parallel()
	cat := catalog.Default()
	var best, same tries
	defer func() {
		best.atLeast(t, 0.25, "the best costs more")
		same.atLeast(t, 0.3, "the same option costs more a month")
	}()
	rapid.Check(t, func(t *rapid.T) {
		w := pinned(anyWorkload(t))
		w.BudgetUSDMonth = nil // a budget that no longer holds leaves the dearer options out
		more := w
		more.QueriesPerMonth *= rapid.Float64Range(1, 20).Draw(t, "factor")
		a, b := quick(t, w, cat), quick(t, more, cat)
		if before, after := leastCost(t, w, cat), leastCost(t, more, cat); after < before*(1-1e-9) {
			t.Fatalf("%g queries cost %g at least, %g cost %g", w.QueriesPerMonth, before, more.QueriesPerMonth, after)
		} else {
			best.count(after > before*(1+1e-9))
		}
		for i := range a.Options {
			for j := range b.Options {
				x, y := &a.Options[i], &b.Options[j]
				if x.ID != y.ID || x.Path == PathHybrid || x.Path == PathSelfHost && !y.Feasible { // a fleet is not grown for a target that it can hardly meet
					continue
				}
				same.count(y.Monthly.Mid > x.Monthly.Mid*(1+1e-9))
				if y.Monthly.Mid < x.Monthly.Mid*(1-1e-9) {
					t.Fatalf("%s: %g a month for %g queries, %g for %g", x.ID, x.Monthly.Mid, w.QueriesPerMonth, y.Monthly.Mid, more.QueriesPerMonth)
				}
			}
		}
	})
}

func empty(s string) bool { return s == "" }

func TestTighterTargetsNeverTakeFewerGPUs(t *testing.T) {
	t.Parallel()
	cat := catalog.Default()
	var more tries
	defer func() { more.atLeast(t, 0.02, "an option takes more GPUs") }()
	rapid.Check(t, func(t *rapid.T) {
		w := pinned(anyWorkload(t))
		w.QueriesPerMonth = math.Pow(10, rapid.Float64Range(5, 8).Draw(t, "log of enough queries")) // for more than the least fleet
		w.Compliance, w.Residency, w.BudgetUSDMonth = nil, "", nil
		w.Models = []string{rapid.SampledFrom([]string{"", "llama-3.3-70b", "gpt-oss-120b", "llama-3.1-8b"}).Draw(t, "model")} // "": any
		w.GPUs = []string{rapid.SampledFrom([]string{"", "H100-SXM-80GB", "A100-SXM-80GB", "L40S"}).Draw(t, "GPU")}
		w.Models, w.GPUs = slices.DeleteFunc(w.Models, empty), slices.DeleteFunc(w.GPUs, empty)
		w.NoDataLeaves, w.Traffic = ptr(true), RoundTheClock
		w.LatencyP95 = time.Duration(rapid.Float64Range(3, 30).Draw(t, "target") * float64(time.Second))
		tight := w
		tight.LatencyP95 = time.Duration(float64(w.LatencyP95) * rapid.Float64Range(0.4, 1).Draw(t, "share"))
		a, b := quick(t, w, cat), quick(t, tight, cat)
		grown := false
		for i := range a.Options {
			for j := range b.Options {
				x, y := &a.Options[i], &b.Options[j]
				if x.ID != y.ID || !x.Feasible || !y.Feasible || x.Path != PathSelfHost {
					continue
				}
				grown = grown || y.GPUs > x.GPUs
				if y.GPUs < x.GPUs {
					t.Fatalf("%s: %d GPUs within %s, %d within %s", x.ID, x.GPUs, w.LatencyP95, y.GPUs, tight.LatencyP95)
				}
			}
		}
		more.count(grown)
	})
}

func TestFewerOffersNeverHelp(t *testing.T) {
	t.Parallel()
	cat := catalog.Default()
	var hurt tries
	defer func() { hurt.atLeast(t, 0.01, "fewer offers cost more") }()
	rapid.Check(t, func(t *rapid.T) {
		w := pinned(anyWorkload(t))
		part := *cat
		every := rapid.IntRange(2, 7).Draw(t, "every")
		at := rapid.IntRange(0, every-1).Draw(t, "at")
		b := quick(t, w, cat)
		best := map[string]bool{} // the providers of the three that rank first
		for i := range b.Options[:min(3, len(b.Options))] {
			best[b.Options[i].ProviderID] = true
		}
		part.Offers = slices.DeleteFunc(slices.Clone(cat.Offers), func(o catalog.Offer) bool {
			return (len(o.ID)%every == at || best[o.ProviderID]) && !o.Reasoning // that a model thinks is read off its offers
		})
		if fewer, all := leastCost(t, w, catalog.New(part)), leastCost(t, w, cat); all > fewer*(1+1e-9) {
			t.Fatalf("all offers cost %g at least, a part of them %g", all, fewer)
		} else {
			hurt.count(fewer > all*(1+1e-9))
		}
	})
}

// The same for machines: with fewer places to rent from the best never costs less.
func TestFewerPlacesToRentNeverHelp(t *testing.T) {
	t.Parallel()
	full := catalog.Default()
	var hurt tries
	defer func() { hurt.atLeast(t, 0.01, "fewer places cost more") }()
	rapid.Check(t, func(t *rapid.T) {
		w := pinned(anyWorkload(t))
		w.QueriesPerMonth = min(w.QueriesPerMonth, mostSearched)
		w.NoDataLeaves = ptr(true)
		part := *full
		every := rapid.IntRange(2, 7).Draw(t, "every")
		at := rapid.IntRange(0, every-1).Draw(t, "at")
		b := quick(t, w, full)
		rented := map[string]bool{}
		for i := range b.Options {
			rented[b.Options[i].OfferID] = true
		}
		part.GPUOffers = slices.DeleteFunc(slices.Clone(full.GPUOffers), func(o catalog.GPUOffer) bool { return len(o.ID)%every == at || rented[o.ID] })
		if fewer, all := leastCost(t, w, catalog.New(part)), leastCost(t, w, full); all > fewer*closeEnough {
			t.Fatalf("all places cost %g at least, a part of them %g", all, fewer)
		} else {
			hurt.count(fewer > all*(1+1e-9))
		}
	})
}

// TestANamedProviderIsLookedThrough names one cloud, and wants what a catalog finds that has no other: the cheapest way to rent
// a card must not hide the named one.
func TestANamedProviderIsLookedThrough(t *testing.T) {
	t.Parallel()
	full := catalog.Default()
	var found tries
	defer func() { found.atLeast(t, 0.1, "the named cloud can do it") }()
	rapid.Check(t, func(t *rapid.T) {
		w := pinned(anyWorkload(t))
		w.QueriesPerMonth = min(w.QueriesPerMonth, mostSearched)
		w.NoDataLeaves, w.HardShare, w.SensitiveShare = ptr(true), nil, nil // a mix would take its other half elsewhere
		cloud := rapid.SampledFrom([]string{"aws", "google", "azure", "lambda", "runpod"}).Draw(t, "cloud")
		alone := *full
		alone.GPUOffers = slices.DeleteFunc(slices.Clone(full.GPUOffers), func(o catalog.GPUOffer) bool { return o.ProviderID != cloud })
		alone.Accelerators = slices.Clone(full.Accelerators)
		for i := range alone.Accelerators {
			alone.Accelerators[i].PurchaseUSD = nil
		}
		only := leastCost(t, w, catalog.New(alone))
		w.Providers = []string{cloud}
		named := leastCost(t, w, full)
		if named > only*closeEnough {
			t.Fatalf("named %s: costs %g at least, %g where there is no other", cloud, named, only)
		}
		found.count(!math.IsInf(only, 1))
	})
}

func TestConstraintsNeverMakeItCheaper(t *testing.T) {
	t.Parallel()
	cat := catalog.Default()
	add := map[string]func(*Workload){
		"HIPAA":           func(w *Workload) { w.Compliance = append(slices.Clone(w.Compliance), catalog.HIPAA) },
		"GDPR":            func(w *Workload) { w.Compliance = append(slices.Clone(w.Compliance), catalog.GDPR) },
		"FedRAMP":         func(w *Workload) { w.Compliance = append(slices.Clone(w.Compliance), catalog.FedRAMP) },
		"EU":              func(w *Workload) { w.Residency = "EU" },
		"Germany":         func(w *Workload) { w.Residency = "DE" },
		"nothing leaves":  func(w *Workload) { w.NoDataLeaves = ptr(true) },
		"frontier":        func(w *Workload) { w.Quality = Frontier },
		"half the target": func(w *Workload) { w.LatencyP95 /= 2 },
		"budget":          func(w *Workload) { w.BudgetUSDMonth = ptr(500.0) },
		"longer horizon":  func(w *Workload) { w.HorizonMonths = 24 },
	}
	names := make([]string, 0, len(add))
	for name := range add {
		names = append(names, name)
	}
	slices.Sort(names)
	rapid.Check(t, func(t *rapid.T) {
		w := pinned(anyWorkload(t))
		w.Residency, w.BudgetUSDMonth, w.NoDataLeaves, w.HardShare = "", nil, nil, nil
		w.Quality = Standard
		full, _ := Complete(w)
		w.LatencyP95, w.HorizonMonths = full.LatencyP95, 12
		name := rapid.SampledFrom(names).Draw(t, "constraint")
		strict := w
		add[name](&strict)
		if free, bound := leastCost(t, w, cat), leastCost(t, strict, cat); bound*closeEnough < free { // a difference that merits no further sizing
			t.Fatalf("%s: costs %g at least, %g without it", name, bound, free)
		}
	})
}

// Every estimate of an advice, wherever it stands, has its low end below and its high end above the middle.
func TestEveryEstimateIsInOrder(t *testing.T) {
	t.Parallel()
	cat := catalog.Default()
	rapid.Check(t, func(t *rapid.T) {
		a, err := AdviseWith(anyWorkload(t), cat, Options{Draws: 20})
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		walk(reflect.ValueOf(a), func(e quantity.Estimate) {
			n++
			if !(e.Lo <= e.Mid && e.Mid <= e.Hi) {
				t.Fatalf("%+v", e)
			}
		})
		if len(a.Options) > 0 && n < 7*len(a.Options) {
			t.Fatalf("%d estimates in %d options", n, len(a.Options))
		}
		for _, o := range a.Options {
			if o.Monthly.Hi > 100*o.Monthly.Mid+1 {
				t.Fatalf("%s: %v a month, with an interval to %g", o.ID, o.Monthly.Mid, o.Monthly.Hi)
			}
			if d := o.Drawn; d.P10 > d.P50 || d.P50 > d.P90 || d.Cheapest < 0 || d.Cheapest > 1 {
				t.Fatalf("%s: drawn %+v", o.ID, d)
			}
		}
	})
}

// walk calls f with every estimate in v.
func walk(v reflect.Value, f func(quantity.Estimate)) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			walk(v.Elem(), f)
		}
	case reflect.Slice:
		for i := range v.Len() {
			walk(v.Index(i), f)
		}
	case reflect.Struct:
		if e, ok := v.Interface().(quantity.Estimate); ok {
			f(e)
			return
		}
		if _, ok := v.Interface().(time.Time); ok {
			return
		}
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				walk(v.Field(i), f)
			}
		}
	}
}

// Setting an input to the value that it has changes nothing.
func TestSettingTheSameValueChangesNothing(t *testing.T) {
	t.Parallel()
	cat := catalog.Default()
	rapid.Check(t, func(t *rapid.T) {
		w, _ := Complete(anyWorkload(t))
		w.BudgetUSDMonth, w.PeakQPS = ptr(1e4), ptr(1e3)
		w.HardShare, w.SensitiveShare = ptr(0.2), ptr(0.1)
		fields := map[Field]float64{
			FieldQueries: w.QueriesPerMonth, FieldInput: float64(w.InputTokens), FieldOutput: float64(w.OutputTokens), FieldReasoning: float64(*w.ReasoningTokens),
			FieldCached: *w.CachedShare, FieldLatency: w.LatencyP95.Seconds(), FieldBudget: 1e4, FieldHorizon: float64(w.HorizonMonths),
			FieldGrowth: *w.GrowthPerMonth, FieldPeakQPS: 1e3, FieldHardShare: 0.2, FieldSensitiveShare: 0.1,
		}
		before := leastCost(t, w, cat)
		for f, v := range fields {
			same, err := With(w, f, v)
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(w, same) {
				t.Fatalf("%s = %g gives another workload", f, v)
			}
		}
		if after := leastCost(t, w, cat); after != before {
			t.Fatalf("costs %g, then %g", before, after)
		}
	})
}

// The month's queries, the queries a second that a fleet is sized for, and the bill of its machines are the same figures in other units, for
// every self-hosted option of the catalog.
func TestMonthsAndSecondsRoundTrip(t *testing.T) {
	t.Parallel()
	cat := catalog.Default()
	places := map[string]*catalog.GPUOffer{}
	for i := range cat.GPUOffers {
		places[cat.GPUOffers[i].ID] = &cat.GPUOffers[i]
	}
	var rented tries
	defer func() { rented.atLeast(t, 0.2, "a rented fleet's bill compared") }()
	rapid.Check(t, func(t *rapid.T) {
		w, _ := Complete(anyWorkload(t))
		e, err := newEngine(w, nil, cat, Options{Draws: -1, NoTrace: true})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range e.selfCandidates() {
			if got := c.sized.plan.PeakQPS / e.peakFactor * quantity.SecondsPerMonth; math.Abs(got/w.QueriesPerMonth-1) > 1e-9 {
				t.Fatalf("%s: sized for %g queries a month of %g", c.opt.ID, got, w.QueriesPerMonth)
			}
			o := places[c.opt.OfferID]
			rented.count(o != nil)
			if o == nil {
				continue
			}
			hours := float64(c.opt.GPUs) / float64(o.Count) * o.USDPerHour * quantity.HoursPerMonth
			bill := hours + cost.Egress(float64(w.OutputTokens))*w.QueriesPerMonth
			if math.Abs(c.opt.Monthly.Mid/bill-1) > 1e-9 {
				t.Fatalf("%s: $%.2f a month, %d GPUs by the hour and egress come to $%.2f", c.opt.ID, c.opt.Monthly.Mid, c.opt.GPUs, bill)
			}
		}
	})
}

// A growth too small to be written down is none: the volume that fleets are searched for does not vanish with it.
func TestTinyGrowthIsNone(t *testing.T) {
	cat := catalog.Default()
	for _, growth := range []float64{1e-300, 4e-108, 1e-17, -1e-17} {
		w := Workload{QueriesPerMonth: 3_162_277, Traffic: BatchTraffic, Residency: "US", NoDataLeaves: ptr(true)}
		still := leastCost(t, w, cat)
		w.GrowthPerMonth = ptr(growth)
		if a, b := still, leastCost(t, w, cat); math.Abs(a-b) > 1e-9*a {
			t.Errorf("growth of %g: the best costs %g, without it %g", growth, b, a)
		}
	}
}
