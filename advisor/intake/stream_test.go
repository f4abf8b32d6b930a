package intake_test

import (
	"testing"
	"time"

	"github.com/llmadvise/llmadvise/advisor/intake"
)

// Targets of streaming are told from the whole answer's, from an engine's throughput and from how things are today.
func TestStreamingTargets(t *testing.T) {
	type targets struct {
		first, whole time.Duration
		stream       float64
		atOnce       float64
		people       bool
	}
	for text, want := range map[string]targets{
		"voice agent, first token under 300ms, 20 concurrent calls":         {first: 300 * time.Millisecond, atOnce: 20},
		"TTFT < 500 ms and 40 tok/s per user, 100k chats/month":             {first: 500 * time.Millisecond, stream: 40},
		"time to first token 1.5 s, whole answer within 8 s, 100k a month":  {first: 1500 * time.Millisecond, whole: 8 * time.Second},
		"each user should get 30 tokens per second, 50 concurrent requests": {stream: 30, atOnce: 50},
		"at least 25 tok/s, 100k requests a month":                          {stream: 25},
		"TPOT 20 ms, 100k requests a month":                                 {stream: 50},
		"80 concurrent users, llama-3.3-70b":                                {atOnce: 80, people: true},
		"we expect 12 simultaneous sessions":                                {atOnce: 12, people: true},
		"concurrency 64, llama-3.3-70b":                                     {atOnce: 64},
		"12 parallel agents, each step 30k tokens in":                       {atOnce: 12},
		"20 requests in parallel":                                           {atOnce: 20},
		"our engine does 2,000 tok/s in all, 100k requests a month":         {},
		"p95 2 s, 300k a month":                                             {whole: 2 * time.Second},
		"currently the first token takes 4 s, 300k requests a month":        {},
	} {
		w := intake.Parse(text, testNames)
		got := targets{first: w.TTFT, whole: w.LatencyP95, people: w.ConcurrencyOfPeople}
		if w.StreamTokS != nil {
			got.stream = *w.StreamTokS
		}
		if w.Concurrency != nil {
			got.atOnce = *w.Concurrency
		}
		if got != want {
			t.Errorf("%q: %+v, want %+v; %d out, doubts %q", text, got, want, w.OutputTokens, w.Doubts)
		}
	}
}
