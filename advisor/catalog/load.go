package catalog

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
	"sync"
)

//go:embed data/*.csv
var embedded embed.FS

// Default returns the catalog that is compiled into the binary. It is read once and shared: callers must not change
// it. A broken table is a programmer's mistake that the tests catch, so Default panics on it.
func Default() *Catalog { return defaultCatalog() }

var defaultCatalog = sync.OnceValue(func() *Catalog {
	data, err := fs.Sub(embedded, "data")
	if err == nil {
		var c *Catalog
		if c, err = Load(data); err == nil {
			return c
		}
	}
	panic(err)
})

// Load reads the tables of a catalog from fsys: models.csv, shapes.csv, api_models.csv, providers.csv, accelerators.csv,
// offers.csv, gpu_offers.csv, terms.csv, scores.csv, seats.csv and sources.csv. The error names every bad cell.
func Load(fsys fs.FS) (*Catalog, error) {
	l := loader{sources: map[string]Source{}}
	err := errors.Join(
		readTable(fsys, "sources.csv", l.source), // first: the others refer to it
		readTable(fsys, "models.csv", func(r row) { l.cat.Models = append(l.cat.Models, l.model(r)) }),
		readTable(fsys, "shapes.csv", func(r row) { l.cat.Shapes = append(l.cat.Shapes, l.model(r)) }),
		readTable(fsys, "api_models.csv", l.apiModel),
		readTable(fsys, "providers.csv", l.provider),
		readTable(fsys, "accelerators.csv", l.accelerator),
		readTable(fsys, "offers.csv", l.offer),
		readTable(fsys, "gpu_offers.csv", l.gpuOffer),
		readTable(fsys, "terms.csv", l.terms),
		readTable(fsys, "scores.csv", l.score),
		readTable(fsys, "seats.csv", l.seat),
	)
	if err != nil {
		return nil, err
	}
	l.cat.AsOf = youngestPrice(&l.cat)
	return New(l.cat), nil
}

// youngestPrice is the day of the latest API price: what "as of" means to a reader.
func youngestPrice(c *Catalog) Date {
	var d Date
	for i := range c.Offers {
		if s := c.Offers[i].Source.Date; s.After(d.Time) {
			d = s
		}
	}
	return d
}

type loader struct {
	cat     Catalog
	sources map[string]Source
}

func (l *loader) source(r row) {
	s := Source{ID: r.str("id"), Title: r.str("title"), URL: r.str("url"), Licence: r.str("licence"), Date: r.date("date")}
	if _, dup := l.sources[s.ID]; dup {
		r.fail("id", fmt.Errorf("%q twice", s.ID))
	}
	l.sources[s.ID] = s
}

// sourceOf resolves the source columns of a row: an id of sources.csv, and where the row has them a more exact title,
// address and day of its own.
func (l *loader) sourceOf(r row, col string) Source {
	id := r.str(col)
	s, ok := l.sources[id]
	if !ok {
		r.fail(col, fmt.Errorf("%q is not in sources.csv", id))
	}
	for suffix, field := range map[string]*string{"_title": &s.Title, "_url": &s.URL} {
		if _, has := r.cols[col+suffix]; has && r.str(col+suffix) != "" {
			*field = r.str(col + suffix)
		}
	}
	if _, has := r.cols[col+"_date"]; has && r.str(col+"_date") != "" {
		s.Date = r.date(col + "_date")
	}
	return s
}

func (l *loader) model(r row) Model {
	const billion = 1e9
	return Model{
		ID: r.str("id"), Name: r.str("name"), Family: r.str("family"), Aliases: r.list("aliases"),
		Layers: r.int("layers"), Hidden: r.int("hidden"), Heads: r.int("heads"), KVHeads: r.int("kv_heads"),
		HeadDim: r.int("head_dim"), Intermediate: r.int("intermediate"), Vocab: r.int("vocab"),
		ParamsTotal: r.float("params_total") * billion, ParamsActive: r.float("params_active") * billion,
		Experts: r.int("experts"), ExpertsPerToken: r.int("experts_per_token"), Context: r.int("context"),
		KV: KVKind(r.str("kv_kind")), KVGrowingLayers: r.int("kv_growing_layers"), SWAWindow: r.int("swa_window"),
		KVBytesPerToken16: int64(r.int("kv_bytes_per_token_16bit")), NativePrecision: r.str("native_precision"),
		Reasoning: r.yes("reasoning"),
		License:   r.str("license"), LicenseNote: r.str("license_note"), Recalled: r.list("recalled"), Note: r.str("note"),
		Source: l.sourceOf(r, "source"),
	}
}

func (l *loader) apiModel(r row) {
	l.cat.APIModels = append(l.cat.APIModels, APIModel{
		ID: r.str("id"), Name: r.str("name"), Vendor: r.str("vendor"), Class: Class(r.str("class")),
		Aliases: r.list("aliases"), Reasoning: r.yes("reasoning"), Successor: r.str("successor"),
	})
}

