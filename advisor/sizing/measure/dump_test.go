package measure

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/llmadvise/llmadvise/advisor/catalog"
	"github.com/llmadvise/llmadvise/advisor/sizing"
)

// sharedFile finds a file of the shared facts by walking up to a sibling folder shared/.
func sharedFile(t testing.TB, name string) *os.File {
	t.Helper()
	if dir := os.Getenv("LLMADVISE_SHARED"); dir != "" {
		if f, err := os.Open(filepath.Join(dir, "facts", name)); err == nil {
			return f
		}
	}
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if f, err := os.Open(filepath.Join(dir, "shared", "facts", name)); err == nil {
			return f
		}
	}
	t.Skipf("no shared/facts/%s above the working directory; set LLMADVISE_SHARED", name)
	return nil
}

func publicTable(t testing.TB) *Table {
	t.Helper()
	f := sharedFile(t, "throughput_public.csv")
	defer f.Close()
	table, err := ReadTable(f)
	if err != nil {
		t.Fatal(err)
	}
	return table
}

func TestDump(t *testing.T) {
	table := publicTable(t)
	v := NewResolver(catalog.Default())
	res := v.Evaluate(table, sizing.New(&sizing.Default))
	for _, s := range GroupBy(res, Quantity) {
		fmt.Printf("%-28s n %3d skip %2d md %5.1f p90 %5.1f bias %6.1f over %.2f cov %.2f 2x %.2f 35 %.2f\n", s.Group, s.N, s.Skipped, s.MdAPE, s.P90, s.Bias, s.Overstated, s.Coverage, s.Within2x, s.Within35)
	}
	fmt.Println()
	for _, s := range GroupBy(res, func(r *Result) string {
		return r.Row.Source[:min(20, len(r.Row.Source))] + "|" + Quantity(r) + "|" + r.Row.GPU
	}) {
		fmt.Printf("%-70s n %3d skip %2d md %5.1f p90 %5.1f bias %6.1f\n", s.Group, s.N, s.Skipped, s.MdAPE, s.P90, s.Bias)
	}
	if os.Getenv("ROWS") != "" {
		for _, r := range res {
			x := r.Row
			fmt.Printf("%s|%s|%s|%s|%d|%d|%d|%s|%s|%.4g|%.4g|%+.0f%%|%s|%.20s\n", x.Source[:12], x.Model, x.Quant, x.GPU, x.NGPU, x.ISL, x.OSL, x.Concurrency, x.Metric, x.Value, r.Got.Mid, 100*(r.Got.Mid/x.Value-1), r.Skipped, x.Note)
		}
	}
}
