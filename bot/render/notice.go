package render

import (
	"strings"

	"github.com/slack-go/slack"
)

// Notice is a short message of the bot's own words. text is mrkdwn that the caller wrote; foreign text in it must have
// gone through [Escape].
func Notice(text string) Message {
	return Message{Text: orDash(cutEscaped(flatten(text), maxText)), Blocks: []slack.Block{section(text)}}
}

// Problem tells what did not work and what to do next. Both may hold foreign text: they are escaped here.
func Problem(what, next string) Message {
	text := Escape(strings.TrimSpace(what))
	if next = strings.TrimSpace(next); next != "" {
		text += "\n" + Escape(next)
	}
	return Notice(text)
}

// Misread is the answer to a request that could not be understood: what was stumbled on and the form to fill in.
func Misread(problem, id string) Message {
	m := Problem(problem, "")
	m.Blocks = append(m.Blocks, slack.NewActionBlock("", button(ActionAdjust, "Fill in a form", id)))
	return m
}

// Help lists what the bot can do. command is the slash command, version may be "".
func Help(command, mention, version string) Message {
	text := strings.Join([]string{
		bold("What I can do"),
		"• `" + command + " 300k queries, HIPAA` – API, hosted open model or your own GPUs: the costs, the hardware, the break-even. Only you see the answer; add `public` to show everybody.",
		"• `" + command + "` – the same from a form.",
		"• " + mention + " `can we send PHI to an API?` – an answer from the documents, with sources. Ask on in the thread; no need to mention me again. Direct messages work too.",
		"• `" + command + " watch 300k queries, HIPAA as support-bot` – watches a scenario for this channel; `watch list`, `digest now` and `digest schedule` show the rest.",
		"• Share a file with me (Markdown, HTML, PDF, DOCX, text), in a direct message or with a mention: I answer from it too. Shared in a private place, it answers only there.",
		"• Admins: `" + command + " sources` lists what answers rest on; `sources remove NAME`, `sources refresh NAME`, `ingest https://…` change it.",
		"",
		bold("What to put in a request") + " – in any order: volume (`300k queries`, `2.5M/day`, `10 qps`), tokens (`1200 in 300 out`), latency (`p95 2 s`), rules (`HIPAA`, `GDPR`, `EU only`, `no data leaves`), team (`no ML team`), task (`classification`), budget (`$5k a month`), models and GPUs by name, also those you have (`we own 4 A100s`). What you leave out is assumed, said so, and can be changed with *Adjust*.",
	}, "\n")
	m := Notice(text)
	if version != "" {
		m.Blocks = append(m.Blocks, context("llmadvise "+Escape(version)))
	}
	return m
}
