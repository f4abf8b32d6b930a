package knowledge

// The weights of evidence, in the order of features, and its bias.
var (
	evidenceWeights = [nFeatures]float64{0.75, 4.99, 3.93, 1.11, 2.15}
	evidenceBias    = -9.95
)
