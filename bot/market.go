package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/llmadvise/llmadvise/advisor/catalog"
	"github.com/llmadvise/llmadvise/advisor/pricing"
	"github.com/llmadvise/llmadvise/bot/feeds"
	"github.com/llmadvise/llmadvise/bot/store"
)

// Market is the prices of the day: the built-in catalog with the newest snapshot of the feeds put into it. It is the
// [feeds.Store] of the refresher. Safe for concurrent use.
type Market struct {
	store *store.Store
	base  *catalog.Catalog
	now   func() time.Time

	mu      sync.Mutex
	id      int64        // of the snapshot in current
	day     catalog.Date // of current: announced prices and ends of life take hold by the day
	current *catalog.Catalog
	snap    *pricing.Snapshot
	loading bool // somebody reads a newer snapshot: current serves until then
}

// NewMarket returns the market over what st holds; base is the built-in catalog, now the clock (nil: time.Now).
func NewMarket(st *store.Store, base *catalog.Catalog, now func() time.Time) *Market {
	if now == nil {
		now = time.Now
	}
	return &Market{store: st, base: base, now: now}
}

// Catalog returns the catalog of today, with the id of its snapshot (0: the built-in prices alone) and the feeds' state.
// Another replica's refresh is seen at the next call, which costs one look at the newest id where nothing is new.
func (m *Market) Catalog(ctx context.Context) (*catalog.Catalog, int64, *pricing.Snapshot, error) {
	newest, err := m.store.NewestSnapshot(ctx)
	if err != nil {
		return nil, 0, nil, err
	}
	today := catalog.DateOf(m.now())
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.current != nil && (m.loading || newest == m.id && today == m.day) {
		return m.current, m.id, m.snap, nil
	}
	m.loading = true
	was, snap := m.id, m.snap
	m.mu.Unlock() // reading takes a while, in which advice goes on
	cat, snap, err := m.read(ctx, was, snap, newest, today)
	m.mu.Lock()
	m.loading = false
	if err != nil {
		return nil, 0, nil, err
	}
	m.current, m.snap, m.id, m.day = cat, snap, newest, today
	return m.current, m.id, m.snap, nil
}

// read makes the catalog of today under the newest snapshot; snap is the one at hand, whose id is was.
func (m *Market) read(ctx context.Context, was int64, snap *pricing.Snapshot, newest int64, today catalog.Date) (*catalog.Catalog, *pricing.Snapshot, error) {
	if newest != was {
		var err error
		if snap, err = m.Snapshot(ctx, newest); err != nil {
			return nil, nil, err
		}
	}
	return m.under(snap, today), snap, nil
}

// under is the built-in catalog with a snapshot, nil for none, as it is on day.
func (m *Market) under(s *pricing.Snapshot, day catalog.Date) *catalog.Catalog {
	if s == nil {
		return pricing.Hold(m.base, day)
	}
	return pricing.Apply(s, m.base, day).Catalog
}

// At returns the catalog as it was under the snapshot with this id, on that snapshot's day. Where it is no longer
// stored, the one before it stands in; where there is none or id is 0, the built-in catalog as it is today.
func (m *Market) At(ctx context.Context, id int64) (*catalog.Catalog, error) {
	kept, err := m.store.SnapshotAt(ctx, time.UnixMilli(id))
	if err != nil || kept == 0 {
		return m.under(nil, catalog.DateOf(m.now())), err
	}
	s, err := m.Snapshot(ctx, kept)
	if err != nil {
		return nil, err
	}
	return m.under(s, catalog.DateOf(time.UnixMilli(id))), nil
}

// Snapshot reads the stored prices with this id.
func (m *Market) Snapshot(ctx context.Context, id int64) (*pricing.Snapshot, error) {
	var s pricing.Snapshot
	if _, err := m.store.Snapshot(ctx, id, &s); err != nil {
		return nil, fmt.Errorf("stored prices: %w", err)
	}
	return &s, nil
}

