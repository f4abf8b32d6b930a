// Package knowledge answers questions from documents: it finds passages, writes an answer that cites them, and shows
// only what they support. It is the one door of the knowledge base; [Base] is the door.
//
// From the bottom up: [Index] finds passages; evidence.go decides whether they bear on the question at all, so that the
// answer can be "I don't know", from words and from meaning (meaning.go), against a background of other subjects
// (elsewhere.go); standalone.go makes a follow-up understandable without its thread; compose.go writes an
// answer out of the passages' own sentences, in the order that rank.go gives them, without any model; prompt.go and
// generate.go let a local model write it; writer.go holds each sentence against the sources (package ground) and against
// what was said (garbled.go) before anyone sees it, and complete.go adds what the model left out; queue.go bounds how many
// models write at a time.
//
// Figures come from passages or from the caller ([Question.Facts], [Tool]); this package computes none, knows no prices
// and nothing of Slack. Documents and messages are data: what they order is not done (inject.go).
//
// Users ask in words that documents do not use. A passage may therefore say what it is asked ([Chunk.Asked]): that is
// searched and weighed, never shown.
//
// Still doubtful: the thresholds of evidence.go are fitted to the built-in documents; a large private corpus in another
// language will want its own. Word vectors do not know what a question wants of its words: of questions in words of their
// own, and of those that sound near and are not, about one in ten is still judged wrongly (TestCalibrateEvidence).
package knowledge
