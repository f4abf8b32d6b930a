package ingest

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"unicode"

	"github.com/llmadvise/llmadvise/knowledge"
)

const (
	// maxWords of a passage. The static table was fitted on short texts and a citation should point at something one
	// can read at a glance; an answer takes several passages.
	maxWords = 180
	// chunkVersion is part of a document's hash: passages cut by another rule are cut again.
	chunkVersion = "2"
	maxHeading   = 300 // bytes
)

// chunker packs blocks into passages. A passage never crosses a heading; blocks are kept whole where they fit.
type chunker struct {
	doc   string
	path  []string // heading path, by level
	level []int
	words int
	parts []string
	asked []string // under the heading so far
	out   []knowledge.Chunk
	seen  map[string]int
}

// chunks cuts an outline. title is left out of heading paths: the document carries it.
func chunks(doc, title string, blocks []block) []knowledge.Chunk {
	c := &chunker{doc: doc, seen: map[string]int{}}
	for _, b := range blocks {
		if b.level > 0 {
			c.flush()
			c.enter(b, title)
			continue
		}
		if len(b.asked) > 0 {
			c.flush()
			c.asked = b.asked
			continue
		}
		for _, piece := range split(b) {
			n := countWords(piece)
			if c.words > 0 && c.words+n > maxWords {
				c.flush()
			}
			c.parts = append(c.parts, piece)
			c.words += n
		}
	}
	c.flush()
	return c.out
}

func (c *chunker) enter(b block, title string) {
	for len(c.level) > 0 && c.level[len(c.level)-1] >= b.level {
		c.level, c.path = c.level[:len(c.level)-1], c.path[:len(c.path)-1]
	}
	c.asked = nil
	text := b.text
	if len(text) > maxHeading {
		text = strings.ToValidUTF8(text[:maxHeading], "")
	}
	if b.level == 1 && text == title {
		return
	}
	c.level, c.path = append(c.level, b.level), append(c.path, text)
}

func (c *chunker) flush() {
	if len(c.parts) == 0 {
		return
	}
	text := strings.Join(c.parts, "\n\n")
	heading := append([]string(nil), c.path...)
	c.out = append(c.out, knowledge.Chunk{ID: c.id(heading, text), Heading: heading, Text: text, Asked: c.asked})
	c.parts, c.words = nil, 0
}

// id names a passage by where it stands and what it says, so that it stays the same while the rest of the document
// changes. A passage that occurs twice under one heading gets a number.
func (c *chunker) id(heading []string, text string) string {
	id := c.doc
	if len(heading) > 0 {
		id += "#" + slug(strings.Join(heading, " "))
	}
	id += "@" + shortHash(text)
	c.seen[id]++
	if n := c.seen[id]; n > 1 {
		id += "." + string(rune('0'+min(n, 9)))
	}
	return id
}

func shortHash(s string) string {
	h := sha256.Sum256([]byte(s))
	return hex.EncodeToString(h[:5])
}

func slug(s string) string {
	var b strings.Builder
	dash := false
	for _, r := range strings.ToLower(s) {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			b.WriteRune(r)
			dash = false
		} else if !dash && b.Len() > 0 {
			b.WriteByte('-')
			dash = true
		}
		if b.Len() > 60 {
			break
		}
	}
	return strings.TrimRight(b.String(), "-")
}

// split cuts a block that is longer than a passage: a table between rows with its header repeated, a list between
// items, prose between sentences with the last sentence of one piece opening the next.
func split(b block) []string {
	if countWords(b.text) <= maxWords {
		return []string{b.text}
	}
	switch {
	case b.table:
		lines := strings.Split(b.text, "\n")
		return pack(lines[1:], "\n", lines[0]+"\n", false)
	case b.list:
		return pack(strings.Split(b.text, "\n"), "\n", "", false)
	}
	return pack(sentences(b.text), " ", "", true)
}

// pack joins units up to the limit; overlap repeats the last unit of a piece at the start of the next. A single unit
// over the limit is cut between words.
func pack(units []string, sep, prefix string, overlap bool) []string {
	var out, cur []string
	words := 0
	emit := func() {
		if len(cur) > 0 {
			out = append(out, prefix+strings.Join(cur, sep))
		}
	}
	for _, u := range cutLong(units) {
		n := countWords(u)
		if words > 0 && words+n > maxWords {
			emit()
			last := cur[len(cur)-1]
			cur, words = nil, 0
			if w := countWords(last); overlap && w <= maxWords/4 && w+n <= maxWords {
				cur, words = []string{last}, w
			}
		}
		cur = append(cur, u)
		words += n
	}
	emit()
	return out
}

func cutLong(units []string) []string {
	var out []string
	for _, u := range units {
		f := strings.Fields(u)
		if len(f) <= maxWords {
			out = append(out, u)
			continue
		}
		for len(f) > 0 {
			n := min(maxWords, len(f))
			out = append(out, strings.Join(f[:n], " "))
			f = f[n:]
		}
	}
	return out
}

// sentences splits prose after a full stop, question or exclamation mark that a capital or digit follows.
func sentences(s string) []string {
	var out []string
	start := 0
	rs := []rune(s)
	for i := 0; i+2 < len(rs); i++ {
		if (rs[i] == '.' || rs[i] == '!' || rs[i] == '?') && unicode.IsSpace(rs[i+1]) && (unicode.IsUpper(rs[i+2]) || unicode.IsDigit(rs[i+2])) {
			out = append(out, strings.TrimSpace(string(rs[start:i+1])))
			start = i + 1
		}
	}
	if rest := strings.TrimSpace(string(rs[start:])); rest != "" {
		out = append(out, rest)
	}
	return out
}

func countWords(s string) int { return len(strings.Fields(s)) }
