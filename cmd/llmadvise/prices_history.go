package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/llmadvise/llmadvise/advisor/catalog"
	"github.com/llmadvise/llmadvise/advisor/pricing"
	"github.com/llmadvise/llmadvise/advisor/quantity"
	"github.com/llmadvise/llmadvise/advisor/report"
)

// pricesHistoryCmd shows how the prices of one model went.
type pricesHistoryCmd struct {
	storeFlags
	Model    string   `arg:"" help:"Model, however it is written."`
	Provider string   `help:"Only this provider." placeholder:"NAME"`
	Source   string   `help:"Only what this feed says." placeholder:"NAME"`
	Field    []string `help:"Prices to show: input, output, cache_read, cache_write, input_batches, output_batches, input_above_200k ..." default:"input,output,cache_read"`
	Chart    string   `help:"Also draw the prices into this .svg or .png file." type:"path" placeholder:"FILE"`
	JSON     bool     `help:"Machine-readable output."`
}

func (c *pricesHistoryCmd) Run(ctx context.Context, a *app) error {
	cat := catalog.Default()
	id, ok := cat.ModelID(c.Model)
	if !ok {
		return usagef("no model %q in the catalog; try llama-3.3-70b or gpt-4.1", c.Model)
	}
	m, closeStore, err := c.openStoredMarket(ctx, a)
	if err != nil {
		return err
	}
	defer closeStore()
	tracks := pricing.Tracks(nil, cat, id)
	if m != nil {
		if tracks, err = m.History(ctx, id); err != nil {
			return err
		}
	}
	if tracks, err = c.wanted(tracks, cat); err != nil {
		return err
	}
	if c.Chart != "" {
		chart := priceChart(tracks, cat, id, catalog.DateOf(time.Now()))
		if chart == nil {
			return errors.New("there is no price to draw")
		}
		if err := writeChart(c.Chart, chart); err != nil {
			return err
		}
	}
	if c.JSON {
		return writeJSON(a.stdout, map[string]any{"schema_version": 1, "model": id, "name": cat.ModelName(id), "tracks": tracks})
	}
	return c.print(a.stdout, tracks, cat, id, m != nil)
}

// wanted are the tracks that the flags leave.
func (c *pricesHistoryCmd) wanted(tracks []pricing.Track, cat *catalog.Catalog) ([]pricing.Track, error) {
	provider := ""
	if c.Provider != "" {
		p, ok := cat.Provider(c.Provider)
		if !ok {
			return nil, usagef("no provider %q in the catalog; try bedrock, openai or groq", c.Provider)
		}
		provider = p.ID
	}
	known := pricing.Fields(tracks)
	for _, f := range c.Field {
		base, _, _ := strings.Cut(f, "_above_") // a tier that this model lacks is no mistake
		if !slices.Contains(known, f) && !slices.Contains(known, base) {
			near := quantity.Nearest(f, known)
			if near != "" {
				near = fmt.Sprintf(" (%s?)", near)
			}
			return nil, usagef("--field: no price is called %q%s; there are %s", f, near, strings.Join(known, ", "))
		}
	}
	out := []pricing.Track{}
	for _, t := range tracks {
		if (provider == "" || t.ProviderID == provider) && (c.Source == "" || t.Source == c.Source) && slices.Contains(c.Field, t.Field) {
			out = append(out, t)
		}
	}
	return out, nil
}

// priceLine is what one source says of one offer.
type priceLine struct {
	source, provider, region, feedModel string
	fields                              map[string]*pricing.Track
}

// priceLines puts the fields of an offer side by side.
func priceLines(tracks []pricing.Track) []priceLine {
	var out []priceLine
	for i := range tracks {
		t := &tracks[i]
		n := len(out) - 1
		if n < 0 || out[n].source != t.Source || out[n].provider != t.ProviderID || out[n].region != t.Region || out[n].feedModel != t.FeedModel {
			out = append(out, priceLine{t.Source, t.ProviderID, t.Region, t.FeedModel, map[string]*pricing.Track{}})
			n++
		}
		out[n].fields[t.Field] = t
	}
	return out
}

// days are those on which any of the line's prices moved, and whether the first may be older than it says.
func (l priceLine) days() (days []catalog.Date, atLeast bool) {
	for _, t := range l.fields {
		for i, s := range t.Steps {
			days = append(days, s.Since)
			atLeast = atLeast || i == 0 && s.AtLeast
		}
	}
	slices.SortFunc(days, func(a, b catalog.Date) int { return a.Compare(b.Time) })
	return slices.Compact(days), atLeast
}

