package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/llmadvise/llmadvise/bot"
	"github.com/llmadvise/llmadvise/knowledge"
)

// askCmd answers one question from the knowledge base.
type askCmd struct {
	priceFlags
	ollamaFlags
	Question []string `arg:"" help:"The question, such as 'Can we send PHI to an API?'"`
	JSON     bool     `help:"Machine-readable output."`
}

// askCitation is one source of `ask --json`.
type askCitation struct {
	N        int    `json:"n"`
	Document string `json:"document"`
	Heading  string `json:"heading"`
	Title    string `json:"title"`
	Date     string `json:"date,omitempty"`
	URL      string `json:"url,omitempty"`
	Quote    string `json:"quote"`
}

func (c *askCmd) Run(ctx context.Context, a *app) error {
	text := strings.TrimSpace(strings.Join(c.Question, " "))
	if text == "" {
		return usagef("nothing to answer: llmadvise ask 'Can we send PHI to an API?'")
	}
	kb, err := openKnowledge(ctx, a, c.ollamaFlags)
	if err != nil {
		return knowledgeProblem(a, err)
	}
	defer kb.Close()
	e := newEngine()
	e.SetCatalog(c.catalog(ctx, a))
	ans, err := kb.base.Answer(ctx, knowledge.Question{Text: text, Facts: computedFacts(ctx, e, text), Tools: []knowledge.Tool{bot.AdviseTool(e)}}, nil)
	if err != nil {
		return err
	}
	if c.JSON {
		return writeJSON(a.stdout, askJSON(ans))
	}
	return printAnswer(a, ans)
}

// computedFacts are the engine's figures for a question that states a workload of its own; where it states no volume, since an assumed one
// would answer another question, what the catalog knows of the things that it asks about.
func computedFacts(ctx context.Context, e *engine, text string) []knowledge.Fact {
	w, problem := e.Parse(text)
	if problem != nil || !w.StatesLoad() {
		return bot.KnownFacts(e, text)
	}
	adv, err := e.Advise(ctx, w)
	if err != nil {
		return nil
	}
	return bot.FactsOf(adv.Document)
}

func askJSON(ans knowledge.Answer) map[string]any {
	cites := make([]askCitation, len(ans.Citations))
	for i, x := range ans.Citations {
		cites[i] = askCitation{x.N, x.Document, x.Heading, x.Title, x.Date, x.URL, x.Quote}
	}
	out := map[string]any{"schema_version": 1, "answer": ans.Text, "abstained": ans.Abstained, "citations": cites,
		"composed": ans.Composed, "withheld": ans.Withheld, "took_ms": ans.Took.Milliseconds()}
	if ans.Model != "" {
		out["model"] = ans.Model
	}
	if len(ans.Suggest) > 0 {
		out["suggest"] = ans.Suggest
	}
	return out
}

// printAnswer writes the answer, what it was made by, and its sources.
func printAnswer(a *app, ans knowledge.Answer) error {
	var b strings.Builder
	b.WriteString(ans.Text + "\n")
	if !ans.Abstained {
		b.WriteString("\n")
		for _, c := range ans.Citations {
			fmt.Fprintf(&b, "  [%d] %s, %q", c.N, c.Title, c.Heading)
			if c.Date != "" {
				fmt.Fprintf(&b, " (%s)", c.Date)
			}
			fmt.Fprintf(&b, ", %s\n", c.Document)
		}
		switch {
		case ans.Composed && len(ans.Citations) == 0:
			b.WriteString(knowledge.LookedUpLabel + "\n")
		case ans.Composed:
			b.WriteString("\n" + knowledge.ComposedLabel + "\n")
		case ans.Withheld > 0:
			fmt.Fprintf(&b, "\nWritten by %s; %d sentences were withheld because no source supports them.\n", ans.Model, ans.Withheld)
		default:
			fmt.Fprintf(&b, "\nWritten by %s.\n", ans.Model)
		}
	}
	_, err := fmt.Fprint(a.stdout, b.String())
	return err
}
