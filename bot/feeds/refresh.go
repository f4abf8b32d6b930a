package feeds

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/llmadvise/llmadvise/advisor/pricing"
)

// Source is one feed: what it is called, and where it is fetched or read from.
type Source struct {
	Name string `json:"name"` // "genai-prices", "skypilot/lambda"
	URL  string `json:"url,omitempty"`
	Path string `json:"path,omitempty"` // a local file, such as negotiated prices; URL is then empty
	// Provider names the cloud of a feed whose rows do not.
	Provider string `json:"provider,omitempty"`
	// Operator says that the address was given by whoever runs the program: its own host may then be private and
	// without TLS. Where it redirects to is guarded as ever.
	Operator bool `json:"operator,omitempty"`
	// Optional says that a Path where no file lies is no problem: there are then no prices of this source.
	Optional bool `json:"optional,omitempty"`
	// Negotiated says that the file holds negotiated prices, which nothing else may.
	Negotiated bool `json:"negotiated,omitempty"`
	// Confirmed says that somebody has looked at this feed's jumps, or at its having shrunk, and believes them.
	Confirmed bool `json:"confirmed,omitempty"`
}

// DefaultSources are the public feeds.
func DefaultSources() []Source {
	out := []Source{
		{Name: "genai-prices", URL: "https://raw.githubusercontent.com/pydantic/genai-prices/main/prices/data.json"},
		{Name: "litellm", URL: "https://raw.githubusercontent.com/BerriAI/litellm/main/model_prices_and_context_window.json"},
		{Name: "openrouter", URL: "https://openrouter.ai/api/v1/models"},
		{Name: "llm-prices", URL: "https://www.llm-prices.com/historical-v1.json"},
		{Name: "azure-retail", URL: "https://prices.azure.com/api/retail/prices?$filter=serviceName%20eq%20%27Virtual%20Machines%27%20and%20priceType%20eq%20%27Consumption%27%20and%20contains(armSkuName,%20%27H100%27)"},
	}
	for _, cloud := range []string{"lambda", "runpod", "aws", "gcp", "nebius", "azure"} {
		out = append(out, Source{
			Name: "skypilot/" + cloud, Provider: pricing.ProviderID(cloud),
			URL: "https://raw.githubusercontent.com/skypilot-org/skypilot-catalog/master/catalogs/v8/" + cloud + "/vms.csv",
		})
	}
	return out
}

// Store keeps the snapshots and what servers said for conditional requests.
type Store interface {
	// LatestSnapshot returns the newest snapshot, nil where there is none.
	LatestSnapshot(ctx context.Context) (*pricing.Snapshot, error)
	// SaveSnapshot keeps a snapshot taken at a moment; it becomes the newest.
	SaveSnapshot(ctx context.Context, s *pricing.Snapshot, at time.Time) error
	// LoadValidators and SaveValidators keep what a feed's server gave last; none is no error.
	LoadValidators(ctx context.Context, source string) (Validators, error)
	SaveValidators(ctx context.Context, source string, v Validators) error
}

// Outcome is what became of one feed in a refresh.
type Outcome struct {
	Source      string        `json:"source"`
	Fresh       bool          `json:"fresh"`            // new prices were accepted
	Unchanged   bool          `json:"unchanged"`        // the server says that nothing changed
	Absent      bool          `json:"absent,omitempty"` // an optional file that is not there
	Problem     string        `json:"problem,omitempty"`
	Entries     int           `json:"entries"`
	Quarantined int           `json:"quarantined"`
	Requests    int           `json:"requests"`
	Bytes       int64         `json:"bytes"`
	Took        time.Duration `json:"took_ns"`
}

// Result is what a refresh did.
type Result struct {
	At       time.Time
	Outcomes []Outcome // in the order of the sources
	Snapshot *pricing.Snapshot
	Changed  bool // some feed has new prices
	news     bool // a feed's health changed
}

// Refresher brings the stored prices up to date.
type Refresher struct {
	log     *slog.Logger
	fetcher *Fetcher
	store   Store
	sources []Source
	mu      sync.Mutex // one refresh at a time
}

// NewRefresher returns a Refresher over sources.
func NewRefresher(log *slog.Logger, f *Fetcher, st Store, sources []Source) *Refresher {
	return &Refresher{log: log, fetcher: f, store: st, sources: sources}
}

// parallel fetches at a time: feeds are few and their servers are others'.
const parallel = 4

