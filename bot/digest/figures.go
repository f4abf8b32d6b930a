package digest

import (
	"fmt"
	"math"
	"regexp"
	"sort"
	"strconv"
	"strings"

	"github.com/llmadvise/llmadvise/advisor/quantity"
	"github.com/llmadvise/llmadvise/advisor/report"
)

// ledger ties every figure of a digest's text to what it comes from: the text is made with its methods, and check
// afterwards finds any number that did not pass through it.
type ledger struct {
	figures map[string]string // as written -> where it comes from
	names   []string          // names that hold digits, such as "gpt-4.1"
}

func newLedger() *ledger { return &ledger{figures: map[string]string{}} }

// note enters the numbers of a text that was written from v.
func (l *ledger) note(text, from string) string {
	for _, n := range numbers(text) {
		l.figures[n] = from
	}
	return text
}

func (l *ledger) usd(v float64, from string) string { return l.note(quantity.USD(v), from) }

// price is a token price or an hourly rate: cents matter.
func (l *ledger) price(v float64, from string) string {
	s := strconv.FormatFloat(quantity.RoundSig(v, 3), 'f', -1, 64)
	if i := strings.IndexByte(s, '.'); i >= 0 && len(s)-i == 2 {
		s += "0"
	}
	return l.note("$"+s, from)
}

// percent writes a move with its direction, "12 % cheaper" or "8 % dearer".
func (l *ledger) percent(was, is float64, down, up, from string) string {
	if was == 0 {
		return ""
	}
	share := (is - was) / was
	word := up
	if share < 0 {
		word = down
	}
	p := math.Abs(share) * 100
	s := strconv.FormatFloat(math.Round(p), 'f', -1, 64)
	if p < 1 {
		s = strconv.FormatFloat(math.Round(p*10)/10, 'f', -1, 64)
	}
	return l.note(s+" % "+word, from)
}

func (l *ledger) count(n int, from string) string { return l.note(strconv.Itoa(n), from) }

func (l *ledger) date(s string) string {
	return l.name(s)
}

// name lets the digits of a name pass.
func (l *ledger) name(s string) string {
	if strings.ContainsAny(s, "0123456789") {
		l.names = append(l.names, s)
	}
	return s
}

var numberPattern = regexp.MustCompile(`\d[\d,]*(?:\.\d+)?[kMB]?`)

// numbers returns the numbers in a text as they stand there.
func numbers(s string) []string {
	found := numberPattern.FindAllString(s, -1)
	for i, n := range found {
		found[i] = strings.TrimRight(n, ",")
	}
	return found
}

// check returns the figures of d that come from nowhere.
func (l *ledger) check(d report.Document) error {
	names := append([]string(nil), l.names...)
	sort.Slice(names, func(i, j int) bool { return len(names[i]) > len(names[j]) })
	var loose []string
	visit := func(text string) {
		for _, n := range names {
			text = strings.ReplaceAll(text, n, " ")
		}
		for _, n := range numbers(text) {
			if _, ok := l.figures[n]; !ok {
				loose = append(loose, n)
			}
		}
	}
	visit(d.Title)
	visit(d.Summary)
	visit(d.Footer)
	for _, s := range d.Sections {
		visit(s.Title)
		for _, line := range s.Lines {
			visit(line.Label + " " + line.Text)
		}
		if s.Table != nil {
			visit(s.Table.Caption + " " + strings.Join(s.Table.Header, " | "))
			for _, row := range s.Table.Rows {
				visit(strings.Join(row, " | "))
			}
		}
	}
	if len(loose) > 0 {
		return fmt.Errorf("digest: figures without an origin: %s", strings.Join(loose, ", "))
	}
	return nil
}
