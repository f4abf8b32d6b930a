package report

import (
	"math"

	"github.com/llmadvise/llmadvise/advisor"
	"github.com/llmadvise/llmadvise/advisor/catalog"
	"github.com/llmadvise/llmadvise/advisor/quantity"
)

func money(v float64) string { return quantity.USD(v) }

// SchemaVersion of the JSON shape; a field is never renamed or removed within a version.
const SchemaVersion = 1

// AdviceJSON is the documented shape of `advise --json`. Absent is null, never a made-up zero. Money is USD.
type AdviceJSON struct {
	SchemaVersion  int                `json:"schema_version"`
	Workload       WorkloadJSON       `json:"workload"`
	Assumptions    []AssumptionJSON   `json:"assumptions"`
	Recommendation RecommendationJSON `json:"recommendation"`
	Options        []OptionJSON       `json:"options"`
	BreakEven      *BreakEvenJSON     `json:"break_even"`  // the one to show; null where there is nothing to compare
	BreakEvens     []BreakEvenJSON    `json:"break_evens"` // against each API option of interest
	Framework      []FrameworkJSON    `json:"framework"`
	Disagreement   *string            `json:"disagreement"`
	Flips          []FlipJSON         `json:"flips"`
	Tornado        []SwingJSON        `json:"tornado"`
	Draws          int                `json:"draws"` // of the simulation; 0: none was run
	Seed           uint64             `json:"seed"`
	Compliance     []NoteJSON         `json:"compliance_notes"`
	Article        []ArticleJSON      `json:"article"`
	Curve          []CurveJSON        `json:"curve"`
	Quality        []QualityJSON      `json:"quality"`
	Trace          []StepJSON         `json:"trace,omitempty"` // with --explain
	Sources        []SourceJSON       `json:"sources"`
	Coverage       CoverageJSON       `json:"coverage"`
	Warnings       []string           `json:"warnings"`
	StockAlone     []string           `json:"stock_alone"`
}

// TokensJ is a load in tokens a month, where it was said so.
type TokensJ struct {
	All *float64 `json:"all"`
	In  *float64 `json:"in"`
	Out *float64 `json:"out"`
}

// WorkloadJSON is the workload as it was answered for: what was said, and the defaults that Assumptions list.
type WorkloadJSON struct {
	QueriesPerMonth float64  `json:"queries_per_month"`
	QueriesLow      *float64 `json:"queries_low"`
	QueriesHigh     *float64 `json:"queries_high"`
	TokensPerMonth  *TokensJ `json:"tokens_per_month"`
	Users           *float64 `json:"users"`
	InputTokens     int      `json:"input_tokens"`
	OutputTokens    int      `json:"output_tokens"`
	ReasoningTokens *int     `json:"reasoning_tokens"`
	CachedShare     *float64 `json:"cached_share"`
	LatencyP95S     *float64 `json:"latency_p95_s"`
	TTFTS           *float64 `json:"ttft_s"`
	TokensPerS      *float64 `json:"tokens_per_s"`
	Concurrency     *float64 `json:"concurrency"`
	ConcurrentUsers bool     `json:"concurrency_of_people"`
	Compliance      []string `json:"compliance"`
	Residency       *string  `json:"residency"`
	NoDataLeaves    *bool    `json:"no_data_leaves"`
	ZeroRetention   bool     `json:"zero_retention"`
	Sensitivity     string   `json:"sensitivity"`
	MLTeam          string   `json:"ml_team"`
	Quality         string   `json:"quality"`
	QualityLike     *LikeJ   `json:"quality_like"`
	Task            string   `json:"task"`
	BudgetUSDMonth  *float64 `json:"budget_usd_month"`
	SpendUSDMonth   *float64 `json:"today_usd_month"`
	EngineerUSD     *float64 `json:"engineer_usd_month"`
	HorizonMonths   int      `json:"horizon_months"`
	GrowthPerMonth  *float64 `json:"growth_per_month"`
	Models          []string `json:"models"`
	GPUs            []string `json:"gpus"`
	OwnedGPUs       []HeldJ  `json:"owned_gpus"`
	RentedGPUs      []HeldJ  `json:"rented_gpus"`
	Providers       []string `json:"providers"`
	Today           []string `json:"today"`
	Excluded        []string `json:"excluded"`
	VendorsFrom     []string `json:"vendors_from"`
	VendorsNotFrom  []string `json:"vendors_not_from"`
	ModelsFrom      []string `json:"models_from"`
	ModelsNotFrom   []string `json:"models_not_from"`
	Traffic         string   `json:"traffic"`
	PeakQPS         *float64 `json:"peak_qps"`
	BatchHours      *float64 `json:"batch_hours"`
	Engine          *string  `json:"engine"`
	HardShare       *float64 `json:"hard_share"`
	SensitiveShare  *float64 `json:"sensitive_share"`
	NotUnderstood   []string `json:"not_understood"`
	Doubts          []string `json:"doubts"`
}

