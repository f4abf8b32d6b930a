package pricing

import (
	"encoding/json"
	"fmt"

	"github.com/llmadvise/llmadvise/advisor/catalog"
)

// llmPrice is one price of llm-prices.com, in USD per million tokens. current-v1.json has one a model;
// historical-v1.json has one for each span of days.
type llmPrice struct {
	ID          string          `json:"id"`
	Vendor      string          `json:"vendor"`
	Name        string          `json:"name"`
	Input       json.RawMessage `json:"input"`
	Output      json.RawMessage `json:"output"`
	InputCached json.RawMessage `json:"input_cached"`
	From        string          `json:"from_date"`
	To          string          `json:"to_date"`
}

func readLLMPrices(data []byte) (*Feed, error) {
	var file struct {
		Updated string     `json:"updated_at"`
		Prices  []llmPrice `json:"prices"`
	}
	if err := json.Unmarshal(data, &file); err != nil {
		return nil, err
	}
	c := newCollect(LLMPrices)
	if len(file.Updated) >= len("2026-07-25") {
		c.feed.Date, _ = catalog.ParseDate(file.Updated[:len("2026-07-25")])
	}
	for _, p := range file.Prices {
		if p.To != "" { // of the past: the entry without an end holds
			continue
		}
		e := Entry{Provider: p.Vendor, Model: p.ID, Name: p.Name, Preview: isPreview(p.ID), Prices: map[string]Price{}}
		var err error
		if e.Since, err = catalog.ParseDate(p.From); err != nil {
			c.problem("%s %s: %v", p.Vendor, p.ID, err)
		}
		for field, raw := range map[string]json.RawMessage{"input": p.Input, "output": p.Output, "cache_read": p.InputCached} {
			if len(raw) > 0 && string(raw) != "null" {
				e.set(field, number(raw, PerMTok, 1, false))
			}
		}
		e.Free = allZero(e.Prices)
		c.add(e)
	}
	return &c.feed, nil
}

// History returns the past prices of a historical llm-prices.com file as spans, oldest first as the file has them.
func History(data []byte) ([]Span, error) {
	var file struct {
		Prices []llmPrice `json:"prices"`
	}
	if err := json.Unmarshal(data, &file); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrShape, err)
	}
	var out []Span
	for _, p := range file.Prices {
		s := Span{Provider: p.Vendor, Model: p.ID, Prices: map[string]Price{}}
		s.From, _ = catalog.ParseDate(p.From)
		s.To, _ = catalog.ParseDate(p.To)
		for field, raw := range map[string]json.RawMessage{"input": p.Input, "output": p.Output, "cache_read": p.InputCached} {
			if len(raw) > 0 && string(raw) != "null" {
				if v := number(raw, PerMTok, 1, false); v.readable() && v.USD >= 0 {
					s.Prices[field] = v
				}
			}
		}
		out = append(out, s)
	}
	return out, nil
}

// Span is the price of a model for some time. A zero From means since ever, a zero To until now.
type Span struct {
	Provider, Model string
	From, To        catalog.Date
	Prices          map[string]Price
}
