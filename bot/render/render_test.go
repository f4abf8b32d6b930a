package render_test

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"
	"pgregory.net/rapid"

	"github.com/llmadvise/llmadvise/advisor/report"
	"github.com/llmadvise/llmadvise/bot/emulator"
	"github.com/llmadvise/llmadvise/bot/render"
	"github.com/llmadvise/llmadvise/knowledge"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// sample is an advice in the shape of a real one, with figures of this test's own.
var sample = report.Document{
	Title:   "Hosted open model: about $324 a month ($230-$450, 80 %)",
	Summary: "Llama-3.3-70B on a BAA-covered endpoint. Meets HIPAA and p95 5 s.",
	Sections: []report.Section{
		{Kind: report.KindInputs, Title: "Inputs", Lines: []report.Line{
			{Label: "You said", Text: "300k queries a month, HIPAA"},
			{Label: "Assumed", Text: "1,200 tokens in, 300 out, p95 5 s, no ML team"},
		}},
		{Kind: report.KindOptions, Title: "Options", Table: &report.Table{
			Caption: "Options for 300k queries a month", Header: []string{"option", "a month", "12 months", "p95", "HIPAA"},
			Rows: [][]string{
				{"Hosted Llama-3.3-70B", "$324", "$5,900", "", "BAA"},
				{"GPT-4.1 API", "$1,440", "$19,300", "2 s", "BAA, on request"},
				{"Self-hosted, 2x H100", "$4,365", "$92,000", "p95 6.6 s > 5 s", "yours to prove"},
			}, Numeric: []bool{false, true, true, true, false}, Mark: 0}},
		{Kind: report.KindChart, Chart: &report.Chart{
			Title: "Cost against volume", XTitle: "queries a month", YTitle: "USD a month", Categories: []string{"30k", "300k", "3M"},
			Series: []report.Series{{Name: "Hosted", Values: []float64{32, 324, 3240}}, {Name: "Self-hosted", Values: []float64{4365, 4365, 8731}}},
			Alt:    "Self-hosting stays dearer up to 13.5M queries a month."}},
		{Kind: report.KindFlips, Title: "What would flip this", Lines: []report.Line{{Text: "Flips to self-hosting above about 13.5M queries a month."}}},
		{Kind: report.KindMath, Title: "The math", Folded: true, Lines: []report.Line{{Label: "api.monthly", Text: "queries x (1,200 x $0.72 + 300 x $0.72) / 1M = $324"}}},
		{Kind: report.KindSources, Title: "Sources", Folded: true, Lines: []report.Line{{Text: "genai-prices, 2026-07-25"}}},
	},
	Footer: "Best in 8 of 10 draws. Prices of 2026-07-25.",
}

var sampleAnswer = knowledge.Answer{
	Text:      "Yes, to an endpoint whose vendor has signed a BAA with you [1]. The article calls self-hosting **mandatory** [2].",
	Citations: []knowledge.Citation{{N: 1, Title: "Compliance", Heading: "HIPAA", Date: "2026"}, {N: 2, Title: "The article", Heading: "Privacy", Date: "2025"}},
	Composed:  true,
}

// sampleDigest is a digest in the shape of a real one, with figures of this test's own.
var sampleDigest = report.Document{
	Title:   "support-bot still favours Llama-3.3-70B; it got 12 % cheaper ($324 to $285 a month).",
	Summary: "The reason: its output price went from $0.72 to $0.63 per 1M tokens.",
	Sections: []report.Section{
		{Kind: "scenarios", Table: &report.Table{Caption: "Your scenarios, cost a month", Header: []string{"Scenario", "Last told", "Now", "Why"},
			Rows: [][]string{{"support-bot", "Llama-3.3-70B, $324", "same option, $285", "output went from $0.72 to $0.63"}}, Mark: 0}},
		{Kind: report.KindChart, Chart: &report.Chart{Title: "Monthly cost of your scenarios", XTitle: "digest", YTitle: "USD a month", Categories: []string{"20 Jul", "27 Jul"},
			Series: []report.Series{{Name: "support-bot", Values: []float64{324, 285}}}, Alt: "Monthly cost of support-bot from digest to digest"}},
		{Kind: "feeds", Lines: []report.Line{{Label: "Feeds", Text: "4 of 5 fresh; litellm failed (HTTP 503); its last good prices stay."}}},
		{Kind: "tip", Lines: []report.Line{{Label: "Worth knowing", Text: "compare effective prices."}}},
	},
}

var scenarios = []render.Choice{{Value: "w1", Label: "support-bot"}, {Value: "w2", Label: "<!channel>"}, {Value: "w3", Label: strings.Repeat("long ", 30)}}

