//go:build !e2e

package main

import "time"

// clock is the bot's; tick is how often it looks for due digests, 0 its own choice. Only the end-to-end tests, with a
// build of their own, set either.
var clock = time.Now

const tick = time.Duration(0)
