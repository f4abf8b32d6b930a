package bot

import (
	"context"
	"errors"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/llmadvise/llmadvise/advisor"
	"github.com/llmadvise/llmadvise/bot/render"
	"github.com/llmadvise/llmadvise/bot/store"
	"github.com/llmadvise/llmadvise/knowledge"
)

const (
	historyTurns = 12
	maxQuestion  = 4000 // characters of one question that are read
)

// place is where a conversation happens: which messages are its memory, and where answers go.
type place struct {
	channel string
	memory  string // key of the thread's memory
	thread  string // thread to answer in; "" at top level, in direct messages
	direct  bool
}

func placeOf(env envelope) place {
	p := place{channel: env.Channel, thread: env.ThreadTS, direct: env.ChannelType == "im"}
	if p.thread == "" && !p.direct {
		p.thread = env.TS
	}
	if p.memory = p.thread; p.memory == "" {
		p.memory = "direct"
	}
	return p
}

// lock names the conversation: one job at a time works on it, so that a follow-up finds the answer before it, an edit
// the reply, a deletion both.
func (p place) lock() string { return p.channel + ":" + p.memory }

// onMessage answers a mention, a reply in one of the bot's threads, or a direct message; anything else stays unanswered.
func (b *Bot) onMessage(ctx context.Context, env envelope) error {
	unlock, err := b.busy.lock(ctx, placeOf(env).lock())
	if err != nil {
		return err
	}
	defer unlock()
	p := placeOf(env)
	if !env.Mention && !p.direct {
		ours, err := b.store.InThread(ctx, p.channel, p.memory)
		if err != nil || !ours || addressesOther(env.Text, b.me.user) {
			return err
		}
	}
	if gone, err := b.deleted(ctx, env); err != nil || gone {
		return err
	}
	if p, err := b.store.FindPost(ctx, env.Key); err == nil && p.State == store.PostDone {
		return nil // an earlier run got through and was interrupted after it
	}
	if len(env.Files) > 0 && (env.Mention || p.direct) && b.deps.Library != nil {
		if only, err := b.takeFiles(ctx, env, p); err != nil || only {
			return err
		}
	}
	return b.reply(ctx, env, p, "")
}

// reply answers the message env in place p; update is the ts of an earlier answer to replace.
func (b *Bot) reply(ctx context.Context, env envelope, p place, update string) error {
	text := b.question(env.Text)
	t := target{key: env.Key, channel: p.channel, thread: p.thread, user: env.User, update: update}
	if text == "" || strings.EqualFold(text, "help") {
		ts, err := b.post(ctx, t, render.Help(b.cfg.Command, "<@"+b.me.user+">", b.deps.Version))
		return b.keep(ctx, env, p, ts, err, text, "(help)")
	}
	// From now on the thread is the bot's: a second question may come before the first is answered.
	if err := b.store.SaveTurn(ctx, p.channel, p.memory, store.Turn{TS: env.TS, Text: text}); err != nil {
		return err
	}
	before, err := b.threadCard(ctx, p)
	if err != nil {
		return err
	}
	w, problem := b.deps.Advisor.Parse(text)
	switch {
	case problem == nil && (w.StatesLoad() || w.Users > 0) && !asksSomething(text):
		return b.replyCard(ctx, env, p, t, text, w)
	case problem == nil && before != nil && !knowledgeQuestion(text):
		return b.replyCard(ctx, env, p, t, text, merge(before.Request, w))
	}
	b.freshPrices(ctx)
	facts, err := b.facts(ctx, text, w, problem, before)
	if err != nil {
		return err
	}
	return b.replyAnswer(ctx, env, p, t, text, facts)
}

// replyCard answers a workload with its card.
func (b *Bot) replyCard(ctx context.Context, env envelope, p place, t target, text string, w advisor.Workload) error {
	m, id, err := b.advise(ctx, env, w, true)
	if err != nil {
		return err
	}
	ts, err := b.post(ctx, t, m)
	if err == nil && ts != "" && id != "" {
		err = b.store.Set(ctx, threadCardKey(p.channel, p.memory), id)
	}
	return b.keep(ctx, env, p, ts, err, text, m.Text)
}

// replyAnswer answers a question from the documents and the engine's facts.
func (b *Bot) replyAnswer(ctx context.Context, env envelope, p place, t target, text string, facts []knowledge.Fact) error {
	q, err := b.ask(ctx, env, p, text, facts)
	if err != nil {
		return err
	}
	s := b.newStream(env, p, t)
	_ = s.Status(ctx, "is reading the documents…")
	making, done := b.making.begin(ctx, makingKey(env))
	a, err := b.deps.Knowledge.Answer(making, q, s)
	done()
	if gone, gerr := b.deleted(ctx, env); gerr != nil || gone {
		return errors.Join(gerr, s.takeBack(ctx))
	}
	if err != nil {
		return b.noAnswer(ctx, env, p, t, s, text, err)
	}
	id := cardID(env.Key)
	if err := b.store.SaveCard(ctx, id, card{Question: text, Answer: a.Text, Channel: p.channel}); err != nil {
		return err
	}
	ts, err := s.finish(ctx, a, id)
	return b.keep(ctx, env, p, ts, err, text, a.Text)
}

