package bot

import (
	"context"
	"errors"
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
	// About says what is known of the models, accelerators and vendors that a question names, where it asks for that: sentences to quote,
	// none where it asks something else.
	About(question string) []string
	// Advise weighs the options for w, which need not be complete.
	Advise(ctx context.Context, w advisor.Workload) (Advised, error)
}

// Knowledge answers questions from the documents.
type Knowledge interface {
	Answer(ctx context.Context, q knowledge.Question, st knowledge.Stream) (knowledge.Answer, error)
}

// Library keeps the documents that answers rest on. audience is the one channel that may get answers from a source, ""
// for everybody. An error that wraps [ErrUnreadable] may be shown to the user: it says what is wrong with the file.
type Library interface {
	// CanRead says, by its name alone, why a file cannot be read; nil where it can be tried.
	CanRead(name string) error
	// AddFile reads a file into the source of its name and replaces what an earlier version left.
	AddFile(ctx context.Context, f File, audience string) (Ingested, error)
	// Refresh reads an address, or a source that is not a file of Slack's, again.
	Refresh(ctx context.Context, source, audience string) (Ingested, error)
	// Remove drops a source and returns how many documents it held.
	Remove(ctx context.Context, source, audience string) (documents int, err error)
	// Sources lists everything, sorted.
	Sources() []Source
}

// File is a file that somebody shared.
type File struct {
	Name  string // also the name of its source
	Title string // where the file has no title of its own
	URL   string // where people find it
	Date  string // "2026-07-25"; of the upload
	Data  []byte
}

// Source is where documents came from. Fixed ones belong to the program and cannot be changed.
type Source struct {
	Name, Audience      string
	Documents, Passages int
	Fixed               bool
}

// Ingested is what a source holds after it was read, and what was passed over.
type Ingested struct {
	Title               string // of its one document; "" where there are several
	Documents, Passages int
	Problems            []string
}

// ErrUnreadable is wrapped by errors about the file or page itself.
var ErrUnreadable = errors.New("it cannot be read")

// Priced is an Advisor whose prices can be brought up to date. What it computes from then on rests on cat.
type Priced interface {
	SetCatalog(cat *catalog.Catalog)
}

// Deps are what the bot works with. Advisor and Knowledge are required.
type Deps struct {
	Advisor   Advisor
	Knowledge Knowledge
	// Library takes files that are shared with the bot, and what admins do to sources. nil: neither is offered.
	Library Library
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
