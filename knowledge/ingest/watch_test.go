package ingest

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// watched runs Watch on a new folder, whose first reading fails with first, and returns it with a channel that hears of
// each reading after that.
func watched(t *testing.T, o WatchOptions, first error) (string, <-chan struct{}) {
	t.Helper()
	dir := t.TempDir()
	told := make(chan struct{}, 100)
	begun := make(chan struct{})
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		n := 0
		ended <- Watch(ctx, dir, o, func(context.Context) error {
			if n++; n == 1 {
				close(begun)
				return first
			}
			told <- struct{}{}
			return nil
		})
	}()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	<-begun
	return dir, told
}

func expect(t *testing.T, told <-chan struct{}) {
	t.Helper()
	select {
	case <-told:
	case <-time.After(20 * time.Second):
		t.Fatal("the change was not told of")
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestWatchTellsOfChanges(t *testing.T) {
	dir, told := watched(t, WatchOptions{Settle: 20 * time.Millisecond, Rescan: time.Hour}, nil)
	write(t, filepath.Join(dir, "a.md"), "text")
	expect(t, told)
	write(t, filepath.Join(dir, "new", "b.md"), "text")
	expect(t, told)
	_ = os.Remove(filepath.Join(dir, "a.md"))
	expect(t, told)
	// What no document is made of is no change.
	for _, name := range []string{"picture.png", ".git/HEAD", "node_modules/x.md"} {
		write(t, filepath.Join(dir, name), "x")
	}
	select {
	case <-told:
		t.Error("told of files that are not read")
	case <-time.After(300 * time.Millisecond):
	}
}

func TestWatchTellsManyChangesOnce(t *testing.T) {
	dir, told := watched(t, WatchOptions{Settle: 500 * time.Millisecond, Rescan: time.Hour}, nil)
	for i := range 50 {
		write(t, filepath.Join(dir, string(rune('a'+i%26))+".md"), "text")
	}
	expect(t, told)
	select {
	case <-told:
		t.Error("one burst of changes was told of twice")
	case <-time.After(time.Second):
	}
}

// TestWatchFindsWhatTheSystemDoesNotTell holds the rescan: the settling time is so long that events alone would be told
// of after the test.
func TestWatchFindsWhatTheSystemDoesNotTell(t *testing.T) {
	dir, told := watched(t, WatchOptions{Settle: time.Hour, Rescan: 30 * time.Millisecond}, nil)
	write(t, filepath.Join(dir, "a.md"), "text")
	expect(t, told)
}

func TestWatchReadsAgainWhatFailed(t *testing.T) {
	_, told := watched(t, WatchOptions{Rescan: 30 * time.Millisecond}, errors.New("the disk was away"))
	expect(t, told)
}

func TestWatchNeedsAFolder(t *testing.T) {
	if err := Watch(t.Context(), filepath.Join(t.TempDir(), "none"), WatchOptions{}, func(context.Context) error { return nil }); err == nil {
		t.Error("watched a folder that is not there")
	}
}

func TestCountIsWhatWalkReads(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"a.md": "# A\n\nx", "b/c.txt": "x", "d.png": "x", ".e/f.md": "x", "g.md": "x", ".gitignore": "g.md\n"} {
		write(t, filepath.Join(dir, name), text)
	}
	walked := 0
	for _, err := range Walk(os.DirFS(dir), "x", func(p Problem) { t.Error(p) }) {
		if err != nil {
			t.Fatal(err)
		}
		walked++
	}
	if n := Count(os.DirFS(dir)); n != walked || n != 2 {
		t.Errorf("counted %d, walked %d, want 2", n, walked)
	}
}
