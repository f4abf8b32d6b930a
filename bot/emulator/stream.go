package emulator

import (
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"
)

// stream is a message that is still being written.
type stream struct {
	text    strings.Builder
	tasks   []obj
	plan    string // title of the plan, in task_display_mode "plan"
	mode    string
	blocks  []any // from chunks of type blocks
	over    bool
	stopped bool // by the user
	cancel  func()
}

func (st *stream) stop() {
	if st.cancel != nil {
		st.cancel()
	}
}

// maxStreamed is what one message may hold in all; a stream that grows above it is refused (assumed: the limit of the
// markdown blocks of a message).
const maxStreamed = maxMarkdown

func (s *Server) startStream(c *call) (obj, *apiError) {
	ch, e := s.target(c.arg("channel"))
	if e != nil {
		return nil, e
	}
	if e := s.mayPost(ch); e != nil {
		return nil, e
	}
	if ch.Kind != "im" {
		if c.arg("recipient_team_id") == "" {
			return nil, fail("missing_recipient_team_id")
		}
		if c.arg("recipient_user_id") == "" {
			return nil, fail("missing_recipient_user_id")
		}
	}
	thread := threadOf(ch, c.arg("thread_ts"))
	if thread == "" && ch.Kind == "im" {
		return nil, invalidArguments("missing required field: thread_ts") // top-level streams are for channels only
	}
	st := &stream{mode: c.arg("task_display_mode")}
	if e := st.grow(c); e != nil {
		return nil, e
	}
	m := s.fromApp()
	m.ThreadTS, m.Streaming, m.stream = thread, true, st
	st.render(m, nil)
	s.add(ch, m)
	s.replied(ch, m)
	st.cancel = s.clock.AfterFunc(s.opts.StreamLifetime, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.endStream(m)
	})
	return obj{"channel": ch.ID, "ts": m.TS}, nil
}

// endStream freezes a message as it is. The caller holds s.mu.
func (s *Server) endStream(m *Message) {
	if m.stream == nil || m.stream.over {
		return
	}
	m.stream.over, m.Streaming = true, false
	m.stream.stop()
	s.show(m)
}

// streaming finds the stream that a call names.
func (s *Server) streaming(c *call) (*channelState, *Message, *apiError) {
	ch, e := s.target(c.arg("channel"))
	if e != nil {
		return nil, nil, e
	}
	m := ch.find(c.arg("ts"))
	switch {
	case m == nil:
		return nil, nil, fail("message_not_found")
	case m.AppID != s.app.ID:
		return nil, nil, fail("message_not_owned_by_app")
	case m.stream != nil && m.stream.stopped:
		return nil, nil, fail("stopped_by_user")
	case m.stream == nil || m.stream.over:
		return nil, nil, fail("message_not_in_streaming_state")
	}
	return ch, m, nil
}

func (s *Server) appendStream(c *call) (obj, *apiError) {
	ch, m, e := s.streaming(c)
	if e != nil {
		return nil, e
	}
	if c.arg("markdown_text") == "" && c.arg("chunks") == "" {
		return nil, fail("no_text")
	}
	if e := m.stream.grow(c); e != nil {
		return nil, e
	}
	m.stream.render(m, nil)
	s.show(m)
	return obj{"channel": ch.ID, "ts": m.TS}, nil
}

func (s *Server) stopStream(c *call) (obj, *apiError) {
	ch, m, e := s.streaming(c)
	if e != nil {
		return nil, e
	}
	var final []any
	if b := c.arg("blocks"); b != "" && b != "[]" && b != "null" {
		if err := ValidateMessage(json.RawMessage(b), SurfaceMessage); err != nil {
			return nil, blockFailure(err)
		}
		_ = json.Unmarshal(withIDs(json.RawMessage(b)), &final)
	}
	var meta content
	if e := meta.parseMetadata(c.arg("metadata")); e != nil {
		return nil, e
	}
	if e := m.stream.grow(c); e != nil {
		return nil, e
	}
	if meta.metadata != nil {
		m.Metadata = meta.metadata
	}
	m.stream.render(m, final)
	s.endStream(m)
	s.messageEvent(ch, m)
	return obj{"channel": ch.ID, "ts": m.TS, "message": s.messageJSON(m)}, nil
}

