package index

import (
	"container/list"
	"slices"
	"sync"

	"github.com/llmadvise/llmadvise/knowledge"
)

// cacheKey names a query against one state of the index: an update makes every older answer unreachable.
type cacheKey struct {
	query, channel string
	k              int
	mode           Mode
	seq            uint64
}

// queryCache keeps the answers to the latest distinct queries.
type queryCache struct {
	mu    sync.Mutex
	limit int
	order *list.List // of *cached, newest first
	byKey map[cacheKey]*list.Element
}

type cached struct {
	key      cacheKey
	passages []knowledge.Passage
}

func newQueryCache(limit int) *queryCache {
	if limit == 0 {
		limit = 512
	}
	return &queryCache{limit: limit, order: list.New(), byKey: map[cacheKey]*list.Element{}}
}

func (c *queryCache) get(k cacheKey) ([]knowledge.Passage, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	el, ok := c.byKey[k]
	if !ok {
		return nil, false
	}
	c.order.MoveToFront(el)
	return clonePassages(el.Value.(*cached).passages), true
}

func (c *queryCache) put(k cacheKey, ps []knowledge.Passage) {
	if c.limit < 0 {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if el, ok := c.byKey[k]; ok {
		el.Value.(*cached).passages = ps
		return
	}
	c.byKey[k] = c.order.PushFront(&cached{k, ps})
	for c.order.Len() > c.limit {
		last := c.order.Back()
		delete(c.byKey, last.Value.(*cached).key)
		c.order.Remove(last)
	}
}

// clonePassages keeps a caller from changing what others will be given; headings and texts are never written to.
func clonePassages(ps []knowledge.Passage) []knowledge.Passage { return slices.Clone(ps) }
