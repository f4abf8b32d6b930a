package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

// evalRetrieval runs `eval retrieval` over files with the given contents.
func evalRetrieval(t *testing.T, corpus, queries, qrels string, more ...string) (stdout, stderr string, code int) {
	t.Helper()
	args := append([]string{
		"eval", "retrieval", "--corpus", feedFile(t, "corpus.jsonl", corpus),
		"--queries", feedFile(t, "queries.jsonl", queries), "--qrels", feedFile(t, "qrels.tsv", qrels),
	}, more...)
	var out, errs bytes.Buffer
	code = run(t.Context(), args, func(string) string { return "" }, strings.NewReader(""), &out, &errs)
	return out.String(), errs.String(), code
}

const (
	beirCorpus = `{"_id": 1, "title": "Renting GPUs", "text": "An H100 is rented by the hour.", "metadata": {}}
{"_id": "2", "text": "HIPAA governs health records."}
{"_id": "3", "title": "Plants", "text": "Water them on Tuesdays."}
{"_id": "4"}
`
	beirQueries = `{"_id": "q1", "text": "price of a rented gpu"}
{"_id": "q2", "text": "rules for health records"}
{"_id": "unjudged", "text": "no one has judged this"}
{"_id": "3", "text": "water plants"}
`
	beirQrels = "query-id\tcorpus-id\tscore\nq1\t1\t1\nq1\t3\t0\nq2\t2\t2\nelsewhere\t9\t1\n"
)

func TestEvalRetrievalJSON(t *testing.T) {
	out, errs, code := evalRetrieval(t, beirCorpus, beirQueries, beirQrels, "--json")
	if code != exitOK {
		t.Fatalf("exit %d: %s", code, errs)
	}
	var got map[string]json.RawMessage
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatal(err)
	}
	for _, mode := range []string{"bm25", "dense", "hybrid"} {
		var s map[string]float64
		if err := json.Unmarshal(got[mode], &s); err != nil {
			t.Fatalf("%s: %v in %s", mode, err, out)
		}
		for _, measure := range []string{"ndcg_at_10", "recall_at_5", "recall_at_100", "mrr_at_10"} {
			if v, ok := s[measure]; !ok || v < 0.999 {
				t.Errorf("%s: %s is %v, want 1", mode, measure, v)
			}
		}
		if v, ok := s["p50_ms"]; !ok || v <= 0 {
			t.Errorf("%s: p50_ms is %v", mode, v)
		}
	}
}

// TestEvalRetrievalLeavesTheQueryOut: where queries are documents, as in ArguAna, a query that finds itself says nothing.
func TestEvalRetrievalLeavesTheQueryOut(t *testing.T) {
	const docs = `{"_id": "a", "text": "rent a gpu by the hour"}
{"_id": "b", "text": "rent a gpu by the month"}
`
	out, errs, code := evalRetrieval(t, docs, `{"_id": "a", "text": "rent a gpu by the hour"}`, "a\tb\t1\n", "--json")
	if code != exitOK || !strings.Contains(out, `"mrr_at_10": 1`) || strings.Contains(out, `"mrr_at_10": 0.5`) {
		t.Errorf("exit %d: %s %s", code, out, errs)
	}
}

func TestEvalRetrievalSaysWhatIsWrong(t *testing.T) {
	for name, c := range map[string]struct{ corpus, queries, qrels, want string }{
		"other set":     {beirCorpus, beirQueries, "x\t1\t1\n", "are queries and qrels of the same set?"},
		"no corpus":     {"", beirQueries, beirQrels, "corpus: empty"},
		"broken line":   {beirCorpus + "{oops\n", beirQueries, beirQrels, "corpus, line 5"},
		"two columns":   {beirCorpus, beirQueries, "q1\t1\n", "qrels, line 1"},
		"queries blank": {beirCorpus, "\n\n", beirQrels, "queries: empty"},
	} {
		out, errs, code := evalRetrieval(t, c.corpus, c.queries, c.qrels)
		if code == exitOK || !strings.Contains(errs, c.want) {
			t.Errorf("%s: exit %d, %q, want %q; printed %s", name, code, errs, c.want, out)
		}
	}
}
