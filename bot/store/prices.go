package store

import (
	"bytes"
	"compress/gzip"
	"context"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
)

// maxSnapshot bounds a stored snapshot, unpacked.
const maxSnapshot = 512 << 20

// PricePoint is one step in the history of a price, in the words of its feed.
type PricePoint struct {
	Feed, Shape, Provider, Model, Region, Field string

	Since   string // day since which it holds, YYYY-MM-DD
	AtLeast bool   // it may have held before Since
	At      time.Time
	USD     *float64 // in Unit; nil: no longer listed
	Unit    string
}

// PutSnapshot keeps prices under the moment at which they were taken, which is their id, together with what they add to
// the history: both or neither.
func (s *Store) PutSnapshot(ctx context.Context, body any, at time.Time, points ...PricePoint) (int64, error) {
	packed, err := pack(body)
	if err != nil {
		return 0, err
	}
	id := at.UnixMilli()
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return 0, fmt.Errorf("store: %w", err)
	}
	defer func() { _ = tx.Rollback() }() // nothing to undo after Commit
	if _, err := tx.ExecContext(ctx, s.rebind(`INSERT INTO snapshots (at, body) VALUES (?, ?) ON CONFLICT (at) DO UPDATE SET body = excluded.body`), id, packed); err != nil {
		return 0, fmt.Errorf("store: keep prices: %w", err)
	}
	if err := s.addPoints(ctx, tx, points); err != nil {
		return 0, err
	}
	if err := tx.Commit(); err != nil {
		return 0, fmt.Errorf("store: keep prices: %w", err)
	}
	return id, nil
}

// addPoints writes many rows a statement: the first reading of all feeds has some ten thousand.
func (s *Store) addPoints(ctx context.Context, tx *sql.Tx, points []PricePoint) error {
	const rows = 500
	for len(points) > 0 {
		n := min(rows, len(points))
		var args []any
		for _, p := range points[:n] {
			atLeast := 0
			if p.AtLeast {
				atLeast = 1
			}
			args = append(args, p.Feed, p.Shape, p.Provider, p.Model, p.Region, p.Field, p.Since, atLeast, p.At.UnixMilli(), p.USD, p.Unit)
		}
		q := `INSERT INTO price_points (feed, shape, provider, model, region, field, since, at_least, at, usd, unit) VALUES ` +
			strings.TrimSuffix(strings.Repeat(`(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?),`, n), ",") +
			` ON CONFLICT DO NOTHING`
		if _, err := tx.ExecContext(ctx, s.rebind(q), args...); err != nil {
			return fmt.Errorf("store: keep the history of prices: %w", err)
		}
		points = points[n:]
	}
	return nil
}

// PricePoints yields the history of the prices whose feed, provider, model and region keep admits, oldest first. keep
// sees points without a price; nil admits all.
func (s *Store) PricePoints(ctx context.Context, keep func(PricePoint) bool) ([]PricePoint, error) {
	rows, err := s.db.QueryContext(ctx, `SELECT feed, shape, provider, model, region, field, since, at_least, at, usd, unit FROM price_points
		ORDER BY feed, provider, model, region, field, since, at`)
	if err != nil {
		return nil, fmt.Errorf("store: the history of prices: %w", err)
	}
	defer rows.Close()
	var out []PricePoint
	for rows.Next() {
		var p PricePoint
		var atLeast, ms int64
		if err := rows.Scan(&p.Feed, &p.Shape, &p.Provider, &p.Model, &p.Region, &p.Field, &p.Since, &atLeast, &ms, &p.USD, &p.Unit); err != nil {
			return nil, fmt.Errorf("store: the history of prices: %w", err)
		}
		p.AtLeast, p.At = atLeast == 1, at(ms)
		if keep == nil || keep(p) {
			out = append(out, p)
		}
	}
	return out, rows.Err()
}

func pack(body any) (string, error) {
	var buf bytes.Buffer
	b64 := base64.NewEncoder(base64.StdEncoding, &buf)
	gz := gzip.NewWriter(b64)
	if err := json.NewEncoder(gz).Encode(body); err != nil {
		return "", fmt.Errorf("store: encode snapshot: %w", err)
	}
	if err := errors.Join(gz.Close(), b64.Close()); err != nil {
		return "", fmt.Errorf("store: encode snapshot: %w", err)
	}
	return buf.String(), nil
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
	gz, err := gzip.NewReader(base64.NewDecoder(base64.StdEncoding, strings.NewReader(packed)))
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

// SnapshotAt returns the id of the prices that were in force at t: the newest taken then or before, 0 where there are
// none that old.
func (s *Store) SnapshotAt(ctx context.Context, t time.Time) (int64, error) {
	var id int64
	err := s.one(ctx, `SELECT COALESCE(MAX(at), 0) FROM snapshots WHERE at <= ?`, []any{t.UnixMilli()}, &id)
	return id, err
}

// Snapshots returns the ids of all stored prices, oldest first. An id is the moment of taking, in milliseconds since
// 1970.
func (s *Store) Snapshots(ctx context.Context) ([]int64, error) {
	rows, err := s.db.QueryContext(ctx, `SELECT at FROM snapshots ORDER BY at`)
	if err != nil {
		return nil, fmt.Errorf("store: snapshots: %w", err)
	}
	defer rows.Close()
	var out []int64
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return nil, fmt.Errorf("store: snapshots: %w", err)
		}
		out = append(out, id)
	}
	return out, rows.Err()
}
