package knowledge

import (
	"regexp"
	"strings"

	"github.com/llmadvise/llmadvise/knowledge/ground"
)

// reOpenEnd is a sentence that breaks off: the model ran out of tokens.
var reOpenEnd = regexp.MustCompile(`(?i)\b(?:a|an|the|of|to|is|are|was|be|says?|said|and|or|that|in|for|with|by|not|than|as|from)$`)

// maxRepeats is how often one word may stand in a sentence; a small model that has lost its thread says it on and on.
const maxRepeats = 4

// garbled reports a sentence that no reader can use although every number in it has a source: a row torn out of a table,
// a word said over and over, the head of a source read out, a sentence without an end or without a subject of its own.
func garbled(sentence string, ps []Passage) bool {
	s := strings.TrimSpace(reCite.ReplaceAllString(sentence, ""))
	if strings.Count(s, "|") >= 2 || reOpenEnd.MatchString(s) {
		return true
	}
	seen := make(map[string]int)
	for _, w := range ground.Words(s) {
		if w = strings.Trim(w, ".-%$"); len(w) > 3 {
			if seen[w]++; seen[w] >= maxRepeats {
				return true
			}
		}
	}
	for _, p := range ps {
		if h := headingOf(p); h != p.Title && strings.Contains(s, p.Title+", "+h) {
			return true
		}
	}
	return len(ground.Quantities(s)) == 0 && allGeneral(s)
}

// allGeneral reports whether no word of s names a subject.
func allGeneral(s string) bool {
	for t := range ground.Terms(s) {
		if !general[t] {
			return false
		}
	}
	return true
}
