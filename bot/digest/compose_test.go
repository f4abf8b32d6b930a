package digest

import (
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/llmadvise/llmadvise/advisor"
	"github.com/llmadvise/llmadvise/advisor/catalog"
	"github.com/llmadvise/llmadvise/advisor/intake"
	"github.com/llmadvise/llmadvise/advisor/pricing"
	"github.com/llmadvise/llmadvise/advisor/quantity"
	"github.com/llmadvise/llmadvise/advisor/report"
)

var update = flag.Bool("update", false, "rewrite golden files")

func watch(t *testing.T, name, text string, cat *catalog.Catalog) Watch {
	t.Helper()
	w := Watch{ID: name, Channel: "C1", Name: name, Text: text, Workload: intake.Parse(text, intake.NamesFrom(cat))}
	a, err := advisor.Advise(w.Workload, cat)
	if err != nil {
		t.Fatal(err)
	}
	w.Tell(StandingOf(w, a, cat))
	w.Record("2026-06-09T08:00", w.Told.Monthly)
	return w
}

// changed returns the catalog with the offers' input and output prices times factor.
func changed(cat *catalog.Catalog, factor float64, pick func(catalog.Offer) bool) *catalog.Catalog {
	c := *cat
	c.Offers = slices.Clone(cat.Offers)
	for i := range c.Offers {
		if o := &c.Offers[i]; pick(*o) {
			scale := func(p *float64) *float64 {
				if p == nil {
					return nil
				}
				v := *p * factor
				return &v
			}
			o.Rates.Input, o.Rates.Output = scale(o.Rates.Input), scale(o.Rates.Output)
			o.Tiers = nil
		}
	}
	return catalog.New(c)
}

