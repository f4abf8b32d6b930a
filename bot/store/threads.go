package store

import (
	"context"
	"fmt"
	"time"
)

// Turn is one message of a thread.
type Turn struct {
	TS      string
	FromBot bool
	Text    string
	At      time.Time
}

// SaveTurn remembers one message of a thread; saving it again replaces its text.
func (s *Store) SaveTurn(ctx context.Context, channel, threadTS string, t Turn) error {
	_, err := s.exec(ctx, `INSERT INTO turns (channel, thread_ts, ts, from_bot, text, at) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (channel, thread_ts, ts) DO UPDATE SET text = excluded.text, from_bot = excluded.from_bot`,
		channel, threadTS, t.TS, boolInt(t.FromBot), t.Text, s.millis())
	return err
}

// ForgetTurn removes one message of a thread.
func (s *Store) ForgetTurn(ctx context.Context, channel, ts string) error {
	_, err := s.exec(ctx, `DELETE FROM turns WHERE channel = ? AND ts = ?`, channel, ts)
	return err
}

// Turns returns the last n messages of a thread, oldest first.
func (s *Store) Turns(ctx context.Context, channel, threadTS string, n int) ([]Turn, error) {
	rows, err := s.db.QueryContext(ctx, s.rebind(`SELECT ts, from_bot, text, at FROM turns WHERE channel = ? AND thread_ts = ? ORDER BY ts DESC LIMIT ?`),
		channel, threadTS, n)
	if err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	defer rows.Close()
	var out []Turn
	for rows.Next() {
		var t Turn
		var fromBot, ms int64
		if err := rows.Scan(&t.TS, &fromBot, &t.Text, &ms); err != nil {
			return nil, fmt.Errorf("store: %w", err)
		}
		t.FromBot, t.At = fromBot == 1, at(ms)
		out = append([]Turn{t}, out...)
	}
	return out, rows.Err()
}

// InThread reports whether the thread is one of the bot's: it was addressed there, or has spoken. Nothing else is remembered.
func (s *Store) InThread(ctx context.Context, channel, threadTS string) (bool, error) {
	var n int64
	err := s.one(ctx, `SELECT COUNT(*) FROM turns WHERE channel = ? AND thread_ts = ?`, []any{channel, threadTS}, &n)
	return n > 0, err
}

// Reply is the bot's message that answers a question.
type Reply struct {
	ThreadTS, ReplyTS string
	At                time.Time
}

// SaveReply maps the question channel+ts to its reply.
func (s *Store) SaveReply(ctx context.Context, channel, ts string, r Reply) error {
	_, err := s.exec(ctx, `INSERT INTO replies (channel, ts, thread_ts, reply_ts, at) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (channel, ts) DO UPDATE SET thread_ts = excluded.thread_ts, reply_ts = excluded.reply_ts`,
		channel, ts, r.ThreadTS, r.ReplyTS, s.millis())
	return err
}

// FindReply returns the reply to the question channel+ts, or ErrNotFound.
func (s *Store) FindReply(ctx context.Context, channel, ts string) (Reply, error) {
	var r Reply
	var ms int64
	err := s.one(ctx, `SELECT thread_ts, reply_ts, at FROM replies WHERE channel = ? AND ts = ?`, []any{channel, ts}, &r.ThreadTS, &r.ReplyTS, &ms)
	r.At = at(ms)
	return r, err
}

// ForgetReply removes the map entry of a question.
func (s *Store) ForgetReply(ctx context.Context, channel, ts string) error {
	_, err := s.exec(ctx, `DELETE FROM replies WHERE channel = ? AND ts = ?`, channel, ts)
	return err
}

func boolInt(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
