package pricing

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// mutator spoils a copy of a feed in ways that happen: prices move, come, go, are poisoned; models come, go, are listed
// in another order; other fields change. What it does must be found, all of it and nothing else.
type mutator struct {
	rng   *rand.Rand
	names []string // of prices that may come
}

// price makes a new value for a price.
func (m *mutator) price(v any) any {
	n, ok := v.(json.Number)
	f, err := strconv.ParseFloat(string(n), 64)
	if !ok || err != nil {
		return v
	}
	write := func(f float64) any { return json.Number(strconv.FormatFloat(f, 'g', -1, 64)) }
	switch m.rng.IntN(16) {
	case 0:
		return write(f * (1 + 1e-13)) // noise
	case 1:
		return write(f * 1000)
	case 2:
		return write(f / 1000)
	case 3:
		return json.Number("0")
	case 4:
		return write(-f)
	case 5:
		return string(n) // quoted
	case 6:
		return json.Number("1e400")
	case 7:
		return "NaN" // quoted here, bare in the file: see below
	case 8:
		return write(f * 3) // three times is still believed
	case 9:
		return write(f * 3.01)
	case 10:
		return true
	default:
		return write(f * (0.4 + 2.5*m.rng.Float64()))
	}
}

// object changes the prices of one object.
func (m *mutator) object(o map[string]any) {
	for _, k := range slices.Sorted(maps.Keys(o)) {
		switch v := o[k].(type) {
		case map[string]any:
			if tiers, ok := v["tiers"].([]any); ok && m.rng.IntN(2) == 0 {
				tier := tiers[m.rng.IntN(len(tiers))].(map[string]any)
				tier["price"] = m.price(tier["price"])
				if m.rng.IntN(3) == 0 {
					tier["start"] = json.Number("512000")
				}
				continue
			}
			if v["base"] != nil {
				v["base"] = m.price(v["base"])
				continue
			}
			m.object(v)
		default:
			if m.isPrice(k, v) && m.rng.IntN(2) == 0 {
				o[k] = m.price(v)
			}
		}
	}
	switch m.rng.IntN(6) {
	case 0:
		name := m.names[m.rng.IntN(len(m.names))]
		o[name] = m.price(json.Number("0.0000025"))
	case 1:
		for _, k := range slices.Sorted(maps.Keys(o)) {
			if m.isPrice(k, o[k]) {
				delete(o, k)
				break
			}
		}
	}
}

func (m *mutator) isPrice(k string, v any) bool {
	_, isNumber := v.(json.Number)
	return isNumber && (strings.HasSuffix(k, "_mtok") || strings.HasSuffix(k, "_kcount") || strings.Contains(k, "cost") || strings.HasPrefix(k, "search_context_size"))
}

// genai spoils a genai-prices file.
func (m *mutator) genai(root any) any {
	providers := root.([]any)
	for _, p := range providers {
		p := p.(map[string]any)
		models := p["models"].([]any)
		var out []any
		for _, x := range models {
			x := x.(map[string]any)
			switch m.rng.IntN(40) {
			case 0:
				continue // gone
			case 1:
				twin := clone(x).(map[string]any)
				twin["id"] = fmt.Sprint(x["id"], "-v2")
				out = append(out, twin)
			case 2, 3, 4:
				m.model(x)
			case 5:
				x["name"], x["context_window"] = "renamed", json.Number("123")
			case 6:
				out = append(out, clone(x)) // listed twice, the same
			}
			out = append(out, x)
		}
		m.rng.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
		p["models"] = out
	}
	m.rng.Shuffle(len(providers), func(i, j int) { providers[i], providers[j] = providers[j], providers[i] })
	return providers
}

func (m *mutator) model(x map[string]any) {
	switch v := x["prices"].(type) {
	case map[string]any:
		if len(v) > 0 && m.rng.IntN(4) == 0 { // it becomes a list with an announced price
			later := clone(v).(map[string]any)
			m.object(later)
			x["prices"] = []any{map[string]any{"prices": v}, map[string]any{"constraint": map[string]any{"start_date": "2027-02-01"}, "prices": later}}
			return
		}
		m.object(v)
	case []any:
		m.object(v[m.rng.IntN(len(v))].(map[string]any)["prices"].(map[string]any))
	}
}

// litellm spoils a LiteLLM file.
func (m *mutator) litellm(root any) any {
	models := root.(map[string]any)
	for _, id := range slices.Sorted(maps.Keys(models)) {
		x := models[id].(map[string]any)
		switch m.rng.IntN(25) {
		case 0:
			delete(models, id)
		case 1:
			models[id+"-v2"] = clone(x)
		case 2, 3, 4, 5:
			m.object(x)
		case 6:
			x["litellm_provider"], x["max_input_tokens"] = "moved", "lots"
		}
	}
	return models
}

func clone(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for k, x := range v {
			out[k] = clone(x)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, x := range v {
			out[i] = clone(x)
		}
		return out
	}
	return v
}

