package digest

import (
	"math"
	"time"

	"github.com/llmadvise/llmadvise/advisor"
	"github.com/llmadvise/llmadvise/advisor/catalog"
)

// Watch is a scenario that a channel keeps: it is advised on again with each refresh of prices.
type Watch struct {
	ID      string    `json:"id"`
	Channel string    `json:"channel"`
	Name    string    `json:"name"`
	Owner   string    `json:"owner"` // the user who saved it
	Text    string    `json:"text"`  // the request as it was typed
	Made    time.Time `json:"made"`
	// AtOnce raises alerts when prices are refreshed instead of with the digest.
	AtOnce bool `json:"at_once,omitempty"`
	// Threshold is the move of the monthly cost that is worth telling; the zero value is [DefaultThreshold].
	Threshold Threshold `json:"threshold"`

	Workload advisor.Workload `json:"workload"`
	// Told is the state that the channel was last told; a move is measured from it, so that small steps add up and a
	// figure that was told is not told again.
	Told Standing `json:"told"`
	// Alerts counts the alerts raised so far.
	Alerts int `json:"alerts,omitempty"`
	// History is the standing at each digest, oldest first, for the chart.
	History []Point `json:"history,omitempty"`
}

// Threshold is what a move must reach in both measures: a share of the told cost, and a floor in money.
type Threshold struct {
	Share float64 `json:"share,omitempty"` // 0.05 is 5 %
	USD   float64 `json:"usd,omitempty"`   // a month
}

// DefaultThreshold: a twentieth of the bill, and at least ten dollars a month.
var DefaultThreshold = Threshold{Share: 0.05, USD: 10}

func (t Threshold) orDefault() Threshold {
	if t.Share <= 0 {
		t.Share = DefaultThreshold.Share
	}
	if t.USD <= 0 {
		t.USD = DefaultThreshold.USD
	}
	return t
}

// Standing is where a scenario stands: what is recommended, and what that costs.
type Standing struct {
	Path      advisor.Path `json:"path"`
	OptionID  string       `json:"option_id"` // "" where nothing qualifies
	Option    string       `json:"option"`
	OfferID   string       `json:"offer_id,omitempty"`
	Monthly   float64      `json:"monthly"` // USD, run cost
	EndOfLife catalog.Date `json:"end_of_life,omitzero"`
	Retired   bool         `json:"retired,omitempty"` // deprecated, or ends inside the horizon
}

// Known reports whether the scenario was ever advised on.
func (s Standing) Known() bool { return s.Path != "" }

// Point is one digest's standing.
type Point struct {
	Period  Period  `json:"period"`
	Monthly float64 `json:"monthly"`
}

// maxHistory is how many digests the chart reaches back.
const maxHistory = 12

// StandingOf reads the standing off an advice.
func StandingOf(a advisor.Advice) Standing {
	s := Standing{Path: a.Recommendation.Path}
	for i := range a.Options {
		o := &a.Options[i]
		if o.ID != a.Recommendation.Option || a.Recommendation.Option == "" {
			continue
		}
		s.OptionID, s.Option, s.OfferID, s.Monthly = o.ID, o.Name, o.OfferID, o.Monthly.Mid
		s.EndOfLife, s.Retired = o.EndOfLife, !o.EndOfLife.IsZero()
	}
	if s.Path == "" {
		s.Path = "none"
	}
	return s
}

// Move says how a standing differs from what was told.
type Move struct {
	Flipped bool // another path or option is recommended
	Costs   bool // the cost crossed the threshold
	Ends    bool // the recommended model's end came to be known
}

// Any reports whether there is something to tell.
func (m Move) Any() bool { return m.Flipped || m.Costs || m.Ends }

// Moved compares now with what the channel was told. An alert is raised on crossing: once told, the figure is the one to
// move from. Only numbers and identities decide: the wording of an option's
// name never makes a move.
func (w *Watch) Moved(now Standing) Move {
	told := w.Told
	if !told.Known() {
		return Move{}
	}
	var m Move
	m.Flipped = now.Path != told.Path || now.OptionID != told.OptionID
	delta := math.Abs(now.Monthly - told.Monthly)
	t := w.Threshold.orDefault()
	m.Costs = delta >= t.USD && delta >= t.Share*told.Monthly
	m.Ends = now.Retired && (!told.Retired || !now.EndOfLife.Equal(told.EndOfLife.Time)) && now.OptionID == told.OptionID
	return m
}

// record adds a digest's figure to the history.
func (w *Watch) record(p Period, monthly float64) {
	h := append([]Point(nil), w.History...)
	if n := len(h); n > 0 && h[n-1].Period == p {
		h = h[:n-1] // a digest that is prepared again
	}
	h = append(h, Point{p, monthly})
	w.History = h[max(0, len(h)-maxHistory):]
}
