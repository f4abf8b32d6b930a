package emulator

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
)

// View is a modal or an App Home.
type View struct {
	ID, User, Type  string
	Raw             json.RawMessage // as the app gave it
	Blocks          json.RawMessage // with ids
	CallbackID      string
	PrivateMetadata string
	ExternalID      string
	Hash            string
	Root, Previous  string
	NotifyOnClose   bool
	ClearOnClose    bool
	// Errors are the complaints shown beside inputs, by block id.
	Errors map[string]string
	// Values are state.values as last sent.
	Values map[string]map[string]obj
}

func (v *View) setState(values map[string]map[string]obj) { v.Values = values }

// maxViewBytes and maxStack are the limits of a view and of the modals on top of each other.
//
// Source: https://docs.slack.dev/reference/methods/views.push.
const (
	maxViewBytes = 250 << 10
	maxStack     = 3
)

// makeView checks a view payload. The caller holds s.mu.
func (s *Server) makeView(raw, user, kind string) (*View, *apiError) {
	if raw == "" {
		return nil, invalidArguments("missing required field: view")
	}
	if len(raw) > maxViewBytes {
		return nil, fail("view_too_large")
	}
	if err := ValidateView(json.RawMessage(raw)); err != nil {
		return nil, blockFailure(err)
	}
	var in struct {
		Type            string
		Blocks          json.RawMessage
		CallbackID      string `json:"callback_id"`
		PrivateMetadata string `json:"private_metadata"`
		ExternalID      string `json:"external_id"`
		NotifyOnClose   bool   `json:"notify_on_close"`
		ClearOnClose    bool   `json:"clear_on_close"`
	}
	_ = json.Unmarshal([]byte(raw), &in) // ValidateView has decoded it
	if in.Type != kind {
		return nil, invalidArguments("must provide a view of type " + kind)
	}
	if in.ExternalID != "" {
		for _, o := range s.views {
			if o.ExternalID == in.ExternalID {
				return nil, fail("duplicate_external_id")
			}
		}
	}
	v := &View{
		ID: newID("V"), User: user, Type: kind, Raw: json.RawMessage(raw), Blocks: withIDs(in.Blocks), CallbackID: in.CallbackID,
		PrivateMetadata: in.PrivateMetadata, ExternalID: in.ExternalID, NotifyOnClose: in.NotifyOnClose, ClearOnClose: in.ClearOnClose,
	}
	v.Hash = s.newHash()
	v.Root = v.ID
	v.Values = inputState(blockList(v.Blocks), nil)
	return v, nil
}

func (s *Server) newHash() string { return formatTS(s.clock.Now())[:10] + "." + randomHex(4) }

// viewJSON is a view as responses and payloads carry it.
func (s *Server) viewJSON(v *View) obj {
	out := obj{"title": nil, "close": nil, "submit": nil}
	_ = json.Unmarshal(v.Raw, &out)
	own := obj{
		"id": v.ID, "team_id": s.team.ID, "app_id": s.app.ID, "bot_id": s.app.BotID, "app_installed_team_id": s.team.ID, "type": v.Type,
		"blocks": v.Blocks, "callback_id": v.CallbackID, "private_metadata": v.PrivateMetadata, "external_id": v.ExternalID,
		"hash": v.Hash, "root_view_id": v.Root, "previous_view_id": nil, "clear_on_close": v.ClearOnClose,
		"notify_on_close": v.NotifyOnClose, "state": obj{"values": v.Values},
	}
	for k, x := range own {
		out[k] = x
	}
	if v.Blocks == nil {
		out["blocks"] = []any{}
	}
	if v.Previous != "" {
		out["previous_view_id"] = v.Previous
	}
	return out
}

// showViews tells the page and the waiters of a user's modals and App Home. The caller holds s.mu.
func (s *Server) showViews(user string) {
	s.publish("views", s.viewsJSON(user))
	s.changed()
}

func (s *Server) viewsJSON(user string) obj {
	stack := []obj{}
	for _, id := range s.stacks[user] {
		v := s.viewJSON(s.views[id])
		v["errors"] = s.views[id].Errors
		stack = append(stack, v)
	}
	out := obj{"user": user, "stack": stack}
	if h := s.homes[user]; h != nil {
		out["home"] = s.viewJSON(h)
	}
	return out
}

// Views returns a user's open modals, the topmost last.
func (s *Server) Views(user string) []View {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []View
	for _, id := range s.stacks[user] {
		out = append(out, *s.views[id])
	}
	return out
}

// Home returns a user's App Home.
func (s *Server) Home(user string) (View, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if v := s.homes[user]; v != nil {
		return *v, true
	}
	return View{}, false
}

