package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/llmadvise/llmadvise/advisor"
	"github.com/llmadvise/llmadvise/advisor/quantity"
)

// saidWords are the inputs that the request gave, as the engine read them and not as they were typed, so that a misreading shows.
func saidWords(a *advisor.Advice) []string {
	assumed := map[advisor.Field]bool{}
	for _, x := range a.Assumptions {
		assumed[x.Field] = true
	}
	w := &a.Workload
	var out []string
	say := func(f advisor.Field, given bool, text string) {
		if given && !assumed[f] {
			out = append(out, text)
		}
	}
	say(advisor.FieldQueries, w.QueriesPerMonth > 0, volumeWords(w))
	out = append(out, tokenWords(w.Tokens)...)
	say(advisor.FieldUsers, w.Users > 0, quantity.Count(w.Users)+usersWords(w))
	say(advisor.FieldTask, w.Task != "", string(w.Task))
	for _, r := range w.Compliance {
		out = append(out, string(r))
	}
	say(advisor.FieldResidency, w.Residency != "", advisor.ResidencyText(w.Residency))
	say(advisor.FieldNoEgress, w.NoDataLeaves != nil && *w.NoDataLeaves, "no data leaves")
	say(advisor.FieldZeroRetention, w.ZeroRetention, "zero retention")
	say(advisor.FieldSensitivity, w.Sensitivity != "", string(w.Sensitivity)+" data")
	say(advisor.FieldInput, true, quantity.Count(float64(w.InputTokens))+" tokens in")
	say(advisor.FieldOutput, true, quantity.Count(float64(w.OutputTokens))+" out")
	say(advisor.FieldReasoning, w.ReasoningTokens != nil, quantity.Count(deref(w.ReasoningTokens))+" reasoning tokens")
	say(advisor.FieldCached, w.CachedShare != nil && *w.CachedShare > 0, quantity.Percent(derefF(w.CachedShare))+" of the input cached")
	say(advisor.FieldLatency, w.LatencyP95 > 0, "p95 "+quantity.Duration(w.LatencyP95))
	say(advisor.FieldTTFT, w.TTFT > 0, "first token within "+quantity.Duration(w.TTFT))
	say(advisor.FieldStream, w.StreamTokS != nil, quantity.Count(derefF(w.StreamTokS))+" tokens a second for each reader")
	say(advisor.FieldConcurrency, w.Concurrency != nil, quantity.Count(derefF(w.Concurrency))+map[bool]string{true: " people at once", false: " requests at once"}[w.ConcurrencyOfPeople])
	say(advisor.FieldTraffic, w.Traffic != "" && string(w.Traffic) != string(w.Task), strings.ReplaceAll(string(w.Traffic), "_", " "))
	say(advisor.FieldPeakQPS, w.PeakQPS != nil, quantity.Count(derefF(w.PeakQPS))+" queries a second at peak")
	say(advisor.FieldMLTeam, w.MLTeam != "", teamWords(w.MLTeam))
	say(advisor.FieldQuality, w.Quality != "", string(w.Quality)+" quality")
	if q := w.QualityLike; q != nil {
		like := "quality at least like " + q.Model
		if q.Task != "" {
			like += " on " + q.Task
		}
		out = append(out, like)
	}
	say(advisor.FieldBudget, w.BudgetUSDMonth != nil, "at most "+quantity.USD(derefF(w.BudgetUSDMonth))+" a month")
	say(advisor.FieldSpend, w.SpendUSDMonth != nil, quantity.USD(derefF(w.SpendUSDMonth))+" a month paid today")
	say(advisor.FieldBatchHours, w.BatchHours != nil, quantity.Count(derefF(w.BatchHours))+" hours a day for the batch")
	say(advisor.FieldEngineer, w.EngineerUSDMonth != nil, quantity.USD(derefF(w.EngineerUSDMonth))+" a month for an engineer")
	say(advisor.FieldHorizon, w.HorizonMonths > 0, fmt.Sprintf("%d months", w.HorizonMonths))
	say(advisor.FieldGrowth, w.GrowthPerMonth != nil && *w.GrowthPerMonth != 0, quantity.Percent(derefF(w.GrowthPerMonth))+" growth a month")
	say(advisor.FieldHardShare, w.HardShare != nil, quantity.Percent(derefF(w.HardShare))+" hard queries")
	say(advisor.FieldSensitiveShare, w.SensitiveShare != nil, quantity.Percent(derefF(w.SensitiveShare))+" sensitive queries")
	out = append(out, w.Models...)
	for _, h := range w.Owned {
		out = append(out, fmt.Sprintf("%dx %s of your own", h.Count, h.GPU))
	}
	for _, h := range w.Rented {
		out = append(out, fmt.Sprintf("%dx %s rented today", h.Count, h.GPU))
	}
	for _, g := range w.GPUs {
		if !slices.ContainsFunc(slices.Concat(w.Owned, w.Rented), func(h advisor.Held) bool { return h.GPU == g }) {
			out = append(out, g)
		}
	}
	out = append(out, w.Providers...)
	for _, id := range w.Today {
		if !slices.Contains(w.Excluded, id) {
			out = append(out, id+" today")
		}
	}
	out = append(out, excludedWords(w)...)
	out = append(out, originWords(w)...)
	say(advisor.FieldEngine, w.Engine != "", w.Engine)
	return out
}

