package bot_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/llmadvise/llmadvise/bot"
	"github.com/llmadvise/llmadvise/bot/emulator"
)

// run starts a bot that is expected to fail, and returns why.
func runFailing(t *testing.T, cfg bot.Config) error {
	t.Helper()
	b, err := bot.New(slog.New(slog.DiscardHandler), cfg, bot.Deps{Advisor: toyAdvisor{}, Knowledge: &toyKnowledge{}})
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	err = b.Run(ctx)
	if ctx.Err() != nil {
		t.Fatal("the bot did not end by itself")
	}
	return err
}

func local(t *testing.T) *emulator.Server {
	t.Helper()
	s := emulator.New(emulator.Options{})
	if err := s.Start(t.Context(), "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func TestErrorsSayWhatToDo(t *testing.T) {
	good := func(t *testing.T) (*emulator.Server, bot.Config) {
		s := local(t)
		return s, bot.Config{AppToken: bot.Secret(s.AppToken()), BotToken: bot.Secret(s.BotToken()), APIURL: s.APIURL(), DataDir: t.TempDir(), Connections: 1}
	}
	for name, c := range map[string]struct {
		spoil func(*testing.T, *emulator.Server, *bot.Config)
		want  []string
	}{
		"no app token":      {func(_ *testing.T, _ *emulator.Server, c *bot.Config) { c.AppToken = "" }, []string{"SLACK_APP_TOKEN is not set"}},
		"tokens swapped":    {func(_ *testing.T, _ *emulator.Server, c *bot.Config) { c.BotToken = c.AppToken }, []string{"SLACK_BOT_TOKEN", `"xoxb-"`}},
		"pasted with space": {func(_ *testing.T, _ *emulator.Server, c *bot.Config) { c.BotToken += " " }, []string{"SLACK_BOT_TOKEN", "space"}},
		"wrong bot token":   {func(_ *testing.T, _ *emulator.Server, c *bot.Config) { c.BotToken = "xoxb-wrong" }, []string{"invalid_auth", "SLACK_BOT_TOKEN"}},
		"wrong app token":   {func(_ *testing.T, _ *emulator.Server, c *bot.Config) { c.AppToken = "xapp-wrong" }, []string{"invalid_auth", "SLACK_APP_TOKEN"}},
		"wrong address":     {func(_ *testing.T, _ *emulator.Server, c *bot.Config) { c.APIURL = "https://slack.com" }, []string{"SLACK_API_URL", "/api/"}},
		"wrong database":    {func(_ *testing.T, _ *emulator.Server, c *bot.Config) { c.DatabaseURL = "mysql://x" }, []string{"DATABASE_URL", "postgres://"}},
		"missing scope": {func(_ *testing.T, s *emulator.Server, _ *bot.Config) {
			s.InjectFault(emulator.Fault{Method: "apps.connections.open", Error: "missing_scope", Times: -1})
		}, []string{"missing_scope", "slack-manifest.yaml"}},
		"Socket Mode off": {func(_ *testing.T, s *emulator.Server, _ *bot.Config) {
			s.InjectFault(emulator.Fault{Method: "apps.connections.open", Error: "link_disabled", Times: -1})
		}, []string{"Socket Mode was switched off"}},
		"token rotated": {func(_ *testing.T, s *emulator.Server, _ *bot.Config) {
			s.InjectFault(emulator.Fault{Method: "auth.test", Error: "token_expired", Times: -1})
		}, []string{"token_expired", "rotation"}},
		"busy port": {func(t *testing.T, _ *emulator.Server, c *bot.Config) {
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = l.Close() })
			c.Listen = l.Addr().String()
		}, []string{"cannot listen", "another with --listen"}},
		"data folder is a file": {func(_ *testing.T, _ *emulator.Server, c *bot.Config) { c.DataDir = "doc.go" }, []string{"LLMADVISE_DATA_DIR"}},
	} {
		t.Run(name, func(t *testing.T) {
			s, cfg := good(t)
			c.spoil(t, s, &cfg)
			err := runFailing(t, cfg)
			for _, part := range c.want {
				if err == nil || !strings.Contains(err.Error(), part) {
					t.Errorf("the bot ended with %q, want it to say %q", fmt.Sprint(err), part)
				}
			}
			if err != nil && (strings.Contains(err.Error(), s.BotToken()) || strings.Contains(err.Error(), s.AppToken())) {
				t.Errorf("a token is in the error: %v", err)
			}
		})
	}
}

func TestSecondBotOnTheSameFolderIsRefused(t *testing.T) {
	r := startRig(t, emulator.Options{})
	err := runFailing(t, r.config())
	if err == nil || !strings.Contains(err.Error(), "another llmadvise is running") {
		t.Errorf("the second bot ended with %v", err)
	}
}

