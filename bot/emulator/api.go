package emulator

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// call is one call of a Web API method.
type call struct {
	method   string
	args     map[string]string // JSON arguments that are not strings stay JSON text, as in form bodies
	warnings []string
	remark   string // for the traffic log alone: what Slack itself keeps silent about
	// scheme and host of the request, to build addresses that the caller can reach
	base string
}

func (c *call) arg(name string) string { return c.args[name] }

func (c *call) intArg(name string, otherwise int) int {
	if n, err := strconv.Atoi(c.args[name]); err == nil {
		return n
	}
	return otherwise
}

func (c *call) warn(code string) { c.warnings = append(c.warnings, code) }

// apiError is an answer with ok false.
type apiError struct {
	code     string
	messages []string // response_metadata.messages
	extra    obj
}

func fail(code string) *apiError { return &apiError{code: code} }

func invalidArguments(message string) *apiError {
	return &apiError{code: "invalid_arguments", messages: []string{"[ERROR] " + message}}
}

// blockFailure turns what the checker found into an answer.
func blockFailure(err error) *apiError {
	var b *BlockError
	if !errors.As(err, &b) {
		return fail("invalid_blocks")
	}
	return &apiError{code: b.Code, messages: b.messages(), extra: obj{"errors": b.texts()}}
}

// method is what the dispatcher knows of an API method.
type method struct {
	perMinute int
	scopes    []string // any one of them will do
	app       bool     // wants the app-level token
	open      bool     // wants no token
	run       func(*Server, *call) (obj, *apiError)
}

// methods are the Web API methods that the emulator has, with the rate limit tier and scopes of their reference pages.
var methods = map[string]method{
	"api.test":              {perMinute: tier4, open: true, run: func(_ *Server, c *call) (obj, *apiError) { return obj{"args": c.args}, nil }},
	"auth.test":             {perMinute: tierSpecial, run: (*Server).authTest},
	"apps.connections.open": {perMinute: tier3, app: true, scopes: []string{"connections:write"}, run: (*Server).connectionsOpen},
	"blocks.validate":       {perMinute: tier4, open: true, run: (*Server).blocksValidate},
	"bots.info":             {perMinute: tier3, scopes: []string{"users:read"}, run: (*Server).botsInfo},
	"team.info":             {perMinute: tier3, scopes: []string{"team:read"}, run: (*Server).teamInfo},
	"users.info":            {perMinute: tier4, scopes: []string{"users:read"}, run: (*Server).usersInfo},
	"users.list":            {perMinute: tier2, scopes: []string{"users:read"}, run: (*Server).usersList},
	"users.conversations":   {perMinute: tier3, scopes: readScopes, run: (*Server).usersConversations},

	"chat.postMessage":            {perMinute: tierSpecial, scopes: write, run: (*Server).postMessage},
	"chat.postEphemeral":          {perMinute: tier4, scopes: write, run: (*Server).postEphemeral},
	"chat.update":                 {perMinute: tier3, scopes: write, run: (*Server).chatUpdate},
	"chat.delete":                 {perMinute: tier3, scopes: write, run: (*Server).chatDelete},
	"chat.getPermalink":           {perMinute: tierSpecial, run: (*Server).getPermalink},
	"chat.scheduleMessage":        {perMinute: tier3, scopes: write, run: (*Server).scheduleMessage},
	"chat.deleteScheduledMessage": {perMinute: tier3, scopes: write, run: (*Server).deleteScheduled},
	"chat.startStream":            {perMinute: tier2, scopes: write, run: (*Server).startStream},
	"chat.appendStream":           {perMinute: tier4, scopes: write, run: (*Server).appendStream},
	"chat.stopStream":             {perMinute: tier2, scopes: write, run: (*Server).stopStream},

	"conversations.list":    {perMinute: tier2, scopes: readScopes, run: (*Server).conversationsList},
	"conversations.info":    {perMinute: tier3, scopes: readScopes, run: (*Server).conversationsInfo},
	"conversations.history": {perMinute: tier3, scopes: historyScopes, run: (*Server).conversationsHistory},
	"conversations.replies": {perMinute: tier3, scopes: historyScopes, run: (*Server).conversationsReplies},
	"conversations.open":    {perMinute: tier3, scopes: []string{"im:write", "mpim:write"}, run: (*Server).conversationsOpen},
	"conversations.join":    {perMinute: tier3, scopes: []string{"channels:join"}, run: (*Server).conversationsJoin},
	"conversations.members": {perMinute: tier4, scopes: readScopes, run: (*Server).conversationsMembers},

	"reactions.add":    {perMinute: tier3, scopes: []string{"reactions:write"}, run: (*Server).reactionsAdd},
	"reactions.remove": {perMinute: tier2, scopes: []string{"reactions:write"}, run: (*Server).reactionsRemove},
	"pins.add":         {perMinute: tier2, scopes: []string{"pins:write"}, run: (*Server).pinsAdd},
	"pins.remove":      {perMinute: tier2, scopes: []string{"pins:write"}, run: (*Server).pinsRemove},

	"views.open":    {perMinute: tier4, run: (*Server).viewsOpen},
	"views.push":    {perMinute: tier4, run: (*Server).viewsPush},
	"views.update":  {perMinute: tier4, run: (*Server).viewsUpdate},
	"views.publish": {perMinute: tier4, run: (*Server).viewsPublish},

	"assistant.threads.setStatus":           {perMinute: tierSpecial, scopes: []string{"chat:write", "assistant:write"}, run: (*Server).setStatus},
	"assistant.threads.setTitle":            {perMinute: tier4, scopes: []string{"assistant:write"}, run: (*Server).setTitle},
	"assistant.threads.setSuggestedPrompts": {perMinute: tier4, scopes: []string{"assistant:write"}, run: (*Server).setPrompts},

	"files.getUploadURLExternal":   {perMinute: tier4, scopes: []string{"files:write"}, run: (*Server).filesGetUploadURL},
	"files.completeUploadExternal": {perMinute: tier4, scopes: []string{"files:write"}, run: (*Server).filesComplete},
	"files.info":                   {perMinute: tier4, scopes: []string{"files:read"}, run: (*Server).filesInfo},
	"files.delete":                 {perMinute: tier3, scopes: []string{"files:write"}, run: (*Server).filesDelete},
}

