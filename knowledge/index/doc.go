// Package index finds passages: BM25 through bleve beside vectors through chromem-go, fused by a weighted sum.
//
// From the bottom up: journal.go is the one durable truth, an append-only file of documents with their passages and
// vectors, each record with a checksum, so that a process killed at any moment leaves the old or the new state of
// each document; analyse.go cuts text into terms; keyword.go and dense.go are the two legs, both rebuilt or caught up
// from the journal; bm25.go scores what the keyword leg holds; state.go is the set of live documents, swapped whole, so
// that a query never sees half a document; search.go fuses, measures the evidence and removes near-duplicates;
// update.go takes documents in.
//
// An index carries the name of the embedding model. Opened with another model it embeds its passages again and never
// mixes the two. A damaged file is an error that says what to do; the keyword leg alone is rebuilt in silence.
//
// This is the only room of chromem-go and bleve. It never imports Ollama (embeddings come through
// knowledge.Embedder), Slack, or the engine.
package index
