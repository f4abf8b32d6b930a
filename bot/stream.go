package bot

import (
	"context"
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/slack-go/slack"

	"github.com/llmadvise/llmadvise/bot/render"
	"github.com/llmadvise/llmadvise/knowledge"
)

// Streaming keeps within Slack's tiers: a stream is opened only for an answer that takes time, and appends are batched.
const (
	streamAfter   = 700 * time.Millisecond // an answer that is whole by then is posted in one piece
	openTimeout   = 10 * time.Second
	appendEvery   = time.Second
	appendChars   = 256
	streamMaximum = 11000 // characters; the rest comes when the message is finished
)

// errStopped says that the user stopped the stream.
var errStopped = errors.New("bot: the user stopped the answer")

// stream shows an answer while it is made. It is used by one goroutine.
type stream struct {
	bot    *Bot
	env    envelope
	place  place
	target target

	began   time.Time
	all     strings.Builder // everything so far
	pending strings.Builder // not sent yet
	sent    int
	last    time.Time
	ts      string // of the streaming message; "" while there is none
	over    bool   // Slack ended the stream: finish by update
	refused bool   // no stream for this answer
}

func (b *Bot) newStream(env envelope, p place, t target) *stream {
	// A stream is always a thread's reply; an answer that replaces another is updated in place.
	return &stream{bot: b, env: env, place: p, target: t, refused: t.update != "" || p.thread == ""}
}

// Status shows what the bot is doing, where the workspace lets it.
func (s *stream) Status(ctx context.Context, text string) error {
	if s.place.thread == "" || !s.bot.status.Load() {
		return nil
	}
	err := s.bot.api.SetAssistantThreadsStatusContext(ctx, slack.AssistantThreadsSetStatusParameters{
		ChannelID: s.place.channel, ThreadTS: s.place.thread, Status: render.Cut(render.Clean(text), 50),
	})
	var e slack.SlackErrorResponse
	if errors.As(err, &e) && (e.Err == "unknown_method" || e.Err == "missing_scope" || e.Err == "not_allowed_token_type") {
		s.bot.status.Store(false)
	}
	return nil // a status is never worth an answer
}

// Append adds checked text. An error ends the generation.
func (s *stream) Append(ctx context.Context, text string) error {
	now := s.bot.now()
	if s.all.Len() == 0 {
		s.began = now
	}
	s.all.WriteString(text)
	s.pending.WriteString(text)
	if s.refused || s.over || s.sent+utf8.RuneCountInString(s.pending.String()) > streamMaximum {
		return nil
	}
	if s.ts == "" {
		if now.Sub(s.began) < streamAfter {
			return nil
		}
		return s.start(ctx)
	}
	if now.Sub(s.last) < appendEvery || s.pending.Len() < appendChars {
		return nil
	}
	return s.flush(ctx)
}

// start opens the stream; where that fails the answer is posted whole.
func (s *stream) start(ctx context.Context) error {
	b := s.bot
	if !b.streams.Allow() {
		s.refused = true
		return nil
	}
	if done, _, err := b.alreadyPosted(ctx, s.target); err != nil || done {
		s.refused = true
		return err
	}
	if err := b.store.IntendPost(ctx, s.target.key, b.node, s.target.channel, s.target.thread); err != nil {
		return err
	}
	options := []slack.MsgOption{slack.MsgOptionTS(s.place.thread), slack.MsgOptionMarkdownText(s.take())}
	if !s.place.direct {
		options = append(options, slack.MsgOptionRecipientTeamID(s.env.Team), slack.MsgOptionRecipientUserID(s.env.User))
	}
	// What Slack is asked to open it opens, whether we wait for it or not: the end of the answer must not come between, or
	// nobody would know the message to take back.
	opening, cancel := context.WithTimeout(context.WithoutCancel(ctx), openTimeout)
	defer cancel()
	_, ts, err := b.api.StartStreamContext(journaled(opening, s.target.key), s.place.channel, options...)
	b.count("chat.startStream", err)
	if err != nil {
		b.journal.unmark(s.target.key)
		s.refused = true
		return nil
	}
	s.ts, s.last = ts, b.now()
	return errors.Join(b.store.NotePost(opening, s.target.key, ts), ctx.Err())
}

// take empties what is pending, made safe.
func (s *stream) take() string {
	text := render.Markdown(s.pending.String())
	s.sent += utf8.RuneCountInString(text)
	s.pending.Reset()
	return text
}

func (s *stream) flush(ctx context.Context) error {
	if gone, err := s.bot.deleted(ctx, s.env); err == nil && gone { // told to another replica
		return errDeleted
	}
	_, _, err := s.bot.api.AppendStreamContext(ctx, s.place.channel, s.ts, slack.MsgOptionMarkdownText(s.take()))
	s.bot.count("chat.appendStream", err)
	s.last = s.bot.now()
	var e slack.SlackErrorResponse
	if errors.As(err, &e) && e.Err == "stopped_by_user" {
		s.over = true
		return errStopped
	}
	if err != nil { // most often: Slack ended the stream after five minutes
		s.over = true
	}
	return nil
}

// finish completes the answer, streamed or not, and returns its ts.
func (s *stream) finish(ctx context.Context, a knowledge.Answer, id string) (string, error) {
	b := s.bot
	parts := render.Answer(a, id)
	if s.ts == "" {
		t := s.target
		if p, err := b.store.FindPost(ctx, t.key); err == nil && p.State == "intent" && p.TS != "" && t.update == "" {
			t.update = p.TS // an interrupted run had begun to stream: complete its message
			_, _, _ = b.api.StopStreamContext(ctx, t.channel, p.TS)
		}
		return b.postAll(ctx, t, parts)
	}
	if !s.over && len(parts) == 1 && strings.TrimSpace(s.all.String()) == strings.TrimSpace(a.Text) {
		var options []slack.MsgOption
		if s.pending.Len() > 0 {
			options = append(options, slack.MsgOptionMarkdownText(s.take()))
		}
		if end := render.AnswerEnd(a, id); len(end) > 0 {
			options = append(options, slack.MsgOptionBlocks(end...))
		}
		_, _, err := b.api.StopStreamContext(ctx, s.place.channel, s.ts, options...)
		b.count("chat.stopStream", err)
		if err == nil {
			return s.ts, b.store.FinishPost(ctx, s.target.key, s.place.channel, s.place.thread, s.ts)
		}
	} else if !s.over {
		_, _, err := b.api.StopStreamContext(ctx, s.place.channel, s.ts)
		b.count("chat.stopStream", err)
	}
	// The stream is over, and its message does not hold the whole answer: set it in place.
	t := s.target
	t.update = s.ts
	_, err := b.postAll(ctx, t, parts)
	return s.ts, err
}

// abandon closes a stream that will not be finished.
func (s *stream) abandon(ctx context.Context) {
	if s.ts != "" && !s.over {
		s.over = true
		_, _, err := s.bot.api.StopStreamContext(ctx, s.place.channel, s.ts)
		s.bot.count("chat.stopStream", err)
	}
}

// takeBack takes what was shown of an answer away: its question is gone.
func (s *stream) takeBack(ctx context.Context) error {
	s.abandon(ctx)
	if s.ts == "" {
		return nil
	}
	return s.bot.remove(ctx, s.place.channel, s.ts)
}
