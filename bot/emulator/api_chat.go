package emulator

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// content is what a message says.
type content struct {
	text      string
	blocks    json.RawMessage
	attach    json.RawMessage
	metadata  json.RawMessage
	hasText   bool
	hasBlocks bool
	truncated bool
}

// Limits of a message's text, in characters. chat.postMessage cuts what is longer than maxPostText; the others refuse
// what is longer than maxEditText.
//
// Source: https://docs.slack.dev/reference/methods/chat.postMessage, chat.update, chat.postEphemeral.
const (
	maxPostText = 40000
	maxEditText = 4000
	maxMarkdown = 12000
)

// parseContent checks what a posting method was given. A limit of maxPostText cuts, a lower one refuses.
func parseContent(args map[string]string, limit int) (content, *apiError) {
	var got content
	got.text, got.hasText = args["text"], args["text"] != ""
	if md := args["markdown_text"]; md != "" {
		if got.hasText || args["blocks"] != "" {
			return got, fail("markdown_text_conflict")
		}
		if utf8.RuneCountInString(md) > maxMarkdown {
			return got, fail("msg_too_long")
		}
		args["blocks"] = string(mustJSON([]obj{{"type": "markdown", "text": md}}))
		got.text, got.hasText = md, true
	}
	if utf8.RuneCountInString(got.text) > limit {
		if limit < maxPostText {
			return got, fail("msg_too_long")
		}
		got.text, got.truncated = string([]rune(got.text)[:limit]), true
	}
	if b, given := args["blocks"]; given && b != "" {
		if err := ValidateMessage(json.RawMessage(b), SurfaceMessage); err != nil {
			return got, blockFailure(err)
		}
		got.blocks, got.hasBlocks = withIDs(json.RawMessage(b)), true
	}
	if e := got.parseAttachments(args["attachments"]); e != nil {
		return got, e
	}
	return got, got.parseMetadata(args["metadata"])
}

func (got *content) parseAttachments(raw string) *apiError {
	if raw == "" || raw == "null" || raw == "[]" {
		return nil
	}
	var list []struct{ Blocks json.RawMessage }
	if json.Unmarshal([]byte(raw), &list) != nil {
		return fail("invalid_attachments")
	}
	if len(list) > 100 {
		return fail("too_many_attachments")
	}
	for _, a := range list {
		if len(a.Blocks) > 0 {
			if err := ValidateMessage(a.Blocks, SurfaceMessage); err != nil {
				e := blockFailure(err)
				e.code = "invalid_attachments"
				return e
			}
		}
	}
	got.attach = json.RawMessage(raw)
	return nil
}

// maxMetadata is the size of a message's metadata in bytes (assumed: Slack publishes none that we found).
const maxMetadata = 16 << 10

func (got *content) parseMetadata(raw string) *apiError {
	if raw == "" || raw == "null" {
		return nil
	}
	if len(raw) > maxMetadata {
		return fail("metadata_too_large")
	}
	var m struct {
		EventType    string         `json:"event_type"`
		EventPayload map[string]any `json:"event_payload"`
	}
	if json.Unmarshal([]byte(raw), &m) != nil {
		return fail("invalid_metadata_format")
	}
	if m.EventType == "" && m.EventPayload == nil { // clients send an empty object for "none"
		return nil
	}
	if m.EventType == "" {
		return fail("invalid_metadata_format")
	}
	got.metadata = json.RawMessage(raw)
	return nil
}

func (got content) empty() bool {
	return got.text == "" && len(got.blocks) == 0 && len(got.attach) == 0
}

func (got content) into(m *Message) {
	m.Text, m.Blocks, m.Attach, m.Metadata = got.text, got.blocks, got.attach, got.metadata
}

// replaceContent changes an app's message in place. Text without blocks removes the blocks, as Slack does.
func (s *Server) replaceContent(c *channelState, m *Message, got content) {
	before := s.messageJSON(m)
	m.Text, m.Blocks = got.text, got.blocks
	m.Attach = got.attach
	if got.metadata != nil {
		m.Metadata = got.metadata
	}
	m.Edited = s.nextTS()
	s.show(m)
	if !m.Ephemeral() {
		s.hiddenEvent(c, "message_changed", obj{"message": s.messageJSON(m), "previous_message": before})
	}
}

// target finds the conversation that a posting method names: an id, a name, or a user for a direct message.
func (s *Server) target(name string) (*channelState, *apiError) {
	if name == "" {
		return nil, invalidArguments("missing required field: channel")
	}
	if c := s.channels[name]; c != nil {
		return c, nil
	}
	if u := s.users[name]; u != nil && !u.IsBot {
		return s.dm(name), nil
	}
	for _, c := range s.channels {
		if c.Name != "" && c.Name == strings.TrimPrefix(name, "#") {
			return c, nil
		}
	}
	return nil, fail("channel_not_found")
}

