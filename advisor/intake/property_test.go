package intake_test

import (
	"math"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/llmadvise/llmadvise/advisor"
	"github.com/llmadvise/llmadvise/advisor/catalog"
	"github.com/llmadvise/llmadvise/advisor/intake"
)

// onlyFields drops what is about the words and not about the workload.
func onlyFields(w advisor.Workload) advisor.Workload {
	w.Said, w.Doubts, w.NotUnderstood = nil, nil, nil
	return w
}

func maybe[T any](t *rapid.T, name string, g *rapid.Generator[T]) *T {
	if !rapid.Bool().Draw(t, name+"?") {
		return nil
	}
	v := g.Draw(t, name)
	return &v
}

func subset[T ~string](t *rapid.T, name string, of ...T) []T {
	var out []T
	for _, v := range of {
		if rapid.Bool().Draw(t, name+string(v)) {
			out = append(out, v)
		}
	}
	slices.Sort(out)
	return out
}

func oneOf[T any](t *rapid.T, name string, of ...T) T { return rapid.SampledFrom(of).Draw(t, name) }

// drawWorkload draws a workload as intake may deliver it.
func drawWorkload(t *rapid.T) advisor.Workload {
	share := rapid.Float64Range(0, 1)
	amount := rapid.OneOf(rapid.Float64Range(1, 1e9), rapid.Map(rapid.IntRange(1, 5_000_000), func(i int) float64 { return float64(i) }))
	var w advisor.Workload
	if v := maybe(t, "queries", amount); v != nil {
		w.QueriesPerMonth = *v
		if rapid.Bool().Draw(t, "range") {
			w.QueriesLow = *v * rapid.Float64Range(.1, .9).Draw(t, "low")
			w.QueriesHigh = *v * rapid.Float64Range(1.1, 9).Draw(t, "high")
			if rapid.Bool().Draw(t, "mean") {
				w.QueriesPerMonth = (w.QueriesLow + w.QueriesHigh) / 2
			}
		}
	}
	if rapid.Bool().Draw(t, "lengths") {
		w.InputTokens = rapid.IntRange(0, 200_000).Draw(t, "in")
		w.OutputTokens = rapid.IntRange(0, 20_000).Draw(t, "out")
	}
	w.ReasoningTokens = maybe(t, "reasoning", rapid.IntRange(0, 50_000))
	w.CachedShare = maybe(t, "cached", share)
	w.HardShare = maybe(t, "hard", share)
	w.SensitiveShare = maybe(t, "sensitive", share)
	w.PeakQPS = maybe(t, "peak", rapid.Float64Range(.001, 1e5))
	w.BudgetUSDMonth = maybe(t, "budget", rapid.Float64Range(0, 1e7))
	w.GrowthPerMonth = maybe(t, "growth", rapid.Float64Range(-.5, 3))
	w.LatencyP95 = time.Duration(oneOf(t, "latency", 0, rapid.Int64Range(int64(time.Millisecond), int64(time.Hour)).Draw(t, "ns")))
	w.SpendUSDMonth = maybe(t, "spend", rapid.Float64Range(1, 1e7))
	w.TTFT = time.Duration(oneOf(t, "first token", 0, rapid.Int64Range(int64(time.Millisecond), int64(time.Minute)).Draw(t, "ns to it")))
	w.StreamTokS = maybe(t, "stream", rapid.Float64Range(1, 500))
	w.Concurrency = maybe(t, "at once", rapid.Float64Range(1, 10_000))
	w.ConcurrencyOfPeople = w.Concurrency != nil && rapid.Bool().Draw(t, "of people")
	if w.QueriesPerMonth == 0 && w.InputTokens == 0 && w.OutputTokens == 0 {
		w.Tokens = oneOf(t, "tokens", advisor.Tokens{}, advisor.Tokens{All: rapid.Float64Range(1e4, 1e13).Draw(t, "all")},
			advisor.Tokens{In: rapid.Float64Range(1e4, 1e13).Draw(t, "read"), Out: rapid.Float64Range(1e4, 1e13).Draw(t, "written")})
	}
	w.HorizonMonths = rapid.IntRange(0, 120).Draw(t, "horizon")
	w.Compliance = subset(t, "", catalog.HIPAA, catalog.GDPR, catalog.PCIDSS, catalog.SOC2, catalog.EUAIAct, catalog.ISO27001, catalog.FedRAMP)
	if w.Compliance == nil && rapid.Bool().Draw(t, "no regime") {
		w.Compliance = []catalog.Regime{}
	}
	w.Residency = oneOf(t, "residency", "", "EU", "US", "UK", "CH", "CA", "AU", "IN", "JP", "SG", "DE", "NL", "KR", "BR", "ZA")
	w.NoDataLeaves = maybe(t, "egress", rapid.Bool())
	w.Sensitivity = oneOf(t, "sensitivity", "", advisor.Public, advisor.Internal, advisor.Confidential, advisor.Regulated)
	w.MLTeam = oneOf(t, "team", "", advisor.NoTeam, advisor.SomeTeam, advisor.DedicatedTeam)
	w.Quality = oneOf(t, "quality", "", advisor.Standard, advisor.Frontier)
	if rapid.Bool().Draw(t, "like?") {
		w.QualityLike = &advisor.QualityLike{Model: oneOf(t, "like", "gpt-4.1", "claude-sonnet-4-5", "llama-3.3-70b"), Task: oneOf(t, "topic", "", "coding", "reasoning", "math")}
	}
	w.Task = oneOf(t, "task", "", advisor.Chat, advisor.RAG, advisor.Summarization, advisor.Classification, advisor.Extraction, advisor.Coding, advisor.Reasoning, advisor.Agent, advisor.Batch)
	if w.QualityLike != nil && w.QualityLike.Task == string(advisor.Coding) && w.Task == "" { // what quality is asked for at is what is done
		w.Task = advisor.Coding
	}
	w.Traffic = oneOf(t, "traffic", "", advisor.OfficeHours, advisor.RoundTheClock, advisor.BatchTraffic)
	w.Engine = oneOf(t, "engine", "", "vllm", "trt-llm", "sglang", "llama.cpp")
	if rapid.Bool().Draw(t, "engineer said") {
		w.EngineerUSDMonth = new(float64)
		*w.EngineerUSDMonth = float64(rapid.IntRange(1000, 40_000).Draw(t, "engineer"))
	}
	if w.Traffic == advisor.BatchTraffic && rapid.Bool().Draw(t, "window") {
		w.BatchHours = new(float64)
		*w.BatchHours = float64(rapid.IntRange(1, 24).Draw(t, "hours"))
	}
	w.Models = subset(t, "", "gpt-4.1", "gpt-4.1-mini", "llama-3.3-70b", "mixtral-8x7b", "qwen3-235b-a22b", "claude-opus-4-1", "command-r+-104b", "phi-4-mini")
	w.GPUs = subset(t, "", "A10G", "H100-SXM-80GB", "L40S", "RTX 4090", "T4")
	for _, g := range w.GPUs {
		if rapid.Bool().Draw(t, "have "+g) {
			w.Owned = append(w.Owned, advisor.Held{GPU: g, Count: rapid.IntRange(1, 64).Draw(t, "count of "+g)})
		} else if rapid.Bool().Draw(t, "rent "+g) {
			w.Rented = append(w.Rented, advisor.Held{GPU: g, Count: rapid.IntRange(1, 64).Draw(t, "number of "+g)})
		}
	}
	w.Providers = subset(t, "", "aws", "groq", "openai", "together")
	return w
}

