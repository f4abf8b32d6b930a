//go:build race

package intake_test

// slowdown is how much longer everything takes under the race detector, at most.
const slowdown = 10
