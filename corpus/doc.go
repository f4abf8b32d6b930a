// Package corpus holds the built-in knowledge base as Markdown documents, and the sets that the knowledge base is
// evaluated with. Both are embedded in the binary.
//
// docs/*.md are the documents. Each starts with YAML front matter: id (always "corpus/" + the file's name), title,
// date, attribution, licence, source, and claims: the figures that someone in particular said, with who and when. The
// text names them too, so that a passage torn out of its document still says whose claim it is.
// Under each heading a comment lists questions that the section answers, in the words of those who ask: they are
// searched and never shown.
//
// eval/*.jsonl are the evaluation sets; Question and Injection say what a line holds.
//
// The package interprets nothing and imports no other package of the project. Its tests are the lint of the corpus:
// front matter complete, every link resolvable, every figure of the source article present, every evaluation question
// pointing at a document that exists.
package corpus
