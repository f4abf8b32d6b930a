package emulator_test

import (
	"context"
	"encoding/json"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"
	"go.uber.org/goleak"

	"github.com/llmadvise/llmadvise/bot/emulator"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// ids of the default workspace
const (
	general = "C0GENERAL1"
	private = "G0COMPLY01"
	random  = "C0RANDOM01"
	ada     = "U0ADA00001"
	grace   = "U0GRACE002"
	botUser = "U0LLMADV01"
)

// start runs a local Slack until the test ends.
func start(t *testing.T, opts emulator.Options) *emulator.Server {
	t.Helper()
	s := emulator.New(opts)
	if err := s.Start(t.Context(), "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// api returns slack-go's client of s.
func api(s *emulator.Server) *slack.Client {
	return slack.New(s.BotToken(), slack.OptionAPIURL(s.APIURL()), slack.OptionAppLevelToken(s.AppToken()))
}

// app is a small Slack app on slack-go's socketmode.Client.
type app struct {
	*slack.Client
	sm *socketmode.Client
}

// connect starts an app and returns once its socket is open. handle runs for every request and must acknowledge it.
func connect(t *testing.T, s *emulator.Server, handle func(*app, socketmode.Event)) *app {
	t.Helper()
	a := &app{Client: api(s)}
	a.sm = socketmode.New(a.Client)
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	wg.Go(func() { _ = a.sm.RunContext(ctx) })
	wg.Go(func() {
		for {
			select {
			case ev := <-a.sm.Events:
				if ev.Request != nil {
					handle(a, ev)
				}
			case <-ctx.Done():
				return
			}
		}
	})
	t.Cleanup(func() {
		cancel()
		wg.Wait()
		_ = s.Close() // slack-go leaves its reader to the other side
	})
	if err := s.WaitConnections(soon(t), 1); err != nil {
		t.Fatal("the app did not connect:", err)
	}
	return a
}

func soon(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	t.Cleanup(cancel)
	return ctx
}

func ack(a *app, ev socketmode.Event) { _ = a.sm.Ack(*ev.Request) }

func text(s string) *slack.TextBlockObject {
	return slack.NewTextBlockObject("mrkdwn", s, false, false)
}

func decode[T any](t *testing.T, raw json.RawMessage) T {
	t.Helper()
	var v T
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatalf("decode %s: %v", raw, err)
	}
	return v
}

func dialOnce(ctx context.Context, url string) (*websocket.Conn, error) {
	conn, resp, err := websocket.Dial(ctx, url, nil)
	if resp != nil && resp.Body != nil {
		_ = resp.Body.Close()
	}
	return conn, err
}

// textAndBlocks are message options from JSON as an app would send it, without slack-go's types in between.
func textAndBlocks(t *testing.T, text, blocks string) []slack.MsgOption {
	t.Helper()
	var b slack.Blocks
	if err := json.Unmarshal([]byte(blocks), &b); err != nil {
		t.Fatal(err)
	}
	return []slack.MsgOption{slack.MsgOptionText(text, false), slack.MsgOptionBlocks(b.BlockSet...)}
}