func (l *loader) seat(r row) {
	l.cat.Seats = append(l.cat.Seats, Seat{Kind: r.str("kind"), Who: r.str("who"), Country: r.str("country"), Source: l.sourceOf(r, "source")})
}

func (l *loader) provider(r row) {
	l.cat.Providers = append(l.cat.Providers, Provider{
		ID: r.str("id"), Name: r.str("name"), Aliases: r.list("aliases"), EU: r.yes("eu"), Regions: r.list("regions"),
	})
}

func (l *loader) accelerator(r row) {
	a := Accelerator{
		ID: r.str("id"), Name: r.str("name"), Vendor: r.str("vendor"), Aliases: r.list("aliases"),
		VRAMGB: r.float("vram_gb"), UsableGiB: r.float("usable_gib"), InlineECC: r.yes("inline_ecc"), BandwidthGBps: r.float("bandwidth_gbps"),
		BF16: r.num("bf16_tflops"), FP8: r.num("fp8_tflops"), INT8: r.num("int8_tops"), FP4: r.num("fp4_tflops"),
		FP16HalfAcc: r.num("fp16_half_acc_tflops"), Units: r.int("units"), BoostGHz: r.float("boost_ghz"),
		TDPWatts: r.float("tdp_w"), LinkGBps: r.float("link_gbps"), NVLink: r.yes("nvlink"),
		MAMFBF16: r.num("mamf_bf16_tflops"), AllInKW: r.num("allin_kw"), Recalled: r.list("recalled"),
		Note: r.str("note"), Source: l.sourceOf(r, "source"),
	}
	if lo, hi := r.num("purchase_low_usd"), r.num("purchase_high_usd"); lo != nil && hi != nil {
		a.PurchaseUSD = &[2]float64{*lo, *hi}
		a.PurchaseSource = l.sourceOf(r, "purchase_source")
	}
	l.cat.Accelerators = append(l.cat.Accelerators, a)
}

func (l *loader) rates(r row) Rates {
	return Rates{
		Input: r.num("input"), Output: r.num("output"), CacheRead: r.num("cache_read"), CacheWrite: r.num("cache_write"),
		BatchInput: r.num("batch_input"), BatchOutput: r.num("batch_output"),
	}
}

func (l *loader) offer(r row) {
	o := Offer{
		ID: r.str("id"), Provider: r.str("provider"), ProviderID: r.str("provider_id"), Class: Class(r.str("class")),
		ModelID: r.str("model_id"), FeedID: r.str("feed_id"), Name: r.str("name"), Region: r.str("region"),
		Rates: l.rates(r), Context: r.int("context"), Quantisation: r.str("quantisation"), Reasoning: r.yes("reasoning"),
		Preview: r.yes("preview"), Free: r.yes("free"), Deprecated: r.yes("deprecated"), EndOfLife: r.date("end_of_life"),
		Since: r.date("since"), Note: r.str("note"), Source: l.sourceOf(r, "source"),
	}
	var err error
	if o.Tiers, err = ParseTiers(r.str("tiers")); err != nil {
		r.fail("tiers", err)
	}
	if o.Conditions, err = ParseConditions(r.str("conditions")); err != nil {
		r.fail("conditions", err)
	}
	if speed, ttft := r.num("output_tok_s"), r.num("ttft_ms"); speed != nil || ttft != nil {
		o.Speed = &Speed{OutputTokPerS: speed, TTFTms: ttft, Source: l.sourceOf(r, "speed_source")}
	}
	l.cat.Offers = append(l.cat.Offers, o)
}

func (l *loader) gpuOffer(r row) {
	l.cat.GPUOffers = append(l.cat.GPUOffers, GPUOffer{
		ID: r.str("id"), Provider: r.str("provider"), ProviderID: r.str("provider_id"), Instance: r.str("instance"),
		Region: r.str("region"), Accelerator: r.str("accelerator"), Count: r.int("count"),
		USDPerHour: r.float("usd_per_hour"), Commitment: Commitment(r.str("commitment")), Source: l.sourceOf(r, "source"),
	})
}

func (l *loader) terms(r row) {
	l.cat.Terms = append(l.cat.Terms, Terms{
		ProviderID: r.str("provider_id"), Endpoint: r.str("endpoint"), BAA: r.maybe("baa"), BAANote: r.str("baa_note"),
		EUResidency: r.maybe("eu_residency"), ZeroRetention: r.maybe("zero_retention"), DPA: r.maybe("dpa"),
		SOC2: r.maybe("soc2"), PCI: r.maybe("pci"), ISO27001: r.maybe("iso27001"), FedRAMP: r.maybe("fedramp"),
		Note: r.str("note"), Source: l.sourceOf(r, "source"),
	})
}

func (l *loader) score(r row) {
	l.cat.Scores = append(l.cat.Scores, Score{
		ModelID: r.str("model_id"), Benchmark: r.str("benchmark"), Task: r.str("task"), Percent: r.float("percent"),
		Source: l.sourceOf(r, "source"),
	})
}