func date(s string) catalog.Date {
	d, err := catalog.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

func compose(t *testing.T, in Input) Digest {
	t.Helper()
	d, err := Compose(in)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestCheaperOfferMovesItsScenario(t *testing.T) {
	cat := catalog.Default()
	w := watch(t, "support-bot", "300k queries, HIPAA", cat)
	other := watch(t, "doc-search", "2M queries a month, public data, rag, us only", cat)
	other.Threshold = Threshold{Share: 10, USD: 1e9} // whatever happens to it is not worth telling
	lower := changed(cat, 0.5, func(o catalog.Offer) bool { return o.ID == w.Told.OfferID })
	d := compose(t, Input{Period: "2026-07-27T09:00", Since: date("2026-07-20"), Old: cat, New: lower, Watches: []Watch{other, w}})
	if d.Quiet || d.Moved == 0 || !strings.Contains(d.Document.Title, "support-bot") || !strings.Contains(d.Document.Title, "50 % cheaper") {
		t.Fatalf("moved %d, title %q", d.Moved, d.Document.Title)
	}
	golden(t, "cheaper.txt", report.Text(d.Document, report.TextOptions{Width: 100}))

	again := compose(t, Input{Period: "2026-08-03T09:00", Since: date("2026-07-27"), Old: lower, New: lower, Watches: d.Told})
	if !again.Quiet || again.Moved != 0 {
		t.Errorf("what was told is told again: %q", again.Document.Title)
	}
	if len(again.Document.Sections) != 0 {
		t.Errorf("a quiet digest is one line, got %d sections", len(again.Document.Sections))
	}
}

func TestSmallStepsAddUp(t *testing.T) {
	cat := catalog.Default()
	w := watch(t, "big", "20M queries a month, public data, using gpt-4.1", cat)
	w.Told.Monthly = 1000
	now := w.Told
	for _, step := range []struct {
		monthly float64
		costs   bool
	}{{1030, false}, {1049, false}, {1051, true}} {
		now.Monthly = step.monthly
		if m := w.Moved(now); m.Costs != step.costs {
			t.Errorf("at %v: Costs = %v", step.monthly, m.Costs)
		}
	}
	w.Told = now
	now.Monthly = 1053
	if w.Moved(now).Any() {
		t.Error("told at 1,051, and told again at 1,053")
	}
	small := Watch{Told: Standing{Path: advisor.PathAPI, Monthly: 20}}
	if small.Moved(Standing{Path: advisor.PathAPI, Monthly: 25}).Any() {
		t.Error("five dollars are under the floor, whatever the share")
	}
	w.Told.Option = "worded anew"
	if w.Moved(now).Any() {
		t.Error("a name that is worded anew is no move")
	}
}

func TestMarketSentenceCounts(t *testing.T) {
	for _, tt := range []struct {
		fresh, ended int
		want         string
	}{{1, 1, "1 is new; 1 is gone."}, {2, 1, "2 are new; 1 is gone."}, {1, 3, "1 is new; 3 are gone."}, {0, 2, "2 are gone."}, {0, 0, ""}} {
		c := composer{market: market{fresh: make([]arrival, tt.fresh), ended: make([]arrival, tt.ended)},
			led: newLedger(map[string]float64{"fresh": float64(tt.fresh), "ended": float64(tt.ended)})}
		if got := c.marketSentence(""); got != tt.want {
			t.Errorf("%d new, %d gone: %q, want %q", tt.fresh, tt.ended, got, tt.want)
		}
	}
}

func TestWordsBeforeTheTables(t *testing.T) {
	cat := catalog.Default()
	var ws []Watch
	for _, n := range []string{"support-bot", "doc-search", "triage", "contracts", "code-review"} {
		ws = append(ws, watch(t, n, "300k queries, HIPAA", cat))
	}
	d := compose(t, Input{Period: "2026-07-27T09:00", Since: date("2026-07-20"), Old: cat, New: changed(cat, 1.7, func(o catalog.Offer) bool { return o.Class == catalog.HostedOpen }), Watches: ws})
	if n := len(strings.Fields(d.Document.Title + " " + d.Document.Summary)); n > 60 {
		t.Errorf("%d words before the tables: %s\n%s", n, d.Document.Title, d.Document.Summary)
	}
	if d.Document.Sections[0].Table == nil {
		t.Error("the scenarios come first")
	}
}

func TestLedgerFindsFiguresFromNowhere(t *testing.T) {
	l := newLedger(map[string]float64{"w.now": 324})
	text := l.name("gpt-4.1") + " fell to " + l.usd("w.now")
	if err := l.check(report.Document{Title: text}); err != nil {
		t.Errorf("%v", err)
	}
	for _, bad := range []string{text + " and 12 % more", "gpt-4.2 fell to $324"} {
		if err := l.check(report.Document{Summary: bad}); err == nil {
			t.Errorf("%q passed", bad)
		}
	}
	_ = l.usd("w.never")
	if err := l.check(report.Document{Title: text}); err == nil {
		t.Error("a fact that does not exist passed")
	}
}

// TestRealFeeds composes a digest from the real snapshots, where they are at hand, and holds it to the rules.
func TestRealFeeds(t *testing.T) {
	dir := sharedFeeds(t)
	read := func(name string, last *pricing.Snapshot, at time.Time) *pricing.Snapshot {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		feed, err := pricing.Read(data, strings.SplitN(name, "_", 2)[0])
		if err != nil {
			t.Fatal(err)
		}
		st, err := pricing.Accept(last.State(string(feed.Shape)), feed, string(feed.Shape), at)
		if err != nil {
			t.Fatal(err)
		}
		return last.With(*st)
	}
	june, july := time.Date(2026, 6, 9, 0, 0, 0, 0, time.UTC), time.Date(2026, 7, 25, 0, 0, 0, 0, time.UTC)
	was := read("litellm_2026-05-29.json", read("genai-prices_2026-06-09.json", nil, june), june)
	is := read("litellm_2026-07-24.json", read("genai-prices_2026-07-25.json", was, july), july)
	old := pricing.Apply(was, catalog.Default(), catalog.DateOf(june)).Catalog
	new := pricing.Apply(is, catalog.Default(), catalog.DateOf(july)).Catalog
	ws := []Watch{
		watch(t, "support-bot", "300k queries, HIPAA", old), watch(t, "doc-search", "2M queries a month, rag, public data", old),
		watch(t, "coding", "50k queries a month, coding, frontier quality", old),
	}
	d := compose(t, Input{Period: "2026-07-27T09:00", Since: date("2026-06-09"), Old: old, New: new, Watches: ws, OldFeeds: was, NewFeeds: is})
	t.Log("\n" + report.Text(d.Document, report.TextOptions{Width: 110}))
	if d.Quiet {
		t.Error("six weeks of real feeds, and nothing to tell")
	}
	if n := len(strings.Fields(d.Document.Title + " " + d.Document.Summary)); n > 60 {
		t.Errorf("%d words before the tables", n)
	}
	if got, want := movedModels(t, d), rawMoves(t, dir); got != want || want == 0 {
		t.Errorf("the digest tells of %d models whose price moved, a count of the files by hand says %d", got, want)
	}
	if again := compose(t, Input{Period: "2026-07-27T09:00", Since: date("2026-06-09"), Old: old, New: new, Watches: ws, OldFeeds: was, NewFeeds: is}); !cmp.Equal(again.Document, d.Document) {
		t.Error("the same input gave another digest")
	}
}

func movedModels(t *testing.T, d Digest) int {
	t.Helper()
	for _, s := range d.Document.Sections {
		if s.Kind == KindMovers && len(s.Lines) > 0 {
			n, err := strconv.Atoi(strings.Fields(s.Lines[0].Text)[0])
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
	}
	return 0
}

// rawMoves counts, straight from the JSON of genai-prices, the models whose input or output price changed by less than
// three times. The LiteLLM pair changes no such price (its models only come and go).
func rawMoves(t *testing.T, dir string) int {
	t.Helper()
	read := func(name string) map[string][2]float64 {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		var providers []struct {
			ID     string
			Models []struct {
				ID     string
				Prices json.RawMessage
			}
		}
		if err := json.Unmarshal(data, &providers); err != nil {
			t.Fatal(err)
		}
		out := map[string][2]float64{}
		for _, p := range providers {
			for _, m := range p.Models {
				var plain struct {
					Input  any `json:"input_mtok"`
					Output any `json:"output_mtok"`
				}
				if json.Unmarshal(m.Prices, &plain) != nil {
					continue // a list of conditional prices
				}
				in, _ := plain.Input.(float64)
				o, _ := plain.Output.(float64)
				out[p.ID+" "+m.ID] = [2]float64{in, o}
			}
		}
		return out
	}
	was, is := read("genai-prices_2026-06-09.json"), read("genai-prices_2026-07-25.json")
	n := 0
	for id, b := range is {
		a, both := was[id]
		moved := false
		for i := range b {
			moved = moved || both && a[i] > 0 && b[i] > 0 && a[i] != b[i] && max(a[i]/b[i], b[i]/a[i]) < 3
		}
		if moved {
			n++
		}
	}
	return n
}

// TestEveryFigureIsItsChange moves many prices, each time others and by another factor, and recomputes what the digest says from the catalogs and the engine.
func TestEveryFigureIsItsChange(t *testing.T) {
	cat := catalog.Default()
	base := []Watch{
		watch(t, "support-bot", "300k queries, HIPAA", cat), watch(t, "doc-search", "2M queries a month, public data, rag", cat),
		watch(t, strings.Repeat("long ", 8), "50k queries a month, coding, frontier quality", cat),
	}
	for n := range 12 {
		every, factor, i := 2+3*n, 0.41+0.17*float64(n), 0
		moved := changed(cat, factor, func(o catalog.Offer) bool {
			i++
			return i%every == 0 || o.ID == base[n%3].Told.OfferID
		})
		d, err := Compose(Input{Period: "2026-07-27T09:00", Since: date("2026-07-20"), Old: cat, New: moved, Watches: base})
		if err != nil {
			t.Fatal(err)
		}
		if n := len(strings.Fields(d.Document.Title + " " + d.Document.Summary)); n > maxWords {
			t.Fatalf("%d words before the tables", n)
		}
		for _, s := range d.Document.Sections {
			switch s.Kind {
			case KindMovers:
				for _, row := range s.Table.Rows {
					checkMover(t, row, cat, moved)
				}
			case KindScenarios:
				for k, row := range s.Table.Rows {
					checkScenario(t, row, d, d.Order[k], moved)
				}
			}
		}
	}
}

func checkMover(t *testing.T, row []string, was, is *catalog.Catalog) {
	t.Helper()
	for _, o := range is.Offers {
		if offerName(o) != row[0] {
			continue
		}
		old, _ := was.Offer(o.ID)
		for c, p := range [][2]*float64{{old.Rates.Input, o.Rates.Input}, {old.Rates.Output, o.Rates.Output}} {
			want := "same"
			if p[0] != nil && *p[0] != *p[1] {
				want = fmt.Sprintf("%s → %s (%+.0f %%)", priceText(*p[0]), priceText(*p[1]), math.Round((*p[1]/(*p[0])-1)*100))
			}
			if got := row[1+c]; got != want && !strings.Contains(want, "0 %") {
				t.Fatalf("%v: %q, want %q", row[0], got, want)
			}
		}
		return
	}
	t.Fatalf("no offer is called %q", row[0])
}

func checkScenario(t *testing.T, row []string, d Digest, id string, cat *catalog.Catalog) {
	t.Helper()
	var w Watch
	for _, x := range d.Told {
		if x.ID == id {
			w = x
		}
	}
	a, err := advisor.Advise(w.Workload, cat)
	if err != nil {
		t.Fatal(err)
	}
	now := w.History[len(w.History)-1].Monthly
	if row[0] != w.Name || !strings.HasSuffix(row[2], quantity.USD(now)) {
		t.Fatalf("%v, want %s at %s", row, w.Name, quantity.USD(now))
	}
	if best := option(&a, a.Recommendation.Option); best != nil && now != best.Monthly.Mid && !strings.Contains(row[3], best.Name) {
		t.Fatalf("%v: %s at %v wins, and the row does not say so", row, best.Name, best.Monthly.Mid)
	}
}

// sharedFeeds finds the folder of real feed snapshots beside the checkout.
func sharedFeeds(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	if d := os.Getenv("LLMADVISE_SHARED"); d != "" {
		return filepath.Join(d, "feeds")
	}
	for range 8 {
		if f := filepath.Join(dir, "shared", "feeds"); isDir(f) {
			return f
		}
		dir = filepath.Dir(dir)
	}
	t.Skip("the real feed snapshots are not on this machine (shared/feeds)")
	return ""
}

func isDir(p string) bool {
	st, err := os.Stat(p)
	return err == nil && st.IsDir()
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}
