package ingest

import (
	"errors"
	"slices"
	"testing"
	"testing/fstest"
)

func file(s string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(s)} }

func TestWalk(t *testing.T) {
	fsys := fstest.MapFS{
		"README.md":                file("# Readme\n\nHello."),
		"docs/a.md":                file("# A\n\nText."),
		"docs/b.txt":               file("Text."),
		"docs/broken.pdf":          file("not a pdf"),
		"docs/draft.tmp.md":        file("Draft."),
		"docs/keep.tmp.md":         file("Kept."),
		"docs/.gitignore":          file("!keep.tmp.md\n/private/\n"),
		"docs/private/secret.md":   file("Secret."),
		"docs/public/private.md":   file("Not secret."),
		".gitignore":               file("# comment\n*.tmp.md\nbuild/\n/vendor\n**/cache\n"),
		"build/out.md":             file("Built."),
		"src/build/out.md":         file("Built."),
		"vendor/lib.md":            file("Library."),
		"src/vendor/own.md":        file("Own."),
		"src/cache/x.md":           file("Cached."),
		"src/main.go":              file("package main"),
		".git/HEAD.md":             file("ref"),
		".hidden/x.md":             file("Hidden."),
		"node_modules/p/README.md": file("Package."),
		"empty.md":                 file(""),
	}
	var got, bad []string
	for d, err := range Walk(fsys, "repo", func(p Problem) {
		if p.Err == nil {
			t.Error("a problem without its reason")
		}
		bad = append(bad, p.Name)
	}) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, d.ID)
	}
	want := []string{"repo/README", "repo/docs/a", "repo/docs/b.txt", "repo/docs/keep.tmp", "repo/docs/public/private", "repo/src/vendor/own"}
	if !slices.Equal(got, want) {
		t.Errorf("documents\n got %q\nwant %q", got, want)
	}
	if want := []string{"docs/broken.pdf", "empty.md"}; !slices.Equal(bad, want) {
		t.Errorf("problems %q, want %q", bad, want)
	}
}

func TestWalkOfNothing(t *testing.T) {
	var failed error
	for _, err := range Walk(fstest.MapFS{"a.md": file("x")}, "p", func(Problem) {}) {
		failed = errors.Join(failed, err)
		break // a caller may stop early
	}
	if failed != nil {
		t.Error(failed)
	}
}