// Refresh fetches every feed and stores one new snapshot. A feed that fails, that has shrunk or that is no longer what
// it was keeps its last good prices, with the problem noted in the snapshot; that is no error. Offline, files alone are
// read. The error is of the store, or ErrOffline where nothing can be read.
func (r *Refresher) Refresh(ctx context.Context) (Result, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	sources := r.sources
	if r.fetcher.opts.Offline { // files on this machine are read all the same
		sources = slices.DeleteFunc(slices.Clone(sources), func(s Source) bool { return s.URL != "" })
		if len(sources) == 0 {
			return Result{}, ErrOffline
		}
	}
	last, err := r.store.LatestSnapshot(ctx)
	if err != nil {
		return Result{}, fmt.Errorf("read the stored prices: %w", err)
	}
	res := Result{At: r.fetcher.opts.Now().UTC(), Snapshot: last, Outcomes: make([]Outcome, len(sources))}
	readings := make([]reading, len(sources))
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(parallel)
	for i, s := range sources {
		g.Go(func() error {
			readings[i] = r.read(gctx, s, last.State(s.Name))
			return nil
		})
	}
	_ = g.Wait() // readings carry their own errors
	if err := ctx.Err(); err != nil {
		return Result{}, err
	}
	for i, rd := range readings {
		res.take(i, rd)
	}
	if res.Changed || res.news {
		if err := r.store.SaveSnapshot(ctx, res.Snapshot, res.At); err != nil {
			return Result{}, fmt.Errorf("store the prices: %w", err)
		}
	}
	// Only now: validators of prices that were not stored would hide them for ever.
	for i, rd := range readings {
		if rd.outcome.Problem != "" || rd.gone {
			continue
		}
		rd.validators.Checked = res.At
		if err := r.store.SaveValidators(ctx, sources[i].Name, rd.validators); err != nil {
			return Result{}, fmt.Errorf("store the prices: %w", err)
		}
	}
	return res, nil
}

// reading is one feed's new state, or why there is none.
type reading struct {
	outcome    Outcome
	state      *pricing.FeedState
	validators Validators
	healed     bool // unchanged, but an earlier problem is over
	gone       bool // an optional file is no longer there
}

func (res *Result) take(i int, rd reading) {
	res.Outcomes[i] = rd.outcome
	name := rd.outcome.Source
	switch {
	case rd.outcome.Problem != "":
		old := res.Snapshot.State(name)
		res.news = res.news || old == nil || old.Problem != rd.outcome.Problem
		res.Snapshot = res.Snapshot.WithProblem(name, rd.outcome.Problem, res.At)
	case rd.state != nil:
		res.Snapshot = res.Snapshot.With(*rd.state)
		res.Changed = true
	case rd.gone:
		if res.Snapshot.State(name) != nil {
			res.Snapshot = res.Snapshot.Without(name)
			res.Changed = true
		}
	case rd.healed:
		st := *res.Snapshot.State(name)
		st.Problem, st.ProblemAt = "", time.Time{}
		res.news = true
		res.Snapshot = res.Snapshot.With(st)
	}
}

func (r *Refresher) read(ctx context.Context, s Source, last *pricing.FeedState) (rd reading) {
	start := time.Now()
	rd.outcome.Source = s.Name
	defer func() {
		rd.outcome.Took = time.Since(start)
		if rd.outcome.Problem != "" {
			r.log.Warn("feed refused", "feed", s.Name, "problem", rd.outcome.Problem)
		}
	}()
	data, err := r.bytes(ctx, s, last, &rd)
	if s.Optional && errors.Is(err, os.ErrNotExist) {
		rd.gone, rd.outcome.Unchanged, rd.outcome.Absent = true, last == nil, true
		return rd
	}
	if err == nil && !rd.outcome.Unchanged {
		err = r.accept(ctx, s, data, last, &rd)
	}
	if err != nil {
		rd.outcome.Problem = shorten(err.Error())
	}
	if last != nil && rd.state == nil { // what stays in force
		rd.outcome.Entries, rd.outcome.Quarantined = len(last.Entries), len(last.Quarantined)
		rd.healed = err == nil && last.Problem != ""
	}
	return rd
}

// shorten bounds what a hostile server can put into a message.
func shorten(s string) string {
	const most = 300
	if len(s) > most {
		return strings.ToValidUTF8(s[:most], "") + " ..."
	}
	return s
}

