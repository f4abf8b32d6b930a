package embed

import (
	"container/list"
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/llmadvise/llmadvise/knowledge"
)

// Cache keeps the vectors of the latest texts in front of an embedder that costs a call to a server. It is safe for
// concurrent use. The embedder's name, dimensions and weight pass through.
type Cache struct {
	knowledge.Embedder
	mu    sync.Mutex
	limit int
	order *list.List // of *cachedVector, newest first
	byKey map[string]*list.Element
}

type cachedVector struct {
	text   string
	vector []float32
}

// NewCache returns a cache of at most limit texts in front of e; 0 is 4,096, about 6 MB at 384 dimensions.
func NewCache(e knowledge.Embedder, limit int) *Cache {
	if limit <= 0 {
		limit = 4096
	}
	return &Cache{Embedder: e, limit: limit, order: list.New(), byKey: map[string]*list.Element{}}
}

// Embed returns one vector for each text, in order; only those that are not kept are asked for, each once, in one
// call. Nothing is kept of a call that fails. The vectors are the caller's own.
func (c *Cache) Embed(ctx context.Context, texts []string) ([][]float32, error) {
	out := make([][]float32, len(texts))
	missing := c.lookup(texts, out)
	if len(missing) == 0 {
		return out, nil
	}
	fresh, err := c.Embedder.Embed(ctx, missing)
	if err != nil {
		return nil, err
	}
	if len(fresh) != len(missing) {
		return nil, fmt.Errorf("embed: %s gave %d vectors for %d texts", c.Model(), len(fresh), len(missing))
	}
	byText := make(map[string][]float32, len(missing))
	for i, t := range missing {
		byText[t] = fresh[i]
	}
	for i, t := range texts {
		if out[i] == nil {
			out[i] = slices.Clone(byText[t])
		}
	}
	c.keep(missing, fresh)
	return out, nil
}

// lookup fills out with what is kept and returns the distinct texts that are not.
func (c *Cache) lookup(texts []string, out [][]float32) []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var missing []string
	asked := map[string]bool{}
	for i, t := range texts {
		if el, ok := c.byKey[t]; ok {
			c.order.MoveToFront(el)
			out[i] = slices.Clone(el.Value.(*cachedVector).vector)
		} else if !asked[t] {
			asked[t] = true
			missing = append(missing, t)
		}
	}
	return missing
}

func (c *Cache) keep(texts []string, vectors [][]float32) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for i, t := range texts {
		if _, ok := c.byKey[t]; ok { // another call was quicker
			continue
		}
		c.byKey[t] = c.order.PushFront(&cachedVector{t, vectors[i]})
	}
	for c.order.Len() > c.limit {
		last := c.order.Back()
		delete(c.byKey, last.Value.(*cachedVector).text)
		c.order.Remove(last)
	}
}
