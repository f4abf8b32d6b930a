package advisor

import (
	"time"

	"github.com/llmadvise/llmadvise/advisor/catalog"
	"github.com/llmadvise/llmadvise/advisor/cost"
	"github.com/llmadvise/llmadvise/advisor/quantity"
)

// MaterialUSDMonth is the difference, USD a month, below which two options cost the same for practical purposes.
const MaterialUSDMonth = cost.MaterialUSDMonth

// Path is one of the four answers to the decision.
type Path string

// The four paths. Each is weighed in every Advice.
const (
	PathAPI        Path = "api"
	PathHostedOpen Path = "hosted_open"
	PathSelfHost   Path = "self_host"
	PathHybrid     Path = "hybrid"
)

// Advice is the engine's answer. It is plain data: it can be stored, compared and rendered anywhere.
type Advice struct {
	Workload       Workload     // completed: said and assumed
	Assumptions    []Assumption // every field that was not said
	Recommendation Recommendation
	Options        []Option    // ranked: feasible first, then by cost over the horizon with labour
	BreakEven      []BreakEven // self-hosting against each API option of interest; the first is the one to show
	Framework      []FrameworkAnswer
	Disagreement   string // one sentence where the article's rule and the arithmetic part; "" where they agree
	Flips          []Flip
	Tornado        []Swing
	Quality        []ModelQuality  // of the shown models
	Draws          int             // of the Monte Carlo simulation; 0: none was run
	Seed           uint64          // that they started from
	Compliance     []Note          // facts about the regimes asked for
	Article        []ArticleFigure // the article's figures beside ours
	Curve          []CurvePoint    // monthly cost against volume, for the chart
	Trace          []Step          // every derived number, to be redone by hand
	Sources        []catalog.Source
	Coverage       Coverage
	Warnings       []string
	StockAlone     []string // how far the accelerators go that are there already, a sentence each, where no option makes do with them
}

// Assumption is an input that was not said.
type Assumption struct {
	Field  Field
	Value  string // as people say it: "1,200 tokens"
	Raw    any    // the JSON value
	Why    string
	Effect string // what changing it does to the answer: "at half, $210 a month"
}

// Recommendation is the answer in short.
type Recommendation struct {
	Path         Path
	Option       string // Option.ID; "" where no option qualifies
	Summary      string // one sentence: what, what it costs, why
	Reason       string
	Confidence   float64 // share of Monte Carlo draws in which this path stays best, 0..1
	RunnerUp     string  // Option.ID
	RunnerUpWins string  // what would make it win
	// Relax says which constraint to give up where no option meets all; "" otherwise.
	Relax string
}

// Option is one way to serve the workload.
type Option struct {
	ID                             string
	Path                           Path
	Name                           string // "Llama-3.3-70B on AWS Bedrock", "gpt-oss-120b, 2x H100 at Lambda"
	Provider, ProviderID           string
	ModelID, ModelName             string
	OfferID                        string // catalog offer or GPU offer
	GPU                            string // accelerator id; "" for APIs
	GPUsPerReplica, Replicas, GPUs int
	GPUsHeld                       int // of GPUs, those that the team has already
	Precision, Engine              string
	Commitment                     catalog.Commitment

	Monthly                      quantity.Estimate // USD a month, run cost without labour
	LabourMonthly                quantity.Estimate
	SetupUSD                     quantity.Estimate // once
	TCO                          quantity.Estimate // USD over the workload's horizon with labour and set-up: what the ranking goes by
	TCO12, TCO36                 quantity.Estimate // the same over 12 and 36 months
	TCO12NoLabour, TCO36NoLabour quantity.Estimate
	NPV36                        float64
	EffectiveUSDPerMTok          float64 // at the workload's own token mix
	Drawn                        Drawn   // what the draws say of it

	Latency      *quantity.Estimate // p95 end to end, seconds; nil unknown
	MissChance   *float64           // chance that it exceeds the target, 0..1; nil where none is asked or it is not a fleet's
	RiskUSD      float64            // what the order of options adds to TCO for that; in no bill
	TTFT, TPOT   *quantity.Estimate // milliseconds
	VRAM         *quantity.Estimate // GiB per GPU
	Utilisation  *float64           // 0..1 of the replicas' capacity, mean over the month
	PeopleNeeded string             // "0.25 FTE", "2 days to integrate"
	Hybrid       *HybridSplit

	Today     bool // what the team uses today
	Feasible  bool
	WhyNot    []string     // each hard constraint that is missed, in the words of a reader; empty when feasible
	Caveats   []string     // true but not disqualifying: "BAA on request", "spot can be interrupted"
	EndOfLife catalog.Date // inside the horizon
	Sources   []catalog.Source
}

