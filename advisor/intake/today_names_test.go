package intake_test

import (
	"slices"
	"testing"

	"github.com/llmadvise/llmadvise/advisor/intake"
)

// What is in use is told from what is wanted, weighed, kept or ruled out.
func TestNamesInUse(t *testing.T) {
	type names struct{ models, providers, today, excluded []string }
	for text, want := range map[string]names{
		"We use gpt-4.1 today, 300k queries a month":                                         {today: []string{"gpt-4.1"}},
		"we're on gpt-4.1 at openai, would llama 3.3 70b be cheaper?":                        {models: []string{"llama-3.3-70b"}, today: []string{"gpt-4.1", "openai"}},
		"moving off gpt-4o. 320k reqs/mo":                                                    {today: []string{"gpt-4o"}, excluded: []string{"gpt-4o"}},
		"migrate away from OpenAI to Together, 2M a month":                                   {providers: []string{"together"}, today: []string{"openai"}, excluded: []string{"openai"}},
		"Everything runs on Claude Sonnet 4.5 right now":                                     {today: []string{"claude-sonnet-4-5"}},
		"our current model is gpt-4o-mini, 1M calls":                                         {today: []string{"gpt-4o-mini"}},
		"Today: gpt-4o-mini, 90k/mo":                                                         {today: []string{"gpt-4o-mini"}},
		"We're an AWS house, 300k a month":                                                   {today: []string{"aws"}},
		"Azure shop since 2016, 300k queries a month":                                        {today: []string{"azure"}},
		"We burn $14k a month on gpt-4o. Move that to qwen3-32b":                             {models: []string{"qwen3-32b"}, today: []string{"gpt-4o"}},
		"we pay openai $18k a month for gpt-4o, 6M calls":                                    {today: []string{"gpt-4o", "openai"}},
		"currently paying OpenAI 40k/mo for gpt-4.1. 3M calls":                               {today: []string{"gpt-4.1", "openai"}},
		"Paying 9k a month for gpt-4o. llama 3.1 8b instead?":                                {models: []string{"llama-3.1-8b"}, today: []string{"gpt-4o"}},
		"we spend 18k/month on gpt-4o at openai, would qwen3-32b do?":                        {models: []string{"qwen3-32b"}, today: []string{"gpt-4o", "openai"}},
		"our gpt-4o bill is 18k for 6M calls, what would qwen3-32b cost":                     {models: []string{"qwen3-32b"}, today: []string{"gpt-4o"}},
		"OpenAI bill: 9k per month, 12M requests":                                            {today: []string{"openai"}},
		"our bill at openai is $120k a year, all gpt-4.1-mini":                               {today: []string{"gpt-4.1-mini", "openai"}},
		"gpt-4.1 at openai costs us 60k/mo. Is qwen3-32b better?":                            {models: []string{"qwen3-32b"}, today: []string{"gpt-4.1", "openai"}},
		"what would gpt-4.1 cost us at 300k a month?":                                        {models: []string{"gpt-4.1"}},
		"3B tokens a month, currently gpt-4o":                                                {today: []string{"gpt-4o"}},
		"500M tokens a day with gpt-4.1-mini on Azure, we pay 15k USD/mo":                    {today: []string{"azure", "gpt-4.1-mini"}},
		"we pay $18k a month. What would gpt-4.1 cost? 6M calls":                             {models: []string{"gpt-4.1"}},
		"we pay $18k a month, would llama-3.1-8b be cheaper?":                                {models: []string{"llama-3.1-8b"}},
		"our Azure OpenAI bill is 35.000€/month (gpt-4.1), 3.2M requests":                    {today: []string{"azure", "gpt-4.1"}},
		"Current bill: Anthropic $9,400/mo, Claude Haiku 4.5, 1.1M calls. Cut this in half?": {today: []string{"anthropic", "claude-haiku-4-5"}},
		"Wir zahlen aktuell 4.200 € im Monat für gpt-4.1":                                    {today: []string{"gpt-4.1"}},
		"nous payons 3000 euros par mois pour gpt-4o":                                        {today: []string{"gpt-4o"}},
		"our OpenAI bill is 9k a month, llama 3.1 8b? 2M requests":                           {models: []string{"llama-3.1-8b"}, today: []string{"openai"}},
		"what would our gpt-4.1 bill be at 300k a month?":                                    {models: []string{"gpt-4.1"}},
		"how much would we pay openai for gpt-4.1 at 300k a month?":                          {models: []string{"gpt-4.1"}, providers: []string{"openai"}},
		"compare gpt-4.1 on azure with llama 3.1 8b, 300k a month":                           {models: []string{"gpt-4.1", "llama-3.1-8b"}, providers: []string{"azure"}},
		"we could spend $14k a month on gpt-4.1":                                             {models: []string{"gpt-4.1"}},
		"what would we pay for gpt-4.1 at 300k a month?":                                     {models: []string{"gpt-4.1"}},
		"can qwen3-32b replace gpt-4.1? 400k a month":                                        {models: []string{"qwen3-32b"}, today: []string{"gpt-4.1"}},
		"we pay OpenAI 14k a month":                                                          {today: []string{"openai"}},
		"whether to leave OpenAI, 300k a month":                                              {today: []string{"openai"}},
		"300k a month, anything but OpenAI":                                                  {excluded: []string{"openai"}},
		"gpt-5 or qwen3-32b, no deepseek-r1":                                                 {models: []string{"gpt-5", "qwen3-32b"}, excluded: []string{"deepseek-r1"}},
		"no openai or anthropic, 300k a month":                                               {excluded: []string{"anthropic", "openai"}},
		"exclude openai, groq and together":                                                  {excluded: []string{"groq", "openai", "together"}},
		"without together and groq":                                                          {excluded: []string{"groq", "together"}},
		"no gpt-5, gpt-4.1 please":                                                           {models: []string{"gpt-4.1"}, excluded: []string{"gpt-5"}},
		"no gpt-5 but gpt-4.1 is ok":                                                         {models: []string{"gpt-4.1"}, excluded: []string{"gpt-5"}},
		"should we use gpt-4.1 or llama 3.3 70b?":                                            {models: []string{"gpt-4.1", "llama-3.3-70b"}},
		"we want to use gpt-5":                                                               {models: []string{"gpt-5"}},
		"use gpt-4.1, 300k a month":                                                          {models: []string{"gpt-4.1"}},
		"we plan on Azure with gpt-4.1":                                                      {models: []string{"gpt-4.1"}, providers: []string{"azure"}},
		"if we used gpt-4.1, what would 300k a month cost?":                                  {models: []string{"gpt-4.1"}},
		"we use gpt-4.1 and want to stay with it, 300k a month":                              {models: []string{"gpt-4.1"}},
		"compare gpt-4.1 and claude haiku 4.5 today, please":                                 {models: []string{"claude-haiku-4-5", "gpt-4.1"}},
		"we need gpt-4.1 now":                                                                {models: []string{"gpt-4.1"}},
		"don't replace gpt-4.1, 300k a month":                                                {models: []string{"gpt-4.1"}},
		"what would it cost if we run llama 3.1 8b on L4, 300k a month?":                     {models: []string{"llama-3.1-8b"}},
	} {
		w := intake.Parse(text, testNames)
		got := names{w.Models, w.Providers, w.Today, w.Excluded}
		if !slices.Equal(got.models, want.models) || !slices.Equal(got.providers, want.providers) || !slices.Equal(got.today, want.today) || !slices.Equal(got.excluded, want.excluded) {
			t.Errorf("%q: %+v, want %+v", text, got, want)
		}
	}
}
