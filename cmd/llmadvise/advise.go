package main

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/llmadvise/llmadvise/advisor"
	"github.com/llmadvise/llmadvise/advisor/catalog"
	"github.com/llmadvise/llmadvise/advisor/intake"
	"github.com/llmadvise/llmadvise/advisor/report"
)

// adviseCmd answers a request in the user's own words, with what-if changes.
type adviseCmd struct {
	priceFlags
	Text     []string `arg:"" optional:"" help:"What is to be served, e.g. \"300k queries, HIPAA\"."`
	JSON     bool     `help:"Machine-readable output." xor:"form"`
	Markdown bool     `help:"The whole report as Markdown." xor:"form"`
	Explain  bool     `help:"Show every section, and each number with its formula, inputs and sources."`
	Set      []string `help:"Change an input: volume=600k, gpu=L40S, latency_p95_s=2 ... May be repeated." placeholder:"KEY=VALUE" sep:"none"`
	Compare  []string `help:"Weigh only these models against each other." placeholder:"MODEL,MODEL"`
	Sweep    string   `help:"Answer over a range of one input: CSV on standard output, a chart on standard error." placeholder:"volume=10k..10M"`
	Points   int      `help:"Points of a sweep." default:"13"`
	Chart    string   `help:"Also draw the chart into this .svg or .png file." type:"path" placeholder:"FILE"`
	Draws    int      `help:"Monte Carlo draws (0: the default)." default:"0"`
	Seed     uint64   `help:"Seed of the draws (0: the default)." default:"0"`
}

func (c *adviseCmd) Run(ctx context.Context, a *app) error {
	cat := c.catalog(ctx, a)
	w, err := c.workload(cat)
	if err != nil {
		return err
	}
	if c.Sweep != "" {
		return c.sweep(a, w, cat)
	}
	adv, err := advisor.AdviseWith(w, cat, advisor.Options{Draws: c.Draws, Seed: c.Seed, NoTrace: !c.Explain})
	if err != nil {
		return usageError{err}
	}
	doc := report.FromAdvice(adv)
	if c.Chart != "" {
		if err := c.drawAdvice(doc); err != nil {
			return err
		}
	}
	switch {
	case c.JSON:
		return writeJSON(a.stdout, report.JSON(adv))
	case c.Markdown:
		_, err = io.WriteString(a.stdout, report.Markdown(doc))
	default:
		_, err = io.WriteString(a.stdout, report.Text(doc, report.TextOptions{Folded: c.Explain}))
	}
	return err
}

// workload reads the request and applies --set and --compare.
func (c *adviseCmd) workload(cat *catalog.Catalog) (advisor.Workload, error) {
	text := strings.Join(c.Text, " ")
	names := intake.NamesFrom(cat)
	w := intake.Parse(text, names)
	if err := intake.Check(text, w); err != nil && len(c.Set) == 0 {
		return w, usageError{err}
	}
	for _, s := range c.Set {
		if err := intake.Set(&w, s, names); err != nil {
			return w, usageError{fmt.Errorf("--set %s: %w", s, err)}
		}
	}
	if len(c.Compare) > 0 {
		w.Models = nil
	}
	for _, name := range c.Compare {
		id, ok := cat.ModelID(name)
		if !ok {
			return w, usagef("--compare: no model %q in the catalog; llmadvise prices lists them", name)
		}
		w.Models = append(w.Models, id)
	}
	return w, nil
}

func (c *adviseCmd) sweep(a *app, w advisor.Workload, cat *catalog.Catalog) error {
	r, err := intake.SweepRange(c.Sweep)
	if err != nil {
		return usageError{fmt.Errorf("--sweep: %w", err)}
	}
	if c.Points < 2 || c.Points > 1000 {
		return usagef("--points %d: give 2 to 1000", c.Points)
	}
	points, err := advisor.Sweep(w, cat, r.Field, r.Points(c.Points))
	if err != nil {
		return usageError{err}
	}
	header, rows := report.SweepRows(r.Field, points)
	out := csv.NewWriter(a.stdout)
	if err := errors.Join(out.Write(header), out.WriteAll(rows)); err != nil {
		return err
	}
	chart := report.SweepChart(r.Field, points)
	fmt.Fprint(a.stderr, report.ChartText(chart, 0))
	if c.Chart != "" {
		return writeChart(c.Chart, chart)
	}
	return nil
}

// drawAdvice writes the chart of the answer itself.
func (c *adviseCmd) drawAdvice(d report.Document) error {
	for i := range d.Sections {
		if ch := d.Sections[i].Chart; ch != nil {
			return writeChart(c.Chart, ch)
		}
	}
	return errors.New("this answer has no chart")
}

func writeChart(file string, c *report.Chart) error {
	format := strings.TrimPrefix(strings.ToLower(filepath.Ext(file)), ".")
	if format != "svg" && format != "png" {
		return usagef("--chart %s: the name must end in .svg or .png", file)
	}
	b, err := report.Draw(c, format)
	if err != nil {
		return fmt.Errorf("draw the chart: %w", err)
	}
	if err := os.WriteFile(file, b, 0o644); err != nil {
		return fmt.Errorf("write the chart: %w; give --chart a folder that can be written to", err)
	}
	return nil
}
