package knowledge

// The weights of evidence, in the order of features, and its bias.
var (
	evidenceWeights = [nFeatures]float64{0.68, 1.84, -0.43, 2.51, 0.86, 5.38, -2.37}
	evidenceBias    = -7.80
)
