package intake

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

type kind uint8

const (
	word  kind = iota // letters, or letters followed by letters and digits: "queries", "h100", "p95"
	num               // a numeral: "1,200", "1.5", "1e6"
	sign              // one mark that joins: - / % $ = : x between numbers ...
	comma             // ends a clause weakly: , ( )
	stop              // ends a clause: newline ; . ! ? |
)

// token is one word, number or sign of the normalised text.
type token struct {
	kind       kind
	raw        string          // lower case
	fixed      string          // the word that it misspells; "" where it is right or nobody knows
	concepts   map[string]bool // what the lexicon takes it for; nil where it does not know the word
	start, end int             // bytes of the normalised text
	glued      bool            // no space between this and the token before
	val        float64
	thousands  float64 // the other reading of "1.500"; 0 where there is no doubt
	glue       bool    // holds the sentence together; dropped silently
	claimed    bool
	shielded   bool // a phrase says that it does not mean what it looks like
	void       bool // taken back: what stands around it belongs together
	entity     *entity
}

// literals are spellings with signs inside that mean one thing.
var literals = []string{
	"95th", "99th", "90th", "50th", "3rd", "1st", "24/7", "24x7", "7x24", "24x365", "24/7/365", "m/m", "m-o-m", "y/y", "y-o-y", "q&a", "w/o", "w/", "tl;dr", "p/m", "p.m.", "p.a.", "n/a",
	"e.g.", "i.e.", "approx.", "ca.", "llama.cpp", "a/c", "i/p", "o/p", "req/s", "q/s", "r/s", "tok/s", "req/sec", "req/min", "c#", "c++", "no.", "so-so",
}

type lexer struct {
	s    string
	i    int
	toks []token
}

// lex cuts normalised text into tokens, in one pass.
func lex(s string) []token {
	l := lexer{s: s, toks: make([]token, 0, len(s)/4+4)}
	for l.i < len(l.s) {
		l.next()
	}
	return l.toks
}

func (l *lexer) next() {
	r, n := utf8.DecodeRuneInString(l.s[l.i:])
	switch {
	case r == '\n':
		l.emit(stop, 1)
	case unicode.IsSpace(r):
		l.i += n
	case l.literal():
	case isDigit(r) || r == '.' && l.digitAt(l.i+1) && !l.afterWord():
		l.number()
	case unicode.IsLetter(r):
		l.word()
	case r == ';' || r == '!' || r == '?' || r == '|':
		l.emit(stop, 1)
	case r == '.':
		l.dot()
	case r == ',' || r == '(' || r == ')' || r == '[' || r == ']' || r == '{' || r == '}':
		l.emit(comma, 1)
	case r == '*' && !l.multiplies(): // emphasis
		l.i++
	case strings.ContainsRune("-/%$€£*+<>=~:&^", r):
		l.emit(sign, n)
	case r == '@' && l.i+1 < len(l.s) && l.prevIs(word) && (l.s[l.i+1] == ' ' || l.digitAt(l.i+1)): // "8 chunks @ 512 tokens"
		l.emit(word, n).raw = "at"
	default: // marks that say nothing here
		l.i += n
	}
}

// multiplies reports whether the asterisk stands between two factors rather than around emphasised words.
func (l *lexer) multiplies() bool {
	if l.i == 0 || l.i+1 >= len(l.s) {
		return false
	}
	before, after := l.s[l.i-1], l.s[l.i+1]
	return before == ' ' && after == ' ' || isAlnum(before) && (after >= '0' && after <= '9') || before >= '0' && before <= '9' && isAlnum(after)
}

// dot ends a sentence unless something follows at once: then it joins ("llama.cpp", "10..20").
func (l *lexer) dot() {
	if strings.HasPrefix(l.s[l.i:], "..") {
		n := len(l.s[l.i:]) - len(strings.TrimLeft(l.s[l.i:], "."))
		l.emit(sign, n)
		l.toks[len(l.toks)-1].raw = ".."
		return
	}
	if l.i+1 < len(l.s) && l.s[l.i+1] > ' ' && l.afterWord() {
		l.emit(comma, 1)
		return
	}
	if len(l.toks) > 0 && abbreviations[l.toks[len(l.toks)-1].raw] && l.toks[len(l.toks)-1].end == l.i {
		l.i++
		return
	}
	l.emit(stop, 1)
}

