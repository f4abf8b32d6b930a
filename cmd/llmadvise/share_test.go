package main

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/llmadvise/llmadvise/bot"
	"github.com/llmadvise/llmadvise/bot/emulator"
)

// shareRig is the bot with the real knowledge base in a local Slack that grants what the manifest asks for, no more.
type shareRig struct {
	*emulator.Server
	t *testing.T
}

func startShareRig(t *testing.T) *shareRig {
	t.Helper()
	r := &shareRig{t: t}
	a := &app{getenv: func(string) string { return "" }, log: slog.New(slog.DiscardHandler), dataDir: t.TempDir()}
	r.Server = emulator.New(emulator.Options{Workspace: demoWorkspace(), Limits: emulator.Limits{Off: true}})
	if err := r.Start(t.Context(), "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	deps, closeDeps, err := botDeps(ctx, a, ollamaFlags{NoOllama: true})
	if err != nil {
		t.Fatal(err)
	}
	b, err := bot.New(a.log, demoConfig(r.Server, t.TempDir()), deps)
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- b.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
		closeDeps()
		_ = r.Close()
	})
	select {
	case <-b.Ready():
	case <-r.soon().Done():
		t.Fatal("the bot is not ready")
	}
	return r
}

func (r *shareRig) soon() context.Context {
	ctx, cancel := context.WithTimeout(r.t.Context(), 20*time.Second)
	r.t.Cleanup(cancel)
	return ctx
}

// answer waits for the bot's first message in a thread that holds part.
func (r *shareRig) answer(channel, thread, part string) emulator.Message {
	r.t.Helper()
	m, err := r.WaitMessage(r.soon(), channel, func(m emulator.Message) bool {
		return m.BotID != "" && m.ThreadTS == thread && !m.Streaming && strings.Contains(m.Text+string(m.Blocks), part)
	})
	if err != nil {
		var all []string
		for _, m := range r.Messages(channel) {
			all = append(all, m.Text)
		}
		r.t.Fatalf("no answer with %q: %v\n%s", part, err, strings.Join(all, "\n---\n"))
	}
	return m
}

const (
	shareAda     = "U0ADA00001"
	shareGeneral = "C0GENERAL1"
	sharePrivate = "G0COMPLY01"
	shareMention = "<@U0LLMADV01> "
)

const policy = `# Zanzibar retention policy

## How long call recordings are kept

Zanzibar call recordings are kept for 17 days and then shredded by the night job.
`

// TestSharedFileAnswersOnlyWhereItWasShared goes the whole way: upload, download through the Web API, index, question,
// citation, in the place where the file was shared and nowhere else, then removal.
func TestSharedFileAnswersOnlyWhereItWasShared(t *testing.T) {
	r := startShareRig(t)
	ask := func(channel string) string {
		p, err := r.Post(channel, shareAda, shareMention+"How long are Zanzibar call recordings kept?", "")
		if err != nil {
			t.Fatal(err)
		}
		return p.TS
	}
	r.answer(sharePrivate, ask(sharePrivate), "I don't know")
	p, err := r.UploadFile(sharePrivate, shareAda, "", "retention.md", shareMention, []byte(policy))
	if err != nil {
		t.Fatal(err)
	}
	notice := r.answer(sharePrivate, p.TS, "Only this channel")
	if !strings.Contains(notice.Text, "1 passage of “Zanzibar retention policy”") {
		t.Errorf("the notice says %q", notice.Text)
	}
	m := r.answer(sharePrivate, ask(sharePrivate), "17 days")
	if !strings.Contains(string(m.Blocks), "Zanzibar retention policy") {
		t.Errorf("the answer does not cite the file: %s", m.Blocks)
	}
	r.answer(shareGeneral, ask(shareGeneral), "I don't know")
	r.answer(r.DM(shareAda), directQuestion(t, r), "I don't know")

	if _, err := r.SlashCommand(sharePrivate, shareAda, "/llm-advise", "sources remove retention.md"); err != nil {
		t.Fatal(err)
	}
	r.answer(sharePrivate, "", "Removed *retention.md*")
	r.answer(sharePrivate, ask(sharePrivate), "I don't know")
}

// directQuestion asks in the direct message and returns the thread that the answer comes in: none.
func directQuestion(t *testing.T, r *shareRig) string {
	if _, err := r.Post(r.DM(shareAda), shareAda, "How long are Zanzibar call recordings kept?", ""); err != nil {
		t.Fatal(err)
	}
	return ""
}

// TestSharedFilesOfEveryKind shares what the readers take and what they refuse.
func TestSharedFilesOfEveryKind(t *testing.T) {
	r := startShareRig(t)
	dm := r.DM(shareAda)
	for i, c := range []struct{ name, data, says string }{
		{"page.html", "<html><head><title>Rota</title></head><body><h1>Rota</h1><p>The on-call rota changes on Mondays.</p></body></html>", "1 passage"},
		{"plain.txt", "Line one of a plain text.", "1 passage"},
		{"empty.md", "   ", "holds no text"},
		{"fake.pdf", "not a pdf", "I could not read"},
		{"fake.docx", "not a docx", "it is no ZIP archive"},
		{"tool.exe", "MZ", "use Markdown, HTML, PDF, DOCX or text"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, err := r.UploadFile(dm, shareAda, "", c.name, fmt.Sprint("number ", i), []byte(c.data))
			if err != nil {
				t.Fatal(err)
			}
			m := r.answer(dm, p.TS, c.says)
			if strings.Contains(m.Text, c.name+": "+c.name) {
				t.Errorf("the name is said twice: %q", m.Text)
			}
		})
	}
}
