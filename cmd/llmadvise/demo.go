package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"syscall"
	"time"

	"github.com/llmadvise/llmadvise/bot"
	"github.com/llmadvise/llmadvise/bot/emulator"
	"github.com/llmadvise/llmadvise/bot/store"
)

// demoCmd is the real bot in a local Slack.
type demoCmd struct {
	ollamaFlags
	Port   int  `help:"Port of the page on this computer (0: any free one)." default:"8270"`
	NoOpen bool `help:"Don't open a browser; only print the address."`
}

// Run starts the local Slack and, against it, the very bot that serve runs; it ends with ctx.
func (c *demoCmd) Run(ctx context.Context, a *app) error {
	if c.Port < 0 || c.Port > 65535 {
		return usagef("--port %d: a port is a number from 0 to 65535", c.Port)
	}
	quiet := demoApp(a)
	ctx, end := context.WithCancel(ctx)
	defer end()
	digests := &demoDigests{clock: &demoClock{}}
	slack := emulator.New(emulator.Options{
		Logger: quiet.log, Clock: digests.clock, Workspace: demoWorkspace(), Page: emulator.Page{Hints: demoHints, SkipToDigest: digests.skip},
	})
	if err := slack.Start(context.WithoutCancel(ctx), net.JoinHostPort("127.0.0.1", strconv.Itoa(c.Port))); err != nil {
		return demoStartError(c.Port, err)
	}
	defer func() { _ = slack.Close() }()
	deps, closeDeps, err := botDeps(ctx, quiet, c.ollamaFlags)
	if err != nil {
		return err
	}
	defer closeDeps()
	state, err := os.MkdirTemp("", "llmadvise-demo-")
	if err != nil {
		return fmt.Errorf("make a folder for the demo's conversations: %w", err)
	}
	defer func() { _ = os.RemoveAll(state) }()
	deps.Now = digests.clock.Now
	if deps.Store, err = store.Open(ctx, quiet.log, state, store.Options{Now: deps.Now}); err != nil {
		return err
	}
	defer func() { _ = deps.Store.Close() }()
	b, err := bot.New(quiet.log, demoConfig(slack, state), deps)
	if err != nil {
		return err
	}
	done := make(chan error, 1)
	go func() { done <- b.Run(ctx) }()
	select {
	case <-b.Ready():
		digests.ready(slack, deps.Store, b)
	case err := <-done:
		return err
	}
	if _, err := fmt.Fprintf(a.stdout, "llmadvise is at work in a Slack that runs only on this computer:\n\n  %s\n\nType /llm-advise 300k queries, HIPAA there. Ctrl+C ends it.\n", slack.URL()); err != nil {
		return err
	}
	if !c.NoOpen {
		openBrowser(ctx, slack.URL())
	}
	return <-done
}

// demoConfig points the bot at the local Slack. Conversations live as long as the demo does, in their own folder.
func demoConfig(s *emulator.Server, state string) bot.Config {
	return bot.Config{
		AppToken: bot.Secret(s.AppToken()), BotToken: bot.Secret(s.BotToken()), APIURL: s.APIURL(), DataDir: state, Drain: 5 * time.Second,
	}
}

// demoApp gives the demo a data folder of its own, so that it can run beside a bot in service, and keeps routine lines
// out of the terminal.
func demoApp(a *app) *app {
	own := *a
	own.dataDir = filepath.Join(a.dataDir, "demo")
	if !a.log.Enabled(context.Background(), slog.LevelDebug) {
		own.log = slog.New(warnings{a.log.Handler()})
	}
	return &own
}

// warnings passes on what is a warning or worse.
type warnings struct{ slog.Handler }

func (h warnings) Enabled(ctx context.Context, l slog.Level) bool {
	return l >= slog.LevelWarn && h.Handler.Enabled(ctx, l)
}
func (h warnings) WithAttrs(attrs []slog.Attr) slog.Handler {
	return warnings{h.Handler.WithAttrs(attrs)}
}
func (h warnings) WithGroup(name string) slog.Handler { return warnings{h.Handler.WithGroup(name)} }

// demoStartError says what to do about a port that can't be had.
func demoStartError(port int, err error) error {
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("port %d is taken by another program (another demo?): try --port %d, or --port 0 for any free one", port, port+1)
	}
	if errors.Is(err, syscall.EACCES) {
		return fmt.Errorf("port %d is reserved for the system's own programs: try --port 8270", port)
	}
	return err
}

var demoHints = []string{
	"/llm-advise 300k queries, HIPAA",
	"/llm-advise 5M classification calls a month, dedicated GPU team",
	"/llm-advise",
	"/llm-advise watch 300k queries, HIPAA as support-bot",
	"@llmadvise How long does it take to deploy an open-source LLM?",
	"@llmadvise can we send PHI to an API?",
}

// demoWorkspace is the default workspace with the scopes, events and commands of deploy/slack-manifest.yaml (a test holds
// the two together), so that what would lack a scope or an event in the real Slack lacks it here too.
func demoWorkspace() emulator.Workspace {
	w := emulator.DefaultWorkspace()
	w.App.Commands = []emulator.Command{{
		Name: "/llm-advise", Description: "API, hosted open model or self-hosting, with costs", UsageHint: "300k queries, HIPAA, or: help, watch, digest, sources", Escape: true,
	}}
	w.App.Assistant = "assistant_view"
	w.App.Scopes = []string{
		"app_mentions:read", "assistant:write", "channels:history", "channels:read", "chat:write", "chat:write.public", "commands", "files:read",
		"groups:history", "im:history", "mpim:history", "users:read",
	}
	w.App.Events = []string{
		"app_mention", "assistant_thread_started", "message.channels", "message.groups", "message.im", "message.mpim",
	}
	return w
}

// openBrowser shows the page where there is a desktop; elsewhere the printed address has to do.
func openBrowser(ctx context.Context, url string) {
	var name string
	var args []string
	switch runtime.GOOS {
	case "darwin":
		name = "open"
	case "windows":
		name, args = "rundll32", []string{"url.dll,FileProtocolHandler"}
	default:
		if os.Getenv("DISPLAY") == "" && os.Getenv("WAYLAND_DISPLAY") == "" {
			return
		}
		name = "xdg-open"
	}
	cmd := exec.CommandContext(context.WithoutCancel(ctx), name, append(args, url)...)
	if cmd.Start() == nil {
		go func() { _ = cmd.Wait() }()
	}
}
