package ground

// Source is one numbered source that a reply may cite.
type Source struct {
	N        int
	Document string
	Title    string
	Heading  string
	Date     string
	Text     string
	URL      string
}
