package pricing

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// A second, independent way to count what two feed files differ in. It walks the plain JSON and shares no code with the
// readers, the guard or the diff: what both find is not found by one mistake made once.

// plain is a feed flattened: model, then field, then the price in USD per million tokens (or per piece), or NaN where the
// file has something that is no number.
type plain map[string]map[string]float64

// tree reads JSON with its numbers as they are written.
func tree(t testing.TB, data []byte) any {
	t.Helper()
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		t.Fatal(err)
	}
	return v
}

func plainNumber(v any) float64 {
	if n, ok := v.(json.Number); ok {
		if f, err := strconv.ParseFloat(string(n), 64); err == nil {
			return f
		}
	}
	return math.NaN()
}

// thousands writes 200000 as 200k, as the feeds' own names of tiers do.
func thousands(v any) string {
	s := fmt.Sprint(v)
	if m, ok := strings.CutSuffix(s, "000000"); ok {
		return m + "m"
	}
	if k, ok := strings.CutSuffix(s, "000"); ok {
		return k + "k"
	}
	return s
}

func flattenGenAI(root any) plain {
	out := plain{}
	for _, p := range root.([]any) {
		models, _ := p.(map[string]any)["models"].([]any) // null where all of them went
		for _, m := range models {
			model, prices := m.(map[string]any), map[string]float64{}
			switch v := model["prices"].(type) {
			case map[string]any:
				flattenMTok(v, "", prices)
			case []any:
				for i, x := range v {
					flattenMTok(x.(map[string]any)["prices"].(map[string]any), whenOf(i, x.(map[string]any)), prices)
				}
			}
			out[fmt.Sprint(p.(map[string]any)["id"], "|", model["id"])] = prices
		}
	}
	return out
}

func whenOf(i int, x map[string]any) string {
	c, ok := x["constraint"].(map[string]any)
	if !ok {
		return map[bool]string{true: "", false: fmt.Sprintf("@%d", i)}[i == 0]
	}
	if d, ok := c["start_date"]; ok {
		return fmt.Sprint("@", d)
	}
	return fmt.Sprintf("@%.5s-%.5sZ", c["start_time"], c["end_time"])
}

func flattenMTok(o map[string]any, when string, out map[string]float64) {
	for name, v := range o {
		name = strings.TrimSuffix(strings.TrimSuffix(name, "_mtok"), "_kcount")
		t, tiered := v.(map[string]any)
		if !tiered || t["base"] == nil {
			out[name+when] = plainNumber(v)
			continue
		}
		out[name+when] = plainNumber(t["base"])
		for _, tier := range t["tiers"].([]any) {
			tier := tier.(map[string]any)
			out[name+"_above_"+thousands(tier["start"])+when] = plainNumber(tier["price"])
		}
	}
}

// liteNames turns LiteLLM's names into ours, in this order.
var liteNames = []struct {
	from *regexp.Regexp
	to   string
}{
	{regexp.MustCompile(`^input_cost_per_token_cache_hit`), `input_cache_hit`},
	{regexp.MustCompile(`^(input|output)_cost_per_token`), `$1`},
	{regexp.MustCompile(`^output_cost_per_reasoning_token`), `output_reasoning`},
	{regexp.MustCompile(`^cache_read_input_token_cost_per_audio_token`), `cache_read_per_audio_token`},
	{regexp.MustCompile(`^cache_read_input_(audio|image)_token_cost`), `cache_${1}_read`},
	{regexp.MustCompile(`^cache_creation_input_audio_token_cost`), `cache_audio_write`},
	{regexp.MustCompile(`^cache_read_input_token_cost`), `cache_read`},
	{regexp.MustCompile(`^cache_creation_input_token_cost`), `cache_write`},
	{regexp.MustCompile(`^(input|output)_cost_per_audio_token`), `${1}_audio`},
	{regexp.MustCompile(`^(input|output)_cost_per_(image|video)_token`), `${1}_${2}_token`},
	{regexp.MustCompile(`^search_context_cost_per_query`), `search`},
	{regexp.MustCompile(`^(.*)_cost(.*)$`), `$1$2`},
	{regexp.MustCompile(`_tokens`), ``},
}

func flattenLiteLLM(root any) plain {
	out := plain{}
	for id, m := range root.(map[string]any) {
		if id == "sample_spec" {
			continue
		}
		prices := map[string]float64{}
		if tiers, ok := m.(map[string]any)["tiered_pricing"].([]any); ok {
			for _, tier := range tiers {
				tier := tier.(map[string]any)
				suffix := ""
				if from := tier["range"].([]any)[0]; fmt.Sprint(from) != "0" {
					suffix = "_above_" + thousands(from)
				}
				flattenLiteModel(tier, suffix, prices)
			}
		}
		flattenLiteModel(m.(map[string]any), "", prices)
		out[id] = prices
	}
	return out
}

