package knowledge_test

import (
	"strings"
	"testing"

	"github.com/llmadvise/llmadvise/knowledge"
	"github.com/llmadvise/llmadvise/knowledge/ingest"
)

// TestBackgroundDoesNotSilenceDocuments holds that a document about a subject of the background is answered from once it
// is there, and that the same questions are declined without it.
func TestBackgroundDoesNotSilenceDocuments(t *testing.T) {
	x, emb := builtin(t)
	b := knowledge.New(discard(), x, nil, knowledge.Options{Embedder: emb})
	wants := map[string]string{
		"How many vacation days do I have?":         "30 vacation days",
		"What is the password of the office Wi-Fi?": "reception",
		"How do I book a meeting room?":             "room panel",
		"When does the canteen open?":               "11:30",
	}
	for q := range wants {
		if a, err := b.Answer(t.Context(), knowledge.Question{Text: q}, nil); err != nil || !a.Abstained {
			t.Errorf("%s, without a document: %s, %v", q, a.Text, err)
		}
	}
	handbook := "# Office handbook\n\n## Holidays\nEvery employee has 30 vacation days a year.\n\n## Office network\nThe password of the office Wi-Fi hangs at the reception.\n\n" +
		"## Meeting rooms\nBook a meeting room in the calendar or on the room panel beside its door.\n\n## Canteen\nThe canteen opens at 11:30 and closes at 14:00.\n"
	docs := ingest.Walk(oneFile{"handbook.md", handbook}.fs(), "office", nil)
	if _, err := x.Sync(t.Context(), "office", "", docs, nil); err != nil {
		t.Fatal(err)
	}
	for q, want := range wants {
		a, err := b.Answer(t.Context(), knowledge.Question{Text: q}, nil)
		if err != nil || a.Abstained || !strings.Contains(a.Text, want) {
			t.Errorf("%s: %s, %v", q, a.Text, err)
		}
	}
}
