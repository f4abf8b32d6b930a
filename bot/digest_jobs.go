package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
	"github.com/slack-go/slack"

	"github.com/llmadvise/llmadvise/advisor/catalog"
	"github.com/llmadvise/llmadvise/advisor/pricing"
	"github.com/llmadvise/llmadvise/bot/digest"
	"github.com/llmadvise/llmadvise/bot/feeds"
	"github.com/llmadvise/llmadvise/bot/render"
	"github.com/llmadvise/llmadvise/bot/store"
)

const refreshEvery = 6 * time.Hour

// tickArgs asks which digests are due. Replicas share one tick a period; one that is through does not keep a restarted bot
// from looking at once.
type tickArgs struct{ every time.Duration }

func (tickArgs) Kind() string { return "digest_tick" }
func (t tickArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{MaxAttempts: 1, UniqueOpts: river.UniqueOpts{ByPeriod: t.every, ByState: unfinished}}
}

var unfinished = []rivertype.JobState{
	rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRunning, rivertype.JobStateRetryable, rivertype.JobStateScheduled,
}

// refreshArgs asks for fresh prices.
type refreshArgs struct{}

func (refreshArgs) Kind() string { return "price_refresh" }
func (refreshArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{MaxAttempts: 1, UniqueOpts: river.UniqueOpts{ByPeriod: time.Hour}}
}

// digestArgs is one channel's digest of one period: unique, however often it is found due.
type digestArgs struct {
	Channel string        `json:"channel" river:"unique"`
	Period  digest.Period `json:"period" river:"unique"`
}

func (digestArgs) Kind() string { return "digest" }
func (digestArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{MaxAttempts: maxAttempts, UniqueOpts: river.UniqueOpts{ByArgs: true}}
}

// pausedArgs tells an owner of a pause: one job, whoever finds it due, so that two replicas do not both tell.
type pausedArgs struct {
	Channel string `json:"channel" river:"unique"`
	At      int64  `json:"at" river:"unique"`
}

func (pausedArgs) Kind() string { return "digest_paused" }
func (pausedArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{MaxAttempts: maxAttempts, UniqueOpts: river.UniqueOpts{ByArgs: true}}
}

// periodicJobs are the bot's clock. River elects one replica to keep it.
func (b *Bot) periodicJobs() []*river.PeriodicJob {
	jobs := []*river.PeriodicJob{river.NewPeriodicJob(river.PeriodicInterval(b.cfg.Tick),
		func() (river.JobArgs, *river.InsertOpts) { return tickArgs{b.cfg.Tick}, nil }, &river.PeriodicJobOpts{ID: "digest_tick"})}
	if b.refresher != nil {
		jobs = append(jobs, river.NewPeriodicJob(river.PeriodicInterval(refreshEvery),
			func() (river.JobArgs, *river.InsertOpts) { return refreshArgs{}, nil }, &river.PeriodicJobOpts{ID: "price_refresh", RunOnStart: true}))
	}
	return jobs
}

func (b *Bot) addDigestWorkers(w *river.Workers) {
	river.AddWorker(w, river.WorkFunc(func(ctx context.Context, _ *river.Job[tickArgs]) error { return b.tick(ctx) }))
	river.AddWorker(w, river.WorkFunc(func(ctx context.Context, _ *river.Job[refreshArgs]) error { return b.refreshPrices(ctx) }))
	river.AddWorker(w, river.WorkFunc(func(ctx context.Context, j *river.Job[pausedArgs]) error { return b.tellPaused(ctx, j.Args) }))
	river.AddWorker(w, river.WorkFunc(func(ctx context.Context, j *river.Job[digestArgs]) error {
		return b.runDigest(ctx, j.Args.Channel, j.Args.Period)
	}))
}

// tickNow looks for due digests at a start, whichever replica keeps the clock at present.
func (b *Bot) tickNow(ctx context.Context) error {
	if _, err := b.queue.insert(ctx, tickArgs{b.cfg.Tick}); err != nil {
		return fmt.Errorf("bot: look for due digests: %w", err)
	}
	return nil
}

// tick makes a job of every digest that is due. After a pause it is one a channel, for the newest period.
func (b *Bot) tick(ctx context.Context) error {
	if err := b.takePrices(ctx); err != nil { // another replica may have refreshed them
		return err
	}
	list, err := b.store.Schedules(ctx)
	if err != nil {
		return err
	}
	var errs []error
	for _, s := range list {
		errs = append(errs, b.tickChannel(ctx, s))
	}
	return errors.Join(errs...)
}