func (c *pricesHistoryCmd) print(w io.Writer, tracks []pricing.Track, cat *catalog.Catalog, id string, stored bool) error {
	lines := priceLines(tracks)
	if len(lines) == 0 {
		_, err := fmt.Fprintf(w, "No price of %s is known with these flags.\n", cat.ModelName(id))
		return err
	}
	fmt.Fprintf(w, "Prices of %s over time; USD per 1M tokens. ≤ marks the first day on which a price was seen: it may be older.\n\n", cat.ModelName(id))
	tw := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	fmt.Fprintf(tw, "PROVIDER\tSINCE\t%s\tSOURCE\tITS ID\n", strings.ToUpper(strings.ReplaceAll(strings.Join(c.Field, "\t"), "_", " ")))
	for _, l := range lines {
		days, atLeast := l.days()
		for i, day := range days {
			since := day.String()
			if i == 0 && atLeast {
				since = "≤ " + since
			}
			fmt.Fprintf(tw, "%s\t%s", providerName(cat, l), cmp.Or(since, "≤ unknown"))
			for _, f := range c.Field {
				fmt.Fprintf(tw, "\t%s", priceOn(l.fields[f], day))
			}
			fmt.Fprintf(tw, "\t%s\t%s\n", l.source, l.feedModel)
		}
	}
	if err := tw.Flush(); err != nil {
		return err
	}
	tracks = slices.DeleteFunc(slices.Clone(tracks), func(t pricing.Track) bool { return len(t.Steps) < 2 }) // a flat line says nothing here
	if chart := priceChart(tracks, cat, id, catalog.DateOf(time.Now())); chart != nil {
		fmt.Fprintln(w, "\n"+report.ChartText(chart, 0))
	}
	if !stored {
		fmt.Fprintln(w, "\nOnly the built-in prices are known yet. `llmadvise prices refresh` begins the history.")
	}
	return nil
}

func providerName(cat *catalog.Catalog, l priceLine) string {
	name := l.provider
	if p, ok := cat.Provider(l.provider); ok {
		name = p.Name
	}
	return strings.TrimSpace(name + " " + l.region)
}

func priceOn(t *pricing.Track, day catalog.Date) string {
	if t == nil {
		return "-"
	}
	p := t.At(day)
	if p == nil {
		return "-"
	}
	return number(*p)
}

// Bounds of a chart of prices: what can still be told apart.
const (
	mostLines  = 8
	mostPoints = 60
)

// priceChart draws input and output prices by day, those that moved first; nil where there is none.
func priceChart(tracks []pricing.Track, cat *catalog.Catalog, id string, today catalog.Date) *report.Chart {
	shown := slices.Clone(tracks)
	slices.SortStableFunc(shown, func(a, b pricing.Track) int { return cmp.Compare(len(b.Steps), len(a.Steps)) })
	shown = shown[:min(len(shown), mostLines)]
	first := today
	for _, t := range shown {
		for _, s := range t.Steps {
			if !s.Since.IsZero() && s.Since.Before(first.Time) {
				first = s.Since
			}
		}
	}
	days := daysBetween(first, today)
	c := &report.Chart{
		Title: cat.ModelName(id) + ": price over time", YTitle: "USD per 1M tokens", Categories: make([]string, len(days)), Linear: true,
	}
	for i, d := range days {
		c.Categories[i] = d.String()
	}
	for _, t := range shown {
		s := report.Series{Name: trackName(t, shown, cat)}
		for _, d := range days {
			v := math.NaN()
			if p := t.At(d); p != nil {
				v = *p
			}
			s.Values = append(s.Values, v)
		}
		c.Series = append(c.Series, s)
	}
	if len(c.Series) == 0 {
		return nil
	}
	return c
}

// trackName is short where that is enough: a feed may price one model of a provider under two ids.
func trackName(t pricing.Track, among []pricing.Track, cat *catalog.Catalog) string {
	name := providerName(cat, priceLine{provider: t.ProviderID, region: t.Region}) + " " + strings.ReplaceAll(t.Field, "_", " ")
	for _, o := range among {
		if o.ProviderID != t.ProviderID || o.Region != t.Region || o.Field != t.Field {
			continue
		}
		if o.Source != t.Source {
			name += " (" + t.Source + ")"
			break
		}
		if o.FeedModel != t.FeedModel {
			name += " (" + t.FeedModel + ")"
			break
		}
	}
	return name
}

// daysBetween are at most mostPoints days from first to last, both included.
func daysBetween(first, last catalog.Date) []catalog.Date {
	total := int(last.Sub(first.Time).Hours() / 24)
	n := min(total, mostPoints-1)
	if n < 1 {
		return []catalog.Date{last}
	}
	out := make([]catalog.Date, n+1)
	for i := range out {
		out[i] = catalog.DateOf(first.AddDate(0, 0, i*total/n))
	}
	return out
}
