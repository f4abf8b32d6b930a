package index

import (
	"maps"
	"strconv"
	"strings"
)

// state is the set of live documents at one moment. It is never changed: an update makes the next one, and a query
// keeps the one that it started with.
type state struct {
	byID  map[string]*entry // by scope and document id
	bySeq map[uint64]*entry
	seq   uint64 // of the newest record
}

func newState() *state { return &state{byID: map[string]*entry{}, bySeq: map[uint64]*entry{}} }

// docKey keeps documents of different scopes apart: two channels may add the same file.
func docKey(scope, id string) string { return scope + "\x00" + id }

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
	n := &state{byID: maps.Clone(s.byID), bySeq: maps.Clone(s.bySeq), seq: seq}
	var dead []*entry
	drop := func(key string) {
		if old := n.byID[key]; old != nil {
			dead = append(dead, old)
			delete(n.byID, key)
			delete(n.bySeq, old.seq)
		}
	}
	for _, key := range deletes {
		drop(key)
	}
	for _, e := range puts {
		key := docKey(e.doc.Scope, e.doc.ID)
		drop(key)
		n.byID[key] = e
		n.bySeq[e.seq] = e
	}
	return n, dead
}