// HeldJ is a number of accelerators that are there already, owned or rented.
type HeldJ struct {
	GPU   string `json:"gpu"`
	Count int    `json:"count"`
}

// LikeJ names the model that quality is measured by.
type LikeJ struct {
	Model string  `json:"model"`
	Task  *string `json:"task"`
}

// AssumptionJSON is an input that was not said.
type AssumptionJSON struct {
	Field  string  `json:"field"`
	Value  any     `json:"value"`
	Text   string  `json:"text"`
	Why    string  `json:"why"`
	Effect *string `json:"effect"`
}

// RecommendationJSON is the answer in short. Path is null only where the catalog holds nothing at all.
type RecommendationJSON struct {
	Path         *string  `json:"path"`
	Option       *string  `json:"option"` // null where no option meets every constraint
	Summary      string   `json:"summary"`
	Reason       string   `json:"reason"`
	Confidence   *float64 `json:"confidence"`
	RunnerUp     *string  `json:"runner_up"`
	RunnerUpWins *string  `json:"runner_up_wins"`
	Relax        *string  `json:"relax"`
}

// IntervalJSON is a figure with its 80 % interval.
type IntervalJSON struct {
	Low  float64 `json:"low"`
	Mid  float64 `json:"mid"`
	High float64 `json:"high"`
}

// OptionJSON is one way to serve the workload.
type OptionJSON struct {
	ID                string        `json:"id"`
	Path              string        `json:"path"`
	Name              string        `json:"name"`
	Provider          *string       `json:"provider"`
	Model             *string       `json:"model"`
	Offer             *string       `json:"offer"`
	GPU               *string       `json:"gpu"`
	GPUs              *int          `json:"gpus"`
	GPUsHeld          *int          `json:"gpus_held"` // of gpus, those that the team has already
	GPUsPerReplica    *int          `json:"gpus_per_replica"`
	Replicas          *int          `json:"replicas"`
	Precision         *string       `json:"precision"`
	Engine            *string       `json:"engine"`
	Commitment        *string       `json:"commitment"`
	MonthlyUSD        float64       `json:"monthly_usd"`
	MonthlyUSDLow     float64       `json:"monthly_usd_low"`
	MonthlyUSDHigh    float64       `json:"monthly_usd_high"`
	LabourMonthlyUSD  IntervalJSON  `json:"labour_monthly_usd"`
	SetupUSD          IntervalJSON  `json:"setup_usd"`
	TCOUSD            float64       `json:"tco_usd"`
	TCOLow            float64       `json:"tco_usd_low"`
	TCOHigh           float64       `json:"tco_usd_high"`
	TCO12USD          float64       `json:"tco_12m_usd"`
	TCO12Low          float64       `json:"tco_12m_usd_low"`
	TCO12High         float64       `json:"tco_12m_usd_high"`
	TCO12NoLabourUSD  float64       `json:"tco_12m_no_labour_usd"`
	TCO36USD          float64       `json:"tco_36m_usd"`
	TCO36NoLabourUSD  float64       `json:"tco_36m_no_labour_usd"`
	NPV36USD          float64       `json:"npv_36m_usd"`
	EffectiveUSDPerMT *float64      `json:"effective_usd_per_mtok"`
	Drawn             *DrawnJSON    `json:"drawn"` // null where no draws were run
	LatencyP95S       *IntervalJSON `json:"latency_p95_s"`
	MissChance        *float64      `json:"latency_miss_chance"` // null where no latency is asked for, or nobody can tell
	RiskUSD           float64       `json:"latency_risk_usd"`
	TTFTms            *IntervalJSON `json:"ttft_ms"`
	TPOTms            *IntervalJSON `json:"tpot_ms"`
	VRAMGiB           *IntervalJSON `json:"vram_gib"`
	Utilisation       *float64      `json:"utilisation"`
	People            string        `json:"people"`
	Hybrid            *HybridJSON   `json:"hybrid"`
	Feasible          bool          `json:"feasible"`
	WhyNot            *string       `json:"why_not"`
	Caveats           []string      `json:"caveats"`
	EndOfLife         *string       `json:"end_of_life"`
	Sources           []string      `json:"sources"`
}

