package bot

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"net/http/httptrace"
	"os"
	"path/filepath"
	"strings"
	"sync"
)

// journal remembers, over a SIGKILL, which posts were written to the network in full. A database commit takes long
// enough that a kill falls into it; one write(2) to an open file right after the request left takes microseconds, and
// what it wrote belongs to the kernel. So after a crash "intended, not in the journal" means not sent: send it; and
// "intended, in the journal" means sent: look for it at Slack, and where Slack shows no such message (ephemeral ones
// and response URLs) do not send it again.
type journal struct {
	mu   sync.Mutex
	file *os.File
	sent map[string]bool
	size int64
}

// journalLimit is the size at which the journal starts anew, at a moment when every post is recorded in the database.
const journalLimit = 256 << 10

func openJournal(dir string) (*journal, error) {
	path := filepath.Join(dir, "posts.journal")
	j := &journal{sent: map[string]bool{}}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return nil, fmt.Errorf("the data folder %s is not writable (%w): give this user write permission or set LLMADVISE_DATA_DIR to another folder", dir, err)
	}
	for sc := bufio.NewScanner(f); sc.Scan(); {
		if key, ok := strings.CutPrefix(sc.Text(), "+"); ok {
			j.sent[key] = true
		} else if key, ok := strings.CutPrefix(sc.Text(), "-"); ok {
			delete(j.sent, key)
		}
		j.size += int64(len(sc.Text())) + 1
	}
	j.file = f
	return j, nil
}

func (j *journal) close() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.file.Close()
}

// mark records that the request of key is on its way in full.
func (j *journal) mark(key string) { j.append('+', key) }

// unmark records that Slack refused key: it may be sent again.
func (j *journal) unmark(key string) { j.append('-', key) }

func (j *journal) append(sign byte, key string) {
	line := make([]byte, 0, len(key)+2)
	line = append(append(append(line, sign), key...), '\n')
	j.mu.Lock()
	defer j.mu.Unlock()
	_, _ = j.file.Write(line) // a full disk costs only the protection over a crash
	j.size += int64(len(line))
	if sign == '+' {
		j.sent[key] = true
	} else {
		delete(j.sent, key)
	}
}

// settled forgets key: its post is recorded in the database.
func (j *journal) settled(key string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	delete(j.sent, key)
	if j.size > journalLimit && len(j.sent) == 0 {
		if err := j.file.Truncate(0); err == nil {
			j.size = 0
		}
	}
}

// compact forgets, after a start, the keys whose post is recorded in the database.
func (j *journal) compact(recorded func(key string) bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for key := range j.sent {
		if recorded(key) {
			delete(j.sent, key)
		}
	}
}

// wasSent reports whether the request of key was written in full and not refused.
func (j *journal) wasSent(key string) bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.sent[key]
}

type journalKey struct{}

// journaled makes requests under ctx count as the post of key.
func journaled(ctx context.Context, key string) context.Context {
	return context.WithValue(ctx, journalKey{}, key)
}

// journalTransport marks a post in the journal the moment its request is written, and unmarks it where the answer says
// that it was not taken.
type journalTransport struct {
	base    http.RoundTripper
	journal *journal
}

func (t journalTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	key, ok := req.Context().Value(journalKey{}).(string)
	if !ok {
		return t.base.RoundTrip(req)
	}
	trace := &httptrace.ClientTrace{WroteRequest: func(info httptrace.WroteRequestInfo) {
		if info.Err == nil {
			t.journal.mark(key)
		}
	}}
	resp, err := t.base.RoundTrip(req.WithContext(httptrace.WithClientTrace(req.Context(), trace)))
	if err == nil && resp.StatusCode >= 400 {
		t.journal.unmark(key)
	}
	return resp, err
}
