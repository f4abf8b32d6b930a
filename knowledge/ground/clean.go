package ground

import (
	"regexp"
	"strings"
	"unicode"
)

var (
	reImage   = regexp.MustCompile(`!\[([^\]\n]*)\](\([^)\n]*\)?|\[[^\]\n]*\])?`)
	reLink    = regexp.MustCompile(`\[([^\]\n]*)\]\(([^)\s]*)[^)\n]*\)?`)
	reRefLink = regexp.MustCompile(`\[([^\]\n]+)\]\[[^\]\n]*\]`)
	reRefDef  = regexp.MustCompile(`(?m)^\s*\[[^\]\n]+\]:\s*\S+.*$`)
	reAngle   = regexp.MustCompile(`<[^<>\n]*>?`)
	reURL     = regexp.MustCompile(`(?i)\b(?:[a-z][a-z0-9+.-]{1,15}:(?://|\\\\)|www\.|javascript:|data:|mailto:|tel:)[^\s)>\]|"'` + "`" + `]*`)
	reDomain  = regexp.MustCompile(`(?i)\b(?:[a-z0-9-]+\.)+(?:com|net|org|io|ai|dev|app|co|ru|cn|xyz|info|biz|me|sh|gg|ly|test|example|invalid)\b(?:[:/][^\s)>\]|"']*)?`)
	reMention = regexp.MustCompile(`(?i)(^|[^\pL\pN_.])@[\pL\pN_.-]+|<?[!@#](?:channel|here|everyone|subteam\S*)\b>?`)
	reEmail   = regexp.MustCompile(`(?i)\b[a-z0-9._%+-]+@[a-z0-9.-]+\.[a-z]{2,}\b`)
	reSpaces  = regexp.MustCompile(`[ \t]{2,}`)
)

// companies are names that look like addresses; they stay as long as nothing follows them.
var companies = set("deeplearning.ai together.ai fireworks.ai character.ai x.ai h2o.ai scale.ai")

// Clean returns text without what a reply may not carry: images, mentions, markup in angle brackets, control and
// direction characters, and links, except those whose address allowed accepts (nil accepts none). A link that goes
// leaves its words behind. The second result says whether anything was taken out.
func Clean(text string, allowed func(url string) bool) (string, bool) {
	ok := func(u string) bool {
		return allowed != nil && strings.HasPrefix(strings.ToLower(u), "http") && allowed(strings.TrimRight(u, ".,;:!?"))
	}
	out := strings.Map(printable, text)
	out = reImage.ReplaceAllString(out, "")
	out = reRefDef.ReplaceAllString(out, "")
	out = reLink.ReplaceAllStringFunc(out, func(m string) string {
		p := reLink.FindStringSubmatch(m)
		if ok(p[2]) {
			return p[1] + " (" + p[2] + ")"
		}
		return p[1]
	})
	out = reRefLink.ReplaceAllStringFunc(out, func(m string) string {
		if isMarker(m[:strings.IndexByte(m, ']')+1]) {
			return m // [1][2] are citations
		}
		return reRefLink.FindStringSubmatch(m)[1]
	})
	out = reAngle.ReplaceAllStringFunc(out, func(m string) string {
		inner := strings.Trim(m, "<>")
		if ok(inner) {
			return inner
		}
		if len(inner) > 0 && (inner[0] == ' ' || inner[0] >= '0' && inner[0] <= '9' || inner[0] == '$') {
			return m // "<50k queries" is a comparison
		}
		return ""
	})
	drop := func(m string) string {
		if ok(m) {
			return m
		}
		return ""
	}
	out = reEmail.ReplaceAllString(out, "")
	out = reURL.ReplaceAllStringFunc(out, drop)
	out = reDomain.ReplaceAllStringFunc(out, func(m string) string {
		if companies[strings.ToLower(m)] {
			return m
		}
		if strings.Contains(out, "://"+m) && allowed != nil {
			return m // the tail of a link that was kept above
		}
		return ""
	})
	out = reMention.ReplaceAllString(out, "$1")
	changed := out != text
	if changed {
		out = reSpaces.ReplaceAllString(out, " ")
	}
	return out, changed
}

// printable drops control characters (except line breaks and tabs), and invisible ones that change direction or hide.
func printable(r rune) rune {
	switch {
	case r == '\n' || r == '\t':
		return r
	case unicode.IsControl(r), unicode.Is(unicode.Cf, r), r == unicode.ReplacementChar, unicode.Is(unicode.Co, r):
		return -1
	case r >= 0xE0000 && r <= 0xE0FFF: // tags: text that no reader sees
		return -1
	}
	return r
}
