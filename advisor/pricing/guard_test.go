package pricing

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

// genai writes a feed in the shape of genai-prices with one model whose prices are the given JSON.
func genai(prices string) string {
	return `[{"id":"acme","name":"Acme","models":[{"id":"m1","match":{"equals":"m1"},"prices":` + prices + `},
	{"id":"m2","match":{"equals":"m2"},"prices":{"input_mtok":1,"output_mtok":4}}]}]`
}

// litellm is the same in the shape of LiteLLM; prices are members of the model's object.
func litellm(prices string) string {
	return `{"m1":{"litellm_provider":"acme","mode":"chat",` + prices + `},"m2":{"litellm_provider":"acme","input_cost_per_token":1e-06,"output_cost_per_token":4e-06}}`
}

func read(t testing.TB, text string) *Feed {
	t.Helper()
	f, err := Read([]byte(text), "acme")
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return f
}

// Poisoned feeds: no bad price takes the place of a good one, each is reported with why, and the rest is read.
func TestPoisonedPricesAreQuarantined(t *testing.T) {
	for _, tt := range []struct{ name, genai, lite, why string }{
		{"a thousand times", `{"input_mtok":2000,"output_mtok":8}`, `"input_cost_per_token":2e-03,"output_cost_per_token":8e-06`, "1,000 times the last price"},
		{"a thousandth", `{"input_mtok":0.002,"output_mtok":8}`, `"input_cost_per_token":2e-09,"output_cost_per_token":8e-06`, "below the last price"},
		{"zero", `{"input_mtok":0,"output_mtok":8}`, `"input_cost_per_token":0,"output_cost_per_token":8e-06`, "zero"},
		{"negative", `{"input_mtok":-2,"output_mtok":8}`, `"input_cost_per_token":-2e-06,"output_cost_per_token":8e-06`, "negative"},
		{"not a number", `{"input_mtok":NaN,"output_mtok":8}`, `"input_cost_per_token":NaN,"output_cost_per_token":8e-06`, "not a number"},
		{"infinite", `{"input_mtok":-Infinity,"output_mtok":8}`, `"input_cost_per_token":Infinity,"output_cost_per_token":8e-06`, "not a number"},
		{"too large for a float", `{"input_mtok":1e999,"output_mtok":8}`, `"input_cost_per_token":1e999,"output_cost_per_token":8e-06`, "not a number"},
		{"a string", `{"input_mtok":"2","output_mtok":8}`, `"input_cost_per_token":"2e-06","output_cost_per_token":8e-06`, "not a number"},
		{"null", `{"input_mtok":null,"output_mtok":8}`, `"input_cost_per_token":true,"output_cost_per_token":8e-06`, "not a number"},
		{"an object", `{"input_mtok":{"price":3},"output_mtok":8}`, `"input_cost_per_token":[3],"output_cost_per_token":8e-06`, "not a number"},
		{"named twice", `{"input_mtok":2,"input_mtok":3,"output_mtok":8}`, `"input_cost_per_token":2e-06,"input_cost_per_token":3e-06,"output_cost_per_token":8e-06`, "twice"},
	} {
		for shape, feeds := range map[Shape][2]string{
			GenAIPrices: {genai(`{"input_mtok":2,"output_mtok":8}`), genai(tt.genai)},
			LiteLLM:     {litellm(`"input_cost_per_token":2e-06,"output_cost_per_token":8e-06`), litellm(tt.lite)},
		} {
			t.Run(fmt.Sprintf("%s/%s", shape, tt.name), func(t *testing.T) {
				old, new := read(t, feeds[0]), read(t, feeds[1])
				r, err := Diff(old, new)
				if err != nil {
					t.Fatal(err)
				}
				if len(r.Changes) != 0 || len(r.Quarantined) != 1 {
					t.Fatalf("changes %+v, quarantined %+v", r.Changes, r.Quarantined)
				}
				q := r.Quarantined[0]
				if !strings.Contains(q.Why, tt.why) || q.Old != 2.0 || *q.Field != "input" {
					t.Errorf("quarantined %+v, want the old price 2 and why %q", q, tt.why)
				}
				if _, err := json.Marshal(r); err != nil {
					t.Errorf("the report is no JSON: %v", err)
				}
				day := time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)
				first, err := Accept(nil, old, "feed", day)
				if err != nil {
					t.Fatal(err)
				}
				second, err := Accept(first, new, "feed", day.AddDate(0, 0, 7))
				if err != nil {
					t.Fatal(err)
				}
				if p := second.Entries[0].Prices["input"]; p.USD != 2 || p.Since.String() != "2026-07-01" || len(second.Quarantined) != 1 {
					t.Errorf("after the poison the price is %+v, quarantined %+v", p, second.Quarantined)
				}
			})
		}
	}
}

