package store

import (
	"context"
	"strconv"
	"strings"
	"time"
)

// Retention of what is only needed for a while. Settings, feedback and small values stay.
const (
	// PostsKept is far beyond Slack's last redelivery (5 minutes): it is what keeps an answer from being given twice.
	PostsKept   = 30 * 24 * time.Hour
	ThreadsKept = 90 * 24 * time.Hour
	CardsKept   = 180 * 24 * time.Hour
	// SnapshotsKept is for how long every snapshot of the prices stays; of older ones the last of each week does. The
	// history of prices stays whole.
	SnapshotsKept = 30 * 24 * time.Hour
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
	n, err := s.thinSnapshots(ctx)
	return total + n, err
}

// thinSnapshots keeps, beside the last of each week, those that a channel was told last: its next digest measures from them.
func (s *Store) thinSnapshots(ctx context.Context) (int64, error) {
	const week = 7 * 24 * time.Hour
	before := s.now().Add(-SnapshotsKept).UnixMilli()
	args := []any{before, before}
	list, err := s.Schedules(ctx)
	if err != nil {
		return 0, err
	}
	for _, sch := range list {
		args = append(args, sch.Snapshot)
	}
	return s.exec(ctx, `DELETE FROM snapshots WHERE at < ? AND at NOT IN (SELECT MAX(at) FROM snapshots WHERE at < ? GROUP BY at / `+
		strconv.FormatInt(week.Milliseconds(), 10)+`) AND at NOT IN (0`+strings.Repeat(", ?", len(list))+`)`, args...)
}
