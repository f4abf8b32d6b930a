package emulator

import (
	"encoding/json"
	"regexp"
	"slices"
	"sort"
	"strings"
)

func (s *Server) authTest(*call) (obj, *apiError) {
	out := obj{
		"url": "https://" + s.team.Domain + ".slack.com/", "team": s.team.Name, "user": s.userName(s.app.BotUserID), "team_id": s.team.ID,
		"user_id": s.app.BotUserID, "bot_id": s.app.BotID, "is_enterprise_install": false,
	}
	if s.team.EnterpriseID != "" {
		out["enterprise_id"] = s.team.EnterpriseID
	}
	return out, nil
}

func (s *Server) teamInfo(*call) (obj, *apiError) {
	return obj{"team": obj{"id": s.team.ID, "name": s.team.Name, "domain": s.team.Domain, "email_domain": "", "icon": obj{"image_default": true}}}, nil
}

func (s *Server) botsInfo(c *call) (obj, *apiError) {
	if b := c.arg("bot"); b != "" && b != s.app.BotID {
		return nil, fail("bot_not_found")
	}
	b := s.botProfile()
	b["user_id"] = s.app.BotUserID
	return obj{"bot": b}, nil
}

// blocksValidate checks blocks, a message or a view, and needs no token.
func (s *Server) blocksValidate(c *call) (obj, *apiError) {
	var err error
	switch {
	case c.arg("view") != "":
		err = ValidateView(json.RawMessage(c.arg("view")))
	case c.arg("blocks") != "":
		err = ValidateMessage(json.RawMessage(c.arg("blocks")), SurfaceMessage)
	case c.arg("message") != "":
		var m struct{ Blocks json.RawMessage }
		if json.Unmarshal([]byte(c.arg("message")), &m) != nil {
			return nil, fail("invalid_json")
		}
		err = ValidateMessage(m.Blocks, SurfaceMessage)
	default:
		return nil, invalidArguments("must provide one of blocks, message, view")
	}
	if err != nil {
		return nil, blockFailure(err)
	}
	return nil, nil
}

func (s *Server) userJSON(u *User) obj {
	tz := u.TZ
	if tz == "" {
		tz = "UTC"
	}
	return obj{
		"id": u.ID, "team_id": s.team.ID, "name": u.Name, "real_name": u.RealName, "deleted": false, "is_bot": u.IsBot, "is_admin": u.IsAdmin,
		"is_owner": false, "is_restricted": false, "is_app_user": false, "tz": tz, "tz_label": tz,
		"profile": obj{"real_name": u.RealName, "display_name": u.Name, "email": u.Email},
	}
}

func (s *Server) usersInfo(c *call) (obj, *apiError) {
	u := s.users[c.arg("user")]
	if u == nil {
		return nil, fail("user_not_found")
	}
	return obj{"user": s.userJSON(u)}, nil
}

func (s *Server) usersList(c *call) (obj, *apiError) {
	ids := make([]string, 0, len(s.users))
	for id := range s.users {
		ids = append(ids, id)
	}
	sort.Strings(ids)
	from, to, next := paginate(c, len(ids), 200, 1000)
	members := []obj{}
	for _, id := range ids[from:to] {
		members = append(members, s.userJSON(s.users[id]))
	}
	return withCursor(obj{"members": members, "cache_ts": s.clock.Now().Unix()}, next), nil
}

func (s *Server) channelJSON(c *channelState) obj {
	out := obj{
		"id": c.ID, "name": c.Name, "name_normalized": c.Name, "is_channel": c.Kind == "channel", "is_group": c.Kind == "group",
		"is_im": c.Kind == "im", "is_mpim": c.Kind == "mpim", "is_private": c.Kind != "channel", "is_archived": c.Archived,
		"is_member": s.botSees(c), "is_general": c.Name == "general", "is_shared": c.ExtShared, "is_ext_shared": c.ExtShared,
		"is_org_shared": false, "context_team_id": s.team.ID, "num_members": len(c.Members), "created": 1700000000, "creator": s.viewer,
		"topic": obj{"value": c.Topic, "creator": "", "last_set": 0}, "purpose": obj{"value": "", "creator": "", "last_set": 0},
	}
	if c.Kind == "im" {
		for _, m := range c.Members {
			if m != s.app.BotUserID {
				out["user"] = m
			}
		}
	}
	return out
}

