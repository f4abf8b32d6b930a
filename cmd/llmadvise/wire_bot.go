package main

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/llmadvise/llmadvise/advisor"
	"github.com/llmadvise/llmadvise/advisor/catalog"
	"github.com/llmadvise/llmadvise/advisor/intake"
	"github.com/llmadvise/llmadvise/advisor/pricing"
	"github.com/llmadvise/llmadvise/advisor/report"
	"github.com/llmadvise/llmadvise/bot"
	"github.com/llmadvise/llmadvise/knowledge/index"
	"github.com/llmadvise/llmadvise/knowledge/ingest"
)

// engine puts the advisor behind the bot's port: the same road from text to report that `llmadvise advise` takes.
type engine struct {
	catalog atomic.Pointer[catalog.Catalog] // replaced when prices were refreshed
	names   intake.Names
}

func newEngine() *engine {
	e := &engine{names: intake.NamesFrom(catalog.Default())}
	e.SetCatalog(pricing.Hold(catalog.Default(), catalog.DateOf(time.Now()))) // until the bot has looked into its store
	return e
}

// SetCatalog makes the advice from now on rest on cat.
func (e *engine) SetCatalog(cat *catalog.Catalog) { e.catalog.Store(cat) }

func (e *engine) Parse(text string) (advisor.Workload, error) {
	text = advisor.WithoutUnknownNames(e.catalog.Load(), text)
	w := intake.Parse(text, e.names)
	return w, intake.Check(text, w)
}

func (e *engine) Set(w *advisor.Workload, setting string) error {
	return intake.Set(w, setting, e.names)
}

func (e *engine) About(question string) []string {
	return advisor.About(e.catalog.Load(), question, intake.MentionsIn(question, e.names))
}

func (e *engine) Advise(_ context.Context, w advisor.Workload) (bot.Advised, error) {
	a, err := advisor.Advise(w, e.catalog.Load())
	if err != nil {
		return bot.Advised{}, err
	}
	return bot.Advised{Advice: a, Document: report.FromAdvice(a)}, nil
}

// botDeps is what `serve` and `demo` give the bot. The caller calls closeAll when the bot has ended.
func botDeps(ctx context.Context, a *app, f ollamaFlags) (deps bot.Deps, closeAll func(), err error) {
	kb, err := openKnowledge(ctx, a, f)
	if err != nil {
		return bot.Deps{}, nil, knowledgeProblem(a, err)
	}
	web := ingest.NewWeb()
	closeAll = func() {
		web.Close()
		_ = kb.Close()
	}
	return bot.Deps{Advisor: newEngine(), Knowledge: kb.base, Library: library{kb.index, web}, Version: version}, closeAll, nil
}

// knowledgeProblem adds where the index is and who examines it; what to do stands in the index's own error.
func knowledgeProblem(a *app, err error) error {
	var usage usageError
	if errors.As(err, &usage) || errors.Is(err, context.Canceled) || errors.Is(err, index.ErrLocked) {
		return err
	}
	return fmt.Errorf("the knowledge base in %s cannot be opened: %w. `llmadvise doctor` checks it and the rest", knowledgeDir(a), err)
}
