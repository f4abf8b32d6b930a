package pricing

import (
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/llmadvise/llmadvise/advisor/catalog"
)

// The shapes of which no real snapshot is at hand: files are written from a table of prices, the table is spoiled, and the
// diff of the two files must say what became of the table.
var shapes = []struct {
	shape  Shape
	fields []string
	key    func(i int) string // provider|model[|region]
	write  func(plain) string
}{
	{OpenRouter, []string{"input", "output", "cache_read", "requests"}, func(i int) string { return fmt.Sprintf("openrouter|acme/m%d", i) }, func(p plain) string {
		names := map[string]string{"input": "prompt", "output": "completion", "cache_read": "input_cache_read", "requests": "request"}
		return `{"data":[` + eachModel(p, ",", func(k []string, fields map[string]float64) string {
			return `{"id":"` + k[1] + `","pricing":{` + eachField(fields, func(f string, v float64) string {
				times := 1e-6
				if f == "requests" {
					times = 1e-3
				}
				return `"` + names[f] + `":"` + digits(v*times) + `"`
			}) + `}}`
		}) + `]}`
	}},
	{LLMPrices, []string{"input", "output", "cache_read"}, func(i int) string { return fmt.Sprintf("acme|m%d", i) }, func(p plain) string {
		return `{"updated_at":"2026-07-20","prices":[` + eachModel(p, ",", func(k []string, fields map[string]float64) string {
			return `{"vendor":"` + k[0] + `","id":"` + k[1] + `","name":"M",` + eachField(fields, func(f string, v float64) string {
				return `"` + strings.Replace(f, "cache_read", "input_cached", 1) + `":` + digits(v)
			}) + `}`
		}) + `]}`
	}},
	{SkyPilot, []string{"hourly", "spot_hourly"}, func(i int) string { return fmt.Sprintf("cloud|gpu_%dx|region-%d", 1+i%8, i) }, func(p plain) string {
		return "InstanceType,AcceleratorName,AcceleratorCount,vCPUs,MemoryGiB,Price,Region,GpuInfo,SpotPrice\n" +
			eachModel(p, "\n", func(k []string, fields map[string]float64) string {
				cell := func(f string) string {
					if v, ok := fields[f]; ok {
						return digits(v)
					}
					return ""
				}
				return k[1] + ",H100,1,8,80," + cell("hourly") + "," + k[2] + `,"{'Gpus': []}",` + cell("spot_hourly")
			}) + "\ncpu_only,,,4,16,0.2,region-0,,\n"
	}},
	{AzureRetail, []string{"hourly", "spot_hourly", "low_priority_hourly", "hourly_windows"}, func(i int) string { return fmt.Sprintf("azure|Standard_ND%d|region-%d", 1+i%8, i) }, func(p plain) string {
		return `{"Items":[` + eachModel(p, ",", func(k []string, fields map[string]float64) string {
			return eachField(fields, func(f string, v float64) string {
				meter := k[1] + map[string]string{"spot_hourly": " Spot", "low_priority_hourly": " Low Priority"}[f]
				product := "Virtual Machines ND Series" + map[string]string{"hourly_windows": " Windows"}[f]
				return `{"currencyCode":"USD","retailPrice":` + digits(v) + `,"armRegionName":"` + k[2] + `","meterName":"` + meter + `","armSkuName":"` + k[1] +
					`","productName":"` + product + `","unitOfMeasure":"1 Hour","type":"Consumption"}`
			})
		}) + `]}`
	}},
}

func digits(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }

func eachModel(p plain, sep string, write func(key []string, fields map[string]float64) string) string {
	var out []string
	for _, k := range slices.Sorted(maps.Keys(p)) {
		out = append(out, write(strings.Split(k, "|"), p[k]))
	}
	return strings.Join(out, sep)
}

