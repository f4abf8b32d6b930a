package knowledge

import "context"

// EvidenceEnough is evidenceEnough.
const EvidenceEnough = evidenceEnough

// Features is features for the calibration, which needs an index and so lives in the external test package.
func (b *Base) Features(ctx context.Context, q Question, ps []Passage) (string, [nFeatures]float64) {
	alone := standalone(q)
	return alone, b.features(ctx, alone, ps).vector()
}

// WithoutOrders is withoutOrders for the external test package.
func WithoutOrders(text string) (string, int) { return withoutOrders(text) }
