package emulator

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"sort"
	"time"
)

// Message is a message as the workspace holds it.
type Message struct {
	Channel  string          `json:"channel"`
	TS       string          `json:"ts"`
	ThreadTS string          `json:"thread_ts,omitempty"`
	User     string          `json:"user,omitempty"`
	BotID    string          `json:"bot_id,omitempty"`
	AppID    string          `json:"app_id,omitempty"`
	Username string          `json:"username,omitempty"`
	Subtype  string          `json:"subtype,omitempty"`
	Text     string          `json:"text"`
	Blocks   json.RawMessage `json:"blocks,omitempty"`
	Attach   json.RawMessage `json:"attachments,omitempty"`
	Metadata json.RawMessage `json:"metadata,omitempty"`
	Edited   string          `json:"edited,omitempty"` // timestamp of the last edit
	// EphemeralTo is the only user who sees the message; empty for ordinary ones.
	EphemeralTo string     `json:"ephemeral_to,omitempty"`
	Broadcast   bool       `json:"broadcast,omitempty"` // a thread reply that the channel shows too
	Reactions   []Reaction `json:"reactions,omitempty"`
	Files       []string   `json:"files,omitempty"` // file ids
	Pinned      bool       `json:"pinned,omitempty"`
	// Streaming is true between chat.startStream and its end.
	Streaming bool `json:"streaming,omitempty"`
	// Error marks what Slack itself tells the user, such as a command that failed.
	Error bool `json:"error,omitempty"`
	// Command is the slash command that this message shows as its origin.
	Command string `json:"command,omitempty"`

	stream      *stream
	responseURL string // through which an ephemeral message came
}

// Reaction is one emoji on a message.
type Reaction struct {
	Name  string   `json:"name"`
	Users []string `json:"users"`
}

// Ephemeral says whether only one user sees the message.
func (m Message) Ephemeral() bool { return m.EphemeralTo != "" }

// channelState is a channel with what was said in it, in order of time.
type channelState struct {
	Channel
	messages []*Message
}

func (c *channelState) isMember(user string) bool { return slices.Contains(c.Members, user) }

func (c *channelState) find(ts string) *Message {
	for i := len(c.messages) - 1; i >= 0; i-- { // the newest are asked for most
		if c.messages[i].TS == ts {
			return c.messages[i]
		}
	}
	return nil
}

func (c *channelState) remove(ts string) *Message {
	for i, m := range c.messages {
		if m.TS == ts {
			c.messages = slices.Delete(c.messages, i, i+1)
			return m
		}
	}
	return nil
}

// replies returns the thread's messages after its parent, ephemeral ones left out.
func (c *channelState) replies(ts string) []*Message {
	var out []*Message
	for _, m := range c.messages {
		if m.ThreadTS == ts && m.TS != ts && !m.Ephemeral() {
			out = append(out, m)
		}
	}
	return out
}

// Messages returns what a channel shows, thread replies and ephemeral messages included, oldest first.
func (s *Server) Messages(channel string) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.channels[channel]
	if c == nil {
		return nil
	}
	out := make([]Message, 0, len(c.messages))
	for _, m := range c.messages {
		out = append(out, *m)
	}
	return out
}

// Message returns one message.
func (s *Server) Message(channel, ts string) (Message, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c := s.channels[channel]; c != nil {
		if m := c.find(ts); m != nil {
			return *m, true
		}
	}
	return Message{}, false
}

// Channels returns all conversations, direct messages included, by id.
func (s *Server) Channels() []Channel {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]Channel, 0, len(s.channels))
	for _, c := range s.channels {
		out = append(out, c.Channel)
	}
	sort.Slice(out, func(i, j int) bool { return out[i].ID < out[j].ID })
	return out
}

// AddChannel adds a conversation, or replaces the one with its id and keeps its messages.
func (s *Server) AddChannel(c Channel) {
	s.mu.Lock()
	defer s.mu.Unlock()
	st := s.channels[c.ID]
	if st == nil {
		st = &channelState{}
		s.channels[c.ID] = st
	}
	st.Channel = c
	s.publish("channel", s.channelJSON(st))
	s.changed()
}

// AddUser adds a member, or replaces the one with its id.
func (s *Server) AddUser(u User) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.users[u.ID] = &u
	s.changed()
}

// DM returns the id of the direct message between the app's bot and a user, and makes it if there is none.
func (s *Server) DM(user string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.dm(user).ID
}

func (s *Server) dm(user string) *channelState {
	for _, c := range s.channels {
		if c.Kind == "im" && c.isMember(user) && c.isMember(s.app.BotUserID) {
			return c
		}
	}
	c := &channelState{Channel: Channel{ID: newID("D"), Kind: "im", Members: []string{user, s.app.BotUserID}}}
	s.channels[c.ID] = c
	s.publish("channel", s.channelJSON(c))
	s.changed()
	return c
}

// botSees says whether the app gets the messages of a channel.
func (s *Server) botSees(c *channelState) bool { return c.isMember(s.app.BotUserID) }

// add stores a message and tells the page and the waiters. The caller holds s.mu.
func (s *Server) add(c *channelState, m *Message) {
	m.Channel = c.ID
	if m.TS == "" {
		m.TS = s.nextTS()
	}
	c.messages = append(c.messages, m)
	s.show(m)
}

// show tells the page and the waiters that a message is new or other than before. The caller holds s.mu.
func (s *Server) show(m *Message) {
	s.publish("message", m)
	s.changed()
}

// ErrClosed is returned by a wait that the server's end cut short.
var ErrClosed = errors.New("emulator: closed")

// WaitFor returns once cond holds. It looks again after every change of the workspace's state and returns the
// context's error when ctx ends first. cond runs without any lock and may call the server's methods.
func (s *Server) WaitFor(ctx context.Context, cond func() bool) error {
	for {
		s.mu.Lock()
		next := s.change
		s.mu.Unlock()
		if cond() {
			return nil
		}
		select {
		case <-next:
		case <-ctx.Done():
			return ctx.Err()
		case <-s.done:
			return ErrClosed
		}
	}
}

// WaitMessage returns the first message of a channel that match accepts, waiting for it if need be.
func (s *Server) WaitMessage(ctx context.Context, channel string, match func(Message) bool) (Message, error) {
	var found Message
	err := s.WaitFor(ctx, func() bool {
		for _, m := range s.Messages(channel) {
			if match(m) {
				found = m
				return true
			}
		}
		return false
	})
	return found, err
}

// changed wakes all waiters. The caller holds s.mu.
func (s *Server) changed() {
	close(s.change)
	s.change = make(chan struct{})
}

// file is an uploaded file.
type file struct {
	ID, Name, Title, Mime, AltText string
	Size                           int
	Data                           []byte
	Created                        time.Time
	User                           string
	Channels                       []string
	Done                           bool
}
