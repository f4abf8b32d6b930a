package cost

import "math"

// Routing sends each query to one of two plans, decided up front: share (0..1) of them to cheap, the rest to dear. Each part is
// paid only for what it gets. The router's own people are added.
func Routing(cheap, dear *Plan, share float64) Plan { return mix(cheap, dear, share, 1-share) }

// Cascade sends every query to cheap first and passes on those that it fails, so that a share (0..1) of the queries pays for both:
// fixed + marginal of cheap for all, and dear for the share passed on.
func Cascade(cheap, dear *Plan, passedOn float64) Plan { return mix(cheap, dear, 1, passedOn) }

func mix(a, b *Plan, shareA, shareB float64) Plan {
	p := Plan{
		Parts:       make([]Part, 0, len(a.Parts)+len(b.Parts)),
		SetupUSD:    a.SetupUSD + b.SetupUSD,
		CapexUSD:    a.CapexUSD + b.CapexUSD,
		WriteOff:    a.WriteOff + b.WriteOff,
		Labour:      a.Labour.Plus(b.Labour),
		SetupLabour: a.SetupLabour.Plus(b.SetupLabour),
	}
	for _, x := range a.Parts {
		p.Parts = append(p.Parts, Part{Curve: x.Curve, Share: x.Share * shareA})
	}
	for _, x := range b.Parts {
		p.Parts = append(p.Parts, Part{Curve: x.Curve, Share: x.Share * shareB})
	}
	e := Labour(Mixed, SomeTeam)
	p.FTEUSD = a.fte()
	p.Labour = p.Labour.Plus(e.Monthly(p.FTEUSD))
	p.SetupLabour = p.SetupLabour.Plus(e.Setup(p.FTEUSD))
	return p
}

// BestSplit returns the share of q queries a month, at most most, that goes to cheap in the cheapest routing, and what that costs
// a month. On a staircase the answer is either the whole allowed share or exactly a full number of replicas, since between stairs
// the cost is a line; a single query beyond a full replica would pay for a whole new one.
func BestSplit(cheap, dear *Plan, q, most float64) (share, monthly float64) {
	at := func(s float64) float64 { return cheap.Monthly(q*s) + dear.Monthly(q*(1-s)) }
	share, monthly = most, at(most)
	for i := range cheap.Parts {
		c := &cheap.Parts[i].Curve
		if len(c.Steps) == 0 || q <= 0 {
			continue
		}
		full := c.Serving(q*most) - 1
		for n := full; n >= 1 && n > full-64; n-- {
			s := math.Min(most, c.Carries(n)/q)
			if m := at(s); m < monthly {
				share, monthly = s, m
			}
		}
	}
	return share, monthly
}
