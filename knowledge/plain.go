package knowledge

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/llmadvise/llmadvise/knowledge/ground"
)

var (
	reCite     = regexp.MustCompile(`\s*\[\d+(?:\s*,\s*\d+)*\]`)
	reEmphasis = regexp.MustCompile("[*`]{1,3}|__")
)

// plain returns a source's sentence as plain text on one line: no markup, links, mentions or markers of its own.
func plain(s string) string {
	s, _ = ground.Clean(s, nil)
	s = reCite.ReplaceAllString(s, "")
	s = reEmphasis.ReplaceAllString(s, "")
	s = strings.Join(strings.Fields(s), " ")
	s = strings.TrimPrefix(strings.TrimPrefix(s, "- "), "> ")
	return strings.TrimSpace(s)
}

// capitalised begins s with a capital letter.
func capitalised(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 {
		return s
	}
	return string(unicode.ToUpper(r)) + s[n:]
}

func tableCells(row string) []string {
	cells := strings.Split(strings.Trim(strings.TrimSpace(row), "|"), "|")
	for i := range cells {
		cells[i] = strings.TrimSpace(cells[i])
	}
	return cells
}

// labelled says what the figures of a table's row are: those of the section that it stands in.
func labelled(row, heading string) string {
	first, _, _ := strings.Cut(row, " ")
	if strings.IndexFunc(first, func(r rune) bool { return !unicode.IsLower(r) }) < 0 && first != "" { // no name
		row = strings.ToUpper(first[:1]) + row[1:]
	}
	if heading == "" {
		return row
	}
	return strings.TrimSuffix(row, ".") + " (" + plain(heading) + ")."
}

// rowSentence turns a table row into a sentence: "GPT-4.1: price per query $0.0048, a month $1,200." The rule under a
// table's head gives "".
func rowSentence(header, cells []string) string {
	if strings.Trim(strings.Join(cells, ""), "-: ") == "" || len(cells) < 2 {
		return ""
	}
	var b strings.Builder
	b.WriteString(cells[0] + ": ")
	for i := 1; i < len(cells); i++ {
		if i > 1 {
			b.WriteString("; ")
		}
		if i < len(header) && header[i] != "" {
			b.WriteString(header[i] + " ")
		}
		b.WriteString(cells[i])
	}
	return b.String() + "."
}
