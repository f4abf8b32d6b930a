package advisor

import (
	"math"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/llmadvise/llmadvise/advisor/catalog"
	"github.com/llmadvise/llmadvise/advisor/cost"
)

// Accelerators that are there cost their power, hosting and upkeep, and nothing up front; those still to be bought are paid for.
func TestOwnedAcceleratorsAreNotPaidTwice(t *testing.T) {
	const card = "A100-SXM-80GB"
	own := func(n int) *Option {
		w := Workload{QueriesPerMonth: 500_000, NoDataLeaves: ptr(true), Models: []string{"gpt-oss-120b"}, GPUs: []string{card}}
		if n > 0 {
			w.Owned = []Held{{card, n}}
		}
		w.LatencyP95 = 5 * time.Second
		_, all, _, err := weigh(w, catalog.Default(), Options{Draws: -1})
		if err != nil {
			t.Fatal(err)
		}
		c := firstOf(all, func(c *candidate) bool { return c.opt.GPUs == 2 && c.sized != nil && c.sized.supply.owned() })
		if c == nil { // with one to spare; as many as there are is another option
			t.Fatalf("no fleet of two among %d options", len(all))
		}
		return &c.opt
	}
	none, one, all := own(0), own(1), own(8)
	if all.GPUsHeld != all.GPUs || !strings.Contains(all.Name, "on your 2x") || one.GPUsHeld != 1 || !strings.Contains(one.Name, "(1 to buy)") {
		t.Fatalf("%s with %d of %d there, %s with %d of %d", all.Name, all.GPUsHeld, all.GPUs, one.Name, one.GPUsHeld, one.GPUs)
	}
	a := catalogAccelerator(t, card)
	o := cost.Own(a, cardUSD(a), all.GPUs)
	for _, c := range []struct {
		name      string
		got, want float64
	}{
		{"a month where all are there", all.Monthly.Mid, o.Monthly() - o.WriteOff},
		{"a month where one of two is", one.Monthly.Mid, o.Monthly() - o.WriteOff/2},
		{"present value", none.NPV36 - all.NPV36, o.CapexUSD},
	} {
		if none.ProviderID == "" && math.Abs(c.got-c.want) > 0.01 {
			t.Errorf("%s: %g, want %g", c.name, c.got, c.want)
		}
	}
	if !strings.Contains(strings.Join(all.Caveats, "; "), "are there already") || strings.Contains(strings.Join(all.Caveats, "; "), "pay up front") {
		t.Errorf("what is counted is not said: %q", all.Caveats)
	}
}

func catalogAccelerator(t *testing.T, id string) *catalog.Accelerator {
	t.Helper()
	cat := catalog.Default()
	for i := range cat.Accelerators {
		if cat.Accelerators[i].ID == id {
			return &cat.Accelerators[i]
		}
	}
	t.Fatalf("no %s", id)
	return nil
}

// Where the cards that are there do not carry the load, the answer says how far they go; and nothing of it where they do.
func TestStockAlone(t *testing.T) {
	w := Workload{QueriesPerMonth: 3e8, NoDataLeaves: ptr(true), GPUs: []string{"RTX 4090"}, Owned: []Held{{"RTX 4090", 2}}, Task: Classification}
	a := advise(t, w)
	said := ""
	for _, s := range a.StockAlone {
		said += s
	}
	if !strings.Contains(said, "queries a month of this kind") {
		t.Fatalf("nothing said of two cards")
	}
	w.QueriesPerMonth = 1e6
	few := advise(t, w)
	if o := optionOf(t, &few); o.GPUsHeld != o.GPUs || len(few.StockAlone) > 0 {
		t.Errorf("a million queries a month: %s; %q", o.Name, few.StockAlone)
	}
}

// More accelerators that are there never make the best option dearer.
func TestMoreOwnedAcceleratorsNeverCostMore(t *testing.T) {
	cat := catalog.Default()
	rapid.Check(t, func(t *rapid.T) {
		w := pinned(anyWorkload(t))
		w.NoDataLeaves, w.Providers, w.Models, w.BudgetUSDMonth = ptr(true), nil, nil, nil
		gpu := rapid.SampledFrom([]string{"A100-SXM-80GB", "H100-SXM-80GB", "L40S", "L4", "RTX 4090", "MI300X"}).Draw(t, "gpu")
		w.GPUs = []string{gpu}
		n := rapid.IntRange(1, 16).Draw(t, "there")
		before := math.Inf(1)
		for _, count := range []int{0, n, 2 * n} {
			if w.Owned = nil; count > 0 {
				w.Owned = []Held{{gpu, count}}
			}
			least := leastCost(t, w, cat)
			if least > before*closeEnough+1 {
				t.Fatalf("%d x %s there: %g at least, %g with fewer", count, gpu, least, before)
			}
			before = least
		}
	})
}
