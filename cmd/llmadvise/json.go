package main

import (
	"encoding/json"
	"io"
)

// writeJSON prints v indented, with HTML characters as they are: the reader is a program or a terminal.
func writeJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}
