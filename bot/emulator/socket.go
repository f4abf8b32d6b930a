package emulator

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/coder/websocket"
)

// maxSockets is how many Socket Mode connections an app may hold.
//
// Source: https://docs.slack.dev/apis/events-api/using-socket-mode, "Using multiple connections".
const maxSockets = 10

// ticketLife is how long the URL of apps.connections.open may wait for its one use (assumed; Slack says only "soon").
const ticketLife = 30 * time.Second

// socket is one Socket Mode connection. Frames go out in order through a queue, so that nobody who holds the
// server's lock ever waits for the network.
type socket struct {
	id     int
	cancel context.CancelFunc
	wake   chan struct{}
	// guarded by Server.mu:
	queue   [][]byte
	closing bool // close once the queue is empty
	ready   bool // hello is queued
}

// enqueue adds a frame. The caller holds s.mu.
func (c *socket) enqueue(frame []byte) {
	c.queue = append(c.queue, frame)
	c.signal()
}

func (c *socket) closeAfterQueue() {
	c.closing = true
	c.signal()
}

func (c *socket) signal() {
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

// pickSocket returns an open socket, each in its turn, or nil. The caller holds s.mu.
func (s *Server) pickSocket() *socket {
	for range len(s.sockets) {
		c := s.sockets[s.nextSocket%len(s.sockets)]
		s.nextSocket++
		if c.ready && !c.closing {
			return c
		}
	}
	return nil
}

// ConnectionCount returns how many sockets the app holds open.
func (s *Server) ConnectionCount() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.openSockets()
}

func (s *Server) openSockets() int {
	n := 0
	for _, c := range s.sockets {
		if c.ready && !c.closing {
			n++
		}
	}
	return n
}

// WaitConnections returns once the app holds at least n sockets.
func (s *Server) WaitConnections(ctx context.Context, n int) error {
	return s.WaitFor(ctx, func() bool { return s.ConnectionCount() >= n })
}

// DropSockets closes all sockets without a word, as a broken network does.
func (s *Server) DropSockets() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.sockets {
		s.drop(c, "dropped")
	}
}

func (s *Server) drop(c *socket, why string) {
	c.ready = false
	c.cancel()
	s.logTraffic(Exchange{Kind: "socket", Name: why, OK: false})
}

// Disconnect sends a disconnect frame on the oldest open socket: reason is "warning", "refresh_requested",
// "too_many_websockets" or "link_disabled". All but a warning close the socket; a warning does so 10 s later, with
// refresh_requested. link_disabled, which means that Socket Mode was switched off, goes to all sockets.
// It returns false if no socket is open.
func (s *Server) Disconnect(reason string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	found := false
	for _, c := range append([]*socket(nil), s.sockets...) {
		if !c.ready || c.closing {
			continue
		}
		found = true
		s.disconnect(c, reason)
		if reason != "link_disabled" {
			break
		}
	}
	return found
}

func (s *Server) disconnect(c *socket, reason string) {
	c.enqueue(mustJSON(obj{"type": "disconnect", "reason": reason, "debug_info": obj{"host": "local-slack"}}))
	s.logTraffic(Exchange{Kind: "socket", Name: "disconnect", Note: reason, OK: true})
	if reason != "warning" {
		c.closeAfterQueue()
		s.changed()
		return
	}
	s.clock.AfterFunc(10*time.Second, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if c.ready && !c.closing && !s.closed() {
			s.disconnect(c, "refresh_requested")
		}
	})
}

// serveSocket is the address that apps.connections.open hands out.
func (s *Server) serveSocket(w http.ResponseWriter, r *http.Request) {
	ticket := r.URL.Query().Get("ticket")
	s.mu.Lock()
	issued, ok := s.tickets[ticket]
	delete(s.tickets, ticket)
	fresh := ok && s.clock.Now().Sub(issued) < ticketLife
	s.mu.Unlock()
	if !fresh {
		http.Error(w, "this URL was used before or has expired; call apps.connections.open for a new one", http.StatusBadRequest)
		return
	}
	// Clients send the origin of Slack itself, or none; the single-use ticket is what admits them.
	conn, err := websocket.Accept(w, r, &websocket.AcceptOptions{InsecureSkipVerify: true})
	if err != nil {
		return
	}
	conn.SetReadLimit(1 << 20)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	c := &socket{cancel: cancel, wake: make(chan struct{}, 1)}
	if !s.admit(c, r.URL.Query().Get("debug_reconnects") == "true") {
		_ = conn.CloseNow()
		return
	}
	s.wg.Add(1)
	defer s.wg.Done()
	s.runSocket(ctx, conn, c)
}

