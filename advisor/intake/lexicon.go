package intake

import (
	"maps"
	"math"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/llmadvise/llmadvise/advisor"
)

var nan = math.NaN()

// lexiconIndex answers what a word means.
type lexiconIndex struct {
	classes   map[string]map[string]bool // squashed surface -> concepts
	glue      map[string]bool
	guard     map[string]bool   // words that are never corrected
	near      map[byte][]string // correction targets by first letter
	compounds map[string]bool   // squashed surfaces that were listed with a hyphen
	places    map[string]string // names of countries to their codes
	firsts    map[string]bool   // first parts of compounds
}

var lexicon = sync.OnceValue(buildLexicon)

func buildLexicon() *lexiconIndex {
	lx := &lexiconIndex{
		classes: map[string]map[string]bool{}, glue: map[string]bool{}, guard: map[string]bool{}, near: map[byte][]string{},
		compounds: map[string]bool{}, firsts: map[string]bool{}, places: map[string]string{},
	}
	for _, w := range strings.Fields(glueWords) {
		lx.glue[squash(w)] = true
	}
	for _, w := range strings.Fields(common) {
		lx.guard[squash(w)] = true
	}
	for _, c := range slices.Sorted(maps.Keys(concepts)) {
		for _, s := range strings.Fields(concepts[c]) {
			lx.add(c, s)
		}
	}
	for _, pl := range advisor.Places() {
		for i, w := range pl.Words {
			switch {
			case i >= len(pl.Words)-pl.Adjs && pl.EU:
				lx.add("eupeople", w)
			case i >= len(pl.Words)-pl.Adjs:
				lx.add("people", w)
			case pl.EU:
				lx.add("eucountry", w)
			default:
				lx.add("country", w)
			}
			lx.places[squash(w)] = pl.Code
		}
	}
	maps.Copy(lx.places, map[string]string{"frankfurt": "DE", "dublin": "IE", "paris": "FR", "amsterdam": "NL"}) // where the large clouds have regions
	for s, set := range lx.classes {                                                                             // a listed plural means what its singular means too
		if singular, ok := strings.CutSuffix(s, "s"); ok && len(singular) > 2 {
			maps.Copy(set, lx.classes[singular])
		}
	}
	return lx
}

// add enters a surface; a surface may stand for several concepts.
func (lx *lexiconIndex) add(c, surface string) {
	s := squash(surface)
	set := lx.classes[s]
	if set == nil {
		set = map[string]bool{}
		lx.classes[s] = set
		if utf8.RuneCountInString(s) >= 4 && s[0] < utf8.RuneSelf {
			lx.near[s[0]] = append(lx.near[s[0]], s)
		}
	}
	set[c] = true
	lx.compound(surface)
}

// compound notes a surface of several parts, so that "air gapped" and "air-gapped" are read as one word.
func (lx *lexiconIndex) compound(surface string) {
	if first, _, ok := strings.Cut(surface, "-"); ok && first != "" {
		lx.compounds[squash(surface)] = true
		lx.firsts[first] = true
	}
}

// squash drops the marks that people set or leave out within a word.
func squash(s string) string {
	if !strings.ContainsAny(s, "-'_") {
		return s
	}
	return innerMarks.Replace(s)
}

var innerMarks = strings.NewReplacer("-", "", "'", "", "_", "")

// lookup returns the concepts of a word, trying the singular too.
func (lx *lexiconIndex) lookup(w string) map[string]bool {
	if c := lx.classes[w]; c != nil {
		return c
	}
	if s, ok := strings.CutSuffix(w, "s"); ok && len(s) > 2 {
		if c := lx.classes[s]; c != nil {
			return c
		}
		if s, ok := strings.CutSuffix(s, "ie"); ok {
			return lx.classes[s+"y"]
		}
		if s, ok := strings.CutSuffix(s, "e"); ok {
			return lx.classes[s]
		}
	}
	return nil
}

// correct returns the word of the lexicon that w misspells, or "". Words of four letters are corrected for two swapped
// letters only, up to nine letters for one slip, longer ones for two; the first letter is never in doubt.
func (lx *lexiconIndex) correct(w string) string {
	n := len(w)
	if n < 4 || n > 24 || w[0] >= utf8.RuneSelf || lx.guard[w] || lx.guard[strings.TrimSuffix(w, "s")] || lx.guard[strings.TrimSuffix(w, "es")] || lx.glue[w] {
		return ""
	}
	limit := 1
	if n >= 10 {
		limit = 2
	}
	best, dist := "", limit+1
	for _, cand := range lx.near[w[0]] {
		if d := len(cand) - n; d > limit || -d > limit || len(cand) < 5 && (len(cand) != n || !swapped(w, cand)) {
			continue
		}
		if len(cand) < 8 && dist > 2 && len(cand) < n-1 {
			continue
		}
		d := distance(w, cand, limit)
		if d < dist || d == dist && d <= limit && cand < best {
			best, dist = cand, d
		}
	}
	return best
}

