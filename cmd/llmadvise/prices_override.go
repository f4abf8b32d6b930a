package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/llmadvise/llmadvise/advisor/catalog"
	"github.com/llmadvise/llmadvise/advisor/pricing"
	"github.com/llmadvise/llmadvise/bot/feeds"
)

// pricesOverrideCmd keeps the file of negotiated prices.
type pricesOverrideCmd struct {
	Show   overrideShowCmd   `cmd:"" default:"withargs" help:"Show the negotiated prices of the file, and where it lies."`
	Check  overrideCheckCmd  `cmd:"" help:"Check a file of negotiated prices before it is used."`
	Set    overrideSetCmd    `cmd:"" help:"Set a negotiated price; it is in force at once, or from --from on."`
	Remove overrideRemoveCmd `cmd:"" help:"Take a negotiated price back; list prices hold again at once."`
}

type overrideShowCmd struct {
	overrideFlag
	JSON bool `help:"Machine-readable output."`
}

func (c *overrideShowCmd) Run(a *app) error {
	path := c.path(a)
	data, err := readOverrideFile(path)
	if err != nil {
		return err
	}
	entries, unplaced, err := pricing.CheckOverride(data, pricing.NewResolver(catalog.Default()))
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if c.JSON {
		if entries == nil {
			entries = []pricing.Entry{}
		}
		return writeJSON(a.stdout, map[string]any{"schema_version": 1, "file": path, "prices": entries, "unplaced": unplaced})
	}
	if len(entries) == 0 {
		_, err := fmt.Fprintf(a.stdout, "No negotiated prices in %s. Set one:\n\n  llmadvise prices override set bedrock llama-3.3-70b --input 0.60 --output 0.60\n", path)
		return err
	}
	fmt.Fprintf(a.stdout, "Negotiated prices in %s:\n\n", path)
	tw := tabwriter.NewWriter(a.stdout, 0, 4, 2, ' ', 0)
	fmt.Fprintln(tw, "PROVIDER\tWHAT\tREGION\tSINCE\tPRICES\tNOTE")
	for _, e := range entries {
		var ps []string
		for _, f := range e.Fields() {
			ps = append(ps, f+" "+number(e.Prices[f].USD))
		}
		note := e.Comment
		if e.Since.After(time.Now()) {
			note = strings.TrimSuffix("not in force yet; "+note, "; ")
		}
		fmt.Fprintf(tw, "%s\t%s\t%s\t%s\t%s\t%s\n", e.Provider, strings.TrimSpace(e.Model), dash(e.Region), dash(e.Since.String()), strings.Join(ps, ", "), note)
	}
	for _, u := range unplaced {
		fmt.Fprintln(tw, "warning:", u+": this price is never used")
	}
	if err := tw.Flush(); err != nil {
		return err
	}
	return warnOfDoubts(a, data)
}

func dash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

// readOverrideFile reads the file; one that is not there is empty.
func readOverrideFile(path string) ([]byte, error) {
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return data, err
}

type overrideCheckCmd struct {
	File string `arg:"" help:"YAML file of negotiated prices." type:"existingfile"`
}

func (c *overrideCheckCmd) Run(a *app) error {
	data, err := os.ReadFile(c.File)
	if err != nil {
		return err
	}
	entries, unplaced, err := pricing.CheckOverride(data, pricing.NewResolver(catalog.Default()))
	if err != nil {
		return fmt.Errorf("%s: %w", c.File, err)
	}
	for _, u := range unplaced {
		fmt.Fprintln(a.stdout, u+": this price would never be used")
	}
	if len(unplaced) > 0 {
		return fmt.Errorf("%s: %d of %s cannot be placed", c.File, len(unplaced), plural(len(entries), "entry", "entries"))
	}
	if err := warnOfDoubts(a, data); err != nil {
		return err
	}
	_, err = fmt.Fprintf(a.stdout, "%s is sound: %s.\n", c.File, plural(len(entries), "negotiated price", "negotiated prices"))
	return err
}

