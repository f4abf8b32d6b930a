package advisor_test

import (
	"strings"
	"testing"

	"github.com/llmadvise/llmadvise/advisor"
	"github.com/llmadvise/llmadvise/advisor/catalog"
	"github.com/llmadvise/llmadvise/advisor/intake"
)

// A question about a thing of the catalog gets its figures with source and day; one about something near it gets none.
func TestAbout(t *testing.T) {
	cat := catalog.Default()
	names := intake.NamesFrom(cat)
	for q, want := range map[string][]string{
		"how much does an H100 cost per hour?":                   {"One H100 SXM rents on demand for $", " an hour at ", "vendors", " of 20"},
		"what does coreweave charge for an h100 per hour":        {"CoreWeave rents the H100 SXM on demand for $2.23 an hour"},
		"what does it cost to buy 8 H100?":                       {"Bought, one H100 SXM costs $25,000 to $30,000"},
		"how much VRAM does a L40S have?":                        {"The L40S has 48 GB of memory", "864 GB a second"},
		"how many watts does an h100 pull?":                      {"rated at 700 W"},
		"how much does gpt-5-mini cost per million tokens?":      {"GPT-5 mini costs $0.25 per 1M tokens in and $2.00 per 1M tokens out at OpenAI", "genai-prices of 2026-07-25"},
		"what is cheaper, claude haiku 4.5 or gemini 2.5 flash?": {"Claude Haiku 4.5 costs $1.00", "Gemini 2.5 Flash costs $0.30"},
		"price of llama 3.3 70b on groq":                         {"Llama-3.3-70B costs $0.59 per 1M tokens in and $0.79 per 1M tokens out at Groq"},
		"what is the context window of llama 3.3 70b?":           {"Llama-3.3-70B reads up to 131,072 tokens"},
		"how many parameters does qwen3-235b-a22b have?":         {"Qwen3-235B-A22B has 235B parameters, of which 22.2B work on a token"},
		"does AWS offer EU residency?":                           {"AWS Bedrock (Amazon Bedrock) offers", "EU residency", "check with your counsel"},
		"does Anthropic sign a BAA?":                             {"Anthropic (Claude API) offers a BAA", "The BAA of Anthropic: "},
		"which GPUs can run llama 3.3 70b?":                      {"Llama-3.3-70B takes 4 H100 SXM in BF16, 2 in FP8 or 1 in INT4", "A100", "L40S"},
		"will qwen3-32b fit on an RTX 4090?":                     {"2 in FP8 or 1 in Q4_K_M with llama.cpp or Ollama"},
		"does gpt-oss-120b run on one H100?":                     {"gpt-oss-120b takes 1 H100 SXM in MXFP4"},
		"does llama 3.1 405b fit on 8 RTX 3090?":                 {"does not fit on a host of 8 RTX 3090"},
		"is qwen3-32b better than gpt-4.1-mini?":                 {"Qwen3-32B reaches ", "GPT-4.1 mini reaches "},

		"what is a used RTX 4090 worth on eBay?":                             nil,
		"what does it cost to train llama 3.3 70b?":                          nil,
		"what does openai charge for embeddings":                             nil,
		"does the A100 need liquid cooling?":                                 nil,
		"is Azure OpenAI FedRAMP High authorised?":                           nil,
		"how do I overclock an RTX 4090?":                                    nil,
		"can we run this on an H100?":                                        nil,
		"what uptime does anthropic guarantee?":                              nil,
		"how much does a llama cost?":                                        nil,
		"is mistral large 3 better than gpt-5 at French writing, in French?": nil,
		"what is a token?":                                                   nil,
		"":                                                                   nil,
	} {
		got := strings.Join(advisor.About(cat, q, intake.MentionsIn(q, names)), " ")
		if len(want) == 0 && got != "" {
			t.Errorf("%q is answered: %s", q, got)
		}
		for _, w := range want {
			if !strings.Contains(got, w) {
				t.Errorf("%q: %q is missing from %q", q, w, got)
			}
		}
	}
}
