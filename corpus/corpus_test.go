package corpus

import (
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

type frontMatter struct {
	ID, Title, Date, Attribution, Licence, Source string
	Claims                                        []struct{ Figure, Who, When string }
}

type document struct {
	front frontMatter
	body  string
}

func documents(t *testing.T) map[string]document {
	t.Helper()
	names, err := fs.Glob(Docs(), "*.md")
	if err != nil || len(names) == 0 {
		t.Fatalf("no documents: %v", err)
	}
	out := make(map[string]document)
	for _, name := range names {
		data, err := fs.ReadFile(Docs(), name)
		if err != nil {
			t.Fatal(err)
		}
		head, body, ok := strings.Cut(strings.TrimPrefix(string(data), "---\n"), "\n---\n")
		if !ok {
			t.Fatalf("%s has no front matter", name)
		}
		var d document
		dec := yaml.NewDecoder(strings.NewReader(head))
		dec.KnownFields(true)
		if err := dec.Decode(&d.front); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		d.body = body
		out[strings.TrimSuffix(name, ".md")] = d
	}
	return out
}

var reDate = regexp.MustCompile(`^\d{4}(-\d{2}){0,2}$`)

func TestDocumentsAreComplete(t *testing.T) {
	for name, d := range documents(t) {
		t.Run(name, func(t *testing.T) {
			f := d.front
			if f.ID != "corpus/"+name {
				t.Errorf("id %q", f.ID)
			}
			for field, v := range map[string]string{"title": f.Title, "attribution": f.Attribution, "licence": f.Licence, "source": f.Source} {
				if strings.TrimSpace(v) == "" {
					t.Errorf("%s is missing", field)
				}
			}
			if !reDate.MatchString(f.Date) {
				t.Errorf("date %q", f.Date)
			}
			for _, c := range f.Claims {
				if c.Figure == "" || c.Who == "" || c.When == "" {
					t.Errorf("claim %+v does not say what, who and when", c)
				}
			}
			if n := strings.Count(d.body, "\n# "); n+b2i(strings.HasPrefix(d.body, "# ")) != 1 {
				t.Errorf("%d first-level headings", n)
			}
			for section := range strings.SplitSeq(d.body, "\n## ") {
				if _, body, _ := strings.Cut(section, "\n"); strings.HasPrefix(body, "<!-- asked:") && strings.Count(body, "?") < 2 {
					t.Errorf("section %.40q names fewer than two questions that it answers", section)
				}
				if len(section) > 3500 {
					t.Errorf("section %.40q is too long for one passage: %d bytes", section, len(section))
				}
			}
		})
	}
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// figures is every figure of the framework article and the document that holds it, with words that must stand in the
// same paragraph: whose claim it is, where the article names someone.
var figures = []struct {
	doc    string
	figure []string
}{
	{"performance-gap", []string{"3-5 percentage points", "Helicone", "November 2025", "MMLU", "GPQA"}},
	{"performance-gap", []string{"84.2 %", "82.1 %", "GPT-4.1", "DeepSeek-V3"}},
	{"performance-gap", []string{"69.1 %", "65.7 %", "SWE-bench"}},
	{"performance-gap", []string{"80 %", "one-fifth", "Sarah Chen", "Stanford HAI", "October 2025"}},
	{"performance-gap", []string{"15-22 %", "MIT CSAIL"}},
	{"cost-and-tco", []string{"$10,000-$15,000", "A100"}},
	{"cost-and-tco", []string{"250k queries", "$5,000-$20,000", "$0"}},
	{"cost-and-tco", []string{"$300-$1,500", "$2,000-$10,000", "Llama 3-70B", "Mixtral|Mistral 8x22B"}},
	{"cost-and-tco", []string{"$100-$500", "InclusionCloud", "November 2025"}},
	{"cost-and-tco", []string{"$1,200", "$350", "250,000", "90 %", "DeepLearning.AI"}},
	{"cost-and-tco", []string{"86 %"}},
	{"cost-and-tco", []string{"67 %", "$120,000-$180,000", "n8n"}},
	{"privacy", []string{"78 %", "late 2025"}},
	{"eu-ai-act", []string{"41 %", "McKinsey", "November 2025"}},
	{"implementation-effort", []string{"1-3 days"}},
	{"implementation-effort", []string{"2-4 weeks", "247", "n8n"}},
	{"implementation-effort", []string{"40 engineering hours", "CUDA", "Trustpilot", "GPT-4"}},
	{"implementation-effort", []string{"g5.4xlarge", "Kubernetes"}},
	{"implementation-effort", []string{"FP16", "INT8", "INT4"}},
	{"speed-and-latency", []string{"85 tokens per second", "GPT-4.1"}},
	{"speed-and-latency", []string{"45-60 tokens per second", "A100", "Llama 3-70B"}},
	{"speed-and-latency", []string{"vLLM", "TGI"}},
	{"checklist", []string{"50k", "200k"}},
	{"checklist", []string{"4-6 %"}},
	{"checklist", []string{"92-95 %"}},
	{"checklist", []string{"mandatory"}},
	{"hybrid", []string{"Elena Rodriguez", "Harvard Business Review"}},
	{"hybrid", []string{"Phi-4", "prompt caching"}},
	{"outlook", []string{"Q4 2026", "1-2 %"}},
	{"outlook", []string{"40 %", "Llama 4"}},
	{"outlook", []string{"GPT-5 mini"}},
	{"faq", []string{"200,000 queries", "86 %"}},
	{"faq", []string{"3-5 %"}},
	{"faq", []string{"HIPAA", "GDPR"}},
	{"faq", []string{"2-4 weeks"}},
	{"faq", []string{"A100", "H100", "RTX 4090", "Mistral 7B"}},
	{"where-the-numbers-hold", []string{"$1,200", "$338"}},
	{"where-the-numbers-hold", []string{"70-98 %", "71 %"}},
	{"where-the-numbers-hold", []string{"249k", "$0.0048", "$1,197"}},
	{"where-the-numbers-hold", []string{"22-24", "48 tokens"}},
	{"where-the-numbers-hold", []string{"$8,731", "$17,462"}},
	{"where-the-numbers-hold", []string{"$4,063"}},
}

func TestFiguresOfTheArticle(t *testing.T) {
	docs := documents(t)
	for _, f := range figures {
		if !holdsTogether(docs[f.doc].body, f.figure) {
			t.Errorf("%s has no section with all of %q", f.doc, f.figure)
		}
	}
}

// holdsTogether reports whether one section of body has every word; "a|b" is either.
func holdsTogether(body string, words []string) bool {
	for section := range strings.SplitSeq(body, "\n## ") {
		all := true
		for _, w := range words {
			any := false
			for alt := range strings.SplitSeq(w, "|") {
				any = any || strings.Contains(section, alt)
			}
			all = all && any
		}
		if all {
			return true
		}
	}
	return false
}

func TestQuestions(t *testing.T) {
	qs, err := Questions()
	if err != nil {
		t.Fatal(err)
	}
	held, err := HeldOut()
	if err != nil {
		t.Fatal(err)
	}
	calibration, err := Calibration()
	if err != nil {
		t.Fatal(err)
	}
	docs := documents(t)
	ids, texts := map[string]bool{}, map[string]bool{}
	for _, q := range slices.Concat(qs, calibration, held) {
		if ids[q.ID] || q.Text == "" {
			t.Errorf("%s: no text, or the id twice", q.ID)
		}
		if key := strings.Join(q.History, "|") + q.Text; texts[key] {
			t.Errorf("%s asks what another one asks", q.ID)
		} else {
			texts[key] = true
		}
		ids[q.ID] = true
		checkExpectations(t, docs, q)
	}
	kinds := kindsOf(qs)
	if len(qs) < 150 || kinds["out_of_scope"] < 40 {
		t.Errorf("%d questions, %d of them out of scope", len(qs), kinds["out_of_scope"])
	}
	for _, k := range []string{"faq", "fact", "multihop", "numeric", "followup", "adversarial"} {
		if kinds[k] < 10 {
			t.Errorf("%d questions of kind %s", kinds[k], k)
		}
	}
	if n := kindsOf(held)["out_of_scope"]; len(held) < 40 || n < 15 {
		t.Errorf("%d held-out questions, %d of them out of scope", len(held), n)
	}
}

func kindsOf(qs []Question) map[string]int {
	kinds := map[string]int{}
	for _, q := range qs {
		kinds[q.Kind]++
	}
	return kinds
}

// checkExpectations holds that a question's sources exist and say what the answer must state.
func checkExpectations(t *testing.T, docs map[string]document, q Question) {
	t.Helper()
	for _, s := range q.Sources {
		if _, ok := docs[strings.TrimPrefix(s, "corpus/")]; !ok {
			t.Errorf("%s expects %s, which does not exist", q.ID, s)
		}
	}
	for _, f := range q.Facts {
		found := false
		for _, s := range q.Sources {
			found = found || holdsAny(docs[strings.TrimPrefix(s, "corpus/")].body, f)
		}
		if !found {
			t.Errorf("%s expects %q, which none of %v says", q.ID, f, q.Sources)
		}
	}
}

func holdsAny(body, alternatives string) bool {
	for alt := range strings.SplitSeq(alternatives, "|") {
		if strings.Contains(strings.ToLower(body), strings.ToLower(alt)) {
			return true
		}
	}
	return false
}

func TestInjections(t *testing.T) {
	in, err := Injections()
	if err != nil {
		t.Fatal(err)
	}
	where, texts := map[string]int{}, map[string]bool{}
	for _, i := range in {
		where[i.Where]++
		if texts[i.Text] || len(i.Canary) == 0 || i.Ask == "" {
			t.Errorf("%s is a copy or incomplete", i.ID)
		}
		texts[i.Text] = true
	}
	if len(in) < 150 || where["document"] < 50 || where["message"] < 50 || len(where) != 2 {
		t.Errorf("%d attempts: %v", len(in), where)
	}
}
