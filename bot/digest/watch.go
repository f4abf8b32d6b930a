package digest

import (
	"math"
	"time"

	"github.com/llmadvise/llmadvise/advisor"
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
	// ToldEnds are the ends of models that the channel was told: what ends, and when.
	ToldEnds map[string]string `json:"told_ends,omitempty"`
	// Alerts counts the alerts raised so far.
	Alerts int `json:"alerts,omitempty"`
	// History is the standing when the watch was saved and at each digest since, oldest first, for the chart.
	History []Point `json:"history,omitempty"`
}

// Threshold is what a move must reach in both measures: a share of the told cost, and a floor in money.
type Threshold struct {
	Share float64 `json:"share,omitempty"` // 0.05 is 5 %
	USD   float64 `json:"usd,omitempty"`   // a month
}

// DefaultThreshold: a twentieth of the bill, and at least ten dollars a month.
var DefaultThreshold = Threshold{Share: 0.05, USD: 10}

// OrDefault fills what is not set.
func (t Threshold) OrDefault() Threshold {
	if t.Share <= 0 {
		t.Share = DefaultThreshold.Share
	}
	if t.USD <= 0 {
		t.USD = DefaultThreshold.USD
	}
	return t
}

// crossed reports whether a difference in USD a month, on a cost of base, reaches both measures.
func (t Threshold) crossed(delta, base float64) bool {
	t = t.OrDefault()
	return math.Abs(delta) >= t.USD && math.Abs(delta) >= t.Share*base
}

// Point is where a scenario stood at one digest.
type Point struct {
	Period  Period  `json:"period"`
	Monthly float64 `json:"monthly"`
}

// maxHistory is how many digests the chart reaches back.
const maxHistory = 12

// Move says how a standing differs from what was told.
type Move struct {
	Flipped bool     // another path or option is recommended, and by enough to matter
	Costs   bool     // the cost crossed the threshold
	Ends    []Ending // models of the scenario whose end came to be known
}

// Any reports whether there is something to tell.
func (m Move) Any() bool { return m.Flipped || m.Costs || len(m.Ends) > 0 }

// Moved compares now with what the channel was told. An alert is raised on crossing: once told, the figure is the one to
// move from. Only numbers and identities decide: the wording of an option's name never makes a move.
func (w *Watch) Moved(now Standing) Move {
	told := w.Told
	if !told.Known() {
		return Move{}
	}
	m := Move{
		Flipped: now.Path != told.Path || now.OptionID != told.OptionID,
		Costs:   w.Threshold.crossed(now.Monthly-told.Monthly, told.Monthly),
	}
	for _, e := range now.Ends {
		if w.ToldEnds[e.ID] != e.when() {
			m.Ends = append(m.Ends, e)
		}
	}
	return m
}

// Tell makes now the told state.
func (w *Watch) Tell(now Standing) {
	w.Told = now
	ends := map[string]string{}
	for id, when := range w.ToldEnds { // kept: an end that is told and then not listed for a week is not news again
		ends[id] = when
	}
	for _, e := range now.Ends {
		ends[e.ID] = e.when()
	}
	if w.ToldEnds = ends; len(ends) == 0 {
		w.ToldEnds = nil
	}
}

// Record adds a figure to the history.
func (w *Watch) Record(p Period, monthly float64) {
	h := append([]Point(nil), w.History...)
	if n := len(h); n > 0 && h[n-1].Period == p {
		h = h[:n-1] // a digest that is prepared again
	}
	h = append(h, Point{p, monthly})
	w.History = h[max(0, len(h)-maxHistory):]
}
