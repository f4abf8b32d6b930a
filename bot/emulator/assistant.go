package emulator

import (
	"encoding/json"
	"strings"
	"time"
	"unicode/utf8"
)

// assistantThread is what the assistant pane, or any thread with a status, shows beside its messages.
type assistantThread struct {
	Channel string   `json:"channel"`
	TS      string   `json:"thread_ts"`
	User    string   `json:"user,omitempty"`
	Title   string   `json:"title,omitempty"`
	Status  string   `json:"status,omitempty"`
	Loading []string `json:"loading_messages,omitempty"`
	Heading string   `json:"prompts_title,omitempty"`
	Prompts []prompt `json:"prompts,omitempty"`
	Pane    bool     `json:"pane"` // opened as an assistant thread
	clear   func()
}

type prompt struct {
	Title   string `json:"title"`
	Message string `json:"message"`
}

// statusLife is how long a status stays without a reply.
//
// Source: https://docs.slack.dev/reference/methods/assistant.threads.setStatus.
const statusLife = 2 * time.Minute

// OpenAssistant opens the app's assistant pane beside a channel (or none) and returns the new thread. Apps with
// assistant_view get assistant_thread_started, those with agent_view app_home_opened with tab "messages".
func (s *Server) OpenAssistant(user, beside string) (channel, threadTS string, d *Delivery) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.dm(user)
	if s.app.Assistant == "agent_view" {
		return c.ID, "", s.event("app_home_opened", obj{"type": "app_home_opened", "user": user, "channel": c.ID, "tab": "messages", "event_ts": s.nextTS()})
	}
	m := s.fromApp()
	m.Subtype, m.Text = "assistant_app_thread", "New conversation"
	s.add(c, m)
	m.ThreadTS = m.TS
	t := &assistantThread{Channel: c.ID, TS: m.TS, User: user, Pane: true}
	s.threads[c.ID+" "+m.TS] = t
	s.showThread(t)
	return c.ID, m.TS, s.event("assistant_thread_started", obj{
		"type": "assistant_thread_started", "event_ts": s.nextTS(),
		"assistant_thread": obj{"user_id": user, "channel_id": c.ID, "thread_ts": m.TS, "context": s.assistantContext(beside)},
	})
}

// AssistantContext tells the app that the user now looks at another channel.
func (s *Server) AssistantContext(user, channel, threadTS, beside string) *Delivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.event("assistant_thread_context_changed", obj{
		"type": "assistant_thread_context_changed", "event_ts": s.nextTS(),
		"assistant_thread": obj{"user_id": user, "channel_id": channel, "thread_ts": threadTS, "context": s.assistantContext(beside)},
	})
}

func (s *Server) assistantContext(beside string) obj {
	ctx := obj{}
	if beside != "" {
		ctx["channel_id"], ctx["team_id"] = beside, s.team.ID
	}
	return ctx
}

// showThread tells the page and the waiters. The caller holds s.mu.
func (s *Server) showThread(t *assistantThread) {
	s.publish("thread", t)
	s.changed()
}

// thread finds or makes the state of the thread that a call names.
func (s *Server) thread(c *call) (*assistantThread, *apiError) {
	ch, e := s.target(c.arg("channel_id"))
	if e != nil {
		return nil, e
	}
	if !s.botSees(ch) {
		return nil, fail("not_in_channel")
	}
	ts := c.arg("thread_ts")
	if ts == "" {
		return nil, invalidArguments("missing required field: thread_ts")
	}
	if ch.find(ts) == nil {
		return nil, fail("thread_not_found")
	}
	key := ch.ID + " " + ts
	if s.threads[key] == nil {
		s.threads[key] = &assistantThread{Channel: ch.ID, TS: ts}
	}
	return s.threads[key], nil
}

func (s *Server) setStatus(c *call) (obj, *apiError) {
	var loading []string
	if raw := c.arg("loading_messages"); raw != "" {
		if json.Unmarshal([]byte(raw), &loading) != nil { // forms may carry a list with commas
			loading = strings.Split(raw, ",")
		}
		if len(loading) > 10 {
			return nil, invalidArguments("no more than 10 items allowed [json-pointer:/loading_messages]")
		}
		for _, l := range loading {
			if n := utf8.RuneCountInString(l); n < 1 || n > 50 {
				return nil, invalidArguments("must be between 1 and 50 characters [json-pointer:/loading_messages]")
			}
		}
	}
	t, e := s.thread(c)
	if e != nil {
		return nil, e
	}
	t.setStatus(c.arg("status"), loading)
	if t.Status != "" {
		t.clear = s.clock.AfterFunc(statusLife, func() {
			s.mu.Lock()
			defer s.mu.Unlock()
			t.setStatus("", nil)
			s.showThread(t)
		})
	}
	s.showThread(t)
	return nil, nil
}

func (t *assistantThread) setStatus(status string, loading []string) {
	if t.clear != nil {
		t.clear()
		t.clear = nil
	}
	t.Status, t.Loading = status, loading
}

// replied takes a thread's status away, as the app's reply does. The caller holds s.mu.
func (s *Server) replied(c *channelState, m *Message) {
	if t := s.threads[c.ID+" "+m.ThreadTS]; t != nil && t.Status != "" {
		t.setStatus("", nil)
		s.showThread(t)
	}
}

func (s *Server) setTitle(c *call) (obj, *apiError) {
	t, e := s.thread(c)
	if e != nil {
		return nil, e
	}
	if c.arg("title") == "" {
		return nil, invalidArguments("missing required field: title")
	}
	t.Title = c.arg("title")
	s.showThread(t)
	return nil, nil
}

func (s *Server) setPrompts(c *call) (obj, *apiError) {
	var prompts []prompt
	if json.Unmarshal([]byte(c.arg("prompts")), &prompts) != nil || len(prompts) == 0 {
		return nil, invalidArguments("missing required field: prompts")
	}
	if len(prompts) > 4 {
		return nil, fail("too_many_prompts")
	}
	for _, p := range prompts {
		if p.Title == "" || p.Message == "" {
			return nil, fail("missing_title_or_prompt")
		}
	}
	if s.app.Assistant == "agent_view" && c.arg("thread_ts") != "" {
		c.remark = "ignored: with agent_view, prompts of a thread_ts are not shown"
		return nil, nil
	}
	if s.app.Assistant == "agent_view" {
		t := &assistantThread{Channel: c.arg("channel_id"), Heading: c.arg("title"), Prompts: prompts, Pane: true}
		s.threads[t.Channel+" "] = t
		s.showThread(t)
		return nil, nil
	}
	t, e := s.thread(c)
	if e != nil {
		return nil, e
	}
	t.Heading, t.Prompts = c.arg("title"), prompts
	s.showThread(t)
	return nil, nil
}

// ThreadStatus returns the status, title and suggested prompts' titles that a thread shows.
func (s *Server) ThreadStatus(channel, ts string) (status, title string, prompts []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.threads[channel+" "+ts]
	if t == nil {
		return "", "", nil
	}
	for _, p := range t.Prompts {
		prompts = append(prompts, p.Title)
	}
	return t.Status, t.Title, prompts
}
