package render

import (
	"strings"

	"github.com/slack-go/slack"

	"github.com/llmadvise/llmadvise/advisor/report"
)

// Action ids of a digest's buttons and of the list of watches; stable, since messages outlive releases.
const (
	ActionScenario = "digest_scenario" // value or option: a watch's id
	ActionSchedule = "digest_schedule"
	ActionMute     = "digest_mute"
	ActionUnmute   = "digest_unmute"
	ActionEdit     = "watch_edit"   // value: a watch's id
	ActionRemove   = "watch_remove" // value: a watch's id
)

// Callback ids of their modals.
const (
	CallbackWatch    = "watch"
	CallbackSchedule = "schedule"
)

// maxScenarioButtons is how many scenarios have a button each; more are in a menu.
const maxScenarioButtons = 2

// Digest renders a digest with its buttons. scenarios are the watches that can be opened, what moved first.
func Digest(d report.Document, scenarios []Choice) Message {
	m := Card(d, CardOptions{})
	var out []slack.BlockElement
	if len(scenarios) <= maxScenarioButtons {
		for _, s := range scenarios {
			// Two buttons of one block need ids of their own.
			out = append(out, button(ActionScenario+":"+s.Value, "Open "+s.Label, s.Value))
		}
	} else {
		out = append(out, slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, plainText("Open a scenario", maxPlaceholder), ActionScenario, choiceOptions(scenarios)...))
	}
	out = append(out, button(ActionSchedule, "Change schedule", ""), button(ActionMute, "Mute", ""))
	m.Blocks = append(m.Blocks, slack.NewActionBlock("", out...))
	return m
}

// Alert renders what is told of one scenario at once: the headline of a digest and the reason.
func Alert(d report.Document, watch string) Message {
	m := Card(report.Document{Title: d.Title, Summary: d.Summary}, CardOptions{})
	m.Blocks = append(m.Blocks, slack.NewActionBlock("", button(ActionScenario, "Open scenario", watch), button(ActionEdit, "Change alert", watch), button(ActionMute, "Mute", "")))
	return m
}

// WatchRow is one watched scenario in the list.
type WatchRow struct{ ID, Name, Request, Standing, Terms string }

// maxWatchRows is how many rows have buttons: a message holds 50 blocks, a row takes two.
const maxWatchRows = 15

// Watches lists a channel's watched scenarios, each with its buttons; those beyond maxWatchRows are named alone.
func Watches(title string, rows []WatchRow) Message {
	m := Message{Text: Escape(oneLine(title)), Blocks: []slack.Block{section(bold(Escape(oneLine(title))))}}
	var rest []string
	for i, r := range rows {
		m.Text = joinWithin([]string{m.Text, Escape(oneLine("• " + r.Name + ": " + r.Request + "; " + r.Standing))}, "\n", maxText)
		if i >= maxWatchRows {
			rest = append(rest, bold(Escape(oneLine(r.Name)))+": "+Escape(oneLine(r.Request)))
			continue
		}
		text := bold(Escape(oneLine(r.Name))) + ": " + Escape(oneLine(r.Request)) + "\n" + Escape(oneLine(r.Standing)) + "\n_" + r.Terms + "_"
		m.Blocks = append(m.Blocks, section(text),
			slack.NewActionBlock("watch:"+r.ID, button(ActionScenario, "Open", r.ID), button(ActionEdit, "Edit", r.ID), button(ActionRemove, "Remove", r.ID)))
	}
	if len(rest) > 0 {
		m.Blocks = append(m.Blocks, section(joinWithin(rest, "\n", maxSection)))
	}
	return m
}

// Form is a modal of the bot's own whose answer changes a setting.
func Form(callback, title, intro string, inputs []Input, metadata string) slack.ModalViewRequest {
	v := Adjust(title, intro, inputs, metadata)
	v.CallbackID, v.Submit = callback, plainText("Save", maxModalTitle)
	return v
}

// Muted says who muted a channel's digest, with the way back.
func Muted(who, command string) Message {
	m := Notice(strings.TrimSpace(who + " muted this channel's digest. `" + command + " digest on` or the button brings it back; the scenarios stay."))
	m.Blocks = append(m.Blocks, slack.NewActionBlock("", button(ActionUnmute, "Unmute", "")))
	return m
}
