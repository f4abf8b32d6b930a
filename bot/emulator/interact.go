package emulator

import (
	"encoding/json"
	"net/http"
	"strings"
	"time"
)

// trigger is a trigger_id: one use, 3 s.
type trigger struct {
	user   string
	issued time.Time
	used   bool
	viewID string // the view that the interaction came from
}

// triggerLife is how long a trigger_id may be exchanged.
//
// Source: https://docs.slack.dev/interactivity/handling-user-interaction, "Using a trigger_id".
const triggerLife = 3 * time.Second

// newTrigger issues a trigger_id. The caller holds s.mu.
func (s *Server) newTrigger(user, view string) string {
	id := "1" + digits(11) + "." + digits(11) + "." + randomHex(16)
	s.triggers[id] = &trigger{user: user, issued: s.clock.Now(), viewID: view}
	return id
}

// digits returns n random decimal digits.
func digits(n int) string {
	h := []byte(randomHex(n))[:n]
	for i, c := range h {
		h[i] = '0' + c%10
	}
	return string(h)
}

// exchange uses up a trigger_id. The caller holds s.mu.
func (s *Server) exchange(id string) (*trigger, *apiError) {
	t := s.triggers[id]
	switch {
	case id == "":
		return nil, invalidArguments("missing required field: trigger_id")
	case t == nil:
		return nil, fail("invalid_trigger_id")
	case t.used:
		return nil, fail("exchanged_trigger_id")
	case s.clock.Now().Sub(t.issued) >= triggerLife:
		return nil, fail("expired_trigger_id")
	}
	t.used = true
	return t, nil
}

// responseURL is where an app may answer a command or an interaction without a token.
type responseURL struct {
	id, user, channel, threadTS string
	command                     string
	issued                      time.Time
	posts                       int
	// original is the message that replace_original and delete_original mean: the one whose button was clicked, or the
	// first ephemeral one that a slash command's answer made.
	original string
}

// What one response URL allows.
//
// Source: https://docs.slack.dev/interactivity/handling-user-interaction, "Message responses".
const (
	responseURLPosts = 5
	responseURLLife  = 30 * time.Minute
)

// newResponseURL issues a response_url. The caller holds s.mu.
func (s *Server) newResponseURL(r responseURL) *responseURL {
	r.id, r.issued = randomHex(12), s.clock.Now()
	s.responseURLs[r.id] = &r
	return &r
}

func (s *Server) responseAddress(r *responseURL) string { return s.URL() + "response/" + r.id }

// serveResponseURL takes a post to a response_url.
func (s *Server) serveResponseURL(w http.ResponseWriter, r *http.Request) {
	start := s.clock.Now()
	body, err := readBody(w, r)
	if err != nil {
		return
	}
	s.mu.Lock()
	fault := s.takeFault("response_url")
	s.mu.Unlock()
	if fault != nil && !s.suffer(w, r, fault, func() { s.respond(r.PathValue("id"), body) }) {
		s.mu.Lock()
		s.logTraffic(Exchange{Kind: "response_url", Name: "response_url", Note: "fault injected", Request: loggableFrame(body)})
		s.mu.Unlock()
		return
	}
	status, reply := s.respond(r.PathValue("id"), body)
	s.mu.Lock()
	s.logTraffic(Exchange{
		Kind: "response_url", Name: "response_url", OK: status == http.StatusOK, Note: replyError(reply),
		Millis: millis(s.clock.Now().Sub(start)), Request: loggableFrame(body), Response: loggableFrame([]byte(reply)),
	})
	s.mu.Unlock()
	if reply != "ok" {
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
	}
	w.WriteHeader(status)
	_, _ = w.Write([]byte(reply))
}

func replyError(reply string) string {
	var e struct{ Error string }
	_ = json.Unmarshal([]byte(reply), &e)
	return e.Error
}

