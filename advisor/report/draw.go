package report

import (
	"fmt"
	"math"

	"github.com/go-analyze/charts"

	"github.com/llmadvise/llmadvise/advisor/quantity"
)

// Size of a drawn chart, pixels.
const (
	drawWidth  = 1000
	drawHeight = 560
)

// Draw renders c as "svg" or "png". Costs span decades, so the vertical axis is logarithmic: logarithms are drawn and the labels
// name the figures.
func Draw(c *Chart, format string) ([]byte, error) {
	if format != charts.ChartOutputSVG && format != charts.ChartOutputPNG {
		return nil, fmt.Errorf("report: cannot draw %q; svg and png are known", format)
	}
	if len(c.Series) == 0 || len(c.Categories) == 0 {
		return nil, fmt.Errorf("report: nothing to draw")
	}
	values := make([][]float64, len(c.Series))
	names := make([]string, len(c.Series))
	for i, s := range c.Series {
		names[i] = s.Name
		values[i] = make([]float64, len(s.Values))
		for k, v := range s.Values {
			values[i][k] = charts.GetNullValue()
			if v > 0 && !math.IsNaN(v) {
				values[i][k] = math.Log10(v)
			}
		}
	}
	o := charts.NewLineChartOptionWithData(values)
	o.Title = charts.TitleOption{Text: c.Title, Subtext: c.YTitle + " against " + c.XTitle + ", both on logarithmic scales"}
	o.Legend = charts.LegendOption{SeriesNames: names, Vertical: charts.Ptr(true), Offset: charts.OffsetStr{Left: "80", Top: "50"}}
	o.XAxis.Labels = c.Categories
	lo, hi := logRange(c)
	const legendRoom = 1 // a decade above the dearest line, in which the legend stands
	o.YAxis[0].Min, o.YAxis[0].Max = charts.Ptr(math.Floor(lo)), charts.Ptr(math.Ceil(hi)+legendRoom)
	o.ValueFormatter = func(v float64) string { return quantity.USD(quantity.RoundSig(math.Pow(10, v), 2)) }
	o.Padding = charts.NewBoxEqual(20)
	p := charts.NewPainter(charts.PainterOptions{OutputFormat: format, Width: drawWidth, Height: drawHeight})
	if err := p.LineChart(o); err != nil {
		return nil, fmt.Errorf("report: %w", err)
	}
	return p.Bytes()
}
