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
//
// The builders keep within Slack's documented limits by construction. The tests hold every message and modal, golden and
// random, against the local Slack's validator (bot/emulator), which was written from Slack's reference and not from this
// package.
//
// A Document's text is plain. Whatever is not our own mark-up goes through [Escape], [Plain] or [Markdown]; no
// document, model or user can mention anybody, nor put a link behind a label.
//
// It must never import net/http, bot, bot/store or bot/emulator.
package render
