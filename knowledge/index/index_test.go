package index

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/llmadvise/llmadvise/knowledge"
)

const (
	hipaa = "# HIPAA\n\nPatient records need a business associate agreement with the provider.\n\n## Penalties\n\nFines reach two million dollars a year.\n"
	gpus  = "# Hardware\n\nAn H100 has 80 GB of memory and costs thousands.\n\n## Rental\n\nRenting graphics cards by the hour avoids the purchase.\n"
)

func TestSearchFindsAndCites(t *testing.T) {
	x := open(t, "", newToy(), Options{})
	put(t, x, "s", "", md(t, "hipaa.md", hipaa), md(t, "gpus.md", gpus))
	ps, err := x.Search(t.Context(), "What are the penalties and fines under HIPAA?", 3, knowledge.Scope{})
	if err != nil {
		t.Fatal(err)
	}
	p := ps[0]
	if p.Document != "hipaa" || !slices.Equal(p.Heading, []string{"Penalties"}) || !strings.Contains(p.Text, "two million") {
		t.Errorf("first passage %+v", p)
	}
	if p.Score <= 0 || p.Score > 1.0001 || p.Cosine <= 0 || p.Coverage != 1 {
		t.Errorf("score %.3f, cosine %.3f, coverage %.3f: want all terms covered", p.Score, p.Cosine, p.Coverage)
	}
	for i := 1; i < len(ps); i++ {
		if ps[i].Score > ps[i-1].Score {
			t.Error("passages are not best first")
		}
	}
}

func TestCoverageFallsWithRareTermsMissed(t *testing.T) {
	x := open(t, "", newToy(), Options{})
	put(t, x, "s", "", md(t, "hipaa.md", hipaa), md(t, "gpus.md", gpus))
	ps, err := x.Search(t.Context(), "penalties for zebra unicorns", 1, knowledge.Scope{})
	if err != nil {
		t.Fatal(err)
	}
	if c := ps[0].Coverage; c <= 0 || c >= 0.5 {
		t.Errorf("coverage %.2f of a question whose rarest two of three terms nobody says", c)
	}
}

func TestNothingToSearch(t *testing.T) {
	x := open(t, "", newToy(), Options{})
	for _, q := range []string{"", "  ", "anything"} {
		if got := find(t, x, q, ""); len(got) != 0 {
			t.Errorf("%q in an empty index: %v", q, got)
		}
	}
	put(t, x, "s", "", md(t, "hipaa.md", hipaa))
	for _, q := range []string{"the of and", "???", strings.Repeat("long ", 5000), "\x00\xff"} {
		find(t, x, q, "") // must not fail
	}
}

func TestPrivateSourcesAnswerOnlyInTheirChannel(t *testing.T) {
	x := open(t, t.TempDir(), newToy(), Options{})
	put(t, x, "shared", "", md(t, "public.md", "Quarterly budget figures are public."))
	put(t, x, "plan", "C1", md(t, "plan.md", "Quarterly budget secret: the merger codename is Falcon."))
	put(t, x, "plan", "C2", md(t, "plan.md", "Quarterly budget secret: the layoffs codename is Heron."))
	for _, c := range []struct {
		channel string
		text    string
	}{{"", ""}, {"C1", "Falcon"}, {"C2", "Heron"}, {"C3", ""}, {"-", ""}, {"shared", ""}} {
		for _, mode := range []Mode{Hybrid, BM25, Dense} {
			ps, err := x.SearchMode(t.Context(), "quarterly budget secret codename Falcon Heron", 10, knowledge.Scope{Channel: c.channel}, mode)
			if err != nil {
				t.Fatal(err)
			}
			var all strings.Builder
			for _, p := range ps {
				all.WriteString(p.Text)
			}
			for _, secret := range []string{"Falcon", "Heron"} {
				if strings.Contains(all.String(), secret) != (secret == c.text) {
					t.Errorf("channel %q, %s: %s seen: %v", c.channel, mode, secret, secret != c.text)
				}
			}
		}
	}
}

func TestPrivateSourcesDoNotCrowdOutSharedOnes(t *testing.T) {
	x := open(t, "", newToy(), Options{})
	put(t, x, "shared", "", md(t, "public.md", "Budget planning in general."))
	var private []knowledge.Document
	for i := range 300 {
		private = append(private, md(t, fmt.Sprintf("p%03d.md", i), fmt.Sprintf("Budget budget budget planning number %d", i)))
	}
	put(t, x, "private", "C1", private...)
	if got := find(t, x, "budget planning", ""); !slices.Equal(got, []string{"public"}) {
		t.Errorf("found %v", got)
	}
}

