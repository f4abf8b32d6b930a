package intake

import (
	"math"
	"time"

	"github.com/llmadvise/llmadvise/advisor"
)

// missingNumber reports whether a field was mentioned without a usable value.
func missingNumber(w advisor.Workload, f advisor.Field) bool {
	_, ok := Number(w, f)
	return !ok
}

// copyField sets one field of w to what it is in from.
func copyField(w *advisor.Workload, from advisor.Workload, f advisor.Field) {
	switch f {
	case advisor.FieldQueries:
		w.QueriesPerMonth, w.QueriesLow, w.QueriesHigh = from.QueriesPerMonth, from.QueriesLow, from.QueriesHigh
		if from.QueriesPerMonth > 0 { // a load is said in one unit
			w.Tokens = advisor.Tokens{}
		}
	case advisor.FieldTokens:
		w.Tokens = from.Tokens
		if from.Tokens.Said() {
			w.QueriesPerMonth, w.QueriesLow, w.QueriesHigh = 0, 0, 0
		}
	case advisor.FieldUsers:
		w.Users, w.UsersOutside = from.Users, from.UsersOutside
	case advisor.FieldInput:
		w.InputTokens = from.InputTokens
	case advisor.FieldOutput:
		w.OutputTokens = from.OutputTokens
	case advisor.FieldReasoning:
		w.ReasoningTokens = from.ReasoningTokens
	case advisor.FieldCached:
		w.CachedShare = from.CachedShare
	case advisor.FieldLatency:
		w.LatencyP95 = from.LatencyP95
	case advisor.FieldTTFT:
		w.TTFT = from.TTFT
	case advisor.FieldStream:
		w.StreamTokS = from.StreamTokS
	case advisor.FieldConcurrency:
		w.Concurrency, w.ConcurrencyOfPeople = from.Concurrency, from.ConcurrencyOfPeople
	case advisor.FieldCompliance:
		w.Compliance = from.Compliance
	case advisor.FieldResidency:
		w.Residency = from.Residency
	case advisor.FieldNoEgress:
		w.NoDataLeaves = from.NoDataLeaves
	case advisor.FieldZeroRetention:
		w.ZeroRetention = from.ZeroRetention
	case advisor.FieldSensitivity:
		w.Sensitivity = from.Sensitivity
	case advisor.FieldMLTeam:
		w.MLTeam = from.MLTeam
	case advisor.FieldQuality:
		w.Quality = from.Quality
	case advisor.FieldQualityLike:
		w.QualityLike = from.QualityLike
	case advisor.FieldTask:
		w.Task = from.Task
	case advisor.FieldBudget:
		w.BudgetUSDMonth = from.BudgetUSDMonth
	case advisor.FieldSpend:
		w.SpendUSDMonth = from.SpendUSDMonth
	case advisor.FieldEngineer:
		w.EngineerUSDMonth = from.EngineerUSDMonth
	case advisor.FieldHorizon:
		w.HorizonMonths = from.HorizonMonths
	case advisor.FieldGrowth:
		w.GrowthPerMonth = from.GrowthPerMonth
	case advisor.FieldModels:
		w.Models = from.Models
	case advisor.FieldGPUs:
		w.GPUs = from.GPUs
	case advisor.FieldOwned:
		w.Owned = from.Owned
	case advisor.FieldRented:
		w.Rented = from.Rented
	case advisor.FieldProviders:
		w.Providers = from.Providers
	case advisor.FieldToday:
		w.Today = from.Today
	case advisor.FieldExcluded:
		w.Excluded = from.Excluded
	case advisor.FieldVendorsFrom:
		w.VendorsFrom = from.VendorsFrom
	case advisor.FieldVendorsNotFrom:
		w.VendorsNotFrom = from.VendorsNotFrom
	case advisor.FieldModelsFrom:
		w.ModelsFrom = from.ModelsFrom
	case advisor.FieldModelsNotFrom:
		w.ModelsNotFrom = from.ModelsNotFrom
	case advisor.FieldTraffic:
		w.Traffic = from.Traffic
	case advisor.FieldBatchHours:
		w.BatchHours = from.BatchHours
	case advisor.FieldPeakQPS:
		w.PeakQPS = from.PeakQPS
	case advisor.FieldEngine:
		w.Engine = from.Engine
	case advisor.FieldHardShare:
		w.HardShare = from.HardShare
	case advisor.FieldSensitiveShare:
		w.SensitiveShare = from.SensitiveShare
	}
}

