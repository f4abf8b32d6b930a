package bot

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/llmadvise/llmadvise/advisor"
	"github.com/llmadvise/llmadvise/advisor/catalog"
	"github.com/llmadvise/llmadvise/advisor/quantity"
	"github.com/llmadvise/llmadvise/advisor/report"
	"github.com/llmadvise/llmadvise/bot/digest"
	"github.com/llmadvise/llmadvise/bot/render"
	"github.com/llmadvise/llmadvise/bot/store"
)

// maxWatches of one channel: each is advised on with every digest.
const maxWatches = 50

// subcommand answers what is not a workload: watches, digests, sources. handled is false for everything else.
func (b *Bot) subcommand(ctx context.Context, env envelope, text string) (m render.Message, handled bool, err error) {
	word, rest, _ := strings.Cut(strings.TrimSpace(text), " ")
	rest = strings.TrimSpace(rest)
	switch strings.ToLower(word) {
	case "watch", "watches":
		m, err = b.watchCommand(ctx, env, rest)
	case "unwatch":
		m, err = b.unwatch(ctx, env, rest)
	case "digest":
		m, err = b.digestCommand(ctx, env, rest)
	case "source", "sources", "ingest":
		if b.deps.Library == nil {
			return m, false, nil
		}
		m, err = b.sourcesCommand(ctx, env, strings.ToLower(word), rest)
	default:
		return m, false, nil
	}
	return m, true, err
}

var watchAs = regexp.MustCompile(`(?is)^(.*\S)\s+as\s+([\pL\d][\pL\d _.-]{0,39})(?:\s*(?:,|;)?\s*(at once|now))?$`)

func (b *Bot) watchCommand(ctx context.Context, env envelope, rest string) (render.Message, error) {
	lower := strings.ToLower(rest)
	switch {
	case lower == "" || lower == "list":
		return b.listWatches(ctx, env.Channel)
	case strings.HasPrefix(lower, "remove "), strings.HasPrefix(lower, "delete "):
		return b.unwatch(ctx, env, strings.TrimSpace(rest[7:]))
	case strings.HasPrefix(lower, "edit "), strings.HasPrefix(lower, "add "):
		_, rest, _ = strings.Cut(rest, " ")
	}
	rest = strings.TrimSpace(rest)
	found := watchAs.FindStringSubmatch(rest)
	if found == nil {
		return render.Problem("I need a name for the scenario.", "Write it like this: "+b.cfg.Command+" watch 300k queries, HIPAA as support-bot"), nil
	}
	return b.saveWatch(ctx, env, found[1], strings.TrimSpace(found[2]), found[3] != "")
}

func (b *Bot) saveWatch(ctx context.Context, env envelope, text, name string, atOnce bool) (render.Message, error) {
	w, problem := b.deps.Advisor.Parse(text)
	if problem != nil {
		return render.Problem(problem.Error(), "Then add a name: "+b.cfg.Command+" watch 300k queries, HIPAA as support-bot"), nil
	}
	have, err := b.watches(ctx, env.Channel)
	if err != nil {
		return render.Message{}, err
	}
	known := false
	for _, h := range have {
		if strings.EqualFold(h.Name, name) {
			known, name = true, h.Name
		}
	}
	if !known && len(have) >= maxWatches {
		return render.Problem(fmt.Sprintf("This channel watches %d scenarios already, which is the most.", maxWatches), "Remove one first: "+b.cfg.Command+" watch remove NAME"), nil
	}
	cat, _, _, err := b.market.Catalog(ctx)
	if err != nil {
		return render.Message{}, err
	}
	adv, err := advisor.Advise(w, cat)
	if err != nil {
		return render.Problem("I could not work that out: "+err.Error(), ""), nil
	}
	watch := digest.Watch{
		ID: cardID(env.Key), Channel: env.Channel, Name: name, Owner: env.User, Text: text, Made: env.Received.UTC(), AtOnce: atOnce,
		Workload: w, Told: digest.StandingOf(adv),
	}
	if err := b.store.SaveWatch(ctx, env.Channel, name, watch); err != nil {
		return render.Message{}, err
	}
	s, err := b.ensureSchedule(ctx, env)
	if err != nil {
		return render.Message{}, err
	}
	when := "with the digest " + b.describeSchedule(s)
	if atOnce {
		when = "as soon as it moves, and " + when
	}
	return render.Notice(fmt.Sprintf("Watching *%s*: %s. I will tell this channel %s.", render.Escape(name), render.Escape(standing(watch.Told)), when)), nil
}

func standing(s digest.Standing) string {
	if s.OptionID == "" {
		return "nothing qualifies at present"
	}
	return s.Option + " at " + quantity.USD(s.Monthly) + " a month"
}

func (b *Bot) listWatches(ctx context.Context, channel string) (render.Message, error) {
	list, err := b.watches(ctx, channel)
	if err != nil {
		return render.Message{}, err
	}
	if len(list) == 0 {
		return render.Notice("This channel watches no scenario yet. Save one: `" + b.cfg.Command + " watch 300k queries, HIPAA as support-bot`"), nil
	}
	t := &report.Table{Caption: "Watched scenarios", Header: []string{"Scenario", "Request", "Last told"}, Numeric: []bool{false, false, false}, Mark: -1}
	for _, w := range list {
		t.Rows = append(t.Rows, []string{w.Name, w.Text, standing(w.Told)})
	}
	title := fmt.Sprintf("This channel watches %d scenarios", len(list))
	if len(list) == 1 {
		title = "This channel watches 1 scenario"
	}
	return render.Card(report.Document{Title: title, Sections: []report.Section{{Table: t}}}, render.CardOptions{}), nil
}

