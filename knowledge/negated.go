package knowledge

import "regexp"

// Questions for what speaks against a thing: "when should I not self-host?", "why shouldn't we use an API?", "when not to fine-tune?".
// Whoever asks why a thing is not so asks something else.
var negated = []*regexp.Regexp{
	regexp.MustCompile(`(?i)^\s*(?:so |and |but )?(?:when|why|where) (?:should|would|must) (?:i|we|you|one|a team|somebody|anybody) (?:not|never) (.+?)\??\s*$`),
	regexp.MustCompile(`(?i)^\s*(?:so |and |but )?(?:when|why|where) (?:should|would)(?:n't|n’t| not) (?:i|we|you|one|a team|somebody|anybody) (.+?)\??\s*$`),
	regexp.MustCompile(`(?i)^\s*(?:so |and |but )?(?:when|why) not to (.+?)\??\s*$`),
}

// positive says a negated question in the words of sections that speak against a thing: "not" is no word to find them by, and without it
// the question is that for what speaks for it.
func positive(question string) string {
	for _, re := range negated {
		if m := re.FindStringSubmatch(question); m != nil {
			return "What speaks against it, what are the downsides: " + m[1] + "?"
		}
	}
	return question
}