// DrawnJSON is the cost over the horizon with people over the draws, and the share of draws in which the option is the cheapest that qualifies.
type DrawnJSON struct {
	P10      float64 `json:"p10_usd"`
	P50      float64 `json:"p50_usd"`
	P90      float64 `json:"p90_usd"`
	Cheapest float64 `json:"cheapest_share"`
}

// HybridJSON is a mix of two options.
type HybridJSON struct {
	Kind       string  `json:"kind"`
	FirstShare float64 `json:"first_share"`
	First      string  `json:"first"`
	Second     string  `json:"second"`
	Why        string  `json:"why"`
}

// BreakEvenJSON is where self-hosting starts to cost less than an API option; null figures mean never.
type BreakEvenJSON struct {
	QueriesPerMonth *float64 `json:"queries_per_month"`
	Month           *float64 `json:"month"`
	GPUs            *int     `json:"gpus"` // that self takes at that volume
	Self            string   `json:"self"`
	API             string   `json:"api"`
	Note            *string  `json:"note"`
}

// FrameworkJSON is one of the article's questions answered.
type FrameworkJSON struct {
	Question   string  `json:"question"`
	Answer     string  `json:"answer"`
	Favours    *string `json:"favours"` // null: the question does not decide
	Why        string  `json:"why"`
	Arithmetic *string `json:"arithmetic"`
}

// FlipJSON is a change that would turn the answer.
type FlipJSON struct {
	Driver string   `json:"driver"`
	At     *float64 `json:"at"`
	To     string   `json:"to"`
	Option *string  `json:"option"`
	Text   string   `json:"text"`
}

// SwingJSON is one bar of the tornado.
type SwingJSON struct {
	Driver string  `json:"driver"`
	AtP10  float64 `json:"at_p10_usd"`
	AtP90  float64 `json:"at_p90_usd"`
	Flip   *string `json:"flip"` // where this input would turn the answer
}

// NoteJSON is a compliance fact.
type NoteJSON struct {
	Topic  string `json:"topic"`
	Text   string `json:"text"`
	Source string `json:"source"`
}

// ArticleJSON sets one figure of the article beside ours.
type ArticleJSON struct {
	Topic   string `json:"topic"`
	Article string `json:"article"`
	Ours    string `json:"ours"`
	Why     string `json:"why"`
}

// QualityJSON is a shown model with its public scores.
type QualityJSON struct {
	Model  string      `json:"model"`
	OfBest *float64    `json:"of_best"` // null: nothing comparable is published
	Asked  *string     `json:"not_enough"`
	Scores []ScoreJSON `json:"scores"`
}

// ScoreJSON is one public result.
type ScoreJSON struct {
	Benchmark string  `json:"benchmark"`
	Percent   float64 `json:"percent"`
	Source    string  `json:"source"`
}

// CurveJSON is one point of the cost curve, people included.
type CurveJSON struct {
	Option  string  `json:"option"`
	Queries float64 `json:"queries_per_month"`
	USD     float64 `json:"usd_month"`
}