func (b *Bot) unwatch(ctx context.Context, env envelope, name string) (render.Message, error) {
	list, err := b.watches(ctx, env.Channel)
	if err != nil {
		return render.Message{}, err
	}
	for _, w := range list {
		if strings.EqualFold(w.Name, name) {
			name = w.Name
		}
	}
	ok, err := b.store.RemoveWatch(ctx, env.Channel, name)
	if err != nil {
		return render.Message{}, err
	}
	if !ok {
		return render.Problem("This channel watches nothing called "+name+".", "See them all: "+b.cfg.Command+" watch list"), nil
	}
	return render.Notice("No longer watching *" + render.Escape(name) + "*."), nil
}

// ensureSchedule gives a channel its weekly digest with its first watch.
func (b *Bot) ensureSchedule(ctx context.Context, env envelope) (store.Schedule, error) {
	s, err := b.store.LoadSchedule(ctx, env.Channel)
	if err == nil || !errors.Is(err, store.ErrNotFound) {
		return s, err
	}
	return b.startSchedule(ctx, env, digest.DefaultSpec, "UTC")
}

func (b *Bot) startSchedule(ctx context.Context, env envelope, spec, zone string) (store.Schedule, error) {
	sch, err := digest.ParseSchedule(spec, zone)
	if err != nil {
		return store.Schedule{}, err
	}
	s, err := b.store.LoadSchedule(ctx, env.Channel)
	if errors.Is(err, store.ErrNotFound) {
		_, id, _, err := b.market.Catalog(ctx)
		if err != nil {
			return store.Schedule{}, err
		}
		s = store.Schedule{Channel: env.Channel, Snapshot: id}
	} else if err != nil {
		return store.Schedule{}, err
	}
	s.Spec, s.Zone, s.Owner, s.Paused = sch.Spec, zone, env.User, ""
	if start := string(sch.Start(b.now())); start > s.Last {
		s.Last = start // the first digest is the next one due, not one of the past
	}
	return s, b.store.SaveSchedule(ctx, s)
}

func (b *Bot) describeSchedule(s store.Schedule) string {
	sch, err := digest.ParseSchedule(s.Spec, s.Zone)
	if err != nil {
		return "(`" + s.Spec + "`)"
	}
	next := sch.Next(b.now())
	if next.IsZero() {
		return "(`" + s.Spec + "`, never due again)"
	}
	return fmt.Sprintf("(`%s`, %s; next on %s)", s.Spec, s.Zone, next.In(sch.Zone).Format("Monday 2 January 15:04"))
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
	case lower == "silent on" || lower == "silent off":
		return b.digestSilent(ctx, env, lower == "silent on")
	case lower == "" || lower == "status":
		return b.digestStatus(ctx, env)
	case strings.HasPrefix(lower, "on"):
		if f := scheduleWords.FindStringSubmatch(rest); f != nil {
			return b.digestOn(ctx, env, f[1], f[2])
		}
	}
	return render.Problem("I know: digest now, digest on, digest off, digest silent on, digest status.",
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
	s, err := b.ensureSchedule(ctx, env)
	if err != nil {
		return render.Message{}, err
	}
	s.Silent = silent
	if err := b.store.SaveSchedule(ctx, s); err != nil {
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

// previewDigest shows what the digest would say now; nothing counts as told.
func (b *Bot) previewDigest(ctx context.Context, env envelope) (render.Message, error) {
	s, err := b.store.LoadSchedule(ctx, env.Channel)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return render.Message{}, err
	}
	prep, err := b.composeDigest(ctx, env.Channel, s, digest.Period(b.now().UTC().Format("2006-01-02T15:04")))
	if err != nil {
		return render.Message{}, err
	}
	return render.Card(prep.Digest.Document, render.CardOptions{}), nil
}

// alert tells a channel that a scenario moved, once for each state of its numbers.
func (b *Bot) alert(ctx context.Context, w digest.Watch, cat *catalog.Catalog) error {
	adv, err := advisor.Advise(w.Workload, cat)
	if err != nil {
		return err
	}
	now := digest.StandingOf(adv)
	if !w.Moved(now).Any() {
		return nil
	}
	old, err := b.store.LoadSchedule(ctx, w.Channel)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	before, err := b.market.At(ctx, old.Snapshot)
	if err != nil {
		return err
	}
	d, err := digest.Compose(digest.Input{Old: before, New: cat, Watches: []digest.Watch{w}})
	if err != nil {
		return err
	}
	// The identity is the move in its numbers: from where to where. The same move, after a return, is a new one.
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %s %.0f > %s %s %.0f %s, %d", w.ID, w.Told.OptionID, w.Told.Monthly, now.Path, now.OptionID, now.Monthly, now.EndOfLife, w.Alerts))
	doc := report.Document{Title: d.Document.Title, Summary: d.Document.Summary}
	_, err = b.post(ctx, target{key: "alert:" + hex.EncodeToString(sum[:12]), channel: w.Channel}, render.Card(doc, render.CardOptions{}))
	if err != nil && !permanent(err) {
		return err
	}
	return b.alertTold(ctx, w, now)
}

// alertTold remembers an alert, unless the watch was removed or changed meanwhile.
func (b *Bot) alertTold(ctx context.Context, w digest.Watch, now digest.Standing) error {
	list, err := b.watches(ctx, w.Channel)
	if err != nil {
		return err
	}
	for _, fresh := range list {
		if fresh.ID == w.ID && fresh.Text == w.Text {
			fresh.Told, fresh.Alerts = now, w.Alerts+1
			return b.store.SaveWatch(ctx, w.Channel, w.Name, fresh)
		}
	}
	return nil
}
