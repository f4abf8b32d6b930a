package knowledge

import "math"

// The weights of evidence, in the order of features.
var (
	evidenceWeights = [4]float64{4, 3, 6, 2}
	evidenceBias    = -6.0
)

func logistic(x float64) float64 { return 1 / (1 + math.Exp(-x)) }
