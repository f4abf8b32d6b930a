package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode"

	"github.com/llmadvise/llmadvise/advisor"
	"github.com/llmadvise/llmadvise/advisor/report"
	"github.com/llmadvise/llmadvise/knowledge"
)

// What an answer names for a figure of the engine, and for one that the catalog holds as it is.
const (
	engineSource  = "llmadvise engine"
	catalogSource = "llmadvise catalog"
)

// maxFacts keeps a small model's context free for the documents.
const maxFacts = 30

// facts are the engine's figures for a question: those of the workload that it carries, else what is known of the things that it asks
// about, else those of the card that its thread is about.
func (b *Bot) facts(ctx context.Context, text string, w advisor.Workload, problem error, before *card) ([]knowledge.Fact, error) {
	if problem == nil && w.StatesLoad() {
		adv, err := b.weigh(ctx, w)
		if err != nil {
			b.log.Warn("no facts for a question", "error", err)
			return nil, nil
		}
		return FactsOf(adv.Document), nil
	}
	if known := KnownFacts(b.deps.Advisor, text); len(known) > 0 {
		return known, nil
	}
	if before != nil {
		return FactsOf(before.Document), nil
	}
	return nil, nil
}

// KnownFacts are what the catalog knows of the things that a question names and asks about.
func KnownFacts(a Advisor, question string) []knowledge.Fact {
	var out []knowledge.Fact
	for _, s := range a.About(question) {
		out = append(out, knowledge.Fact{Label: "catalog", Text: s, Source: catalogSource, Direct: true})
	}
	return out
}

// unquoted are sections that answer no question: what was typed, how a figure came about, where it is from.
var unquoted = []report.Kind{report.KindMath, report.KindSources, report.KindInputs, report.KindAssumptions, report.KindChart}

// FactsOf says a document in sentences to quote. Figures come from the engine alone; this only repeats them.
func FactsOf(d report.Document) []knowledge.Fact {
	var out []knowledge.Fact
	add := func(label, text string) {
		if text = strings.TrimSpace(text); text != "" && !strings.HasPrefix(text, "Not understood") && len(out) < maxFacts {
			out = append(out, knowledge.Fact{Label: label, Text: text, Source: engineSource})
		}
	}
	add("recommendation", d.Title)
	add("reason", d.Summary)
	for _, s := range d.Sections {
		if slices.Contains(unquoted, s.Kind) {
			continue
		}
		for _, l := range s.Lines {
			text := l.Text
			switch {
			case l.Label != "":
				text = l.Label + ": " + text
			case s.Kind == report.KindBreakEven: // a line that says nothing without its section's title
				text = s.Title + ": " + lowerFirst(text)
			}
			add(string(s.Kind), text)
		}
		if s.Table != nil {
			for _, row := range s.Table.Rows {
				add(string(s.Kind), rowFact(s.Table.Header, row))
			}
		}
	}
	return out
}

func rowFact(header, row []string) string {
	if len(row) == 0 {
		return ""
	}
	var cells []string
	for i := 1; i < len(row) && i < len(header); i++ {
		if row[i] != "" {
			cells = append(cells, lowerFirst(header[i])+" "+row[i])
		}
	}
	return row[0] + ": " + strings.Join(cells, "; ")
}

// lowerFirst makes a column's head fit into a sentence; p95 and FTE stay as they are.
func lowerFirst(s string) string {
	r := []rune(s)
	if len(r) > 1 && unicode.IsUpper(r[0]) && !unicode.IsUpper(r[1]) {
		r[0] = unicode.ToLower(r[0])
	}
	return string(r)
}

// AdviseTool lets a model ask the engine.
func AdviseTool(a Advisor) knowledge.Tool { return adviseTool{a} }

type adviseTool struct{ advisor Advisor }

func (adviseTool) Describe() (name, description string, schema []byte) {
	return "advise", "Compares the costs and hardware of a proprietary LLM API, a hosted open model, self-hosting and a mix for one workload. " +
			"Use it whenever the answer needs a price, a volume at which something breaks even, or a GPU count.",
		[]byte(`{"type":"object","properties":{"request":{"type":"string","description":"the workload in a few words, for example: 300k queries a month, HIPAA, p95 2 s"}},"required":["request"]}`)
}

func (t adviseTool) Call(ctx context.Context, args []byte) ([]knowledge.Fact, error) {
	var in struct {
		Request string `json:"request"`
	}
	if err := json.Unmarshal(args, &in); err != nil || strings.TrimSpace(in.Request) == "" {
		return nil, errors.New(`advise: the argument is {"request": "300k queries a month, HIPAA"}`)
	}
	w, problem := t.advisor.Parse(in.Request)
	if problem != nil {
		return nil, fmt.Errorf("advise: %w", problem)
	}
	if !w.StatesLoad() { // an assumed one would answer another question
		return nil, errors.New("advise: the request names no volume; add one, like 300k queries a month")
	}
	adv, err := t.advisor.Advise(ctx, w)
	if err != nil {
		return nil, fmt.Errorf("advise: %w", err)
	}
	return FactsOf(adv.Document), nil
}

// finite drops charts that hold a value which JSON, and Slack, cannot carry.
func finite(d report.Document) report.Document {
	sections := make([]report.Section, len(d.Sections))
	copy(sections, d.Sections)
	for i, s := range sections {
		if s.Chart == nil {
			continue
		}
		for _, series := range s.Chart.Series {
			for _, v := range series.Values {
				if math.IsNaN(v) || math.IsInf(v, 0) {
					sections[i].Chart = nil
				}
			}
		}
	}
	d.Sections = sections
	return d
}
