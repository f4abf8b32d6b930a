package knowledge

// The weights of evidence, in the order of features, and its bias.
var (
	evidenceWeights = [nFeatures]float64{0.77, 4.07, 4.30, 2.33, 3.36}
	evidenceBias    = -10.36
)
