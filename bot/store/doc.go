// Package store is the bot's durable state: what was posted, what threads said, the cards behind buttons, settings,
// feedback. SQLite by default, Postgres where several replicas share it.
//
// From the bottom up:
//
//   - store.go opens either database, migrates it (goose, migrations/) and hides the difference in placeholders.
//   - posts.go is the outbox: intent before a message is sent, done after.
//   - threads.go is the memory of conversations and the map from a question to its reply.
//   - cards.go, misc.go hold cards, channel settings, feedback, seen keys and small values.
//   - prune.go forgets what is past its retention.
//
// Both back ends run the same conformance test. The SQL is portable on purpose: no types, functions or upserts that
// one of them lacks. The job queue (River) keeps its own tables in the same database; see package bot.
//
// It stores state and does not understand it: it never imports advisor, knowledge, Slack or the rest of bot.
package store