func TestNoNetworkIsSaidAndWaitedFor(t *testing.T) {
	logs := &syncBuffer{}
	b, err := bot.New(slog.New(slog.NewTextHandler(logs, nil)), bot.Config{AppToken: "xapp-1", BotToken: "xoxb-1", APIURL: "http://127.0.0.1:1/api/", DataDir: t.TempDir()},
		bot.Deps{Advisor: toyAdvisor{}, Knowledge: &toyKnowledge{}})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	ended := make(chan error, 1)
	go func() { ended <- b.Run(ctx) }()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	said := func() bool {
		return strings.Contains(logs.String(), "cannot reach Slack") && strings.Contains(logs.String(), "llmadvise doctor")
	}
	for !said() {
		select {
		case <-tick.C:
		case err := <-ended:
			t.Fatalf("the bot gave up (%v) or said nothing of the network:\n%s", err, logs)
		}
	}
	cancel()
	if err := <-ended; err != nil {
		t.Errorf("asked to stop, it ended with %v", err)
	}
}

func TestTwoSocketsCoverARefresh(t *testing.T) {
	s := emulator.New(emulator.Options{Limits: emulator.Limits{Off: true}})
	if err := s.Start(t.Context(), "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	r := &rig{Server: s, t: t, knowledge: &toyKnowledge{}, logs: &syncBuffer{}, dir: t.TempDir(), sockets: 2}
	t.Cleanup(func() {
		if err := r.stop(); err != nil {
			t.Error(err)
		}
		_ = s.Close()
	})
	r.startBot()
	for i := range 5 {
		if err := s.WaitConnections(r.soon(), 2); err != nil {
			t.Fatal(err)
		}
		if !s.Disconnect("refresh_requested") {
			t.Fatal("no socket to refresh")
		}
		r.command(general, fmt.Sprintf("%dk queries", i+1))
		r.fromBot(general, fmt.Sprintf("about $%d a month", i+1))
	}
}

func TestUnacknowledgedEventsAreAnsweredOnceWhenTheyComeAgain(t *testing.T) {
	r := startRig(t, emulator.Options{})
	p := r.say(general, "<@"+botUser+"> 300k queries", "")
	r.fromBot(general, "about $300 a month")
	for attempt := 1; attempt <= 3; attempt++ {
		for _, d := range p.Deliveries {
			for _, again := range []*emulator.Delivery{r.Resend(d), r.Redeliver(d, attempt)} {
				if err := again.Wait(r.soon()); err != nil {
					t.Fatal("a redelivery was not acknowledged:", err)
				}
			}
		}
	}
	r.command(general, "1k queries") // a fence
	r.fromBot(general, "about $1 a month")
	if got := len(r.botMessages(general)); got != 2 {
		t.Errorf("%d messages, want 2", got)
	}
}

func TestHealthAndMetrics(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	_ = l.Close()
	s := emulator.New(emulator.Options{})
	if err := s.Start(t.Context(), "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	r := &rig{Server: s, t: t, knowledge: &toyKnowledge{}, logs: &syncBuffer{}, dir: t.TempDir(), listen: address}
	t.Cleanup(func() {
		if err := r.stop(); err != nil {
			t.Error(err)
		}
		_ = s.Close()
	})
	r.startBot()
	r.command(general, "300k queries")
	r.fromBot(general, "about $300 a month")
	get := func(path string) (int, string) {
		t.Helper()
		client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
		resp, err := client.Get("http://" + address + path)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		body, _ := io.ReadAll(resp.Body)
		return resp.StatusCode, string(body)
	}
	if code, body := get("/healthz"); code != 200 || body != "ok\n" {
		t.Errorf("/healthz: %d %s", code, body)
	}
	code, body := get("/readyz")
	var ready struct{ Ready bool }
	if err := json.Unmarshal([]byte(body), &ready); err != nil || code != 200 || !ready.Ready {
		t.Errorf("/readyz: %d %s", code, body)
	}
	r.eventually(func() bool {
		_, body := get("/metrics")
		return strings.Contains(body, `llmadvise_envelopes_total{outcome="stored",type="slash_commands"} 1`) &&
			strings.Contains(body, `llmadvise_answer_seconds_count{task="command"} 1`) && strings.Contains(body, "llmadvise_sockets 1")
	})
}

func TestSecretsPrintAsRedacted(t *testing.T) {
	cfg := bot.Config{AppToken: "xapp-secret", BotToken: "xoxb-secret"}
	raw, err := json.Marshal(cfg)
	if err != nil {
		t.Fatal(err)
	}
	var logs syncBuffer
	slog.New(slog.NewJSONHandler(&logs, nil)).Info("config", "cfg", cfg, "token", cfg.BotToken)
	for _, s := range []string{string(raw), fmt.Sprintf("%v %+v %#v %s", cfg, cfg, cfg, cfg.BotToken), logs.String()} {
		if strings.Contains(s, "-secret") {
			t.Errorf("a token shows in %s", s)
		}
	}
}