func TestSyncIsIncremental(t *testing.T) {
	dir := t.TempDir()
	x := open(t, dir, newToy(), Options{})
	want := func(step string, got, want Report) {
		t.Helper()
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s (-want +got):\n%s", step, d)
		}
	}
	a, b := md(t, "a.md", hipaa), md(t, "b.md", gpus)
	want("first", put(t, x, "s", "", a, b), Report{Added: 2, Passages: 4})
	want("again", put(t, x, "s", "", a, b), Report{Unchanged: 2})
	b2 := md(t, "b.md", "# Hardware\n\nA B200 has 192 GB.\n")
	want("changed", put(t, x, "s", "", a, b2), Report{Updated: 1, Unchanged: 1, Passages: 1})
	ps, err := x.Search(t.Context(), "renting graphics cards hour", 10, knowledge.Scope{})
	if err != nil || slices.ContainsFunc(ps, func(p knowledge.Passage) bool { return strings.Contains(p.Text, "Renting") }) {
		t.Errorf("the old text of a changed document is still found: %v, %v", ps, err)
	}
	want("gone", put(t, x, "s", "", b2), Report{Unchanged: 1, Removed: 1})
	if got := find(t, x, "HIPAA penalties", ""); slices.Contains(got, "a") {
		t.Error("a removed document is still found")
	}
	x.Close()
	x = open(t, dir, newToy(), Options{})
	want("after a restart", put(t, x, "s", "", b2), Report{Unchanged: 1})
	if got := find(t, x, "B200", ""); !slices.Equal(got, []string{"b"}) {
		t.Errorf("after a restart: %v", got)
	}
	if n, err := x.Remove(t.Context(), "s", ""); n != 1 || err != nil {
		t.Errorf("removed %d, %v", n, err)
	}
	if got := x.Info(); got.Documents != 0 || len(x.Sources()) != 0 {
		t.Errorf("left: %+v", got)
	}
}

func TestSourcesMayHoldFilesOfOneName(t *testing.T) {
	x := open(t, t.TempDir(), newToy(), Options{})
	put(t, x, "corpus", "", md(t, "corpus/hipaa.md", hipaa))
	put(t, x, "/home/eve/corpus", "", md(t, "corpus/hipaa.md", "---\nid: corpus/hipaa\n---\nPatient records may be posted anywhere."))
	ps, err := x.Search(t.Context(), "patient records business associate agreement", 5, knowledge.Scope{})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(ps, func(p knowledge.Passage) bool { return strings.Contains(p.Text, "business associate") }) {
		t.Error("another source took the place of a built-in document")
	}
	if r := put(t, x, "corpus", "", md(t, "corpus/hipaa.md", hipaa)); r.Unchanged != 1 {
		t.Errorf("the built-in document was touched: %+v", r)
	}
}

func TestFailedSyncDropsNothing(t *testing.T) {
	x := open(t, t.TempDir(), newToy(), Options{})
	a, b := md(t, "a.md", hipaa), md(t, "b.md", gpus)
	put(t, x, "s", "", a, b)
	boom := errors.New("the disk is gone")
	_, err := x.Sync(t.Context(), "s", "", func(yield func(knowledge.Document, error) bool) {
		if yield(a, nil) {
			yield(knowledge.Document{}, boom)
		}
	}, nil)
	if !errors.Is(err, boom) || x.Info().Documents != 2 {
		t.Errorf("%v, %d documents", err, x.Info().Documents)
	}
	if _, err := x.Sync(t.Context(), "s", "", each(a, a), nil); err == nil {
		t.Error("two documents of one name were accepted")
	}
}

