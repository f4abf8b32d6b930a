package bot

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"
	"github.com/riverqueue/river/rivertype"

	"github.com/llmadvise/llmadvise/bot/store"
)

const (
	maxAttempts = 10
	// completedKept is how long a finished job goes on refusing a repeated delivery. Slack's last redelivery comes after
	// about five minutes; the outbox (store.PostsKept) remembers longer still.
	completedKept = 7 * 24 * time.Hour
	// fetchPoll is how often the queue is looked at without a hint: for retries, and for jobs of other replicas.
	fetchPoll = time.Second
)

// queue is River over either database.
type queue struct {
	insert func(context.Context, river.JobArgs) (duplicate bool, err error)
	start  func(context.Context) error
	stop   func(context.Context) error // waits for running jobs
	cancel func(context.Context) error // ends running jobs
	close  func()
}

// localDriver is River's SQLite driver without its notification table, which would be polled. A SQLite database has one
// process at work, and River then wakes its own workers directly.
type localDriver struct{ *riversqlite.Driver }

func (localDriver) SupportsListener() bool     { return false }
func (localDriver) SupportsListenNotify() bool { return false }

// openQueue prepares River's tables beside the bot's own and releases what a killed process left running.
func openQueue(ctx context.Context, log *slog.Logger, st *store.Store, cfg Config, node string, workers *river.Workers, periodic []*river.PeriodicJob) (*queue, error) {
	rc := &river.Config{
		ID:                          node,
		Logger:                      log,
		Workers:                     workers,
		Queues:                      map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: cfg.Workers}},
		FetchCooldown:               2 * time.Millisecond,
		FetchPollInterval:           fetchPoll,
		JobTimeout:                  cfg.JobTimeout,
		RescueStuckJobsAfter:        cfg.JobTimeout + time.Minute,
		CompletedJobRetentionPeriod: completedKept,
		RetryPolicy:                 retryPolicy{},
		MaxAttempts:                 maxAttempts,
		PeriodicJobs:                periodic,
	}
	if st.IsPostgres() {
		return openPostgresQueue(ctx, rc, cfg, node, st)
	}
	return openSQLiteQueue(ctx, rc, st.DB())
}

func openSQLiteQueue(ctx context.Context, rc *river.Config, db *sql.DB) (*queue, error) {
	driver := localDriver{riversqlite.New(db)}
	if err := migrateRiver(ctx, driver, rc.Logger); err != nil {
		return nil, err
	}
	// The data folder is locked, so whatever is still marked as running belonged to a process that is gone.
	if _, err := db.ExecContext(ctx, `UPDATE river_job SET state = 'available' WHERE state = 'running'`); err != nil {
		return nil, fmt.Errorf("bot: release interrupted jobs: %w", err)
	}
	return newQueue(driver, rc)
}

func openPostgresQueue(ctx context.Context, rc *river.Config, cfg Config, node string, st *store.Store) (*queue, error) {
	pool, err := pgxpool.New(ctx, cfg.DatabaseURL)
	if err != nil {
		return nil, fmt.Errorf("DATABASE_URL cannot be used: %w", err)
	}
	driver := riverpgxv5.New(pool)
	if err := st.Alone(ctx, func(ctx context.Context) error { return migrateRiver(ctx, driver, rc.Logger) }); err != nil {
		pool.Close()
		return nil, err
	}
	// Only this node's own: other replicas are at work. What a lost replica left is rescued after the job timeout.
	const release = `UPDATE river_job SET state = 'available' WHERE state = 'running' AND attempted_by[array_upper(attempted_by, 1)] = $1`
	if _, err := pool.Exec(ctx, release, node); err != nil {
		pool.Close()
		return nil, fmt.Errorf("bot: release interrupted jobs: %w", err)
	}
	q, err := newQueue(driver, rc)
	if err != nil {
		pool.Close()
		return nil, err
	}
	q.close = pool.Close
	return q, nil
}

func migrateRiver[T any](ctx context.Context, driver riverdriver.Driver[T], log *slog.Logger) error {
	m, err := rivermigrate.New(driver, &rivermigrate.Config{Logger: log})
	if err != nil {
		return fmt.Errorf("bot: job tables: %w", err)
	}
	if _, err := m.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return fmt.Errorf("bot: bring the job tables up to date: %w", err)
	}
	return nil
}

func newQueue[T any](driver riverdriver.Driver[T], rc *river.Config) (*queue, error) {
	client, err := river.NewClient(driver, rc)
	if err != nil {
		return nil, fmt.Errorf("bot: job queue: %w", err)
	}
	return &queue{
		insert: func(ctx context.Context, args river.JobArgs) (bool, error) {
			r, err := client.Insert(ctx, args, nil)
			if err != nil {
				return false, err
			}
			return r.UniqueSkippedAsDuplicate, nil
		},
		start:  client.Start,
		stop:   client.Stop,
		cancel: client.StopAndCancel,
		close:  func() {},
	}, nil
}

// retryPolicy retries soon at first, since a person is waiting, then ever more rarely: about 20 minutes in all.
type retryPolicy struct{}

var retryWaits = []time.Duration{
	time.Second, 3 * time.Second, 10 * time.Second, 30 * time.Second, time.Minute, 2 * time.Minute, 5 * time.Minute, 10 * time.Minute,
}

func (retryPolicy) NextRetry(job *rivertype.JobRow) time.Time {
	n := min(max(len(job.Errors), 0), len(retryWaits)-1)
	return time.Now().Add(retryWaits[n])
}

// envelopeWorker hands jobs to the bot.
type envelopeWorker struct {
	river.WorkerDefaults[envelope]
	bot *Bot
}

func (w *envelopeWorker) Work(ctx context.Context, job *river.Job[envelope]) error {
	return w.bot.work(ctx, job.Args, job.Attempt)
}
