package intake_test

import (
	"math"
	"testing"

	"github.com/llmadvise/llmadvise/advisor/intake"
)

func TestEngineerCost(t *testing.T) {
	for text, want := range map[string]float64{
		"An engineer costs us $15k a month. 500k queries, chat":                                  15_000,
		"500k queries a month; loaded FTE cost $210k/yr":                                         17_500,
		"average dev salary is $96,000 a year, 2M calls a month":                                 8_000 * 1.3,
		"300k queries, an ML engineer costs 12k a month":                                         12_000,
		"our devops engineer is $9k per month, 300k queries a month":                             9_000,
		"we reckon $14k a month per engineer. 300k queries a month":                              14_000,
		"an engineer in Bangalore costs $2.5k a month, 300k queries a month":                     2_500,
		"300k queries a month, $15k a month budget":                                              0,
		"we have one engineer and $2k a month for 300k queries a month":                          0,
		"our 3 engineers cost $45k a month, 300k queries a month":                                0,
		"we pay OpenAI $15k a month, no engineer here, 300k queries a month":                     0,
		"an engineer would save 2 hours a day, 300k queries a month, budget $4k a month":         0,
		"an agent costs us $3k a month in support, 300k queries a month":                         0,
		"We pay $9k a month for gpt-4o and one engineer looks after it, 300k queries a month":    0,
		"an engineer writes 400 queries a month on average; 50 engineers, budget $3,000 a month": 0,
	} {
		got := 0.0
		if v := intake.Parse(text, testNames).EngineerUSDMonth; v != nil {
			got = *v
		}
		if math.Abs(got-want) > 1e-6 {
			t.Errorf("%q: %g, want %g", text, got, want)
		}
	}
}
