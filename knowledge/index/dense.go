package index

import (
	"context"
	"fmt"
	"strings"
	"sync"

	chromem "github.com/philippgille/chromem-go"
)

// denseLeg is the vector side: one chromem-go collection for each scope, so that a private passage is never even
// compared with a question from elsewhere. The collections live in memory; the journal makes them durable, in one file
// instead of one a passage.
type denseLeg struct {
	db *chromem.DB
	mu sync.RWMutex // chromem reads its document count without its own lock
}

func newDense() *denseLeg { return &denseLeg{db: chromem.NewDB()} }

// neverEmbed stands in for chromem's embedding function: every vector is given.
func neverEmbed(context.Context, string) ([]float32, error) {
	return nil, fmt.Errorf("index: a passage came without its vector")
}

func collectionName(scope string) string {
	if scope == "" {
		return "shared"
	}
	return "scope " + scope
}

func (d *denseLeg) add(ctx context.Context, entries []*entry) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, e := range entries {
		c, err := d.db.GetOrCreateCollection(collectionName(e.doc.Scope), nil, neverEmbed)
		if err != nil {
			return fmt.Errorf("index: %w", err)
		}
		for i, v := range e.vectors {
			// chromem keeps the slice: the vector is held once.
			if err := c.AddDocument(ctx, chromem.Document{ID: chunkKey(e.seq, i), Embedding: v}); err != nil {
				return fmt.Errorf("index: %w", err)
			}
		}
	}
	return nil
}

func (d *denseLeg) remove(ctx context.Context, e *entry) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	c := d.db.GetCollection(collectionName(e.doc.Scope), neverEmbed)
	if c == nil || len(e.doc.Chunks) == 0 {
		return nil
	}
	ids := make([]string, len(e.doc.Chunks))
	for i := range ids {
		ids[i] = chunkKey(e.seq, i)
	}
	return c.Delete(ctx, nil, nil, ids...)
}

// search returns the n nearest chunks that scope may see, by cosine.
func (d *denseLeg) search(ctx context.Context, vector []float32, scope string, n int) ([]hit, error) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	scopes := []string{""}
	if scope != "" {
		scopes = append(scopes, scope)
	}
	var hits []hit
	for _, s := range scopes {
		c := d.db.GetCollection(collectionName(s), neverEmbed)
		if c == nil || c.Count() == 0 {
			continue
		}
		res, err := c.QueryEmbedding(ctx, vector, min(n, c.Count()), nil, nil)
		if err != nil {
			return nil, fmt.Errorf("index: vector search: %w", err)
		}
		for _, r := range res {
			hits = append(hits, hit{strings.Clone(r.ID), float64(r.Similarity)})
		}
	}
	return hits, nil
}
