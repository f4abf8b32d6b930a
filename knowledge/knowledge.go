package knowledge

import (
	"context"
	"time"
)

// Passage is one retrieved piece of a document.
type Passage struct {
	ID          string   // stable: document + heading path + content hash
	Document    string   // document id, e.g. "corpus/compliance"
	Title       string   // document title
	Heading     []string // heading path
	Text        string
	Asked       []string // questions that it answers, by its author (Chunk.Asked)
	Date        string   // of the claim or document, "2025-11"; "" unknown
	Attribution string   // who said it, as the document's metadata gives it
	URL         string   // "" where the document has none
	Score       float64  // fused, relative to this query
	Cosine      float64  // raw evidence for abstaining
	Coverage    float64  // share of the question's rare terms that the passage covers
}

// Scope limits what a query may see: the shared corpus always, private sources only of the channel that added them.
type Scope struct {
	Channel string // "" for the command line: shared sources only
}

// Fact is a figure computed elsewhere (the engine) that an answer may quote. Text is the sentence to quote.
type Fact struct {
	Label, Text string
	Source      string
	Direct      bool // it is what the question asks for, and stands first
}

// Tool is an engine that the model may call; bot and cmd wire the advisor behind it.
type Tool interface {
	// Describe returns the tool's name, what it is for, and its parameters as a JSON schema.
	Describe() (name, description string, schema []byte)
	// Call runs the tool; args is JSON as the model wrote it. The facts may be quoted in the answer.
	Call(ctx context.Context, args []byte) ([]Fact, error)
}

// Turn is one earlier message of a thread.
type Turn struct {
	FromBot bool
	Text    string
}

// Question is what to answer.
type Question struct {
	Text    string
	History []Turn // oldest first
	Scope   Scope
	Facts   []Fact // figures that the caller computed for this question
	Tools   []Tool
}

// Citation is one numbered source of an Answer.
type Citation struct {
	N                                   int
	Document, Title, Heading, URL, Date string
	Quote                               string // the passage text that supports the claim
}

// Answer is a checked reply.
type Answer struct {
	Text      string // with [n] markers
	Abstained bool
	Citations []Citation
	Composed  bool     // composed from passages without a model
	Model     string   // "" when composed
	Withheld  int      // sentences the grounding check kept back
	LeftOut   int      // passages that did not fit into the model's context window
	Suggest   []string // what the corpus does cover, when abstained
	Rewritten string   // the stand-alone question
	Took      time.Duration
}

// Stream receives a checked answer while it is made. Text is appended sentence by sentence, only after it was checked.
type Stream interface {
	Status(ctx context.Context, text string) error
	Append(ctx context.Context, text string) error
}
