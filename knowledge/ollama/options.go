package ollama

import (
	"log/slog"
	"net/url"
	"time"
)

// Options say which server and models to use. The zero value is the server that OLLAMA_HOST's default names.
type Options struct {
	Host       string        // as OLLAMA_HOST is written; "" is http://127.0.0.1:11434
	Model      string        // chat model; "" is DefaultModel
	EmbedModel string        // embedding model; "" is DefaultEmbedModel
	NumCtx     int           // context window in tokens; 0 is 8192
	KeepAlive  time.Duration // how long the server keeps the model loaded; 0 is 30 minutes
}

// Defaults of Options.
const (
	DefaultModel      = "qwen3:8b"
	DefaultEmbedModel = "all-minilm"
)

// Client is a connection to one Ollama server.
type Client struct {
	log  *slog.Logger
	opts Options
	base *url.URL
}