var (
	write         = []string{"chat:write"}
	readScopes    = []string{"channels:read", "groups:read", "im:read", "mpim:read"}
	historyScopes = []string{"channels:history", "groups:history", "im:history", "mpim:history"}
)

const maxBody = 8 << 20

func readBody(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	b, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		http.Error(w, "the body is too large or did not arrive whole", http.StatusBadRequest)
	}
	return b, err
}

// serveAPI answers one call of the Web API.
func (s *Server) serveAPI(w http.ResponseWriter, r *http.Request) {
	start := s.clock.Now()
	c := &call{method: r.PathValue("method"), base: "http://" + r.Host + "/"}
	token, bad := c.read(w, r)
	s.mu.Lock()
	fault := s.takeFault(c.method)
	s.mu.Unlock()
	run := func() reply { return s.dispatch(c, token, bad) }
	if fault != nil && !s.suffer(w, r, fault, func() { run() }) {
		s.record(c, start, reply{note: "fault injected"})
		return
	}
	rep := run()
	s.record(c, start, rep)
	h := w.Header()
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set("X-Slack-Req-Id", randomHex(16))
	if s.app.Scopes != nil {
		h.Set("X-OAuth-Scopes", strings.Join(s.app.Scopes, ","))
	}
	if rep.retryAfter > 0 {
		h.Set("Retry-After", strconv.Itoa(int(rep.retryAfter/time.Second)))
		w.WriteHeader(http.StatusTooManyRequests)
	}
	_, _ = w.Write(rep.body)
}

// suffer makes a fault happen. It returns true if the call should then go on as usual.
func (s *Server) suffer(w http.ResponseWriter, r *http.Request, f *Fault, run func()) bool {
	if f.Delay > 0 {
		select {
		case <-time.After(f.Delay):
		case <-r.Context().Done():
			return false
		case <-s.done:
			return false
		}
	}
	h := w.Header()
	switch {
	case f.DropBefore, f.DropAfter:
		if f.DropAfter {
			run()
		}
		panic(http.ErrAbortHandler) // closes the connection without an answer
	case f.RetryAfter > 0:
		h.Set("Retry-After", strconv.Itoa(int(wholeSeconds(f.RetryAfter)/time.Second)))
		h.Set("Content-Type", "application/json; charset=utf-8")
		w.WriteHeader(http.StatusTooManyRequests)
		_, _ = w.Write(mustJSON(obj{"ok": false, "error": "ratelimited"}))
	case f.Status > 0:
		http.Error(w, "<html><body>injected fault</body></html>", f.Status)
	case f.Error != "":
		h.Set("Content-Type", "application/json; charset=utf-8")
		_, _ = w.Write(mustJSON(obj{"ok": false, "error": f.Error}))
	default:
		return true
	}
	return false
}

// reply is an answer, and what the log says of it.
type reply struct {
	body       json.RawMessage
	ok         bool
	note       string
	retryAfter time.Duration
}

