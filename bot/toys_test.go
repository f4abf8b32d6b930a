package bot_test

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/llmadvise/llmadvise/advisor"
	"github.com/llmadvise/llmadvise/advisor/catalog"
	"github.com/llmadvise/llmadvise/advisor/report"
	"github.com/llmadvise/llmadvise/bot"
	"github.com/llmadvise/llmadvise/bot/emulator"
	"github.com/llmadvise/llmadvise/bot/store"
	"github.com/llmadvise/llmadvise/knowledge"
)

// ids of the emulator's default workspace
const (
	general = "C0GENERAL1"
	random  = "C0RANDOM01" // the app is not a member
	ada     = "U0ADA00001"
	grace   = "U0GRACE002"
	botUser = "U0LLMADV01"
	command = "/llm-advise"
)

// toyAdvisor reads "<n>k queries" and knows one price: a dollar per thousand queries.
type toyAdvisor struct{}

func (toyAdvisor) Parse(text string) (advisor.Workload, error) {
	if strings.Contains(text, "crash") {
		panic("crash")
	}
	w := advisor.Workload{Said: map[advisor.Field]string{}}
	for _, f := range strings.Fields(strings.ToLower(text)) {
		f = strings.Trim(f, ",.?")
		if n, err := strconv.ParseFloat(strings.TrimSuffix(f, "k"), 64); err == nil && strings.HasSuffix(f, "k") {
			w.QueriesPerMonth = n * 1000
			w.Said[advisor.FieldQueries] = f
		}
		if f == "hipaa" {
			w.Compliance = []catalog.Regime{catalog.HIPAA}
			w.Said[advisor.FieldCompliance] = "HIPAA"
		}
	}
	if len(w.Said) == 0 {
		return w, fmt.Errorf("I found no volume in %q. Try: 300k queries, HIPAA", text)
	}
	return w, nil
}

func (toyAdvisor) Set(w *advisor.Workload, setting string) error {
	key, value, _ := strings.Cut(setting, "=")
	n, err := strconv.ParseFloat(strings.TrimSuffix(value, "k"), 64)
	if err != nil {
		return fmt.Errorf("%q is not a number: write for example 300k", value)
	}
	if strings.HasSuffix(value, "k") {
		n *= 1000
	}
	switch advisor.Field(key) {
	case advisor.FieldQueries:
		w.QueriesPerMonth = n
	case advisor.FieldInput:
		w.InputTokens = int(n)
	}
	return nil
}

// About knows one card.
func (toyAdvisor) About(question string) []string {
	if strings.Contains(question, "H100 cost") {
		return []string{"One H100 rents for $2.99 an hour."}
	}
	return nil
}

func (toyAdvisor) Advise(_ context.Context, w advisor.Workload) (bot.Advised, error) {
	full := w
	if full.InputTokens == 0 {
		full.InputTokens = 1200
	}
	usd := strconv.FormatFloat(full.QueriesPerMonth/1000, 'f', 0, 64)
	return bot.Advised{
		Advice: advisor.Advice{Workload: full},
		Document: report.Document{
			Title:   "Hosted open model: about $" + usd + " a month",
			Summary: "Meets every rule that was asked for.",
			Sections: []report.Section{
				{Kind: report.KindInputs, Lines: []report.Line{{Label: "You said", Text: strconv.FormatFloat(full.QueriesPerMonth, 'f', 0, 64) + " queries a month"}}},
				{Kind: report.KindOptions, Table: &report.Table{Caption: "Options", Header: []string{"option", "a month"}, Rows: [][]string{{"Hosted", "$" + usd}, {"API", "$900"}}, Mark: 0}},
				{Kind: report.KindFlips, Lines: []report.Line{{Text: "Flips above 13M queries a month."}}},
				{Kind: report.KindMath, Folded: true, Lines: []report.Line{{Text: "monthly = queries x $0.001"}}},
			},
			Footer: "Prices of 2026-07-25.",
		},
	}, nil
}

// toyKnowledge knows how long a deployment takes, and says back what it was asked.
type toyKnowledge struct {
	mu    sync.Mutex
	asked []knowledge.Question
	// pieces, where set, are streamed with wait before each.
	pieces []string
	wait   func(context.Context)
	ended  chan struct{} // where set, closed when the streaming ends before its time
	err    error
}

