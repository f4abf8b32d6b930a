package main

import (
	"context"
	"log/slog"
	"os"
	"sync"
	"time"

	"github.com/llmadvise/llmadvise/bot"
	"github.com/llmadvise/llmadvise/knowledge/ingest"
)

// slackFlags say where Slack is and who the bot is there.
type slackFlags struct {
	AppToken string `help:"Slack app-level token (xapp-…)." env:"SLACK_APP_TOKEN" placeholder:"TOKEN"`
	BotToken string `help:"Slack bot token (xoxb-…)." env:"SLACK_BOT_TOKEN" placeholder:"TOKEN"`
	APIURL   string `name:"slack-api-url" help:"Slack's Web API; ends in /api/ (GovSlack: https://slack-gov.com/api/)." env:"SLACK_API_URL" placeholder:"URL"`
}

// serveCmd is the bot in a workspace.
type serveCmd struct {
	slackFlags
	ollamaFlags
	DatabaseURL string        `help:"postgres:// address, for several replicas (default: SQLite in the data folder)." env:"DATABASE_URL" placeholder:"URL"`
	Listen      string        `help:"Address of /metrics, /healthz and /readyz; empty for none." env:"LLMADVISE_LISTEN" default:"127.0.0.1:9464" placeholder:"ADDR"`
	Command     string        `help:"Slash command that the app owns." env:"LLMADVISE_COMMAND" default:"/llm-advise"`
	Watch       []string      `help:"Folders of documents for everybody: read at the start and whenever they change." env:"LLMADVISE_WATCH" placeholder:"DIR"`
	Admins      []string      `help:"Ids of users who may look after sources in Slack, beside the workspace's admins and owners." env:"LLMADVISE_ADMINS" placeholder:"U…"`
	Workers     int           `help:"Jobs at a time." default:"16"`
	Drain       time.Duration `help:"How long a stopping bot waits for running jobs." default:"20s"`
	feedFlags
}

func (c *serveCmd) config(a *app) bot.Config {
	return bot.Config{
		AppToken: bot.Secret(c.AppToken), BotToken: bot.Secret(c.BotToken), APIURL: c.APIURL,
		DataDir: a.dataDir, DatabaseURL: c.DatabaseURL, Command: c.Command, Listen: c.Listen, Workers: c.Workers, Drain: c.Drain, Tick: tick, Admins: c.Admins,
	}
}

func (c *serveCmd) Run(ctx context.Context, a *app) error {
	cfg := c.config(a)
	if err := cfg.Validate(); err != nil { // before anything is opened
		return usageError{err}
	}
	priceFeeds, err := c.feeds(a)
	if err != nil {
		return err
	}
	deps, closeDeps, err := botDeps(ctx, a, c.ollamaFlags)
	if err != nil {
		return err
	}
	defer closeDeps()
	deps.Feeds, deps.Now = priceFeeds, clock
	b, err := bot.New(a.log, cfg, deps)
	if err != nil {
		return err
	}
	stopWatching, err := watchInService(ctx, a.log, deps.Library, c.Watch)
	if err != nil {
		return err
	}
	defer stopWatching()
	a.log.Info("starting", "version", version, "commit", commit, "data_dir", a.dataDir)
	err = b.Run(ctx)
	a.log.Info("stopped")
	return err
}

// watchInService keeps the documents of folders up to date while the bot runs. The returned function ends that and waits.
func watchInService(ctx context.Context, log *slog.Logger, l bot.Library, dirs []string) (stop func(), err error) {
	lib, ok := l.(library)
	for _, dir := range dirs {
		if st, err := os.Stat(dir); err != nil || !st.IsDir() || !ok {
			return nil, usagef("--watch %s: there is no such folder", dir)
		}
	}
	read := func(ctx context.Context, dir string) error {
		r, err := ingestSource(ctx, lib.index, lib.web, dir, "", nil)
		if err != nil {
			if ctx.Err() == nil {
				log.Warn("a watched folder was not read", "folder", dir, "error", err)
			}
			return err
		}
		log.Info("a watched folder was read", "folder", r.Source, "added", r.Added, "updated", r.Updated, "unchanged", r.Unchanged, "removed", r.Removed, "passed_over", len(r.Problems))
		return nil
	}
	ctx, cancel := context.WithCancel(ctx)
	var wg sync.WaitGroup
	wg.Go(func() {
		if err := watchFolders(ctx, dirs, ingest.WatchOptions{}, read); err != nil {
			log.Error("folders are no longer watched", "error", err)
		}
	})
	return func() { cancel(); wg.Wait() }, nil
}
