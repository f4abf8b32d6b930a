package knowledge

// The weights of evidence, in the order of features, and its bias.
var (
	evidenceWeights = [nFeatures]float64{1.79, 2.71, 3.26, 1.98, 2.04}
	evidenceBias    = -9.4
)
