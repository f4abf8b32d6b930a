package intake

import (
	"strings"
)

// A sheet is pasted as its head and one row: "use case;vol/mo;tok in;tok out / summaries;120000;3500;400". Each value is put behind its label.

// unfoldRow rewrites a head and one row as labelled values, and leaves every other text alone.
func unfoldRow(text string) string {
	const least, most = 4, 20 // columns
	for _, cut := range []string{"\n", ": ", " / "} {
		head, row, ok := strings.Cut(text, cut)
		if !ok {
			continue
		}
		for _, sep := range []string{";", "\t", "|", ", "} {
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
	}
	return text
}

func cells(line, sep string) []string {
	parts := strings.Split(strings.Trim(strings.TrimSpace(line), sep), sep)
	for i, c := range parts {
		parts[i] = strings.TrimSpace(c)
	}
	return parts
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
