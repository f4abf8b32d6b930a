// Package ground checks a reply against its numbered sources, sentence by sentence, while it is being written.
//
// From the bottom up: [Splitter] cuts a stream into sentences; [Clean] takes out what a reply may not carry (links and
// images that no source has, mentions, control characters); [Quantities] reads the numbers of a sentence with their
// units, so that "$1.2k" equals "1,200 dollars" and "two to four weeks" equals "2-4 weeks"; [Names] reads model and
// hardware names; [Checker] holds a sentence against its sources and the computed facts; [Conflicts] finds sources that
// give different figures for the same thing.
//
// What it promises: a sentence that passes has no number, date, price or model name that its sources or the facts do
// not hold, each in a sentence about the same thing, and each of its citations points at a passage that shares most of
// its words. What it does not promise: that the sentence follows from the passage. Words can be put together so that
// they say something the source does not; the check for negation catches the plain cases only.
//
// The package knows neither how passages were found nor which model wrote the reply. It does no I/O.
package ground