// swapped reports whether a is b with two neighbouring letters exchanged.
func swapped(a, b string) bool {
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	return i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
}

// distance is the optimal string alignment distance of two words of at most 26 bytes, or limit+1 once it is above limit.
func distance(a, b string, limit int) int {
	var rows [3][32]int
	if len(b) > 30 {
		return limit + 1
	}
	for j := range len(b) + 1 {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		cur, prev, prev2 := &rows[i%3], &rows[(i+2)%3], &rows[(i+1)%3]
		cur[0] = i
		least := i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			d := min(prev[j]+1, cur[j-1]+1, prev[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d = min(d, prev2[j-2]+1)
			}
			cur[j] = d
			least = min(least, d)
		}
		if least > limit {
			return limit + 1
		}
	}
	return rows[len(a)%3][len(b)]
}

// annotate gives each word its concepts, joins compounds and corrects typos. known reports words that belong to a name of
// the catalog and so are right as they stand.
func (lx *lexiconIndex) annotate(toks []token, known func(string) bool) []token {
	toks = lx.join(toks)
	for i := range toks {
		t := &toks[i]
		if t.kind == num {
			continue
		}
		w := squash(t.raw)
		if t.concepts == nil {
			t.concepts = lx.lookup(w)
		}
		if i > 0 && toks[i-1].kind == num && t.kind == word && (kilobytes[t.raw] || bytesWords[t.raw]) { // "512 GB" is no Great Britain
			t.concepts = nil
			if kilobytes[t.raw] {
				t.concepts = map[string]bool{"kbyte": true}
			}
			continue
		}
		if ticket(toks, i) { // "OPS-4512"
			t.concepts = nil
			continue
		}
		t.glue = t.kind != word || lx.glue[w] || lx.glue[strings.TrimSuffix(w, "s")]
		if t.kind != word || t.concepts != nil || t.glue || known(t.raw) || strings.ContainsAny(w, "0123456789") {
			continue
		}
		if _, isNumber := numberWords[w]; isNumber {
			continue
		}
		if fixed := lx.correct(w); fixed != "" {
			t.concepts, t.fixed = lx.classes[fixed], fixed
			if adverbs[fixed] {
				t.raw = fixed
			}
		}
	}
	return toks
}

// Sizes of data, as units behind a number.
var (
	kilobytes  = set("kb kbyte kbytes kib kilobyte kilobytes")
	bytesWords = set("byte bytes mb mib mbyte mbytes megabyte megabytes gb gib gbyte gbytes gigabyte gigabytes gig gigs tb tib terabyte terabytes pb")
)

// ticket reports whether the word at i is the key of an issue tracker: letters, a hyphen and at least three digits.
func ticket(toks []token, i int) bool {
	return i+2 < len(toks) && toks[i].kind == word && toks[i+1].raw == "-" && toks[i+1].glued && toks[i+2].kind == num && toks[i+2].glued &&
		len(toks[i+2].raw) >= 3 && len(toks[i].raw) >= 2 && toks[i].raw != "iso" && toks[i].raw != "iec" && toks[i].raw != "cfr"
}

// join merges the parts of a compound that was typed with spaces or hyphens.
func (lx *lexiconIndex) join(toks []token) []token {
	out := toks[:0]
	for i := 0; i < len(toks); i++ {
		t := toks[i]
		if (t.kind == word || t.kind == num) && lx.firsts[t.raw] {
			if n, w := lx.joined(toks[i:]); n > 0 {
				last := toks[i+n-1]
				t.kind, t.raw, t.end = word, w, last.end
				i += n - 1
			}
		}
		out = append(out, t)
	}
	return out
}

// joined returns how many tokens from the first on make up the longest compound, and that compound.
func (lx *lexiconIndex) joined(toks []token) (int, string) {
	s, n, found := "", 0, ""
	parts := 0
	for i, t := range toks {
		if i > 8 || parts > 5 {
			break
		}
		switch {
		case t.kind == word || t.kind == num:
			s += squash(t.raw)
			parts++
			if parts > 1 && lx.compounds[s] {
				n, found = i+1, s
			}
		case t.kind == sign && (t.raw == "-" || t.raw == "/") && i > 0:
		default:
			return n, found
		}
	}
	return n, found
}

func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}
