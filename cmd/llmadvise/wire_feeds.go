package main

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"github.com/llmadvise/llmadvise/advisor/catalog"
	"github.com/llmadvise/llmadvise/advisor/pricing"
	"github.com/llmadvise/llmadvise/bot"
	"github.com/llmadvise/llmadvise/bot/feeds"
	"github.com/llmadvise/llmadvise/bot/store"
)

// overrideFlag names the file of negotiated prices.
type overrideFlag struct {
	PricesOverride string `help:"YAML file of negotiated prices, put over those of the feeds (default: negotiated.yaml in the data folder)." env:"LLMADVISE_PRICES_OVERRIDE" placeholder:"FILE"`
}

// overrideSource is the name under which negotiated prices stand beside the feeds.
const overrideSource = "override"

func (f overrideFlag) path(a *app) string {
	if f.PricesOverride == "" { // an empty variable names no file
		return filepath.Join(a.dataDir, "negotiated.yaml")
	}
	return kong.ExpandPath(f.PricesOverride)
}

// source is the file as a feed. Only where the operator named it is its absence a problem.
func (f overrideFlag) source(a *app) feeds.Source {
	return feeds.Source{Name: overrideSource, Path: f.path(a), Negotiated: true, Optional: f.PricesOverride == ""}
}

// feedFlags say where prices come from.
type feedFlags struct {
	Offline    bool           `help:"Fetch no prices: the built-in and stored ones stay." env:"LLMADVISE_OFFLINE"`
	FeedMirror []netip.Prefix `help:"Private networks to which a feed may redirect." env:"LLMADVISE_FEED_MIRROR" placeholder:"CIDR"`
	Feed       []string       `help:"NAME=URL or NAME=FILE replaces or adds a feed; NAME= leaves one out. May be repeated." placeholder:"NAME=URL" sep:"none"`
	overrideFlag
}

func (f feedFlags) feeds(a *app) (*bot.PriceFeeds, error) {
	sources, err := f.sources(a)
	if err != nil {
		return nil, err
	}
	return &bot.PriceFeeds{Sources: sources, Options: f.options()}, nil
}

func (f feedFlags) options() feeds.Options {
	return feeds.Options{Offline: f.Offline, AllowPrefixes: f.FeedMirror, UserAgent: "llmadvise/" + version}
}

// sources are the public feeds with what the flags change.
func (f feedFlags) sources(a *app) ([]feeds.Source, error) {
	list := feeds.DefaultSources()
	for _, s := range f.Feed {
		name, address, ok := strings.Cut(s, "=")
		if !ok || name == "" || name == overrideSource {
			return nil, usagef("--feed %s: write NAME=URL or NAME=FILE, or NAME= to leave a feed out; the feeds are %s", s, strings.Join(names(feeds.DefaultSources()), ", "))
		}
		list = slices.DeleteFunc(list, func(o feeds.Source) bool { return o.Name == name })
		if address != "" {
			list = append(list, operatorSource(name, address))
		}
	}
	return append(list, f.source(a)), nil
}

// operatorSource is a feed that the operator named. "skypilot/lambda" says whose rents a catalog lists.
func operatorSource(name, address string) feeds.Source {
	_, cloud, _ := strings.Cut(name, "/")
	s := feeds.Source{Name: name, Provider: pricing.ProviderID(cloud), Operator: true}
	if strings.Contains(address, "://") {
		s.URL = address
	} else {
		s.Path = address
	}
	return s
}

func names(list []feeds.Source) []string {
	var out []string
	for _, s := range list {
		out = append(out, s.Name)
	}
	return out
}

// storeFlags say where the stored prices are.
type storeFlags struct {
	DatabaseURL string `help:"postgres:// address of the bot's database (default: SQLite in the data folder)." env:"DATABASE_URL" placeholder:"URL"`
}

// openMarket opens the stored prices, which it makes where there are none.
func (f storeFlags) openMarket(ctx context.Context, a *app) (*bot.Market, func(), error) {
	s, err := store.Open(ctx, a.log, a.dataDir, store.Options{DatabaseURL: f.DatabaseURL})
	if err != nil {
		return nil, nil, err
	}
	return bot.NewMarket(s, catalog.Default(), nil), func() { _ = s.Close() }, nil
}

