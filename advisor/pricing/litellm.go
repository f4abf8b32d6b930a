package pricing

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/llmadvise/llmadvise/advisor/catalog"
)

// litellmModel holds what readLiteLLM wants of a model besides its prices.
type litellmModel struct {
	Provider        string          `json:"litellm_provider"`
	Mode            string          `json:"mode"`
	MaxInput        json.RawMessage `json:"max_input_tokens"`
	DeprecationDate string          `json:"deprecation_date"`
}

func readLiteLLM(data []byte) (*Feed, error) {
	c := newCollect(LiteLLM)
	err := eachMember(data, func(m member) bool {
		if m.name == "sample_spec" { // documents the format, prices nothing
			return true
		}
		e, err := litellmEntry(m.name, bytes.TrimSpace(m.value))
		if err != nil {
			c.problem("%s: %v", m.name, err)
			e.Broken = clip(string(m.value))
		}
		c.add(e)
		return !c.full
	})
	if err != nil {
		return nil, err
	}
	return c.done()
}

func litellmEntry(id string, raw json.RawMessage) (Entry, error) {
	e := Entry{Model: id, IDAlone: true, Prices: map[string]Price{}, Preview: isPreview(id)}
	fields, err := members(raw)
	if err != nil {
		return e, err
	}
	var head litellmModel
	_ = json.Unmarshal(raw, &head) // a wrong type leaves the field empty; prices are read one by one below
	e.Provider = head.Provider
	_ = json.Unmarshal(head.MaxInput, &e.Context)
	e.EndOfLife, _ = catalog.ParseDate(head.DeprecationDate)
	e.Comment = head.Mode
	var tiers []json.RawMessage
	for _, f := range fields {
		if f.name == "tiered_pricing" {
			tiers = append(tiers, f.value)
			continue
		}
		e.readLiteLLMField(f)
	}
	for _, t := range tiers { // last: its first range repeats the prices that stand outside
		e.readLiteLLMTiers(t)
	}
	if sellsNoText[head.Mode] {
		e.zerosAreNoCharge()
	}
	e.Free = allZero(e.Prices)
	return e, nil
}

// readLiteLLMField takes every member whose name speaks of a cost, and the multipliers.
func (e *Entry) readLiteLLMField(f member) {
	v := bytes.TrimSpace(f.value)
	if name, ok := strings.CutPrefix(f.name, "regional_processing_uplift_multiplier_"); ok {
		e.setMultiplier("region_"+name, v)
		return
	}
	if f.name == "provider_specific_entry" {
		ms, _ := members(v)
		for _, m := range ms {
			e.setMultiplier(m.name, m.value)
		}
		return
	}
	if !strings.Contains(f.name, "cost") || string(v) == "null" {
		return
	}
	field, unit, times := litellmField(f.name)
	if len(v) > 0 && v[0] == '{' { // one price a search context size, for example
		ms, err := members(v)
		if err != nil {
			return
		}
		for _, m := range ms {
			e.set(field+"_"+strings.TrimPrefix(m.name, "search_context_size_"), number(m.value, unit, times, false))
		}
		return
	}
	e.set(field, number(f.value, unit, times, false))
}

// readLiteLLMTiers reads a list of price objects, each with the range of input tokens for which it holds.
func (e *Entry) readLiteLLMTiers(raw json.RawMessage) {
	var tiers []json.RawMessage
	if json.Unmarshal(raw, &tiers) != nil {
		return
	}
	for _, t := range tiers {
		var r struct {
			Range []float64 `json:"range"`
		}
		ms, err := members(t)
		if err != nil || json.Unmarshal(t, &r) != nil || len(r.Range) == 0 {
			continue
		}
		suffix := ""
		if r.Range[0] > 0 {
			suffix = "_above_" + aboveName(int(r.Range[0]))
		}
		for _, m := range ms {
			if strings.Contains(m.name, "cost") {
				field, unit, times := litellmField(m.name)
				if _, known := e.Prices[field]; known && suffix == "" {
					continue
				}
				e.set(field+suffix, number(m.value, unit, times, false))
			}
		}
	}
}

