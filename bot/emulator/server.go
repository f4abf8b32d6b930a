package emulator

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"syscall"
	"time"
)

// Server is one Slack workspace with one installed app. All methods may be called from any goroutine.
type Server struct {
	opts  Options
	log   *slog.Logger
	clock Clock
	team  Team
	app   App

	http *http.Server
	addr string
	wg   sync.WaitGroup
	done chan struct{} // closed by Close
	once sync.Once

	mu       sync.Mutex
	change   chan struct{} // closed and replaced at every change
	lastTS   time.Time
	users    map[string]*User
	channels map[string]*channelState
	viewer   string

	limits       *limiter
	faults       []*Fault
	socketFaults []SocketFault
	traffic      []Exchange
	trafficSeq   int64
	pages        map[*pageClient]bool

	tickets      map[string]time.Time
	sockets      []*socket
	nextSocket   int
	nextSocketID int
	deliveries   map[string]*Delivery // by envelope id
	order        []*Delivery

	triggers     map[string]*trigger
	responseURLs map[string]*responseURL
	views        map[string]*View
	stacks       map[string][]string // user → ids of open views, the topmost last
	homes        map[string]*View    // user → App Home
	threads      map[string]*assistantThread
	files        map[string]*file
	scheduled    map[string]func() // scheduled message id → cancel
	homeSeen     map[string]bool
}

// New returns a server that does not listen yet: see [Server.Start].
func New(opts Options) *Server {
	if opts.Logger == nil {
		opts.Logger = slog.New(slog.DiscardHandler)
	}
	if opts.Clock == nil {
		opts.Clock = realClock{}
	}
	if opts.Workspace.Team.ID == "" {
		opts.Workspace = DefaultWorkspace()
	}
	setDefault(&opts.AckTimeout, 3*time.Second)
	setDefault(&opts.PingInterval, 10*time.Second)
	setDefault(&opts.StreamLifetime, 5*time.Minute)
	if opts.KeepTraffic == 0 {
		opts.KeepTraffic = 2000
	}
	s := &Server{
		opts: opts, log: opts.Logger, clock: opts.Clock, team: opts.Workspace.Team, app: opts.Workspace.App,
		done: make(chan struct{}), change: make(chan struct{}),
		users: map[string]*User{}, channels: map[string]*channelState{}, limits: newLimiter(opts.Limits),
		pages: map[*pageClient]bool{}, tickets: map[string]time.Time{}, deliveries: map[string]*Delivery{},
		triggers: map[string]*trigger{}, responseURLs: map[string]*responseURL{}, views: map[string]*View{},
		stacks: map[string][]string{}, homes: map[string]*View{}, threads: map[string]*assistantThread{},
		files: map[string]*file{}, scheduled: map[string]func(){}, homeSeen: map[string]bool{},
		viewer: opts.Workspace.Viewer,
	}
	if s.app.Events == nil {
		s.app.Events = DefaultEvents
	}
	for _, u := range opts.Workspace.Users {
		s.users[u.ID] = &u
		if s.viewer == "" && !u.IsBot {
			s.viewer = u.ID
		}
	}
	for _, c := range opts.Workspace.Channels {
		s.channels[c.ID] = &channelState{Channel: c}
	}
	s.dm(s.viewer)
	return s
}

func setDefault(d *time.Duration, v time.Duration) {
	if *d == 0 {
		*d = v
	}
}

// Start listens on addr, a loopback address with a port (0: any free one), and serves until [Server.Close] or until
// ctx ends. The error for a port in use says so and wraps [syscall.EADDRINUSE].
func (s *Server) Start(ctx context.Context, addr string) error {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return fmt.Errorf("emulator: address %q: %w", addr, err)
	}
	if !isLoopback(host) {
		return fmt.Errorf("emulator: %s is not a loopback address; the local Slack has no real passwords and listens only on 127.0.0.1, ::1 or localhost", host)
	}
	var lc net.ListenConfig
	ln, err := lc.Listen(ctx, "tcp", addr)
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("emulator: %s is in use by another program; choose another port, or 0 for any free one: %w", addr, err)
	}
	if err != nil {
		return fmt.Errorf("emulator: listen: %w", err)
	}
	s.addr = ln.Addr().String()
	s.http = &http.Server{
		Handler: s.handler(), ReadHeaderTimeout: 10 * time.Second,
		ErrorLog: log.New(io.Discard, "", 0),
	}
	s.wg.Go(func() {
		if err := s.http.Serve(ln); !errors.Is(err, http.ErrServerClosed) {
			s.log.Error("local Slack stopped", "error", err)
		}
	})
	stop := context.AfterFunc(ctx, s.shut)
	s.wg.Go(func() { <-s.done; stop() })
	return nil
}

// Close ends everything and returns once no goroutine of the server is left.
func (s *Server) Close() error {
	s.shut()
	s.wg.Wait()
	return nil
}

func (s *Server) shut() {
	s.once.Do(func() {
		close(s.done)
		s.mu.Lock()
		for _, c := range s.sockets {
			c.cancel()
		}
		for _, d := range s.order {
			d.stopTimer()
		}
		for _, cancel := range s.scheduled {
			cancel()
		}
		for _, c := range s.channels {
			for _, m := range c.messages {
				if m.stream != nil {
					m.stream.stop()
				}
			}
		}
		s.mu.Unlock()
		if s.http != nil {
			_ = s.http.Close()
		}
	})
}

// URL returns the page's address, such as "http://127.0.0.1:8099/".
func (s *Server) URL() string { return "http://" + s.addr + "/" }

// APIURL returns the base of the Web API, such as "http://127.0.0.1:8099/api/": what SLACK_API_URL should be.
func (s *Server) APIURL() string { return s.URL() + "api/" }

// BotToken returns the token that the Web API accepts (xoxb-…).
func (s *Server) BotToken() string { return s.app.BotToken }

// AppToken returns the token that apps.connections.open accepts (xapp-…).
func (s *Server) AppToken() string { return s.app.AppToken }

// Workspace returns the seed that the server was made with.
func (s *Server) Workspace() Workspace { return s.opts.Workspace }

func (s *Server) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/api/{method}", s.serveAPI)
	mux.HandleFunc("GET /link/", s.serveSocket)
	mux.HandleFunc("POST /response/{id}", s.serveResponseURL)
	mux.HandleFunc("/upload/{id}", s.serveUpload)
	mux.HandleFunc("GET /files/{id}/{name}", s.serveFile)
	mux.HandleFunc("GET /signin", s.serveSignIn)
	s.pageRoutes(mux)
	return s.guard(mux)
}

// guard answers only requests that were addressed to a loopback name: a web page elsewhere that has its own name
// resolve to 127.0.0.1 gets nothing.
func (s *Server) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host := r.Host
		if h, _, err := net.SplitHostPort(host); err == nil {
			host = h
		}
		if !isLoopback(host) {
			http.Error(w, "The local Slack answers only on localhost.", http.StatusMisdirectedRequest)
			return
		}
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		next.ServeHTTP(w, r)
	})
}

func isLoopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip := net.ParseIP(strings.Trim(host, "[]"))
	return ip != nil && ip.IsLoopback()
}
