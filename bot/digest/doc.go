// Package digest decides when a channel's digest is due, what a channel watches, and what a digest says.
//
// From the bottom up: [Schedule] turns a cron expression and a time zone into [Period]s, each a wall-clock minute
// that comes exactly once. [Watch] is a saved scenario with what its channel was told of it, [Standing] where it stands,
// [Move] what is worth telling: measured from what was told, past both thresholds, by numbers and identities alone.
// market.go and feeds.go find what moved on the market, entry by entry within each feed: an offer that is now priced
// from another entry has not changed its price. [Compose] writes the digest from all of it. Its text is made from the
// facts of facts.go by their names, and figures.go refuses a number that came any other way. [Rehearsal] makes price
// lists up, for the demo and for tests.
//
// It never imports Slack, storage or HTTP: package bot posts what is composed here, and bot/store keeps what was told.
//
// To test it: schedules walk two years of every zone with daylight saving; the digest's tables are recomputed from
// catalogs and engine; the real snapshots, where they are at hand, are counted a second way.
//
// Still doubtful: a model that is new on the lists is recognised by what it is called, so one that is renamed comes as new.
package digest
