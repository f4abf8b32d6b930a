package cost

import "math"

// Team is the expertise at hand.
type Team uint8

// The teams: nobody, engineers who also do other things, people whose job it is.
const (
	NoTeam Team = iota
	SomeTeam
	DedicatedTeam
)

// Kind is who runs the model.
type Kind uint8

// The kinds.
const (
	CallAPI Kind = iota // somebody else's endpoint, proprietary or open
	RentGPUs
	OwnGPUs
	Mixed // two of them behind a router
)

// Effort is what people put in.
type Effort struct {
	FTE       Range // of one engineer, steadily
	SetupDays Range // working days, once, migration included
}

// Labour returns what a path adds to the work that every path needs (the application, prompts, evaluations): running an
// inference service of up to a server of accelerators; [FleetPeople] is what more of them take. The fractions are assumptions, 0.1-1.0
// FTE by team, with a quarter of an engineer in the middle for a small rented service. Set-up: the article gives 1-3 days for an API and 2-4 weeks for an open model (n8n's
// survey, 2025); without a team the end of that range and more.
func Labour(k Kind, t Team) Effort {
	switch k {
	case CallAPI:
		return Effort{SetupDays: Range{1, 2, 3}}
	case Mixed: // only what the router adds to its parts
		return Effort{FTE: Range{0, 0.02, 0.1}, SetupDays: Range{2, 4, 8}}
	}
	e := serviceEffort[t]
	if k == OwnGPUs { // procurement, racking, spares
		e.FTE = e.FTE.Plus(Range{0.02, 0.05, 0.15})
		e.SetupDays = e.SetupDays.Plus(Range{5, 10, 20})
	}
	return e
}

// FleetPeople returns what people cost a month, in USD, for each replica of gpus accelerators beyond the first server, and how many
// replicas that server is: capacity planning, more failures. Assumed, 0.1 FTE for each further eight accelerators, at fteUSD an engineer.
func FleetPeople(gpus int, fteUSD float64) (each Range, from int) {
	share := float64(gpus) / GPUsPerHost
	return Range{0.05, 0.1, 0.2}.Times(share * fteUSD), int(math.Ceil(1 / share))
}

var serviceEffort = [...]Effort{
	NoTeam:        {FTE: Range{0.25, 0.5, 1}, SetupDays: Range{15, 25, 50}},
	SomeTeam:      {FTE: Range{0.15, 0.25, 0.6}, SetupDays: Range{10, 15, 25}},
	DedicatedTeam: {FTE: Range{0.1, 0.25, 0.5}, SetupDays: Range{8, 12, 20}},
}

// Monthly returns the steady cost in USD a month where an engineer costs fteUSD, see [FTEMonthUSD].
func (e Effort) Monthly(fteUSD float64) Range { return e.FTE.Times(fteUSD) }

// Setup returns the cost of the set-up days in USD, likewise.
func (e Effort) Setup(fteUSD float64) Range { return e.SetupDays.Times(fteUSD / workdaysPerMonth) }

// SetupRent returns the rent of one machine while it is being set up, in USD: it runs for half of those days, and nobody uses it.
func (e Effort) SetupRent(machineUSD float64) float64 {
	return machineUSD * e.SetupDays.Mid / 2 / workdaysPerWeek / weeksPerMonth
}
