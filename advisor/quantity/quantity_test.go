package quantity

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestFormats(t *testing.T) {
	for _, tt := range []struct{ name, got, want string }{
		{"below a cent", USD(0.0048), "$0.0048"},
		{"cents", USD(0.42), "$0.42"},
		{"no cents from a dollar on", USD(1.4), "$1"},
		{"rounds up to a dollar", USD(0.999), "$1"},
		{"hundreds", USD(324), "$324"},
		{"thousands", USD(17461.6), "$17,462"},
		{"millions", USD(1_250_000), "$1.25M"},
		{"just under a million", USD(999_999.6), "$1M"},
		{"negative", USD(-850), "-$850"},
		{"zero", USD(0), "$0"},
		{"not a number", USD(math.NaN()), "unknown"},
		{"to the cent", Cents(1439.996), "$1,440.00"},
		{"cents of a negative", Cents(-0.5), "-$0.50"},
		{"list price", USDPerMTok(0.72), "$0.72 per 1M tokens"},
		{"small list price", USDPerMTok(0.0028), "$0.0028 per 1M tokens"},
		{"round list price", USDPerMTok(0.5), "$0.50 per 1M tokens"},
		{"large list price", USDPerMTok(15), "$15.00 per 1M tokens"},
		{"by the hour", Rate(2.99), "$2.99/h"},
		{"count", Count(1200), "1,200"},
		{"count in k", Count(50_000), "50k"},
		{"count that is not round", Count(249_375), "249,375"},
		{"count in M", Count(13_500_000), "13.5M"},
		{"about", About(13_473_684), "about 13.5M"},
		{"about, coarse", About(249_375), "about 250k"},
		{"share", Percent(0.123), "12 %"},
		{"small share", Percent(0.0041), "0.4 %"},
		{"milliseconds", Seconds(0.0851), "85 ms"},
		{"seconds", Seconds(2.52), "2.5 s"},
		{"minutes", Seconds(180), "3 min"},
		{"exact", Exact(324).Text(UnitUSD), "$324"},
		{"interval", Between(231, 324, 447).Text(UnitUSD), "$320 ($230-$450)"},
		{"narrow interval", Between(310, 324, 340).Text(UnitUSD), "$324 ($310-$340)"},
		{"interval with unit", Between(2.1, 2.5, 3.04).Text(UnitSeconds), "2.5 s (2.1-3)"},
		{"unknown", Estimate{}.Text(UnitUSD), "unknown"},
		{"queries", Between(9e6, 13.5e6, 20e6).Text(UnitQueries), "14M queries (9M-20M)"},
	} {
		if tt.got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, tt.got, tt.want)
		}
	}
}

func TestParseNumber(t *testing.T) {
	for in, want := range map[string]float64{
		"300k": 300e3, "2.5M": 2.5e6, "1,000,000": 1e6, "1_000": 1000, "50 thousand": 50e3, "1e6": 1e6, " 7 ": 7, "3bn": 3e9,
	} {
		if got, err := ParseNumber(in); err != nil || got != want {
			t.Errorf("ParseNumber(%q) = %v, %v, want %v", in, got, err, want)
		}
	}
	for _, in := range []string{"", "k", "1,5", "12,34,567", "nan", "inf", "0x10", "ten", "$5"} {
		if got, err := ParseNumber(in); err == nil {
			t.Errorf("ParseNumber(%q) = %v, want an error", in, got)
		}
	}
	for in, want := range map[string]float64{"$1,200": 1200, "1.2k USD": 1200, "-$5": -5, "$0.72": 0.72} {
		if got, err := ParseUSD(in); err != nil || got != want {
			t.Errorf("ParseUSD(%q) = %v, %v, want %v", in, got, err, want)
		}
	}
	if got, err := ParsePercent("12 %"); err != nil || got != 0.12 {
		t.Errorf("ParsePercent = %v, %v", got, err)
	}
}

// What is shown and read back is the figure to the precision shown.
func TestFormattedFiguresReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.Float64Range(0.001, 1e12).Draw(t, "v")
		for name, f := range map[string]struct {
			text  string
			parse func(string) (float64, error)
			tol   float64
		}{
			"USD":   {USD(v), ParseUSD, 0.5},
			"Cents": {Cents(v), ParseUSD, 0.0051},
			"Count": {Count(v), ParseNumber, 0.5},
		} {
			got, err := f.parse(f.text)
			if err != nil {
				t.Fatalf("%s: %q: %v", name, f.text, err)
			}
			tol := f.tol
			if name != "Cents" {
				tol = max(tol, 0.006*v) // three significant figures from a million on
			} else {
				tol = max(tol, 1e-9*v)
			}
			if math.Abs(got-v) > tol {
				t.Fatalf("%s: %v shown as %q reads as %v", name, v, f.text, got)
			}
		}
	})
}

func TestUnitsRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.Float64Range(0, 1e6).Draw(t, "gb")
		if got := GBFromGiB(GiBFromGB(v)); math.Abs(got-v) > 1e-9*v {
			t.Fatalf("%v GB is %v GB", v, got)
		}
		if got := GiB(GBFromGiB(v) * bytesPerGB); math.Abs(got-v) > 1e-9*v {
			t.Fatalf("%v GiB is %v GiB", v, got)
		}
	})
}

func genEstimate(t *rapid.T, label string) Estimate {
	f := rapid.Float64Range(-1e9, 1e9)
	return Between(f.Draw(t, label+"lo"), f.Draw(t, label+"mid"), f.Draw(t, label+"hi"))
}

func TestEstimatesStayOrdered(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := genEstimate(t, "a"), genEstimate(t, "b")
		k := rapid.Float64Range(-1e3, 1e3).Draw(t, "k")
		for name, e := range map[string]Estimate{"a+b": a.Add(b), "a-b": a.Sub(b), "k*a": a.Scale(k), "max": a.Max(b)} {
			if !(e.Lo <= e.Mid && e.Mid <= e.Hi) || !e.Known() {
				t.Fatalf("%s = %+v", name, e)
			}
		}
		if got := a.Add(b).Mid; got != a.Mid+b.Mid {
			t.Fatalf("mids do not add: %v", got)
		}
		if a.Add(Estimate{}).Known() {
			t.Fatal("a figure plus an unknown is known")
		}
	})
}

func TestRoundSigIsIdempotent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.Float64().Draw(t, "v")
		n := rapid.IntRange(1, 15).Draw(t, "n")
		r := RoundSig(v, n)
		if r2 := RoundSig(r, n); r2 != r && !math.IsNaN(r) {
			t.Fatalf("RoundSig(%v, %d) = %v, again %v", v, n, r, r2)
		}
	})
}

func FuzzParseNumber(f *testing.F) {
	for _, s := range []string{"300k", "1,000", "-2.5M", "1e6", "abc", ","} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if v, err := ParseNumber(s); err == nil && math.IsNaN(v) {
			t.Fatalf("%q is NaN", s)
		}
	})
}

func TestChanceAbove(t *testing.T) {
	e := Between(1, 2, 8)
	for _, c := range []struct{ x, want float64 }{{2, 0.5}, {8, 0.1}, {1, 0.9}, {0, 1}, {-1, 1}, {1e9, 0}, {1e-9, 1}} {
		if got := e.Above(c.x); math.Abs(got-c.want) > 1e-9 {
			t.Errorf("above %g with a chance of %g, want %g", c.x, got, c.want)
		}
	}
	if got := Exact(3).Above(2.9) + Exact(3).Above(3); got != 1 {
		t.Errorf("an exact 3 is above 2.9 and not above 3: %g", got)
	}
	if got := (Estimate{}).Above(1); got != 0 {
		t.Errorf("an unknown figure is above 1 with a chance of %g", got)
	}
	rapid.Check(t, func(t *rapid.T) {
		lo := rapid.Float64Range(0.01, 100).Draw(t, "lo")
		mid := lo * rapid.Float64Range(1, 5).Draw(t, "mid")
		e := Between(lo, mid, mid*rapid.Float64Range(1, 5).Draw(t, "hi"))
		x := rapid.Float64Range(0.001, 3000).Draw(t, "x")
		more := x * rapid.Float64Range(1, 3).Draw(t, "more")
		if a, b := e.Above(x), e.Above(more); !(0 <= b && b <= a && a <= 1) {
			t.Fatalf("%v: above %g with %g, above %g with %g", e, x, a, more, b)
		}
	})
}

func TestNearest(t *testing.T) {
	names := []string{"input", "output", "cache_read", "from"}
	for name, want := range map[string]string{"inputs": "input", "imput": "input", "INPUT": "input", "ouptut": "output", "cacheread": "cache_read", "form": "from", "note": "", "": ""} {
		if got := Nearest(name, names); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}
