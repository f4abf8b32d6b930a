package ingest

import "strings"

// block is a heading, or a piece of text that belongs together.
type block struct {
	level int      // 1-6 for a heading, 0 for text
	text  string   // plain, lines kept where they carry meaning (lists, tables, code)
	table bool     // rows under a header line: cut between rows alone, with the header repeated
	list  bool     // items on lines: cut between items alone
	asked []string // nothing else is set: questions that what follows under the same heading answers
}

// outline collects blocks in reading order.
type outline struct {
	title  string
	blocks []block
}

func (o *outline) heading(level int, text string) {
	text = oneLine(text)
	if text == "" {
		return
	}
	if o.title == "" && level == 1 {
		o.title = text
	}
	o.blocks = append(o.blocks, block{level: min(max(level, 1), 6), text: text})
}

func (o *outline) add(b block) {
	b.text = strings.TrimSpace(b.text)
	if b.text != "" {
		o.blocks = append(o.blocks, b)
	}
}

// Bounds of the questions that a passage may say it answers: a document is not to be found for everything.
const (
	maxAsked      = 16
	maxAskedBytes = 200
)

// questions takes questions parted by "|".
func (o *outline) questions(text string) {
	var asked []string
	for q := range strings.SplitSeq(text, "|") {
		if q = oneLine(q); q != "" && len(q) <= maxAskedBytes && len(asked) < maxAsked {
			asked = append(asked, q)
		}
	}
	if len(asked) > 0 {
		o.blocks = append(o.blocks, block{asked: asked})
	}
}

func (o *outline) paragraph(text string) { o.add(block{text: oneLine(text)}) }

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
