package knowledge

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// fixed is an index that always finds the same passages.
type fixed []Passage

func (f fixed) Search(context.Context, string, int, Scope) ([]Passage, error) { return f, nil }

var found = fixed{
	{ID: "1", Document: "corpus/effort", Title: "Implementation effort", Heading: []string{"How long it takes to deploy an open-source LLM"}, Date: "2026", Score: 1, Cosine: 0.8, Coverage: 1,
		Text: "Deploying an open-source LLM takes 2-4 weeks on average, according to n8n Blog's survey of 247 developers. A simple local test runs within hours."},
	{ID: "2", Document: "corpus/hipaa", Title: "HIPAA", Heading: []string{"Can PHI be sent to an API"}, Date: "2026-06", Score: 0.8, Cosine: 0.7, Coverage: 0.8,
		Text: "Yes, PHI may be sent to an API whose vendor has signed a BAA with you; without a BAA it may not."},
}

// script is a model that says what it is told to.
type script struct {
	replies [][]Piece // one for each call
	err     error     // after the last piece of the last reply
	tools   bool
	down    error
	ctx     int
	mu      sync.Mutex
	got     []GenerateRequest
	before  func(ctx context.Context) // runs at the start of each call
}

func (s *script) Generate(ctx context.Context, req GenerateRequest, emit func(Piece) error) error {
	if s.before != nil {
		s.before(ctx)
	}
	s.mu.Lock()
	n := min(len(s.got), len(s.replies)-1)
	s.got = append(s.got, req)
	s.mu.Unlock()
	for _, p := range s.replies[n] {
		if err := emit(p); err != nil {
			return err
		}
	}
	if n == len(s.replies)-1 {
		return s.err
	}
	return nil
}
func (s *script) Model() string                               { return "script" }
func (s *script) SupportsTools(context.Context) (bool, error) { return s.tools, nil }
func (s *script) Available(context.Context) error             { return s.down }
func (s *script) ContextTokens() int                          { return max(s.ctx, 4096*b2i(s.ctx == 0)) }

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

func says(text ...string) [][]Piece {
	var ps []Piece
	for _, t := range text {
		ps = append(ps, Piece{Text: t})
	}
	return [][]Piece{ps}
}

// heard records a stream.
type heard struct {
	mu     sync.Mutex
	status []string
	text   strings.Builder
}

func (h *heard) Status(_ context.Context, s string) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.status = append(h.status, s)
	return nil
}

func (h *heard) Append(_ context.Context, s string) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.text.WriteString(s)
	return nil
}

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

func answer(t *testing.T, gen Generator, q Question) (Answer, *heard) {
	t.Helper()
	h := &heard{}
	a, err := New(quiet(), found, gen, Options{}).Answer(t.Context(), q, h)
	if err != nil {
		t.Fatal(err)
	}
	if h.text.String() != a.Text {
		t.Errorf("the stream heard %q, the answer is %q", h.text.String(), a.Text)
	}
	return a, h
}

var howLong = Question{Text: "How long does it take to deploy an open-source LLM?"}

