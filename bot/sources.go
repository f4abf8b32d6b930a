package bot

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"github.com/llmadvise/llmadvise/advisor/report"
	"github.com/llmadvise/llmadvise/bot/render"
)

// sourcesCommand is what admins do to the knowledge base: `sources`, `sources remove NAME`, `sources refresh [NAME]`,
// `ingest ADDRESS`. Whoever shared a file may remove it.
func (b *Bot) sourcesCommand(ctx context.Context, env envelope, word, rest string) (render.Message, error) {
	verb, name, _ := strings.Cut(strings.TrimSpace(rest), " ")
	name = strings.Trim(strings.TrimSpace(name), "`\"“”")
	if word == "ingest" {
		verb, name = "add", rest
	}
	audience, _ := b.audience(ctx, env)
	switch strings.ToLower(verb) {
	case "remove", "delete":
		return b.removeSource(ctx, env, name, audience)
	case "", "list":
		return b.asAdmin(ctx, env, func() (render.Message, error) { return b.listSources(audience), nil })
	case "refresh":
		return b.asAdmin(ctx, env, func() (render.Message, error) { return b.refreshSources(ctx, env, name, audience) })
	case "add":
		return b.asAdmin(ctx, env, func() (render.Message, error) { return b.addAddress(ctx, env, name, audience) })
	}
	return render.Problem("I know: sources, sources remove NAME, sources refresh, sources refresh NAME, ingest https://….", ""), nil
}

// asAdmin does what only admins may, or tells why not.
func (b *Bot) asAdmin(ctx context.Context, env envelope, do func() (render.Message, error)) (render.Message, error) {
	why, err := b.notAdmin(ctx, env.User)
	if err != nil {
		return render.Message{}, err
	}
	if why != "" {
		return render.Problem(why, "Ask an admin of this workspace, or the operator to add you to LLMADVISE_ADMINS. You can share a file with me without being one."), nil
	}
	return do()
}

// notAdmin says why a user is no admin; "" is one: an admin or owner of the workspace, or on the operator's list.
func (b *Bot) notAdmin(ctx context.Context, user string) (why string, err error) {
	for _, id := range b.cfg.Admins {
		if id == user {
			return "", nil
		}
	}
	u, err := b.api.GetUserInfoContext(ctx, user)
	var s slack.SlackErrorResponse
	if errors.As(err, &s) {
		if s.Err == "missing_scope" {
			return "I cannot tell who is an admin here: the app lacks the scope users:read.", nil
		}
		return "Slack does not tell me whether you are an admin (" + s.Err + ").", nil
	}
	if err != nil {
		return "", err
	}
	if u.IsAdmin || u.IsOwner || u.IsPrimaryOwner {
		return "", nil
	}
	return "Only admins look after the sources that answers rest on.", nil
}

// visible are the sources that answers here may rest on. Those of other private places are not even named.
func (b *Bot) visible(audience string) []Source {
	var out []Source
	for _, s := range b.deps.Library.Sources() {
		if s.Audience == "" || s.Audience == audience {
			out = append(out, s)
		}
	}
	return out
}

func (b *Bot) listSources(audience string) render.Message {
	list := b.visible(audience)
	t := &report.Table{Caption: "Sources", Header: []string{"Source", "Documents", "Passages", "Answers"}, Numeric: []bool{false, true, true, false}, Mark: -1}
	for _, s := range list {
		who := "everybody"
		switch {
		case s.Audience != "":
			who = "only here"
		case s.Fixed:
			who = "everybody; built in"
		}
		t.Rows = append(t.Rows, []string{s.Name, fmt.Sprint(s.Documents), fmt.Sprint(s.Passages), who})
	}
	d := report.Document{Title: "Answers here rest on " + counted(len(list), "source"), Sections: []report.Section{{Table: t}},
		Footer: "Remove one: " + b.cfg.Command + " sources remove NAME. Sources of other private channels are not shown."}
	return render.Card(d, render.CardOptions{})
}

// findSource finds what name means here: a source's name, or its last part where only one source has that. What is kept
// for this place alone comes first.
func (b *Bot) findSource(name, audience string) (Source, string) {
	var same, ends []Source
	for _, s := range b.visible(audience) {
		switch {
		case strings.EqualFold(s.Name, name):
			same = append(same, s)
		case name != "" && strings.EqualFold(path.Base(s.Name), name):
			ends = append(ends, s)
		}
	}
	for _, s := range same {
		if s.Audience != "" || len(same) == 1 {
			return s, ""
		}
	}
	switch {
	case len(ends) == 1:
		return ends[0], ""
	case len(ends) > 1:
		return Source{}, fmt.Sprintf("%d sources end in %q: give the whole name.", len(ends), name)
	case name == "":
		return Source{}, "I need the name of a source."
	}
	return Source{}, fmt.Sprintf("There is no source %q here.", name)
}