// written is the file of a tree. Quoted NaN becomes bare, as careless writers have it.
func written(t testing.TB, v any) []byte {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return bytes.ReplaceAll(b, []byte(`"NaN"`), []byte(`NaN`))
}

var mutants = []struct {
	name    string
	file    string // a real snapshot; the small feed stands in where there is none
	small   string
	flatten func(any) plain
	spoil   func(*mutator, any) any
	names   []string
	byID    bool
}{
	{"genai-prices", "genai-prices_2026-07-25.json", fixtureText("genai-prices"), flattenGenAI, (*mutator).genai,
		[]string{"cache_read_mtok", "cache_write_mtok", "input_audio_mtok", "output_audio_mtok", "requests_kcount", "input_image_mtok"}, false},
	{"litellm", "litellm_2026-07-24.json", fixtureText("litellm"), flattenLiteLLM, (*mutator).litellm,
		[]string{"cache_read_input_token_cost", "cache_creation_input_token_cost_above_1hr", "input_cost_per_token_above_128k_tokens", "output_cost_per_token_batches",
			"output_cost_per_reasoning_token", "input_cost_per_audio_token", "input_cost_per_image", "output_cost_per_second", "input_cost_per_character",
			"input_cost_per_token_flex", "cache_read_input_token_cost_above_200k_tokens_priority", "input_cost_per_query"}, true},
}

func fixtureText(name string) string {
	for _, f := range fixtures {
		if f.name == name {
			return f.text
		}
	}
	return ""
}

// TestDiffFindsEveryMutation spoils feeds many times and holds the diff against the independent count.
// LLMADVISE_MUTATIONS=20 makes it twenty times as many.
func TestDiffFindsEveryMutation(t *testing.T) {
	times, err := strconv.Atoi(firstOf(os.Getenv("LLMADVISE_MUTATIONS"), "1"))
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range mutants {
		t.Run(m.name+"/real", func(t *testing.T) {
			mutateAndCount(t, shared(t, m.file), 10*times, m.flatten, m.spoil, m.names, m.byID)
		})
		t.Run(m.name+"/own", func(t *testing.T) {
			mutateAndCount(t, written(t, grown(tree(t, []byte(m.small)))), 40*times, m.flatten, m.spoil, m.names, m.byID)
		})
	}
}

// grown is a small feed with each of its models many times over.
func grown(root any) any {
	const times = 20
	if models, ok := root.(map[string]any); ok {
		for id, x := range maps.Clone(models) {
			for i := range times {
				models[fmt.Sprintf("%s-%d", id, i)] = clone(x)
			}
		}
		return models
	}
	p := root.([]any)[0].(map[string]any)
	for _, x := range p["models"].([]any) {
		for i := range times {
			twin := clone(x).(map[string]any)
			twin["id"] = fmt.Sprintf("%s-%d", x.(map[string]any)["id"], i)
			p["models"] = append(p["models"].([]any), twin)
		}
	}
	return root
}

func mutateAndCount(t *testing.T, base []byte, rounds int, flatten func(any) plain, spoil func(*mutator, any) any, names []string, byID bool) {
	before, err := Read(base, "")
	if err != nil {
		t.Fatal(err)
	}
	found, doubted := 0, 0
	for seed := range rounds {
		m := &mutator{rng: rand.New(rand.NewPCG(uint64(seed), 7)), names: names}
		after := spoil(m, tree(t, base))
		data := written(t, after)
		next, err := Read(data, "")
		if err != nil {
			continue // every model went
		}
		r, err := Diff(before, next)
		if err != nil {
			t.Fatal(err)
		}
		wantChanges, wantDoubts := plainDiff(flatten(tree(t, base)), flatten(tree(t, quoteNonFinite(data))))
		changes, doubts := findings(t, r, byID)
		if d := cmp.Diff(wantChanges, changes); d != "" {
			t.Fatalf("seed %d: changes (-counted +diff):\n%s", seed, d)
		}
		if d := cmp.Diff(wantDoubts, doubts); d != "" {
			t.Fatalf("seed %d: quarantined (-counted +diff):\n%s", seed, d)
		}
		for _, c := range r.Changes { // nothing is told twice
			for _, q := range r.Quarantined {
				if c.Provider == q.Provider && c.Model == q.Model && c.Field != nil && q.Field != nil && *c.Field == *q.Field {
					t.Fatalf("seed %d: %s %s is both a change and quarantined", seed, c.Model, *c.Field)
				}
			}
		}
		found, doubted = found+len(changes), doubted+len(doubts)
	}
	t.Logf("%d rounds: %d changes and %d quarantined, all found, none invented", rounds, found, doubted)
	if found < rounds || doubted == 0 {
		t.Errorf("only %d changes and %d doubts in %d rounds: the test tests little", found, doubted, rounds)
	}
}
