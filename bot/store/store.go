package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the "pgx" driver
	"github.com/pressly/goose/v3"
	_ "modernc.org/sqlite" // the "sqlite" driver
)

// ErrNotFound is returned where nothing is stored under a key.
var ErrNotFound = errors.New("store: not found")

//go:embed migrations/*.sql
var migrations embed.FS

// Store is the bot's durable state, in SQLite or Postgres. It is safe for concurrent use.
type Store struct {
	log      *slog.Logger
	db       *sql.DB
	postgres bool
	now      func() time.Time
}

// Options tune a Store. The zero value works.
type Options struct {
	// DatabaseURL is a postgres:// address; "" is SQLite under the data folder.
	DatabaseURL string
	// Now is the clock; nil is time.Now.
	Now func() time.Time
}

// File is the name of the SQLite database in the data folder.
const File = "llmadvise.db"

// Path is where the SQLite database of a data folder lies.
func Path(dir string) string { return filepath.Join(dir, File) }

// Open opens the store and brings its tables up to date. Its errors say what to do.
func Open(ctx context.Context, log *slog.Logger, dataDir string, o Options) (*Store, error) {
	s := &Store{log: log, now: o.Now, postgres: o.DatabaseURL != ""}
	if s.now == nil {
		s.now = time.Now
	}
	var err error
	if s.postgres {
		s.db, err = openPostgres(ctx, o.DatabaseURL)
	} else {
		s.db, err = openSQLite(ctx, dataDir)
	}
	if err != nil {
		return nil, err
	}
	if err := s.Alone(ctx, s.migrate); err != nil {
		_ = s.db.Close()
		return nil, err
	}
	return s, nil
}

// openSQLite uses one connection: SQLite has one writer, and waiting in database/sql's queue is fair and prompt, while
// SQLite's own busy handler sleeps.
func openSQLite(ctx context.Context, dir string) (*sql.DB, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("the data folder %s cannot be made (%w): set LLMADVISE_DATA_DIR to a folder that this user may write to", dir, err)
	}
	path := Path(dir)
	if err := writable(dir, path); err != nil {
		return nil, err
	}
	dsn := "file:" + strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23").Replace(path) +
		"?_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_pragma=synchronous(NORMAL)&_pragma=foreign_keys(1)&_txlock=immediate"
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, fmt.Errorf("store: open %s: %w", path, err)
	}
	db.SetMaxOpenConns(1)
	var check string
	if err := db.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&check); err != nil || check != "ok" {
		_ = db.Close()
		return nil, fmt.Errorf("the database %s is damaged (%s): stop the bot, move the file away (threads, cards and settings are lost) or restore it from a backup", path, firstOf(err, check))
	}
	return db, nil
}

func writable(dir, path string) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		if errors.Is(err, fs.ErrPermission) || strings.Contains(err.Error(), "read-only") {
			return fmt.Errorf("the data folder %s is not writable (%w): give this user write permission or set LLMADVISE_DATA_DIR to another folder", dir, err)
		}
		return fmt.Errorf("the data folder %s cannot be used (%w): check the disk, or set LLMADVISE_DATA_DIR to another folder", dir, err)
	}
	return f.Close()
}

func firstOf(err error, s string) string {
	if err != nil {
		return err.Error()
	}
	return s
}

func openPostgres(ctx context.Context, url string) (*sql.DB, error) {
	db, err := sql.Open("pgx", url)
	if err != nil {
		return nil, errors.New("DATABASE_URL is not a Postgres address: it looks like postgres://user:password@host:5432/database")
	}
	db.SetMaxOpenConns(16)
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	if err := db.PingContext(ctx); err != nil {
		_ = db.Close()
		return nil, fmt.Errorf("Postgres does not answer at DATABASE_URL (%w): check host, port, user and password, or unset it to use SQLite", err)
	}
	return db, nil
}

func (s *Store) migrate(ctx context.Context) error {
	sub, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	dialect := goose.DialectSQLite3
	if s.postgres {
		dialect = goose.DialectPostgres
	}
	p, err := goose.NewProvider(dialect, s.db, sub, goose.WithDisableGlobalRegistry(true), goose.WithTableName("llmadvise_schema"))
	if err != nil {
		return fmt.Errorf("store: migrations: %w", err)
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("store: bring the tables up to date: %w", err)
	}
	return nil
}

// Alone runs f while no other replica runs one: tables must not be made by two at a time. SQLite has one process.
func (s *Store) Alone(ctx context.Context, f func(context.Context) error) error {
	if !s.postgres {
		return f(ctx)
	}
	const lock = 0x6c6c6d61 // any number of our own
	conn, err := s.db.Conn(ctx)
	if err != nil {
		return fmt.Errorf("store: %w", err)
	}
	defer conn.Close()
	if _, err := conn.ExecContext(ctx, "SELECT pg_advisory_lock($1)", lock); err != nil {
		return fmt.Errorf("store: wait for another replica's tables: %w", err)
	}
	// Also where ctx has ended: the connection goes back to the pool with whatever it holds.
	defer func() { _, _ = conn.ExecContext(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock($1)", lock) }()
	return f(ctx)
}

// Close closes the database.
func (s *Store) Close() error { return s.db.Close() }

// DB is the database itself, for the job queue that lives beside the bot's tables.
func (s *Store) DB() *sql.DB { return s.db }

// IsPostgres reports which back end is in use.
func (s *Store) IsPostgres() bool { return s.postgres }

// Ping reports whether the database answers.
func (s *Store) Ping(ctx context.Context) error { return s.db.PingContext(ctx) }

// rebind turns ? placeholders into $1, $2 … for Postgres. No query of this package holds a ? otherwise.
func (s *Store) rebind(q string) string {
	if !s.postgres {
		return q
	}
	var b strings.Builder
	n := 0
	for _, r := range q {
		if r != '?' {
			b.WriteRune(r)
			continue
		}
		n++
		b.WriteByte('$')
		b.WriteString(strconv.Itoa(n))
	}
	return b.String()
}

func (s *Store) exec(ctx context.Context, q string, args ...any) (int64, error) {
	r, err := s.db.ExecContext(ctx, s.rebind(q), args...)
	if err != nil {
		return 0, fmt.Errorf("store: %w", err)
	}
	return r.RowsAffected()
}

// one reads one row into dest; no row is ErrNotFound.
func (s *Store) one(ctx context.Context, q string, args []any, dest ...any) error {
	err := s.db.QueryRowContext(ctx, s.rebind(q), args...).Scan(dest...)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return ErrNotFound
	case err != nil:
		return fmt.Errorf("store: %w", err)
	}
	return nil
}

// inTx runs f in a transaction.
func (s *Store) inTx(ctx context.Context, f func(*sql.Tx) error) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("store: %w", err)
	}
	defer func() { _ = tx.Rollback() }() // after a commit it does nothing
	if err := f(tx); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("store: %w", err)
	}
	return nil
}

// locked reads one row into dest and keeps other writers off it until the transaction ends; no row is ErrNotFound.
// SQLite's transactions here are exclusive from their start.
func (s *Store) locked(ctx context.Context, tx *sql.Tx, q string, args []any, dest ...any) error {
	if s.postgres {
		q += " FOR UPDATE"
	}
	err := tx.QueryRowContext(ctx, s.rebind(q), args...).Scan(dest...)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return ErrNotFound
	case err != nil:
		return fmt.Errorf("store: %w", err)
	}
	return nil
}

func (s *Store) millis() int64 { return s.now().UnixMilli() }

func at(ms int64) time.Time { return time.UnixMilli(ms).UTC() }
