package advisor

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/llmadvise/llmadvise/advisor/catalog"
	"github.com/llmadvise/llmadvise/advisor/quantity"
	"github.com/llmadvise/llmadvise/advisor/sizing"
)

// taskDefaults are the inputs assumed for one task type where the request does not say them.
//
// The chat row follows a public production trace (Azure LLM inference 2023, conversation: mean 1,155 tokens in and
// 211 out) rounded up to the shape in which the article's own anecdote adds up (1,200 in, 300 out). The other rows
// are the project's assumptions: round figures for a typical prompt of that kind, to be replaced by the team's own.
type taskDefaults struct {
	in, out   int
	reasoning int // hidden tokens per query of a model that reasons, at a low effort setting
	p95       time.Duration
	traffic   Traffic
	why       string
}

var defaultsByTask = map[Task]taskDefaults{
	Chat:           {1200, 300, 150, 5 * time.Second, OfficeHours, "a chat turn with its history"},
	RAG:            {3000, 350, 150, 8 * time.Second, OfficeHours, "a question with about five retrieved passages"},
	Summarization:  {4000, 400, 100, 20 * time.Second, OfficeHours, "a document of about six pages"},
	Classification: {500, 20, 50, 2 * time.Second, RoundTheClock, "a short text and its label"},
	Extraction:     {1500, 250, 100, 10 * time.Second, RoundTheClock, "a two-page document and its fields"},
	Coding:         {4000, 700, 800, 20 * time.Second, OfficeHours, "a code question with its files"},
	Reasoning:      {1500, 700, 4000, 90 * time.Second, OfficeHours, "a hard problem, thought through"},
	Agent:          {8000, 500, 400, 30 * time.Second, OfficeHours, "one step of an agent with its tools and history"},
	Batch:          {2000, 400, 150, 24 * time.Hour, BatchTraffic, "a job that may wait"},
}

// Limits of what is accepted: beyond them the engine would extrapolate from nothing.
const (
	maxQueries = 1e12
	maxTokens  = 10_000_000
	maxHorizon = 120

	maxStream      = 10_000
	maxConcurrency = 1_000_000
)

// How often people ask a month where it was not said. Assumed: staff with a tool at hand 10 times on each of the 260/12 working days, customers and
// the public 5 times a month.
const (
	asksOfStaff  = 10 * 260.0 / 12
	asksOfPublic = 5.0
)

// defaultQueries is assumed where no volume was said. It is the article's own example of "medium scale".
const defaultQueries = 250_000

// Complete fills every input that was not said with a default by task type and returns what it assumed, in a stable
// order. Fields for which "none" is an answer of its own (budget, residency, named models) stay empty. It never
// changes what was said, except that it sorts and dedupes the lists.
func Complete(w Workload) (Workload, []Assumption) {
	c := completion{w: w, said: w.Said}
	c.w.Compliance = sortedUnique(w.Compliance)
	c.w.Models, c.w.GPUs, c.w.Providers = sortedUnique(w.Models), sortedUnique(w.GPUs), sortedUnique(w.Providers)
	c.w.Today, c.w.Excluded = sortedUnique(w.Today), sortedUnique(w.Excluded)
	c.w.VendorsFrom, c.w.VendorsNotFrom = sortedUnique(w.VendorsFrom), sortedUnique(w.VendorsNotFrom)
	c.w.ModelsFrom, c.w.ModelsNotFrom = sortedUnique(w.ModelsFrom), sortedUnique(w.ModelsNotFrom)
	c.task()
	d := defaultsByTask[c.w.Task]
	c.tokenLoad(d)
	c.load(d)
	c.tokens(d)
	c.needs(d)
	c.peak(d)
	c.money()
	return c.w, c.assumed
}

// completion gathers what was assumed on the way.
type completion struct {
	w       Workload
	said    map[Field]string
	assumed []Assumption
}

func (c *completion) assume(f Field, value string, raw any, why string) {
	c.assumed = append(c.assumed, Assumption{Field: f, Value: value, Raw: raw, Why: why})
}

func (c *completion) task() {
	if _, known := defaultsByTask[c.w.Task]; known {
		return
	}
	if c.w.Traffic == BatchTraffic {
		c.w.Task = Batch
		c.assume(FieldTask, "batch", Batch, "the work may wait")
		return
	}
	c.w.Task = Chat
	c.assume(FieldTask, "chat", Chat, "the most common first workload; it sets the tokens and the latency below")
}

