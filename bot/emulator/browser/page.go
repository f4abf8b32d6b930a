//go:build e2e

package browser

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
)

// Page is the local Slack's page in a browser. Its methods fail the test on an error; so does any exception that the
// page throws.
type Page struct {
	t   *testing.T
	ctx context.Context
}

// patience is how long a wait may take on a busy machine.
const patience = 30 * time.Second

// Open starts headless Chromium on a page of the given size; under 600 pixels of width it is a phone.
func Open(t *testing.T, url string, width, height int64) *Page {
	t.Helper()
	opts := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(find(t)), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.UserDataDir(t.TempDir()),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-dev-shm-usage", true),
		chromedp.WindowSize(int(width), int(height)),
	)
	alloc, stop := chromedp.NewExecAllocator(context.Background(), opts...)
	t.Cleanup(stop)
	ctx, cancel := chromedp.NewContext(alloc)
	t.Cleanup(cancel)
	p := &Page{t: t, ctx: ctx}
	var viewport []chromedp.EmulateViewportOption
	if width < 600 {
		viewport = append(viewport, chromedp.EmulateMobile)
	}
	// The first call starts the browser, which lives as long as that call's context: no limit on it.
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(width, height, viewport...)); err != nil {
		t.Fatal("start Chromium: ", err)
	}
	err := chromedp.Listen(ctx, func(ev any) {
		if e, ok := ev.(*runtime.EventExceptionThrown); ok {
			t.Errorf("the page threw: %+v", e.ExceptionDetails)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	p.run(chromedp.Navigate(url))
	p.Visible(`body[data-ready="1"]`)
	return p
}

func find(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Skip("no Chromium here: install the package chromium to run the browser tests")
	return ""
}

func (p *Page) run(steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	ctx, stop := context.WithTimeout(p.ctx, patience)
	defer stop()
	if err := chromedp.Do(ctx, steps...); err != nil {
		p.t.Fatalf("%v\n%s", err, p.Text())
	}
}

// Text is all that the page shows.
func (p *Page) Text() string {
	ctx, stop := context.WithTimeout(p.ctx, patience)
	defer stop()
	out, _ := chromedp.Run(ctx, chromedp.Evaluate[string](`document.body.innerText`))
	return out
}

// Visible waits until an element is there to be seen.
func (p *Page) Visible(css string) { p.t.Helper(); p.run(chromedp.WaitVisible(chromedp.CSS(css))) }

// Click clicks the first element that css selects.
func (p *Page) Click(css string) { p.t.Helper(); p.run(chromedp.Click(chromedp.CSS(css))) }

// ClickText clicks the last element that css selects and whose text contains label.
func (p *Page) ClickText(css, label string) {
	p.t.Helper()
	p.Sees(css, label)
	p.Eval(`[...document.querySelectorAll(` + quote(css) + `)].filter((n) => n.textContent.includes(` + quote(label) + `)).at(-1).click()`)
}

// Keys sends keys to an element.
func (p *Page) Keys(css, text string) {
	p.t.Helper()
	p.run(chromedp.SendKeys(chromedp.CSS(css), text))
}

// Send types a message into a composer and presses Enter.
func (p *Page) Send(css, text string) { p.t.Helper(); p.Keys(css, text+"\r") }

// Set gives an input a value.
func (p *Page) Set(css, value string) {
	p.t.Helper()
	p.run(chromedp.SetValue(chromedp.CSS(css), value))
}

// Upload gives files to a file input.
func (p *Page) Upload(css string, files ...string) {
	p.t.Helper()
	p.run(chromedp.SetUploadFiles(chromedp.CSS(css), files, chromedp.NodeReady))
}

// Theme chooses "light" or "dark".
func (p *Page) Theme(name string) {
	p.t.Helper()
	p.Eval(`localStorage.setItem('theme', '` + name + `'); document.documentElement.dataset.theme = '` + name + `'`)
}

// Gone waits until nothing matches css.
func (p *Page) Gone(css string) { p.t.Helper(); p.run(chromedp.WaitNotPresent(chromedp.CSS(css))) }

// Channel opens the page anew in a channel, as a visitor who was there last. A script that reloads its own page may lose it before it
// has answered.
func (p *Page) Channel(id string) {
	p.t.Helper()
	p.Eval(`localStorage.setItem('channel', '` + id + `')`)
	p.run(chromedp.Reload())
}

// Eval runs a script for its effect.
func (p *Page) Eval(js string) {
	p.t.Helper()
	ctx, stop := context.WithTimeout(p.ctx, patience)
	defer stop()
	if _, err := chromedp.Run(ctx, chromedp.Evaluate[any](js+"; null")); err != nil {
		p.t.Fatalf("%s: %v", js, err)
	}
}

// True says whether a script's value is true.
func (p *Page) True(js string) bool {
	p.t.Helper()
	ctx, stop := context.WithTimeout(p.ctx, patience)
	defer stop()
	ok, err := chromedp.Run(ctx, chromedp.Evaluate[bool](js))
	if err != nil {
		p.t.Fatalf("%s: %v", js, err)
	}
	return ok
}

// Sees waits until the text of an element that css selects contains want, and returns how long that took.
func (p *Page) Sees(css, want string) time.Duration {
	p.t.Helper()
	begun := time.Now()
	js := `new Promise((resolve) => {
		const there = () => [...document.querySelectorAll(` + quote(css) + `)].some((n) => n.textContent.includes(` + quote(want) + `));
		if (there()) return resolve(true);
		new MutationObserver((_, o) => { if (there()) { o.disconnect(); resolve(true); } })
			.observe(document, {subtree: true, childList: true, characterData: true, attributes: true});
	})`
	ctx, stop := context.WithTimeout(p.ctx, patience)
	defer stop()
	if _, err := chromedp.Run(ctx, chromedp.Evaluate[bool](js, chromedp.EvalAwaitPromise)); err != nil {
		p.Shot("failed")
		p.t.Fatalf("%q does not show %q: %v\n%s", css, want, err, p.Text())
	}
	return time.Since(begun)
}

// Shot writes a screenshot among the test's artifacts (kept with go test -artifacts).
func (p *Page) Shot(name string) {
	p.t.Helper()
	ctx, stop := context.WithTimeout(p.ctx, patience)
	defer stop()
	png, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(p.t.ArtifactDir(), name+".png"), png, 0o600); err != nil {
		p.t.Fatal(err)
	}
}

func quote(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(s) + `"`
}
