package emulator_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"
	"github.com/slack-go/slack/socketmode"

	"github.com/llmadvise/llmadvise/bot/emulator"
)

func TestSlashCommandAnsweredThroughResponseURL(t *testing.T) {
	s := start(t, emulator.Options{})
	connect(t, s, func(a *app, ev socketmode.Event) {
		ack(a, ev)
		cmd, ok := ev.Data.(slack.SlashCommand)
		if !ok {
			return
		}
		_, _, _ = a.PostMessage("", slack.MsgOptionResponseURL(cmd.ResponseURL, slack.ResponseTypeEphemeral), slack.MsgOptionText("you typed "+cmd.Text, false))
	})
	d, err := s.SlashCommand(general, ada, "/llm-advise", "300k queries, HIPAA")
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Wait(soon(t)); err != nil {
		t.Fatal(err)
	}
	m, err := s.WaitMessage(soon(t), general, func(m emulator.Message) bool { return m.Ephemeral() })
	if err != nil {
		t.Fatal(err)
	}
	if m.Text != "you typed 300k queries, HIPAA" || m.EphemeralTo != ada {
		t.Errorf("got %q to %s", m.Text, m.EphemeralTo)
	}
}

func TestMentionComesTwiceWithOneTimestamp(t *testing.T) {
	s := start(t, emulator.Options{})
	connect(t, s, ack)
	p, err := s.Post(general, ada, "<@"+botUser+"> hello", "")
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Deliveries) != 2 {
		t.Fatalf("got %d deliveries, want app_mention and message", len(p.Deliveries))
	}
	ids := map[string]bool{}
	for i, want := range []string{"app_mention", "message"} {
		if err := p.Deliveries[i].Wait(soon(t)); err != nil {
			t.Fatal(err)
		}
		env := p.Deliveries[i].Envelope()
		ev := decode[struct{ Event struct{ Type, TS string } }](t, env.Payload)
		if ev.Event.Type != want || ev.Event.TS != p.TS {
			t.Errorf("event %d: %s at %s, want %s at %s", i, ev.Event.Type, ev.Event.TS, want, p.TS)
		}
		if _, err := slackevents.ParseEvent(env.Payload, slackevents.OptionNoVerifyToken()); err != nil {
			t.Errorf("slack-go can't read the %s event: %v", want, err)
		}
		ids[env.EventID] = true
	}
	if len(ids) != 2 {
		t.Error("the two events share an event_id")
	}
}

func TestEventIsRedeliveredAtOnceAfterAMinuteAndAfterFive(t *testing.T) {
	clock := emulator.NewManualClock(time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC))
	s := start(t, emulator.Options{Clock: clock})
	connect(t, s, func(*app, socketmode.Event) {}) // never acknowledges
	if _, err := s.Post(general, ada, "anyone?", ""); err != nil {
		t.Fatal(err)
	}
	attempts := func() (n int) { return len(s.Envelopes()) }
	for i, step := range []time.Duration{3 * time.Second, 3*time.Second + time.Minute, 3*time.Second + 5*time.Minute, time.Hour} {
		clock.Advance(step)
		if want := min(i+2, 4); attempts() != want {
			t.Errorf("after step %d: %d deliveries, want %d", i, attempts(), want)
		}
	}
	first := s.Envelopes()[0]
	for i, env := range s.Envelopes() {
		if env.RetryAttempt != i || env.EventID != first.EventID {
			t.Errorf("delivery %d: attempt %d of %s, want %d of %s", i, env.RetryAttempt, env.EventID, i, first.EventID)
		}
		if i > 0 && (env.ID == first.ID || env.RetryReason != "timeout") {
			t.Errorf("delivery %d: envelope %s, reason %q", i, env.ID, env.RetryReason)
		}
	}
}

func TestUnansweredSlashCommandTellsItsUser(t *testing.T) {
	clock := emulator.NewManualClock(time.Now())
	s := start(t, emulator.Options{Clock: clock})
	d, err := s.SlashCommand(general, ada, "/llm-advise", "hi")
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Wait(soon(t)); !errors.Is(err, emulator.ErrDispatch) {
		t.Errorf("without a socket: %v, want %v", err, emulator.ErrDispatch)
	}
	connect(t, s, func(*app, socketmode.Event) {})
	d, _ = s.SlashCommand(general, ada, "/llm-advise", "hi")
	clock.Advance(3 * time.Second)
	if err := d.Wait(soon(t)); !errors.Is(err, emulator.ErrTimeout) {
		t.Errorf("without an acknowledgement: %v, want %v", err, emulator.ErrTimeout)
	}
	clock.Advance(time.Hour)
	if n := len(s.Envelopes()); n != 2 {
		t.Errorf("%d envelopes: a command must not come again", n)
	}
	var told []string
	for _, m := range s.Messages(general) {
		told = append(told, m.Text)
	}
	for _, want := range []string{"dispatch_failed", "operation_timeout"} {
		if !strings.Contains(strings.Join(told, "\n"), want) {
			t.Errorf("the user was not told of %s: %q", want, told)
		}
	}
}

