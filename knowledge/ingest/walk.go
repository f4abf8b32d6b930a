package ingest

import (
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"path"
	"strings"

	"github.com/llmadvise/llmadvise/knowledge"
)

// Limits of one folder.
const (
	maxFiles = 50_000
	maxTotal = 2 << 30
)

// Problem is a file that was passed over, and why. It does not stop an ingest.
type Problem struct {
	Name string
	Err  error
}

// Walk yields the documents of fsys in the order of their paths: files of a readable kind, hidden folders, version
// control and what .gitignore excludes left out. prefix goes in front of the documents' ids. A file that cannot be
// read is told to problem and passed over, so that one bad file does not keep a folder out. The yielded error is that
// of the folder itself.
func Walk(fsys fs.FS, prefix string, problem func(Problem)) iter.Seq2[knowledge.Document, error] {
	return func(yield func(knowledge.Document, error) bool) {
		w := walker{fsys: fsys, prefix: prefix, problem: problem, yield: yield}
		w.each = w.file
		if err := fs.WalkDir(fsys, ".", w.visit); err != nil && !errors.Is(err, errStop) {
			yield(knowledge.Document{}, err)
		}
	}
}

// Count returns how many files [Walk] would read.
func Count(fsys fs.FS) int {
	n := 0
	w := walker{fsys: fsys, problem: func(Problem) {}, each: func(string, fs.DirEntry) error { n++; return nil }}
	_ = fs.WalkDir(fsys, ".", w.visit) // what cannot be read is not counted
	return n
}

var errStop = errors.New("stop")

type walker struct {
	fsys    fs.FS
	prefix  string
	problem func(Problem)
	yield   func(knowledge.Document, error) bool
	each    func(name string, d fs.DirEntry) error // what is done with a file that can be read
	ignores []ignoreFile
	files   int
	total   int64
}

func (w *walker) visit(name string, d fs.DirEntry, err error) error {
	if err != nil {
		if name == "." {
			return err
		}
		w.problem(Problem{name, err})
		return nil
	}
	if d.IsDir() {
		if name != "." && (passedOver(d.Name()) || w.ignored(name, true)) {
			return fs.SkipDir
		}
		if b, err := fs.ReadFile(w.fsys, path.Join(name, ".gitignore")); err == nil && len(b) < 1<<20 {
			w.ignores = append(w.ignores, parseIgnore(name, string(b)))
		}
		return nil
	}
	if _, readable := extensions[strings.ToLower(path.Ext(name))]; !readable || !d.Type().IsRegular() || strings.HasPrefix(d.Name(), ".") || w.ignored(name, false) {
		return nil
	}
	return w.each(name, d)
}

// passedOver reports a folder that holds no documents of people's own.
func passedOver(folder string) bool {
	return strings.HasPrefix(folder, ".") || folder == "node_modules"
}

func (w *walker) file(name string, d fs.DirEntry) error {
	info, err := d.Info()
	if err != nil {
		w.problem(Problem{name, err})
		return nil
	}
	if info.Size() > MaxBytes {
		w.problem(Problem{name, ErrTooLarge})
		return nil
	}
	w.files++
	w.total += info.Size()
	if w.files > maxFiles || w.total > maxTotal {
		return fmt.Errorf("the folder holds more than %d files or %d GiB of documents: ingest parts of it", maxFiles, maxTotal>>30)
	}
	data, err := fs.ReadFile(w.fsys, name)
	if err != nil {
		w.problem(Problem{name, err})
		return nil
	}
	doc, err := Parse(path.Join(w.prefix, name), data)
	if err != nil {
		w.problem(Problem{name, err})
		return nil
	}
	if !w.yield(doc, nil) {
		return errStop
	}
	return nil
}

// ignoreFile is one .gitignore. The common forms are understood: names, paths, leading and trailing slashes, "*", "?",
// "**/" and "!"; what it gets wrong ingests a file too many, never one too few of those that git tracks by force.
type ignoreFile struct {
	dir   string
	rules []ignoreRule
}

type ignoreRule struct {
	pattern           string
	negate, dir, root bool
}

func parseIgnore(dir, text string) ignoreFile {
	f := ignoreFile{dir: dir}
	for line := range strings.Lines(text) {
		p := strings.TrimRight(line, " \t\r\n")
		if p == "" || strings.HasPrefix(p, "#") {
			continue
		}
		var r ignoreRule
		p, r.negate = strings.CutPrefix(p, "!")
		p, r.dir = strings.CutSuffix(p, "/")
		p = strings.TrimPrefix(p, "**/")
		r.root = strings.Contains(p, "/")
		r.pattern = strings.TrimPrefix(p, "/")
		if r.pattern != "" {
			f.rules = append(f.rules, r)
		}
	}
	return f
}

// ignored applies every .gitignore from the root down; the last rule that matches decides.
func (w *walker) ignored(name string, dir bool) bool {
	out := false
	for _, f := range w.ignores {
		rel := name
		if f.dir != "." {
			var inside bool
			if rel, inside = strings.CutPrefix(name, f.dir+"/"); !inside {
				continue
			}
		}
		for _, r := range f.rules {
			if (!r.dir || dir) && r.matches(rel) {
				out = !r.negate
			}
		}
	}
	return out
}

func (r ignoreRule) matches(rel string) bool {
	target := rel
	if !r.root {
		target = path.Base(rel)
	}
	ok, err := path.Match(strings.TrimSuffix(r.pattern, "/**"), target)
	return err == nil && ok
}
