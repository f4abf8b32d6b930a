package bot

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/riverqueue/river"
	"github.com/slack-go/slack"
	"golang.org/x/time/rate"

	"github.com/llmadvise/llmadvise/advisor/catalog"
	"github.com/llmadvise/llmadvise/bot/feeds"
	"github.com/llmadvise/llmadvise/bot/store"
)

// Bot is the Slack bot. Make one with [New], run it with [Bot.Run].
type Bot struct {
	log     *slog.Logger
	cfg     Config
	deps    Deps
	now     func() time.Time
	metrics *metrics
	ready   chan struct{} // closed when the first socket is connected
	readied sync.Once

	// What follows is set by Run before anything else starts.
	store   *store.Store
	journal *journal
	queue   *queue
	market  *Market
	// priced is the catalog that the engine has; pricing is held by whoever gives it a newer one.
	priced  *catalog.Catalog
	pricing sync.Mutex
	// refresher is nil where no feeds are configured.
	fetcher   *feeds.Fetcher
	refresher *feeds.Refresher
	// negotiator reads the file of negotiated prices, and negotiatedAt is its state when that was last done; pricing is held.
	negotiator   *feeds.Refresher
	negotiatedAt fileState
	api          *slack.Client
	client       *http.Client
	me           identity
	node         string
	streams      *rate.Limiter
	compute      chan struct{} // one slot for each advice that may be computed at a time
	classic      atomic.Bool   // this workspace refused a newer block type
	sockets      atomic.Int32
	status       atomic.Bool // assistant.threads.setStatus works here
	moments      sync.WaitGroup
	busy         keyLock
	making       making
}

// New checks the configuration and wires the bot; nothing is opened or connected before [Bot.Run].
func New(log *slog.Logger, cfg Config, deps Deps) (*Bot, error) {
	cfg = cfg.withDefaults()
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	if deps.Advisor == nil || deps.Knowledge == nil {
		return nil, errors.New("bot: Deps.Advisor and Deps.Knowledge are required")
	}
	if deps.Now == nil {
		deps.Now = time.Now
	}
	if deps.Registry == nil {
		deps.Registry = prometheus.NewRegistry()
	}
	b := &Bot{log: log, cfg: cfg, deps: deps, now: deps.Now, ready: make(chan struct{})}
	b.metrics = newMetrics(deps.Registry, func() float64 { return float64(b.sockets.Load()) })
	// Slack allows about 20 streams a minute and workspace; above that, answers are posted whole.
	b.streams = rate.NewLimiter(rate.Every(time.Minute/18), 4)
	// As many as there are cores: more would only share them. With a core kept free for the sockets, two cores answered what one can; without,
	// acknowledgements wait for the scheduler's time slice, some 10 to 40 ms of the 3 s that Slack gives.
	b.compute = make(chan struct{}, runtime.GOMAXPROCS(0))
	b.status.Store(true)
	return b, nil
}

// Ready is closed once the bot is connected to Slack.
func (b *Bot) Ready() <-chan struct{} { return b.ready }

// Run connects and works until ctx ends, then lets running jobs finish and returns nil. What was not begun stays in the
// queue for the next start. An error says what to do about it.
func (b *Bot) Run(ctx context.Context) error {
	closeState, err := b.openState(ctx)
	if err != nil {
		return err
	}
	defer closeState()
	// Whatever ends the sockets, for good or bad, ends the bot.
	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)
	stopHTTP, err := b.serveHTTP(end)
	if err != nil {
		return err
	}
	defer stopHTTP()
	if err := b.identify(ctx); err != nil {
		return stopped(ctx, err)
	}
	if err := b.queue.start(context.WithoutCancel(ctx)); err != nil {
		return fmt.Errorf("bot: start the job queue: %w", err)
	}
	if err := b.tickNow(ctx); err != nil {
		return stopped(ctx, err)
	}
	housekeeping := make(chan struct{})
	go func() { defer close(housekeeping); b.housekeep(ctx) }()
	following := make(chan struct{})
	go func() { defer close(following); b.followPrices(ctx) }()
	err = b.listen(ctx, end)
	end(nil)
	<-housekeeping
	<-following
	b.drain()
	return stopped(ctx, err)
}

// stopped turns the end of ctx into its reason: nil where somebody asked the bot to stop.
func stopped(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); cause != nil && !errors.Is(cause, context.Canceled) {
		return cause
	}
	if errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

