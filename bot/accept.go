package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"

	"github.com/llmadvise/llmadvise/bot/render"
)

// Outcomes of a delivery, as the metrics count them.
const (
	outcomeStored    = "stored"
	outcomeDuplicate = "duplicate"
	outcomeIgnored   = "ignored"
	outcomeImmediate = "immediate"
	outcomeFailed    = "failed"
)

// accept decides on one delivery: what it stored, what the acknowledgement carries (nil: nothing), and what is to be done
// right after it, while the trigger lives.
func (b *Bot) accept(ctx context.Context, req *socketmode.Request) (response any, after func(context.Context), outcome string) {
	switch req.Type {
	case socketmode.RequestTypeSlashCommands:
		var p slashPayload
		if json.Unmarshal(req.Payload, &p) != nil {
			return nil, nil, outcomeIgnored
		}
		env := fromCommand(req.EnvelopeID, p, b.now())
		if env.Text == "" && env.trigger != "" {
			return nil, func(ctx context.Context) { b.openForm(ctx, env) }, outcomeImmediate
		}
		if open := b.commandForm(ctx, env); open != nil {
			return nil, open, outcomeImmediate
		}
		return nil, nil, b.store1(ctx, env)
	case socketmode.RequestTypeEventsAPI:
		var p eventPayload
		if json.Unmarshal(req.Payload, &p) != nil {
			return nil, nil, outcomeIgnored
		}
		env, ours := fromEvent(p, b.me, b.now())
		if !ours {
			return nil, nil, outcomeIgnored
		}
		return nil, nil, b.store1(ctx, env)
	case socketmode.RequestTypeInteractive:
		var p actionPayload
		if json.Unmarshal(req.Payload, &p) != nil {
			return nil, nil, outcomeIgnored
		}
		return b.acceptAction(ctx, fromAction(req.EnvelopeID, p, b.now()), p.Type)
	}
	return nil, nil, outcomeIgnored
}

// acceptSafely is accept for whatever may come: a delivery that makes the bot stumble is not acknowledged, so that its sender hears of
// it, and ends nothing else. Jobs have the queue for that.
func (b *Bot) acceptSafely(ctx context.Context, req *socketmode.Request) (response any, after func(context.Context), outcome string) {
	defer b.stumbled(req.Type, func() { response, after, outcome = nil, nil, outcomeFailed })
	return b.accept(ctx, req)
}

// stumbled, deferred, stops a panic and tells the operator where it was. What the panic says is left out: it may quote a message.
func (b *Bot) stumbled(what string, then func()) {
	if r := recover(); r != nil {
		b.log.Error("a delivery was dropped: something went wrong in the bot", "type", what, "panic", fmt.Sprintf("%T", r), "stack", string(debug.Stack()))
		then()
	}
}

// commandForm is the form that a command asks for, nil for none: `watch edit NAME` and `digest schedule`. A trigger lives
// three seconds, so it can't wait for a job.
func (b *Bot) commandForm(ctx context.Context, env envelope) func(context.Context) {
	if env.trigger == "" {
		return nil
	}
	words := strings.Fields(strings.ToLower(env.Text))
	switch {
	case len(words) == 2 && words[0] == "digest" && words[1] == "schedule":
		return func(ctx context.Context) { b.openScheduleForm(ctx, env) }
	case len(words) > 2 && words[0] == "watch" && words[1] == "edit":
		list, err := b.watches(ctx, env.Channel)
		if err != nil {
			return nil
		}
		for _, w := range list {
			if strings.EqualFold(strings.Join(strings.Fields(w.Name), " "), strings.Join(words[2:], " ")) {
				return func(ctx context.Context) { b.openWatchForm(ctx, env, w.ID) }
			}
		}
	}
	return nil
}

// store1 makes env a job, once.
func (b *Bot) store1(ctx context.Context, env envelope) string {
	duplicate, err := b.queue.insert(ctx, env)
	switch {
	case err != nil:
		b.log.Error("a delivery could not be stored; Slack will send it again", "task", env.Task, "error", err)
		return outcomeFailed
	case duplicate:
		return outcomeDuplicate
	}
	return outcomeStored
}

// acceptAction sorts clicks: those that open a modal are done at once, the others become jobs.
func (b *Bot) acceptAction(ctx context.Context, env envelope, kind string) (any, func(context.Context), string) {
	switch kind {
	case "view_submission":
		return b.acceptForm(ctx, env)
	case "block_actions":
	default:
		return nil, nil, outcomeIgnored
	}
	env.Action, _, _ = strings.Cut(env.Action, ":") // what follows keeps two buttons of one block apart
	switch env.Action {
	case render.ActionSchedule:
		return nil, func(ctx context.Context) { b.openScheduleForm(ctx, env) }, outcomeImmediate
	case render.ActionEdit:
		return nil, func(ctx context.Context) { b.openWatchForm(ctx, env, env.Value) }, outcomeImmediate
	case render.ActionScenario, render.ActionMute, render.ActionUnmute, render.ActionRemove:
		return nil, nil, b.store1(ctx, env)
	case render.ActionAdjust, render.ActionAdvise:
		return nil, func(ctx context.Context) { b.openForm(ctx, env) }, outcomeImmediate
	case render.ActionMath, render.ActionCompare, render.ActionFlips, render.ActionMore:
		return nil, func(ctx context.Context) { b.openDetails(ctx, env) }, outcomeImmediate
	case render.ActionNotUseful:
		return nil, func(ctx context.Context) { b.openReason(ctx, env) }, b.store1(ctx, env)
	case render.ActionUseful, render.ActionShare:
		return nil, nil, b.store1(ctx, env)
	}
	return nil, nil, outcomeIgnored
}

