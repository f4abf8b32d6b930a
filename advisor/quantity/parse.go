package quantity

import (
	"fmt"
	"strconv"
	"strings"
)

// suffixes of shortened numbers. "b" and "bn" are the short-scale billion.
var suffixes = []struct {
	text  string
	times float64
}{
	{"trillion", 1e12}, {"billion", 1e9}, {"million", 1e6}, {"thousand", 1e3},
	{"tn", 1e12}, {"bn", 1e9}, {"mn", 1e6}, {"mio", 1e6}, {"mil", 1e6},
	{"t", 1e12}, {"b", 1e9}, {"m", 1e6}, {"k", 1e3},
}

// ParseNumber reads a number as people write it: "300k", "2.5M", "1,000,000", "1_000", "50 thousand", "1e6". A comma
// separates thousands; "1,5" (a decimal comma) is an error, since it might mean either.
func ParseNumber(s string) (float64, error) {
	t := strings.ToLower(strings.TrimSpace(s))
	times := 1.0
	for _, x := range suffixes {
		if rest, ok := strings.CutSuffix(t, x.text); ok {
			t, times = strings.TrimSpace(rest), x.times
			break
		}
	}
	digits, err := ungroup(t)
	if err != nil {
		return 0, fmt.Errorf("number %q: %w", s, err)
	}
	v, err := strconv.ParseFloat(digits, 64)
	if err != nil || strings.ContainsAny(digits, "xXpPnN") { // no hex, no NaN, no Inf
		return 0, fmt.Errorf("number %q: want something like 300k, 2.5M or 1,000,000", s)
	}
	return v * times, nil
}

// ungroup removes the separators of thousands, which must stand before groups of three digits.
func ungroup(s string) (string, error) {
	s = strings.ReplaceAll(s, "_", "")
	if !strings.Contains(s, ",") {
		return s, nil
	}
	whole, frac, hasFrac := strings.Cut(s, ".")
	groups := strings.Split(whole, ",")
	for _, g := range groups[1:] {
		if len(g) != 3 {
			return "", fmt.Errorf("a comma separates groups of three digits")
		}
	}
	whole = strings.Join(groups, "")
	if hasFrac {
		whole += "." + frac
	}
	return whole, nil
}

// ParseUSD reads an amount of dollars: "$1,200", "1.2k USD", "$0.72", "-$5".
func ParseUSD(s string) (float64, error) {
	t := strings.TrimSpace(s)
	neg := strings.HasPrefix(t, "-")
	t = strings.TrimPrefix(strings.TrimPrefix(t, "-"), "$")
	for _, word := range []string{"usd", "dollars", "dollar", "us$", "$"} {
		if l := strings.ToLower(t); strings.HasSuffix(l, word) {
			t = t[:len(t)-len(word)]
			break
		}
	}
	v, err := ParseNumber(t)
	if err != nil {
		return 0, fmt.Errorf("amount %q: want something like $1,200 or 1.2k USD", s)
	}
	if neg {
		v = -v
	}
	return v, nil
}

// ParsePercent reads "12 %", "12%" or "0.12" as the share 0.12.
func ParsePercent(s string) (float64, error) {
	t := strings.TrimSpace(s)
	rest, pct := strings.CutSuffix(t, "%")
	v, err := ParseNumber(rest)
	if err != nil {
		return 0, fmt.Errorf("share %q: want something like 12%% or 0.12", s)
	}
	if pct {
		v /= 100
	}
	return v, nil
}

// Memory sizes are binary, prices and bandwidth decimal.
const (
	bytesPerGiB = 1 << 30
	bytesPerGB  = 1e9
)

// GiBFromGB converts decimal gigabytes, as marketed, to binary ones.
func GiBFromGB(gb float64) float64 { return gb * bytesPerGB / bytesPerGiB }

// GBFromGiB converts binary gigabytes to decimal ones.
func GBFromGiB(gib float64) float64 { return gib * bytesPerGiB / bytesPerGB }

// GiB converts bytes to binary gigabytes.
func GiB(bytes float64) float64 { return bytes / bytesPerGiB }

// Calendar: a month is a twelfth of a year of 365 days, so that twelve months are a year.
const (
	HoursPerMonth   = 730.0
	SecondsPerMonth = HoursPerMonth * 3600
)
