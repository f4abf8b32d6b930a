package report_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/llmadvise/llmadvise/advisor"
	"github.com/llmadvise/llmadvise/advisor/catalog"
	"github.com/llmadvise/llmadvise/advisor/intake"
	"github.com/llmadvise/llmadvise/advisor/report"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// goldens are requests as people type them; the files show what they then see.
var goldens = map[string]string{
	"10k_public":        "10k public non-sensitive queries, no ML team",
	"300k_hipaa":        "300k queries, HIPAA",
	"5m_classification": "5M/month classification with a GPU team",
	"150k_mixed":        "150k mixed (30 % sensitive)",
	"50qps_chat":        "50 qps chat p95 2 s",
	"250k_inside":       "250k queries, no data leaves our network",
	"200k_hard":         "200k queries, 20% hard questions, GDPR, EU only",
	"nothing_fits":      "1M queries a month, frontier quality, budget $5 a month",
}

func adviceFor(t *testing.T, text string) advisor.Advice {
	t.Helper()
	cat := catalog.Default()
	a, err := advisor.Advise(intake.Parse(text, intake.NamesFrom(cat)), cat)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestGolden(t *testing.T) {
	for name, text := range goldens {
		t.Run(name, func(t *testing.T) {
			a := adviceFor(t, text)
			d := report.FromAdvice(a)
			golden(t, name+".txt", []byte("$ llmadvise advise "+text+"\n\n"+report.Text(d, report.TextOptions{})))
			golden(t, name+".md", []byte(report.Markdown(d)))
			var b bytes.Buffer
			enc := json.NewEncoder(&b)
			enc.SetEscapeHTML(false)
			enc.SetIndent("", "  ")
			a.Trace = nil // as without --explain
			if err := enc.Encode(report.JSON(a)); err != nil {
				t.Fatal(err)
			}
			golden(t, name+".json", b.Bytes())
		})
	}
}

func golden(t *testing.T, file string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", file)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), string(got)); d != "" {
		t.Errorf("%s differs (go test ./advisor/report -update rewrites it, then read the diff):\n%s", file, d)
	}
}

// The documented names of the JSON shape, with the fields under them.
func TestJSONShape(t *testing.T) {
	a := adviceFor(t, "300k queries, HIPAA")
	b, err := json.Marshal(report.JSON(a))
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal(b, &got); err != nil {
		t.Fatal(err)
	}
	for path, fields := range map[string][]string{
		"": {"schema_version", "workload", "assumptions", "recommendation", "options", "break_even", "framework", "sources"},
		"workload": {"queries_per_month", "input_tokens", "output_tokens", "latency_p95_s", "compliance", "sensitivity", "ml_team", "quality",
			"task", "budget_usd_month", "horizon_months", "models", "gpus", "not_understood"},
		"assumptions":    {"field", "value", "why"},
		"recommendation": {"path", "summary", "confidence"},
		"options": {"path", "provider", "model", "gpu", "gpus", "precision", "monthly_usd", "monthly_usd_low", "monthly_usd_high", "tco_12m_usd",
			"feasible", "why_not"},
		"break_even": {"queries_per_month", "month"},
		"framework":  {"question", "answer", "favours", "why"},
	} {
		at := got
		if path != "" {
			switch v := got[path].(type) {
			case map[string]any:
				at = v
			case []any:
				if len(v) == 0 {
					t.Fatalf("%s is empty", path)
				}
				at = v[0].(map[string]any)
			default:
				t.Fatalf("%s is %T", path, v)
			}
		}
		for _, f := range fields {
			if _, ok := at[f]; !ok {
				t.Errorf("%s has no %q", path, f)
			}
		}
	}
	w := got["workload"].(map[string]any)
	if w["budget_usd_month"] != nil {
		t.Errorf("a budget that nobody named is %v, want null", w["budget_usd_month"])
	}
	for _, o := range got["options"].([]any) {
		o := o.(map[string]any)
		if o["path"] == "api" && (o["gpu"] != nil || o["gpus"] != nil) {
			t.Errorf("an API option has GPUs: %v, %v", o["gpu"], o["gpus"])
		}
		if o["feasible"] == true && o["why_not"] != nil {
			t.Errorf("%v: why_not is %v", o["name"], o["why_not"])
		}
	}
}