// Files that are no feed are refused with a reason, and never crash.
func TestFilesThatAreNoFeed(t *testing.T) {
	whole := genai(`{"input_mtok":2,"output_mtok":8}`)
	for name, text := range map[string]string{
		"empty": "", "blank": " \n", "html": "<!doctype html><title>502</title>", "truncated": whole[:len(whole)/2], "null": "null",
		"number": "42", "text": "hello", "empty list": "[]", "empty object": "{}", "other object": `{"a":1}`, "list of numbers": "[1,2]",
		"deep": strings.Repeat("[", 100_000), "half a string": `{"a":"`, "only a sample": `{"sample_spec":{"litellm_provider":"x","input_cost_per_token":1}}`,
	} {
		if f, err := Read([]byte(text), ""); !errors.Is(err, ErrShape) {
			t.Errorf("%s: %+v, %v", name, f, err)
		}
	}
	if _, err := Read([]byte("<html>"), ""); !strings.Contains(err.Error(), "web page") {
		t.Errorf("an error page is not named: %v", err)
	}
	if _, err := Read([]byte(whole[:len(whole)/2]), ""); !strings.Contains(err.Error(), "cut short") {
		t.Errorf("a truncated file is not named: %v", err)
	}
}

func TestFeedThatShrinksOrChangesShapeIsRefused(t *testing.T) {
	old := read(t, genai(`{"input_mtok":2,"output_mtok":8}`))
	first, err := Accept(nil, old, "f", time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Accept(first, read(t, litellm(`"input_cost_per_token":2e-06`)), "f", time.Now()); err == nil {
		t.Error("another shape was accepted")
	}
	small := *old
	small.Entries = nil
	if _, err := Accept(first, &small, "f", time.Now()); err == nil || !strings.Contains(err.Error(), "shrank") {
		t.Errorf("an empty feed: %v", err)
	}
	s := (*Snapshot)(nil).With(*first).WithProblem("f", "HTTP 500", time.Now())
	if st := s.State("f"); st.Problem == "" || len(st.Entries) != 2 {
		t.Errorf("the last good prices are gone: %+v", st)
	}
}

// A model listed twice with equal prices is one model; with others the clash is quarantined.
func TestModelsListedTwice(t *testing.T) {
	const twice = `[{"id":"p","name":"P","models":[{"id":"m","prices":{"input_mtok":1,"output_mtok":2}},{"id":"m","prices":{"input_mtok":%s,"output_mtok":2}}]}]`
	same, other := read(t, fmt.Sprintf(twice, "1")), read(t, fmt.Sprintf(twice, "1.5"))
	if len(same.Entries) != 1 || len(same.Problems) != 1 {
		t.Errorf("%+v", same)
	}
	good, suspects := Guard(same, other)
	if len(suspects) != 1 || good.Entries[0].Prices["input"].USD != 1 {
		t.Errorf("suspects %+v, entry %+v", suspects, good.Entries[0])
	}
}

// A free model's zeros are no poison, and paid fields beside them are judged as ever.
func TestFreeIsNotPoison(t *testing.T) {
	free := read(t, litellm(`"input_cost_per_token":0,"output_cost_per_token":0`))
	if _, suspects := Guard(nil, free); len(suspects) != 0 || !free.Entries[0].Free {
		t.Errorf("suspects %+v, free %v", suspects, free.Entries[0].Free)
	}
	// All at once at zero where the last reading was paid: that is poison, whatever the feed says.
	paid := read(t, litellm(`"input_cost_per_token":2e-06,"output_cost_per_token":8e-06`))
	if _, suspects := Guard(paid, free); len(suspects) != 2 {
		t.Errorf("a model that became free overnight: %+v", suspects)
	}
}

func TestDiffKinds(t *testing.T) {
	old := read(t, `[{"id":"p","name":"P","models":[
		{"id":"gone","prices":{"input_mtok":1}},
		{"id":"kept","prices":{"input_mtok":1,"output_mtok":{"base":2,"tiers":[{"start":200000,"price":3}]},"cache_write_mtok":1.25}},
		{"id":"noise","prices":{"input_mtok":0.30000000000000004}}]}]`)
	new := read(t, `[{"id":"p","name":"P","models":[
		{"id":"come","prices":{"input_mtok":5,"output_mtok":6}},
		{"id":"kept","prices":[{"prices":{"input_mtok":1.5,"output_mtok":{"base":2,"tiers":[{"start":200000,"price":4}]},"cache_read_mtok":0.1}},
			{"constraint":{"start_date":"2027-01-01"},"prices":{"input_mtok":2}}]},
		{"id":"noise","prices":{"input_mtok":0.3}}]}]`)
	r, err := Diff(old, new)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, c := range r.Changes {
		got = append(got, fmt.Sprintf("%s %s %s %v %v", c.Kind, c.Model, fieldOrModel(c.Field), c.Old, c.New))
	}
	want := []string{
		"added come (model) <nil> map[input:5 output:6]",
		"removed gone (model) map[input:1] <nil>",
		"added kept cache_read <nil> 0.1",
		"removed kept cache_write 1.25 <nil>",
		"changed kept input 1 1.5",
		"added kept input@2027-01-01 <nil> 2",
		"changed kept output_above_200k 3 4",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func fieldOrModel(f *string) string {
	if f == nil {
		return "(model)"
	}
	return *f
}

// Since: the day of the first reading that had the price, and a new one from the day it moved.
func TestSinceFollowsThePrice(t *testing.T) {
	day := func(d int) time.Time { return time.Date(2026, 7, d, 9, 0, 0, 0, time.UTC) }
	var s *FeedState
	for i, input := range []string{"2", "2", "2.5", "2.5"} {
		next, err := Accept(s, read(t, genai(`{"input_mtok":`+input+`,"output_mtok":8}`)), "f", day(i+1))
		if err != nil {
			t.Fatal(err)
		}
		s = next
	}
	if in, out := s.Entries[0].Prices["input"].Since, s.Entries[0].Prices["output"].Since; in.String() != "2026-07-03" || out.String() != "2026-07-01" {
		t.Errorf("input since %s, output since %s", in, out)
	}
	b, err := json.Marshal(new(Snapshot).With(*s))
	if err != nil {
		t.Fatal(err)
	}
	var back Snapshot
	if err := json.Unmarshal(b, &back); err != nil {
		t.Fatal(err)
	}
	if again, _ := json.Marshal(back); string(again) != string(b) {
		t.Errorf("a snapshot does not read back:\n%s\n%s", b, again)
	}
}

// What is not prices at all is poison as well: no price goes because of it.
func TestPricesThatAreNoPrices(t *testing.T) {
	good := map[Shape]string{
		GenAIPrices: genai(`{"input_mtok":2,"output_mtok":8}`), LiteLLM: litellm(`"input_cost_per_token":2e-06,"output_cost_per_token":8e-06`),
		OpenRouter: openRouter2,
	}
	for name, tt := range map[string]struct {
		shape Shape
		text  string
	}{
		"prices are text":       {GenAIPrices, genai(`"free"`)},
		"prices are null":       {GenAIPrices, genai(`null`)},
		"prices are a number":   {GenAIPrices, genai(`2`)},
		"a list of numbers":     {GenAIPrices, genai(`[1,2]`)},
		"a list without prices": {GenAIPrices, genai(`[{"price":{}}]`)},
		"a model is null":       {LiteLLM, strings.Replace(litellm(`"x":1`), `{"litellm_provider":"acme","mode":"chat","x":1}`, "null", 1)},
		"a model is text":       {LiteLLM, strings.Replace(litellm(`"x":1`), `{"litellm_provider":"acme","mode":"chat","x":1}`, `"gone"`, 1)},
		"pricing is null":       {OpenRouter, strings.Replace(openRouter2, `{"prompt":"0.000002","completion":"0.000008"}`, "null", 1)},
	} {
		t.Run(name, func(t *testing.T) {
			old, next := read(t, good[tt.shape]), read(t, tt.text)
			r, err := Diff(old, next)
			if err != nil || len(r.Changes) != 0 || len(r.Quarantined) != 2 {
				t.Fatalf("%+v, %v", r, err)
			}
			st, err := Accept(nil, old, "f", time.Unix(0, 0))
			if err != nil {
				t.Fatal(err)
			}
			after, err := Accept(st, next, "f", time.Unix(90000, 0))
			if err != nil || len(after.Entries) != 2 || len(after.Quarantined) != 2 {
				t.Fatalf("%+v, %v", after, err)
			}
			for _, e := range after.Entries {
				if e.Model == "m1" && (e.Prices["input"].USD != 2 || e.Prices["output"].USD != 8 || e.Free) {
					t.Errorf("%+v", e)
				}
			}
		})
	}
}

const openRouter2 = `{"data":[{"id":"m1","pricing":{"prompt":"0.000002","completion":"0.000008"}},{"id":"m2","pricing":{"prompt":"0.000001","completion":"0.000002"}}]}`
