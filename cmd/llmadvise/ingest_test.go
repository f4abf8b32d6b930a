package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// lockedBuffer can be written by one goroutine and read by another.
type lockedBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

// waitFor polls until the buffer holds text, and returns all of it.
func (b *lockedBuffer) waitFor(t *testing.T, text string) string {
	t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for range 2000 {
		b.mu.Lock()
		s := b.buf.String()
		b.mu.Unlock()
		if strings.Contains(s, text) {
			return s
		}
		<-tick.C
	}
	t.Fatalf("%q did not come; there is %q", text, b.buf.String())
	return ""
}

func put(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestIngestWatchFollowsAFolder changes, adds and deletes files below a watched folder: only what changed is embedded,
// what was deleted is dropped, and questions are answered accordingly.
func TestIngestWatchFollowsAFolder(t *testing.T) {
	dir, data := t.TempDir(), t.TempDir()
	put(t, filepath.Join(dir, "a.md"), "# Lunch\n\nThe Zanzibar canteen opens at 11:30.\n")
	put(t, filepath.Join(dir, "b.md"), "# Parking\n\nThe Zanzibar garage holds 77 cars.\n")
	ctx, cancel := context.WithCancel(t.Context())
	var out, errs lockedBuffer
	done := make(chan int, 1)
	env := func(string) string { return "" }
	go func() {
		done <- run(ctx, []string{"ingest", "--watch", dir, "--no-ollama", "--data-dir", data}, env, nil, &out, &errs)
	}()
	out.waitFor(t, "2 added, 0 updated, 0 unchanged, 0 removed")
	errs.waitFor(t, "Watching")
	put(t, filepath.Join(dir, "a.md"), "# Lunch\n\nThe Zanzibar canteen opens at 12:15.\n")
	out.waitFor(t, "0 added, 1 updated, 1 unchanged, 0 removed (1 passages embedded)")
	if err := os.Remove(filepath.Join(dir, "b.md")); err != nil {
		t.Fatal(err)
	}
	out.waitFor(t, "0 added, 0 updated, 1 unchanged, 1 removed (0 passages embedded)")

	var answer, trouble bytes.Buffer // beside the watching process: read-only
	if code := run(t.Context(), []string{"ask", "--no-ollama", "--data-dir", data, "When does the Zanzibar canteen open?"}, env, nil, &answer, &trouble); code != exitOK || !strings.Contains(answer.String(), "12:15") {
		t.Errorf("exit %d, %s%s", code, answer.String(), trouble.String())
	}
	cancel()
	if code := <-done; code != exitOK {
		t.Errorf("exit %d after an interrupt: %s", code, errs.buf.String())
	}
}

func TestWatchNeedsAFolderToWatch(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a.md")
	put(t, file, "# A\n\nText.\n")
	var out, errs bytes.Buffer
	code := run(t.Context(), []string{"ingest", "--watch", file, "--no-ollama", "--data-dir", t.TempDir()}, func(string) string { return "" }, nil, &out, &errs)
	if code != exitUsage || !strings.Contains(errs.String(), "needs a folder") {
		t.Errorf("exit %d, %s", code, errs.String())
	}
	env := func(k string) string { return map[string]string{}[k] }
	errs.Reset()
	code = run(t.Context(), []string{"serve", "--app-token", "xapp-x", "--bot-token", "xoxb-x", "--no-ollama", "--watch", "/no/such/folder", "--data-dir", t.TempDir()}, env, nil, &out, &errs)
	if code != exitUsage || !strings.Contains(errs.String(), "/no/such/folder") {
		t.Errorf("exit %d, %s", code, errs.String())
	}
}