// abbreviations keep their dot without ending the sentence.
var abbreviations = set("conf ext mio mrd tsd approx max min avg ca incl excl req reqs est resp bzw vs")

func (l *lexer) literal() bool {
	if l.afterWord() {
		return false
	}
	rest := l.s[l.i:]
	for _, lit := range literals {
		if len(rest) < len(lit) || !strings.EqualFold(rest[:len(lit)], lit) {
			continue
		}
		if len(rest) > len(lit) && isAlnum(lit[len(lit)-1]) && isAlnum(rest[len(lit)]) {
			continue
		}
		if lit == "no." || lit == "p.m." && l.prevIs(num) && len(l.toks) > 0 && l.toks[len(l.toks)-1].val <= 12 {
			continue // "no." ends a sentence; "5 p.m." is a time of day
		}
		l.emit(word, len(lit))
		return true
	}
	return false
}

func (l *lexer) prevIs(k kind) bool { return len(l.toks) > 0 && l.toks[len(l.toks)-1].kind == k }

// afterWord reports whether a letter or digit stands directly before the cursor.
func (l *lexer) afterWord() bool {
	return l.i > 0 && (isAlnum(l.s[l.i-1]) || l.s[l.i-1] >= utf8.RuneSelf)
}

func (l *lexer) digitAt(i int) bool { return i < len(l.s) && l.s[i] >= '0' && l.s[i] <= '9' }

func (l *lexer) emit(k kind, n int) *token {
	glued := l.i > 0 && l.s[l.i-1] != ' ' && l.s[l.i-1] != '\n'
	raw := strings.ToLower(l.s[l.i : l.i+n])
	l.toks = append(l.toks, token{kind: k, raw: raw, start: l.i, end: l.i + n, glued: glued})
	l.i += n
	return &l.toks[len(l.toks)-1]
}

// word reads letters with digits after them. Apostrophes and underscores stay inside.
func (l *lexer) word() {
	// After a number an "x" multiplies: "8xh100", "24 x 7".
	if c := l.s[l.i]; (c == 'x' || c == 'X') && l.prevIs(num) && l.xMultiplies() {
		l.emit(sign, 1).raw = "x"
		return
	}
	if c := l.s[l.i]; (c == 'x' || c == 'X') && !l.afterWord() && l.i+1 < len(l.s) && (l.s[l.i+1] == ' ' || l.digitAt(l.i+1)) && len(l.toks) > 0 {
		l.emit(sign, 1).raw = "x"
		return
	}
	afterNumber := l.prevIs(num) && l.toks[len(l.toks)-1].end == l.i
	j := l.i
	for j < len(l.s) {
		r, n := utf8.DecodeRuneInString(l.s[j:])
		inner := (r == '\'' || r == '_') && j+1 < len(l.s) && (isAlnum(l.s[j+1]) || l.s[j+1] >= utf8.RuneSelf)
		if !unicode.IsLetter(r) && !(isDigit(r) && !afterNumber) && !inner {
			break
		}
		j += n
	}
	l.emit(word, j-l.i)
}

func (l *lexer) xMultiplies() bool {
	if l.i+1 >= len(l.s) {
		return true
	}
	c := l.s[l.i+1]
	glued := l.toks[len(l.toks)-1].end == l.i
	return c == ' ' || c >= '0' && c <= '9' || !isAlnum(c) && c < utf8.RuneSelf || glued
}

// maxNumeral bounds the length of a numeral, so that a list of digits cannot make reading slow.
const maxNumeral = 350

// number reads a numeral with its group and decimal marks.
func (l *lexer) number() {
	j := l.i
	for j < len(l.s) && j-l.i < maxNumeral || l.digitAt(j) {
		c := l.s[j]
		switch {
		case c >= '0' && c <= '9':
		case (c == '.' || c == ',' || c == '\'' || c == '_') && l.digitAt(j+1):
		case c == ' ' && l.spaceGroup(j):
		default:
			goto done
		}
		j++
	}
done:
	text := l.s[l.i:j]
	val, thousands, n, ok := numeral(text)
	if !ok { // "1.2.3": a version, not a number
		l.emit(word, n)
		return
	}
	n, val = l.exponent(n, val)
	t := l.emit(num, n)
	t.val, t.thousands = val, thousands
}

