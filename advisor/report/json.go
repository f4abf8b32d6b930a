package report

import "github.com/llmadvise/llmadvise/advisor"

// SchemaVersion of the JSON shape; a field is never renamed or removed within a version.
const SchemaVersion = 1

// AdviceJSON is the documented shape of `advise --json`.
type AdviceJSON struct {
	SchemaVersion int `json:"schema_version"`
}

// JSON turns an advice into its documented shape. Absent is null, never a made-up zero.
func JSON(a advisor.Advice) AdviceJSON { return AdviceJSON{SchemaVersion: SchemaVersion} }
