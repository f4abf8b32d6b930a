package index

import (
	"maps"
	"strconv"
	"strings"

	"github.com/llmadvise/llmadvise/knowledge"
)

// state is the set of live documents at one moment. It is never changed: an update makes the next one, and a query
// keeps the one that it started with.
type state struct {
	byKey map[string]*entry // by docKey
	bySeq map[uint64]*entry
	seq   uint64 // of the newest record
}

func newState() *state { return &state{byKey: map[string]*entry{}, bySeq: map[uint64]*entry{}} }

// docKey keeps documents apart that bear one name: two channels may add the same file, and two folders may both hold
// a README.md. No source can so take the place of another's document, least of all of a built-in one.
func docKey(d *knowledge.Document) string { return d.Scope + "\x00" + d.Source + "\x00" + d.ID }

// chunkKey names chunk i of the document that record seq wrote.
func chunkKey(seq uint64, i int) string {
	return strconv.FormatUint(seq, 36) + "." + strconv.Itoa(i)
}

// chunk resolves a key; nil where the document is not live in s.
func (s *state) chunk(key string) (*entry, int) {
	a, b, ok := strings.Cut(key, ".")
	if !ok {
		return nil, 0
	}
	seq, err := strconv.ParseUint(a, 36, 64)
	if err != nil {
		return nil, 0
	}
	i, err := strconv.Atoi(b)
	e := s.bySeq[seq]
	if err != nil || e == nil || i < 0 || i >= len(e.doc.Chunks) {
		return nil, 0
	}
	return e, i
}

// next returns a copy of s with puts and deletes taken in, and the entries that are no longer live.
func (s *state) next(puts []*entry, deletes []string, seq uint64) (*state, []*entry) {
	n := &state{byKey: maps.Clone(s.byKey), bySeq: maps.Clone(s.bySeq), seq: seq}
	var dead []*entry
	drop := func(key string) {
		if old := n.byKey[key]; old != nil {
			dead = append(dead, old)
			delete(n.byKey, key)
			delete(n.bySeq, old.seq)
		}
	}
	for _, key := range deletes {
		drop(key)
	}
	for _, e := range puts {
		key := docKey(&e.doc)
		drop(key)
		n.byKey[key] = e
		n.bySeq[e.seq] = e
	}
	return n, dead
}
