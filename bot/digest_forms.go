package bot

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"github.com/llmadvise/llmadvise/advisor/quantity"
	"github.com/llmadvise/llmadvise/bot/digest"
	"github.com/llmadvise/llmadvise/bot/render"
	"github.com/llmadvise/llmadvise/bot/store"
)

// Inputs of the two forms.
const (
	inputName    = "name"
	inputRequest = "request"
	inputWhen    = "when"
	inputShare   = "share"
	inputUSD     = "usd"
	inputSpec    = "spec"
	inputCustom  = "custom"
	inputZone    = "zone"
	inputQuiet   = "quiet"
)

// presets of a schedule; the last one leaves it to the line below.
var presets = choices("0 9 * * 1", "Mondays at 9", "0 9 * * 1-5", "Working days at 9", "0 9 * * *", "Every day at 9", "0 9 1 * *", "The 1st of each month at 9", "custom", "As written below")

// openWatchForm shows a watch to be changed, from a button or from `watch edit NAME`.
func (b *Bot) openWatchForm(ctx context.Context, env envelope, id string) {
	w, err := b.findWatch(ctx, env.Channel, id)
	if err != nil {
		b.whisper(ctx, env, render.Problem("This scenario is no longer watched.", "See what is: "+b.cfg.Command+" watch list"))
		return
	}
	t, when := w.Threshold.OrDefault(), "digest"
	if w.AtOnce {
		when = "at once"
	}
	inputs := []render.Input{
		{Required: true, ID: inputName, Label: "Name", Value: w.Name},
		{Required: true, ID: inputRequest, Label: "Request", Value: w.Text, Placeholder: "300k queries, HIPAA", Hint: "As you would type it after " + b.cfg.Command + "."},
		{Required: true, ID: inputWhen, Label: "Tell this channel", Value: when, Choices: choices("digest", "With the digest", "at once", "At once, when prices show it")},
		{ID: inputShare, Label: "When the cost moves by at least, per cent", Value: number(quantity.RoundSig(t.Share*100, 6)), Placeholder: "5"},
		{ID: inputUSD, Label: "and by at least, USD a month", Value: number(t.USD), Placeholder: "10", Hint: "A move must reach both. Another winner, or the end of the model, is told in any case."},
	}
	meta := formMeta{Card: id, Channel: env.Channel, ThreadTS: env.ThreadTS, ResponseURL: env.ResponseURL, Ephemeral: true}
	_, err = b.api.OpenViewContext(ctx, env.trigger, render.Form(render.CallbackWatch, "Edit scenario", "", inputs, meta.String()))
	b.opened(ctx, env, "watch", err)
}

// watchForm is a submitted watch form.
type watchForm struct {
	name, request string
	terms         watchTerms
}

// readWatchForm checks a watch form before it is acknowledged; problems are by input.
func (b *Bot) readWatchForm(ctx context.Context, env envelope) (f watchForm, problems map[string]string) {
	problems = map[string]string{}
	note := func(input, problem string) {
		if problem != "" {
			problems[input] = render.Cut(render.Clean(problem), 150)
		}
	}
	one := func(id string) string { return strings.Join(env.Form[id], " ") }
	var problem string
	f.name, problem = readName(one(inputName))
	note(inputName, problem)
	if list, err := b.watches(ctx, env.Channel); err == nil {
		for _, w := range list {
			if strings.EqualFold(w.Name, f.name) && w.ID != env.Meta.Card {
				note(inputName, "Another scenario of this channel is called that.")
			}
		}
	}
	f.request = one(inputRequest)
	if _, err := b.deps.Advisor.Parse(f.request); err != nil {
		note(inputRequest, err.Error())
	}
	atOnce := one(inputWhen) == "at once"
	f.terms.atOnce = &atOnce
	if v := strings.TrimSuffix(strings.TrimSpace(one(inputShare)), "%"); v != "" {
		percent, err := strconv.ParseFloat(strings.TrimSpace(v), 64)
		if err != nil {
			note(inputShare, "That is not a number: write for example 5.")
		} else {
			share, problem := checkShare(percent)
			note(inputShare, problem)
			f.terms.share = &share
		}
	}
	if v := one(inputUSD); v != "" {
		usd, problem := readMoney(v)
		note(inputUSD, problem)
		f.terms.usd = &usd
	}
	return f, problems
}

func (b *Bot) submitWatch(ctx context.Context, env envelope) error {
	w, err := b.findWatch(ctx, env.Channel, env.Meta.Card)
	if errors.Is(err, store.ErrNotFound) {
		return b.tell(ctx, env, render.Problem("This scenario was removed meanwhile.", ""))
	}
	if err != nil {
		return err
	}
	f, _ := b.readWatchForm(ctx, env) // checked before it was acknowledged
	m, err := b.changeWatch(ctx, env, w, f.name, f.request, f.terms)
	if err != nil {
		return err
	}
	return b.tell(ctx, env, m)
}

// tell answers the user alone, once for each job.
func (b *Bot) tell(ctx context.Context, env envelope, m render.Message) error {
	_, err := b.post(ctx, target{key: env.Key, channel: env.Channel, thread: env.ThreadTS, user: env.User, ephemeral: true, responseURL: env.ResponseURL}, m)
	return err
}

