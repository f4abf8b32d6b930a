package digest

import (
	"slices"

	"github.com/llmadvise/llmadvise/advisor"
	"github.com/llmadvise/llmadvise/advisor/report"
)

// tip is one rule of the framework, with the change that it fits.
type tip struct {
	id, text string
	fits     func(*composer) bool
}

// tips from the most to the least particular. A channel is not given one again while it remembers it.
var tips = []tip{
	{"successor", "a model with an end date needs a successor that was tested before it is switched off, not after.",
		anyRow(func(r scenario) bool { return len(r.move.Ends) > 0 })},
	{"labour", "self-hosting pays once labour is counted too: a quarter of an engineer often costs more than the GPUs.",
		anyRow(func(r scenario) bool { return r.move.Flipped && r.is.Path == advisor.PathSelfHost })},
	{"way-back", "hosted open weights keep the way to self-hosting open: the same model can move to your own GPUs later.",
		anyRow(func(r scenario) bool { return r.move.Flipped && r.is.Path == advisor.PathHostedOpen })},
	{"evaluate", "before you switch, run your own evaluation set on both models: a cheaper token can need more of them.",
		anyRow(func(r scenario) bool { return r.move.Flipped })},
	{"utilisation", "a rented GPU costs the same idle or busy: a lower hourly rate moves the break-even less than better use of the card.",
		func(c *composer) bool { return len(c.market.rentals) > 0 }},
	{"mix", "a lower list price matters where your own mix of input, cached input and output tokens meets it: compare effective prices.",
		func(c *composer) bool {
			return slices.ContainsFunc(c.market.movers, func(m mover) bool { return len(m.touches) > 0 })
		}},
	{"terms", "a reseller's low price is worth little without its terms: check region, retention and data processing agreement before you move.",
		func(c *composer) bool { return len(c.market.movers) > 0 }},
	{"new-model", "a new model is a candidate, not a replacement: put it on your evaluation set before you look at its price.",
		func(c *composer) bool { return len(c.market.fresh) > 0 }},
}

func anyRow(is func(scenario) bool) func(*composer) bool {
	return func(c *composer) bool { return slices.ContainsFunc(c.rows, is) }
}

// tipSection gives the first rule that fits what changed and was not given lately.
func (c *composer) tipSection() (report.Section, string) {
	if len(c.rows) == 0 {
		return report.Section{}, ""
	}
	for _, t := range tips {
		if !slices.Contains(c.in.Tips, t.id) && t.fits(c) {
			return report.Section{Kind: KindTip, Lines: []report.Line{{Label: "Worth knowing", Text: t.text}}}, t.id
		}
	}
	return report.Section{}, ""
}
