package ingest

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/ledongthuc/pdf"
)

// Bounds of a PDF: pages, glyphs of all pages together, and the time of one file. The library unpacks whole streams,
// so it is the time that holds back a hostile file.
const (
	pdfMaxPages  = 3000
	pdfMaxGlyphs = 32 << 20
	pdfTimeout   = time.Minute
)

// pdfOutline takes the text of each page. A PDF carries no structure to rely on, so every page is a section, which
// gives citations something to point at.
func pdfOutline(data []byte) (*outline, error) {
	type result struct {
		o   *outline
		err error
	}
	done := make(chan result, 1)
	stop := make(chan struct{})
	defer close(stop)
	go func() { // the library cannot be interrupted; a page too many ends at the next one
		o, err := pdfPages(data, stop)
		done <- result{o, err}
	}()
	timeout := time.NewTimer(pdfTimeout)
	defer timeout.Stop()
	select {
	case r := <-done:
		return r.o, r.err
	case <-timeout.C:
		return nil, fmt.Errorf("the PDF takes longer than %s to read: split it", pdfTimeout)
	}
}

func pdfPages(data []byte, stop <-chan struct{}) (o *outline, err error) {
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
	pages := r.NumPage()
	if pages > pdfMaxPages {
		return nil, fmt.Errorf("the PDF has %d pages, at most %d are read: split it", pages, pdfMaxPages)
	}
	o = &outline{title: oneLine(string(clean([]byte(r.Trailer().Key("Info").Key("Title").Text()))))}
	glyphs := 0
	for n := 1; n <= pages; n++ {
		select {
		case <-stop:
			return nil, errors.New("stopped")
		default:
		}
		p := r.Page(n)
		if p.V.IsNull() {
			continue
		}
		text := withoutMarks(p, p.Content().Text)
		if glyphs += len(text); glyphs > pdfMaxGlyphs {
			return nil, errors.New("the PDF holds too much text: split it")
		}
		o.heading(2, fmt.Sprintf("Page %d", n))
		for _, para := range paragraphs(text) {
			o.paragraph(string(clean([]byte(para))))
		}
	}
	return o, nil
}

// withoutMarks drops the line ends that the library adds after each run of text: it decodes them by the font, and in
// TeX's fonts character 10 is a letter. A real one of that letter goes with them.
func withoutMarks(p pdf.Page, glyphs []pdf.Text) []pdf.Text {
	mark := map[string]string{}
	for _, name := range p.Fonts() {
		f := p.Font(name)
		_, base, found := strings.Cut(f.BaseFont(), "+")
		if !found {
			base = f.BaseFont()
		}
		mark[base] = f.Encoder().Decode("\n")
	}
	return slices.DeleteFunc(glyphs, func(g pdf.Text) bool { return g.S == "\n" || g.S != "" && g.S == mark[g.Font] })
}

// Distances in font sizes. A gap of a fifth is a space (kerning stays below), half a size up or down is another line,
// and lines further apart than 1.8 sizes are paragraphs.
const (
	wordGap = 0.2
	lineGap = 0.5
	paraGap = 1.8
)

// paragraphs puts glyphs, which come in the order in which the page paints them, back into text: many files paint no
// spaces and no line ends, but move on.
func paragraphs(glyphs []pdf.Text) []string {
	var out []string
	var b strings.Builder
	flush := func() {
		if s := strings.TrimSpace(b.String()); s != "" {
			out = append(out, s)
		}
		b.Reset()
	}
	for i, g := range glyphs {
		if i > 0 {
			last := glyphs[i-1]
			size := math.Max(1, math.Abs(last.FontSize))
			switch down := math.Abs(g.Y - last.Y); {
			case down > paraGap*size:
				flush()
			case down > lineGap*size:
				endLine(&b)
			case g.X-(last.X+last.W) > wordGap*size:
				b.WriteByte(' ')
			}
		}
		b.WriteString(g.S)
	}
	flush()
	return out
}

// endLine joins a line to the next: with a space, or without where a word was broken.
func endLine(b *strings.Builder) {
	s := b.String()
	if word, broken := strings.CutSuffix(s, "-"); broken && len(word) > 0 && word[len(word)-1] >= 'a' && word[len(word)-1] <= 'z' {
		b.Reset()
		b.WriteString(word)
		return
	}
	b.WriteByte(' ')
}
