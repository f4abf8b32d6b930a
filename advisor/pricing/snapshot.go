package pricing

import (
	"cmp"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/llmadvise/llmadvise/advisor/catalog"
)

// SnapshotVersion is the version of the JSON form of a [Snapshot].
const SnapshotVersion = 1

// Snapshot is the last good prices of every feed. It is plain data, meant to be stored as JSON.
type Snapshot struct {
	Version int         `json:"version"`
	Feeds   []FeedState `json:"feeds"` // ordered by name, one a name
}

// FeedState is the last good reading of one feed, and what happened since.
type FeedState struct {
	Name    string       `json:"name"` // of the source as configured: "genai-prices", "skypilot/lambda"
	Shape   Shape        `json:"shape"`
	Fetched time.Time    `json:"fetched"` // when the prices were fetched
	Date    catalog.Date `json:"date,omitzero"`
	Entries []Entry      `json:"entries"`
	// Quarantined are the prices of the latest reading that were not believed.
	Quarantined []Quarantined `json:"quarantined,omitempty"`
	// Problem says why the latest reading was refused as a whole; "" when it was accepted.
	Problem   string    `json:"problem,omitempty"`
	ProblemAt time.Time `json:"problem_at,omitzero"`
}

// Feed returns the state as a feed, sharing its entries.
func (s *FeedState) Feed() *Feed {
	return &Feed{Shape: s.Shape, Date: s.Date, Entries: s.Entries}
}

// Same reports whether s says what last did: the same prices since the same days, the same doubts, and no problem.
func (s *FeedState) Same(last *FeedState) bool {
	return s.Shape == last.Shape && s.Date == last.Date && last.Problem == "" && reflect.DeepEqual(s.Quarantined, last.Quarantined) &&
		reflect.DeepEqual(s.Entries, last.Entries)
}

// Accept puts a newly read feed in the place of the last good one: unbelievable prices are quarantined with the old
// ones kept, and each price carries the day since which it holds. A feed that may not be accepted at all (see
// [Acceptable]) is an error, and last stays in force. last is nil for the first reading; what is read for the first time is
// held against the built-in catalog. Negotiated prices are their owner's word: no jump and no shrinking makes them
// doubtful.
func Accept(last *FeedState, next *Feed, name string, fetched time.Time) (*FeedState, error) {
	return acceptAs(last, next, name, fetched, false)
}

// AcceptConfirmed is [Accept] after somebody has looked: jumps and a feed that has shrunk are believed. What is no price,
// negative or zero still is not.
func AcceptConfirmed(last *FeedState, next *Feed, name string, fetched time.Time) (*FeedState, error) {
	return acceptAs(last, next, name, fetched, true)
}

func acceptAs(last *FeedState, next *Feed, name string, fetched time.Time, confirmed bool) (*FeedState, error) {
	var before *Feed
	if last != nil {
		before = last.Feed()
	}
	trusted := before
	if next.Shape == Override && (before == nil || before.Shape == Override) {
		trusted = nil
	}
	if err := Acceptable(trusted, next); err != nil && !(confirmed && trusted.Shape == next.Shape) {
		return nil, err
	}
	good, suspects := guard(knownGood(trusted, next, catalog.Default()), next, confirmed)
	day := next.Date
	if day.IsZero() {
		day = catalog.DateOf(fetched)
	}
	var old map[string]*Entry
	if before != nil {
		old = index(before)
	}
	for i := range good.Entries {
		dateEntry(&good.Entries[i], old[good.Entries[i].Key()], day, before == nil)
	}
	var r Report
	for _, s := range suspects {
		r.quarantine(s)
	}
	return &FeedState{
		Name: name, Shape: next.Shape, Fetched: fetched.UTC(), Date: next.Date, Entries: good.Entries, Quarantined: r.Quarantined,
	}, nil
}

// dateEntry sets since when each price holds: what the feed says, else what the last reading knew of an equal price,
// else the day of this one. first marks the first reading of the feed, which cannot tell how old its prices are.
func dateEntry(e, was *Entry, day catalog.Date, first bool) {
	for f, p := range e.Prices {
		p.Since, p.AtLeast = e.since(f), false
		if p.Since.IsZero() {
			p.Since, p.AtLeast = day, first
			if was != nil {
				if q, ok := was.Prices[f]; ok && samePrice(p, q) && !q.Since.IsZero() {
					p.Since, p.AtLeast = q.Since, q.AtLeast
				}
			}
		}
		e.Prices[f] = p
	}
}

// since is the day since which the feed itself says that a price holds; zero where it does not say.
func (e *Entry) since(field string) catalog.Date {
	if _, when, conditional := strings.Cut(field, "@"); conditional && !e.When[when].From.IsZero() {
		return e.When[when].From
	}
	return e.Since
}

