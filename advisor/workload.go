package advisor

import (
	"time"

	"github.com/llmadvise/llmadvise/advisor/catalog"
)

// Field names an input of a [Workload]; the values are the keys of the JSON output and of `--set`.
type Field string

// The inputs of a workload.
const (
	FieldQueries        Field = "queries_per_month"
	FieldTokens         Field = "tokens_per_month"
	FieldUsers          Field = "users"
	FieldInput          Field = "input_tokens"
	FieldOutput         Field = "output_tokens"
	FieldReasoning      Field = "reasoning_tokens"
	FieldCached         Field = "cached_share"
	FieldLatency        Field = "latency_p95_s"
	FieldTTFT           Field = "ttft_s"
	FieldStream         Field = "tokens_per_s"
	FieldConcurrency    Field = "concurrency"
	FieldCompliance     Field = "compliance"
	FieldResidency      Field = "residency"
	FieldNoEgress       Field = "no_data_leaves"
	FieldZeroRetention  Field = "zero_retention"
	FieldSensitivity    Field = "sensitivity"
	FieldMLTeam         Field = "ml_team"
	FieldQuality        Field = "quality"
	FieldQualityLike    Field = "quality_like"
	FieldTask           Field = "task"
	FieldBudget         Field = "budget_usd_month"
	FieldSpend          Field = "today_usd_month"
	FieldEngineer       Field = "engineer_usd_month"
	FieldHorizon        Field = "horizon_months"
	FieldGrowth         Field = "growth_per_month"
	FieldModels         Field = "models"
	FieldGPUs           Field = "gpus"
	FieldOwned          Field = "owned_gpus"
	FieldRented         Field = "rented_gpus"
	FieldProviders      Field = "providers"
	FieldToday          Field = "today"
	FieldExcluded       Field = "excluded"
	FieldVendorsFrom    Field = "vendors_from"
	FieldVendorsNotFrom Field = "vendors_not_from"
	FieldModelsFrom     Field = "models_from"
	FieldModelsNotFrom  Field = "models_not_from"
	FieldTraffic        Field = "traffic"
	FieldPeakQPS        Field = "peak_qps"
	FieldBatchHours     Field = "batch_hours"
	FieldEngine         Field = "engine"
	FieldHardShare      Field = "hard_share"
	FieldSensitiveShare Field = "sensitive_share"
)

// Sensitivity of the data that a workload sends.
type Sensitivity string

// From the article's second question, finer.
const (
	Public       Sensitivity = "public"
	Internal     Sensitivity = "internal"
	Confidential Sensitivity = "confidential"
	Regulated    Sensitivity = "regulated"
)

// MLTeam is the ML/DevOps expertise at hand.
type MLTeam string

// From the article's third question.
const (
	NoTeam        MLTeam = "none"
	SomeTeam      MLTeam = "some"
	DedicatedTeam MLTeam = "dedicated"
)

// Quality is how much of peak performance a workload needs.
type Quality string

// From the article's fourth question.
const (
	Standard Quality = "standard"
	Frontier Quality = "frontier"
)

// Task is the type of work; it decides the defaults of inputs that were not said.
type Task string

// The task types.
const (
	Chat           Task = "chat"
	RAG            Task = "rag"
	Summarization  Task = "summarization"
	Classification Task = "classification"
	Extraction     Task = "extraction"
	Coding         Task = "coding"
	Reasoning      Task = "reasoning"
	Agent          Task = "agent"
	Batch          Task = "batch"
)

// Medium is what goes in or comes out other than text. The engine weighs text in and text out: what else is asked for it can only point out.
type Medium string

// The media that requests ask for.
const (
	Images      Medium = "images"
	DrawnImages Medium = "drawn_images"
	Speech      Medium = "speech"
	Embeddings  Medium = "embeddings"
)

// mediumTexts say what a medium needs that the advice does not cover.
var mediumTexts = map[Medium]string{
	Images:      "the advice covers text in and text out. Images need a model that takes them, and each is billed as the tokens that it is cut into",
	DrawnImages: "the advice covers text in and text out. Making images needs an image model, which bills by the image",
	Speech:      "the advice covers text in and text out. Speech needs a model that hears or speaks, which bills by the minute or by audio tokens",
	Embeddings:  "the advice covers text in and text out. Embeddings need an embedding model, which bills what goes in only, far below the models here",
}

// Text says what a medium needs that the advice does not cover.
func (m Medium) Text() string { return mediumTexts[m] }

// Traffic is how a month's queries spread over time.
type Traffic string

// Office hours carry 70 % of the load in 220 h a month; batch may wait.
const (
	OfficeHours   Traffic = "office_hours"
	RoundTheClock Traffic = "round_the_clock"
	BatchTraffic  Traffic = "batch"
)

