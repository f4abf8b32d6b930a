package cost

import (
	"math"
	"sort"
)

// Market is the price that a part of an option follows, so that a draw moves all its offers together.
type Market uint8

// The markets.
const (
	ProprietaryAPI Market = iota
	OpenAPI
	GPURental
	OwnedGPU
	Agreed  // a bill that is known
	markets // how many
)

// Curve is the monthly run cost of one serving setup in USD, without people, as a function of queries a month: a line for an
// API (InputUSD, OutputUSD), a staircase for accelerators (ReplicaUSD, Steps). It never falls as volume grows.
type Curve struct {
	Market Market

	InputUSD, OutputUSD float64 // USD per query for what goes in and what comes out
	BaseUSD             float64 // USD a month, whatever the volume

	ReplicaUSD float64   // USD a month for one replica
	Steps      []float64 // Steps[i] is how many queries a month i+1 serving replicas carry, ascending
	Spare      int       // replicas beyond those that serve, for availability
	InputWork  float64   // share of a replica's work that grows with input tokens, 0..1; the rest grows with output tokens

	HeldUSD float64 // USD a month less for a replica whose accelerators are there already: what buying them would be written off by
	Held    float64 // how many such replicas there are, a part of one included

	People     Range // USD a month of people for each replica beyond PeopleFrom: a large fleet takes more of them
	PeopleFrom int   // replicas, spare ones included, that the people of [Plan.Labour] look after
}

// beyond is how many replicas of n serving ones are more than the plan's people look after.
func (c *Curve) beyond(n int) float64 {
	if len(c.Steps) == 0 || c.People.Mid == 0 {
		return 0
	}
	return float64(max(0, n+c.Spare-c.PeopleFrom))
}

// fixed is what n serving replicas cost a month with the people that they add, whatever they serve, in USD.
func (c *Curve) fixed(n int) float64 {
	return c.BaseUSD + c.Machines(n+c.Spare) + c.People.Mid*c.beyond(n)
}

// Machines returns what n replicas cost a month in USD; those that are there already cost less.
func (c *Curve) Machines(n int) float64 {
	return c.ReplicaUSD*float64(n) - c.HeldUSD*math.Min(float64(n), c.Held)
}

// PerQuery returns the marginal price of a query in USD.
func (c *Curve) PerQuery() float64 { return c.InputUSD + c.OutputUSD }

// Serving returns how many replicas carry q queries a month, at least 1; 0 for an API. Beyond the last step it goes on in
// steps of the last height, which is what a large fleet does.
func (c *Curve) Serving(q float64) int {
	n := len(c.Steps)
	if n == 0 {
		return 0
	}
	if last := c.Steps[n-1]; q > last {
		h := last
		if n > 1 {
			h = last - c.Steps[n-2]
		}
		return n + int(math.Ceil((q-last)/h-1e-9))
	}
	if q <= c.Steps[0] { // most loads, and draws ask for each thousands of times
		return 1
	}
	return 1 + sort.SearchFloat64s(c.Steps, q)
}

// Carries returns how many queries a month n serving replicas carry.
func (c *Curve) Carries(n int) float64 {
	k := len(c.Steps)
	if n <= k {
		return c.Steps[n-1]
	}
	h := c.Steps[k-1]
	if k > 1 {
		h -= c.Steps[k-2]
	}
	return c.Steps[k-1] + float64(n-k)*h
}

// Monthly returns the run cost of q queries a month in USD.
func (c *Curve) Monthly(q float64) float64 {
	m := c.BaseUSD + q*c.PerQuery()
	if len(c.Steps) > 0 {
		m += c.Machines(c.Serving(q) + c.Spare)
	}
	return m
}

// monthly is Monthly under a draw: tokens scale what a query costs and how much work it is; throughput what a replica does.
func (c *Curve) monthly(q float64, d *Draw) float64 {
	price := d.Price[c.Market]
	m := c.BaseUSD*price + q*(c.InputUSD*d.Input+c.OutputUSD*d.Output)*price
	if len(c.Steps) > 0 {
		m += c.Machines(c.Serving(c.work(q, d))+c.Spare) * price
	}
	return m
}

// work is the volume that keeps the fleet as busy under a draw as q queries a month would as expected.
func (c *Curve) work(q float64, d *Draw) float64 {
	return q * (c.InputWork*d.Input + (1-c.InputWork)*d.Output) / d.Throughput
}

// people is what people cost under a draw beyond those of the plan, in USD a month.
func (c *Curve) people(q float64, d *Draw) float64 {
	if len(c.Steps) == 0 || c.People.Mid == 0 {
		return 0
	}
	work := c.work(q, d)
	if looked := c.PeopleFrom - c.Spare; looked >= 1 && work <= c.Carries(looked) {
		return 0
	}
	return rank(c.People, d.LabourRank) * c.beyond(c.Serving(work))
}