func (s *Server) record(c *call, start time.Time, rep reply) {
	args := make(map[string]any, len(c.args))
	for k, v := range c.args {
		if k == "token" {
			continue
		}
		if len(v) > 0 && (v[0] == '{' || v[0] == '[') && json.Valid([]byte(v)) {
			args[k] = json.RawMessage(v)
			continue
		}
		args[k] = v
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.logTraffic(Exchange{
		Kind: "api", Name: c.method, OK: rep.ok, Note: rep.note, Millis: millis(s.clock.Now().Sub(start)),
		Request: mustJSON(args), Response: rep.body,
	})
}

// read takes arguments and token from a request: query, form, multipart or JSON.
func (c *call) read(w http.ResponseWriter, r *http.Request) (token string, bad *apiError) {
	c.args = map[string]string{}
	for k, v := range r.URL.Query() {
		c.args[k] = v[0]
	}
	if scheme, t, ok := strings.Cut(r.Header.Get("Authorization"), " "); ok && strings.EqualFold(scheme, "Bearer") {
		token = strings.TrimSpace(t)
	}
	kind, params, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch {
	case r.Method == http.MethodGet:
	case kind == "application/json":
		bad = c.readJSON(w, r)
		if params["charset"] == "" {
			c.warn("missing_charset")
		}
	case kind == "multipart/form-data":
		if r.ParseMultipartForm(maxBody) != nil {
			bad = fail("invalid_form_data")
			break
		}
		c.take(r.MultipartForm.Value)
	default:
		body, err := readBody(w, r)
		if err != nil {
			return token, fail("invalid_form_data")
		}
		form, err := url.ParseQuery(string(body))
		if err != nil {
			return token, fail("invalid_form_data")
		}
		c.take(form)
	}
	if token == "" {
		token = c.args["token"]
	}
	return token, bad
}

func (c *call) take(form map[string][]string) {
	for k, v := range form {
		c.args[k] = v[0]
	}
}

func (c *call) readJSON(w http.ResponseWriter, r *http.Request) *apiError {
	body, err := readBody(w, r)
	if err != nil || len(body) > 0 && !json.Valid(body) {
		return fail("invalid_json")
	}
	var fields map[string]json.RawMessage
	if len(body) > 0 && json.Unmarshal(body, &fields) != nil {
		return fail("json_not_object")
	}
	for k, v := range flatten(fields) {
		c.args[k] = v
	}
	return nil
}

// dispatch checks token, scope and rate, and runs the method.
func (s *Server) dispatch(c *call, token string, bad *apiError) reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	m, known := methods[c.method]
	if !known {
		return c.failed(fail("unknown_method"))
	}
	if bad != nil {
		return c.failed(bad)
	}
	if e := s.authorise(m, token); e != nil {
		return c.failed(e)
	}
	if wait := s.limits.take(c.method, m.perMinute, c.arg("channel"), s.clock.Now()); wait > 0 {
		rep := c.failed(fail("ratelimited"))
		rep.retryAfter = wait
		return rep
	}
	out, e := m.run(s, c)
	if e != nil {
		return c.failed(e)
	}
	if out == nil {
		out = obj{}
	}
	out["ok"] = true
	if len(c.warnings) > 0 {
		out["warning"] = strings.Join(c.warnings, ",")
		meta, _ := out["response_metadata"].(obj)
		if meta == nil {
			meta = obj{}
		}
		meta["warnings"] = c.warnings
		out["response_metadata"] = meta
	}
	return reply{body: mustJSON(out), ok: true, note: strings.TrimSpace(strings.Join(c.warnings, ",") + " " + c.remark)}
}

// authorise checks a token against what a method wants. The caller holds s.mu.
func (s *Server) authorise(m method, token string) *apiError {
	if m.open {
		return nil
	}
	if token == "" {
		return fail("not_authed")
	}
	want, other := s.app.BotToken, s.app.AppToken
	if m.app {
		want, other = other, want
	}
	switch {
	case token == other:
		return fail("not_allowed_token_type")
	case token != want:
		return fail("invalid_auth")
	case m.app || s.app.Scopes == nil || len(m.scopes) == 0:
		return nil
	case !slices.ContainsFunc(m.scopes, func(n string) bool { return slices.Contains(s.app.Scopes, n) }):
		return &apiError{code: "missing_scope", extra: obj{"needed": strings.Join(m.scopes, ","), "provided": strings.Join(s.app.Scopes, ",")}}
	}
	return nil
}

func (c *call) failed(e *apiError) reply {
	out := obj{"ok": false, "error": e.code}
	for k, v := range e.extra {
		out[k] = v
	}
	if len(e.messages) > 0 {
		out["response_metadata"] = obj{"messages": e.messages}
	}
	return reply{body: mustJSON(out), note: e.code}
}

// page returns one page of n items, and the cursor of the next one.
func paginate(c *call, n, limit, most int) (from, to int, next string) {
	limit = min(max(c.intArg("limit", limit), 1), most)
	if cur := c.arg("cursor"); cur != "" {
		if _, err := fmt.Sscanf(cur, "next:%d", &from); err != nil || from > n || from < 0 {
			from = n
		}
	}
	to = min(from+limit, n)
	if to < n {
		next = fmt.Sprintf("next:%d", to)
	}
	return from, to, next
}

func withCursor(out obj, next string) obj {
	out["response_metadata"] = obj{"next_cursor": next}
	return out
}
