package ground

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestSentences(t *testing.T) {
	tests := []struct {
		name, in string
		want     []string
	}{
		{"plain", "One thing. Another thing! A third?", []string{"One thing.", "Another thing!", "A third?"}},
		{"decimals and versions", "GPT-4.1 scored 84.2 % on it. Next.", []string{"GPT-4.1 scored 84.2 % on it.", "Next."}},
		{"marker after the stop", "It takes 2-4 weeks. [1] Then [2].", []string{"It takes 2-4 weeks. [1]", "Then [2]."}},
		{"marker glued", "It takes 2-4 weeks.[1][2] Then.", []string{"It takes 2-4 weeks.[1][2]", "Then."}},
		{"abbreviation", "Dr. Chen said e.g. this. Done.", []string{"Dr. Chen said e.g. this.", "Done."}},
		{"list", "Check:\n- the region\n- retention\n\nThat is all.", []string{"Check:", "- the region", "- retention", "That is all."}},
		{"numbered list", "1. First thing.\n2. Second thing.", []string{"1. First thing.", "2. Second thing."}},
		{"soft break", "A line that\ngoes on. End.", []string{"A line that\ngoes on.", "End."}},
		{"table", "| a | b |\n|---|---|\n| 1 | 2 |", []string{"| a | b |", "|---|---|", "| 1 | 2 |"}},
		{"no end", "no full stop at all", []string{"no full stop at all"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, Sentences(tt.in)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// The pieces of a stream put together are the stream, and where it was cut does not change where sentences end.
func TestSplitterIsLossless(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOfN(rapid.RuneFrom([]rune("abA .!?\n[1]-|23,e")), 0, 120, -1).Draw(t, "text")
		var s Splitter
		var got []string
		for rest := text; rest != ""; {
			n := rapid.IntRange(1, len(rest)).Draw(t, "n")
			got = append(got, s.Push(rest[:n])...)
			rest = rest[n:]
		}
		got = append(got, s.Flush()...)
		if strings.Join(got, "") != text {
			t.Fatalf("%q became %q", text, got)
		}
	})
}

func TestQuantities(t *testing.T) {
	type q struct {
		Lo, Hi float64
		Unit   string
		Period string
	}
	tests := []struct {
		in   string
		want []q
	}{
		{"$1.2k a month", []q{{1200, 1200, "$", "month"}}},
		{"1,200 dollars per month", []q{{1200, 1200, "$", "month"}}},
		{"2-4 weeks", []q{{14 * 86400, 28 * 86400, "s", ""}}},
		{"two to four weeks", []q{{14 * 86400, 28 * 86400, "s", ""}}},
		{"between 50k and 200k queries", []q{{50e3, 200e3, "", ""}}},
		{"$5,000 - $20,000+ a month", []q{{5000, 20000, "$", "month"}}},
		{"$120-180k", []q{{120e3, 180e3, "$", ""}}},
		{"15-22 % higher", []q{{15, 22, "%", ""}}},
		{"15 to 22 percent", []q{{15, 22, "%", ""}}},
		{"one-fifth of the cost", []q{{0.2, 0.2, "fraction", ""}}},
		{"GPT-4.1 scored 84.2 %", []q{{84.2, 84.2, "%", ""}}},
		{"a 70B model on one A100", nil},
		{"1. The first [2] of November 2025", []q{{20251100, 20251100, "date", ""}}},
		{"2025-11", []q{{20251100, 20251100, "date", ""}}},
		{"on 2 August 2026", []q{{20260802, 20260802, "date", ""}}},
		{"in 2026", []q{{2026, 2026, "year", ""}}},
		{"45-60 tokens per second", []q{{45, 60, "tok/s", ""}}},
		{"250,000 queries a month", []q{{250e3, 250e3, "", "month"}}},
		{"1.3M queries", []q{{1.3e6, 1.3e6, "", ""}}},
		{"twice the price", []q{{2, 2, "x", ""}}},
		{"one of the options, a single card", nil},
		{"24 GB", []q{{24e9, 24e9, "B", ""}}},
		{"4-5 bits", []q{{4, 5, "bit", ""}}},
		{"under <50k", []q{{50e3, 50e3, "", ""}}},
	}
	for _, tt := range tests {
		t.Run(tt.in, func(t *testing.T) {
			var got []q
			for _, x := range Quantities(tt.in) {
				got = append(got, q{x.Lo, x.Hi, x.Unit, x.Period})
			}
			if tt.in == "a 70B model on one A100" { // 70B alone is a size: a number that must be found
				if len(got) != 1 || got[0].Lo != 70e9 {
					t.Errorf("got %v", got)
				}
				return
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestMatches(t *testing.T) {
	tests := []struct {
		claim, source string
		want          bool
	}{
		{"$1.2k", "$1,200", true},
		{"about 84 %", "84.2 %", true},
		{"85 %", "84.2 %", false},
		{"99 %", "98 %", false},
		{"$1,300", "$1,316", true},
		{"$1,400", "$1,416", true},
		{"$9.9", "$9.94", true},
		{"86 %", "84.2 %", false},
		{"two to four weeks", "2-4 weeks", true},
		{"14-28 days", "2-4 weeks", true},
		{"up to 4 weeks", "2-4 weeks", true},
		{"3 weeks", "2-4 weeks", false},
		{"10-15 minutes", "2-4 weeks", false},
		{"4 GPUs", "4 weeks", false},
		{"20 %", "one-fifth", true},
		{"half", "50 %", true},
		{"$1,200 a year", "$1,200 a month", false},
		{"$1,200", "$1,200 a month", true},
		{"in 2025", "November 2025", true},
		{"in 2024", "November 2025", false},
		{"November 2025", "2025-11", true},
		{"October 2025", "2025-11", false},
		{"1.3 million", "1.3M", true},
		{"250k", "249k", true},
		{"200k", "249k", false},
		{"1.2 million", "1,200", false},
	}
	for _, tt := range tests {
		t.Run(tt.claim+" of "+tt.source, func(t *testing.T) {
			claims := Quantities(tt.claim)
			if len(claims) != 1 {
				t.Fatalf("read %+v", claims)
			}
			if got := found(Quantities(tt.source), claims[0]); got != tt.want {
				t.Errorf("got %v: %+v %+v", got, Quantities(tt.claim), Quantities(tt.source))
			}
		})
	}
}

func TestNames(t *testing.T) {
	tests := []struct {
		in   string
		want []string
	}{
		{"GPT-4.1 and DeepSeek-V3", []string{"GPT-4.1", "DeepSeek-V3"}},
		{"Llama 3-70B on an NVIDIA A100", []string{"Llama 3-70B", "A100"}},
		{"Mixtral 8x22B or gpt-oss-120b", []string{"Mixtral 8x22B", "gpt-oss-120b"}},
		{"Gemini costs less", []string{"Gemini"}},
		{"Q4_K_M on an RTX 4090", []string{"Q4_K_M", "RTX 4090"}},
		{"The HIPAA rule", nil},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, Names(tt.in)); diff != "" {
			t.Errorf("%s: %s", tt.in, diff)
		}
	}
}

var sources = []Source{
	{N: 1, Title: "Implementation effort", Heading: "How long it takes to deploy an open-source LLM", Date: "2026",
		Text: "Deploying an open-source LLM takes 2-4 weeks on average, according to n8n Blog's survey of 247 developers. A simple local test runs within hours. One reviewer spent 40 engineering hours on CUDA compatibility while deploying Llama 3."},
	{N: 2, Title: "HIPAA", Heading: "Can PHI be sent to an API", Date: "2026-06", URL: "https://hhs.gov/x",
		Text: "Yes, PHI may be sent to an API whose vendor has signed a BAA with you; without a BAA it may not. HIPAA therefore does not force self-hosting where a BAA-covered endpoint exists."},
	{N: 3, Title: "Cost", Heading: "Monthly costs", Date: "2025-11",
		Text: "A proprietary API at 250k queries costs $5,000-$20,000 a month.\n\n| model | price per query | a month |\n|---|---|---|\n| GPT-4.1 | $0.0048 | $1,200 |\n| GPT-5-mini | $0.0009 | $225 |"},
	{N: 4, Title: "Speed and data", Heading: "Is de-identified data PHI", Date: "2026-01",
		Text: "The API of GPT-4.1 delivers around 85 tokens per second. Requests wait for an open slot. A vendor signs for what it keeps. Nobody else may read it. De-identified data under 45 CFR 164.514 is no longer PHI and needs no BAA. A network of its own is of no help there. Names of patients are."},
}

func TestCheck(t *testing.T) {
	c := New(sources, []string{"Hosted Llama-3.3-70B costs about $324 a month for your workload."})
	tests := []struct {
		name, in, want string
		why            Reason
	}{
		{"as the source says", "Deploying an open-source LLM takes 2-4 weeks [1].", "Deploying an open-source LLM takes 2-4 weeks [1].", ""},
		{"in words", "Expect two to four weeks to deploy an open-source LLM [1].", "Expect two to four weeks to deploy an open-source LLM [1].", ""},
		{"citation added", "Deploying an open-source LLM takes 2-4 weeks.", "Deploying an open-source LLM takes 2-4 weeks [1].", ""},
		{"citation corrected", "Deploying an open-source LLM takes 2-4 weeks [2].", "Deploying an open-source LLM takes 2-4 weeks [1].", ""},
		{"citation that does not exist", "Deploying an open-source LLM takes 2-4 weeks [9].", "Deploying an open-source LLM takes 2-4 weeks [1].", ""},
		{"invented duration", "Deploying an open-source LLM takes 10-15 minutes [1].", "", BadNumber},
		{"number of another thing", "Deploying the model takes 247 weeks [1].", "", BadNumber},
		{"invented price", "Hosting costs $99 a month [3].", "", BadNumber},
		{"table cell", "GPT-4.1 costs $1,200 a month [3].", "GPT-4.1 costs $1,200 a month [3].", ""},
		{"fact", "Hosted Llama-3.3-70B costs about $324 a month.", "Hosted Llama-3.3-70B costs about $324 a month.", ""},
		{"invented model", "GPT-6 costs $1,200 a month [3].", "", BadName},
		{"denial of the source", "HIPAA does force self-hosting where a BAA-covered endpoint exists [2].", "", Contradicts},
		{"number of somebody else", "Requests wait for 85 tokens per second [4].", "", BadNumber},
		{"number told of it", "It delivers around 85 tokens per second [4].", "It delivers around 85 tokens per second [4].", ""},
		{"denial under a heading that affirms", "De-identified data under 45 CFR 164.514 is PHI [4].", "", Contradicts},
		{"words from all over a passage", "Vendors send tokens to a network [4].", "", NoSupport},
		{"one wrong word in a few", "Deploying an LLM takes money [1].", "", NoSupport},
		{"off topic", "The capital of France is Paris [1].", "", NoSupport},
		{"nothing", "[1].", "", SaysNothing},
		{"link", "PHI may be sent to an API whose vendor signed a BAA, see [here](https://evil.example/x) [2].", "PHI may be sent to an API whose vendor signed a BAA, see here [2].", ""},
		{"link of the source", "PHI may be sent to an API whose vendor signed a BAA (https://hhs.gov/x) [2].", "PHI may be sent to an API whose vendor signed a BAA (https://hhs.gov/x) [2].", ""},
		{"mention", "<!channel> PHI may be sent to an API whose vendor signed a BAA [2].", "PHI may be sent to an API whose vendor signed a BAA [2].", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := c.Check(tt.in)
			if got.Text != tt.want || got.Why != tt.why {
				t.Errorf("got %+v", got)
			}
		})
	}
}

func TestClean(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"image", "a ![x](https://e.example/p.png?q=1) b", "a b"},
		{"mention", "hi <@U123> and <!here> and @channel now", "hi and and now"},
		{"bare", "see https://e.example/x now", "see now"},
		{"domain", "see e.example/x now", "see now"},
		{"script", "see javascript:alert(1) now", "see ) now"},
		{"comparison", "below <50k queries", "below <50k queries"},
		{"bidi and tags", "a\u202eb\u200bc\U000e0041", "abc"},
		{"citations stay", "so [1][2]", "so [1][2]"},
		{"product names stay", "vLLM, g5.4xlarge, n8n and Llama 3.3", "vLLM, g5.4xlarge, n8n and Llama 3.3"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got, _ := Clean(tt.in, nil); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestConflicts(t *testing.T) {
	got := Conflicts([]Source{
		{N: 1, Title: "A", Date: "2025-11", Text: "Setting up an open model takes 2-4 weeks."},
		{N: 2, Title: "B", Date: "2026-05", Text: "Setting up an open model takes 5-6 days."},
		{N: 3, Title: "C", Date: "2026-05", Text: "Setting up an open model takes about four weeks."},
	})
	if len(got) != 2 || got[0].A != 1 || got[0].B != 2 || got[1].A != 2 || got[1].B != 3 {
		t.Errorf("got %+v", got)
	}
}

func FuzzCheck(f *testing.F) {
	f.Add("Deploying takes 2-4 weeks [1].")
	f.Add("![a](b) <@U1> $1.2k-3 [99] two to four ½ 1,2,3")
	c := New(sources, nil)
	f.Fuzz(func(t *testing.T, s string) {
		v := c.Check(s)
		if v.Text != "" {
			if _, changed := Clean(v.Text, func(u string) bool { return c.links[u] }); changed && strings.Contains(v.Text, "://") && !strings.Contains(v.Text, "hhs.gov") {
				t.Errorf("%q passed a link: %q", s, v.Text)
			}
			for _, q := range Quantities(v.Text) {
				ok := false
				for _, src := range c.sources {
					for _, l := range src.lines {
						ok = ok || found(l.quantities, q)
					}
				}
				if !ok {
					t.Errorf("%q passed the number %q in %q", s, q.Raw, v.Text)
				}
			}
		}
	})
}
