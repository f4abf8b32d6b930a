package advisor

import (
	"fmt"
	"math"

	"github.com/llmadvise/llmadvise/advisor/cost"
	"github.com/llmadvise/llmadvise/advisor/quantity"
)

// flipSearch is how far a driver is followed, as a factor, before it is said not to turn the answer.
const flipSearch = 10_000

// How far tokens and prices are followed, as factors: fleets are resized for more queries but not for longer ones, and no market moves
// tenfold within the horizon.
const (
	furthestTokens = 8
	furthestPrice  = 10
	longestInput   = 200_000.0 // tokens: few models read more
)

// flips finds what would turn the recommendation: how far each driver has to go, and which constraint would do it alone.
func (e *engine) flips(shown, all []*candidate) []Flip {
	if len(shown) == 0 || !shown[0].feasible() {
		return nil
	}
	var out []Flip
	if f, ok := e.tieFlip(shown); ok {
		out = append(out, f)
	}
	out = append(out, e.volumeFlips(shown)...)
	out = append(out, e.priceFlips(shown)...)
	out = append(out, e.needFlips(shown, all)...)
	return out
}

// contest says which option wins under a draw at a volume, and whether that is another path by more than a material difference.
func (e *engine) contest(shown []*candidate, d *cost.Draw) (winner *candidate, flipped bool) {
	own := math.Inf(1)
	other := math.Inf(1)
	var bestOther *candidate
	for _, c := range shown {
		if !c.feasible() {
			continue
		}
		t := c.plan.TCOUnder(e.base, d)
		if c.opt.Path == shown[0].opt.Path {
			own = math.Min(own, t)
			continue
		}
		if t < other {
			other, bestOther = t, c
		}
	}
	return bestOther, other+e.material() < own
}

// follow moves a factor from 1 outwards in steps until the contest flips, then bisects.
func (e *engine) follow(shown []*candidate, limit float64, set func(*cost.Draw, float64)) (x float64, to *candidate) {
	differs := func(f float64) bool {
		d := cost.Expected()
		set(&d, f)
		_, flipped := e.contest(shown, &d)
		return flipped
	}
	step := 1.25
	if limit > 0.8 && limit < step { // nowhere to go
		return 0, nil
	}
	if limit < 1 {
		step = 1 / step
	}
	prev := 1.0
	for f := step; (limit > 1 && f <= limit) || (limit < 1 && f >= limit); f *= step {
		if !differs(f) {
			prev = f
			continue
		}
		x, _ = cost.Flip(prev, f, differs)
		d := cost.Expected()
		set(&d, x)
		to, _ = e.contest(shown, &d)
		return x, to
	}
	return 0, nil
}

// tieFlip says from what volume on price decides where it does not yet: where the recommended API is not the cheapest one.
func (e *engine) tieFlip(shown []*candidate) (Flip, bool) {
	best, c := shown[0], cheapestOf(shown)
	if c == best || c.offer == nil || best.offer == nil {
		return Flip{}, false
	}
	saves := best.plan.Monthly(e.base.Queries) - c.plan.Monthly(e.base.Queries)
	if saves <= 0 {
		return Flip{}, false
	}
	at := e.base.Queries * cost.MaterialUSDMonth / saves // both are lines without a base
	return Flip{Driver: FieldQueries, At: &at, To: c.opt.Path, ToOption: c.opt.ID,
		Text: fmt.Sprintf("above %s queries a month price decides: %s then saves over %s a month", quantity.About(at), c.opt.Name, quantity.USD(cost.MaterialUSDMonth))}, true
}

// cheapestOf is the option that qualifies that costs least over the horizon; nil where none does.
func cheapestOf(shown []*candidate) *candidate {
	if len(shown) == 0 || !shown[0].feasible() {
		return nil
	}
	best := shown[0]
	for _, c := range shown {
		if c.feasible() && c.tco < best.tco {
			best = c
		}
	}
	return best
}

func (e *engine) volumeFlips(shown []*candidate) []Flip {
	var out []Flip
	volume := func(d *cost.Draw, f float64) { d.Volume = f }
	for _, dir := range []struct {
		limit float64
		word  string
		note  string
	}{{flipSearch, "above", ", set-up paid within " + e.horizon()}, {1.0 / flipSearch, "below", ""}} {
		x, to := e.follow(shown, dir.limit, volume)
		if to == nil || allAPI(to) && allAPI(shown[0]) && cheapestOf(shown) != shown[0] { // see tieFlip
			continue
		}
		at := x * e.base.Queries
		out = append(out, Flip{
			Driver: FieldQueries, At: &at, To: to.opt.Path, ToOption: to.opt.ID,
			Text: fmt.Sprintf("%s %s queries a month%s: %s", dir.word, quantity.About(at), dir.note, e.nameAt(to, at)),
		})
	}
	return out
}

