package store

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"
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
	Channel  string `json:"channel"`
	Spec     string `json:"spec"` // cron
	Zone     string `json:"zone"` // IANA
	Owner    string `json:"owner"`
	Silent   bool   `json:"silent,omitempty"`   // post nothing where nothing moved
	Paused   string `json:"paused,omitempty"`   // why; "" at work
	Snapshot int64  `json:"snapshot,omitempty"` // id of the prices that were told last; 0 the built-in catalog
	Last     string `json:"-"`                  // the newest period that was told
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

// maxSnapshot bounds a stored snapshot, unpacked.
const maxSnapshot = 512 << 20

// PutSnapshot keeps prices under the moment at which they were taken, which is their id.
func (s *Store) PutSnapshot(ctx context.Context, body any, at time.Time) (int64, error) {
	var buf bytes.Buffer
	b64 := base64.NewEncoder(base64.StdEncoding, &buf)
	gz := gzip.NewWriter(b64)
	if err := json.NewEncoder(gz).Encode(body); err != nil {
		return 0, fmt.Errorf("store: encode snapshot: %w", err)
	}
	if err := errors.Join(gz.Close(), b64.Close()); err != nil {
		return 0, fmt.Errorf("store: encode snapshot: %w", err)
	}
	id := at.UnixMilli()
	_, err := s.exec(ctx, `INSERT INTO snapshots (at, body) VALUES (?, ?) ON CONFLICT (at) DO UPDATE SET body = excluded.body`, id, buf.String())
	return id, err
}

// Snapshot reads the prices with this id into body, or the newest where id is 0, and returns the id. ErrNotFound where
// there are none.
func (s *Store) Snapshot(ctx context.Context, id int64, body any) (int64, error) {
	var at int64
	var packed string
	q, args := `SELECT at, body FROM snapshots ORDER BY at DESC LIMIT 1`, []any(nil)
	if id != 0 {
		q, args = `SELECT at, body FROM snapshots WHERE at = ?`, []any{id}
	}
	if err := s.one(ctx, q, args, &at, &packed); err != nil {
		return 0, err
	}
	gz, err := gzip.NewReader(base64.NewDecoder(base64.StdEncoding, bytes.NewBufferString(packed)))
	if err != nil {
		return 0, fmt.Errorf("store: decode snapshot: %w", err)
	}
	if err := json.NewDecoder(io.LimitReader(gz, maxSnapshot)).Decode(body); err != nil {
		return 0, fmt.Errorf("store: decode snapshot: %w", err)
	}
	return at, nil
}

// NewestSnapshot returns the id of the newest stored prices, 0 where there are none, without reading them.
func (s *Store) NewestSnapshot(ctx context.Context) (int64, error) {
	var id int64
	err := s.one(ctx, `SELECT COALESCE(MAX(at), 0) FROM snapshots`, nil, &id)
	return id, err
}
