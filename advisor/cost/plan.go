package cost

import "math"

// Range is a figure with its low and high end, Lo <= Mid <= Hi, read as a triangular distribution.
type Range struct{ Lo, Mid, Hi float64 }

// Exactly is a range without width.
func Exactly(v float64) Range { return Range{v, v, v} }

// Times scales a range by a factor that is not negative.
func (r Range) Times(f float64) Range { return Range{r.Lo * f, r.Mid * f, r.Hi * f} }

// Plus adds two ranges that move together.
func (r Range) Plus(o Range) Range { return Range{r.Lo + o.Lo, r.Mid + o.Mid, r.Hi + o.Hi} }

// Quantile returns the value below which a share u (0..1) of the triangular distribution lies.
func (r Range) Quantile(u float64) float64 {
	w := r.Hi - r.Lo
	if w <= 0 {
		return r.Mid
	}
	if cut := (r.Mid - r.Lo) / w; u < cut {
		return r.Lo + math.Sqrt(u*w*(r.Mid-r.Lo))
	}
	return r.Hi - math.Sqrt((1-u)*w*(r.Hi-r.Mid))
}

// Part is one setup of a plan and the share of the queries that reach it. Shares of a routing sum to 1; in a cascade the first
// sees every query and the second those that are passed on, so they sum to more.
type Part struct {
	Curve Curve
	Share float64
}

// Plan is one option: what runs, who runs it, and what it takes to get there.
type Plan struct {
	Parts       []Part
	Labour      Range   // USD a month for people
	SetupLabour Range   // USD, once, for people: integration, set-up weeks, migration
	FTEUSD      float64 // USD a month that an engineer costs in these; 0 is FTEMonthUSD
	SetupUSD    float64 // USD, once, for things: rent while setting up
	CapexUSD    float64 // USD, once, for bought hardware; its write-off is already in the curves, so that only NPV adds it as cash
	WriteOff    float64 // USD a month of that write-off
}

// fte is what an engineer costs a month, in USD.
func (p *Plan) fte() float64 {
	if p.FTEUSD > 0 {
		return p.FTEUSD
	}
	return FTEMonthUSD
}

// Monthly returns the run cost of q queries a month in USD, without people.
func (p *Plan) Monthly(q float64) float64 {
	var m float64
	for i := range p.Parts {
		m += p.Parts[i].Curve.Monthly(q * p.Parts[i].Share)
	}
	return m
}

// LabourAt returns what people cost a month at q queries a month, in USD.
func (p *Plan) LabourAt(q float64) Range {
	r := p.Labour
	for i := range p.Parts {
		c := &p.Parts[i].Curve
		if n := c.beyond(c.Serving(q * p.Parts[i].Share)); n > 0 {
			r = r.Plus(c.People.Times(n))
		}
	}
	return r
}

// MonthlyWithLabour returns Monthly and the people's middle estimate, in USD.
func (p *Plan) MonthlyWithLabour(q float64) float64 { return p.Monthly(q) + p.LabourAt(q).Mid }

// Setup returns everything that is paid once, with people, in USD.
func (p *Plan) Setup() float64 { return p.SetupUSD + p.SetupLabour.Mid }

// TCO returns what months of service cost in USD when q queries a month grow by growth a month (0.05 is 5 %, compounding), with
// people and set-up, and without people. Bought hardware counts by its write-off.
func (p *Plan) TCO(q, growth float64, months int) (with, without float64) {
	without = p.SetupUSD
	people := p.SetupLabour.Mid
	if growth == 0 {
		without += p.Monthly(q) * float64(months)
		people += p.LabourAt(q).Mid * float64(months)
	} else {
		for range months {
			without += p.Monthly(q)
			people += p.LabourAt(q).Mid
			q *= 1 + growth
		}
	}
	return without + people, without
}

// NPV returns the present value in USD of all payments over months, with people, discounted by [DiscountYear] a year. Bought
// hardware is paid on the first day and, unlike in TCO, not by its write-off; nothing is counted for its resale.
func (p *Plan) NPV(q, growth float64, months int) float64 {
	v := p.Setup() + p.CapexUSD
	monthly := math.Pow(1+DiscountYear, -1.0/12)
	f := 1.0
	for range months {
		f *= monthly // a month is paid at its end
		v += f * (p.MonthlyWithLabour(q) - p.WriteOff)
		q *= 1 + growth
	}
	return v
}
