package emulator

import (
	"embed"
	"encoding/json"
	"errors"
	"io/fs"
	"net/http"
	"net/url"
	"slices"
	"sort"
	"strconv"
	"strings"
)

//go:embed web
var web embed.FS

// pageClient is one open page, fed by server-sent events.
type pageClient struct {
	feed chan []byte
	slow bool
}

// publish tells all pages of something. A page that can't keep up is cut off; it reconnects and reads the whole state
// anew. The caller holds s.mu.
func (s *Server) publish(kind string, v any) {
	if len(s.pages) == 0 {
		return
	}
	if m, ok := v.(*Message); ok {
		v = s.pageMessage(m)
	}
	line := append(append([]byte("event: "+kind+"\ndata: "), mustJSON(v)...), '\n', '\n')
	for p := range s.pages {
		if p.slow {
			continue
		}
		select {
		case p.feed <- line:
		default:
			p.slow = true
			close(p.feed)
		}
	}
}

func (s *Server) pageMessage(m *Message) obj {
	out := s.messageJSON(m)
	out["channel"], out["ephemeral_to"], out["streaming"] = m.Channel, m.EphemeralTo, m.Streaming
	out["error"], out["command"], out["broadcast"], out["pinned"] = m.Error, m.Command, m.Broadcast, m.Pinned
	return out
}

func (s *Server) pageRoutes(mux *http.ServeMux) {
	static, err := fs.Sub(web, "web")
	if err != nil {
		panic(err) // the folder is compiled in
	}
	files := http.FileServerFS(static)
	mux.Handle("GET /{$}", pageHeaders(files))
	mux.Handle("GET /web/", pageHeaders(http.StripPrefix("/web/", files)))
	mux.HandleFunc("GET /page/state", s.ownPage(s.servePageState))
	mux.HandleFunc("GET /page/events", s.ownPage(s.servePageEvents))
	mux.HandleFunc("GET /page/file/{id}", s.ownPage(func(w http.ResponseWriter, r *http.Request) { s.sendFile(w, r.PathValue("id")) }))
	mux.HandleFunc("POST /page/do/{action}", s.ownPage(s.servePageAction))
	mux.HandleFunc("POST /page/upload", s.ownPage(s.servePageUpload))
}

// pageHeaders forbid the page to load or send anything from or to elsewhere.
func pageHeaders(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'")
		h.Set("Cache-Control", "no-cache")
		next.ServeHTTP(w, r)
	})
}

// ownPage admits only requests of the page itself: other sites that the browser has open are kept out by their origin.
func (s *Server) ownPage(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if site := r.Header.Get("Sec-Fetch-Site"); site != "" && site != "same-origin" && site != "none" {
			http.Error(w, "only the local Slack's own page may do this", http.StatusForbidden)
			return
		}
		if o := r.Header.Get("Origin"); o != "" {
			if u, err := url.Parse(o); err != nil || u.Host != r.Host {
				http.Error(w, "only the local Slack's own page may do this", http.StatusForbidden)
				return
			}
		}
		next(w, r)
	}
}

func (s *Server) servePageState(w http.ResponseWriter, _ *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write(mustJSON(s.pageState()))
}

// pageState is everything that the page shows. The caller holds s.mu.
func (s *Server) pageState() obj {
	var channels, users, msgs []obj
	ids := make([]string, 0, len(s.channels))
	for id := range s.channels {
		ids = append(ids, id)
	}
	sort.Slice(ids, func(i, j int) bool { return s.channels[ids[i]].Name+ids[i] < s.channels[ids[j]].Name+ids[j] })
	for _, id := range ids {
		c := s.channels[id]
		if !c.isMember(s.viewer) {
			continue
		}
		channels = append(channels, s.channelJSON(c))
		for _, m := range c.messages {
			if !m.Ephemeral() || m.EphemeralTo == s.viewer {
				msgs = append(msgs, s.pageMessage(m))
			}
		}
	}
	for _, u := range s.users {
		users = append(users, s.userJSON(u))
	}
	threads := []*assistantThread{}
	for _, t := range s.threads {
		threads = append(threads, t)
	}
	traffic := s.traffic
	if len(traffic) > 300 {
		traffic = traffic[len(traffic)-300:]
	}
	return obj{
		"team": obj{"id": s.team.ID, "name": s.team.Name}, "viewer": s.viewer, "channels": channels, "users": users, "messages": msgs,
		"app": obj{
			"id": s.app.ID, "name": s.app.Name, "bot_user": s.app.BotUserID, "commands": s.commandList(), "shortcuts": s.shortcutList(),
			"assistant": s.app.Assistant, "home": slices.Contains(s.app.Events, "app_home_opened"), "dm": s.dm(s.viewer).ID,
		},
		"views": s.viewsJSON(s.viewer), "threads": threads, "traffic": traffic, "sockets": s.openSockets(),
		"digest": s.opts.Page.SkipToDigest != nil, "hints": s.opts.Page.Hints, "now": s.clock.Now(),
	}
}

func (s *Server) commandList() []obj {
	out := []obj{}
	for _, c := range s.app.Commands {
		out = append(out, obj{"name": c.Name, "description": c.Description, "hint": c.UsageHint})
	}
	return out
}

func (s *Server) shortcutList() []obj {
	out := []obj{}
	for _, c := range s.app.Shortcuts {
		out = append(out, obj{"name": c.Name, "callback_id": c.CallbackID, "type": c.Type, "description": c.Description})
	}
	return out
}

