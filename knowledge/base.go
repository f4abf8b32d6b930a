package knowledge

import (
	"context"
	"errors"
	"log/slog"
	"time"
)

// Options tune a Base. The zero value works.
type Options struct {
	Passages    int           // passages given to the answer; 0 is 6
	Timeout     time.Duration // of one generation, from leaving the queue to the last word; 0 is 90 s
	Concurrency int           // generations at a time; 0 is 1
	QueueLimit  int           // questions that may wait; 0 is 32
	Embedder    Embedder      // judges single sentences in composed answers; nil judges by words alone
}

// Base is the knowledge base. It is safe for concurrent use.
type Base struct {
	log   *slog.Logger
	index Index
	gen   Generator
	opts  Options
}

// New returns a knowledge base over index. gen may be nil: answers are then composed from the passages.
func New(log *slog.Logger, index Index, gen Generator, opts Options) *Base {
	return &Base{log: log, index: index, gen: gen, opts: opts}
}

// Retrieve returns the passages for q, best first, at most k. Passages without evidence that they bear on the question
// are left out, so the result may be empty.
func (b *Base) Retrieve(ctx context.Context, q Question, k int) ([]Passage, error) {
	return b.index.Search(ctx, q.Text, k, q.Scope)
}

// Answer answers q. st may be nil. Every sentence is checked before st sees it.
func (b *Base) Answer(ctx context.Context, q Question, st Stream) (Answer, error) {
	return Answer{}, errors.New("knowledge: answers are not built yet")
}