// visible lists the conversations that the app can see, by id. The caller holds s.mu.
func (s *Server) visible(types string, memberOnly, noArchived bool) []*channelState {
	if types == "" {
		types = "public_channel"
	}
	kind := map[string]string{"channel": "public_channel", "group": "private_channel", "im": "im", "mpim": "mpim"}
	var out []*channelState
	for _, c := range s.channels {
		wanted := slices.Contains(strings.Split(types, ","), kind[c.Kind])
		if wanted && (s.botSees(c) || c.Kind == "channel" && !memberOnly) && !(noArchived && c.Archived) {
			out = append(out, c)
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i].ID < out[j].ID })
	return out
}

func (s *Server) listChannels(c *call, all []*channelState) obj {
	from, to, next := paginate(c, len(all), 100, 1000)
	out := []obj{}
	for _, ch := range all[from:to] {
		out = append(out, s.channelJSON(ch))
	}
	return withCursor(obj{"channels": out}, next)
}

func (s *Server) conversationsList(c *call) (obj, *apiError) {
	return s.listChannels(c, s.visible(c.arg("types"), false, isTrue(c.arg("exclude_archived")))), nil
}

func (s *Server) usersConversations(c *call) (obj, *apiError) {
	return s.listChannels(c, s.visible(c.arg("types"), true, isTrue(c.arg("exclude_archived")))), nil
}

// known finds a conversation that the app can see.
func (s *Server) known(id string) (*channelState, *apiError) {
	c := s.channels[id]
	if c == nil || !s.botSees(c) && c.Kind != "channel" {
		return nil, fail("channel_not_found")
	}
	return c, nil
}

func (s *Server) conversationsInfo(c *call) (obj, *apiError) {
	ch, e := s.known(c.arg("channel"))
	if e != nil {
		return nil, e
	}
	return obj{"channel": s.channelJSON(ch)}, nil
}

func (s *Server) conversationsMembers(c *call) (obj, *apiError) {
	ch, e := s.known(c.arg("channel"))
	if e != nil {
		return nil, e
	}
	from, to, next := paginate(c, len(ch.Members), 100, 1000)
	return withCursor(obj{"members": append([]string{}, ch.Members[from:to]...)}, next), nil
}

// readable finds a conversation whose messages the app may read.
func (s *Server) readable(id string) (*channelState, *apiError) {
	ch, e := s.known(id)
	if e == nil && !s.botSees(ch) {
		return nil, fail("not_in_channel")
	}
	return ch, e
}

func (s *Server) conversationsHistory(c *call) (obj, *apiError) {
	ch, e := s.readable(c.arg("channel"))
	if e != nil {
		return nil, e
	}
	var all []*Message
	for i := len(ch.messages) - 1; i >= 0; i-- { // newest first
		m := ch.messages[i]
		reply := m.ThreadTS != "" && m.ThreadTS != m.TS
		if !m.Ephemeral() && (!reply || m.Broadcast) && c.within(m.TS) {
			all = append(all, m)
		}
	}
	return s.messagesPage(c, all, 100), nil
}

// within checks a timestamp against latest, oldest and inclusive.
func (c *call) within(ts string) bool {
	incl := isTrue(c.arg("inclusive"))
	if l := c.arg("latest"); l != "" && (ts > l || ts == l && !incl) {
		return false
	}
	if o := c.arg("oldest"); o != "" && o != "0" && (ts < o || ts == o && !incl) {
		return false
	}
	return true
}

func (s *Server) messagesPage(c *call, all []*Message, limit int) obj {
	from, to, next := paginate(c, len(all), limit, 1000)
	out := []obj{}
	for _, m := range all[from:to] {
		j := s.messageJSON(m)
		if !isTrue(c.arg("include_all_metadata")) {
			delete(j, "metadata")
		}
		out = append(out, j)
	}
	return withCursor(obj{"messages": out, "has_more": next != ""}, next)
}

