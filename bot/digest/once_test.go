package digest

import (
	"strings"
	"testing"
	"time"

	"github.com/llmadvise/llmadvise/advisor"
	"github.com/llmadvise/llmadvise/advisor/catalog"
	"github.com/llmadvise/llmadvise/advisor/pricing"
	"github.com/llmadvise/llmadvise/advisor/quantity"
)

func costs(usd float64) quantity.Estimate { return quantity.Exact(usd) }

// TestOptionsOfNearlyTheSameCostDoNotChangePlaces lets another option win by a little, by more, and by enough.
func TestOptionsOfNearlyTheSameCostDoNotChangePlaces(t *testing.T) {
	advice := func(a, b float64) advisor.Advice {
		adv := advisor.Advice{Workload: advisor.Workload{HorizonMonths: 12}, Options: []advisor.Option{
			{ID: "a", Name: "A", Path: advisor.PathHostedOpen, Monthly: costs(a), TCO: costs(12 * a), Feasible: true},
			{ID: "b", Name: "B", Path: advisor.PathAPI, Monthly: costs(b), TCO: costs(12 * b), Feasible: true},
		}}
		adv.Recommendation = advisor.Recommendation{Option: "a", Path: advisor.PathHostedOpen, RunnerUp: "b"}
		if b < a {
			adv.Recommendation = advisor.Recommendation{Option: "b", Path: advisor.PathAPI, RunnerUp: "a"}
		}
		return adv
	}
	cat := catalog.Default()
	w := Watch{ID: "w", Threshold: Threshold{Share: 0.05, USD: 20}}
	w.Tell(StandingOf(w, advice(1000, 1100), cat))
	for _, c := range []struct {
		a, b    float64
		flipped bool
		lead    string
	}{
		{1000, 990, false, "B"},
		{1000, 960, false, "B"}, // 40 a month: over the floor, under 5 %
		{1000, 1010, false, ""},
		{1000, 940, true, ""},
	} {
		now := StandingOf(w, advice(c.a, c.b), cat)
		lead := ""
		if now.Lead != nil {
			lead = now.Lead.Option
		}
		if m := w.Moved(now); m.Any() != c.flipped || lead != c.lead {
			t.Errorf("%v against %v: %+v, ahead %q", c.a, c.b, m, lead)
		}
	}
	gone := advice(1000, 990)
	gone.Options[0].Feasible = false
	if now := StandingOf(w, gone, cat); !w.Moved(now).Flipped {
		t.Error("an option that no longer qualifies was kept")
	}
}

// feed is a snapshot of one feed with the prices of a model of the catalog and of one that it does not know.
func feed(t *testing.T, last *pricing.Snapshot, at time.Time, prices map[string]float64) *pricing.Snapshot {
	t.Helper()
	f := &pricing.Feed{Shape: pricing.LLMPrices}
	for model, usd := range prices {
		provider, model, _ := strings.Cut(model, "/")
		f.Entries = append(f.Entries, pricing.Entry{Provider: provider, Model: model, Prices: map[string]pricing.Price{
			"input": {USD: usd, Unit: pricing.PerMTok}, "output": {USD: 4 * usd, Unit: pricing.PerMTok},
		}})
	}
	st, err := pricing.Accept(last.State("llm-prices"), f, "llm-prices", at)
	if err != nil {
		t.Fatal(err)
	}
	return last.With(*st)
}