func (k *toyKnowledge) Answer(ctx context.Context, q knowledge.Question, st knowledge.Stream) (knowledge.Answer, error) {
	k.mu.Lock()
	k.asked = append(k.asked, q)
	pieces, wait, ended, err := k.pieces, k.wait, k.ended, k.err
	k.mu.Unlock()
	if err != nil {
		return knowledge.Answer{}, err
	}
	for _, p := range pieces {
		if wait != nil {
			wait(ctx)
		}
		if err := cmp.Or(ctx.Err(), st.Append(ctx, p)); err != nil {
			if ended != nil {
				close(ended)
			}
			return knowledge.Answer{}, err
		}
	}
	if len(pieces) > 0 {
		return knowledge.Answer{Text: strings.Join(pieces, ""), Model: "toy"}, nil
	}
	if strings.Contains(q.Text, "weather") {
		return knowledge.Answer{Abstained: true, Text: "I have nothing on that.", Suggest: []string{"privacy", "cost"}}, nil
	}
	if strings.Contains(q.Text, "deploy") {
		return knowledge.Answer{Text: "It takes 2-4 weeks [1].", Citations: []knowledge.Citation{{N: 1, Title: "The article", Heading: "Effort", Date: "2025"}}, Composed: true}, nil
	}
	return knowledge.Answer{Text: fmt.Sprintf("You asked %q after %d turns with %d facts.", q.Text, len(q.History), len(q.Facts))}, nil
}

func (k *toyKnowledge) last() knowledge.Question {
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(k.asked) == 0 {
		return knowledge.Question{}
	}
	return k.asked[len(k.asked)-1]
}

// toyLibrary keeps files by source and audience. It reads .md and .txt, and what begins with "broken" is damaged.
type toyLibrary struct {
	mu   sync.Mutex
	kept map[[2]string]bot.File
	adds int

	begun, goOn chan struct{} // where set, the next reading of an address sends on begun and waits for goOn
}

func (l *toyLibrary) CanRead(name string) error {
	if strings.HasSuffix(name, ".md") || strings.HasSuffix(name, ".txt") {
		return nil
	}
	return fmt.Errorf("%w: this kind of file cannot be read, use Markdown", bot.ErrUnreadable)
}

func (l *toyLibrary) AddFile(ctx context.Context, f bot.File, audience string) (bot.Ingested, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.kept == nil {
		l.kept = map[[2]string]bot.File{}
	}
	if strings.HasPrefix(string(f.Data), "broken") {
		return bot.Ingested{}, fmt.Errorf("%w: it is damaged", bot.ErrUnreadable)
	}
	if string(f.Data) == "disk full" {
		return bot.Ingested{}, errors.New("no space left on device")
	}
	l.adds++
	l.kept[[2]string{f.Name, audience}] = f
	return bot.Ingested{Title: f.Title, Documents: 1, Passages: 1 + strings.Count(string(f.Data), "\n")}, nil
}

func (l *toyLibrary) Refresh(_ context.Context, source, audience string) (bot.Ingested, error) {
	l.mu.Lock()
	begun, goOn := l.begun, l.goOn
	l.begun = nil
	l.mu.Unlock()
	if begun != nil {
		begun <- struct{}{}
		<-goOn
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if strings.Contains(source, "private") {
		return bot.Ingested{}, fmt.Errorf("%w: the address is not on the public internet", bot.ErrUnreadable)
	}
	if l.kept == nil {
		l.kept = map[[2]string]bot.File{}
	}
	l.kept[[2]string{source, audience}] = bot.File{Name: source}
	return bot.Ingested{Title: "A page", Documents: 1, Passages: 7}, nil
}

func (l *toyLibrary) Remove(_ context.Context, source, audience string) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, ok := l.kept[[2]string{source, audience}]; !ok {
		return 0, nil
	}
	delete(l.kept, [2]string{source, audience})
	return 1, nil
}

func (l *toyLibrary) Sources() []bot.Source {
	l.mu.Lock()
	defer l.mu.Unlock()
	out := []bot.Source{{Name: "corpus", Documents: 25, Passages: 117, Fixed: true}}
	for k := range l.kept {
		out = append(out, bot.Source{Name: k[0], Audience: k[1], Documents: 1, Passages: 3})
	}
	slices.SortFunc(out, func(a, b bot.Source) int { return strings.Compare(a.Audience+a.Name, b.Audience+b.Name) })
	return out
}

// has reports whether the library keeps source for audience, and its text.
func (l *toyLibrary) has(source, audience string) (string, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	f, ok := l.kept[[2]string{source, audience}]
	return string(f.Data), ok
}

// rig is a bot at work in a local Slack.
type rig struct {
	*emulator.Server
	t         *testing.T
	bot       *bot.Bot
	knowledge *toyKnowledge
	library   *toyLibrary
	admins    []string
	store     *store.Store
	logs      *syncBuffer
	dir       string
	sockets   int         // 0 is one
	listen    string      // of metrics
	database  string      // postgres address; "" is SQLite
	advisor   bot.Advisor // nil is toyAdvisor
	feeds     *bot.PriceFeeds
	ahead     atomic.Int64 // nanoseconds that the bot's clock is ahead of ours
	stop      func() error // ends the bot and returns what Run returned
}

type syncBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *syncBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

func startRig(t *testing.T, opts emulator.Options) *rig {
	t.Helper()
	s := emulator.New(opts)
	if err := s.Start(t.Context(), "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	r := &rig{Server: s, t: t, knowledge: &toyKnowledge{}, library: &toyLibrary{}, logs: &syncBuffer{}, dir: t.TempDir()}
	t.Cleanup(func() {
		if r.stop != nil {
			if err := r.stop(); err != nil {
				t.Error("the bot ended with", err)
			}
		}
		_ = s.Close()
	})
	r.startBot()
	return r
}

func (r *rig) config() bot.Config {
	return bot.Config{AppToken: bot.Secret(r.AppToken()), BotToken: bot.Secret(r.BotToken()), APIURL: r.APIURL(), DataDir: r.dir, Connections: max(1, r.sockets), Listen: r.listen, DatabaseURL: r.database, Admins: r.admins}
}

func (r *rig) startBot() {
	r.t.Helper()
	log := slog.New(slog.NewTextHandler(r.logs, &slog.HandlerOptions{Level: slog.LevelInfo}))
	var err error
	if r.store, err = store.Open(r.t.Context(), log, r.dir, store.Options{DatabaseURL: r.database}); err != nil {
		r.t.Fatal(err)
	}
	if r.bot, err = bot.New(log, r.config(), bot.Deps{Advisor: r.theAdvisor(), Knowledge: r.knowledge, Library: r.library, Store: r.store, Feeds: r.feeds, Version: "test",
		Now: func() time.Time { return time.Now().Add(time.Duration(r.ahead.Load())) }}); err != nil {
		r.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- r.bot.Run(ctx) }()
	r.stop = func() error {
		cancel()
		r.stop = nil
		err := <-ended
		return errors.Join(err, r.store.Close())
	}
	select {
	case <-r.bot.Ready():
	case err := <-ended:
		r.t.Fatal("the bot did not start:", err)
	case <-r.soon().Done():
		r.t.Fatal("the bot is not ready:\n", r.logs)
	}
}

func (r *rig) theAdvisor() bot.Advisor {
	if r.advisor != nil {
		return r.advisor
	}
	return toyAdvisor{}
}

func (r *rig) soon() context.Context {
	ctx, cancel := context.WithTimeout(r.t.Context(), 15*time.Second)
	r.t.Cleanup(cancel)
	return ctx
}

// fromBot waits for a message of the bot that holds every part.
func (r *rig) fromBot(channel string, parts ...string) emulator.Message {
	r.t.Helper()
	m, err := r.WaitMessage(r.soon(), channel, func(m emulator.Message) bool {
		return m.BotID != "" && !m.Streaming && holds(m, parts)
	})
	if err != nil {
		var said []string
		for _, m := range r.Messages(channel) {
			said = append(said, m.TS+" "+m.Text)
		}
		r.t.Fatalf("no message of the bot with %q: %v\nmessages: %q\nlogs:\n%s", parts, err, said, r.logs)
	}
	return m
}

func holds(m emulator.Message, parts []string) bool {
	all := m.Text + "\n" + string(m.Blocks)
	for _, p := range parts {
		if !strings.Contains(all, p) {
			return false
		}
	}
	return true
}

func (r *rig) botMessages(channel string) []emulator.Message {
	var out []emulator.Message
	for _, m := range r.Messages(channel) {
		if m.BotID != "" {
			out = append(out, m)
		}
	}
	return out
}

func (r *rig) command(channel, text string) *emulator.Delivery {
	r.t.Helper()
	d, err := r.SlashCommand(channel, ada, command, text)
	if err != nil {
		r.t.Fatal(err)
	}
	if err := d.Wait(r.soon()); err != nil {
		r.t.Fatalf("%s %s was not acknowledged: %v\n%s", command, text, err, r.logs)
	}
	return d
}

func (r *rig) say(channel, text, thread string) emulator.Posted {
	r.t.Helper()
	p, err := r.Post(channel, ada, text, thread)
	if err != nil {
		r.t.Fatal(err)
	}
	for _, d := range p.Deliveries {
		if err := d.Wait(r.soon()); err != nil {
			r.t.Fatalf("an event was not acknowledged: %v\n%s", err, r.logs)
		}
	}
	return p
}

func (r *rig) click(m emulator.Message, action string) {
	r.t.Helper()
	d, err := r.Click(emulator.Act{User: ada, Channel: m.Channel, TS: m.TS, Action: action})
	if err != nil {
		r.t.Fatal(err)
	}
	if err := d.Wait(r.soon()); err != nil {
		r.t.Fatalf("a click was not acknowledged: %v\n%s", err, r.logs)
	}
}
