package intake_test

import (
	"reflect"
	"testing"

	"github.com/llmadvise/llmadvise/advisor"
	"github.com/llmadvise/llmadvise/advisor/intake"
)

// Cards that are there are told from cards that are wanted, rented, weighed or somebody else's.
func TestOwnedAccelerators(t *testing.T) {
	held := func(gpu string, n int) []advisor.Held { return []advisor.Held{{GPU: gpu, Count: n}} }
	for text, want := range map[string][]advisor.Held{
		"We have 4 A100s idle. Worth using for 500k req/mo?":                               held("A100-SXM-80GB", 4),
		"70k req/mo; we own 6 L4 cards":                                                    held("L4", 6),
		"on our 6 MI300X, 5.5M calls a month":                                              held("MI300X", 6),
		"2M calls a month on existing 2x L4":                                               held("L4", 2),
		"TCO 3 yr, 500k q/mo, +3%/mo, own 2x L40S":                                         held("L40S", 2),
		"Got 2x H100 sitting idle":                                                         held("H100-SXM-80GB", 2),
		"we have 3 A100 40GB cards left over from 2021":                                    held("A100-SXM-40GB", 3),
		"we already bought 4 H100s (don't ask), 3.5M a month":                              held("H100-SXM-80GB", 4),
		"there are 2 L4s in the rack, 80k a month":                                         held("L4", 2),
		"We have an L40S and 30k queries a month":                                          held("L40S", 1),
		"we bought one machine with 8 H100 for research":                                   held("H100-SXM-80GB", 8),
		"our closet has 1x RTX 4090 (24 GB)":                                               held("RTX 4090", 1),
		"we have 2 L4 and 4 A100s":                                                         {{GPU: "A100-SXM-80GB", Count: 4}, {GPU: "L4", Count: 2}},
		"our 4 A100s (80 GB, bought), 2M queries a month":                                  held("A100-SXM-80GB", 4),
		"4xA100-80GB that we bought last year, 2M queries a month":                         held("A100-SXM-80GB", 4),
		"2x A10G owned, 2M queries a month":                                                held("A10G", 2),
		"2x RTX 4090 at home, 20k queries a month":                                         held("RTX 4090", 2),
		"2x A10G owned by Lambda, 2M queries a month":                                      nil,
		"4 A100s that we have to buy, 2M queries a month":                                  nil,
		"4 A100s we have quoted, 2M queries a month":                                       nil,
		"should we buy 4 H100 for 2M queries a month?":                                     nil,
		"would need 4 H100":                                                                nil,
		"we have to buy 4 H100":                                                            nil,
		"we don't have 4 H100":                                                             nil,
		"rent 2 L40S or use an API":                                                        nil,
		"llama 70b on 4x H100 against gpt-4.1":                                             nil,
		"Our infra: 16x A10G on AWS":                                                       nil,
		"if we had 4 H100":                                                                 nil,
		"vendor has offered 8 H100 at 2 dollars an hour":                                   nil,
		"considering 2x H200":                                                              nil,
		"we have 300k queries a month, what about 2x L40S?":                                nil,
		"we have no ML team, compare 2x L40S with gpt-4.1":                                 nil,
		"our budget is $5k a month; 2x A100 rented, 300k queries a month":                  nil,
		"we have 500 employees. Would two H100 do?":                                        nil,
		"A10G, 100k a month":                                                               nil,
		"how many H100 would 2M queries a month take? we have an API contract with openai": nil,
	} {
		if got := intake.Parse(text, testNames).Owned; !reflect.DeepEqual(got, want) && len(got)+len(want) > 0 {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}
