package cost

import (
	"math"
	"math/rand/v2"
)

// Draw is one state of the world: factors on what the plans were computed with, 1 is "as expected".
type Draw struct {
	Volume, Input, Output float64
	Throughput            float64 // what a replica does, against what sizing expects
	Price                 [markets]float64
	LabourRank            float64 // 0..1: where in each plan's range of labour the truth lies
	Growth                float64 // added to the monthly growth rate
}

// Expected is the draw in which everything comes as computed, except that people's rank is the middle of the range.
func Expected() Draw {
	d := Draw{Volume: 1, Input: 1, Output: 1, Throughput: 1, LabourRank: math.NaN()}
	for i := range d.Price {
		d.Price[i] = 1
	}
	return d
}

// Spread says how far each driver may lie from what was expected. Ranges are factors, drawn from a triangle.
type Spread struct {
	Volume, Input, Output Range
	ThroughputSigma       float64 // of a lognormal factor: the residual of sizing on rows it has not seen
	Price                 [markets]Range
	Growth                Range // added to the growth rate
}

// Driver is one input of a tornado.
type Driver uint8

// The drivers.
const (
	DriverVolume Driver = iota
	DriverInput
	DriverOutput
	DriverThroughput
	DriverPrice
	DriverLabour
	Drivers // how many
)

// z10 is the 90th percentile of the standard normal distribution.
const z10 = 1.2815515655446004

// At returns the draw in which one driver lies at its quantile u and all others are as expected.
func (s *Spread) At(dr Driver, u float64) Draw {
	d := Expected()
	switch dr {
	case DriverVolume:
		d.Volume = s.Volume.Quantile(u)
	case DriverInput:
		d.Input = s.Input.Quantile(u)
	case DriverOutput:
		d.Output = s.Output.Quantile(u)
	case DriverThroughput:
		z := z10
		if u < 0.5 {
			z = -z10
		}
		d.Throughput = math.Exp(z * s.ThroughputSigma)
	case DriverPrice:
		for i := range d.Price {
			d.Price[i] = s.Price[i].Quantile(u)
		}
	case DriverLabour:
		d.LabourRank = u
	}
	return d
}

func (s *Spread) draw(r *rand.Rand, d *Draw) {
	d.Volume = s.Volume.Quantile(r.Float64())
	d.Input = s.Input.Quantile(r.Float64())
	d.Output = s.Output.Quantile(r.Float64())
	d.Throughput = math.Exp(s.ThroughputSigma * r.NormFloat64())
	for i := range d.Price {
		if d.Price[i] = s.Price[i].Mid; s.Price[i].Lo < s.Price[i].Hi { // what is certain takes nothing from the sequence
			d.Price[i] = s.Price[i].Quantile(r.Float64())
		}
	}
	d.LabourRank = r.Float64()
	d.Growth = s.Growth.Quantile(r.Float64())
}

// Base is what the plans are evaluated for.
type Base struct {
	Queries float64 // a month, in the first month
	Growth  float64 // a month
	Months  int     // of the decision: 12
}

// MonthlyUnder returns the run cost of the first month under a draw, without people, in USD.
func (p *Plan) MonthlyUnder(q float64, d *Draw) float64 {
	var m float64
	for i := range p.Parts {
		m += p.Parts[i].Curve.monthly(q*d.Volume*p.Parts[i].Share, d)
	}
	return m
}

// LabourUnder returns what people cost a month under a draw at q queries a month, in USD.
func (p *Plan) LabourUnder(q float64, d *Draw) float64 {
	return rank(p.Labour, d.LabourRank) + p.furtherPeople(q, d)
}

// furtherPeople is what fleets add to the plan's people under a draw, in USD a month.
func (p *Plan) furtherPeople(q float64, d *Draw) (v float64) {
	for i := range p.Parts {
		if c := &p.Parts[i].Curve; c.People.Mid > 0 {
			v += c.people(q*d.Volume*p.Parts[i].Share, d)
		}
	}
	return v
}

// TCOUnder returns the total over b.Months under a draw, with people and set-up, in USD.
func (p *Plan) TCOUnder(b Base, d *Draw) float64 {
	total := p.SetupUSD + rank(p.SetupLabour, d.LabourRank) + rank(p.Labour, d.LabourRank)*float64(b.Months)
	g := b.Growth + d.Growth
	if g == 0 {
		return total + (p.MonthlyUnder(b.Queries, d)+p.furtherPeople(b.Queries, d))*float64(b.Months)
	}
	// Growth is followed in quarters, each at the volume of its middle month: draws need no finer calendar.
	const quarter = 3
	q := b.Queries * (1 + g) // the middle of the first three months
	for m := 0; m < b.Months; m += quarter {
		n := min(quarter, b.Months-m)
		total += (p.MonthlyUnder(q, d) + p.furtherPeople(q, d)) * float64(n)
		q *= (1 + g) * (1 + g) * (1 + g)
	}
	return total
}

