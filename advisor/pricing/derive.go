package pricing

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/llmadvise/llmadvise/advisor/catalog"
)

// DeriveInput is what the catalog's offer table is made from.
type DeriveInput struct {
	Feed     *Feed        // genai-prices
	Date     catalog.Date // day of Feed
	Batch    *Feed        // LiteLLM: batch prices and end-of-life dates; nil: none
	Previous *Feed        // an older genai-prices; nil: none. A price that it has too holds since PrevDate at least.
	PrevDate catalog.Date
}

// Derive makes the offers of the catalog out of price feeds: one for each line of identities.csv, in that order, with
// its prices as facts. missing lists the lines whose entry the feed no longer has.
func Derive(in DeriveInput, cat *catalog.Catalog) (offers []catalog.Offer, missing []Identity, err error) {
	if in.Feed.Shape != GenAIPrices {
		return nil, nil, fmt.Errorf("pricing: derive: the feed is %s, want %s", in.Feed.Shape, GenAIPrices)
	}
	entries, before := byProviderAndModel(in.Feed), byProviderAndModel(in.Previous)
	batch := map[string]*Entry{}
	if in.Batch != nil {
		for i := range in.Batch.Entries {
			batch[in.Batch.Entries[i].Model] = &in.Batch.Entries[i]
		}
	}
	for _, id := range Identities() {
		key := id.lookup()
		e, ok := entries[key]
		if !ok {
			missing = append(missing, id)
			continue
		}
		o := offerOf(id, e, in.Date, cat)
		if b := batch[id.LiteLLM]; b != nil {
			addBatch(&o, b, in.Date)
		}
		if p := before[key]; p != nil && o.Since.IsZero() && samePrices(p, e) {
			o.Since = in.PrevDate
		}
		offers = append(offers, o)
	}
	return offers, missing, nil
}

func (i Identity) lookup() [2]string {
	if i.Via != "" {
		return [2]string{i.Via, i.FeedID}
	}
	return [2]string{i.Provider, i.FeedID}
}

func byProviderAndModel(f *Feed) map[[2]string]*Entry {
	m := map[[2]string]*Entry{}
	if f == nil {
		return m
	}
	for i := range f.Entries {
		m[[2]string{f.Entries[i].Provider, f.Entries[i].Model}] = &f.Entries[i]
	}
	return m
}

func samePrices(a, b *Entry) bool {
	if len(a.Prices) != len(b.Prices) {
		return false
	}
	for f, p := range a.Prices {
		q, ok := b.Prices[f]
		if !ok || !samePrice(p, q) {
			return false
		}
	}
	return true
}

// offerOf puts an entry into the catalog's words.
func offerOf(id Identity, e *Entry, day catalog.Date, cat *catalog.Catalog) catalog.Offer {
	now, conditions, since := e.offerPrices(day)
	o := catalog.Offer{
		ID: id.OfferID(), Provider: id.ProviderID, ProviderID: id.ProviderID, Class: catalog.HostedOpen,
		ModelID: id.ModelID, FeedID: e.Model, Name: cat.ModelName(id.ModelID), Region: id.Region, Rates: now.rates,
		Tiers: now.tiers, Conditions: conditions, Context: e.Context, Quantisation: id.Quantisation, Preview: e.Preview,
		Free: e.Free, Deprecated: e.Deprecated, EndOfLife: e.EndOfLife, Since: since, Note: id.Note,
		Source: catalog.Source{ID: string(GenAIPrices), Date: day},
	}
	if p, ok := cat.Provider(id.ProviderID); ok {
		o.Provider = p.Name
	}
	if m, ok := cat.Model(id.ModelID); ok && m.ID == id.ModelID {
		o.Reasoning = m.Reasoning
	} else if m, ok := cat.APIModel(id.ModelID); ok {
		o.Class, o.Reasoning = m.Class, m.Reasoning
	}
	if id.OutputTokPerS != nil {
		o.Speed = &catalog.Speed{OutputTokPerS: id.OutputTokPerS, Source: catalog.Source{ID: id.SpeedSource}}
	}
	return o
}

// addBatch takes from LiteLLM what genai-prices does not have. Batch prices are taken only where the two agree on the
// list price, since a batch price is half of a list price.
func addBatch(o *catalog.Offer, b *Entry, day catalog.Date) {
	if !b.EndOfLife.IsZero() {
		o.EndOfLife = b.EndOfLife
		if !b.EndOfLife.After(day.Time) {
			o.Deprecated = true
		}
	}
	lists := b.lists()[""]
	if lists.rates.Input == nil || o.Rates.Input == nil || !sameNumber(*lists.rates.Input, *o.Rates.Input) {
		return
	}
	o.Rates.BatchInput, o.Rates.BatchOutput = lists.rates.BatchInput, lists.rates.BatchOutput
	if o.Context == 0 {
		o.Context = b.Context
	}
}

// offerColumns is the header of the catalog's offers.csv.
var offerColumns = []string{
	"id", "provider", "provider_id", "class", "model_id", "feed_id", "name", "region", "input", "output", "cache_read",
	"cache_write", "batch_input", "batch_output", "tiers", "conditions", "context", "quantisation", "reasoning", "preview",
	"free", "deprecated", "end_of_life", "since", "output_tok_s", "ttft_ms", "speed_source", "note", "source",
}

// WriteOffers writes offers as the catalog's offers.csv.
func WriteOffers(w io.Writer, offers []catalog.Offer) error {
	cw := csv.NewWriter(w)
	if err := cw.Write(offerColumns); err != nil {
		return err
	}
	for i := range offers {
		if err := cw.Write(offerRow(&offers[i])); err != nil {
			return err
		}
	}
	cw.Flush()
	return cw.Error()
}

func offerRow(o *catalog.Offer) []string {
	num := func(p *float64) string {
		if p == nil {
			return ""
		}
		return strconv.FormatFloat(*p, 'f', -1, 64)
	}
	flag := func(b bool) string {
		if b {
			return "yes"
		}
		return ""
	}
	count := func(n int) string {
		if n == 0 {
			return ""
		}
		return strconv.Itoa(n)
	}
	var speed, ttft, speedSource string
	if o.Speed != nil {
		speed, ttft, speedSource = num(o.Speed.OutputTokPerS), num(o.Speed.TTFTms), o.Speed.Source.ID
	}
	r := o.Rates
	return []string{
		o.ID, o.Provider, o.ProviderID, string(o.Class), o.ModelID, o.FeedID, o.Name, o.Region, num(r.Input),
		num(r.Output), num(r.CacheRead), num(r.CacheWrite), num(r.BatchInput), num(r.BatchOutput),
		catalog.FormatTiers(o.Tiers), catalog.FormatConditions(o.Conditions), count(o.Context), o.Quantisation,
		flag(o.Reasoning), flag(o.Preview), flag(o.Free), flag(o.Deprecated), o.EndOfLife.String(), o.Since.String(),
		speed, ttft, speedSource, strings.TrimSpace(o.Note), o.Source.ID,
	}
}