// What a reader sees keeps to the tone: the first line decides, figures carry units, nothing internal shows.
func TestText(t *testing.T) {
	internal := regexp.MustCompile(`%!|NaN|\+Inf|<nil>|\bself/|hosted_open|self_host|not_understood`)
	for name, text := range goldens {
		d := report.FromAdvice(adviceFor(t, text))
		s := report.Text(d, report.TextOptions{})
		if m := internal.FindString(s); m != "" {
			t.Errorf("%s: the text shows %q", name, m)
		}
		if m := internal.FindString(report.Markdown(d)); m != "" {
			t.Errorf("%s: the report shows %q", name, m)
		}
		if first, _, _ := strings.Cut(s, "\n"); !strings.Contains(first, "$") && !strings.Contains(first, "No option") {
			t.Errorf("%s: the first line decides nothing: %q", name, first)
		}
		for l := range strings.SplitSeq(s, "\n") {
			if n := utf8.RuneCountInString(l); n > 101 {
				t.Errorf("%s: a line of %d columns: %q", name, n, l)
			}
		}
	}
}

// The order in which a request says its parts changes nothing of the answer.
func TestOrderOfPartsDoesNotMatter(t *testing.T) {
	for _, text := range []string{
		"300k queries, HIPAA", "200k queries, 20% hard questions, GDPR, EU only", "1M queries a month, frontier quality, budget $5 a month",
		"500k requests a month, 4k tokens in, 700 out, p95 20 s, ML team, at least like gpt-4.1 on coding",
	} {
		parts := strings.Split(text, ", ")
		want := report.Text(report.FromAdvice(adviceFor(t, text)), report.TextOptions{Folded: true})
		for range len(parts) - 1 {
			parts = append(parts[1:], parts[0])
			turned := strings.Join(parts, ", ")
			if d := cmp.Diff(want, report.Text(report.FromAdvice(adviceFor(t, turned)), report.TextOptions{Folded: true})); d != "" {
				t.Errorf("%q is answered otherwise:\n%s", turned, d)
			}
		}
	}
}

// A what-if that sets what the request says already changes nothing.
func TestSameWhatIf(t *testing.T) {
	cat := catalog.Default()
	names := intake.NamesFrom(cat)
	text := "300k queries a month, 1200 tokens in, 300 out, p95 5 s, HIPAA, no ML team, L40S, 12 months"
	want := intake.Parse(text, names)
	for _, set := range []string{"volume=300k", "input_tokens=1200", "output_tokens=300", "latency_p95_s=5", "compliance=HIPAA", "ml_team=none", "gpu=L40S", "horizon_months=12"} {
		w := intake.Parse(text, names)
		if err := intake.Set(&w, set, names); err != nil {
			t.Fatal(err)
		}
		a, err := advisor.Advise(w, cat)
		if err != nil {
			t.Fatal(err)
		}
		b, err := advisor.Advise(want, cat)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(report.JSON(b), report.JSON(a)); d != "" {
			t.Errorf("%s changes the answer:\n%s", set, d)
		}
	}
}

// At most twelve lines of text stand before the fold.
func TestShortForm(t *testing.T) {
	requests := []string{
		"50k tickets a month, mixed, wibble wobble, 50 qps, EU only, GDPR, 20 % hard, p95 3 s", "250k queries, no data leaves our network",
		"1M queries a month on spot A100, batch, mixtral 8x22b", "1k queries a month, public data",
	}
	for _, text := range goldens {
		requests = append(requests, text)
	}
	for _, text := range requests {
		n := 2 // title and footer
		d := report.FromAdvice(adviceFor(t, text))
		if d.Summary != "" {
			n++
		}
		for _, s := range d.Sections {
			if !s.Folded {
				n += len(s.Lines)
			}
		}
		if n > 12 {
			t.Errorf("%s: %d lines before the fold", text, n)
		}
	}
}