func TestGolden(t *testing.T) {
	hostile := report.Document{
		Title: "<!channel> *bold* & <@U1>", Summary: "\u202egnol <http://evil|click> a&b\u0000",
		Sections: []report.Section{{Kind: report.KindOptions, Table: &report.Table{Header: []string{"<!here>", "a < b"}, Rows: [][]string{{"<@U1>", "x > y & z"}}, Mark: -1}}},
	}
	messages := map[string]render.Message{
		"card":           render.Card(sample, render.CardOptions{ID: "card1"}),
		"card_shared":    render.Card(sample, render.CardOptions{ID: "card1", Shared: true}),
		"card_classic":   render.Classic(render.Card(sample, render.CardOptions{ID: "card1"})),
		"card_hostile":   render.Card(hostile, render.CardOptions{ID: "card1"}),
		"answer":         render.Answer(sampleAnswer, "a1")[0],
		"answer_classic": render.Classic(render.Answer(sampleAnswer, "a1")[0]),
		"answer_none":    render.Answer(knowledge.Answer{Abstained: true, Text: "I have nothing on that.", Suggest: []string{"privacy and compliance", "cost"}}, "a1")[0],
		"misread":        render.Misread("I found no volume in \"<!channel>\". Try: 300k queries, HIPAA", "c1"),
		"problem":        render.Problem("I could not answer that.", "Ask again."),
		"help":           render.Help("/llm-advise", "<@U0BOT>", "1.0"),
		"digest":         render.Digest(sampleDigest, scenarios[:2]),
		"digest_menu":    render.Digest(hostile, scenarios),
		"digest_classic": render.Classic(render.Digest(sampleDigest, scenarios[:1])),
		"digest_quiet":   render.Digest(report.Document{Title: "Nothing moved since 20 July: support-bot stays with Llama-3.3-70B at $285 a month."}, scenarios[:1]),
		"alert":          render.Alert(sampleDigest, "w1"),
		"muted":          render.Muted("Ada", "/llm-advise"),
		"watches": render.Watches("This channel watches 2 scenarios", []render.WatchRow{
			{ID: "w1", Name: "support-bot", Request: "300k queries, HIPAA", Standing: "Llama-3.3-70B at $285 a month", Terms: "tells with the digest, from 5 % and $10 a month"},
			{ID: "w2", Name: "<!channel>", Request: "*1k* <@U1>", Standing: "nothing qualifies at present", Terms: "tells at once"},
		}),
	}
	for name, m := range messages {
		t.Run(name, func(t *testing.T) {
			checkMessage(t, m)
			golden(t, name, m)
		})
	}
	views := map[string]slack.ModalViewRequest{
		"details_math":    render.Details(sample, render.ActionMath),
		"details_compare": render.Details(sample, render.ActionCompare),
		"details_flips":   render.Details(sample, render.ActionFlips),
		"details_more":    render.Details(sample, render.ActionMore),
		"reason":          render.Reason(`{"card":"a1"}`),
		"watch_form": render.Form(render.CallbackWatch, "Edit scenario", "", []render.Input{
			{ID: "name", Label: "Name", Value: "<!channel>", Required: true}, {ID: "usd", Label: "USD a month", Placeholder: "10"},
		}, `{"card":"w1"}`),
		"adjust": render.Adjust("Adjust the workload", "What you leave empty is assumed.", []render.Input{
			{ID: "queries_per_month", Label: "Queries", Hint: "A month.", Value: "300000", Placeholder: "300k"},
			{ID: "task", Label: "Task", Value: "rag", Assumed: true, Choices: []render.Choice{{Value: "chat", Label: "Chat"}, {Value: "rag", Label: "RAG"}}},
			{ID: "compliance", Label: "Rules", Value: "HIPAA,GDPR", Multi: true, Choices: []render.Choice{{Value: "HIPAA", Label: "HIPAA"}, {Value: "GDPR", Label: "GDPR"}}},
		}, `{"card":"c1"}`),
	}
	for name, v := range views {
		t.Run(name, func(t *testing.T) {
			checkView(t, v)
			golden(t, name, v)
		})
	}
}

