// Package ollama puts a local Ollama server behind the knowledge base's ports: Generator for chat, Embedder for vectors.
package ollama