// State returns the state of the feed called name; nil where there is none.
func (s *Snapshot) State(name string) *FeedState {
	if s == nil {
		return nil
	}
	for i := range s.Feeds {
		if s.Feeds[i].Name == name {
			return &s.Feeds[i]
		}
	}
	return nil
}

// Without returns the snapshot without the feed called name. It is not changed.
func (s *Snapshot) Without(name string) *Snapshot {
	out := &Snapshot{Version: SnapshotVersion}
	for _, f := range s.Feeds {
		if f.Name != name {
			out.Feeds = append(out.Feeds, f)
		}
	}
	return out
}

// With returns the snapshot with one feed's state replaced or added. s may be nil and is not changed.
func (s *Snapshot) With(f FeedState) *Snapshot {
	out := &Snapshot{Version: SnapshotVersion}
	if s != nil {
		for _, x := range s.Feeds {
			if x.Name != f.Name {
				out.Feeds = append(out.Feeds, x)
			}
		}
	}
	out.Feeds = append(out.Feeds, f)
	slices.SortFunc(out.Feeds, func(a, b FeedState) int { return cmp.Compare(a.Name, b.Name) })
	return out
}

// WithProblem returns the snapshot with a note that the latest reading of a feed failed or was refused. Its last good
// prices stay.
func (s *Snapshot) WithProblem(name, problem string, at time.Time) *Snapshot {
	f := FeedState{Name: name}
	if old := s.State(name); old != nil {
		f = *old
	}
	f.Problem, f.ProblemAt = problem, at.UTC()
	return s.With(f)
}

// FeedReport is what changed in one feed.
type FeedReport struct {
	Name string `json:"name"`
	*Report
}

// DiffSnapshots returns what changed in each feed that both snapshots have, ordered by name, with what came into
// quarantine since. A feed that is new, or that changed its shape, has nothing to be compared with and is left out:
// its first reading is no change of a price.
func DiffSnapshots(old, new *Snapshot) []FeedReport {
	var out []FeedReport
	if new == nil {
		return nil
	}
	for i := range new.Feeds {
		is := &new.Feeds[i]
		was := old.State(is.Name)
		if was == nil || was.Shape != is.Shape || was.Entries == nil {
			continue
		}
		r := compare(was.Feed(), is.Feed())
		for _, q := range is.Quarantined {
			if !slices.ContainsFunc(was.Quarantined, func(p Quarantined) bool { return sameDoubt(p, q) }) {
				r.Quarantined = append(r.Quarantined, q)
			}
		}
		r.Counts.Quarantined = len(r.Quarantined)
		out = append(out, FeedReport{is.Name, r})
	}
	return out
}

// StoredPrices is what a [Report] of [DiffStored] calls its feed.
const StoredPrices Shape = "stored prices"

// DiffStored returns what changed between two snapshots over all feeds as one report, each change with the name of its
// feed. A feed that only one of them has is told as a warning.
func DiffStored(old, new *Snapshot) *Report {
	out := &Report{SchemaVersion: ReportVersion, Feed: StoredPrices, Changes: []Change{}, Quarantined: []Quarantined{}}
	compared := map[string]bool{}
	for _, r := range DiffSnapshots(old, new) {
		compared[r.Name] = true
		for _, c := range r.Changes {
			c.Source = r.Name
			out.Changes = append(out.Changes, c)
		}
		for _, q := range r.Quarantined {
			q.Source = r.Name
			out.Quarantined = append(out.Quarantined, q)
		}
		out.Counts.add(r.Counts)
	}
	for _, s := range []struct {
		in   *Snapshot
		text string
	}{{old, "is no longer fetched"}, {new, "was first read later: there is nothing to compare its prices with"}} {
		for _, f := range s.in.Feeds {
			if len(f.Entries) > 0 && !compared[f.Name] {
				out.Warnings = append(out.Warnings, f.Name+" "+s.text)
			}
		}
	}
	return out
}

func (c *Counts) add(o Counts) {
	c.ModelsAdded += o.ModelsAdded
	c.ModelsRemoved += o.ModelsRemoved
	c.PricesAdded += o.PricesAdded
	c.PricesRemoved += o.PricesRemoved
	c.PricesChanged += o.PricesChanged
	c.Quarantined += o.Quarantined
}

// sameDoubt reports whether two quarantined prices are one: told once, it need not be told again.
func sameDoubt(a, b Quarantined) bool {
	return a.Provider == b.Provider && a.Model == b.Model && a.Region == b.Region && text(a.Field) == text(b.Field) && a.New == b.New
}
