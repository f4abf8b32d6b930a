package digest

import (
	"fmt"
	"slices"

	"github.com/llmadvise/llmadvise/advisor"
	"github.com/llmadvise/llmadvise/advisor/catalog"
	"github.com/llmadvise/llmadvise/advisor/pricing"
	"github.com/llmadvise/llmadvise/advisor/report"
)

// Kinds of a digest's sections.
const (
	KindScenarios report.Kind = "scenarios"
	KindMovers    report.Kind = "movers"
	KindModels    report.Kind = "models"
	KindRental    report.Kind = "rental"
	KindFeeds     report.Kind = "feeds"
	KindTip       report.Kind = "tip"
)

// Rows that a digest shows of each list; the rest is counted.
const (
	maxMovers = 8
	maxModels = 5
	maxRental = 5
	maxDoubts = 2
)

// maxWords is how many words may stand before the tables.
const maxWords = 60

// Input is what a digest is made of. Old is the market that the channel was last told of, New the present one.
type Input struct {
	Period   Period
	Since    catalog.Date // day of the old prices; zero: the first digest
	Old, New *catalog.Catalog
	// OldFeeds and NewFeeds are the feeds that stand behind the two; nil where it is the built-in prices alone.
	OldFeeds, NewFeeds *pricing.Snapshot
	Watches            []Watch
	Tips               []string // ids of tips that the channel was given lately
	// Alone is for an alert: the scenarios, and nothing of the market.
	Alone bool
}

// Digest is a composed digest, with what becomes the told state once it is posted.
type Digest struct {
	Document report.Document
	Quiet    bool     // nothing moved: the document is one line
	Told     []Watch  // the watches as they stand after this digest
	Moved    int      // scenarios that moved
	Order    []string // ids of the watches in the order in which they are shown
	Tip      string   // id of the tip that was given; "" none
}

// Compose advises on every watch under both markets and writes the digest. It is pure: the same input gives the same
// digest, so one that a crash interrupted is prepared again word for word. The error is of a figure that could not be
// tied to its origin, or of the engine.
func Compose(in Input) (Digest, error) {
	c := composer{in: in}
	if err := c.advise(); err != nil {
		return Digest{}, err
	}
	c.market = compareMarkets(in)
	c.market.rank(c.touches)
	c.health = healthOf(in.OldFeeds, in.NewFeeds)
	c.led = newLedger(c.facts())
	d := c.digest()
	if err := c.led.check(d.Document); err != nil {
		return Digest{}, err
	}
	return d, nil
}

type composer struct {
	in     Input
	led    *ledger
	rows   []scenario
	market market
	health []Health
}

// scenario is one watch, before and after.
type scenario struct {
	watch   Watch
	was, is Standing // was is what the channel was told
	move    Move
}

func (c *composer) advise() error {
	for _, w := range c.in.Watches {
		s, err := c.scenario(w)
		if err != nil {
			return fmt.Errorf("digest: advise on %q: %w", w.Name, err)
		}
		c.rows = append(c.rows, s)
	}
	// What moved comes first; within that, what needs a decision.
	slices.SortStableFunc(c.rows, func(a, b scenario) int {
		if n := before(a.move.Flipped || len(a.move.Ends) > 0, b.move.Flipped || len(b.move.Ends) > 0); n != 0 {
			return n
		}
		return before(a.move.Any(), b.move.Any())
	})
	return nil
}

func (c *composer) scenario(w Watch) (scenario, error) {
	if !w.Told.Known() {
		then, err := advisor.Advise(w.Workload, c.in.Old)
		if err != nil {
			return scenario{}, err
		}
		w.Tell(StandingOf(w, then, c.in.Old))
	}
	now, err := advisor.Advise(w.Workload, c.in.New)
	if err != nil {
		return scenario{}, err
	}
	s := scenario{watch: w, was: w.Told, is: StandingOf(w, now, c.in.New)}
	s.move = w.Moved(s.is)
	return s, nil
}

// touches finds the scenarios that stand on a listing, before or now, and those on the same model elsewhere.
func (c *composer) touches(l listing) (names []string, direct bool) {
	for _, r := range c.rows {
		on, same := false, false
		for _, s := range []Standing{r.was, r.is} {
			on = on || l.offerID != "" && (s.OfferID == l.offerID || pricedAs(s.OfferID) == l.offerID)
			same = same || l.model != "" && s.ModelID == l.model
		}
		switch {
		case on:
			names, direct = append(names, r.watch.Name), true
		case same:
			names = append(names, r.watch.Name+" (same model)")
		}
	}
	return names, direct
}

func (c *composer) digest() Digest {
	d := Digest{}
	for _, r := range c.rows {
		w := r.watch
		if r.move.Any() { // below the threshold the told figure stays, so that small steps add up
			d.Moved++
			w.Tell(r.is)
		}
		w.Record(c.in.Period, r.is.Monthly)
		d.Told = append(d.Told, w)
		d.Order = append(d.Order, w.ID)
	}
	m := &c.market
	d.Quiet = d.Moved+len(m.movers)+len(m.fresh)+len(m.ended)+len(m.rentals)+len(m.doubts) == 0 && !c.newTrouble()
	d.Document.Title = c.headline(d.Moved, d.Quiet)
	if !d.Quiet {
		d.Document.Summary = c.summary(d.Document.Title)
		d.Document.Sections, d.Tip = c.sections()
	}
	return d
}

func (c *composer) newTrouble() bool {
	return slices.ContainsFunc(c.health, func(h Health) bool { return h.Problem != "" && !h.Known })
}
