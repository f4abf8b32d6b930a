package main

// pricesCmd groups what can be asked of prices and done about them.
type pricesCmd struct {
	Refresh  pricesRefreshCmd  `cmd:"" help:"Fetch all price feeds into the store, and say how each fared."`
	Show     pricesShowCmd     `cmd:"" help:"List prices, ranked by what your own mix of tokens costs."`
	Diff     pricesDiffCmd     `cmd:"" help:"Say what changed between two files of one price feed, or between two days."`
	History  pricesHistoryCmd  `cmd:"" help:"Show how a model's prices went, and since when each holds."`
	Feeds    pricesFeedsCmd    `cmd:"" help:"Say how each stored feed fares: how fresh it is, what was not believed, what is not known."`
	Override pricesOverrideCmd `cmd:"" help:"Show, check and set negotiated prices, which win over all feeds."`
	Derive   pricesDeriveCmd   `cmd:"" help:"Make the catalog's offer table from price feeds (for maintainers)."`
}
