package intake

import (
	"strings"
	"unicode"
)

// A sheet is pasted as its head and one row: "use case;vol/mo;tok in;tok out / summaries;120000;3500;400". Each value is put behind its label.

// unfoldRow rewrites a head and the row behind it as labelled values, and leaves all other text alone.
func unfoldRow(text string) string {
	for _, cut := range []string{": ", " / "} {
		if head, row, ok := strings.Cut(text, cut); ok && !strings.Contains(text, "\n") {
			if unfolded := unfold(head, row); unfolded != "" {
				return unfolded
			}
		}
	}
	lines := strings.Split(text, "\n")
	for i := range len(lines) - 1 {
		if unfolded := unfold(lines[i], lines[i+1]); unfolded != "" {
			return strings.Join(append(append(lines[:i:i], unfolded), lines[i+2:]...), "\n")
		}
	}
	return text
}

// unfold puts the cells of a row behind their labels, "" where the two lines are no head and row.
func unfold(head, row string) string {
	const least, most = 4, 20 // columns
	for _, sep := range []string{";", "|", ", "} {
		if (sep == ";" || sep == "|") && strings.Count(head, sep) == 0 {
			continue
		}
		labels, values := cells(head, sep), cells(row, sep)
		if len(labels) < least || len(labels) > most || len(labels) != len(values) || !isHead(labels) || isHead(values) {
			continue
		}
		for i, l := range labels {
			values[i] = l + ": " + values[i]
		}
		return strings.Join(values, "; ")
	}
	return ""
}

func cells(line, sep string) []string {
	parts := strings.Split(strings.Trim(strings.TrimSpace(line), sep), sep)
	for i, c := range parts {
		parts[i] = strings.TrimSpace(c)
	}
	return parts
}

// splitKeys sets the parts of keys apart that nothing knows as a whole: "avg_input=1450".
func splitKeys(text string, names Names) string {
	if !strings.Contains(text, "_") {
		return text
	}
	words := strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_' })
	for _, w := range words {
		low := strings.ToLower(w)
		if strings.Contains(strings.Trim(w, "_"), "_") && lexicon().lookup(squash(low)) == nil && !names.knows(low) {
			text = strings.Replace(text, w, strings.ReplaceAll(w, "_", " "), 1)
		}
	}
	return text
}

// isHead reports whether cells are labels: short, none of them a number.
func isHead(cells []string) bool {
	const words = 5
	for _, c := range cells {
		if c == "" || len(strings.Fields(c)) > words || strings.ContainsAny(c, "$€:=!?") || c[0] >= '0' && c[0] <= '9' || strings.ContainsAny(c[len(c)-1:], ".!?") {
			return false
		}
	}
	return true
}
