// Package pricing turns price feeds into prices that can be trusted: bytes in, values out.
//
// From the bottom up: feed.go holds what a feed says (entries with prices by field, each with its unit), detect.go
// recognises a feed's shape from its bytes, and one file a shape reads it (genai.go, litellm.go, openrouter.go,
// llmprices.go, skypilot.go, azure.go, override.go). guard.go decides which prices may be believed, against the last
// good ones. diff.go says what changed between two feeds. snapshot.go keeps the accepted prices of all feeds with
// their dates; vote.go holds feeds against each other; identity.go resolves what each feed calls a model; apply.go
// puts a snapshot's prices into a catalog, and derive.go makes the catalog's own offer table from a feed.
// effective.go prices a workload's own token mix.
//
// The package does no I/O: fetching and storing belong to the bot. It never flattens: a tier, a cache price, a batch
// price, a price for some hours or some region keeps its own field. A price that cannot be believed is quarantined
// with the old one kept and with the reason; nothing is dropped in silence.
//
// To test it: the readers are fuzzed, fixtures under testdata are named for what is wrong with them, and two tests
// count the changes of real feed pairs in a second, independent way where those files are at hand.
package pricing
