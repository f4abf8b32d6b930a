package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/llmadvise/llmadvise/knowledge"
)

// searchCmd shows what retrieval finds, without an answer made of it.
type searchCmd struct {
	ollamaFlags
	Query []string `arg:"" help:"What to look for."`
	Limit int      `help:"Passages to show." short:"n" default:"5"`
	JSON  bool     `help:"Machine-readable output."`
}

type searchResult struct {
	Rank     int     `json:"rank"`
	Score    float64 `json:"score"`
	Document string  `json:"document"`
	Heading  string  `json:"heading"`
	Text     string  `json:"text"`
	Cosine   float64 `json:"cosine"`
	Coverage float64 `json:"coverage"`
}

func (c *searchCmd) Run(ctx context.Context, a *app) error {
	query := strings.TrimSpace(strings.Join(c.Query, " "))
	if query == "" {
		return usagef("nothing to look for: llmadvise search 'PHI and business associate agreements'")
	}
	if c.Limit < 1 || c.Limit > 100 {
		return usagef("--limit is between 1 and 100")
	}
	kb, err := openKnowledge(ctx, a, c.ollamaFlags)
	if err != nil {
		return err
	}
	defer kb.Close()
	ps, err := kb.index.Search(ctx, query, c.Limit, knowledge.Scope{})
	if err != nil {
		return err
	}
	results := make([]searchResult, len(ps))
	for i, p := range ps {
		results[i] = searchResult{i + 1, p.Score, p.Document, strings.Join(p.Heading, " > "), p.Text, p.Cosine, p.Coverage}
	}
	if c.JSON {
		return writeJSON(a.stdout, map[string]any{"schema_version": 1, "query": query, "results": results})
	}
	if len(results) == 0 {
		fmt.Fprintln(a.stdout, "Nothing found.")
	}
	for _, r := range results {
		fmt.Fprintf(a.stdout, "%d. %s", r.Rank, r.Document)
		if r.Heading != "" {
			fmt.Fprintf(a.stdout, ", %s", r.Heading)
		}
		fmt.Fprintf(a.stdout, "  (score %.2f, cosine %.2f, terms %.0f %%)\n%s\n\n", r.Score, r.Cosine, 100*r.Coverage, indent(r.Text))
	}
	return nil
}

func indent(s string) string { return "   " + strings.ReplaceAll(s, "\n", "\n   ") }
