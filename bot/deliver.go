package bot

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"github.com/llmadvise/llmadvise/bot/render"
	"github.com/llmadvise/llmadvise/bot/store"
)

// target says where a message goes and under which key it is sent at most once.
type target struct {
	key         string
	channel     string
	thread      string
	user        string // of ephemeral messages
	responseURL string
	ephemeral   bool
	replace     bool   // replace the message that responseURL came from
	update      string // ts of a message to update in place
}

// metadataType marks the bot's own messages; the payload's "key" is the job's.
const metadataType = "llmadvise_message"

// post sends m to t once, over crashes, retries and repeated jobs, and returns its ts ("" where Slack names none).
func (b *Bot) post(ctx context.Context, t target, m render.Message) (string, error) {
	done, ts, err := b.alreadyPosted(ctx, t)
	if err != nil || done {
		return ts, err
	}
	if err := b.store.IntendPost(ctx, t.key, b.node, t.channel, t.thread); err != nil {
		return "", err
	}
	ts, err = b.send(journaled(ctx, t.key), t, m)
	if err != nil {
		if refused(err) {
			b.journal.unmark(t.key)
		}
		return "", err
	}
	// The message is out: a stopping bot still records it.
	if err := b.store.FinishPost(context.WithoutCancel(ctx), t.key, t.channel, t.thread, ts); err != nil {
		return ts, err
	}
	b.journal.settled(t.key)
	return ts, nil
}

// alreadyPosted finds out whether an earlier try got through.
func (b *Bot) alreadyPosted(ctx context.Context, t target) (bool, string, error) {
	p, err := b.store.FindPost(ctx, t.key)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return false, "", nil
	case err != nil:
		return false, "", err
	case p.State == store.PostDone:
		return true, p.TS, nil
	case t.update != "":
		return false, "", nil // doing it again changes nothing
	}
	ts, found, err := b.findAtSlack(ctx, t)
	if err == nil && !found && (p.Node != b.node || b.journal.wasSent(t.key)) {
		if err = pause(ctx, settle); err == nil { // it may still be on its way
			ts, found, err = b.findAtSlack(ctx, t)
		}
	}
	switch {
	case err == nil && !found:
		return false, "", nil
	case err == nil:
	case !errors.Is(err, errUnseen) && !permanent(err):
		return false, "", err // Slack is asked again: a guess would lose the message or post it twice
	case p.Node == b.node && !b.journal.wasSent(t.key):
		return false, "", nil
	}
	// Found; or not to be looked up (Slack shows nobody an ephemeral message, nor what a response URL carried) though the
	// request had left in full: it is taken as delivered.
	b.log.Info("a post of an interrupted job had reached Slack", "found", found)
	return true, ts, b.store.FinishPost(ctx, t.key, t.channel, t.thread, ts)
}

// settle is how long a request that had left in full is given to show up at Slack before it is sent again.
const settle = 3 * time.Second

func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// errUnseen says that a message cannot be looked up.
var errUnseen = errors.New("bot: this kind of message cannot be looked up")

// lookBack is how many pages of a conversation are searched for a message. There is no limit in time: the clock that noted
// the intent may be wrong, and the message itself is no older than the crash.
const lookBack = 5

// findAtSlack looks for the message of t by the key in its metadata.
func (b *Bot) findAtSlack(ctx context.Context, t target) (ts string, found bool, err error) {
	if t.ephemeral || t.responseURL != "" && t.replace {
		return "", false, errUnseen
	}
	cursor := ""
	for range lookBack {
		var messages []slack.Message
		if messages, cursor, err = b.page(ctx, t, cursor); err != nil {
			return "", false, err
		}
		for _, m := range messages {
			if m.Metadata.EventType == metadataType && m.Metadata.EventPayload["key"] == t.key {
				return m.Timestamp, true, nil
			}
		}
		if cursor == "" {
			break
		}
	}
	return "", false, nil
}

// page reads one page of the thread or channel of t, and the cursor of the next; "" is the last.
func (b *Bot) page(ctx context.Context, t target, cursor string) (ms []slack.Message, next string, err error) {
	const each = 200
	if t.thread != "" {
		ms, _, next, err = b.api.GetConversationRepliesContext(ctx, &slack.GetConversationRepliesParameters{
			ChannelID: t.channel, Timestamp: t.thread, Cursor: cursor, Limit: each, IncludeAllMetadata: true,
		})
		return ms, next, err
	}
	h, err := b.api.GetConversationHistoryContext(ctx, &slack.GetConversationHistoryParameters{ChannelID: t.channel, Cursor: cursor, Limit: each, IncludeAllMetadata: true})
	if err != nil {
		return nil, "", err
	}
	return h.Messages, h.ResponseMetaData.NextCursor, nil
}

// send tries the message as it is, then without newer blocks, then as text: whatever a workspace refuses, the user gets
// the answer. That a workspace refuses newer blocks is remembered.
func (b *Bot) send(ctx context.Context, t target, m render.Message) (string, error) {
	if b.classic.Load() && render.NeedsClassic(m) {
		m = render.Classic(m)
	}
	ts, err := b.sendOnce(ctx, t, m)
	if !refusedBlocks(err) {
		return ts, err
	}
	b.log.Warn("Slack refused the blocks of a message", "error", err, "detail", details(err))
	if render.NeedsClassic(m) {
		if ts, err = b.sendOnce(ctx, t, render.Classic(m)); err == nil {
			b.classic.Store(true)
			_ = b.store.Set(ctx, b.classicKey(), b.now().UTC().Format("2006-01-02"))
			return ts, nil
		}
	}
	if refusedBlocks(err) {
		return b.sendOnce(ctx, t, render.Message{Text: m.Text})
	}
	return ts, err
}

