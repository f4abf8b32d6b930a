package emulator

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// What a person can't do.
var (
	ErrNoChannel = errors.New("emulator: no such channel")
	ErrNoMessage = errors.New("emulator: no such message")
	ErrNoElement = errors.New("emulator: no such button or menu there")
	ErrNoView    = errors.New("emulator: no such view")
	ErrNoCommand = errors.New("emulator: not a valid command")
)

// SlashCommand types a slash command into a channel. The error says that Slack itself refuses it; whether the app
// answers is the delivery's matter.
func (s *Server) SlashCommand(channel, user, command, text string) (*Delivery, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.channels[channel]
	if c == nil {
		return nil, ErrNoChannel
	}
	if !slices.ContainsFunc(s.app.Commands, func(k Command) bool { return k.Name == command }) {
		s.tell(channel, user, "", fmt.Sprintf("`%s` is not a valid command.", command))
		return nil, ErrNoCommand
	}
	typed := strings.TrimSpace(command + " " + text)
	ru := s.newResponseURL(responseURL{user: user, channel: channel, command: typed})
	p := s.slashPayload(c, user, command, text, ru)
	s.pruneIssued()
	env := Envelope{Type: "slash_commands", Payload: mustJSON(p), ResponseURL: s.responseAddress(ru), TriggerID: str(p["trigger_id"])}
	return s.deliver(env, func(ack json.RawMessage) {
		fields, err := ackObject(ack)
		if errors.Is(err, errNoPayload) {
			return
		}
		if err == nil {
			if e := s.applyResponse(ru, fields); e == nil {
				return
			}
		}
		s.tell(channel, user, "", fmt.Sprintf("%s failed with the error \"invalid_command_response\"", command))
	}, func(err error) {
		s.tell(channel, user, "", fmt.Sprintf("%s failed with the error \"%v\"", command, err))
	}), nil
}

func (s *Server) slashPayload(c *channelState, user, command, text string, ru *responseURL) obj {
	p := obj{
		"token": "local-verification-token", "team_id": s.team.ID, "team_domain": s.team.Domain,
		"channel_id": c.ID, "channel_name": channelName(c), "user_id": user, "user_name": s.userName(user),
		"command": command, "text": strings.TrimSpace(text), "api_app_id": s.app.ID, "is_enterprise_install": "false",
		"response_url": s.responseAddress(ru), "trigger_id": s.newTrigger(user, ""),
	}
	if s.team.EnterpriseID != "" {
		p["enterprise_id"], p["enterprise_name"] = s.team.EnterpriseID, s.team.Name
	}
	return p
}

func (s *Server) userName(id string) string {
	if u := s.users[id]; u != nil {
		return u.Name
	}
	return ""
}

// pruneIssued forgets triggers and response URLs that are long past use. The caller holds s.mu.
func (s *Server) pruneIssued() {
	if len(s.triggers) < 5000 && len(s.responseURLs) < 5000 {
		return
	}
	now := s.clock.Now()
	for id, t := range s.triggers {
		if now.Sub(t.issued) > responseURLLife {
			delete(s.triggers, id)
		}
	}
	for id, u := range s.responseURLs {
		if now.Sub(u.issued) > 2*responseURLLife {
			delete(s.responseURLs, id)
		}
	}
}

// Posted is a message that a person sent, and what the app was told of it: app_mention and message events, in
// the order sent. No delivery means that the app doesn't see the channel.
type Posted struct {
	TS         string
	Deliveries []*Delivery
}

// Post sends a message as a user, in Slack's wire format: & < > escaped, mentions as <@U…>. threadTS is empty for
// the channel itself. A mention of the bot where it is a member yields app_mention and, of the same ts, message.channels.
func (s *Server) Post(channel, user, text, threadTS string) (Posted, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.channels[channel]
	if c == nil {
		return Posted{}, ErrNoChannel
	}
	if threadTS != "" && c.find(threadTS) == nil {
		return Posted{}, ErrNoMessage
	}
	m := &Message{User: user, Text: text, ThreadTS: threadTS, Blocks: mustJSON([]any{richText(text)})}
	s.add(c, m)
	out := Posted{TS: m.TS}
	if !s.botSees(c) {
		return out, nil
	}
	if c.Kind != "im" && strings.Contains(text, "<@"+s.app.BotUserID) {
		ev := s.messageJSON(m)
		ev["type"], ev["channel"], ev["event_ts"] = "app_mention", c.ID, m.TS
		out.add(s.event("app_mention", ev))
	}
	out.add(s.messageEvent(c, m))
	return out, nil
}

