package advisor

import (
	"testing"
	"time"

	"github.com/llmadvise/llmadvise/advisor/cost"
)

// A difference is worded by its sign, and one that rounds to nothing is none.
func TestMoreWords(t *testing.T) {
	for usd, want := range map[float64]string{1_312: "$1,300 more", -1_312: "$1,300 less", -0.16: "as much", 0.4: "as much", 0: "as much"} {
		if got := moreWords(usd); got != want {
			t.Errorf("%g: %q, want %q", usd, got, want)
		}
	}
}

func TestMonthly(t *testing.T) {
	for n, want := range map[float64]string{1: "1 query a month", 2: "2 queries a month", 1e6: "1M queries a month"} {
		if got := monthly(people(n)); got != want {
			t.Errorf("%g: %q, want %q", n, got, want)
		}
	}
}

// Of two fleets that are as likely to be too slow neither is called the likelier one.
func TestAsLikelyToMiss(t *testing.T) {
	e := &engine{w: Workload{LatencyP95: 29 * time.Second, NoDataLeaves: ptr(false)}, base: cost.Base{Months: 12}}
	cheap, best := fleetOf("cheap", 90_000, 0.472), fleetOf("best", 100_000, 0.468)
	cheap.risk, best.risk = 20_000, 5_000
	want := "cheap would cost $10,000 less over 12 months, but its p95 is as likely to miss 29 s, a chance of 47 %, and making up for that costs more."
	if got := e.whyNotCheapest(best, []*candidate{best, cheap}); got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}
