package digest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/llmadvise/llmadvise/advisor"
	"github.com/llmadvise/llmadvise/advisor/catalog"
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
	maxModels = 4
	maxRental = 5
)

// Input is what a digest is made of. Old is the market that the channel was last told of, New the present one.
type Input struct {
	Period   Period
	Since    string // date of the last digest, "2026-07-18"; "" first one
	Old, New *catalog.Catalog
	Watches  []Watch
	Feeds    []Health
}

// Digest is a composed digest, with what becomes the told state once it is posted.
type Digest struct {
	Document report.Document
	Quiet    bool    // nothing moved: the document is one line
	Told     []Watch // the watches as they stand after this digest
	Moved    int     // scenarios that moved
}

// Compose advises on every watch under both markets and writes the digest. It is pure: the same input gives the same
// digest, so one that a crash interrupted is prepared again word for word. The error is of a figure that could not be
// tied to its origin, or of the engine.
func Compose(in Input) (Digest, error) {
	c := composer{in: in, led: newLedger()}
	if err := c.advise(); err != nil {
		return Digest{}, err
	}
	c.market = compareMarkets(in.Old, in.New)
	c.market.rank(c.touched())
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
}

// scenario is one watch, before and after.
type scenario struct {
	watch     Watch
	was, is   Standing // under the old and the new prices; was is what the channel was told, where it was told
	move      Move
	successor string // the runner-up, where the recommended model ends
}

func (c *composer) advise() error {
	for _, w := range c.in.Watches {
		now, err := advisor.Advise(w.Workload, c.in.New)
		if err != nil {
			return fmt.Errorf("digest: advise on %q: %w", w.Name, err)
		}
		s := scenario{watch: w, is: StandingOf(now), was: w.Told}
		if !w.Told.Known() {
			before, err := advisor.Advise(w.Workload, c.in.Old)
			if err != nil {
				return fmt.Errorf("digest: advise on %q: %w", w.Name, err)
			}
			s.was = StandingOf(before)
			w.Told = s.was
		}
		s.move = w.Moved(s.is)
		if s.is.Retired {
			s.successor = runnerUp(now)
		}
		c.rows = append(c.rows, s)
	}
	// What moved comes first; within that the larger bill.
	slices.SortStableFunc(c.rows, func(a, b scenario) int {
		if a.move.Flipped != b.move.Flipped {
			return boolFirst(a.move.Flipped)
		}
		if a.move.Any() != b.move.Any() {
			return boolFirst(a.move.Any())
		}
		return 0
	})
	return nil
}

func boolFirst(first bool) int {
	if first {
		return -1
	}
	return 1
}

func runnerUp(a advisor.Advice) string {
	for _, o := range a.Options {
		if o.ID == a.Recommendation.RunnerUp {
			return o.Name
		}
	}
	return ""
}

// touched maps an offer to the scenarios that stand on it, before or now.
func (c *composer) touched() map[string][]string {
	out := map[string][]string{}
	for _, r := range c.rows {
		for _, id := range []string{r.was.OfferID, r.is.OfferID} {
			if id != "" && !slices.Contains(out[id], r.watch.Name) {
				out[id] = append(out[id], r.watch.Name)
			}
		}
	}
	return out
}

func (c *composer) digest() Digest {
	d := Digest{}
	for _, r := range c.rows {
		if r.move.Any() {
			d.Moved++
		}
		w := r.watch
		if r.move.Any() { // below the threshold the told figure stays, so that small steps add up
			w.Told = r.is
		}
		w.record(c.in.Period, r.is.Monthly)
		d.Told = append(d.Told, w)
	}
	trouble := c.trouble()
	d.Quiet = d.Moved == 0 && len(c.market.movers) == 0 && len(c.market.fresh) == 0 && len(c.market.ended) == 0 && len(c.market.rentals) == 0 && trouble == ""
	doc := report.Document{Title: c.headline(d.Moved, d.Quiet)}
	if !d.Quiet {
		doc.Summary = c.summary()
		doc.Sections = c.sections(trouble)
	}
	d.Document = doc
	return d
}

// headline is about the channel's own scenarios; it stands alone in a notification.
func (c *composer) headline(moved int, quiet bool) string {
	n := len(c.rows)
	switch {
	case n == 0 && quiet:
		return "Prices did not move" + c.since() + ". No scenario is watched here yet."
	case n == 0:
		return fmt.Sprintf("%s prices moved%s. No scenario is watched here yet.", c.led.count(len(c.market.movers), "movers"), c.since())
	case quiet:
		return fmt.Sprintf("Nothing moved%s: %s.", c.since(), c.stand(c.rows[0], n))
	case moved == 0:
		return fmt.Sprintf("None of your %s moved: %s.", c.scenarios(n), c.stand(c.rows[0], n))
	case moved == 1:
		return c.told(c.rows[0]) + "."
	}
	return fmt.Sprintf("%s of your %s moved; %s.", c.led.count(moved, "scenarios moved"), c.scenarios(n), c.told(c.rows[0]))
}

