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
		"does AWS offer EU residency?":                           {"AWS Bedrock (Amazon Bedrock) offers", "EU residency, on conditions (bedrock-terms of ", "EU residency with an EU region and cross-region inference switched off. Check with your counsel."},
		"does Anthropic sign a BAA?":                             {"Anthropic (Claude API) offers a BAA, on conditions (", "HIPAA-ready API access with a signed BAA, on request. Check with your counsel."},
		"does OpenAI offer zero data retention?":                 {"OpenAI (API) offers zero retention, on conditions (", "Zero retention needs approval and does not cover batch"},
		"does Together AI offer zero retention?":                 {"offers zero retention, on conditions (", "off by default"},
		"does Azure offer EU data residency?":                    {"offers EU residency, on conditions (", "Global and Data Zone types give it up"},
		"does Vertex AI offer EU residency?":                     {"Google (Vertex AI, Google Cloud) offers EU residency, on conditions (", "the global endpoint gives none"},
		"does Anthropic offer EU residency?":                     {"Anthropic (Claude API) offers no EU residency (", "the way is Bedrock or Vertex"},
		"is Together AI SOC 2 certified?":                        {"No SOC 2 report of Together AI is known: unknown, not ruled out (", "Ask the vendor."},
		"does Groq sign a BAA?":                                  {"No BAA of Groq is known: unknown, not ruled out (", "No public word on a BAA was found."},
		"does Hyperbolic have SOC 2 and a DPA?":                  {"No data processing agreement and no SOC 2 report of Hyperbolic is known: unknown, not ruled out; its terms were not read."},
		"how much does an RTX 9090 cost per hour?":               {"The catalog has no RTX 9090: nothing is known of it here."},
		"RTX 6090 price":                                         {"The catalog has no RTX 6090"},
		"ISO 42001 for LLM vendors?":                             {"No vendor's terms in the catalog say anything of ISO 42001"},
		"is OpenAI ISO 42001 certified?":                         {"No vendor's terms in the catalog say anything of ISO 42001"},
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

// What is asked for stands alone: other promises, whose conditions are not told, do not come along. Two vendors have no middle.
func TestAboutSaysNoMore(t *testing.T) {
	cat := catalog.Default()
	names := intake.NamesFrom(cat)
	for q, not := range map[string]string{
		"does OpenAI offer zero data retention?": "BAA",
		"does Azure offer EU data residency?":    "monitoring",
		"how much is a B300 per hour?":           "in the middle of",
		"rtx 4090 vram":                          "The catalog has no",
		"is OpenAI ISO 27001 certified?":         "No vendor's terms",
	} {
		if got := strings.Join(advisor.About(cat, q, intake.MentionsIn(q, names)), " "); got == "" || strings.Contains(got, not) {
			t.Errorf("%q: %q", q, got)
		}
	}
}

// A number that is part of a name is no amount, and an amount behind a name stays one.
func TestWithoutUnknownNames(t *testing.T) {
	cat := catalog.Default()
	for text, want := range map[string]string{
		"How much does an RTX 9090 cost per hour?":  "How much does an RTX cost per hour?",
		"RTX 4090, 5000 queries a day":              "RTX 4090, 5000 queries a day",
		"we have an RTX 5000 requests a day":        "we have an RTX 5000 requests a day",
		"ISO 42001 for LLM vendors?":                "ISO for LLM vendors?",
		"ISO 27001, 300k queries":                   "ISO 27001, 300k queries",
		"NIST SP 800-53 and EN 301549, 20k queries": "NIST SP and EN, 20k queries",
		"moved 3000 sessions en 2000 requêtes":      "moved 3000 sessions en 2000 requêtes",
		"":                                          "",
	} {
		if got := advisor.WithoutUnknownNames(cat, text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