// acceptForm checks a submitted form before it is acknowledged: what is wrong is shown beside the input.
func (b *Bot) acceptForm(ctx context.Context, env envelope) (any, func(context.Context), string) {
	var problems map[string]string
	switch env.Action {
	case render.CallbackAdjust:
		_, problems = b.readForm(ctx, env)
	case render.CallbackWatch:
		_, problems = b.readWatchForm(ctx, env)
	case render.CallbackSchedule:
		_, _, _, problems = b.readScheduleForm(env)
	}
	if len(problems) > 0 {
		return slack.NewErrorsViewSubmissionResponse(problems), nil, outcomeImmediate
	}
	return nil, nil, b.store1(ctx, env)
}

// openForm shows the form, prefilled from the card or question that it was opened from. A repeated delivery carries a
// trigger that is spent, and shows nothing twice.
func (b *Bot) openForm(ctx context.Context, env envelope) {
	meta := formMeta{Card: env.Value, Channel: env.Channel, ThreadTS: env.ThreadTS, ResponseURL: env.ResponseURL, Ephemeral: env.Ephemeral || env.Task == taskCommand}
	c, err := b.loadCard(ctx, env.Value)
	if err == nil && c.Document.Title != "" { // opened from a card: the answer takes its place
		meta.MessageTS = env.TS
	}
	if env.Action == render.ActionAdvise {
		meta.MessageTS = ""
		if meta.ThreadTS == "" {
			meta.ThreadTS = env.TS
		}
	}
	view := render.Adjust(formTitle(c), "What you leave empty is assumed, and said so.", formInputs(c), meta.String())
	_, err = b.api.OpenViewContext(ctx, env.trigger, view)
	b.opened(ctx, env, "form", err)
}

func formTitle(c card) string {
	if c.Document.Title == "" {
		return "Advise on a workload"
	}
	return "Adjust the workload"
}

// openDetails shows what stands behind one of a card's buttons.
func (b *Bot) openDetails(ctx context.Context, env envelope) {
	c, err := b.loadCard(ctx, env.Value)
	if err != nil {
		b.whisper(ctx, env, render.Problem("I no longer have the figures behind this card.", "Ask again with "+b.cfg.Command+" to get a fresh one."))
		return
	}
	_, err = b.api.OpenViewContext(ctx, env.trigger, render.Details(c.Document, env.Action))
	b.opened(ctx, env, "details", err)
}

func (b *Bot) openReason(ctx context.Context, env envelope) {
	meta := formMeta{Card: env.Value, Channel: env.Channel, ThreadTS: env.ThreadTS}
	_, err := b.api.OpenViewContext(ctx, env.trigger, render.Reason(meta.String()))
	b.opened(ctx, env, "reason", err)
}

// opened logs how opening a modal went, and tells the user where nothing opened.
func (b *Bot) opened(ctx context.Context, env envelope, what string, err error) {
	if err == nil {
		b.log.Info("opened", "what", what, "channel", env.Channel, "took", b.now().Sub(env.Received))
		return
	}
	var s slack.SlackErrorResponse
	if errors.As(err, &s) && s.Err == "exchanged_trigger_id" {
		return // a repeated delivery
	}
	b.log.Warn("a modal did not open", "what", what, "error", err)
	b.whisper(ctx, env, render.Problem("Slack did not let me open the window in time.", "Please try once more."))
}

// whisper tells one user something that is not worth a job.
func (b *Bot) whisper(ctx context.Context, env envelope, m render.Message) {
	var err error
	if env.ResponseURL != "" {
		_, _, _, err = b.api.SendMessageContext(ctx, env.Channel, slack.MsgOptionText(m.Text, false), slack.MsgOptionBlocks(m.Blocks...),
			slack.MsgOptionResponseURL(env.ResponseURL, slack.ResponseTypeEphemeral))
	} else {
		_, err = b.api.PostEphemeralContext(ctx, env.Channel, env.User, slack.MsgOptionText(m.Text, false), slack.MsgOptionBlocks(m.Blocks...), slack.MsgOptionTS(env.ThreadTS))
	}
	if err != nil {
		b.log.Warn("a notice was not delivered", "error", err)
	}
}
