package emulator

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Envelope is one thing sent to the app over a socket, and what became of it.
type Envelope struct {
	ID           string          `json:"envelope_id"`
	Type         string          `json:"type"` // events_api, slash_commands or interactive
	Payload      json.RawMessage `json:"payload"`
	EventID      string          `json:"event_id,omitempty"`
	RetryAttempt int             `json:"retry_attempt"`
	RetryReason  string          `json:"retry_reason,omitempty"`
	Sent         bool            `json:"sent"` // false: no socket was open
	SentAt       time.Time       `json:"sent_at"`
	Acked        bool            `json:"acked"`
	AckAfter     time.Duration   `json:"ack_after"`
	AckPayload   json.RawMessage `json:"ack_payload,omitempty"`
	// ResponseURL and TriggerID are what the payload carries, if it does.
	ResponseURL string `json:"response_url,omitempty"`
	TriggerID   string `json:"trigger_id,omitempty"`
}

// The failures that a user sees when an app does not answer.
var (
	// ErrDispatch: no socket was open.
	ErrDispatch = errors.New("dispatch_failed")
	// ErrTimeout: no acknowledgement came in time.
	ErrTimeout = errors.New("operation_timeout")
)

// Delivery is an envelope on its way.
type Delivery struct {
	srv   *Server
	env   Envelope
	err   error
	over  bool
	done  chan struct{}
	stop  func()
	fault SocketFault
	onAck func(payload json.RawMessage) // with s.mu held
	onErr func(error)                   // with s.mu held
}

// Wait returns nil once the envelope is acknowledged and its acknowledgement's payload has taken effect, and otherwise
// [ErrDispatch], [ErrTimeout] or the context's error. A redelivery is a delivery of its own.
func (d *Delivery) Wait(ctx context.Context) error {
	select {
	case <-d.done:
		d.srv.mu.Lock()
		defer d.srv.mu.Unlock()
		return d.err
	case <-ctx.Done():
		return ctx.Err()
	case <-d.srv.done:
		return ErrClosed
	}
}

// Envelope returns the envelope as it stands.
func (d *Delivery) Envelope() Envelope {
	d.srv.mu.Lock()
	defer d.srv.mu.Unlock()
	return d.env
}

func (d *Delivery) stopTimer() {
	if d.stop != nil {
		d.stop()
	}
}

// finish ends the wait. The caller holds s.mu.
func (d *Delivery) finish(err error) {
	if d.over {
		return
	}
	d.over, d.err = true, err
	d.stopTimer()
	close(d.done)
	d.srv.changed()
}

// Envelopes returns everything that was sent to the app, redeliveries included, oldest first.
func (s *Server) Envelopes() []Envelope {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]Envelope, 0, len(s.order))
	for _, d := range s.order {
		out = append(out, d.env)
	}
	return out
}

// retryDelays are the waits before the three redeliveries of an event, each counted from the failure before it.
//
// Source: https://docs.slack.dev/apis/events-api, "Retries": nearly immediately, after 1 minute, after 5 minutes.
var retryDelays = []time.Duration{0, time.Minute, 5 * time.Minute}

// deliver sends a payload to the app. The caller holds s.mu.
func (s *Server) deliver(env Envelope, onAck func(json.RawMessage), onErr func(error)) *Delivery {
	if env.ID == "" {
		env.ID = newEnvelopeID()
	}
	env.SentAt = s.clock.Now()
	d := &Delivery{srv: s, env: env, done: make(chan struct{}), onAck: onAck, onErr: onErr}
	s.deliveries[env.ID] = d
	s.order = append(s.order, d)
	s.send(d)
	return d
}

// send puts a delivery on a socket. The caller holds s.mu.
func (s *Server) send(d *Delivery) {
	fault := s.takeSocketFault()
	c := s.pickSocket()
	if fault == DropBeforeSend && c != nil {
		s.drop(c, "dropped before sending")
		c = nil
	}
	d.fault = fault
	frame := d.frame()
	if c == nil {
		s.logTraffic(Exchange{Kind: "envelope", Name: d.name(), OK: false, Note: "no open socket", EnvelopeID: d.env.ID, Request: frame})
		s.failed(d, ErrDispatch)
		return
	}
	d.env.Sent = true
	s.logTraffic(Exchange{Kind: "envelope", Name: d.name(), OK: true, Note: d.retryNote(), EnvelopeID: d.env.ID, Request: frame})
	d.stop = s.clock.AfterFunc(s.opts.AckTimeout, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.failed(d, ErrTimeout)
	})
	c.enqueue(frame)
	if fault == DropBeforeAck {
		c.closeAfterQueue()
	}
}

// name says what the envelope carries: the event's type rather than "events_api".
func (d *Delivery) name() string {
	var p struct {
		Type, Command string
		Event         struct{ Type, Subtype string }
	}
	_ = json.Unmarshal(d.env.Payload, &p)
	switch {
	case p.Event.Subtype != "":
		return p.Event.Type + "/" + p.Event.Subtype
	case p.Event.Type != "":
		return p.Event.Type
	case p.Command != "":
		return p.Command
	}
	return p.Type
}

func (d *Delivery) retryNote() string {
	if d.env.RetryAttempt == 0 {
		return ""
	}
	return fmt.Sprintf("retry %d", d.env.RetryAttempt)
}

