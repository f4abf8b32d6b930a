package pricing

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/llmadvise/llmadvise/advisor/catalog"
)

// Past is what a feed says that a model cost before.
type Past struct {
	From   catalog.Date     `json:"from,omitzero"` // zero: since ever
	To     catalog.Date     `json:"to,omitzero"`
	Prices map[string]Price `json:"prices"`
}

// Point is one step in the history of a price: from Since on, a feed names this price, or names none any more.
type Point struct {
	Feed    string // FeedState.Name
	Shape   Shape
	Entry   Entry // Provider, Model and Region alone
	Field   string
	Since   catalog.Date
	AtLeast bool // the price may have held before Since: it was found there at the first reading
	At      time.Time
	USD     *float64 // nil: no longer listed
	Unit    Unit
}

// Points returns what the snapshot new adds to the history of prices after old, which is nil before the first one. A
// price that came, changed or went is a point; one that stays is none.
func Points(old, new *Snapshot) []Point {
	var out []Point
	for i := range new.Feeds {
		is := &new.Feeds[i]
		var before map[string]*Entry
		if was := old.State(is.Name); was != nil && was.Shape == is.Shape {
			before = index(was.Feed())
		}
		for j := range is.Entries {
			e := &is.Entries[j]
			out = is.entryPoints(out, before[e.Key()], e)
			delete(before, e.Key())
		}
		for _, e := range before {
			out = is.entryPoints(out, e, &Entry{Provider: e.Provider, Model: e.Model, Region: e.Region})
		}
	}
	slices.SortFunc(out, comparePoints)
	return out
}

func comparePoints(a, b Point) int {
	return cmp.Or(cmp.Compare(a.Feed, b.Feed), cmp.Compare(a.Entry.Provider, b.Entry.Provider), cmp.Compare(a.Entry.Model, b.Entry.Model),
		cmp.Compare(a.Entry.Region, b.Entry.Region), cmp.Compare(a.Field, b.Field), a.Since.Compare(b.Since.Time), a.At.Compare(b.At))
}

// entryPoints appends what one entry's reading adds.
func (s *FeedState) entryPoints(out []Point, was, is *Entry) []Point {
	point := Point{
		Feed: s.Name, Shape: s.Shape, At: s.Fetched, Since: dateOf(s),
		Entry: Entry{Provider: is.Provider, Model: is.Model, Region: is.Region},
	}
	if was == nil {
		was = &Entry{}
		out = append(out, pastPoints(point, is)...)
	}
	for _, f := range union(was, is) {
		a, had := was.Prices[f]
		b, has := is.Prices[f]
		if had && has && samePrice(a, b) {
			continue
		}
		p := point
		p.Field, p.Unit = f, a.Unit
		if has {
			usd := b.USD
			p.USD, p.Unit, p.AtLeast = &usd, b.Unit, b.AtLeast
			if !b.Since.IsZero() {
				p.Since = b.Since
			}
		}
		out = append(out, p)
	}
	return out
}

// pastPoints are what a feed tells of the time before it was first read.
func pastPoints(point Point, e *Entry) []Point {
	var out []Point
	for _, past := range e.Past {
		for f, price := range past.Prices {
			p := point
			usd := price.USD
			p.Field, p.Since, p.AtLeast, p.USD, p.Unit = f, past.From, past.From.IsZero(), &usd, price.Unit
			out = append(out, p)
		}
	}
	return out
}

// Step is a price and the day since which it held.
type Step struct {
	Since   catalog.Date `json:"since"`
	AtLeast bool         `json:"since_at_least,omitempty"` // it may have held before
	USD     *float64     `json:"usd"`                      // nil: no longer listed
	Read    catalog.Date `json:"read,omitzero"`            // day of the reading that showed it
}

// Track is the history of one price as one source tells it, oldest step first.
type Track struct {
	Source     string `json:"source"` // feed, or "built-in"
	ProviderID string `json:"provider"`
	ModelID    string `json:"model"`
	FeedModel  string `json:"feed_model"`
	Region     string `json:"region,omitempty"`
	Field      string `json:"field"`
	Unit       Unit   `json:"unit"`
	Steps      []Step `json:"steps"`
}

// At returns the price that held on day; nil before the first step and where none was listed.
func (t *Track) At(day catalog.Date) *float64 {
	var usd *float64
	for _, s := range t.Steps {
		if s.Since.After(day.Time) {
			break
		}
		usd = s.USD
	}
	return usd
}

// BuiltIn is the source of tracks that come with the program.
const BuiltIn = "built-in"

// Tracks returns the histories of a catalog model's prices: what the catalog was built with, then what feeds said, by
// provider, region, source and field. points of other models are left out.
func Tracks(points []Point, cat *catalog.Catalog, modelID string) []Track {
	var out []Track
	for i := range cat.Offers {
		if cat.Offers[i].ModelID == modelID {
			out = append(out, builtInTracks(&cat.Offers[i])...)
		}
	}
	r := NewResolver(cat)
	points = slices.Clone(points)
	slices.SortStableFunc(points, comparePoints)
	for _, p := range points {
		id, ok := r.Resolve(p.Shape, &p.Entry)
		if !ok || id.ModelID != modelID {
			continue
		}
		t := Track{
			Source: p.Feed, ProviderID: id.ProviderID, ModelID: modelID, FeedModel: p.Entry.Model, Region: id.Region, Field: p.Field, Unit: p.Unit,
		}
		if n := len(out); n == 0 || !out[n-1].sameLine(&t) {
			out = append(out, t)
		}
		out[len(out)-1].add(Step{Since: p.Since, AtLeast: p.AtLeast, USD: p.USD, Read: catalog.DateOf(p.At)})
	}
	slices.SortStableFunc(out, func(a, b Track) int {
		return cmp.Or(cmp.Compare(a.ProviderID, b.ProviderID), cmp.Compare(a.Region, b.Region))
	})
	return out
}

func (t *Track) sameLine(o *Track) bool {
	return t.Source == o.Source && t.ProviderID == o.ProviderID && t.FeedModel == o.FeedModel && t.Region == o.Region && t.Field == o.Field
}

// add appends a step, unless it repeats the price that stands already.
func (t *Track) add(s Step) {
	if n := len(t.Steps); n > 0 {
		last := t.Steps[n-1].USD
		if last == nil && s.USD == nil || last != nil && s.USD != nil && sameNumber(*last, *s.USD) {
			return
		}
	}
	t.Steps = append(t.Steps, s)
}

func builtInTracks(o *catalog.Offer) []Track {
	var out []Track
	for _, f := range voteFields {
		p := *rateFields[f](&o.Rates)
		if p == nil {
			continue
		}
		usd := *p
		s := Step{Since: o.Since, USD: &usd, Read: o.Source.Date}
		if s.Since.IsZero() {
			s.Since, s.AtLeast = o.Source.Date, true
		}
		out = append(out, Track{
			Source: BuiltIn, ProviderID: o.ProviderID, ModelID: o.ModelID, FeedModel: o.FeedID, Region: o.Region, Field: f, Unit: PerMTok, Steps: []Step{s},
		})
	}
	return out
}

// Conditional reports whether a field is a price for some hours or some days only, such as "input@2026-09-01".
func Conditional(field string) bool { return strings.Contains(field, "@") }
