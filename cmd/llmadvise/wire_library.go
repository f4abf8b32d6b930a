package main

import (
	"cmp"
	"context"
	"errors"
	"iter"

	"github.com/llmadvise/llmadvise/bot"
	"github.com/llmadvise/llmadvise/knowledge"
	"github.com/llmadvise/llmadvise/knowledge/index"
	"github.com/llmadvise/llmadvise/knowledge/ingest"
)

// library puts the index and the readers behind the bot's port.
type library struct {
	index *index.Index
	web   *ingest.Web
}

// unreadable marks an error about a file or page itself, which its sender may see.
type unreadable struct{ error }

func (unreadable) Is(target error) bool { return target == bot.ErrUnreadable }
func (u unreadable) Unwrap() error      { return u.error }

func (l library) CanRead(name string) error {
	if err := ingest.CanRead(name); err != nil {
		return unreadable{err}
	}
	return nil
}

func (l library) AddFile(ctx context.Context, f bot.File, audience string) (bot.Ingested, error) {
	doc, err := ingest.Parse(f.Name, f.Data)
	if err != nil {
		return bot.Ingested{}, unreadable{cmp.Or(errors.Unwrap(err), err)} // without the file's name in front
	}
	doc.URL = f.URL
	if doc.Date == "" {
		doc.Date = f.Date
	}
	if doc.Title == "" {
		doc.Title = f.Title
	}
	return l.sync(ctx, f.Name, audience, one(doc))
}

func (l library) Refresh(ctx context.Context, source, audience string) (bot.Ingested, error) {
	var problems []string
	name, docs, err := openSource(ctx, l.web, source, func(p ingest.Problem) {
		problems = append(problems, p.Name+": "+p.Err.Error())
	})
	if err != nil {
		return bot.Ingested{}, unreadable{err}
	}
	got, err := l.sync(ctx, name, audience, docs)
	got.Problems = problems
	return got, err
}

// sync takes the documents of one source in and says what it holds then.
func (l library) sync(ctx context.Context, source, audience string, docs iter.Seq2[knowledge.Document, error]) (bot.Ingested, error) {
	title, n := "", 0
	counted := func(yield func(knowledge.Document, error) bool) {
		for d, err := range docs {
			title = d.Title
			if n++; n > 1 {
				title = ""
			}
			if !yield(d, err) {
				return
			}
		}
	}
	_, err := l.index.Sync(ctx, source, audience, counted, nil)
	if errors.Is(err, index.ErrLocked) {
		return bot.Ingested{}, unreadable{err}
	}
	if err != nil {
		return bot.Ingested{}, err
	}
	out := bot.Ingested{Title: title}
	for _, s := range l.index.Sources() {
		if s.Source == source && s.Scope == audience {
			out.Documents, out.Passages = s.Documents, s.Passages
		}
	}
	return out, nil
}

func (l library) Remove(ctx context.Context, source, audience string) (int, error) {
	return l.index.Remove(ctx, source, audience)
}

func (l library) Sources() []bot.Source {
	var out []bot.Source
	for _, s := range l.index.Sources() {
		out = append(out, bot.Source{Name: s.Source, Audience: s.Scope, Documents: s.Documents, Passages: s.Passages, Fixed: s.Source == corpusSource && s.Scope == ""})
	}
	return out
}