// nameAt is an option with the machines that it would have at q queries a month.
func (e *engine) nameAt(c *candidate, q float64) string {
	if c.sized == nil {
		return c.opt.Name
	}
	return fmt.Sprintf("%s (%d of them by then)", c.opt.Name, gpusAt(c, q))
}

// allAPI reports whether an option pays by the token alone.
func allAPI(c *candidate) bool {
	for _, p := range c.parts {
		if !allAPI(p) {
			return false
		}
	}
	return c.sized == nil
}

func (e *engine) priceFlips(shown []*candidate) []Flip {
	var out []Flip
	for _, f := range []struct {
		driver Field
		now    float64
		limit  float64
		set    func(*cost.Draw, float64)
		text   func(x float64) string
	}{
		{FieldOutput, float64(e.w.OutputTokens), furthestTokens, func(d *cost.Draw, f float64) { d.Output = f },
			func(x float64) string { return "above " + quantity.About(x) + " output tokens a query" }},
		{FieldInput, float64(e.w.InputTokens), math.Min(furthestTokens, longestInput/float64(e.w.InputTokens)), func(d *cost.Draw, f float64) { d.Input = f },
			func(x float64) string { return "above " + quantity.About(x) + " input tokens a query" }},
		{"api_price", 1, furthestPrice, func(d *cost.Draw, f float64) { d.Price[cost.ProprietaryAPI], d.Price[cost.OpenAPI] = f, f },
			func(x float64) string { return fmt.Sprintf("if API prices were %.2gx today's", x) }},
		{"gpu_price", 1, 1.0 / furthestPrice, func(d *cost.Draw, f float64) { d.Price[cost.GPURental], d.Price[cost.OwnedGPU] = f, f },
			func(x float64) string {
				return fmt.Sprintf("if GPUs cost %s less", quantity.Percent(1-x))
			}},
	} {
		x, to := e.follow(shown, f.limit, f.set)
		tied := allAPI(shown[0]) && cheapestOf(shown) != shown[0]         // see tieFlip
		if to == nil || allAPI(to) && (f.driver == "api_price" || tied) { // one price for all APIs: their order would not change
			continue
		}
		at := x * f.now
		out = append(out, Flip{Driver: f.driver, At: &at, To: to.opt.Path, ToOption: to.opt.ID, Text: f.text(at) + ": " + to.opt.Name})
	}
	if to := e.withoutPeople(shown); to != nil {
		out = append(out, Flip{Driver: FieldMLTeam, To: to.opt.Path, ToOption: to.opt.ID,
			Text: "if the people to run it cost nothing extra: " + to.opt.Name})
	}
	return out
}

// withoutPeople returns the option of another path that would win if nobody had to be paid for running it.
func (e *engine) withoutPeople(shown []*candidate) *candidate {
	own, other := math.Inf(1), math.Inf(1)
	var to *candidate
	for _, c := range shown {
		if !c.feasible() {
			continue
		}
		t := c.plan.Monthly(e.base.Queries)
		if c.opt.Path == shown[0].opt.Path {
			own = math.Min(own, t)
		} else if t < other {
			other, to = t, c
		}
	}
	if other+cost.MaterialUSDMonth < own {
		return to
	}
	return nil
}

// needFlips asks what single change of the needs would turn the answer.
func (e *engine) needFlips(shown, all []*candidate) []Flip {
	var out []Flip
	best := shown[0]
	if best.offer != nil || best.opt.Path == PathHybrid {
		if c := firstOf(all, func(c *candidate) bool { return c.sized != nil && c.feasible() }); c != nil {
			out = append(out, Flip{Driver: FieldNoEgress, To: PathSelfHost, ToOption: c.opt.ID,
				Text: fmt.Sprintf("if no vendor may process the data at all: %s, %s a month and %s", c.opt.Name, usd3(c.opt.Monthly.Mid), c.opt.PeopleNeeded)})
		}
	}
	if *e.w.NoDataLeaves {
		if c := e.cheapest(all, func(c *candidate) bool { return c.missesOnly(mustStayInside) && !c.feasible() }); c != nil {
			out = append(out, Flip{Driver: FieldNoEgress, To: c.opt.Path, ToOption: c.opt.ID,
				Text: fmt.Sprintf("if a vendor under contract may process the data: %s, %s a month", c.opt.Name, usd3(c.opt.Monthly.Mid))})
		}
	}
	if e.w.Quality != Frontier && e.w.QualityLike == nil && !e.passes(best, Frontier) {
		if c := firstOf(all, func(c *candidate) bool { return c.feasible() && c.opt.Path != PathHybrid && e.passes(c, Frontier) }); c != nil {
			out = append(out, Flip{Driver: FieldQuality, To: c.opt.Path, ToOption: c.opt.ID,
				Text: fmt.Sprintf("if every query needs frontier quality: %s, %s a month", c.opt.Name, usd3(c.opt.Monthly.Mid))})
		}
	}
	if f, ok := e.streamFlip(best, all); ok {
		out = append(out, f)
	}
	if f, ok := e.nearMissFlip(best, all); ok {
		out = append(out, f)
	}
	if f, ok := e.latencyFlip(best, all); ok {
		out = append(out, f)
	}
	return out
}