// servePageEvents streams what changes.
func (s *Server) servePageEvents(w http.ResponseWriter, r *http.Request) {
	flush := http.NewResponseController(w)
	p := &pageClient{feed: make(chan []byte, 4096)}
	s.mu.Lock()
	s.pages[p] = true
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		delete(s.pages, p)
		s.mu.Unlock()
	}()
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	if _, err := w.Write([]byte("event: ready\ndata: {}\n\n")); err != nil || flush.Flush() != nil {
		return
	}
	for {
		select {
		case line, ok := <-p.feed:
			if !ok {
				return
			}
			if _, err := w.Write(line); err != nil || flush.Flush() != nil {
				return
			}
		case <-r.Context().Done():
			return
		case <-s.done:
			return
		}
	}
}

// pageAct is what the page asks for.
type pageAct struct {
	Channel, TS, Thread, View, Block, Action, Text, Name, Callback, Tab string
	Values                                                              []string
	State                                                               map[string][]string
	All                                                                 bool
}

// servePageAction does what the person at the page does, always as the viewer.
func (s *Server) servePageAction(w http.ResponseWriter, r *http.Request) {
	body, err := readBody(w, r)
	if err != nil {
		return
	}
	var a pageAct
	if err := json.Unmarshal(body, &a); err != nil {
		http.Error(w, "not JSON", http.StatusBadRequest)
		return
	}
	out, err := s.pageAction(r, r.PathValue("action"), a)
	w.Header().Set("Content-Type", "application/json")
	if err != nil {
		if errors.Is(err, errNoAction) {
			w.WriteHeader(http.StatusNotFound)
		}
		out = obj{"error": err.Error()}
	}
	_, _ = w.Write(mustJSON(out))
}

var errNoAction = errors.New("no such action")

func (s *Server) pageAction(r *http.Request, action string, a pageAct) (obj, error) {
	s.mu.Lock()
	viewer := s.viewer
	s.mu.Unlock()
	act := Act{User: viewer, Channel: a.Channel, TS: a.TS, View: a.View, Block: a.Block, Action: a.Action, Values: a.Values, State: a.State}
	ok := obj{}
	switch action {
	case "send":
		return s.pageSend(viewer, a)
	case "click":
		_, err := s.Click(act)
		return ok, err
	case "suggest":
		return s.pageSuggest(r, act)
	case "submit":
		_, err := s.SubmitView(viewer, a.State)
		if errors.Is(err, ErrIncomplete) {
			err = nil // the view shows why
		}
		return ok, err
	case "close":
		return ok, s.CloseView(viewer, a.All)
	case "home":
		s.OpenHome(viewer, a.Tab)
	case "assistant":
		ch, ts, _ := s.OpenAssistant(viewer, a.Channel)
		return obj{"channel": ch, "thread_ts": ts}, nil
	case "react":
		return ok, s.React(a.Channel, a.TS, viewer, a.Name)
	case "delete":
		_, err := s.DeleteMessage(a.Channel, a.TS)
		return ok, err
	case "edit":
		_, err := s.EditMessage(a.Channel, a.TS, s.WireText(a.Text))
		return ok, err
	case "shortcut":
		if a.TS == "" {
			s.GlobalShortcut(viewer, a.Callback)
			return ok, nil
		}
		_, err := s.MessageShortcut(a.Channel, a.TS, viewer, a.Callback)
		return ok, err
	case "stop":
		return ok, s.StopStream(a.Channel, a.TS, viewer)
	case "fault":
		return ok, s.pageFault(a.Name)
	case "digest":
		if s.opts.Page.SkipToDigest == nil {
			return nil, errNoAction
		}
		said, err := s.opts.Page.SkipToDigest(r.Context())
		return obj{"text": said}, err
	default:
		return nil, errNoAction
	}
	return ok, nil
}

// pageSend sends what was typed: a slash command at the start of a channel's message, else a message.
func (s *Server) pageSend(viewer string, a pageAct) (obj, error) {
	name, rest, _ := strings.Cut(strings.TrimSpace(a.Text), " ")
	if strings.HasPrefix(name, "/") && len(name) > 1 {
		if a.Thread != "" {
			s.mu.Lock()
			s.tell(a.Channel, viewer, a.Thread, name+" is not supported in threads. Sorry!")
			s.mu.Unlock()
			return obj{}, nil
		}
		_, err := s.SlashCommand(a.Channel, viewer, name, s.CommandText(name, rest))
		if errors.Is(err, ErrNoCommand) {
			err = nil // the channel says so
		}
		return obj{}, err
	}
	p, err := s.Post(a.Channel, viewer, s.WireText(a.Text), a.Thread)
	return obj{"ts": p.TS}, err
}

// pageSuggest waits for an external menu's options.
func (s *Server) pageSuggest(r *http.Request, act Act) (obj, error) {
	d, err := s.Suggest(act)
	if err != nil {
		return nil, err
	}
	if err := d.Wait(r.Context()); err != nil {
		return nil, err
	}
	return obj{"payload": d.Envelope().AckPayload}, nil
}

// pageFault makes a fault from the developers' panel: "429 chat.update", "drop" or a disconnect reason.
func (s *Server) pageFault(name string) error {
	kind, arg, _ := strings.Cut(name, " ")
	switch kind {
	case "drop":
		s.DropSockets()
	case "warning", "refresh_requested":
		s.Disconnect(kind)
	case "lose_ack":
		s.InjectSocketFault(LoseAck, 1)
	case "429":
		s.InjectFault(Fault{Method: arg, RetryAfter: 2e9})
	case "500":
		code, _ := strconv.Atoi(kind)
		s.InjectFault(Fault{Method: arg, Status: code})
	default:
		return errNoAction
	}
	return nil
}
