package index

import (
	"container/heap"
	"context"
	"fmt"
	"math"

	indexapi "github.com/blevesearch/bleve_index_api"
)

// BM25's usual parameters: how soon repetition stops counting, and how much long passages are marked down. They are not
// fitted to any set.
//
// Source: Robertson and Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond, 2009, section 3.2.
const (
	bm25K1 = 1.2
	bm25B  = 0.75
)

// lengths holds what BM25 needs to know of all chunks, for one state of the leg.
type lengths struct {
	applied int64
	mean    float64 // stems a chunk
}

// hit is one candidate of a leg.
type hit struct {
	key   string
	score float64
}

// lexical is one question asked of the keyword leg: its terms with their weights, and the score of every chunk that
// holds one. The caller closes it.
//
// bleve's own scoring is not used: it takes the root of the term frequency, the number of distinct words of the whole
// index for the sum of all lengths, and each inverse document frequency squared (v2.6.3, scorer_term.go and
// search_term.go), which costs one to three points of nDCG.
type lexical struct {
	leg     *keywordLeg
	reader  indexapi.IndexReader
	applied int64
	terms   []string
	weights []float64 // inverse document frequency of each term
	scores  []float64 // by bleve's number of the chunk, zero for the others
	found   []uint64  // numbers with a score
}

// ask reads the terms of text and their weights; with score it scores the chunks too.
func (k *keywordLeg) ask(ctx context.Context, text string, score bool) (*lexical, error) {
	applied := k.applied.Load() // before the reader: lengths may be too old for their number, never too new
	adv, err := k.ix.Advanced()
	if err != nil {
		return nil, fmt.Errorf("index: %w", err)
	}
	r, err := adv.Reader()
	if err != nil {
		return nil, fmt.Errorf("index: %w", err)
	}
	q := &lexical{leg: k, reader: r, applied: applied, terms: k.terms(text)}
	if s, ok := k.scores.Get().(*[]float64); ok {
		q.scores = *s
	}
	if err := q.run(ctx, score); err != nil {
		q.close()
		return nil, err
	}
	return q, nil
}

// close gives the reader and the scores back.
func (q *lexical) close() {
	_ = q.reader.Close()
	for _, n := range q.found {
		q.scores[n] = 0
	}
	s := q.scores
	q.leg.scores.Put(&s)
}

func (q *lexical) run(ctx context.Context, score bool) error {
	count, err := q.reader.DocCount()
	if err != nil {
		return fmt.Errorf("index: %w", err)
	}
	mean, err := q.meanLength(ctx)
	if err != nil {
		return err
	}
	q.weights = make([]float64, len(q.terms))
	for i, t := range q.terms {
		if err := ctx.Err(); err != nil {
			return err
		}
		if q.weights[i], err = q.term(ctx, t, float64(count), mean, score); err != nil {
			return fmt.Errorf("index: keyword search: %w", err)
		}
	}
	return nil
}

// term returns the weight of t: what only few passages say weighs most, and a word that no passage says weighs as much
// as one that a single passage says. With score it adds its share to every chunk that holds it.
func (q *lexical) term(ctx context.Context, t string, count, mean float64, score bool) (float64, error) {
	r, err := q.reader.TermFieldReader(ctx, []byte(t), fieldText, score, score, false)
	if err != nil {
		return 0, err
	}
	defer r.Close()
	df := max(float64(r.Count()), 1)
	idf := math.Log(1 + (count-df+0.5)/(df+0.5))
	if !score {
		return idf, nil
	}
	var p indexapi.TermFieldDoc
	for {
		d, err := r.Next(&p)
		if err != nil || d == nil {
			return idf, err
		}
		tf, length := float64(d.Freq), chunkLength(d)
		q.add(d.ID.Value(), idf*tf*(bm25K1+1)/(tf+bm25K1*(1-bm25B+bm25B*length/mean)))
	}
}

// chunkLength returns the number of stems, which bleve keeps as the inverse of its root, less the one that marks it.
func chunkLength(d *indexapi.TermFieldDoc) float64 { return 1/(d.Norm*d.Norm) - 1 }

func (q *lexical) add(n uint64, v float64) {
	if n >= uint64(len(q.scores)) {
		q.scores = append(q.scores, make([]float64, int(n)+1024)...)
	}
	if q.scores[n] == 0 {
		q.found = append(q.found, n)
	}
	q.scores[n] += v
}

// meanLength reads the lengths of all chunks once after each update.
func (q *lexical) meanLength(ctx context.Context) (float64, error) {
	if l := q.leg.lengths.Load(); l != nil && l.applied == q.applied {
		return l.mean, nil
	}
	r, err := q.reader.TermFieldReader(ctx, []byte(everyChunk), fieldText, true, true, false)
	if err != nil {
		return 0, fmt.Errorf("index: %w", err)
	}
	defer r.Close()
	var p indexapi.TermFieldDoc
	sum, n := 0.0, 0.0
	for {
		d, err := r.Next(&p)
		if err != nil {
			return 0, fmt.Errorf("index: %w", err)
		}
		if d == nil {
			break
		}
		sum, n = sum+chunkLength(d), n+1
	}
	mean := max(sum/max(n, 1), 1)
	q.leg.lengths.Store(&lengths{q.applied, mean})
	return mean, nil
}

// best returns the n best chunks among those that visible lets through.
func (q *lexical) best(n int, visible func(key string) bool) ([]hit, error) {
	h := ranking{q.found, q.scores}
	heap.Init(&h)
	var out []hit
	for len(out) < n && h.Len() > 0 {
		at := h.found[0]
		heap.Pop(&h)
		key, err := q.reader.ExternalID(indexapi.NewIndexInternalID(nil, at))
		if err != nil {
			return nil, fmt.Errorf("index: keyword search: %w", err)
		}
		if visible(key) {
			out = append(out, hit{key, q.scores[at]})
		}
	}
	return out, nil
}

// score returns what BM25 gives a chunk that the other leg named.
func (q *lexical) score(key string) (float64, error) {
	id, err := q.reader.InternalID(key)
	if err != nil {
		return 0, fmt.Errorf("index: %w", err)
	}
	if id == nil || id.Value() >= uint64(len(q.scores)) {
		return 0, nil
	}
	return q.scores[id.Value()], nil
}

// ranking is a heap of chunk numbers, best first; the older chunk first where scores are equal.
type ranking struct {
	found  []uint64
	scores []float64
}

func (r *ranking) Len() int { return len(r.found) }
func (r *ranking) Less(i, j int) bool {
	a, b := r.found[i], r.found[j]
	return r.scores[a] > r.scores[b] || r.scores[a] == r.scores[b] && a < b
}
func (r *ranking) Swap(i, j int) { r.found[i], r.found[j] = r.found[j], r.found[i] }
func (r *ranking) Push(any)      { panic("index: a ranking only shrinks") }
func (r *ranking) Pop() any {
	r.found = r.found[:len(r.found)-1]
	return nil
}
