package ingest

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/ledongthuc/pdf"
)

// pdfMaxPages bounds how much of a PDF is read.
const pdfMaxPages = 3000

// pdfOutline takes the text of each page. A PDF carries no structure to rely on, so every page is a section, which
// gives citations something to point at.
func pdfOutline(data []byte) (o *outline, err error) {
	// The library panics on some damaged files.
	defer func() {
		if r := recover(); r != nil {
			o, err = nil, errors.New("damaged PDF file: it cannot be read")
		}
	}()
	r, err := pdf.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		if errors.Is(err, pdf.ErrInvalidPassword) {
			return nil, errors.New("the PDF is locked with a password: save an open copy")
		}
		return nil, fmt.Errorf("damaged PDF file: %w", err)
	}
	o = &outline{}
	pages := r.NumPage()
	if pages > pdfMaxPages {
		return nil, fmt.Errorf("the PDF has %d pages, at most %d are read: split it", pages, pdfMaxPages)
	}
	for n := 1; n <= pages; n++ {
		p := r.Page(n)
		if p.V.IsNull() {
			continue
		}
		rows, err := p.GetTextByRow()
		if err != nil {
			return nil, fmt.Errorf("damaged PDF file, page %d: %w", n, err)
		}
		o.heading(2, fmt.Sprintf("Page %d", n))
		o.paragraph(string(clean([]byte(rowText(rows)))))
	}
	return o, nil
}

func rowText(rows pdf.Rows) string {
	var b strings.Builder
	for _, row := range rows {
		for _, t := range row.Content {
			b.WriteString(t.S)
		}
		line := b.String()
		if strings.HasSuffix(line, "-") { // a word broken at the end of a line
			b.Reset()
			b.WriteString(strings.TrimSuffix(line, "-"))
			continue
		}
		b.WriteByte('\n')
	}
	return b.String()
}
