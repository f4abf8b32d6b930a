package pricing

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/llmadvise/llmadvise/advisor/catalog"
)

// Shape names the layout of a feed.
type Shape string

// The shapes that [Read] recognises.
const (
	GenAIPrices Shape = "genai-prices"
	LiteLLM     Shape = "litellm"
	OpenRouter  Shape = "openrouter"
	LLMPrices   Shape = "llm-prices"
	SkyPilot    Shape = "skypilot"
	AzureRetail Shape = "azure-retail"
	Override    Shape = "override"
)

// Unit is what a price is for. Token prices are always in USD per million tokens, whatever the feed counts in.
type Unit string

// The units of prices.
const (
	PerMTok     Unit = "USD per 1M tokens"
	PerMChar    Unit = "USD per 1M characters"
	PerKRequest Unit = "USD per 1,000 requests"
	PerQuery    Unit = "USD per query"
	PerImage    Unit = "USD per image"
	PerSecond   Unit = "USD per second"
	PerHour     Unit = "USD per hour"
)

// Price is one price of an entry.
type Price struct {
	USD  float64 `json:"usd"`
	Unit Unit    `json:"unit"`
	// Raw is what the feed said where that is no number; USD is then 0 and the price is not to be used.
	Raw string `json:"raw,omitempty"`
	// Since is the day since which the price holds, as far as the readings show. It does not count when prices are
	// compared.
	Since catalog.Date `json:"since,omitzero"`
	// AtLeast says that Since is only the day of the first reading: the price may have held before.
	AtLeast bool `json:"since_at_least,omitempty"`
	// NoCharge says that this feed writes a zero here where there is no such charge.
	NoCharge bool `json:"no_charge,omitempty"`
	// Clash marks a price that the feed names twice with different values.
	Clash bool `json:"clash,omitempty"`
}

// readable reports whether the feed gave one finite number.
func (p Price) readable() bool {
	return p.Raw == "" && !p.Clash && !math.IsNaN(p.USD) && !math.IsInf(p.USD, 0)
}

// Entry is one thing that a feed prices: a model at a provider, or a rented instance in a region.
type Entry struct {
	Provider string `json:"provider"`
	Model    string `json:"model"` // the feed's own id
	Region   string `json:"region,omitempty"`
	// IDAlone says that Model is unique in its feed, whoever the provider is: a feed that files a model under another
	// provider has not added and removed it.
	IDAlone bool             `json:"id_alone,omitempty"`
	Name    string           `json:"name,omitempty"`
	Prices  map[string]Price `json:"prices"` // by field: "input", "cache_read", "input_above_200k" ...

	// Conditional prices have fields of their own, such as "input@2026-09-01" or "input@00:30-16:30Z"; When maps the
	// part after the "@" to its meaning.
	When map[string]When `json:"when,omitempty"`

	Context      int          `json:"context,omitempty"`
	Quantisation string       `json:"quantisation,omitempty"`
	Deprecated   bool         `json:"deprecated,omitempty"`
	Preview      bool         `json:"preview,omitempty"`
	Free         bool         `json:"free,omitempty"`
	EndOfLife    catalog.Date `json:"end_of_life,omitzero"`
	Since        catalog.Date `json:"since,omitzero"`
	Comment      string       `json:"comment,omitempty"`
	// Broken is what stands in the feed where prices should; the last good ones stay in force.
	Broken string `json:"broken,omitempty"`
	Past   []Past `json:"past,omitempty"` // what the feed says that it cost before

	Accelerator string  `json:"accelerator,omitempty"` // rentals only
	Count       float64 `json:"count,omitempty"`
	Commitment  string  `json:"commitment,omitempty"`

	// Multipliers are factors that the feed puts on the list price for a region or a service level.
	Multipliers map[string]float64 `json:"multipliers,omitempty"`
}

// When is the condition of a conditional price.
type When struct {
	From       catalog.Date `json:"from,omitzero"`
	Start, End string       `json:",omitempty"` // "00:30", UTC; both or neither
}

// Key identifies an entry within its feed.
func (e *Entry) Key() string {
	if e.IDAlone {
		return e.Model
	}
	if e.Region == "" {
		return e.Provider + "\x00" + e.Model
	}
	return e.Provider + "\x00" + e.Model + "\x00" + e.Region
}

// Fields returns the names of the entry's prices in order.
func (e *Entry) Fields() []string {
	fs := make([]string, 0, len(e.Prices))
	for f := range e.Prices {
		fs = append(fs, f)
	}
	slices.Sort(fs)
	return fs
}