// StepJSON is one derived number.
type StepJSON struct {
	ID      string          `json:"id"`
	Option  *string         `json:"option"`
	Name    string          `json:"name"`
	Formula string          `json:"formula"`
	Inputs  []StepInputJSON `json:"inputs"`
	Value   float64         `json:"value"`
	Unit    string          `json:"unit"`
}

// StepInputJSON is one input of a step.
type StepInputJSON struct {
	Name  string  `json:"name"`
	Value float64 `json:"value"`
	Unit  string  `json:"unit"`
	From  string  `json:"from"`
}

// SourceJSON is where figures come from.
type SourceJSON struct {
	ID      string  `json:"id"`
	Title   string  `json:"title"`
	URL     *string `json:"url"`
	Licence *string `json:"licence"`
	Date    *string `json:"date"`
}

// CoverageJSON says how much of the market the ranking rests on.
type CoverageJSON struct {
	OffersPriced  int     `json:"offers_priced"`
	OffersTotal   int     `json:"offers_total"`
	OldestPrice   *string `json:"oldest_price"`
	InputsAssumed int     `json:"inputs_assumed"`
}

// JSON turns an advice into its documented shape.
func JSON(a advisor.Advice) AdviceJSON {
	j := AdviceJSON{
		SchemaVersion: SchemaVersion, Workload: workloadJSON(&a.Workload), Recommendation: recommendationJSON(&a.Recommendation),
		Assumptions: []AssumptionJSON{}, Options: []OptionJSON{}, BreakEvens: []BreakEvenJSON{}, Framework: []FrameworkJSON{}, Flips: []FlipJSON{},
		Tornado: []SwingJSON{}, Compliance: []NoteJSON{}, Article: []ArticleJSON{}, Curve: []CurveJSON{}, Quality: []QualityJSON{}, Sources: []SourceJSON{},
		Disagreement: str(a.Disagreement), Warnings: list(a.Warnings), StockAlone: list(a.StockAlone), Draws: a.Draws, Seed: a.Seed,
		Coverage: CoverageJSON{a.Coverage.OffersPriced, a.Coverage.OffersTotal, date(a.Coverage.OldestPrice), a.Coverage.InputsAssumed},
	}
	for _, x := range a.Assumptions {
		j.Assumptions = append(j.Assumptions, AssumptionJSON{string(x.Field), x.Raw, x.Value, x.Why, str(x.Effect)})
	}
	for i := range a.Options {
		j.Options = append(j.Options, optionJSON(&a.Options[i]))
	}
	for _, b := range a.BreakEven {
		j.BreakEvens = append(j.BreakEvens, BreakEvenJSON{finite(b.QueriesPerMonth), finite(b.Month), count(b.GPUs), b.Self, b.API, str(b.Note)})
	}
	if len(j.BreakEvens) > 0 {
		j.BreakEven = &j.BreakEvens[0]
	}
	for _, f := range a.Framework {
		j.Framework = append(j.Framework, FrameworkJSON{f.Question, f.Answer, str(string(f.Favours)), f.Why, str(f.Arithmetic)})
	}
	for _, f := range a.Flips {
		j.Flips = append(j.Flips, FlipJSON{string(f.Driver), finite(f.At), string(f.To), str(f.ToOption), f.Text})
	}
	for _, s := range a.Tornado {
		j.Tornado = append(j.Tornado, SwingJSON{s.Driver, cents(s.AtP10), cents(s.AtP90), str(s.Flip)})
	}
	for _, n := range a.Compliance {
		j.Compliance = append(j.Compliance, NoteJSON{n.Topic, n.Text, sourceWords(n.Source)})
	}
	for _, f := range a.Article {
		j.Article = append(j.Article, ArticleJSON(f))
	}
	for _, p := range a.Curve {
		j.Curve = append(j.Curve, CurveJSON{p.Option, p.QueriesPerMonth, cents(p.USD)})
	}
	for _, q := range a.Quality {
		m := QualityJSON{Model: q.ModelID, Asked: str(q.Asked), Scores: []ScoreJSON{}}
		if q.OfBest != nil {
			m.OfBest = ptr(round(*q.OfBest))
		}
		for _, s := range q.Scores {
			m.Scores = append(m.Scores, ScoreJSON{s.Benchmark, s.Percent, sourceWords(s.Source)})
		}
		j.Quality = append(j.Quality, m)
	}
	for i := range a.Trace {
		j.Trace = append(j.Trace, stepJSON(&a.Trace[i]))
	}
	for _, s := range a.Sources {
		j.Sources = append(j.Sources, SourceJSON{s.ID, s.Title, str(s.URL), str(s.Licence), date(s.Date)})
	}
	return j
}

