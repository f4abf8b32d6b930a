package catalog

import (
	"errors"
	"fmt"
	"math"
	"time"
)

// Usage is what a number of equal requests consumes. Token counts are per request.
type Usage struct {
	Requests              float64
	InputPerRequest       float64 // all input tokens, those read from or written to a cache included
	CachedPerRequest      float64 // input tokens that are read from the provider's prompt cache
	CacheWritePerRequest  float64 // input tokens that are written to it
	OutputPerRequest      float64 // visible output tokens
	ReasoningPerRequest   float64 // hidden tokens, billed as output
	Batch                 bool    // bill at batch prices; an error where the offer has none
	NoCachePriceIsNoCache bool    // bill cached tokens as plain input where the offer has no cache price, without a note
}

// Line is one line of a bill: Tokens at Price make USD.
type Line struct {
	Item   string // "input", "cached input", "cache write", "output", "reasoning"
	Tokens float64
	Price  float64 // USD per million tokens
	USD    float64
	Note   string
}

// Errors of [Offer.Bill].
var (
	ErrNoPrice = errors.New("the offer has no such price")
	ErrUsage   = errors.New("not a possible usage")
)

// RatesFor returns the prices of a request with inputTokens input tokens. The highest tier whose threshold the whole
// input exceeds applies to the whole request, output included; a price that a tier does not name stays the base one.
// That is how Anthropic, Google and OpenAI bill long contexts, and how genai-prices reads its tiers.
func (o *Offer) RatesFor(inputTokens float64) Rates {
	r, above := o.Rates, -1
	for _, t := range o.Tiers {
		if inputTokens > float64(t.AboveInputTokens) && t.AboveInputTokens > above {
			above = t.AboveInputTokens
			r = o.Rates.with(t.Rates)
		}
	}
	return r
}

// with returns r with the prices that over names in their place.
func (r Rates) with(over Rates) Rates {
	for _, f := range rateFields {
		if p := *f.at(&over); p != nil {
			*f.at(&r) = p
		}
	}
	return r
}

// At returns the offer with the prices that hold at t: those of the latest day that has come, and of the hour.
func (o Offer) At(t time.Time) Offer {
	t = t.UTC()
	y, m, d := t.Date()
	sinceMidnight := t.Sub(time.Date(y, m, d, 0, 0, 0, 0, time.UTC))
	best := Date{}
	for _, c := range o.Conditions {
		if c.From.After(t) || c.HasHours && !within(sinceMidnight, c.Start, c.End) || c.From.Before(best.Time) {
			continue
		}
		best = c.From
		o.Rates, o.Tiers = c.Rates, c.Tiers
		if !c.From.IsZero() {
			o.Since = c.From
		}
	}
	return o
}

// OnDay returns the offer with the prices that hold for most of the day: later days' prices, not the hours'.
func (o Offer) OnDay(day Date) Offer {
	best := Date{}
	for _, c := range o.Conditions {
		if c.HasHours || c.From.After(day.Time) || c.From.Before(best.Time) {
			continue
		}
		best = c.From
		o.Rates, o.Tiers, o.Since = c.Rates, c.Tiers, c.From
	}
	return o
}

// within reports whether a time of day lies in a window that may pass midnight.
func within(t, start, end time.Duration) bool {
	if start <= end {
		return start <= t && t < end
	}
	return t >= start || t < end
}

// Bill returns what u costs at the offer's prices, in USD, with one line an item. The lines add up to the sum. Nothing
// is rounded. Cached tokens cost the cache-read price, where the offer has one, and the input price otherwise; tokens
// written to a cache cost the cache-write price or else the input price; cached and written tokens are part of the
// input and are never counted twice. Reasoning tokens cost as output. A price that is needed and not known is
// [ErrNoPrice], never zero.
func (o *Offer) Bill(u Usage) (float64, []Line, error) {
	if err := u.check(); err != nil {
		return 0, nil, err
	}
	r := o.RatesFor(u.InputPerRequest)
	in, out := r.Input, r.Output
	if u.Batch {
		if r.BatchInput == nil || r.BatchOutput == nil {
			return 0, nil, fmt.Errorf("%s: batch: %w", o.ID, ErrNoPrice)
		}
		in, out = r.BatchInput, r.BatchOutput
	}
	b := bill{lines: make([]Line, 0, 4)}
	b.add("input", u.InputPerRequest-u.CachedPerRequest-u.CacheWritePerRequest, in, "")
	b.add(cacheItem("cached input", u.CachedPerRequest, r.CacheRead, in, u))
	b.add(cacheItem("cache write", u.CacheWritePerRequest, r.CacheWrite, in, u))
	b.add("output", u.OutputPerRequest, out, "")
	b.add("reasoning", u.ReasoningPerRequest, out, "billed as output")
	if b.missing != "" {
		return 0, nil, fmt.Errorf("%s: %s: %w", o.ID, b.missing, ErrNoPrice)
	}
	sum := 0.0
	for i := range b.lines {
		l := &b.lines[i]
		l.Tokens *= u.Requests
		l.USD = l.Tokens * l.Price / 1e6
		sum += l.USD
	}
	return sum, b.lines, nil
}

// cacheItem falls back to the input price: a provider without a cache price sells those tokens as plain input. Batch
// requests read the cache at the batch input price, unless the cache price is lower still.
func cacheItem(item string, tokens float64, price, input *float64, u Usage) (string, float64, *float64, string) {
	switch {
	case tokens == 0:
		return item, 0, input, ""
	case price == nil && u.NoCachePriceIsNoCache:
		return item, tokens, input, ""
	case price == nil:
		return item, tokens, input, "no cache price: billed as input"
	case u.Batch && input != nil && item == "cached input":
		p := min(*price, *input)
		return item, tokens, &p, ""
	}
	return item, tokens, price, ""
}

type bill struct {
	lines   []Line
	missing string
}

func (b *bill) add(item string, tokens float64, price *float64, note string) {
	switch {
	case tokens <= 0:
	case price == nil:
		b.missing = item
	default:
		b.lines = append(b.lines, Line{Item: item, Tokens: tokens, Price: *price, Note: note})
	}
}

func (u Usage) check() error {
	for _, v := range []float64{u.Requests, u.InputPerRequest, u.CachedPerRequest, u.CacheWritePerRequest, u.OutputPerRequest, u.ReasoningPerRequest} {
		if v < 0 || math.IsNaN(v) || math.IsInf(v, 0) {
			return fmt.Errorf("%w: a count is %v", ErrUsage, v)
		}
	}
	if u.CachedPerRequest+u.CacheWritePerRequest > u.InputPerRequest*(1+1e-12) {
		return fmt.Errorf("%w: %v cached and %v written tokens of %v input tokens", ErrUsage,
			u.CachedPerRequest, u.CacheWritePerRequest, u.InputPerRequest)
	}
	return nil
}

// Usable reports whether the offer may be recommended: it has input and output prices above zero and is neither free
// (such tiers have limits that no bill shows), nor deprecated, nor a preview.
func (o *Offer) Usable() bool {
	return !o.Free && !o.Deprecated && !o.Preview &&
		o.Rates.Input != nil && *o.Rates.Input > 0 && o.Rates.Output != nil && *o.Rates.Output > 0
}
