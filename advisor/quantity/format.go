package quantity

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// Unit says how a figure is written.
type Unit string

// The units of the figures that people see.
const (
	UnitUSD          Unit = "USD"
	UnitUSDPerMTok   Unit = "USD/1M tokens"
	UnitTokens       Unit = "tokens"
	UnitTokensPerSec Unit = "tokens/s"
	UnitQueries      Unit = "queries"
	UnitGiB          Unit = "GiB"
	UnitGBps         Unit = "GB/s"
	UnitMS           Unit = "ms"
	UnitSeconds      Unit = "s"
	UnitHours        Unit = "h"
	UnitMonths       Unit = "months"
	UnitPercent      Unit = "%" // the figure is a share, 0..1
	UnitWatts        Unit = "W"
	UnitNone         Unit = ""
)

// wide is the relative width of an interval from which more than two significant figures would claim too much.
const wide = 0.25

// String writes a bare figure with its interval: "12 (9.5-14)".
func (e Estimate) String() string { return e.Text(UnitNone) }

// Text writes the figure as people say it, with its interval where it has one: "$324 ($230-$450)", "2.5 s",
// "13.5M queries (9M-20M)". A figure whose interval is wide is given with two significant figures. An unknown figure is
// "unknown".
func (e Estimate) Text(u Unit) string {
	if !e.Known() {
		return "unknown"
	}
	if e.IsExact() {
		return Format(e.Mid, u)
	}
	mid := e.Mid
	if e.Width() >= wide {
		mid = RoundSig(mid, 2)
	}
	lo, hi := bare(RoundSig(e.Lo, 2), u), Format(RoundSig(e.Hi, 2), u)
	if u == UnitUSD {
		hi = bare(RoundSig(e.Hi, 2), u)
	} else if i := strings.IndexByte(hi, ' '); i > 0 {
		hi = hi[:i] // the unit stands with the figure already
	}
	return Format(mid, u) + " (" + lo + "-" + hi + ")"
}

// Short writes the figure alone, rounded as in [Estimate.Text], for cells of a table.
func (e Estimate) Short(u Unit) string {
	if !e.Known() {
		return "unknown"
	}
	if e.Width() >= wide {
		return Format(RoundSig(e.Mid, 2), u)
	}
	return Format(e.Mid, u)
}

// Format writes v in unit u as people say it.
func Format(v float64, u Unit) string {
	switch u {
	case UnitUSD:
		return USD(v)
	case UnitUSDPerMTok:
		return USDPerMTok(v)
	case UnitPercent:
		return Percent(v)
	case UnitNone:
		return bare(v, u)
	default:
		return bare(v, u) + " " + string(u)
	}
}

// bare writes v without its unit, except for the signs that belong to the number ($, %).
func bare(v float64, u Unit) string {
	switch u {
	case UnitUSD:
		return USD(v)
	case UnitUSDPerMTok:
		return price(v)
	case UnitPercent:
		return Percent(v)
	case UnitTokens, UnitQueries:
		return Count(v)
	default:
		return plain(v)
	}
}

// USD writes an amount of dollars: cents only below $1, thousands separated, millions shortened: "$0.42", "$324",
// "$17,462", "$1.25M". Not a number is "unknown".
func USD(v float64) string {
	switch a := math.Abs(v); {
	case math.IsNaN(v):
		return "unknown"
	case math.IsInf(v, 0):
		return sign(v) + "$∞"
	case a == 0:
		return "$0"
	case a < 0.01:
		return sign(v) + "$" + trimZeros(strconv.FormatFloat(RoundSig(a, 2), 'f', 8, 64))
	case a < 0.995:
		return sign(v) + "$" + strconv.FormatFloat(a, 'f', 2, 64)
	case a < 999_999.5:
		return sign(v) + "$" + group(math.Round(a))
	default:
		return sign(v) + "$" + shorten(a)
	}
}

// Cents writes an amount to the cent, as on a bill: "$1,440.00".
func Cents(v float64) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return USD(v)
	}
	a := math.Round(math.Abs(v) * 100)
	whole, cents := math.Floor(a/100), int(math.Mod(a, 100))
	s := "$" + group(whole) + "." + strconv.Itoa(100 + cents)[1:]
	if a == 0 {
		return s
	}
	return sign(v) + s
}

// USDPerMTok writes a token price: "$0.72 per 1M tokens".
func USDPerMTok(v float64) string { return price(v) + " per 1M tokens" }

// price keeps the digits that a price list has: at least cents below $10, as many as it takes to two significant ones.
func price(v float64) string {
	a := math.Abs(v)
	switch {
	case math.IsNaN(v):
		return "unknown"
	case a == 0:
		return "$0"
	case a < 1:
		s := trimZeros(strconv.FormatFloat(RoundSig(a, 4), 'f', 10, 64))
		if i := strings.IndexByte(s, '.'); len(s)-i-1 < 2 {
			s += "0"
		}
		return sign(v) + "$" + s
	case a < 100:
		return sign(v) + "$" + strconv.FormatFloat(a, 'f', 2, 64)
	default:
		return USD(v)
	}
}