func (p *Posted) add(d *Delivery) {
	if d != nil {
		p.Deliveries = append(p.Deliveries, d)
	}
}

// kinds maps a channel's kind to its event subscription and channel_type.
var kinds = map[string][2]string{
	"channel": {"message.channels", "channel"}, "group": {"message.groups", "group"},
	"im": {"message.im", "im"}, "mpim": {"message.mpim", "mpim"},
}

// messageEvent tells the app of a new message. The caller holds s.mu.
func (s *Server) messageEvent(c *channelState, m *Message) *Delivery {
	if !s.botSees(c) || m.Ephemeral() {
		return nil
	}
	k := kinds[c.Kind]
	ev := s.messageJSON(m)
	ev["channel"], ev["channel_type"], ev["event_ts"] = c.ID, k[1], m.TS
	return s.event(k[0], ev)
}

// hiddenEvent tells the app of a message that was changed or deleted. The caller holds s.mu.
func (s *Server) hiddenEvent(c *channelState, subtype string, fields obj) *Delivery {
	if !s.botSees(c) {
		return nil
	}
	k := kinds[c.Kind]
	ts := s.nextTS()
	ev := obj{"type": "message", "subtype": subtype, "hidden": true, "channel": c.ID, "channel_type": k[1], "ts": ts, "event_ts": ts}
	for key, v := range fields {
		ev[key] = v
	}
	return s.event(k[0], ev)
}

// EditMessage changes a user's message. The delivery is nil if the app doesn't see the channel.
func (s *Server) EditMessage(channel, ts, text string) (*Delivery, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, m, err := s.lookup(channel, ts)
	if err != nil {
		return nil, err
	}
	before := s.messageJSON(m)
	m.Text, m.Blocks, m.Edited = text, mustJSON([]any{richText(text)}), s.nextTS()
	s.show(m)
	return s.hiddenEvent(c, "message_changed", obj{"message": s.messageJSON(m), "previous_message": before}), nil
}

// DeleteMessage deletes a message. The delivery is nil if the app doesn't see the channel.
func (s *Server) DeleteMessage(channel, ts string) (*Delivery, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, m, err := s.lookup(channel, ts)
	if err != nil {
		return nil, err
	}
	return s.deleteMessage(c, m), nil
}

// deleteMessage removes a message; a thread's parent leaves a tombstone. The caller holds s.mu.
func (s *Server) deleteMessage(c *channelState, m *Message) *Delivery {
	before := s.messageJSON(m)
	if m.stream != nil {
		m.stream.stop()
	}
	if len(c.replies(m.TS)) > 0 {
		*m = Message{Channel: c.ID, TS: m.TS, ThreadTS: m.TS, User: "USLACKBOT", Subtype: "tombstone", Text: "This message was deleted."}
		s.show(m)
	} else {
		c.remove(m.TS)
		s.publish("deleted", obj{"channel": c.ID, "ts": m.TS})
		s.changed()
	}
	if m.Ephemeral() {
		return nil
	}
	return s.hiddenEvent(c, "message_deleted", obj{"deleted_ts": before["ts"], "previous_message": before})
}

func (s *Server) lookup(channel, ts string) (*channelState, *Message, error) {
	c := s.channels[channel]
	if c == nil {
		return nil, nil, ErrNoChannel
	}
	m := c.find(ts)
	if m == nil {
		return nil, nil, ErrNoMessage
	}
	return c, m, nil
}

// Act is something done to a button, menu or other element.
type Act struct {
	User string
	// Channel and TS name a message, or View a modal or App Home.
	Channel, TS, View string
	// Block may be empty where the action id is unique.
	Block, Action string
	// Values are what was chosen (options by value, users by id), typed, or for feedback buttons the value of the one
	// clicked. A button needs none.
	Values []string
	// State are the other elements' values, as for SubmitView.
	State map[string][]string
}

// Click does an act and tells the app (block_actions).
func (s *Server) Click(a Act) (*Delivery, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.basics("block_actions", a.User)
	var blocks json.RawMessage
	var ru *responseURL
	if a.View != "" {
		v := s.viewOf(a.View)
		if v == nil {
			return nil, ErrNoView
		}
		blocks = v.Blocks
		v.setState(inputState(blockList(blocks), a.State))
		p["view"], p["container"] = s.viewJSON(v), obj{"type": "view", "view_id": v.ID}
	} else {
		c, m, err := s.lookup(a.Channel, a.TS)
		if err != nil {
			return nil, err
		}
		blocks = m.Blocks
		ru = s.newResponseURL(responseURL{user: a.User, channel: c.ID, threadTS: m.ThreadTS, original: m.TS})
		s.messagePayload(p, c, m, ru)
	}
	list := blockList(blocks)
	block, e := findElement(list, a.Block, a.Action)
	if e == nil {
		return nil, ErrNoElement
	}
	p["actions"] = []obj{s.actionJSON(block, e, a.Values)}
	if a.View == "" {
		p["state"] = obj{"values": inputState(list, a.State)}
	}
	p["trigger_id"] = s.newTrigger(a.User, a.View)
	env := Envelope{Type: "interactive", Payload: mustJSON(p), TriggerID: str(p["trigger_id"])}
	if ru != nil {
		env.ResponseURL = s.responseAddress(ru)
	}
	return s.deliver(env, nil, func(err error) { s.warn(a.User, "This app did not respond ("+err.Error()+").") }), nil
}

