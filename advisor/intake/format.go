package intake

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/llmadvise/llmadvise/advisor"
	"github.com/llmadvise/llmadvise/advisor/catalog"
)

// Format writes w as a request that [Parse] reads back to the same fields, given names that know its models, accelerators
// and providers. Said, Doubts and NotUnderstood are not part of it. Values outside the fields' own lists (a regime or a
// region that the parser does not know) are left out.
func Format(w advisor.Workload) string {
	var f formatter
	f.load(w)
	f.rules(w)
	f.people(w)
	f.plan(w)
	return strings.Join(f.clauses, ", ")
}

type formatter struct{ clauses []string }

func (f *formatter) add(parts ...string) { f.clauses = append(f.clauses, strings.Join(parts, "")) }

func (f *formatter) load(w advisor.Workload) {
	low, high := decimal(w.QueriesLow), decimal(w.QueriesHigh)
	switch {
	case w.QueriesPerMonth <= 0 && w.Users > 0:
		f.add(decimal(w.Users), map[bool]string{true: " customers", false: " employees"}[w.UsersOutside])
	case w.QueriesPerMonth <= 0:
	case w.QueriesLow <= 0 || w.QueriesHigh <= w.QueriesLow:
		f.add("volume ", decimal(w.QueriesPerMonth), " per month")
	case (w.QueriesLow+w.QueriesHigh)/2 == w.QueriesPerMonth:
		f.add("volume ", low, " to ", high, " per month")
	default:
		f.add("volume ", decimal(w.QueriesPerMonth), " per month")
		f.add("range ", low, " to ", high, " per month")
	}
	for _, t := range []struct {
		n    float64
		text string
	}{{w.Tokens.All, " tokens per month"}, {w.Tokens.In, " input tokens per month"}, {w.Tokens.Out, " output tokens per month"}} {
		if t.n > 0 {
			f.add(decimal(t.n), t.text)
		}
	}
	if w.PeakQPS != nil {
		f.add("peak ", decimal(*w.PeakQPS), " qps")
	}
	if w.InputTokens > 0 {
		f.add(strconv.Itoa(w.InputTokens), " tokens in")
	}
	if w.OutputTokens > 0 {
		f.add(strconv.Itoa(w.OutputTokens), " tokens out")
	}
	if w.ReasoningTokens != nil {
		f.add(strconv.Itoa(*w.ReasoningTokens), " reasoning tokens")
	}
	f.share(w.CachedShare, "cached")
	f.share(w.HardShare, "hard")
	f.share(w.SensitiveShare, "sensitive")
	if w.LatencyP95 > 0 {
		f.add("p95 ", seconds(w.LatencyP95), " s")
	} else if w.LatencyOpen {
		f.add("latency does not matter")
	}
	if w.TTFT > 0 {
		f.add("TTFT ", seconds(w.TTFT), " s")
	}
	if w.StreamTokS != nil {
		f.add(decimal(*w.StreamTokS), " tokens per second per user")
	}
	if w.Concurrency != nil {
		f.add(decimal(*w.Concurrency), map[bool]string{true: " concurrent users", false: " concurrent requests"}[w.ConcurrencyOfPeople])
	}
	f.word(string(w.Traffic), map[string]string{"office_hours": "traffic office hours", "round_the_clock": "round the clock", "batch": "batch traffic"})
	f.word(string(w.Task), map[string]string{"chat": "task chat", "rag": "task RAG", "summarization": "task summarization", "classification": "task classification",
		"extraction": "task extraction", "coding": "task coding", "reasoning": "task reasoning", "agent": "task agent", "batch": "task batch"})
}

func (f *formatter) share(v *float64, of string) {
	if v != nil {
		f.add(percentText(*v), "% ", of)
	}
}

// word adds the phrase for an enumerated value; unknown values have none.
func (f *formatter) word(v string, phrases map[string]string) {
	if s, ok := phrases[v]; ok {
		f.add(s)
	}
}

var regimeNames = map[catalog.Regime]string{
	catalog.HIPAA: "HIPAA", catalog.GDPR: "GDPR", catalog.PCIDSS: "PCI DSS", catalog.SOC2: "SOC 2", catalog.EUAIAct: "EU AI Act",
	catalog.ISO27001: "ISO 27001", catalog.FedRAMP: "FedRAMP", catalog.CCPA: "CCPA",
}

