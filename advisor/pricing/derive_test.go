package pricing

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/llmadvise/llmadvise/advisor/catalog"
)

var update = flag.Bool("update", false, "rewrite golden files and the catalog's derived offer table")

// sharedFolders are where the real feed snapshots may lie: beside the checkout, on some machines.
func sharedFolders(t testing.TB) []string {
	t.Helper()
	var dirs []string
	if d := os.Getenv("LLMADVISE_SHARED"); d != "" {
		dirs = append(dirs, d)
	}
	wd, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for d := wd; ; d = filepath.Dir(d) {
		dirs = append(dirs, filepath.Join(d, "shared"), filepath.Join(filepath.Dir(d), "shared"))
		if d == filepath.Dir(d) {
			return dirs
		}
	}
}

// shared returns a real feed snapshot, or skips the test.
func shared(t testing.TB, name string) []byte {
	t.Helper()
	for _, d := range sharedFolders(t) {
		if b, err := os.ReadFile(filepath.Join(d, "feeds", name)); err == nil {
			return b
		}
	}
	t.Skipf("no real feed snapshot %s: set LLMADVISE_SHARED to the folder that has feeds/", name)
	return nil
}

func sharedFeed(t testing.TB, name string) *Feed {
	t.Helper()
	f, err := Read(shared(t, name), "")
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func date(t testing.TB, s string) catalog.Date {
	t.Helper()
	d, err := catalog.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// The committed table is what the recipe makes of the snapshot: no price in it was typed by hand.
func TestOffersAreDerived(t *testing.T) {
	offers, missing, err := Derive(DeriveInput{
		Feed: sharedFeed(t, "genai-prices_2026-07-25.json"), Date: date(t, "2026-07-25"),
		Batch:    sharedFeed(t, "litellm_2026-07-24.json"),
		Previous: sharedFeed(t, "genai-prices_2026-06-09.json"), PrevDate: date(t, "2026-06-09"),
	}, catalog.Default())
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range missing {
		t.Errorf("the feed has no %s %s", m.Provider, m.FeedID)
	}
	var got bytes.Buffer
	if err := WriteOffers(&got, offers); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join("..", "catalog", "data", "offers.csv")
	if *update {
		if err := os.WriteFile(path, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got.Bytes(), want) {
		t.Error("offers.csv differs from what the recipe makes; run this test with -update and read the difference")
	}
}