func eachField(fields map[string]float64, write func(f string, v float64) string) string {
	var out []string
	for _, f := range slices.Sorted(maps.Keys(fields)) {
		out = append(out, write(f, fields[f]))
	}
	return strings.Join(out, ",")
}

func TestDiffOfEveryShape(t *testing.T) {
	for _, s := range shapes {
		t.Run(string(s.shape), func(t *testing.T) {
			found, doubted := 0, 0
			for seed := range 80 {
				rng := rand.New(rand.NewPCG(uint64(seed), 11))
				old := plain{}
				for i := range 30 {
					prices := map[string]float64{s.fields[0]: tidy(10 * rng.Float64()), s.fields[1]: tidy(30 * rng.Float64())}
					for _, f := range s.fields[2:] {
						if rng.IntN(2) == 0 {
							prices[f] = tidy(rng.Float64())
						}
					}
					old[s.key(i)] = prices
				}
				next := spoilTable(rng, old, s.fields, s.key)
				a, b := mustRead(t, s.write(old), "cloud"), mustRead(t, s.write(next), "cloud")
				if a.Shape != s.shape {
					t.Fatalf("recognised as %s", a.Shape)
				}
				r, err := Diff(a, b)
				if err != nil {
					t.Fatal(err)
				}
				wantChanges, wantDoubts := plainDiff(old, next)
				changes, doubts := findings(t, r, false)
				if d := cmp.Diff(wantChanges, changes); d != "" {
					t.Fatalf("seed %d: changes (-table +diff):\n%s", seed, d)
				}
				if d := cmp.Diff(wantDoubts, doubts); d != "" {
					t.Fatalf("seed %d: quarantined (-table +diff):\n%s", seed, d)
				}
				found, doubted = found+len(changes), doubted+len(doubts)
			}
			t.Logf("%d changes and %d quarantined, all found, none invented", found, doubted)
		})
	}
}

// spoilTable changes, adds and removes prices and models, believable ones and others.
func spoilTable(rng *rand.Rand, old plain, fields []string, key func(int) string) plain {
	out := plain{}
	for _, k := range slices.Sorted(maps.Keys(old)) {
		if rng.IntN(15) == 0 {
			continue
		}
		prices := maps.Clone(old[k])
		for _, f := range slices.Sorted(maps.Keys(prices)) {
			switch rng.IntN(20) {
			case 0:
				prices[f] = tidy(prices[f] * 1.1)
			case 1:
				prices[f] *= 1 + 1e-14
			case 2:
				prices[f] *= -1
			case 3:
				prices[f] = 0
			case 4:
				prices[f] *= 1000
			case 5:
				if f != fields[0] {
					delete(prices, f)
				}
			}
		}
		if f := fields[len(fields)-1]; rng.IntN(10) == 0 {
			if _, has := prices[f]; !has {
				prices[f] = 0.5
			}
		}
		out[k] = prices
	}
	for i := range rng.IntN(3) {
		out[key(100+i)] = map[string]float64{fields[0]: 1.5, fields[1]: 2.5}
	}
	return out
}

// TestDiffOfAllSnapshots holds the whole lists, not only their lengths, against the independent count, for every ordered
// pair of real snapshots of a feed that is at hand.
func TestDiffOfAllSnapshots(t *testing.T) {
	shared(t, realPairs[0].new) // skips where there are none
	pairs := 0
	for _, m := range mutants {
		files := snapshotsLike(t, m.name+"_*.json")
		for _, old := range files {
			for _, new := range files {
				a, b := read(t, string(old)), read(t, string(new))
				r, err := Diff(a, b)
				if err != nil {
					t.Fatal(err)
				}
				changes, doubts := findings(t, r, m.byID)
				wantChanges, wantDoubts := plainDiff(m.flatten(tree(t, old)), m.flatten(tree(t, new)))
				if d := cmp.Diff(wantChanges, changes); d != "" {
					t.Errorf("%s: changes (-counted +diff):\n%s", m.name, d)
				}
				if d := cmp.Diff(wantDoubts, doubts); d != "" {
					t.Errorf("%s: quarantined (-counted +diff):\n%s", m.name, d)
				}
				t.Logf("%s: %d changes, %d quarantined", m.name, len(changes), len(doubts))
				pairs++
			}
		}
	}
	if pairs < 8 {
		t.Errorf("%d pairs", pairs)
	}
}