// overrideTarget says which entry of the file is meant.
type overrideTarget struct {
	overrideFlag
	storeFlags
	Provider   string `arg:"" help:"Provider, as you call it: bedrock, openai, lambda ..."`
	Model      string `arg:"" optional:"" help:"Model, however it is written; none with --gpu."`
	Region     string `help:"Only in this region." placeholder:"NAME"`
	GPU        string `help:"A rented accelerator instead of a model." placeholder:"NAME"`
	Count      int    `help:"Accelerators of the instance." default:"1"`
	Commitment string `help:"on_demand, reserved_1y, reserved_3y or spot (with --gpu)." placeholder:"NAME"`
}

// entry names the entry by the keys of the file, with what the catalog calls provider and model.
func (t *overrideTarget) entry() (list string, id map[string]any, err error) {
	cat := catalog.Default()
	p, ok := cat.Provider(t.Provider)
	switch {
	case !ok:
		return "", nil, usagef("no provider %q in the catalog; try bedrock, openai or lambda", t.Provider)
	case t.GPU == "" && t.Model == "", t.GPU != "" && t.Model != "":
		return "", nil, usagef("name a model, or an accelerator with --gpu: llmadvise prices override set bedrock llama-3.3-70b --input 0.60 --output 0.60")
	case t.Commitment != "" && (t.GPU == "" || !slices.Contains(catalog.Commitments, catalog.Commitment(t.Commitment))):
		return "", nil, usagef("--commitment %s: there are on_demand, spot, reserved_1y and reserved_3y, and they go with --gpu", t.Commitment)
	case t.GPU != "":
		g, ok := cat.Accelerator(t.GPU)
		if !ok || t.Count < 1 {
			return "", nil, usagef("no accelerator %q in the catalog, or a --count below 1; try --gpu H100 --count 8", t.GPU)
		}
		return "gpus", map[string]any{"provider": p.ID, "accelerator": g.ID, "count": t.Count, "region": t.Region, "commitment": t.Commitment}, nil
	}
	m, ok := cat.ModelID(t.Model)
	if !ok {
		return "", nil, usagef("no model %q in the catalog; try llama-3.3-70b or gpt-4.1", t.Model)
	}
	return "prices", map[string]any{"provider": p.ID, "model": m, "region": t.Region}, nil
}

type overrideSetCmd struct {
	overrideTarget
	Input       *float64 `help:"USD per 1M input tokens." placeholder:"USD"`
	Output      *float64 `help:"USD per 1M output tokens." placeholder:"USD"`
	CacheRead   *float64 `help:"USD per 1M cached input tokens." placeholder:"USD"`
	CacheWrite  *float64 `help:"USD per 1M tokens written to the cache." placeholder:"USD"`
	BatchInput  *float64 `help:"USD per 1M input tokens of a batch." placeholder:"USD"`
	BatchOutput *float64 `help:"USD per 1M output tokens of a batch." placeholder:"USD"`
	USDPerHour  *float64 `name:"usd-per-hour" help:"USD an hour for the whole instance (with --gpu)." placeholder:"USD"`
	From        string   `help:"Day since or from which it holds (default: at once)." placeholder:"YYYY-MM-DD"`
	Note        string   `help:"What a reader should know of it." placeholder:"TEXT"`
}

func (c *overrideSetCmd) Run(ctx context.Context, a *app) error {
	list, id, err := c.entry()
	if err != nil {
		return err
	}
	set := map[string]any{"from": c.From, "note": c.Note}
	from, err := catalog.ParseDate(c.From)
	if err != nil {
		return usagef("--from: %v", err)
	}
	given := 0
	for k, v := range map[string]*float64{
		"input": c.Input, "output": c.Output, "cache_read": c.CacheRead, "cache_write": c.CacheWrite, "batch_input": c.BatchInput,
		"batch_output": c.BatchOutput, "usd_per_hour": c.USDPerHour,
	} {
		if v == nil {
			continue
		}
		if (k == "usd_per_hour") != (list == "gpus") {
			return usagef("--usd-per-hour goes with --gpu, prices of tokens with a model")
		}
		set[k], given = *v, given+1
	}
	if given == 0 {
		return usagef("give a price: --input and --output in USD per 1M tokens, or --usd-per-hour with --gpu")
	}
	data, err := readOverrideFile(c.path(a))
	if err != nil {
		return err
	}
	if err := c.fromWhen(data, list, id, set, from); err != nil {
		return err
	}
	if data, err = pricing.EditOverride(data, catalog.Default(), list, id, set); err != nil {
		return usagef("%s is left as it was: %v", c.path(a), err)
	}
	if err := writeAtomic(c.path(a), data); err != nil {
		return err
	}
	if err := warnOfDoubts(a, data); err != nil {
		return err
	}
	holds := "Advice rests on it from now on, in a running bot that uses this file too."
	if from.After(time.Now()) {
		holds = fmt.Sprintf("It holds from %s on; until then advice rests on list prices.", from)
	}
	return c.apply(ctx, a, fmt.Sprintf("Set in %s.", c.path(a)), holds)
}

