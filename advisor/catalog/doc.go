// Package catalog holds the facts of the market: open models, accelerators, API offers, GPU rental offers, the
// compliance terms of providers and public benchmark scores. Every row carries its source and the day on which it was
// read; what nobody published is absent (a nil pointer, an empty string), never zero and never guessed. A figure that
// was written down from memory says so in its row.
//
// The tables are CSV files under data/, embedded. To add a row, edit the file and run the tests: [Lint] says what is
// missing. offers.csv alone is not typed by hand: `llmadvise prices derive` makes it from a price feed and the
// identities in identities.csv (see package pricing), so that a refresh is one command.
//
// seats.csv tells in which country providers and the makers of models have their seat.
//
// shapes.csv holds open models that can be sized but are no candidates of advice, which would otherwise be weighed on every card.
//
// From the bottom up: types.go (the rows), table.go (reading CSV), load.go (the embedded tables), names.go and
// lookup.go (finding a model or a GPU by what people call it), bill.go (what a number of requests costs at one
// offer), shape.go (models by the names of their copies and fine-tunes), lint.go (the rules that every catalog must keep).
//
// The package must not import anything of the project but quantity, and must not read files, clocks or the network.
// Still doubtful: the columns named in Recalled, and every Terms row older than a few months, since vendors change
// their terms without notice.
package catalog
