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

// Draw renders c as "svg" or "png". Costs span decades, so the vertical axis is logarithmic, unless c is Linear: logarithms are
// drawn and the labels name the figures.
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
			switch {
			case math.IsNaN(v):
			case c.Linear:
				values[i][k] = v
			case v > 0:
				values[i][k] = math.Log10(v)
			}
		}
	}
	o := charts.NewLineChartOptionWithData(values)
	o.Title = charts.TitleOption{Text: c.Title, Subtext: c.YTitle + " against " + c.XTitle + ", both on logarithmic scales"}
	o.Legend = charts.LegendOption{SeriesNames: names, Vertical: charts.Ptr(true), Offset: charts.OffsetStr{Left: "80", Top: "50"}}
	o.XAxis.Labels = c.Categories
	c.axis(&o)
	o.Padding = charts.NewBoxEqual(20)
	p := charts.NewPainter(charts.PainterOptions{OutputFormat: format, Width: drawWidth, Height: drawHeight})
	if err := p.LineChart(o); err != nil {
		return nil, fmt.Errorf("report: %w", err)
	}
	return p.Bytes()
}

// axis sets the range of the vertical axis, with room above the dearest line in which the legend stands, and its labels.
func (c *Chart) axis(o *charts.LineChartOption) {
	if c.Linear {
		o.Title.Subtext = c.YTitle
		top := 0.0
		for _, s := range c.Series {
			for _, v := range s.Values {
				if v > top { // not so where v is NaN
					top = v
				}
			}
		}
		o.YAxis[0].Min, o.YAxis[0].Max = charts.Ptr(0.0), charts.Ptr(niceTop(top*1.5))
		o.ValueFormatter = func(v float64) string { return quantity.USD(quantity.RoundSig(v, 3)) }
		return
	}
	lo, hi := logRange(c)
	const legendRoom = 1 // a decade
	o.YAxis[0].Min, o.YAxis[0].Max = charts.Ptr(math.Floor(lo)), charts.Ptr(math.Ceil(hi)+legendRoom)
	o.ValueFormatter = func(v float64) string { return quantity.USD(quantity.RoundSig(math.Pow(10, v), 2)) }
}

// niceTop rounds the end of an axis up to 1, 2 or 5 times a power of ten.
func niceTop(v float64) float64 {
	if v <= 0 {
		return 1
	}
	p := math.Pow(10, math.Floor(math.Log10(v)))
	for _, m := range []float64{1, 2, 5} {
		if v <= m*p {
			return m * p
		}
	}
	return 10 * p
}
