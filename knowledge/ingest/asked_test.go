package ingest

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAskedQuestionsGoWithTheirSection(t *testing.T) {
	long := strings.Repeat("x", maxAskedBytes+1)
	d := parse(t, "a.md", "# T\n\n## Prices\n<!-- asked: how much? |  what does\n it cost? | "+long+" | -->\nIt costs $5.\n\n## Terms\n<!-- a note | to editors -->\nPay at once.\n")
	if len(d.Chunks) != 2 {
		t.Fatalf("%+v", d.Chunks)
	}
	if diff := cmp.Diff([]string{"how much?", "what does it cost?"}, d.Chunks[0].Asked); diff != "" {
		t.Error(diff)
	}
	if d.Chunks[0].Text != "It costs $5." || d.Chunks[1].Asked != nil || d.Chunks[1].Text != "Pay at once." {
		t.Errorf("%+v", d.Chunks)
	}
}

func TestAskedQuestionsAreBounded(t *testing.T) {
	d := parse(t, "a.md", "# T\n<!-- asked: "+strings.Repeat("why? | ", 100)+"-->\nSo.\n")
	if n := len(d.Chunks[0].Asked); n != maxAsked {
		t.Errorf("%d questions", n)
	}
}
