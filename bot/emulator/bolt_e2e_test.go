//go:build e2e

package emulator_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/llmadvise/llmadvise/bot/emulator"
)

// boltApp is testdata/bolt/app.mjs at work.
type boltApp struct {
	t     *testing.T
	mu    sync.Mutex
	seen  []map[string]any
	fresh chan struct{} // closed and replaced at every line
}

// startBolt runs Slack's own client against s, or skips the test where Node or its packages can't be had.
func startBolt(t *testing.T, s *emulator.Server) *boltApp {
	t.Helper()
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("no Node here: install Node 20 or newer to run Slack's own client")
	}
	installBolt(t)
	a := &boltApp{t: t, fresh: make(chan struct{})}
	cmd := exec.CommandContext(t.Context(), node, "app.mjs")
	cmd.Dir = filepath.Join("testdata", "bolt")
	cmd.Env = append(os.Environ(), "SLACK_API_URL="+s.APIURL(), "SLACK_APP_TOKEN="+s.AppToken(), "SLACK_BOT_TOKEN="+s.BotToken())
	var complaints bytes.Buffer
	cmd.Stderr = &complaints
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() { defer close(done); a.read(bufio.NewScanner(out)) }()
	t.Cleanup(func() {
		_ = in.Close()
		<-done
		_ = cmd.Wait()
		if t.Failed() {
			t.Logf("the app wrote:\n%s", complaints.String())
		}
	})
	a.wait("ready", nil)
	if err := s.WaitConnections(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	return a
}

// installBolt puts the pinned packages in place on first use.
func installBolt(t *testing.T) {
	t.Helper()
	dir := filepath.Join("testdata", "bolt")
	if _, err := os.Stat(filepath.Join(dir, "node_modules", "@slack", "bolt")); err == nil {
		return
	}
	npm, err := exec.LookPath("npm")
	if err != nil {
		t.Skip("no npm here: it is needed once, to install @slack/bolt")
	}
	cmd := exec.CommandContext(t.Context(), npm, "ci", "--ignore-scripts")
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Skipf("@slack/bolt can't be installed (no network?): %v\n%s", err, out)
	}
}

func (a *boltApp) read(lines *bufio.Scanner) {
	for lines.Scan() {
		var m map[string]any
		if json.Unmarshal(lines.Bytes(), &m) != nil {
			continue
		}
		a.mu.Lock()
		a.seen = append(a.seen, m)
		close(a.fresh)
		a.fresh = make(chan struct{})
		a.mu.Unlock()
	}
}

// wait returns the first line of a kind that match (nil: any) accepts, and forgets it.
func (a *boltApp) wait(what string, match func(map[string]any) bool) map[string]any {
	a.t.Helper()
	limit := time.After(30 * time.Second)
	for {
		a.mu.Lock()
		for i, m := range a.seen {
			if m["what"] == what && (match == nil || match(m)) {
				a.seen = slices.Delete(a.seen, i, i+1)
				a.mu.Unlock()
				return m
			}
		}
		next := a.fresh
		a.mu.Unlock()
		select {
		case <-next:
		case <-limit:
			a.t.Fatalf("the app never said %q; it said %v", what, a.seen)
		}
	}
}