func TestModelAnswerIsChecked(t *testing.T) {
	// What is added to a reply that does not answer the question.
	const answered = " Deploying an open-source LLM takes 2-4 weeks on average, according to n8n Blog's survey of 247 developers [1]."
	// What is added to a short answer, and where something had to be withheld.
	const more = " A simple local test runs within hours [1]."
	tests := []struct {
		name     string
		reply    []string
		want     string
		withheld int
	}{
		{"true", []string{"Deploying an open-source LLM takes ", "2-4 weeks [1]."}, "Deploying an open-source LLM takes 2-4 weeks [1]." + more, 0},
		{"invented number", []string{"Deploying an open-source LLM takes 10-15 minutes [1]."},
			"Deploying an open-source LLM takes 2-4 weeks on average, according to n8n Blog's survey of 247 developers [1]." + more, 1},
		{"thinking inline", []string{"<thi", "nk>It takes 3 years.</th", "ink>Deploying an open-source LLM takes 2-4 weeks [1]."}, "Deploying an open-source LLM takes 2-4 weeks [1]." + more, 0},
		{"yes joins its sentence", []string{"Yes. PHI may be sent to an API whose vendor signed a BAA [2]."}, "Yes. PHI may be sent to an API whose vendor signed a BAA [2]." + answered + more, 0},
		{"off the question", []string{"PHI may be sent to an API whose vendor signed a BAA [2]."}, "PHI may be sent to an API whose vendor signed a BAA [2]." + answered + more, 0},
		{"repetition", []string{strings.Repeat("Deploying an open-source LLM takes 2-4 weeks [1]. ", 5)}, "Deploying an open-source LLM takes 2-4 weeks [1]." + more, 0},
		{"breaks off", []string{"Deploying an open-source LLM takes 2-4 weeks [1]. The survey of developers says [1]"}, "Deploying an open-source LLM takes 2-4 weeks [1]." + more, 1},
		{"says one thing on and on", []string{"Deploying an open-source LLM takes 2-4 weeks [1]. Weeks of weeks and weeks after weeks of an LLM [1]."}, "Deploying an open-source LLM takes 2-4 weeks [1]." + more, 1},
		{"a torn table", []string{"Deploying an open-source LLM takes 2-4 weeks [1]. LLM | weeks | 2-4 [1]."}, "Deploying an open-source LLM takes 2-4 weeks [1]." + more, 1},
		{"heads read out", []string{"Implementation effort, 2026 [1]\n\nLLM weeks [1]\n\nDeploying an open-source LLM takes 2-4 weeks [1]."}, "Deploying an open-source LLM takes 2-4 weeks [1]." + more, 2},
		{"one thing with a word changed", []string{"Deploying an open-source LLM takes 2-4 weeks on average [1]. Deploying an open-source LLM takes weeks on average [1]. Deploying an LLM takes weeks on average [1]."}, "Deploying an open-source LLM takes 2-4 weeks on average [1]." + more, 0},
		{"the rules of its prompt", []string{"They are data [1]. Deploying an open-source LLM takes 2-4 weeks [1]."}, "Deploying an open-source LLM takes 2-4 weeks [1]." + more, 1},
		{"link and mention", []string{"Deploying an open-source LLM takes 2-4 weeks, see https://evil.example/x <!channel> [1]."}, "Deploying an open-source LLM takes 2-4 weeks, see [1]." + more, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a, _ := answer(t, &script{replies: says(tt.reply...)}, howLong)
			if a.Text != tt.want || a.Withheld != tt.withheld || a.Model != "script" || len(a.Citations) == 0 {
				t.Errorf("got %+v", a)
			}
		})
	}
}

func TestLeadingVerdictIsTheSources(t *testing.T) {
	const tail = "PHI may be sent to an API whose vendor signed a BAA [2]."
	for reply, want := range map[string]string{
		"Yes, " + tail: "Yes, " + tail,
		"No, " + tail:  tail,
		"No. " + tail:  tail,
		tail:           tail,
		// What stands behind the wrong word is wrong, too: the source stands in for it.
		"No, PHI may not be sent to an API whose vendor signed a BAA [2].":     "Yes, PHI may be sent to an API whose vendor has signed a BAA with you; without a BAA it may not [2].",
		"Yes, " + tail + " No, PHI may not be sent to an API of a vendor [2].": "Yes, " + tail,
	} {
		a, _ := answer(t, &script{replies: says(reply)}, Question{Text: "Can PHI be sent to an API?"})
		if a.Text != want {
			t.Errorf("%q became %q, want %q", reply, a.Text, want)
		}
	}
}

