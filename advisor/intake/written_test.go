package intake_test

import (
	"math"
	"strings"
	"testing"

	"github.com/llmadvise/llmadvise/advisor/intake"
)

// Volumes and lengths as they are written in haste, or by those who think in another language.
func TestWrittenInHaste(t *testing.T) {
	const days, weeks, workdays = 365. / 12, 365. / 84, 260. / 12
	for text, want := range map[string]struct {
		queries float64
		in, out int
	}{
		"100 thousand request for day":  {queries: 100_000 * days},
		"100,000 requests for day":      {queries: 100_000 * days},
		"100k requests x day":           {queries: 100_000 * days},
		"100k requests for day traders": {queries: 100_000},
		"students 12,000 at university, tutor bot, maybe 5 questions per week each": {queries: 12_000 * 5 * weeks},
		"rent 2x A100 on RunPod at 1.19/h, llama 3.1 8b, 300k queries a month":      {queries: 300_000},
		"100k queries a month, 30k input 1k output":                                 {100_000, 30_000, 1_000},
		"100k queries a month 30000 input 1000 output":                              {100_000, 30_000, 1_000},
		"100k docs a month, each ~2,500 tokens, we want a 400 token summary":        {100_000, 2_500, 400},
		"We want to roll out an assistant to about 1,800 of them. In the pilot (120 users, 6 weeks) each user sent on average 11 prompts per working day; prompts were 3,100 tokens with retrieved context and answers about 420.": {1_800 * 11 * workdays, 3_100, 420},
		"pilot (120 users, 6 weeks), each user sends 11 prompts per working day": {queries: 120 * 11 * workdays},
		"2M requests, 40 input tokens 10 output tokens":                          {2_000_000, 40, 10},
	} {
		w := intake.Parse(text, testNames)
		if math.Abs(w.QueriesPerMonth-want.queries) > 1e-6*want.queries || w.InputTokens != want.in || w.OutputTokens != want.out || w.QueriesHigh != 0 {
			t.Errorf("%q: %g (to %g) queries, %d in, %d out; want %+v", text, w.QueriesPerMonth, w.QueriesHigh, w.InputTokens, w.OutputTokens, want)
		}
		for _, d := range w.Doubts {
			if w.OutputTokens > 0 && strings.Contains(d, "how many come out") {
				t.Errorf("%q asks for the output that it was told: %q", text, d)
			}
		}
	}
}

// A load that is said to start with one number and to come to another grows between them, compounding from month to month.
func TestGrowsToTarget(t *testing.T) {
	to := func(factor, months float64) float64 { return math.Pow(factor, 1/months) - 1 }
	for text, want := range map[string]struct{ queries, growth float64 }{
		"start with 10k requests per month, expect 1M per month in 12 months":        {10_000, to(100, 12)},
		"We start with 10k requests per month and expect 1M per month within a year": {10_000, to(100, 12)},
		"starting at 50k queries a month, 500k in 6 months":                          {50_000, to(10, 6)},
		"100k queries a month today, 400k a month in two years":                      {100_000, to(4, 24)},
		"starting with 20k requests a month in 2 months, budget $3k a month":         {20_000, 0},
		"start with 300k queries a month, 12 months contract":                        {300_000, 0},
	} {
		w := intake.Parse(text, testNames)
		growth := 0.0
		if w.GrowthPerMonth != nil {
			growth = *w.GrowthPerMonth
		}
		if math.Abs(w.QueriesPerMonth-want.queries) > 1e-6 || math.Abs(growth-want.growth) > 1e-9 || w.InputTokens != 0 {
			t.Errorf("%q: %g growing %g, want %+v", text, w.QueriesPerMonth, growth, want)
		}
	}
}