// noAnswer tells honestly that nothing came. A stopping bot says nothing: the job runs again.
func (b *Bot) noAnswer(ctx context.Context, env envelope, p place, t target, s *stream, text string, err error) error {
	if ctx.Err() != nil && !errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 15*time.Second)
	defer cancel()
	s.abandon(ctx)
	if errors.Is(err, errStopped) { // the user stopped the stream
		return b.keep(ctx, env, p, s.ts, nil, text, s.all.String())
	}
	b.log.Error("no answer", "incident", incident(env.Key), "error", err)
	if s.ts != "" {
		t.update = s.ts
	}
	ts, err := b.post(ctx, t, render.Problem("I could not answer that: something went wrong on my side.",
		"Please ask again in a moment. If it stays like this, tell the operator: incident "+incident(env.Key)+"."))
	return b.keep(ctx, env, p, ts, err, text, "(no answer)")
}

// keep remembers the exchange: the turns of the thread, and which message answers which.
func (b *Bot) keep(ctx context.Context, env envelope, p place, ts string, err error, question, answer string) error {
	if err != nil {
		return err
	}
	ctx = context.WithoutCancel(ctx) // the answer is out
	if err := b.store.SaveTurn(ctx, p.channel, p.memory, store.Turn{TS: env.TS, Text: question}); err != nil {
		return err
	}
	if ts == "" {
		return nil
	}
	if err := b.store.SaveTurn(ctx, p.channel, p.memory, store.Turn{TS: ts, FromBot: true, Text: answer}); err != nil {
		return err
	}
	return b.store.SaveReply(ctx, env.Channel, env.TS, store.Reply{ThreadTS: p.thread, ReplyTS: ts})
}

// ask makes the question: its text, the thread so far, what it may see, the figures at hand.
func (b *Bot) ask(ctx context.Context, env envelope, p place, text string, facts []knowledge.Fact) (knowledge.Question, error) {
	q := knowledge.Question{
		Text:  text,
		Scope: knowledge.Scope{Channel: p.channel},
		Facts: facts,
		Tools: []knowledge.Tool{AdviseTool(b.deps.Advisor)},
	}
	turns, err := b.store.Turns(ctx, p.channel, p.memory, historyTurns)
	if err != nil {
		return q, err
	}
	for _, t := range turns {
		if t.TS != env.TS {
			q.History = append(q.History, knowledge.Turn{FromBot: t.FromBot, Text: t.Text})
		}
	}
	return q, nil
}

// answerCommand answers a question that was typed after the slash command, with what is known of the things that it asks about.
func (b *Bot) answerCommand(ctx context.Context, env envelope, t target, text string, known []knowledge.Fact) error {
	b.freshPrices(ctx)
	a, err := b.deps.Knowledge.Answer(ctx, knowledge.Question{Text: render.Cut(render.Clean(text), maxQuestion), Scope: knowledge.Scope{Channel: env.Channel},
		Facts: known,
		Tools: []knowledge.Tool{AdviseTool(b.deps.Advisor)}}, nil)
	if err != nil {
		if ctx.Err() != nil {
			return err
		}
		b.log.Error("no answer", "incident", incident(env.Key), "error", err)
		_, err = b.post(ctx, t, render.Problem("I could not answer that: something went wrong on my side.", "Please ask again in a moment; incident "+incident(env.Key)+"."))
		return err
	}
	id := cardID(env.Key)
	if err := b.store.SaveCard(ctx, id, card{Question: text, Answer: a.Text, Channel: env.Channel}); err != nil {
		return err
	}
	_, err = b.postAll(ctx, t, render.Answer(a, id))
	return err
}

// postAll posts the parts of an answer in order and returns the ts of the first.
func (b *Bot) postAll(ctx context.Context, t target, parts []render.Message) (string, error) {
	first := ""
	for i, m := range parts {
		part := t
		if i > 0 {
			part.key += "#" + strconv.Itoa(i+1)
			part.update = ""
			if part.thread == "" && !part.ephemeral {
				part.thread = first
			}
		}
		ts, err := b.post(ctx, part, m)
		if err != nil {
			return first, err
		}
		if i == 0 {
			first = ts
		}
	}
	return first, nil
}