// QualityLike asks for a model at least as good as Model on Task.
type QualityLike struct {
	Model string // catalog model id
	Task  string // "" general, or "coding", "reasoning", "math"
}

// Held is a number of accelerators of one kind that a team has already. What owned ones cost is spent, whatever is decided; rented ones can be given back.
type Held struct {
	GPU   string // catalog accelerator id
	Count int    // 1 or more
}

// Tokens is a load in tokens a month: in all, or by direction. 0 is unsaid.
type Tokens struct{ All, In, Out float64 }

// Said reports whether a number of tokens was said.
func (t Tokens) Said() bool { return t.All > 0 || t.In > 0 || t.Out > 0 }

// StatesLoad reports whether the request says how much is to be served: queries, a rate at peak, tokens a month, or what is at work at once.
func (w *Workload) StatesLoad() bool {
	return w.QueriesPerMonth > 0 || w.PeakQPS != nil || w.Tokens.Said() || w.Concurrency != nil
}

// Workload is what a team wants served. The zero value of a field, or nil, means "not said": [Complete] fills it
// with a default by task type and lists it as an [Assumption]. No field mixes "not said" with a real zero:
// where zero is a real answer the field is a pointer.
type Workload struct {
	QueriesPerMonth           float64          // the middle of a range where one was said
	QueriesLow, QueriesHigh   float64          // the ends of a range that was said; 0 none
	Tokens                    Tokens           // a month, where no volume of queries was said
	Users                     float64          // people who will use it, where how much they ask was not said
	UsersOutside              bool             // they are customers or the public rather than staff
	InputTokens, OutputTokens int              // per query
	ReasoningTokens           *int             // hidden tokens per query, billed as output
	CachedShare               *float64         // share of input tokens read from a prompt cache, 0..1
	LatencyP95                time.Duration    // end to end, 95th percentile
	TTFT                      time.Duration    // to the first token, where a target was said
	StreamTokS                *float64         // tokens a second that one reader gets at least, where a target was said
	Concurrency               *float64         // requests in flight at peak, where said
	ConcurrencyOfPeople       bool             // it counts people, who read and type in between
	LatencyOpen               bool             // said not to matter; [Complete] then assumes more time where no target is said
	Compliance                []catalog.Regime // sorted, unique
	Residency                 string           // "EU", "US" ...; "" none asked
	NoDataLeaves              *bool            // true: no vendor may process the data
	ZeroRetention             bool             // no vendor may keep prompts or answers
	Sensitivity               Sensitivity
	MLTeam                    MLTeam
	Quality                   Quality
	QualityLike               *QualityLike
	Task                      Task
	BudgetUSDMonth            *float64
	SpendUSDMonth             *float64 // what is paid today for what the request is about
	EngineerUSDMonth          *float64 // what one engineer costs a month with overheads, where said; else [cost.FTEMonthUSD]
	HorizonMonths             int
	GrowthPerMonth            *float64 // 0.05 is 5 % a month, compounding
	Models                    []string // catalog ids that the user named (open models or API models), sorted
	GPUs                      []string // accelerator ids that the user named, sorted
	Owned                     []Held   // accelerators that the team has already, sorted by id
	Rented                    []Held   // accelerators that the team rents and serves this with today, sorted by id: what the answer is measured by, no wish
	Providers                 []string // provider ids that the user named, sorted
	Today                     []string // catalog ids of the models and providers in use today, sorted: what the answer is measured by, no wish
	VendorsFrom, ModelsFrom   []string // countries, "EU" or "EUROPE" in which vendors, and makers of models, must have their seat; sorted
	VendorsNotFrom            []string // and in which vendors must not
	ModelsNotFrom             []string // and makers of models must not
	Excluded                  []string // catalog ids of the models, accelerators and providers that the user ruled out, sorted
	Traffic                   Traffic
	PeakQPS                   *float64 // queries a second at peak, where said
	BatchHours                *float64 // hours of a day in which batch work has to be done, where said; else all 24
	Engine                    string   // "vllm", "trt-llm", "sglang", "llama.cpp"
	HardShare                 *float64 // share of queries that need a frontier model, for hybrid
	SensitiveShare            *float64 // share of queries whose data is sensitive, for hybrid
	Media                     []Medium // what goes in or comes out other than text

	// NotUnderstood are the words of the request that no rule claimed, in order. They are shown back, never dropped.
	NotUnderstood []string
	// Said maps each field to the words it was read from, for "You said".
	Said map[Field]string
	// Doubts are readings that the user should confirm ("10 qps taken as the mean, not the peak").
	Doubts []string
}
