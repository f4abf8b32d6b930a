package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"time"

	"github.com/llmadvise/llmadvise/bot"
	"github.com/llmadvise/llmadvise/bot/store"
	"github.com/llmadvise/llmadvise/knowledge/embed"
	"github.com/llmadvise/llmadvise/knowledge/index"
)

// Verdicts of a check. A warning is worth knowing and keeps nothing from working.
const (
	checkOK      = "ok"
	checkWarning = "warning"
	checkBroken  = "broken"
)

// checkResult is one line of the doctor's report.
type checkResult struct {
	Check  string `json:"check"`
	Status string `json:"status"`
	Detail string `json:"detail"`
	ToDo   string `json:"todo,omitempty"`
}

// doctorCmd checks what the bot needs, in the order in which it needs it.
type doctorCmd struct {
	slackFlags
	ollamaFlags
	overrideFlag
	DatabaseURL string `help:"postgres:// address." env:"DATABASE_URL" placeholder:"URL"`
	Listen      string `help:"Address that the bot serves metrics on." env:"LLMADVISE_LISTEN" default:"127.0.0.1:9464" placeholder:"ADDR"`
	NoSlack     bool   `help:"Skip what needs Slack."`
	JSON        bool   `help:"Machine-readable output."`
}

func (c *doctorCmd) Run(ctx context.Context, a *app) error {
	var results []checkResult
	for _, check := range []func(context.Context, *app) checkResult{
		c.dataFolder, c.state, c.knowledgeIndex, c.model, c.prices, c.priceFeeds, c.port, c.tokens, c.slack, c.sockets,
	} {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		results = append(results, check(ctx, a))
	}
	broken := 0
	for _, r := range results {
		if r.Status == checkBroken {
			broken++
		}
	}
	if err := c.print(a, results, broken); err != nil {
		return err
	}
	if broken > 0 {
		return fmt.Errorf("%d of %d checks failed", broken, len(results))
	}
	return nil
}

func (c *doctorCmd) print(a *app, results []checkResult, broken int) error {
	if c.JSON {
		return writeJSON(a.stdout, map[string]any{"version": 1, "ok": broken == 0, "checks": results})
	}
	for _, r := range results {
		if _, err := fmt.Fprintf(a.stdout, "%-8s %-16s %s\n", r.Status, r.Check, r.Detail); err != nil {
			return err
		}
		if r.ToDo != "" {
			fmt.Fprintf(a.stdout, "%25s → %s\n", "", r.ToDo)
		}
	}
	return nil
}

func ok(check, format string, args ...any) checkResult {
	return checkResult{Check: check, Status: checkOK, Detail: fmt.Sprintf(format, args...)}
}

func warning(check, todo, format string, args ...any) checkResult {
	return checkResult{Check: check, Status: checkWarning, Detail: fmt.Sprintf(format, args...), ToDo: todo}
}

func broken(check, todo, format string, args ...any) checkResult {
	return checkResult{Check: check, Status: checkBroken, Detail: fmt.Sprintf(format, args...), ToDo: todo}
}

// dataFolder tries what the bot will do: make the folder and write a file.
func (c *doctorCmd) dataFolder(_ context.Context, a *app) checkResult {
	const name, todo = "data folder", "give this user write permission, or set LLMADVISE_DATA_DIR to another folder"
	if err := os.MkdirAll(a.dataDir, 0o700); err != nil {
		return broken(name, todo, "%s cannot be made: %v", a.dataDir, err)
	}
	f, err := os.CreateTemp(a.dataDir, ".doctor-*")
	if err != nil {
		return broken(name, todo, "%s is not writable: %v", a.dataDir, err)
	}
	_, err = f.WriteString("write test\n")
	err = errors.Join(err, f.Close(), os.Remove(f.Name()))
	if err != nil {
		return broken(name, "free some space on that disk", "%s cannot be written to: %v", a.dataDir, err)
	}
	return ok(name, "%s is writable", a.dataDir)
}

// state opens the bot's database, as the bot would.
func (c *doctorCmd) state(ctx context.Context, a *app) checkResult {
	const name = "state"
	s, err := store.Open(ctx, a.log, a.dataDir, store.Options{DatabaseURL: c.DatabaseURL})
	if err != nil {
		return broken(name, "see the message; the database is only needed by `serve`", "%v", err)
	}
	defer s.Close()
	if s.IsPostgres() {
		return ok(name, "Postgres answers and its tables are up to date")
	}
	return ok(name, "%s opens and is sound", filepath.Join(a.dataDir, store.File))
}