// onEdited answers anew where the question changed soon after it was asked.
func (b *Bot) onEdited(ctx context.Context, env envelope) error {
	unlock, err := b.busy.lock(ctx, placeOf(env).lock())
	if err != nil {
		return err
	}
	defer unlock()
	if env.Received.Sub(tsTime(env.TS)) > b.cfg.EditWindow {
		return nil
	}
	p := placeOf(env)
	r, err := b.store.FindReply(ctx, env.Channel, env.TS)
	if errors.Is(err, store.ErrNotFound) {
		if !env.Mention && !p.direct {
			return nil
		}
		// Not answered yet, or only now addressed to the bot: this is the question, and the message's own job finds
		// it answered.
		env.Key, env.Task = "message:"+env.Channel+":"+env.TS, taskMessage
		if done, err := b.store.FindPost(ctx, env.Key); err == nil && done.State == store.PostDone {
			return nil
		}
		return b.reply(ctx, env, p, "")
	}
	if err != nil {
		return err
	}
	return b.reply(ctx, env, p, r.ReplyTS)
}

// onDeleted takes the answer back with its question.
func (b *Bot) onDeleted(ctx context.Context, env envelope) error {
	// First, so that an answer in the making sees it.
	if _, err := b.store.FirstTime(ctx, deletedKey(env)); err != nil {
		return err
	}
	b.making.stop(makingKey(env))
	unlock, err := b.busy.lock(ctx, placeOf(env).lock())
	if err != nil {
		return err
	}
	defer unlock()
	if err := b.unshare(ctx, env); err != nil {
		return err
	}
	r, err := b.store.FindReply(ctx, env.Channel, env.TS)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := b.remove(ctx, env.Channel, r.ReplyTS); err != nil {
		return err
	}
	for _, ts := range []string{env.TS, r.ReplyTS} {
		if err := b.store.ForgetTurn(ctx, env.Channel, ts); err != nil {
			return err
		}
	}
	return b.store.ForgetReply(ctx, env.Channel, env.TS)
}

func deletedKey(env envelope) string { return "deleted:" + env.Channel + ":" + env.TS }

func (b *Bot) deleted(ctx context.Context, env envelope) (bool, error) {
	return b.store.Seen(ctx, deletedKey(env))
}

// tsTime is when Slack took a message.
func tsTime(ts string) time.Time {
	sec, _, _ := strings.Cut(ts, ".")
	n, err := strconv.ParseInt(sec, 10, 64)
	if err != nil {
		return time.Time{}
	}
	return time.Unix(n, 0)
}

var mention = regexp.MustCompile(`<@([A-Z0-9]+)(\|[^>]*)?>`)

// question is what is left of a message once the bot's own mention is out.
func (b *Bot) question(text string) string {
	text = mention.ReplaceAllStringFunc(text, func(m string) string {
		if mentions(m, b.me.user) {
			return " "
		}
		return m
	})
	text = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(text)
	return render.Cut(strings.TrimSpace(strings.Join(strings.Fields(render.Clean(text)), " ")), maxQuestion)
}

// addressesOther reports whether a thread reply speaks to somebody else.
func addressesOther(text, me string) bool {
	m := mention.FindStringSubmatchIndex(strings.TrimSpace(text))
	return m != nil && m[0] == 0 && strings.TrimSpace(text)[m[2]:m[3]] != me
}

var supposing = regexp.MustCompile(`(?i)^\s*(and |but |so )?(what if|what about|how about|and (with|at|for)|with|at|make it|suppose|assume|instead)\b`)

// knowledgeQuestion tells "why not self-host?" from "what if it were 5M queries?" in a card's thread.
func knowledgeQuestion(text string) bool { return asksSomething(text) && !supposing.MatchString(text) }

// merge lays what was said anew over an earlier request.
func merge(old, said advisor.Workload) advisor.Workload {
	out := old
	if said.StatesLoad() {
		out.QueriesPerMonth, out.QueriesLow, out.QueriesHigh, out.PeakQPS = 0, 0, 0, nil
		out.Tokens, out.Concurrency, out.ConcurrencyOfPeople = advisor.Tokens{}, nil, false
	}
	said.Excluded = union(old.Excluded, said.Excluded) // "no OpenAI", and then "no DeepSeek either"
	dst, src := reflect.ValueOf(&out).Elem(), reflect.ValueOf(said)
	for i := range src.NumField() {
		if !src.Field(i).IsZero() && dst.Type().Field(i).Name != "Said" {
			dst.Field(i).Set(src.Field(i))
		}
	}
	out.Said = map[advisor.Field]string{}
	for _, m := range []map[advisor.Field]string{old.Said, said.Said} {
		for k, v := range m {
			out.Said[k] = v
		}
	}
	return out
}

func union(a, b []string) []string {
	out := slices.Concat(a, b)
	slices.Sort(out)
	return slices.Compact(out)
}

// threadCard is the last card of a thread, nil where there is none.
func (b *Bot) threadCard(ctx context.Context, p place) (*card, error) {
	if p.memory == "direct" {
		return nil, nil // a direct message at top level starts afresh
	}
	id, err := b.store.Value(ctx, threadCardKey(p.channel, p.memory))
	if err == nil {
		var c card
		if c, err = b.loadCard(ctx, id); err == nil {
			return &c, nil
		}
	}
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	return nil, err
}
