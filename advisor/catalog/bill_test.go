package catalog

import (
	"errors"
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func p(v float64) *float64 { return &v }

// tiered is shaped as Gemini 2.5 Pro's price list.
func tiered() Offer {
	return Offer{
		ID:    "x/m",
		Rates: Rates{Input: p(1.25), Output: p(10), CacheRead: p(0.125), BatchInput: p(0.625), BatchOutput: p(5)},
		Tiers: []Tier{{AboveInputTokens: 200_000, Rates: Rates{Input: p(2.5), Output: p(15), CacheRead: p(0.25)}}},
	}
}

func TestBill(t *testing.T) {
	o := tiered()
	for _, tt := range []struct {
		name string
		u    Usage
		want float64 // summed by hand
	}{
		{"plain", Usage{Requests: 250_000, InputPerRequest: 1200, OutputPerRequest: 300}, 300*1.25 + 75*10},
		{"cached input is not counted twice", Usage{Requests: 1e6, InputPerRequest: 1000, CachedPerRequest: 600}, 400*1.25 + 600*0.125},
		{"cache write without a price is input", Usage{Requests: 1e6, InputPerRequest: 1000, CacheWritePerRequest: 100}, 1000 * 1.25},
		{"reasoning is output", Usage{Requests: 1e6, InputPerRequest: 100, OutputPerRequest: 50, ReasoningPerRequest: 200}, 100*1.25 + 250*10},
		{"at the threshold the base price holds", Usage{Requests: 1000, InputPerRequest: 200_000, OutputPerRequest: 1000}, 200*1.25 + 1*10},
		{"above it the tier holds for all tokens", Usage{Requests: 1000, InputPerRequest: 200_001, OutputPerRequest: 1000}, 200.001*2.5 + 1*15},
		{"batch", Usage{Requests: 1e6, InputPerRequest: 1000, OutputPerRequest: 100, Batch: true}, 1000*0.625 + 100*5},
		{"nothing", Usage{}, 0},
	} {
		got, lines, err := o.Bill(tt.u)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if math.Abs(got-tt.want) > 0.005 {
			t.Errorf("%s: got %v, want %v (%+v)", tt.name, got, tt.want, lines)
		}
	}
}

func TestBillRefuses(t *testing.T) {
	o := tiered()
	o.Rates.BatchInput = nil
	for _, tt := range []struct {
		name string
		u    Usage
		want error
	}{
		{"no batch price", Usage{Requests: 1, InputPerRequest: 1, Batch: true}, ErrNoPrice},
		{"negative", Usage{Requests: -1}, ErrUsage},
		{"NaN", Usage{Requests: 1, InputPerRequest: math.NaN()}, ErrUsage},
		{"more cached than there is", Usage{Requests: 1, InputPerRequest: 10, CachedPerRequest: 11}, ErrUsage},
	} {
		if _, _, err := o.Bill(tt.u); !errors.Is(err, tt.want) {
			t.Errorf("%s: error %v, want %v", tt.name, err, tt.want)
		}
	}
	o.Rates.Output = nil
	o.Tiers = nil
	if _, _, err := o.Bill(Usage{Requests: 1, InputPerRequest: 1, OutputPerRequest: 1}); !errors.Is(err, ErrNoPrice) {
		t.Errorf("no output price: %v", err)
	}
}

func TestBillGrowsWithVolume(t *testing.T) {
	offers := Default().Offers
	rapid.Check(t, func(t *rapid.T) {
		o := offers[rapid.IntRange(0, len(offers)-1).Draw(t, "offer")]
		n := rapid.Float64Range(0, 1e7).Draw(t, "n")
		u := Usage{
			Requests: n, InputPerRequest: rapid.Float64Range(0, 500_000).Draw(t, "in"),
			OutputPerRequest: rapid.Float64Range(0, 10_000).Draw(t, "out"),
		}
		u.CachedPerRequest = u.InputPerRequest * rapid.Float64Range(0, 0.9).Draw(t, "cached")
		a, lines, err := o.Bill(u)
		if errors.Is(err, ErrNoPrice) {
			t.Skip()
		}
		if err != nil {
			t.Fatal(err)
		}
		sum := 0.0
		for _, l := range lines {
			sum += l.USD
		}
		if math.Abs(sum-a) > 1e-9*a {
			t.Fatalf("lines add up to %v, the bill is %v", sum, a)
		}
		u.Requests *= 2
		if b, _, _ := o.Bill(u); b < a {
			t.Fatalf("%s: twice the volume costs %v instead of %v", o.ID, b, a)
		}
	})
}

// Prices of other days and hours.
func TestPricesByTime(t *testing.T) {
	c := Default()
	sonnet, ok := c.Offer("anthropic/claude-sonnet-5")
	if !ok {
		t.Fatal("no Sonnet 5")
	}
	if in := *sonnet.At(time.Date(2026, 8, 31, 23, 59, 0, 0, time.UTC)).Rates.Input; in != 2 {
		t.Errorf("introductory price: %v, want 2", in)
	}
	if in := *sonnet.At(time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC)).Rates.Input; in != 3 {
		t.Errorf("price from September on: %v, want 3", in)
	}
	ds, ok := c.Offer("deepseek/deepseek-v3")
	if !ok {
		t.Fatal("no DeepSeek V3")
	}
	for hour, want := range map[int]float64{0: 0.135, 1: 0.27, 12: 0.27, 17: 0.135, 23: 0.135} {
		if in := *ds.At(time.Date(2026, 7, 25, hour, 0, 0, 0, time.UTC)).Rates.Input; in != want {
			t.Errorf("DeepSeek V3 at %d:00 UTC: %v, want %v", hour, in, want)
		}
	}
	if got := ds.OnDay(c.AsOf); *got.Rates.Input != 0.27 {
		t.Errorf("most of the day: %v, want 0.27", *got.Rates.Input)
	}
}
