package intake

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/llmadvise/llmadvise/advisor"
	"github.com/llmadvise/llmadvise/advisor/catalog"
)

// setting is how one field is set by hand.
type setting struct {
	field   advisor.Field
	keys    string // spellings beside the field's own name
	takes   string // what the value must be, for messages
	example string // a line that works
	phrase  string // the request that a value makes, with V for the value
	number  bool   // may be swept
	share   bool   // 0.4 and 40% are the same
}

var settings = []setting{
	{advisor.FieldQueries, "volume queries requests query qpm monthly load calls", "a number of queries, a month unless it says otherwise", "volume=600k", "volume V", true, false},
	{advisor.FieldTokens, "tokens token_volume", "a number of tokens, a month unless it says otherwise", "tokens=10B", "V tokens per month", true, false},
	{advisor.FieldUsers, "people staff headcount", "a number of people, who are customers, visitors or employees", "users=50 employees", "V", false, false},
	{advisor.FieldInput, "in input isl prompt tokens_in", "tokens per query", "in=1200", "input V", true, false},
	{advisor.FieldOutput, "out output osl completion answer tokens_out", "tokens per query", "out=300", "output V", true, false},
	{advisor.FieldReasoning, "reasoning thinking hidden", "tokens per query", "reasoning=1000", "V reasoning tokens", true, false},
	{advisor.FieldCached, "cached cache cache_hit prompt_cache", "a share such as 40%", "cached=40%", "V cached", true, true},
	{advisor.FieldLatency, "latency p95 slo response_time", "a time such as 2s or 800ms", "latency=2s", "p95 V", true, false},
	{advisor.FieldTTFT, "ttft first_token", "a time such as 500ms", "ttft=500ms", "TTFT V", true, false},
	{advisor.FieldStream, "tps stream speed tok_s", "tokens a second for one reader", "tokens_per_s=40", "V tokens per second per user", true, false},
	{advisor.FieldConcurrency, "concurrent parallel in_flight", "requests at once", "concurrency=50", "V concurrent requests", true, false},
	{advisor.FieldCompliance, "comply regime regimes regulation", "HIPAA, GDPR, CCPA, PCI-DSS, SOC2, EU-AI-ACT, ISO27001, FedRAMP or none", "compliance=HIPAA,SOC2", "V", false, false},
	{advisor.FieldResidency, "region location country", "a region or country such as EU, US or Germany", "residency=EU", "V only", false, false},
	{advisor.FieldNoEgress, "no_egress onprem on_prem egress_ban air_gapped", "true or false", "no_data_leaves=true", "", false, false},
	{advisor.FieldZeroRetention, "retention zdr no_retention", "true or false", "zero_retention=true", "", false, false},
	{advisor.FieldSensitivity, "data sensitive_data", "public, internal, confidential or regulated", "sensitivity=confidential", "V data", false, false},
	{advisor.FieldMLTeam, "team ml expertise staff", "none, some or dedicated", "team=some", "V team", false, false},
	{advisor.FieldQuality, "grade", "standard, frontier, or a model to match", "quality=frontier", "V quality", false, false},
	{advisor.FieldQualityLike, "like match as_good_as", "a model, and what at", "quality_like=gpt-4.1 on coding", "as good as V", false, false},
	{advisor.FieldTask, "job use_case usecase workload", "chat, rag, summarization, classification, extraction, coding, reasoning, agent or batch", "task=chat", "task V", false, false},
	{advisor.FieldBudget, "budget max_cost", "US dollars a month", "budget=5000", "budget V", true, false},
	{advisor.FieldSpend, "spend bill paid today_bill current_cost", "US dollars a month", "spend=18000", "our bill today is V", true, false},
	{advisor.FieldEngineer, "engineer fte fte_cost engineer_cost", "US dollars a month, overheads included", "engineer=12000", "engineer cost V", true, false},
	{advisor.FieldHorizon, "horizon months tco period", "months or years", "horizon=36", "horizon V", true, false},
	{advisor.FieldGrowth, "growth mom", "a percentage, a month unless it says otherwise", "growth=10%", "growth V", true, true},
	{advisor.FieldModels, "model", "models of the catalog", "model=llama-3.3-70b", "model V", false, false},
	{advisor.FieldGPUs, "gpu card accelerator hardware", "accelerators of the catalog", "gpu=L40S", "on V", false, false},
	{advisor.FieldOwned, "owned own have stock", "a number and an accelerator of the catalog, or none", "owned=4x A100", "we own V", false, false},
	{advisor.FieldRented, "rented rent leased renting", "a number and an accelerator of the catalog that you rent for this today, or none", "rented=8x H100", "we rent V today", false, false},
	{advisor.FieldProviders, "provider vendor cloud", "providers of the catalog", "provider=aws", "provider V", false, false},
	{advisor.FieldToday, "today_model current in_use incumbent now", "models or providers of the catalog, or none", "today=gpt-4.1", "we use V today", false, false},
	{advisor.FieldExcluded, "exclude not without ruled_out", "models, accelerators or providers of the catalog, or none", "exclude=openai", "exclude V", false, false},
	{advisor.FieldVendorsFrom, "vendor_from vendors_in seat", "countries, EU or Europe", "vendors_from=EU", "vendors from V only", false, false},
	{advisor.FieldVendorsNotFrom, "vendor_not_from no_vendors_from", "countries, EU or Europe", "vendors_not_from=US", "no vendors from V", false, false},
	{advisor.FieldModelsFrom, "model_from made_in", "countries, EU or Europe", "models_from=US", "models from V only", false, false},
	{advisor.FieldModelsNotFrom, "model_not_from not_made_in", "countries, EU or Europe", "models_not_from=China", "no models from V", false, false},
	{advisor.FieldTraffic, "shape hours", "office_hours, round_the_clock or batch", "traffic=round_the_clock", "traffic V", false, false},
	{advisor.FieldBatchHours, "batch_window window night_hours", "hours of a day, up to 24", "batch_hours=8", "batch run within V hours", true, false},
	{advisor.FieldPeakQPS, "peak qps_peak max_qps qps", "queries a second", "peak=20", "peak V", true, false},
	{advisor.FieldEngine, "server runtime serving", "vllm, trt-llm, sglang or llama.cpp", "engine=vllm", "V", false, false},
	{advisor.FieldHardShare, "hard difficult", "a share such as 20%", "hard=20%", "V hard", true, true},
	{advisor.FieldSensitiveShare, "sensitive", "a share such as 30%", "sensitive=30%", "V sensitive", true, true},
}

