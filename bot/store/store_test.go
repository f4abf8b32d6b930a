package store_test

import (
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/llmadvise/llmadvise/bot/store"
	"github.com/llmadvise/llmadvise/bot/store/pgtest"
)

// Both back ends run the same conformance test.
func TestSQLite(t *testing.T) {
	dir := t.TempDir()
	conform(t, func(t *testing.T, now func() time.Time) *store.Store {
		return open(t, filepath.Join(dir, t.Name()), "", now)
	})
}

func TestPostgres(t *testing.T) {
	url := pgtest.Start(t)
	n := 0
	conform(t, func(t *testing.T, now func() time.Time) *store.Store {
		n++
		return open(t, t.TempDir(), pgtest.Database(t, url, n), now)
	})
	t.Run("many start at once", func(t *testing.T) {
		address := pgtest.Database(t, url, n+1)
		var all sync.WaitGroup
		for range 6 {
			all.Go(func() {
				s, err := store.Open(t.Context(), slog.New(slog.DiscardHandler), t.TempDir(), store.Options{DatabaseURL: address})
				if err != nil {
					t.Error(err)
					return
				}
				_ = s.Close()
			})
		}
		all.Wait()
	})
}

func open(t *testing.T, dir, url string, now func() time.Time) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), slog.New(slog.DiscardHandler), dir, store.Options{DatabaseURL: url, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func conform(t *testing.T, open func(*testing.T, func() time.Time) *store.Store) {
	t.Run("posts", func(t *testing.T) { posts(t, open(t, nil)) })
	t.Run("threads", func(t *testing.T) { threads(t, open(t, nil)) })
	t.Run("replies", func(t *testing.T) { replies(t, open(t, nil)) })
	t.Run("cards and settings", func(t *testing.T) { cards(t, open(t, nil)) })
	t.Run("seen once among many", func(t *testing.T) { seen(t, open(t, nil)) })
	t.Run("feedback", func(t *testing.T) { feedback(t, open(t, nil)) })
	t.Run("retention", func(t *testing.T) { retention(t, open) })
	t.Run("digests", func(t *testing.T) { digests(t, open(t, nil)) })
	t.Run("prices", func(t *testing.T) { prices(t, open) })
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func posts(t *testing.T, s *store.Store) {
	ctx := t.Context()
	if _, err := s.FindPost(ctx, "k"); !errors.Is(err, store.ErrNotFound) {
		t.Fatalf("an unknown post: %v, want ErrNotFound", err)
	}
	check(t, s.IntendPost(ctx, "k", "node1", "C1", "1.0"))
	check(t, s.NotePost(ctx, "k", "2.0"))
	p, err := s.FindPost(ctx, "k")
	check(t, err)
	if p.State != store.PostIntent || p.Node != "node1" || p.TS != "2.0" {
		t.Errorf("after the intent: %+v", p)
	}
	check(t, s.FinishPost(ctx, "k", "C1", "1.0", "3.0"))
	check(t, s.IntendPost(ctx, "k", "node2", "C1", "1.0")) // a repeated job must not undo it
	check(t, s.NotePost(ctx, "k", "9.0"))
	p, err = s.FindPost(ctx, "k")
	check(t, err)
	if p.State != store.PostDone || p.TS != "3.0" || p.Channel != "C1" || p.ThreadTS != "1.0" {
		t.Errorf("after the post: %+v", p)
	}
}

func threads(t *testing.T, s *store.Store) {
	ctx := t.Context()
	if ours, err := s.InThread(ctx, "C1", "1.0"); err != nil || ours {
		t.Fatalf("an unknown thread: %v %v", ours, err)
	}
	for i, text := range []string{"first", "second", "third"} {
		check(t, s.SaveTurn(ctx, "C1", "1.0", store.Turn{TS: strconv.Itoa(i+1) + ".0", FromBot: i == 1, Text: text}))
	}
	check(t, s.SaveTurn(ctx, "C1", "other", store.Turn{TS: "1.0", Text: "elsewhere"}))
	check(t, s.SaveTurn(ctx, "C1", "1.0", store.Turn{TS: "3.0", Text: "third, edited"}))
	turns, err := s.Turns(ctx, "C1", "1.0", 2)
	check(t, err)
	var got []string
	for _, x := range turns {
		got = append(got, x.Text)
	}
	if diff := cmp.Diff([]string{"second", "third, edited"}, got); diff != "" || !turns[0].FromBot {
		t.Errorf("the last two turns, oldest first (-want +got):\n%s", diff)
	}
	check(t, s.ForgetTurn(ctx, "C1", "2.0"))
	if turns, err = s.Turns(ctx, "C1", "1.0", 9); err != nil || len(turns) != 2 {
		t.Errorf("%d turns after one was forgotten, %v", len(turns), err)
	}
	if ours, err := s.InThread(ctx, "C1", "1.0"); err != nil || !ours {
		t.Errorf("a known thread: %v %v", ours, err)
	}
}

func replies(t *testing.T, s *store.Store) {
	ctx := t.Context()
	check(t, s.SaveReply(ctx, "C1", "1.0", store.Reply{ThreadTS: "1.0", ReplyTS: "2.0"}))
	check(t, s.SaveReply(ctx, "C1", "1.0", store.Reply{ThreadTS: "1.0", ReplyTS: "3.0"}))
	if r, err := s.FindReply(ctx, "C1", "1.0"); err != nil || r.ReplyTS != "3.0" {
		t.Errorf("the reply: %+v %v", r, err)
	}
	check(t, s.ForgetReply(ctx, "C1", "1.0"))
	if _, err := s.FindReply(ctx, "C1", "1.0"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a forgotten reply: %v", err)
	}
}

func cards(t *testing.T, s *store.Store) {
	ctx := t.Context()
	type body struct{ Text string }
	for _, text := range []string{"one?", "two: $1 'quoted' \u2028"} {
		check(t, s.SaveCard(ctx, "id", body{text}))
		check(t, s.SaveSettings(ctx, "C1", body{text}))
		check(t, s.Set(ctx, "k", text))
		var card, settings body
		check(t, s.LoadCard(ctx, "id", &card))
		check(t, s.LoadSettings(ctx, "C1", &settings))
		v, err := s.Value(ctx, "k")
		check(t, err)
		if card.Text != text || settings.Text != text || v != text {
			t.Errorf("kept %q, %q, %q, want %q", card.Text, settings.Text, v, text)
		}
	}
	for _, err := range []error{s.LoadCard(ctx, "none", &body{}), s.LoadSettings(ctx, "none", &body{})} {
		if !errors.Is(err, store.ErrNotFound) {
			t.Errorf("nothing there: %v, want ErrNotFound", err)
		}
	}
}

func seen(t *testing.T, s *store.Store) {
	var wg sync.WaitGroup
	var mu sync.Mutex
	first := 0
	for range 20 {
		wg.Go(func() {
			is, err := s.FirstTime(t.Context(), "event")
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				t.Error(err)
			}
			if is {
				first++
			}
		})
	}
	wg.Wait()
	if first != 1 {
		t.Errorf("%d of 20 were first", first)
	}
	for key, want := range map[string]bool{"event": true, "other": false} {
		if got, err := s.Seen(t.Context(), key); err != nil || got != want {
			t.Errorf("Seen(%q) = %v, %v", key, got, err)
		}
	}
}

func feedback(t *testing.T, s *store.Store) {
	ctx := t.Context()
	f := store.Feedback{Subject: "a", User: "U1", Channel: "C1", Verdict: "not_useful", Reason: "vague", Question: "q", Answer: "x"}
	check(t, s.SaveFeedback(ctx, f))
	f.Reason = ""
	check(t, s.SaveFeedback(ctx, f)) // the click may be stored after the form
	f.User = "U2"
	check(t, s.SaveFeedback(ctx, f))
	f.Verdict = "useful"
	check(t, s.SaveFeedback(ctx, f)) // changed their mind
	all, err := s.ListFeedback(ctx)
	check(t, err)
	if len(all) != 2 {
		t.Fatalf("%d verdicts, want one each of two people", len(all))
	}
	for _, x := range all {
		if x.User == "U1" && (x.Verdict != "not_useful" || x.Reason != "vague") || x.User == "U2" && x.Verdict != "useful" {
			t.Errorf("%+v", x)
		}
	}
}

func retention(t *testing.T, open func(*testing.T, func() time.Time) *store.Store) {
	ctx := t.Context()
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	s := open(t, func() time.Time { return now })
	check(t, s.FinishPost(ctx, "old", "C1", "", "1.0"))
	check(t, s.Set(ctx, "thread_card:C1:1.0", "id"))
	check(t, s.Set(ctx, "kept", "v"))
	check(t, s.SaveSettings(ctx, "C1", 1))
	now = now.Add(store.PostsKept - time.Hour)
	n, err := s.Prune(ctx)
	check(t, err)
	if n != 0 {
		t.Errorf("%d rows forgotten within their retention", n)
	}
	now = now.Add(365 * 24 * time.Hour)
	if n, err = s.Prune(ctx); err != nil || n != 2 {
		t.Errorf("%d rows forgotten, %v, want the post and the thread's card", n, err)
	}
	if _, err := s.FindPost(ctx, "old"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("the old post: %v", err)
	}
	if _, err := s.Value(ctx, "kept"); err != nil {
		t.Error("a small value was forgotten:", err)
	}
}

func TestOpenSaysWhatToDo(t *testing.T) {
	log := slog.New(slog.DiscardHandler)
	t.Run("damaged database", func(t *testing.T) {
		dir := t.TempDir()
		check(t, os.WriteFile(filepath.Join(dir, store.File), []byte(strings.Repeat("not a database ", 500)), 0o600))
		_, err := store.Open(t.Context(), log, dir, store.Options{})
		wants(t, err, "is damaged", "move the file away")
	})
	t.Run("folder is a file", func(t *testing.T) {
		file := filepath.Join(t.TempDir(), "f")
		check(t, os.WriteFile(file, nil, 0o600))
		_, err := store.Open(t.Context(), log, file, store.Options{})
		wants(t, err, "LLMADVISE_DATA_DIR")
	})
	t.Run("read-only folder", func(t *testing.T) {
		if os.Geteuid() == 0 {
			t.Skip("root may write anywhere")
		}
		dir := t.TempDir()
		check(t, os.Chmod(dir, 0o500))
		_, err := store.Open(t.Context(), log, dir, store.Options{})
		wants(t, err, "not writable", "LLMADVISE_DATA_DIR")
	})
	t.Run("no Postgres", func(t *testing.T) {
		_, err := store.Open(t.Context(), log, t.TempDir(), store.Options{DatabaseURL: "postgres://u:secret@127.0.0.1:1/x"})
		wants(t, err, "Postgres does not answer", "DATABASE_URL")
		if strings.Contains(err.Error(), "secret") {
			t.Errorf("the password is in the error: %v", err)
		}
	})
}

func wants(t *testing.T, err error, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if err == nil || !strings.Contains(err.Error(), p) {
			t.Errorf("the error is %v, want it to say %q", err, p)
		}
	}
}