// TestWhatWasToldIsNotToldAgain follows moves, arrivals, departures and doubts over three digests.
func TestWhatWasToldIsNotToldAgain(t *testing.T) {
	at := time.Date(2026, 7, 20, 0, 0, 0, 0, time.UTC)
	first := feed(t, nil, at, map[string]float64{"openai/gpt-4.1": 2, "acme/old-one": 1, "acme/steady": 1, "acme/wild": 1})
	second := feed(t, first, at.AddDate(0, 0, 7), map[string]float64{"openai/gpt-4.1": 1.5, "acme/new-one": 3, "acme/steady": 1, "acme/wild": 50})
	third := feed(t, second, at.AddDate(0, 0, 14), map[string]float64{"openai/gpt-4.1": 1.5, "acme/new-one": 3, "acme/steady": 1, "acme/wild": 50})
	under := func(s *pricing.Snapshot, d catalog.Date) *catalog.Catalog {
		return pricing.Apply(s, catalog.Default(), d).Catalog
	}
	w := watch(t, "support-bot", "300k queries, HIPAA", under(first, date("2026-07-20")))
	in := Input{Period: "2026-07-27T09:00", Since: date("2026-07-20"), Old: under(first, date("2026-07-20")), New: under(second, date("2026-07-27")), OldFeeds: first, NewFeeds: second, Watches: []Watch{w}}
	d := compose(t, in)
	all := strings.Join(texts(d.Document), "\n")
	for _, want := range []string{"GPT-4.1 on OpenAI | $2 → $1.50 (-25 %) | $8 → $6 (-25 %)", "New new-one ($3 in, $12 out)", "Gone from the lists old-one", "wild on acme output $4 → $200"} {
		if !strings.Contains(all, want) {
			t.Errorf("no %q in\n%s", want, all)
		}
	}
	again := compose(t, Input{Period: "2026-08-03T09:00", Since: date("2026-07-27"), Old: in.New, New: under(third, date("2026-08-03")), OldFeeds: second, NewFeeds: third, Watches: d.Told})
	if !again.Quiet || len(again.Document.Sections) != 0 {
		t.Errorf("told again: %q", texts(again.Document))
	}
	failed := third.WithProblem("llm-prices", "HTTP 503", at.AddDate(0, 0, 15))
	down := compose(t, Input{Period: "2026-08-10T09:00", Since: date("2026-08-03"), Old: in.New, New: in.New, OldFeeds: third, NewFeeds: failed, Watches: d.Told})
	if all := strings.Join(texts(down.Document), "\n"); down.Quiet || !strings.Contains(all, "none of 1 fresh; llm-prices failed (HTTP 503); its last good prices stay") {
		t.Errorf("a feed that fails: %q", all)
	}
	if still := compose(t, Input{Period: "2026-08-17T09:00", Old: in.New, New: in.New, OldFeeds: failed, NewFeeds: failed, Watches: d.Told}); !still.Quiet {
		t.Error("a failure that was told is told again")
	}
}

// TestAnnouncedPriceIsToldOnItsDay holds a price that was named beforehand.
func TestAnnouncedPriceIsToldOnItsDay(t *testing.T) {
	c := *catalog.Default()
	c.Offers = nil
	var name string
	for _, o := range catalog.Default().Offers {
		if name == "" && o.Rates.Input != nil && len(o.Conditions)+len(o.Tiers) == 0 {
			name = offerName(o)
			dearer := *o.Rates.Input * 1.5
			o.Conditions = []catalog.Condition{{From: date("2026-09-01"), Rates: catalog.Rates{Input: &dearer, Output: o.Rates.Output}}}
		}
		c.Offers = append(c.Offers, o)
	}
	cat := catalog.New(c)
	snap := &pricing.Snapshot{}
	for _, step := range []struct {
		since, now string
		moves      int
	}{{"2026-08-17", "2026-08-24", 0}, {"2026-08-24", "2026-09-07", 1}, {"2026-09-07", "2026-09-14", 0}} {
		d := compose(t, Input{Period: Period(step.now + "T09:00"), Since: date(step.since), Old: pricing.Hold(cat, date(step.since)), New: pricing.Hold(cat, date(step.now)), OldFeeds: snap, NewFeeds: snap})
		got := 0
		for _, s := range d.Document.Sections {
			for i := 0; s.Kind == KindMovers && i < len(s.Table.Rows); i++ {
				if s.Table.Rows[i][0] == name {
					got++
				}
			}
		}
		if got != step.moves {
			t.Errorf("from %s to %s: %d moves, want %d: %q", step.since, step.now, got, step.moves, texts(d.Document))
		}
	}
}

// TestNamedModelThatEnds warns of a model that the scenario names, though another is recommended.
func TestNamedModelThatEnds(t *testing.T) {
	cat := catalog.Default()
	w := watch(t, "pinned", "300k queries, compare gpt-4.1 and gpt-4.1-mini", cat)
	if len(w.Workload.Models) != 2 {
		t.Fatalf("the request names %v", w.Workload.Models)
	}
	var other string
	for _, m := range w.Workload.Models {
		if m != w.Told.ModelID {
			other = m
		}
	}
	c := *cat
	c.Offers = append([]catalog.Offer(nil), cat.Offers...)
	for i := range c.Offers {
		if c.Offers[i].ModelID == other {
			c.Offers[i].Deprecated = true
		}
	}
	in := Input{Period: "2026-07-27T09:00", Old: cat, New: catalog.New(c), Watches: []Watch{w}}
	d := compose(t, in)
	if !strings.Contains(d.Document.Title, "is deprecated; next best is") || d.Moved != 1 {
		t.Errorf("%q", d.Document.Title)
	}
	in.Watches, in.Old = d.Told, in.New
	if again := compose(t, in); again.Moved != 0 {
		t.Errorf("told again: %q", again.Document.Title)
	}
}
