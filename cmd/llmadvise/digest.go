package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/llmadvise/llmadvise/advisor"
	"github.com/llmadvise/llmadvise/advisor/catalog"
	"github.com/llmadvise/llmadvise/advisor/intake"
	"github.com/llmadvise/llmadvise/advisor/pricing"
	"github.com/llmadvise/llmadvise/advisor/report"
	"github.com/llmadvise/llmadvise/bot"
	"github.com/llmadvise/llmadvise/bot/digest"
	"github.com/llmadvise/llmadvise/bot/store"
)

// digestCmd prints a digest. Only the running bot posts one.
type digestCmd struct {
	DryRun      bool     `help:"Print the digest; nothing is posted and nothing counts as told."`
	Channel     string   `help:"Slack channel whose digest is printed, from the bot's database." placeholder:"ID"`
	DatabaseURL string   `help:"postgres:// address of the bot's database (default: SQLite in the data folder)." env:"DATABASE_URL" placeholder:"URL"`
	Old         []string `help:"Older file of a price feed, instead of the database; once for each feed." type:"path" placeholder:"FILE"`
	New         []string `help:"Newer file of a price feed." type:"path" placeholder:"FILE"`
	Watch       []string `help:"With --old and --new: a scenario, NAME=REQUEST." placeholder:"NAME=REQUEST" sep:"none"`
	Markdown    bool     `help:"As Markdown." xor:"form"`
	JSON        bool     `help:"As the JSON of the Slack message: text and blocks." xor:"form"`
}

func (c *digestCmd) Run(ctx context.Context, a *app) error {
	if !c.DryRun {
		return usagef("digests are posted by the running bot; --dry-run prints one")
	}
	d, err := c.compose(ctx, a)
	if err != nil {
		return err
	}
	switch {
	case c.JSON:
		m := bot.DigestMessage(d)
		return writeJSON(a.stdout, map[string]any{"text": m.Text, "blocks": m.Blocks})
	case c.Markdown:
		_, err = io.WriteString(a.stdout, report.Markdown(d.Document))
	default:
		_, err = io.WriteString(a.stdout, report.Text(d.Document, report.TextOptions{Width: 110}))
	}
	return err
}

func (c *digestCmd) compose(ctx context.Context, a *app) (digest.Digest, error) {
	switch {
	case len(c.Old)+len(c.New) == 0 && len(c.Watch) > 0:
		return digest.Digest{}, usagef("--watch goes with --old and --new; the database has its own scenarios")
	case len(c.Old)+len(c.New) == 0:
		return c.stored(ctx, a)
	case c.Channel != "":
		return digest.Digest{}, usagef("--channel reads the database, --old and --new read files: give one or the other")
	case len(c.Old) == 0 || len(c.New) == 0:
		return digest.Digest{}, usagef("--old and --new go together, one of each for every feed")
	}
	return c.fromFiles()
}

// stored composes the digest that a channel would get now.
func (c *digestCmd) stored(ctx context.Context, a *app) (digest.Digest, error) {
	if c.DatabaseURL == "" {
		if _, err := os.Stat(store.Path(a.dataDir)); err != nil {
			return digest.Digest{}, usagef("no bot has kept anything in %s yet: name its --data-dir or --database-url, or compare files with --old and --new", a.dataDir)
		}
	}
	st, err := store.Open(ctx, a.log, a.dataDir, store.Options{DatabaseURL: c.DatabaseURL})
	if err != nil {
		return digest.Digest{}, err
	}
	defer st.Close()
	channel, err := c.channel(ctx, st)
	if err != nil {
		return digest.Digest{}, err
	}
	return bot.Preview(ctx, st, channel, time.Now())
}