func (s *Server) conversationsReplies(c *call) (obj, *apiError) {
	ch, e := s.readable(c.arg("channel"))
	if e != nil {
		return nil, e
	}
	parent := ch.find(c.arg("ts"))
	if parent == nil || parent.Ephemeral() {
		return nil, fail("thread_not_found")
	}
	if parent.ThreadTS != "" && parent.ThreadTS != parent.TS {
		if p := ch.find(parent.ThreadTS); p != nil {
			parent = p
		}
	}
	all := []*Message{parent}
	for _, m := range ch.replies(parent.TS) {
		if c.within(m.TS) {
			all = append(all, m)
		}
	}
	return s.messagesPage(c, all, 1000), nil
}

func (s *Server) conversationsOpen(c *call) (obj, *apiError) {
	if id := c.arg("channel"); id != "" {
		ch, e := s.known(id)
		if e != nil {
			return nil, e
		}
		return obj{"channel": s.channelJSON(ch)}, nil
	}
	users := strings.FieldsFunc(c.arg("users"), func(r rune) bool { return r == ',' || r == ' ' })
	switch {
	case len(users) == 0:
		return nil, fail("users_list_not_supplied")
	case len(users) > 8:
		return nil, fail("too_many_users")
	}
	for _, u := range users {
		if s.users[u] == nil {
			return nil, fail("user_not_found")
		}
	}
	var ch *channelState
	if len(users) == 1 {
		ch = s.dm(users[0])
	} else {
		ch = &channelState{Channel: Channel{ID: newID("G"), Name: "mpdm-" + strings.ToLower(newID("")), Kind: "mpim", Members: append(users, s.app.BotUserID)}}
		s.channels[ch.ID] = ch
		s.publish("channel", s.channelJSON(ch))
	}
	return obj{"channel": s.channelJSON(ch)}, nil
}

func (s *Server) conversationsJoin(c *call) (obj, *apiError) {
	ch := s.channels[c.arg("channel")]
	switch {
	case ch == nil || ch.Kind == "group" && !s.botSees(ch):
		return nil, fail("channel_not_found")
	case ch.Kind != "channel":
		return nil, fail("method_not_supported_for_channel_type")
	case ch.Archived:
		return nil, fail("is_archived")
	case s.botSees(ch):
		c.warn("already_in_channel")
	default:
		ch.Members = append(slices.Clone(ch.Members), s.app.BotUserID)
		s.publish("channel", s.channelJSON(ch))
		s.changed()
		s.event("member_joined_channel", obj{
			"type": "member_joined_channel", "user": s.app.BotUserID, "channel": ch.ID, "channel_type": "C", "team": s.team.ID, "event_ts": s.nextTS(),
		})
	}
	return obj{"channel": s.channelJSON(ch)}, nil
}

var emojiName = regexp.MustCompile(`^[\p{L}\p{N}_+'-]+(::skin-tone-[2-6])?$`)

// reactable finds the message that a reaction or pin is meant for.
func (s *Server) reactable(c *call) (*Message, *apiError) {
	ch, e := s.readable(c.arg("channel"))
	if e != nil {
		return nil, e
	}
	m := ch.find(c.arg("timestamp"))
	if m == nil || m.Ephemeral() {
		return nil, fail("message_not_found")
	}
	return m, nil
}

func (s *Server) reactionsAdd(c *call) (obj, *apiError) {
	return s.reaction(c, true, "already_reacted")
}
func (s *Server) reactionsRemove(c *call) (obj, *apiError) {
	return s.reaction(c, false, "no_reaction")
}

func (s *Server) reaction(c *call, add bool, otherwise string) (obj, *apiError) {
	name := strings.Trim(c.arg("name"), ":")
	if !emojiName.MatchString(name) {
		return nil, fail("invalid_name")
	}
	m, e := s.reactable(c)
	if e != nil {
		return nil, e
	}
	if !m.react(name, s.app.BotUserID, add) {
		return nil, fail(otherwise)
	}
	s.show(m)
	return nil, nil
}

func (s *Server) pinsAdd(c *call) (obj, *apiError)    { return s.pin(c, true, "already_pinned") }
func (s *Server) pinsRemove(c *call) (obj, *apiError) { return s.pin(c, false, "no_pin") }

func (s *Server) pin(c *call, on bool, otherwise string) (obj, *apiError) {
	m, e := s.reactable(c)
	if e != nil {
		return nil, e
	}
	if m.Pinned == on {
		return nil, fail(otherwise)
	}
	m.Pinned = on
	s.show(m)
	return nil, nil
}
