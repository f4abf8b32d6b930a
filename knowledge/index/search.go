package index

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/llmadvise/llmadvise/knowledge"
)

// Mode chooses the legs of a search.
type Mode string

// Hybrid is what the product uses; the single legs are there to be compared with it.
const (
	Hybrid Mode = "hybrid"
	BM25   Mode = "bm25"
	Dense  Mode = "dense"
)

// candidates each leg contributes at the least.
const candidates = 100

// measured is how many of the first passages get their Coverage: it takes the passage's stems, and an answer is judged
// by its best passages.
const measured = 16

// Near-duplicates: passages whose vectors all but coincide and that share nearly all their words.
const (
	dupCosine  = 0.98
	dupJaccard = 0.9
)

// Search returns the k passages that bear most on query, best first: the weighted sum of both legs' scores, each
// divided by its own best. Where the embedder fails, the keyword leg answers alone.
func (x *Index) Search(ctx context.Context, query string, k int, scope knowledge.Scope) ([]knowledge.Passage, error) {
	return x.SearchMode(ctx, query, k, scope, Hybrid)
}

// SearchMode is Search with a choice of legs.
func (x *Index) SearchMode(ctx context.Context, query string, k int, scope knowledge.Scope, mode Mode) ([]knowledge.Passage, error) {
	query = strings.TrimSpace(query)
	if query == "" || k <= 0 {
		return nil, nil
	}
	for try := 0; ; try++ {
		st := x.live.Load()
		key := cacheKey{query: query, k: k, channel: scope.Channel, mode: mode, seq: st.seq}
		if ps, ok := x.cache.get(key); ok {
			return ps, nil
		}
		s := searching{x: x, st: st, scope: scope.Channel, n: max(candidates, 2*k)}
		ps, err := s.run(ctx, query, k, mode)
		if err != nil {
			return nil, err
		}
		// An update that became visible meanwhile may have taken passages of st out of the legs: ask the new state.
		if x.live.Load() != st && try < maxTries {
			continue
		}
		if !s.degraded {
			x.cache.put(key, ps)
		}
		return clonePassages(ps), nil
	}
}

// maxTries bounds how often a query starts again because the index changed under it.
const maxTries = 3

type searching struct {
	x        *Index
	st       *state
	scope    string
	n        int
	degraded bool // the embedder failed
}

// candidate is a chunk that either leg named.
type candidate struct {
	key          string
	e            *entry
	i            int
	bm25, cosine float64
	score        float64
}

func (s *searching) run(ctx context.Context, query string, k int, mode Mode) ([]knowledge.Passage, error) {
	vector, err := s.embedQuery(ctx, query, mode)
	if err != nil {
		return nil, err
	}
	var q *lexical
	var sparse, dense []hit
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) {
		if q, err = s.x.keyword.ask(gctx, query, mode != Dense); err != nil || mode == Dense {
			return err
		}
		sparse, err = q.best(s.n, s.visible)
		return err
	})
	if vector != nil && mode != BM25 {
		g.Go(func() (err error) { dense, err = s.x.dense.search(gctx, vector, s.scope, s.n); return err })
	}
	err = g.Wait()
	if q != nil {
		defer q.close()
	}
	if err != nil {
		return nil, err
	}
	cs, err := s.gather(q, sparse, dense, vector)
	if err != nil {
		return nil, err
	}
	cs = distinct(fuse(cs, s.weight(mode, vector)), k)
	return s.passages(q, cs), nil
}

// weight is the dense leg's share in the score.
func (s *searching) weight(mode Mode, vector []float32) float64 {
	switch {
	case mode == BM25 || vector == nil:
		return 0
	case mode == Dense:
		return 1
	}
	return s.x.emb.DenseWeight()
}

// visible reports whether the chunk is live and may be shown where the question was asked.
func (s *searching) visible(key string) bool {
	e, _ := s.st.chunk(key)
	return e != nil && (e.doc.Scope == "" || e.doc.Scope == s.scope)
}

