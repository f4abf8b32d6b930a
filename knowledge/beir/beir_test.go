package beir

import (
	"math"
	"strings"
	"testing"
)

func TestMeasuresByHand(t *testing.T) {
	grades := map[string]int{"a": 1, "b": 1, "c": 2}
	ranked := []string{"x", "a", "c"}
	// Gains at ranks 2 and 3: 1/log2(3) + 2/log2(4); ideal: 2/1 + 1/log2(3) + 1/log2(4).
	want := (1/math.Log2(3) + 1) / (2 + 1/math.Log2(3) + 0.5)
	if got := NDCG(ranked, grades, 10); math.Abs(got-want) > 1e-12 {
		t.Errorf("NDCG = %v, want %v", got, want)
	}
	if got := Recall(ranked, grades, 2); math.Abs(got-1.0/3) > 1e-12 {
		t.Errorf("Recall@2 = %v, want a third", got)
	}
	if got := RR(ranked, grades, 10); got != 0.5 {
		t.Errorf("RR = %v, want a half", got)
	}
	if NDCG(nil, grades, 10) != 0 || Recall(nil, nil, 5) != 0 || RR(ranked, grades, 1) != 0 {
		t.Error("nothing found must score nothing")
	}
}

func TestReadQrels(t *testing.T) {
	q, err := ReadQrels(strings.NewReader("query-id\tcorpus-id\tscore\n1\td1\t1\n1\td2\t0\n2\td3\t2\n"))
	if err != nil || len(q) != 2 || q["1"]["d1"] != 1 || len(q["1"]) != 1 || q["2"]["d3"] != 2 {
		t.Fatalf("%v, %v", q, err)
	}
	for _, bad := range []string{"", "1\td1\n", "1\td1\t1\n2\td\tx\n"} {
		if _, err := ReadQrels(strings.NewReader(bad)); err == nil {
			t.Errorf("%q was read", bad)
		}
	}
}

func TestReadLinesNamesTheLine(t *testing.T) {
	_, err := ReadDocs(strings.NewReader("{\"_id\":\"1\"}\n{oops\n"))
	if err == nil || !strings.Contains(err.Error(), "line 2") {
		t.Errorf("err = %v", err)
	}
}