func TestFormatIsReadBackToTheSameFields(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := drawWorkload(t)
		text := intake.Format(want)
		got := intake.Parse(text, testNames)
		if diff := cmp.Diff(want, onlyFields(got)); diff != "" {
			t.Fatalf("%s\n(-want +got)\n%s", text, diff)
		}
		if len(got.NotUnderstood) > 0 {
			t.Fatalf("%s\nnot understood: %q", text, got.NotUnderstood)
		}
	})
}

// clauses each say one thing, in the words of different people.
var clauses = [][]string{
	{"300k queries", "2.5M/day", "between 50k and 80k a week", "10 qps", "half a million chats monthly", "1,000,000 per month", "500 users x 20 questions a day"},
	{"1.5 k tokens in", "input 1200 tokens", "prompts of 800 tokens"},
	{"200 out", "300 tokens out", "answers of 150 tokens"},
	{"p95 < 2s", "under 800ms", "sub-second", "response time below 3 seconds"},
	{"HIPAA", "GDPR and SOC 2", "PCI DSS", "no compliance needs"},
	{"EU only", "data must stay in the US", "hosted in Germany"},
	{"no ML people", "two MLOps engineers", "dedicated platform team"},
	{"budget $2k/mo", "max 5000 USD per month", "€4k budget"},
	{"over 3 years", "horizon 24 months"},
	{"growing 10% m/m", "doubling every 6 months", "no growth"},
	{"on Llama 3.3 70B", "compare GPT-4.1 and Claude Opus 4.1"},
	{"on 4 L40S", "8xH100 available"},
	{"24/7", "office hours only"},
	{"20 peak qps", "peaks at 40 rps"},
	{"vllm", "TensorRT-LLM"},
	{"20% hard questions", "one in five is hard"},
	{"30 % sensitive"},
	{"at least as good as GPT-4.1 on coding"},
	{"confidential data", "non-sensitive"},
	{"no data may leave our VPC", "air-gapped"},
	{"ticket triage", "summarise contracts", "RAG"},
	{"blockchain synergy", "zorgblatt"},
}