// snapshotsLike reads the real snapshots whose names match.
func snapshotsLike(t *testing.T, pattern string) [][]byte {
	t.Helper()
	var out [][]byte
	for _, dir := range sharedFolders(t) {
		names, err := filepath.Glob(filepath.Join(dir, "feeds", pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range names {
			b, err := os.ReadFile(n)
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, b)
		}
		if len(out) > 0 {
			return out
		}
	}
	return out
}

// A price that moved by a part in a million is a change, and one by a part in a million million is none.
func TestNoiseIsNoChange(t *testing.T) {
	for by, want := range map[float64]int{1e-6: 1, 1e-12: 0, 5e-10: 0} {
		r, err := Diff(read(t, genai(`{"input_mtok":2.3}`)), read(t, genai(`{"input_mtok":`+digits(2.3*(1+by))+`}`)))
		if err != nil || len(r.Changes) != want {
			t.Errorf("by %g: %+v, %v", by, r.Changes, err)
		}
	}
	if !math.IsNaN(plainNumber("x")) {
		t.Error("the counter counts text")
	}
}

// A file does not differ from itself, whatever is wrong with it.
func TestIdenticalFilesDoNotDiffer(t *testing.T) {
	for _, text := range []string{
		genai(`{"input_mtok":-1,"output_mtok":"x","cache_read_mtok":0}`), genai(`"free"`), genai(`{"input_mtok":1,"input_mtok":2}`), genai(`{"input_mtok":NaN}`),
		litellm(`"input_cost_per_token":-1,"output_cost_per_token":"cheap","cache_read_input_token_cost":0`),
		`{"data":[{"id":"openrouter/auto","pricing":{"prompt":"-1","completion":"-1"}},{"id":"m","pricing":null},{"id":"n","pricing":{"prompt":"0.1"}}]}`,
	} {
		r, err := Diff(read(t, text), read(t, text))
		if err != nil || len(r.Changes)+len(r.Quarantined) != 0 {
			t.Errorf("%s: %+v, %+v, %v", text, r.Changes, r.Quarantined, err)
		}
	}
}

// Whatever a file of negotiated prices holds, setting a price in it either fails and says why, or leaves a file that reads,
// holds that price, and has lost no other.
func FuzzEditOverride(f *testing.F) {
	for _, s := range []string{"", "# mine\n", fixtureText("override"), "prices: []\n", "gpus:\n", "prices:\n- {provider: openai, model: gpt-4.1, input: 1}\n", "a: b\n", "- x\n", "prices: {a: b}\n", "prices: [1, 2]\n"} {
		f.Add([]byte(s))
	}
	cat := catalog.Default()
	f.Fuzz(func(t *testing.T, data []byte) {
		before, errBefore := ReadOverride(data)
		out, err := EditOverride(data, cat, "prices", map[string]any{"provider": "openai", "model": "gpt-4.1", "region": ""}, map[string]any{"input": 1.25})
		if err != nil {
			return
		}
		after, err := ReadOverride(out)
		if err != nil {
			t.Fatalf("the file that was written does not read: %v\n%s", err, out)
		}
		if errBefore == nil && len(after.Entries) < len(before.Entries) {
			t.Fatalf("%d entries, then %d\n%s", len(before.Entries), len(after.Entries), out)
		}
		found := false
		for _, e := range after.Entries {
			found = found || e.Prices["input"].USD == 1.25
		}
		if !found {
			t.Fatalf("the price is not there\n%s", out)
		}
	})
}