func (e *Entry) setMultiplier(name string, raw json.RawMessage) {
	var x float64
	if json.Unmarshal(raw, &x) != nil {
		return
	}
	if e.Multipliers == nil {
		e.Multipliers = map[string]float64{}
	}
	e.Multipliers[name] = x
}

// litellmBases maps the beginning of LiteLLM's names to fields, longest first where one begins another. What follows
// (a threshold, a service level, a lifetime) is kept as it is.
var litellmBases = []struct {
	prefix, field string
	unit          Unit
}{
	{"input_cost_per_token_cache_hit", "input_cache_hit", PerMTok},
	{"input_cost_per_token", "input", PerMTok},
	{"output_cost_per_token", "output", PerMTok},
	{"output_cost_per_reasoning_token", "output_reasoning", PerMTok},
	{"cache_read_input_token_cost_per_audio_token", "cache_read_per_audio_token", PerMTok},
	{"cache_read_input_token_cost", "cache_read", PerMTok},
	{"cache_read_input_audio_token_cost", "cache_audio_read", PerMTok},
	{"cache_read_input_image_token_cost", "cache_image_read", PerMTok},
	{"cache_creation_input_token_cost", "cache_write", PerMTok},
	{"cache_creation_input_audio_token_cost", "cache_audio_write", PerMTok},
	{"input_cost_per_audio_token", "input_audio", PerMTok},
	{"output_cost_per_audio_token", "output_audio", PerMTok},
	{"input_cost_per_image_token", "input_image_token", PerMTok},
	{"output_cost_per_image_token", "output_image_token", PerMTok},
	{"input_cost_per_video_token", "input_video_token", PerMTok},
	{"output_cost_per_video_token", "output_video_token", PerMTok},
	{"search_context_cost_per_query", "search", PerQuery},
}

// litellmField maps a name of LiteLLM's to a field, its unit, and the factor that turns the feed's number into that
// unit.
func litellmField(name string) (string, Unit, float64) {
	const mega = 1e6
	for _, b := range litellmBases {
		rest, ok := strings.CutPrefix(name, b.prefix)
		if !ok || rest != "" && rest[0] != '_' {
			continue
		}
		rest = strings.Replace(rest, "_tokens", "", 1)
		if b.unit == PerMTok {
			return b.field + rest, b.unit, mega
		}
		return b.field + rest, b.unit, 1
	}
	field := strings.Replace(name, "_cost", "", 1)
	switch {
	case strings.Contains(name, "dbu"): // a unit of account of one provider's, with a rate of its own
		return field, "DBU per 1M tokens", mega
	case strings.HasSuffix(name, "_per_1k_tokens"):
		return strings.TrimSuffix(field, "_per_1k_tokens"), PerMTok, 1e3
	case strings.Contains(name, "per_token") || strings.HasSuffix(name, "_token_cost"):
		return field, PerMTok, mega
	case strings.Contains(name, "per_character"):
		return field, PerMChar, mega
	case strings.Contains(name, "per_second"):
		return field, PerSecond, 1
	case strings.Contains(name, "per_image"):
		return field, PerImage, 1
	case strings.Contains(name, "per_query"):
		return field, PerQuery, 1
	}
	_, per, ok := strings.Cut(name, "_per_")
	if !ok {
		return field, "USD", 1
	}
	return field, Unit("USD per " + strings.ReplaceAll(per, "_", " ")), 1
}

// sellsNoText are LiteLLM's modes whose zeros say that there is no such charge: an embedding has no output to pay for.
var sellsNoText = map[string]bool{
	"embedding": true, "rerank": true, "moderation": true, "image_generation": true, "image_edit": true, "audio_transcription": true,
	"audio_speech": true, "video_generation": true, "ocr": true, "search": true, "vector_store": true,
}

// zerosAreNoCharge marks the zeros of an entry that has a price besides.
func (e *Entry) zerosAreNoCharge() {
	for f, p := range e.Prices {
		if p.readable() && p.USD == 0 && !allZero(e.Prices) {
			p.NoCharge = true
			e.Prices[f] = p
		}
	}
}

// allZero reports whether there are prices and every one is zero: how feeds mark what is free.
func allZero(ps map[string]Price) bool {
	for _, p := range ps {
		if !p.readable() || p.USD != 0 {
			return false
		}
	}
	return len(ps) > 0
}