func drawClauses(t *rapid.T) []string {
	var out []string
	for _, group := range clauses {
		if rapid.Bool().Draw(t, group[0]) {
			out = append(out, oneOf(t, "clause", group...))
		}
	}
	return out
}

// sameReading compares everything but the order of what is listed.
func sameReading(t *rapid.T, a, b string) {
	t.Helper()
	x, y := intake.Parse(a, testNames), intake.Parse(b, testNames)
	if diff := cmp.Diff(onlyFields(x), onlyFields(y)); diff != "" {
		t.Fatalf("%q\n%q\n%s", a, b, diff)
	}
	lower := func(s []string) []string {
		out := strings.Fields(strings.ToLower(strings.Join(s, " ")))
		slices.Sort(out)
		return out
	}
	if diff := cmp.Diff(lower(x.NotUnderstood), lower(y.NotUnderstood)); diff != "" {
		t.Fatalf("%q\n%q\nnot understood: %s", a, b, diff)
	}
}

func TestOrderOfClausesChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cs := drawClauses(t)
		sameReading(t, strings.Join(cs, ", "), strings.Join(rapid.Permutation(cs).Draw(t, "order"), ", "))
	})
}

func TestCaseAndPunctuationChangeNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cs := drawClauses(t)
		plain := strings.Join(cs, ", ")
		sameReading(t, plain, strings.ToUpper(plain))
		sameReading(t, plain, strings.Join(cs, oneOf(t, "mark", "; ", "\n", ". ", "\n• ", " | ", "!! ", "  ,  "))+oneOf(t, "end", "", ".", "?", "!", " 🙏"))
		sameReading(t, plain, strings.ReplaceAll(plain, " ", "\u00a0"))
		sameReading(t, plain, "\u202b"+plain+"\u202c")
	})
}

func TestPhrasingsInUpperCase(t *testing.T) {
	for _, ph := range phrasings(t) {
		a, b := intake.Parse(ph.Text, testNames), intake.Parse(strings.ToUpper(ph.Text), testNames)
		if strings.ContainsAny(ph.Text, "<&:") {
			continue // links, entities and emoji codes are case-sensitive
		}
		if diff := cmp.Diff(onlyFields(a), onlyFields(b)); diff != "" {
			t.Errorf("%q in upper case: %s", ph.Text, diff)
		}
	}
}

