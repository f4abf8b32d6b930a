package render

import (
	"fmt"
	"strings"

	"github.com/slack-go/slack"

	"github.com/llmadvise/llmadvise/knowledge"
)

// Answer renders a checked answer, its sources and the feedback buttons. id is what the buttons carry ("" leaves them
// out). A long answer becomes several messages; the last one carries sources and buttons.
func Answer(a knowledge.Answer, id string) []Message {
	text := strings.TrimSpace(a.Text)
	if a.Abstained && len(unsaid(a.Suggest, a.Text)) > 0 {
		text += "\n\nWhat I do have something on:\n" + bullets(unsaid(a.Suggest, a.Text))
	}
	parts := Split(Markdown(text), maxMarkdownUse)
	if len(parts) == 0 {
		parts = []string{"I have no answer to that."}
	}
	out := make([]Message, len(parts))
	for i, p := range parts {
		out[i] = Message{Text: orDash(cutEscaped(flatten(p), maxText)), Blocks: []slack.Block{slack.NewMarkdownBlock("", p)}}
	}
	last := &out[len(out)-1]
	last.Blocks = append(last.Blocks, AnswerEnd(a, id)...)
	if src := sourceLine(a); src != "" {
		last.Text = joinWithin([]string{last.Text, src}, "\n", maxText)
	}
	return out
}

// AnswerEnd is what follows the text of an answer: sources, how it was made, buttons. A streamed answer is closed with it.
func AnswerEnd(a knowledge.Answer, id string) []slack.Block {
	var out []slack.Block
	if s := sourceLine(a); s != "" {
		out = append(out, context(s))
	}
	if note := provenance(a); note != "" {
		out = append(out, context(note))
	}
	if id != "" {
		out = append(out, slack.NewActionBlock("",
			button(ActionUseful, "Useful", id),
			button(ActionNotUseful, "Not useful", id),
			button(ActionAdvise, "Advise on a workload", id)))
	}
	return out
}

// sourceLine is "Sources: 1 Compliance, “HIPAA” (2025) · 2 …".
func sourceLine(a knowledge.Answer) string {
	if len(a.Citations) == 0 {
		return ""
	}
	items := make([]string, 0, len(a.Citations))
	for _, c := range a.Citations {
		title := c.Title
		if title == "" {
			title = c.Document
		}
		s := fmt.Sprintf("%d %s", c.N, oneLine(title))
		if c.Heading != "" {
			s += ", “" + oneLine(c.Heading) + "”"
		}
		if c.Date != "" {
			s += " (" + oneLine(c.Date) + ")"
		}
		items = append(items, Escape(s))
	}
	return joinWithin([]string{"Sources: " + strings.Join(items, " · ")}, "", maxSection/2)
}

func provenance(a knowledge.Answer) string {
	var notes []string
	switch {
	case !a.Composed || a.Abstained:
	case len(a.Citations) == 0:
		notes = append(notes, knowledge.LookedUpLabel)
	default:
		notes = append(notes, "Put together from the cited passages without a language model.")
	}
	if a.Withheld == 1 {
		notes = append(notes, "One sentence was held back: its claim did not stand in the sources.")
	} else if a.Withheld > 1 {
		notes = append(notes, fmt.Sprintf("%d sentences were held back: their claims did not stand in the sources.", a.Withheld))
	}
	return strings.Join(notes, " ")
}

// unsaid leaves out what text names already.
func unsaid(items []string, text string) []string {
	var out []string
	for _, s := range items {
		if !strings.Contains(text, s) {
			out = append(out, s)
		}
	}
	return out
}

func bullets(items []string) string {
	var b strings.Builder
	for _, s := range items {
		b.WriteString("- " + oneLine(s) + "\n")
	}
	return strings.TrimSpace(b.String())
}

// flatten drops Markdown's signs that a notification would show as they are.
func flatten(s string) string {
	out := strings.NewReplacer("**", "", "__", "", "`", "").Replace(s)
	ls := strings.Split(out, "\n")
	for i, l := range ls {
		ls[i] = strings.TrimLeft(l, "# ")
	}
	return strings.TrimSpace(strings.Join(ls, "\n"))
}
