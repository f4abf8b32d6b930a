package intake_test

import (
	"testing"

	"github.com/llmadvise/llmadvise/advisor/intake"
)

// That nothing may be kept is told from where it is kept, for how long, and from what must not leave.
func TestZeroRetention(t *testing.T) {
	for text, want := range map[string]bool{
		"zero data retention, 100k a month, gpt-5":                true,
		"we need zero retention with the API, 300k a month":       true,
		"ZDR required, 300k a month":                              true,
		"no prompt logging, 300k a month":                         true,
		"no data retention at the vendor, 300k a month":           true,
		"the vendor must not store our prompts, 300k a month":     true,
		"prompts may not be retained, 300k a month":               true,
		"nothing may be logged by the provider, 300k a month":     true,
		"data must not be stored outside the EU, 300k a month":    false,
		"data retention of 30 days is fine, 300k a month":         false,
		"customer retention bot, 300k a month":                    false,
		"we store all answers, 300k a month":                      false,
		"zero budget, 300k a month":                               false,
		"logs of 300k requests a month are classified":            false,
		"no ML team, keep it simple, 300k a month":                false,
		"data cannot be kept in the cloud, 300k a month":          false,
		"we do not want to keep servers, 300k a month":            false,
		"300k a month, no need to store anything on our own side": false,
	} {
		if got := intake.Parse(text, testNames).ZeroRetention; got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}