func (b *Bot) tickChannel(ctx context.Context, s store.Schedule) error {
	if s.Paused != "" {
		return b.owePaused(ctx, s)
	}
	sch, err := digest.ParseSchedule(s.Spec, s.Zone)
	if err != nil {
		b.log.Error("a stored schedule does not read", "channel", s.Channel, "error", err)
		return nil
	}
	if p, due := sch.Due(digest.Period(s.Last), b.now()); due {
		_, err = b.queue.insert(ctx, digestArgs{Channel: s.Channel, Period: p})
	}
	return err
}

// CheckDigests takes the newest stored prices, raises the alerts that they call for and posts the digests that are due, as
// the clock does by itself; it returns once the jobs are in the queue.
func (b *Bot) CheckDigests(ctx context.Context) error {
	if err := b.takePrices(ctx); err != nil {
		return err
	}
	if err := b.alerts(ctx); err != nil {
		return err
	}
	return b.tick(ctx)
}

// refreshPrices fetches the feeds and raises what cannot wait for a digest.
func (b *Bot) refreshPrices(ctx context.Context) error {
	if b.refresher == nil {
		return nil
	}
	res, err := b.refresher.Refresh(ctx)
	if errors.Is(err, feeds.ErrOffline) {
		return nil
	}
	if err != nil {
		return err
	}
	b.log.Info("prices refreshed", "report", res.Report())
	b.pricing.Lock()
	b.negotiatedAt = fileState{} // it may have changed while the feeds were fetched
	b.pricing.Unlock()
	if err := b.takePrices(ctx); err != nil {
		return err
	}
	for _, o := range res.Outcomes {
		b.metrics.fetched(o.Source, o.Bytes, o.Requests, res.At)
	}
	return b.alerts(ctx) // also where nothing is new: an earlier run may have been cut off before it alerted
}

// takePrices gives the engine the newest prices and notes how the feeds fare. It costs one look at the newest
// snapshot's id where nothing is new.
func (b *Bot) takePrices(ctx context.Context) error {
	b.pricing.Lock()
	defer b.pricing.Unlock()
	return b.takePricesLocked(ctx)
}

func (b *Bot) takePricesLocked(ctx context.Context) error {
	if err := b.takeNegotiated(ctx); err != nil {
		return err
	}
	cat, _, snap, err := b.market.Catalog(ctx)
	if err != nil {
		return err
	}
	if b.priced == cat {
		return nil
	}
	b.priced = cat
	if p, ok := b.deps.Advisor.(Priced); ok {
		p.SetCatalog(cat)
	}
	if snap != nil {
		b.metrics.feeds(snap)
	}
	return nil
}

// freshPrices takes the newest prices before advice is given, so that every replica advises on what any of them has
// refreshed. A database that does not answer costs the news, not the advice.
func (b *Bot) freshPrices(ctx context.Context) {
	if !b.pricing.TryLock() { // somebody is at it: no advice waits for it
		return
	}
	defer b.pricing.Unlock()
	if err := b.takePricesLocked(ctx); err != nil && ctx.Err() == nil {
		b.log.Warn("could not look for newer prices: advising on those at hand", "error", err)
	}
}

// prepared is a digest that was composed and may have been posted: a job that runs again posts the same one.
type prepared struct {
	Digest   digest.Digest `json:"digest"`
	Snapshot int64         `json:"snapshot"`
}

func digestKey(channel string, p digest.Period) string { return "digest:" + channel + ":" + string(p) }

// runDigest posts one channel's digest of one period, once, and then remembers what was told. Each step can be done
// again: composing is stored before posting, posting is guarded by its key, and what was told is set, not added to.
func (b *Bot) runDigest(ctx context.Context, channel string, p digest.Period) error {
	unlock, err := b.busy.lock(ctx, "digest:"+channel)
	if err != nil {
		return err
	}
	defer unlock()
	s, err := b.store.LoadSchedule(ctx, channel)
	if errors.Is(err, store.ErrNotFound) || err == nil && (string(p) <= s.Last || s.Paused != "") {
		return nil // switched off, or told already
	}
	if err != nil {
		return err
	}
	var prep prepared
	key := digestKey(channel, p)
	if err := b.store.LoadCard(ctx, key, &prep); errors.Is(err, store.ErrNotFound) {
		if prep, err = b.composeDigest(ctx, s, p); err != nil {
			return err
		}
		if err := b.store.SaveCard(ctx, key, prep); err != nil {
			return err
		}
	} else if err != nil {
		return err
	}
	if !prep.Digest.Quiet || !s.Silent {
		if _, err := b.post(ctx, target{key: key, channel: channel}, DigestMessage(prep.Digest)); err != nil {
			if permanent(err) {
				return b.pauseDigest(ctx, s, err)
			}
			return err
		}
	}
	return b.digestTold(ctx, channel, p, prep)
}

