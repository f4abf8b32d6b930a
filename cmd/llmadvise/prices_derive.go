package main

import (
	"fmt"

	"github.com/llmadvise/llmadvise/advisor/catalog"
	"github.com/llmadvise/llmadvise/advisor/pricing"
)

type pricesDeriveCmd struct {
	Feed         string `arg:"" help:"genai-prices data.json." type:"existingfile"`
	Date         string `help:"Day of the feed." required:"" placeholder:"YYYY-MM-DD"`
	Batch        string `help:"LiteLLM price file, for batch prices and end-of-life dates." type:"existingfile" placeholder:"FILE"`
	Previous     string `help:"An older genai-prices data.json, for the day since which a price holds." type:"existingfile" placeholder:"FILE"`
	PreviousDate string `help:"Day of the older feed." placeholder:"YYYY-MM-DD"`
}

func (c *pricesDeriveCmd) Run(a *app) error {
	var in pricing.DeriveInput
	var err error
	for _, f := range []struct {
		path string
		to   **pricing.Feed
	}{{c.Feed, &in.Feed}, {c.Batch, &in.Batch}, {c.Previous, &in.Previous}} {
		if f.path == "" {
			continue
		}
		if *f.to, err = readFeed(f.path); err != nil {
			return err
		}
	}
	if in.Date, err = catalog.ParseDate(c.Date); err != nil {
		return usagef("--date: %v", err)
	}
	if in.PrevDate, err = catalog.ParseDate(c.PreviousDate); err != nil {
		return usagef("--previous-date: %v", err)
	}
	offers, missing, err := pricing.Derive(in, catalog.Default())
	if err != nil {
		return usagef("%v", err)
	}
	for _, m := range missing {
		fmt.Fprintf(a.stderr, "llmadvise: the feed has no %s %s any more\n", m.Provider, m.FeedID)
	}
	return pricing.WriteOffers(a.stdout, offers)
}