func rank(r Range, u float64) float64 {
	if math.IsNaN(u) {
		return r.Mid
	}
	return r.Quantile(u)
}

// Outcome is what the draws say of each plan.
type Outcome struct {
	Monthly, TCO []Range   // by plan: p10, p50, p90 of the first month's run cost and of the total, USD
	Best         []float64 // by plan: share of draws in which it is the cheapest
	Right        []float64 // by group: share of draws in which its cheapest plan costs at most [MaterialUSDMonth] more than the best
}

// Simulate draws the world draws times from a fixed seed and evaluates every plan in each, so that all plans see the same world.
// group[i] is the group of plan i (its path), 0 <= group[i] < groups. needs[i] are the indexes of the events
// that plan i needs, say that an endpoint is fast enough, and chance[k] is the chance (0..1) of event k; events are drawn once a
// world, so that plans which share an endpoint share its luck. A plan that needs an event without a chance gets its figures but
// never competes. Equal arguments give equal results.
func Simulate(plans []*Plan, group []int, groups int, needs [][]int, chance []float64, b Base, s *Spread, draws int, seed uint64) Outcome {
	n := len(plans)
	o := Outcome{Monthly: make([]Range, n), TCO: make([]Range, n), Best: make([]float64, n), Right: make([]float64, groups)}
	if draws <= 0 || n == 0 {
		return o
	}
	samples := make([]float64, 2*n*draws)
	monthly := func(i int) []float64 { return samples[i*draws : (i+1)*draws] }
	tco := func(i int) []float64 { return samples[(n+i)*draws : (n+i+1)*draws] }
	cheapest := make([]float64, groups)
	happens := make([]bool, len(chance))
	rng := rand.New(rand.NewPCG(seed, 0x6c6c6d61))
	var d Draw
	for k := range draws {
		s.draw(rng, &d)
		for e := range chance {
			happens[e] = rng.Float64() < chance[e]
		}
		best := -1
		for g := range cheapest {
			cheapest[g] = math.Inf(1)
		}
		for i, p := range plans {
			monthly(i)[k] = p.MonthlyUnder(b.Queries, &d)
			t := p.TCOUnder(b, &d)
			tco(i)[k] = t
			if !all(happens, needs[i]) {
				continue
			}
			if best < 0 || t < tco(best)[k] {
				best = i
			}
			cheapest[group[i]] = math.Min(cheapest[group[i]], t)
		}
		if best < 0 {
			continue
		}
		o.Best[best]++
		for g := range cheapest {
			if cheapest[g] <= tco(best)[k]+MaterialUSDMonth*float64(b.Months) {
				o.Right[g]++
			}
		}
	}
	for i := range plans {
		o.Monthly[i], o.TCO[i] = percentiles(monthly(i)), percentiles(tco(i))
		o.Best[i] /= float64(draws)
	}
	for g := range o.Right {
		o.Right[g] /= float64(draws)
	}
	return o
}

func all(happens []bool, needs []int) bool {
	for _, e := range needs {
		if !happens[e] {
			return false
		}
	}
	return true
}

// percentiles returns the 10th, 50th and 90th percentile of v, which it reorders.
func percentiles(v []float64) Range {
	at := func(p float64) int { return min(len(v)-1, int(p*float64(len(v)))) }
	lo, mid, hi := at(0.1), at(0.5), at(0.9)
	r := Range{Mid: nth(v, mid)}
	r.Lo = nth(v[:mid+1], lo) // what lies below the median stands before it now
	r.Hi = nth(v[mid:], hi-mid)
	return r
}

// nth moves the k-th smallest element of v to its place, smaller ones before and larger ones behind it, and returns it (Hoare's
// selection: the draws need three elements in order, not all).
func nth(v []float64, k int) float64 {
	lo, hi := 0, len(v)-1
	for lo < hi {
		pivot := v[lo+(hi-lo)/2]
		i, j := lo, hi
		for i <= j {
			for v[i] < pivot {
				i++
			}
			for v[j] > pivot {
				j--
			}
			if i <= j {
				v[i], v[j] = v[j], v[i]
				i++
				j--
			}
		}
		switch {
		case k <= j:
			hi = j
		case k >= i:
			lo = i
		default:
			return v[k]
		}
	}
	return v[k]
}

// Flip finds, by bisection on a logarithmic scale between from and to (both > 0), where differs first becomes true, given that it
// is false at from; ok is false where it is still false at to. The answer is within a thousandth.
func Flip(from, to float64, differs func(x float64) bool) (x float64, ok bool) {
	if !differs(to) {
		return 0, false
	}
	a, b := math.Log(from), math.Log(to)
	for math.Abs(b-a) > 5e-4 {
		m := (a + b) / 2
		if differs(math.Exp(m)) {
			b = m
		} else {
			a = m
		}
	}
	return math.Exp(b), true
}
