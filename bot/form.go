package bot

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/llmadvise/llmadvise/advisor"
	"github.com/llmadvise/llmadvise/advisor/catalog"
	"github.com/llmadvise/llmadvise/advisor/report"
	"github.com/llmadvise/llmadvise/bot/render"
)

// card is what stands behind an advice's buttons.
type card struct {
	Request   advisor.Workload // as asked, before defaults
	Completed advisor.Workload
	Document  report.Document
	Question  string // of an answer's buttons; the answer itself is in Answer
	Answer    string
	Channel   string
}

func (b *Bot) loadCard(ctx context.Context, id string) (card, error) {
	var c card
	err := b.store.LoadCard(ctx, id, &c)
	return c, err
}

// field is one input of the form.
type field struct {
	id                       advisor.Field
	label, hint, placeholder string
	choices                  []render.Choice
	multi                    bool
	value                    func(advisor.Workload) string
	clear                    func(*advisor.Workload)
}

func choices(pairs ...string) []render.Choice {
	var out []render.Choice
	for i := 0; i+1 < len(pairs); i += 2 {
		out = append(out, render.Choice{Value: pairs[i], Label: pairs[i+1]})
	}
	return out
}

// fields of the form, in the order in which they matter. Every value is one that Advisor.Set reads back.
var fields = []field{
	{id: advisor.FieldQueries, label: "Queries", hint: "A month, or with a unit: 300k, 2.5M/day, 10 qps.", placeholder: "300k",
		value: func(w advisor.Workload) string { return number(w.QueriesPerMonth) },
		clear: func(w *advisor.Workload) {
			w.QueriesPerMonth, w.QueriesLow, w.QueriesHigh, w.PeakQPS, w.Tokens = 0, 0, 0, nil, advisor.Tokens{}
		}},
	{id: advisor.FieldTask, label: "Task", choices: choices("chat", "Chat", "rag", "Answers from documents (RAG)", "summarization", "Summarization",
		"classification", "Classification", "extraction", "Extraction", "coding", "Coding", "reasoning", "Reasoning", "agent", "Agent", "batch", "Batch"),
		value: func(w advisor.Workload) string { return string(w.Task) }, clear: func(w *advisor.Workload) { w.Task = "" }},
	{id: advisor.FieldInput, label: "Input tokens per query", placeholder: "1200",
		value: func(w advisor.Workload) string { return number(float64(w.InputTokens)) }, clear: func(w *advisor.Workload) { w.InputTokens = 0 }},
	{id: advisor.FieldOutput, label: "Output tokens per query", placeholder: "300",
		value: func(w advisor.Workload) string { return number(float64(w.OutputTokens)) }, clear: func(w *advisor.Workload) { w.OutputTokens = 0 }},
	{id: advisor.FieldLatency, label: "Latency, p95, seconds", hint: "From request to last word, for 95 of 100 queries.", placeholder: "5",
		value: func(w advisor.Workload) string { return number(w.LatencyP95.Seconds()) }, clear: func(w *advisor.Workload) { w.LatencyP95 = 0 }},
	{id: advisor.FieldTTFT, label: "First token within, seconds", hint: "For answers that are read as they come.", placeholder: "0.5",
		value: func(w advisor.Workload) string { return number(w.TTFT.Seconds()) }, clear: func(w *advisor.Workload) { w.TTFT = 0 }},
	{id: advisor.FieldCompliance, label: "Rules", multi: true, choices: choices("HIPAA", "HIPAA", "GDPR", "GDPR", "PCI-DSS", "PCI-DSS", "SOC2", "SOC 2",
		"EU-AI-ACT", "EU AI Act", "ISO27001", "ISO 27001", "FEDRAMP", "FedRAMP", "CCPA", "CCPA"),
		value: regimes, clear: func(w *advisor.Workload) { w.Compliance = nil }},
	{id: advisor.FieldSensitivity, label: "Data", choices: choices("public", "Public", "internal", "Internal", "confidential", "Confidential", "regulated", "Regulated"),
		value: func(w advisor.Workload) string { return string(w.Sensitivity) }, clear: func(w *advisor.Workload) { w.Sensitivity = "" }},
	{id: advisor.FieldNoEgress, label: "May a vendor process the data?", choices: choices("false", "Yes, under contract", "true", "No, it may not leave"),
		value: func(w advisor.Workload) string { return boolean(w.NoDataLeaves) }, clear: func(w *advisor.Workload) { w.NoDataLeaves = nil }},
	{id: advisor.FieldMLTeam, label: "People who run models", choices: choices("none", "None", "some", "Some", "dedicated", "A dedicated team"),
		value: func(w advisor.Workload) string { return string(w.MLTeam) }, clear: func(w *advisor.Workload) { w.MLTeam = "" }},
	{id: advisor.FieldQuality, label: "Quality needed", choices: choices("standard", "Good open models suffice", "frontier", "The best there is"),
		value: func(w advisor.Workload) string { return string(w.Quality) }, clear: func(w *advisor.Workload) { w.Quality = "" }},
	{id: advisor.FieldToday, label: "What you use today", hint: "Models and vendors, to compare with.", placeholder: "gpt-4.1, openai",
		value: func(w advisor.Workload) string { return strings.Join(w.Today, ", ") }, clear: func(w *advisor.Workload) { w.Today = nil }},
	{id: advisor.FieldSpend, label: "What you pay for it, USD a month", placeholder: "18000",
		value: func(w advisor.Workload) string { return pointer(w.SpendUSDMonth) }, clear: func(w *advisor.Workload) { w.SpendUSDMonth = nil }},
	{id: advisor.FieldRented, label: "Cards you rent for it today", placeholder: "8x H100",
		value: func(w advisor.Workload) string { return held(w.Rented) }, clear: func(w *advisor.Workload) { w.Rented = nil }},
	{id: advisor.FieldExcluded, label: "What to leave out", hint: "Models, vendors and cards.", placeholder: "deepseek-r1, openai",
		value: func(w advisor.Workload) string { return strings.Join(w.Excluded, ", ") }, clear: func(w *advisor.Workload) { w.Excluded = nil }},
	{id: advisor.FieldOwned, label: "Cards you have", placeholder: "4x A100",
		value: func(w advisor.Workload) string { return held(w.Owned) }, clear: func(w *advisor.Workload) { w.Owned = nil }},
	{id: advisor.FieldBudget, label: "Budget, USD a month", placeholder: "5000",
		value: func(w advisor.Workload) string { return pointer(w.BudgetUSDMonth) }, clear: func(w *advisor.Workload) { w.BudgetUSDMonth = nil }},
	{id: advisor.FieldEngineer, label: "What an engineer costs, USD a month", hint: "With overheads; $16,250 is assumed.", placeholder: "16250",
		value: func(w advisor.Workload) string { return pointer(w.EngineerUSDMonth) }, clear: func(w *advisor.Workload) { w.EngineerUSDMonth = nil }},
	{id: advisor.FieldHorizon, label: "Horizon, months", placeholder: "12",
		value: func(w advisor.Workload) string { return number(float64(w.HorizonMonths)) }, clear: func(w *advisor.Workload) { w.HorizonMonths = 0 }},
}

