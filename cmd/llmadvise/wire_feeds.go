package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/llmadvise/llmadvise/advisor/catalog"
	"github.com/llmadvise/llmadvise/advisor/pricing"
	"github.com/llmadvise/llmadvise/bot"
	"github.com/llmadvise/llmadvise/bot/feeds"
	"github.com/llmadvise/llmadvise/bot/store"
)

// overrideFlag names the file of negotiated prices.
type overrideFlag struct {
	PricesOverride string `help:"YAML file of negotiated prices, put over those of the feeds (default: negotiated.yaml in the data folder)." env:"LLMADVISE_PRICES_OVERRIDE" type:"path" placeholder:"FILE"`
}

// overrideSource is the name under which negotiated prices stand beside the feeds.
const overrideSource = "override"

func (f overrideFlag) path(a *app) string {
	return cmp.Or(f.PricesOverride, filepath.Join(a.dataDir, "negotiated.yaml"))
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

// catalog is what advice rests on: today's catalog with the stored prices in it, as a bot has it. Where they cannot be read
// the built-in ones serve, and standard error says so.
func (f storeFlags) catalog(ctx context.Context, a *app) *catalog.Catalog {
	cat, _, err := f.stored(ctx, a)
	if err == nil {
		return cat
	}
	fmt.Fprintf(a.stderr, "llmadvise: the stored prices cannot be read, the built-in ones serve instead: %v\n", err)
	return pricing.Hold(catalog.Default(), catalog.DateOf(time.Now()))
}

// stored returns the catalog with the stored prices in it, as it is today, and their state; nil where none are stored.
func (f storeFlags) stored(ctx context.Context, a *app) (*catalog.Catalog, *pricing.Snapshot, error) {
	m, closeStore, err := f.openStoredMarket(ctx, a)
	if err != nil {
		return nil, nil, err
	}
	defer closeStore()
	if m == nil {
		return pricing.Hold(catalog.Default(), catalog.DateOf(time.Now())), nil, nil
	}
	cat, _, snap, err := m.Catalog(ctx)
	return cat, snap, err
}
