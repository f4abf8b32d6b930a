package evaluate

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/llmadvise/llmadvise/corpus"
	"github.com/llmadvise/llmadvise/knowledge"
)

// says answers each question with what the map holds.
type says map[string]knowledge.Answer

func (s says) Answer(_ context.Context, q knowledge.Question, _ knowledge.Stream) (knowledge.Answer, error) {
	a, ok := s[q.Text]
	if !ok {
		return a, errors.New("unknown question")
	}
	return a, nil
}

func cites(docs ...string) (out []knowledge.Citation) {
	for i, d := range docs {
		out = append(out, knowledge.Citation{N: i + 1, Document: d})
	}
	return out
}

func TestAnswersAreCountedAsTheyAre(t *testing.T) {
	qs := []corpus.Question{
		{ID: "1", Text: "good", Sources: []string{"a"}, Facts: []string{"25|twenty-five"}},
		{ID: "2", Text: "invents", Sources: []string{"a"}, Facts: []string{"25"}},
		{ID: "3", Text: "declined wrongly", Sources: []string{"a"}},
		{ID: "4", Text: "weather"},
		{ID: "5", Text: "president"},
	}
	a := says{
		"good":             {Text: "It costs $25 [1].", Citations: cites("a"), Composed: true},
		"invents":          {Text: "It costs 2,500 [1] or 2 [1].", Citations: cites("b"), Withheld: 3},
		"declined wrongly": {Text: "I don't know.", Abstained: true, Composed: true},
		"weather":          {Text: "I don't know.", Abstained: true, Composed: true},
		"president":        {Text: "There are 7 [1].", Citations: cites("a")},
	}
	text := func(id string) string { return map[string]string{"a": "costs $25", "b": "costs 25"}[id] }
	got, err := Answer(t.Context(), a, qs, text)
	if err != nil {
		t.Fatal(err)
	}
	want := Answers{Questions: 5, Answerable: 3, AbstentionPrecision: 0.5, AbstentionRecall: 0.5, CitationPrecision: 0.5, CitationRecall: 1. / 3,
		Facts: 0.5, Numbers: 4, Ungrounded: 3, Withheld: 3, Composed: 1}
	var whys []string
	for _, m := range got.Misses {
		whys = append(whys, m.ID+" "+m.Why)
	}
	got.Misses, got.P50ms, got.P95ms = nil, 0, 0
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for _, w := range []string{"2 ungrounded 2,500", "2 cites none of a", "2 does not state 25", "3 declined", "5 answered without a source", "5 ungrounded 7"} {
		if !strings.Contains(strings.Join(whys, "\n"), w) {
			t.Errorf("no miss %q in %q", w, whys)
		}
	}
}

func TestComputedFiguresGroundNumbers(t *testing.T) {
	qs := []corpus.Question{{ID: "1", Text: "how much?", Sources: []string{"a"}}}
	run := Run{Text: func(string) string { return "" }, Prepare: func(_ context.Context, q knowledge.Question) (knowledge.Question, func() []string) {
		return q, func() []string { return []string{"about $324 a month"} }
	}}
	a := says{"how much?": {Text: "About $324 a month, 1,000 at most.", Citations: cites("a")}}
	got, err := run.Judge(t.Context(), a, qs)
	if err != nil || len(got) != 1 || !cmp.Equal(got[0].Ungrounded, []string{"1,000"}) {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestDoneEndsARun(t *testing.T) {
	qs := []corpus.Question{{ID: "1", Text: "a"}, {ID: "2", Text: "b"}}
	enough := errors.New("enough")
	got, err := Run{Text: func(string) string { return "" }, Done: func(Judged) error { return enough }}.Judge(t.Context(), says{"a": {}, "b": {}}, qs)
	if !errors.Is(err, enough) || len(got) != 1 {
		t.Errorf("%d judged, %v", len(got), err)
	}
}

func TestRetrievalCountsADocumentOnce(t *testing.T) {
	var r Retrieval
	r.add(documents([]knowledge.Passage{{Document: "x"}, {Document: "x"}, {Document: "a"}}), []string{"a"})
	if r.Recall1 != 0 || r.Recall3 != 1 || r.Recall10 != 1 || r.MRR10 != 0.5 {
		t.Errorf("%+v", r)
	}
}
