//go:build e2e

package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"regexp"
	"sync"
	"testing"
	"time"

	"github.com/llmadvise/llmadvise/bot/emulator/browser"
)

// screen collects what a running command prints.
type screen struct {
	mu    sync.Mutex
	buf   bytes.Buffer
	fresh chan struct{}
}

func (s *screen) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n, err := s.buf.Write(b)
	close(s.fresh)
	s.fresh = make(chan struct{})
	return n, err
}

// startDemo runs `llmadvise demo` and returns the page's address, once it is printed.
func startDemo(t *testing.T) string {
	t.Helper()
	ctx, end := context.WithCancel(context.Background())
	out := &screen{fresh: make(chan struct{})}
	done := make(chan int, 1)
	args := []string{"demo", "--no-open", "--port", "0", "--data-dir", t.TempDir(), "--ollama-host", ""}
	begun := time.Now()
	go func() { done <- run(ctx, args, os.Getenv, nil, out, out) }()
	t.Cleanup(func() {
		end()
		if code := <-done; code != exitOK {
			t.Errorf("the demo ended with %d: %s", code, out.buf.String())
		}
	})
	address := regexp.MustCompile(`http://127\.0\.0\.1:\d+/`)
	limit := time.After(2 * time.Minute)
	for {
		out.mu.Lock()
		url, next := address.FindString(out.buf.String()), out.fresh
		out.mu.Unlock()
		if url != "" {
			t.Logf("ready after %v", time.Since(begun).Round(time.Millisecond))
			return url
		}
		select {
		case <-next:
		case code := <-done:
			done <- code
			t.Fatalf("the demo ended with %d: %s", code, out.buf.String())
		case <-limit:
			t.Fatal("the demo printed no address")
		}
	}
}

// TestDemoInTheBrowser goes through what a newcomer does first.
func TestDemoInTheBrowser(t *testing.T) {
	p := browser.Open(t, startDemo(t), 1320, 1000)
	p.Theme("light")
	p.Shot("01-start")

	p.Send("#composer-main", "/llm-advise 300k queries, HIPAA")
	if took := p.Sees(".message.ephemeral", "a month"); took > time.Second {
		t.Errorf("the card took %v, want under 1 s", took)
	}
	for _, want := range []string{"HIPAA", "You said", "Assumed", "12 months"} {
		p.Sees(".message.ephemeral", want)
	}
	p.Visible(".message.ephemeral table")
	p.Shot("02-card")
	p.Theme("dark")
	p.Shot("03-card-dark")
	p.Theme("light")

	p.Send("#composer-main", "@llmadvise How long does it take to deploy an open-source LLM?")
	p.Sees(".replies", "repl")
	p.Click(".replies")
	p.Sees("#side .message", "2-4 weeks")
	p.Shot("04-answer")
	p.Send("#composer-side", "and how much does that cost?")
	p.Sees("#side .message ~ .message ~ .message ~ .message", "APP")
	p.Shot("05-follow-up")

	p.Send("#composer-main", "@llmadvise Which pizza is the best in Rome?")
	p.Sees("#main .message ~ .message ~ .message .replies, #main .message ~ .message .replies ~ .replies", "repl")
	p.Eval(`[...document.querySelectorAll('.replies')].at(-1).click()`)
	p.Sees("#side .message ~ .message", "APP")
	p.Shot("06-off-topic")

	p.Click(`nav button[aria-label^="llmadvise"]`)
	p.Send("#composer-main", "What does HIPAA ask of an LLM vendor?")
	p.Sees("#main .replies, #main .badge", "")
	p.Eval(`document.querySelector('#main .replies')?.click()`)
	p.Sees("#side .message, #main .message", "Sources")
	p.Shot("07-dm")

	// a form, filled in, makes a card
	p.Click(`nav button[aria-label^="ml-platform"]`)
	p.Send("#composer-main", "/llm-advise")
	p.Visible("#modal[open]")
	p.Shot("08-form")
	p.Keys("#modal input", "\u001b")

	p.ClickText("nav button", "Ask llmadvise")
	p.Sees("#side .prompts", "Ask")
	p.Shot("09-assistant")
	p.Click("#show-traffic")
	p.Visible("#traffic tbody tr")
	p.Shot("10-traffic")
}

