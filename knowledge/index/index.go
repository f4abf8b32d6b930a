package index

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/llmadvise/llmadvise/knowledge"
)

// ErrLocked: another process holds the folder for writing.
var ErrLocked = errors.New("the knowledge index is in use by another llmadvise process: stop it first, or add the source there")

// Index is the knowledge base's index. It is safe for concurrent use; updates run one at a time beside queries.
type Index struct {
	log      *slog.Logger
	emb      knowledge.Embedder
	dir      string // "": in memory
	readOnly bool
	lock     *os.File

	live    atomic.Pointer[state]
	keyword *keywordLeg
	dense   *denseLeg
	cache   *queryCache

	mu      sync.Mutex // held by updates
	journal *journal
	stale   []string // keys of dead chunks, swept from the keyword leg with the next update
	garbage int      // dead chunks in the journal
	closed  bool
}

// Options of [Open]. The zero value works.
type Options struct {
	// ReadOnly opens beside a process that writes: what is there can be searched, nothing changed.
	ReadOnly bool
	// CacheQueries is how many answers to repeated queries are kept; 0 is 512, negative none.
	CacheQueries int
}

// Open opens the index in dir, making it if need be; "" keeps everything in memory. With another embedding model than
// the one the index was built with, every passage is embedded again before Open returns. The error wraps [ErrCorrupt]
// for a damaged file and [ErrLocked] where another process writes.
func Open(ctx context.Context, log *slog.Logger, dir string, emb knowledge.Embedder, o Options) (*Index, error) {
	x := &Index{log: log, emb: emb, dir: dir, readOnly: o.ReadOnly, dense: newDense(), cache: newQueryCache(o.CacheQueries), journal: &journal{}}
	x.live.Store(newState())
	if dir == "" {
		k, _, err := openKeyword("")
		x.keyword = k
		return x, err
	}
	if err := x.openDir(ctx); err != nil {
		x.Close()
		return nil, err
	}
	return x, nil
}

func (x *Index) openDir(ctx context.Context) error {
	path := filepath.Join(x.dir, journalName)
	if !x.readOnly {
		if err := os.MkdirAll(x.dir, 0o700); err != nil {
			return fmt.Errorf("the folder %s cannot be made (%w): set LLMADVISE_DATA_DIR to a folder that this user may write to", x.dir, err)
		}
		var err error
		if x.lock, err = lockDir(x.dir); err != nil {
			return err
		}
	}
	st := newState()
	var dead []*entry
	last := uint64(0)
	head, whole, err := readJournal(path, func(r record) error {
		last = max(last, r.seq)
		key := r.delete
		if r.put != nil {
			key = docKey(&r.put.doc)
		}
		if old := st.byKey[key]; old != nil {
			dead = append(dead, old)
			delete(st.byKey, key)
			delete(st.bySeq, old.seq)
		}
		if r.put != nil {
			st.byKey[key], st.bySeq[r.seq] = r.put, r.put
		}
		return nil
	})
	if err != nil {
		return err
	}
	st.seq = last
	for _, e := range dead {
		x.garbage += len(e.doc.Chunks)
	}
	mine := journalHeader{x.emb.Model(), x.emb.Dims()}
	rewrite := whole > 0 && head != mine || x.garbage > 1000 && x.garbage > chunksOf(st)
	if rewrite && !x.readOnly {
		if err := x.reembed(ctx, st, head != mine); err != nil {
			return err
		}
		entries := sortedEntries(st)
		if err := rewriteJournal(path, mine, entries); err != nil {
			return fmt.Errorf("index: %w", err)
		}
		x.garbage, dead = 0, nil
		if fi, err := os.Stat(path); err == nil {
			whole = fi.Size()
		}
	} else if rewrite && head != mine {
		if err := x.reembed(ctx, st, true); err != nil { // in memory alone
			return err
		}
	}
	if !x.readOnly {
		if x.journal, err = openJournal(path, mine, whole); err != nil {
			return err
		}
	}
	if err := x.catchUp(st, dead); err != nil {
		return err
	}
	if err := x.dense.add(ctx, sortedEntries(st)); err != nil {
		return err
	}
	x.live.Store(st)
	return nil
}

