package report

import (
	"slices"
	"strings"

	"github.com/llmadvise/llmadvise/advisor"
	"github.com/llmadvise/llmadvise/advisor/quantity"
)

// shortProviders are the names by which people call the large clouds' endpoints.
var shortProviders = map[string]string{"AWS Bedrock": "Bedrock", "Microsoft Azure": "Azure"}

// shortName is an option as a table, a legend or a list names it; Option.Name is the full one.
func shortName(a *advisor.Advice, o *advisor.Option) string {
	switch o.Path {
	case advisor.PathAPI, advisor.PathHostedOpen:
		if o.ModelName == "" || o.Provider == "" {
			return o.Name
		}
		provider := o.Provider
		if s, ok := shortProviders[provider]; ok {
			provider = s
		}
		return o.ModelName + ", " + provider
	case advisor.PathSelfHost:
		s := strings.Replace(o.Name, " on your own ", ", own ", 1)
		s = strings.Replace(s, " on your ", ", your ", 1)
		return strings.Replace(s, " SXM", "", 1)
	case advisor.PathHybrid:
		if o.Hybrid == nil {
			return o.Name
		}
		kind, _, _ := strings.Cut(o.Name, ":")
		first, second := optionByID(a, o.Hybrid.First), optionByID(a, o.Hybrid.Second)
		if first == nil || second == nil {
			return o.Name
		}
		return kind + ": " + first.ModelName + " + " + second.ModelName
	}
	return o.Name
}

// verdict is how an option meets what the workload asks for, as short as a table wants it: the terms in full stand in the option's
// caveats and in the notes on compliance.
func verdict(a *advisor.Advice, o *advisor.Option) string {
	if !o.Feasible {
		short := make([]string, len(o.WhyNot))
		for i, w := range o.WhyNot {
			short[i], _, _ = strings.Cut(w, ": ") // the rest stands in the long form
		}
		why := strings.Join(short, "; ")
		if strings.HasPrefix(why, "no ") {
			return why
		}
		return "no: " + why
	}
	if terms := agreements(a, o); len(terms) > 0 {
		return strings.Join(terms, "; ")
	}
	v := "yes"
	rented := o.Path == advisor.PathSelfHost && o.ProviderID != ""
	switch {
	case rented && a.Workload.NoDataLeaves != nil && *a.Workload.NoDataLeaves:
		v = "if rented machines count as inside"
	case len(a.Workload.Compliance) > 0 && o.Path == advisor.PathSelfHost:
		v = "yours to prove"
	}
	switch {
	case o.Path == advisor.PathSelfHost && o.Latency != nil && o.Latency.Mid > a.Workload.LatencyP95.Seconds():
		v += "; p95 over the " + quantity.Duration(a.Workload.LatencyP95) + " assumed"
	case tight(a, o):
		v += "; p95 tight"
	}
	return v
}

// tight reports whether a fleet's p95 may miss the target that its expected value meets, or what is usual for an endpoint or a mix is
// above one that was only assumed, or that both halves seldom need together.
func tight(a *advisor.Advice, o *advisor.Option) bool {
	target := a.Workload.LatencyP95.Seconds()
	return o.Latency != nil && (o.Latency.Mid > target || o.MissChance != nil && o.Latency.Hi > target)
}

// agreements are the terms by which an option meets the workload's regimes. A mix is as hard to get as its harder half.
func agreements(a *advisor.Advice, o *advisor.Option) []string {
	var out []string
	for _, r := range a.Workload.Compliance {
		term, request := "", false
		for _, c := range o.Caveats {
			rest, ok := strings.CutPrefix(c, string(r)+": ")
			if !ok {
				continue
			}
			term, _, _ = strings.Cut(rest, " on ")
			request = request || strings.Contains(rest, "on request")
		}
		if request {
			term += ", on request"
		}
		if term != "" && !slices.Contains(out, term) {
			out = append(out, term)
		}
	}
	return out
}
