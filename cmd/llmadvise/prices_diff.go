package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/llmadvise/llmadvise/advisor/catalog"
	"github.com/llmadvise/llmadvise/advisor/pricing"
)

// maxFeedBytes bounds a feed file; the largest real one is some 3 MB.
const maxFeedBytes = 256 << 20

// readFeed reads one feed file; the shape is recognised from its bytes. The name of a SkyPilot catalog's folder names
// its cloud.
func readFeed(path string) (*pricing.Feed, error) {
	f, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("there is no file %s; give a feed's file, or a day (YYYY-MM-DD) of which prices are stored", path)
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxFeedBytes+1))
	if err != nil {
		return nil, fmt.Errorf("%w; give a file", err)
	}
	if len(data) > maxFeedBytes {
		return nil, fmt.Errorf("%s: larger than %d MiB, which no price feed is", path, maxFeedBytes>>20)
	}
	feed, err := pricing.Read(data, feedName(path))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return feed, nil
}

// feedName guesses the cloud of a SkyPilot catalog from where it lies: ".../lambda/vms.csv" or "lambda.csv".
func feedName(path string) string {
	parts := strings.Split(strings.ReplaceAll(path, `\`, "/"), "/")
	base := strings.TrimSuffix(parts[len(parts)-1], ".csv")
	if base == "vms" && len(parts) > 1 {
		return parts[len(parts)-2]
	}
	base, _, _ = strings.Cut(base, "_")
	return base
}

type pricesDiffCmd struct {
	storeFlags
	Old  string `arg:"" help:"The older feed file, or a day (YYYY-MM-DD) of which prices are stored."`
	New  string `arg:"" help:"The newer file of the same feed, or a day; today is one."`
	JSON bool   `help:"Machine-readable output: changes[] and quarantined[], in USD per million tokens where a price is for tokens."`
}

func (c *pricesDiffCmd) Run(ctx context.Context, a *app) error {
	r, err := c.report(ctx, a)
	if err != nil {
		return err
	}
	if c.JSON {
		return writeJSON(a.stdout, r)
	}
	return printDiff(a.stdout, r)
}

// report compares two files or two days.
func (c *pricesDiffCmd) report(ctx context.Context, a *app) (*pricing.Report, error) {
	from, oldIsDay := dayArg(c.Old)
	to, newIsDay := dayArg(c.New)
	switch {
	case oldIsDay && newIsDay:
		return c.days(ctx, a, from, to)
	case oldIsDay || newIsDay:
		return nil, usagef("compare two files, or two days: %s is a day and the other is not", map[bool]string{true: c.Old, false: c.New}[oldIsDay])
	}
	old, err := readFeed(c.Old)
	if err != nil {
		return nil, err
	}
	new, err := readFeed(c.New)
	if err != nil {
		return nil, err
	}
	r, err := pricing.Diff(old, new)
	if err != nil {
		return nil, usagef("%v", err)
	}
	return r, nil
}

// dayArg reads a day; a file of that name goes first.
func dayArg(s string) (catalog.Date, bool) {
	if _, err := os.Stat(s); err == nil {
		return catalog.Date{}, false
	}
	if s == "today" || s == "now" {
		return catalog.DateOf(time.Now()), true
	}
	d, err := catalog.ParseDate(s)
	return d, err == nil && !d.IsZero()
}

func (c *pricesDiffCmd) days(ctx context.Context, a *app, from, to catalog.Date) (*pricing.Report, error) {
	if from.After(to.Time) {
		return nil, usagef("%s is after %s: give the older day first", from, to)
	}
	m, closeStore, err := c.openStoredMarket(ctx, a)
	if err != nil {
		return nil, err
	}
	defer closeStore()
	if m == nil {
		return nil, errors.New("no prices are stored yet: `llmadvise prices refresh` begins")
	}
	old, _, err := m.SnapshotOn(ctx, from)
	if err != nil {
		return nil, err
	}
	new, _, err := m.SnapshotOn(ctx, to)
	if err != nil {
		return nil, err
	}
	if old == nil || new == nil {
		oldest, err := m.Oldest(ctx)
		if err != nil {
			return nil, err
		}
		return nil, usagef("no prices of %s or before are stored; %s", from, oldest)
	}
	return pricing.DiffStored(old, new), nil
}

func printDiff(w io.Writer, r *pricing.Report) error {
	n := r.Counts
	fmt.Fprintf(w, "%s: %s added, %d removed; %s changed, %d added, %d removed; %d quarantined\n",
		r.Feed, plural(n.ModelsAdded, "model", "models"), n.ModelsRemoved, plural(n.PricesChanged, "price", "prices"), n.PricesAdded, n.PricesRemoved, n.Quarantined)
	for _, s := range r.Warnings {
		fmt.Fprintln(w, "warning:", s)
	}
	tw := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	for _, c := range r.Changes {
		fmt.Fprintf(tw, "%s\t%s\t%s\t%s\t%s%s\n", c.Kind, inFeed(c.Source, c.Provider), c.Model, fieldName(c.Field), change(c.Old, c.New), otherUnit(c.Unit))
	}
	for _, q := range r.Quarantined {
		fmt.Fprintf(tw, "quarantined\t%s\t%s\t%s\t%s (%s; %s)\n", inFeed(q.Source, q.Provider), q.Model, fieldName(q.Field), change(q.Old, q.New), q.Why, instead(q))
	}
	return tw.Flush()
}

// inFeed names a provider with the stored feed that speaks of it.
func inFeed(source, provider string) string {
	if source == "" {
		return provider
	}
	return source + ": " + provider
}

// otherUnit names a unit that is not the usual one.
func otherUnit(u string) string {
	if u == "" || u == string(pricing.PerMTok) {
		return ""
	}
	return " (" + u + ")"
}

func fieldName(f *string) string {
	if f == nil {
		return "model"
	}
	return *f
}

func change(old, new any) string {
	if old == nil {
		return amount(new)
	}
	if new == nil {
		return amount(old) + " -> gone"
	}
	return amount(old) + " -> " + amount(new)
}

func amount(v any) string {
	switch v := v.(type) {
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case map[string]float64:
		return wholeModel(v)
	default:
		return fmt.Sprint(v)
	}
}

// wholeModel names a whole model's prices, those of plain input and output where it has them.
func wholeModel(prices map[string]float64) string {
	var parts []string
	for _, f := range [][2]string{{"input", "in "}, {"output", "out "}, {"hourly", ""}} {
		if v, ok := prices[f[0]]; ok {
			parts = append(parts, f[1]+amount(v))
		}
	}
	switch rest := len(prices) - len(parts); {
	case len(prices) == 0:
		return "free"
	case len(parts) == 0:
		return plural(len(prices), "price", "prices")
	case rest > 0:
		parts = append(parts, fmt.Sprintf("and %d more", rest))
	}
	return strings.Join(parts, ", ")
}
