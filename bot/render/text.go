package render

import (
	"strings"
	"unicode/utf8"
)

// Cut returns s with at most n characters, ending in "…" where something was cut.
func Cut(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	r := []rune(s)
	return strings.TrimRight(string(r[:n-1]), " \n") + "…"
}

// cutEscaped cuts escaped text to n characters without leaving half an entity.
func cutEscaped(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	s = string([]rune(s)[:n-1])
	if i := strings.LastIndexByte(s, '&'); i >= 0 && !strings.Contains(s[i:], ";") {
		s = s[:i]
	}
	return strings.TrimRight(s, " \n") + "…"
}

// Split cuts s into parts of at most n characters, at a paragraph, line, sentence or word where there is one.
func Split(s string, n int) []string {
	var parts []string
	s = strings.TrimSpace(s)
	for utf8.RuneCountInString(s) > n {
		head := string([]rune(s)[:n])
		i := splitPoint(head)
		parts = append(parts, strings.TrimSpace(s[:i]))
		s = strings.TrimSpace(s[i:])
	}
	if s != "" {
		parts = append(parts, s)
	}
	return parts
}

// splitPoint returns the byte offset after which head is best cut.
func splitPoint(head string) int {
	for _, sep := range []string{"\n\n", "\n", ". ", " "} {
		if i := strings.LastIndex(head, sep); i > len(head)/2 {
			return i + len(sep)
		}
	}
	if i := strings.LastIndexByte(head, '&'); i > 0 && !strings.Contains(head[i:], ";") { // not inside an entity
		return i
	}
	return len(head)
}

// joinWithin joins lines with sep while the result has at most n characters, and says how many are missing.
func joinWithin(lines []string, sep string, n int) string {
	out := ""
	for i, l := range lines {
		next := l
		if i > 0 {
			next = out + sep + l
		}
		if utf8.RuneCountInString(next) > n {
			return cutEscaped(next, n)
		}
		out = next
	}
	return out
}