// streamFlip names the option that costs less and misses nothing but the targets of the stream, the nearest to them. Of an API these are mostly typical
// figures: where it would save much, measuring it comes first.
func (e *engine) streamFlip(best *candidate, all []*candidate) (Flip, bool) {
	var c *candidate
	for _, o := range all {
		less := !o.feasible() && o.missesOnly(mustStream) && o.ranked()+e.material() < best.ranked() && o.opt.Path != PathHybrid
		if less && (c == nil || e.overStream(o) < e.overStream(c)) {
			c = o
		}
	}
	if c == nil {
		return Flip{}, false
	}
	driver, text := FieldTTFT, "if the first token may take "
	if e.w.TTFT > 0 && c.opt.TTFT != nil && c.opt.TTFT.Mid > 1e3*e.w.TTFT.Seconds() {
		text += quantity.Seconds(c.opt.TTFT.Mid / 1e3)
	} else if c.opt.TPOT != nil {
		driver, text = FieldStream, "if an answer may stream at "+tokensASecond(c.opt.TPOT.Mid)
	}
	if c.offer != nil {
		text += ", or a measurement shows this endpoint to be faster"
	}
	return Flip{Driver: driver, To: c.opt.Path, ToOption: c.opt.ID, Text: fmt.Sprintf("%s: %s, %s a month", text, c.opt.Name, usd3(c.opt.Monthly.Mid))}, true
}

// overStream is the largest of a candidate's times of the stream over its target.
func (e *engine) overStream(c *candidate) (over float64) {
	if t := c.opt.TTFT; t != nil && e.w.TTFT > 0 {
		over = t.Mid / (1e3 * e.w.TTFT.Seconds())
	}
	if t := c.opt.TPOT; t != nil && e.w.StreamTokS != nil {
		over = max(over, t.Mid**e.w.StreamTokS/1e3)
	}
	return over
}

// nearMissFlip names the endpoint that costs less than half and misses nothing but the latency, the nearest to it where several do. Its latency is mostly
// a typical figure: before anybody runs machines for it, measuring comes first.
func (e *engine) nearMissFlip(best *candidate, all []*candidate) (Flip, bool) {
	const near = 3 // times the target
	target := e.w.LatencyP95.Seconds()
	if best.sized == nil || *e.w.NoDataLeaves || e.w.Traffic == BatchTraffic {
		return Flip{}, false
	}
	var c *candidate
	for _, o := range all {
		if o.offer == nil || o.feasible() || !o.missesOnly(mustBeFast) || o.opt.Latency == nil || o.opt.Latency.Mid > near*target || 2*o.ranked() > best.ranked() {
			continue
		}
		if c == nil || o.opt.Latency.Mid < c.opt.Latency.Mid {
			c = o
		}
	}
	if c == nil {
		return Flip{}, false
	}
	at := c.opt.Latency.Mid
	return Flip{Driver: FieldLatency, At: &at, To: c.opt.Path, ToOption: c.opt.ID,
		Text: fmt.Sprintf("if p95 may be %s, or a measurement shows the endpoint to be faster: %s, %s a month", quantity.Seconds(at), c.opt.Name, usd3(c.opt.Monthly.Mid))}, true
}

// latencyFlip says below which target the recommended option drops out, and what takes its place.
func (e *engine) latencyFlip(best *candidate, all []*candidate) (Flip, bool) {
	if best.opt.Latency == nil || e.w.Traffic == BatchTraffic {
		return Flip{}, false
	}
	at := floorLatency(best)
	if at >= e.w.LatencyP95.Seconds() {
		return Flip{}, false
	}
	c := firstOf(all, func(c *candidate) bool {
		return c.feasible() && c.opt.Latency != nil && floorLatency(c) < at*0.95
	})
	if c == nil || c.opt.Path == best.opt.Path {
		return Flip{}, false
	}
	return Flip{Driver: FieldLatency, At: &at, To: c.opt.Path, ToOption: c.opt.ID,
		Text: fmt.Sprintf("below p95 %s: %s, %s a month", quantity.Seconds(at), c.opt.Name, usd3(c.opt.Monthly.Mid))}, true
}

// floorLatency is the tightest p95 target that an option is taken to meet, seconds.
func floorLatency(c *candidate) float64 { return c.opt.Latency.Mid }

// expectedWith is the expected draw with one numeric input of the workload scaled; nil where the field is no such input.
func (e *engine) expectedWith(f Field, factor float64) *cost.Draw {
	d := cost.Expected()
	switch f {
	case FieldQueries:
		d.Volume = factor
	case FieldInput:
		d.Input = factor
	case FieldOutput:
		d.Output = factor
	default:
		return nil
	}
	return &d
}
