package beir

import (
	"io"
	"strings"
	"testing"
)

// TestFilesAsFound reads what sets out in the world hold.
func TestFilesAsFound(t *testing.T) {
	docs, err := ReadDocs(strings.NewReader("\ufeff" +
		`{"_id": "a", "title": "T", "text": "first", "metadata": {"url": "x", "n": [1, 2]}}` + "\r\n" +
		`{"_id": 7, "text": "no title"}` + "\r\n\r\n" +
		`{"_id": "c", "title": null, "text": null}` + "\n" +
		`{"_id": "a", "title": "T", "text": "later"}` + "\n" +
		`{"_id": "long", "text": "` + strings.Repeat("x", 2<<20) + `"}`))
	if err != nil || len(docs) != 4 {
		t.Fatalf("%d documents, %v", len(docs), err)
	}
	if docs[0].Text != "later" || docs[1].ID != "7" || docs[2] != (Doc{ID: "c"}) || len(docs[3].Text) != 2<<20 {
		t.Errorf("%+v", docs[:3])
	}
	queries, err := ReadQueries(strings.NewReader(`{"_id": 12345678901234567890, "text": "q", "metadata": {}}`))
	if err != nil || queries[0].ID != "12345678901234567890" {
		t.Errorf("%+v, %v", queries, err)
	}
}

func TestQrelsAsFound(t *testing.T) {
	for name, text := range map[string]string{
		"BEIR":        "query-id\tcorpus-id\tscore\n1\td1\t1\n1\td2\t0\n",
		"no header":   "1\td1\t1\n1\td2\t0\n",
		"CRLF":        "query-id\tcorpus-id\tscore\r\n1\td1\t1\r\n",
		"TREC":        "1 0 d1 1\n1 0 d2 -2\n",
		"TREC, tabs":  "1\t0\td1\t1\n",
		"decimal":     "1\td1\t1.0\n",
		"blank lines": "\n1\td1\t1\n\n",
		"BOM":         "\ufeff1\td1\t1\n",
	} {
		q, err := ReadQrels(strings.NewReader(text))
		if err != nil || len(q) != 1 || len(q["1"]) != 1 || q["1"]["d1"] != 1 {
			t.Errorf("%s: %v, %v", name, q, err)
		}
	}
	q, err := ReadQrels(strings.NewReader("1\ta document\t2\n"))
	if err != nil || q["1"]["a document"] != 2 {
		t.Errorf("an id with a blank: %v, %v", q, err)
	}
}

func TestErrorsNameTheLine(t *testing.T) {
	for text, want := range map[string]string{
		`{"_id": "1"}` + "\n" + `{"title": "x"}`:    "line 2: no _id",
		`{"_id": "1"}` + "\n" + `{"_id": {"x": 1}}`: "line 2: _id is neither",
		"": "empty",
	} {
		if _, err := ReadDocs(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
	if _, err := ReadQrels(strings.NewReader("1\td1\t1\n2\td2\n")); err == nil || !strings.Contains(err.Error(), "line 2") {
		t.Error(err)
	}
	if _, err := ReadQrels(strings.NewReader("1\td1\t0\n")); err == nil {
		t.Error("qrels without a relevant document were taken")
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{`{"_id":1,"text":"x"}`, "q\td\t1\n", "1 0 d 1\n", "\ufeff", `{"_id":"1"}` + "\r\n", "a\tb\tNaN\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		in := func() io.Reader { return strings.NewReader(s) }
		if docs, err := ReadDocs(in()); err == nil {
			for _, d := range docs {
				if d.ID == "" {
					t.Error("a document without id")
				}
			}
		}
		if q, err := ReadQrels(in()); err == nil {
			for _, grades := range q {
				for _, g := range grades {
					if g <= 0 {
						t.Error("an irrelevant document was kept")
					}
				}
			}
		}
	})
}
