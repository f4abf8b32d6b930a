//go:build e2e

package main

import (
	"os"
	"strings"
	"time"
)

// testClock names a file that holds the time, for tests that make weeks of digests due within minutes.
const testClock = "LLMADVISE_TEST_CLOCK"

var clock, tick = clockOf(os.Getenv(testClock))

func clockOf(path string) (now func() time.Time, tick time.Duration) {
	if path == "" {
		return time.Now, 0
	}
	return func() time.Time {
		raw, err := os.ReadFile(path)
		if err != nil {
			panic(err)
		}
		t, err := time.Parse(time.RFC3339, strings.TrimSpace(string(raw)))
		if err != nil {
			panic(err)
		}
		return t
	}, time.Second
}
