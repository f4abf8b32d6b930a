package index

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/llmadvise/llmadvise/knowledge"
)

func TestAskedQuestionsSurviveTheJournal(t *testing.T) {
	e := &entry{seq: 3, vectors: [][]float32{{1, 0}, {0, 1}}, doc: knowledge.Document{ID: "a", Chunks: []knowledge.Chunk{
		{ID: "a@1", Heading: []string{"H"}, Text: "one", Asked: []string{"why?", "how?"}}, {ID: "a@2", Text: "two"},
	}}}
	r, err := decode(encodePut(nil, e), 2)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(e.doc, r.put.doc); diff != "" {
		t.Error(diff)
	}
	if r.seq != 3 || !cmp.Equal(r.put.vectors, e.vectors) {
		t.Errorf("%d, %v", r.seq, r.put.vectors)
	}
	for n := range encodePut(nil, e) {
		if _, err := decode(encodePut(nil, e)[:n], 2); err == nil {
			t.Fatalf("the first %d bytes pass for a record", n)
		}
	}
}
