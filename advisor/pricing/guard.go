package pricing

import (
	"fmt"
	"maps"

	"github.com/llmadvise/llmadvise/advisor/quantity"
)

// Bounds of what may be believed.
const (
	// MaxJump is the factor beyond which a price change is taken for an error until somebody confirms it.
	MaxJump = 3.0
	// MaxDisagreement is the relative difference between feeds that is worth telling.
	MaxDisagreement = 0.05
	// MinShrink is the share of the last good entries that a feed must still have.
	MinShrink = 0.5
)

// Suspect is a price that was not accepted. Old is the price that stays in force, if there is one.
type Suspect struct {
	Provider string
	Model    string
	Region   string
	Field    string
	Old      *Price
	New      Price
	Why      string

	key string // of the entry
}

// Guard returns next with every unbelievable price replaced by the last good one, or left out where there is none,
// and says which those are. last is the last accepted feed; nil for the first reading. next is not changed.
//
// Unbelievable is: what is no number or not prices at all; a price named twice with different values; a negative price; a zero, unless
// the feed marks the whole model as free, means by it that there is no such charge, or said so before; and a change by more than [MaxJump].
func Guard(last, next *Feed) (*Feed, []Suspect) {
	known := map[string]*Entry{}
	if last != nil {
		known = index(last)
	}
	return guard(known, next, false)
}

// guard is Guard over the last good entries by key; confirmed says that somebody has looked at the jumps and believes them.
func guard(known map[string]*Entry, next *Feed, confirmed bool) (*Feed, []Suspect) {
	out := *next
	out.Entries = make([]Entry, len(next.Entries))
	var suspects []Suspect
	for i := range next.Entries {
		e := next.Entries[i]
		e.Prices = maps.Clone(e.Prices)
		old := known[e.Key()]
		if e.Broken != "" {
			e, suspects = mend(e, old, suspects)
			out.Entries[i] = e
			continue
		}
		doubted := len(suspects)
		for _, f := range e.Fields() {
			why := doubt(&e, f, old, confirmed)
			if why == "" {
				continue
			}
			s := Suspect{Provider: e.Provider, Model: e.Model, Region: e.Region, Field: f, New: e.Prices[f], Why: why, key: e.Key()}
			delete(e.Prices, f)
			if p, ok := lastGood(old, f); ok {
				e.Prices[f] = p
				s.Old = &p
			}
			suspects = append(suspects, s)
		}
		if len(suspects) > doubted { // or a zero that was not believed today would be believed tomorrow
			e.Free = old != nil && old.Free
		}
		out.Entries[i] = e
	}
	return &out, suspects
}

// mend puts the last good prices of an entry in the place of what cannot be read at all.
func mend(e Entry, old *Entry, suspects []Suspect) (Entry, []Suspect) {
	s := Suspect{Provider: e.Provider, Model: e.Model, Region: e.Region, Field: "prices", New: Price{Raw: e.Broken}, Why: "not prices: " + e.Broken, key: e.Key()}
	if old == nil {
		return e, append(suspects, s)
	}
	good := *old
	good.Prices = map[string]Price{}
	s.Provider = good.Provider
	for _, f := range old.Fields() {
		if p, ok := lastGood(old, f); ok {
			good.Prices[f] = p
			s.Field, s.Old, s.New.Unit = f, &p, p.Unit
			suspects = append(suspects, s)
		}
	}
	return good, suspects
}

// lastGood returns the last price of a field if it can itself be believed.
func lastGood(old *Entry, field string) (Price, bool) {
	if old == nil {
		return Price{}, false
	}
	p, ok := old.Prices[field]
	return p, ok && p.readable() && p.USD >= 0
}

// doubt says why a price cannot be believed; "" where it can.
func doubt(e *Entry, field string, old *Entry, confirmed bool) string {
	p := e.Prices[field]
	switch {
	case p.Clash:
		return "the feed lists it twice with different prices"
	case p.Raw != "":
		return fmt.Sprintf("not a number: %s", p.Raw)
	case !p.readable():
		return "not a finite number"
	case p.USD < 0:
		return "negative"
	}
	was, known := lastGood(old, field)
	if p.USD == 0 {
		if e.Free && (old == nil || old.Free) || known && was.USD == 0 || !known && p.NoCharge {
			return ""
		}
		return "zero"
	}
	if !known || was.USD == 0 || was.Unit != p.Unit || confirmed {
		return ""
	}
	switch x := p.USD / was.USD; {
	case x > MaxJump*(1+1e-9):
		return times(x) + " times the last price"
	case x < 1/MaxJump*(1-1e-9):
		return times(1/x) + " times below the last price"
	}
	return ""
}

// Acceptable reports whether a newly read feed may take the place of the last good one at all. A feed that lost half of
// its entries or changed its shape is refused as a whole, since it is more likely broken than right.
func Acceptable(last, next *Feed) error {
	if last == nil {
		return nil
	}
	if last.Shape != next.Shape {
		return fmt.Errorf("the feed changed its shape from %s to %s: the last good prices stay in force", last.Shape, next.Shape)
	}
	if float64(len(next.Entries)) < MinShrink*float64(len(last.Entries)) {
		return fmt.Errorf("the feed shrank from %d to %d entries: the last good prices stay in force",
			len(last.Entries), len(next.Entries))
	}
	return nil
}

// times writes a factor as people do: 3.5, 1,000.
func times(x float64) string {
	if x < 1e6 {
		return quantity.Count(quantity.RoundSig(x, 3))
	}
	return "over a million"
}
