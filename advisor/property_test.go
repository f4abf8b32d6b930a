package advisor

import (
	"math"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/llmadvise/llmadvise/advisor/catalog"
	"github.com/llmadvise/llmadvise/advisor/quantity"
)

// quick answers without draws and trace.
func quick(t *rapid.T, w Workload, cat *catalog.Catalog) Advice {
	a, err := AdviseWith(w, cat, Options{Draws: -1, NoTrace: true})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// leastCost is the least 12-month cost of the options that qualify, with the risk that their order counts; infinite where none does.
func leastCost(a *Advice) float64 {
	least := math.Inf(1)
	for i := range a.Options {
		if o := &a.Options[i]; o.Feasible {
			least = min(least, o.TCO12.Mid+o.RiskUSD)
		}
	}
	return least
}

func TestMoreVolumeNeverCostsLess(t *testing.T) {
	t.Parallel()
	cat := catalog.Default()
	rapid.Check(t, func(t *rapid.T) {
		w := anyWorkload(t)
		w.BudgetUSDMonth = nil // a budget that no longer holds leaves the dearer options out
		more := w
		more.QueriesPerMonth *= rapid.Float64Range(1, 20).Draw(t, "factor")
		a, b := quick(t, w, cat), quick(t, more, cat)
		if before, after := leastCost(&a), leastCost(&b); after < before*(1-1e-9) {
			t.Fatalf("%g queries cost %g at least, %g cost %g", w.QueriesPerMonth, before, more.QueriesPerMonth, after)
		}
		for i := range a.Options {
			for j := range b.Options {
				x, y := &a.Options[i], &b.Options[j]
				if x.ID == y.ID && x.Path != PathHybrid && y.Monthly.Mid < x.Monthly.Mid*(1-1e-9) {
					t.Fatalf("%s: %g a month for %g queries, %g for %g", x.ID, x.Monthly.Mid, w.QueriesPerMonth, y.Monthly.Mid, more.QueriesPerMonth)
				}
			}
		}
	})
}

func TestTighterTargetsNeverTakeFewerGPUs(t *testing.T) {
	t.Parallel()
	cat := catalog.Default()
	rapid.Check(t, func(t *rapid.T) {
		w := anyWorkload(t)
		w.NoDataLeaves, w.Traffic = ptr(true), RoundTheClock
		w.LatencyP95 = time.Duration(rapid.Float64Range(2, 60).Draw(t, "target") * float64(time.Second))
		tight := w
		tight.LatencyP95 = time.Duration(float64(w.LatencyP95) * rapid.Float64Range(0.3, 1).Draw(t, "share"))
		a, b := quick(t, w, cat), quick(t, tight, cat)
		for i := range a.Options {
			for j := range b.Options {
				x, y := &a.Options[i], &b.Options[j]
				if x.ID == y.ID && x.Feasible && y.Feasible && y.GPUs < x.GPUs {
					t.Fatalf("%s: %d GPUs within %s, %d within %s", x.ID, x.GPUs, w.LatencyP95, y.GPUs, tight.LatencyP95)
				}
			}
		}
	})
}

func TestFewerOffersNeverHelp(t *testing.T) {
	t.Parallel()
	full := catalog.Default()
	rapid.Check(t, func(t *rapid.T) {
		w := anyWorkload(t)
		part := *full
		every := rapid.IntRange(2, 7).Draw(t, "every")
		at := rapid.IntRange(0, every-1).Draw(t, "at")
		part.Offers = slices.DeleteFunc(slices.Clone(full.Offers), func(o catalog.Offer) bool {
			return len(o.ID)%every == at && !o.Reasoning // that a model thinks is read off its offers
		})
		a, b := quick(t, w, catalog.New(part)), quick(t, w, full)
		if fewer, all := leastCost(&a), leastCost(&b); all > fewer*(1+1e-9) {
			t.Fatalf("all offers cost %g at least, a part of them %g", all, fewer)
		}
	})
}

// The same for machines: with fewer places to rent from the best never costs less.
func TestFewerPlacesToRentNeverHelp(t *testing.T) {
	t.Parallel()
	full := catalog.Default()
	rapid.Check(t, func(t *rapid.T) {
		w := anyWorkload(t)
		w.NoDataLeaves = ptr(true)
		part := *full
		every := rapid.IntRange(2, 7).Draw(t, "every")
		at := rapid.IntRange(0, every-1).Draw(t, "at")
		part.GPUOffers = slices.DeleteFunc(slices.Clone(full.GPUOffers), func(o catalog.GPUOffer) bool { return len(o.ID)%every == at })
		a, b := quick(t, w, catalog.New(part)), quick(t, w, full)
		if fewer, all := leastCost(&a), leastCost(&b); all > fewer*closeEnough {
			t.Fatalf("all places cost %g at least, a part of them %g", all, fewer)
		}
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
		w := anyWorkload(t)
		w.Residency, w.BudgetUSDMonth, w.NoDataLeaves, w.HardShare = "", nil, nil, nil
		w.Quality = Standard
		full, _ := Complete(w)
		w.LatencyP95, w.HorizonMonths = full.LatencyP95, 12
		name := rapid.SampledFrom(names).Draw(t, "constraint")
		strict := w
		add[name](&strict)
		a, b := quick(t, w, cat), quick(t, strict, cat)
		if free, bound := leastCost(&a), leastCost(&b); bound < free*(1-1e-9) {
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
		before := quick(t, w, cat)
		for f, v := range fields {
			same, err := With(w, f, v)
			if err != nil {
				t.Fatal(err)
			}
			same.LatencyP95 = same.LatencyP95.Round(time.Microsecond)
			w.LatencyP95 = w.LatencyP95.Round(time.Microsecond)
			if !reflect.DeepEqual(w, same) {
				t.Fatalf("%s = %g gives another workload", f, v)
			}
		}
		if after := quick(t, w, cat); leastCost(&after) != leastCost(&before) {
			t.Fatalf("costs %g, then %g", leastCost(&before), leastCost(&after))
		}
	})
}
