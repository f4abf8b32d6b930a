// Package cost turns prices, sizes and people into money: what an option costs a month as a function of volume, over
// a year, with and without labour, where two options cross, and how sure that is.
//
// From the bottom up:
//
//   - constants.go: every assumed or public figure, with its meaning, unit, source and spread.
//   - curve.go: [Curve], the monthly cost of one serving setup at any volume: a line for an API, a staircase for GPUs.
//   - plan.go: [Plan], one option with people and set-up: TCO, NPV.
//   - gpu.go, labour.go: rented and owned accelerators; FTE fractions and set-up weeks by path and team.
//   - breakeven.go: the exact crossing on the staircase, and the month in which set-up is earned back.
//   - hybrid.go: routing and cascade, priced differently, and the best split.
//   - montecarlo.go: draws with a fixed seed, p10/p50/p90, the chance that a choice is right, tornado, flip points.
//
// It knows no latency model of its own: how many queries a replica carries comes in from sizing. It never imports
// net/http, os, or anything of the bot, the knowledge base or the corpus.
package cost