func (c *composer) scenarios(n int) string {
	if n == 1 {
		return c.led.count(n, "scenarios") + " scenario"
	}
	return c.led.count(n, "scenarios") + " scenarios"
}

func (c *composer) since() string {
	if c.in.Since == "" {
		return ""
	}
	return " since " + c.led.date(c.in.Since)
}

// stand says where the one scenario stands, or that all of them do.
func (c *composer) stand(r scenario, n int) string {
	name := c.led.name(r.watch.Name)
	if n > 1 {
		return "your " + c.scenarios(n) + " stand"
	}
	if r.is.OptionID == "" {
		return "nothing qualifies for " + name
	}
	return fmt.Sprintf("%s stays with %s at %s a month", name, c.led.name(r.is.Option), c.led.usd(r.is.Monthly, r.watch.ID+".now"))
}

// told says what became of one scenario.
func (c *composer) told(r scenario) string {
	name := c.led.name(r.watch.Name)
	was, is := c.led.usd(r.was.Monthly, r.watch.ID+".was"), c.led.usd(r.is.Monthly, r.watch.ID+".now")
	switch {
	case r.is.OptionID == "":
		return fmt.Sprintf("nothing qualifies for %s any more (it was %s)", name, c.led.name(r.was.Option))
	case r.was.OptionID == "":
		return fmt.Sprintf("%s can be served again: %s at %s a month", name, c.led.name(r.is.Option), is)
	case r.move.Flipped:
		return fmt.Sprintf("%s now favours %s at %s a month (was %s at %s)", name, c.led.name(r.is.Option), is, c.led.name(r.was.Option), was)
	case r.move.Costs:
		return fmt.Sprintf("%s still favours %s; it got %s (%s to %s a month)", name, c.led.name(r.is.Option),
			c.led.percent(r.was.Monthly, r.is.Monthly, "cheaper", "dearer", r.watch.ID+".change"), was, is)
	case r.move.Ends:
		return fmt.Sprintf("%s stands on %s, which ends on %s", name, c.led.name(r.is.Option), c.led.date(r.is.EndOfLife.String()))
	}
	return fmt.Sprintf("%s stays with %s at %s a month", name, c.led.name(r.is.Option), is)
}

// summary gives the reason for the first move in one sentence, and counts the market.
func (c *composer) summary() string {
	var parts []string
	if len(c.rows) > 0 && c.rows[0].move.Any() {
		if why := c.why(c.rows[0]); why != "" {
			parts = append(parts, "The reason: "+why+".")
		}
	}
	drops, rises := 0, 0
	for _, m := range c.market.movers {
		if m.is < m.was {
			drops++
		} else {
			rises++
		}
	}
	if drops+rises > 0 {
		parts = append(parts, fmt.Sprintf("On the market %s prices fell and %s rose.", c.led.count(drops, "movers down"), c.led.count(rises, "movers up")))
	}
	return strings.Join(parts, " ")
}

// why names the change that a scenario's move comes from.
func (c *composer) why(r scenario) string {
	for _, m := range c.market.movers {
		if m.offer.ID == r.is.OfferID || m.offer.ID == r.was.OfferID {
			id := m.offer.ID + "." + m.field
			return fmt.Sprintf("%s %s went from %s to %s %s", c.offerName(m.offer), m.field, c.led.price(m.was, id), c.led.price(m.is, id), c.led.name("per 1M tokens"))
		}
	}
	for _, o := range c.market.fresh {
		if o.ID == r.is.OfferID {
			return c.offerName(o) + " is new"
		}
	}
	for _, o := range c.market.ended {
		if o.ID == r.was.OfferID {
			return c.offerName(o) + " is no longer offered or is ending"
		}
	}
	if r.move.Ends {
		if r.successor != "" {
			return "the next best is " + c.led.name(r.successor)
		}
		return "its provider announced the end"
	}
	if c.gpuMoved(r) {
		return "GPU rental moved"
	}
	return ""
}

func (c *composer) gpuMoved(r scenario) bool {
	return len(c.market.rentals) > 0 && (r.is.Path == advisor.PathSelfHost || r.was.Path == advisor.PathSelfHost)
}

func (c *composer) offerName(o catalog.Offer) string {
	name := o.Name
	if name == "" {
		name = o.ModelID
	}
	name += " on " + o.Provider
	if o.Region != "" {
		name += " (" + o.Region + ")"
	}
	return c.led.name(name)
}
