package report

import (
	"math"
	"strconv"

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
	c := &Chart{Title: "Cheapest option that qualifies, by path, people included", XTitle: string(f), YTitle: "USD a month", Alt: "Monthly cost by " + string(f)}
	for i := range points {
		c.Categories = append(c.Categories, quantity.Count(quantity.RoundSig(points[i].Value, 2)))
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

func number(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