// checkInvariants holds for any text at all.
func checkInvariants(t testing.TB, text string) {
	t.Helper()
	w := intake.Parse(text, testNames)
	for name, v := range map[string]float64{"queries": w.QueriesPerMonth, "low": w.QueriesLow, "high": w.QueriesHigh} {
		if math.IsNaN(v) || v < 0 || v >= 1e18 {
			t.Fatalf("%q: %s = %v", text, name, v)
		}
	}
	if w.QueriesHigh != 0 && !(w.QueriesLow <= w.QueriesPerMonth && w.QueriesPerMonth <= w.QueriesHigh) {
		t.Fatalf("%q: %v is not between %v and %v", text, w.QueriesPerMonth, w.QueriesLow, w.QueriesHigh)
	}
	for name, v := range map[string]*float64{"cached": w.CachedShare, "hard": w.HardShare, "sensitive": w.SensitiveShare} {
		if v != nil && !(*v >= 0 && *v <= 1) {
			t.Fatalf("%q: %s share = %v", text, name, *v)
		}
	}
	for name, v := range map[string]*float64{"budget": w.BudgetUSDMonth, "peak": w.PeakQPS} {
		if v != nil && !(*v >= 0 && *v < 1e18) {
			t.Fatalf("%q: %s = %v", text, name, *v)
		}
	}
	if g := w.GrowthPerMonth; g != nil && !(*g > -1 && *g < 1e6) {
		t.Fatalf("%q: growth = %v", text, *g)
	}
	if w.InputTokens < 0 || w.OutputTokens < 0 || w.LatencyP95 < 0 || w.HorizonMonths < 0 {
		t.Fatalf("%q: a negative length: %+v", text, w)
	}
	shown := slices.Concat(w.NotUnderstood, w.Doubts)
	for _, s := range w.Said {
		shown = append(shown, s)
	}
	for _, s := range shown {
		if s == "" || !utf8.ValidString(s) || strings.ContainsAny(s, "<>\n\r\t\x00\u202e\u200f") || strings.IndexFunc(s, unicode.IsControl) >= 0 || len(s) > 4000 {
			t.Fatalf("%q: %q is not safe to show", text, s)
		}
	}
	if len(w.NotUnderstood) > 40 {
		t.Fatalf("%q: %d words listed", text, len(w.NotUnderstood))
	}
	if err := intake.Check(text, w); (err == nil) != (len(w.Said) > 0) {
		t.Fatalf("%q: Check = %v with %d fields said", text, err, len(w.Said))
	}
	back := intake.Parse(intake.Format(w), testNames)
	if diff := cmp.Diff(onlyFields(w), onlyFields(back)); diff != "" {
		t.Fatalf("%q formatted as %q: %s", text, intake.Format(w), diff)
	}
}

func FuzzParse(f *testing.F) {
	for _, ph := range phrasings(f) {
		f.Add(ph.Text)
	}
	for _, s := range hostile {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) { checkInvariants(t, text) })
}

func TestParseIsDeterministic(t *testing.T) {
	for _, ph := range phrasings(t) {
		want := intake.Parse(ph.Text, testNames)
		for range 5 {
			if diff := cmp.Diff(want, intake.Parse(ph.Text, testNames)); diff != "" {
				t.Fatalf("%q: %s", ph.Text, diff)
			}
		}
	}
}

// A rule that remembered one request once turned "EU only" into Australia for every later one.
func TestRequestsDoNotAffectEachOther(t *testing.T) {
	texts := []string{"EU only", "Australia only", "frontier quality", "standard quality", "vLLM", "SGLang", "no data may leave our network", "data may leave our network"}
	for _, ph := range phrasings(t) {
		texts = append(texts, ph.Text)
	}
	want := make([]advisor.Workload, len(texts))
	for i, s := range texts {
		want[i] = intake.Parse(s, testNames)
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for i, s := range texts {
				intake.Parse(s+", "+texts[len(texts)-1-i], testNames) // contradictions of every kind
				intake.Parse(strings.Join(texts[:8], ", "), testNames)
				got := intake.Parse(s, testNames)
				if diff := cmp.Diff(want[i], got); diff != "" {
					t.Errorf("%q is read otherwise after other requests: %s", s, diff)
				}
				if got.NoDataLeaves != nil {
					*got.NoDataLeaves = !*got.NoDataLeaves // the caller's own
				}
			}
		})
	}
	wg.Wait()
}
