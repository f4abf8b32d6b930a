// Package ollama puts a local Ollama server behind the knowledge base's ports: [Generator] for chat, [Embedder] for
// vectors.
//
// It is the only package that knows Ollama. It adds what the client library leaves out: a reply that ends too early is an
// error, a prompt that is too long is an error, a response is bounded, and each error says what to do about it. Its unit
// tests use a fake HTTP server with the shapes of real replies; the tests with the build tag realollama run the real
// server, which realollama/build.sh builds (see realollama/README.md).
package ollama
