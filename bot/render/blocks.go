package render

import (
	"math"
	"strings"
	"unicode/utf8"

	"github.com/slack-go/slack"

	"github.com/llmadvise/llmadvise/advisor/report"
)

// empty stands in a cell that has nothing to say: Slack refuses empty cells.
const empty = "–"

// bold marks s, which must be escaped, as bold; characters that would end the mark-up early are dropped.
func bold(s string) string {
	s = strings.TrimSpace(strings.ReplaceAll(s, "*", ""))
	if s == "" {
		return ""
	}
	return "*" + s + "*"
}

// line renders one line of a section as mrkdwn.
func line(l report.Line) string {
	text := Escape(strings.TrimSpace(l.Text))
	if l.Strong {
		text = bold(text)
	}
	if l.Label != "" {
		text = bold(Escape(l.Label)) + ": " + text
	}
	return text
}

func lines(ls []report.Line) []string {
	out := make([]string, 0, len(ls))
	for _, l := range ls {
		if s := line(l); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// table renders a table, cut to what fits; nil where it has no body. budget is the characters left in the message for
// tables, and is lowered by what was used.
func table(t *report.Table, budget *int) slack.Block {
	cols := min(len(t.Header), maxTableCols)
	if cols == 0 || len(t.Rows) == 0 {
		return nil
	}
	caption := Cut(oneLine(Plain(t.Caption)), maxHeader)
	if caption == "" {
		caption = "Options"
	}
	b := slack.NewDataTableBlock(caption)
	used := utf8.RuneCountInString(caption)
	header := make([]slack.DataTableCell, cols)
	for i := range header {
		s := cell(t.Header[i])
		used += utf8.RuneCountInString(s)
		header[i] = slack.NewDataTableRawTextCell(s)
	}
	b.AddRow(header...)
	for i, row := range t.Rows {
		cells, n := tableRow(row, cols, i == t.Mark)
		if len(b.Rows) == maxTableRows || used+n > *budget {
			break
		}
		used += n
		b.AddRow(cells...)
	}
	if len(b.Rows) < 2 {
		return nil
	}
	*budget -= used
	b.PageSize = min(len(b.Rows)-1, maxPage) // the default of 5 would hide the last options
	return b
}

// tableRow renders one row; the first cell of the marked row is bold and has an arrow, since Slack may set the whole first column in bold.
func tableRow(row []string, cols int, marked bool) ([]slack.DataTableCell, int) {
	cells := make([]slack.DataTableCell, cols)
	n := 0
	for c := range cells {
		s := empty
		if c < len(row) {
			s = cell(row[c])
		}
		n += utf8.RuneCountInString(s) + utf8.RuneCountInString(marker)
		if marked && c == 0 {
			cells[c] = slack.NewDataTableRichTextCell(slack.NewRichTextSection(
				slack.NewRichTextSectionTextElement(Cut(marker+s, maxCell), &slack.RichTextSectionTextStyle{Bold: true})))
			continue
		}
		cells[c] = slack.NewDataTableRawTextCell(s)
	}
	return cells, n
}

// marker stands before the recommended option.
const marker = "→ "

func cell(s string) string {
	if s = Cut(oneLine(Plain(s)), maxCell); s == "" {
		return empty
	}
	return s
}

// chart renders a line chart; nil where Slack has no way to show it (no category, no finite series).
func chart(c *report.Chart) slack.Block {
	labels := uniqueLabels(c.Categories, maxChartPoints)
	if len(labels) == 0 {
		return nil
	}
	kept, _ := onScale(c.Series)
	names := make([]string, 0, len(kept))
	for _, s := range kept {
		names = append(names, s.Name)
	}
	names = uniqueLabels(names, maxChartSeries)
	var series []slack.DataVisualizationDataSeries
	for i, name := range names {
		if points, ok := chartPoints(labels, kept[i].Values); ok {
			series = append(series, slack.NewDataVisualizationDataSeries(name, points...))
		}
	}
	if len(series) == 0 {
		return nil
	}
	axis := slack.NewDataVisualizationAxisConfig(labels...).
		WithXLabel(Cut(oneLine(Plain(c.XTitle)), maxChartTitle)).
		WithYLabel(Cut(oneLine(Plain(c.YTitle)), maxChartTitle))
	title := Cut(oneLine(Plain(c.Title)), maxChartTitle)
	if title == "" {
		title = "Monthly cost"
	}
	return slack.NewDataVisualizationBlock(title, slack.NewDataVisualizationLineChart(axis, series...))
}

// onScale leaves out the lines that would flatten the others: Slack's axis is linear, and what matters is where the first two cross, the
// recommended option and the one that would take its place. It returns the names of those left out.
func onScale(in []report.Series) (kept []report.Series, off []string) {
	const dwarfs = 3.0
	top := func(s report.Series) (m float64) {
		for _, v := range s.Values {
			if v > m { // never of NaN
				m = v
			}
		}
		return m
	}
	limit := 0.0
	for _, s := range in[:min(2, len(in))] {
		limit = math.Max(limit, dwarfs*top(s))
	}
	for i, s := range in {
		if i >= 2 && top(s) > limit {
			off = append(off, s.Name)
			continue
		}
		kept = append(kept, s)
	}
	return kept, off
}

// chartPoints gives every label its value; a series with a gap is not drawn, since Slack wants a point for each.
func chartPoints(labels []string, values []float64) ([]slack.DataVisualizationDataPoint, bool) {
	if len(values) < len(labels) {
		return nil, false
	}
	points := make([]slack.DataVisualizationDataPoint, len(labels))
	for i, l := range labels {
		if math.IsNaN(values[i]) || math.IsInf(values[i], 0) {
			return nil, false
		}
		points[i] = slack.NewDataVisualizationDataPoint(l, values[i])
	}
	return points, true
}

// uniqueLabels shortens labels to what a chart takes and keeps them apart.
func uniqueLabels(in []string, n int) []string {
	seen := map[string]bool{}
	var out []string
	for i, s := range in {
		if i == n {
			break
		}
		s = Cut(oneLine(Plain(s)), maxChartLabel)
		if s == "" {
			s = empty
		}
		for k := 2; seen[s]; k++ {
			suffix := " " + string(rune('0'+k%10)) + strings.Repeat("'", k/10)
			s = Cut(s, maxChartLabel-utf8.RuneCountInString(suffix)) + suffix
		}
		seen[s] = true
		out = append(out, s)
	}
	return out
}