// Rate writes a price by the hour with its cents: "$2.99/h".
func Rate(usdPerHour float64) string {
	if math.IsNaN(usdPerHour) {
		return "unknown"
	}
	return sign(usdPerHour) + "$" + strconv.FormatFloat(math.Abs(usdPerHour), 'f', 2, 64) + "/h"
}

// Count writes a number of things: "950", "1,200", "50k", "13.5M", "2.1B". Whole thousands from 10,000 on are
// shortened; other numbers below a million keep their digits.
func Count(v float64) string {
	a := math.Abs(v)
	switch {
	case math.IsNaN(v):
		return "unknown"
	case math.IsInf(v, 0):
		return sign(v) + "∞"
	case a < 10_000 || a < 999_999.5 && math.Mod(math.Round(a), 1000) != 0:
		if a < 10 && a != math.Trunc(a) {
			return plain(v)
		}
		return signNonZero(v, math.Round(a)) + group(math.Round(a))
	default:
		return sign(v) + shorten(a)
	}
}

// About writes a number of things with the precision of a guess: "about 13.5M", "about 250k".
func About(v float64) string { return "about " + Count(RoundSig(v, aboutDigits(v))) }

// aboutDigits keeps a third figure only where the second alone would be coarser than 5 %: 13.5M, but 67k.
func aboutDigits(v float64) int {
	a := math.Abs(v)
	if a == 0 || math.IsInf(a, 0) || math.IsNaN(a) {
		return 2
	}
	if lead := a / math.Pow(10, math.Floor(math.Log10(a))); lead < 2 {
		return 3
	}
	return 2
}

// Percent writes a share of 0..1: "12 %", "0.4 %".
func Percent(share float64) string {
	p := share * 100
	switch a := math.Abs(p); {
	case math.IsNaN(p):
		return "unknown"
	case a == 0:
		return "0 %"
	case a < 0.95:
		return trimZeros(strconv.FormatFloat(RoundSig(p, 1), 'f', 6, 64)) + " %"
	case a < 9.95:
		return trimZeros(strconv.FormatFloat(p, 'f', 1, 64)) + " %"
	default:
		return group(math.Round(p)) + " %"
	}
}

// Seconds writes a latency: "85 ms", "2.5 s", "3 min", "2 h".
func Seconds(s float64) string {
	switch a := math.Abs(s); {
	case math.IsNaN(s):
		return "unknown"
	case a < 0.9995:
		return plain(RoundSig(s*1000, 2)) + " ms"
	case a < 99.5:
		return trimZeros(strconv.FormatFloat(s, 'f', 1, 64)) + " s"
	case a < 5400:
		return plain(math.Round(s/60)) + " min"
	default:
		return trimZeros(strconv.FormatFloat(s/3600, 'f', 1, 64)) + " h"
	}
}

// Duration writes d as [Seconds] does.
func Duration(d time.Duration) string { return Seconds(d.Seconds()) }

// RoundSig rounds v to n significant figures, n >= 1.
func RoundSig(v float64, n int) float64 {
	if v == 0 || math.IsNaN(v) || math.IsInf(v, 0) {
		return v
	}
	// Through the decimal form, so that the result is the float nearest to the number that will be printed.
	r, err := strconv.ParseFloat(strconv.FormatFloat(v, 'e', n-1, 64), 64)
	if err != nil {
		return v
	}
	return r
}

// plain writes a number with three significant figures and no more decimals than it needs.
func plain(v float64) string {
	a := math.Abs(v)
	switch {
	case math.IsNaN(v):
		return "unknown"
	case math.IsInf(v, 0):
		return sign(v) + "∞"
	case a == 0:
		return "0"
	case a >= 999.5:
		return sign(v) + group(math.Round(a))
	default:
		return sign(v) + trimZeros(strconv.FormatFloat(RoundSig(a, 3), 'f', 8, 64))
	}
}

// shorten writes a >= 1000 with a suffix and three significant figures: "50k", "13.5M".
func shorten(a float64) string {
	for _, s := range []struct {
		unit   float64
		suffix string
	}{{1e12, "T"}, {1e9, "B"}, {1e6, "M"}, {1e3, "k"}} {
		// 999.6k is 1M: compare after rounding.
		if r := RoundSig(a, 3); r >= s.unit {
			return trimZeros(strconv.FormatFloat(RoundSig(r/s.unit, 3), 'f', 2, 64)) + s.suffix
		}
	}
	return group(math.Round(a))
}

// group writes a whole number with separated thousands.
func group(a float64) string {
	s := strconv.FormatFloat(math.Abs(a), 'f', 0, 64)
	var b strings.Builder
	for i, d := range s {
		if i > 0 && (len(s)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(d)
	}
	return b.String()
}

func sign(v float64) string {
	if v < 0 {
		return "-"
	}
	return ""
}

// signNonZero writes no sign before a rounded zero.
func signNonZero(v, rounded float64) string {
	if rounded == 0 {
		return ""
	}
	return sign(v)
}

func trimZeros(s string) string {
	if !strings.Contains(s, ".") {
		return s
	}
	return strings.TrimRight(strings.TrimRight(s, "0"), ".")
}
