package store

import (
	"context"
	"time"
)

// Retention of what is only needed for a while. Settings, feedback and small values stay.
const (
	// PostsKept is far beyond Slack's last redelivery (5 minutes): it is what keeps an answer from being given twice.
	PostsKept   = 30 * 24 * time.Hour
	ThreadsKept = 90 * 24 * time.Hour
	CardsKept   = 180 * 24 * time.Hour
)

// Prune forgets what is past its retention and returns the number of rows removed.
func (s *Store) Prune(ctx context.Context) (int64, error) {
	var total int64
	for _, t := range []struct {
		query string
		keep  time.Duration
	}{
		{`DELETE FROM posts WHERE at < ?`, PostsKept},
		{`DELETE FROM seen WHERE at < ?`, PostsKept},
		{`DELETE FROM turns WHERE at < ?`, ThreadsKept},
		{`DELETE FROM replies WHERE at < ?`, ThreadsKept},
		{`DELETE FROM cards WHERE at < ?`, CardsKept},
		{`DELETE FROM kv WHERE k LIKE 'thread_card:%' AND at < ?`, ThreadsKept},
	} {
		n, err := s.exec(ctx, t.query, s.now().Add(-t.keep).UnixMilli())
		if err != nil {
			return total, err
		}
		total += n
	}
	return total, nil
}
