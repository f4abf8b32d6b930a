package bot

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"github.com/llmadvise/llmadvise/bot/render"
	"github.com/llmadvise/llmadvise/bot/store"
)

const (
	// maxShared bounds one shared file, in bytes; shareTimeout its download.
	maxShared    = 32 << 20
	shareTimeout = time.Minute
)

// share is what is remembered of one source that came from a file in Slack: who may take it back, and how to read it
// again.
type share struct {
	Source   string `json:"source"`
	Audience string `json:"audience"`
	FileID   string `json:"file"`
	User     string `json:"user"`
	Channel  string `json:"channel"`
	TS       string `json:"ts"` // of the message that it was shared with
}

func shareKey(source, audience string) string { return "share:" + audience + ":" + source }

// sharedKey holds the shares of one message.
func sharedKey(channel, ts string) string { return "shared_with:" + channel + ":" + ts }

// takeFiles reads the files of a message into the knowledge base and says so in its thread. only is true where the
// message asks nothing beside. Reading is done again where a job was interrupted, and changes nothing then; the message
// is posted once.
func (b *Bot) takeFiles(ctx context.Context, env envelope, p place) (only bool, err error) {
	text := b.question(env.Text)
	only = text == "" || !b.wantsAnswer(text)
	t := target{key: env.Key, channel: p.channel, thread: p.thread, user: env.User}
	if t.thread == "" {
		t.thread = env.TS // in a direct message too: the file and what was made of it stay together
	}
	if !only {
		t.key += "#files"
	}
	if done, err := b.store.FindPost(ctx, t.key); err == nil && done.State == store.PostDone {
		return only, nil
	}
	s := b.newStream(env, p, t)
	_ = s.Status(ctx, "is reading "+counted(len(env.Files), "file")+"…")
	audience, who := b.audience(ctx, env)
	var lines []string
	var shares []share
	for _, id := range env.Files {
		sh, line, err := b.takeFile(ctx, env, id, audience)
		if err != nil {
			return only, err
		}
		lines = append(lines, line)
		if sh.Source != "" {
			shares = append(shares, sh)
		}
	}
	if gone, err := b.deleted(ctx, env); err != nil || gone {
		return true, errors.Join(err, b.dropShares(ctx, shares))
	}
	if len(shares) > 0 {
		if err := b.rememberShares(ctx, env, shares); err != nil {
			return only, err
		}
		lines = append(lines, who, b.howToRemove(shares))
	}
	ts, err := b.post(ctx, t, render.Notice(strings.Join(lines, "\n")))
	if err != nil {
		return only, err
	}
	return only, b.keepShare(ctx, env, p, ts, text, only)
}

// wantsAnswer tells a question or a workload from a remark about the file.
func (b *Bot) wantsAnswer(text string) bool {
	w, problem := b.deps.Advisor.Parse(text)
	return asksSomething(text) || problem == nil && w.StatesLoad()
}

// takeFile reads one file. line tells the user how that went; err is for what a later try may mend.
func (b *Bot) takeFile(ctx context.Context, env envelope, id, audience string) (sh share, line string, err error) {
	info, _, _, err := b.api.GetFileInfoContext(ctx, id, 0, 0)
	if err != nil {
		return sh, notRead("a file", b.whyNoFile(err)), transient(ctx, err)
	}
	name := fileName(*info)
	shown := "`" + render.Escape(strings.ReplaceAll(name, "`", "'")) + "`"
	data, err := b.download(ctx, *info, name)
	if err != nil {
		b.log.Info("a shared file was not read", "channel", env.Channel, "size", info.Size, "error", describeNet(err))
		return sh, notRead(shown, b.whyNoFile(err)), transient(ctx, err)
	}
	got, err := b.deps.Library.AddFile(ctx, File{
		Name: name, Title: titleOf(*info), URL: info.Permalink, Date: info.Created.Time().UTC().Format(time.DateOnly), Data: data,
	}, audience)
	if ctx.Err() != nil {
		return sh, "", ctx.Err()
	}
	if errors.Is(err, ErrUnreadable) {
		return sh, notRead(shown, sentence(err)), nil
	}
	if err != nil {
		b.log.Error("a shared file was not taken in", "incident", incident(env.Key), "error", err)
		return sh, notRead(shown, "something went wrong on my side. Please share it again; if it stays like this, tell the operator: incident "+incident(env.Key)+"."), nil
	}
	sh = share{Source: name, Audience: audience, FileID: id, User: env.User, Channel: env.Channel, TS: env.TS}
	return sh, "Read " + shown + ": " + counted(got.Passages, "passage") + titled(got.Title, name) + ".", nil
}

