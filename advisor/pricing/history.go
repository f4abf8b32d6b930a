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
	Source     string `json:"source"` // feed
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

// Tracks returns the histories of a catalog model's prices as each source tells them, by provider, region, source, the
// feed's id and field: what the catalog was built with first, then what was read. A price that was announced for a day is a
// step on that day. points of other models are left out.
func Tracks(points []Point, cat *catalog.Catalog, modelID string) []Track {
	g := grouping{place: map[string]int{}}
	for i := range cat.Offers {
		if cat.Offers[i].ModelID == modelID {
			g.builtIn(&cat.Offers[i])
		}
	}
	r := NewResolver(cat)
	for _, p := range points {
		id, ok := r.Resolve(p.Shape, &p.Entry)
		if !ok || id.ModelID != modelID {
			continue
		}
		step := Step{Since: p.Since, AtLeast: p.AtLeast, USD: p.USD, Read: catalog.DateOf(p.At)}
		field, day, announced := announcedFor(p.Field)
		if announced && p.USD == nil {
			continue // an announcement that was taken back, or has become the price
		}
		if announced {
			step.Since, step.AtLeast = day, false
		}
		g.add(Track{Source: p.Feed, ProviderID: id.ProviderID, ModelID: modelID, FeedModel: p.Entry.Model, Region: id.Region, Field: field, Unit: p.Unit}, step)
	}
	return g.sorted()
}

// announcedFor cuts "input@2026-09-01" into the field and the day. Prices by the hour keep a field of their own.
func announcedFor(field string) (string, catalog.Date, bool) {
	name, when, ok := strings.Cut(field, "@")
	if !ok {
		return field, catalog.Date{}, false
	}
	day, err := catalog.ParseDate(when)
	if err != nil {
		return field, catalog.Date{}, false
	}
	return name, day, true
}

// grouping collects steps by what they are the history of.
type grouping struct {
	tracks []Track
	place  map[string]int // by line
}

func (g *grouping) add(of Track, s Step) {
	key := of.line()
	i, known := g.place[key]
	if !known {
		i = len(g.tracks)
		g.place[key] = i
		g.tracks = append(g.tracks, of)
	}
	g.tracks[i].Steps = append(g.tracks[i].Steps, s)
}

// line tells tracks apart.
func (t *Track) line() string {
	return strings.Join([]string{t.Source, t.ProviderID, t.FeedModel, t.Region, t.Field}, "\x00")
}

// sorted puts tracks and steps in order and drops steps that repeat the price before.
func (g *grouping) sorted() []Track {
	for i := range g.tracks {
		steps := g.tracks[i].Steps
		slices.SortStableFunc(steps, func(a, b Step) int {
			return cmp.Or(a.Since.Compare(b.Since.Time), a.Read.Compare(b.Read.Time))
		})
		g.tracks[i].Steps = slices.CompactFunc(steps, func(a, b Step) bool {
			return a.USD == nil && b.USD == nil || a.USD != nil && b.USD != nil && sameNumber(*a.USD, *b.USD)
		})
	}
	slices.SortFunc(g.tracks, func(a, b Track) int {
		return cmp.Or(cmp.Compare(a.ProviderID, b.ProviderID), cmp.Compare(a.Region, b.Region), cmp.Compare(a.Source, b.Source),
			cmp.Compare(a.FeedModel, b.FeedModel), cmp.Compare(a.Field, b.Field))
	})
	return g.tracks
}

// builtIn adds what the catalog was built with: the prices of its feeds on the day that it names, some known to have held
// on an earlier one.
func (g *grouping) builtIn(o *catalog.Offer) {
	since := o.Since
	if since.IsZero() {
		since = o.Source.Date
	}
	add := func(r *catalog.Rates, s Step) {
		for _, f := range voteFields {
			if p := *rateFields[f](r); p != nil {
				usd := *p
				s.USD = &usd
				g.add(Track{Source: o.Source.ID, ProviderID: o.ProviderID, ModelID: o.ModelID, FeedModel: o.FeedID, Region: o.Region, Field: f, Unit: PerMTok}, s)
			}
		}
	}
	add(&o.Rates, Step{Since: since, AtLeast: true, Read: o.Source.Date})
	for _, c := range o.Conditions {
		if !c.HasHours && !c.From.IsZero() {
			add(&c.Rates, Step{Since: c.From, Read: o.Source.Date})
		}
	}
}
