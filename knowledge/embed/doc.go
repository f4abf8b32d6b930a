// Package embed turns text into vectors without a model server: a static table, compiled into the binary, holds one
// vector for each entry of a WordPiece vocabulary, and a text is the unit-length sum of its tokens' vectors.
//
// From the bottom up: wordpiece.go splits text as BERT's uncased tokenizer does; table.go reads the table and sums;
// cache.go spares repeated work in front of any embedder. The table is fitted to a sentence model by the recipe in
// recipe/, which needs no GPU; recipe/README.md has the steps, the sources and their licences, and the scores.
//
// The package knows nothing of indexes, passages or Ollama, and never reads the network or the disk.
package embed