func (d *Delivery) frame() json.RawMessage {
	f := obj{
		"envelope_id": d.env.ID, "type": d.env.Type, "payload": d.env.Payload,
		"accepts_response_payload": d.env.Type != "events_api",
	}
	if d.env.Type == "events_api" {
		f["retry_attempt"], f["retry_reason"] = d.env.RetryAttempt, d.env.RetryReason
	}
	return mustJSON(f)
}

// failed ends a delivery that nobody acknowledged: an event comes again, anything else tells its user. The caller
// holds s.mu.
func (s *Server) failed(d *Delivery, err error) {
	if d.over {
		return
	}
	d.finish(err)
	if d.onErr != nil {
		d.onErr(err)
	}
	if d.env.Type != "events_api" || d.env.RetryAttempt >= len(retryDelays) {
		return
	}
	again := d.env
	again.ID, again.RetryAttempt, again.RetryReason = "", d.env.RetryAttempt+1, "timeout"
	again.Sent, again.Acked = false, false
	wait := retryDelays[d.env.RetryAttempt]
	if wait == 0 && err == nil {
		return
	}
	d.stop = s.clock.AfterFunc(wait, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if !s.closed() {
			s.deliver(again, nil, nil)
		}
	})
}

func (s *Server) closed() bool {
	select {
	case <-s.done:
		return true
	default:
		return false
	}
}

// maxAck is the size from which on Slack drops an acknowledgement silently (observed; slack-go refuses to send it).
const maxAck = 20 << 10

// acknowledge takes a frame that the app sent. The caller holds s.mu.
func (s *Server) acknowledge(c *socket, frame []byte) {
	var a struct {
		EnvelopeID string          `json:"envelope_id"`
		Payload    json.RawMessage `json:"payload"`
	}
	if json.Unmarshal(frame, &a) != nil || a.EnvelopeID == "" {
		s.logTraffic(Exchange{Kind: "ack", Name: "not an acknowledgement", Request: loggableFrame(frame)})
		return
	}
	d := s.deliveries[a.EnvelopeID]
	note := ""
	switch {
	case d == nil:
		note = "unknown envelope"
	case len(frame) >= maxAck:
		note = "20 KB or more: dropped silently"
	case d.fault == LoseAck:
		note = "lost (injected)"
	case d.over:
		note = "too late or repeated"
	}
	ex := Exchange{Kind: "ack", OK: note == "", Note: note, EnvelopeID: a.EnvelopeID, Request: loggableFrame(frame)}
	if d != nil {
		ex.Name = d.name()
		ex.Millis = float64(s.clock.Now().Sub(d.env.SentAt).Microseconds()) / 1000
	}
	s.logTraffic(ex)
	if note != "" {
		return
	}
	d.env.Acked, d.env.AckAfter, d.env.AckPayload = true, s.clock.Now().Sub(d.env.SentAt), a.Payload
	if d.onAck != nil {
		d.onAck(a.Payload)
	}
	d.finish(nil)
	if d.fault == DropAfterAck {
		s.drop(c, "dropped after the acknowledgement")
	}
}

func loggableFrame(b []byte) json.RawMessage {
	if json.Valid(b) {
		return b
	}
	return mustJSON(string(b))
}

// Resend sends the very same frame once more: same envelope_id, retry_attempt 0, as was seen of Slack.
func (s *Server) Resend(d *Delivery) *Delivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	env := d.env
	env.Acked, env.Sent, env.AckPayload = false, false, nil
	return s.deliver(env, d.onAck, nil)
}

// Redeliver sends an event again as Slack's retry number attempt: same event_id, new envelope_id.
func (s *Server) Redeliver(d *Delivery, attempt int) *Delivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	env := d.env
	env.ID, env.RetryAttempt, env.RetryReason = "", attempt, "timeout"
	env.Acked, env.Sent, env.AckPayload = false, false, nil
	return s.deliver(env, d.onAck, nil)
}

// event delivers an Events API event if the app subscribed to it; otherwise it returns nil. The caller holds s.mu.
func (s *Server) event(subscription string, ev obj) *Delivery {
	if !slices.Contains(s.app.Events, subscription) {
		return nil
	}
	id := "Ev" + newID("")
	var enterprise any
	if s.team.EnterpriseID != "" {
		enterprise = s.team.EnterpriseID
	}
	ch, _ := ev["channel"].(string)
	c := s.channels[ch]
	payload := obj{
		"token": "local-verification-token", "team_id": s.team.ID, "context_team_id": s.team.ID, "context_enterprise_id": enterprise,
		"api_app_id": s.app.ID, "event": ev, "type": "event_callback", "event_id": id, "event_time": s.clock.Now().Unix(),
		"authorizations": []obj{{
			"enterprise_id": enterprise, "team_id": s.team.ID, "user_id": s.app.BotUserID, "is_bot": true, "is_enterprise_install": false,
		}},
		"is_ext_shared_channel": c != nil && c.ExtShared, "event_context": "4-" + randomHex(12),
	}
	return s.deliver(Envelope{Type: "events_api", EventID: id, Payload: mustJSON(payload)}, nil, nil)
}