// respond does what a post to a response_url asks for.
func (s *Server) respond(id string, body []byte) (status int, reply string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	bad := func(status int, code string) (int, string) {
		return status, string(mustJSON(obj{"ok": false, "error": code}))
	}
	u := s.responseURLs[id]
	if u == nil {
		return bad(http.StatusNotFound, "no_such_url")
	}
	if s.clock.Now().Sub(u.issued) >= responseURLLife {
		return bad(http.StatusNotFound, "expired_url")
	}
	if u.posts >= responseURLPosts {
		return bad(http.StatusNotFound, "used_url")
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(body, &fields); err != nil {
		return bad(http.StatusBadRequest, "invalid_payload")
	}
	if e := s.applyResponse(u, fields); e != nil {
		return bad(http.StatusOK, e.code)
	}
	u.posts++
	return http.StatusOK, "ok"
}

// applyResponse posts, replaces or deletes as the fields of a response say. The caller holds s.mu.
func (s *Server) applyResponse(u *responseURL, fields map[string]json.RawMessage) *apiError {
	args := flatten(fields)
	c := s.channels[u.channel]
	if c == nil {
		return fail("channel_not_found")
	}
	original := c.find(u.original)
	if isTrue(args["delete_original"]) {
		if original != nil {
			s.deleteMessage(c, original)
		}
		return nil
	}
	text := args["text"]
	if text == "" && args["blocks"] == "" && args["attachments"] == "" {
		return fail("no_text")
	}
	got, e := parseContent(args, 40000)
	if e != nil {
		return e
	}
	if isTrue(args["replace_original"]) && original != nil {
		s.replaceContent(c, original, got)
		return nil
	}
	m := &Message{User: s.app.BotUserID, BotID: s.app.BotID, AppID: s.app.ID, Command: u.command, responseURL: u.id}
	got.into(m)
	m.ThreadTS = u.threadTS
	if ts := args["thread_ts"]; ts != "" {
		m.ThreadTS = ts
	}
	if args["response_type"] != "in_channel" {
		m.EphemeralTo = u.user
	}
	s.add(c, m)
	if m.Ephemeral() && u.original == "" {
		u.original = m.TS
	}
	if !m.Ephemeral() {
		s.messageEvent(c, m)
	}
	return nil
}

// tell shows a user what Slack itself has to say, such as a command that failed. The caller holds s.mu.
func (s *Server) tell(channel, user, threadTS, text string) {
	c := s.channels[channel]
	if c == nil {
		return
	}
	s.add(c, &Message{Username: "Slackbot", Text: text, EphemeralTo: user, ThreadTS: threadTS, Error: true})
}

// basics are the fields that all interaction payloads share. The caller holds s.mu.
func (s *Server) basics(kind, user string) obj {
	u := s.users[user]
	name := ""
	if u != nil {
		name = u.Name
	}
	var enterprise any
	if s.team.EnterpriseID != "" {
		enterprise = obj{"id": s.team.EnterpriseID, "name": s.team.Name}
	}
	return obj{
		"type": kind, "token": "local-verification-token", "api_app_id": s.app.ID, "enterprise": enterprise, "is_enterprise_install": false,
		"team": obj{"id": s.team.ID, "domain": s.team.Domain},
		"user": obj{"id": user, "username": name, "name": name, "team_id": s.team.ID},
	}
}

// channelName is the name that payloads give a channel.
func channelName(c *channelState) string {
	switch c.Kind {
	case "im":
		return "directmessage"
	case "group":
		return "privategroup"
	}
	return c.Name
}

// flatten turns JSON fields into the strings that form bodies have: strings as they are, all else as JSON.
func flatten(fields map[string]json.RawMessage) map[string]string {
	out := make(map[string]string, len(fields))
	for k, v := range fields {
		var str string
		switch {
		case string(v) == "null":
		case json.Unmarshal(v, &str) == nil:
			out[k] = str
		default:
			out[k] = string(v)
		}
	}
	return out
}

func isTrue(v string) bool { return v == "1" || strings.EqualFold(v, "true") }

func millis(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