// openScheduleForm shows when the channel's digest comes.
func (b *Bot) openScheduleForm(ctx context.Context, env envelope) {
	s, err := b.store.LoadSchedule(ctx, env.Channel)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		b.opened(ctx, env, "schedule", err)
		return
	}
	setString(&s.Spec, digest.DefaultSpec)
	setString(&s.Zone, "UTC")
	spec, custom := "custom", s.Spec
	for _, p := range presets {
		if p.Value == s.Spec {
			spec, custom = s.Spec, ""
		}
	}
	quiet := "line"
	if s.Silent {
		quiet = "silent"
	}
	inputs := []render.Input{
		{Required: true, ID: inputSpec, Label: "When", Value: spec, Choices: presets},
		{ID: inputCustom, Label: "Or a schedule of your own", Value: custom, Placeholder: "0 9 * * 1", Hint: "Minute, hour, day, month, weekday, as in cron; hourly at most."},
		{Required: true, ID: inputZone, Label: "Time zone", Value: s.Zone, Placeholder: "Europe/Berlin", Hint: "An IANA name, such as Europe/Berlin or America/New_York."},
		{Required: true, ID: inputQuiet, Label: "When nothing moved", Value: quiet, Choices: choices("line", "Say so in one line", "silent", "Stay silent")},
	}
	meta := formMeta{Channel: env.Channel, ThreadTS: env.ThreadTS, ResponseURL: env.ResponseURL, Ephemeral: true}
	_, err = b.api.OpenViewContext(ctx, env.trigger, render.Form(render.CallbackSchedule, "Change schedule", "", inputs, meta.String()))
	b.opened(ctx, env, "schedule", err)
}

// readScheduleForm checks a schedule form; what was typed below wins where "as written below" was chosen.
func (b *Bot) readScheduleForm(env envelope) (spec, zone string, silent bool, problems map[string]string) {
	one := func(id string) string { return strings.Join(env.Form[id], " ") }
	spec, zone, silent = one(inputSpec), one(inputZone), one(inputQuiet) == "silent"
	at := inputSpec
	if spec == "custom" || spec == "" {
		spec, at = one(inputCustom), inputCustom
	}
	setString(&zone, "UTC")
	_, err := digest.ParseSchedule(spec, zone)
	if spec == "" && err == nil {
		return spec, zone, silent, map[string]string{inputCustom: "Write a schedule, such as 0 9 * * 1, or choose one above."}
	}
	if err == nil {
		return spec, zone, silent, nil
	}
	if strings.Contains(err.Error(), "time zone") {
		at = inputZone
	}
	text := strings.TrimPrefix(err.Error(), digest.ErrSchedule.Error()+": ")
	return spec, zone, silent, map[string]string{at: render.Cut(render.Clean(text), 150)}
}

func (b *Bot) submitSchedule(ctx context.Context, env envelope) error {
	spec, zone, silent, problems := b.readScheduleForm(env)
	if len(problems) > 0 {
		return nil // checked before it was acknowledged
	}
	if _, err := b.startSchedule(ctx, env, spec, zone); err != nil {
		return err
	}
	if err := b.store.UpdateSchedule(ctx, env.Channel, func(s *store.Schedule) { s.Silent = silent }); err != nil {
		return err
	}
	s, err := b.store.LoadSchedule(ctx, env.Channel)
	if err != nil {
		return err
	}
	return b.tell(ctx, env, render.Notice("The digest is on "+b.describeSchedule(s)+"."))
}

// onDigestAction does what a button of a digest or of the list of watches asked for.
func (b *Bot) onDigestAction(ctx context.Context, env envelope) error {
	switch env.Action {
	case render.ActionScenario:
		return b.openScenario(ctx, env)
	case render.ActionRemove:
		m, err := b.unwatch(ctx, env, env.Value)
		if err != nil {
			return err
		}
		return b.tell(ctx, env, m)
	case render.ActionMute:
		m, err := b.mute(ctx, env)
		if err != nil {
			return err
		}
		return b.announce(ctx, env, m)
	case render.ActionUnmute:
		m, err := b.digestOn(ctx, env, "", "")
		if err != nil {
			return err
		}
		return b.announce(ctx, env, m)
	}
	return nil
}

// announce tells everybody, in the thread of the message that was acted on: a digest is the whole channel's.
func (b *Bot) announce(ctx context.Context, env envelope, m render.Message) error {
	thread := env.ThreadTS
	setString(&thread, env.TS)
	if env.Ephemeral {
		thread = ""
	}
	_, err := b.post(ctx, target{key: env.Key, channel: env.Channel, thread: thread}, m)
	return err
}

// openScenario shows the user where a scenario stands today, as a card.
func (b *Bot) openScenario(ctx context.Context, env envelope) error {
	w, err := b.findWatch(ctx, env.Channel, env.Value)
	if errors.Is(err, store.ErrNotFound) {
		return b.tell(ctx, env, render.Problem("This scenario is no longer watched.", "See what is: "+b.cfg.Command+" watch list"))
	}
	if err != nil {
		return err
	}
	m, _, err := b.advise(ctx, env, w.Workload, false)
	if err != nil {
		return err
	}
	return b.tell(ctx, env, m)
}
