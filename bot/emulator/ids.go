package emulator

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"strings"
	"time"
)

// newID returns an id in Slack's look: a prefix letter and ten upper-case characters.
func newID(prefix string) string {
	return prefix + "0" + strings.ToUpper(randomHex(5))[:9]
}

// randomHex returns 2n hexadecimal characters.
func randomHex(n int) string {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails (crypto/rand)
	return hex.EncodeToString(b)
}

// newEnvelopeID returns a UUID, which is what Slack's envelope ids are.
func newEnvelopeID() string {
	h := randomHex(16)
	return fmt.Sprintf("%s-%s-%s-%s-%s", h[:8], h[8:12], h[12:16], h[16:20], h[20:])
}

// formatTS writes a message timestamp: seconds, a dot, six digits.
func formatTS(t time.Time) string {
	return fmt.Sprintf("%d.%06d", t.Unix(), t.Nanosecond()/1000)
}

// nextTS returns a timestamp that no message of this server has. The caller holds s.mu.
func (s *Server) nextTS() string {
	now := s.clock.Now().Truncate(time.Microsecond)
	if !now.After(s.lastTS) {
		now = s.lastTS.Add(time.Microsecond)
	}
	s.lastTS = now
	return formatTS(now)
}