func TestAnswerIsCompleted(t *testing.T) {
	fact := Fact{Label: "Deploying an open-source LLM", Text: "Deploying an open-source LLM costs $1,452 a month."}
	q := Question{Text: howLong.Text, Facts: []Fact{fact}}
	a, _ := answer(t, &script{replies: says("A simple local test runs within hours [1].")}, q)
	for _, want := range []string{"A simple local test runs within hours [1].", "2-4 weeks", "$1,452"} {
		if !strings.Contains(a.Text, want) {
			t.Errorf("%q lacks %q", a.Text, want)
		}
	}
	a, _ = answer(t, &script{replies: says("It takes 2-4 weeks to deploy an open-source LLM [1]. Deploying an open-source LLM costs $1,452 a month.")}, q)
	if strings.Count(a.Text, "2-4 weeks") != 1 || strings.Count(a.Text, "$1,452") != 1 {
		t.Errorf("%q says again what was said", a.Text)
	}
}

func TestModelThatFailsIsReplaced(t *testing.T) {
	for name, gen := range map[string]*script{
		"down":            {replies: says("x"), down: errors.New("ollama does not answer")},
		"fails at once":   {replies: says(), err: errors.New("boom")},
		"says nonsense":   {replies: says("The moon is made of cheese. Bananas are yellow.")},
		"goes in circles": {replies: says("The survey is the survey of developers [1]. Weeks of deploying an LLM takes weeks of deploying an LLM [1].")},
		"says no answer":  {replies: says("NO_ANSWER")}, // the evidence is clear, so it is not believed
	} {
		t.Run(name, func(t *testing.T) {
			a, _ := answer(t, gen, howLong)
			if a.Abstained || !a.Composed || !strings.Contains(a.Text, "2-4 weeks") || !strings.Contains(a.Text, "[1]") {
				t.Errorf("got %+v", a)
			}
		})
	}
}

func TestCutReplyKeepsWhatWasShown(t *testing.T) {
	a, _ := answer(t, &script{replies: says("Deploying an open-source LLM takes 2-4 weeks [1]. A simple local te"), err: errors.New("cut")}, howLong)
	if want := "Deploying an open-source LLM takes 2-4 weeks [1]. A simple local test runs within hours [1]."; a.Text != want { // the rest is the source's
		t.Errorf("got %q, want %q", a.Text, want)
	}
}

// cost is a tool that computes one figure.
type cost struct{ got []string }

func (c *cost) Describe() (string, string, []byte) {
	return "advise", "computes costs", []byte(`{"type":"object","properties":{"text":{"type":"string"}},"required":["text"]}`)
}

func (c *cost) Call(_ context.Context, args []byte) ([]Fact, error) {
	c.got = append(c.got, string(args))
	return []Fact{{Label: "monthly", Text: "Hosted Llama-3.3-70B costs about $324 a month for this workload.", Source: "engine"}}, nil
}

func TestToolsGiveFacts(t *testing.T) {
	t.Run("by the model's call", func(t *testing.T) {
		c := &cost{}
		gen := &script{tools: true, replies: [][]Piece{
			{{Calls: []ToolCall{{Name: "advise", Args: []byte(`{"text":"300k"}`)}}}},
			{{Text: "Hosted Llama-3.3-70B costs about $324 a month. It costs $999 a month elsewhere."}},
		}}
		q := Question{Text: "How much does it cost to deploy an open-source LLM for 300k queries?", Tools: []Tool{c}}
		a, _ := answer(t, gen, q)
		if !strings.Contains(a.Text, "$324 a month.") || strings.Contains(a.Text, "$999") || len(c.got) != 1 {
			t.Errorf("got %+v, calls %v", a, c.got)
		}
	})
	t.Run("by our own detection", func(t *testing.T) {
		c := &cost{}
		gen := &script{replies: says("Hosted Llama-3.3-70B costs about $324 a month.")}
		q := Question{Text: "How much does it cost to deploy an open-source LLM?", Tools: []Tool{c}}
		a, _ := answer(t, gen, q)
		if !strings.Contains(a.Text, "$324") || len(c.got) != 1 || !strings.Contains(c.got[0], "deploy") {
			t.Errorf("got %+v, calls %v", a, c.got)
		}
	})
}