// tokenLoad turns tokens a month into queries of the length that is usual for the task, as they are split between input and output. What an API costs
// hangs on the tokens alone; the queries matter for fleets.
func (c *completion) tokenLoad(d taskDefaults) {
	w := &c.w
	t := w.Tokens
	if w.QueriesPerMonth > 0 || !t.Said() {
		return
	}
	in, out := float64(cmp.Or(w.InputTokens, d.in)), float64(cmp.Or(w.OutputTokens, d.out))
	if t.In == 0 && t.Out == 0 {
		t.In, t.Out = t.All*in/(in+out), t.All*out/(in+out)
	}
	switch {
	case t.Out == 0:
		w.QueriesPerMonth = t.In / in
	case t.In == 0:
		w.QueriesPerMonth = t.Out / out
	default:
		w.QueriesPerMonth = (t.In + t.Out) / (in + out)
		in, out = t.In/w.QueriesPerMonth, t.Out/w.QueriesPerMonth
	}
	w.QueriesPerMonth = max(1, w.QueriesPerMonth)
	why := fmt.Sprintf("your tokens a month in queries of the usual length: %s", d.why)
	c.assume(FieldQueries, monthly(people(quantity.RoundSig(w.QueriesPerMonth, 3))), w.QueriesPerMonth, why)
	c.length(FieldInput, &w.InputTokens, in, " tokens in", why)
	c.length(FieldOutput, &w.OutputTokens, out, " tokens out", why)
}

// length assumes a number of tokens a query where none was said.
func (c *completion) length(f Field, dst *int, v float64, unit, why string) {
	if *dst > 0 {
		return
	}
	*dst = max(1, int(math.Round(v)))
	c.assume(f, people(float64(*dst))+unit, *dst, why)
}

func (c *completion) load(d taskDefaults) {
	w := &c.w
	if w.QueriesPerMonth <= 0 {
		switch {
		case w.QueriesLow > 0 && w.QueriesHigh > 0:
			w.QueriesPerMonth = (w.QueriesLow + w.QueriesHigh) / 2
		case w.PeakQPS != nil && *w.PeakQPS > 0:
			w.QueriesPerMonth = *w.PeakQPS / 2 * secondsPerMonth
			c.assume(FieldQueries, monthly(people(quantity.RoundSig(w.QueriesPerMonth, 3))), w.QueriesPerMonth, "half the peak rate you said, all month")
		case w.Concurrency != nil && *w.Concurrency > 0:
			c.volumeOf(d)
		case w.Users > 0:
			each, why := asksOfStaff, "each of your people asking 10 times on a working day"
			if w.UsersOutside {
				each, why = asksOfPublic, "each of them asking 5 times a month"
			}
			w.QueriesPerMonth = w.Users * each
			c.assume(FieldQueries, monthly(people(quantity.RoundSig(w.QueriesPerMonth, 2))), w.QueriesPerMonth, why)
		default:
			w.QueriesPerMonth = defaultQueries
			c.assume(FieldQueries, "250,000 queries a month", float64(defaultQueries), "no volume was said; this is the article's medium scale")
		}
	}
	if w.Traffic == "" {
		w.Traffic = d.traffic
		words := map[Traffic]string{
			OfficeHours:   "office hours",
			RoundTheClock: "round the clock",
			BatchTraffic:  "batch, may wait a day",
		}
		why := map[Traffic]string{
			OfficeHours:   "people at work: 70 % of the load in 220 hours a month, so the peak is well above the mean",
			RoundTheClock: "machines call it: the load is even over the day",
			BatchTraffic:  "nobody waits for a single answer",
		}
		c.assume(FieldTraffic, words[w.Traffic], w.Traffic, why[w.Traffic])
	}
	if w.GrowthPerMonth == nil {
		w.GrowthPerMonth = ptr(0.0)
		c.assume(FieldGrowth, "no growth", 0.0, "none was said")
	}
}