// exponent extends a numeral by "e6"; "1e309" is no number and comes out as NaN, which nothing claims.
func (l *lexer) exponent(n int, val float64) (int, float64) {
	rest := l.s[l.i+n:]
	if len(rest) < 2 || rest[0] != 'e' && rest[0] != 'E' {
		return n, val
	}
	k := 1
	if rest[k] == '+' || rest[k] == '-' {
		k++
	}
	d := k
	for d < len(rest) && rest[d] >= '0' && rest[d] <= '9' {
		d++
	}
	if d == k || d < len(rest) && isAlnum(rest[d]) {
		return n, val
	}
	exp, err := strconv.Atoi(rest[1:d])
	if err != nil || exp > 300 || exp < -300 {
		return n + d, nan
	}
	v, err := strconv.ParseFloat(strconv.FormatFloat(val, 'f', -1, 64)+"e"+strconv.Itoa(exp), 64)
	if err != nil {
		return n + d, nan
	}
	return n + d, v
}

// spaceGroup reports whether the space at j separates groups of three digits: "300 000".
func (l *lexer) spaceGroup(j int) bool {
	first := j
	for first > l.i && l.s[first-1] >= '0' && l.s[first-1] <= '9' {
		first--
	}
	if n := j - first; n > 3 || n == 0 || first > l.i && n != 3 {
		return false
	}
	if strings.ContainsAny(l.s[l.i:j], ".,'_") || l.s[l.i] == '0' {
		return false
	}
	return l.digitAt(j+1) && l.digitAt(j+2) && l.digitAt(j+3) &&
		(j+4 >= len(l.s) || !isAlnum(l.s[j+4]) && !(strings.IndexByte(".,", l.s[j+4]) >= 0 && l.digitAt(j+5)))
}

// numeral reads the first n bytes of s as a number. Where one dot stands before exactly three digits, thousands
// holds the other reading.
func numeral(s string) (val, thousands float64, n int, ok bool) {
	s = strings.TrimSuffix(s, ".")
	if i := strings.IndexAny(s, "'_ "); i >= 0 {
		v, ok := grouped(s, s[i])
		if !ok {
			return plain(s[:i])
		}
		return v, 0, len(s), true
	}
	dots, commas := strings.Count(s, "."), strings.Count(s, ",")
	switch {
	case dots == 0 && commas == 0:
		return plain(s)
	case dots > 0 && commas > 0:
		return mixed(s)
	case commas > 0:
		if v, ok := grouped(s, ','); ok {
			return v, 0, len(s), true
		}
		if commas == 1 && len(s)-strings.IndexByte(s, ',') <= 3 { // 2,5
			v, _, _, ok := plain(strings.Replace(s, ",", ".", 1))
			return v, 0, len(s), ok
		}
		return plain(s[:strings.IndexByte(s, ',')])
	case dots == 1:
		v, _, _, ok := plain(s)
		if t, grp := grouped(s, '.'); grp {
			return v, t, len(s), ok
		}
		return v, 0, len(s), ok
	}
	v, grp := grouped(s, '.')
	return v, 0, len(s), grp
}

// mixed reads "1,234.56" and "1.234,56": the last mark is the decimal one.
func mixed(s string) (float64, float64, int, bool) {
	group, dec := byte(','), byte('.')
	if strings.LastIndexByte(s, ',') > strings.LastIndexByte(s, '.') {
		group, dec = '.', ','
	}
	i := strings.LastIndexByte(s, dec)
	whole, ok := grouped(s[:i], group)
	if !ok || strings.IndexByte(s[:i], dec) >= 0 {
		j := strings.IndexByte(s, ',')
		v, t, n, ok := numeral(s[:j])
		return v, t, n, ok
	}
	frac, err := strconv.ParseFloat("0."+s[i+1:], 64)
	return whole + frac, 0, len(s), err == nil
}

// grouped reads digits in groups of three.
func grouped(s string, mark byte) (float64, bool) {
	parts := strings.Split(s, string(mark))
	if len(parts) < 2 || len(parts[0]) == 0 || len(parts[0]) > 3 || parts[0][0] == '0' {
		return 0, false
	}
	for _, p := range parts[1:] {
		if len(p) != 3 || strings.Trim(p, "0123456789") != "" {
			return 0, false
		}
	}
	v, err := strconv.ParseFloat(strings.Join(parts, ""), 64)
	return v, err == nil
}

func plain(s string) (float64, float64, int, bool) {
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || len(s) >= maxNumeral {
		v = nan
	}
	return v, 0, len(s), true
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

func isAlnum(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}
