package render

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"github.com/llmadvise/llmadvise/advisor/report"
)

// Details renders what stands behind one of the card's buttons (an Action* constant) as a modal. Modals take no data
// tables, so a table becomes one section a row.
func Details(d report.Document, action string) slack.ModalViewRequest {
	title, kinds := "Details", moreKinds
	switch action {
	case ActionMath:
		title, kinds = "The math", mathKinds
	case ActionCompare:
		title, kinds = "Compare the options", compareKinds
	case ActionFlips:
		title, kinds = "What would flip this", flipKinds
	case ActionMore:
		title = "Sources and rules"
	}
	blocks := []slack.Block{section(bold(Escape(oneLine(d.Title))))}
	for _, k := range kinds {
		if k == report.KindOptions && has(d, report.KindAllOptions) { // the long table holds the short one
			continue
		}
		for _, s := range d.Sections {
			if s.Kind == k {
				blocks = append(blocks, detailSection(s)...)
			}
		}
	}
	blocks = within(blocks, maxViewBytes)
	if len(blocks) == 1 {
		blocks = append(blocks, section("Nothing to add: the card says it all."))
	}
	if len(blocks) > maxViewBlocks {
		blocks = append(blocks[:maxViewBlocks-1], context(cutNote))
	}
	return slack.ModalViewRequest{
		Type:       slack.VTModal,
		CallbackID: CallbackDetails,
		Title:      plainText(title, maxModalTitle),
		Close:      plainText("Close", maxModalTitle),
		Blocks:     slack.Blocks{BlockSet: blocks},
	}
}

// within keeps the blocks whose JSON, all together, has at most n bytes.
func within(blocks []slack.Block, n int) []slack.Block {
	for i, b := range blocks {
		raw, err := json.Marshal(b)
		if err != nil {
			return blocks[:i]
		}
		if n -= len(raw) + 1; n < 0 {
			return append(blocks[:i:i], context(cutNote))
		}
	}
	return blocks
}

const cutNote = "More than fits here: `llmadvise advise` on the command line prints all of it."

func detailSection(s report.Section) []slack.Block {
	var out []slack.Block
	if s.Title != "" {
		out = append(out, section(bold(Escape(oneLine(s.Title)))))
	}
	for _, part := range Split(strings.Join(lines(s.Lines), "\n"), maxSection-100) {
		out = append(out, section(part))
	}
	if s.Table != nil {
		out = append(out, rowSections(s.Table)...)
	}
	if s.Chart != nil && oneLine(s.Chart.Alt) != "" {
		out = append(out, context(Escape(s.Chart.Alt)))
	}
	return out
}

// rowSections renders a table as one section a row: "*GPT-4.1 API*" and "a month: $1,440 · p95: 2 s".
func rowSections(t *report.Table) []slack.Block {
	var out []slack.Block
	for i, row := range t.Rows {
		if len(row) == 0 {
			continue
		}
		name := Escape(oneLine(row[0]))
		if i == t.Mark {
			name = bold(name) + " (recommended)"
		} else {
			name = bold(name)
		}
		var cells []string
		for c := 1; c < len(row) && c < len(t.Header); c++ {
			if v := oneLine(row[c]); v != "" {
				cells = append(cells, Escape(oneLine(t.Header[c]))+": "+Escape(v))
			}
		}
		text := strings.TrimSpace(joinWithin(slices.DeleteFunc([]string{name, strings.Join(cells, " · ")}, func(s string) bool { return s == "" }), "\n", maxSection))
		if text != "" {
			out = append(out, section(text))
		}
	}
	return out
}
