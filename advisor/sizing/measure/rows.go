package measure

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// Row is one measured figure with the columns of the public throughput table.
type Row struct {
	Record []string // as read, in the order of the header

	Source, Model, Quant, GPU string
	ParamsB                   float64
	NGPU                      int
	ISL, OSL                  int // -1 where the table says nothing
	Concurrency               string
	Metric                    string
	Value                     float64 // 0 where empty: to be predicted only
	Note                      string
}

// Table is a file of rows.
type Table struct {
	Header []string
	Rows   []Row
}

var throughputColumns = []string{"source", "model", "params_b", "quant", "gpu", "n_gpu", "isl", "osl", "concurrency_or_batch", "metric", "value", "note"}

// ReadTable reads CSV with a header; columns may come in any order and others are kept. Only model, gpu and metric are
// required. The error names the line.
func ReadTable(r io.Reader) (*Table, error) {
	cr := csv.NewReader(r)
	cr.FieldsPerRecord = -1
	header, err := cr.Read()
	if err != nil {
		return nil, fmt.Errorf("read the header: %w", err)
	}
	t := &Table{Header: header}
	at := columns(header)
	for _, need := range []string{"model", "gpu", "metric"} {
		if _, ok := at[need]; !ok {
			return nil, fmt.Errorf("the table has no column %q; expected %s", need, strings.Join(throughputColumns, ","))
		}
	}
	for {
		rec, err := cr.Read()
		if errors.Is(err, io.EOF) {
			return t, nil
		}
		if err != nil {
			return nil, err
		}
		t.Rows = append(t.Rows, newRow(rec, at))
	}
}

func columns(header []string) map[string]int {
	at := make(map[string]int, len(header))
	for i, h := range header {
		at[strings.TrimSpace(strings.TrimPrefix(strings.ToLower(h), "\ufeff"))] = i
	}
	return at
}

func newRow(rec []string, at map[string]int) Row {
	get := func(name string) string {
		if i, ok := at[name]; ok && i < len(rec) {
			return strings.TrimSpace(rec[i])
		}
		return ""
	}
	r := Row{
		Record: rec, Source: get("source"), Model: get("model"), Quant: get("quant"), GPU: get("gpu"),
		Concurrency: get("concurrency_or_batch"), Metric: get("metric"), Note: get("note"),
		ParamsB: number(get("params_b"), 0), Value: number(get("value"), 0),
		NGPU: int(number(get("n_gpu"), 1)), ISL: int(number(get("isl"), -1)), OSL: int(number(get("osl"), -1)),
	}
	if r.NGPU < 1 {
		r.NGPU = 1
	}
	return r
}

func number(s string, missing float64) float64 {
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return missing
	}
	return v
}
