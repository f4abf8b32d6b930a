package bot_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/llmadvise/llmadvise/advisor"
	"github.com/llmadvise/llmadvise/advisor/catalog"
	"github.com/llmadvise/llmadvise/advisor/pricing"
	"github.com/llmadvise/llmadvise/advisor/report"
	"github.com/llmadvise/llmadvise/bot"
	"github.com/llmadvise/llmadvise/bot/emulator"
	"github.com/llmadvise/llmadvise/bot/feeds"
	"github.com/llmadvise/llmadvise/bot/store"
	"github.com/llmadvise/llmadvise/bot/store/pgtest"
)

// pricedAdvisor answers with the input price of GPT-4.1 in the catalog that it was given last.
type pricedAdvisor struct {
	toyAdvisor
	cat atomic.Pointer[catalog.Catalog]
}

func (p *pricedAdvisor) SetCatalog(c *catalog.Catalog) { p.cat.Store(c) }

func (p *pricedAdvisor) Advise(_ context.Context, w advisor.Workload) (bot.Advised, error) {
	o, ok := p.cat.Load().Offer("openai/gpt-4.1")
	if !ok {
		return bot.Advised{}, fmt.Errorf("no GPT-4.1 in the catalog")
	}
	return bot.Advised{
		Advice:   advisor.Advice{Workload: w},
		Document: report.Document{Title: fmt.Sprintf("%.0f queries at $%.2f", w.QueriesPerMonth, *o.Rates.Input), Summary: "s"},
	}, nil
}

// gptFeed prices GPT-4.1 in the shape of genai-prices.
func gptFeed(input float64) string {
	return fmt.Sprintf(`[{"id":"openai","name":"OpenAI","models":[{"id":"gpt-4.1","prices":{"input_mtok":%g,"output_mtok":8}}]}]`, input)
}

// localFeed serves whatever body holds on loopback.
func localFeed(t *testing.T, body string) (*atomic.Value, *bot.PriceFeeds) {
	t.Helper()
	var v atomic.Value
	v.Store(body)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, v.Load().(string)) }))
	t.Cleanup(srv.Close)
	return &v, &bot.PriceFeeds{
		Sources: []feeds.Source{{Name: "genai-prices", URL: srv.URL}},
		Options: feeds.Options{Attempts: 1, AllowPrefixes: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}},
	}
}

// TestEveryReplicaAdvisesOnWhatOneRefreshed: two bots on one Postgres; one refreshes, and the other's next advice, without
// a restart, rests on the new price.
func TestEveryReplicaAdvisesOnWhatOneRefreshed(t *testing.T) {
	address := pgtest.Database(t, pgtest.Start(t), 7)
	feed, from := localFeed(t, gptFeed(2))
	replicas := make([]*rig, 2)
	for i := range replicas {
		s := emulator.New(emulator.Options{Limits: emulator.Limits{Off: true}}) // each its own workspace: it is known who answers
		if err := s.Start(t.Context(), "127.0.0.1:0"); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.Close() })
		r := &rig{Server: s, t: t, knowledge: &toyKnowledge{}, logs: &syncBuffer{}, dir: t.TempDir(), database: address, advisor: &pricedAdvisor{}, feeds: from}
		r.startBot()
		t.Cleanup(func() {
			if err := r.stop(); err != nil {
				t.Error(err)
			}
		})
		replicas[i] = r
	}
	for n, price := range []float64{2.25, 2.5, 1.75} {
		feed.Store(gptFeed(price))
		refresher, other := replicas[n%2], replicas[1-n%2]
		if err := refresher.bot.RefreshPrices(t.Context()); err != nil {
			t.Fatal(err)
		}
		m, err := bot.NewMarket(other.store, catalog.Default(), nil).History(t.Context(), "gpt-4.1")
		if err != nil || len(m) == 0 {
			t.Fatalf("history %v, %v", m, err)
		}
		if got := advised(t, other, n+1); got != price {
			t.Errorf("after refresh %d the other replica advises at $%v, want $%v", n, got, price)
		}
	}
}

