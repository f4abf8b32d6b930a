package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/llmadvise/llmadvise/knowledge"
	"github.com/llmadvise/llmadvise/knowledge/index"
	"github.com/llmadvise/llmadvise/knowledge/ingest"
)

// ingestCmd adds a team's own documents.
type ingestCmd struct {
	ollamaFlags
	Paths   []string `arg:"" name:"path" help:"File, folder, git checkout or https:// address."`
	Channel string   `help:"Let only this Slack channel see it (its id, C0123456789)." placeholder:"ID"`
	Watch   bool     `help:"Go on, and read a folder again whenever it changes, until interrupted."`
	JSON    bool     `help:"Machine-readable output."`
}

type ingestResult struct {
	Source    string   `json:"source"`
	Added     int      `json:"added"`
	Updated   int      `json:"updated"`
	Unchanged int      `json:"unchanged"`
	Removed   int      `json:"removed"`
	Passages  int      `json:"passages"`
	Problems  []string `json:"problems"`
}

func (c *ingestCmd) Run(ctx context.Context, a *app) error {
	kb, err := openKnowledge(ctx, a, c.ollamaFlags)
	if err != nil {
		return err
	}
	defer kb.Close()
	if kb.index.Info().ReadOnly {
		return index.ErrLocked
	}
	web := ingest.NewWeb()
	defer web.Close()
	var results []ingestResult
	var failed error
	for _, p := range c.Paths {
		r, err := ingestSource(ctx, kb.index, web, p, c.Channel, a.stderr)
		if err != nil {
			failed = fmt.Errorf("%s: %w", p, err)
			break
		}
		results = append(results, r)
	}
	if c.JSON {
		if err := writeJSON(a.stdout, map[string]any{"schema_version": 1, "sources": results}); err != nil {
			return err
		}
	} else {
		for _, r := range results {
			r.print(a.stdout)
		}
	}
	if failed != nil || !c.Watch {
		return failed
	}
	return c.watch(ctx, a, kb.index, web)
}

func (r ingestResult) print(w io.Writer) {
	fmt.Fprintf(w, "%s: %d added, %d updated, %d unchanged, %d removed (%d passages embedded)\n", r.Source, r.Added, r.Updated, r.Unchanged, r.Removed, r.Passages)
	for _, p := range r.Problems {
		fmt.Fprintf(w, "  passed over: %s\n", p)
	}
}

// watch reads folders again as they change, until ctx ends.
func (c *ingestCmd) watch(ctx context.Context, a *app, ix *index.Index, web *ingest.Web) error {
	folders := slices.DeleteFunc(slices.Clone(c.Paths), func(p string) bool {
		st, err := os.Stat(p)
		return err != nil || !st.IsDir()
	})
	if len(folders) == 0 {
		return usagef("--watch needs a folder")
	}
	fmt.Fprintf(a.stderr, "Watching %s; Ctrl+C ends it.\n", strings.Join(folders, ", "))
	return watchFolders(ctx, folders, ingest.WatchOptions{}, func(ctx context.Context, dir string) error {
		r, err := ingestSource(ctx, ix, web, dir, c.Channel, a.stderr)
		switch {
		case err != nil && ctx.Err() == nil:
			fmt.Fprintf(a.stderr, "%s: %v\n", dir, err)
		case r.Added+r.Updated+r.Removed > 0:
			r.print(a.stdout)
		}
		return err
	})
}

// watchFolders calls read for each folder at once and each time it changed, one at a time, until ctx ends.
func watchFolders(ctx context.Context, dirs []string, o ingest.WatchOptions, read func(ctx context.Context, dir string) error) error {
	var one sync.Mutex
	g, ctx := errgroup.WithContext(ctx)
	for _, dir := range dirs {
		g.Go(func() error {
			return ingest.Watch(ctx, dir, o, func(ctx context.Context) error {
				one.Lock()
				defer one.Unlock()
				return read(ctx, dir)
			})
		})
	}
	return g.Wait()
}

// ingestSource brings one source up to date. A source is named by its absolute path or its address. progress may be nil.
func ingestSource(ctx context.Context, ix *index.Index, web *ingest.Web, path, channel string, progress io.Writer) (ingestResult, error) {
	var problems []string
	source, docs, err := openSource(ctx, web, path, func(p ingest.Problem) {
		problems = append(problems, fmt.Sprintf("%s: %v", p.Name, p.Err))
	})
	if err != nil {
		return ingestResult{}, err
	}
	if progress != nil && isTerminal(progress) {
		bar := newProgress(progress, source, filesIn(source))
		defer bar.end()
		docs = counting(docs, bar)
	}
	r, err := ix.Sync(ctx, source, channel, docs, nil)
	return ingestResult{source, r.Added, r.Updated, r.Unchanged, r.Removed, r.Passages, problems}, err
}

// filesIn is how many documents a source will have at most.
func filesIn(source string) int {
	if st, err := os.Stat(source); err == nil && st.IsDir() {
		return ingest.Count(os.DirFS(source))
	}
	return 1
}

