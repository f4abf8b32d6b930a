//go:build e2e

package main

import (
	"math"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// referencePerSecond is how many rounds of spin two cores do in a second where nothing else runs, on the machine (two cores of a
// server processor of 2023) on which the bot was found to answer 50 commands a second with room to spare.
const referencePerSecond = 39_000

// machineShare is how much of the reference's two cores this machine has to give at the moment: 1 where it is as fast or faster and idle,
// 0.5 where its cores are half as fast, or something else takes half of them. A figure that is stated for two free cores can only be
// asked for to that share.
func machineShare() float64 {
	return math.Min(1, spinPerSecond(500*time.Millisecond)/referencePerSecond)
}

// spinPerSecond runs spin on two cores for d and returns the rounds a second of both together.
func spinPerSecond(d time.Duration) float64 {
	var rounds atomic.Int64
	var workers sync.WaitGroup
	began := time.Now()
	for range 2 {
		workers.Go(func() {
			for x := 1.5; time.Since(began) < d; rounds.Add(1) {
				x = spin(x)
			}
		})
	}
	workers.Wait()
	return float64(rounds.Load()) / time.Since(began).Seconds()
}

// spin is work of the kind that sizing does: powers, exponentials, roots, and a table that is read and written.
func spin(x float64) float64 {
	var table [256]float64
	for i := range 512 {
		x = math.Sqrt(1 + math.Pow(x, 0.9) + math.Exp(-x) + table[(i*7)%256])
		table[i%256] = x
	}
	return x
}

func TestMachineShare(t *testing.T) {
	var best float64
	for range 25 {
		best = max(best, spinPerSecond(40*time.Millisecond))
	}
	t.Logf("this machine at its best does %.0f rounds a second; now it has %.0f %% of the reference to give", best, 100*machineShare())
}