// Drawn is an option's cost over the horizon with people over the draws (USD) and the share of draws in which it is the cheapest of those that
// meet every constraint.
type Drawn struct {
	P10, P50, P90 float64
	Cheapest      float64
}

// HybridSplit is a mix of two options.
type HybridSplit struct {
	Kind          string  // "routing" or "cascade"
	SelfShare     float64 // share of queries to the first option
	First, Second string  // Option.ID
	Why           string
}

// BreakEven is where self-hosting starts to cost less than an API option.
type BreakEven struct {
	Self, API       string   // Option.ID
	QueriesPerMonth *float64 // nil: never, within what was searched
	GPUs            int      // that Self takes at that volume; 0 where there is none
	Month           *float64 // months until set-up is earned back at this workload's volume; nil: never
	Note            string
}

// FrameworkAnswer is one of the article's questions answered for this workload.
type FrameworkAnswer struct {
	Question, Answer string
	Favours          Path
	Why              string
	Arithmetic       string // what the numbers say to the same question; "" where they add nothing
}

// Flip is a change that would turn the recommendation.
type Flip struct {
	Driver   Field
	Text     string // "above about 13.5M queries a month"
	At       *float64
	To       Path
	ToOption string
}

// Swing is one bar of the tornado: the monthly cost of the recommended option (USD) with one input at its p10 and p90, and where that
// input would turn the answer.
type Swing struct {
	Driver       string
	AtP10, AtP90 float64
	Flip         string // "above 58M queries a month", "not within a factor of 10"
}

// ModelQuality is how good a shown model is by public benchmarks that speak for the workload's task.
type ModelQuality struct {
	ModelID, Model string
	OfBest         *float64 // mean share of the best published score of each benchmark that still tells models apart; nil none known
	Asked          string   // how it stands to what is asked: "" it meets it
	Scores         []catalog.Score
}

// Note is a fact with its source.
type Note struct {
	Topic, Text string
	Source      catalog.Source
}

// ArticleFigure sets one figure of the article beside ours.
type ArticleFigure struct {
	Topic, Article, Ours, Why string
}

// CurvePoint is the monthly cost of one option at one volume, people included, so that lines cross where BreakEven says.
type CurvePoint struct {
	Option               string // Option.ID
	QueriesPerMonth, USD float64
}

// Step is one derived number of the trace.
type Step struct {
	ID      string // "api.monthly", stable
	Option  string // Option.ID or ""
	Name    string
	Formula string // with the names of Inputs
	Inputs  []StepInput
	Value   float64
	Unit    string
}

// StepInput is one input of a Step: another step, a workload field or a catalog figure.
type StepInput struct {
	Name  string
	Value float64
	Unit  string
	From  string // "step:api.monthly", "workload", "catalog: genai-prices 2026-07-25"
}

// Coverage says how much of the market a ranking rests on.
type Coverage struct {
	OffersPriced, OffersTotal int
	OldestPrice               catalog.Date
	OldestAge                 time.Duration // against Catalog.AsOf
	InputsAssumed             int
}
