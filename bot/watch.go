package bot

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/llmadvise/llmadvise/advisor"
	"github.com/llmadvise/llmadvise/advisor/quantity"
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

func (b *Bot) watchCommand(ctx context.Context, env envelope, rest string) (render.Message, error) {
	verb, tail, _ := strings.Cut(rest, " ")
	tail = strings.TrimSpace(tail)
	switch strings.ToLower(verb) {
	case "", "list":
		if tail == "" {
			return b.listWatches(ctx, env.Channel)
		}
	case "remove", "delete":
		return b.unwatch(ctx, env, tail)
	case "edit", "change":
		return b.editWatch(ctx, env, tail)
	case "add":
		rest = tail
	}
	request, name, terms, problem := readWatch(rest)
	if problem != "" {
		return render.Problem(problem, "Write it like this: "+b.cfg.Command+" watch 300k queries, HIPAA as support-bot"), nil
	}
	return b.addWatch(ctx, env, request, name, terms)
}

// addWatch saves a new scenario and says where it stands.
func (b *Bot) addWatch(ctx context.Context, env envelope, request, name string, terms watchTerms) (render.Message, error) {
	have, err := b.watches(ctx, env.Channel)
	if err != nil {
		return render.Message{}, err
	}
	id := cardID(env.Key)
	for _, h := range have {
		if strings.EqualFold(h.Name, name) && h.ID != id { // else this very job ran before and was cut off
			return render.Problem(fmt.Sprintf("This channel has a scenario called %s already: %s.", h.Name, h.Text),
				"Change it with "+b.cfg.Command+" watch edit "+h.Name+" to "+request+", or choose another name."), nil
		}
	}
	if len(have) >= maxWatches {
		return render.Problem(fmt.Sprintf("This channel watches %d scenarios already, which is the most.", maxWatches), "Remove one first: "+b.cfg.Command+" watch remove NAME"), nil
	}
	w := digest.Watch{ID: id, Channel: env.Channel, Name: name, Owner: env.User, Made: env.Received.UTC()}
	terms.apply(&w)
	if problem, err := b.setRequest(ctx, &w, request); problem != "" || err != nil {
		return render.Problem(problem, "Then add a name: "+b.cfg.Command+" watch 300k queries, HIPAA as "+name), err
	}
	if err := b.store.SaveWatch(ctx, env.Channel, name, w); err != nil {
		return render.Message{}, err
	}
	return b.watching(ctx, env, w, "Watching")
}

// setRequest makes a watch stand on a request as it was typed; what it says of the standing counts as told.
func (b *Bot) setRequest(ctx context.Context, w *digest.Watch, request string) (problem string, err error) {
	load, misread := b.deps.Advisor.Parse(request)
	if misread != nil {
		return misread.Error(), nil
	}
	cat, _, _, err := b.market.Catalog(ctx)
	if err != nil {
		return "", err
	}
	adv, err := advisor.Advise(load, cat)
	if err != nil {
		return "I could not work that out: " + err.Error(), nil
	}
	w.Text, w.Workload, w.History, w.Told, w.ToldEnds = request, load, nil, digest.Standing{}, nil
	w.Tell(digest.StandingOf(*w, adv, cat))
	w.Record(digest.PeriodOf(b.now()), w.Told.Monthly)
	return "", nil
}

// watching confirms a saved watch and gives the channel its weekly digest with its first.
func (b *Bot) watching(ctx context.Context, env envelope, w digest.Watch, verb string) (render.Message, error) {
	s, err := b.ensureSchedule(ctx, env)
	if err != nil {
		return render.Message{}, err
	}
	when := "with the digest " + b.describeSchedule(s)
	if s.Paused != "" {
		when = "once the digest is on again (`" + b.cfg.Command + " digest on`)"
	} else if w.AtOnce {
		when = "as soon as prices show it, and " + when
	}
	return render.Notice(fmt.Sprintf("%s *%s*: %s. I will tell this channel when another option wins, the cost moves by at least %s, or a model is to end: %s.",
		verb, render.Escape(w.Name), render.Escape(standing(w.Told)), threshold(w.Threshold), when)), nil
}

func threshold(t digest.Threshold) string {
	t = t.OrDefault()
	return quantity.Percent(t.Share) + " and " + quantity.USD(t.USD) + " a month"
}

func standing(s digest.Standing) string {
	if s.OptionID == "" {
		return "nothing qualifies at present"
	}
	return s.Option + " at " + quantity.USD(s.Monthly) + " a month"
}

