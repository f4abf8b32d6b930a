package digest

import (
	"github.com/llmadvise/llmadvise/advisor"
	"github.com/llmadvise/llmadvise/advisor/catalog"
)

// Standing is where a scenario stands: what it is served by, and what that costs.
type Standing struct {
	Path     advisor.Path `json:"path"`
	OptionID string       `json:"option_id"` // "" where nothing qualifies
	Option   string       `json:"option"`
	OfferID  string       `json:"offer_id,omitempty"`
	ModelID  string       `json:"model_id,omitempty"`
	Monthly  float64      `json:"monthly"` // USD, run cost
	Ends     []Ending     `json:"ends,omitempty"`
	// Lead is an option that is ahead by less than the watch's threshold: no reason to switch.
	Lead *Lead `json:"lead,omitempty"`
	// Runner is the best of the others: what a further move would make the choice.
	Runner *Lead `json:"runner,omitempty"`
	// Next is the best option on another model that stays: what to move to where this one ends.
	Next *Lead `json:"next,omitempty"`
}

// Lead is another option with its cost.
type Lead struct {
	Option  string  `json:"option"`
	Monthly float64 `json:"monthly"` // USD, run cost
	Ahead   float64 `json:"ahead"`   // USD a month, people and set-up included, over the scenario's horizon
}

// Ending is a model of the scenario that is deprecated, or that ends inside its horizon.
type Ending struct {
	ID   string       `json:"id"` // offer or model
	Name string       `json:"name"`
	Date catalog.Date `json:"date,omitzero"` // zero: deprecated, no date known
}

func (e Ending) when() string {
	if e.Date.IsZero() {
		return "deprecated"
	}
	return e.Date.String()
}

// Known reports whether the scenario was ever advised on.
func (s Standing) Known() bool { return s.Path != "" }

// StandingOf reads the standing of a watch off an advice under cat. A scenario stays with what its channel was told
// while that still qualifies and nothing beats it by the threshold: two options of nearly the same cost must not
// change places every week.
func StandingOf(w Watch, a advisor.Advice, cat *catalog.Catalog) Standing {
	best := option(&a, a.Recommendation.Option)
	s := standingOn(best)
	if s.Path = a.Recommendation.Path; s.Path == "" {
		s.Path = "none"
	}
	if told := option(&a, w.Told.OptionID); best != nil && told != nil && told.Feasible && told.ID != best.ID {
		months := float64(a.Workload.HorizonMonths)
		ahead := (told.TCO.Mid - best.TCO.Mid) / months
		if !w.Threshold.crossed(ahead, told.TCO.Mid/months) {
			s = standingOn(told)
			s.Lead = &Lead{best.Name, best.Monthly.Mid, ahead}
		}
	}
	if r := option(&a, a.Recommendation.RunnerUp); r != nil && r.Feasible && r.ID != s.OptionID && s.Lead == nil {
		s.Runner = &Lead{Option: r.Name, Monthly: r.Monthly.Mid}
	}
	s.Ends = endings(w, a, cat)
	s.Next = successor(&a, s)
	return s
}

func standingOn(o *advisor.Option) Standing {
	if o == nil {
		return Standing{}
	}
	return Standing{Path: o.Path, OptionID: o.ID, Option: o.Name, OfferID: o.OfferID, ModelID: o.ModelID, Monthly: o.Monthly.Mid}
}

func option(a *advisor.Advice, id string) *advisor.Option {
	for i := range a.Options {
		if id != "" && a.Options[i].ID == id {
			return &a.Options[i]
		}
	}
	return nil
}

// endings finds what ends of the models that the scenario names, and of the one that it was told to use.
func endings(w Watch, a advisor.Advice, cat *catalog.Catalog) []Ending {
	limit := cat.AsOf.AddDate(0, a.Workload.HorizonMonths, 0)
	over := func(o catalog.Offer) bool {
		return o.Deprecated || !o.EndOfLife.IsZero() && o.EndOfLife.Before(limit)
	}
	var out []Ending
	if o, ok := cat.Offer(w.Told.OfferID); ok && over(o) {
		out = append(out, Ending{o.ID, offerName(o), o.EndOfLife})
	}
	for _, id := range w.Workload.Models {
		var last catalog.Offer
		n, left := 0, 0
		for _, o := range cat.Offers {
			if o.ModelID != id {
				continue
			}
			if n++; !over(o) {
				left++
			} else if last.ID == "" || o.EndOfLife.After(last.EndOfLife.Time) {
				last = o
			}
		}
		if n > 0 && left == 0 && last.ID != w.Told.OfferID {
			out = append(out, Ending{id, cat.ModelName(id), last.EndOfLife})
		}
	}
	return out
}

// successor is the best option on another model than the one that ends, of those that stay.
func successor(a *advisor.Advice, s Standing) *Lead {
	if len(s.Ends) == 0 {
		return nil
	}
	gone := map[string]bool{}
	for _, e := range s.Ends {
		gone[e.ID] = true
	}
	for i := range a.Options {
		o := &a.Options[i]
		if o.Feasible && o.EndOfLife.IsZero() && !gone[o.OfferID] && !gone[o.ModelID] {
			return &Lead{Option: o.Name, Monthly: o.Monthly.Mid}
		}
	}
	return nil
}

func offerName(o catalog.Offer) string {
	name := o.Name
	if name == "" {
		name = o.ModelID
	}
	name += " on " + o.Provider
	if o.Region != "" {
		name += " (" + o.Region + ")"
	}
	return name
}
