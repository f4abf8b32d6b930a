package sizing

import (
	"time"

	"github.com/llmadvise/llmadvise/advisor/quantity"
)

// Shape is how a month's queries spread over time.
type Shape uint8

// The shapes. OfficeHours puts 70 % of the load into 220 h a month; BatchShape may be spread evenly and wait.
const (
	RoundTheClock Shape = iota
	OfficeHours
	BatchShape
)

// Load is what a fleet has to serve.
type Load struct {
	MeanQPS    float64 // queries a second, mean over the month
	PeakFactor float64 // busiest stretch over the mean; 0: from Shape, see [PeakFactor]
	Burstiness float64 // squared coefficient of variation of the time between queries; 0: 1.2, near Poisson
	ISL, OSL   int     // mean input and output tokens
	Shape      Shape
}

// SLO is the latency that the load must meet. Zero fields ask nothing.
type SLO struct {
	P95E2E time.Duration // 95th percentile from request to last token
	TTFT   time.Duration // mean
	TPOT   time.Duration // mean
}

// FleetPlan is the number of replicas that a load takes, and what it sees.
type FleetPlan struct {
	Serving  int // replicas that carry the peak
	Replicas int // Serving and the spare ones
	GPUs     int // accelerators in all replicas

	P95             quantity.Estimate // seconds end to end, at the peak, all Serving replicas up
	Perf            Performance       // one replica at the peak's concurrency
	PeakQPS         float64
	Concurrency     float64 // requests in flight at the peak, all replicas together (Little's law)
	SlotsPerReplica int     // requests at once at which a replica still meets the SLO
	MaxQPSReplica   float64 // queries a second at which one replica saturates
	UtilisationPeak float64 // of the serving replicas, 0..1
	UtilisationMean float64 // of all replicas over the month, 0..1
	Headroom        float64 // how much more load the serving replicas take, 0.3 is 30 %
	Meets           bool    // the expected values are within the targets
	MissChance      float64 // chance that one of them is not, 0..1, after the intervals of the prediction; 0 where nothing is asked
	Why             string  // why the SLO is missed; "" where it is met
	Warnings        []string
}
