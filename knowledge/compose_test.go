package knowledge

import (
	"strings"
	"testing"
)

// TestYesAnswersOnlyItsOwnQuestion holds that the "yes" of a passage does not become the answer to another question.
func TestYesAnswersOnlyItsOwnQuestion(t *testing.T) {
	p := Passage{Title: "T", Heading: []string{"Can PHI be sent to an API"}, Text: "Yes, PHI may be sent to an API whose vendor has signed a BAA."}
	for question, want := range map[string]bool{
		"Can PHI be sent to an API?":               true,
		"Is it forbidden to send PHI to an API?":   false,
		"Isn't it wrong to send PHI to an API?":    false,
		"Which vendors may PHI be sent to?":        false,
		"Can we keep PHI out of the vendor's BAA?": false,
	} {
		c := newComposer(t.Context(), question, []Passage{p}, nil)
		k, ok := c.next(0)
		if !ok {
			t.Fatalf("%s: no sentence", question)
		}
		got := c.opening(k, true).text
		if strings.HasPrefix(got, "Yes") != want || !strings.Contains(got, "PHI may be sent") {
			t.Errorf("%s: %s", question, got)
		}
	}
}

// TestAFigureIsSaidOnce holds that a sentence that tells a figure again in other words is left out.
func TestAFigureIsSaidOnce(t *testing.T) {
	ps := []Passage{
		{Title: "A", Text: "Deploying an open model takes 2-4 weeks on average, developers say.", Score: 1},
		{Title: "B", Text: "Expect 2-4 weeks to deploy an open model in robust production.", Score: 0.9},
	}
	if got := newComposer(t.Context(), "How long does it take to deploy an open model?", ps, nil).compose(maxComposed); len(got) != 1 {
		t.Errorf("%+v", got)
	}
}

// TestRowsSayWhatTheirFiguresAre holds that a row of a table carries the heading that it stands under.
func TestRowsSayWhatTheirFiguresAre(t *testing.T) {
	p := Passage{Title: "Costs", Heading: []string{"The article's table"}, Text: "It estimates these costs:\n\n| kind | a month |\n|---|---|\n| open model | $300 |\n| GPT-4.1 | $1,200 |"}
	for question, want := range map[string]string{
		"What does an open model cost a month?": "Open model: a month $300 (The article's table).",
		"What does GPT-4.1 cost a month?":       "GPT-4.1: a month $1,200 (The article's table).",
	} {
		k, ok := newComposer(t.Context(), question, []Passage{p}, nil).next(0)
		if !ok || k.text != want {
			t.Errorf("%s: %q", question, k.text)
		}
	}
}
