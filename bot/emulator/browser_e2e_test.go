//go:build e2e

package emulator_test

import (
	"context"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"github.com/llmadvise/llmadvise/bot/emulator"
	"github.com/llmadvise/llmadvise/bot/emulator/browser"
)

func TestPageInTheBrowser(t *testing.T) {
	s := start(t, emulator.Options{Page: emulator.Page{
		Hints:        []string{"/llm-advise 300k queries, HIPAA", "@llmadvise How long does it take to deploy an open-source LLM?"},
		SkipToDigest: func(context.Context) (string, error) { return "The digest of Monday 09:00 is on its way.", nil },
	}})
	sample(t, s)
	p := browser.Open(t, s.URL(), 1320, 900)
	p.Theme("light")
	p.Shot("01-empty")

	// slash command with completion
	p.Keys("#composer-main", "/ll")
	p.Visible(".complete [role=option]")
	p.Shot("02-completion")
	p.Send("#composer-main", "\t300k queries, HIPAA")
	p.Sees(".message.ephemeral", "about $324 a month")
	p.Sees(".message.ephemeral caption", "Options, a month")
	p.Visible(".chart svg polyline")
	p.Shot("03-card")
	p.Theme("dark")
	p.Shot("04-card-dark")
	p.Theme("light")

	// the table turns its pages and sorts
	p.Click(".pager .btn:last-child")
	p.Sees(".b-table", "2 of 2")
	p.ClickText(".b-table .sort", "a month")
	p.Sees(".b-table", "1 of 2")

	// modal: a complaint of the app, then accepted
	const number = `#modal [data-key="volume/n"]`
	p.Click(`[data-action="adjust"]`)
	p.Visible("#modal[open]")
	p.Shot("05-modal")
	p.Set(number, "13")
	p.Click("#modal button[type=submit]")
	p.Sees("#modal .error", "Not that number")
	p.Shot("06-modal-error")
	p.Set(number, "500000")
	p.Click("#modal button[type=submit]")
	p.Sees(".message", "submitted 500000")

	// mention, answered in a thread by a stream
	p.Send("#composer-main", "@llmadvise can we send PHI to an API?")
	p.Sees(".replies", "1 reply")
	p.Click(".replies")
	p.Visible("#side .message")
	p.Sees("#side .markdown", "without one, no [1]")
	p.Shot("07-thread")

	// App Home, assistant pane, digest, traffic
	p.ClickText("nav button", "App Home")
	p.Sees(".home", "Your scenarios")
	p.Shot("08-home")
	p.ClickText("nav button", "Ask llmadvise")
	p.Sees("#side .prompts", "Can we send PHI")
	p.Shot("09-assistant")
	p.Click("#side .prompts .btn")
	p.Sees("#side .markdown", "BAA")
	p.Click("#skip-digest")
	p.Sees(".toast", "on its way")
	p.Click("#show-traffic")
	p.Visible("#traffic tbody tr")
	p.Click("#traffic tbody tr:last-child button")
	p.Sees("#traffic .detail", "envelope")
	p.Shot("10-traffic")
}

// TestPageShowsHostileTextAsText posts what would be markup if the page ever parsed HTML.
func TestPageShowsHostileTextAsText(t *testing.T) {
	s := start(t, emulator.Options{})
	p := browser.Open(t, s.URL(), 1000, 700)
	const evil = `<img src=x onerror="window.hacked=1"> <!channel> <script>window.hacked=1</script> [x](javascript:window.hacked=1)`
	p.Send("#composer-main", evil)
	p.Sees(".message", "<script>")
	for _, blocks := range []string{
		`[{"type":"markdown","text":"<img src=x onerror=window.hacked=1> [click](javascript:window.hacked=1)"}]`,
		`[{"type":"section","text":{"type":"mrkdwn","text":"<javascript:window.hacked=1|click> end"}}]`,
	} {
		if _, _, err := api(s).PostMessage(general, textAndBlocks(t, "x", blocks)...); err != nil {
			t.Fatal(err)
		}
	}
	p.Sees(".mrkdwn", "end")
	if p.True(`window.hacked === 1 || !!document.querySelector('.message img, .message script, a[href^="javascript"]')`) {
		t.Error("the page took text for markup")
	}
}

// TestPageByKeyboard goes through the page without a mouse.
func TestPageByKeyboard(t *testing.T) {
	s := start(t, emulator.Options{})
	sample(t, s)
	p := browser.Open(t, s.URL(), 1100, 800)
	p.Send("#composer-main", "/llm-advise 300k queries")
	p.Sees(".message.ephemeral", "about $324")
	p.Eval(`document.querySelector('#main .list').focus()`)
	p.Keys("#main .list", kb.ArrowUp) // to the newest message
	if !p.True(`document.activeElement.classList.contains('message')`) {
		t.Error("the arrow keys do not reach the messages")
	}
	p.Send("#composer-main", "/llm-advise")
	p.Visible("#modal[open]")
	if !p.True(`document.getElementById('modal').contains(document.activeElement)`) {
		t.Error("an open modal does not have the focus")
	}
	p.Keys("#modal input", kb.Escape)
	if err := s.WaitFor(soon(t), func() bool { return len(s.Views(ada)) == 0 }); err != nil {
		t.Error("Escape does not close the modal:", err)
	}
	unnamed := p.True(`[...document.querySelectorAll('button, input, select, textarea')].some((n) => n.checkVisibility() &&
		!(n.textContent.trim() || n.getAttribute('aria-label') || n.labels?.length || n.getAttribute('placeholder')))`)
	if unnamed {
		t.Error("a control has no name for screen readers")
	}
}

func TestPageOnAPhone(t *testing.T) {
	s := start(t, emulator.Options{})
	sample(t, s)
	p := browser.Open(t, s.URL(), 390, 844)
	p.Theme("light")
	p.Send("#composer-main", "/llm-advise 300k queries, HIPAA")
	p.Sees(".message.ephemeral", "about $324 a month")
	p.Shot("11-phone")
	if p.True(`document.documentElement.scrollWidth > innerWidth`) {
		t.Error("the page is wider than the phone")
	}
	p.Theme("dark")
	p.Eval(`document.getElementById("sidebar").style.transition = "none"`)
	p.Click(".only-phone")
	p.Visible("#sidebar .me")
	p.Shot("12-phone-drawer-dark")
}
