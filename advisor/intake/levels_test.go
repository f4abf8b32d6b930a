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

// Health data in Europe raises the law there, and no law is asked for that the request names.
func TestHealthLaw(t *testing.T) {
	for text, want := range map[string]string{
		"hospital in Paris, 300k queries a month":                           "HDS",
		"hospital group in Germany, patient data, 300k queries a month":     "GDPR may apply",
		"clinic in Berlin, 20k chats a month":                               "GDPR may apply",
		"hospital in London, 20k chats a month":                             "UK GDPR may apply",
		"hospital in Berlin, GDPR, 20k chats a month":                       "",
		"hospital in Toronto, 20k chats a month":                            "the law of Canada on health data is not checked",
		"hospital, 20k chats a month":                                       "say HIPAA if",
		"PHI, HIPAA, 300k queries a month":                                  "",
		"patient data, HIPAA, 300k queries a month":                         "",
		"US hospital, health data, HIPAA, 300k queries a month":             "",
		"our hospital chats with patients, under HIPAA, 300k chats a month": "",
		"patient data, 300k queries a month":                                "taken to fall under HIPAA",
	} {
		w := intake.Parse(text, testNames)
		var law []string
		for _, d := range w.Doubts {
			if strings.Contains(d, "HIPAA") || strings.Contains(d, "GDPR") || strings.Contains(d, "law of") {
				law = append(law, d)
			}
		}
		switch {
		case want == "" && len(law) > 0, want != "" && (len(law) != 1 || !strings.Contains(law[0], want)):
			t.Errorf("%q: doubts %q, want one of %q", text, law, want)
		}
	}
}