// golden compares v, as Slack gets it, with its file.
func golden(t *testing.T, name string, v any) {
	t.Helper()
	var buf strings.Builder
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join("testdata", name+".json")
	if *update {
		if err := os.WriteFile(file, []byte(buf.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err, "(run with -update and read the diff)")
	}
	if diff := cmp.Diff(string(want), buf.String()); diff != "" {
		t.Errorf("%s (-want +got):\n%s", file, diff)
	}
}

// tester is what testing.T and rapid.T share.
type tester interface {
	Helper()
	Errorf(string, ...any)
	Fatalf(string, ...any)
}

// live is mark-up that Slack would act on.
var live = regexp.MustCompile(`<[!@#a-zA-Z]`)

// checkMessage holds a message against Slack's limits and the promise that nothing foreign in it is live. The bot's own
// mentions in help are the exception.
func checkMessage(t tester, m render.Message) {
	t.Helper()
	if strings.TrimSpace(m.Text) == "" || utf8.RuneCountInString(m.Text) >= 4000 {
		t.Errorf("the text has %d characters, want 1 to 3,999", utf8.RuneCountInString(m.Text))
	}
	raw, err := json.Marshal(m.Blocks)
	if err != nil {
		t.Fatalf("encode: %v", err)
	}
	if err := emulator.ValidateMessage(raw, emulator.SurfaceMessage); err != nil {
		t.Errorf("Slack would refuse the blocks: %v\n%s", err, raw)
	}
	checkDead(t, m.Text, m.Blocks)
}

func checkView(t tester, v slack.ModalViewRequest) {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatalf("encode: %v", err)
	}
	if err := emulator.ValidateView(raw); err != nil {
		t.Errorf("Slack would refuse the view: %v\n%s", err, raw)
	}
	checkDead(t, "", v.Blocks.BlockSet)
}

func checkDead(t tester, text string, blocks []slack.Block) {
	t.Helper()
	var buf strings.Builder
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(blocks); err != nil {
		t.Fatalf("encode: %v", err)
	}
	all := strings.ReplaceAll(text+buf.String(), "<@U0BOT>", "")
	if at := live.FindString(all); at != "" {
		t.Errorf("live mark-up %q in %s", at, all)
	}
	if strings.ContainsFunc(text, func(r rune) bool { return r < ' ' && r != '\n' || r >= 0x202a && r <= 0x202e }) {
		t.Errorf("a control or direction character in %q", text)
	}
	for _, b := range blocks { // only markdown blocks know links with a label
		if md, ok := b.(*slack.MarkdownBlock); ok && (strings.Contains(md.Text, "](") || strings.Contains(md.Text, "![")) {
			t.Errorf("a link behind a label in %s", md.Text)
		}
	}
}

// anyText draws what documents, models and users may hold, at all lengths that matter.
func anyText() *rapid.Generator[string] {
	nasty := rapid.SampledFrom([]string{
		"", " ", "<!channel>", "<!here|x>", "<@U123|ada>", "<#C1>", "<http://evil|click>", "[click](http://evil)", "![x](http://evil)", "&", "&amp;lt;", "<", ">",
		"*", "**", "_", "`", "~", "```", "\n", "\n\n\n", "\t", "\u0000", "\u001b[31m", "\u202e", "\u200b", "\ufeff", "\xff\xfe", "# head", "- item", "| a | b |",
		"p95 6.6 s > 5 s", "$324 a month", "ﷺ", "👩‍👩‍👧", strings.Repeat("long ", 400), strings.Repeat("x", 4000), strings.Repeat("&", 3500), strings.Repeat("<!channel>", 900),
	})
	return rapid.Custom(func(t *rapid.T) string {
		var b strings.Builder
		for range rapid.IntRange(0, 4).Draw(t, "parts") {
			if rapid.Bool().Draw(t, "nasty") {
				b.WriteString(nasty.Draw(t, "part"))
			} else {
				b.WriteString(rapid.String().Draw(t, "part"))
			}
		}
		return b.String()
	})
}

func anyDocument() *rapid.Generator[report.Document] {
	text := anyText()
	kinds := rapid.SampledFrom([]report.Kind{report.KindInputs, report.KindOptions, report.KindHardware, report.KindBreakEven, report.KindFlips,
		report.KindFramework, report.KindCompliance, report.KindArticle, report.KindMath, report.KindChart, report.KindSources, report.KindWarnings})
	// repeated makes long lists of few drawn texts: lengths matter here more than variety.
	repeated := rapid.Custom(func(t *rapid.T) []string {
		some := rapid.SliceOfN(text, 1, 3).Draw(t, "some")
		out := make([]string, rapid.SampledFrom([]int{0, 1, 2, 5, 24}).Draw(t, "n"))
		for i := range out {
			out[i] = some[i%len(some)]
		}
		return out
	})
	line := rapid.Custom(func(t *rapid.T) report.Line {
		return report.Line{Label: text.Draw(t, "label"), Text: text.Draw(t, "text"), Strong: rapid.Bool().Draw(t, "strong")}
	})
	return rapid.Custom(func(t *rapid.T) report.Document {
		d := report.Document{Title: text.Draw(t, "title"), Summary: text.Draw(t, "summary"), Footer: text.Draw(t, "footer")}
		for range rapid.IntRange(0, 8).Draw(t, "sections") {
			s := report.Section{Kind: kinds.Draw(t, "kind"), Title: text.Draw(t, "section"), Folded: rapid.Bool().Draw(t, "folded"), Lines: rapid.SliceOfN(line, 0, 3).Draw(t, "lines")}
			if rapid.Bool().Draw(t, "table") {
				s.Table = &report.Table{Caption: text.Draw(t, "caption"), Header: repeated.Draw(t, "header"), Mark: rapid.IntRange(-1, 5).Draw(t, "mark")}
				row := append([]string{"row", "<!channel>"}, repeated.Draw(t, "row")...)
				for range rapid.SampledFrom([]int{0, 1, 3, 30, 250}).Draw(t, "rows") {
					s.Table.Rows = append(s.Table.Rows, row)
				}
			}
			if rapid.Bool().Draw(t, "chart") {
				s.Chart = &report.Chart{Title: text.Draw(t, "title"), XTitle: text.Draw(t, "x"), YTitle: text.Draw(t, "y"), Alt: text.Draw(t, "alt"), Categories: repeated.Draw(t, "categories")}
				values := rapid.SliceOfN(rapid.Float64(), 0, 25).Draw(t, "values")
				for _, name := range repeated.Draw(t, "series") {
					s.Chart.Series = append(s.Chart.Series, report.Series{Name: name, Values: values})
				}
			}
			d.Sections = append(d.Sections, s)
		}
		return d
	})
}