func flattenLiteModel(m map[string]any, suffix string, prices map[string]float64) {
	for name, v := range m {
		if !strings.Contains(name, "cost") || v == nil {
			continue
		}
		times := 1.0
		if strings.Contains(name, "token") || strings.Contains(name, "character") {
			times = 1e6
		}
		sizes, ok := v.(map[string]any)
		if !ok {
			prices[liteField(name)+suffix] = plainNumber(v) * times
			continue
		}
		for size, v := range sizes {
			prices[liteField(name)+"_"+strings.TrimPrefix(size, "search_context_size_")] = plainNumber(v)
		}
	}
}

func liteField(name string) string {
	for _, n := range liteNames {
		next := n.from.ReplaceAllString(name, n.to)
		if done := next != name && !strings.Contains(next, "_tokens"); done {
			return next
		}
		name = next
	}
	return name
}

// finding is one line of a diff, as text, so that sets can be compared.
func finding(kind, model, field string, old, new float64) string {
	return fmt.Sprintf("%s %s %s %s -> %s", kind, model, field, sig(old), sig(new))
}

// sig writes a number to nine places, so that noise does not count.
func sig(v float64) string {
	if math.IsNaN(v) {
		return "-"
	}
	rounded, _ := strconv.ParseFloat(strconv.FormatFloat(v, 'e', 11, 64), 64)
	return strconv.FormatFloat(rounded, 'e', 8, 64)
}

// plainDiff says what two flattened feeds differ in, by the written rules: every price added, removed or changed, and
// apart what is quarantined: no number, negative, zero, more than three times off.
func plainDiff(old, new plain) (changes, quarantined []string) {
	none := math.NaN()
	for model, now := range new {
		was, known := old[model]
		if !known {
			changes = append(changes, finding("added", model, "", none, none))
		}
		free := onlyZeros(now) && (!known || onlyZeros(was))
		for field, v := range now {
			o, had := was[field]
			if bad := had && (math.IsNaN(v) && math.IsNaN(o) || v < 0 && v == o); bad {
				continue // no better before: no change
			}
			had = had && !(math.IsNaN(o) || o < 0)
			switch {
			case math.IsNaN(v) || v < 0 || v == 0 && !free && !(had && o == 0) || had && o > 0 && v > 0 && (v > 3*o*(1+1e-9) || o > 3*v*(1+1e-9)):
				if !had {
					o = none
				}
				quarantined = append(quarantined, finding("doubted", model, field, o, v))
			case !known:
			case !had:
				changes = append(changes, finding("added", model, field, none, v))
			case math.Abs(o-v) > 1e-9*max(o, v):
				changes = append(changes, finding("changed", model, field, o, v))
			}
		}
		for field, o := range was {
			if _, still := now[field]; !still && !math.IsNaN(o) && o >= 0 {
				changes = append(changes, finding("removed", model, field, o, none))
			}
		}
	}
	for model := range old {
		if _, still := new[model]; !still {
			changes = append(changes, finding("removed", model, "", none, none))
		}
	}
	slices.Sort(changes)
	slices.Sort(quarantined)
	return changes, quarantined
}

func onlyZeros(prices map[string]float64) bool {
	for _, v := range prices {
		if v != 0 {
			return false
		}
	}
	return true
}

// findings puts a Report into the same words, from its JSON, as a reader of `prices diff --json` has it.
func findings(t testing.TB, r *Report, byID bool) (changes, quarantined []string) {
	t.Helper()
	raw, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	type line struct {
		Kind, Provider, Model, Region string
		Field                         *string
		Old, New                      any
	}
	var got struct{ Changes, Quarantined []line }
	if err := json.Unmarshal(raw, &got); err != nil {
		t.Fatal(err)
	}
	value := func(v any) float64 {
		if f, ok := v.(float64); ok {
			return f
		}
		return math.NaN()
	}
	name := func(l line) (string, string) {
		model := l.Provider + "|" + l.Model
		if byID {
			model = l.Model
		}
		if l.Region != "" {
			model += "|" + l.Region
		}
		if l.Field == nil {
			return model, ""
		}
		return model, *l.Field
	}
	for _, c := range got.Changes {
		model, field := name(c)
		if c.Field == nil {
			if _, ok := map[bool]any{true: c.New, false: c.Old}[c.Kind == "added"].(map[string]any); !ok {
				t.Errorf("%s: a whole model without the object of its prices", model)
			}
		}
		changes = append(changes, finding(c.Kind, model, field, value(c.Old), value(c.New)))
	}
	for _, q := range got.Quarantined {
		model, field := name(q)
		quarantined = append(quarantined, finding("doubted", model, field, value(q.Old), value(q.New)))
	}
	slices.Sort(changes)
	slices.Sort(quarantined)
	return changes, quarantined
}
