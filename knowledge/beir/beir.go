// Package beir reads retrieval test sets in BEIR's form and scores rankings on them: nDCG, recall, MRR.
//
// It knows nothing of how a ranking was made. The measures are those of trec_eval, as BEIR publishes them. The reader
// takes the files as they are found: ids that are numbers, documents without title or text, further fields, qrels with
// or without a header or in TREC's form, either line ending.
package beir

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// maxLine bounds one line, in bytes: a document is far shorter.
const maxLine = 64 << 20

// Doc is one line of corpus.jsonl.
type Doc struct {
	ID    string
	Title string
	Text  string
}

// Query is one line of queries.jsonl.
type Query struct {
	ID   string
	Text string
}

// Qrels maps a query's id to the grades of its relevant documents.
type Qrels map[string]map[string]int

// line is what a line of corpus.jsonl or queries.jsonl may hold; null counts as absent.
type line struct {
	ID    id     `json:"_id"`
	Title string `json:"title"`
	Text  string `json:"text"`
}

// id is a string, or a number as it is written.
type id string

func (v *id) UnmarshalJSON(b []byte) error {
	var s string
	if err := json.Unmarshal(b, &s); err == nil {
		*v = id(s)
		return nil
	}
	var n json.Number
	if err := json.Unmarshal(b, &n); err != nil {
		return errors.New("_id is neither a string nor a number")
	}
	*v = id(n)
	return nil
}

// ReadDocs reads corpus.jsonl. Of two documents with one id the later counts, as in BEIR's own reader. The error names
// the line.
func ReadDocs(r io.Reader) ([]Doc, error) {
	return readObjects(r, "corpus", func(l line) Doc { return Doc{string(l.ID), l.Title, l.Text} })
}

// ReadQueries reads queries.jsonl, as [ReadDocs] reads documents.
func ReadQueries(r io.Reader) ([]Query, error) {
	return readObjects(r, "queries", func(l line) Query { return Query{string(l.ID), l.Text} })
}

func readObjects[T any](r io.Reader, what string, of func(line) T) ([]T, error) {
	var out []T
	at := map[id]int{}
	err := readLines(r, what, func(n int, text []byte) error {
		var l line
		if err := json.Unmarshal(text, &l); err != nil {
			return fmt.Errorf("%s, line %d: %w", what, n, err)
		}
		if l.ID == "" {
			return fmt.Errorf("%s, line %d: no _id", what, n)
		}
		if i, ok := at[l.ID]; ok {
			out[i] = of(l)
			return nil
		}
		at[l.ID] = len(out)
		out = append(out, of(l))
		return nil
	})
	if err == nil && len(out) == 0 {
		err = fmt.Errorf("%s: empty", what)
	}
	return out, err
}

// readLines yields each line that is not blank, without its ending, with its number from 1.
func readLines(r io.Reader, what string, yield func(n int, text []byte) error) error {
	sc := bufio.NewScanner(r)
	sc.Buffer(nil, maxLine)
	n := 0
	for sc.Scan() {
		n++
		text := sc.Bytes()
		if n == 1 {
			text = bytes.TrimPrefix(text, []byte("\ufeff"))
		}
		if text = bytes.TrimSpace(text); len(text) == 0 {
			continue
		}
		if err := yield(n, text); err != nil {
			return err
		}
	}
	if err := sc.Err(); err != nil {
		return fmt.Errorf("%s, line %d: %w", what, n+1, err)
	}
	return nil
}

// ReadQrels reads qrels.tsv: query id, document id, grade, parted by tabs, or TREC's four columns; a header line is
// passed over. Grades of zero and below mean "not relevant" and are left out. The error names the line.
func ReadQrels(r io.Reader) (Qrels, error) {
	q := Qrels{}
	err := readLines(r, "qrels", func(n int, text []byte) error {
		query, doc, grade, err := judgement(string(text))
		if err != nil && n == 1 && errors.Is(err, errGrade) {
			return nil // the header
		}
		if err != nil {
			return fmt.Errorf("qrels, line %d: %w", n, err)
		}
		if grade <= 0 {
			return nil
		}
		if q[query] == nil {
			q[query] = map[string]int{}
		}
		q[query][doc] = grade
		return nil
	})
	if err != nil {
		return nil, err
	}
	if len(q) == 0 {
		return nil, errors.New("qrels: no relevant document")
	}
	return q, nil
}

var errGrade = errors.New("the grade is no number")

func judgement(text string) (query, doc string, grade int, err error) {
	f := strings.Split(text, "\t")
	if len(f) == 1 { // TREC parts its columns by blanks
		f = strings.Fields(text)
	}
	if len(f) == 4 { // query, iteration, document, grade
		f = []string{f[0], f[2], f[3]}
	}
	if len(f) != 3 {
		return "", "", 0, errors.New("want query, document and grade parted by tabs")
	}
	g, err := strconv.ParseFloat(strings.TrimSpace(f[2]), 64) // some write 1.0
	if err != nil || g != g || g > 1e6 {
		return "", "", 0, fmt.Errorf("%w: %q", errGrade, f[2])
	}
	return strings.TrimSpace(f[0]), strings.TrimSpace(f[1]), int(g), nil
}