func number(f float64) string {
	if f == 0 || math.IsNaN(f) || math.IsInf(f, 0) {
		return ""
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}

func pointer(f *float64) string {
	if f == nil {
		return ""
	}
	return strconv.FormatFloat(*f, 'f', -1, 64)
}

func boolean(p *bool) string {
	if p == nil {
		return ""
	}
	return strconv.FormatBool(*p)
}

func held(cards []advisor.Held) string {
	var out []string
	for _, h := range cards {
		out = append(out, fmt.Sprintf("%dx %s", h.Count, h.GPU))
	}
	return strings.Join(out, ", ")
}

func regimes(w advisor.Workload) string {
	var out []string
	for _, r := range w.Compliance {
		out = append(out, string(r))
	}
	return strings.Join(out, ",")
}

// formInputs prefills the form: what was said, and what was assumed, marked as such.
func formInputs(c card) []render.Input {
	out := make([]render.Input, 0, len(fields))
	for _, f := range fields {
		_, said := c.Request.Said[f.id]
		said = said || f.value(c.Request) != ""
		v := f.value(c.Completed)
		out = append(out, render.Input{
			ID: string(f.id), Label: f.label, Hint: f.hint, Placeholder: f.placeholder, Value: v,
			Choices: f.choices, Multi: f.multi, Assumed: !said && v != "",
		})
	}
	return out
}

// readForm applies a submitted form to the request that it was opened from. An input that still holds its prefilled
// value stays as it was, said or assumed; one that was emptied is assumed anew. problems are by input.
func (b *Bot) readForm(ctx context.Context, env envelope) (w advisor.Workload, problems map[string]string) {
	c, _ := b.loadCard(ctx, env.Meta.Card) // without a card the form was empty
	w = c.Request
	problems = map[string]string{}
	for _, f := range fields {
		values, shown := env.Form[string(f.id)]
		slices.Sort(values)
		v := strings.Join(values, ",")
		if !shown || v == sorted(f, f.value(c.Completed)) {
			continue
		}
		f.clear(&w)
		delete(w.Said, f.id)
		if v == "" {
			continue
		}
		if err := b.setField(&w, f.id, v); err != nil {
			problems[string(f.id)] = render.Cut(render.Clean(err.Error()), 150)
		}
	}
	if !w.StatesLoad() && problems[string(advisor.FieldQueries)] == "" {
		problems[string(advisor.FieldQueries)] = "How many queries a month? For example 300k."
	}
	return w, problems
}

func sorted(f field, v string) string {
	if !f.multi || v == "" {
		return v
	}
	parts := strings.Split(v, ",")
	slices.Sort(parts)
	return strings.Join(parts, ",")
}

// setField reads one input: choices here, everything that is typed through the intake.
func (b *Bot) setField(w *advisor.Workload, id advisor.Field, v string) error {
	switch id {
	case advisor.FieldTask:
		w.Task = advisor.Task(v)
	case advisor.FieldSensitivity:
		w.Sensitivity = advisor.Sensitivity(v)
	case advisor.FieldMLTeam:
		w.MLTeam = advisor.MLTeam(v)
	case advisor.FieldQuality:
		w.Quality = advisor.Quality(v)
	case advisor.FieldNoEgress:
		no := v == "true"
		w.NoDataLeaves = &no
	case advisor.FieldCompliance:
		for _, r := range strings.Split(v, ",") {
			w.Compliance = append(w.Compliance, catalog.Regime(r))
		}
	case advisor.FieldLatency:
		s, err := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(v), "s"), 64)
		if err != nil || s <= 0 || s > 86400 {
			return fmt.Errorf("%q is not a number of seconds: write for example 5 or 0.8", v)
		}
		w.LatencyP95 = time.Duration(s * float64(time.Second))
	default:
		if err := b.deps.Advisor.Set(w, string(id)+"="+v); err != nil {
			return err
		}
	}
	if w.Said == nil {
		w.Said = map[advisor.Field]string{}
	}
	w.Said[id] = strings.ReplaceAll(v, ",", ", ")
	return nil
}
