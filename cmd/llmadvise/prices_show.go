package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/llmadvise/llmadvise/advisor/catalog"
	"github.com/llmadvise/llmadvise/advisor/pricing"
	"github.com/llmadvise/llmadvise/advisor/quantity"
)

type pricesShowCmd struct {
	priceFlags
	Model     string  `help:"Only this model, however it is written." placeholder:"NAME"`
	Provider  string  `help:"Only this provider." placeholder:"NAME"`
	Input     float64 `help:"Input tokens of a query." default:"1200"`
	Output    float64 `help:"Output tokens of a query." default:"300"`
	Reasoning float64 `help:"Hidden tokens of a query, on models that bill them." default:"0"`
	Cached    float64 `help:"Share of the input that comes from the provider's prompt cache, 0 to 1." default:"0"`
	Batch     bool    `help:"At batch prices."`
	Limit     int     `help:"Show at most so many; 0 for all." default:"25"`
	JSON      bool    `help:"Machine-readable output."`
}

// priceRow is one line of `prices show --json`. Prices are USD per million tokens.
type priceRow struct {
	Offer            string         `json:"offer"`
	Provider         string         `json:"provider"`
	Model            string         `json:"model"`
	Class            catalog.Class  `json:"class"`
	Region           string         `json:"region,omitempty"`
	Input            *float64       `json:"input"`
	Output           *float64       `json:"output"`
	CacheRead        *float64       `json:"cache_read"`
	CacheWrite       *float64       `json:"cache_write"`
	BatchInput       *float64       `json:"batch_input"`
	BatchOutput      *float64       `json:"batch_output"`
	Tiers            []catalog.Tier `json:"tiers,omitempty"`
	USDPerQuery      float64        `json:"usd_per_query"`
	EffectivePerMTok float64        `json:"effective_usd_per_mtok"`
	ListPerMTok      float64        `json:"list_usd_per_mtok"`
	Since            catalog.Date   `json:"since"`
	Source           string         `json:"source"`            // feed
	AsOf             catalog.Date   `json:"as_of"`             // the feed's own date, or that of the fetch
	Fetched          time.Time      `json:"fetched,omitzero"`  // zero: built in
	Licence          string         `json:"licence,omitempty"` // of the feed
	Context          int            `json:"context,omitempty"`
	Quantisation     string         `json:"quantisation,omitempty"`
	EndOfLife        catalog.Date   `json:"end_of_life,omitzero"`
	Note             string         `json:"note,omitempty"`
}

func (c *pricesShowCmd) Run(ctx context.Context, a *app) error {
	cat, snap, err := c.prices(ctx, a)
	if err != nil {
		return err
	}
	offers, err := c.offers(cat)
	if err != nil {
		return err
	}
	if c.Cached < 0 || c.Cached > 1 || c.Input < 0 || c.Output < 0 || c.Reasoning < 0 || c.Input+c.Output == 0 {
		return usagef("token counts must not be negative, and --cached is a share: 0 to 1")
	}
	ranked := pricing.Rank(offers, pricing.Mix{
		Input: c.Input, Output: c.Output, Reasoning: c.Reasoning, CachedShare: c.Cached, Batch: c.Batch,
	})
	if c.Limit > 0 && len(ranked) > c.Limit {
		ranked = ranked[:c.Limit]
	}
	if c.JSON {
		rows := make([]priceRow, 0, len(ranked))
		for _, r := range ranked {
			rows = append(rows, rowOf(r, snap))
		}
		return writeJSON(a.stdout, map[string]any{"schema_version": 1, "as_of": cat.AsOf, "prices": rows})
	}
	if len(ranked) == 0 {
		_, err := fmt.Fprintln(a.stdout, "No priced offer fits. Without --batch, --model or --provider there are more.")
		return err
	}
	return c.print(a.stdout, ranked, cat.AsOf)
}

// offers are those that the flags leave.
func (c *pricesShowCmd) offers(cat *catalog.Catalog) ([]catalog.Offer, error) {
	var model, provider string
	if c.Model != "" {
		id, ok := cat.ModelID(c.Model)
		if !ok {
			return nil, usagef("no model %q in the catalog; try llama-3.3-70b or gpt-4.1", c.Model)
		}
		model = id
	}
	if c.Provider != "" {
		p, ok := cat.Provider(c.Provider)
		if !ok {
			return nil, usagef("no provider %q in the catalog; try bedrock, openai or groq", c.Provider)
		}
		provider = p.ID
	}
	var out []catalog.Offer
	for _, o := range cat.Offers {
		if (model == "" || o.ModelID == model) && (provider == "" || o.ProviderID == provider) {
			out = append(out, o)
		}
	}
	return out, nil
}

func rowOf(r pricing.Ranked, snap *pricing.Snapshot) priceRow {
	o := r.Offer
	var fetched time.Time
	if f := snap.State(o.Source.ID); f != nil {
		fetched = f.Fetched
	}
	return priceRow{
		Offer: o.ID, Provider: o.Provider, Model: o.ModelID, Class: o.Class, Region: o.Region, Input: o.Rates.Input,
		Output: o.Rates.Output, CacheRead: o.Rates.CacheRead, CacheWrite: o.Rates.CacheWrite,
		BatchInput: o.Rates.BatchInput, BatchOutput: o.Rates.BatchOutput, Tiers: o.Tiers, USDPerQuery: r.USDPerQuery,
		EffectivePerMTok: r.USDPerMTok, ListPerMTok: r.ListUSDPerMTok, Since: o.Since, Source: o.Source.ID, AsOf: o.Source.Date,
		Fetched: fetched, Licence: o.Source.Licence, Context: o.Context, Quantisation: o.Quantisation, EndOfLife: o.EndOfLife, Note: o.Note,
	}
}

func (c *pricesShowCmd) print(w io.Writer, ranked []pricing.Ranked, asOf catalog.Date) error {
	fmt.Fprintf(w, "Prices of %s, for %s; USD per 1M tokens.\nYOUR MIX spreads what a query costs over the tokens that you see; LIST MIX is the same without cache, batch and hidden tokens.\n\n",
		asOf, c.mixWords())
	tw := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	fmt.Fprintln(tw, "MODEL\tPROVIDER\tIN\tOUT\tCACHED IN\tYOUR MIX\tLIST MIX\tA QUERY\tSINCE\tSOURCE")
	for _, r := range ranked {
		o := r.Offer
		fmt.Fprintf(tw, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", o.Name, cmp.Or(strings.TrimSpace(o.Provider+" "+o.Region), o.ProviderID),
			orDash(o.Rates.Input), orDash(o.Rates.Output), orDash(o.Rates.CacheRead), number(r.USDPerMTok), number(r.ListUSDPerMTok),
			quantity.USD(r.USDPerQuery), dash(o.Since.String()), o.Source.ID)
	}
	return tw.Flush()
}

// mixWords says what a query consumes.
func (c *pricesShowCmd) mixWords() string {
	s := quantity.Count(c.Input) + " tokens in and " + quantity.Count(c.Output) + " out a query"
	if c.Cached > 0 {
		s += fmt.Sprintf(", %g %% of the input from the cache", 100*c.Cached)
	}
	if c.Reasoning > 0 {
		s += ", " + quantity.Count(c.Reasoning) + " hidden on models that bill them"
	}
	if c.Batch {
		s += ", in batches"
	}
	return s
}

func orDash(p *float64) string {
	if p == nil {
		return "-"
	}
	return number(*p)
}

func number(v float64) string { return strconv.FormatFloat(quantity.RoundSig(v, 4), 'f', -1, 64) }
