// Package advisor is the one door of the engine: a [Workload] and a catalog in, an [Advice] out.
//
// From the bottom up:
//
//   - workload.go, advice.go: what goes in and what comes out, as plain data.
//   - complete.go: the inputs that were not said, by task type, each with its reason.
//   - quality.go: which models are good enough for a workload, from public scores. places.go: where data may have to stay.
//   - compliance.go, latency.go, origins.go: the hard constraints; an option that misses one carries the reason.
//   - api.go, selfhost.go, hybrid.go: the options of each path, priced by advisor/cost and sized by advisor/sizing;
//     scale.go: the fleets that are cheapest when full, among which a break-even far from the workload's volume is found.
//   - owned.go: accelerators that a team has already, which cost it nothing to buy; rented.go: the fleet that runs today, which is an option like others: to stay.
//   - advise.go: feasible first, then cost over the horizon with labour and risk; differences too small to matter are settled by quality.
//     The risk is that a fleet's p95 exceeds the target after all: in that chance it takes half as many machines again, in the order and in no bill.
//   - shown.go, breakeven.go: the short list of options, and where self-hosting overtakes them.
//   - uncertainty.go, flips.go: Monte Carlo with a fixed seed, tornado, what would turn the answer.
//   - candidate.go: one option being weighed, and assemble.go: how the answer is put together; sweep.go repeats it over a range.
//   - about.go: what the catalog knows of a thing that a question names.
//   - explain.go, explain_sizing.go, article.go: the trace of every derived number, and the article's figures beside ours.
//
// [Advise] is pure and deterministic: no clock, no network, no files, no global randomness. The day it reasons from
// is the catalog's own ([catalog.Catalog.AsOf]).
//
// What it does not do: read free text (advisor/intake), word the answer (advisor/report), fetch prices (bot).
//
// Still doubtful, and said so in the output: the p95 latency of most API endpoints is not published, so a typical
// range stands in for it; labour is an assumption with a wide range; future prices are drawn, not known. How often a prompt
// cache has to be written anew, and which models think only when asked, are assumed from vendors' documentation.
package advisor