func (c *completion) tokens(d taskDefaults) {
	w := &c.w
	c.length(FieldInput, &w.InputTokens, float64(d.in), " tokens in", d.why)
	c.length(FieldOutput, &w.OutputTokens, float64(d.out), " tokens out", d.why)
	if w.ReasoningTokens == nil {
		w.ReasoningTokens = ptr(d.reasoning)
		c.assume(FieldReasoning, people(float64(d.reasoning))+" hidden tokens for models that reason", d.reasoning,
			"billed as output; set low effort or switch thinking off to stay near it")
	}
	if w.CachedShare == nil {
		w.CachedShare = ptr(0.0)
		c.assume(FieldCached, "no prompt caching", 0.0, "off until you know your hit rate; it lowers the input price several times")
	}
}

func (c *completion) needs(d taskDefaults) {
	w := &c.w
	if w.LatencyP95 <= 0 && w.LatencyOpen && w.Traffic != BatchTraffic {
		w.LatencyP95 = openLatency
		c.assume(FieldLatency, "p95 "+seconds(w.LatencyP95), w.LatencyP95.Seconds(), "you said that the latency does not matter, and somebody may still wait for the answer")
	}
	if w.LatencyP95 <= 0 && w.Traffic != BatchTraffic && (w.TTFT > 0 || w.StreamTokS != nil) {
		c.streamed(d)
	}
	if w.LatencyP95 <= 0 {
		longer := float64(w.OutputTokens+*w.ReasoningTokens) / float64(d.out+d.reasoning)
		w.LatencyP95 = assumedLatency(d.p95, longer)
		if w.Traffic == BatchTraffic {
			w.LatencyP95, longer = defaultsByTask[Batch].p95, 1
		}
		why := latencyWhy(w.LatencyP95)
		if longer >= noticeablyLonger {
			why += fmt.Sprintf("; %s is usual for an answer of this kind, and yours is %s times as long", seconds(d.p95), strconv.FormatFloat(longer, 'f', 1, 64))
		}
		c.assume(FieldLatency, "p95 "+seconds(w.LatencyP95), w.LatencyP95.Seconds(), why)
	}
	if w.Sensitivity == "" {
		w.Sensitivity = c.sensitivity()
	}
	if w.NoDataLeaves == nil {
		w.NoDataLeaves = ptr(false)
		c.assume(FieldNoEgress, "a vendor under contract may process the data", false, "nothing said against it")
	}
	if w.MLTeam == "" {
		w.MLTeam = NoTeam
		c.assume(FieldMLTeam, "no ML team", NoTeam, "nobody to run GPUs was mentioned")
	}
	if w.Quality == "" {
		w.Quality = Standard
		why := "most work of this kind does not need the strongest model"
		if w.Task == Reasoning && w.QualityLike == nil {
			w.Quality = Frontier
			why = "hard reasoning is where the strongest models still lead"
		}
		c.assume(FieldQuality, string(w.Quality)+" quality", w.Quality, why)
	}
	if w.HardShare != nil {
		w.HardShare = ptr(clamp(*w.HardShare, 0, 1))
	}
	if w.SensitiveShare != nil {
		w.SensitiveShare = ptr(clamp(*w.SensitiveShare, 0, 1))
	}
}

// readingSpeed is how many tokens a second somebody gets who reads along, where no speed was said: people read some five (250 words a
// minute at 4/3 tokens a word), so that three times as much keeps ahead of anybody who skims. Assumed.
const readingSpeed = 15.0

// streamed derives the time that the whole answer may take from what was said of its start and its stream: who reads along does not wait for the end.
func (c *completion) streamed(d taskDefaults) {
	w := &c.w
	speed, first := readingSpeed, w.TTFT.Seconds()
	if w.StreamTokS != nil && *w.StreamTokS > 0 {
		speed = *w.StreamTokS
	}
	if first == 0 {
		first = usualAPI.ttft[2]
	}
	whole := time.Duration((first + float64(w.OutputTokens)/speed) * float64(time.Second))
	w.LatencyP95 = max(d.p95, whole.Round(time.Second/2))
	c.assume(FieldLatency, "p95 "+seconds(w.LatencyP95), w.LatencyP95.Seconds(),
		fmt.Sprintf("the answer is read as it comes: its start, and %s tokens at %s a second", people(float64(w.OutputTokens)), strconv.FormatFloat(speed, 'g', 3, 64)))
}