// titled adds a title that says more than the name does.
func titled(title, name string) string {
	title = strings.TrimSpace(title)
	if title == "" || title == name || title == strings.TrimSuffix(name, path.Ext(name)) {
		return ""
	}
	return " of “" + render.Escape(render.Cut(title, 80)) + "”"
}

func notRead(what, why string) string { return "I could not read " + what + ": " + why }

// sentence is an error for the user: without the marker, ending in a full stop.
func sentence(err error) string {
	text := strings.TrimSuffix(strings.TrimSpace(err.Error()), ".")
	return render.Escape(text) + "."
}

// transient passes on what a later try may mend: the end of the job's time, a rate limit, a server at fault.
func transient(ctx context.Context, err error) error {
	var limited *slack.RateLimitedError
	var status slack.StatusCodeError
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if errors.As(err, &limited) || errors.As(err, &status) && status.Code >= 500 {
		return err
	}
	return nil
}

var errTooBig = fmt.Errorf("it is larger than %d MiB; split it", maxShared>>20)

// whyNoFile says in the user's words why Slack gave no file.
func (b *Bot) whyNoFile(err error) string {
	var s slack.SlackErrorResponse
	switch {
	case errors.Is(err, errTooBig), errors.Is(err, ErrUnreadable):
		return sentence(err)
	case errors.As(err, &s) && s.Err == "missing_scope":
		return "the app lacks the scope `files:read`. An admin adds it on the app's page and installs the app again."
	case errors.As(err, &s) && (s.Err == "file_not_found" || s.Err == "file_deleted" || s.Err == "access_denied"):
		return "Slack does not let me see it; it may be deleted, or live in a place that I am not in."
	case strings.Contains(err.Error(), "sign-in page"):
		return "Slack does not let me see it. The app may lack the scope `files:read`."
	case errors.Is(err, context.DeadlineExceeded):
		return "the download took longer than a minute. Please try again."
	}
	return "Slack did not hand it over. Please share it again in a moment."
}

// fileName is the name that a file's source gets: its last part, without what cannot be typed back.
func fileName(f slack.File) string {
	name := path.Base(strings.ReplaceAll(render.Clean(f.Name), "\\", "/"))
	name = strings.Join(strings.Fields(name), " ")
	if name == "" || name == "." || name == "/" {
		name = f.ID
	}
	ext := path.Ext(name)
	return render.Cut(strings.TrimSuffix(name, ext), 80) + render.Cut(ext, 12)
}

// titleOf is the title that somebody gave a file; Slack's own default is the name.
func titleOf(f slack.File) string {
	if f.Title == f.Name {
		return ""
	}
	return f.Title
}

// download fetches a file of a kind and size that can be read. The client sends the token to Slack's own hosts alone.
func (b *Bot) download(ctx context.Context, f slack.File, name string) ([]byte, error) {
	if err := b.deps.Library.CanRead(name); err != nil {
		return nil, err
	}
	if f.Size > maxShared {
		return nil, errTooBig
	}
	if f.IsExternal || f.Mode == "external" || f.Mode == "tombstone" || f.Mode == "hidden_by_limit" {
		return nil, fmt.Errorf("%w: Slack holds only a link to it, not the file", ErrUnreadable)
	}
	address := f.URLPrivateDownload
	setString(&address, f.URLPrivate)
	ctx, cancel := context.WithTimeout(ctx, shareTimeout)
	defer cancel()
	var buf boundedBuffer
	if err := b.api.GetFileContext(ctx, address, &buf); err != nil {
		return nil, err
	}
	return buf.Bytes(), nil
}

// boundedBuffer takes at most maxShared bytes, whatever size was announced.
type boundedBuffer struct{ bytes.Buffer }

func (w *boundedBuffer) Write(p []byte) (int, error) {
	if w.Len()+len(p) > maxShared {
		return 0, errTooBig
	}
	return w.Buffer.Write(p)
}

