package report

import "github.com/llmadvise/llmadvise/advisor"

// FromAdvice words an advice as a neutral document. Folded sections are the ones behind a button or a flag.
func FromAdvice(a advisor.Advice) Document {
	return Document{Title: a.Recommendation.Summary, Summary: a.Recommendation.Reason}
}
