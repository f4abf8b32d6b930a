package emulator

import "time"

// Fault is something that goes wrong with calls of the Web API or of a response URL. Exactly one of Status, Error,
// RetryAfter, DropBefore, DropAfter says what (Delay may come with any of them or alone).
type Fault struct {
	// Method is the API method, "response_url", or "" for every one.
	Method string
	// Times is how many calls it hits. Zero: one. Negative: all, until ClearFaults.
	Times int

	Delay      time.Duration // answer late (real time)
	Status     int           // answer with this HTTP status and no JSON
	Error      string        // answer {"ok":false,"error":…}
	RetryAfter time.Duration // answer 429 with Retry-After
	DropBefore bool          // close the connection, the call has no effect
	DropAfter  bool          // the call takes effect, then the connection closes without an answer
}

// SocketFault is something that goes wrong with the next envelope.
type SocketFault int

// The faults of a socket.
const (
	DropBeforeSend SocketFault = iota + 1 // the socket closes and the envelope is not sent
	DropBeforeAck                         // the envelope is sent and the socket closes at once
	DropAfterAck                          // the socket closes once the acknowledgement has come
	LoseAck                               // the acknowledgement is ignored
)

// InjectFault arranges for f to happen. Faults are tried in the order of injection.
func (s *Server) InjectFault(f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if f.Times == 0 {
		f.Times = 1
	}
	s.faults = append(s.faults, &f)
}

// InjectSocketFault arranges for f to happen to the next n envelopes that are sent.
func (s *Server) InjectSocketFault(f SocketFault, n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for range n {
		s.socketFaults = append(s.socketFaults, f)
	}
}

// ClearFaults removes all faults that have not happened yet.
func (s *Server) ClearFaults() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults, s.socketFaults = nil, nil
}

// takeFault returns the fault that hits this call, or nil. The caller holds s.mu.
func (s *Server) takeFault(method string) *Fault {
	for i, f := range s.faults {
		if f.Method != "" && f.Method != method {
			continue
		}
		hit := *f
		if f.Times > 0 {
			if f.Times--; f.Times == 0 {
				s.faults = append(s.faults[:i:i], s.faults[i+1:]...)
			}
		}
		return &hit
	}
	return nil
}

// takeSocketFault returns the fault that hits the next envelope, or zero. The caller holds s.mu.
func (s *Server) takeSocketFault() SocketFault {
	if len(s.socketFaults) == 0 {
		return 0
	}
	f := s.socketFaults[0]
	s.socketFaults = s.socketFaults[1:]
	return f
}