// WaitView returns the topmost modal of a user once match accepts it.
func (s *Server) WaitView(ctx context.Context, user string, match func(View) bool) (View, error) {
	var found View
	err := s.WaitFor(ctx, func() bool {
		open := s.Views(user)
		if len(open) == 0 || !match(open[len(open)-1]) {
			return false
		}
		found = open[len(open)-1]
		return true
	})
	return found, err
}

// viewOf returns an open modal or App Home. The caller holds s.mu.
func (s *Server) viewOf(id string) *View {
	if v := s.views[id]; v != nil {
		return v
	}
	for _, h := range s.homes {
		if h.ID == id {
			return h
		}
	}
	return nil
}

// push puts a view on top of its user's stack. The caller holds s.mu.
func (s *Server) push(v *View) {
	stack := s.stacks[v.User]
	if n := len(stack); n > 0 {
		v.Previous, v.Root = stack[n-1], s.views[stack[0]].ID
	}
	s.views[v.ID] = v
	s.stacks[v.User] = append(slices.Clone(stack), v.ID)
	s.showViews(v.User)
}

// closeStack removes a user's modals from position at on, and tells the app where it asked for that.
func (s *Server) closeStack(user string, at int, cleared, notify bool) {
	stack := s.stacks[user]
	if at < 0 || at >= len(stack) {
		return
	}
	for _, id := range stack[at:] {
		v := s.views[id]
		delete(s.views, id)
		if notify && v.NotifyOnClose {
			p := s.basics("view_closed", user)
			p["view"], p["is_cleared"] = s.viewJSON(v), cleared
			s.deliver(Envelope{Type: "interactive", Payload: mustJSON(p)}, nil, nil)
		}
	}
	s.stacks[user] = slices.Clone(stack[:at])
	s.showViews(user)
}

// replaceView puts new content into an open view. The caller holds s.mu.
func (s *Server) replaceView(old, v *View) {
	v.ID, v.Root, v.Previous, v.User = old.ID, old.Root, old.Previous, old.User
	*old = *v
	s.showViews(old.User)
}

func (s *Server) viewsOpen(c *call) (obj, *apiError) {
	t, e := s.exchange(c.arg("trigger_id"))
	if e != nil {
		return nil, e
	}
	v, e := s.makeView(c.arg("view"), t.user, "modal")
	if e != nil {
		return nil, e
	}
	s.closeStack(t.user, 0, true, false)
	s.push(v)
	return obj{"view": s.viewJSON(v)}, nil
}

func (s *Server) viewsPush(c *call) (obj, *apiError) {
	t, e := s.exchange(c.arg("trigger_id"))
	if e != nil {
		return nil, e
	}
	stack := s.stacks[t.user]
	if t.viewID == "" || !slices.Contains(stack, t.viewID) {
		return nil, fail("not_found")
	}
	if len(stack) >= maxStack {
		return nil, fail("push_limit_reached")
	}
	v, e := s.makeView(c.arg("view"), t.user, "modal")
	if e != nil {
		return nil, e
	}
	s.push(v)
	return obj{"view": s.viewJSON(v)}, nil
}

func (s *Server) viewsUpdate(c *call) (obj, *apiError) {
	var old *View
	id, ext := c.arg("view_id"), c.arg("external_id")
	for _, v := range s.views {
		if v.ID == id || ext != "" && v.ExternalID == ext {
			old = v
		}
	}
	if old == nil {
		return nil, fail("not_found")
	}
	if h := c.arg("hash"); h != "" && h != old.Hash {
		return nil, fail("hash_conflict")
	}
	keep := old.ExternalID
	old.ExternalID = ""
	v, e := s.makeView(c.arg("view"), old.User, "modal")
	old.ExternalID = keep
	if e != nil {
		return nil, e
	}
	s.replaceView(old, v)
	return obj{"view": s.viewJSON(old)}, nil
}

func (s *Server) viewsPublish(c *call) (obj, *apiError) {
	user := c.arg("user_id")
	if s.users[user] == nil {
		return nil, fail("user_not_found")
	}
	old := s.homes[user]
	if h := c.arg("hash"); h != "" && old != nil && h != old.Hash {
		return nil, fail("hash_conflict")
	}
	v, e := s.makeView(c.arg("view"), user, "home")
	if e != nil {
		return nil, e
	}
	if old != nil {
		v.ID, v.Root = old.ID, old.ID
	}
	s.homes[user] = v
	s.showViews(user)
	return obj{"view": s.viewJSON(v)}, nil
}

// ErrIncomplete is returned by SubmitView where Slack's own client would not let the form go. The view's Errors say why.
var ErrIncomplete = errors.New("emulator: the form is incomplete")