// accept reads what was fetched and holds it against the last good prices. A feed that says the same again, without a
// server that says so, is unchanged.
func (r *Refresher) accept(ctx context.Context, s Source, data []byte, last *pricing.FeedState, rd *reading) error {
	read := pricing.ReadPublic
	if s.Negotiated {
		read = func(data []byte, _ string) (*pricing.Feed, error) { return pricing.ReadOverride(data) }
	}
	feed, err := read(data, s.Provider)
	if err != nil {
		return err
	}
	if s.Negotiated && len(feed.Entries) == 0 { // all were taken back
		rd.gone = true
		return nil
	}
	if err := r.morePages(ctx, s, data, feed, rd); err != nil {
		return err
	}
	take := pricing.Accept
	if s.Confirmed {
		take = pricing.AcceptConfirmed
	}
	st, err := take(usable(last), feed, s.Name, r.fetcher.opts.Now())
	if err != nil {
		return err
	}
	if usable(last) != nil && st.Same(last) {
		rd.outcome.Unchanged = true
		return nil
	}
	rd.state = st
	rd.outcome.Fresh, rd.outcome.Entries, rd.outcome.Quarantined = true, len(st.Entries), len(st.Quarantined)
	return nil
}

// maxPages bounds a feed that comes in pages.
const maxPages = 40

// morePages appends the further pages of a feed to its first. They must lie where the first one does.
func (r *Refresher) morePages(ctx context.Context, s Source, page []byte, feed *pricing.Feed, rd *reading) error {
	first, err := url.Parse(s.URL)
	if err != nil || s.URL == "" {
		return nil
	}
	for n := 1; ; n++ {
		next := pricing.NextPage(feed.Shape, page)
		if next == "" {
			return nil
		}
		u, err := url.Parse(next)
		if err != nil || u.Host != first.Host || u.Scheme != first.Scheme {
			return errors.New("the feed's next page is not on its own server")
		}
		if n >= maxPages {
			return fmt.Errorf("the feed has more than %d pages", maxPages)
		}
		resp, err := r.fetcher.fetch(ctx, next, Validators{}, s.Operator)
		rd.outcome.Requests, rd.outcome.Bytes = rd.outcome.Requests+resp.Requests, rd.outcome.Bytes+resp.WireBytes
		if err != nil {
			return fmt.Errorf("page %d: %w", n+1, err)
		}
		more, err := pricing.ReadPublic(resp.Body, s.Provider)
		if err != nil {
			return fmt.Errorf("page %d: %w", n+1, err)
		}
		feed.Append(more)
		page = resp.Body
	}
}

// usable is a state with prices: one that only ever had problems is nothing to compare with.
func usable(last *pricing.FeedState) *pricing.FeedState {
	if last == nil || len(last.Entries) == 0 {
		return nil
	}
	return last
}

func (r *Refresher) bytes(ctx context.Context, s Source, last *pricing.FeedState, rd *reading) ([]byte, error) {
	if s.URL == "" {
		data, err := readLocal(s.Path, r.fetcher.opts.MaxBytes)
		rd.outcome.Bytes = int64(len(data))
		return data, err
	}
	var have Validators
	if usable(last) != nil && !s.Confirmed { // without prices in store, or to read them anew, everything is wanted
		var err error
		if have, err = r.store.LoadValidators(ctx, s.Name); err != nil {
			return nil, err
		}
	}
	if have.Of != addressKey(s.URL) { // what another address said means nothing here
		have = Validators{}
	}
	resp, err := r.fetcher.fetch(ctx, s.URL, have, s.Operator)
	rd.outcome.Requests, rd.outcome.Bytes = resp.Requests, resp.WireBytes
	if err != nil {
		return nil, err
	}
	rd.outcome.Unchanged, rd.validators = resp.NotModified, resp.Validators
	rd.validators.Of = addressKey(s.URL)
	return resp.Body, nil
}

// addressKey tells addresses apart without keeping them: they may hold a key.
func addressKey(address string) string {
	sum := sha256.Sum256([]byte(address))
	return hex.EncodeToString(sum[:8])
}

func readLocal(path string, limit int64) ([]byte, error) {
	st, err := os.Stat(path)
	if err != nil {
		if errors.Is(err, os.ErrNotExist) {
			return nil, fmt.Errorf("there is no file %s (%w)", path, os.ErrNotExist)
		}
		return nil, err
	}
	if st.Size() > limit {
		return nil, ErrTooLarge
	}
	return os.ReadFile(path)
}

// Report says in one line what a refresh did.
func (res Result) Report() string {
	fresh, same := 0, 0
	var bad []string
	for _, o := range res.Outcomes {
		switch {
		case o.Problem != "":
			bad = append(bad, o.Source)
		case o.Unchanged:
			same++
		default:
			fresh++
		}
	}
	s := fmt.Sprintf("%d feeds with new prices, %d unchanged", fresh, same)
	if len(bad) > 0 {
		s += fmt.Sprintf(", %d failed (%s): their last good prices stay", len(bad), strings.Join(bad, ", "))
	}
	return s
}
