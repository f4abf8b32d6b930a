package report

import (
	"math"
	"strconv"
	"strings"

	"github.com/llmadvise/llmadvise/advisor"
	"github.com/llmadvise/llmadvise/advisor/quantity"
)

// paths in the order of a sweep's columns.
var sweepPaths = [...]advisor.Path{advisor.PathAPI, advisor.PathHostedOpen, advisor.PathSelfHost, advisor.PathHybrid}

// SweepRows is a sweep as a table for a CSV file: the value, the recommended path and option with its costs, and the monthly cost,
// people included, of the cheapest option of each path that qualifies. An empty cell means that none does.
func SweepRows(f advisor.Field, points []advisor.SweepPoint) (header []string, rows [][]string) {
	header = []string{string(f), "path", "option", "monthly_usd", "tco_12m_usd", "api_usd", "hosted_open_usd", "self_host_usd", "hybrid_usd"}
	for i := range points {
		p := &points[i]
		row := []string{number(p.Value), "", "", "", ""}
		if o := optionByID(&p.Advice, p.Advice.Recommendation.Option); o != nil {
			row = []string{number(p.Value), string(o.Path), o.Name, number(cents(o.Monthly.Mid)), number(cents(o.TCO12.Mid))}
		}
		for _, path := range sweepPaths {
			cell := ""
			if v := cheapestOf(&p.Advice, path); !math.IsNaN(v) {
				cell = number(cents(v))
			}
			row = append(row, cell)
		}
		rows = append(rows, row)
	}
	return header, rows
}

// cheapestOf is the monthly cost, people included, of the cheapest option of a path that qualifies; NaN where none does.
func cheapestOf(a *advisor.Advice, path advisor.Path) float64 {
	best := math.NaN()
	for i := range a.Options {
		o := &a.Options[i]
		if v := o.Monthly.Mid + o.LabourMonthly.Mid; o.Path == path && o.Feasible && !(v >= best) {
			best = v
		}
	}
	return best
}

// SweepChart is a sweep as a chart, one line a path; a path that nowhere qualifies has no line.
func SweepChart(f advisor.Field, points []advisor.SweepPoint) *Chart {
	c := &Chart{Title: "Cheapest option that qualifies, by path, people included", XTitle: fieldWords(f), YTitle: "USD a month", Alt: "Monthly cost by " + fieldWords(f)}
	for i := range points {
		c.Categories = append(c.Categories, axisLabel(points[i].Value))
	}
	for _, path := range sweepPaths {
		s := Series{Name: sideWords(path)}
		known := false
		for i := range points {
			v := cheapestOf(&points[i].Advice, path)
			known = known || !math.IsNaN(v)
			s.Values = append(s.Values, v)
		}
		if known {
			c.Series = append(c.Series, s)
		}
	}
	return c
}

// ChartText draws c for a terminal: one sparkline a series on a shared logarithmic scale.
func ChartText(c *Chart, width int) string {
	s := Section{Title: c.Title, Chart: c}
	return Text(Document{Title: c.YTitle, Sections: []Section{s}}, TextOptions{Width: width})
}

// fieldWords is how an axis names an input.
func fieldWords(f advisor.Field) string {
	switch f {
	case advisor.FieldQueries:
		return "queries a month"
	case advisor.FieldLatency:
		return "p95 target, s"
	}
	return strings.ReplaceAll(string(f), "_", " ")
}

func axisLabel(v float64) string {
	if v < 10 {
		return number(quantity.RoundSig(v, 2))
	}
	return quantity.Count(quantity.RoundSig(v, 2))
}

func number(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