func TestBoltConformance(t *testing.T) {
	ws := emulator.DefaultWorkspace()
	ws.App.Shortcuts = []emulator.Shortcut{{Name: "One", CallbackID: "global_one", Type: "global"}, {Name: "About", CallbackID: "message_one", Type: "message"}}
	s := start(t, emulator.Options{Workspace: ws})
	a := startBolt(t, s)
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()

	command := func(t *testing.T, text string) {
		t.Helper()
		d, err := s.SlashCommand(general, ada, "/llm-advise", text)
		if err != nil {
			t.Fatal(err)
		}
		if err := d.Wait(ctx); err != nil {
			t.Fatal(err)
		}
	}
	shown := func(t *testing.T, channel string, match func(emulator.Message) bool) emulator.Message {
		t.Helper()
		limit, stop := context.WithTimeout(ctx, 20*time.Second)
		defer stop()
		m, err := s.WaitMessage(limit, channel, match)
		if err != nil {
			tr := s.Traffic()
			t.Fatalf("%v; last traffic: %+v", err, tr[max(0, len(tr)-6):])
		}
		return m
	}
	says := func(text string) func(emulator.Message) bool {
		return func(m emulator.Message) bool { return m.Text == text }
	}
	topView := func(t *testing.T, title string) emulator.View {
		t.Helper()
		v, err := s.WaitView(ctx, ada, func(v emulator.View) bool { return strings.Contains(string(v.Raw), `"`+title+`"`) })
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	submit := func(t *testing.T, next string) {
		t.Helper()
		d, err := s.SubmitView(ada, map[string][]string{"b/a": {next}, "x/ext": {"o1"}})
		if err != nil {
			t.Fatal(err)
		}
		if err := d.Wait(ctx); err != nil {
			t.Fatal(err)
		}
		if got := a.wait("submitted", nil); got["next"] != next || got["ext"] != "o1" {
			t.Errorf("the app read %v, want %s and o1", got, next)
		}
	}

	t.Run("command answered through response_url", func(t *testing.T) {
		command(t, "300k queries")
		if m := shown(t, general, says("heard 300k queries")); m.Ephemeral() {
			t.Error("in_channel came out ephemeral")
		}
	})
	t.Run("command answered in the acknowledgement", func(t *testing.T) {
		command(t, "payload")
		if m := shown(t, general, says("from the acknowledgement")); !m.Ephemeral() {
			t.Error("want ephemeral")
		}
	})
	t.Run("buttons and menus", func(t *testing.T) {
		command(t, "buttons")
		m := shown(t, general, says("press"))
		for _, act := range []emulator.Act{{Action: "pick", Values: []string{"blue"}}, {Action: "go"}} {
			act.User, act.Channel, act.TS = ada, general, m.TS
			d, err := s.Click(act)
			if err != nil {
				t.Fatal(err)
			}
			if err := d.Wait(ctx); err != nil {
				t.Fatal(err)
			}
		}
		shown(t, general, says("picked blue"))
		if got := shown(t, general, says("went v")); got.TS != m.TS {
			t.Error("replace_original made a new message")
		}
	})
	t.Run("modals: errors, update, push, clear, close", func(t *testing.T) {
		command(t, "modal")
		topView(t, "First")
		submit(t, "errors")
		if v := topView(t, "First"); v.Errors["b"] != "no" {
			t.Errorf("errors shown: %v", v.Errors)
		}
		submit(t, "update")
		topView(t, "Updated")
		submit(t, "push")
		v := topView(t, "Pushed")
		if v.Previous == "" || len(s.Views(ada)) != 2 {
			t.Errorf("the pushed view has no predecessor: %+v", v)
		}
		d, err := s.Suggest(emulator.Act{User: ada, View: v.ID, Action: "ext", Values: []string{"h1"}})
		if err != nil || d.Wait(ctx) != nil {
			t.Fatal("no suggestions:", err)
		}
		if !strings.Contains(string(d.Envelope().AckPayload), "for h1") {
			t.Errorf("suggestions: %s", d.Envelope().AckPayload)
		}
		if err := s.CloseView(ada, false); err != nil {
			t.Fatal(err)
		}
		if got := a.wait("closed", nil); got["cleared"] != false {
			t.Errorf("view_closed: %v", got)
		}
		topView(t, "Updated")
		submit(t, "clear")
		shown(t, s.DM(ada), says("all cleared"))
		if n := len(s.Views(ada)); n != 0 {
			t.Errorf("%d modals left", n)
		}
	})
	t.Run("a trigger opens one modal", func(t *testing.T) {
		command(t, "twice")
		if got := a.wait("error", nil); got["code"] != "exchanged_trigger_id" {
			t.Errorf("got %v", got)
		}
		_ = s.CloseView(ada, true)
		a.wait("closed", nil)
	})
	t.Run("mention, and its redelivery", func(t *testing.T) {
		p, err := s.Post(general, ada, "<@"+botUser+"> hi", "")
		if err != nil {
			t.Fatal(err)
		}
		shown(t, general, func(m emulator.Message) bool { return m.ThreadTS == p.TS && m.Text == "hello <@"+ada+">" })
		a.wait("mention", nil)
		if err := s.Redeliver(p.Deliveries[0], 1).Wait(ctx); err != nil {
			t.Fatal(err)
		}
		if got := a.wait("mention", nil); got["retry"] != 1.0 || got["ts"] != p.TS {
			t.Errorf("redelivered: %v", got)
		}
	})
	t.Run("an acknowledgement that gets lost brings the event again", func(t *testing.T) {
		s.InjectSocketFault(emulator.LoseAck, 1)
		if _, err := s.Post(general, ada, "<@"+botUser+"> again", ""); err != nil {
			t.Fatal(err)
		}
		a.wait("mention", func(m map[string]any) bool { return m["retry"] == 0.0 })
		a.wait("mention", func(m map[string]any) bool { return m["retry"] == 1.0 })
	})
	t.Run("streaming", func(t *testing.T) {
		p, _ := s.Post(general, ada, "stream please", "")
		m := shown(t, general, func(m emulator.Message) bool { return m.ThreadTS == p.TS && !m.Streaming && m.Text != "" })
		if m.Text != "The answer, written bit by bit, is **here**." || !strings.Contains(string(m.Blocks), "the end") {
			t.Errorf("got %q with %s", m.Text, m.Blocks)
		}
	})
	t.Run("invalid blocks are refused with a pointer", func(t *testing.T) {
		_, _ = s.Post(general, ada, "bad blocks", "")
		got := a.wait("error", nil)
		raw, _ := json.Marshal(got)
		if got["code"] != "invalid_blocks" || !strings.Contains(string(raw), "/blocks/0/text/text") {
			t.Errorf("got %s", raw)
		}
	})
	t.Run("upload", func(t *testing.T) {
		_, _ = s.Post(general, ada, "upload", "")
		shown(t, general, func(m emulator.Message) bool { return m.Text == "the file" && len(m.Files) == 1 })
	})
	t.Run("pages, threads, reactions", func(t *testing.T) {
		p, _ := s.Post(general, ada, "history", "")
		got := a.wait("history", nil)
		if names, _ := got["names"].([]any); len(names) != 4 || got["replies"] != 1.0 {
			t.Errorf("got %v", got)
		}
		if m, _ := s.Message(general, p.TS); len(m.Reactions) != 1 || m.Reactions[0].Name != "eyes" {
			t.Errorf("reactions: %+v", m.Reactions)
		}
	})
	t.Run("shortcuts", func(t *testing.T) {
		p, _ := s.Post(general, ada, "a remark", "")
		d, err := s.MessageShortcut(general, p.TS, ada, "message_one")
		if err != nil || d.Wait(ctx) != nil {
			t.Fatal(err)
		}
		shown(t, general, says("about: a remark"))
		if err := s.GlobalShortcut(ada, "global_one").Wait(ctx); err != nil {
			t.Fatal(err)
		}
		topView(t, "Global")
		_ = s.CloseView(ada, true)
	})
	t.Run("App Home and assistant", func(t *testing.T) {
		if err := s.OpenHome(ada, "home").Wait(ctx); err != nil {
			t.Fatal(err)
		}
		if err := s.WaitFor(ctx, func() bool { _, ok := s.Home(ada); return ok }); err != nil {
			t.Fatal(err)
		}
		ch, ts, d := s.OpenAssistant(ada, general)
		if err := d.Wait(ctx); err != nil {
			t.Fatal(err)
		}
		shown(t, ch, says("How can I help?"))
		if err := s.WaitFor(ctx, func() bool { _, _, p := s.ThreadStatus(ch, ts); return len(p) == 1 }); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Post(ch, ada, "First question", ts); err != nil {
			t.Fatal(err)
		}
		shown(t, ch, says("an answer to First question"))
		if _, title, _ := s.ThreadStatus(ch, ts); title != "First question" {
			t.Errorf("title %q", title)
		}
	})
	t.Run("rate limit: the client waits and posts once", func(t *testing.T) {
		s.InjectFault(emulator.Fault{Method: "chat.postMessage", RetryAfter: time.Second})
		p, _ := s.Post(general, ada, "<@"+botUser+"> limited", "")
		a.wait("mention", nil)
		reply := func(m emulator.Message) bool { return m.ThreadTS == p.TS && m.BotID != "" }
		shown(t, general, reply)
		n := 0
		for _, m := range s.Messages(general) {
			if reply(m) {
				n++
			}
		}
		if n != 1 {
			t.Errorf("%d replies", n)
		}
	})
	t.Run("a refresh costs no command", func(t *testing.T) {
		s.Disconnect("refresh_requested")
		if err := s.WaitConnections(ctx, 1); err != nil {
			t.Fatal(err)
		}
		command(t, "after the refresh")
		shown(t, general, says("heard after the refresh"))
	})
	for _, m := range a.seen {
		if m["what"] == "app error" {
			t.Errorf("the app failed: %v", m)
		}
	}
}