func tokenWords(t advisor.Tokens) []string {
	var out []string
	for _, d := range []struct {
		n    float64
		text string
	}{{t.All, " tokens a month"}, {t.In, " tokens in a month"}, {t.Out, " tokens out a month"}} {
		if d.n > 0 {
			out = append(out, quantity.Count(quantity.RoundSig(d.n, 3))+d.text)
		}
	}
	return out
}

func usersWords(w *advisor.Workload) string {
	if w.UsersOutside {
		return " users"
	}
	return " people at work"
}

// originWords are where vendors and makers of models must and must not have their seat.
func originWords(w *advisor.Workload) []string {
	var out []string
	for _, o := range []struct {
		text   string
		places []string
	}{{"vendors from ", w.VendorsFrom}, {"no vendors from ", w.VendorsNotFrom}, {"models from ", w.ModelsFrom}, {"no models from ", w.ModelsNotFrom}} {
		if len(o.places) > 0 {
			out = append(out, o.text+advisor.OriginText(o.places))
		}
	}
	return out
}

// excludedWords are what the request rules out; the many models of one family are named once.
func excludedWords(w *advisor.Workload) []string {
	const many = 3
	family := func(id string) string {
		f, _, _ := strings.Cut(id, "-")
		return strings.TrimRight(f, "0123456789.")
	}
	of := map[string]int{}
	for _, id := range w.Excluded {
		of[family(id)]++
	}
	var out []string
	for _, id := range w.Excluded {
		text := "not " + id
		switch {
		case slices.Contains(w.Today, id):
			text = "leaving " + id
		case of[family(id)] >= many:
			text = "no " + family(id) + " models"
		}
		if !slices.Contains(out, text) {
			out = append(out, text)
		}
	}
	return out
}

func volumeWords(w *advisor.Workload) string {
	if w.QueriesLow > 0 && w.QueriesHigh > w.QueriesLow {
		return fmt.Sprintf("%s-%s queries a month", quantity.Count(quantity.RoundSig(w.QueriesLow, 3)), quantity.Count(quantity.RoundSig(w.QueriesHigh, 3)))
	}
	if w.QueriesPerMonth == 1 {
		return "1 query a month"
	}
	return quantity.Count(quantity.RoundSig(w.QueriesPerMonth, 3)) + " queries a month"
}

func teamWords(t advisor.MLTeam) string {
	switch t {
	case advisor.NoTeam:
		return "no ML team"
	case advisor.SomeTeam:
		return "some ML expertise"
	}
	return "a dedicated ML team"
}

func deref(p *int) float64 {
	if p == nil {
		return 0
	}
	return float64(*p)
}

func derefF(p *float64) float64 {
	if p == nil {
		return 0
	}
	return *p
}
