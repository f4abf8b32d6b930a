package catalog

import "time"

// Source says where a figure comes from and since when it holds. A row without one does not enter the catalog.
type Source struct {
	ID      string // short and stable, e.g. "genai-prices"
	Title   string
	URL     string // empty where the source is not on the web
	Licence string
	Date    Date // day on which the source was read or published
}

// Date is a calendar day, "2026-07-25". The zero Date means unknown.
type Date struct{ time.Time }

// Regime is a compliance regime that a workload falls under.
type Regime string

// The regimes known to the catalog. The values are the codes of the JSON output.
const (
	HIPAA    Regime = "HIPAA"
	GDPR     Regime = "GDPR"
	PCIDSS   Regime = "PCI-DSS"
	SOC2     Regime = "SOC2"
	EUAIAct  Regime = "EU-AI-ACT"
	ISO27001 Regime = "ISO27001"
	FedRAMP  Regime = "FEDRAMP"
	CCPA     Regime = "CCPA"
)

// Class separates the two kinds of API offers.
type Class string

// Proprietary weights are served by their owner (or its cloud partner); hosted open weights by anybody.
const (
	Proprietary Class = "proprietary"
	HostedOpen  Class = "hosted_open"
)

// Rates are list prices in USD per million tokens. A nil pointer means that the provider names no such price;
// it never means zero.
type Rates struct {
	Input, Output           *float64
	CacheRead, CacheWrite   *float64
	BatchInput, BatchOutput *float64
}

// Tier replaces the base rates for a request whose input is longer than AboveInputTokens.
type Tier struct {
	AboveInputTokens int
	Rates            Rates
}

// Offer is one model at one provider, callable over an API and billed by the token.
type Offer struct {
	ID                        string // "provider/model[/region]", stable
	Provider                  string // display name, e.g. "AWS Bedrock"
	ProviderID                string // e.g. "aws"
	Class                     Class
	ModelID                   string // identity shared across providers, e.g. "gpt-4.1", "llama-3.3-70b"
	FeedID                    string // the feed's own id for the model
	Name                      string // display name
	Region                    string // "" is the provider's default
	Rates                     Rates
	Tiers                     []Tier
	Context                   int    // tokens; 0 unknown
	Quantisation              string // as published; "" unknown
	Reasoning                 bool   // bills hidden reasoning tokens as output
	Preview, Free, Deprecated bool
	EndOfLife                 Date // zero: none announced
	Since                     Date // since when the price holds, as far as known
	// Conditions are prices that replace Rates and Tiers on certain days or hours. Rates is what holds for most of
	// the day on the catalog's AsOf.
	Conditions []Condition
	Note       string // what a reader should know of the price
	Speed      *Speed // measured or published serving speed; nil unknown
	Source     Source
}

// Condition is a price that holds from a day on, or within a window of each day (UTC).
type Condition struct {
	From     Date          // zero: not bound to a day
	Start    time.Duration // since midnight UTC; Start == End: the whole day
	End      time.Duration // before Start where the window spans midnight
	Rates    Rates
	Tiers    []Tier
	HasHours bool
}

// Speed is what one user of an API sees. Nil pointers are unknown.
type Speed struct {
	OutputTokPerS *float64
	TTFTms        *float64
	Source        Source
}

// Terms are what a provider offers for compliance on which endpoints. A nil pointer is "not known", which
// never counts as yes.
type Terms struct {
	ProviderID    string
	Endpoint      string // which product or endpoint the terms hold for
	BAA           *bool
	BAANote       string // "on request", "enterprise plan only" ...
	EUResidency   *bool
	ZeroRetention *bool
	DPA           *bool
	SOC2          *bool
	PCI           *bool
	ISO27001      *bool
	FedRAMP       *bool
	Note          string
	Source        Source
}

// KVKind is the layout of a model's KV cache.
type KVKind string

// KV layouts. SWA models keep a window in some layers; hybrid models grow in few layers; MLA stores one latent.
const (
	MHA    KVKind = "MHA"
	GQA    KVKind = "GQA"
	MQA    KVKind = "MQA"
	MLA    KVKind = "MLA"
	SWA    KVKind = "SWA"
	Hybrid KVKind = "hybrid"
)

// Model is an open-weights model with what sizing needs of its configuration.
type Model struct {
	ID, Name, Family                                             string
	Aliases                                                      []string
	Layers, Hidden, Heads, KVHeads, HeadDim, Intermediate, Vocab int
	ParamsTotal, ParamsActive                                    float64 // parameters, not billions
	Experts, ExpertsPerToken                                     int     // 0 for dense models
	Context                                                      int
	KV                                                           KVKind
	KVGrowingLayers                                              int   // layers whose cache grows with the context
	SWAWindow                                                    int   // tokens; 0 none
	KVBytesPerToken16                                            int64 // as published in the facts, for checking; 0 unknown
	NativePrecision                                              string
	Reasoning                                                    bool // thinks in tokens that are billed as output, by default
	License                                                      string
	Recalled                                                     []string // columns written from memory, not read from a source
	Note                                                         string
	LicenseNote                                                  string // a clause that a buyer must know
	Source                                                       Source
}

