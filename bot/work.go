package bot

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/riverqueue/river"

	"github.com/llmadvise/llmadvise/advisor"
	"github.com/llmadvise/llmadvise/bot/render"
	"github.com/llmadvise/llmadvise/bot/store"
	"github.com/llmadvise/llmadvise/knowledge"
)

// work does one job. An error makes the queue try again; what no retry mends ends the job.
func (b *Bot) work(ctx context.Context, env envelope, attempt int) error {
	var err error
	switch env.Task {
	case taskCommand:
		err = b.onCommand(ctx, env)
	case taskMessage:
		err = b.onMessage(ctx, env)
	case taskEdited:
		err = b.onEdited(ctx, env)
	case taskDeleted:
		err = b.onDeleted(ctx, env)
	case taskAction:
		err = b.onAction(ctx, env)
	case taskSubmit:
		err = b.onSubmit(ctx, env)
	case taskWelcome:
		err = b.onWelcome(ctx, env)
	default:
		err = river.JobCancel(fmt.Errorf("bot: no such task %q", env.Task))
	}
	took := b.now().Sub(env.Received)
	outcome := "done"
	switch {
	case err == nil:
		b.metrics.answer.WithLabelValues(string(env.Task)).Observe(took.Seconds())
	case permanent(err):
		outcome, err = "given_up", river.JobCancel(err)
	default:
		outcome = "retry"
	}
	b.metrics.jobs.WithLabelValues(string(env.Task), outcome).Inc()
	attrs := []any{"task", env.Task, "channel", env.Channel, "took", took, "outcome", outcome, "attempt", attempt}
	if err != nil {
		b.log.Warn("job", append(attrs, "error", describeNet(err))...)
	} else {
		b.log.Info("job", attrs...)
	}
	return err
}

// cardID names a card by the job that made it, so that a repeated job makes the same one.
func cardID(key string) string {
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:12])
}

// incident names a failure to the user and in the log.
func incident(key string) string { return cardID(key)[:8] }

// onCommand answers a slash command: for the user alone, or for everybody with "public".
func (b *Bot) onCommand(ctx context.Context, env envelope) error {
	text, public := cutWord(env.Text, "public")
	t := target{key: env.Key, channel: env.Channel, user: env.User, ephemeral: !public}
	if !public || env.ChannelType == "im" {
		t.responseURL = env.ResponseURL
	}
	switch strings.ToLower(text) {
	case "help", "?", "-h", "--help":
		_, err := b.post(ctx, t, render.Help(b.cfg.Command, "<@"+b.me.user+">", b.deps.Version))
		return err
	}
	if m, handled, err := b.subcommand(ctx, env, text); handled {
		if err != nil {
			return err
		}
		_, err = b.post(ctx, t, m)
		return err
	}
	w, problem := b.deps.Advisor.Parse(text)
	var known []knowledge.Fact
	asks := asksSomething(text)
	if asks && !w.StatesLoad() && w.Users == 0 { // "how much does an H100 cost per hour?" is no workload in the words of a question
		known = KnownFacts(b.deps.Advisor, text)
	}
	if problem != nil || len(known) > 0 {
		if asks {
			return b.answerCommand(ctx, env, t, text, known)
		}
		id := cardID(env.Key)
		if err := b.store.SaveCard(ctx, id, card{Request: w, Completed: w, Channel: env.Channel}); err != nil {
			return err
		}
		t.ephemeral, t.responseURL = true, env.ResponseURL
		_, err := b.post(ctx, t, render.Misread(problem.Error(), id))
		return err
	}
	m, id, err := b.advise(ctx, env, w, public)
	if err != nil {
		return err
	}
	ts, err := b.post(ctx, t, m)
	if public && permanent(err) { // not in the channel: the response URL still reaches it
		t.responseURL = env.ResponseURL
		ts, err = b.post(ctx, t, m)
	}
	if err != nil || ts == "" || t.ephemeral {
		return err
	}
	return b.rememberCard(ctx, env.Channel, ts, ts, text, id, m)
}

// advise computes a card and keeps what its buttons need. What fails in the engine is told to the user.
func (b *Bot) advise(ctx context.Context, env envelope, w advisor.Workload, shared bool) (render.Message, string, error) {
	adv, err := b.weigh(ctx, w)
	if ctx.Err() != nil {
		return render.Message{}, "", ctx.Err() // a stopping bot: the job runs again
	}
	if err != nil {
		b.log.Error("no advice", "incident", incident(env.Key), "error", err)
		return render.Problem("I could not work that out: "+err.Error(), "If it looks right to you, tell the operator: incident "+incident(env.Key)+"."), "", nil
	}
	id := cardID(env.Key)
	c := card{Request: w, Completed: adv.Advice.Workload, Document: finite(adv.Document), Channel: env.Channel}
	if err := b.store.SaveCard(ctx, id, c); err != nil {
		return render.Message{}, "", err
	}
	return render.Card(adv.Document, render.CardOptions{ID: id, Shared: shared}), id, nil
}

// weigh calls the engine, on as many cores as leave one for everything else.
func (b *Bot) weigh(ctx context.Context, w advisor.Workload) (Advised, error) {
	select {
	case b.compute <- struct{}{}:
		defer func() { <-b.compute }()
	case <-ctx.Done():
		return Advised{}, ctx.Err()
	}
	b.freshPrices(ctx)
	return b.deps.Advisor.Advise(ctx, w)
}

