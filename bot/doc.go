// Package bot is llmadvise in Slack: it takes slash commands, mentions, thread replies, direct messages, clicks and forms
// from Socket Mode and answers each of them once.
//
// From the bottom up:
//
//   - config.go, ports.go say what an operator decides and what the bot works with: an Advisor for figures, a Knowledge
//     for prose. The two do not know each other; facts.go hands figures of the one to the other as sentences to quote.
//   - socket.go holds two staggered connections. slack-go closes a socket before it opens the next, and a slash command
//     of that gap is lost to its user. Errors that no retry mends end the bot with a message that says what to do.
//   - envelope.go turns deliveries into jobs, accept.go decides: what must not be lost is stored before it is
//     acknowledged; what only the moment allows (a modal's trigger lives three seconds) is done right after.
//   - jobs.go is the queue (River, over SQLite or Postgres). A job is unique: by channel and ts for messages, since one
//     mention arrives as two events and every retry under a new envelope; by event for edits and deletions; by
//     envelope for commands and clicks.
//   - work.go, question.go, form.go do the jobs; stream.go shows an answer while it is made, making.go ends one whose
//     question was deleted; share.go takes files as sources, sources.go is what admins do to those.
//   - deliver.go sends a message once over crashes and retries, with journal.go beside it; see below.
//   - observe.go has metrics and health; check.go what `llmadvise doctor` asks of Slack.
//
// # Once
//
// Slack has no idempotent post. Before a message is sent its intent is committed (store.IntendPost), after Slack's answer
// its completion. A job that finds an intent without completion was interrupted in between, and asks two witnesses. Where
// Slack shows the message (channels, threads), its history is searched for the job's key in the message's metadata; while
// Slack does not answer, the job waits. Where it cannot be looked up (ephemeral messages, response URLs), the journal
// tells whether the request was written in full: one write(2) right after the request has left, which a SIGKILL can hardly
// fall before. What was written in full is then taken as delivered.
//
// # Digests
//
// digest_jobs.go has the clock (a River job each minute, and one at each start), the digest's job and the alerts;
// watch.go and schedule.go the commands and forms. A digest is keyed by channel and period, composed and stored before
// it is posted, posted once like any message, and only then noted as told: each step may be done again.
//
// # Manners
//
// The bot answers where it is addressed: commands, mentions, its own threads, direct messages. It ignores bots, itself
// and replies that speak to somebody else. Nothing that people wrote, and no token, is logged above Debug. Unfurling is off.
//
// # What it must never do
//
// Compute or know a price or threshold (advisor does), import bot/emulator, post outside deliver.go and stream.go.
//
// # Still doubtful
//
// With several replicas on Postgres a post interrupted on a machine that does not come back is judged by Slack's history
// alone. slack-go does not pass on the reason of a disconnect frame, so link_disabled is noticed only when the next
// connection is refused.
package bot
