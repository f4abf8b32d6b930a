package intake_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/llmadvise/llmadvise/advisor/catalog"
	"github.com/llmadvise/llmadvise/advisor/intake"
)

// A level of FedRAMP is said to be not told apart, and never dropped.
func TestLevelOfFedRAMP(t *testing.T) {
	for text, doubted := range map[string]bool{
		"FedRAMP high, 2M queries a month":                  true,
		"2M queries a month, FedRAMP-Moderate required":     true,
		"we need FedRAMP High baseline. 2M queries a month": true,
		"2M queries a month, high FedRAMP":                  true,
		"FedRAMP, 2M queries a month":                       false,
		"FedRAMP. High volume, 2M queries a month":          false,
	} {
		w := intake.Parse(text, testNames)
		if !slices.Contains(w.Compliance, catalog.FedRAMP) {
			t.Errorf("%q: FedRAMP is not read: %v", text, w.Compliance)
		}
		if got := slices.ContainsFunc(w.Doubts, func(d string) bool { return strings.Contains(d, "level is not told apart") }); got != doubted {
			t.Errorf("%q: doubts %q", text, w.Doubts)
		}
	}
}

// Countries in which nobody serves are places, too.
func TestPlacesWithoutClouds(t *testing.T) {
	for text, want := range map[string]string{
		"data must stay in Russia, 300k queries":            "RU",
		"300k queries a month, Russian data residency":      "RU",
		"300k queries a month, chat in Russian and English": "",
	} {
		if got := intake.Parse(text, testNames).Residency; got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