// rememberCard makes the thread of a card one that the bot listens in, and its content the memory of the thread.
func (b *Bot) rememberCard(ctx context.Context, channel, thread, ts, request, id string, m render.Message) error {
	if request != "" {
		if err := b.store.SaveTurn(ctx, channel, thread, store.Turn{TS: before(ts), Text: request}); err != nil {
			return err
		}
	}
	if err := b.store.SaveTurn(ctx, channel, thread, store.Turn{TS: ts, FromBot: true, Text: m.Text}); err != nil {
		return err
	}
	return b.store.Set(ctx, threadCardKey(channel, thread), id)
}

func threadCardKey(channel, thread string) string { return "thread_card:" + channel + ":" + thread }

// before is a ts that sorts just before ts, for what led to it and has none of its own.
func before(ts string) string { return strings.TrimSuffix(ts, "0") + "!" }

// cutWord removes word where it stands first or last in text, and reports whether it did.
func cutWord(text, word string) (string, bool) {
	fs := strings.Fields(text)
	if len(fs) == 0 {
		return "", false
	}
	if strings.EqualFold(strings.Trim(fs[len(fs)-1], ",;."), word) {
		return strings.TrimRight(strings.TrimSpace(text[:strings.LastIndex(text, fs[len(fs)-1])]), ",;"), true
	}
	if strings.EqualFold(strings.Trim(fs[0], ",;:"), word) {
		return strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(text), fs[0])), true
	}
	return strings.TrimSpace(text), false
}

var asking = regexp.MustCompile(`(?i)^\s*(how|what|which|when|where|why|who|can|could|may|should|shall|do|does|did|is|are|will|would|tell|explain|compare)\b`)

// asksSomething tells a question from a workload typed in note form.
func asksSomething(text string) bool {
	return strings.Contains(text, "?") || (asking.MatchString(text) && len(strings.Fields(text)) > 2)
}

// onAction does what a button asked for.
func (b *Bot) onAction(ctx context.Context, env envelope) error {
	switch env.Action {
	case render.ActionShare:
		return b.share(ctx, env)
	case render.ActionUseful, render.ActionNotUseful:
		return b.feedback(ctx, env, "")
	}
	return b.onDigestAction(ctx, env)
}

// share posts a card for everybody, where the user asked for it.
func (b *Bot) share(ctx context.Context, env envelope) error {
	c, err := b.loadCard(ctx, env.Value)
	if errors.Is(err, store.ErrNotFound) || (err == nil && c.Document.Title == "") {
		b.whisper(ctx, env, render.Problem("I no longer have this card.", "Ask again with "+b.cfg.Command+"."))
		return nil
	}
	if err != nil {
		return err
	}
	m := render.Card(c.Document, render.CardOptions{ID: env.Value, Shared: true})
	m.Blocks = append(m.Blocks, render.Notice("Shared by <@"+env.User+">").Blocks...)
	t := target{key: env.Key, channel: env.Channel, thread: env.ThreadTS}
	ts, err := b.post(ctx, t, m)
	if permanent(err) { // not a member here: the response URL of the click still reaches the channel
		t.responseURL = env.ResponseURL
		ts, err = b.post(ctx, t, m)
	}
	if err != nil || ts == "" {
		return err
	}
	thread := env.ThreadTS
	setString(&thread, ts)
	return b.rememberCard(ctx, env.Channel, thread, ts, "", env.Value, m)
}

// feedback keeps a verdict with the question and the answer that it is about.
func (b *Bot) feedback(ctx context.Context, env envelope, reason string) error {
	id := env.Value
	verdict := "useful"
	if env.Action != render.ActionUseful {
		verdict = "not_useful"
	}
	if env.Task == taskSubmit {
		id = env.Meta.Card
	}
	c, err := b.loadCard(ctx, id)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	f := store.Feedback{Subject: id, User: env.User, Channel: env.Channel, Verdict: verdict, Reason: reason, Question: c.Question, Answer: c.Answer}
	if err := b.store.SaveFeedback(ctx, f); err != nil {
		return err
	}
	if env.Task == taskAction && verdict == "useful" {
		first, err := b.store.FirstTime(ctx, "thanks:"+env.Key)
		if err == nil && first {
			b.whisper(ctx, env, render.Notice("Thank you, noted."))
		}
	}
	return nil
}

// onSubmit advises on what a form holds, in place of the card that it was opened from.
func (b *Bot) onSubmit(ctx context.Context, env envelope) error {
	switch env.Action {
	case render.CallbackReason:
		return b.feedback(ctx, env, strings.Join(env.Form["reason"], " "))
	case render.CallbackWatch:
		return b.submitWatch(ctx, env)
	case render.CallbackSchedule:
		return b.submitSchedule(ctx, env)
	}
	w, _ := b.readForm(ctx, env) // checked before it was acknowledged
	shared := env.TS != "" && !env.Ephemeral
	m, id, err := b.advise(ctx, env, w, shared || env.ThreadTS != "")
	if err != nil {
		return err
	}
	t := target{key: env.Key, channel: env.Channel, thread: env.ThreadTS, user: env.User, ephemeral: env.Ephemeral}
	switch {
	case env.Ephemeral: // only its response URL can replace an ephemeral message
		t.responseURL, t.replace = env.ResponseURL, env.TS != ""
	case env.TS != "":
		t.update = env.TS
	}
	ts, err := b.post(ctx, t, m)
	if err != nil || ts == "" || env.Ephemeral {
		return err
	}
	thread := env.ThreadTS
	setString(&thread, ts)
	return b.rememberCard(ctx, env.Channel, thread, ts, "", id, m)
}
