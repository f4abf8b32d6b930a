package ingest

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// docxMaxBytes bounds the unpacked text of a DOCX file, whatever its archive claims.
const docxMaxBytes = 64 << 20

// docxOutline reads word/document.xml: paragraphs with their style for headings, list items, tables.
func docxOutline(data []byte) (*outline, error) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, errors.New("not a DOCX file: it is no ZIP archive")
	}
	f, err := z.Open("word/document.xml")
	if err != nil {
		return nil, errors.New("not a DOCX file: it holds no word/document.xml")
	}
	defer f.Close()
	limited := &io.LimitedReader{R: f, N: docxMaxBytes + 1}
	d := docxReader{dec: xml.NewDecoder(limited), o: &outline{}}
	d.dec.Strict = true
	if err := d.read(); err != nil {
		return nil, fmt.Errorf("damaged DOCX file: %w", err)
	}
	if limited.N <= 0 {
		return nil, fmt.Errorf("the DOCX file unpacks to more than %d MiB", docxMaxBytes>>20)
	}
	return d.o, nil
}

type docxReader struct {
	dec   *xml.Decoder
	o     *outline
	para  strings.Builder
	style string
	text  bool // inside <w:t>
	item  bool
	list  []string
	// A table is read into rows; a table inside a table becomes part of its cell.
	tables int
	cell   strings.Builder
	row    []string
	rows   []string
	depth  int
}

func (d *docxReader) read() error {
	for {
		tok, err := d.dec.Token()
		if errors.Is(err, io.EOF) {
			d.flushList()
			return nil
		}
		if err != nil {
			return err
		}
		switch t := tok.(type) {
		case xml.StartElement:
			if d.depth++; d.depth > maxDepth {
				return fmt.Errorf("elements nest more than %d deep", maxDepth)
			}
			d.start(t)
		case xml.EndElement:
			d.depth--
			d.end(t.Name.Local)
		case xml.CharData:
			if d.inText() {
				d.para.Write(t)
			}
		}
	}
}

// inText reports whether the decoder is between <w:t> and </w:t>: other character data is layout.
func (d *docxReader) inText() bool { return d.text }

func (d *docxReader) start(t xml.StartElement) {
	switch t.Name.Local {
	case "p":
		d.para.Reset()
		d.style, d.item = "", false
	case "pStyle":
		d.style = attr(t, "val")
	case "numPr":
		d.item = true
	case "t":
		d.text = true
	case "tab", "br", "cr":
		d.para.WriteByte(' ')
	case "tbl":
		if d.tables++; d.tables == 1 {
			d.flushList()
			d.rows = nil
		}
	case "tr":
		if d.tables == 1 {
			d.row = nil
		}
	case "tc":
		if d.tables == 1 {
			d.cell.Reset()
		}
	}
}

func (d *docxReader) end(name string) {
	switch name {
	case "t":
		d.text = false
	case "p":
		d.paragraph()
	case "tc":
		if d.tables == 1 {
			d.row = append(d.row, oneLine(d.cell.String()))
		}
	case "tr":
		if d.tables == 1 {
			d.rows = append(d.rows, strings.Join(d.row, " | "))
		}
	case "tbl":
		if d.tables--; d.tables == 0 {
			d.o.add(block{text: strings.Join(d.rows, "\n"), table: true})
		}
	}
}

func (d *docxReader) paragraph() {
	text := d.para.String()
	d.para.Reset()
	switch level := headingLevel(d.style); {
	case d.tables > 0:
		d.cell.WriteString(text + " ")
	case level > 0:
		d.flushList()
		d.o.heading(level, text)
	case d.item:
		if t := oneLine(text); t != "" {
			d.list = append(d.list, "- "+t)
		}
	default:
		d.flushList()
		d.o.paragraph(text)
	}
}

func (d *docxReader) flushList() {
	d.o.add(block{text: strings.Join(d.list, "\n"), list: true})
	d.list = nil
}

// headingLevel knows Word's built-in style ids; other languages keep these ids ("Heading1", "Title").
func headingLevel(style string) int {
	s := strings.ToLower(strings.ReplaceAll(style, " ", ""))
	if s == "title" {
		return 1
	}
	if n, ok := strings.CutPrefix(s, "heading"); ok && len(n) == 1 && n[0] >= '1' && n[0] <= '6' {
		return int(n[0] - '0')
	}
	return 0
}

func attr(t xml.StartElement, name string) string {
	for _, a := range t.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}
