package report

import "strings"

// Markdown prints d as Markdown, folded sections included.
func Markdown(d Document) string {
	var b strings.Builder
	b.WriteString("# " + md(d.Title) + "\n\n")
	if d.Summary != "" {
		b.WriteString(md(d.Summary) + "\n\n")
	}
	for i := range d.Sections {
		markdownSection(&b, &d.Sections[i])
	}
	if d.Footer != "" {
		b.WriteString("*" + md(d.Footer) + "*\n")
	}
	return b.String()
}

func markdownSection(b *strings.Builder, s *Section) {
	b.WriteString("## " + md(s.Title) + "\n\n")
	for _, l := range s.Lines {
		t := md(l.Text)
		if l.Strong {
			t = "**" + t + "**"
		}
		if l.Label != "" {
			t = "*" + md(l.Label) + ":* " + t
		}
		b.WriteString("- " + t + "\n")
	}
	if len(s.Lines) > 0 {
		b.WriteByte('\n')
	}
	if s.Table != nil {
		markdownTable(b, s.Table)
	}
	if s.Chart != nil {
		markdownTable(b, chartTable(s.Chart))
	}
}

func markdownTable(b *strings.Builder, t *Table) {
	if t.Caption != "" {
		b.WriteString(md(t.Caption) + "\n\n")
	}
	row := func(cells []string, strong bool) {
		b.WriteByte('|')
		for _, c := range cells {
			c = md(c)
			if strong && c != "" {
				c = "**" + c + "**"
			}
			b.WriteString(" " + c + " |")
		}
		b.WriteByte('\n')
	}
	row(t.Header, false)
	b.WriteByte('|')
	for i := range t.Header {
		if i < len(t.Numeric) && t.Numeric[i] {
			b.WriteString("---:|")
		} else {
			b.WriteString("---|")
		}
	}
	b.WriteByte('\n')
	for i, r := range t.Rows {
		row(r, i == t.Mark)
	}
	b.WriteByte('\n')
}

// chartTable is a chart as a table: Markdown has no lines to draw.
func chartTable(c *Chart) *Table {
	t := &Table{Caption: c.Alt, Header: []string{c.XTitle}, Numeric: []bool{true}, Mark: -1}
	for _, s := range c.Series {
		t.Header = append(t.Header, s.Name)
		t.Numeric = append(t.Numeric, true)
	}
	for i, cat := range c.Categories {
		r := []string{cat}
		for _, s := range c.Series {
			r = append(r, money(s.Values[i]))
		}
		t.Rows = append(t.Rows, r)
	}
	return t
}

var mdEscaper = strings.NewReplacer("|", "\\|", "*", "\\*", "_", "\\_", "`", "\\`", "<", "&lt;", "#", "\\#", "[", "\\[", "\n", " ")

// md escapes what Markdown would read as markup: option names and the user's own words come from outside.
func md(s string) string { return mdEscaper.Replace(s) }