// channel is the one that was asked for, or the only one with a digest.
func (c *digestCmd) channel(ctx context.Context, st *store.Store) (string, error) {
	list, err := st.Schedules(ctx)
	if err != nil {
		return "", err
	}
	var ids []string
	for _, s := range list {
		if s.Channel == c.Channel {
			return c.Channel, nil
		}
		ids = append(ids, s.Channel)
	}
	switch {
	case len(ids) == 0:
		return "", usagef("no channel has a digest yet: save a scenario in Slack with /llm-advise watch 300k queries, HIPAA as support-bot")
	case c.Channel != "":
		return "", usagef("channel %s has no digest; these have: %s", c.Channel, strings.Join(ids, ", "))
	case len(ids) > 1:
		return "", usagef("several channels have a digest: choose one with --channel: %s", strings.Join(ids, ", "))
	}
	return ids[0], nil
}

// fromFiles composes a digest of what changed between feed files.
func (c *digestCmd) fromFiles() (digest.Digest, error) {
	was, before, err := readSnapshot(c.Old, nil)
	if err != nil {
		return digest.Digest{}, err
	}
	is, now, err := readSnapshot(c.New, was)
	if err != nil {
		return digest.Digest{}, err
	}
	since, day := catalog.DateOf(before), catalog.DateOf(now)
	in := digest.Input{
		Period: digest.PeriodOf(now), Since: since, OldFeeds: was, NewFeeds: is,
		Old: pricing.Apply(was, catalog.Default(), since).Catalog, New: pricing.Apply(is, catalog.Default(), day).Catalog,
	}
	for _, s := range c.Watch {
		w, err := fileWatch(s, in.Old, before)
		if err != nil {
			return digest.Digest{}, err
		}
		if slices.ContainsFunc(in.Watches, func(o digest.Watch) bool { return o.Name == w.Name }) {
			return digest.Digest{}, usagef("--watch: two scenarios are called %q; give each a name of its own", w.Name)
		}
		in.Watches = append(in.Watches, w)
	}
	return digest.Compose(in)
}

// fileWatch reads NAME=REQUEST; what the older files say of it counts as told.
func fileWatch(s string, old *catalog.Catalog, at time.Time) (digest.Watch, error) {
	name, text, ok := strings.Cut(s, "=")
	if name = strings.TrimSpace(name); !ok || name == "" {
		return digest.Watch{}, usagef("--watch %q: write NAME=REQUEST, such as support-bot=\"300k queries, HIPAA\"", s)
	}
	w := digest.Watch{ID: name, Name: name, Text: text, Workload: intake.Parse(text, intake.NamesFrom(old))}
	if err := intake.Check(text, w.Workload); err != nil {
		return w, usageError{fmt.Errorf("--watch %s: %w", name, err)}
	}
	adv, err := advisor.Advise(w.Workload, old)
	if err != nil {
		return w, usageError{fmt.Errorf("--watch %s: %w", name, err)}
	}
	w.Tell(digest.StandingOf(w, adv, old))
	w.Record(digest.PeriodOf(at), w.Told.Monthly)
	return w, nil
}

var dayInName = regexp.MustCompile(`\d{4}-\d{2}-\d{2}`)

// readSnapshot reads the files of several feeds onto the snapshot before. Its moment is the newest day in the files'
// names; of a file without one, the time at which it was last changed.
func readSnapshot(paths []string, last *pricing.Snapshot) (*pricing.Snapshot, time.Time, error) {
	out := last
	var newest time.Time
	for _, path := range paths {
		feed, err := readFeed(path)
		if err != nil {
			return nil, newest, err
		}
		at, err := fileDay(path)
		if err != nil {
			return nil, newest, err
		}
		name := string(feed.Shape)
		if feed.Shape == pricing.SkyPilot {
			name += "/" + feedName(path)
		}
		st, err := pricing.Accept(last.State(name), feed, name, at)
		if err != nil {
			return nil, newest, fmt.Errorf("%s: %w", path, err)
		}
		if out = out.With(*st); at.After(newest) {
			newest = at
		}
	}
	return out, newest, nil
}

func fileDay(path string) (time.Time, error) {
	if d := dayInName.FindString(path[strings.LastIndexAny(path, `/\`)+1:]); d != "" {
		if t, err := time.Parse(time.DateOnly, d); err == nil {
			return t, nil
		}
	}
	st, err := os.Stat(path)
	if err != nil {
		return time.Time{}, err
	}
	return st.ModTime().UTC(), nil
}
