package pricing

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/llmadvise/llmadvise/advisor/catalog"
)

// rateFields maps the fields of token prices to the catalog's rates. Feeds have many more fields (audio, images,
// service levels); those stay in the snapshot and do not enter a catalog offer.
var rateFields = map[string]func(*catalog.Rates) **float64{
	"input":          func(r *catalog.Rates) **float64 { return &r.Input },
	"output":         func(r *catalog.Rates) **float64 { return &r.Output },
	"cache_read":     func(r *catalog.Rates) **float64 { return &r.CacheRead },
	"cache_write":    func(r *catalog.Rates) **float64 { return &r.CacheWrite },
	"input_batches":  func(r *catalog.Rates) **float64 { return &r.BatchInput },
	"output_batches": func(r *catalog.Rates) **float64 { return &r.BatchOutput },
}

// Fields are the names of prices that tracks may be asked for: those that an offer has, and what else some of them hold.
func Fields(tracks []Track) []string {
	out := slices.Clone(voteFields)
	var more []string
	for _, t := range tracks {
		if !slices.Contains(out, t.Field) && !slices.Contains(more, t.Field) {
			more = append(more, t.Field)
		}
	}
	slices.Sort(more)
	return append(out, more...)
}

// listPrice is what holds under one condition: base rates and tiers.
type listPrice struct {
	rates catalog.Rates
	tiers []catalog.Tier
}

// prices sorts an entry's fields by condition: "" is what holds without any.
func (e *Entry) lists() map[string]*listPrice {
	out := map[string]*listPrice{"": {}}
	for _, f := range e.Fields() {
		p := e.Prices[f]
		if !p.readable() || p.Unit != PerMTok {
			continue
		}
		field, when, _ := strings.Cut(f, "@")
		name, above, isTier := strings.Cut(field, "_above_")
		at, known := rateFields[name]
		if !known {
			continue
		}
		l := out[when]
		if l == nil {
			l = &listPrice{}
			out[when] = l
		}
		if !isTier {
			v := p.USD
			*at(&l.rates) = &v
			continue
		}
		if n, ok := parseAbove(above); ok {
			v := p.USD
			*at(l.tier(n)) = &v
		}
	}
	return out
}

// tier returns the rates of the tier above n input tokens, which it makes where there is none yet.
func (l *listPrice) tier(n int) *catalog.Rates {
	i, found := slices.BinarySearchFunc(l.tiers, n, func(t catalog.Tier, n int) int { return t.AboveInputTokens - n })
	if !found {
		l.tiers = slices.Insert(l.tiers, i, catalog.Tier{AboveInputTokens: n})
	}
	return &l.tiers[i].Rates
}

// parseAbove reads "200k", "1m" or "200000"; what else stands behind (a service level, a lifetime) is no tier.
func parseAbove(s string) (int, bool) {
	times := 1
	if rest, ok := strings.CutSuffix(s, "k"); ok {
		s, times = rest, 1000
	} else if rest, ok := strings.CutSuffix(s, "m"); ok {
		s, times = rest, 1_000_000
	}
	n, err := strconv.Atoi(s)
	return n * times, err == nil && n > 0
}

// offerPrices returns an entry's prices as an offer has them on day: the rates that hold for most of that day, their
// tiers, and as conditions what holds later or at other hours. since is the day from which the rates hold, where the
// feed says.
func (e *Entry) offerPrices(day catalog.Date) (now listPrice, conditions []catalog.Condition, since catalog.Date) {
	lists := e.lists()
	now = *lists[""]
	names := make([]string, 0, len(lists))
	for n := range lists {
		if n != "" {
			names = append(names, n)
		}
	}
	slices.Sort(names) // dates sort by time; the last one that has come holds
	for _, n := range names {
		w, l := e.When[n], lists[n]
		switch {
		case w.Start != "" || w.End != "":
			c, ok := hourly(w, *l)
			if !ok {
				continue
			}
			if span(c.Start, c.End) > 12*time.Hour { // it holds for most of the day: the base price is the exception
				c.Rates, c.Tiers, now.rates, now.tiers = now.rates, now.tiers, c.Rates, c.Tiers
				c.Start, c.End = c.End, c.Start
			}
			conditions = append(conditions, c)
		case !w.From.IsZero() && !w.From.After(day.Time):
			now, since = *l, w.From
		case !w.From.IsZero():
			conditions = append(conditions, catalog.Condition{From: w.From, Rates: l.rates, Tiers: l.tiers})
		}
	}
	return now, conditions, since
}

func hourly(w When, l listPrice) (catalog.Condition, bool) {
	start, err1 := time.Parse("15:04", w.Start)
	end, err2 := time.Parse("15:04", w.End)
	if err1 != nil || err2 != nil {
		return catalog.Condition{}, false
	}
	sinceMidnight := func(t time.Time) time.Duration {
		return time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute
	}
	return catalog.Condition{
		From: w.From, HasHours: true, Start: sinceMidnight(start), End: sinceMidnight(end), Rates: l.rates, Tiers: l.tiers,
	}, true
}

// span is the length of a window of the day that may pass midnight.
func span(start, end time.Duration) time.Duration {
	if end <= start {
		end += 24 * time.Hour
	}
	return end - start
}
