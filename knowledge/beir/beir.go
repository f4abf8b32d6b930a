// Package beir reads retrieval test sets in BEIR's form and scores rankings on them: nDCG, recall, MRR.
//
// It knows nothing of how a ranking was made. The measures are those of trec_eval, as BEIR publishes them.
package beir

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"sort"
	"strconv"
	"strings"
)

// Doc is one line of corpus.jsonl.
type Doc struct {
	ID    string `json:"_id"`
	Title string `json:"title"`
	Text  string `json:"text"`
}

// Query is one line of queries.jsonl.
type Query struct {
	ID   string `json:"_id"`
	Text string `json:"text"`
}

// Qrels maps a query's id to the grades of its relevant documents.
type Qrels map[string]map[string]int

// ReadDocs reads corpus.jsonl. The error names the line.
func ReadDocs(r io.Reader) ([]Doc, error) {
	return readLines(r, "corpus", func(d Doc) string { return d.ID })
}

// ReadQueries reads queries.jsonl. The error names the line.
func ReadQueries(r io.Reader) ([]Query, error) {
	return readLines(r, "queries", func(q Query) string { return q.ID })
}

func readLines[T any](r io.Reader, what string, id func(T) string) ([]T, error) {
	sc := bufio.NewScanner(r)
	sc.Buffer(nil, 16<<20)
	var out []T
	for n := 1; sc.Scan(); n++ {
		if strings.TrimSpace(sc.Text()) == "" {
			continue
		}
		var v T
		if err := json.Unmarshal(sc.Bytes(), &v); err != nil {
			return nil, fmt.Errorf("%s, line %d: %w", what, n, err)
		}
		if id(v) == "" {
			return nil, fmt.Errorf("%s, line %d: no _id", what, n)
		}
		out = append(out, v)
	}
	if err := sc.Err(); err != nil {
		return nil, fmt.Errorf("%s: %w", what, err)
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%s: empty", what)
	}
	return out, nil
}

// ReadQrels reads qrels.tsv: query id, document id, grade, parted by tabs; a header line is passed over. Grades of
// zero and below mean "not relevant" and are left out.
func ReadQrels(r io.Reader) (Qrels, error) {
	q := Qrels{}
	sc := bufio.NewScanner(r)
	for n := 1; sc.Scan(); n++ {
		f := strings.Fields(sc.Text())
		if len(f) == 0 {
			continue
		}
		if len(f) == 4 { // TREC's form: query, iteration, document, grade
			f = []string{f[0], f[2], f[3]}
		}
		if len(f) != 3 {
			return nil, fmt.Errorf("qrels, line %d: want query, document and grade parted by tabs", n)
		}
		grade, err := strconv.Atoi(f[2])
		if err != nil {
			if n == 1 {
				continue
			}
			return nil, fmt.Errorf("qrels, line %d: grade %q is no number", n, f[2])
		}
		if grade <= 0 {
			continue
		}
		if q[f[0]] == nil {
			q[f[0]] = map[string]int{}
		}
		q[f[0]][f[1]] = grade
	}
	if len(q) == 0 {
		return nil, fmt.Errorf("qrels: no relevant document")
	}
	return q, sc.Err()
}

// NDCG returns the normalised discounted cumulative gain of the first k of ranked, 0..1, with the grade as the gain.
func NDCG(ranked []string, grades map[string]int, k int) float64 {
	var got float64
	for i, id := range ranked[:min(k, len(ranked))] {
		got += float64(grades[id]) / math.Log2(float64(i)+2)
	}
	ideal := make([]int, 0, len(grades))
	for _, g := range grades {
		ideal = append(ideal, g)
	}
	sort.Sort(sort.Reverse(sort.IntSlice(ideal)))
	var best float64
	for i, g := range ideal[:min(k, len(ideal))] {
		best += float64(g) / math.Log2(float64(i)+2)
	}
	if best == 0 {
		return 0
	}
	return got / best
}

// Recall returns the share of the relevant documents among the first k of ranked.
func Recall(ranked []string, grades map[string]int, k int) float64 {
	if len(grades) == 0 {
		return 0
	}
	hit := 0
	for _, id := range ranked[:min(k, len(ranked))] {
		if grades[id] > 0 {
			hit++
		}
	}
	return float64(hit) / float64(len(grades))
}

// RR returns the reciprocal rank of the first relevant document among the first k of ranked, 0 where there is none.
func RR(ranked []string, grades map[string]int, k int) float64 {
	for i, id := range ranked[:min(k, len(ranked))] {
		if grades[id] > 0 {
			return 1 / float64(i+1)
		}
	}
	return 0
}