// settingFor finds a field by its name or a friendly alias; case, spaces, hyphens and underscores do not matter.
func settingFor(key string) (setting, bool) {
	k := keyOf(key)
	for _, s := range settings {
		if keyOf(string(s.field)) == k {
			return s, true
		}
		for _, alias := range strings.Fields(s.keys) {
			if keyOf(alias) == k {
				return s, true
			}
		}
	}
	return setting{}, false
}

func keyOf(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '_' || r == '-' || r == ' ' {
			return -1
		}
		return r
	}, strings.ToLower(strings.TrimSpace(s)))
}

// Keys returns the canonical names of the fields that [Set] takes, in the order of the workload.
func Keys() []string {
	out := make([]string, len(settings))
	for i, s := range settings {
		out[i] = string(s.field)
	}
	return out
}

// splitSetting cuts "key=value" and finds the field.
func splitSetting(text string) (setting, string, error) {
	norm, _ := normalise(text)
	key, value, ok := strings.Cut(norm, "=")
	if !ok {
		key, value, ok = strings.Cut(norm, ":")
	}
	if !ok {
		return setting{}, "", &Problem{Quote: tidy(norm, 60), Reason: "a setting needs a name, an equals sign and a value", Example: "volume=600k"}
	}
	s, known := settingFor(key)
	if !known {
		p := &Problem{Quote: tidy(key, 40), Reason: "there is no input of that name", Example: "volume=600k"}
		if near, ok := nearestKey(key); ok {
			p.Example = near.example
		}
		return setting{}, "", p
	}
	value = strings.TrimSpace(value)
	if value == "" {
		return s, "", &Problem{Quote: tidy(norm, 60), Reason: "no value after the equals sign; " + string(s.field) + " takes " + s.takes, Example: s.example}
	}
	if keyOf(key) == keyOf(string(s.field)) && (s.field == advisor.FieldLatency || s.field == advisor.FieldTTFT) {
		value = inSeconds(value)
	}
	return s, value, nil
}

