// Package pricing turns price feeds into prices that can be trusted: bytes in, values out.
//
// From the bottom up: feed.go holds what a feed says (entries with prices by field, each with its unit), detect.go
// recognises a feed's shape from its bytes, and one file a shape reads it (genai.go, litellm.go, openrouter.go,
// llmprices.go, skypilot.go, azure.go, override.go; override_edit.go changes a file of negotiated prices in place).
// guard.go decides which prices may be believed, against the last good ones or, at the first reading, against what the
// built-in catalog knows (reference.go). diff.go says what changed between two feeds; DIFF.md lists the fields.
// snapshot.go keeps the accepted prices of all feeds with their dates, history.go makes of them how a price went; vote.go
// holds feeds against each other; identity.go resolves what each feed calls a model; apply.go puts a snapshot's prices
// into a catalog, hold.go lets announced prices and ends of life take hold on their day, and derive.go makes the
// catalog's own offer table from a feed. effective.go prices a workload's own token mix.
//
// The package does no I/O: fetching and storing belong to the bot. It never flattens: a tier, a cache price, a batch
// price, a price for some hours or some region keeps its own field. A price that cannot be believed is quarantined
// with the old one kept and with the reason; nothing is dropped in silence.
//
// To test it: the readers and the editor of negotiated prices are fuzzed, and
// plain_test.go counts changes in a second, independent way, over the real feed pairs where those files are at hand and
// over hundreds of spoiled copies of each.
//
// Doubtful still: a price that moved more than threefold and is right waits for somebody to confirm it, and feeds of which
// no real file was at hand (OpenRouter, llm-prices, SkyPilot, Azure) are read as their documentation has them.
package pricing