func TestAckPayloads(t *testing.T) {
	tests := []struct {
		name    string
		payload any
		want    string // message shown, "" for none
		public  bool
	}{
		{name: "text", payload: map[string]any{"text": "done"}, want: "done"},
		{name: "in channel", payload: map[string]any{"text": "done", "response_type": "in_channel"}, want: "done", public: true},
		{name: "bad blocks", payload: map[string]any{"blocks": []any{map[string]any{"type": "nonsense"}}}, want: "invalid_command_response"},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			s := start(t, emulator.Options{})
			connect(t, s, func(a *app, ev socketmode.Event) { _ = a.sm.Ack(*ev.Request, tc.payload) })
			d, _ := s.SlashCommand(general, ada, "/llm-advise", "x")
			if err := d.Wait(soon(t)); err != nil {
				t.Fatal(err)
			}
			got := s.Messages(general)
			if len(got) != 1 || !strings.Contains(got[0].Text, tc.want) || got[0].Ephemeral() == tc.public {
				t.Errorf("got %+v", got)
			}
		})
	}
}

func TestEleventhSocketIsRefused(t *testing.T) {
	s := start(t, emulator.Options{})
	for range 10 {
		connect(t, s, ack)
	}
	if err := s.WaitConnections(soon(t), 10); err != nil {
		t.Fatal(err)
	}
	connect(t, s, ack)
	err := s.WaitFor(soon(t), func() bool {
		for _, e := range s.Traffic() {
			if e.Kind == "socket" && e.Note == "too_many_websockets" {
				return true
			}
		}
		return false
	})
	if err != nil {
		t.Fatal(err)
	}
	if n := s.ConnectionCount(); n != 10 {
		t.Errorf("%d sockets are open, want 10", n)
	}
}

func TestRefreshReconnectsAndTicketsAreSingleUse(t *testing.T) {
	s := start(t, emulator.Options{})
	a := connect(t, s, ack)
	if !s.Disconnect("refresh_requested") {
		t.Fatal("no socket to disconnect")
	}
	err := s.WaitFor(soon(t), func() bool {
		n := 0
		for _, e := range s.Traffic() {
			if e.Kind == "socket" && e.Name == "hello" {
				n++
			}
		}
		return n == 2
	})
	if err != nil {
		t.Fatal("slack-go did not come back:", err)
	}
	_, url, err := a.StartSocketModeContext(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	dial := func() error {
		conn, err := dialOnce(t.Context(), url)
		if err == nil {
			_ = conn.CloseNow()
		}
		return err
	}
	if err := dial(); err != nil {
		t.Fatal("first use:", err)
	}
	if dial() == nil {
		t.Error("the URL worked twice")
	}
}

func TestSocketFaults(t *testing.T) {
	tests := []struct {
		name  string
		fault emulator.SocketFault
		acked bool
	}{
		{"lost acknowledgement", emulator.LoseAck, false},
		{"dropped before sending", emulator.DropBeforeSend, false},
		{"dropped after the acknowledgement", emulator.DropAfterAck, true},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			clock := emulator.NewManualClock(time.Now())
			s := start(t, emulator.Options{Clock: clock})
			connect(t, s, ack)
			s.InjectSocketFault(tc.fault, 1)
			p, _ := s.Post(general, ada, "hello", "")
			if !tc.acked {
				err := s.WaitFor(soon(t), func() bool { return len(s.Traffic()) > 3 })
				if err != nil {
					t.Fatal(err)
				}
				clock.Advance(3 * time.Second)
			}
			if err := p.Deliveries[0].Wait(soon(t)); (err == nil) != tc.acked {
				t.Errorf("acknowledged: %v, want %v", err == nil, tc.acked)
			}
		})
	}
}

func TestOversizedAckIsDropped(t *testing.T) {
	clock := emulator.NewManualClock(time.Now())
	s := start(t, emulator.Options{Clock: clock})
	a := api(s)
	_, url, err := a.StartSocketModeContext(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	conn, err := dialOnce(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.CloseNow() }()
	if err := s.WaitConnections(soon(t), 1); err != nil {
		t.Fatal(err)
	}
	d, _ := s.SlashCommand(general, ada, "/llm-advise", "x")
	frame := `{"envelope_id":"` + d.Envelope().ID + `","payload":{"text":"` + strings.Repeat("x", 20<<10) + `"}}`
	if err := conn.Write(t.Context(), 1, []byte(frame)); err != nil {
		t.Fatal(err)
	}
	err = s.WaitFor(soon(t), func() bool {
		tr := s.Traffic()
		return strings.Contains(tr[len(tr)-1].Note, "20 KB")
	})
	if err != nil {
		t.Fatal("the log does not mention the drop:", err)
	}
	clock.Advance(3 * time.Second)
	if err := d.Wait(context.Background()); !errors.Is(err, emulator.ErrTimeout) {
		t.Errorf("got %v, want %v", err, emulator.ErrTimeout)
	}
}