// inSeconds gives bare numbers, or the bare ends of a range, the unit that the field's own name says: "latency_p95_s=120" is two minutes, where
// "latency=120" leaves it open.
func inSeconds(value string) string {
	for _, between := range []string{" to ", ".."} {
		ends := strings.Split(value, between)
		for i, end := range ends {
			if _, err := strconv.ParseFloat(strings.TrimSpace(end), 64); err == nil {
				ends[i] = end + " s"
			}
		}
		value = strings.Join(ends, between)
	}
	return value
}

func nearestKey(key string) (setting, bool) {
	k := keyOf(key)
	if len(k) > 30 {
		return setting{}, false
	}
	for _, s := range settings {
		for _, alias := range append(strings.Fields(s.keys), string(s.field)) {
			if distance(k, keyOf(alias), 2) <= 2 && len(k) > 3 {
				return s, true
			}
		}
	}
	return setting{}, false
}

// Set applies one setting of a what-if question ("volume=600k", "gpu=L40S", "team=none") to w. The keys are the field names
// and friendly aliases; "default" as a value makes a field unsaid. w is unchanged on error, which is a *[Problem].
func Set(w *advisor.Workload, text string, names Names) error {
	s, value, err := splitSetting(text)
	if err != nil {
		return err
	}
	if v := strings.ToLower(value); v == "default" || v == "unset" || v == "auto" {
		copyField(w, advisor.Workload{}, s.field)
		said := maps.Clone(w.Said)
		delete(said, s.field)
		w.Said = said
		return nil
	}
	from, field, err := s.read(value, names)
	if err != nil {
		return err
	}
	copyField(w, from, field)
	said := maps.Clone(w.Said)
	if said == nil {
		said = map[advisor.Field]string{}
	}
	said[field] = tidy(text, 200)
	w.Said = said
	for _, d := range from.Doubts {
		if !slices.Contains(w.Doubts, d) {
			w.Doubts = append(slices.Clone(w.Doubts), d)
		}
	}
	return nil
}

// read turns a value into a workload that says nothing but it.
func (s setting) read(value string, names Names) (advisor.Workload, advisor.Field, error) {
	if w, ok := s.literal(value); ok {
		return w, s.field, nil
	}
	if !s.number { // "two MLOps engineers" says it without the name of the field
		if w := Parse(value, names); w.Said[s.field] != "" && len(w.NotUnderstood) == 0 {
			return w, s.field, nil
		}
	}
	phrase := s.request(value)
	w := Parse(phrase, names)
	field := s.field
	if _, ok := w.Said[field]; !ok && field == advisor.FieldQuality {
		w = Parse("as good as "+value, names)
		field = advisor.FieldQualityLike
	}
	_, ok := w.Said[field]
	switch {
	case phrase == "" || !ok || s.number && missingNumber(w, field):
		return w, field, &Problem{Quote: tidy(value, 60), Reason: string(s.field) + " takes " + s.takes, Example: s.example}
	case len(w.NotUnderstood) > 0:
		return w, field, &Problem{Quote: strings.Join(w.NotUnderstood, " "), Reason: string(s.field) + " takes " + s.takes, Example: s.example}
	}
	return w, field, nil
}

// request is the request that a value makes. Names in a list are each said by themselves, since "we use A, B today" says it of the last.
func (s setting) request(value string) string {
	values := []string{value}
	switch s.field {
	case advisor.FieldToday, advisor.FieldExcluded, advisor.FieldVendorsFrom, advisor.FieldVendorsNotFrom, advisor.FieldModelsFrom, advisor.FieldModelsNotFrom:
		values = strings.Split(value, ",")
	}
	phrases := make([]string, len(values))
	for i, v := range values {
		phrases[i] = strings.ReplaceAll(s.phrase, "V", s.spell(strings.TrimSpace(v)))
	}
	return strings.Join(phrases, ", ")
}

