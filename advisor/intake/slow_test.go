//go:build !race

package intake_test

// slowdown is how much longer everything takes under the race detector, which is not at work here.
const slowdown = 1
