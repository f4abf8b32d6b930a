package emulator

import (
	"encoding/json"
	"regexp"
	"time"
)

// Exchange is one entry of the traffic log.
type Exchange struct {
	Seq  int64     `json:"seq"`
	Time time.Time `json:"time"`
	// Kind is "api", "envelope", "ack", "response_url" or "socket".
	Kind string `json:"kind"`
	// Name is the API method, the envelope's type, or what happened to a socket.
	Name string `json:"name"`
	// OK is false for an error, and for an acknowledgement that came too late or was too large.
	OK bool `json:"ok"`
	// Note is the error code, or a remark.
	Note string `json:"note,omitempty"`
	// Millis is how long the call took, or how long after the envelope its acknowledgement came.
	Millis     float64         `json:"ms"`
	EnvelopeID string          `json:"envelope_id,omitempty"`
	Request    json.RawMessage `json:"request,omitempty"`
	Response   json.RawMessage `json:"response,omitempty"`
}

const keptBody = 32 << 10 // bytes of each body in the log

var tokenPattern = regexp.MustCompile(`x(ox[a-z]|app)-[A-Za-z0-9-]+`)

// Traffic returns the log, oldest first.
func (s *Server) Traffic() []Exchange {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Exchange(nil), s.traffic[max(0, len(s.traffic)-s.opts.KeepTraffic):]...)
}

// logTraffic adds an entry. The caller holds s.mu.
func (s *Server) logTraffic(e Exchange) {
	s.trafficSeq++
	e.Seq, e.Time = s.trafficSeq, s.clock.Now()
	e.Request, e.Response = loggable(e.Request), loggable(e.Response)
	s.traffic = append(s.traffic, e)
	if keep := s.opts.KeepTraffic; len(s.traffic) > keep+keep/4 { // not at every entry: it copies
		s.traffic = append(make([]Exchange, 0, keep+keep/4+1), s.traffic[len(s.traffic)-keep:]...)
	}
	s.publish("traffic", e)
	s.changed()
}

// loggable cuts what is too long and hides tokens.
func loggable(b json.RawMessage) json.RawMessage {
	if len(b) == 0 {
		return nil
	}
	if len(b) > keptBody {
		return mustJSON(obj{"truncated_bytes": len(b)})
	}
	return tokenPattern.ReplaceAll(b, []byte("x…"))
}

// obj is a JSON object under construction.
type obj = map[string]any

// mustJSON encodes what cannot fail: values built from strings, numbers, maps and raw JSON.
func mustJSON(v any) json.RawMessage {
	b, err := json.Marshal(v)
	if err != nil {
		panic("emulator: encode: " + err.Error())
	}
	return b
}