// DigestMessage is a digest as Slack gets it, with its buttons: the scenarios in the order of the digest.
func DigestMessage(d digest.Digest) render.Message {
	names := map[string]string{}
	for _, w := range d.Told {
		names[w.ID] = w.Name
	}
	var open []render.Choice
	for _, id := range d.Order {
		open = append(open, render.Choice{Value: id, Label: names[id]})
	}
	return render.Digest(d.Document, open)
}

// composeDigest advises on the channel's watches under the prices that it was told last and under the present ones.
func (b *Bot) composeDigest(ctx context.Context, s store.Schedule, p digest.Period) (prepared, error) {
	in, snapshot, err := digestInput(ctx, b.store, b.market, s)
	if err != nil {
		return prepared{}, err
	}
	in.Period = p
	d, err := digest.Compose(in)
	if err != nil {
		return prepared{}, err
	}
	d.Document = finite(d.Document)
	return prepared{d, snapshot}, nil
}

// digestInput gathers what a channel's digest is made of, and the id of the present prices.
func digestInput(ctx context.Context, st *store.Store, m *Market, s store.Schedule) (digest.Input, int64, error) {
	in := digest.Input{Tips: s.Tips}
	var id int64
	var err error
	if in.New, id, in.NewFeeds, err = m.Catalog(ctx); err != nil {
		return in, 0, err
	}
	in.Since = catalog.DateOf(m.now())
	if t, err := time.Parse(time.DateOnly, strings.SplitN(s.Last, "T", 2)[0]); err == nil {
		in.Since = catalog.DateOf(t)
	}
	if in.Old, in.OldFeeds, err = m.past(ctx, s.Snapshot, in.Since); err != nil {
		return in, 0, err
	}
	in.Watches, err = watchesOf(ctx, st, s.Channel)
	return in, id, err
}

// past returns the catalog and the feeds as the channel was told them on a day; the built-in catalog alone where there
// were no feeds yet.
func (m *Market) past(ctx context.Context, id int64, day catalog.Date) (*catalog.Catalog, *pricing.Snapshot, error) {
	kept, err := m.store.SnapshotAt(ctx, time.UnixMilli(id))
	if err != nil || kept == 0 {
		return m.under(nil, day), nil, err
	}
	snap, err := m.Snapshot(ctx, kept)
	if err != nil {
		return nil, nil, err
	}
	return m.under(snap, day), snap, nil
}

// Preview composes the digest that a channel would get at now, from what st holds, without a bot at work: nothing counts
// as told.
func Preview(ctx context.Context, st *store.Store, channel string, now time.Time) (digest.Digest, error) {
	return preview(ctx, st, NewMarket(st, catalog.Default(), func() time.Time { return now }), channel, now)
}

func preview(ctx context.Context, st *store.Store, m *Market, channel string, now time.Time) (digest.Digest, error) {
	s, err := st.LoadSchedule(ctx, channel)
	if errors.Is(err, store.ErrNotFound) {
		s, err = store.Schedule{Channel: channel}, nil
	}
	if err != nil {
		return digest.Digest{}, err
	}
	in, _, err := digestInput(ctx, st, m, s)
	if err != nil {
		return digest.Digest{}, err
	}
	in.Period = digest.PeriodOf(now)
	return digest.Compose(in)
}

// tipsKept is how many digests pass before a tip may come again.
const tipsKept = 4