// openStoredMarket opens the stored prices for reading; nil where nothing was ever stored.
func (f storeFlags) openStoredMarket(ctx context.Context, a *app) (*bot.Market, func(), error) {
	if f.DatabaseURL == "" {
		if _, err := os.Stat(filepath.Join(a.dataDir, store.File)); errors.Is(err, os.ErrNotExist) {
			return nil, func() {}, nil
		}
	}
	return f.openMarket(ctx, a)
}

// priceFlags say where the prices are that a command rests on: the stored ones, and the file of negotiated ones.
type priceFlags struct {
	storeFlags
	overrideFlag
}

// catalog is what advice rests on: today's catalog with the stored prices in it, as a bot has it, and the negotiated ones as their file
// has them now. Where the stored ones cannot be read the built-in ones serve, and standard error says so.
func (f priceFlags) catalog(ctx context.Context, a *app) *catalog.Catalog {
	cat, _, err := f.prices(ctx, a)
	if err == nil {
		return cat
	}
	fmt.Fprintf(a.stderr, "llmadvise: the stored prices cannot be read, the built-in ones serve instead: %v\n", err)
	snap := f.negotiated(a, nil)
	return inForce(snap)
}

// prices returns the catalog with the stored and the negotiated prices in it, as it is today, and their state; nil where there are none.
func (f priceFlags) prices(ctx context.Context, a *app) (*catalog.Catalog, *pricing.Snapshot, error) {
	m, closeStore, err := f.openStoredMarket(ctx, a)
	if err != nil {
		return nil, nil, err
	}
	defer closeStore()
	var snap *pricing.Snapshot
	if m != nil {
		if snap, err = m.LatestSnapshot(ctx); err != nil {
			return nil, nil, err
		}
	}
	snap = f.negotiated(a, snap)
	return inForce(snap), snap, nil
}

func inForce(s *pricing.Snapshot) *catalog.Catalog {
	today := catalog.DateOf(time.Now())
	if s == nil {
		return pricing.Hold(catalog.Default(), today)
	}
	return pricing.Apply(s, catalog.Default(), today).Catalog
}

// negotiated returns the stored prices with the negotiated ones as the file has them now, whatever was stored of it. Of a file that
// cannot be read the last good prices stay; standard error says so, and which entries are never used.
func (f overrideFlag) negotiated(a *app, s *pricing.Snapshot) *pricing.Snapshot {
	out, unplaced, err := f.over(a, s)
	if err != nil {
		stay := "list prices are used instead"
		if st := s.State(overrideSource); st != nil && len(st.Entries) > 0 {
			stay = "those that were last read from it stay in force"
		}
		fmt.Fprintf(a.stderr, "llmadvise: the negotiated prices cannot be read (%v): %s; mend the file, then `llmadvise prices override check %s`\n", err, stay, f.path(a))
		return s
	}
	for _, u := range unplaced {
		fmt.Fprintf(a.stderr, "llmadvise: %s: %s: this price is never used\n", f.path(a), u)
	}
	return out
}

// over reads the file over the stored prices.
func (f overrideFlag) over(a *app, s *pricing.Snapshot) (out *pricing.Snapshot, unplaced []string, err error) {
	path := f.path(a)
	data, err := readOverrideFile(path)
	if err == nil && data == nil && f.PricesOverride != "" {
		err = fmt.Errorf("there is no file %s", path)
	}
	if err != nil {
		return nil, nil, err
	}
	feed, err := pricing.ReadOverride(data)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", path, err)
	}
	if _, unplaced, err = pricing.CheckOverride(data, pricing.NewResolver(catalog.Default())); err != nil {
		return nil, nil, fmt.Errorf("%s: %w", path, err)
	}
	last := s.State(overrideSource)
	if len(feed.Entries) == 0 {
		if last != nil {
			s = s.Without(overrideSource)
		}
		return s, nil, nil
	}
	if last != nil && len(last.Entries) == 0 {
		last = nil
	}
	st, err := pricing.Accept(last, feed, overrideSource, time.Now())
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", path, err)
	}
	if last != nil && st.Same(last) {
		return s, unplaced, nil
	}
	return s.With(*st), unplaced, nil
}