// volumeOf derives a month's volume from the requests at once at peak, by the shape of the traffic.
func (c *completion) volumeOf(d taskDefaults) {
	w := &c.w
	traffic := cmp.Or(w.Traffic, d.traffic)
	rate, why := c.rateAtOnce(d)
	w.QueriesPerMonth = max(1, quantity.RoundSig(rate/sizing.PeakFactor(shapes[traffic])*secondsPerMonth, 2))
	volume := monthly(people(w.QueriesPerMonth))
	c.assume(FieldQueries, volume, w.QueriesPerMonth, "a month of such traffic with this peak: "+why)
	w.Doubts = append(slices.Clone(w.Doubts), fmt.Sprintf("%s follow from %s; say the volume if you know it", volume, why))
}

// pause is how long somebody reads and types between an answer and the next question, in seconds, where only the people who are there at once were
// said. Assumed: an answer of 300 tokens alone takes most of a minute to read in full; chats are skimmed.
const pause = 20.0

// rateAtOnce is the rate at peak, queries a second, of what is said to be at work at once, by Little's law: each place is taken for as long as an answer
// of this kind usually takes, or may take where that is less, and people pause before they ask again.
func (c *completion) rateAtOnce(d taskDefaults) (rate float64, why string) {
	w := &c.w
	takes := d.p95.Seconds()
	if d.traffic == BatchTraffic || w.Traffic == BatchTraffic {
		takes = defaultsByTask[Extraction].p95.Seconds() // nobody waits a day for one of them
	}
	if p95 := w.LatencyP95.Seconds(); p95 > 0 {
		takes = min(takes, p95)
	}
	answer := strconv.FormatFloat(takes, 'g', 3, 64) + " s"
	if w.ConcurrencyOfPeople {
		return *w.Concurrency / (takes + pause), fmt.Sprintf("%s people at once, each asking again %g s after an answer, which takes up to %s", people(*w.Concurrency), pause, answer)
	}
	return *w.Concurrency / takes, fmt.Sprintf("%s requests at once, each answered within %s and followed by the next at once", people(*w.Concurrency), answer)
}

// peak derives the rate at peak from what is at work at once, where no other was said.
func (c *completion) peak(d taskDefaults) {
	w := &c.w
	if w.Concurrency == nil || !(*w.Concurrency > 0) || w.PeakQPS != nil || w.Traffic == BatchTraffic {
		return
	}
	rate, why := c.rateAtOnce(d)
	w.PeakQPS = &rate
	c.assume(FieldPeakQPS, quantity.Count(quantity.RoundSig(rate, 3))+" queries a second at peak", rate, why)
}

// noticeablyLonger is from which length on, beside the usual answer's, more time is assumed.
const noticeablyLonger = 1.1

// openLatency is the p95 to assume where the latency does not matter: an answer that somebody still waits for.
const openLatency = time.Minute

// assumedLatency is the p95 to assume for an answer that is longer times as long as the usual one of its kind, in half
// seconds, from 20 s on in whole ones. Nobody asked for it, so a long answer may take its time: held to the usual one's it
// would rule out every endpoint and buy machines for a promise that was never made. A short answer keeps the usual.
func assumedLatency(usual time.Duration, longer float64) time.Duration {
	if longer < noticeablyLonger {
		return usual
	}
	p95 := min(time.Duration(float64(usual)*longer), defaultsByTask[Batch].p95)
	if p95 < 20*time.Second {
		return p95.Round(time.Second / 2)
	}
	return p95.Round(time.Second)
}

// sensitivity follows the strictest thing that was said about the data.
func (c *completion) sensitivity() Sensitivity {
	w := &c.w
	for _, r := range []catalog.Regime{catalog.HIPAA, catalog.PCIDSS, catalog.FedRAMP} {
		if slices.Contains(w.Compliance, r) {
			c.assume(FieldSensitivity, "regulated data", Regulated, fmt.Sprintf("%s applies only to regulated data", r))
			return Regulated
		}
	}
	switch {
	case w.NoDataLeaves != nil && *w.NoDataLeaves:
		c.assume(FieldSensitivity, "confidential data", Confidential, "no data may leave")
		return Confidential
	case slices.Contains(w.Compliance, catalog.GDPR) || slices.Contains(w.Compliance, catalog.CCPA):
		c.assume(FieldSensitivity, "confidential data", Confidential, "a privacy law means personal data")
		return Confidential
	default:
		c.assume(FieldSensitivity, "internal data", Internal, "nothing was said of regulated or confidential data")
		return Internal
	}
}

