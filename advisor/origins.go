package advisor

import (
	"fmt"
	"slices"
)

// Europe is the wider sense of "European" in [Workload.VendorsFrom]: the EU, and its neighbours of much the same law.
const Europe = "EUROPE"

// neighbours of the EU that "European" takes in: the EEA, Switzerland and the United Kingdom.
var neighbours = []string{"UK", "CH", "NO", "IS", "LI"}

// within reports whether a country is, or lies in, one of the places.
func within(country string, places []string) bool {
	return slices.ContainsFunc(places, func(code string) bool {
		p, _ := PlaceOf(country)
		switch code {
		case "EU":
			return p.EU
		case Europe:
			return p.EU || slices.Contains(neighbours, country)
		}
		return code == country
	})
}

// constrainOrigin keeps to vendors and makers of models from where the request wants them. One's own machines have no vendor to be
// made to hand over data. What the catalog does not know is ruled out where a place is asked for, and not where one is to be avoided.
func (e *engine) constrainOrigin(c *candidate, model, provider string) {
	w := &e.w
	if provider != "" && len(w.VendorsFrom)+len(w.VendorsNotFrom) > 0 {
		seat := e.cat.SeatOf(provider)
		e.origin(c, "its vendor has its seat", seat, w.VendorsFrom, w.VendorsNotFrom)
	}
	if len(w.ModelsFrom)+len(w.ModelsNotFrom) > 0 {
		e.origin(c, "the model is made", e.cat.MadeIn(model), w.ModelsFrom, w.ModelsNotFrom)
	}
}

func (e *engine) origin(c *candidate, what, country string, only, not []string) {
	switch {
	case len(only) > 0 && country == "":
		c.miss(mustBeFrom, fmt.Sprintf("where %s is not known", what))
	case len(only) > 0 && !within(country, only), country != "" && within(country, not):
		c.miss(mustBeFrom, fmt.Sprintf("%s in %s", what, placeName(country)))
	}
}

// OriginText names the places of an origin as a sentence has them: "the EU", "Europe", "China".
func OriginText(codes []string) string {
	names := make([]string, len(codes))
	for i, c := range codes {
		if names[i] = placeName(c); c == Europe {
			names[i] = "Europe"
		}
	}
	return List(names, "or")
}