func workloadJSON(w *advisor.Workload) WorkloadJSON {
	j := WorkloadJSON{
		QueriesPerMonth: w.QueriesPerMonth, QueriesLow: positive(w.QueriesLow), QueriesHigh: positive(w.QueriesHigh),
		Users: positive(w.Users), InputTokens: w.InputTokens, OutputTokens: w.OutputTokens, ReasoningTokens: w.ReasoningTokens, CachedShare: w.CachedShare,
		LatencyP95S: positive(w.LatencyP95.Seconds()), TTFTS: positive(w.TTFT.Seconds()), TokensPerS: w.StreamTokS, Concurrency: w.Concurrency, ConcurrentUsers: w.ConcurrencyOfPeople, Compliance: []string{}, Residency: str(w.Residency), NoDataLeaves: w.NoDataLeaves,
		ZeroRetention: w.ZeroRetention, Sensitivity: string(w.Sensitivity), MLTeam: string(w.MLTeam), Quality: string(w.Quality), Task: string(w.Task),
		BudgetUSDMonth: w.BudgetUSDMonth, SpendUSDMonth: w.SpendUSDMonth, EngineerUSD: w.EngineerUSDMonth, HorizonMonths: w.HorizonMonths, GrowthPerMonth: w.GrowthPerMonth,
		Models: list(w.Models), GPUs: list(w.GPUs), Providers: list(w.Providers), Today: list(w.Today), Excluded: list(w.Excluded),
		VendorsFrom: list(w.VendorsFrom), VendorsNotFrom: list(w.VendorsNotFrom), ModelsFrom: list(w.ModelsFrom), ModelsNotFrom: list(w.ModelsNotFrom), Traffic: string(w.Traffic), PeakQPS: w.PeakQPS, BatchHours: w.BatchHours,
		Engine: str(w.Engine), HardShare: w.HardShare, SensitiveShare: w.SensitiveShare,
		OwnedGPUs: []HeldJ{}, RentedGPUs: []HeldJ{}, NotUnderstood: list(w.NotUnderstood), Doubts: list(w.Doubts),
	}
	if t := w.Tokens; t.Said() {
		j.TokensPerMonth = &TokensJ{positive(t.All), positive(t.In), positive(t.Out)}
	}
	for _, h := range w.Owned {
		j.OwnedGPUs = append(j.OwnedGPUs, HeldJ(h))
	}
	for _, h := range w.Rented {
		j.RentedGPUs = append(j.RentedGPUs, HeldJ(h))
	}
	for _, r := range w.Compliance {
		j.Compliance = append(j.Compliance, string(r))
	}
	if q := w.QualityLike; q != nil {
		j.QualityLike = &LikeJ{q.Model, str(q.Task)}
	}
	return j
}

func recommendationJSON(r *advisor.Recommendation) RecommendationJSON {
	j := RecommendationJSON{
		Path: str(string(r.Path)), Option: str(r.Option), Summary: r.Summary, Reason: r.Reason,
		RunnerUp: str(r.RunnerUp), RunnerUpWins: str(r.RunnerUpWins), Relax: str(r.Relax),
	}
	if r.Option != "" {
		j.Confidence = &r.Confidence
	}
	return j
}

