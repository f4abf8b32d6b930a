package advisor

import (
	"fmt"

	"github.com/llmadvise/llmadvise/advisor/cost"
	"github.com/llmadvise/llmadvise/advisor/quantity"
	"github.com/llmadvise/llmadvise/advisor/sizing"
)

// The article's example: 250,000 queries a month. It states no token counts; 1,200 in and 300 out is the shape at which its anecdote
// adds up.
const (
	articleQueries = 250_000.0
	articleRival   = "gpt-4.1"
	articleOpen    = "llama-3.3-70b"
	articleGPU     = "A100-SXM-80GB"
)

// article sets the article's figures beside ours, with the reason for the gap. Figures of the article are its own claims, or those
// of whom it quotes; they are not checked here.
func (e *engine) article(shown []*candidate) []ArticleFigure {
	var out []ArticleFigure
	add := func(f ArticleFigure, ok bool) {
		if ok {
			out = append(out, f)
		}
	}
	add(e.articleAPI(shown))
	add(e.articleAnecdote(shown))
	add(e.articleSelf(shown))
	add(e.articleThreshold(shown))
	add(e.articleSaving(shown))
	add(e.articleSpeed())
	add(e.articleSetup(shown))
	return out
}

func model(shown []*candidate, id string) *candidate {
	return firstOf(shown, func(c *candidate) bool { return c.opt.ModelID == id && c.offer != nil })
}

func (e *engine) articleAPI(shown []*candidate) (ArticleFigure, bool) {
	c := model(shown, articleRival)
	if c == nil {
		return ArticleFigure{}, false
	}
	return ArticleFigure{
		Topic: "API bill at 250k queries a month", Article: "$5,000-20,000 for GPT-4.1 or Claude Opus",
		Ours: fmt.Sprintf("%s for %s at your %s tokens in and %s out", usd3(c.plan.Monthly(articleQueries)), c.opt.Name,
			people(float64(e.w.InputTokens)), people(float64(e.w.OutputTokens))),
		Why: "the article names no token counts; its range needs the dearest models or some 6,000 tokens a query, and its own anecdote pays $1,200",
	}, true
}

func (e *engine) articleAnecdote(shown []*candidate) (ArticleFigure, bool) {
	c := model(shown, articleOpen)
	if c == nil {
		return ArticleFigure{}, false
	}
	return ArticleFigure{
		Topic: "Moving a chatbot to Llama-3-70B", Article: "$1,200 fell to $350 a month at 250k queries",
		Ours: fmt.Sprintf("%s on %s", usd3(c.plan.Monthly(articleQueries)), c.opt.Name),
		Why:  "its two figures are what GPT-4.1 and a hosted 70B cost at 1,200 tokens in and 300 out: a change of API, not a GPU; the article says not where the model ran",
	}, true
}

func (e *engine) articleSelf(shown []*candidate) (ArticleFigure, bool) {
	c := firstOf(shown, func(c *candidate) bool { return c.sized != nil })
	if c == nil {
		return ArticleFigure{}, false
	}
	return ArticleFigure{
		Topic: "Self-hosting at 250k queries a month", Article: "$300-1,500",
		Ours: fmt.Sprintf("%s for %s, and %s for people", usd3(c.plan.Monthly(articleQueries)), c.opt.Name, usd3(c.plan.LabourAt(articleQueries).Mid)),
		Why:  "its range is one cheap A100 at 4-bit, without a standby machine, a latency target or anybody to run it",
	}, true
}

func (e *engine) articleThreshold(shown []*candidate) (ArticleFigure, bool) {
	api := model(shown, articleRival)
	if api == nil {
		return ArticleFigure{}, false
	}
	b, ok := e.breakEven(shown, api)
	if !ok {
		return ArticleFigure{}, false
	}
	ours := "no break-even with " + api.opt.Name
	if b.QueriesPerMonth != nil {
		ours = fmt.Sprintf("%s queries a month against %s, people included", quantity.About(*b.QueriesPerMonth), api.opt.Name)
	}
	return ArticleFigure{
		Topic: "Volume from which self-hosting pays", Article: "above 200k queries a month",
		Ours: ours,
		Why:  "200k is about one A100 at $1,197 a month over $0.0048 a query: GPT-4.1, no people, no second machine; against cheaper APIs it is many times higher",
	}, true
}

func (e *engine) articleSaving(shown []*candidate) (ArticleFigure, bool) {
	rival := model(shown, articleRival)
	open := firstOf(shown, func(c *candidate) bool { return c.opt.Path == PathHostedOpen && c.feasible() })
	if rival == nil || open == nil || rival.opt.Monthly.Mid <= 0 {
		return ArticleFigure{}, false
	}
	return ArticleFigure{
		Topic: "Saving with an open model", Article: "86 %",
		Ours: fmt.Sprintf("%s on the bill: %s against %s", quantity.Percent(1-open.opt.Monthly.Mid/rival.opt.Monthly.Mid), open.opt.Name, rival.opt.Name),
		Why:  "the article's own table implies 70-98 %, its anecdote 71 %, its \"one-fifth\" 80 %; the figure depends on the two models compared",
	}, true
}

// articleSpeed holds the article's speed of a 70B model on one A100 against sizing.
func (e *engine) articleSpeed() (ArticleFigure, bool) {
	m, ok := e.cat.Model(articleOpen)
	a := e.accelerators[articleGPU]
	if !ok || a == nil {
		return ArticleFigure{}, false
	}
	cfg := sizing.Config{Model: &m, Accelerator: a, GPUs: 1, Precision: sizing.INT4}
	p, err := sizing.Predict(&cfg, sizing.Point{ISL: 1000, OSL: 300, Concurrency: 1})
	if err != nil {
		return ArticleFigure{}, false
	}
	return ArticleFigure{
		Topic: "Llama-3 70B on one A100", Article: "45-60 tokens a second",
		Ours: p.DecodePerUser.Text(quantity.UnitTokensPerSec) + " for one user, at 4-bit",
		Why:  "at 16 or 8 bits it does not fit 80 GB with room to work; at 4-bit, memory bandwidth caps one user at about 48; many users together get more, each of them less",
	}, true
}

func (e *engine) articleSetup(shown []*candidate) (ArticleFigure, bool) {
	if len(shown) == 0 {
		return ArticleFigure{}, false
	}
	days := cost.Labour(cost.RentGPUs, e.team).SetupDays
	return ArticleFigure{
		Topic: "Setting up an open model", Article: "2-4 weeks (n8n's survey of 247 developers); 1-3 days for an API",
		Ours: fmt.Sprintf("%.0f working days (%.0f-%.0f) for people like yours", days.Mid, days.Lo, days.Hi),
		Why:  "a hosted open model needs no set-up of its own; it integrates like an API",
	}, true
}
