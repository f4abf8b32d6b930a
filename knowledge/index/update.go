package index

import (
	"context"
	"fmt"
	"iter"

	"github.com/llmadvise/llmadvise/knowledge"
)

const (
	// flushChunks and flushDocs bound what is held before it is made durable: a long ingest that is killed goes on from
	// its last flush.
	flushChunks = 1024
	flushDocs   = 256
	embedBatch  = 64 // texts in one call of the embedder
)

// Progress is told after each flush of a long ingest.
type Progress struct {
	Seen, Changed, Unchanged int // documents so far
	Passages                 int // embedded so far
}

// Report says what an ingest did.
type Report struct {
	Added, Updated, Unchanged, Removed int // documents
	Passages                           int // embedded
}

// Sync makes the documents of one source in one scope equal to docs: new and changed ones are embedded and taken in,
// unchanged ones cost nothing, and those that docs no longer has are dropped. It may be cut off at any time: what was
// flushed stays, nothing is dropped, and the next Sync completes. progress may be nil.
func (x *Index) Sync(ctx context.Context, source, scope string, docs iter.Seq2[knowledge.Document, error], progress func(Progress)) (Report, error) {
	if x.readOnly {
		return Report{}, ErrLocked
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	s := syncRun{x: x, ctx: ctx, seen: map[string]bool{}, progress: progress}
	for d, err := range docs {
		if err != nil {
			return s.report, err
		}
		if err := ctx.Err(); err != nil {
			return s.report, err
		}
		d.Source, d.Scope = source, scope
		if err := s.take(d); err != nil {
			return s.report, err
		}
	}
	if err := s.flush(); err != nil {
		return s.report, err
	}
	return s.report, s.dropMissing(source, scope)
}

// Remove drops every document of a source in a scope and reports how many there were.
func (x *Index) Remove(ctx context.Context, source, scope string) (int, error) {
	r, err := x.Sync(ctx, source, scope, func(func(knowledge.Document, error) bool) {}, nil)
	return r.Removed, err
}

type syncRun struct {
	x        *Index
	ctx      context.Context
	seen     map[string]bool
	pending  []*entry
	chunks   int
	report   Report
	count    Progress
	progress func(Progress)
}

func (s *syncRun) take(d knowledge.Document) error {
	key := docKey(&d)
	if s.seen[key] {
		return fmt.Errorf("two documents are called %q: give one of them another id", d.ID)
	}
	s.seen[key] = true
	s.count.Seen++
	old := s.x.live.Load().byKey[key]
	switch {
	case old != nil && old.doc.Hash == d.Hash && d.Hash != "":
		s.report.Unchanged++
		s.count.Unchanged++
		return nil
	case old != nil:
		s.report.Updated++
	default:
		s.report.Added++
	}
	s.count.Changed++
	s.pending = append(s.pending, &entry{doc: d})
	s.chunks += len(d.Chunks)
	if s.chunks >= flushChunks || len(s.pending) >= flushDocs {
		return s.flush()
	}
	return nil
}

func (s *syncRun) flush() error {
	if len(s.pending) == 0 {
		return nil
	}
	embedded, err := s.x.embedAll(s.ctx, s.pending)
	if err != nil {
		return err
	}
	if err := s.x.commit(s.ctx, s.pending, nil); err != nil {
		return err
	}
	s.report.Passages += embedded
	s.count.Passages += embedded
	s.pending, s.chunks = nil, 0
	if s.progress != nil {
		s.progress(s.count)
	}
	return nil
}

func (s *syncRun) dropMissing(source, scope string) error {
	var gone []string
	for key, e := range s.x.live.Load().byKey {
		if e.doc.Source == source && e.doc.Scope == scope && !s.seen[key] {
			gone = append(gone, key)
		}
	}
	if len(gone) == 0 {
		return nil
	}
	s.report.Removed = len(gone)
	return s.x.commit(s.ctx, nil, gone)
}

// embedAll gives entries their vectors, many texts a call, and returns how many it asked for: a passage that the last
// version of its document held keeps its vector.
func (x *Index) embedAll(ctx context.Context, entries []*entry) (int, error) {
	var texts []string
	var slots []*[]float32
	live := x.live.Load()
	for _, e := range entries {
		e.vectors = make([][]float32, len(e.doc.Chunks))
		known := vectorsByText(live.byKey[docKey(&e.doc)])
		for i := range e.doc.Chunks {
			text := searchText(&e.doc, i)
			if e.vectors[i] = known[text]; e.vectors[i] == nil {
				texts, slots = append(texts, text), append(slots, &e.vectors[i])
			}
		}
	}
	for at := 0; at < len(texts); at += embedBatch {
		part := texts[at:min(at+embedBatch, len(texts))]
		v, err := x.emb.Embed(ctx, part)
		if err != nil {
			return 0, fmt.Errorf("embed with %s: %w", x.emb.Model(), err)
		}
		if err := checkVectors(v, len(part), x.emb.Dims()); err != nil {
			return 0, err
		}
		for i := range v {
			*slots[at+i] = v[i]
		}
	}
	return len(texts), nil
}

func vectorsByText(e *entry) map[string][]float32 {
	if e == nil {
		return nil
	}
	out := make(map[string][]float32, len(e.vectors))
	for i, v := range e.vectors {
		out[searchText(&e.doc, i)] = v
	}
	return out
}

func (x *Index) embed(ctx context.Context, d *knowledge.Document) ([][]float32, error) {
	e := &entry{doc: *d}
	_, err := x.embedAll(ctx, []*entry{e})
	return e.vectors, err
}

func checkVectors(v [][]float32, n, dims int) error {
	if len(v) != n {
		return fmt.Errorf("the embedder gave %d vectors for %d texts", len(v), n)
	}
	for _, one := range v {
		if len(one) != dims {
			return fmt.Errorf("the embedder gave a vector of %d numbers instead of %d", len(one), dims)
		}
	}
	return nil
}

// commit makes puts and deletes durable, then visible, in one step for queries. x.mu is held.
func (x *Index) commit(ctx context.Context, puts []*entry, deletes []string) error {
	st := x.live.Load()
	seq := st.seq
	payloads := make([][]byte, 0, len(puts)+len(deletes))
	for _, e := range puts {
		seq++
		e.seq = seq
		payloads = append(payloads, encodePut(nil, e))
	}
	for _, key := range deletes {
		seq++
		payloads = append(payloads, encodeDelete(nil, seq, key))
	}
	if err := x.journal.append(payloads); err != nil {
		return err
	}
	// From here on the change is decided; a failure below is mended from the journal at the next start.
	if err := x.keyword.apply(puts, x.stale, seq); err != nil {
		return err
	}
	x.stale = nil
	if err := x.dense.add(ctx, puts); err != nil {
		return err
	}
	next, dead := st.next(puts, deletes, seq)
	x.live.Store(next)
	for _, e := range dead {
		x.stale = append(x.stale, keysOf(e)...)
		x.garbage += len(e.doc.Chunks)
		if err := x.dense.remove(ctx, e); err != nil {
			return err
		}
	}
	return nil
}
