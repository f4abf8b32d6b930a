package main

import (
	"context"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/llmadvise/llmadvise/advisor/catalog"
	"github.com/llmadvise/llmadvise/advisor/pricing"
)

// pricesFeedsCmd says how far the stored prices can be trusted.
type pricesFeedsCmd struct {
	priceFlags
	Quarantined   bool `help:"List every price that was not believed." xor:"what"`
	Unresolved    bool `help:"List what the feeds price and no alias and no name of the catalog knows." xor:"what"`
	Disagreements bool `help:"List the prices on which feeds differ by more than 5 %." xor:"what"`
	JSON          bool `help:"Machine-readable output: all of it."`
}

// feedHealth is one feed in `prices feeds --json`.
type feedHealth struct {
	Name        string                `json:"name"`
	Shape       pricing.Shape         `json:"shape"`
	Licence     string                `json:"licence,omitempty"`
	Fetched     time.Time             `json:"fetched,omitzero"`
	Checked     time.Time             `json:"checked,omitzero"` // last found in order, changed or not
	Date        catalog.Date          `json:"feed_date"`
	Entries     int                   `json:"entries"`
	Resolved    int                   `json:"resolved"`
	Problem     string                `json:"problem,omitempty"`
	ProblemAt   time.Time             `json:"problem_at,omitzero"`
	Quarantined []pricing.Quarantined `json:"quarantined"`
	Unresolved  []unresolved          `json:"unresolved"`
}

type unresolved struct {
	Provider string `json:"provider"`
	Model    string `json:"model"`
}

func (c *pricesFeedsCmd) Run(ctx context.Context, a *app) error {
	m, closeStore, err := c.openStoredMarket(ctx, a)
	if err != nil {
		return err
	}
	defer closeStore()
	var snap *pricing.Snapshot
	if m != nil {
		if snap, err = m.LatestSnapshot(ctx); err != nil {
			return err
		}
	}
	snap = c.negotiated(a, snap)
	cat := inForce(snap)
	if snap == nil {
		snap = &pricing.Snapshot{}
	}
	health := healthOf(snap, cat)
	for i := range health {
		if m == nil { // the file of negotiated prices alone
			break
		}
		v, err := m.LoadValidators(ctx, health[i].Name)
		if err != nil {
			return err
		}
		health[i].Checked = v.Checked
	}
	votes := disagreements(snap, cat)
	switch {
	case c.JSON:
		return writeJSON(a.stdout, map[string]any{"schema_version": 1, "feeds": health, "disagreements": votes})
	case len(health) == 0:
		_, err = fmt.Fprintf(a.stdout, "No prices are stored yet: advice rests on the built-in ones of %s. `llmadvise prices refresh` fetches the feeds.\n", cat.AsOf)
	case c.Quarantined:
		printQuarantine(a.stdout, snap, feedNames(health), 0)
	case c.Unresolved:
		err = printUnresolved(a.stdout, health)
	case c.Disagreements:
		err = printVotes(a.stdout, votes)
	default:
		err = printHealth(a.stdout, health, len(votes))
	}
	return err
}

func feedNames(health []feedHealth) []string {
	var out []string
	for _, h := range health {
		out = append(out, h.Name)
	}
	return out
}

func healthOf(s *pricing.Snapshot, cat *catalog.Catalog) []feedHealth {
	r := pricing.NewResolver(cat)
	out := []feedHealth{}
	for i := range s.Feeds {
		f := &s.Feeds[i]
		h := feedHealth{
			Name: f.Name, Shape: f.Shape, Licence: pricing.Licence(f.Shape), Fetched: f.Fetched, Date: f.Date, Entries: len(f.Entries),
			Problem: f.Problem, ProblemAt: f.ProblemAt, Quarantined: f.Quarantined, Unresolved: []unresolved{},
		}
		if h.Quarantined == nil {
			h.Quarantined = []pricing.Quarantined{}
		}
		for _, e := range r.Unresolved(f.Feed()) {
			h.Unresolved = append(h.Unresolved, unresolved{e.Provider, e.Model})
		}
		h.Resolved = h.Entries - len(h.Unresolved)
		out = append(out, h)
	}
	return out
}

func disagreements(s *pricing.Snapshot, cat *catalog.Catalog) []pricing.Vote {
	out := []pricing.Vote{}
	for _, v := range pricing.Votes(s, pricing.NewResolver(cat), catalog.DateOf(time.Now())) {
		if v.Disagree() {
			out = append(out, v)
		}
	}
	return out
}

func printHealth(w io.Writer, health []feedHealth, votes int) error {
	tw := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	fmt.Fprintln(tw, "FEED\tPRICES OF (UTC)\tCHECKED (UTC)\tFEED'S DATE\tENTRIES\tKNOWN\tSET ASIDE\tLATEST READING")
	set, unknown := 0, 0
	for _, h := range health {
		latest := "accepted"
		if h.Problem != "" {
			latest = "refused: " + h.Problem
		}
		day := h.Date.String()
		if day == "" {
			day = "-"
		}
		fmt.Fprintf(tw, "%s\t%s\t%s\t%s\t%d\t%d\t%d\t%s\n", h.Name, moment(h.Fetched), moment(h.Checked), day, h.Entries, h.Resolved, len(h.Quarantined), latest)
		set, unknown = set+len(h.Quarantined), unknown+len(h.Unresolved)
	}
	if err := tw.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, "\n%d set aside (--quarantined), %d not known to the catalog (--unresolved), %s on which feeds differ by more than 5 %% (--disagreements).\n",
		set, unknown, plural(votes, "price", "prices"))
	return err
}

func moment(t time.Time) string {
	if t.IsZero() {
		return "never"
	}
	return t.UTC().Format("2006-01-02 15:04")
}

func printUnresolved(w io.Writer, health []feedHealth) error {
	tw := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	fmt.Fprintln(tw, "FEED\tPROVIDER\tMODEL")
	for _, h := range health {
		for _, u := range h.Unresolved {
			fmt.Fprintf(tw, "%s\t%s\t%s\n", h.Name, u.Provider, u.Model)
		}
	}
	return tw.Flush()
}

func printVotes(w io.Writer, votes []pricing.Vote) error {
	tw := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	fmt.Fprintln(tw, "PROVIDER\tMODEL\tFIELD\tTAKEN\tFROM\tTHEY SAY")
	for _, v := range votes {
		says := ""
		for i, s := range v.Says {
			if i > 0 {
				says += ", "
			}
			says += s.Feed + " " + number(s.USD)
		}
		if v.Doubtful() {
			says += " (more than threefold: believed only where the built-in price bears it out)"
		}
		fmt.Fprintf(tw, "%s\t%s\t%s\t%s\t%s\t%s\n", v.ProviderID, v.ModelID, v.Field, number(v.Chosen.USD), v.Chosen.Feed, says)
	}
	return tw.Flush()
}
