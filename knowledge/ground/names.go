package ground

import (
	"regexp"
	"strings"
	"unicode"
)

// families are the first words of model names. A name without digits ("Gemini") is a name all the same.
const families = `gpt|chatgpt|llama|codellama|claude|opus|sonnet|haiku|mistral|mixtral|ministral|codestral|magistral|gemini|gemma|qwen|qwq|phi|deepseek|grok|kimi|glm|falcon|command[\s-]r|nova|titan|jamba|olmo|granite|nemotron|yi|minimax|bloom|vicuna|ernie|hunyuan|starcoder|bert|palm|smollm`

var (
	reFamily = regexp.MustCompile(`(?i)\b(?:` + families + `)\b(?:[\s-]?(?:v?\d+(?:\.\d+)*(?:x\d+)?(?:\.\d+)?[a-z]?b?\b|oss|mini|nano|micro|turbo|pro|ultra|max|flash|lite|large|medium|small|opus|sonnet|haiku|vl|coder|instruct|maverick|scout|k2|plus|next|[rvo]\d+(?:\.\d+)*))*`)
	reMixed  = regexp.MustCompile(`\b[A-Za-z]+(?:[-_][A-Za-z]+)*[-_]?\d[A-Za-z0-9]*(?:[._-][A-Za-z0-9]+)*\b|\b\d+x\d+[Bb]\b|\bRTX\s?(?:PRO\s?)?\d+\b`)
	reMarker = regexp.MustCompile(`\[\d+(?:\s*,\s*\d+)*\]`)
	reItem   = regexp.MustCompile(`(?m)^\s*\d{1,2}[.)]\s`)
)

// Names returns the names of models, GPUs and formats that text contains: "GPT-4.1", "Llama 3-70B", "H100", "Q4_K_M".
func Names(text string) []string {
	var out []string
	for _, s := range nameSpans(maskMarkers(text)) {
		out = append(out, text[s[0]:s[1]])
	}
	return out
}

func nameSpans(text string) [][2]int {
	taken := make([]bool, len(text))
	var out [][2]int
	for _, re := range []*regexp.Regexp{reFamily, reMixed} {
		for _, loc := range re.FindAllStringIndex(text, -1) {
			if taken[loc[0]] || taken[loc[1]-1] || !isName(text[loc[0]:loc[1]]) {
				continue
			}
			for i := loc[0]; i < loc[1]; i++ {
				taken[i] = true
			}
			out = append(out, [2]int{loc[0], loc[1]})
		}
	}
	return out
}

// isName leaves out what only looks like a name: "USD500", "top-5", "Q4" alone is a quarter but must be matched too.
func isName(s string) bool {
	low := strings.ToLower(s)
	if low == "nova" || low == "yi" || low == "palm" || low == "bloom" || low == "titan" || low == "opus" || low == "phi" {
		return s[0] >= 'A' && s[0] <= 'Z'
	}
	return true
}

func maskNames(text string) string {
	b := []byte(text)
	for _, s := range nameSpans(text) {
		for i := s[0]; i < s[1]; i++ {
			b[i] = '_'
		}
	}
	return string(b)
}

// maskMarkers blanks citation markers and the numbers of list items, keeping every byte's place.
func maskMarkers(text string) string {
	blank := func(m string) string { return strings.Repeat(" ", len(m)) }
	return reItem.ReplaceAllStringFunc(reMarker.ReplaceAllStringFunc(text, blank), blank)
}

// NamesHeld returns the share of names that text holds, 0 for no names.
func NamesHeld(names []string, text string) float64 {
	tokens := nameTokens(text)
	n := 0
	for _, name := range names {
		if holdsName(tokens, nameTokens(name)) {
			n++
		}
	}
	return float64(n) / float64(max(len(names), 1))
}

// nameTokens cuts a text into the tokens that names are compared by: "GPT-4.1" and "gpt 4.1" give gpt, 4.1.
func nameTokens(text string) []string {
	fields := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '.'
	})
	var out []string
	for _, f := range fields {
		f = strings.Trim(f, ".")
		if i := strings.IndexFunc(f, unicode.IsDigit); i >= 3 {
			out = append(out, f[:i])
			f = f[i:]
		}
		if f != "" {
			out = append(out, f)
		}
	}
	return out
}

// holdsName reports whether the tokens of name stand in tokens in order, with at most one other token between two of
// them, so that "Llama 70B" is found in "Llama-3.3-70B".
func holdsName(tokens, name []string) bool {
	if len(name) == 0 {
		return true
	}
	for i, t := range tokens {
		if t == name[0] && follows(tokens[i+1:], name[1:]) {
			return true
		}
	}
	return false
}

func follows(tokens, name []string) bool {
	at := 0
	for _, n := range name {
		found := false
		for gap := 0; gap < 2 && at+gap < len(tokens); gap++ {
			if tokens[at+gap] == n {
				at, found = at+gap+1, true
				break
			}
		}
		if !found {
			return false
		}
	}
	return true
}
