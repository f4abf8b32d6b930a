package intake_test

import (
	"testing"

	"github.com/llmadvise/llmadvise/advisor/intake"
)

// The hours that a batch has are read where they are said, and are a night's where it runs at night.
func TestBatchHours(t *testing.T) {
	for text, want := range map[string]float64{
		"nightly batch: 3 million documents, 4k tokens each, results by morning":      8,
		"overnight batch job over 200k records a day":                                 8,
		"the nightly run over 200k records a day has to finish within 6 hours, batch": 6,
		"batch of 200k records a day, no hurry":                                       0,
		"300k chats a month, p95 4 s":                                                 0,
		"batch classification of 2M tickets a month, can wait a day":                  0,
	} {
		got := 0.0
		if v := intake.Parse(text, testNames).BatchHours; v != nil {
			got = *v
		}
		if got != want {
			t.Errorf("%q: %g hours, want %g", text, got, want)
		}
	}
}
