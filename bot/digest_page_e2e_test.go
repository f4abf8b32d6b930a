//go:build e2e

package bot_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/llmadvise/llmadvise/advisor"
	"github.com/llmadvise/llmadvise/advisor/catalog"
	"github.com/llmadvise/llmadvise/advisor/intake"
	"github.com/llmadvise/llmadvise/advisor/pricing"
	"github.com/llmadvise/llmadvise/bot/emulator"
	"github.com/llmadvise/llmadvise/bot/emulator/browser"
)

// realParser reads requests as the product does.
type realParser struct{ toyAdvisor }

func (realParser) Parse(text string) (advisor.Workload, error) {
	w := intake.Parse(text, intake.NamesFrom(catalog.Default()))
	return w, intake.Check(text, w)
}

// TestRealDigestOnThePage posts the digest of the two pairs of real snapshots, where they are at hand, and shows it as a
// reader sees it, on a desk and on a phone.
func TestRealDigestOnThePage(t *testing.T) {
	dir := filepath.Join("..", "..", "shared", "feeds")
	if d := os.Getenv("LLMADVISE_SHARED"); d != "" {
		dir = filepath.Join(d, "feeds")
	}
	if _, err := os.Stat(dir); err != nil {
		t.Skip("the real feed snapshots are not on this machine (shared/feeds)")
	}
	s := emulator.New(emulator.Options{Limits: emulator.Limits{Off: true}})
	if err := s.Start(t.Context(), "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	r := &rig{Server: s, t: t, knowledge: &toyKnowledge{}, logs: &syncBuffer{}, dir: t.TempDir(), advisor: realParser{}}
	t.Cleanup(func() {
		if err := r.stop(); err != nil {
			t.Error(err)
		}
		_ = s.Close()
	})
	r.startBot()
	last := r.feedFiles(nil, time.Now().AddDate(0, 0, -30), dir, "genai-prices_2026-06-09.json", "litellm_2026-05-29.json")
	for _, text := range []string{"300k queries, HIPAA as support-bot", "2M queries a month, rag, public data as doc-search", "50k queries a month, coding, frontier quality as coding"} {
		r.command(general, "watch "+text)
		r.fromBot(general, "Watching *"+text[strings.LastIndex(text, " ")+1:]+"*")
	}
	r.overdue(general, 8)
	r.feedFiles(last, time.Now().Add(-time.Hour), dir, "genai-prices_2026-07-25.json", "litellm_2026-07-24.json")
	if err := r.bot.CheckDigests(t.Context()); err != nil {
		t.Fatal(err)
	}
	m := r.fromBot(general, "Nothing changed for your 3 scenarios", "17 models got cheaper and 5 dearer", "Claude Opus 5", "not believed")
	t.Log("the notification:\n" + m.Text)

	p := browser.Open(t, s.URL(), 1320, 1250)
	p.Theme("light")
	p.ClickText("nav button", "general")
	p.Sees("#main .message", "Price moves")
	p.Eval(`document.querySelectorAll('#main .message.ephemeral').forEach((m) => m.remove())`) // what only the owner saw
	p.Shot("real-digest")
	phone := browser.Open(t, s.URL(), 390, 844)
	phone.Theme("light")
	phone.Channel(general)
	phone.Sees("#main .message", "Price moves")
	phone.Eval(`document.querySelectorAll('#main .message.ephemeral').forEach((m) => m.remove()); document.querySelector('#main .message')?.scrollIntoView()`)
	phone.Shot("real-digest-phone")
	phone.Eval(`document.querySelector('#main .list').scrollTop += 700`)
	phone.Shot("real-digest-phone-2")
	if phone.True(`document.documentElement.scrollWidth > innerWidth`) {
		t.Error("the page is wider than the phone")
	}
}

// feedFiles stores the files of several feeds as one snapshot.
func (r *rig) feedFiles(last *pricing.Snapshot, at time.Time, dir string, files ...string) *pricing.Snapshot {
	r.t.Helper()
	for _, f := range files {
		data, err := os.ReadFile(filepath.Join(dir, f))
		if err != nil {
			r.t.Fatal(err)
		}
		feed, err := pricing.Read(data, "")
		if err != nil {
			r.t.Fatal(err)
		}
		st, err := pricing.Accept(last.State(string(feed.Shape)), feed, string(feed.Shape), at)
		if err != nil {
			r.t.Fatal(err)
		}
		last = last.With(*st)
	}
	if _, err := r.store.PutSnapshot(r.t.Context(), last, at); err != nil {
		r.t.Fatal(err)
	}
	return last
}
