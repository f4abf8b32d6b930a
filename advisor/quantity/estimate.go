package quantity

// Estimate is a figure with its interval. Lo and Hi bound Confidence (0.8 means that the true value is
// expected inside [Lo, Hi] four times in five); Mid is the expected value. All three carry the unit that the
// field holding the Estimate names. The zero Estimate is not a figure: see [Estimate.Known].
type Estimate struct {
	Lo, Mid, Hi float64
	// Confidence of the interval, 0 < Confidence <= 1; 1 for a figure that is exact by definition.
	Confidence float64
	// Basis says in a few words what the figure rests on ("measured residuals", "list price", "assumed").
	Basis string
	// Warnings are doubts that travel with the figure and do not stop it.
	Warnings []string
}
