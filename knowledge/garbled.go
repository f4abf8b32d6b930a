package knowledge

import (
	"regexp"
	"slices"
	"strings"
	"sync"

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
	if fragment(s, ps) || circles(s) && !quotes(s, ps) || echoesRules(s) {
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

// fragment reports words without an end that are no sentence: too few to say anything, or the head of a source with its
// date read out.
func fragment(s string, ps []Passage) bool {
	if reFinished.MatchString(s) || strings.HasSuffix(s, ":") {
		return false
	}
	if len(ground.Terms(s))+len(ground.Quantities(s)) < 3 {
		return true
	}
	return slices.ContainsFunc(ps, func(p Passage) bool {
		return p.Date != "" && strings.HasSuffix(strings.TrimRight(s, " )*_"), p.Date)
	})
}

// circles reports a sentence that goes round in a circle: three words that stand in it twice, or a thing that is itself.
func circles(s string) bool {
	words := plainWords(s)
	seen := make(map[string]bool)
	for i := range len(words) - 2 {
		three := strings.Join(words[i:i+3], " ")
		if seen[three] {
			return true
		}
		seen[three] = true
	}
	is := slices.IndexFunc(words, func(w string) bool { return w == "is" || w == "are" || w == "means" })
	return is > 0 && len(words) >= 2*is+1 && slices.Equal(words[:is], words[is+1:2*is+1])
}

// quotes reports whether s stands in the passages word by word.
func quotes(s string, ps []Passage) bool {
	said := strings.Join(plainWords(s), " ")
	return slices.ContainsFunc(ps, func(p Passage) bool { return strings.Contains(strings.Join(plainWords(p.Text), " "), said) })
}

// rules are the terms of each sentence of the prompt's own text.
var rules = sync.OnceValue(func() (out []map[string]bool) {
	for _, s := range ground.Sentences(system) {
		if t := ground.Terms(s); len(t) > 0 {
			out = append(out, t)
		}
	}
	return out
})

// echoesRules reports whether s says what the prompt says, which no reader asked for.
func echoesRules(s string) bool {
	terms := ground.Terms(s)
	return len(terms) > 0 && slices.ContainsFunc(rules(), func(r map[string]bool) bool {
		return ground.Overlap(terms, r) >= 0.8
	})
}

// plainWords are the words of s in lower case, without their marks.
func plainWords(s string) []string {
	words := ground.Words(s)
	for i, w := range words {
		words[i] = strings.Trim(w, ".-%$'’")
	}
	return slices.DeleteFunc(words, func(w string) bool { return w == "" })
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
