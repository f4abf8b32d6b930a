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

	mu      sync.Mutex
	id      int64 // of the snapshot in current
	current *catalog.Catalog
	snap    *pricing.Snapshot
}

// NewMarket returns the market over what st holds; base is the built-in catalog.
func NewMarket(st *store.Store, base *catalog.Catalog) *Market {
	return &Market{store: st, base: base, current: base}
}

// Catalog returns the present catalog, with the id of its snapshot (0: the built-in prices alone) and the feeds' state.
// Another replica's refresh is seen at the next call.
func (m *Market) Catalog(ctx context.Context) (*catalog.Catalog, int64, *pricing.Snapshot, error) {
	newest, err := m.store.NewestSnapshot(ctx)
	if err != nil {
		return nil, 0, nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if newest == 0 || newest == m.id {
		return m.current, m.id, m.snap, nil
	}
	cat, snap, err := m.load(ctx, newest)
	if err != nil {
		return nil, 0, nil, err
	}
	m.current, m.snap, m.id = cat, snap, newest
	return m.current, m.id, m.snap, nil
}

// At returns the catalog under the snapshot with this id; the built-in one where id is 0 or no longer stored.
func (m *Market) At(ctx context.Context, id int64) (*catalog.Catalog, error) {
	if id == 0 {
		return m.base, nil
	}
	cat, _, err := m.load(ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		return m.base, nil
	}
	return cat, err
}

func (m *Market) load(ctx context.Context, id int64) (*catalog.Catalog, *pricing.Snapshot, error) {
	var s pricing.Snapshot
	if _, err := m.store.Snapshot(ctx, id, &s); err != nil {
		return nil, nil, fmt.Errorf("stored prices: %w", err)
	}
	return pricing.Apply(&s, m.base, catalog.DateOf(time.UnixMilli(id).UTC())).Catalog, &s, nil
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

// SaveSnapshot implements [feeds.Store].
func (m *Market) SaveSnapshot(ctx context.Context, s *pricing.Snapshot, at time.Time) error {
	_, err := m.store.PutSnapshot(ctx, s, at)
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