func (b *Bot) removeSource(ctx context.Context, env envelope, name, audience string) (render.Message, error) {
	seeAll := "See them all: " + b.cfg.Command + " sources"
	s, problem := b.findSource(name, audience)
	sh, shared, err := b.shareOf(ctx, s.Name, s.Audience)
	if err != nil {
		return render.Message{}, err
	}
	if !shared || sh.User != env.User {
		why, err := b.notAdmin(ctx, env.User)
		if err != nil {
			return render.Message{}, err
		}
		if why != "" { // says the same of sources that are there and of those that are not
			return render.Problem(why, "You can remove what you shared yourself, by its name as I gave it then."), nil
		}
	}
	switch {
	case problem != "":
		if done, err := b.store.Value(ctx, "removed:"+env.Key); err == nil { // an interrupted run had got that far
			return render.Notice(done), nil
		}
		return render.Problem(problem, seeAll), nil
	case s.Fixed:
		return render.Problem("The built-in documents stay: they come back at the next start.", ""), nil
	}
	unlock, err := b.busy.lock(ctx, "source:"+shareKey(s.Name, s.Audience))
	if err != nil {
		return render.Message{}, err
	}
	defer unlock()
	text := fmt.Sprintf("Removed *%s* with %s. No answer rests on it any more.", render.Escape(s.Name), counted(s.Documents, "document"))
	if err := b.store.Set(ctx, "removed:"+env.Key, text); err != nil {
		return render.Message{}, err
	}
	if _, err := b.deps.Library.Remove(ctx, s.Name, s.Audience); err != nil {
		return b.sourceTrouble(ctx, env, err)
	}
	if shared {
		if err := b.store.Set(ctx, shareKey(s.Name, s.Audience), "{}"); err != nil {
			return render.Message{}, err
		}
	}
	return render.Notice(text), nil
}

// sourceTrouble tells what went wrong: in full where it is about the source, else by an incident.
func (b *Bot) sourceTrouble(ctx context.Context, env envelope, err error) (render.Message, error) {
	if ctx.Err() != nil {
		return render.Message{}, ctx.Err()
	}
	if errors.Is(err, ErrUnreadable) {
		return render.Notice(sentence(err)), nil
	}
	b.log.Error("a source could not be changed", "incident", incident(env.Key), "error", err)
	return render.Problem("That did not work: something went wrong on my side.", "Please try again; if it stays like this, tell the operator: incident "+incident(env.Key)+"."), nil
}

// refreshSources reads one source again, or all that can be seen here.
func (b *Bot) refreshSources(ctx context.Context, env envelope, name, audience string) (render.Message, error) {
	list := b.visible(audience)
	if name != "" {
		s, problem := b.findSource(name, audience)
		if problem != "" {
			return render.Problem(problem, "See them all: "+b.cfg.Command+" sources"), nil
		}
		list = []Source{s}
	}
	var lines []string
	for _, s := range list {
		if s.Fixed {
			if name != "" {
				lines = append(lines, "The built-in documents are read anew at each start.")
			}
			continue
		}
		line, err := b.refreshSource(ctx, env, s)
		if err != nil {
			return render.Message{}, err
		}
		lines = append(lines, line)
	}
	if len(lines) == 0 {
		lines = []string{"There is nothing to refresh here beside the built-in documents."}
	}
	return render.Notice(strings.Join(lines, "\n")), nil
}

// refreshSource reads a source again. Nobody removes it meanwhile, and what was removed before does not come back.
func (b *Bot) refreshSource(ctx context.Context, env envelope, s Source) (line string, err error) {
	shown := "*" + render.Escape(s.Name) + "*"
	unlock, err := b.busy.lock(ctx, "source:"+shareKey(s.Name, s.Audience))
	if err != nil {
		return "", err
	}
	defer unlock()
	if !slices.ContainsFunc(b.deps.Library.Sources(), func(o Source) bool { return o.Name == s.Name && o.Audience == s.Audience }) {
		return shown + " was removed meanwhile.", nil
	}
	sh, shared, err := b.shareOf(ctx, s.Name, s.Audience)
	if err != nil {
		return "", err
	}
	if shared { // read from Slack again, for the one who shared it
		env.User, env.Channel, env.TS = sh.User, sh.Channel, sh.TS
		_, line, err = b.takeFile(ctx, env, sh.FileID, s.Audience)
		return line, err
	}
	got, err := b.deps.Library.Refresh(ctx, s.Name, s.Audience)
	if ctx.Err() != nil {
		return "", ctx.Err()
	}
	if err != nil {
		m, err := b.sourceTrouble(ctx, env, err)
		return shown + " keeps what it had. " + m.Text, err
	}
	return shown + ": " + holds(got), nil
}

func holds(got Ingested) string {
	text := counted(got.Documents, "document") + " with " + counted(got.Passages, "passage") + "."
	if n := len(got.Problems); n > 0 {
		text += " Passed over: " + counted(n, "file") + ", the first " + render.Escape(render.Cut(got.Problems[0], 200)) + "."
	}
	return text
}

// addAddress reads a page of the web.
func (b *Bot) addAddress(ctx context.Context, env envelope, address, audience string) (render.Message, error) {
	address, _, _ = strings.Cut(strings.Trim(strings.TrimSpace(address), "<>"), "|")
	address = strings.NewReplacer("&amp;", "&").Replace(address)
	if !strings.HasPrefix(address, "https://") && !strings.HasPrefix(address, "http://") {
		return render.Problem("I need an address that starts with https://.", "Files are shared in a message to me instead; folders are ingested on the server with llmadvise ingest."), nil
	}
	got, err := b.deps.Library.Refresh(ctx, address, audience)
	if err != nil {
		return b.sourceTrouble(ctx, env, err)
	}
	_, who := b.audience(ctx, env)
	return render.Notice("Read " + render.Escape(address) + ": " + counted(got.Passages, "passage") + titled(got.Title, address) + ".\n" + who), nil
}