// messagePayload adds where an interaction with a message happened. Slack leaves the message itself out if it is
// ephemeral (observed).
func (s *Server) messagePayload(p obj, c *channelState, m *Message, ru *responseURL) {
	container := obj{"type": "message", "message_ts": m.TS, "channel_id": c.ID, "is_ephemeral": m.Ephemeral()}
	if m.ThreadTS != "" {
		container["thread_ts"] = m.ThreadTS
	}
	p["container"], p["channel"] = container, obj{"id": c.ID, "name": channelName(c)}
	p["response_url"] = s.responseAddress(ru)
	if !m.Ephemeral() {
		p["message"] = s.messageJSON(m)
	}
}

func (s *Server) actionJSON(block string, e map[string]any, values []string) obj {
	kind := str(e["type"])
	a := obj{"type": kind, "action_id": e["action_id"], "block_id": block, "action_ts": formatTS(s.clock.Now())}
	switch kind {
	case "button", "icon_button", "workflow_button":
		for _, k := range []string{"text", "value", "style"} {
			if e[k] != nil {
				a[k] = e[k]
			}
		}
	case "feedback_buttons":
		for _, side := range []string{"positive_button", "negative_button"} {
			b, _ := e[side].(map[string]any)
			if b != nil && (len(values) == 0 || str(b["value"]) == values[0]) {
				a["text"], a["value"] = b["text"], b["value"]
				break
			}
		}
	default:
		if values == nil {
			values = []string{}
		}
		for k, v := range chosen(e, values) {
			a[k] = v
		}
	}
	return a
}

// MessageShortcut uses one of the app's message shortcuts.
func (s *Server) MessageShortcut(channel, ts, user, callbackID string) (*Delivery, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, m, err := s.lookup(channel, ts)
	if err != nil {
		return nil, err
	}
	p := s.basics("message_action", user)
	ru := s.newResponseURL(responseURL{user: user, channel: c.ID, threadTS: m.ThreadTS})
	p["callback_id"], p["trigger_id"], p["message_ts"], p["action_ts"] = callbackID, s.newTrigger(user, ""), m.TS, formatTS(s.clock.Now())
	p["channel"], p["message"], p["response_url"] = obj{"id": c.ID, "name": channelName(c)}, s.messageJSON(m), s.responseAddress(ru)
	env := Envelope{Type: "interactive", Payload: mustJSON(p), TriggerID: str(p["trigger_id"]), ResponseURL: s.responseAddress(ru)}
	return s.deliver(env, nil, func(err error) { s.warn(user, "The shortcut failed ("+err.Error()+").") }), nil
}

// GlobalShortcut uses one of the app's global shortcuts.
func (s *Server) GlobalShortcut(user, callbackID string) *Delivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.basics("shortcut", user)
	p["callback_id"], p["trigger_id"], p["action_ts"] = callbackID, s.newTrigger(user, ""), formatTS(s.clock.Now())
	env := Envelope{Type: "interactive", Payload: mustJSON(p), TriggerID: str(p["trigger_id"])}
	return s.deliver(env, nil, func(err error) { s.warn(user, "The shortcut failed ("+err.Error()+").") })
}

// React adds a user's emoji to a message, or takes it away if it is there.
func (s *Server) React(channel, ts, user, name string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, m, err := s.lookup(channel, ts)
	if err != nil {
		return err
	}
	kind := "reaction_added"
	if !m.react(name, user, true) {
		m.react(name, user, false)
		kind = "reaction_removed"
	}
	s.show(m)
	if s.botSees(c) {
		s.event(kind, obj{
			"type": kind, "user": user, "reaction": name, "item_user": m.User, "event_ts": s.nextTS(),
			"item": obj{"type": "message", "channel": c.ID, "ts": m.TS},
		})
	}
	return nil
}