// SubmitView presses the submit button of a user's topmost modal. given are the values typed or chosen, by
// "block_id/action_id" or by action id; initial values stand where nothing is given.
func (s *Server) SubmitView(user string, given map[string][]string) (*Delivery, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	stack := s.stacks[user]
	if len(stack) == 0 {
		return nil, ErrNoView
	}
	v := s.views[stack[len(stack)-1]]
	blocks := blockList(v.Blocks)
	v.Values = inputState(blocks, given)
	if v.Errors = s.incomplete(blocks, v.Values); len(v.Errors) > 0 {
		s.showViews(user)
		return nil, ErrIncomplete
	}
	p := s.basics("view_submission", user)
	p["trigger_id"], p["view"], p["response_urls"] = s.newTrigger(user, v.ID), s.viewJSON(v), []any{}
	env := Envelope{Type: "interactive", Payload: mustJSON(p), TriggerID: str(p["trigger_id"])}
	return s.deliver(env,
		func(ack json.RawMessage) { s.submitted(v, ack) },
		func(error) { s.warn(user, "We had some trouble connecting. Try again?") }), nil
}

// submitted does what the acknowledgement of a submission asks for. The caller holds s.mu.
func (s *Server) submitted(v *View, ack json.RawMessage) {
	at := slices.Index(s.stacks[v.User], v.ID)
	if at < 0 {
		return
	}
	fields, err := ackObject(ack)
	if errors.Is(err, errNoPayload) {
		s.closeStack(v.User, at, false, false)
		return
	}
	args := flatten(fields)
	trouble := func() { s.warn(v.User, "We had some trouble connecting. Try again?") }
	switch args["response_action"] {
	case "clear":
		s.closeStack(v.User, 0, true, false)
	case "errors":
		s.viewErrors(v, fields["errors"], trouble)
	case "update", "push":
		next, e := s.makeView(args["view"], v.User, "modal")
		if e != nil || args["response_action"] == "push" && len(s.stacks[v.User]) >= maxStack {
			trouble()
			return
		}
		if args["response_action"] == "update" {
			s.replaceView(v, next)
		} else {
			s.push(next)
		}
	case "":
		s.closeStack(v.User, at, false, false)
	default:
		trouble()
	}
}

// viewErrors shows the app's complaints beside the inputs they name; a name that is no input is trouble.
func (s *Server) viewErrors(v *View, raw json.RawMessage, trouble func()) {
	var complaints map[string]string
	if json.Unmarshal(raw, &complaints) != nil || len(complaints) == 0 {
		trouble()
		return
	}
	inputs := map[string]bool{}
	for _, b := range blockList(v.Blocks) {
		inputs[str(b["block_id"])] = b["type"] == "input"
	}
	for id := range complaints {
		if !inputs[id] {
			trouble()
			return
		}
	}
	v.Errors = complaints
	s.showViews(v.User)
}

// CloseView closes a user's topmost modal, or all of them if clear is true or the view asks for that.
func (s *Server) CloseView(user string, clear bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	stack := s.stacks[user]
	if len(stack) == 0 {
		return ErrNoView
	}
	at := len(stack) - 1
	if clear || s.views[stack[at]].ClearOnClose {
		at, clear = 0, true
	}
	s.closeStack(user, at, clear, true)
	return nil
}

// OpenHome opens the app's Home ("home") or Messages ("messages") tab.
func (s *Server) OpenHome(user, tab string) *Delivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	ev := obj{"type": "app_home_opened", "user": user, "channel": s.dm(user).ID, "tab": tab, "event_ts": s.nextTS()}
	if v := s.homes[user]; v != nil && tab == "home" {
		ev["view"] = s.viewJSON(v)
	}
	return s.event("app_home_opened", ev)
}

// Suggest asks the app for the options of an external menu (block_suggestion). The delivery's AckPayload has them.
func (s *Server) Suggest(a Act) (*Delivery, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.basics("block_suggestion", a.User)
	var blocks json.RawMessage
	if v := s.viewOf(a.View); v != nil {
		blocks = v.Blocks
		p["view"], p["container"] = s.viewJSON(v), obj{"type": "view", "view_id": v.ID}
	} else {
		c, m, err := s.lookup(a.Channel, a.TS)
		if err != nil {
			return nil, err
		}
		blocks = m.Blocks
		p["container"] = obj{"type": "message", "message_ts": m.TS, "channel_id": c.ID, "is_ephemeral": m.Ephemeral()}
		p["channel"] = obj{"id": c.ID, "name": channelName(c)}
	}
	block, e := findElement(blockList(blocks), a.Block, a.Action)
	if e == nil {
		return nil, ErrNoElement
	}
	p["action_id"], p["block_id"], p["value"] = e["action_id"], block, ""
	if len(a.Values) > 0 {
		p["value"] = a.Values[0]
	}
	return s.deliver(Envelope{Type: "interactive", Payload: mustJSON(p)}, nil, nil), nil
}
