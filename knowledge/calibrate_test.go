package knowledge

// Features is features for the calibration test, which needs an index and so lives in the external test package.
func Features(question Question, ps []Passage) (string, [4]float64) {
	alone := standalone(question)
	return alone, features(alone, ps)
}
