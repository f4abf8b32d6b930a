package intake_test

import (
	"reflect"
	"slices"
	"testing"

	"github.com/llmadvise/llmadvise/advisor"
	"github.com/llmadvise/llmadvise/advisor/catalog"
	"github.com/llmadvise/llmadvise/advisor/intake"
)

// Machines that run today are told from those that are weighed, with what runs on them, where, and what they cost.
func TestRentedAccelerators(t *testing.T) {
	names := intake.NamesFrom(catalog.Default())
	for text, want := range map[string]struct {
		gpu   string
		count int
		today []string
		usd   float64
	}{
		"we self-host llama 3.3 70b on 8x H100 on AWS, costs us $20k a month. Would an API be cheaper? 2M queries a month": {"H100-SXM-80GB", 8, []string{"aws", "llama-3.3-70b"}, 20_000},
		"We rent 4x A100 at Lambda for $5,200 a month to serve Qwen3 32B. 1.5M requests":                                   {"A100-SXM-80GB", 4, []string{"lambda", "qwen3-32b"}, 5_200},
		"we self-host llama 3.3 70b on 8x H100 on AWS for 20k a month, would an API be cheaper? 2M queries a month":        {"H100-SXM-80GB", 8, []string{"aws", "llama-3.3-70b"}, 20_000},
		"currently paying $45,000/mo for 2 p5.48xlarge running Llama 3.3 70B, 5M requests a month":                         {"H100-SXM-80GB", 16, []string{"llama-3.3-70b"}, 45_000},
		"our GPU bill is 30k a month (Mistral Large on 8 H200). 3M requests":                                               {"H200-SXM-141GB", 8, []string{"mistral-large-3"}, 30_000},
		"Qwen2.5 72B runs on 4 H100 we rent from CoreWeave; 900k summaries a month":                                        {"H100-SXM-80GB", 4, []string{"coreweave", "qwen2.5-72b"}, 0},
		"we lease two 8xH100 nodes from Lambda for $38k/month and serve DeepSeek V3 on them; 6M calls":                     {"H100-SXM-80GB", 16, []string{"deepseek-v3", "lambda"}, 38_000},
		"our Llama 3.1 70B deployment on 4 A100s at AWS costs 12k/month, 600k queries":                                     {"A100-SXM-80GB", 4, []string{"aws", "llama-3.1-70b"}, 12_000},
		"we rent two H100 at Nebius ($4k a month) to run gpt-oss-120b. 1M chats, would gpt-5-mini be cheaper?":             {"H100-SXM-80GB", 2, []string{"gpt-oss-120b", "nebius"}, 4_000},
		"stay on our rented 4x A100 (Lambda Labs, 5.2k a month, Qwen3 32B) or move to an API? 1.5M requests":               {"A100-SXM-80GB", 4, []string{"lambda", "qwen3-32b"}, 5_200},
		"Moving off self-hosted Mixtral 8x7B on 2 A100 at GCP, 700k rag queries a month":                                   {"A100-SXM-80GB", 2, []string{"google", "mixtral-8x7b"}, 0},
		"we run llama 3.1 8b on a g5.12xlarge at AWS. 800k chats a month":                                                  {"A10G", 4, []string{"aws", "llama-3.1-8b"}, 0},
		"we rent an a3-highgpu-8g at Google for gpt-oss-120b, 3M chats a month":                                            {"H100-SXM-80GB", 8, []string{"google", "gpt-oss-120b"}, 0},
		"we rent 1x L4 at RunPod for llama 3.1 8b, 20M classifications a month, p95 1 s":                                   {"L4", 1, []string{"llama-3.1-8b", "runpod"}, 0},
		"8x H100 on Lambda for $23,000/month currently, Llama 3.3 70B, 6M queries a month. stay?":                          {"H100-SXM-80GB", 8, []string{"lambda", "llama-3.3-70b"}, 23_000},
		"We already rent 8x H100 at $2.50/h running Llama 3.3 70B, 6M queries":                                             {"H100-SXM-80GB", 8, []string{"llama-3.3-70b"}, 8 * 2.5 * 730},
		"We rent 8 H100 at 2 dollars an hour each":                                                                         {gpu: "H100-SXM-80GB", count: 8, usd: 8 * 2 * 730},
		"We rent 8 H100 at 18 dollars an hour in total":                                                                    {gpu: "H100-SXM-80GB", count: 8, usd: 18 * 730},
		"we rent 2x p5.48xlarge at $55 an hour for Llama 3.3 70B, 6M queries a month":                                      {"H100-SXM-80GB", 16, []string{"llama-3.3-70b"}, 2 * 55 * 730},
		"rented 4x H100 for 6,000 dollars a month, running llama 3.3 70b":                                                  {"H100-SXM-80GB", 4, []string{"llama-3.3-70b"}, 6_000},
		"reserved p5.48xlarge on AWS, should we keep it":                                                                   {gpu: "H100-SXM-80GB", count: 8, today: []string{"aws"}},
		"rented 4x H100 or gpt-4.1? 2M queries":                                                                            {},
		"4x H100 on Lambda at $2.99/h vs gpt-4.1, 2M queries a month":                                                      {},
		"should we rent 4x H100 for llama 70b or use gpt-4.1? 900k a month":                                                {},
		"thinking about renting 4 H100 for Llama 70B, 900k a month":                                                        {},
		"would it pay to rent 2 L40S? 900k a month":                                                                        {},
		"rent 2 L40S or use an API":                                                                                          {},
		"llama 70b on 4x H100 against gpt-4.1":                                                                               {},
		"we'd rent 4x A100 at Lambda for $5,200 a month, 1.5M requests":                                                      {},
		"we want to host llama 70b on 8x H100, 2M queries a month":                                                           {},
		"if we rent 4 A100 at Lambda, what does Qwen3 32B cost? 900k a month":                                                {},
		"we have 4 A100s idle. Worth using for 500k req/mo?":                                                                 {},
		"gpt-4o costs us 9k a month; what about Llama 3.3 70B on 4 H100?":                                                    {today: []string{"gpt-4o"}, usd: 9_000},
		"Lambda quoted 4x H100 for 9k a month. 2M queries, llama 70b":                                                        {},
		"we don't rent 4 A100 any more, 900k a month":                                                                        {},
		"how many H100 would 2M queries a month take? we rent nothing":                                                       {},
		"Our budget for renting 8x H100 is 20k a month, 2M queries a month":                                                  {},
		"a vendor rents 8x H100 for 20k a month, 2M queries a month":                                                         {},
		"can we host Qwen3 32B on 2x L40S at RunPod? 1M chats a month":                                                       {},
		"we rent 4x A100 today. 1.5M requests":                                                                               {gpu: "A100-SXM-80GB", count: 4},
		"we rent 4x A100 at Lambda. Compare gpt-4.1 with Qwen3 32B for 1.5M requests":                                        {gpu: "A100-SXM-80GB", count: 4, today: []string{"lambda"}},
		"our 8 rented H100 at CoreWeave run Llama 3.3 70B for 16k a month; 2M chats":                                         {"H100-SXM-80GB", 8, []string{"coreweave", "llama-3.3-70b"}, 16_000},
		"we pay AWS $32k a month for a p4d.24xlarge with Mixtral 8x7B on it, 4M requests":                                    {"A100-SXM-40GB", 8, []string{"aws", "mixtral-8x7b"}, 32_000},
		"Currently we use Llama 3.3 70B on 4x H100 at Nebius, 9,400 dollars monthly, 1.2M support chats. Is an API cheaper?": {"H100-SXM-80GB", 4, []string{"llama-3.3-70b", "nebius"}, 9_400},
		"We host Qwen3 32B ourselves on 2 rented L40S (RunPod). 700k classifications a month. Is gpt-5-nano cheaper?":        {"L40S", 2, []string{"qwen3-32b", "runpod"}, 0},
	} {
		w := intake.Parse(text, names)
		var held []advisor.Held
		if want.count > 0 {
			held = []advisor.Held{{GPU: want.gpu, Count: want.count}}
		}
		usd := 0.0
		if w.SpendUSDMonth != nil {
			usd = *w.SpendUSDMonth
		}
		if !reflect.DeepEqual(w.Rented, held) || !slices.Equal(w.Today, want.today) || usd != want.usd {
			t.Errorf("%q:\n%v %v $%g, want %v %v $%g; wishes %v %v %v", text, w.Rented, w.Today, usd, held, want.today, want.usd, w.Models, w.GPUs, w.Providers)
		}
	}
}
