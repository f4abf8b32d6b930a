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
		l.mu.Unlock()
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-other:
		}
	}
}