// mayPost says whether the app may write to a conversation.
func (s *Server) mayPost(c *channelState) *apiError {
	switch {
	case c.Archived:
		return fail("is_archived")
	case s.botSees(c):
		return nil
	case c.Kind != "channel":
		return fail("channel_not_found") // what the app can't see doesn't exist for it
	case s.app.Scopes == nil || slices.Contains(s.app.Scopes, "chat:write.public"):
		return nil
	}
	return fail("not_in_channel")
}

// threadOf returns the thread that thread_ts means: its parent's, or none if the parent is gone, in which case
// Slack posts to the channel without an error.
func threadOf(c *channelState, ts string) string {
	if ts == "" {
		return ""
	}
	p := c.find(ts)
	if p == nil || p.Subtype == "tombstone" || p.Ephemeral() {
		return ""
	}
	if p.ThreadTS != "" {
		return p.ThreadTS
	}
	return p.TS
}

func (s *Server) fromApp() *Message {
	return &Message{User: s.app.BotUserID, BotID: s.app.BotID, AppID: s.app.ID}
}

// messageJSON is a message as responses and events carry it. The caller holds s.mu.
func (s *Server) messageJSON(m *Message) obj {
	out := obj{"type": "message", "ts": m.TS, "text": m.Text, "team": s.team.ID}
	set := func(k, v string) {
		if v != "" {
			out[k] = v
		}
	}
	set("user", m.User)
	set("bot_id", m.BotID)
	set("app_id", m.AppID)
	set("subtype", m.Subtype)
	set("username", m.Username)
	set("thread_ts", m.ThreadTS)
	if m.BotID != "" {
		out["bot_profile"] = s.botProfile()
	} else if m.User != "" {
		out["client_msg_id"] = "client-" + m.TS
	}
	for k, v := range map[string]json.RawMessage{"blocks": m.Blocks, "attachments": m.Attach, "metadata": m.Metadata} {
		if len(v) > 0 {
			out[k] = v
		}
	}
	if m.Edited != "" {
		out["edited"] = obj{"user": m.User, "ts": m.Edited}
	}
	if m.Streaming {
		out["streaming_state"] = "in_progress"
	} else if m.stream != nil {
		out["streaming_state"] = "completed"
	}
	if m.ThreadTS != "" && m.ThreadTS != m.TS {
		if p := s.channels[m.Channel].find(m.ThreadTS); p != nil {
			out["parent_user_id"] = p.User
		}
	}
	s.threadFields(m, out)
	if len(m.Reactions) > 0 {
		var rs []obj
		for _, r := range m.Reactions {
			rs = append(rs, obj{"name": r.Name, "users": r.Users, "count": len(r.Users)})
		}
		out["reactions"] = rs
	}
	if len(m.Files) > 0 {
		var fs []obj
		for _, id := range m.Files {
			if f := s.files[id]; f != nil {
				fs = append(fs, s.fileJSON(f, ""))
			}
		}
		out["files"], out["upload"] = fs, false
	}
	return out
}

// threadFields adds what a thread's parent tells of its replies.
func (s *Server) threadFields(m *Message, out obj) {
	if m.ThreadTS != "" && m.ThreadTS != m.TS {
		return
	}
	c := s.channels[m.Channel]
	if c == nil {
		return
	}
	replies := c.replies(m.TS)
	if len(replies) == 0 {
		return
	}
	var users []string
	for _, r := range replies {
		if !slices.Contains(users, r.User) {
			users = append(users, r.User)
		}
	}
	out["thread_ts"], out["reply_count"], out["reply_users"] = m.TS, len(replies), users
	out["reply_users_count"], out["latest_reply"] = len(users), replies[len(replies)-1].TS
}

func (s *Server) botProfile() obj {
	return obj{"id": s.app.BotID, "app_id": s.app.ID, "name": s.app.Name, "team_id": s.team.ID, "deleted": false}
}

func (s *Server) postMessage(c *call) (obj, *apiError) {
	ch, e := s.target(c.arg("channel"))
	if e != nil {
		return nil, e
	}
	if e := s.mayPost(ch); e != nil {
		return nil, e
	}
	got, e := parseContent(c.args, maxPostText)
	if e != nil {
		return nil, e
	}
	if got.empty() {
		return nil, fail("no_text")
	}
	if got.truncated {
		c.warn("message_truncated")
	}
	m := s.fromApp()
	got.into(m)
	m.Username = c.arg("username")
	m.ThreadTS = threadOf(ch, c.arg("thread_ts"))
	m.Broadcast = m.ThreadTS != "" && isTrue(c.arg("reply_broadcast"))
	s.add(ch, m)
	s.replied(ch, m)
	s.messageEvent(ch, m)
	return obj{"channel": ch.ID, "ts": m.TS, "message": s.messageJSON(m)}, nil
}