// Number returns a numeric field in its own unit (queries a month, tokens, shares of 1, seconds, USD a month, months,
// queries a second), and whether it was said.
func Number(w advisor.Workload, f advisor.Field) (float64, bool) {
	ptr := func(v *float64) (float64, bool) {
		if v == nil {
			return 0, false
		}
		return *v, true
	}
	switch f {
	case advisor.FieldQueries:
		return w.QueriesPerMonth, w.QueriesPerMonth > 0
	case advisor.FieldInput:
		return float64(w.InputTokens), w.InputTokens > 0
	case advisor.FieldOutput:
		return float64(w.OutputTokens), w.OutputTokens > 0
	case advisor.FieldReasoning:
		if w.ReasoningTokens == nil {
			return 0, false
		}
		return float64(*w.ReasoningTokens), true
	case advisor.FieldLatency:
		return w.LatencyP95.Seconds(), w.LatencyP95 > 0
	case advisor.FieldTokens:
		return w.Tokens.All, w.Tokens.All > 0
	case advisor.FieldTTFT:
		return w.TTFT.Seconds(), w.TTFT > 0
	case advisor.FieldStream:
		return ptr(w.StreamTokS)
	case advisor.FieldConcurrency:
		return ptr(w.Concurrency)
	case advisor.FieldHorizon:
		return float64(w.HorizonMonths), w.HorizonMonths > 0
	case advisor.FieldCached:
		return ptr(w.CachedShare)
	case advisor.FieldBudget:
		return ptr(w.BudgetUSDMonth)
	case advisor.FieldSpend:
		return ptr(w.SpendUSDMonth)
	case advisor.FieldEngineer:
		return ptr(w.EngineerUSDMonth)
	case advisor.FieldGrowth:
		return ptr(w.GrowthPerMonth)
	case advisor.FieldBatchHours:
		return ptr(w.BatchHours)
	case advisor.FieldPeakQPS:
		return ptr(w.PeakQPS)
	case advisor.FieldHardShare:
		return ptr(w.HardShare)
	case advisor.FieldSensitiveShare:
		return ptr(w.SensitiveShare)
	}
	return 0, false
}

// SetNumber sets a numeric field to a value in its own unit, as [Number] returns it, for the points of a [Sweep]. It reports
// whether the field is numeric and the value finite; whole-number fields are rounded.
func SetNumber(w *advisor.Workload, f advisor.Field, v float64) bool {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return false
	}
	whole := int(math.Round(v))
	var from advisor.Workload
	switch f {
	case advisor.FieldQueries:
		from.QueriesPerMonth = v
	case advisor.FieldInput:
		from.InputTokens = whole
	case advisor.FieldOutput:
		from.OutputTokens = whole
	case advisor.FieldReasoning:
		from.ReasoningTokens = &whole
	case advisor.FieldLatency:
		from.LatencyP95 = time.Duration(math.Round(v * 1e9))
	case advisor.FieldTokens:
		from.Tokens.All = v
	case advisor.FieldTTFT:
		from.TTFT = time.Duration(math.Round(v * 1e9))
	case advisor.FieldStream:
		from.StreamTokS = &v
	case advisor.FieldConcurrency:
		from.Concurrency, from.ConcurrencyOfPeople = &v, w.ConcurrencyOfPeople
	case advisor.FieldHorizon:
		from.HorizonMonths = whole
	case advisor.FieldCached:
		from.CachedShare = &v
	case advisor.FieldBudget:
		from.BudgetUSDMonth = &v
	case advisor.FieldSpend:
		from.SpendUSDMonth = &v
	case advisor.FieldEngineer:
		from.EngineerUSDMonth = &v
	case advisor.FieldGrowth:
		from.GrowthPerMonth = &v
	case advisor.FieldPeakQPS:
		from.PeakQPS = &v
	case advisor.FieldHardShare:
		from.HardShare = &v
	case advisor.FieldSensitiveShare:
		from.SensitiveShare = &v
	default:
		return false
	}
	copyField(w, from, f)
	return true
}
