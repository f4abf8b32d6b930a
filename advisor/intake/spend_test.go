package intake_test

import (
	"testing"

	"github.com/llmadvise/llmadvise/advisor/intake"
)

// What is paid today is told from what may be paid, and both may be said.
func TestWhatIsPaidToday(t *testing.T) {
	type money struct{ paid, budget float64 }
	for text, want := range map[string]money{
		"we pay openai $18k a month for gpt-4o, 6M calls":                               {paid: 18_000},
		"We burn $14k a month on gpt-4o. Move that to qwen3-32b":                        {paid: 14_000},
		"our OpenAI bill is $120k a year, all gpt-4.1-mini":                             {paid: 10_000},
		"currently paying 40k USD/mo for sonnet 4.5, budget 25k USD/mo":                 {paid: 40_000, budget: 25_000},
		"we spend $9,000 a month today and want to get below $3,000 a month":            {paid: 9_000, budget: 3_000},
		"OpenAI charges us $2,300 monthly, 1M requests":                                 {paid: 2_300},
		"budget $5k a month, 300k queries":                                              {budget: 5_000},
		"Current bill: Anthropic $9,400/mo, Claude Sonnet 4.5, 1.1M calls":              {paid: 9_400},
		"currently on gpt-4o via Azure, 2M requests a month, 6k USD a month":            {paid: 6_000},
		"currently on gpt-4o via Azure, 2M requests a month, budget 6k USD a month":     {budget: 6_000},
		"Wir zahlen aktuell 4.200 $ im Monat für gpt-4o":                                {paid: 4_200},
		"Wir zahlen aktuell 4.200 € im Monat für gpt-4o":                                {},
		"Wir bezahlen heute 4200 Euro":                                                  {},
		"nous payons 3000 euros par mois pour gpt-4o":                                   {},
		"Budget: aktuell 5.000 € im Monat, 300k Anfragen":                               {budget: 5_000},
		"we could pay $5k a month, 300k queries":                                        {budget: 5_000},
		"we pay 6k euros a month for gpt-4o":                                            {},
		"we pay $400 a month for Slack and $9,000 a month for OpenAI, 300k queries":     {},
		"we pay $0.01 per call today, 300k queries a month":                             {},
		"an engineer costs us $15k a month. 300k queries a month on gpt-4.1 or our own": {},
	} {
		w := intake.Parse(text, testNames)
		var got money
		if w.SpendUSDMonth != nil {
			got.paid = *w.SpendUSDMonth
		}
		if w.BudgetUSDMonth != nil {
			got.budget = *w.BudgetUSDMonth
		}
		if got != want {
			t.Errorf("%q: %+v, want %+v; doubts %q", text, got, want, w.Doubts)
		}
	}
}