// admit greets a new socket, or refuses the eleventh with a disconnect frame that closes it. It returns false if
// the server is closing.
func (s *Server) admit(c *socket, debugReconnects bool) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed() {
		return false
	}
	lifetime := 18060 // seconds, as seen of Slack
	if debugReconnects {
		lifetime = 360
	}
	s.nextSocketID++
	c.id, c.ready = s.nextSocketID, true
	s.sockets = append(s.sockets, c)
	n := s.openSockets()
	if n > maxSockets {
		s.disconnect(c, "too_many_websockets")
		return true
	}
	c.enqueue(mustJSON(obj{
		"type": "hello", "num_connections": n, "connection_info": obj{"app_id": s.app.ID},
		"debug_info": obj{"host": "local-slack", "build_number": 1, "approximate_connection_time": lifetime},
	}))
	s.logTraffic(Exchange{Kind: "socket", Name: "hello", Note: fmt.Sprintf("%d open", n), OK: true})
	s.publish("sockets", n)
	return true
}

// runSocket serves a connection until either side ends it.
func (s *Server) runSocket(ctx context.Context, conn *websocket.Conn, c *socket) {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer cancel()
		s.readSocket(ctx, conn, c)
	}()
	pings := make(chan struct{})
	go func() {
		defer close(pings)
		s.pingSocket(ctx, conn, cancel)
	}()
	s.writeSocket(ctx, conn, c)
	cancel()
	_ = conn.CloseNow()
	<-done
	<-pings
	s.mu.Lock()
	defer s.mu.Unlock()
	c.ready = false
	for i, o := range s.sockets {
		if o == c {
			s.sockets = append(s.sockets[:i:i], s.sockets[i+1:]...)
			break
		}
	}
	s.logTraffic(Exchange{Kind: "socket", Name: "closed", Note: fmt.Sprintf("%d open", s.openSockets()), OK: true})
	s.publish("sockets", s.openSockets())
}

func (s *Server) readSocket(ctx context.Context, conn *websocket.Conn, c *socket) {
	for {
		_, frame, err := conn.Read(ctx)
		if err != nil {
			return
		}
		s.mu.Lock()
		s.acknowledge(c, frame)
		s.mu.Unlock()
	}
}

// pingSocket keeps the connection alive: clients give up on a socket that does not ping them.
func (s *Server) pingSocket(ctx context.Context, conn *websocket.Conn, cancel context.CancelFunc) {
	t := time.NewTicker(s.opts.PingInterval)
	defer t.Stop()
	for {
		pingCtx, stop := context.WithTimeout(ctx, s.opts.PingInterval)
		err := conn.Ping(pingCtx)
		stop()
		if err != nil {
			cancel()
			return
		}
		select {
		case <-t.C:
		case <-ctx.Done():
			return
		}
	}
}

func (s *Server) writeSocket(ctx context.Context, conn *websocket.Conn, c *socket) {
	for {
		s.mu.Lock()
		queue, closing := c.queue, c.closing
		c.queue = nil
		s.mu.Unlock()
		for _, frame := range queue {
			if err := conn.Write(ctx, websocket.MessageText, frame); err != nil {
				return
			}
		}
		if closing && len(queue) == 0 {
			_ = conn.Close(websocket.StatusNormalClosure, "")
			return
		}
		if len(queue) > 0 {
			continue
		}
		select {
		case <-c.wake:
		case <-ctx.Done():
			return
		}
	}
}

// connectionsOpen is apps.connections.open.
func (s *Server) connectionsOpen(c *call) (obj, *apiError) {
	ticket := randomHex(16)
	s.tickets[ticket] = s.clock.Now()
	return obj{"url": "ws://" + s.addr + "/link/?ticket=" + ticket + "&app_id=" + s.app.ID}, nil
}

var errNoPayload = errors.New("no payload")

// ackObject decodes an acknowledgement's payload; absent and empty ones are errNoPayload. A string is text.
func ackObject(p json.RawMessage) (map[string]json.RawMessage, error) {
	var m map[string]json.RawMessage
	if len(p) == 0 || string(p) == "null" || string(p) == `""` {
		return nil, errNoPayload
	}
	if p[0] == '"' {
		return map[string]json.RawMessage{"text": p}, nil
	}
	if err := json.Unmarshal(p, &m); err != nil {
		return nil, err
	}
	if len(m) == 0 {
		return nil, errNoPayload
	}
	return m, nil
}
