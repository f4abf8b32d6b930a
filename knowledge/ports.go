package knowledge

import "context"

// Embedder turns texts into vectors of unit length.
type Embedder interface {
	// Embed returns one vector of Dims floats for each text, in order.
	Embed(ctx context.Context, texts []string) ([][]float32, error)
	// Model names the embedding model and its version; an index built with another name is not mixed with it.
	Model() string
	Dims() int
	// DenseWeight is the share of the dense leg in the fused score, measured for this embedder (0..1).
	DenseWeight() float64
}

// Index finds passages. Scores are fused per query; Passage.Cosine and Passage.Coverage are absolute.
type Index interface {
	Search(ctx context.Context, query string, k int, scope Scope) ([]Passage, error)
}

// Message is one message of a chat with the model.
type Message struct {
	Role     string // "system", "user", "assistant", "tool"
	Content  string
	ToolName string     // for role "tool"
	Calls    []ToolCall // for role "assistant"
}

// ToolCall is a model's wish to call a tool; Args is JSON.
type ToolCall struct {
	Name string
	Args []byte
}

// GenerateRequest is one call of the local model.
type GenerateRequest struct {
	Messages    []Message
	Tools       []Tool
	Schema      []byte // JSON schema for structured output; nil for prose
	MaxTokens   int
	Temperature float64
}

// Piece is a part of a streamed reply; thinking is never shown.
type Piece struct {
	Text, Thinking string
	Calls          []ToolCall
	Done           bool
	Cut            bool // with Done: the reply was stopped at MaxTokens or at the end of the context
}

// Generator is a chat model. Generate calls emit for every piece in order and returns after the last; an error of
// emit ends the generation and is returned.
type Generator interface {
	Generate(ctx context.Context, req GenerateRequest, emit func(Piece) error) error
	// Model names the model in use; SupportsTools says whether it takes GenerateRequest.Tools.
	Model() string
	SupportsTools(ctx context.Context) (bool, error)
	// Available returns nil where the model answers now, or why not and what to do.
	Available(ctx context.Context) error
	// ContextTokens is the context window that requests are made with.
	ContextTokens() int
}