// audience says who may get answers from what is shared in a message: everybody for a public channel of this workspace
// alone, else only the place where it was shared. A channel that cannot be looked up counts as private.
func (b *Bot) audience(ctx context.Context, env envelope) (channel, who string) {
	if env.ChannelType == "im" || strings.HasPrefix(env.Channel, "D") {
		return env.Channel, "Only you get answers from it, here in our direct messages."
	}
	c, err := b.api.GetConversationInfoContext(ctx, &slack.GetConversationInfoInput{ChannelID: env.Channel})
	if err == nil && c.IsChannel && !c.IsPrivate && !c.IsMpIM && !c.IsExtShared && !c.IsOrgShared {
		return "", "Everybody in this workspace can now get answers from it."
	}
	return env.Channel, "Only this channel gets answers from it."
}

func (b *Bot) howToRemove(shares []share) string {
	what := shares[0].Source
	if len(shares) > 1 {
		what = "NAME"
	}
	return "To take it back, delete your message or write `" + b.cfg.Command + " sources remove " + render.Escape(strings.ReplaceAll(what, "`", "'")) +
		"`. A newer version shared under the same name takes its place."
}

func (b *Bot) rememberShares(ctx context.Context, env envelope, shares []share) error {
	raw, err := json.Marshal(shares)
	if err != nil {
		return err
	}
	if err := b.store.Set(ctx, sharedKey(env.Channel, env.TS), string(raw)); err != nil {
		return err
	}
	for _, sh := range shares {
		raw, err := json.Marshal(sh)
		if err != nil {
			return err
		}
		if err := b.store.Set(ctx, shareKey(sh.Source, sh.Audience), string(raw)); err != nil {
			return err
		}
	}
	return nil
}

// shareOf finds what is remembered of a source; false where it came from elsewhere.
func (b *Bot) shareOf(ctx context.Context, source, audience string) (share, bool, error) {
	raw, err := b.store.Value(ctx, shareKey(source, audience))
	if errors.Is(err, store.ErrNotFound) {
		return share{}, false, nil
	}
	var sh share
	if err == nil {
		err = json.Unmarshal([]byte(raw), &sh)
	}
	return sh, err == nil && sh.Source != "", err
}

// keepShare remembers the notice as the bot's turn, so that the thread can be asked about the file. The notice of a
// message that also asks something is taken back with it by its own key.
func (b *Bot) keepShare(ctx context.Context, env envelope, p place, ts, text string, only bool) error {
	if p.memory == "direct" { // asking on happens in the notice's thread
		p.memory, p.thread = env.TS, env.TS
	}
	if only {
		return b.keep(ctx, env, p, ts, nil, text, "(read a file)")
	}
	return b.store.Set(context.WithoutCancel(ctx), "share_notice:"+env.Channel+":"+env.TS, ts)
}

// unshare drops what a deleted message had shared, unless a later message shared it anew.
func (b *Bot) unshare(ctx context.Context, env envelope) error {
	if b.deps.Library == nil {
		return nil
	}
	raw, err := b.store.Value(ctx, sharedKey(env.Channel, env.TS))
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	var shares []share
	if err == nil {
		err = json.Unmarshal([]byte(raw), &shares)
	}
	if err != nil {
		return err
	}
	if ts, err := b.store.Value(ctx, "share_notice:"+env.Channel+":"+env.TS); err == nil {
		if err := b.remove(ctx, env.Channel, ts); err != nil {
			return err
		}
	}
	return b.dropShares(ctx, shares)
}

func (b *Bot) dropShares(ctx context.Context, shares []share) error {
	for _, sh := range shares {
		if err := b.dropShare(ctx, sh); err != nil {
			return err
		}
	}
	return nil
}

// dropShare removes what was read from a shared file, unless another share has taken its place.
func (b *Bot) dropShare(ctx context.Context, sh share) error {
	unlock, err := b.busy.lock(ctx, "source:"+shareKey(sh.Source, sh.Audience))
	if err != nil {
		return err
	}
	defer unlock()
	now, known, err := b.shareOf(ctx, sh.Source, sh.Audience)
	if err != nil || known && (now.Channel != sh.Channel || now.TS != sh.TS) {
		return err
	}
	if _, err := b.deps.Library.Remove(ctx, sh.Source, sh.Audience); err != nil {
		return err
	}
	return b.store.Set(ctx, shareKey(sh.Source, sh.Audience), "{}")
}

func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
