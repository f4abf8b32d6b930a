//go:build e2e

package emulator_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"github.com/llmadvise/llmadvise/bot/emulator"
)

// browse starts headless Chromium on the page of s, or skips the test where there is none. Whatever the page writes to
// its console as an error fails the test.
func browse(t *testing.T, s *emulator.Server, width, height int64) context.Context {
	t.Helper()
	exe := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if p, err := exec.LookPath(name); err == nil {
			exe = p
			break
		}
	}
	if exe == "" {
		t.Skip("no Chromium here: install the package chromium to run the browser tests")
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(exe), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.UserDataDir(t.TempDir()),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-dev-shm-usage", true),
		chromedp.WindowSize(int(width), int(height)),
	)
	alloc, stop := chromedp.NewExecAllocator(t.Context(), opts...)
	t.Cleanup(stop)
	ctx, cancel := chromedp.NewContext(alloc)
	t.Cleanup(cancel)
	var viewport []chromedp.EmulateViewportOption
	if width < 600 {
		viewport = append(viewport, chromedp.EmulateMobile)
	}
	// The first call starts the browser, which lives as long as that call's context: no limit on it.
	run(t, ctx, chromedp.EmulateViewport(width, height, viewport...))
	err := chromedp.Listen(ctx, func(ev any) {
		if e, ok := ev.(*runtime.EventExceptionThrown); ok {
			t.Errorf("the page threw: %+v", e.ExceptionDetails)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, limit := context.WithTimeout(ctx, 2*time.Minute)
	t.Cleanup(limit)
	run(t, ctx, chromedp.Navigate(s.URL()), visible(`body[data-ready="1"]`))
	return ctx
}

type step = chromedp.Action[chromedp.Void]

func run(t *testing.T, ctx context.Context, steps ...step) {
	t.Helper()
	if err := chromedp.Do(ctx, steps...); err != nil {
		t.Fatal(err)
	}
}

func visible(css string) step { return chromedp.WaitVisible(chromedp.CSS(css)) }
func click(css string) step   { return chromedp.Click(chromedp.CSS(css)) }
func keys(css, text string) step {
	return chromedp.SendKeys(chromedp.CSS(css), text)
}
func set(css, value string) step { return chromedp.SetValue(chromedp.CSS(css), value) }

// room clicks an entry of the sidebar.
func room(label string) step {
	return eval(`[...document.querySelectorAll("nav button")].find((b) => b.textContent.includes(` + quote(label) + `)).click()`)
}

// eval runs a script for its effect.
func eval(js string) step {
	return chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Run(ctx, chromedp.Evaluate[any](js+"; null"))
		return err
	})
}

// shot writes a screenshot among the test's artifacts (kept with go test -artifacts).
func shot(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	png, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(t.ArtifactDir(), name+".png"), png, 0o600); err != nil {
		t.Fatal(err)
	}
}

func theme(name string) step {
	return eval(`localStorage.setItem('theme', '` + name + `'); document.documentElement.dataset.theme = '` + name + `'`)
}

// typeInto sends keys to the composer and presses Enter.
func typeInto(css, text string) step { return keys(css, text+"\r") }

// sees waits until an element's text contains want.
func sees(t *testing.T, ctx context.Context, selector, want string) {
	t.Helper()
	js := `new Promise((resolve) => {
		const there = () => [...document.querySelectorAll(` + quote(selector) + `)].some((n) => n.textContent.includes(` + quote(want) + `));
		if (there()) return resolve(true);
		new MutationObserver((_, o) => { if (there()) { o.disconnect(); resolve(true); } }).observe(document, {subtree: true, childList: true, characterData: true, attributes: true});
	})`
	limit, stop := context.WithTimeout(ctx, 15*time.Second)
	defer stop()
	if _, err := chromedp.Run(limit, chromedp.Evaluate[bool](js, chromedp.EvalAwaitPromise)); err != nil {
		got, _ := chromedp.Run(ctx, chromedp.Evaluate[string](`document.body.innerText`))
		t.Fatalf("%q does not show %q: %v\n%s", selector, want, err, got)
	}
}