// digestTold remembers what a posted digest said. The period comes last: until it stands, the job runs again.
func (b *Bot) digestTold(ctx context.Context, channel string, p digest.Period, prep prepared) error {
	for _, t := range prep.Digest.Told {
		var w digest.Watch
		err := b.store.UpdateWatch(ctx, channel, t.Name, &w, func() bool {
			if w.ID != t.ID || w.Text != t.Text { // one that was changed meanwhile keeps its own state
				return false
			}
			w.Told, w.ToldEnds, w.History = t.Told, t.ToldEnds, t.History
			return true
		})
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
	}
	err := b.store.UpdateSchedule(ctx, channel, func(s *store.Schedule) {
		s.Snapshot, s.Last = prep.Snapshot, string(p)
		if tip := prep.Digest.Tip; tip != "" && !slices.Contains(s.Tips, tip) {
			s.Tips = append(s.Tips, tip)
			s.Tips = s.Tips[max(0, len(s.Tips)-tipsKept):]
		}
	})
	if errors.Is(err, store.ErrNotFound) { // switched off meanwhile: it stays off
		return nil
	}
	return err
}

// pauseDigest stops a digest that its channel refuses, and tells its owner.
func (b *Bot) pauseDigest(ctx context.Context, s store.Schedule, why error) error {
	b.log.Warn("a digest is paused: its channel refuses it", "channel", s.Channel, "error", why)
	at := b.now().UnixMilli()
	err := b.store.UpdateSchedule(ctx, s.Channel, func(s *store.Schedule) {
		s.Paused, s.PausedAt, s.Untold = slackCode(why), at, s.Owner != ""
	})
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if s, err = b.store.LoadSchedule(ctx, s.Channel); err != nil {
		return err
	}
	return b.owePaused(ctx, s)
}

// owePaused puts the notice to the owner into the queue, until it is told. While Slack takes nothing from the bot at all,
// every tick finds it owed again.
func (b *Bot) owePaused(ctx context.Context, s store.Schedule) error {
	if !s.Untold {
		return nil
	}
	_, err := b.queue.insert(ctx, pausedArgs{s.Channel, s.PausedAt})
	return err
}

// tellPaused tells the owner why the digest stopped.
func (b *Bot) tellPaused(ctx context.Context, args pausedArgs) error {
	s, err := b.store.LoadSchedule(ctx, args.Channel)
	if errors.Is(err, store.ErrNotFound) || err == nil && (!s.Untold || s.PausedAt != args.At) {
		return nil // switched off, on again, or told
	}
	if err != nil {
		return err
	}
	text := fmt.Sprintf("I paused the digest of <#%s>: Slack says `%s`. %s Then type `%s digest on` there.", s.Channel, s.Paused, remedy(s.Paused), b.cfg.Command)
	key := "paused:" + s.Channel + ":" + strconv.FormatInt(s.PausedAt, 10)
	_, err = b.post(ctx, target{key: key, channel: s.Owner}, render.Notice(text))
	if err != nil && (!permanent(err) || fatal[slackCode(err)] != "") { // an owner who has left cannot be told
		return err
	}
	return b.store.UpdateSchedule(ctx, s.Channel, func(s *store.Schedule) { s.Untold = false })
}

// remedy says what brings a channel back.
func remedy(code string) string {
	switch {
	case code == "is_archived":
		return "The channel is archived: unarchive it first."
	case fatal[code] != "":
		return "The app was removed or its token no longer works: have it installed again."
	case code == "not_in_channel" || code == "channel_not_found":
		return "I am not in that channel any more: invite me again."
	}
	return "Let me post there again first."
}

// slackCode is Slack's own word for an error; its text where it is none of Slack's.
func slackCode(err error) string {
	var s slack.SlackErrorResponse
	if errors.As(err, &s) {
		return s.Err
	}
	return err.Error()
}

// watches returns a channel's watches, or those of all channels for "".
func (b *Bot) watches(ctx context.Context, channel string) ([]digest.Watch, error) {
	return watchesOf(ctx, b.store, channel)
}

func watchesOf(ctx context.Context, st *store.Store, channel string) ([]digest.Watch, error) {
	raw, err := st.Watches(ctx, channel)
	if err != nil {
		return nil, err
	}
	out := make([]digest.Watch, len(raw))
	for i, r := range raw {
		if err := json.Unmarshal(r, &out[i]); err != nil {
			return nil, fmt.Errorf("bot: decode watch: %w", err)
		}
	}
	return out, nil
}

func marshal(v any) (string, error) {
	b, err := json.Marshal(v)
	return string(b), err
}

func unmarshal(s string, v any) error { return json.Unmarshal([]byte(s), v) }
