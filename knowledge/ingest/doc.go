// Package ingest turns sources into documents: Markdown, HTML, PDF, DOCX and text, from a file, a folder, a git
// checkout or an address.
//
// From the bottom up: blocks.go holds what every format is reduced to, a flat list of headings and blocks; chunk.go
// packs blocks into passages with their heading path, tables whole; one file a format makes blocks (markdown.go,
// html.go, pdf.go, docx.go, text.go); parse.go picks the format; walk.go goes through folders; url.go fetches an
// address behind the guard against private networks.
//
// A Markdown comment under a heading, <!-- asked: may we? | how much? -->, names questions that the section answers.
//
// Every reader is bounded in time and size: a source is outside input. The package knows nothing of vectors, indexes,
// models or Slack.
package ingest
