package ingest

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"path"
	"strings"
	"unicode/utf8"

	"github.com/llmadvise/llmadvise/knowledge"
)

// MaxBytes is the size of the largest file that is read.
const MaxBytes = 32 << 20

// Errors that a caller tells apart.
var (
	// ErrFormat: the file is of a kind that cannot be read.
	ErrFormat = errors.New("this kind of file cannot be read: use Markdown, HTML, PDF, DOCX or text")
	// ErrTooLarge: the file is over MaxBytes.
	ErrTooLarge = fmt.Errorf("the file is larger than %d MiB: split it", MaxBytes>>20)
	// ErrEmpty: the file holds no text.
	ErrEmpty = errors.New("the file holds no text (a scanned PDF needs text recognition first)")
)

// Parse makes a document of a file's bytes. name is its path, which gives the format and the id: the path without
// Markdown's extension. An id in front matter is not believed: a file could pass for another. Errors wrap [ErrFormat], [ErrTooLarge] or [ErrEmpty], or say what is wrong with the file.
func Parse(name string, data []byte) (knowledge.Document, error) {
	if len(data) > MaxBytes {
		return knowledge.Document{}, fmt.Errorf("%s: %w", name, ErrTooLarge)
	}
	doc := knowledge.Document{ID: documentID(name), Hash: contentHash(data)}
	o, err := parseAs(formatOf(name, data), data, &doc)
	if err != nil {
		return knowledge.Document{}, fmt.Errorf("%s: %w", name, err)
	}
	if doc.Title == "" {
		doc.Title = o.title
	}
	if doc.Title == "" {
		doc.Title = strings.TrimSuffix(path.Base(name), path.Ext(name))
	}
	doc.Chunks = chunks(doc.ID, doc.Title, o.blocks)
	if len(doc.Chunks) == 0 {
		return knowledge.Document{}, fmt.Errorf("%s: %w", name, ErrEmpty)
	}
	return doc, nil
}

// CanRead returns [ErrFormat] for a name whose extension says that the file cannot be read. A name without one may be of
// any kind.
func CanRead(name string) error {
	ext := strings.ToLower(path.Ext(name))
	if _, known := extensions[ext]; known || ext == "" {
		return nil
	}
	return ErrFormat
}

func documentID(name string) string {
	if ext := path.Ext(name); extensions[strings.ToLower(ext)] == markdown {
		return strings.TrimSuffix(name, ext)
	}
	return name
}

func contentHash(data []byte) string {
	h := sha256.New()
	h.Write([]byte(chunkVersion))
	h.Write(data)
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// format names a kind of file.
type format int

const (
	unknown format = iota
	markdown
	plain
	htmlPage
	pdfFile
	docxFile
)

// extensions that are read; others are passed over in a folder.
var extensions = map[string]format{
	".md": markdown, ".markdown": markdown, ".mdx": markdown, ".txt": plain, ".text": plain, ".rst": plain, ".adoc": plain,
	".html": htmlPage, ".htm": htmlPage, ".xhtml": htmlPage, ".pdf": pdfFile, ".docx": docxFile,
}

// formatOf goes by the name and, where that says nothing, by how the bytes begin.
func formatOf(name string, data []byte) format {
	if f, ok := extensions[strings.ToLower(path.Ext(name))]; ok {
		return f
	}
	head := bytes.ToLower(bytes.TrimSpace(data[:min(len(data), 512)]))
	switch {
	case bytes.HasPrefix(head, []byte("%pdf-")):
		return pdfFile
	case bytes.HasPrefix(head, []byte("<!doctype html")), bytes.HasPrefix(head, []byte("<html")):
		return htmlPage
	case utf8.Valid(data) && !bytes.ContainsRune(data, 0) && path.Ext(name) == "":
		return plain
	}
	return unknown
}

func parseAs(f format, data []byte, doc *knowledge.Document) (*outline, error) {
	switch f {
	case markdown:
		fm, body, err := cutFrontMatter(data)
		if err != nil {
			return nil, err
		}
		doc.Title, doc.Date, doc.Attribution, doc.Licence, doc.URL = fm.Title, fm.Date, fm.Attribution, fm.Licence, fm.URL
		return markdownOutline(clean(body)), nil
	case plain:
		return textOutline(clean(data)), nil
	case htmlPage:
		return htmlOutline(clean(data), doc)
	case pdfFile:
		return pdfOutline(data)
	case docxFile:
		return docxOutline(data)
	}
	return nil, ErrFormat
}

// clean makes valid UTF-8 without NUL bytes: indexes and JSON take nothing else.
func clean(data []byte) []byte {
	return bytes.ReplaceAll(bytes.ToValidUTF8(data, []byte("\ufffd")), []byte{0}, nil)
}

// textOutline takes paragraphs parted by empty lines; an underlined or numbered line is no heading, since plain text
// has no rule for it.
func textOutline(data []byte) *outline {
	o := &outline{}
	s := strings.ReplaceAll(string(data), "\r\n", "\n")
	for _, para := range strings.Split(s, "\n\n") {
		o.paragraph(para)
	}
	return o
}