func TestAnotherModelIsNotMixed(t *testing.T) {
	dir := t.TempDir()
	x := open(t, dir, newToy(), Options{})
	put(t, x, "s", "", md(t, "a.md", hipaa), md(t, "b.md", gpus))
	x.Close()
	other := &toy{name: "toy-32", dims: 32}
	x = open(t, dir, other, Options{})
	for _, e := range x.live.Load().bySeq {
		for _, v := range e.vectors {
			if len(v) != 32 {
				t.Fatalf("a vector of %d dimensions is left", len(v))
			}
		}
	}
	if got := find(t, x, "HIPAA fines", ""); got[0] != "a" {
		t.Errorf("found %v", got)
	}
	x.Close()
	if m, d, ok := BuiltWith(dir); m != "toy-32" || d != 32 || !ok {
		t.Errorf("built with %s, %d, %v", m, d, ok)
	}
	other.fail = errors.New("server away")
	if _, err := Open(t.Context(), quiet, dir, &toy{name: "toy-16", dims: 16, fail: other.fail}, Options{}); !errors.Is(err, other.fail) {
		t.Errorf("a model that cannot embed: %v", err)
	}
	x = open(t, dir, other, Options{}) // the old index is untouched, and words are searched without the model
	if got := find(t, x, "HIPAA fines", ""); got[0] != "a" {
		t.Errorf("without the embedder: %v", got)
	}
}

func TestOneWriterManyReaders(t *testing.T) {
	dir := t.TempDir()
	w := open(t, dir, newToy(), Options{})
	put(t, w, "s", "", md(t, "a.md", hipaa))
	if _, err := Open(t.Context(), quiet, dir, newToy(), Options{}); !errors.Is(err, ErrLocked) {
		t.Fatalf("a second writer: %v", err)
	}
	r := open(t, dir, newToy(), Options{ReadOnly: true})
	if got := find(t, r, "HIPAA", ""); len(got) == 0 || got[0] != "a" {
		t.Errorf("the reader finds %v", got)
	}
	if _, err := r.Sync(t.Context(), "s", "", each(), nil); !errors.Is(err, ErrLocked) {
		t.Errorf("the reader wrote: %v", err)
	}
}