func (f *formatter) rules(w advisor.Workload) {
	if w.Compliance != nil && len(w.Compliance) == 0 {
		f.add("no compliance requirements")
	}
	for _, r := range w.Compliance {
		f.word(string(r), map[string]string{string(r): regimeNames[r]})
	}
	if pl, ok := advisor.PlaceOf(w.Residency); ok {
		f.add(strings.TrimPrefix(pl.Name, "the ") + " only")
	}
	if w.NoDataLeaves != nil {
		f.add(map[bool]string{true: "no data may leave our network", false: "data may leave our network"}[*w.NoDataLeaves])
	}
	if w.ZeroRetention {
		f.add("zero data retention")
	}
	f.word(string(w.Sensitivity), map[string]string{"public": "public data", "internal": "internal data", "confidential": "confidential data", "regulated": "regulated data"})
}

func (f *formatter) people(w advisor.Workload) {
	f.word(string(w.MLTeam), map[string]string{"none": "no ML team", "some": "small ML team", "dedicated": "dedicated ML team"})
	f.word(string(w.Quality), map[string]string{"standard": "standard quality", "frontier": "frontier quality"})
	if w.QualityLike != nil {
		on := ""
		if w.QualityLike.Task != "" {
			on = " on " + w.QualityLike.Task
		}
		f.add("as good as ", w.QualityLike.Model, on)
	}
}

func (f *formatter) plan(w advisor.Workload) {
	if w.BudgetUSDMonth != nil {
		f.add("budget $", decimal(*w.BudgetUSDMonth), " per month")
	}
	if w.SpendUSDMonth != nil {
		f.add("our bill today is $", decimal(*w.SpendUSDMonth), " per month")
	}
	if w.BatchHours != nil {
		f.add("batch run within ", decimal(*w.BatchHours), " hours")
	}
	if w.EngineerUSDMonth != nil {
		f.add("engineer cost $", decimal(*w.EngineerUSDMonth), " per month")
	}
	if w.HorizonMonths > 0 {
		f.add("horizon ", strconv.Itoa(w.HorizonMonths), " months")
	}
	if w.GrowthPerMonth != nil {
		f.add("growth ", percentText(*w.GrowthPerMonth), "% per month")
	}
	f.origins(w)
	for _, m := range slices.Sorted(slices.Values(w.Models)) {
		f.add("model ", m)
	}
	for _, h := range w.Owned {
		f.add("we own ", strconv.Itoa(h.Count), "x ", h.GPU)
	}
	for _, h := range w.Rented {
		f.add("we rent ", strconv.Itoa(h.Count), "x ", h.GPU, " today")
	}
	for _, g := range slices.Sorted(slices.Values(w.GPUs)) {
		f.add("on ", g)
	}
	for _, p := range slices.Sorted(slices.Values(w.Providers)) {
		f.add("provider ", p)
	}
	for _, id := range w.Today {
		f.add("we use ", id, " today")
	}
	for _, id := range w.Excluded {
		f.add("exclude ", id)
	}
	f.word(w.Engine, map[string]string{"vllm": "vLLM", "trt-llm": "TensorRT-LLM", "sglang": "SGLang", "llama.cpp": "llama.cpp"})
}

// origins come before the names, of which "no models" behind them would speak.
func (f *formatter) origins(w advisor.Workload) {
	for _, o := range []struct {
		places  []string
		phrase  string
		onlyOne bool
	}{{w.VendorsFrom, "vendors from ", true}, {w.VendorsNotFrom, "no vendors from ", false}, {w.ModelsFrom, "models from ", true}, {w.ModelsNotFrom, "no models from ", false}} {
		for _, code := range o.places {
			only := map[bool]string{true: " only"}[o.onlyOne]
			f.add(o.phrase, strings.TrimPrefix(advisor.OriginText([]string{code}), "the "), only)
		}
	}
}

// decimal writes v so that it is read back exactly and cannot be taken for grouped thousands ("12.125").
func decimal(v float64) string {
	s := strconv.FormatFloat(v, 'f', -1, 64)
	if i := strings.IndexByte(s, '.'); i >= 0 && len(s)-i == 4 {
		s += "0"
	}
	return s
}

// percentText writes a share as a percentage by moving the point of its decimal, so that nothing is rounded.
func percentText(v float64) string {
	sign := ""
	s := strconv.FormatFloat(v, 'f', -1, 64)
	if s[0] == '-' {
		sign, s = "-", s[1:]
	}
	whole, frac, _ := strings.Cut(s, ".")
	for len(frac) < 2 {
		frac += "0"
	}
	whole, frac = strings.TrimLeft(whole+frac[:2], "0"), frac[2:]
	if whole == "" {
		whole = "0"
	}
	if frac != "" {
		whole += "." + frac
	}
	return sign + whole
}

// seconds writes a duration as a decimal of seconds, exactly.
func seconds(d time.Duration) string {
	s := strconv.FormatInt(int64(d/time.Second), 10)
	if ns := int64(d % time.Second); ns != 0 {
		frac := strconv.FormatInt(1e9+ns, 10)[1:]
		s += "." + strings.TrimRight(frac, "0")
	}
	return s
}
