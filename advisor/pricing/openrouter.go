package pricing

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/llmadvise/llmadvise/advisor/catalog"
)

// openRouterList is the answer of OpenRouter's /api/v1/models.
type openRouterList struct {
	Data []openRouterModel `json:"data"`
}

type openRouterModel struct {
	ID            string          `json:"id"`
	Name          string          `json:"name"`
	ContextLength float64         `json:"context_length"`
	Pricing       json.RawMessage `json:"pricing"`
	Expiration    string          `json:"expiration_date"`
	// Endpoints is set in the answer of /api/v1/models/{author}/{slug}/endpoints.
	Endpoints []openRouterEndpoint `json:"endpoints"`
}

type openRouterEndpoint struct {
	Provider      string          `json:"provider_name"`
	Tag           string          `json:"tag"`
	Quantization  string          `json:"quantization"`
	ContextLength float64         `json:"context_length"`
	Pricing       json.RawMessage `json:"pricing"`
}

// openRouterFields maps the members of a pricing object. All prices are quoted strings, in USD per token, per request
// or per image.
var openRouterFields = map[string]struct {
	field string
	unit  Unit
	times float64
}{
	"prompt":             {"input", PerMTok, 1e6},
	"completion":         {"output", PerMTok, 1e6},
	"input_cache_read":   {"cache_read", PerMTok, 1e6},
	"input_cache_write":  {"cache_write", PerMTok, 1e6},
	"internal_reasoning": {"output_reasoning", PerMTok, 1e6},
	"audio":              {"input_audio", PerMTok, 1e6},
	"request":            {"requests", PerKRequest, 1e3},
	"image":              {"input_image", PerImage, 1},
	"web_search":         {"search", PerQuery, 1},
}

func readOpenRouter(data []byte) (*Feed, error) {
	var list openRouterList
	if err := json.Unmarshal(data, &list); err != nil {
		var one struct { // the endpoints of a single model
			Data openRouterModel `json:"data"`
		}
		if err2 := json.Unmarshal(data, &one); err2 != nil {
			return nil, err
		}
		list.Data = []openRouterModel{one.Data}
	}
	c := newCollect(OpenRouter)
	for _, m := range list.Data {
		if len(m.Endpoints) == 0 {
			e := openRouterEntry("openrouter", m.ID, m.ContextLength, m.Pricing)
			e.Name = m.Name
			e.EndOfLife, _ = catalog.ParseDate(m.Expiration)
			c.add(e)
			continue
		}
		for _, ep := range m.Endpoints {
			e := openRouterEntry(strings.ToLower(ep.Provider), m.ID, ep.ContextLength, ep.Pricing)
			e.Quantisation, e.Region = ep.Quantization, ep.Tag
			c.add(e)
		}
	}
	return c.done()
}

func openRouterEntry(provider, id string, context float64, pricing json.RawMessage) Entry {
	e := Entry{
		Provider: provider, Model: id, Context: int(min(max(context, 0), 1e9)), Preview: isPreview(id), Prices: map[string]Price{},
	}
	ms, err := members(pricing)
	if err != nil {
		e.Broken = clip(string(pricing))
		return e
	}
	for _, m := range ms {
		f, known := openRouterFields[m.name]
		v := bytes.TrimSpace(m.value)
		if !known {
			f.field, f.unit, f.times = m.name, Unit("USD, "+m.name), 1
		}
		if m.name == "discount" || string(v) == "null" || !known && len(v) > 0 && (v[0] == '{' || v[0] == '[') { // no prices
			continue
		}
		p := number(m.value, f.unit, f.times, true)
		p.NoCharge = p.readable() && p.USD == 0 && f.field != "input" && f.field != "output"
		e.set(f.field, p)
	}
	e.Free = strings.HasSuffix(id, ":free") || allZero(e.Prices)
	return e
}
