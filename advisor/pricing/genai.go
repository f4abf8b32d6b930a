package pricing

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/llmadvise/llmadvise/advisor/catalog"
)

// genaiProvider is a provider of pydantic/genai-prices, prices/data.json.
type genaiProvider struct {
	ID     string       `json:"id"`
	Name   string       `json:"name"`
	Models []genaiModel `json:"models"`
}

type genaiModel struct {
	ID            string          `json:"id"`
	Name          json.RawMessage `json:"name"`
	ContextWindow json.RawMessage `json:"context_window"`
	Comments      json.RawMessage `json:"price_comments"`
	Deprecated    json.RawMessage `json:"deprecated"`
	Prices        json.RawMessage `json:"prices"` // one object, or a list of conditional ones
}

// genaiConditional is one element of a list of prices. Of several whose constraint is met the last one holds; one
// without a constraint always does.
type genaiConditional struct {
	Constraint *struct {
		StartDate string `json:"start_date"`
		StartTime string `json:"start_time"`
		EndTime   string `json:"end_time"`
	} `json:"constraint"`
	Prices json.RawMessage `json:"prices"`
}

// genaiTiers is a price that depends on the length of the input.
type genaiTiers struct {
	Base  json.RawMessage `json:"base"`
	Tiers []struct {
		Start int             `json:"start"`
		Price json.RawMessage `json:"price"`
	} `json:"tiers"`
}

func readGenAI(data []byte) (*Feed, error) {
	var providers []genaiProvider
	if err := json.Unmarshal(data, &providers); err != nil {
		return nil, err
	}
	c := newCollect(GenAIPrices)
	for _, p := range providers {
		for _, m := range p.Models {
			e := Entry{
				Provider: p.ID, Model: m.ID, Name: lenient[string](m.Name), Context: lenient[int](m.ContextWindow),
				Comment: lenient[string](m.Comments), Deprecated: lenient[bool](m.Deprecated), Preview: isPreview(m.ID), Prices: map[string]Price{},
			}
			if err := e.readGenAIPrices(m.Prices); err != nil {
				c.problem("%s %s: %v", p.ID, m.ID, err)
				e.Broken = clip(string(m.Prices))
			}
			e.Free = e.Broken == "" && (len(e.Prices) == 0 || strings.HasSuffix(m.ID, ":free") || allZero(e.Prices))
			c.add(e)
		}
	}
	return c.done()
}

// readGenAIPrices reads one price object, or a list whose first member is the base price and whose others hold under a
// condition.
func (e *Entry) readGenAIPrices(raw json.RawMessage) error {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 || raw[0] != '[' {
		return e.readGenAIObject(raw, "")
	}
	var list []genaiConditional
	if err := json.Unmarshal(raw, &list); err != nil {
		return err
	}
	for i, p := range list {
		suffix := ""
		if p.Constraint != nil {
			suffix = "@" + e.condition(i, p)
		} else if i > 0 {
			suffix = fmt.Sprintf("@%d", i) // a second unconditional price: keep both, told apart
		}
		if err := e.readGenAIObject(p.Prices, suffix); err != nil {
			return err
		}
	}
	return nil
}

// condition enters when the i-th price of a list holds, and returns the name of that condition.
func (e *Entry) condition(i int, p genaiConditional) string {
	c := p.Constraint
	from, err := catalog.ParseDate(c.StartDate)
	w := When{From: from, Start: clockText(c.StartTime), End: clockText(c.EndTime)}
	name := w.name()
	if err != nil || name == "" { // a condition of another kind: kept apart, never applied
		return fmt.Sprintf("condition-%d", i)
	}
	if e.When == nil {
		e.When = map[string]When{}
	}
	e.When[name] = w
	return name
}

func (e *Entry) readGenAIObject(raw json.RawMessage, suffix string) error {
	ms, err := members(raw)
	if err != nil {
		return fmt.Errorf("prices: %w", err)
	}
	for _, m := range ms {
		field, unit := genaiField(m.name)
		v := bytes.TrimSpace(m.value)
		if len(v) == 0 || v[0] != '{' {
			e.set(field+suffix, number(m.value, unit, 1, false))
			continue
		}
		var t genaiTiers
		if err := json.Unmarshal(v, &t); err != nil || t.Base == nil {
			e.set(field+suffix, Price{Unit: unit, Raw: clip(string(v))})
			continue
		}
		e.set(field+suffix, number(t.Base, unit, 1, false))
		for _, tier := range t.Tiers {
			e.set(field+"_above_"+aboveName(tier.Start)+suffix, number(tier.Price, unit, 1, false))
		}
	}
	return nil
}

// genaiField maps "input_mtok" to "input" and "requests_kcount" to "requests".
func genaiField(name string) (string, Unit) {
	switch {
	case strings.HasSuffix(name, "_mtok"):
		return strings.TrimSuffix(name, "_mtok"), PerMTok
	case strings.HasSuffix(name, "_kcount"):
		return strings.TrimSuffix(name, "_kcount"), Unit("USD per 1,000 " + strings.ReplaceAll(strings.TrimSuffix(name, "_kcount"), "_", " "))
	default:
		return name, Unit("USD, " + name)
	}
}

// clockText cuts "00:30:00Z" to "00:30".
func clockText(s string) string {
	s = strings.TrimSuffix(s, "Z")
	if len(s) == len("00:30:00") {
		s = s[:len("00:30")]
	}
	return s
}

// name writes a condition for a field: "2026-09-01", "00:30-16:30Z".
func (w When) name() string {
	var parts []string
	if !w.From.IsZero() {
		parts = append(parts, w.From.String())
	}
	if w.Start != "" || w.End != "" {
		parts = append(parts, w.Start+"-"+w.End+"Z")
	}
	return strings.Join(parts, ",")
}