func TestAnyDocumentIsWithinSlacksLimits(t *testing.T) {
	documents := anyDocument()
	rapid.Check(t, func(t *rapid.T) {
		d := documents.Draw(t, "document")
		card := render.Card(d, render.CardOptions{ID: "card1", Shared: rapid.Bool().Draw(t, "shared")})
		checkMessage(t, card)
		checkMessage(t, render.Classic(card))
		for _, action := range []string{render.ActionMath, render.ActionCompare, render.ActionFlips, render.ActionMore} {
			checkView(t, render.Details(d, action))
		}
	})
}

func TestAnyAnswerIsWithinSlacksLimits(t *testing.T) {
	text := anyText()
	rapid.Check(t, func(t *rapid.T) {
		a := knowledge.Answer{Text: text.Draw(t, "text"), Abstained: rapid.Bool().Draw(t, "abstained"), Composed: rapid.Bool().Draw(t, "composed"),
			Withheld: rapid.IntRange(0, 3).Draw(t, "withheld"), Suggest: rapid.SliceOfN(text, 0, 4).Draw(t, "suggest")}
		for n := range rapid.IntRange(0, 30).Draw(t, "citations") {
			a.Citations = append(a.Citations, knowledge.Citation{N: n + 1, Title: text.Draw(t, "title"), Heading: text.Draw(t, "heading"), Date: text.Draw(t, "date")})
		}
		for _, m := range render.Answer(a, "a1") {
			checkMessage(t, m)
			checkMessage(t, render.Classic(m))
		}
		checkMessage(t, render.Misread(a.Text, "c1"))
		checkMessage(t, render.Problem(a.Text, a.Text))
	})
}

func TestSplitLosesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := strings.ToValidUTF8(anyText().Draw(t, "text"), "")
		n := rapid.IntRange(10, 500).Draw(t, "n")
		var got strings.Builder
		for _, p := range render.Split(s, n) {
			if utf8.RuneCountInString(p) > n {
				t.Fatalf("a part of %d characters, at most %d wanted", utf8.RuneCountInString(p), n)
			}
			got.WriteString(p)
		}
		squash := func(s string) string { return strings.Join(strings.Fields(s), "") }
		if squash(got.String()) != squash(s) {
			t.Fatalf("split %q into %q", s, got.String())
		}
	})
}

func TestNotificationReadsAsADecision(t *testing.T) {
	m := render.Card(sample, render.CardOptions{ID: "c1"})
	first, _, _ := strings.Cut(m.Text, "\n")
	if first != sample.Title {
		t.Errorf("the first line is %q, want the decision and its price", first)
	}
	if !strings.Contains(m.Text, "• GPT-4.1 API: a month $1,440; 12 months $19,300; p95 2 s; HIPAA BAA, on request") {
		t.Errorf("the table is not said in words:\n%s", m.Text)
	}
	if strings.Contains(m.Text, "api.monthly") {
		t.Error("a folded section is in the notification")
	}
}

func FuzzEscape(f *testing.F) {
	f.Add("<!channel> & <@U1> ](x)")
	f.Fuzz(func(t *testing.T, s string) {
		for _, out := range []string{render.Escape(s), render.Plain(s), render.Markdown(s)} {
			if live.MatchString(out) || !utf8.ValidString(out) {
				t.Errorf("%q became %q", s, out)
			}
		}
	})
}
