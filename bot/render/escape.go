package render

import (
	"strings"
	"unicode"
)

// Escape makes s literal text in mrkdwn: &, < and > are escaped, so that nothing in it is a mention, a link or a
// date; characters that hide or reorder text are dropped.
func Escape(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(Clean(s))
}

// Plain makes s safe where Slack takes plain text (table cells, headers, buttons, chart labels). Entities are not
// used there, since not every such place decodes them: a "<" that could open a mention or link becomes "‹".
func Plain(s string) string {
	s = Clean(s)
	if !strings.Contains(s, "<") {
		return s
	}
	var b strings.Builder
	for i, r := range s {
		if r == '<' && opensMarkup(s[i+1:]) {
			r = '‹'
		}
		b.WriteRune(r)
	}
	return b.String()
}

// opensMarkup reports whether "<" followed by rest would start a mention, a date or a link.
func opensMarkup(rest string) bool {
	if rest == "" {
		return false
	}
	c := rest[0]
	return c == '!' || c == '@' || c == '#' || (c|0x20 >= 'a' && c|0x20 <= 'z')
}

// Markdown makes s safe in a markdown block, keeping its lists, emphasis and code. Links and images with a label are
// taken apart, so that a label can't hide where it leads; bare addresses stay readable.
func Markdown(s string) string {
	s = Escape(s)
	return strings.NewReplacer("](", "] (", "]:", "] :", "![", "! [").Replace(s)
}

// Clean drops what can't be seen but changes what is: control characters (line breaks and tabs stay), direction
// overrides and isolates, zero-width joiners, and invalid UTF-8.
func Clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case r == '\t':
			return ' '
		case r == unicode.ReplacementChar, unicode.IsControl(r), isInvisible(r):
			return -1
		}
		return r
	}, s)
}

func isInvisible(r rune) bool {
	switch {
	case r >= 0x200b && r <= 0x200f, r >= 0x202a && r <= 0x202e, r >= 0x2060 && r <= 0x206f, r == 0xfeff, r == 0x061c:
		return true
	case r >= 0xfff9 && r <= 0xfffb, r >= 0xe0000 && r <= 0xe007f: // interlinear marks, tags
		return true
	}
	return false
}

// oneLine is Clean with line breaks folded into spaces.
func oneLine(s string) string { return strings.Join(strings.Fields(Clean(s)), " ") }