// TestDemoSkipsToTheDigest goes to the next Monday three times: prices that moved, none that moved, moved again.
func TestDemoSkipsToTheDigest(t *testing.T) {
	url := startDemo(t)
	p := browser.Open(t, url, 1320, 1150)
	p.Theme("light")
	p.ClickText("nav button", "ml-platform")
	p.Click("#skip-digest")
	p.Sees("#toasts", "Made-up prices, measured")
	p.Sees("#main .message", "moved")
	p.Visible("#main .message table")
	p.Sees("#main .message", "made-up prices of the demo")
	p.Shot("12-digest")
	p.Eval(`document.querySelector('#main .list').scrollTop = 1e6`)
	p.Shot("13-digest-end")
	p.ClickText("#main .message button", "Change schedule")
	p.Visible("#modal[open]")
	p.Shot("14-schedule")
	p.Keys("#modal input", "\u001b")
	p.Gone("#modal[open]")
	p.ClickText("#main .message button", "Open")
	p.Sees("#main .message.ephemeral", "a month")
	p.Click("#skip-digest")
	p.Sees("#main .message", "Nothing moved")
	p.Click("#skip-digest")
	p.Sees("#toasts", "Groq 30")
	p.Shot("15-digest-third")
	p.Eval(`document.querySelectorAll('.toast').forEach((t) => t.remove())`)
	p.Send("#composer-main", "/llm-advise watch list")
	p.Sees("#main .message.ephemeral", "This channel watches 2 scenarios")
	p.Shot("17-watches")
	p.ClickText("#main .message.ephemeral button", "Edit")
	p.Visible("#modal[open]")
	p.Shot("18-edit")
	phone := browser.Open(t, url, 390, 844)
	phone.Theme("light")
	phone.Channel("C0MLPLATF1")
	phone.Sees("#main .message", "made-up prices of the demo")
	phone.Eval(`[...document.querySelectorAll('#main .message')].find((m) => m.textContent.includes('of your')).scrollIntoView()`)
	phone.Shot("16-phone-digest")
	if phone.True(`document.documentElement.scrollWidth > innerWidth`) {
		t.Error("the page is wider than the phone")
	}
}

// TestDemoReadsASharedFile shares a file the way a person does and asks about it, where it was shared and elsewhere.
func TestDemoReadsASharedFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "retention.md")
	put(t, file, policy)
	p := browser.Open(t, startDemo(t), 1320, 1000)
	p.Theme("light")
	p.Click(`nav button[aria-label^="compliance"]`)
	p.Upload("#composer-main-files", file)
	p.Sees(".chosen", "retention.md")
	p.Keys("#composer-main", "@llmadvise please read our policy")
	p.Shot("17-upload")
	p.Click("#main .send")
	p.Sees(".file", "retention.md")
	p.Click(".replies")
	p.Sees("#side .message", "Only this channel gets answers from it")
	p.Shot("18-read")
	p.Send("#composer-side", "How long are Zanzibar call recordings kept?")
	p.Sees("#side .message", "17 days")
	p.Shot("19-asked")
	p.Send("#composer-main", "/llm-advise sources")
	p.Sees(".message.ephemeral", "only here")
	p.Shot("20-sources")

	p.Click(`nav button[aria-label^="general"]`)
	p.Send("#composer-main", "@llmadvise How long are Zanzibar call recordings kept?")
	p.Sees(".replies", "1 reply")
	p.Click("#main .replies")
	p.Sees("#side .message", "I don't know")
	if p.True(`document.body.innerText.includes("17 days")`) {
		t.Error("the private file answers in public")
	}
	p.Shot("21-elsewhere")
}

func TestDemoOnAPhone(t *testing.T) {
	p := browser.Open(t, startDemo(t), 390, 844)
	p.Theme("light")
	p.Send("#composer-main", "/llm-advise 300k queries, HIPAA")
	p.Sees(".message.ephemeral", "a month")
	p.Shot("11-phone-card")
	if p.True(`document.documentElement.scrollWidth > innerWidth`) {
		t.Error("the page is wider than the phone")
	}
}