func quote(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}

func TestPageInTheBrowser(t *testing.T) {
	s := start(t, emulator.Options{Page: emulator.Page{
		Hints:        []string{"/llm-advise 300k queries, HIPAA", "@llmadvise How long does it take to deploy an open-source LLM?"},
		SkipToDigest: func(context.Context) (string, error) { return "The digest of Monday 09:00 is on its way.", nil },
	}})
	sample(t, s)
	ctx := browse(t, s, 1320, 900)
	run(t, ctx, theme("light"))
	shot(t, ctx, "01-empty")

	// slash command with completion
	run(t, ctx, keys("#composer-main", "/ll"), visible(".complete [role=option]"))
	shot(t, ctx, "02-completion")
	run(t, ctx, keys("#composer-main", "\t300k queries, HIPAA\r"))
	sees(t, ctx, ".message.ephemeral", "about $324 a month")
	sees(t, ctx, ".message.ephemeral caption", "Options, a month")
	run(t, ctx, visible(".chart svg polyline"))
	shot(t, ctx, "03-card")
	run(t, ctx, theme("dark"))
	shot(t, ctx, "04-card-dark")
	run(t, ctx, theme("light"))

	// the table turns its pages and sorts
	run(t, ctx, click(".pager .btn:last-child"))
	sees(t, ctx, ".b-table", "2 of 2")

	// modal: a complaint of the app, then accepted
	run(t, ctx, click(`[data-action="adjust"]`), visible("#modal[open]"))
	shot(t, ctx, "05-modal")
	number := `#modal [data-key="volume/n"]`
	run(t, ctx, set(number, "13"), click("#modal button[type=submit]"))
	sees(t, ctx, "#modal .error", "Not that number")
	shot(t, ctx, "06-modal-error")
	run(t, ctx, set(number, "500000"), click("#modal button[type=submit]"))
	sees(t, ctx, ".message", "submitted 500000")

	// mention, answered in a thread by a stream
	run(t, ctx, typeInto("#composer-main", "@llmadvise can we send PHI to an API?"))
	sees(t, ctx, ".replies", "1 reply")
	run(t, ctx, click(".replies"), visible("#side .message"))
	sees(t, ctx, "#side .markdown", "without one, no [1]")
	shot(t, ctx, "07-thread")

	// App Home, assistant pane, digest, traffic
	run(t, ctx, room("App Home"))
	sees(t, ctx, ".home", "Your scenarios")
	shot(t, ctx, "08-home")
	run(t, ctx, room("Ask llmadvise"))
	sees(t, ctx, "#side .prompts", "Can we send PHI")
	shot(t, ctx, "09-assistant")
	run(t, ctx, click("#side .prompts .btn"))
	sees(t, ctx, "#side .markdown", "BAA")
	run(t, ctx, click("#skip-digest"))
	sees(t, ctx, ".toast", "on its way")
	run(t, ctx, click("#show-traffic"), visible("#traffic tbody tr"), click("#traffic tbody tr:last-child button"))
	sees(t, ctx, "#traffic .detail", "\"")
	shot(t, ctx, "10-traffic")
}

func TestPageOnAPhone(t *testing.T) {
	s := start(t, emulator.Options{})
	sample(t, s)
	ctx := browse(t, s, 390, 844)
	run(t, ctx, theme("light"), typeInto("#composer-main", "/llm-advise 300k queries, HIPAA"))
	sees(t, ctx, ".message.ephemeral", "about $324 a month")
	shot(t, ctx, "11-phone")
	wide, err := chromedp.Run(ctx, chromedp.Evaluate[bool](`document.documentElement.scrollWidth > innerWidth`))
	if err != nil || wide {
		t.Error("the page is wider than the phone")
	}
	run(t, ctx, theme("dark"), eval(`document.getElementById("sidebar").style.transition = "none"`), click(".only-phone"), visible("#sidebar .me"))
	shot(t, ctx, "12-phone-drawer-dark")
}