// advised asks a replica's engine as a job of the bot does. The envelope may be worked by either replica, so the price is
// read where the replica's own advice leaves it.
func advised(t *testing.T, r *rig, n int) float64 {
	t.Helper()
	if err := r.bot.Fresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	o, ok := r.advisor.(*pricedAdvisor).cat.Load().Offer("openai/gpt-4.1")
	if !ok {
		t.Fatal("no GPT-4.1", n)
	}
	return *o.Rates.Input
}

// TestARunningBotTakesPricesRefreshedBesideIt: `llmadvise prices refresh` writes into the database of a running bot; the
// next card, through the local Slack, rests on it.
func TestARunningBotTakesPricesRefreshedBesideIt(t *testing.T) {
	r := &rig{Server: emulator.New(emulator.Options{Limits: emulator.Limits{Off: true}}), t: t, knowledge: &toyKnowledge{}, logs: &syncBuffer{}, dir: t.TempDir(), advisor: &pricedAdvisor{}}
	if err := r.Start(t.Context(), "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Close() })
	r.startBot()
	t.Cleanup(func() {
		if err := r.stop(); err != nil {
			t.Error(err)
		}
	})
	r.command(general, "100k queries")
	r.fromBot(general, "100000 queries at $2.00")
	beside, err := store.Open(t.Context(), slog.New(slog.DiscardHandler), r.dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer beside.Close()
	_, from := localFeed(t, gptFeed(2.75))
	f := feeds.NewFetcher(slog.New(slog.DiscardHandler), from.Options)
	defer f.Close()
	m := bot.NewMarket(beside, catalog.Default(), nil)
	if _, err := m.NewRefresher(slog.New(slog.DiscardHandler), f, from.Sources).Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	r.command(general, "200k queries")
	r.fromBot(general, "200000 queries at $2.75")
	metrics, err := r.bot.Metrics().Gather()
	if err != nil {
		t.Fatal(err)
	}
	seen := false
	for _, family := range metrics {
		if family.GetName() == "llmadvise_feed_ok" {
			seen = family.GetMetric()[0].GetGauge().GetValue() == 1
		}
	}
	if !seen {
		t.Error("the metrics do not know the feed that was refreshed beside the bot")
	}
}

// A running bot advises on the file of negotiated prices as it is, from the next advice on, without a refresh.
func TestNegotiatedFileIsFollowed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "negotiated.yaml")
	r := &rig{Server: emulator.New(emulator.Options{Limits: emulator.Limits{Off: true}}), t: t, knowledge: &toyKnowledge{}, logs: &syncBuffer{}, dir: t.TempDir(), advisor: &pricedAdvisor{},
		feeds: &bot.PriceFeeds{Sources: []feeds.Source{{Name: "override", Path: path, Negotiated: true, Optional: true}}, Options: feeds.Options{Offline: true}}}
	if err := r.Start(t.Context(), "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Close() })
	r.startBot()
	t.Cleanup(func() {
		if err := r.stop(); err != nil {
			t.Error(err)
		}
	})
	write := func(text string) func() error {
		return func() error { return os.WriteFile(path, []byte(text), 0o600) }
	}
	for i, step := range []struct {
		name   string
		change func() error
		want   string
	}{
		{"no file", func() error { return nil }, "$2.00"},
		{"written by hand", write("prices:\n  - {provider: openai, model: gpt-4.1, input: 1.5, output: 6}\n"), "$1.50"},
		{"changed", write("prices:\n  - {provider: openai, model: gpt-4.1, input: 1.25, output: 6}\n"), "$1.25"},
		{"broken: the last good price", write("prices:\n  - {provider: openai, model: gpt-4.1, inputs: 1}\n"), "$1.25"},
		{"removed", func() error { return os.Remove(path) }, "$2.00"},
	} {
		if err := step.change(); err != nil {
			t.Fatal(err)
		}
		r.command(general, fmt.Sprintf("%d00k queries", i+1))
		r.fromBot(general, fmt.Sprintf("%d00000 queries at %s", i+1, step.want))
	}
}

// Announced prices and ends of life take hold on their day, without any refresh, and what a channel was told under an
// older day stays what it was.
func TestMarketGoesWithTheDay(t *testing.T) {
	st, err := store.Open(t.Context(), slog.New(slog.DiscardHandler), t.TempDir(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	now := time.Date(2026, 8, 31, 12, 0, 0, 0, time.UTC)
	m := bot.NewMarket(st, catalog.Default(), func() time.Time { return now })
	state, err := pricing.Accept(nil, readFeed(t, `[{"id":"openai","name":"OpenAI","models":[{"id":"gpt-4.1","prices":[{"prices":{"input_mtok":2,"output_mtok":8}},
		{"constraint":{"start_date":"2026-09-01"},"prices":{"input_mtok":3,"output_mtok":9}}]}]}]`), "genai-prices", now)
	if err != nil {
		t.Fatal(err)
	}
	if err := m.SaveSnapshot(t.Context(), (*pricing.Snapshot)(nil).With(*state), now); err != nil {
		t.Fatal(err)
	}
	price := func() (float64, int64) {
		cat, id, _, err := m.Catalog(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		o, _ := cat.Offer("openai/gpt-4.1")
		return *o.Rates.Input, id
	}
	before, id := price()
	now = now.AddDate(0, 0, 1)
	after, same := price()
	if before != 2 || after != 3 || id != same {
		t.Errorf("$%v on the last of August, $%v on the first of September (snapshots %d, %d)", before, after, id, same)
	}
	told, err := m.At(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if o, _ := told.Offer("openai/gpt-4.1"); *o.Rates.Input != 2 {
		t.Errorf("what was told in August has become $%v", *o.Rates.Input)
	}
	if o, _ := told.Offer("anthropic/claude-opus-4.1"); !o.Deprecated {
		t.Error("Claude Opus 4.1 ended on 2026-08-05 and is not deprecated on 2026-08-31")
	}
}

func readFeed(t *testing.T, text string) *pricing.Feed {
	t.Helper()
	f, err := pricing.Read([]byte(text), "")
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// The history says since when each price holds, over refreshes, a quarantine and a restart.
func TestHistoryOfAPrice(t *testing.T) {
	st, err := store.Open(t.Context(), slog.New(slog.DiscardHandler), t.TempDir(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	now := time.Date(2026, 8, 3, 6, 0, 0, 0, time.UTC)
	m := bot.NewMarket(st, catalog.Default(), func() time.Time { return now })
	feed, from := localFeed(t, "")
	from.Options.Now = func() time.Time { return now }
	f := feeds.NewFetcher(slog.New(slog.DiscardHandler), from.Options)
	defer f.Close()
	r := m.NewRefresher(slog.New(slog.DiscardHandler), f, from.Sources)
	for _, price := range []float64{2, 2, 1.5, 1500, 1.5, 1.25} { // one a week; the fourth is poison
		feed.Store(gptFeed(price))
		if _, err := r.Refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
		now = now.AddDate(0, 0, 7)
	}
	tracks, err := m.History(t.Context(), "gpt-4.1")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, track := range tracks {
		if track.ProviderID != "openai" || track.Field != "input" {
			continue
		}
		for _, s := range track.Steps {
			got = append(got, fmt.Sprintf("%s:%g:%v", s.Since, *s.USD, s.AtLeast))
		}
	}
	if want := "2026-06-09:2:true 2026-08-17:1.5:false 2026-09-07:1.25:false"; strings.Join(got, " ") != want {
		t.Errorf("got %v, want %s", got, want)
	}
	ids, err := st.Snapshots(t.Context())
	if err != nil || len(ids) != 5 { // the second reading said nothing new
		t.Errorf("%d snapshots, %v", len(ids), err)
	}
}
