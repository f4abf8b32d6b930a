package knowledge

import "testing"

func TestPositive(t *testing.T) {
	const against = "What speaks against it, what are the downsides: "
	for q, want := range map[string]string{
		"When should I not self-host?":                  against + "self-host?",
		"Why shouldn't we host our own model?":          against + "host our own model?",
		"why would one never fine-tune":                 against + "fine-tune?",
		"When not to use an API?":                       against + "use an API?",
		"When should I self-host?":                      "When should I self-host?",
		"Why does a 70B model not fit on one 24 GB GPU": "Why does a 70B model not fit on one 24 GB GPU",
		"Why not?": "Why not?",
		"Should we not ask the vendor for a BAA?": "Should we not ask the vendor for a BAA?",
	} {
		if got := positive(q); got != want {
			t.Errorf("%q: %q, want %q", q, got, want)
		}
	}
}
