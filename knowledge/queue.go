package knowledge

import (
	"context"
	"errors"
	"fmt"
	"sync"
)

// ErrBusy is returned when the queue in front of the model is full.
var ErrBusy = errors.New("too many questions are waiting for the model; ask again in a minute")

// queue lets at most n holders work at a time; the others wait in the order they came, and hear when they move up.
type queue struct {
	mu    sync.Mutex
	free  int
	limit int
	wait  []*waiter
}

type waiter struct {
	ready chan struct{} // closed when it is this waiter's turn
	moved chan int      // how many are ahead; holds the newest
}

func newQueue(n, limit int) *queue { return &queue{free: n, limit: limit} }

// enter waits for a place. ahead, if not nil, is told how many are in front, at first and whenever that changes. The
// returned function gives the place back and must be called once.
func (q *queue) enter(ctx context.Context, ahead func(n int)) (leave func(), err error) {
	q.mu.Lock()
	if q.free > 0 {
		q.free--
		q.mu.Unlock()
		return q.leave, nil
	}
	if len(q.wait) >= q.limit {
		q.mu.Unlock()
		return nil, ErrBusy
	}
	w := &waiter{ready: make(chan struct{}), moved: make(chan int, 1)}
	q.wait = append(q.wait, w)
	w.moved <- len(q.wait)
	q.mu.Unlock()
	for {
		select {
		case <-w.ready:
			return q.leave, nil
		case n := <-w.moved:
			if ahead != nil {
				ahead(n)
			}
		case <-ctx.Done():
			q.abandon(w)
			return nil, ctx.Err()
		}
	}
}

// leave hands the place to the first in line.
func (q *queue) leave() {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.wait) == 0 {
		q.free++
		return
	}
	close(q.wait[0].ready)
	q.wait = q.wait[1:]
	q.tell()
}

// abandon takes w out of the line, or passes its place on if its turn came at the same moment.
func (q *queue) abandon(w *waiter) {
	q.mu.Lock()
	for i, other := range q.wait {
		if other == w {
			q.wait = append(q.wait[:i:i], q.wait[i+1:]...)
			q.tell()
			q.mu.Unlock()
			return
		}
	}
	q.mu.Unlock()
	q.leave()
}

// tell gives every waiter its place in line; an older number that was not read yet is replaced.
func (q *queue) tell() {
	for i, w := range q.wait {
		select {
		case <-w.moved:
		default:
		}
		w.moved <- i + 1
	}
}

func aheadText(n int) string {
	if n == 1 {
		return "1 ahead of you"
	}
	return fmt.Sprintf("%d ahead of you", n)
}
