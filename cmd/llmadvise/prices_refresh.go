package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/llmadvise/llmadvise/advisor/catalog"
	"github.com/llmadvise/llmadvise/advisor/pricing"
	"github.com/llmadvise/llmadvise/bot"
	"github.com/llmadvise/llmadvise/bot/feeds"
)

// pricesRefreshCmd does by hand what a running bot does every six hours.
type pricesRefreshCmd struct {
	feedFlags
	storeFlags
	Only    []string `help:"Only these feeds." placeholder:"NAME,..."`
	Believe []string `help:"Take prices of these feeds that jumped more than threefold, and feeds that shrank: you have looked at them." placeholder:"NAME,..."`
	Date    string   `help:"Day on which the files named with --feed were taken, to fill the history from files that you kept (default: now)." placeholder:"YYYY-MM-DD"`
	JSON    bool     `help:"Machine-readable output."`
}

func (c *pricesRefreshCmd) Run(ctx context.Context, a *app) error {
	sources, err := c.wanted(a)
	if err != nil {
		return err
	}
	m, closeStore, err := c.openMarket(ctx, a)
	if err != nil {
		return err
	}
	defer closeStore()
	opts := c.options()
	if opts.Now, err = c.clock(ctx, m); err != nil {
		return err
	}
	f := feeds.NewFetcher(a.log, opts)
	defer f.Close()
	res, err := m.NewRefresher(a.log, f, sources).Refresh(ctx)
	if err != nil {
		return err
	}
	if c.JSON {
		err = writeJSON(a.stdout, refreshJSON(res, c.Offline))
	} else {
		err = c.print(a.stdout, res)
	}
	if err != nil {
		return err
	}
	return nothingRead(res, sources)
}

// nothingRead is the failure of all feeds that were asked; a file of negotiated prices that is not there was not.
func nothingRead(res feeds.Result, sources []feeds.Source) error {
	asked := 0
	for _, o := range res.Outcomes {
		if !o.Absent {
			asked++
		}
	}
	switch fromNet := slices.ContainsFunc(sources, func(s feeds.Source) bool { return s.URL != "" }); {
	case asked == 0 || failures(res) < asked:
		return nil
	case fromNet:
		return errors.New("no feed could be read: the last good prices stay in force. Is there a network? Behind a proxy set HTTPS_PROXY; with files or a server of " +
			"your own name them with --feed NAME=FILE or NAME=URL; where none may be asked, --offline keeps to the built-in and stored prices")
	}
	return errors.New("no feed could be read: the last good prices stay in force")
}

// wanted are the sources that the flags leave.
func (c *pricesRefreshCmd) wanted(a *app) ([]feeds.Source, error) {
	sources, err := c.sources(a)
	if err != nil {
		return nil, err
	}
	for _, name := range slices.Concat(c.Only, c.Believe) {
		i := slices.IndexFunc(sources, func(s feeds.Source) bool { return s.Name == name })
		if i < 0 {
			return nil, usagef("no feed is called %s; there are %s", name, strings.Join(names(sources), ", "))
		}
		sources[i].Confirmed = slices.Contains(c.Believe, name)
	}
	if len(c.Only) > 0 {
		sources = slices.DeleteFunc(sources, func(s feeds.Source) bool { return !slices.Contains(c.Only, s.Name) })
	}
	return sources, nil
}

// clock is the time of the reading. A day of the past must be later than what is stored: history is not rewritten.
func (c *pricesRefreshCmd) clock(ctx context.Context, m *bot.Market) (func() time.Time, error) {
	day, err := catalog.ParseDate(c.Date)
	if err != nil {
		return nil, usagef("--date: %v", err)
	}
	if day.IsZero() {
		return time.Now, nil
	}
	if day.After(time.Now()) {
		return nil, usagef("--date %s is in the future", day)
	}
	_, id, _, err := m.Catalog(ctx)
	if err != nil {
		return nil, err
	}
	at := day.Add(12 * time.Hour)
	if newest := time.UnixMilli(id).UTC(); id != 0 && !at.After(newest) {
		return nil, usagef("--date %s: prices of %s are stored already; give the files in the order of their days", day, newest.Format("2006-01-02"))
	}
	return func() time.Time { return at }, nil
}

func failures(res feeds.Result) int {
	n := 0
	for _, o := range res.Outcomes {
		if o.Problem != "" {
			n++
		}
	}
	return n
}

// state is one word for what became of a feed.
func state(o feeds.Outcome) string {
	switch {
	case o.Problem != "":
		return "failed"
	case o.Absent:
		return "absent"
	case o.Unchanged:
		return "unchanged"
	case o.Quarantined > 0:
		return "quarantined"
	}
	return "fresh"
}

