package bot

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/llmadvise/llmadvise/bot/digest"
	"github.com/llmadvise/llmadvise/bot/render"
	"github.com/llmadvise/llmadvise/bot/store"
)

// alerts tells at once what moved in the watches that ask for it.
func (b *Bot) alerts(ctx context.Context) error {
	all, err := b.watches(ctx, "")
	if err != nil {
		return err
	}
	var errs []error
	for _, w := range all {
		if w.AtOnce {
			errs = append(errs, b.alert(ctx, w))
		}
	}
	return errors.Join(errs...)
}

// alert tells a channel that a scenario moved, once for each state of its numbers.
func (b *Bot) alert(ctx context.Context, w digest.Watch) error {
	unlock, err := b.busy.lock(ctx, "digest:"+w.Channel)
	if err != nil {
		return err
	}
	defer unlock()
	s, err := b.store.LoadSchedule(ctx, w.Channel)
	if errors.Is(err, store.ErrNotFound) {
		s, err = store.Schedule{Channel: w.Channel}, nil
	}
	if err != nil || s.Paused != "" {
		return err
	}
	in, _, err := digestInput(ctx, b.store, b.market, s)
	if err != nil {
		return err
	}
	// As it stands now: the digest may have told the move since the list was read.
	if w, err = b.findWatch(ctx, w.Channel, w.ID); errors.Is(err, store.ErrNotFound) {
		return nil
	} else if err != nil {
		return err
	}
	in.Watches, in.Period, in.Alone = []digest.Watch{w}, digest.PeriodOf(b.now()), true
	d, err := digest.Compose(in)
	if err != nil || d.Moved == 0 {
		return err
	}
	told := d.Told[0]
	_, err = b.post(ctx, target{key: alertKey(w, told), channel: w.Channel}, render.Alert(d.Document, w.ID))
	if permanent(err) && s.Spec != "" {
		return b.pauseDigest(ctx, s, err)
	}
	if err != nil && !permanent(err) {
		return err
	}
	return b.alertTold(ctx, w, told)
}

// alertKey is the move in its numbers, from where to where; wording has no part in it. The same move, after a return, is a
// new one.
func alertKey(w, told digest.Watch) string {
	was, is := w.Told, told.Told
	ends, _ := json.Marshal(told.ToldEnds) // a map's keys are written in order
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %s %.2f > %s %s %.2f %s, %d", w.ID, was.OptionID, was.Monthly, is.Path, is.OptionID, is.Monthly, ends, w.Alerts))
	return "alert:" + hex.EncodeToString(sum[:12])
}

// alertTold remembers an alert, unless the watch was removed or changed meanwhile.
func (b *Bot) alertTold(ctx context.Context, w, told digest.Watch) error {
	var fresh digest.Watch
	err := b.store.UpdateWatch(ctx, w.Channel, w.Name, &fresh, func() bool {
		if fresh.ID != w.ID || fresh.Text != w.Text || fresh.Alerts != w.Alerts {
			return false
		}
		fresh.Told, fresh.ToldEnds, fresh.Alerts = told.Told, told.ToldEnds, w.Alerts+1
		return true
	})
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	return err
}