func (s *Server) postEphemeral(c *call) (obj, *apiError) {
	ch, e := s.target(c.arg("channel"))
	if e != nil {
		return nil, e
	}
	user := c.arg("user")
	switch {
	case user == "":
		return nil, invalidArguments("missing required field: user")
	case ch.Archived:
		return nil, fail("is_archived")
	case !s.botSees(ch) && ch.Kind != "channel":
		return nil, fail("channel_not_found")
	case !s.botSees(ch):
		return nil, fail("not_in_channel")
	case !ch.isMember(user):
		return nil, fail("user_not_in_channel")
	}
	got, e := parseContent(c.args, maxEditText)
	if e != nil {
		return nil, e
	}
	if got.empty() {
		return nil, fail("no_text")
	}
	m := s.fromApp()
	got.into(m)
	m.EphemeralTo, m.ThreadTS, m.TS, m.Channel = user, c.arg("thread_ts"), s.nextTS(), ch.ID
	if m.ThreadTS != "" && len(ch.replies(m.ThreadTS)) == 0 {
		c.remark = "the thread is not active: accepted, and shown to nobody"
		return obj{"message_ts": m.TS}, nil
	}
	s.add(ch, m)
	return obj{"message_ts": m.TS}, nil
}

// ownMessage finds a message that the app may change.
func (s *Server) ownMessage(c *call, notOwn string) (*channelState, *Message, *apiError) {
	ch, e := s.target(c.arg("channel"))
	if e != nil {
		return nil, nil, e
	}
	m := ch.find(c.arg("ts"))
	if m == nil || m.Ephemeral() {
		return nil, nil, fail("message_not_found")
	}
	if m.AppID != s.app.ID {
		return nil, nil, fail(notOwn)
	}
	return ch, m, nil
}

func (s *Server) chatUpdate(c *call) (obj, *apiError) {
	ch, m, e := s.ownMessage(c, "cant_update_message")
	if e != nil {
		return nil, e
	}
	if ch.Archived {
		return nil, fail("is_inactive")
	}
	if m.Streaming {
		return nil, fail("streaming_state_conflict")
	}
	got, e := parseContent(c.args, maxEditText)
	if e != nil {
		return nil, e
	}
	if got.empty() {
		return nil, fail("no_text")
	}
	if _, given := c.args["attachments"]; !given {
		got.attach = m.Attach
	}
	if got.hasBlocks && !got.hasText {
		got.text = m.Text
	}
	s.replaceContent(ch, m, got)
	return obj{"channel": ch.ID, "ts": m.TS, "text": m.Text, "message": s.messageJSON(m)}, nil
}

func (s *Server) chatDelete(c *call) (obj, *apiError) {
	ch, m, e := s.ownMessage(c, "cant_delete_message")
	if e != nil {
		return nil, e
	}
	ts := m.TS
	s.deleteMessage(ch, m)
	return obj{"channel": ch.ID, "ts": ts}, nil
}

func (s *Server) getPermalink(c *call) (obj, *apiError) {
	ch, e := s.target(c.arg("channel"))
	if e != nil {
		return nil, e
	}
	m := ch.find(c.arg("message_ts"))
	if m == nil || m.Ephemeral() {
		return nil, fail("message_not_found")
	}
	link := fmt.Sprintf("https://%s.slack.com/archives/%s/p%s", s.team.Domain, ch.ID, strings.ReplaceAll(m.TS, ".", ""))
	if m.ThreadTS != "" && m.ThreadTS != m.TS {
		link += "?thread_ts=" + m.ThreadTS + "&cid=" + ch.ID
	}
	return obj{"channel": ch.ID, "permalink": link}, nil
}

func (s *Server) scheduleMessage(c *call) (obj, *apiError) {
	ch, e := s.target(c.arg("channel"))
	if e != nil {
		return nil, e
	}
	if e := s.mayPost(ch); e != nil {
		return nil, e
	}
	sec, err := strconv.ParseInt(c.arg("post_at"), 10, 64)
	if err != nil {
		return nil, fail("invalid_time")
	}
	wait := time.Unix(sec, 0).Sub(s.clock.Now())
	if wait <= 0 {
		return nil, fail("time_in_past")
	}
	if wait > 120*24*time.Hour {
		return nil, fail("time_too_far")
	}
	got, e := parseContent(c.args, maxEditText)
	if e != nil {
		return nil, e
	}
	if got.empty() {
		return nil, fail("no_text")
	}
	id := newID("Q")
	thread := c.arg("thread_ts")
	s.scheduled[id] = s.clock.AfterFunc(wait, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.scheduled, id)
		m := s.fromApp()
		got.into(m)
		m.ThreadTS = threadOf(ch, thread)
		s.add(ch, m)
		s.messageEvent(ch, m)
	})
	m := s.fromApp()
	got.into(m)
	m.Channel = ch.ID
	return obj{"channel": ch.ID, "scheduled_message_id": id, "post_at": sec, "message": s.messageJSON(m)}, nil
}

func (s *Server) deleteScheduled(c *call) (obj, *apiError) {
	id := c.arg("scheduled_message_id")
	cancel := s.scheduled[id]
	if cancel == nil {
		return nil, fail("invalid_scheduled_message_id")
	}
	cancel()
	delete(s.scheduled, id)
	return nil, nil
}
