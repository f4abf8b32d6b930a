package catalog

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"time"
)

// row is one line of a CSV table, read by column name. The getters collect what is wrong instead of failing one by
// one, so that a contributor sees every mistake of a file at once.
type row struct {
	table string
	line  int
	cols  map[string]int
	rec   []string
	errs  *[]error
}

// readTable calls each for every line of the CSV file name, in order. The first line names the columns.
func readTable(fsys fs.FS, name string, each func(row)) error {
	f, err := fsys.Open(name)
	if err != nil {
		return fmt.Errorf("catalog: %w", err)
	}
	defer f.Close()
	recs, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return fmt.Errorf("catalog: %s: %w", name, err)
	}
	if len(recs) == 0 {
		return fmt.Errorf("catalog: %s: no header", name)
	}
	cols := make(map[string]int, len(recs[0]))
	for i, c := range recs[0] {
		cols[c] = i
	}
	var errs []error
	for i, rec := range recs[1:] {
		each(row{table: name, line: i + 2, cols: cols, rec: rec, errs: &errs})
	}
	return errors.Join(errs...)
}

func (r row) fail(col string, err error) {
	*r.errs = append(*r.errs, fmt.Errorf("catalog: %s line %d, %s: %w", r.table, r.line, col, err))
}

func (r row) str(col string) string {
	i, ok := r.cols[col]
	if !ok {
		r.fail(col, errors.New("no such column"))
		return ""
	}
	return strings.TrimSpace(r.rec[i])
}

// num returns nil for an empty cell.
func (r row) num(col string) *float64 {
	s := r.str(col)
	if s == "" {
		return nil
	}
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		r.fail(col, err)
		return nil
	}
	return &v
}

// float returns 0 for an empty cell, for columns where 0 means unknown.
func (r row) float(col string) float64 {
	if p := r.num(col); p != nil {
		return *p
	}
	return 0
}

func (r row) int(col string) int {
	s := r.str(col)
	if s == "" {
		return 0
	}
	v, err := strconv.Atoi(s)
	if err != nil {
		r.fail(col, err)
	}
	return v
}

// list splits a cell at "|".
func (r row) list(col string) []string {
	s := r.str(col)
	if s == "" {
		return nil
	}
	return slices.DeleteFunc(strings.Split(s, "|"), func(s string) bool { return s == "" })
}

// yes reads a flag that is false when empty.
func (r row) yes(col string) bool {
	p := r.maybe(col)
	return p != nil && *p
}

// maybe reads yes, no or unknown (empty).
func (r row) maybe(col string) *bool {
	switch s := r.str(col); s {
	case "":
		return nil
	case "yes", "no":
		v := s == "yes"
		return &v
	default:
		r.fail(col, fmt.Errorf("%q: want yes, no or nothing", s))
		return nil
	}
}

func (r row) date(col string) Date {
	d, err := ParseDate(r.str(col))
	if err != nil {
		r.fail(col, err)
	}
	return d
}

// clock reads "16:30" as the time since midnight.
func clock(s string) (time.Duration, error) {
	t, err := time.Parse("15:04", s)
	if err != nil {
		return 0, fmt.Errorf("time of day %q: want HH:MM", s)
	}
	return time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute, nil
}