func TestFactsWithoutModel(t *testing.T) {
	q := Question{Text: "How much does it cost to deploy it?", Facts: []Fact{{Text: "Self-hosting costs about $4,365 a month"}, {Text: "The sky is blue."}}}
	a, _ := answer(t, nil, q)
	if !strings.HasPrefix(a.Text, "Self-hosting costs about $4,365 a month.") || strings.Contains(a.Text, "sky") || !a.Composed {
		t.Errorf("got %+v", a)
	}
}

func TestDeclineNamesTwoTopics(t *testing.T) {
	far := fixed{{ID: "9", Title: "Glossary", Text: "Token: a piece of a word.", Cosine: 0.05}}
	h := &heard{}
	a, err := New(quiet(), far, nil, Options{}).Answer(t.Context(), Question{Text: "How do I bake sourdough bread?"}, h)
	if err != nil || !a.Abstained || len(a.Suggest) != 2 || !strings.Contains(a.Text, a.Suggest[0]) || strings.Count(a.Text, "\n") != 0 {
		t.Errorf("got %+v, %v", a, err)
	}
}

func TestStandalone(t *testing.T) {
	tests := []struct {
		name    string
		history []string
		text    string
		want    string
	}{
		{"full question stays", []string{"Can we use HIPAA data?"}, "What hardware do I need to run an open-source LLM?", "What hardware do I need to run an open-source LLM?"},
		{"replaced law", []string{"Can PHI be sent to a model API?", "Yes [1]."}, "and GDPR?", "Can be sent to a model API, GDPR?"},
		{"why", []string{"Should we stay with an API below 50k queries?", "Yes."}, "why?", "Should we stay with an API below 50k queries, why?"},
		{"twice", []string{"What MMLU score did GPT-4.1 reach?", "84.2 %", "and on SWE-bench?", "69.1 %"}, "and for DeepSeek-V3?", "What score did reach, on SWE-bench, for DeepSeek-V3?"},
		{"no thread", nil, "why?", "why?"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			q := Question{Text: tt.text}
			for i, h := range tt.history {
				q.History = append(q.History, Turn{FromBot: i%2 == 1, Text: h})
			}
			if got := standalone(q); got != tt.want {
				t.Errorf("got %q", got)
			}
		})
	}
}

func TestParts(t *testing.T) {
	got := parts("How long does it take to deploy an open model and how long to integrate an API?")
	if diff := cmp.Diff([]string{"How long does it take to deploy an open model", "how long to integrate an API?"}, got); diff != "" {
		t.Error(diff)
	}
	if got := parts("What is the difference between cost and latency?"); len(got) != 1 {
		t.Errorf("got %q", got)
	}
}

func TestQueueTellsThePlace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		gen := &script{replies: says("Deploying an open-source LLM takes 2-4 weeks [1]."), before: func(context.Context) { <-release }}
		b := New(quiet(), found, gen, Options{Timeout: time.Hour})
		hs := make([]*heard, 3)
		var wg sync.WaitGroup
		for i := range hs {
			hs[i] = &heard{}
			wg.Go(func() {
				if _, err := b.Answer(t.Context(), howLong, hs[i]); err != nil {
					t.Error(err)
				}
			})
			synctest.Wait()
		}
		if diff := cmp.Diff([]string{"2 ahead of you"}, hs[2].status); diff != "" {
			t.Error(diff)
		}
		release <- struct{}{}
		synctest.Wait()
		if diff := cmp.Diff([]string{"2 ahead of you", "1 ahead of you"}, hs[2].status); diff != "" {
			t.Error(diff)
		}
		close(release)
		wg.Wait()
	})
}

func TestFullQueueComposes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		gen := &script{replies: says("Deploying an open-source LLM takes 2-4 weeks [1]."), before: func(context.Context) { <-release }}
		b := New(quiet(), found, gen, Options{QueueLimit: 1, Timeout: time.Hour})
		var wg sync.WaitGroup
		for range 2 {
			wg.Go(func() { _, _ = b.Answer(t.Context(), howLong, nil) })
			synctest.Wait()
		}
		if a, err := b.Answer(t.Context(), howLong, nil); err != nil || !a.Composed {
			t.Errorf("got %+v, %v", a, err)
		}
		close(release)
		wg.Wait()
	})
}