// spell prepares a value for the phrase of its field.
func (s setting) spell(value string) string {
	value = strings.ReplaceAll(value, "_", " ")
	if s.share && !strings.Contains(value, "%") {
		if v, err := strconv.ParseFloat(value, 64); err == nil && v >= -1 && v <= 1 {
			value = percentText(v) + "%"
		} else if err == nil {
			value += "%"
		}
	}
	if v := strings.TrimRight(value, "bB"); s.number && len(v) == len(value)-1 { // "1B" alone would be the size of a model
		if _, err := strconv.ParseFloat(v, 64); err == nil {
			value = v + " billion"
		}
	}
	if v, err := strconv.ParseFloat(value, 64); err == nil && (s.field == advisor.FieldLatency || s.field == advisor.FieldTTFT) && v < 100 {
		value += " s" // the field's own unit; from a hundred on milliseconds may be meant
	}
	if s.field == advisor.FieldGrowth && strings.HasSuffix(value, "%") {
		value += " per month"
	}
	if s.field == advisor.FieldSpend || s.field == advisor.FieldEngineer {
		if !strings.ContainsAny(value, "$€") {
			value = "$" + value
		}
		if !strings.Contains(value, " a ") && !strings.Contains(value, "per") && !strings.Contains(value, "/") {
			value += " per month"
		}
	}
	if s.field == advisor.FieldPeakQPS {
		if _, err := strconv.ParseFloat(value, 64); err == nil {
			value += " qps"
		}
	}
	return value
}

// literal takes the values that are spelled as in the JSON output.
func (s setting) literal(value string) (advisor.Workload, bool) {
	var w advisor.Workload
	v := keyOf(value)
	oneOf := func(set func(string), values ...string) bool {
		for _, o := range values {
			if keyOf(o) == v {
				set(o)
				return true
			}
		}
		return false
	}
	ok := false
	switch s.field {
	case advisor.FieldNoEgress:
		for _, b := range []bool{true, false} {
			words := map[bool]string{true: "true yes on 1", false: "false no off 0"}[b]
			if slices.Contains(strings.Fields(words), v) {
				w.NoDataLeaves, ok = &b, true
			}
		}
	case advisor.FieldZeroRetention:
		on := slices.Contains(strings.Fields("true yes on 1 zero none"), v)
		w.ZeroRetention, ok = on, on || slices.Contains(strings.Fields("false no off 0"), v)
	case advisor.FieldCompliance:
		if v == "none" || v == "no" {
			w.Compliance, ok = []catalog.Regime{}, true
		}
	case advisor.FieldResidency:
		ok = v == "none" || v == "any"
	case advisor.FieldSensitivity:
		ok = oneOf(func(o string) { w.Sensitivity = advisor.Sensitivity(o) }, "public", "internal", "confidential", "regulated")
	case advisor.FieldMLTeam:
		ok = oneOf(func(o string) { w.MLTeam = advisor.MLTeam(o) }, "none", "some", "dedicated")
	case advisor.FieldQuality:
		ok = oneOf(func(o string) { w.Quality = advisor.Quality(o) }, "standard", "frontier")
	case advisor.FieldTask:
		ok = oneOf(func(o string) { w.Task = advisor.Task(o) }, "chat", "rag", "summarization", "classification", "extraction", "coding", "reasoning", "agent", "batch")
	case advisor.FieldTraffic:
		ok = oneOf(func(o string) { w.Traffic = advisor.Traffic(o) }, "office_hours", "round_the_clock", "batch")
	case advisor.FieldEngine:
		ok = oneOf(func(o string) { w.Engine = o }, "vllm", "trt-llm", "sglang", "llama.cpp")
	case advisor.FieldModels, advisor.FieldGPUs, advisor.FieldOwned, advisor.FieldRented, advisor.FieldProviders, advisor.FieldToday, advisor.FieldExcluded,
		advisor.FieldVendorsFrom, advisor.FieldVendorsNotFrom, advisor.FieldModelsFrom, advisor.FieldModelsNotFrom:
		ok = v == "any" || v == "none"
	}
	return w, ok
}
