package ingest

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
	"go.yaml.in/yaml/v3"
)

var markdownParser = goldmark.New(goldmark.WithExtensions(extension.Table, extension.Strikethrough)).Parser()

// frontMatter is the YAML at the top of a Markdown file; unknown keys are let be.
type frontMatter struct {
	Title       string `yaml:"title"`
	Date        string `yaml:"date"`
	Attribution string `yaml:"attribution"`
	Licence     string `yaml:"licence"`
	License     string `yaml:"license"`
	URL         string `yaml:"url"`
}

// cutFrontMatter parses the YAML block between two lines of three dashes, where data starts with one.
func cutFrontMatter(data []byte) (frontMatter, []byte, error) {
	var fm frontMatter
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	rest, ok := bytes.CutPrefix(data, []byte("---\n"))
	if !ok {
		if rest, ok = bytes.CutPrefix(data, []byte("---\r\n")); !ok {
			return fm, data, nil
		}
	}
	for at := 0; at < len(rest); {
		end := bytes.IndexByte(rest[at:], '\n')
		line := rest[at:]
		if end >= 0 {
			line = rest[at : at+end]
		}
		if string(bytes.TrimRight(line, "\r ")) == "---" {
			if err := yaml.Unmarshal(rest[:at], &fm); err != nil {
				return frontMatter{}, nil, fmt.Errorf("front matter: %w", err)
			}
			if fm.Licence == "" {
				fm.Licence = fm.License
			}
			if end < 0 {
				return fm, nil, nil
			}
			return fm, rest[at+end+1:], nil
		}
		if end < 0 {
			break
		}
		at += end + 1
	}
	return fm, data, nil // a rule, not front matter
}

// markdownOutline reduces a Markdown text to blocks.
func markdownOutline(src []byte) *outline {
	o := &outline{}
	root := markdownParser.Parse(text.NewReader(src))
	mdBlocks(o, root, src)
	return o
}

func mdBlocks(o *outline, parent ast.Node, src []byte) {
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		switch n := n.(type) {
		case *ast.Heading:
			o.heading(n.Level, inline(n, src))
		case *ast.List:
			o.add(block{text: listText(n, src, 0), list: true})
		case *extast.Table:
			o.add(block{text: tableText(n, src), table: true})
		case *ast.FencedCodeBlock, *ast.CodeBlock:
			o.add(block{text: rawLines(n, src), list: true})
		case *ast.Blockquote:
			mdBlocks(o, n, src)
		case *ast.HTMLBlock:
			// Markup says nothing, but for the questions that a passage answers: <!-- asked: may we? | how much? -->
			raw := rawLines(n, src)
			if n.HasClosure() {
				raw += string(n.ClosureLine.Value(src))
			}
			if m := reAsked.FindStringSubmatch(raw); m != nil {
				o.questions(m[1])
			}
		case *ast.ThematicBreak:
		default:
			o.paragraph(inline(n, src))
		}
	}
}

var reAsked = regexp.MustCompile(`(?s)^\s*<!--\s*asked:(.*?)-->`)

// maxNesting bounds lists in lists: deeper ones are not written by people.
const maxNesting = 12

func listText(l *ast.List, src []byte, depth int) string {
	var lines []string
	number := l.Start
	for item := l.FirstChild(); item != nil; item = item.NextSibling() {
		mark := "- "
		if l.IsOrdered() {
			mark = fmt.Sprintf("%d. ", number)
			number++
		}
		var own []string
		var nested []string
		for c := item.FirstChild(); c != nil; c = c.NextSibling() {
			if sub, ok := c.(*ast.List); ok {
				if depth < maxNesting {
					nested = append(nested, listText(sub, src, depth+1))
				}
				continue
			}
			own = append(own, oneLine(inline(c, src)))
		}
		lines = append(lines, strings.Repeat("  ", depth)+mark+strings.Join(own, " "))
		lines = append(lines, nested...)
	}
	return strings.Join(lines, "\n")
}

func tableText(t *extast.Table, src []byte) string {
	var lines []string
	for row := t.FirstChild(); row != nil; row = row.NextSibling() {
		var cells []string
		for cell := row.FirstChild(); cell != nil; cell = cell.NextSibling() {
			cells = append(cells, oneLine(inline(cell, src)))
		}
		lines = append(lines, strings.Join(cells, " | "))
	}
	return strings.Join(lines, "\n")
}

func rawLines(n ast.Node, src []byte) string {
	var b strings.Builder
	for i := range n.Lines().Len() {
		seg := n.Lines().At(i)
		b.Write(seg.Value(src))
	}
	return b.String()
}

// unescape resolves backslash escapes and entities, which goldmark leaves to its renderer; raw text (code) has none,
// except that a table's cell cannot hold a bar otherwise.
func unescape(text []byte, raw bool) []byte {
	if raw {
		return bytes.ReplaceAll(text, []byte(`\|`), []byte("|"))
	}
	return util.UnescapePunctuations(util.ResolveEntityNames(util.ResolveNumericReferences(text)))
}

// inline returns the text under n without markup; a link is its label.
func inline(n ast.Node, src []byte) string {
	var b strings.Builder
	_ = ast.Walk(n, func(c ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch c := c.(type) {
		case *ast.Text:
			b.Write(unescape(c.Segment.Value(src), c.IsRaw()))
			if c.SoftLineBreak() || c.HardLineBreak() {
				b.WriteByte(' ')
			}
		case *ast.String:
			b.Write(c.Value)
		case *ast.AutoLink:
			b.Write(c.URL(src))
		case *ast.RawHTML:
			return ast.WalkSkipChildren, nil
		case *ast.CodeBlock, *ast.FencedCodeBlock:
			b.WriteString(rawLines(c, src))
		}
		return ast.WalkContinue, nil
	})
	return b.String()
}