func TestFoldedSections(t *testing.T) {
	d := report.FromAdvice(adviceFor(t, "300k queries, HIPAA"))
	short := report.Text(d, report.TextOptions{})
	long := report.Text(d, report.TextOptions{Folded: true})
	one := report.Text(d, report.TextOptions{Open: map[report.Kind]bool{report.KindMath: true}})
	if len(long) <= len(short) || len(one) <= len(short) || len(one) >= len(long) {
		t.Errorf("short %d, with the math %d, everything %d characters", len(short), len(one), len(long))
	}
	for _, k := range []report.Kind{
		report.KindInputs, report.KindOptions, report.KindHardware, report.KindBreakEven, report.KindFlips, report.KindFramework,
		report.KindCompliance, report.KindArticle, report.KindMath, report.KindChart, report.KindSources,
	} {
		found := false
		for _, s := range d.Sections {
			found = found || s.Kind == k
		}
		if !found {
			t.Errorf("no section %q", k)
		}
	}
}

// Tables and charts are rectangular, so that a renderer may index them.
func TestDocumentShape(t *testing.T) {
	for name, text := range goldens {
		for _, s := range report.FromAdvice(adviceFor(t, text)).Sections {
			if tb := s.Table; tb != nil {
				if len(tb.Numeric) != len(tb.Header) || tb.Mark >= len(tb.Rows) {
					t.Errorf("%s, %s: %d headers, %d numeric, mark %d of %d", name, s.Kind, len(tb.Header), len(tb.Numeric), tb.Mark, len(tb.Rows))
				}
				for _, r := range tb.Rows {
					if len(r) != len(tb.Header) {
						t.Errorf("%s, %s: a row of %d cells under %d headers", name, s.Kind, len(r), len(tb.Header))
					}
				}
			}
			if c := s.Chart; c != nil {
				for _, x := range c.Series {
					if len(x.Values) != len(c.Categories) {
						t.Errorf("%s: series %s has %d values of %d", name, x.Name, len(x.Values), len(c.Categories))
					}
				}
			}
		}
	}
}

// What the user typed comes back as text, never as markup.
func TestMarkdownEscapes(t *testing.T) {
	a := adviceFor(t, "300k queries, HIPAA, *bold* <!channel> |pipe| `code`")
	md := report.Markdown(report.FromAdvice(a))
	for _, bad := range []string{"<!channel>", " *bold*", "`code`", "\"|pipe|\""} {
		if strings.Contains(md, bad) {
			t.Errorf("%q comes through unescaped", bad)
		}
	}
}

func TestDraw(t *testing.T) {
	d := report.FromAdvice(adviceFor(t, "300k queries, HIPAA"))
	var c *report.Chart
	for _, s := range d.Sections {
		if s.Chart != nil {
			c = s.Chart
		}
	}
	svg, err := report.Draw(c, "svg")
	if err != nil || !bytes.Contains(svg, []byte("<svg")) {
		t.Errorf("svg: %v", err)
	}
	png, err := report.Draw(c, "png")
	if err != nil || !bytes.HasPrefix(png, []byte("\x89PNG")) {
		t.Errorf("png: %v", err)
	}
	if _, err := report.Draw(c, "gif"); err == nil {
		t.Error("gif is accepted")
	}
}

func TestSweep(t *testing.T) {
	cat := catalog.Default()
	points, err := advisor.Sweep(advisor.Workload{}, cat, advisor.FieldQueries, []float64{1e4, 1e6, 1e8})
	if err != nil {
		t.Fatal(err)
	}
	header, rows := report.SweepRows(advisor.FieldQueries, points)
	if len(rows) != 3 || len(rows[0]) != len(header) {
		t.Fatalf("%d rows of %d cells under %d headers", len(rows), len(rows[0]), len(header))
	}
	c := report.SweepChart(advisor.FieldQueries, points)
	for _, s := range c.Series {
		last := 0.0
		for i, v := range s.Values {
			if math.IsNaN(v) {
				continue
			}
			if v < last {
				t.Errorf("%s: falls from %g to %g at %s", s.Name, last, v, c.Categories[i])
			}
			last = v
		}
	}
	if _, err := advisor.Sweep(advisor.Workload{}, cat, advisor.FieldTask, []float64{1}); err == nil {
		t.Error("a sweep over the task is accepted")
	}
}
