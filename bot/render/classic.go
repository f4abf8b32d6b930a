package render

import (
	"strings"

	"github.com/slack-go/slack"
)

// Classic rebuilds m from the block types that every workspace knows: tables become lines, charts are left to their
// description, markdown becomes mrkdwn.
func Classic(m Message) Message {
	out := Message{Text: m.Text}
	for _, b := range m.Blocks {
		switch b := b.(type) {
		case *slack.DataTableBlock:
			out.Blocks = append(out.Blocks, classicTable(b)...)
		case *slack.DataVisualizationBlock:
			// The context block after a chart says what it shows.
		case *slack.MarkdownBlock:
			for _, p := range Split(markdownToMrkdwn(b.Text), maxSection-100) {
				out.Blocks = append(out.Blocks, section(p))
			}
		default:
			out.Blocks = append(out.Blocks, b)
		}
	}
	if len(out.Blocks) > maxBlocks {
		out.Blocks = append(out.Blocks[:maxBlocks-1], out.Blocks[len(out.Blocks)-1])
	}
	return out
}

// NeedsClassic reports whether m holds a block type that a workspace may refuse.
func NeedsClassic(m Message) bool {
	for _, b := range m.Blocks {
		switch b.(type) {
		case *slack.DataTableBlock, *slack.DataVisualizationBlock, *slack.MarkdownBlock:
			return true
		}
	}
	return false
}

// classicTable says a table in sections of lines: "*GPT-4.1 API*: a month $1,440 · p95 2 s".
func classicTable(b *slack.DataTableBlock) []slack.Block {
	if len(b.Rows) < 2 {
		return nil
	}
	var ls []string
	for _, row := range b.Rows[1:] {
		var cells []string
		for c := 1; c < len(row) && c < len(b.Rows[0]); c++ {
			if v := cellText(row[c]); v != empty {
				cells = append(cells, Escape(cellText(b.Rows[0][c]))+" "+Escape(v))
			}
		}
		ls = append(ls, "• "+bold(Escape(cellText(row[0])))+": "+strings.Join(cells, " · "))
	}
	var out []slack.Block
	for _, p := range Split(strings.Join(ls, "\n"), maxSection-100) {
		if len(out) == 10 {
			break
		}
		out = append(out, section(p))
	}
	return out
}

func cellText(c slack.DataTableCell) string {
	switch c := c.(type) {
	case *slack.DataTableRawTextCell:
		return c.Text
	case *slack.DataTableRichTextCell:
		var b strings.Builder
		for _, e := range c.Elements {
			if s, ok := e.(*slack.RichTextSection); ok {
				for _, x := range s.Elements {
					if t, ok := x.(*slack.RichTextSectionTextElement); ok {
						b.WriteString(t.Text)
					}
				}
			}
		}
		return b.String()
	}
	return empty
}

// markdownToMrkdwn keeps what both know (code, lists as text) and translates bold and headings. s is escaped already.
func markdownToMrkdwn(s string) string {
	s = strings.ReplaceAll(s, "**", "*")
	ls := strings.Split(s, "\n")
	for i, l := range ls {
		if t := strings.TrimLeft(l, "#"); t != l {
			ls[i] = bold(t)
		}
		if t, ok := strings.CutPrefix(strings.TrimLeft(l, " "), "- "); ok {
			ls[i] = "• " + t
		}
	}
	return strings.Join(ls, "\n")
}