// StopStream presses the stop button of a message that is being streamed: the app's next append says stopped_by_user.
func (s *Server) StopStream(channel, ts, user string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, m, err := s.lookup(channel, ts)
	if err != nil {
		return err
	}
	if m.stream == nil || m.stream.over {
		return ErrNoMessage
	}
	m.stream.stopped = true
	s.endStream(m)
	if slices.Contains(s.app.Events, "agent_session_stopped") {
		s.event("agent_session_stopped", obj{
			"type": "agent_session_stopped", "user": user, "channel": c.ID, "message_ts": m.TS, "thread_ts": m.ThreadTS, "event_ts": s.nextTS(),
		})
	}
	return nil
}

// chunk is one element of the chunks argument.
type chunk struct {
	Type    string
	Text    string
	ID      string
	Title   string
	Status  string
	Details string
	Output  string
	Sources []any
	Blocks  json.RawMessage
}

// grow adds a call's markdown_text and chunks, all or nothing.
func (st *stream) grow(c *call) *apiError {
	md := c.arg("markdown_text")
	var chunks []chunk
	if raw := c.arg("chunks"); raw != "" {
		if md != "" {
			return fail("markdown_text_conflict")
		}
		if json.Unmarshal([]byte(raw), &chunks) != nil {
			return fail("invalid_chunks")
		}
	}
	if utf8.RuneCountInString(md) > maxMarkdown {
		return fail("msg_too_long")
	}
	total := utf8.RuneCountInString(st.text.String()) + utf8.RuneCountInString(md)
	for _, k := range chunks {
		if e := k.check(); e != nil {
			return e
		}
		total += utf8.RuneCountInString(k.Text)
	}
	if total > maxStreamed {
		return fail("msg_too_long")
	}
	st.text.WriteString(md)
	for _, k := range chunks {
		st.apply(k)
	}
	return nil
}

func (k chunk) check() *apiError {
	switch k.Type {
	case "markdown_text", "plan_update":
		return nil
	case "task_update":
		known := []string{"", "pending", "in_progress", "complete", "error"}
		if k.ID == "" || k.Title == "" || !slices.Contains(known, k.Status) {
			return fail("invalid_chunks")
		}
		return nil
	case "blocks":
		if err := ValidateMessage(k.Blocks, SurfaceMessage); err != nil {
			return blockFailure(err)
		}
		return nil
	}
	return fail("invalid_chunks")
}

func (st *stream) apply(k chunk) {
	switch k.Type {
	case "markdown_text":
		st.text.WriteString(k.Text)
	case "plan_update":
		st.plan = k.Title
	case "blocks":
		var more []any
		_ = json.Unmarshal(withIDs(k.Blocks), &more)
		st.blocks = append(st.blocks, more...)
	case "task_update":
		st.task(k)
	}
}

// task adds a task, or updates the one with its id.
func (st *stream) task(k chunk) {
	i := slices.IndexFunc(st.tasks, func(t obj) bool { return t["task_id"] == k.ID })
	if i < 0 {
		st.tasks = append(st.tasks, obj{"type": "task_card", "task_id": k.ID})
		i = len(st.tasks) - 1
	}
	t := st.tasks[i]
	t["title"] = k.Title
	if k.Status != "" {
		t["status"] = k.Status
	}
	if k.Details != "" {
		t["details"] = richText(escapeWire.Replace(k.Details))
	}
	if k.Output != "" {
		t["output"] = richText(escapeWire.Replace(k.Output))
	}
	if k.Sources != nil {
		t["sources"] = k.Sources
	}
}

// render writes the stream's state into its message: tasks, text, blocks from chunks, final blocks.
func (st *stream) render(m *Message, final []any) {
	var blocks []any
	switch {
	case len(st.tasks) > 0 && st.mode == "plan":
		title := st.plan
		if title == "" {
			title = str(st.tasks[0]["title"])
		}
		blocks = append(blocks, obj{"type": "plan", "block_id": "plan", "title": title, "tasks": st.tasks})
	default:
		for _, t := range st.tasks {
			blocks = append(blocks, t)
		}
	}
	if st.text.Len() > 0 {
		blocks = append(blocks, obj{"type": "markdown", "block_id": "text", "text": st.text.String()})
	}
	blocks = append(blocks, st.blocks...)
	blocks = append(blocks, final...)
	m.Text = st.text.String()
	m.Blocks = nil
	if len(blocks) > 0 {
		m.Blocks = mustJSON(blocks)
	}
}
