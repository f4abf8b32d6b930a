// Package report words an [advisor.Advice] once, for every surface: [FromAdvice] makes a neutral [Document], [Text]
// and [Markdown] print one, and [JSON] is the machine-readable shape with its own version.
//
// It computes nothing: every figure in a Document stands in the Advice. It never imports Slack or Block Kit; a
// renderer draws Documents.
package report
