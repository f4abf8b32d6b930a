package ground

// Conflict is a pair of sentences from two sources that give different figures for the same thing.
type Conflict struct {
	A, B  int // source numbers
	TextA string
	TextB string
	DateA string
	DateB string
}

// minAlike is the share of terms, both ways, from which two sentences count as being about the same thing.
const minAlike = 0.6

// Conflicts returns the pairs of sentences in different sources that agree in words and differ in every figure of a
// common unit. Sources of the same title never conflict: a document may treat two cases.
func Conflicts(sources []Source) []Conflict {
	read := make([]checked, len(sources))
	for i, s := range sources {
		read[i] = readSource(s)
	}
	var out []Conflict
	for i, a := range read {
		for _, b := range read[i+1:] {
			if a.Title == b.Title {
				continue
			}
			if c, ok := between(a, b); ok {
				out = append(out, c)
			}
		}
	}
	return out
}

// readSource reads the plain sentences of a source, without headings and tables: only what the sentences themselves say
// is compared.
func readSource(s Source) checked {
	c := checked{Source: s}
	for _, t := range Sentences(s.Text) {
		if !TableRow(t) {
			c.lines = append(c.lines, readLine(t, ""))
		}
	}
	return c
}

func between(a, b checked) (Conflict, bool) {
	for _, x := range a.lines {
		for _, y := range b.lines {
			if disagree(x, y) {
				return Conflict{A: a.N, B: b.N, TextA: x.text, TextB: y.text, DateA: a.Date, DateB: b.Date}, true
			}
		}
	}
	return Conflict{}, false
}

func disagree(x, y line) bool {
	if len(x.quantities) == 0 || len(y.quantities) == 0 || len(x.terms) < 3 || len(y.terms) < 3 {
		return false
	}
	if Overlap(x.terms, y.terms) < minAlike || Overlap(y.terms, x.terms) < minAlike {
		return false
	}
	common := false
	for _, p := range x.quantities {
		for _, q := range y.quantities {
			if p.Unit != q.Unit || p.Unit == "year" || p.Unit == "date" {
				continue
			}
			common = true
			if p.Matches(q) || q.Matches(p) || p.Lo <= q.Hi && q.Lo <= p.Hi {
				return false
			}
		}
	}
	return common
}
