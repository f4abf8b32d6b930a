package intake

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// maxRunes is how much of a request is read. A slash command carries less; what lies beyond is reported as a doubt.
const maxRunes = 10_000

var (
	// <!channel>, <@U123|name>, <#C123|name>: mentions carry no figure. <https://x|label> keeps its label.
	slackMention = regexp.MustCompile(`<[!@#][^<>]*>`)
	slackLink    = regexp.MustCompile(`<[a-zA-Z][a-zA-Z0-9+.-]*:[^<>|]*(?:\|([^<>]*))?>`)
	bareLink     = regexp.MustCompile(`https?://[^\s<>|]+`)
	tolerance    = regexp.MustCompile(`(\d[kKmM]?\s?)±\s*[\d.,]*\d\s?[kK%]?`) // "1200±300": the middle is meant; "±30 mails" are about so many
	perCent      = regexp.MustCompile(`(?i)\bper cent\b`)
	kiloTokens   = regexp.MustCompile(`(\d)\s?kT\b`)                                 // "5kT"
	kiloUnits    = regexp.MustCompile(`(?i)(\d)\s?([km])(reqs?|tok|tokens|calls)\b`) // "200 kreq"
	kiloInside   = regexp.MustCompile(`\b(\d{1,2})k(\d)\b`)                          // "2k5" is 2.5k
	wordsOut     = regexp.MustCompile(`(\d)w(\s+(?:in|out)\b)`)                      // "300w out"
	wordsArrow   = regexp.MustCompile(`(->\s*~?\d+)w\b`)                             // "-> 200w"
	perDayShort  = regexp.MustCompile(`(?i)(\d[km]?) ?[rq]pd\b`)                     // "1.2k rpd"
	eachShort    = regexp.MustCompile(`(?i)\bea\b\.?`)                               // "150 a day ea"
	expectations = regexp.MustCompile(`\bE\[(\w+)\]`)                                // "E[out]"
	shortcode    = regexp.MustCompile(`(^|[\s])(:[a-z][a-z0-9_+-]{1,40}:)+`)
	entities     = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&", "&nbsp;", " ", "&quot;", `"`, "&#39;", "'")
	// Signs that mean the same to a reader.
	signs = strings.NewReplacer(
		"’", "'", "‘", "'", "`", " ", "“", " ", "”", " ", "„", " ", "«", " ", "»", " ", `"`, " ",
		"–", "-", "—", " - ", "−", "-", "‐", "-", "‑", "-", "⁄", "/", "½", " 1/2", "¼", " 1/4", "¾", " 3/4", "×", "x", "⋅", "*", "→", " -> ", "⇒", " -> ",
		"≤", "<", "≥", ">", "≈", "~", "∼", "~", "•", "\n", "‣", "\n", "●", "\n", "◦", "\n", "▪", "\n", "·", " ", "\r", "\n", "\t", " ",
		"\u2028", "\n", "\u2029", "\n", "\v", "\n", "\f", "\n",
	)
)

// normalise makes plain text of what was typed: NFKC, without Slack's mark-up, emoji, control and direction marks.
// It reports whether the text was longer than what is read.
func normalise(s string) (string, bool) {
	s, cut := firstRunes(strings.ToValidUTF8(s, " "), maxRunes)
	s = stripSlack(s)
	s = signs.Replace(rowTabs(s))
	s = norm.NFKC.String(s)
	s = signs.Replace(s)
	if strings.Contains(s, "±") {
		s = strings.ReplaceAll(tolerance.ReplaceAllString(s, "$1 "), "±", "~")
	}
	s = shorthand(s)
	if strings.Contains(s, ":") {
		s = shortcode.ReplaceAllString(s, " ")
	}
	return strings.Map(plainRune, s), cut
}

// rowTabs turns the tabs of lines with several columns, as they are pasted from a sheet, into the bars of a table; the tab between a label and its value
// is a blank.
func rowTabs(s string) string {
	const columns = 4
	if strings.Count(s, "\t") < columns-1 {
		return s
	}
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		if strings.Count(l, "\t") >= columns-1 {
			lines[i] = strings.ReplaceAll(l, "\t", " | ")
		}
	}
	return strings.Join(lines, "\n")
}

func firstRunes(s string, n int) (string, bool) {
	if len(s) <= n {
		return s, false
	}
	for i := range s {
		if n == 0 {
			return s[:i], true
		}
		n--
	}
	return s, false
}

func stripSlack(s string) string {
	if strings.Contains(s, "&") {
		s = slackMention.ReplaceAllString(s, " ") // before and after: "&lt;" may be part of a link's label
		s = slackLink.ReplaceAllString(s, " $1 ")
		s = entities.Replace(s)
	}
	if strings.Contains(s, "<") {
		s = slackMention.ReplaceAllString(s, " ")
		s = slackLink.ReplaceAllString(s, " $1 ")
	}
	if strings.Contains(s, "://") {
		s = bareLink.ReplaceAllString(s, " ")
	}
	return s
}

// plainRune drops what nobody means to say: control and format characters, emoji, private-use and surrogate
// code points, stray combining marks.
func plainRune(r rune) rune {
	switch {
	case r == '\n' || r == ' ':
		return r
	case r < unicode.MaxASCII && unicode.IsPrint(r):
		return r
	case unicode.In(r, unicode.Cc):
		return ' '
	case unicode.In(r, unicode.Cf, unicode.Co, unicode.Cs, unicode.Mn, unicode.Me, unicode.Variation_Selector):
		return -1
	case unicode.In(r, unicode.So, unicode.Sk, unicode.Zs):
		return ' '
	}
	return r
}

// shorthand writes out what engineers run together: "200 kreq", "5kT", "2k5", "E[out]".
func shorthand(s string) string {
	s = perCent.ReplaceAllString(s, "percent")
	s = kiloTokens.ReplaceAllString(s, "${1}k tokens")
	s = kiloUnits.ReplaceAllString(s, "$1$2 $3")
	s = wordsOut.ReplaceAllString(s, "$1 words$2")
	s = wordsArrow.ReplaceAllString(s, "$1 words")
	s = perDayShort.ReplaceAllString(s, "$1 requests/day")
	s = eachShort.ReplaceAllString(s, "each")
	s = kiloInside.ReplaceAllString(s, "$1.${2}k")
	return expectations.ReplaceAllString(s, "$1")
}
