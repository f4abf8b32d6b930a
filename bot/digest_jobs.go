package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/riverqueue/river"

	"github.com/llmadvise/llmadvise/bot/digest"
	"github.com/llmadvise/llmadvise/bot/feeds"
	"github.com/llmadvise/llmadvise/bot/render"
	"github.com/llmadvise/llmadvise/bot/store"
)

const (
	tickEvery    = time.Minute
	refreshEvery = 6 * time.Hour
)

// tickArgs asks which digests are due. Replicas and restarts share one tick a minute.
type tickArgs struct{}

func (tickArgs) Kind() string { return "digest_tick" }
func (tickArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{MaxAttempts: 1, UniqueOpts: river.UniqueOpts{ByPeriod: tickEvery}}
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

// periodicJobs are the bot's clock. River elects one replica to keep it.
func (b *Bot) periodicJobs() []*river.PeriodicJob {
	jobs := []*river.PeriodicJob{river.NewPeriodicJob(river.PeriodicInterval(tickEvery),
		func() (river.JobArgs, *river.InsertOpts) { return tickArgs{}, nil }, &river.PeriodicJobOpts{ID: "digest_tick", RunOnStart: true})}
	if b.refresher != nil {
		jobs = append(jobs, river.NewPeriodicJob(river.PeriodicInterval(refreshEvery),
			func() (river.JobArgs, *river.InsertOpts) { return refreshArgs{}, nil }, &river.PeriodicJobOpts{ID: "price_refresh", RunOnStart: true}))
	}
	return jobs
}

func (b *Bot) addDigestWorkers(w *river.Workers) {
	river.AddWorker(w, river.WorkFunc(func(ctx context.Context, _ *river.Job[tickArgs]) error { return b.tick(ctx) }))
	river.AddWorker(w, river.WorkFunc(func(ctx context.Context, _ *river.Job[refreshArgs]) error { return b.refreshPrices(ctx) }))
	river.AddWorker(w, river.WorkFunc(func(ctx context.Context, j *river.Job[digestArgs]) error {
		return b.runDigest(ctx, j.Args.Channel, j.Args.Period)
	}))
}

// tick makes a job of every digest that is due. After a pause it is one a channel, for the newest period.
func (b *Bot) tick(ctx context.Context) error {
	list, err := b.store.Schedules(ctx)
	if err != nil {
		return err
	}
	for _, s := range list {
		if s.Paused != "" {
			continue
		}
		sch, err := digest.ParseSchedule(s.Spec, s.Zone)
		if err != nil {
			b.log.Error("a stored schedule does not read", "channel", s.Channel, "error", err)
			continue
		}
		if p, due := sch.Due(digest.Period(s.Last), b.now()); due {
			if _, err := b.queue.insert(ctx, digestArgs{Channel: s.Channel, Period: p}); err != nil {
				return err
			}
		}
	}
	return nil
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
	cat, _, snap, err := b.market.Catalog(ctx)
	if err != nil {
		return err
	}
	if b.priced.Swap(cat) == cat {
		return nil
	}
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
	if err := b.takePrices(ctx); err != nil && ctx.Err() == nil {
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
		if prep, err = b.composeDigest(ctx, channel, s, p); err != nil {
			return err
		}
		if err := b.store.SaveCard(ctx, key, prep); err != nil {
			return err
		}
	} else if err != nil {
		return err
	}
	if !prep.Digest.Quiet || !s.Silent {
		if _, err := b.post(ctx, target{key: key, channel: channel}, render.Card(prep.Digest.Document, render.CardOptions{})); err != nil {
			if permanent(err) {
				return b.pauseDigest(ctx, s, err)
			}
			return err
		}
	}
	return b.digestTold(ctx, s, p, prep)
}

// composeDigest advises on the channel's watches under the prices that it was told last and under the present ones.
func (b *Bot) composeDigest(ctx context.Context, channel string, s store.Schedule, p digest.Period) (prepared, error) {
	in, snapshot, err := b.digestInput(ctx, channel, s)
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

func (b *Bot) digestInput(ctx context.Context, channel string, s store.Schedule) (digest.Input, int64, error) {
	now, id, snap, err := b.market.Catalog(ctx)
	if err != nil {
		return digest.Input{}, 0, err
	}
	old, err := b.market.At(ctx, s.Snapshot)
	if err != nil {
		return digest.Input{}, 0, err
	}
	watches, err := b.watches(ctx, channel)
	if err != nil {
		return digest.Input{}, 0, err
	}
	since := old.AsOf.String()
	return digest.Input{Since: since, Old: old, New: now, Watches: watches, Feeds: digest.HealthOf(snap)}, id, nil
}

// digestTold remembers what a posted digest said. The period comes last: until it stands, the job runs again.
func (b *Bot) digestTold(ctx context.Context, s store.Schedule, p digest.Period, prep prepared) error {
	present, err := b.watches(ctx, s.Channel)
	if err != nil {
		return err
	}
	told := map[string]digest.Watch{}
	for _, w := range prep.Digest.Told {
		told[w.ID] = w
	}
	for _, w := range present { // one that was removed or changed meanwhile keeps its own state
		t, ok := told[w.ID]
		if !ok || t.Text != w.Text {
			continue
		}
		w.Told, w.History = t.Told, t.History
		if err := b.store.SaveWatch(ctx, s.Channel, w.Name, w); err != nil {
			return err
		}
	}
	// Read again: what the channel changed meanwhile stays, and a digest that was switched off stays off.
	fresh, err := b.store.LoadSchedule(ctx, s.Channel)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	fresh.Snapshot, fresh.Last = prep.Snapshot, string(p)
	return b.store.SaveSchedule(ctx, fresh)
}

// pauseDigest stops a digest that its channel refuses. Its owner is told first: the job runs again until the pause is
// stored, and the notice is sent once.
func (b *Bot) pauseDigest(ctx context.Context, s store.Schedule, why error) error {
	b.log.Warn("a digest is paused: its channel refuses it", "channel", s.Channel, "error", why)
	if s.Owner != "" {
		text := fmt.Sprintf("I paused the digest of <#%s>: Slack says `%s`. Invite me there again (or unarchive the channel) and type `%s digest on`.",
			s.Channel, why, b.cfg.Command)
		_, err := b.post(ctx, target{key: "paused:" + s.Channel + ":" + s.Last, channel: s.Owner}, render.Notice(text))
		if err != nil && !permanent(err) { // an owner who has left cannot be told
			return err
		}
	}
	fresh, err := b.store.LoadSchedule(ctx, s.Channel)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	fresh.Paused = why.Error()
	return b.store.SaveSchedule(ctx, fresh)
}

// alerts tells at once what moved in the watches that ask for it.
func (b *Bot) alerts(ctx context.Context) error {
	all, err := b.watches(ctx, "")
	if err != nil {
		return err
	}
	cat, _, _, err := b.market.Catalog(ctx)
	if err != nil {
		return err
	}
	var errs []error
	for _, w := range all {
		if w.AtOnce {
			errs = append(errs, b.alert(ctx, w, cat))
		}
	}
	return errors.Join(errs...)
}

// watches returns a channel's watches, or those of all channels for "".
func (b *Bot) watches(ctx context.Context, channel string) ([]digest.Watch, error) {
	raw, err := b.store.Watches(ctx, channel)
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
