package measure

import (
	"fmt"
	"os"
	"testing"

	"github.com/llmadvise/llmadvise/advisor/catalog"
	"github.com/llmadvise/llmadvise/advisor/sizing"
)

func TestFitDump(t *testing.T) {
	if os.Getenv("FIT") == "" {
		t.Skip()
	}
	table := publicTable(t)
	v := NewResolver(catalog.Default())
	c := Fit(v.Cases(table), sizing.Prior(), 8)
	for _, p := range sizing.Params() {
		fmt.Printf("%-24s %8.4g -> %8.4g  [%g %g]\n", p.Name, p.Prior, *p.At(&c), p.Min, p.Max)
	}
	res := v.Evaluate(table, sizing.New(&c))
	for _, s := range GroupBy(res, Quantity) {
		fmt.Printf("%-28s n %3d skip %2d md %5.1f p90 %5.1f bias %6.1f over %.2f cov %.2f 2x %.2f 35 %.2f\n", s.Group, s.N, s.Skipped, s.MdAPE, s.P90, s.Bias, s.Overstated, s.Coverage, s.Within2x, s.Within35)
	}
	for _, s := range GroupBy(res, func(r *Result) string {
		return r.Row.Source[:min(20, len(r.Row.Source))] + "|" + Quantity(r) + "|" + r.Row.GPU
	}) {
		fmt.Printf("%-70s n %3d skip %2d md %5.1f p90 %5.1f bias %6.1f\n", s.Group, s.N, s.Skipped, s.MdAPE, s.P90, s.Bias)
	}
}

func TestLeaveOutDump(t *testing.T) {
	by := os.Getenv("LEAVE")
	if by == "" {
		t.Skip()
	}
	table := publicTable(t)
	v := NewResolver(catalog.Default())
	h := v.LeaveOneOut(table, LeaveOut(by), nil)
	for i, p := range sizing.Params() {
		fmt.Printf("%-24s %8.4g %8.4g %8.4g\n", p.Name, p.Fitted, h.Low[i], h.High[i])
	}
	for _, s := range GroupBy(h.Results, Quantity) {
		fmt.Printf("%-28s n %3d skip %2d md %5.1f p90 %5.1f bias %6.1f over %.2f cov %.2f 2x %.2f 35 %.2f\n", s.Group, s.N, s.Skipped, s.MdAPE, s.P90, s.Bias, s.Overstated, s.Coverage, s.Within2x, s.Within35)
	}
	for _, s := range GroupBy(h.Results, func(r *Result) string {
		return r.Row.Source[:min(20, len(r.Row.Source))] + "|" + Quantity(r) + "|" + r.Row.GPU
	}) {
		fmt.Printf("%-70s n %3d skip %2d md %5.1f p90 %5.1f bias %6.1f\n", s.Group, s.N, s.Skipped, s.MdAPE, s.P90, s.Bias)
	}
	groups := map[string][]float64{}
	for _, r := range h.Results {
		if r.Known() {
			groups[Quantity(&r)] = append(groups[Quantity(&r)], r.Log())
		}
	}
	for k, x := range groups {
		fmt.Printf("RES %-28s %4d", k, len(x))
		for _, q := range []float64{.05, .1, .15, .35, .5, .65, .85, .9, .95} {
			fmt.Printf(" %6.3f", quantile(x, q))
		}
		fmt.Println()
	}
}