func (c *completion) money() {
	w := &c.w
	if w.HorizonMonths <= 0 {
		w.HorizonMonths = 12
		c.assume(FieldHorizon, "12 months", 12, "prices and models change too fast to commit for longer")
	}
}

// check refuses a workload outside what the engine can answer for. The messages name the field and a value that works.
func check(w Workload) error {
	switch {
	case w.QueriesPerMonth > maxQueries || w.QueriesPerMonth != w.QueriesPerMonth:
		return fmt.Errorf("advisor: %s is %g: give a volume up to 1,000,000,000,000 queries a month", FieldQueries, w.QueriesPerMonth)
	case w.Tokens.All > maxQueries*maxTokens || w.Tokens.In > maxQueries*maxTokens || w.Tokens.Out > maxQueries*maxTokens:
		return fmt.Errorf("advisor: %s is out of range: give a number of tokens a month such as 10B", FieldTokens)
	case w.Users > maxQueries:
		return fmt.Errorf("advisor: %s is %g: give a number of people up to 1,000,000,000,000", FieldUsers, w.Users)
	case w.InputTokens > maxTokens:
		return fmt.Errorf("advisor: %s is %d: give at most 10,000,000 tokens a query", FieldInput, w.InputTokens)
	case w.OutputTokens > maxTokens:
		return fmt.Errorf("advisor: %s is %d: give at most 10,000,000 tokens a query", FieldOutput, w.OutputTokens)
	case w.ReasoningTokens != nil && (*w.ReasoningTokens < 0 || *w.ReasoningTokens > maxTokens):
		return fmt.Errorf("advisor: %s is %d: give 0 to 10,000,000 tokens a query", FieldReasoning, *w.ReasoningTokens)
	case w.StreamTokS != nil && !(*w.StreamTokS > 0 && *w.StreamTokS <= maxStream):
		return fmt.Errorf("advisor: %s is %g: give a speed up to 10,000 tokens a second for one reader", FieldStream, *w.StreamTokS)
	case w.Concurrency != nil && !(*w.Concurrency > 0 && *w.Concurrency <= maxConcurrency):
		return fmt.Errorf("advisor: %s is %g: give up to 1,000,000 requests at once", FieldConcurrency, *w.Concurrency)
	case w.HorizonMonths > maxHorizon:
		return fmt.Errorf("advisor: %s is %d: give at most 120 months", FieldHorizon, w.HorizonMonths)
	case w.CachedShare != nil && (*w.CachedShare < 0 || *w.CachedShare > 1):
		return fmt.Errorf("advisor: %s is %g: give a share between 0 and 1", FieldCached, *w.CachedShare)
	case w.GrowthPerMonth != nil && (*w.GrowthPerMonth < -0.5 || *w.GrowthPerMonth > 1):
		return fmt.Errorf("advisor: %s is %g: give a monthly rate between -0.5 and 1 (0.05 is 5 %% a month)", FieldGrowth, *w.GrowthPerMonth)
	}
	return nil
}

func latencyWhy(d time.Duration) string {
	if d >= time.Hour {
		return "nobody waits for a single answer"
	}
	return "how long people or callers wait for a whole answer of this kind"
}

func seconds(d time.Duration) string {
	if d >= time.Hour {
		return strconv.FormatFloat(d.Hours(), 'g', 3, 64) + " h"
	}
	return strconv.FormatFloat(d.Seconds(), 'g', 3, 64) + " s"
}

// people writes a count as people do: 1,200 and 300,000, from a million on 2.5M and 1.2B.
func people(v float64) string {
	switch {
	case v >= 1e9:
		return strconv.FormatFloat(v/1e9, 'g', 3, 64) + "B"
	case v >= 1e6:
		return strconv.FormatFloat(v/1e6, 'g', 3, 64) + "M"
	}
	return grouped(v)
}

// monthly says a number of queries in words: "300k queries a month", "1 query a month".
func monthly(number string) string {
	if number == "1" {
		return "1 query a month"
	}
	return number + " queries a month"
}

// grouped writes a count in full: "1,048,576".
func grouped(v float64) string {
	s := strconv.FormatFloat(v, 'f', 0, 64)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

func sortedUnique[T ~string](in []T) []T {
	out := slices.Clone(in)
	slices.Sort(out)
	return slices.Compact(out)
}

func ptr[T any](v T) *T { return &v }

func clamp(v, lo, hi float64) float64 { return max(lo, min(hi, v)) }