func optionJSON(o *advisor.Option) OptionJSON {
	j := OptionJSON{
		ID: o.ID, Path: string(o.Path), Name: o.Name, Provider: str(o.Provider), Model: str(o.ModelID), Offer: str(o.OfferID), GPU: str(o.GPU),
		GPUs: count(o.GPUs), GPUsHeld: count(o.GPUsHeld), GPUsPerReplica: count(o.GPUsPerReplica), Replicas: count(o.Replicas),
		Precision: str(o.Precision), Engine: str(o.Engine), Commitment: str(string(o.Commitment)),
		MonthlyUSD: cents(o.Monthly.Mid), MonthlyUSDLow: cents(o.Monthly.Lo), MonthlyUSDHigh: cents(o.Monthly.Hi),
		LabourMonthlyUSD: *interval(&o.LabourMonthly), SetupUSD: *interval(&o.SetupUSD),
		TCOUSD: cents(o.TCO.Mid), TCOLow: cents(o.TCO.Lo), TCOHigh: cents(o.TCO.Hi),
		TCO12USD: cents(o.TCO12.Mid), TCO12Low: cents(o.TCO12.Lo), TCO12High: cents(o.TCO12.Hi), TCO12NoLabourUSD: cents(o.TCO12NoLabour.Mid),
		TCO36USD: cents(o.TCO36.Mid), TCO36NoLabourUSD: cents(o.TCO36NoLabour.Mid), NPV36USD: cents(o.NPV36),
		EffectiveUSDPerMT: positive(o.EffectiveUSDPerMTok),
		LatencyP95S:       interval(o.Latency), MissChance: o.MissChance, RiskUSD: cents(o.RiskUSD), TTFTms: interval(o.TTFT), TPOTms: interval(o.TPOT), VRAMGiB: interval(o.VRAM),
		Utilisation: o.Utilisation, People: o.PeopleNeeded, Feasible: o.Feasible, Caveats: list(o.Caveats), EndOfLife: date(o.EndOfLife),
		Sources: []string{},
	}
	if len(o.WhyNot) > 0 {
		s := o.WhyNot[0]
		for _, w := range o.WhyNot[1:] {
			s += "; " + w
		}
		j.WhyNot = &s
	}
	if d := o.Drawn; d.P90 > 0 {
		j.Drawn = &DrawnJSON{cents(d.P10), cents(d.P50), cents(d.P90), round(d.Cheapest)}
	}
	if h := o.Hybrid; h != nil {
		j.Hybrid = &HybridJSON{h.Kind, h.SelfShare, h.First, h.Second, h.Why}
	}
	for _, s := range o.Sources {
		j.Sources = append(j.Sources, sourceWords(s))
	}
	return j
}

func stepJSON(s *advisor.Step) StepJSON {
	j := StepJSON{ID: s.ID, Option: str(s.Option), Name: s.Name, Formula: s.Formula, Inputs: []StepInputJSON{}, Value: s.Value, Unit: s.Unit}
	for _, in := range s.Inputs {
		j.Inputs = append(j.Inputs, StepInputJSON(in))
	}
	return j
}

func str(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func ptr[T any](v T) *T { return &v }

func count(n int) *int {
	if n == 0 {
		return nil
	}
	return &n
}

func positive(v float64) *float64 {
	if v <= 0 {
		return nil
	}
	return &v
}

// finite drops what JSON cannot hold.
func finite(p *float64) *float64 {
	if p == nil || math.IsNaN(*p) || math.IsInf(*p, 0) {
		return nil
	}
	return p
}

func list(in []string) []string {
	if in == nil {
		return []string{}
	}
	return in
}

func date(d catalog.Date) *string {
	if d.IsZero() {
		return nil
	}
	s := d.String()
	return &s
}

func interval(e *quantity.Estimate) *IntervalJSON {
	if e == nil {
		return nil
	}
	return &IntervalJSON{round(e.Lo), round(e.Mid), round(e.Hi)}
}

// cents rounds money to what a bill shows, and keeps more digits below a cent.
func cents(v float64) float64 {
	if math.Abs(v) < 0.01 {
		return quantity.RoundSig(v, 3)
	}
	return math.Round(v*100) / 100
}

func round(v float64) float64 { return quantity.RoundSig(v, 5) }