// Accelerator is one GPU or other accelerator. Nil pointers are unknown.
type Accelerator struct {
	ID, Vendor           string
	Name                 string // as people say it: "H100 SXM", "RTX 4090"
	Aliases              []string
	Recalled             []string // columns written from memory, not read from a source
	Note                 string
	VRAMGB               float64 // nominal, decimal as marketed
	UsableGiB            float64 // what the driver reports; 0: derive from nominal
	InlineECC            bool    // keeps error-correcting bits in the same memory, as GDDR6 server cards do: they cost room and bandwidth
	BandwidthGBps        float64
	BF16, FP8, INT8, FP4 *float64 // dense TFLOPS/TOPS
	FP16HalfAcc          *float64 // dense TFLOPS of FP16 with sums in FP16, where it is faster than BF16 (GeForce cards)
	Units                int      // streaming multiprocessors, compute units or GPU cores; 0 unknown
	BoostGHz             float64  // their boost clock; 0 unknown
	TDPWatts             float64
	LinkGBps             float64 // per direction, GPU to GPU; PCIe where there is no NVLink
	NVLink               bool
	MAMFBF16             *float64    // achievable GEMM peak, TFLOPS
	AllInKW              *float64    // power per GPU with its share of the server, already including overheads
	PurchaseUSD          *[2]float64 // low, high street price of one card
	PurchaseSource       Source
	Source               Source
}

// Commitment is how a GPU is rented.
type Commitment string

// On-demand by the hour, spot (may be interrupted), or reserved for a term.
const (
	OnDemand   Commitment = "on_demand"
	Spot       Commitment = "spot"
	Reserved1Y Commitment = "reserved_1y"
	Reserved3Y Commitment = "reserved_3y"
)

// Commitments are all of them, those that bind least first.
var Commitments = []Commitment{OnDemand, Spot, Reserved1Y, Reserved3Y}

// GPUOffer is a rented instance.
type GPUOffer struct {
	ID, Provider, ProviderID, Instance, Region string
	Accelerator                                string  // Accelerator.ID
	Count                                      int     // accelerators in one instance
	USDPerHour                                 float64 // for the whole instance
	Commitment                                 Commitment
	Source                                     Source
}

// PerGPU is the price of one accelerator in USD an hour.
func (o *GPUOffer) PerGPU() float64 { return o.USDPerHour / float64(max(1, o.Count)) }

// Score is one public benchmark result of a model.
type Score struct {
	ModelID   string
	Benchmark string // "MMLU", "GPQA-Diamond", "SWE-bench Verified", "AIME 2025" ...
	Task      string // which task type it speaks for: "general", "reasoning", "coding", "math"
	Percent   float64
	Source    Source
}

// APIModel is a model that the catalog knows only as something to call: proprietary models, and open models whose
// configuration it does not hold.
type APIModel struct {
	ID, Name, Vendor string
	Class            Class
	Aliases          []string
	Reasoning        bool   // thinks in hidden tokens that are billed as output, by default
	Successor        string // model id that its vendor names as the next one; "" none known
}

// Provider is a company whose offers the catalog lists.
type Provider struct {
	ID, Name string
	Aliases  []string
	EU       bool // has its seat and its serving in the EU
	// Regions are the places in which a customer may choose a region, as codes of advisor's places; empty where none are known. Recalled,
	// November 2026: which services and models a region has is for the buyer to check.
	Regions []string
}

// Seat says in which country a provider or the maker of models has its seat, which decides by whose law it can be made to hand over data
// wherever its machines stand.
type Seat struct {
	Kind    string // "provider" or "maker"
	Who     string // a provider's id; the family of open models, or the vendor of API models
	Country string // ISO 3166 alpha-2, "UK" for the United Kingdom
	Source  Source
}

// Catalog is everything the engine knows about the market. It is immutable once loaded, so that it may be shared.
type Catalog struct {
	Models       []Model
	Shapes       []Model // open models that can be sized, but are no candidates: too old, or not scored. See [Catalog.Shape]
	APIModels    []APIModel
	Providers    []Provider
	Accelerators []Accelerator
	Offers       []Offer
	GPUOffers    []GPUOffer
	Terms        []Terms
	Scores       []Score
	Seats        []Seat
	AsOf         Date // day of the youngest price

	index *index // built by [New]; nil: lookups scan
}
