package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"
)

// SaveCard keeps what stands behind a card's buttons, as JSON under id.
func (s *Store) SaveCard(ctx context.Context, id string, body any) error {
	b, err := json.Marshal(body)
	if err != nil {
		return fmt.Errorf("store: encode card %s: %w", id, err)
	}
	_, err = s.exec(ctx, `INSERT INTO cards (id, body, at) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET body = excluded.body, at = excluded.at`,
		id, string(b), s.millis())
	return err
}

// LoadCard reads the card id into body, or returns ErrNotFound.
func (s *Store) LoadCard(ctx context.Context, id string, body any) error {
	var b string
	if err := s.one(ctx, `SELECT body FROM cards WHERE id = ?`, []any{id}, &b); err != nil {
		return err
	}
	if err := json.Unmarshal([]byte(b), body); err != nil {
		return fmt.Errorf("store: decode card %s: %w", id, err)
	}
	return nil
}

// SaveSettings keeps the settings of a channel, as JSON.
func (s *Store) SaveSettings(ctx context.Context, channel string, body any) error {
	b, err := json.Marshal(body)
	if err != nil {
		return fmt.Errorf("store: encode settings: %w", err)
	}
	_, err = s.exec(ctx, `INSERT INTO settings (channel, body, at) VALUES (?, ?, ?) ON CONFLICT (channel) DO UPDATE SET body = excluded.body, at = excluded.at`,
		channel, string(b), s.millis())
	return err
}

// LoadSettings reads the settings of a channel into body, or returns ErrNotFound.
func (s *Store) LoadSettings(ctx context.Context, channel string, body any) error {
	var b string
	if err := s.one(ctx, `SELECT body FROM settings WHERE channel = ?`, []any{channel}, &b); err != nil {
		return err
	}
	return json.Unmarshal([]byte(b), body)
}

// Set keeps a small value under k.
func (s *Store) Set(ctx context.Context, k, v string) error {
	_, err := s.exec(ctx, `INSERT INTO kv (k, v, at) VALUES (?, ?, ?) ON CONFLICT (k) DO UPDATE SET v = excluded.v, at = excluded.at`, k, v, s.millis())
	return err
}

// Value returns what is kept under k, or ErrNotFound.
func (s *Store) Value(ctx context.Context, k string) (string, error) {
	var v string
	err := s.one(ctx, `SELECT v FROM kv WHERE k = ?`, []any{k}, &v)
	return v, err
}

// FirstTime records key and reports whether it was new.
func (s *Store) FirstTime(ctx context.Context, key string) (bool, error) {
	n, err := s.exec(ctx, `INSERT INTO seen (key, at) VALUES (?, ?) ON CONFLICT (key) DO NOTHING`, key, s.millis())
	return n == 1, err
}

// Seen reports whether key was recorded by FirstTime.
func (s *Store) Seen(ctx context.Context, key string) (bool, error) {
	var n int64
	err := s.one(ctx, `SELECT COUNT(*) FROM seen WHERE key = ?`, []any{key}, &n)
	return n > 0, err
}

// Feedback is one person's verdict on one answer or card.
type Feedback struct {
	Subject, User, Channel string
	Verdict                string // "useful" or "not_useful"
	Reason                 string
	Question, Answer       string
	At                     time.Time
}

// SaveFeedback keeps a verdict; a later one of the same person on the same subject replaces it. The same verdict without
// a reason leaves the reason that is there: the click and the form behind it come in any order.
func (s *Store) SaveFeedback(ctx context.Context, f Feedback) error {
	_, err := s.exec(ctx, `INSERT INTO feedback (id, subject, user_id, channel, verdict, reason, question, answer, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET verdict = excluded.verdict, at = excluded.at,
			reason = CASE WHEN excluded.reason = '' AND excluded.verdict = feedback.verdict THEN feedback.reason ELSE excluded.reason END`,
		f.Subject+"\x1f"+f.User, f.Subject, f.User, f.Channel, f.Verdict, f.Reason, f.Question, f.Answer, s.millis())
	return err
}

// ListFeedback returns every verdict, oldest first.
func (s *Store) ListFeedback(ctx context.Context) ([]Feedback, error) {
	rows, err := s.db.QueryContext(ctx, `SELECT subject, user_id, channel, verdict, reason, question, answer, at FROM feedback ORDER BY at, id`)
	if err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	defer rows.Close()
	var out []Feedback
	for rows.Next() {
		var f Feedback
		var ms int64
		if err := rows.Scan(&f.Subject, &f.User, &f.Channel, &f.Verdict, &f.Reason, &f.Question, &f.Answer, &ms); err != nil {
			return nil, fmt.Errorf("store: %w", err)
		}
		f.At = at(ms)
		out = append(out, f)
	}
	return out, rows.Err()
}