// reembed gives every entry vectors of the current model.
func (x *Index) reembed(ctx context.Context, st *state, changed bool) error {
	if !changed {
		return nil
	}
	x.log.Info("the embedding model changed: embedding every passage again", "model", x.emb.Model(), "passages", chunksOf(st))
	for _, e := range st.byKey {
		v, err := x.embed(ctx, &e.doc)
		if err != nil {
			return fmt.Errorf("index: embed with %s: %w", x.emb.Model(), err)
		}
		e.vectors = v
	}
	return nil
}

// catchUp brings the keyword leg to the journal's state: it may lag behind by what a crash cut off.
func (x *Index) catchUp(st *state, dead []*entry) error {
	dir := x.dir
	if x.readOnly {
		dir = "" // the folder belongs to another process
	}
	k, have, err := openKeyword(dir)
	if err != nil {
		return err
	}
	x.keyword = k
	if have > st.seq { // newer than the journal: it belongs to another one
		k.ix.Close()
		if err := k.recreate(filepath.Join(dir, keywordDir)); err != nil {
			return err
		}
		have = 0
	}
	if have == st.seq {
		return nil
	}
	var missing []*entry
	for _, e := range sortedEntries(st) {
		if e.seq > have {
			missing = append(missing, e)
		}
	}
	var stale []string
	for _, e := range dead {
		stale = append(stale, keysOf(e)...)
	}
	for batch := range slices.Chunk(missing, 64) {
		if err := k.apply(batch, nil, have); err != nil {
			return err
		}
	}
	return k.apply(nil, stale, st.seq)
}

// Close closes the index; a second call does nothing.
func (x *Index) Close() error {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.closed {
		return nil
	}
	x.closed = true
	var errs []error
	if x.keyword != nil && x.keyword.ix != nil {
		errs = append(errs, x.keyword.ix.Close())
	}
	errs = append(errs, x.journal.close())
	if x.lock != nil {
		errs = append(errs, x.lock.Close())
	}
	return errors.Join(errs...)
}

// Info describes an index.
type Info struct {
	Documents, Passages int
	Model               string // of the embeddings
	JournalBytes        int64
	ReadOnly            bool
}

// Info returns what the index holds.
func (x *Index) Info() Info {
	st := x.live.Load()
	x.mu.Lock()
	defer x.mu.Unlock()
	return Info{Documents: len(st.byKey), Passages: chunksOf(st), Model: x.emb.Model(), JournalBytes: x.journal.bytes, ReadOnly: x.readOnly}
}

// SourceInfo is one source that documents were ingested from.
type SourceInfo struct {
	Source, Scope       string
	Documents, Passages int
}

// Sources lists what the index was filled from, sorted.
func (x *Index) Sources() []SourceInfo {
	sums := map[[2]string]*SourceInfo{}
	for _, e := range x.live.Load().byKey {
		k := [2]string{e.doc.Scope, e.doc.Source}
		if sums[k] == nil {
			sums[k] = &SourceInfo{Source: e.doc.Source, Scope: e.doc.Scope}
		}
		sums[k].Documents++
		sums[k].Passages += len(e.doc.Chunks)
	}
	out := make([]SourceInfo, 0, len(sums))
	for _, s := range sums {
		out = append(out, *s)
	}
	slices.SortFunc(out, func(a, b SourceInfo) int {
		if c := compare(a.Scope, b.Scope); c != 0 {
			return c
		}
		return compare(a.Source, b.Source)
	})
	return out
}

func compare(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

func chunksOf(st *state) int {
	n := 0
	for _, e := range st.byKey {
		n += len(e.doc.Chunks)
	}
	return n
}

func sortedEntries(st *state) []*entry {
	out := make([]*entry, 0, len(st.bySeq))
	for _, e := range st.bySeq {
		out = append(out, e)
	}
	slices.SortFunc(out, func(a, b *entry) int { return int(int64(a.seq) - int64(b.seq)) })
	return out
}

func keysOf(e *entry) []string {
	keys := make([]string, len(e.doc.Chunks))
	for i := range keys {
		keys[i] = chunkKey(e.seq, i)
	}
	return keys
}