func (s *searching) embedQuery(ctx context.Context, query string, mode Mode) ([]float32, error) {
	if mode == BM25 && s.x.emb == nil {
		return nil, nil
	}
	v, err := s.x.emb.Embed(ctx, []string{query})
	if err == nil {
		err = checkVectors(v, 1, s.x.emb.Dims())
	}
	if err == nil {
		return v[0], nil
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if mode == Dense {
		return nil, fmt.Errorf("index: embed the question: %w", err)
	}
	s.degraded = true
	s.x.log.Warn("the embedder does not answer: searching by words alone", "model", s.x.emb.Model(), "err", err)
	return nil, nil
}

// gather joins both lists, drops what is no longer live, and gives every candidate its score in either leg, whichever
// of them named it.
func (s *searching) gather(q *lexical, sparse, dense []hit, vector []float32) ([]*candidate, error) {
	seen := make(map[string]bool, len(sparse)+len(dense))
	var out []*candidate
	see := func(h hit, bm25 float64) {
		if seen[h.key] || !s.visible(h.key) {
			return
		}
		seen[h.key] = true
		e, i := s.st.chunk(h.key)
		out = append(out, &candidate{key: h.key, e: e, i: i, bm25: bm25, cosine: dot(vector, e.vectors[i])})
	}
	for _, h := range sparse {
		see(h, h.score)
	}
	for _, h := range dense {
		bm25, err := q.score(h.key)
		if err != nil {
			return nil, err
		}
		see(h, bm25)
	}
	return out, nil
}

func dot(a, b []float32) float64 {
	if len(a) != len(b) {
		return 0
	}
	var s0, s1, s2, s3 float32 // four sums: one would wait for itself at each step
	for len(a) >= 4 && len(b) >= 4 {
		s0 += a[0] * b[0]
		s1 += a[1] * b[1]
		s2 += a[2] * b[2]
		s3 += a[3] * b[3]
		a, b = a[4:], b[4:]
	}
	for i := range a {
		s0 += a[i] * b[i]
	}
	return float64(s0 + s1 + s2 + s3)
}

// fuse scores candidates by (1-weight)*bm25 + weight*cosine, each over its own maximum, and sorts them.
func fuse(cs []*candidate, weight float64) []*candidate {
	var topB, topC float64
	for _, c := range cs {
		topB, topC = max(topB, c.bm25), max(topC, c.cosine)
	}
	over := func(v, top float64) float64 {
		if top <= 0 {
			return 0
		}
		return v / top
	}
	for _, c := range cs {
		c.score = (1-weight)*over(c.bm25, topB) + weight*over(c.cosine, topC)
	}
	slices.SortFunc(cs, func(a, b *candidate) int {
		if c := cmp.Compare(b.score, a.score); c != 0 {
			return c
		}
		if c := cmp.Compare(a.e.doc.ID, b.e.doc.ID); c != 0 { // ties must not depend on the order of ingest
			return c
		}
		return cmp.Compare(a.i, b.i)
	})
	return cs
}

// distinct keeps the first k candidates that say something new.
func distinct(cs []*candidate, k int) []*candidate {
	var out []*candidate
	for _, c := range cs {
		if len(out) == k {
			break
		}
		if !slices.ContainsFunc(out, func(o *candidate) bool { return repeats(c, o) }) {
			out = append(out, c)
		}
	}
	return out
}

func repeats(a, b *candidate) bool {
	if dot(a.e.vectors[a.i], b.e.vectors[b.i]) < dupCosine {
		return false
	}
	ta, tb := a.e.doc.Chunks[a.i].Text, b.e.doc.Chunks[b.i].Text
	return jaccard(ta, tb) >= dupJaccard && slices.Equal(figures(ta), figures(tb))
}

// figures returns the words of s that hold a digit: passages that differ in one contradict each other, and both count.
func figures(s string) []string {
	f := strings.Fields(s)
	return slices.DeleteFunc(f, func(w string) bool { return !strings.ContainsAny(w, "0123456789") })
}

// jaccard is the share of distinct words that two texts have in common.
func jaccard(a, b string) float64 {
	words := map[string]uint8{}
	for _, w := range strings.Fields(strings.ToLower(a)) {
		words[w] |= 1
	}
	for _, w := range strings.Fields(strings.ToLower(b)) {
		words[w] |= 2
	}
	if len(words) == 0 {
		return 1
	}
	both := 0
	for _, m := range words {
		if m == 3 {
			both++
		}
	}
	return float64(both) / float64(len(words))
}

func (s *searching) passages(q *lexical, cs []*candidate) []knowledge.Passage {
	out := make([]knowledge.Passage, len(cs))
	for i, c := range cs {
		d, ch := &c.e.doc, &c.e.doc.Chunks[c.i]
		text := withNeighbour(c, cs)
		out[i] = knowledge.Passage{
			ID: ch.ID, Document: d.ID, Title: d.Title, Heading: ch.Heading, Text: text, Asked: ch.Asked, Date: d.Date,
			Attribution: d.Attribution, URL: d.URL, Score: c.score, Cosine: c.cosine,
		}
		if i < measured {
			out[i].Coverage = coverage(q.terms, q.weights, s.x.keyword.terms(searchText(d, c.i)))
		}
	}
	return out
}

// shortPiece words: a passage of fewer, left over where a long section was cut, says little without what it was cut from.
const shortPiece = 60

// withNeighbour returns the text of c, with that of the piece before it (or else after it) where both come from one
// section that was cut and c is short. A neighbour that was found itself is not repeated.
func withNeighbour(c *candidate, found []*candidate) string {
	chunks := c.e.doc.Chunks
	own := &chunks[c.i]
	if len(strings.Fields(own.Text)) >= shortPiece {
		return own.Text
	}
	for _, j := range []int{c.i - 1, c.i + 1} {
		if j < 0 || j >= len(chunks) || !slices.Equal(chunks[j].Heading, own.Heading) {
			continue
		}
		if slices.ContainsFunc(found, func(o *candidate) bool { return o.e == c.e && o.i == j }) {
			continue
		}
		if j < c.i {
			return chunks[j].Text + "\n\n" + own.Text
		}
		return own.Text + "\n\n" + chunks[j].Text
	}
	return own.Text
}

// coverage is the share of the question's terms, weighted by rarity, that the passage says.
func coverage(terms []string, weights []float64, passage []string) float64 {
	have := make(map[string]bool, len(passage))
	for _, t := range passage {
		have[t] = true
	}
	var hit, all float64
	for i, t := range terms {
		all += weights[i]
		if have[t] {
			hit += weights[i]
		}
	}
	if all == 0 {
		return 0
	}
	return hit / all
}
