package bot

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/llmadvise/llmadvise/advisor"
	"github.com/llmadvise/llmadvise/advisor/catalog"
	"github.com/llmadvise/llmadvise/advisor/report"
	"github.com/llmadvise/llmadvise/bot/feeds"
	"github.com/llmadvise/llmadvise/bot/store"
	"github.com/llmadvise/llmadvise/knowledge"
)

// Advised is an advice in both of its forms.
type Advised struct {
	Advice   advisor.Advice
	Document report.Document
}

// Advisor is the engine as the bot needs it. It must be safe for concurrent use and fast: it is called on the way of a
// slash command.
type Advisor interface {
	// Parse reads a request as people type it. Understood is nil where w can be advised on, else an error whose text
	// may be shown to the user: it quotes what it stumbled on and shows a line that works.
	Parse(text string) (w advisor.Workload, understood error)
	// Set applies one setting ("queries_per_month=600k") to w, by the names of advisor.Field. An error may be shown to
	// the user.
	Set(w *advisor.Workload, setting string) error
	// Advise weighs the options for w, which need not be complete.
	Advise(ctx context.Context, w advisor.Workload) (Advised, error)
}

// Knowledge answers questions from the documents.
type Knowledge interface {
	Answer(ctx context.Context, q knowledge.Question, st knowledge.Stream) (knowledge.Answer, error)
}

// Priced is an Advisor whose prices can be brought up to date. What it computes from then on rests on cat.
type Priced interface {
	SetCatalog(cat *catalog.Catalog)
}

// Deps are what the bot works with. Advisor and Knowledge are required.
type Deps struct {
	Advisor   Advisor
	Knowledge Knowledge
	// Feeds says where fresh prices come from. nil: the built-in prices stay, and digests tell of nothing new.
	Feeds *PriceFeeds
	// Store, if set, is used instead of one opened from Config; the caller closes it.
	Store *store.Store
	// Registry receives the metrics; nil makes one for this bot.
	Registry *prometheus.Registry
	// Now is the clock; nil is time.Now.
	Now func() time.Time
	// Version is shown by `/llm-advise help`.
	Version string
}

// PriceFeeds are the feeds to fetch and how.
type PriceFeeds struct {
	Sources []feeds.Source
	Options feeds.Options
}
