package ground

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Splitter cuts a stream of text into sentences. Every sentence keeps its trailing white space and its citation
// markers, also those that follow the full stop, so the pieces put together give the input. Lines of lists and tables
// are sentences of their own. The zero value is ready; a Splitter must not be copied once used.
type Splitter struct {
	buf strings.Builder
}

// maxSentence bounds a sentence, in bytes: a stream without any full stop is cut there.
const maxSentence = 2000

// Push appends text and returns the sentences that are complete.
func (s *Splitter) Push(text string) []string {
	s.buf.WriteString(text)
	rest := s.buf.String()
	var out []string
	for {
		n := boundary(rest, false)
		if n <= 0 {
			break
		}
		out = append(out, rest[:n])
		rest = rest[n:]
	}
	s.buf.Reset()
	s.buf.WriteString(rest)
	return out
}

// Flush returns what is left, as sentences, and empties the Splitter.
func (s *Splitter) Flush() []string {
	rest := s.buf.String()
	s.buf.Reset()
	var out []string
	for rest != "" {
		n := boundary(rest, true)
		if n <= 0 {
			n = len(rest)
		}
		out = append(out, rest[:n])
		rest = rest[n:]
	}
	return out
}

// Sentences returns the sentences of text, trimmed, without empty ones.
func Sentences(text string) []string {
	var s Splitter
	var out []string
	for _, p := range append(s.Push(text), s.Flush()...) {
		if p = strings.TrimSpace(p); p != "" {
			out = append(out, p)
		}
	}
	return out
}

// boundary returns the length of the first complete sentence of text, or 0 if more text could still belong to it.
func boundary(text string, atEnd bool) int {
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case r == '\n':
			if n := lineEnd(text, i, atEnd); n != 0 {
				return max(n, 0)
			}
		case r == '.' || r == '!' || r == '?' || r == '…':
			n, ends := sentenceEnd(text, i+size, atEnd)
			if ends && n == 0 {
				return 0 // undecided: wait for more
			}
			if ends && !abbreviation(text[:i+size]) {
				return n
			}
		}
		i += size
		if i >= maxSentence {
			return i
		}
	}
	return 0
}

// lineEnd decides whether the line break at i ends a sentence: where the next line is empty or begins a list item, a
// table row or a heading, or where this line is one. It returns the sentence's length, 0 to go on, -1 to wait.
func lineEnd(text string, i int, atEnd bool) int {
	rest := text[i:]
	body := strings.TrimLeft(rest, " \t\r\n")
	if body == "" {
		if !atEnd {
			return -1
		}
		return len(text)
	}
	gap := rest[:len(rest)-len(body)]
	line, _, _ := strings.Cut(body, "\n")
	if strings.Count(gap, "\n") > 1 || ownLine(line) || ownLine(strings.TrimLeft(text[:i], " \t\r\n")) {
		return i + len(gap)
	}
	return 0
}

// TableRow reports whether line is a row of a table, as Markdown writes it or as cells parted by " | ".
func TableRow(line string) bool {
	return strings.HasPrefix(line, "|") || strings.Contains(line, " | ") && !strings.Contains(line, "\n")
}

// ownLine reports whether line starts what is never joined with its neighbours.
func ownLine(line string) bool {
	for _, p := range []string{"- ", "* ", "• ", "|", "#", "> ", "```"} {
		if strings.HasPrefix(line, p) {
			return true
		}
	}
	if TableRow(line) {
		return true
	}
	n := 0
	for n < len(line) && line[n] >= '0' && line[n] <= '9' {
		n++
	}
	return n > 0 && n < 3 && (strings.HasPrefix(line[n:], ". ") || strings.HasPrefix(line[n:], ") "))
}

// sentenceEnd looks at what follows a full stop that ends before byte i. ends is false inside "3.5" or "e.g.x"; n is
// the sentence's length with closing quotes, citation markers and white space, or 0 while that is undecided.
func sentenceEnd(text string, i int, atEnd bool) (n int, ends bool) {
	j := i
	for j < len(text) && strings.IndexByte(".!?\"')*", text[j]) >= 0 {
		j++
	}
	if j == len(text) {
		if atEnd {
			return j, true
		}
		return 0, true
	}
	for {
		k := j
		for k < len(text) && (text[k] == ' ' || text[k] == '\t') {
			k++
		}
		if k == len(text) && !atEnd {
			return 0, true
		}
		if k < len(text) && text[k] == '[' {
			end := strings.IndexByte(text[k:], ']')
			if end < 0 {
				if atEnd || len(text)-k > 12 {
					return k, k > i || j > i
				}
				return 0, true
			}
			if !isMarker(text[k : k+end+1]) {
				return k, k > j
			}
			j = k + end + 1
			if j < len(text) && text[j] == '.' {
				j++
			}
			continue
		}
		if k == j && k < len(text) && text[k] != '\n' && text[k] != '\r' {
			return 0, false // "3.5", "v4.0.1", "U.S."
		}
		if k < len(text) && unicode.IsLower(rune(text[k])) && j == i && text[i-1] == '.' && !nameAhead(text[k:], atEnd) {
			return 0, false // "approx. two": a sentence does not start in lower case
		}
		return k, true
	}
}

// nameAhead reports whether text begins with a name that is written in lower case ("llmadvise", "vLLM", "n8n",
// "gpt-oss"): such a word may start a sentence.
func nameAhead(text string, atEnd bool) bool {
	word, _, complete := strings.Cut(text, " ")
	if !complete && !atEnd {
		return false
	}
	return word == "llmadvise" || strings.HasPrefix(word, "gpt-") || strings.ContainsAny(word, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")
}

// isMarker reports whether s is a citation marker: [1] or [1, 2].
func isMarker(s string) bool {
	inner := strings.Trim(s, "[]")
	digits := 0
	for _, r := range inner {
		if r >= '0' && r <= '9' {
			digits++
		} else if r != ',' && r != ' ' {
			return false
		}
	}
	return digits > 0
}

var abbreviations = set("dr. mr. mrs. ms. prof. e.g. i.e. vs. etc. approx. no. inc. corp. ltd. fig. art. sec. st. u.s. q.")

// abbreviation reports whether text, which ends in a full stop, ends in one that is part of a word.
func abbreviation(text string) bool {
	start := strings.LastIndexAny(text[:len(text)-1], " \t\n(\"") + 1
	word := strings.ToLower(text[start:])
	if abbreviations[word] {
		return true
	}
	// The number of a list item: "1." at the start of a line.
	line := strings.TrimSpace(text[strings.LastIndexByte(text, '\n')+1:])
	return len(line) < 4 && strings.Trim(line, "0123456789.") == "" && len(line) > 1
}
