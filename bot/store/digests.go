package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
)

// SaveWatch keeps a channel's watched scenario under its name.
func (s *Store) SaveWatch(ctx context.Context, channel, name string, body any) error {
	b, err := json.Marshal(body)
	if err != nil {
		return fmt.Errorf("store: encode watch: %w", err)
	}
	_, err = s.exec(ctx, `INSERT INTO watches (channel, name, body, at) VALUES (?, ?, ?, ?) ON CONFLICT (channel, name) DO UPDATE SET body = excluded.body`,
		channel, name, string(b), s.millis())
	return err
}

// UpdateWatch reads a watch into body, lets change alter it, and keeps it where change reports true: in one transaction, so
// that two writers do not undo each other. ErrNotFound where there is no such watch.
func (s *Store) UpdateWatch(ctx context.Context, channel, name string, body any, change func() bool) error {
	return s.inTx(ctx, func(tx *sql.Tx) error {
		var raw string
		if err := s.locked(ctx, tx, `SELECT body FROM watches WHERE channel = ? AND name = ?`, []any{channel, name}, &raw); err != nil {
			return err
		}
		if err := json.Unmarshal([]byte(raw), body); err != nil {
			return fmt.Errorf("store: decode watch: %w", err)
		}
		if !change() {
			return nil
		}
		b, err := json.Marshal(body)
		if err != nil {
			return fmt.Errorf("store: encode watch: %w", err)
		}
		_, err = tx.ExecContext(ctx, s.rebind(`UPDATE watches SET body = ? WHERE channel = ? AND name = ?`), string(b), channel, name)
		return err
	})
}

// RemoveWatch forgets a watch and reports whether there was one.
func (s *Store) RemoveWatch(ctx context.Context, channel, name string) (bool, error) {
	n, err := s.exec(ctx, `DELETE FROM watches WHERE channel = ? AND name = ?`, channel, name)
	return n > 0, err
}

// Watches yields the JSON of a channel's watches in the order in which they were saved; "" yields those of all channels.
func (s *Store) Watches(ctx context.Context, channel string) ([]json.RawMessage, error) {
	rows, err := s.db.QueryContext(ctx, s.rebind(`SELECT body FROM watches WHERE channel = ? OR ? = '' ORDER BY channel, at, name`), channel, channel)
	if err != nil {
		return nil, fmt.Errorf("store: watches: %w", err)
	}
	defer rows.Close()
	var out []json.RawMessage
	for rows.Next() {
		var b string
		if err := rows.Scan(&b); err != nil {
			return nil, fmt.Errorf("store: watches: %w", err)
		}
		out = append(out, json.RawMessage(b))
	}
	return out, rows.Err()
}

// Schedule is a channel's digest.
type Schedule struct {
	Channel string `json:"channel"`
	Spec    string `json:"spec"` // cron
	Zone    string `json:"zone"` // IANA
	Owner   string `json:"owner"`
	Silent  bool   `json:"silent,omitempty"` // post nothing where nothing moved
	Paused  string `json:"paused,omitempty"` // why; "" at work
	// PausedAt is when; Untold says that the owner was not told of it yet.
	PausedAt int64    `json:"paused_at,omitempty"` // Unix, milliseconds
	Untold   bool     `json:"untold,omitempty"`
	Tips     []string `json:"tips,omitempty"`     // ids of the tips given lately, the newest last
	Snapshot int64    `json:"snapshot,omitempty"` // id of the prices that were told last; 0 the built-in catalog
	Last     string   `json:"-"`                  // the newest period that was told
}

// SaveSchedule keeps a channel's digest. Last only ever grows: a job that comes late cannot wind it back.
func (s *Store) SaveSchedule(ctx context.Context, sch Schedule) error {
	b, err := json.Marshal(sch)
	if err != nil {
		return fmt.Errorf("store: encode schedule: %w", err)
	}
	_, err = s.exec(ctx, `INSERT INTO schedules (channel, body, last_period, at) VALUES (?, ?, ?, ?)
		ON CONFLICT (channel) DO UPDATE SET body = excluded.body,
			last_period = CASE WHEN schedules.last_period > excluded.last_period THEN schedules.last_period ELSE excluded.last_period END`,
		sch.Channel, string(b), sch.Last, s.millis())
	return err
}

// UpdateSchedule lets change alter a channel's digest in one transaction. ErrNotFound where it has none.
func (s *Store) UpdateSchedule(ctx context.Context, channel string, change func(*Schedule)) error {
	return s.inTx(ctx, func(tx *sql.Tx) error {
		var body, last string
		if err := s.locked(ctx, tx, `SELECT body, last_period FROM schedules WHERE channel = ?`, []any{channel}, &body, &last); err != nil {
			return err
		}
		sch, err := decodeSchedule(body, last)
		if err != nil {
			return err
		}
		change(&sch)
		b, err := json.Marshal(sch)
		if err != nil {
			return fmt.Errorf("store: encode schedule: %w", err)
		}
		_, err = tx.ExecContext(ctx, s.rebind(`UPDATE schedules SET body = ?, last_period = ? WHERE channel = ?`), string(b), max(last, sch.Last), channel)
		return err
	})
}

// LoadSchedule returns a channel's digest, or ErrNotFound.
func (s *Store) LoadSchedule(ctx context.Context, channel string) (Schedule, error) {
	var body, last string
	if err := s.one(ctx, `SELECT body, last_period FROM schedules WHERE channel = ?`, []any{channel}, &body, &last); err != nil {
		return Schedule{}, err
	}
	return decodeSchedule(body, last)
}

func decodeSchedule(body, last string) (Schedule, error) {
	var sch Schedule
	if err := json.Unmarshal([]byte(body), &sch); err != nil {
		return Schedule{}, fmt.Errorf("store: decode schedule: %w", err)
	}
	sch.Last = last
	return sch, nil
}

// Schedules returns every channel's digest.
func (s *Store) Schedules(ctx context.Context) ([]Schedule, error) {
	rows, err := s.db.QueryContext(ctx, `SELECT body, last_period FROM schedules ORDER BY channel`)
	if err != nil {
		return nil, fmt.Errorf("store: schedules: %w", err)
	}
	defer rows.Close()
	var out []Schedule
	for rows.Next() {
		var body, last string
		if err := rows.Scan(&body, &last); err != nil {
			return nil, fmt.Errorf("store: schedules: %w", err)
		}
		sch, err := decodeSchedule(body, last)
		if err != nil {
			return nil, err
		}
		out = append(out, sch)
	}
	return out, rows.Err()
}

// RemoveSchedule forgets a channel's digest and reports whether there was one.
func (s *Store) RemoveSchedule(ctx context.Context, channel string) (bool, error) {
	n, err := s.exec(ctx, `DELETE FROM schedules WHERE channel = ?`, channel)
	return n > 0, err
}
