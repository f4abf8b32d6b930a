package embed

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxWordRunes is BERT's bound: a longer word is one unknown token.
const maxWordRunes = 100

// wordPiece splits text as BERT's uncased tokenizer does. It is immutable and safe for concurrent use.
type wordPiece struct {
	ids     map[string]int32 // continuation pieces keep their "##"
	unknown int32
}

// newWordPiece reads a vocabulary: one entry a line, the line number is the id.
func newWordPiece(vocab string) *wordPiece {
	w := &wordPiece{ids: make(map[string]int32, strings.Count(vocab, "\n")+1), unknown: -1}
	id := int32(0)
	for line := range strings.Lines(vocab) {
		w.ids[strings.TrimRight(line, "\r\n")] = id
		id++
	}
	if u, ok := w.ids["[UNK]"]; ok {
		w.unknown = u
	}
	return w
}

// tokens appends the ids of text to dst, at most limit of them. No [CLS] or [SEP] is added.
func (w *wordPiece) tokens(dst []int32, text string, limit int) []int32 {
	words(text, func(word string) bool {
		dst = w.pieces(dst, word)
		return len(dst) < limit
	})
	if len(dst) > limit {
		dst = dst[:limit]
	}
	return dst
}

// pieces appends the longest-match-first pieces of one word.
func (w *wordPiece) pieces(dst []int32, word string) []int32 {
	if id, ok := w.ids[word]; ok { // most words are whole
		return append(dst, id)
	}
	if utf8.RuneCountInString(word) > maxWordRunes {
		return append(dst, w.unknown)
	}
	begin := len(dst)
	buf := make([]byte, 0, len(word)+2)
	for start := 0; start < len(word); {
		id, end := int32(-1), len(word)
		for ; end > start; end-- {
			if end < len(word) && !utf8.RuneStart(word[end]) {
				continue
			}
			buf = buf[:0]
			if start > 0 {
				buf = append(buf, '#', '#')
			}
			buf = append(buf, word[start:end]...)
			if v, ok := w.ids[string(buf)]; ok {
				id = v
				break
			}
		}
		if id < 0 {
			return append(dst[:begin], w.unknown)
		}
		dst = append(dst, id)
		start = end
	}
	return dst
}

// words yields the words and punctuation marks of text: lower case, without accents, control characters dropped,
// each CJK character on its own. It stops when yield returns false.
func words(text string, yield func(string) bool) {
	if isPlain(text) {
		plainWords(strings.ToLower(text), yield)
		return
	}
	foreignWords(norm.NFD.String(strings.ToLower(text)), yield)
}

// plainWords is words for lower-case ASCII without control characters: its words are slices of text.
func plainWords(text string, yield func(string) bool) {
	start := 0
	for i := range len(text) {
		c := text[i]
		blank := c == ' ' || c == '\t' || c == '\n' || c == '\r'
		if !blank && !isPunct(rune(c)) {
			continue
		}
		if start < i && !yield(text[start:i]) || !blank && !yield(text[i:i+1]) {
			return
		}
		start = i + 1
	}
	if start < len(text) {
		yield(text[start:])
	}
}

func foreignWords(text string, yield func(string) bool) {
	var b strings.Builder
	flush := func() bool {
		if b.Len() == 0 {
			return true
		}
		s := b.String()
		b.Reset()
		return yield(s)
	}
	for _, r := range text {
		switch {
		case r == ' ' || r == '\t' || r == '\n' || r == '\r' || unicode.Is(unicode.Zs, r):
			if !flush() {
				return
			}
		case r == 0 || r == utf8.RuneError || unicode.Is(unicode.C, r), unicode.Is(unicode.Mn, r):
			// Control characters and the accents that decomposition split off.
		case isPunct(r) || isCJK(r):
			if !flush() || !yield(string(r)) {
				return
			}
		default:
			b.WriteRune(r)
		}
	}
	flush()
}

// isPlain reports whether s is ASCII without control characters other than blanks.
func isPlain(s string) bool {
	for i := range len(s) {
		c := s[i]
		if c >= utf8.RuneSelf || c == 0x7f || c < ' ' && c != '\t' && c != '\n' && c != '\r' {
			return false
		}
	}
	return true
}

// isPunct is BERT's notion: all ASCII that is neither letter nor digit, and Unicode's punctuation.
func isPunct(r rune) bool {
	if r < utf8.RuneSelf {
		return r >= 33 && r <= 47 || r >= 58 && r <= 64 || r >= 91 && r <= 96 || r >= 123 && r <= 126
	}
	return unicode.IsPunct(r)
}

// isCJK covers the ideograph blocks; Hangul and kana are written in words and stay together, as in BERT.
func isCJK(r rune) bool {
	return r >= 0x4E00 && r <= 0x9FFF || r >= 0x3400 && r <= 0x4DBF || r >= 0xF900 && r <= 0xFAFF ||
		r >= 0x20000 && r <= 0x2CEAF || r >= 0x2F800 && r <= 0x2FA1F
}