func (b *Bot) classicKey() string { return "classic_blocks:" + b.me.team }

func refusedBlocks(err error) bool {
	var s slack.SlackErrorResponse
	if errors.As(err, &s) {
		switch s.Err {
		case "invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "invalid_attachments", "only_one_table_allowed", "too_many_attachments":
			return true
		}
	}
	var status slack.StatusCodeError // response URLs answer with a status and the code as text
	return errors.As(err, &status) && status.Code == http.StatusBadRequest
}

// details are Slack's pointers into the blocks; they quote no text.
func details(err error) string {
	var s slack.SlackErrorResponse
	if errors.As(err, &s) {
		return strings.Join(s.ResponseMetadata.Messages, "; ")
	}
	return ""
}

// refused reports whether Slack's answer says that nothing was posted.
func refused(err error) bool {
	var s slack.SlackErrorResponse
	var status slack.StatusCodeError
	var limited *slack.RateLimitedError
	return errors.As(err, &s) || errors.As(err, &status) || errors.As(err, &limited)
}

// permanent reports whether trying again cannot help.
func permanent(err error) bool {
	var s slack.SlackErrorResponse
	if !errors.As(err, &s) {
		return false
	}
	switch s.Err {
	case "channel_not_found", "not_in_channel", "is_archived", "is_inactive", "restricted_action", "restricted_action_read_only_channel",
		"restricted_action_thread_only_channel", "restricted_action_non_threadable_channel", "user_not_in_channel", "message_not_found",
		"cant_update_message", "cant_delete_message", "no_text", "msg_too_long", "invalid_arguments", "invalid_blocks", "missing_scope", "thread_not_found":
		return true
	}
	return fatal[s.Err] != ""
}

// sendOnce picks the method. Where a response URL is used up or expired, the Web API takes over.
func (b *Bot) sendOnce(ctx context.Context, t target, m render.Message) (ts string, err error) {
	options := []slack.MsgOption{slack.MsgOptionText(m.Text, false), slack.MsgOptionDisableLinkUnfurl(), slack.MsgOptionDisableMediaUnfurl()}
	if len(m.Blocks) > 0 {
		options = append(options, slack.MsgOptionBlocks(m.Blocks...))
	}
	method := ""
	defer func() { b.count(method, err) }()
	if t.responseURL != "" {
		method = "response_url"
		if err = b.respond(ctx, t, options); !urlSpent(err) {
			return "", err
		}
		b.count(method, err)
	}
	switch {
	case t.update != "" && !t.ephemeral:
		method = "chat.update"
		_, ts, _, err = b.api.UpdateMessageContext(ctx, t.channel, t.update, options...)
	case t.ephemeral:
		method = "chat.postEphemeral"
		if t.thread != "" {
			options = append(options, slack.MsgOptionTS(t.thread))
		}
		ts, err = b.api.PostEphemeralContext(ctx, t.channel, t.user, options...)
	default:
		method = "chat.postMessage"
		options = append(options, slack.MsgOptionMetadata(slack.SlackMetadata{EventType: metadataType, EventPayload: map[string]any{"key": t.key}}))
		if t.thread != "" {
			options = append(options, slack.MsgOptionTS(t.thread))
		}
		_, ts, err = b.api.PostMessageContext(ctx, t.channel, options...)
	}
	return ts, err
}

func (b *Bot) respond(ctx context.Context, t target, options []slack.MsgOption) error {
	kind := slack.ResponseTypeInChannel
	if t.ephemeral {
		kind = slack.ResponseTypeEphemeral
	}
	options = append(options, slack.MsgOptionResponseURL(t.responseURL, kind))
	if t.replace {
		options = append(options, slack.MsgOptionReplaceOriginal(t.responseURL))
	}
	_, _, _, err := b.api.SendMessageContext(ctx, t.channel, options...)
	return err
}

// urlSpent reports whether a response URL takes no more: five posts, thirty minutes.
func urlSpent(err error) bool {
	var status slack.StatusCodeError
	if errors.As(err, &status) {
		return status.Code == http.StatusNotFound || status.Code == http.StatusGone || status.Code == http.StatusForbidden
	}
	var s slack.SlackErrorResponse
	return errors.As(err, &s) && (s.Err == "used_url" || s.Err == "expired_url")
}

func (b *Bot) count(method string, err error) {
	outcome := "ok"
	if err != nil {
		outcome = "failed"
		var s slack.SlackErrorResponse
		if errors.As(err, &s) {
			outcome = s.Err
		}
	}
	b.metrics.posts.WithLabelValues(method, outcome).Inc()
}

// remove takes back a message of the bot's own.
func (b *Bot) remove(ctx context.Context, channel, ts string) error {
	_, _, err := b.api.DeleteMessageContext(ctx, channel, ts)
	b.count("chat.delete", err)
	if err != nil && !permanent(err) {
		return fmt.Errorf("bot: remove an answer: %w", err)
	}
	return nil
}
