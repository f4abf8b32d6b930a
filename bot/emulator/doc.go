// Package emulator is a Slack workspace that runs on loopback: the Web API, Socket Mode, response URLs, and a page to use
// them from. `llmadvise demo` runs the real bot against it, and so do the end-to-end tests; nothing in the bot knows that
// it is not the real Slack.
//
// # What it owns
//
//   - [Server]: the workspace's state and the HTTP listener (server.go, state.go).
//   - The Web API (api*.go): form and JSON bodies, tokens, documented error codes, per-method rate limits (limits.go).
//   - Socket Mode (socket.go, delivery.go): single-use URLs, up to ten sockets, acknowledgement within 3 s, redelivery of
//     events, dropped oversized acknowledgements, disconnect frames.
//   - Block Kit's limits as a checker that anything may call: [ValidateMessage], [ValidateView] (validate*.go).
//   - What a person does (user.go): commands, posts, clicks, modals; as methods for tests and as a page for people (page.go, web/).
//   - Faults on demand (faults.go), and a log of all traffic (traffic.go).
//
// # How it is held to Slack
//
// The emulator follows Slack's reference, not the bot's needs. Where the reference is silent, the behaviour follows what was
// publicly observed and the comment says so; where neither is known, the comment says "assumed". Clients that we did
// not write (slack-go in the unit tests, Slack's own Bolt for JavaScript in the end-to-end test) must work against it unchanged.
//
// # What it must never import
//
// The rest of this project: it stays usable for any Slack app. It listens on loopback addresses only and loads
// nothing from elsewhere.
//
// # Still doubtful
//
// Slack does not publish how it spreads events over sockets (here: in turn), how it counts characters (here: Unicode code
// points), the burst that it allows above one message a second and channel (here: 10), or which messages a slash command's
// response URL may replace (here: the first ephemeral one sent through it).
package emulator
