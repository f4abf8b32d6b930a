package advisor

import (
	"errors"

	"github.com/llmadvise/llmadvise/advisor/catalog"
)

// secondsPerMonth is 730 hours, the month of every bill here and of the intake.
const secondsPerMonth = 730 * 3600.0

// ErrNoCatalog is returned where there is nothing to choose from.
var ErrNoCatalog = errors.New("advisor: the catalog holds no offers")

// Options tune [AdviseWith]. The zero value is what [Advise] uses.
type Options struct {
	Draws   int    // Monte Carlo draws; 0: 2,000; negative: none
	Seed    uint64 // of the draws; 0: a fixed default, so that the same request gets the same answer
	NoTrace bool   // leave Advice.Trace empty
}

// Advise weighs every path for w against the offers of cat and returns the answer with its numbers. It completes w
// first (see [Complete]); it neither reads a clock nor draws from a global source, so equal arguments give equal
// answers. That no option qualifies is an answer (Recommendation.Option is "" and Relax says what to give up), not
// an error; an error means that w or cat cannot be worked with.
func Advise(w Workload, cat *catalog.Catalog) (Advice, error) {
	return AdviseWith(w, cat, Options{})
}

// AdviseWith is [Advise] with options.
func AdviseWith(w Workload, cat *catalog.Catalog, o Options) (Advice, error) {
	if cat == nil || len(cat.Offers) == 0 {
		return Advice{}, ErrNoCatalog
	}
	full, assumed := Complete(w)
	if err := check(full); err != nil {
		return Advice{}, err
	}
	return Advice{Workload: full, Assumptions: assumed}, nil
}
