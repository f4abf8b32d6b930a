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

// ledger writes every figure of a digest from the fact that it names, and check afterwards finds any number in the text
// that did not come this way.
type ledger struct {
	facts   map[string]float64
	written map[string][]string // number as it stands in the text -> the facts that it was written from
	names   []string            // names that hold digits, such as "gpt-4.1"
	missing []string            // facts that were asked for and do not exist
}

func newLedger(facts map[string]float64) *ledger {
	return &ledger{facts: facts, written: map[string][]string{}}
}

// value returns a fact; one that does not exist fails the check.
func (l *ledger) value(fact string) float64 {
	v, ok := l.facts[fact]
	if !ok {
		l.missing = append(l.missing, fact)
	}
	return v
}

// note enters the numbers of a text that was written from a fact.
func (l *ledger) note(text, fact string) string {
	for _, n := range numbers(text) {
		l.written[n] = append(l.written[n], fact)
	}
	return text
}

// usd writes an amount a month.
func (l *ledger) usd(fact string) string { return l.note(quantity.USD(l.value(fact)), fact) }

// price writes a token price or an hourly rate: cents matter.
func (l *ledger) price(fact string) string { return l.note(priceText(l.value(fact)), fact) }

func priceText(v float64) string {
	s := strconv.FormatFloat(quantity.RoundSig(v, 3), 'f', -1, 64)
	if i := strings.IndexByte(s, '.'); i >= 0 && len(s)-i == 2 {
		s += "0"
	}
	return "$" + s
}

// percent writes a move with its direction, "12 % cheaper" or "8 % dearer"; fact is that of the figure that moved.
func (l *ledger) percent(fact, down, up string) string {
	share := l.value(fact + ".change")
	word := up
	if share < 0 {
		word = down
	}
	return l.note(percentText(share)+" % "+word, fact+".change")
}

func percentText(share float64) string {
	p := math.Abs(share) * 100
	if p < 1 {
		return strconv.FormatFloat(math.Round(p*10)/10, 'f', -1, 64)
	}
	return strconv.FormatFloat(math.Round(p), 'f', -1, 64)
}

// signed writes a move as "-50 %" or "+8 %".
func (l *ledger) signed(fact string) string {
	sign := "+"
	if l.value(fact+".change") < 0 {
		sign = "-"
	}
	return sign + l.note(percentText(l.value(fact+".change"))+" %", fact+".change")
}

// count writes how many there are.
func (l *ledger) count(fact string) string {
	return l.note(strconv.FormatFloat(l.value(fact), 'f', -1, 64), fact)
}

// more writes how many of a list are not shown.
func (l *ledger) more(fact string, shown int) string {
	return l.note(strconv.FormatFloat(l.value(fact)-float64(shown), 'f', -1, 64), fact)
}

// name lets the digits of a name or a date pass.
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
	if len(l.missing) > 0 {
		return fmt.Errorf("digest: told of facts that do not exist: %s", strings.Join(l.missing, ", "))
	}
	names := append([]string(nil), l.names...)
	sort.Slice(names, func(i, j int) bool { return len(names[i]) > len(names[j]) })
	var loose []string
	for _, text := range texts(d) {
		for _, n := range names {
			text = strings.ReplaceAll(text, n, " ")
		}
		for _, n := range numbers(text) {
			if len(l.written[n]) == 0 {
				loose = append(loose, n)
			}
		}
	}
	if len(loose) > 0 {
		return fmt.Errorf("digest: figures without an origin: %s", strings.Join(loose, ", "))
	}
	return nil
}

// texts are all that a reader reads of a document.
func texts(d report.Document) []string {
	out := []string{d.Title, d.Summary, d.Footer}
	for _, s := range d.Sections {
		out = append(out, s.Title)
		for _, line := range s.Lines {
			out = append(out, line.Label+" "+line.Text)
		}
		if s.Table != nil {
			out = append(out, s.Table.Caption+" "+strings.Join(s.Table.Header, " | "))
			for _, row := range s.Table.Rows {
				out = append(out, strings.Join(row, " | "))
			}
		}
	}
	return out
}
