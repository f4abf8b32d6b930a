package store

import (
	"context"
	"time"
)

// PostState says how far a message got.
type PostState string

// A message that was intended may or may not have reached Slack; one that is done has.
const (
	PostIntent PostState = "intent"
	PostDone   PostState = "done"
)

// Post is the record of one message that the bot sends, under the key of the job that sends it.
type Post struct {
	Key                   string
	State                 PostState
	Node                  string
	Channel, ThreadTS, TS string // TS is "" where Slack names none
	At                    time.Time
}

// IntendPost records that key is about to be sent. An existing record stays as it is, its state included.
func (s *Store) IntendPost(ctx context.Context, key, node, channel, threadTS string) error {
	_, err := s.exec(ctx, `INSERT INTO posts (key, state, node, channel, thread_ts, ts, at) VALUES (?, 'intent', ?, ?, ?, '', ?)
		ON CONFLICT (key) DO UPDATE SET node = excluded.node, at = excluded.at WHERE posts.state = 'intent'`,
		key, node, channel, threadTS, s.millis())
	return err
}

// NotePost records the ts of a message that exists but is not complete yet: a stream that was opened.
func (s *Store) NotePost(ctx context.Context, key, ts string) error {
	_, err := s.exec(ctx, `UPDATE posts SET ts = ? WHERE key = ? AND state = 'intent'`, ts, key)
	return err
}

// FinishPost records that key has reached Slack as ts.
func (s *Store) FinishPost(ctx context.Context, key, channel, threadTS, ts string) error {
	_, err := s.exec(ctx, `INSERT INTO posts (key, state, node, channel, thread_ts, ts, at) VALUES (?, 'done', '', ?, ?, ?, ?)
		ON CONFLICT (key) DO UPDATE SET state = 'done', channel = excluded.channel, thread_ts = excluded.thread_ts, ts = excluded.ts, at = excluded.at`,
		key, channel, threadTS, ts, s.millis())
	return err
}

// FindPost returns the record of key, or ErrNotFound.
func (s *Store) FindPost(ctx context.Context, key string) (Post, error) {
	p := Post{Key: key}
	var ms int64
	err := s.one(ctx, `SELECT state, node, channel, thread_ts, ts, at FROM posts WHERE key = ?`, []any{key},
		&p.State, &p.Node, &p.Channel, &p.ThreadTS, &p.TS, &ms)
	p.At = at(ms)
	return p, err
}
