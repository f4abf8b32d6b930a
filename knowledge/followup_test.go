package knowledge_test

import (
	"strings"
	"testing"

	"github.com/llmadvise/llmadvise/knowledge"
)

// TestFollowUpsAnswerAnew holds that a follow-up is answered on the thread's subject and not with what was said already.
func TestFollowUpsAnswerAnew(t *testing.T) {
	x, emb := builtin(t)
	b := knowledge.New(discard(), x, nil, knowledge.Options{Embedder: emb})
	const asked = "How long does it take to deploy an open-source LLM?"
	first, err := b.Answer(t.Context(), knowledge.Question{Text: asked}, nil)
	if err != nil {
		t.Fatal(err)
	}
	thread := []knowledge.Turn{{Text: asked}, {FromBot: true, Text: first.Text}}
	for follow, want := range map[string]string{"and how much does that cost?": "$", "what hardware does it need?": "A100", "and for HIPAA?": "HIPAA"} {
		a, err := b.Answer(t.Context(), knowledge.Question{Text: follow, History: thread}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if a.Abstained || !strings.Contains(a.Text, want) || strings.Contains(a.Text, "2-4 weeks") {
			t.Errorf("%s (read as %q): %s", follow, a.Rewritten, a.Text)
		}
	}
}
