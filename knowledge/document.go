package knowledge

// Document is a source text cut into passages, as ingest makes it and the index keeps it.
type Document struct {
	ID          string // unique: "corpus/hipaa", "docs/handbook.md"
	Title       string
	Date        string // "2025-11" or "2025-11-03"; "" unknown
	Attribution string // who said it
	Licence     string
	URL         string
	Source      string // what it was ingested from: "corpus", a folder, an address
	Scope       string // the only channel that may see it; "" everybody
	Hash        string // of the content: a document with the same hash is not embedded again
	Chunks      []Chunk
}

// Chunk is one passage of a Document, in reading order.
type Chunk struct {
	ID      string // stable: document, heading path, content hash
	Heading []string
	Text    string
	// Asked are questions that the passage answers, in the words of those who ask them, as its author wrote them. They are
	// searched and never shown.
	Asked []string
}
