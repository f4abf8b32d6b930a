package ingest

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/fsnotify/fsnotify"
)

// WatchOptions tune [Watch]. The zero value works.
type WatchOptions struct {
	// Settle is how long a folder must be quiet before its changes are told; 0 is a second. An editor writes a file in
	// several steps, and a checkout changes hundreds.
	Settle time.Duration
	// Rescan is how often the folder is looked through for what the system did not tell of: network file systems tell
	// of nothing, and the number of watched folders is limited. 0 is a minute.
	Rescan time.Duration
}

// Watch calls read at once, and again each time the folder dir, or anything below it that [Walk] could read, has changed
// and been quiet for a while, until ctx ends; it then returns nil. One call ends before the next begins; one that fails
// is made again at the next look. A folder that vanishes and comes back is watched on.
func Watch(ctx context.Context, dir string, o WatchOptions, read func(context.Context) error) error {
	if st, err := os.Stat(dir); err != nil || !st.IsDir() {
		return fmt.Errorf("%s is not a folder that can be watched", dir)
	}
	w := watcher{dir: dir, settle: orElse(o.Settle, time.Second), rescan: orElse(o.Rescan, time.Minute)}
	var err error
	if w.fs, err = fsnotify.NewWatcher(); err != nil {
		return fmt.Errorf("watch %s: %w", dir, err)
	}
	defer w.fs.Close()
	w.follow(dir)
	w.tell(ctx, read)
	w.run(ctx, read)
	return nil
}

func orElse(d, other time.Duration) time.Duration {
	if d <= 0 {
		return other
	}
	return d
}

type watcher struct {
	dir            string
	settle, rescan time.Duration
	fs             *fsnotify.Watcher
	seen           uint64 // what the folder looked like when it was last read; 0 before
}

func (w *watcher) run(ctx context.Context, read func(context.Context) error) {
	quiet := time.NewTimer(w.settle)
	quiet.Stop()
	defer quiet.Stop()
	rescan := time.NewTicker(w.rescan)
	defer rescan.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case e, ok := <-w.fs.Events:
			if !ok {
				return
			}
			if e.Has(fsnotify.Create) {
				w.follow(e.Name)
			}
			if !e.Has(fsnotify.Chmod) {
				quiet.Reset(w.settle)
			}
		case err, ok := <-w.fs.Errors:
			if !ok {
				return
			}
			if errors.Is(err, fsnotify.ErrEventOverflow) {
				quiet.Reset(w.settle)
			}
		case <-rescan.C:
			w.follow(w.dir)
			w.tell(ctx, read)
		case <-quiet.C:
			w.tell(ctx, read)
		}
	}
}

// tell calls read where the folder looks other than before.
func (w *watcher) tell(ctx context.Context, read func(context.Context) error) {
	now := w.look()
	if now == w.seen {
		return
	}
	if w.seen = now; read(ctx) != nil {
		w.seen = 0
	}
}

// follow watches a folder and those below it. What cannot be watched is found by looking.
func (w *watcher) follow(dir string) {
	_ = filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			return nil
		}
		if name != w.dir && passedOver(d.Name()) {
			return fs.SkipDir
		}
		_ = w.fs.Add(name)
		return nil
	})
}

// look sums up names, sizes and times of the readable files, so that a look costs no reading.
func (w *watcher) look() uint64 {
	h := fnv.New64a()
	walk := walker{fsys: os.DirFS(w.dir), problem: func(Problem) {}}
	walk.each = func(name string, d fs.DirEntry) error {
		if info, err := d.Info(); err == nil {
			fmt.Fprintf(h, "%s %d %d\n", name, info.Size(), info.ModTime().UnixNano())
		}
		return nil
	}
	_ = fs.WalkDir(walk.fsys, ".", walk.visit) // a folder that is away looks empty
	return h.Sum64()
}
