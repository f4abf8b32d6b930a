package knowledge

import (
	"regexp"
	"strings"

	"github.com/llmadvise/llmadvise/knowledge/ground"
)

// kinds are groups of words of which a follow-up names another member in place of the one before: after a question
// about HIPAA, "and GDPR?" asks the same about GDPR.
var kinds = []*regexp.Regexp{
	regexp.MustCompile(`(?i)\b(?:hipaa|phi|baa|health(?:care)? (?:data|records)|gdpr|personal data|pci(?:[- ]dss)?|card (?:data|numbers?)|credit cards?|eu ai act|ai act|soc ?2)\b`),
	regexp.MustCompile(`(?i)\b(?:(?:rtx )?(?:3090|4090|5090)|[ahblv]\d{2,3}s?|l40s|mi300x?|g5\.4xlarge|consumer (?:gpu|card)s?)\b`),
	regexp.MustCompile(`(?i)\b(?:gpt[- ]?[\d.]+(?:[- ]?mini)?|claude(?: opus)?|llama[- ]?\d?[\d.]*(?:-?\d+b)?|mistral(?: 7b)?|mixtral(?: 8x22b)?|deepseek(?:-v3)?|gpt-oss-120b|phi-?\d?|\d+b(?: models?)?)\b`),
	regexp.MustCompile(`(?i)\b(?:\d[\d,.]*\s?[km]?\s+(?:queries|requests)(?:\s+(?:a|per)\s+\w+)?)\b`),
	regexp.MustCompile(`(?i)\b(?:mmlu|swe-?bench|gpqa|coding)\b`),
	regexp.MustCompile(`(?i)\b(?:fp8|fp16|int8|int4|4[- ]bit|8[- ]bit|q4_k_m)\b`),
	regexp.MustCompile(`(?i)\b(?:ttft|tpot|kv cache|vram)\b`),
}

var (
	opener  = regexp.MustCompile(`(?i)^\s*(?:and|but|so|ok(?:ay)?|also|then|what about|how about|what if|why(?: not| so)?|or|plus|same (?:for|with)|really|how so|compared to what|since when|says who|who says(?: so)?|any exceptions?|for example|such as|how come|in that case|is that|does that|are those|which one)\b[\s,]*`)
	pronoun = regexp.MustCompile(`(?i)\b(?:it|its|that|this|they|them|those|these|there|one|ones|either|both|same|former|latter|he|she|instead|so|such)\b`)
	asks    = regexp.MustCompile(`(?i)^\s*(?:and |but |so )?(?:what|how|which|who|whose|where|when|why|can|could|may|might|must|do|does|did|is|are|was|were|should|shall|would|will|has|have)\b`)
)

// standalone returns q's text so that it can be understood without its thread. It needs no model: an elliptical
// follow-up takes over the words of the last full question, less those that it names a replacement for.
func standalone(q Question) string {
	text, _ := withoutOrders(q.Text)
	if strings.TrimSpace(text) == "" {
		text = q.Text
	}
	text = strings.TrimSpace(text)
	if !elliptical(text) {
		return positive(text)
	}
	for i := len(q.History) - 1; i >= 0; i-- {
		turn := q.History[i]
		if turn.FromBot {
			continue
		}
		before := standalone(Question{Text: turn.Text, History: q.History[:i]})
		if len(ground.Terms(before)) == 0 || before == text {
			continue
		}
		return mergeQuestions(before, text)
	}
	return text
}

// followUp returns q's own text where it leans on the thread and says something itself, else nothing.
func followUp(q Question) string {
	text, _ := withoutOrders(q.Text)
	if len(q.History) == 0 || !elliptical(text) || len(ground.Terms(text)) == 0 {
		return ""
	}
	return strings.TrimSpace(text)
}

// elliptical reports whether text leans on what was said before it.
func elliptical(text string) bool {
	terms := ground.Terms(text)
	switch {
	case len(terms) == 0:
		return true
	case opener.MatchString(text):
		return len(terms) <= 4
	case pronoun.MatchString(text):
		return len(terms) <= 3
	}
	return len(terms) <= 2 && !asks.MatchString(text) && len(strings.Fields(text)) <= 4
}

// mergeQuestions puts a follow-up into the question before it.
func mergeQuestions(before, text string) string {
	for _, k := range kinds {
		if k.MatchString(text) && k.MatchString(before) {
			before = k.ReplaceAllString(before, "")
		}
	}
	follow := strings.TrimSpace(opener.ReplaceAllString(text, ""))
	if follow == "" || len(ground.Terms(follow)) == 0 {
		follow = text
	}
	if asksAnew(before, follow) {
		before = interrogative.ReplaceAllString(before, "")
	}
	before = strings.TrimRight(strings.Join(strings.Fields(before), " "), " ?!.")
	return before + ", " + strings.TrimRight(follow, " ?!.") + "?"
}

// interrogative is how a question asks; what follows is what it asks about.
var interrogative = regexp.MustCompile(`(?i)^\s*how (?:long|much|many|fast|quickly|often|big|hard|soon)\b(?: (?:does|do|did|will|would|can|should|is|are))?(?: (?:it|one|you|we))?(?: (?:take|cost))?(?: to)?\b`)

// asksAnew reports whether a follow-up asks for another measure than the question before it: after "how long does it take
// to deploy?", "and how much does that cost?" is about deploying and not about time.
func asksAnew(before, follow string) bool {
	was, is := interrogative.FindString(before), interrogative.FindString(follow)
	return was != "" && asks.MatchString(follow) && !strings.EqualFold(firstWords(was, 2), firstWords(is, 2))
}

func firstWords(s string, n int) string {
	f := strings.Fields(s)
	return strings.Join(f[:min(n, len(f))], " ")
}

// parts cuts a question that asks several things into its parts; one part is the whole question.
func parts(question string) []string {
	var out []string
	for _, s := range ground.Sentences(question) {
		rest := s
		for {
			i := joinedQuestion(rest)
			if i < 0 {
				break
			}
			out = append(out, strings.TrimSpace(rest[:i]))
			rest = strings.TrimSpace(rest[i:])
			rest = strings.TrimSpace(strings.TrimPrefix(strings.TrimPrefix(rest, ","), "and"))
		}
		out = append(out, rest)
	}
	whole := ground.Terms(question)
	kept := out[:0]
	for _, p := range out {
		if n := len(ground.Terms(p)); n >= 2 && (asks.MatchString(p) || n*2 >= len(whole)) {
			kept = append(kept, p)
		}
	}
	if len(kept) < 2 {
		return []string{question}
	}
	return kept[:min(len(kept), 4)]
}

var reAnd = regexp.MustCompile(`(?i)(?:,\s*(?:and\s+)?|\s+and\s+)(?:what|how|which|who|where|when|why|can|do|does|is|are|should|will)\b`)

// joinedQuestion returns where a second question begins in s, or -1: "how long does it take and what does it cost".
func joinedQuestion(s string) int {
	for _, loc := range reAnd.FindAllStringIndex(s, -1) {
		if len(ground.Terms(s[:loc[0]])) >= 2 && len(ground.Terms(s[loc[0]:])) >= 1 {
			return loc[0]
		}
	}
	return -1
}
