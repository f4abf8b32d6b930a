package pricing

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"
)

// The two pairs of real snapshots, counted a second time in another way: on the plain JSON, without the readers, by
// walking every value under "prices" (genai-prices) or every member whose name has "cost" (LiteLLM).
var realPairs = []struct {
	name, old, new string
	flatten        func(t *testing.T, data []byte) map[string]map[string]float64
}{
	{"genai-prices", "genai-prices_2026-06-09.json", "genai-prices_2026-07-25.json", plainGenAI},
	{"litellm", "litellm_2026-05-29.json", "litellm_2026-07-24.json", plainLiteLLM},
}

func plainGenAI(t *testing.T, data []byte) map[string]map[string]float64 {
	var providers []any
	if err := json.Unmarshal(data, &providers); err != nil {
		t.Fatal(err)
	}
	out := map[string]map[string]float64{}
	for _, p := range providers {
		p := p.(map[string]any)
		for _, m := range p["models"].([]any) {
			m := m.(map[string]any)
			prices := map[string]float64{}
			leaves("", m["prices"], prices)
			out[p["id"].(string)+" "+m["id"].(string)] = prices
		}
	}
	return out
}

func plainLiteLLM(t *testing.T, data []byte) map[string]map[string]float64 {
	var models map[string]map[string]any
	if err := json.Unmarshal(data, &models); err != nil {
		t.Fatal(err)
	}
	out := map[string]map[string]float64{}
	for id, m := range models {
		prices := map[string]float64{}
		for k, v := range m {
			if strings.Contains(k, "cost") {
				leaves(k, v, prices)
			}
		}
		out[id] = prices
	}
	return out
}

// leaves collects every number with its path. A tier's or condition's own numbers (start) tell which price it is.
func leaves(path string, v any, out map[string]float64) {
	switch v := v.(type) {
	case float64:
		out[path] = v
	case []any:
		for _, x := range v {
			key := path
			if m, ok := x.(map[string]any); ok {
				if s, ok := m["start"]; ok {
					leaves(fmt.Sprintf("%s[%v]", path, s), m["price"], out)
					continue
				}
				if c, ok := m["constraint"]; ok {
					key = fmt.Sprintf("%s[%v]", path, c)
				}
				leaves(key, m["prices"], out)
			}
		}
	case map[string]any:
		if base, tiered := v["base"]; tiered {
			leaves(path, base, out)
			leaves(path, v["tiers"], out)
			return
		}
		for k, x := range v {
			leaves(path+"."+k, x, out)
		}
	}
}

func TestDiffOfRealSnapshots(t *testing.T) {
	for _, pair := range realPairs {
		t.Run(pair.name, func(t *testing.T) {
			oldData, newData := shared(t, pair.old), shared(t, pair.new)
			old, new := pair.flatten(t, oldData), pair.flatten(t, newData)
			var want Counts
			jumps := 0
			for k, prices := range new {
				was, ok := old[k]
				if !ok {
					want.ModelsAdded++
					for _, v := range prices {
						if v == 0 {
							jumps++
						}
					}
					continue
				}
				for f, v := range prices {
					switch o, ok := was[f]; {
					case !ok && v == 0:
						jumps++
					case !ok:
						want.PricesAdded++
					case math.Abs(o-v) <= 1e-9*math.Max(o, v):
					case v == 0 || o > 0 && (v/o > 3.000001 || o/v > 3.000001):
						jumps++
					default:
						want.PricesChanged++
					}
				}
				for f := range was {
					if _, ok := prices[f]; !ok {
						want.PricesRemoved++
					}
				}
			}
			for k := range old {
				if _, ok := new[k]; !ok {
					want.ModelsRemoved++
				}
			}
			want.Quarantined = jumps
			r, err := Diff(sharedFeed(t, pair.old), sharedFeed(t, pair.new))
			if err != nil {
				t.Fatal(err)
			}
			if r.Counts != want {
				t.Errorf("counts %+v, counted independently %+v", r.Counts, want)
			}
			t.Logf("%+v", r.Counts)
			for _, q := range r.Quarantined {
				t.Logf("quarantined: %s %s %s %v -> %v: %s", q.Provider, q.Model, *q.Field, q.Old, q.New, q.Why)
			}
			same, err := Diff(sharedFeed(t, pair.new), sharedFeed(t, pair.new))
			if err != nil || len(same.Changes)+len(same.Quarantined) != 0 {
				t.Errorf("a feed differs from itself: %+v, %v", same, err)
			}
			back, err := Diff(sharedFeed(t, pair.new), sharedFeed(t, pair.old))
			if err != nil || back.Counts.ModelsAdded != want.ModelsRemoved || back.Counts.ModelsRemoved != want.ModelsAdded {
				t.Errorf("backwards: %+v, %v", back.Counts, err)
			}
		})
	}
}
