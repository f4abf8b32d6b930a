package pricing

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
)

// Kind of a change.
type Kind string

// A price, or with field null a whole model, is added or removed; a price that both feeds have is changed.
const (
	Added   Kind = "added"
	Removed Kind = "removed"
	Changed Kind = "changed"
)

// Change is one difference between two feeds. For a whole model Field is nil, Unit is empty, and New (added) or Old
// (removed) is the object of its prices by field; otherwise Old and New are numbers or nil.
type Change struct {
	Source   string  `json:"source,omitempty"` // name of the stored feed; "" between two files
	Kind     Kind    `json:"kind"`
	Provider string  `json:"provider"`
	Model    string  `json:"model"`
	Region   string  `json:"region,omitempty"`
	Field    *string `json:"field"`
	Old      any     `json:"old"`
	New      any     `json:"new"`
	Unit     string  `json:"unit,omitempty"`
}

// Quarantined is a change that was not believed; Old stays in force.
type Quarantined struct {
	Source   string  `json:"source,omitempty"`
	Kind     Kind    `json:"kind"`
	Provider string  `json:"provider"`
	Model    string  `json:"model"`
	Region   string  `json:"region,omitempty"`
	Field    *string `json:"field"`
	Old      any     `json:"old"`
	New      any     `json:"new"`
	Unit     string  `json:"unit,omitempty"`
	Why      string  `json:"why"`
}

// Counts sums a Diff up, models apart from single prices.
type Counts struct {
	ModelsAdded   int `json:"models_added"`
	ModelsRemoved int `json:"models_removed"`
	PricesAdded   int `json:"prices_added"`
	PricesRemoved int `json:"prices_removed"`
	PricesChanged int `json:"prices_changed"`
	Quarantined   int `json:"quarantined"`
}

// ReportVersion is the version of the JSON form of a [Report]; DIFF.md describes it.
const ReportVersion = 1

// Report is what two feeds differ in. Changes and Quarantined are ordered by provider, model, region and field.
type Report struct {
	SchemaVersion int `json:"schema_version"` // of this form: [ReportVersion]

	Feed        Shape         `json:"feed"`
	Counts      Counts        `json:"counts"`
	Changes     []Change      `json:"changes"`
	Quarantined []Quarantined `json:"quarantined"`
	Warnings    []string      `json:"warnings,omitempty"`
}

// ErrShapes is returned by [Diff] for feeds of different shapes.
var ErrShapes = errors.New("the two feeds have different shapes")

// Diff returns every added, removed and changed price between two readings of one feed, each exactly once, and apart
// from them what [Guard] does not believe: such a change is not in Changes. What was no better in the old reading is no
// change either. Prices equal but for the last digits, as a
// change of unit leaves them, are equal.
func Diff(old, new *Feed) (*Report, error) {
	if old.Shape != new.Shape {
		return nil, fmt.Errorf("%w: %s and %s", ErrShapes, old.Shape, new.Shape)
	}
	var warnings []string
	if err := Acceptable(old, new); err != nil {
		warnings = append(warnings, err.Error())
	}
	base, bad := Guard(nil, old) // what was unreadable then is no price to compare with
	for _, s := range bad {
		if s.New.Clash || s.New.Raw != "" || s.New.USD < 0 {
			warnings = append(warnings, fmt.Sprintf("the older file: %s %s %s: %s", s.Provider, s.Model, s.Field, s.Why))
		}
	}
	base = keepZeros(base, old)
	next, suspects := Guard(base, new)
	both := compare(base, next)
	said := index(old)
	for _, s := range suspects {
		if !s.stands(said) {
			both.quarantine(s)
		}
	}
	slices.SortFunc(both.Quarantined, func(a, b Quarantined) int {
		return cmp.Or(cmp.Compare(a.Provider, b.Provider), cmp.Compare(a.Model, b.Model), cmp.Compare(a.Region, b.Region),
			cmp.Compare(text(a.Field), text(b.Field)))
	})
	both.Counts.Quarantined = len(both.Quarantined)
	both.Warnings = warnings
	return both, nil
}

