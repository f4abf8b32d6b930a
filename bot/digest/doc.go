// Package digest decides when a channel's digest is due, what a channel watches, and what a digest says.
//
// From the bottom up: [Schedule] turns a cron expression and a time zone into [Period]s, each a wall-clock minute
// that comes exactly once. It never imports Slack, storage or HTTP: package bot posts what is composed here, and
// bot/store keeps what was told.
package digest