func TestDamageIsToldOrMended(t *testing.T) {
	build := func(t *testing.T) (dir, journal string) {
		dir = t.TempDir()
		x := open(t, dir, newToy(), Options{})
		put(t, x, "s", "", md(t, "a.md", hipaa))
		put(t, x, "t", "", md(t, "b.md", gpus))
		x.Close()
		return dir, filepath.Join(dir, journalName)
	}
	edit := func(t *testing.T, path string, change func([]byte) []byte) {
		t.Helper()
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, change(b), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, change := range map[string]func([]byte) []byte{
		"a byte flipped": func(b []byte) []byte { b[200] ^= 1; return b },
		"foreign file":   func([]byte) []byte { return []byte("SQLite format 3\x00 and so on") },
		"zeroed":         func(b []byte) []byte { clear(b); return b },
		"header cut":     func(b []byte) []byte { return b[:10] },
	} {
		t.Run(name, func(t *testing.T) {
			dir, journal := build(t)
			edit(t, journal, change)
			_, err := Open(t.Context(), quiet, dir, newToy(), Options{})
			if !errors.Is(err, ErrCorrupt) || !strings.Contains(err.Error(), dir) || !strings.Contains(err.Error(), "llmadvise ingest") {
				t.Errorf("error %v", err)
			}
		})
	}
	t.Run("cut short by a crash", func(t *testing.T) {
		dir, journal := build(t)
		edit(t, journal, func(b []byte) []byte { return b[:len(b)-5] })
		x := open(t, dir, newToy(), Options{})
		if got := x.Info().Documents; got != 1 {
			t.Errorf("%d documents, want the whole one", got)
		}
		if r := put(t, x, "t", "", md(t, "b.md", gpus)); r.Added != 1 {
			t.Errorf("the next ingest: %+v", r)
		}
		if got := find(t, x, "renting graphics cards", ""); got[0] != "b" {
			t.Errorf("found %v", got)
		}
	})
	t.Run("keyword index gone", func(t *testing.T) {
		dir, _ := build(t)
		if err := os.RemoveAll(filepath.Join(dir, keywordDir)); err != nil {
			t.Fatal(err)
		}
		checkBM25(t, dir)
	})
	t.Run("keyword index damaged", func(t *testing.T) {
		dir, _ := build(t)
		err := filepath.WalkDir(filepath.Join(dir, keywordDir), func(p string, d os.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			return os.WriteFile(p, []byte("rubbish"), 0o600)
		})
		if err != nil {
			t.Fatal(err)
		}
		checkBM25(t, dir)
	})
}

func checkBM25(t *testing.T, dir string) {
	t.Helper()
	x := open(t, dir, newToy(), Options{})
	ps, err := x.SearchMode(t.Context(), "renting", 5, knowledge.Scope{}, BM25)
	if err != nil || len(ps) == 0 || ps[0].Document != "b" {
		t.Errorf("%v, %v", ps, err)
	}
}

func TestNearDuplicatesAreNamedOnce(t *testing.T) {
	x := open(t, "", newToy(), Options{})
	long := "Renting graphics cards by the hour avoids the purchase and the wait for delivery, and lets a team stop paying when the experiment ends after a few weeks of use."
	put(t, x, "s", "", md(t, "a.md", long), md(t, "b.md", long), md(t, "c.md", long+" It costs 5 dollars."), md(t, "d.md", long+" It costs 7 dollars."))
	got := find(t, x, "renting graphics cards by the hour", "")
	slices.Sort(got)
	if !slices.Equal(got, []string{"a", "c", "d"}) {
		t.Errorf("found %v, want one of the two equal texts, and both of the two that contradict each other", got)
	}
}

func TestShortPieceBringsItsNeighbour(t *testing.T) {
	x := open(t, "", newToy(), Options{})
	body := strings.Repeat("The earlier part tells about graphics cards at length here. ", 17)
	put(t, x, "s", "", md(t, "a.md", "# Guide\n\n## Cards\n\n"+body+"\n\nUnicorns come last in this section, after everything else was told.\n"))
	ps, err := x.Search(t.Context(), "unicorns", 1, knowledge.Scope{})
	if err != nil || len(ps) != 1 {
		t.Fatal(ps, err)
	}
	if !strings.Contains(ps[0].Text, "Unicorns") || !strings.Contains(ps[0].Text, "earlier part") {
		t.Errorf("text %q", ps[0].Text)
	}
}

// TestChangedDocumentsKeepWhatStayed: of a changed document only the changed passages are embedded.
func TestChangedDocumentsKeepWhatStayed(t *testing.T) {
	x := open(t, t.TempDir(), newToy(), Options{})
	doc := func(hash string, texts ...string) knowledge.Document {
		d := knowledge.Document{ID: "d", Title: "D", Hash: hash}
		for i, s := range texts {
			d.Chunks = append(d.Chunks, knowledge.Chunk{ID: fmt.Sprint(i), Text: s})
		}
		return d
	}
	put(t, x, "s", "", doc("1", "one gpu", "two gpus", "three gpus"))
	if r := put(t, x, "s", "", doc("2", "new first", "two gpus", "one gpu")); r.Updated != 1 || r.Passages != 1 {
		t.Errorf("%+v, want one passage embedded", r)
	}
	for _, e := range x.live.Load().bySeq {
		for i, v := range e.vectors {
			want, _ := x.emb.Embed(t.Context(), []string{searchText(&e.doc, i)})
			if !slices.Equal(v, want[0]) {
				t.Errorf("passage %d has another's vector", i)
			}
		}
	}
	d := doc("3", "two gpus")
	d.Title = "Another title" // both legs read the title
	if r := put(t, x, "s", "", d); r.Passages != 1 {
		t.Errorf("%+v: the title changed, so the vector must", r)
	}
}

// TestTheCacheKeepsChannelsApart: what one channel was told is not told in another.
func TestTheCacheKeepsChannelsApart(t *testing.T) {
	x := open(t, "", newToy(), Options{})
	put(t, x, "plan", "C1", md(t, "plan.md", "The merger codename is Falcon."))
	for range 2 {
		for channel, want := range map[string]int{"C1": 1, "C2": 0, "": 0} {
			if got := find(t, x, "merger codename", channel); len(got) != want {
				t.Errorf("channel %q: found %v", channel, got)
			}
		}
	}
}

func TestRepeatedQueriesComeFromTheCache(t *testing.T) {
	emb := newToy()
	x := open(t, "", emb, Options{})
	put(t, x, "s", "", md(t, "a.md", hipaa))
	first := find(t, x, "HIPAA", "")
	emb.fail = errors.New("must not be asked")
	if got := find(t, x, "HIPAA", ""); !slices.Equal(got, first) {
		t.Errorf("%v, then %v", first, got)
	}
	emb.fail = nil
	put(t, x, "s", "", md(t, "b.md", gpus))
	if got := find(t, x, "HIPAA", ""); slices.Contains(got, "a") {
		t.Error("the cache outlived an update")
	}
}
