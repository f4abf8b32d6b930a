package bot

import (
	"context"
	"errors"
	"sync"
)

// errDeleted ends an answer whose question was deleted.
var errDeleted = errors.New("bot: the question was deleted")

// making are the answers that this process is making, by channel and ts of their question. The zero value works.
type making struct {
	mu  sync.Mutex
	end map[string]context.CancelCauseFunc
}

func makingKey(env envelope) string { return env.Channel + ":" + env.TS }

// begin returns a context that ends with the question; done must be called when the answer is made.
func (m *making) begin(ctx context.Context, key string) (_ context.Context, done func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.end == nil {
		m.end = map[string]context.CancelCauseFunc{}
	}
	m.end[key] = cancel
	return ctx, func() {
		m.mu.Lock()
		delete(m.end, key)
		m.mu.Unlock()
		cancel(nil)
	}
}

// stop ends the answer to a deleted question, and with it the model's work.
func (m *making) stop(key string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if cancel := m.end[key]; cancel != nil {
		cancel(errDeleted)
	}
}