// editWatch changes a scenario's request, its terms, or both.
func (b *Bot) editWatch(ctx context.Context, env envelope, text string) (render.Message, error) {
	have, err := b.watches(ctx, env.Channel)
	if err != nil {
		return render.Message{}, err
	}
	w, request, terms, problem := readEdit(text, have)
	if problem != "" {
		return render.Problem(problem, "See them all with "+b.cfg.Command+" watch list. An edit reads: "+b.cfg.Command+" watch edit support-bot to 400k queries, HIPAA, at once, over 10 %, over $50"), nil
	}
	if request == "" && terms == (watchTerms{}) {
		return render.Problem("What should change about "+w.Name+"?", "For example: "+b.cfg.Command+" watch edit "+w.Name+" to 400k queries, HIPAA – or: "+w.Name+", at once, over 10 %, over $50"), nil
	}
	return b.changeWatch(ctx, env, w, w.Name, request, terms)
}

// changeWatch keeps the watch's id, owner and age; a new request starts its history anew.
func (b *Bot) changeWatch(ctx context.Context, env envelope, w digest.Watch, name, request string, terms watchTerms) (render.Message, error) {
	changed := w
	if request != "" && request != w.Text {
		if problem, err := b.setRequest(ctx, &changed, request); problem != "" || err != nil {
			return render.Problem(problem, "The scenario "+w.Name+" stays as it was."), err
		}
	}
	terms.apply(&changed)
	changed.Name = name
	err := b.keepWatch(ctx, w, changed)
	if errors.Is(err, store.ErrNotFound) {
		return render.Problem("The scenario "+w.Name+" was removed meanwhile.", "Save it anew: "+b.cfg.Command+" watch "+changed.Text+" as "+name), nil
	}
	if err != nil {
		return render.Message{}, err
	}
	return b.watching(ctx, env, changed, "Changed")
}

// keepWatch writes what an edit changed, over what a digest may have noted meanwhile.
func (b *Bot) keepWatch(ctx context.Context, old, changed digest.Watch) error {
	var fresh digest.Watch
	err := b.store.UpdateWatch(ctx, old.Channel, old.Name, &fresh, func() bool {
		if changed.Text == old.Text {
			changed.Told, changed.ToldEnds, changed.History, changed.Alerts = fresh.Told, fresh.ToldEnds, fresh.History, fresh.Alerts
		}
		fresh = changed
		return true
	})
	if err != nil || changed.Name == old.Name {
		return err
	}
	if err := b.store.SaveWatch(ctx, old.Channel, changed.Name, changed); err != nil {
		return err
	}
	_, err = b.store.RemoveWatch(ctx, old.Channel, old.Name)
	return err
}

func (b *Bot) listWatches(ctx context.Context, channel string) (render.Message, error) {
	list, err := b.watches(ctx, channel)
	if err != nil {
		return render.Message{}, err
	}
	if len(list) == 0 {
		return render.Notice("This channel watches no scenario yet. Save one: `" + b.cfg.Command + " watch 300k queries, HIPAA as support-bot`"), nil
	}
	title := fmt.Sprintf("This channel watches %d scenarios", len(list))
	if len(list) == 1 {
		title = "This channel watches 1 scenario"
	}
	rows := make([]render.WatchRow, len(list))
	for i, w := range list {
		when := "tells with the digest"
		if w.AtOnce {
			when = "tells at once"
		}
		rows[i] = render.WatchRow{ID: w.ID, Name: w.Name, Request: w.Text, Standing: standing(w.Told),
			Terms: when + ", from " + threshold(w.Threshold) + "; saved by <@" + w.Owner + ">"}
	}
	return render.Watches(title, rows), nil
}

func (b *Bot) unwatch(ctx context.Context, env envelope, name string) (render.Message, error) {
	list, err := b.watches(ctx, env.Channel)
	if err != nil {
		return render.Message{}, err
	}
	for _, w := range list {
		if strings.EqualFold(w.Name, name) || w.ID == name {
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

// findWatch returns a channel's watch by its id, or ErrNotFound.
func (b *Bot) findWatch(ctx context.Context, channel, id string) (digest.Watch, error) {
	list, err := b.watches(ctx, channel)
	for _, w := range list {
		if w.ID == id {
			return w, nil
		}
	}
	if err == nil {
		err = store.ErrNotFound
	}
	return digest.Watch{}, err
}
