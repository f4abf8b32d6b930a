package render

import (
	"strings"

	"github.com/slack-go/slack"
)

// Slack's limits, in characters unless said otherwise (docs.slack.dev, August 2026).
const (
	maxText        = 3900 // chat.update refuses 4,000: every message stays editable
	maxBlocks      = 50
	maxViewBlocks  = 100
	maxViewBytes   = 200 << 10 // of 250 kB
	maxSection     = 3000
	maxField       = 2000
	maxHeader      = 150
	maxContext     = 10 // elements
	maxActions     = 25 // elements
	maxButton      = 75
	maxButtonValue = 2000
	maxID          = 255
	maxMarkdown    = 12000 // all markdown blocks of a message
	maxMarkdownUse = 9000  // what the builders use of it: msg_blocks_too_long was seen at 13,200 for all blocks
	maxTableRows   = 101   // header included; 201 since summer 2026, not everywhere yet
	maxTableCols   = 20
	maxTableChars  = 10000 // of 20,000: leave room for the rest of the message
	maxCell        = 300
	maxPage        = 10 // rows shown at once
	maxChartTitle  = 50
	maxChartLabel  = 20
	maxChartSeries = 6
	maxChartPoints = 20
	maxModalTitle  = 24
	maxOptionText  = 75
	maxPlaceholder = 150
	maxMetadata    = 3000
)

// Message is what Slack is sent. Text is the notification, and what a screen reader says.
type Message struct {
	Text   string
	Blocks []slack.Block
}

// Action ids of the buttons; stable, since messages outlive releases.
const (
	ActionAdjust    = "advice_adjust"
	ActionMath      = "advice_math"
	ActionCompare   = "advice_compare"
	ActionFlips     = "advice_flips"
	ActionMore      = "advice_more"
	ActionShare     = "advice_share"
	ActionUseful    = "answer_useful"
	ActionNotUseful = "answer_not_useful"
	ActionAdvise    = "answer_advise"
)

// Callback ids of the modals.
const (
	CallbackAdjust  = "adjust"
	CallbackDetails = "details"
	CallbackReason  = "feedback_reason"
)

func mrkdwn(s string) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.MarkdownType, s, false, false)
}

func plainText(s string, n int) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.PlainTextType, orDash(Cut(oneLine(Plain(s)), n)), false, false)
}

// orDash stands in for a text that turned out to hold nothing: Slack refuses empty ones.
func orDash(s string) string {
	if strings.TrimSpace(s) == "" {
		return empty
	}
	return s
}

func section(text string) *slack.SectionBlock {
	return slack.NewSectionBlock(mrkdwn(orDash(cutEscaped(text, maxSection))), nil, nil)
}

func context(text string) *slack.ContextBlock {
	return slack.NewContextBlock("", mrkdwn(orDash(cutEscaped(text, maxSection))))
}

func button(action, label, value string) *slack.ButtonBlockElement {
	return slack.NewButtonBlockElement(action, Cut(value, maxButtonValue), plainText(label, maxButton))
}