// openState opens everything that lives under the data folder, in the order in which it must be closed again.
func (b *Bot) openState(ctx context.Context) (closeAll func(), err error) {
	var closers []func()
	closeAll = func() {
		for i := len(closers) - 1; i >= 0; i-- {
			closers[i]()
		}
	}
	defer func() {
		if err != nil {
			closeAll()
		}
	}()
	if err = os.MkdirAll(b.cfg.DataDir, 0o700); err != nil {
		return closeAll, fmt.Errorf("the data folder %s cannot be made (%w): set LLMADVISE_DATA_DIR to a folder that this user may write to", b.cfg.DataDir, err)
	}
	release, err := lockDir(b.cfg.DataDir)
	if err != nil {
		return closeAll, err
	}
	closers = append(closers, release)
	if b.store = b.deps.Store; b.store == nil {
		if b.store, err = store.Open(ctx, b.log, b.cfg.DataDir, store.Options{DatabaseURL: b.cfg.DatabaseURL, Now: b.now}); err != nil {
			return closeAll, err
		}
		closers = append(closers, func() { _ = b.store.Close() })
	}
	if b.journal, err = openJournal(b.cfg.DataDir); err != nil {
		return closeAll, err
	}
	closers = append(closers, func() { _ = b.journal.close() })
	b.journal.compact(func(key string) bool {
		p, err := b.store.FindPost(ctx, key)
		return err == nil && p.State == store.PostDone
	})
	if b.node, err = nodeID(b.cfg.DataDir); err != nil {
		return closeAll, err
	}
	workers := river.NewWorkers()
	river.AddWorker(workers, &envelopeWorker{bot: b})
	b.addDigestWorkers(workers)
	if err = b.openMarket(ctx); err != nil {
		return closeAll, err
	}
	if b.fetcher != nil {
		closers = append(closers, b.fetcher.Close)
	}
	if b.queue, err = openQueue(ctx, quiet(b.log), b.store, b.cfg, b.node, workers, b.periodicJobs()); err != nil {
		return closeAll, err
	}
	closers = append(closers, b.queue.close)
	b.client = newHTTPClient(b.journal)
	closers = append(closers, b.client.CloseIdleConnections)
	b.api = b.newAPI()
	return closeAll, nil
}

// openMarket takes the newest stored prices, so that the first answer after a restart rests on them.
func (b *Bot) openMarket(ctx context.Context) error {
	b.market = NewMarket(b.store, catalog.Default(), b.now)
	if f := b.deps.Feeds; f != nil {
		b.fetcher = feeds.NewFetcher(b.log, f.Options)
		b.refresher = b.market.NewRefresher(b.log, b.fetcher, f.Sources)
	}
	return b.takePrices(ctx)
}

// nodeID names this replica over restarts: it is kept in the data folder, which is locked.
func nodeID(dir string) (string, error) {
	path := filepath.Join(dir, "node-id")
	if raw, err := os.ReadFile(path); err == nil && len(strings.TrimSpace(string(raw))) == 32 {
		return strings.TrimSpace(string(raw)), nil
	}
	var raw [16]byte
	_, _ = rand.Read(raw[:]) // never fails since Go 1.24
	id := hex.EncodeToString(raw[:])
	if err := os.WriteFile(path, []byte(id+"\n"), 0o600); err != nil {
		return "", fmt.Errorf("the data folder %s is not writable (%w): give this user write permission or set LLMADVISE_DATA_DIR to another folder", dir, err)
	}
	return id, nil
}

// newHTTPClient is for all calls to Slack. The write buffer holds a whole card, so that a request leaves in one piece:
// see journal.
func newHTTPClient(j *journal) *http.Client {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.MaxIdleConnsPerHost = 32
	t.WriteBufferSize = 256 << 10
	return &http.Client{Transport: journalTransport{base: t, journal: j}, Timeout: 30 * time.Second}
}

// newAPI retries on 429 alone: repeating a POST after a connection error could post twice.
func (b *Bot) newAPI() *slack.Client {
	return slack.New(b.cfg.BotToken.reveal(),
		slack.OptionAppLevelToken(b.cfg.AppToken.reveal()),
		slack.OptionAPIURL(b.cfg.APIURL),
		slack.OptionHTTPClient(b.client),
		slack.OptionRetryConfig(slack.RetryConfig{MaxRetries: 5, RetryAfterDuration: time.Second, RetryAfterJitter: 250 * time.Millisecond}),
	)
}

// housekeep forgets old rows once a day.
func (b *Bot) housekeep(ctx context.Context) {
	t := time.NewTicker(24 * time.Hour)
	defer t.Stop()
	for {
		if _, err := b.store.Prune(ctx); err != nil && ctx.Err() == nil {
			b.log.Warn("could not forget old rows", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
	}
}

// followEvery is how long a replica may take to see what another has refreshed, where nobody asks for advice meanwhile.
const followEvery = 15 * time.Second

// followPrices looks for newer prices every now and then, so that no advice has to wait while they are read.
func (b *Bot) followPrices(ctx context.Context) {
	t := time.NewTicker(followEvery)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
			b.freshPrices(ctx)
		}
	}
}

// drain lets what was begun finish.
func (b *Bot) drain() {
	ctx, cancel := context.WithTimeout(context.Background(), b.cfg.Drain)
	defer cancel()
	b.moments.Wait()
	if err := b.queue.stop(ctx); err == nil {
		return
	}
	b.log.Warn("jobs still ran at the end of the drain time; they run again at the next start", "drain", b.cfg.Drain)
	ctx, cancel = context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	_ = b.queue.cancel(ctx)
}

// quiet passes warnings and errors on: River's Info is not for operators of this bot.
func quiet(log *slog.Logger) *slog.Logger {
	return slog.New(levelHandler{log.Handler(), slog.LevelWarn})
}

type levelHandler struct {
	slog.Handler
	level slog.Level
}

func (h levelHandler) Enabled(ctx context.Context, l slog.Level) bool {
	return l >= h.level && h.Handler.Enabled(ctx, l)
}
func (h levelHandler) WithAttrs(a []slog.Attr) slog.Handler {
	return levelHandler{h.Handler.WithAttrs(a), h.level}
}
func (h levelHandler) WithGroup(g string) slog.Handler {
	return levelHandler{h.Handler.WithGroup(g), h.level}
}
