package knowledge

// The weights of evidence, in the order of features, and its bias.
var (
	evidenceWeights = [nFeatures]float64{1.82, 2.76, 3.22, 1.96, 1.94}
	evidenceBias    = -9.49
)