// stands reports whether the older feed, by entries, said the same already.
func (s *Suspect) stands(old map[string]*Entry) bool {
	e := old[s.key]
	if e == nil {
		return false
	}
	if e.Broken != "" {
		return e.Broken == s.New.Raw
	}
	p, had := e.Prices[s.Field]
	return had && samePrice(p, s.New)
}

// compare lists the differences of two feeds whose prices are all believed.
func compare(old, new *Feed) *Report {
	r := &Report{SchemaVersion: ReportVersion, Feed: new.Shape, Changes: []Change{}, Quarantined: []Quarantined{}}
	before, after := index(old), index(new)
	for i := range new.Entries {
		e := &new.Entries[i]
		if was, ok := before[e.Key()]; ok {
			r.fields(was, e)
			continue
		}
		r.Counts.ModelsAdded++
		r.Changes = append(r.Changes, Change{Kind: Added, Provider: e.Provider, Model: e.Model, Region: e.Region, New: numbers(e)})
	}
	for i := range old.Entries {
		e := &old.Entries[i]
		if _, still := after[e.Key()]; !still {
			r.Counts.ModelsRemoved++
			r.Changes = append(r.Changes, Change{Kind: Removed, Provider: e.Provider, Model: e.Model, Region: e.Region, Old: numbers(e)})
		}
	}
	slices.SortFunc(r.Changes, func(a, b Change) int {
		return cmp.Or(cmp.Compare(a.Provider, b.Provider), cmp.Compare(a.Model, b.Model), cmp.Compare(a.Region, b.Region),
			cmp.Compare(text(a.Field), text(b.Field)))
	})
	return r
}

// keepZeros puts the zeros of the older file back: they were said, and a zero that stays is no change.
func keepZeros(base, old *Feed) *Feed {
	for i := range old.Entries {
		for f, p := range old.Entries[i].Prices {
			if p.readable() && p.USD == 0 {
				base.Entries[i].Prices[f] = p
			}
		}
	}
	return base
}

// fields compares two readings of one entry.
func (r *Report) fields(was, is *Entry) {
	for _, f := range union(was, is) {
		a, hadIt := was.Prices[f]
		b, hasIt := is.Prices[f]
		c := Change{Provider: is.Provider, Model: is.Model, Region: is.Region, Field: &f}
		switch {
		case hadIt && hasIt && samePrice(a, b):
			continue
		case hadIt && hasIt:
			c.Kind, c.Old, c.New, c.Unit = Changed, a.USD, b.USD, string(b.Unit)
			r.Counts.PricesChanged++
		case hasIt:
			c.Kind, c.New, c.Unit = Added, b.USD, string(b.Unit)
			r.Counts.PricesAdded++
		default:
			c.Kind, c.Old, c.Unit = Removed, a.USD, string(a.Unit)
			r.Counts.PricesRemoved++
		}
		r.Changes = append(r.Changes, c)
	}
}

func (r *Report) quarantine(s Suspect) {
	q := Quarantined{
		Kind: Added, Provider: s.Provider, Model: s.Model, Region: s.Region, Field: &s.Field, Unit: string(s.New.Unit), Why: s.Why,
	}
	if s.Old != nil {
		q.Kind, q.Old = Changed, s.Old.USD
	}
	switch {
	case s.New.Raw != "":
		q.New = s.New.Raw
	case s.New.readable():
		q.New = s.New.USD
	}
	r.Quarantined = append(r.Quarantined, q)
}

func union(a, b *Entry) []string {
	fs := append(a.Fields(), b.Fields()...)
	slices.Sort(fs)
	return slices.Compact(fs)
}

func index(f *Feed) map[string]*Entry {
	m := make(map[string]*Entry, len(f.Entries))
	for i := range f.Entries {
		m[f.Entries[i].Key()] = &f.Entries[i]
	}
	return m
}

// numbers is a whole entry's prices as the JSON object of a [Change].
func numbers(e *Entry) map[string]float64 {
	m := make(map[string]float64, len(e.Prices))
	for f, p := range e.Prices {
		m[f] = p.USD
	}
	return m
}

func text(p *string) string {
	if p == nil {
		return ""
	}
	return *p
}