func TestCancelFreesThePlace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gen := &script{replies: says("x"), before: func(ctx context.Context) { <-ctx.Done() }, err: context.Canceled}
		b := New(quiet(), found, gen, Options{Timeout: time.Hour})
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { _, err := b.Answer(ctx, howLong, nil); done <- err }()
		synctest.Wait()
		cancel()
		if err := <-done; !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
		if b.queue.free != 1 {
			t.Errorf("%d places free", b.queue.free)
		}
	})
}

func TestPromptFitsItsBudget(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var ps []Passage
		for i := range rapid.IntRange(1, 12).Draw(t, "n") {
			ps = append(ps, Passage{ID: fmt.Sprint(i), Title: "T", Text: strings.Repeat("A sentence of a source. ", rapid.IntRange(1, 80).Draw(t, "len"))})
		}
		budget := rapid.IntRange(900, 6000).Draw(t, "budget")
		p := buildPrompt(Question{History: []Turn{{Text: strings.Repeat("word ", 300)}}}, "what?", ps, budget)
		total := 0
		for _, m := range p.messages {
			total += tokens(m.Content)
		}
		if total > budget {
			t.Fatalf("%d tokens in a budget of %d", total, budget)
		}
		if p.leftOut+len(p.passages) != len(ps) {
			t.Fatalf("%d in, %d left out, of %d", len(p.passages), p.leftOut, len(ps))
		}
		if p.messages[0].Content != system {
			t.Fatal("the prefix must be stable")
		}
	})
}

func TestConflictIsShownWithDates(t *testing.T) {
	ps := fixed{
		{ID: "1", Document: "a", Title: "A", Date: "2025-11", Text: "Setting up an open model takes 2-4 weeks.", Score: 1, Cosine: 0.8, Coverage: 1},
		{ID: "2", Document: "b", Title: "B", Date: "2026-05", Text: "Setting up an open model takes 5-6 days.", Score: 0.9, Cosine: 0.8, Coverage: 1},
	}
	gen := &script{replies: says("Setting up an open model takes 2-4 weeks [1]. Setting up an open model takes 5-6 days [2].")}
	a, err := New(quiet(), ps, gen, Options{}).Answer(t.Context(), Question{Text: "How long does setting up an open model take?"}, nil)
	if err != nil || !strings.Contains(a.Text, "The sources differ") || !strings.Contains(a.Text, "(2025-11) [1]") || !strings.Contains(a.Text, "(2026-05) [2]") {
		t.Errorf("got %q, %v", a.Text, err)
	}
}

func TestNoTextInLogs(t *testing.T) {
	var b strings.Builder
	log := slog.New(slog.NewTextHandler(&b, &slog.HandlerOptions{Level: slog.LevelInfo}))
	gen := &script{replies: says("Deploying takes 99 years [1]."), err: errors.New("boom")}
	if _, err := New(log, found, gen, Options{}).Answer(t.Context(), Question{Text: "How long does it take to deploy patient Miller's LLM?"}, nil); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(b.String(), "Miller") || strings.Contains(b.String(), "99 years") || b.Len() == 0 {
		t.Errorf("the log says %s", b.String())
	}
}

func TestRewritingIsFaithful(t *testing.T) {
	q := Question{Text: "does it apply to self-hosting too?", History: []Turn{{Text: "When does the EU AI Act apply?"}, {FromBot: true, Text: "In steps, from 2025 [1]."}}}
	b := New(quiet(), found, nil, Options{})
	for rewritten, want := range map[string]bool{
		"Does the EU AI Act apply to self-hosting too?":        true,
		"Does it apply to self-hosting too?":                   false, // still leans on the thread
		"When does the EU AI Act apply?":                       false, // another question
		"Does the EU AI Act apply to self-hosting in Germany?": false, // invents a country
		"": false,
	} {
		if got := b.faithful(rewritten, q); got != want {
			t.Errorf("%q: %v, want %v", rewritten, got, want)
		}
	}
}
