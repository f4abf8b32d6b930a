package main

import (
	"cmp"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/llmadvise/llmadvise/advisor/catalog"
	"github.com/llmadvise/llmadvise/advisor/pricing"
	"github.com/llmadvise/llmadvise/advisor/quantity"
)

// pricesCmd groups what can be asked of prices.
type pricesCmd struct {
	Show   pricesShowCmd   `cmd:"" help:"List prices, ranked by what your own mix of tokens costs."`
	Diff   pricesDiffCmd   `cmd:"" help:"Say what changed between two files of one price feed."`
	Derive pricesDeriveCmd `cmd:"" help:"Make the catalog's offer table from price feeds (for maintainers)."`
}

// maxFeedBytes bounds a feed file; the largest real one is some 3 MB.
const maxFeedBytes = 256 << 20

// readFeed reads one feed file; the shape is recognised from its bytes. The name of a SkyPilot catalog's folder names
// its cloud.
func readFeed(path string) (*pricing.Feed, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxFeedBytes+1))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
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
	Old  string `arg:"" help:"The older feed file." type:"path"`
	New  string `arg:"" help:"The newer feed file, of the same feed." type:"path"`
	JSON bool   `help:"Machine-readable output: changes[] and quarantined[], in USD per million tokens where a price is for tokens."`
}

func (c *pricesDiffCmd) Run(a *app) error {
	old, err := readFeed(c.Old)
	if err != nil {
		return err
	}
	new, err := readFeed(c.New)
	if err != nil {
		return err
	}
	r, err := pricing.Diff(old, new)
	if err != nil {
		return usagef("%v", err)
	}
	if c.JSON {
		return writeJSON(a.stdout, r)
	}
	return printDiff(a.stdout, r)
}

func printDiff(w io.Writer, r *pricing.Report) error {
	n := r.Counts
	fmt.Fprintf(w, "%s: %d models added, %d removed; %d prices changed, %d added, %d removed; %d quarantined\n",
		r.Feed, n.ModelsAdded, n.ModelsRemoved, n.PricesChanged, n.PricesAdded, n.PricesRemoved, n.Quarantined)
	for _, s := range r.Warnings {
		fmt.Fprintln(w, "warning:", s)
	}
	tw := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	for _, c := range r.Changes {
		fmt.Fprintf(tw, "%s\t%s\t%s\t%s\t%s\n", c.Kind, c.Provider, c.Model, fieldName(c.Field), change(c.Old, c.New))
	}
	for _, q := range r.Quarantined {
		instead := "the old price stays"
		if q.Old == nil {
			instead = "left out"
		}
		fmt.Fprintf(tw, "quarantined\t%s\t%s\t%s\t%s (%s; %s)\n", q.Provider, q.Model, fieldName(q.Field),
			change(q.Old, q.New), q.Why, instead)
	}
	return tw.Flush()
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
		if in, ok := v["input"]; ok {
			return "in " + amount(in) + ", out " + amount(v["output"])
		}
		return fmt.Sprintf("%d prices", len(v))
	default:
		return fmt.Sprint(v)
	}
}

type pricesShowCmd struct {
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
	Source           string         `json:"source"`
	AsOf             catalog.Date   `json:"as_of"`
}

func (c *pricesShowCmd) Run(a *app) error {
	cat := catalog.Default()
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
			rows = append(rows, rowOf(r))
		}
		return writeJSON(a.stdout, map[string]any{"as_of": cat.AsOf, "prices": rows})
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

func rowOf(r pricing.Ranked) priceRow {
	o := r.Offer
	return priceRow{
		Offer: o.ID, Provider: o.Provider, Model: o.ModelID, Class: o.Class, Region: o.Region, Input: o.Rates.Input,
		Output: o.Rates.Output, CacheRead: o.Rates.CacheRead, CacheWrite: o.Rates.CacheWrite,
		BatchInput: o.Rates.BatchInput, BatchOutput: o.Rates.BatchOutput, Tiers: o.Tiers, USDPerQuery: r.USDPerQuery,
		EffectivePerMTok: r.USDPerMTok, ListPerMTok: r.ListUSDPerMTok, Since: o.Since, Source: o.Source.ID, AsOf: o.Source.Date,
	}
}

func (c *pricesShowCmd) print(w io.Writer, ranked []pricing.Ranked, asOf catalog.Date) error {
	fmt.Fprintf(w, "Prices of %s, for %s tokens in and %s out a query; USD per 1M tokens.\n\n", asOf,
		quantity.Count(c.Input), quantity.Count(c.Output))
	tw := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	fmt.Fprintln(tw, "MODEL\tPROVIDER\tIN\tOUT\tCACHED IN\tYOUR MIX\tLIST MIX\tA QUERY")
	for _, r := range ranked {
		o := r.Offer
		fmt.Fprintf(tw, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", o.Name, cmp.Or(strings.TrimSpace(o.Provider+" "+o.Region), o.ProviderID),
			orDash(o.Rates.Input), orDash(o.Rates.Output), orDash(o.Rates.CacheRead), number(r.USDPerMTok), number(r.ListUSDPerMTok),
			quantity.USD(r.USDPerQuery))
	}
	return tw.Flush()
}

func orDash(p *float64) string {
	if p == nil {
		return "-"
	}
	return number(*p)
}

func number(v float64) string { return strconv.FormatFloat(quantity.RoundSig(v, 4), 'f', -1, 64) }

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
