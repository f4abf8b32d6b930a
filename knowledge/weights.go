package knowledge

// The weights of evidence, in the order of features, and its bias.
var (
	evidenceWeights = [nFeatures]float64{-0.78, 1.48, 0.67, -0.28, -2.38, -2.31, 2.36, -8.32, 2.47, -4.61, 0.76}
	evidenceBias    = 0.86
)
