package report

// Document is an Advice, a price diff or a digest in neutral form: one wording for the command line, Markdown and
// Slack. Text in it is plain: no markup, nothing escaped; a renderer marks it up and escapes it.
type Document struct {
	Title    string // the first line, alone in a notification: the decision and its price
	Summary  string // one or two sentences under it
	Sections []Section
	Footer   string
}

// Section is a part of a Document that a reader can fold. Kind tells renderers what they may draw specially.
type Section struct {
	Kind   Kind
	Title  string
	Lines  []Line
	Table  *Table
	Chart  *Chart
	Folded bool // behind a button or a flag, not in the short form
}

// Kind is what a Section is about; stable, so that buttons can ask for one.
type Kind string

// The sections of an advice.
const (
	KindInputs     Kind = "inputs"
	KindOptions    Kind = "options"
	KindHardware   Kind = "hardware"
	KindBreakEven  Kind = "break_even"
	KindFlips      Kind = "flips"
	KindFramework  Kind = "framework"
	KindCompliance Kind = "compliance"
	KindArticle    Kind = "article"
	KindMath       Kind = "math"
	KindChart      Kind = "chart"
	KindSources    Kind = "sources"
	KindWarnings   Kind = "warnings"
	// KindDisagreement is one line: where the article's checklist and the arithmetic part.
	KindDisagreement Kind = "disagreement"
	// KindAssumptions is the long form of what KindInputs says in a line: each assumption, why, and what it does.
	KindAssumptions Kind = "assumptions"
	// KindAllOptions are all options that were kept, where KindOptions shows the few to compare.
	KindAllOptions Kind = "all_options"
	// KindCosts is what each option costs over 12 and 36 months, and what is in it.
	KindCosts Kind = "costs"
	// KindQuality is how good the models are by public benchmarks.
	KindQuality Kind = "quality"
	// KindDraws is what the Monte Carlo draws say of each option.
	KindDraws Kind = "draws"
	// KindSensitivity is the tornado: what each input does to the monthly cost.
	KindSensitivity Kind = "sensitivity"
)

// Line is a list item or sentence. Label, where set, is shown before Text ("Assumed", "You said").
type Line struct {
	Label, Text string
	Strong      bool
}

// Table has a header and rows of equal length; Numeric marks columns to align right; Mark is the row to make bold (-1 none).
type Table struct {
	Caption string
	Header  []string
	Rows    [][]string
	Numeric []bool
	Mark    int
}

// Chart is a line chart: one series an option over shared categories.
type Chart struct {
	Title, XTitle, YTitle string
	Categories            []string
	Series                []Series
	Alt                   string // what the picture shows, in words
	// Linear is a vertical axis from zero instead of a logarithmic one: for a few prices over time.
	Linear bool
}

// Series is one line of a Chart; Values has one entry for every category.
type Series struct {
	Name   string
	Values []float64
}