// fromWhen settles the day of a price that is set: without one it holds at once, so that a day to come that stands in the file goes. The
// file holds one price of a thing: one for later would put the present one out of force until then.
func (c *overrideSetCmd) fromWhen(data []byte, list string, id, set map[string]any, from catalog.Date) error {
	now := time.Now()
	old, found := pricing.OverrideFrom(data, catalog.Default(), list, id)
	switch {
	case found && from.IsZero() && old.After(now):
		set["from"] = nil
	case found && from.After(now) && !old.After(now):
		return usagef("--from %s: another price of this is in force, and list prices would hold until then; set the new one on its day, or remove the present one first", from)
	}
	return nil
}

// warnOfDoubts says which negotiated prices are far off the list.
func warnOfDoubts(a *app, data []byte) error {
	r := pricing.NewResolver(catalog.Default())
	entries, _, err := pricing.CheckOverride(data, r)
	if err != nil {
		return err
	}
	for _, d := range pricing.OverrideDoubts(entries, r) {
		fmt.Fprintf(a.stderr, "llmadvise: %s; prices are in USD per 1M tokens, or per hour for the whole instance\n", d)
	}
	return nil
}

type overrideRemoveCmd struct{ overrideTarget }

func (c *overrideRemoveCmd) Run(ctx context.Context, a *app) error {
	list, id, err := c.entry()
	if err != nil {
		return err
	}
	data, err := readOverrideFile(c.path(a))
	if err != nil {
		return err
	}
	data, found, err := pricing.RemoveOverride(data, catalog.Default(), list, id)
	if err != nil {
		return fmt.Errorf("%s is left as it was: %w", c.path(a), err)
	}
	if !found {
		return usagef("%s has no such price; `llmadvise prices override` lists those it has", c.path(a))
	}
	if err := writeAtomic(c.path(a), data); err != nil {
		return err
	}
	return c.apply(ctx, a, fmt.Sprintf("Removed from %s.", c.path(a)), "Advice rests on list prices again, in a running bot that uses this file too.")
}

// apply puts the file into the stored prices, so that a running bot advises on it at once.
func (t *overrideTarget) apply(ctx context.Context, a *app, done, holds string) error {
	m, closeStore, err := t.openMarket(ctx, a)
	if err != nil {
		return fmt.Errorf("%s It could not be put in force: %w", done, err)
	}
	defer closeStore()
	f := feeds.NewFetcher(a.log, feeds.Options{Offline: true})
	defer f.Close()
	res, err := m.NewRefresher(a.log, f, []feeds.Source{t.source(a)}).Refresh(ctx)
	switch {
	case err != nil:
		return fmt.Errorf("%s It could not be put in force: %w", done, err)
	case res.Outcomes[0].Problem != "":
		return fmt.Errorf("%s It could not be put in force: %s", done, res.Outcomes[0].Problem)
	}
	_, err = fmt.Fprintln(a.stdout, done, holds)
	return err
}

// writeAtomic replaces a file as a whole: a reader sees the old one or the new one, also over a crash.
func writeAtomic(path string, data []byte) error {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, ".negotiated-*")
	if err != nil {
		return fmt.Errorf("%s cannot be written: %w", path, err)
	}
	defer func() { _ = os.Remove(f.Name()) }() // gone already after the rename
	_, err = f.Write(data)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("%s cannot be written: %w", path, err)
	}
	return os.Rename(f.Name(), path)
}