func (c *pricesRefreshCmd) print(w io.Writer, res feeds.Result) error {
	var problems []string
	rows := 0
	var table strings.Builder
	tw := tabwriter.NewWriter(&table, 0, 4, 2, ' ', 0)
	fmt.Fprintln(tw, "FEED\tSTATE\tENTRIES\tSET ASIDE\tREQUESTS\tSIZE\tTOOK")
	for _, o := range res.Outcomes {
		if o.Absent && o.Unchanged {
			continue
		}
		rows++
		fmt.Fprintf(tw, "%s\t%s\t%d\t%d\t%d\t%s\t%s\n", o.Source, state(o), o.Entries, o.Quarantined, o.Requests, size(o.Bytes), o.Took.Round(time.Millisecond))
		if o.Problem != "" {
			problems = append(problems, o.Source+": "+o.Problem)
		}
	}
	if err := tw.Flush(); err != nil {
		return err
	}
	if rows > 0 {
		fmt.Fprint(w, table.String())
	}
	for _, p := range problems {
		fmt.Fprintln(w, p)
	}
	printQuarantine(w, res.Snapshot, freshNames(res), 5)
	_, err := fmt.Fprintln(w, c.conclusion(res))
	return err
}

// conclusion says what the refresh came to.
func (c *pricesRefreshCmd) conclusion(res feeds.Result) string {
	switch {
	case res.Changed:
		return "Stored. Advice rests on these prices from now on, in a running bot too."
	case c.Offline:
		return "Offline: no feed was asked; the built-in and stored prices stay."
	case failures(res) > 0:
		return "Nothing new: the last good prices stay in force."
	}
	return "Nothing new: the stored prices are up to date."
}

// freshNames are the feeds that were read anew.
func freshNames(res feeds.Result) []string {
	var out []string
	for _, o := range res.Outcomes {
		if o.Fresh {
			out = append(out, o.Source)
		}
	}
	return out
}

// printQuarantine lists what was not believed in the latest reading of some feeds, most of each.
func printQuarantine(w io.Writer, s *pricing.Snapshot, only []string, most int) {
	if s == nil {
		return
	}
	for i := range s.Feeds {
		f := &s.Feeds[i]
		if !slices.Contains(only, f.Name) || len(f.Quarantined) == 0 {
			continue
		}
		fmt.Fprintf(w, "%s: %s not believed\n", f.Name, plural(len(f.Quarantined), "price was", "prices were"))
		for j, q := range f.Quarantined {
			if most > 0 && j == most {
				fmt.Fprintf(w, "  … and %d more: llmadvise prices feeds --quarantined\n", len(f.Quarantined)-most)
				break
			}
			fmt.Fprintf(w, "  %s %s %s: %s (%s; %s)\n", q.Provider, q.Model, fieldName(q.Field), change(q.Old, q.New), q.Why, instead(q))
		}
		if !slices.ContainsFunc(f.Quarantined, func(q pricing.Quarantined) bool { return strings.Contains(q.Why, "the last price") }) {
			continue
		}
		fmt.Fprintf(w, "  If you have looked and believe the jumps: llmadvise prices refresh --believe %s\n", f.Name)
	}
}

func instead(q pricing.Quarantined) string {
	if q.Old == nil {
		return "left out"
	}
	return "the old price stays"
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// size writes a number of bytes as people read it.
func size(n int64) string {
	switch {
	case n >= 1<<20:
		return fmt.Sprintf("%.1f MiB", float64(n)/(1<<20))
	case n >= 1<<10:
		return fmt.Sprintf("%.0f KiB", float64(n)/(1<<10))
	}
	return fmt.Sprintf("%d B", n)
}

// refreshed is the shape of `prices refresh --json`.
type refreshed struct {
	SchemaVersion int             `json:"schema_version"`
	At            time.Time       `json:"at"`
	Offline       bool            `json:"offline,omitempty"`
	Stored        bool            `json:"stored"` // something new was stored
	Feeds         []refreshedFeed `json:"feeds"`
}

type refreshedFeed struct {
	Name        string                `json:"name"`
	State       string                `json:"state"` // fresh, quarantined (fresh, with prices set aside), unchanged, failed, absent
	Entries     int                   `json:"entries"`
	Requests    int                   `json:"requests"`
	Bytes       int64                 `json:"bytes"`
	TookMS      float64               `json:"took_ms"`
	Problem     string                `json:"problem,omitempty"`
	Quarantined []pricing.Quarantined `json:"quarantined"`
}

func refreshJSON(res feeds.Result, offline bool) refreshed {
	out := refreshed{SchemaVersion: 1, At: res.At, Offline: offline, Stored: res.Changed, Feeds: []refreshedFeed{}}
	for _, o := range res.Outcomes {
		f := refreshedFeed{
			Name: o.Source, State: state(o), Entries: o.Entries, Requests: o.Requests, Bytes: o.Bytes,
			TookMS: float64(o.Took.Microseconds()) / 1000, Problem: o.Problem, Quarantined: []pricing.Quarantined{},
		}
		if st := res.Snapshot.State(o.Source); st != nil && o.Problem == "" && len(st.Quarantined) > 0 {
			f.Quarantined = st.Quarantined
		}
		out.Feeds = append(out.Feeds, f)
	}
	return out
}