// knowledgeIndex opens the index for reading, so that it can be checked beside a running bot.
func (c *doctorCmd) knowledgeIndex(ctx context.Context, a *app) checkResult {
	const name = "knowledge index"
	dir := knowledgeDir(a)
	if _, err := os.Stat(dir); errors.Is(err, os.ErrNotExist) {
		return ok(name, "not built yet: the first start builds it from the built-in documents")
	}
	_, emb, err := models(ctx, a.log, dir, c.ollamaFlags)
	if err != nil {
		return broken(name, "see the message", "%v", err)
	}
	ix, err := index.Open(ctx, a.log, dir, emb, index.Options{ReadOnly: true})
	if err != nil {
		return broken(name, "move "+dir+" away and start again: it is built anew in seconds; documents that you added come back with `llmadvise ingest`", "%v", err)
	}
	defer ix.Close()
	info := ix.Info()
	if info.Passages == 0 {
		return broken(name, "run `llmadvise ingest` once: it takes in the built-in documents", "%s holds no passages", dir)
	}
	return ok(name, "%d documents, %d passages, embeddings by %s", info.Documents, info.Passages, info.Model)
}

// model looks for Ollama. Without it everything works, with composed answers.
func (c *doctorCmd) model(ctx context.Context, a *app) checkResult {
	const name = "language model"
	static := "the built-in embeddings"
	if e, err := embed.Default(); err == nil {
		static = e.Model()
	}
	if c.NoOllama {
		return ok(name, "switched off: answers are composed from cited passages, embeddings are %s", static)
	}
	client, err := c.client(a.log)
	if err != nil {
		return broken(name, "mend OLLAMA_HOST: it looks like http://127.0.0.1:11434", "%v", err)
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	gen := client.Generator()
	if err := gen.Available(ctx); err != nil {
		return warning(name, "for written answers start Ollama (`ollama serve`) and pull the model (`ollama pull "+gen.Model()+"`), or set OLLAMA_HOST; without it answers are composed from cited passages",
			"%v", err)
	}
	return ok(name, "Ollama answers with %s", gen.Model())
}

// port tries to listen where the bot will. A bot that runs already holds it, which is fine.
func (c *doctorCmd) port(ctx context.Context, a *app) checkResult {
	const name = "metrics port"
	if c.Listen == "" {
		return ok(name, "none asked for")
	}
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", c.Listen)
	if err != nil {
		return warning(name, "if llmadvise is running, all is well; else choose another with --listen or LLMADVISE_LISTEN", "%s is in use or not allowed: %v", c.Listen, err)
	}
	_ = l.Close()
	return ok(name, "%s is free", c.Listen)
}

func (c *doctorCmd) config(a *app) bot.Config {
	return bot.Config{AppToken: bot.Secret(c.AppToken), BotToken: bot.Secret(c.BotToken), APIURL: c.APIURL, DataDir: a.dataDir, DatabaseURL: c.DatabaseURL}
}

// tokens checks the shape of what is configured, before anything is sent.
func (c *doctorCmd) tokens(_ context.Context, a *app) checkResult {
	const name = "Slack tokens"
	if c.NoSlack {
		return ok(name, "skipped")
	}
	if err := c.config(a).Validate(); err != nil {
		return broken(name, "without Slack, try `llmadvise demo`", "%v", err)
	}
	return ok(name, "both are set and look right")
}

func (c *doctorCmd) slack(ctx context.Context, a *app) checkResult {
	const name = "Slack sign-in"
	if c.NoSlack || c.config(a).Validate() != nil {
		return ok(name, "skipped")
	}
	ctx, cancel := context.WithTimeout(ctx, 15*time.Second)
	defer cancel()
	who, missing, err := bot.CheckSlack(ctx, c.config(a))
	switch {
	case err != nil:
		return broken(name, "check the network, the proxy (HTTPS_PROXY) and SLACK_API_URL where the message does not say more", "%v", err)
	case len(missing) > 0:
		return broken(name, "add the scopes on the app's page (deploy/slack-manifest.yaml lists all), then reinstall the app", "signed in as %s, but the bot token lacks: %v", who, missing)
	}
	return ok(name, "signed in as %s", who)
}

// sockets asks for a Socket Mode address, which needs the app-level token and Socket Mode switched on. It is not used.
func (c *doctorCmd) sockets(ctx context.Context, a *app) checkResult {
	const name = "Socket Mode"
	if c.NoSlack || c.config(a).Validate() != nil {
		return ok(name, "skipped")
	}
	ctx, cancel := context.WithTimeout(ctx, 15*time.Second)
	defer cancel()
	if err := bot.CheckSockets(ctx, c.config(a)); err != nil {
		return broken(name, "switch Socket Mode on under Settings → Socket Mode; the app-level token needs the scope connections:write", "%v", err)
	}
	return ok(name, "a connection may be opened")
}
