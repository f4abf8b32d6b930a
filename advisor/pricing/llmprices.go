package pricing

import (
	"encoding/json"
	"maps"

	"github.com/llmadvise/llmadvise/advisor/catalog"
)

// llmPrice is one price of llm-prices.com, in USD per million tokens. current-v1.json has one a model;
// historical-v1.json has one for each span of days, the present one without an end.
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
	past := map[[2]string][]Past{}
	for _, p := range file.Prices {
		from, to, err := p.days()
		if err != nil {
			c.problem("%s %s: %v", p.Vendor, p.ID, err)
		}
		if p.To != "" { // of the past: the entry without an end holds
			past[[2]string{p.Vendor, p.ID}] = append(past[[2]string{p.Vendor, p.ID}], Past{From: from, To: to, Prices: believable(p.prices())})
			continue
		}
		e := Entry{Provider: p.Vendor, Model: p.ID, Name: p.Name, Preview: isPreview(p.ID), Since: from, Prices: p.prices()}
		e.Free = allZero(e.Prices)
		c.add(e)
	}
	for i := range c.feed.Entries {
		e := &c.feed.Entries[i]
		e.Past = past[[2]string{e.Provider, e.Model}]
	}
	return c.done()
}

func (p *llmPrice) days() (from, to catalog.Date, err error) {
	if from, err = catalog.ParseDate(p.From); err != nil {
		return from, to, err
	}
	to, err = catalog.ParseDate(p.To)
	return from, to, err
}

func (p *llmPrice) prices() map[string]Price {
	out := map[string]Price{}
	for field, raw := range map[string]json.RawMessage{"input": p.Input, "output": p.Output, "cache_read": p.InputCached} {
		if len(raw) > 0 && string(raw) != "null" {
			out[field] = number(raw, PerMTok, 1, false)
		}
	}
	return out
}

// believable leaves out what is no price.
func believable(ps map[string]Price) map[string]Price {
	maps.DeleteFunc(ps, func(_ string, p Price) bool { return !p.readable() || p.USD < 0 })
	return ps
}
