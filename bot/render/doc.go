// Package render turns advice documents and answers into Slack messages. It is pure: no network, no clock, no store.
//
// From the bottom up:
//
//   - escape.go makes foreign text harmless: in mrkdwn, in markdown blocks, and where Slack takes plain text.
//   - text.go cuts, splits and joins text within Slack's limits.
//   - blocks.go builds the single blocks (table, chart, lines).
//   - card.go is the advice card, details.go the modals behind its buttons, adjust.go the form to change it.
//   - answer.go is an answer with its sources, notice.go help, errors and other short messages.
//   - classic.go rebuilds a message without the newer block types, for workspaces that refuse them.
//   - check.go holds a message or a modal against Slack's documented limits. Every test runs it; production code
//     relies on the builders, which keep within the limits by construction.
//
// A Document's text is plain. Whatever is not our own mark-up goes through [Escape], [Plain] or [Markdown]; no
// document, model or user can mention anybody, nor put a link behind a label.
//
// It must never import net/http, bot, bot/store or bot/emulator.
package render
