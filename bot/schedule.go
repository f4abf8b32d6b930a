package bot

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/llmadvise/llmadvise/bot/digest"
	"github.com/llmadvise/llmadvise/bot/render"
	"github.com/llmadvise/llmadvise/bot/store"
)

// ensureSchedule gives a channel its weekly digest with its first watch.
func (b *Bot) ensureSchedule(ctx context.Context, env envelope) (store.Schedule, error) {
	s, err := b.store.LoadSchedule(ctx, env.Channel)
	if err == nil || !errors.Is(err, store.ErrNotFound) {
		return s, err
	}
	return b.startSchedule(ctx, env, digest.DefaultSpec, "UTC")
}

// startSchedule switches a channel's digest on, or changes when it comes. The first is the next one due, not one of the past.
func (b *Bot) startSchedule(ctx context.Context, env envelope, spec, zone string) (store.Schedule, error) {
	sch, err := digest.ParseSchedule(spec, zone)
	if err != nil {
		return store.Schedule{}, err
	}
	start := string(sch.Start(b.now()))
	err = b.store.UpdateSchedule(ctx, env.Channel, func(s *store.Schedule) {
		s.Spec, s.Zone, s.Owner, s.Paused, s.PausedAt, s.Untold = sch.Spec, zone, env.User, "", 0, false
		s.Last = max(s.Last, start)
	})
	if !errors.Is(err, store.ErrNotFound) {
		if err != nil {
			return store.Schedule{}, err
		}
		return b.store.LoadSchedule(ctx, env.Channel)
	}
	_, id, _, err := b.market.Catalog(ctx)
	if err != nil {
		return store.Schedule{}, err
	}
	s := store.Schedule{Channel: env.Channel, Snapshot: id, Spec: sch.Spec, Zone: zone, Owner: env.User, Last: start}
	return s, b.store.SaveSchedule(ctx, s)
}

// describeSchedule says when the digest comes, in words where there are some.
func (b *Bot) describeSchedule(s store.Schedule) string {
	sch, err := digest.ParseSchedule(s.Spec, s.Zone)
	if err != nil {
		return "(`" + s.Spec + "`)"
	}
	when := "`" + s.Spec + "`"
	for _, p := range presets {
		if p.Value == s.Spec {
			when = strings.ToLower(p.Label[:1]) + p.Label[1:]
			if strings.HasPrefix(p.Label, "Mon") {
				when = p.Label
			}
		}
	}
	next := sch.Next(b.now())
	if next.IsZero() {
		return "(" + when + ", never due again)"
	}
	return fmt.Sprintf("(%s, %s; next on %s)", when, s.Zone, next.In(sch.Zone).Format("Monday 2 January 15:04"))
}

var scheduleWords = regexp.MustCompile(`(?i)^on(?:\s+"?((?:\S+\s+){4}\S+|@\w+)"?)?(?:\s+([A-Za-z]+(?:/[A-Za-z0-9_+-]+)+|UTC))?$`)

func (b *Bot) digestCommand(ctx context.Context, env envelope, rest string) (render.Message, error) {
	lower := strings.ToLower(rest)
	switch {
	case lower == "now" || lower == "preview":
		return b.previewDigest(ctx, env)
	case lower == "off":
		ok, err := b.store.RemoveSchedule(ctx, env.Channel)
		if err != nil || !ok {
			return render.Notice("This channel has no digest."), err
		}
		return render.Notice("The digest is off. The watched scenarios stay; `" + b.cfg.Command + " digest on` brings it back."), nil
	case lower == "mute":
		return b.mute(ctx, env)
	case lower == "silent on" || lower == "silent off":
		return b.digestSilent(ctx, env, lower == "silent on")
	case lower == "" || lower == "status":
		return b.digestStatus(ctx, env)
	case lower == "on" || strings.HasPrefix(lower, "on "):
		if f := scheduleWords.FindStringSubmatch(rest); f != nil {
			return b.digestOn(ctx, env, f[1], f[2])
		}
		return render.Problem("I cannot read that schedule.", "Write minute, hour, day, month, weekday and a time zone: "+b.cfg.Command+` digest on 0 9 * * 1 Europe/Berlin`), nil
	}
	return render.Problem("I know: digest now, digest on, digest off, digest mute, digest silent on, digest status.",
		"With a schedule of your own: "+b.cfg.Command+` digest on 0 9 * * 1 Europe/Berlin`), nil
}

func (b *Bot) digestOn(ctx context.Context, env envelope, spec, zone string) (render.Message, error) {
	old, err := b.store.LoadSchedule(ctx, env.Channel)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return render.Message{}, err
	}
	setString(&spec, old.Spec)
	setString(&zone, old.Zone)
	setString(&spec, digest.DefaultSpec)
	setString(&zone, "UTC")
	s, err := b.startSchedule(ctx, env, spec, zone)
	if errors.Is(err, digest.ErrSchedule) {
		return render.Problem(err.Error(), ""), nil
	}
	if err != nil {
		return render.Message{}, err
	}
	return render.Notice("The digest is on " + b.describeSchedule(s) + "."), nil
}

func (b *Bot) digestSilent(ctx context.Context, env envelope, silent bool) (render.Message, error) {
	if _, err := b.ensureSchedule(ctx, env); err != nil {
		return render.Message{}, err
	}
	if err := b.store.UpdateSchedule(ctx, env.Channel, func(s *store.Schedule) { s.Silent = silent }); err != nil {
		return render.Message{}, err
	}
	if silent {
		return render.Notice("When nothing moved, the digest stays silent."), nil
	}
	return render.Notice("When nothing moved, the digest says so in one line."), nil
}

func (b *Bot) digestStatus(ctx context.Context, env envelope) (render.Message, error) {
	s, err := b.store.LoadSchedule(ctx, env.Channel)
	if errors.Is(err, store.ErrNotFound) {
		return render.Notice("This channel has no digest. Switch it on: `" + b.cfg.Command + " digest on`"), nil
	}
	if err != nil {
		return render.Message{}, err
	}
	if s.Paused != "" {
		return render.Notice("The digest is paused (" + render.Escape(s.Paused) + "). `" + b.cfg.Command + " digest on` starts it again."), nil
	}
	return render.Notice("The digest is on " + b.describeSchedule(s) + "."), nil
}

// mute stops a channel's digest and its alerts until somebody switches them on.
func (b *Bot) mute(ctx context.Context, env envelope) (render.Message, error) {
	err := b.store.UpdateSchedule(ctx, env.Channel, func(s *store.Schedule) {
		s.Paused, s.PausedAt, s.Untold = "muted", b.now().UnixMilli(), false
	})
	if errors.Is(err, store.ErrNotFound) {
		return render.Notice("This channel has no digest."), nil
	}
	return render.Muted("<@"+env.User+">", b.cfg.Command), err
}

// previewDigest shows what the digest would say now; nothing counts as told.
func (b *Bot) previewDigest(ctx context.Context, env envelope) (render.Message, error) {
	d, err := preview(ctx, b.store, b.market, env.Channel, b.now())
	if err != nil {
		return render.Message{}, err
	}
	return render.Card(finite(d.Document), render.CardOptions{}), nil
}