// rateFields are the names of prices in the tiers and conditions columns, in the order in which they are written.
var rateFields = []struct {
	name string
	at   func(*Rates) **float64
}{
	{"input", func(r *Rates) **float64 { return &r.Input }},
	{"output", func(r *Rates) **float64 { return &r.Output }},
	{"cache_read", func(r *Rates) **float64 { return &r.CacheRead }},
	{"cache_write", func(r *Rates) **float64 { return &r.CacheWrite }},
	{"batch_input", func(r *Rates) **float64 { return &r.BatchInput }},
	{"batch_output", func(r *Rates) **float64 { return &r.BatchOutput }},
}

// FormatRates writes the prices that are known as "input=2 output=8".
func FormatRates(r Rates) string {
	var parts []string
	for _, f := range rateFields {
		if p := *f.at(&r); p != nil {
			parts = append(parts, f.name+"="+strconv.FormatFloat(*p, 'f', -1, 64))
		}
	}
	return strings.Join(parts, " ")
}

func parseRates(s string) (Rates, error) {
	var r Rates
next:
	for part := range strings.FieldsSeq(s) {
		name, value, _ := strings.Cut(part, "=")
		for _, f := range rateFields {
			if f.name != name {
				continue
			}
			v, err := strconv.ParseFloat(value, 64)
			if err != nil {
				return r, fmt.Errorf("%q: %w", part, err)
			}
			*f.at(&r) = &v
			continue next
		}
		return r, fmt.Errorf("%q: no such price", part)
	}
	return r, nil
}

// FormatTiers writes tiers as "200000: input=2.5 output=15; 500000: input=5", the form of offers.csv.
func FormatTiers(ts []Tier) string {
	parts := make([]string, len(ts))
	for i, t := range ts {
		parts[i] = strconv.Itoa(t.AboveInputTokens) + ": " + FormatRates(t.Rates)
	}
	return strings.Join(parts, "; ")
}

// ParseTiers reads what FormatTiers writes.
func ParseTiers(s string) ([]Tier, error) {
	if s == "" {
		return nil, nil
	}
	var out []Tier
	for part := range strings.SplitSeq(s, ";") {
		above, rates, _ := strings.Cut(part, ":")
		n, err := strconv.Atoi(strings.TrimSpace(above))
		if err != nil {
			return nil, fmt.Errorf("tier %q: want TOKENS: PRICES", strings.TrimSpace(part))
		}
		r, err := parseRates(rates)
		if err != nil {
			return nil, err
		}
		out = append(out, Tier{AboveInputTokens: n, Rates: r})
	}
	return out, nil
}

// FormatConditions writes conditions as "from 2026-09-01 | input=3 output=15 / daily 00:30-16:30 | input=1", the form
// of offers.csv; tiers follow after another "|".
func FormatConditions(cs []Condition) string {
	parts := make([]string, len(cs))
	for i, c := range cs {
		var when []string
		if !c.From.IsZero() {
			when = append(when, "from "+c.From.String())
		}
		if c.HasHours {
			when = append(when, "daily "+formatClock(c))
		}
		parts[i] = strings.Join(when, " ") + " | " + FormatRates(c.Rates)
		if len(c.Tiers) > 0 {
			parts[i] += " | " + FormatTiers(c.Tiers)
		}
	}
	return strings.Join(parts, " / ")
}

func formatClock(c Condition) string {
	return fmt.Sprintf("%02d:%02d-%02d:%02d", int(c.Start.Hours()), int(c.Start.Minutes())%60, int(c.End.Hours()), int(c.End.Minutes())%60)
}

// ParseConditions reads what FormatConditions writes.
func ParseConditions(s string) ([]Condition, error) {
	if s == "" {
		return nil, nil
	}
	var out []Condition
	for part := range strings.SplitSeq(s, "/") {
		c, err := parseCondition(part)
		if err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, nil
}

func parseCondition(s string) (Condition, error) {
	var c Condition
	cells := strings.SplitN(s, "|", 3)
	if len(cells) < 2 {
		return c, fmt.Errorf("condition %q: want WHEN | PRICES", strings.TrimSpace(s))
	}
	words := strings.Fields(cells[0])
	var err error
	for i := 0; i+1 < len(words) && err == nil; i += 2 {
		switch words[i] {
		case "from":
			c.From, err = ParseDate(words[i+1])
		case "daily":
			start, end, _ := strings.Cut(words[i+1], "-")
			c.HasHours = true
			if c.Start, err = clock(start); err == nil {
				c.End, err = clock(end)
			}
		default:
			err = fmt.Errorf("condition %q: want from DATE or daily HH:MM-HH:MM", strings.TrimSpace(s))
		}
	}
	if err != nil {
		return c, err
	}
	if c.Rates, err = parseRates(cells[1]); err != nil {
		return c, err
	}
	if len(cells) == 3 {
		c.Tiers, err = ParseTiers(strings.TrimSpace(cells[2]))
	}
	return c, err
}
