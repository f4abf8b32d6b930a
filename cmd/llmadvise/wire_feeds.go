package main

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/llmadvise/llmadvise/bot"
	"github.com/llmadvise/llmadvise/bot/feeds"
)

// feedFlags say where prices come from.
type feedFlags struct {
	Offline        bool           `help:"Fetch no prices: the built-in and stored ones stay." env:"LLMADVISE_OFFLINE"`
	PricesOverride string         `help:"YAML file of negotiated prices, put over those of the feeds." env:"LLMADVISE_PRICES_OVERRIDE" type:"path" placeholder:"FILE"`
	FeedMirror     []netip.Prefix `help:"Private networks from which feeds may be fetched." env:"LLMADVISE_FEED_MIRROR" placeholder:"CIDR"`
	Feed           []string       `help:"NAME=URL replaces or adds a feed; NAME= leaves one out." placeholder:"NAME=URL"`
}

func (f feedFlags) feeds() *bot.PriceFeeds {
	return &bot.PriceFeeds{
		Sources: f.sources(),
		Options: feeds.Options{Offline: f.Offline, AllowPrefixes: f.FeedMirror, UserAgent: "llmadvise/" + version},
	}
}

// sources are the public feeds with what the flags change.
func (f feedFlags) sources() []feeds.Source {
	list := feeds.DefaultSources()
	for _, s := range f.Feed {
		name, address, _ := strings.Cut(s, "=")
		list = slices.DeleteFunc(list, func(o feeds.Source) bool { return o.Name == name })
		if address != "" {
			_, cloud, _ := strings.Cut(name, "/")
			list = append(list, feeds.Source{Name: name, URL: address, Provider: cloud})
		}
	}
	if f.PricesOverride != "" {
		list = append(list, feeds.Source{Name: "override", Path: f.PricesOverride})
	}
	return list
}
