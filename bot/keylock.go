package bot

import (
	"context"
	"sync"
)

// keyLock lets one job at a time work on one conversation. The zero value works. It holds within one process: with
// several replicas two jobs of a thread may overlap, which costs a follow-up the last turn of its history at worst.
type keyLock struct {
	mu   sync.Mutex
	held map[string]chan struct{}

	waiting int // on any key
}

func (l *keyLock) lock(ctx context.Context, key string) (unlock func(), err error) {
	for {
		l.mu.Lock()
		if l.held == nil {
			l.held = map[string]chan struct{}{}
		}
		other, busy := l.held[key]
		if !busy {
			mine := make(chan struct{})
			l.held[key] = mine
			l.mu.Unlock()
			return func() {
				l.mu.Lock()
				delete(l.held, key)
				l.mu.Unlock()
				close(mine)
			}, nil
		}
		l.waiting++
		l.mu.Unlock()
		select {
		case <-ctx.Done():
		case <-other:
		}
		l.mu.Lock()
		l.waiting--
		l.mu.Unlock()
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
	}
}
