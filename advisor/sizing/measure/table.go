package measure

import (
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strconv"

	"github.com/llmadvise/llmadvise/advisor/catalog"
	"github.com/llmadvise/llmadvise/advisor/quantity"
	"github.com/llmadvise/llmadvise/advisor/sizing"
)

// outputColumns are appended to each row of a predicted table.
var outputColumns = []string{"predicted", "low", "high", "skipped_because"}

// PredictTable reads a table of throughput or memory rows, told apart by their columns, and returns it with
// outputColumns appended. No row is dropped: one without a prediction says why. Memory is in GB, as the column
// measured_or_parser_GB has it.
func PredictTable(r io.Reader, cat *catalog.Catalog, z *sizing.Sizer) (header []string, rows [][]string, err error) {
	all, err := readAll(r)
	if err != nil {
		return nil, nil, err
	}
	header = append(slices.Clone(all[0]), outputColumns...)
	at := columns(all[0])
	predict := throughputPredictor(cat, z, at)
	if _, ok := at["metric"]; !ok {
		predict = memoryPredictor(cat, z, at)
	}
	for _, need := range []string{"model"} {
		if _, ok := at[need]; !ok {
			return nil, nil, fmt.Errorf("the table has no column %q", need)
		}
	}
	for _, rec := range all[1:] {
		e, err := predict(rec)
		out := slices.Clone(rec)
		for len(out) < len(all[0]) {
			out = append(out, "")
		}
		rows = append(rows, append(out[:len(all[0])], cells(e, err)...))
	}
	return header, rows, nil
}

func readAll(r io.Reader) ([][]string, error) {
	cr := csv.NewReader(r)
	cr.FieldsPerRecord = -1
	all, err := cr.ReadAll()
	if err != nil {
		return nil, err
	}
	if len(all) == 0 {
		return nil, io.ErrUnexpectedEOF
	}
	return all, nil
}

func throughputPredictor(cat *catalog.Catalog, z *sizing.Sizer, at map[string]int) func([]string) (quantity.Estimate, error) {
	v := NewResolver(cat)
	return func(rec []string) (quantity.Estimate, error) {
		row := newRow(rec, at)
		c, err := v.Resolve(&row)
		if err != nil {
			return quantity.Estimate{}, err
		}
		return c.Predict(z)
	}
}

func memoryPredictor(cat *catalog.Catalog, z *sizing.Sizer, at map[string]int) func([]string) (quantity.Estimate, error) {
	v := NewResolver(cat)
	return func(rec []string) (quantity.Estimate, error) {
		row := newMemoryRow(rec, at)
		return v.PredictMemory(&row, z)
	}
}

func cells(e quantity.Estimate, err error) []string {
	if err != nil {
		return []string{"", "", "", err.Error()}
	}
	return []string{cell(e.Mid), cell(e.Lo), cell(e.Hi), ""}
}

func cell(v float64) string { return strconv.FormatFloat(v, 'g', 6, 64) }