// react adds or removes a reaction and says whether that changed anything.
func (m *Message) react(name, user string, add bool) bool {
	for i := range m.Reactions {
		r := &m.Reactions[i]
		if r.Name != name {
			continue
		}
		at := slices.Index(r.Users, user)
		if add == (at >= 0) {
			return false
		}
		if add {
			r.Users = append(slices.Clone(r.Users), user)
			return true
		}
		r.Users = slices.Delete(slices.Clone(r.Users), at, at+1)
		if len(r.Users) == 0 {
			m.Reactions = slices.Delete(slices.Clone(m.Reactions), i, i+1)
		}
		return true
	}
	if add {
		m.Reactions = append(m.Reactions, Reaction{Name: name, Users: []string{user}})
	}
	return add
}

// warn shows a user a passing notice. The caller holds s.mu.
func (s *Server) warn(user, text string) {
	s.publish("toast", obj{"user": user, "text": text})
}

var (
	wirePart   = regexp.MustCompile(`<([^<>]+)>`)
	typedRef   = regexp.MustCompile(`(^|[\s(])([@#])([\p{L}\p{N}._-]+)`)
	typedURL   = regexp.MustCompile(`https?://[^\s<>|]+`)
	escapeWire = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
	plainText  = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&")
)

// WireText turns what a person types into what Slack sends: & < > escaped, @name and #channel and URLs as references.
func (s *Server) WireText(typed string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := escapeWire.Replace(typed)
	t = typedURL.ReplaceAllString(t, "<$0>")
	return typedRef.ReplaceAllStringFunc(t, func(ref string) string {
		p := typedRef.FindStringSubmatch(ref)
		name, tail := p[3], ""
		for name != "" {
			if w := s.reference(p[2], name); w != "" {
				return p[1] + w + tail
			}
			if !strings.HasSuffix(name, ".") && !strings.HasSuffix(name, "-") { // punctuation after a name is not part of it
				break
			}
			name, tail = name[:len(name)-1], name[len(name)-1:]+tail
		}
		return ref
	})
}

var labelled = regexp.MustCompile(`<@([A-Z0-9]+)>`)

// CommandText turns what a person types after a slash command into what the app gets: & < > escaped (observed), and
// where the command asks for that, people and channels as <@id|name> and <#id|name>.
func (s *Server) CommandText(command, typed string) string {
	i := slices.IndexFunc(s.app.Commands, func(k Command) bool { return k.Name == command })
	if i < 0 || !s.app.Commands[i].Escape {
		return escapeWire.Replace(typed)
	}
	return labelled.ReplaceAllStringFunc(s.WireText(typed), func(ref string) string {
		id := labelled.FindStringSubmatch(ref)[1]
		s.mu.Lock()
		defer s.mu.Unlock()
		return "<@" + id + "|" + s.userName(id) + ">"
	})
}

// reference returns the wire form of @name or #name, or "". The caller holds s.mu.
func (s *Server) reference(sign, name string) string {
	if sign == "@" {
		if name == "channel" || name == "here" || name == "everyone" {
			return "<!" + name + ">"
		}
		for _, u := range s.users {
			if strings.EqualFold(u.Name, name) {
				return "<@" + u.ID + ">"
			}
		}
		return ""
	}
	for _, c := range s.channels {
		if c.Name != "" && strings.EqualFold(c.Name, name) {
			return "<#" + c.ID + "|" + c.Name + ">"
		}
	}
	return ""
}

// richText is the rich_text block that Slack makes of a person's message.
func richText(wire string) obj {
	var elements []obj
	text := func(t string) {
		if t != "" {
			elements = append(elements, obj{"type": "text", "text": plainText.Replace(t)})
		}
	}
	at := 0
	for _, loc := range wirePart.FindAllStringSubmatchIndex(wire, -1) {
		text(wire[at:loc[0]])
		at = loc[1]
		ref, label, _ := strings.Cut(wire[loc[2]:loc[3]], "|")
		switch ref[0] {
		case '@':
			elements = append(elements, obj{"type": "user", "user_id": ref[1:]})
		case '#':
			elements = append(elements, obj{"type": "channel", "channel_id": ref[1:]})
		case '!':
			elements = append(elements, obj{"type": "broadcast", "range": ref[1:]})
		default:
			link := obj{"type": "link", "url": plainText.Replace(ref)}
			if label != "" {
				link["text"] = plainText.Replace(label)
			}
			elements = append(elements, link)
		}
	}
	text(wire[at:])
	if elements == nil {
		elements = []obj{}
	}
	return obj{"type": "rich_text", "block_id": randomHex(3)[:5], "elements": []obj{{"type": "rich_text_section", "elements": elements}}}
}
