package render

import (
	"strings"

	"github.com/slack-go/slack"

	"github.com/llmadvise/llmadvise/advisor/report"
)

// CardOptions say what surrounds an advice card.
type CardOptions struct {
	// ID is what the buttons carry: the key under which the bot keeps the card. "" leaves the buttons out.
	ID string
	// Shared drops the Share button: everybody sees the card already.
	Shared bool
}

// Card renders an advice: decision and price first, then what was said and assumed, the options, the chart, what
// would flip it; the rest is behind buttons.
func Card(d report.Document, o CardOptions) Message {
	budget := maxTableChars
	blocks := []slack.Block{section(joinWithin([]string{bold(Escape(oneLine(d.Title))), Escape(d.Summary)}, "\n", maxSection))}
	charts := 0
	for _, s := range d.Sections {
		if s.Folded || len(blocks) > maxBlocks-8 {
			continue
		}
		sectionBlocks := cardSection(s, o, &budget, &charts)
		blocks = append(blocks, sectionBlocks...)
	}
	if d.Footer != "" {
		blocks = append(blocks, context(Escape(d.Footer)))
	}
	if o.ID != "" {
		blocks = append(blocks, slack.NewActionBlock("", cardButtons(d, o)...))
	}
	return Message{Text: notification(d), Blocks: blocks}
}

// cardSection renders one unfolded section. Inputs carry the Adjust button: every assumption can be changed from where
// it is shown.
func cardSection(s report.Section, o CardOptions, budget, charts *int) []slack.Block {
	var out []slack.Block
	if text := joinWithin(titled(s), "\n", maxSection); text != "" {
		b := section(text)
		if s.Kind == report.KindInputs && o.ID != "" {
			b.Accessory = slack.NewAccessory(button(ActionAdjust, "Adjust", o.ID))
		}
		out = append(out, b)
	}
	if s.Table != nil {
		if b := table(s.Table, budget); b != nil {
			out = append(out, b)
		}
	}
	if s.Chart != nil && *charts < 2 {
		if b := chart(s.Chart); b != nil {
			out = append(out, b)
			*charts++
			alt := oneLine(s.Chart.Alt)
			if _, off := onScale(s.Chart.Series); len(off) > 0 {
				alt = strings.TrimSpace(alt + " Off the scale: " + strings.Join(off, "; ") + ".")
			}
			if alt != "" {
				out = append(out, context(Escape(alt)))
			}
		}
	}
	return out
}

// titled are the lines of a section, its title in front of the first where that line does not name itself.
func titled(s report.Section) []string {
	ls := lines(s.Lines)
	switch s.Kind {
	case report.KindInputs, report.KindOptions, report.KindChart: // clear from what they are
		return ls
	}
	if title := bold(Escape(oneLine(s.Title))); len(ls) > 0 && title != "" && s.Lines[0].Label == "" {
		ls[0] = title + ": " + ls[0]
	}
	return ls
}

// cardButtons are the way to what the card leaves out. A button whose content the document lacks is left out.
func cardButtons(d report.Document, o CardOptions) []slack.BlockElement {
	var out []slack.BlockElement
	if !has(d, report.KindInputs) { // else it sits beside the inputs
		out = append(out, button(ActionAdjust, "Adjust", o.ID))
	}
	for _, b := range []struct {
		action, label string
		kinds         []report.Kind
	}{
		{ActionMath, "Show the math", mathKinds},
		{ActionCompare, "Compare", compareKinds},
		{ActionFlips, "What would flip this", flipKinds},
		{ActionMore, "Sources and rules", moreKinds},
	} {
		if has(d, b.kinds...) {
			out = append(out, button(b.action, b.label, o.ID))
		}
	}
	if !o.Shared {
		out = append(out, button(ActionShare, "Share to channel", o.ID))
	}
	return out
}

// What stands behind each button.
var (
	mathKinds    = []report.Kind{report.KindMath, report.KindArticle, report.KindAssumptions}
	compareKinds = []report.Kind{report.KindOptions, report.KindAllOptions, report.KindCosts, report.KindQuality, report.KindHardware, report.KindBreakEven}
	flipKinds    = []report.Kind{report.KindFlips, report.KindBreakEven, report.KindDraws, report.KindSensitivity}
	moreKinds    = []report.Kind{report.KindFramework, report.KindCompliance, report.KindInputs, report.KindWarnings, report.KindSources}
)

func has(d report.Document, kinds ...report.Kind) bool {
	for _, s := range d.Sections {
		for _, k := range kinds {
			if s.Kind == k {
				return true
			}
		}
	}
	return false
}

// notification is the card as a phone shows it and a screen reader says it: the decision first, then the unfolded
// sections as plain lines, tables as "name: figures".
func notification(d report.Document) string {
	parts := []string{oneLine(d.Title), oneLine(d.Summary)}
	for _, s := range d.Sections {
		if s.Folded {
			continue
		}
		for _, l := range s.Lines {
			text := oneLine(l.Text)
			if l.Label != "" {
				text = oneLine(l.Label) + ": " + text
			}
			parts = append(parts, text)
		}
		if s.Table != nil {
			parts = append(parts, tableText(s.Table)...)
		}
		if s.Chart != nil {
			parts = append(parts, oneLine(s.Chart.Alt))
		}
	}
	parts = append(parts, oneLine(d.Footer))
	var kept []string
	for _, p := range parts {
		if p != "" {
			kept = append(kept, Escape(p))
		}
	}
	if len(kept) == 0 {
		return "Advice"
	}
	return joinWithin(kept, "\n", maxText)
}

// tableText says a table in words, one line a row: "GPT-4.1 API: a month $1,440; p95 2 s".
func tableText(t *report.Table) []string {
	var out []string
	for _, row := range t.Rows {
		var cells []string
		for c := 1; c < len(row) && c < len(t.Header); c++ {
			if v := oneLine(row[c]); v != "" {
				cells = append(cells, oneLine(t.Header[c])+" "+v)
			}
		}
		if len(row) > 0 && oneLine(row[0]) != "" {
			out = append(out, "• "+oneLine(row[0])+": "+strings.Join(cells, "; "))
		}
	}
	return out
}
