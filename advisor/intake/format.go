package intake

import "github.com/llmadvise/llmadvise/advisor"

// Format writes w as a request that [Parse] reads back to the same fields.
func Format(w advisor.Workload) string { return "" }