// set enters a price; a second, different price under the same field marks both as clashing.
func (e *Entry) set(field string, p Price) {
	if e.Prices == nil {
		e.Prices = map[string]Price{}
	}
	if old, dup := e.Prices[field]; dup && !samePrice(old, p) {
		old.Clash = true
		e.Prices[field] = old
		return
	}
	e.Prices[field] = p
}

// merge folds an entry with the same key into e: a feed that lists a model twice clashes only where the two differ.
func (e *Entry) merge(o *Entry) {
	for f, p := range o.Prices {
		e.set(f, p)
	}
	if e.Broken == "" {
		e.Broken = o.Broken
	}
}

// Feed is what one file says.
type Feed struct {
	Shape   Shape
	Date    catalog.Date // the feed's own date; zero where it has none
	Entries []Entry      // in the feed's order, one an entry key
	// Problems are oddities that did not stop reading, such as a model listed twice.
	Problems []string
}

// collect builds a Feed's entries, folding duplicates.
type collect struct {
	feed  Feed
	place map[string]int
	full  bool // more entries than any feed has
}

// done returns the feed.
func (c *collect) done() (*Feed, error) {
	if c.full {
		return nil, fmt.Errorf("it prices more than %d things, which no feed does", maxEntries)
	}
	return &c.feed, nil
}

func newCollect(s Shape) *collect { return &collect{feed: Feed{Shape: s}, place: map[string]int{}} }

// maxEntries bounds a feed; the largest known have some ten thousand rows with an accelerator.
const maxEntries = 100_000

func (c *collect) add(e Entry) {
	k := e.Key()
	if len(c.feed.Entries) >= maxEntries {
		c.full = true
		return
	}
	if i, dup := c.place[k]; dup {
		c.problem("%s %s is listed twice", e.Provider, e.Model)
		c.feed.Entries[i].merge(&e)
		return
	}
	if e.Prices == nil {
		e.Prices = map[string]Price{}
	}
	c.place[k] = len(c.feed.Entries)
	c.feed.Entries = append(c.feed.Entries, e)
}

func (c *collect) problem(format string, args ...any) {
	c.feed.Problems = append(c.feed.Problems, fmt.Sprintf(format, args...))
}

// Append adds the entries of a further page of the same feed.
func (f *Feed) Append(page *Feed) {
	c := &collect{feed: *f, place: map[string]int{}}
	for i := range f.Entries {
		c.place[f.Entries[i].Key()] = i
	}
	for _, e := range page.Entries {
		c.addMeter(e)
	}
	*f = c.feed
	f.Problems = append(f.Problems, page.Problems...)
}

// samePrice compares two prices. Feeds count per token or per million, so that equal prices differ in the last bits:
// a part in a billion is no change.
func samePrice(a, b Price) bool {
	if a.Unit != b.Unit || a.Raw != b.Raw || a.Clash != b.Clash {
		return false
	}
	return sameNumber(a.USD, b.USD)
}

func sameNumber(a, b float64) bool {
	const relative = 1e-9
	return a == b || math.Abs(a-b) <= relative*max(math.Abs(a), math.Abs(b))
}

// tidy removes the noise of a change of unit: 2.5e-07 per token is 0.25 per million, not 0.24999999999999997.
func tidy(v float64) float64 {
	const digits = 12
	if v == 0 || math.IsNaN(v) || math.IsInf(v, 0) {
		return v
	}
	scale := math.Pow(10, digits-1-math.Floor(math.Log10(math.Abs(v))))
	if math.IsInf(scale, 0) || scale == 0 {
		return v
	}
	return math.Round(v*scale) / scale
}

// isPreview reads what vendors put into names.
func isPreview(id string) bool {
	id = strings.ToLower(id)
	for _, mark := range []string{"preview", "-exp", "experimental", "-beta", "alpha"} {
		if strings.Contains(id, mark) {
			return true
		}
	}
	return false
}

// aboveName writes a tier's threshold as the feeds do: 200000 is "200k", 1000000 is "1m".
func aboveName(tokens int) string {
	switch {
	case tokens > 0 && tokens%1_000_000 == 0:
		return fmt.Sprintf("%dm", tokens/1_000_000)
	case tokens > 0 && tokens%1000 == 0:
		return fmt.Sprintf("%dk", tokens/1000)
	default:
		return fmt.Sprint(tokens)
	}
}