// counting moves bar with each document.
func counting(docs iter.Seq2[knowledge.Document, error], bar *progressBar) iter.Seq2[knowledge.Document, error] {
	return func(yield func(knowledge.Document, error) bool) {
		for d, err := range docs {
			if !yield(d, err) {
				return
			}
			bar.add(1)
		}
	}
}

func openSource(ctx context.Context, web *ingest.Web, path string, problem func(ingest.Problem)) (string, iter.Seq2[knowledge.Document, error], error) {
	if strings.HasPrefix(path, "https://") || strings.HasPrefix(path, "http://") {
		doc, err := web.Document(ctx, path)
		return path, one(doc), err
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		return "", nil, err
	}
	st, err := os.Stat(abs)
	if errors.Is(err, os.ErrNotExist) {
		return "", nil, errors.New("there is no such file or folder")
	}
	if err != nil {
		return "", nil, err
	}
	if st.IsDir() {
		return abs, ingest.Walk(os.DirFS(abs), filepath.Base(abs), problem), nil
	}
	if st.Size() > ingest.MaxBytes {
		return "", nil, ingest.ErrTooLarge
	}
	data, err := os.ReadFile(abs)
	if err != nil {
		return "", nil, err
	}
	doc, err := ingest.Parse(filepath.Base(abs), data)
	return abs, one(doc), err
}

func one(d knowledge.Document) iter.Seq2[knowledge.Document, error] {
	return func(yield func(knowledge.Document, error) bool) { yield(d, nil) }
}

// sourcesCmd looks after what was ingested.
type sourcesCmd struct {
	List    sourcesListCmd    `cmd:"" default:"withargs" help:"List what the knowledge base was filled from."`
	Remove  sourcesRemoveCmd  `cmd:"" help:"Remove a source with all its documents."`
	Refresh sourcesRefreshCmd `cmd:"" help:"Read every source again."`
}

type sourcesListCmd struct {
	ollamaFlags
	JSON bool `help:"Machine-readable output."`
}

func (c *sourcesListCmd) Run(ctx context.Context, a *app) error {
	kb, err := openKnowledge(ctx, a, c.ollamaFlags)
	if err != nil {
		return err
	}
	defer kb.Close()
	list := kb.index.Sources()
	if c.JSON {
		type row struct {
			Source    string `json:"source"`
			Channel   string `json:"channel,omitempty"`
			Documents int    `json:"documents"`
			Passages  int    `json:"passages"`
		}
		rows := make([]row, len(list))
		for i, s := range list {
			rows[i] = row{s.Source, s.Scope, s.Documents, s.Passages}
		}
		return writeJSON(a.stdout, map[string]any{"schema_version": 1, "sources": rows})
	}
	for _, s := range list {
		who := "everybody"
		if s.Scope != "" {
			who = "channel " + s.Scope
		}
		fmt.Fprintf(a.stdout, "%s: %d documents, %d passages, for %s\n", s.Source, s.Documents, s.Passages, who)
	}
	return nil
}

type sourcesRemoveCmd struct {
	ollamaFlags
	Source  string `arg:"" help:"The source as 'sources list' shows it."`
	Channel string `help:"The channel that it was added for." placeholder:"ID"`
}

func (c *sourcesRemoveCmd) Run(ctx context.Context, a *app) error {
	if c.Source == corpusSource {
		return usagef("the built-in documents stay: they come back at the next start")
	}
	kb, err := openKnowledge(ctx, a, c.ollamaFlags)
	if err != nil {
		return err
	}
	defer kb.Close()
	n, err := kb.index.Remove(ctx, c.Source, c.Channel)
	if err != nil {
		return err
	}
	if n == 0 {
		return fmt.Errorf("no source %q: `llmadvise sources list` shows them all", c.Source)
	}
	fmt.Fprintf(a.stdout, "Removed %d documents.\n", n)
	return nil
}

type sourcesRefreshCmd struct {
	ollamaFlags
	JSON bool `help:"Machine-readable output."`
}

func (c *sourcesRefreshCmd) Run(ctx context.Context, a *app) error {
	kb, err := openKnowledge(ctx, a, c.ollamaFlags)
	if err != nil {
		return err
	}
	defer kb.Close()
	web := ingest.NewWeb()
	defer web.Close()
	var results []ingestResult
	var errs []error
	for _, s := range kb.index.Sources() {
		if s.Source == corpusSource {
			continue
		}
		r, err := ingestSource(ctx, kb.index, web, s.Source, s.Scope, nil)
		if err != nil { // a source that is gone for now keeps its documents
			errs = append(errs, fmt.Errorf("%s: %w", s.Source, err))
			continue
		}
		results = append(results, r)
	}
	if c.JSON {
		errs = append(errs, writeJSON(a.stdout, map[string]any{"schema_version": 1, "sources": results}))
		return errors.Join(errs...)
	}
	for _, r := range results {
		fmt.Fprintf(a.stdout, "%s: %d added, %d updated, %d unchanged, %d removed\n", r.Source, r.Added, r.Updated, r.Unchanged, r.Removed)
	}
	return errors.Join(errs...)
}
