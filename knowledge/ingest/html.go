package ingest

import (
	"bytes"
	"fmt"
	"net/url"
	"strings"

	readability "codeberg.org/readeck/go-readability/v2"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/llmadvise/llmadvise/knowledge"
)

// maxDepth bounds nested elements; pages written by people stay far below.
const maxDepth = 400

// htmlOutline takes the main text of a page: readability finds the article; a page without one is read whole.
func htmlOutline(data []byte, doc *knowledge.Document) (*outline, error) {
	root, err := html.Parse(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("not HTML: %w", err)
	}
	if tooDeep(root) {
		return nil, fmt.Errorf("the page nests elements more than %d deep", maxDepth)
	}
	o := &outline{}
	var page *url.URL
	if doc.URL != "" {
		page, _ = url.Parse(doc.URL)
	}
	body := root
	if art, err := readability.FromReader(bytes.NewReader(data), page); err == nil && art.Node != nil {
		o.title = oneLine(art.Title())
		if t, err := art.PublishedTime(); err == nil && doc.Date == "" {
			doc.Date = t.Format("2006-01-02")
		}
		if doc.Attribution == "" {
			doc.Attribution = oneLine(art.Byline())
		}
		body = art.Node
	}
	htmlBlocks(o, body)
	if len(o.blocks) == 0 && body != root {
		htmlBlocks(o, root)
	}
	return o, nil
}

func tooDeep(root *html.Node) bool {
	depth := 0
	for n := root; n != nil; {
		switch {
		case n.FirstChild != nil:
			n, depth = n.FirstChild, depth+1
		default:
			for n != nil && n.NextSibling == nil {
				n, depth = n.Parent, depth-1
			}
			if n != nil {
				n = n.NextSibling
			}
		}
		if depth > maxDepth {
			return true
		}
	}
	return false
}

// skipped elements hold no text for readers.
var skipped = map[atom.Atom]bool{
	atom.Script: true, atom.Style: true, atom.Noscript: true, atom.Template: true, atom.Nav: true, atom.Svg: true,
	atom.Iframe: true, atom.Form: true, atom.Head: true, atom.Button: true,
}

// hiddenFrom reports elements that a browser would not show: text hidden from readers must not reach answers.
func hiddenFrom(n *html.Node) bool {
	for _, a := range n.Attr {
		v := strings.ToLower(strings.ReplaceAll(a.Val, " ", ""))
		switch a.Key {
		case "hidden":
			return true
		case "aria-hidden":
			return v == "true"
		case "style":
			return strings.Contains(v, "display:none") || strings.Contains(v, "visibility:hidden") || strings.Contains(v, "font-size:0")
		}
	}
	return false
}

func htmlBlocks(o *outline, n *html.Node) {
	var loose strings.Builder // text outside of any block element
	flush := func() {
		o.paragraph(loose.String())
		loose.Reset()
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.TextNode {
			loose.WriteString(c.Data)
			continue
		}
		if c.Type != html.ElementNode || skipped[c.DataAtom] || hiddenFrom(c) {
			continue
		}
		switch c.DataAtom {
		case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
			flush()
			o.heading(int(c.Data[1]-'0'), textOf(c))
		case atom.P, atom.Dt, atom.Dd, atom.Figcaption, atom.Summary:
			flush()
			o.paragraph(textOf(c))
		case atom.Pre:
			flush()
			o.add(block{text: rawText(c), list: true})
		case atom.Ul, atom.Ol:
			flush()
			o.add(block{text: htmlList(c, 0), list: true})
		case atom.Table:
			flush()
			o.add(block{text: htmlTable(c), table: true})
		case atom.A, atom.B, atom.I, atom.Em, atom.Strong, atom.Span, atom.Code, atom.Small, atom.Sub, atom.Sup, atom.Mark, atom.Abbr, atom.Q, atom.Cite, atom.Time:
			loose.WriteString(textOf(c))
		case atom.Br:
			loose.WriteByte(' ')
		default:
			flush()
			htmlBlocks(o, c)
		}
	}
	flush()
}

func textOf(n *html.Node) string { return oneLine(rawText(n)) }

func rawText(n *html.Node) string {
	var b strings.Builder
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.TextNode {
			b.WriteString(n.Data)
		}
		if n.Type == html.ElementNode && (skipped[n.DataAtom] || hiddenFrom(n)) {
			return
		}
		if n.DataAtom == atom.Br {
			b.WriteByte('\n')
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(n)
	return b.String()
}

func htmlList(n *html.Node, depth int) string {
	var lines []string
	count := 0
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.DataAtom != atom.Li || hiddenFrom(c) {
			continue
		}
		count++
		mark := "- "
		if n.DataAtom == atom.Ol {
			mark = fmt.Sprintf("%d. ", count)
		}
		var own strings.Builder
		var nested []string
		for k := c.FirstChild; k != nil; k = k.NextSibling {
			if k.DataAtom == atom.Ul || k.DataAtom == atom.Ol {
				if depth < maxNesting {
					nested = append(nested, htmlList(k, depth+1))
				}
				continue
			}
			own.WriteString(rawText(k))
		}
		lines = append(lines, strings.Repeat("  ", depth)+mark+oneLine(own.String()))
		lines = append(lines, nested...)
	}
	return strings.Join(lines, "\n")
}

func htmlTable(t *html.Node) string {
	var rows []string
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		if n.DataAtom == atom.Tr {
			var cells []string
			for c := n.FirstChild; c != nil; c = c.NextSibling {
				if (c.DataAtom == atom.Td || c.DataAtom == atom.Th) && !hiddenFrom(c) {
					cells = append(cells, textOf(c))
				}
			}
			if len(cells) > 0 {
				rows = append(rows, strings.Join(cells, " | "))
			}
			return
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(t)
	return strings.Join(rows, "\n")
}
