package report

import (
	"math"
	"strings"
	"unicode/utf8"
)

// TextOptions tune [Text]. The zero value prints the short form, 100 columns wide.
type TextOptions struct {
	Width  int           // columns; 0: 100; at least 60
	Folded bool          // print folded sections too
	Open   map[Kind]bool // folded sections to print
}

// Text prints d for a terminal.
func Text(d Document, o TextOptions) string {
	if o.Width == 0 {
		o.Width = 100
	}
	o.Width = max(o.Width, 60)
	var b strings.Builder
	wrap(&b, d.Title, o.Width, "")
	if d.Summary != "" {
		wrap(&b, d.Summary, o.Width, "")
	}
	for i := range d.Sections {
		s := &d.Sections[i]
		if s.Folded && !o.Folded && !o.Open[s.Kind] {
			continue
		}
		textSection(&b, s, o.Width)
	}
	if d.Footer != "" {
		b.WriteByte('\n')
		wrap(&b, d.Footer, o.Width, "")
	}
	return b.String()
}

func textSection(b *strings.Builder, s *Section, width int) {
	b.WriteString("\n" + s.Title + "\n")
	for _, l := range s.Lines {
		t := l.Text
		if l.Label != "" {
			t = l.Label + ": " + t
		}
		wrap(b, "- "+t, width, "  ")
	}
	if s.Table != nil {
		textTable(b, s.Table, width)
	}
	if s.Chart != nil {
		textChart(b, s.Chart, width)
	}
}

// wrap writes text in lines of at most width columns, all but the first indented.
func wrap(b *strings.Builder, text string, width int, indent string) {
	col := 0
	for i, word := range strings.Fields(text) {
		n := utf8.RuneCountInString(word)
		switch {
		case i == 0:
		case col+1+n > width:
			b.WriteString("\n" + indent)
			col = len(indent)
		default:
			b.WriteByte(' ')
			col++
		}
		b.WriteString(word)
		col += n
	}
	b.WriteByte('\n')
}

const gap = 2 // blanks between columns

// textTable prints a table, wrapping the cells of its wide columns where it would not fit.
func textTable(b *strings.Builder, t *Table, width int) {
	if t.Caption != "" {
		wrap(b, t.Caption, width, "")
	}
	w := columnWidths(t, width)
	printRow(b, t, w, t.Header, " ")
	rule := 0
	for _, x := range w {
		rule += x + gap
	}
	b.WriteString("  " + strings.Repeat("-", rule-gap) + "\n")
	for i, r := range t.Rows {
		mark := " "
		if i == t.Mark {
			mark = "*"
		}
		printRow(b, t, w, r, mark)
	}
}

// columnWidths gives each column what its cells need, and takes from the widest until the table fits.
func columnWidths(t *Table, width int) []int {
	w := make([]int, len(t.Header))
	for i, h := range t.Header {
		w[i] = utf8.RuneCountInString(h)
	}
	for _, r := range t.Rows {
		for i, c := range r {
			w[i] = max(w[i], utf8.RuneCountInString(c))
		}
	}
	least := longestWords(t)
	for {
		sum, widest := 2-gap, -1
		for i := range w {
			sum += w[i] + gap
			if w[i] > least[i] && (widest < 0 || w[i] > w[widest]) {
				widest = i
			}
		}
		if sum <= width || widest < 0 {
			return w
		}
		w[widest]--
	}
}

// longestWords is what each column needs at least, so that no word is cut; very long words may be.
func longestWords(t *Table) []int {
	const most = 20
	least := make([]int, len(t.Header))
	for _, r := range append([][]string{t.Header}, t.Rows...) {
		for i, c := range r {
			for word := range strings.FieldsSeq(c) {
				least[i] = max(least[i], min(most, utf8.RuneCountInString(word)))
			}
		}
	}
	return least
}

func printRow(b *strings.Builder, t *Table, w []int, cells []string, mark string) {
	lines := make([][]string, len(cells))
	high := 1
	for i, c := range cells {
		lines[i] = fold(c, w[i])
		high = max(high, len(lines[i]))
	}
	for k := range high {
		var row strings.Builder
		row.WriteString(mark + " ")
		for i := range cells {
			c := ""
			if k < len(lines[i]) {
				c = lines[i][k]
			}
			pad := strings.Repeat(" ", max(0, w[i]-utf8.RuneCountInString(c)))
			if i < len(t.Numeric) && t.Numeric[i] {
				row.WriteString(pad + c)
			} else {
				row.WriteString(c + pad)
			}
			row.WriteString(strings.Repeat(" ", gap))
		}
		b.WriteString(strings.TrimRight(row.String(), " ") + "\n")
		mark = " "
	}
}

// fold breaks a cell into lines of at most w columns, at blanks where there are any.
func fold(s string, w int) []string {
	var b strings.Builder
	wrap(&b, s, w, "")
	var out []string
	for l := range strings.SplitSeq(strings.TrimSuffix(b.String(), "\n"), "\n") {
		for utf8.RuneCountInString(l) > w {
			r := []rune(l)
			out = append(out, string(r[:w]))
			l = string(r[w:])
		}
		out = append(out, l)
	}
	return out
}

var bars = []rune("▁▂▃▄▅▆▇█")

// textChart prints one sparkline a series on a shared logarithmic scale, with the ends of the axis.
func textChart(b *strings.Builder, c *Chart, width int) {
	name := 0
	for _, s := range c.Series {
		name = max(name, utf8.RuneCountInString(s.Name))
	}
	name = min(name, width-20)
	for _, s := range c.Series {
		label := []rune(s.Name)
		if len(label) > name {
			label = append(label[:name-1], '…')
		}
		b.WriteString("  " + string(label) + strings.Repeat(" ", name-len(label)) + "  " + sparkline(s.Values, c) + "\n")
	}
	if n := len(c.Categories); n > 0 {
		wrap(b, "  from "+c.Categories[0]+" to "+c.Categories[n-1]+" "+c.XTitle+c.scaleWords(), width, "")
	}
}

func (c *Chart) scaleWords() string {
	if c.Linear {
		return ""
	}
	return ", log scale"
}

func sparkline(v []float64, c *Chart) string {
	lo, hi := logRange(c)
	height := log10
	if c.Linear {
		lo, hi = 0, math.Pow(10, hi)
		height = func(x float64) float64 { return x }
	}
	out := make([]rune, len(v))
	for i, x := range v {
		if math.IsNaN(x) {
			out[i] = ' '
			continue
		}
		k := 0
		if hi > lo && x > 0 {
			k = int((height(x) - lo) / (hi - lo) * float64(len(bars)))
		}
		out[i] = bars[max(0, min(k, len(bars)-1))]
	}
	return string(out)
}