// SnapshotOn reads the prices that were in force at the end of a day (UTC) and returns their id; nil and 0 where none
// are that old.
func (m *Market) SnapshotOn(ctx context.Context, day catalog.Date) (*pricing.Snapshot, int64, error) {
	id, err := m.store.SnapshotAt(ctx, day.AddDate(0, 0, 1).Add(-time.Millisecond))
	if err != nil || id == 0 {
		return nil, 0, err
	}
	s, err := m.Snapshot(ctx, id)
	return s, id, err
}

// Oldest says since when prices are stored.
func (m *Market) Oldest(ctx context.Context) (string, error) {
	ids, err := m.store.Snapshots(ctx)
	if err != nil || len(ids) == 0 {
		return "none are at all", err
	}
	return "the oldest are of " + catalog.DateOf(time.UnixMilli(ids[0])).String(), nil
}

// History returns how the prices of a catalog model went, as the catalog and each feed tell it; the tracks of
// [pricing.Tracks].
func (m *Market) History(ctx context.Context, modelID string) ([]pricing.Track, error) {
	r := pricing.NewResolver(m.base)
	rows, err := m.store.PricePoints(ctx, func(p store.PricePoint) bool {
		id, ok := r.Resolve(pricing.Shape(p.Shape), &pricing.Entry{Provider: p.Provider, Model: p.Model, Region: p.Region})
		return ok && id.ModelID == modelID
	})
	if err != nil {
		return nil, err
	}
	points := make([]pricing.Point, len(rows))
	for i, p := range rows {
		points[i] = pricing.Point{
			Feed: p.Feed, Shape: pricing.Shape(p.Shape), Entry: pricing.Entry{Provider: p.Provider, Model: p.Model, Region: p.Region},
			Field: p.Field, AtLeast: p.AtLeast, At: p.At, USD: p.USD, Unit: pricing.Unit(p.Unit),
		}
		if points[i].Since, err = catalog.ParseDate(p.Since); err != nil {
			return nil, fmt.Errorf("history of prices: %w", err)
		}
	}
	return pricing.Tracks(points, m.base, modelID), nil
}

// LatestSnapshot implements [feeds.Store].
func (m *Market) LatestSnapshot(ctx context.Context) (*pricing.Snapshot, error) {
	var s pricing.Snapshot
	_, err := m.store.Snapshot(ctx, 0, &s)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	return &s, err
}

// SaveSnapshot implements [feeds.Store]. The history of prices grows by what is new in s.
func (m *Market) SaveSnapshot(ctx context.Context, s *pricing.Snapshot, at time.Time) error {
	last, err := m.LatestSnapshot(ctx)
	if err != nil {
		return err
	}
	points := pricing.Points(last, s)
	rows := make([]store.PricePoint, len(points))
	for i, p := range points {
		rows[i] = store.PricePoint{
			Feed: p.Feed, Shape: string(p.Shape), Provider: p.Entry.Provider, Model: p.Entry.Model, Region: p.Entry.Region, Field: p.Field,
			Since: p.Since.String(), AtLeast: p.AtLeast, At: p.At, USD: p.USD, Unit: string(p.Unit),
		}
	}
	_, err = m.store.PutSnapshot(ctx, s, at, rows...)
	return err
}

func validatorsKey(source string) string { return "feed_validators:" + source }

// LoadValidators implements [feeds.Store].
func (m *Market) LoadValidators(ctx context.Context, source string) (feeds.Validators, error) {
	var v feeds.Validators
	raw, err := m.store.Value(ctx, validatorsKey(source))
	if errors.Is(err, store.ErrNotFound) {
		return v, nil
	}
	if err != nil {
		return v, err
	}
	return v, unmarshal(raw, &v)
}

// SaveValidators implements [feeds.Store].
func (m *Market) SaveValidators(ctx context.Context, source string, v feeds.Validators) error {
	raw, err := marshal(v)
	if err != nil {
		return err
	}
	return m.store.Set(ctx, validatorsKey(source), raw)
}

// NewRefresher returns a refresher that writes into m.
func (m *Market) NewRefresher(log *slog.Logger, f *feeds.Fetcher, sources []feeds.Source) *feeds.Refresher {
	return feeds.NewRefresher(log, f, m, sources)
}
