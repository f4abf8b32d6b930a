package ingest

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/llmadvise/llmadvise/knowledge"
)

// checkChunks holds what is true of every document's passages.
func checkChunks(t testing.TB, d knowledge.Document) {
	t.Helper()
	seen := map[string]bool{}
	for _, c := range d.Chunks {
		if seen[c.ID] {
			t.Errorf("two passages are called %q", c.ID)
		}
		seen[c.ID] = true
		if !utf8.ValidString(c.Text) || strings.ContainsRune(c.Text, 0) {
			t.Errorf("passage %q cannot be stored: %q", c.ID, c.Text)
		}
		if strings.TrimSpace(c.Text) == "" {
			t.Errorf("passage %q is empty", c.ID)
		}
	}
}

var anyBlocks = rapid.Custom(func(t *rapid.T) []block {
	words := rapid.SliceOfN(rapid.StringMatching(`[a-z]{1,8}`), 1, 12)
	n := rapid.IntRange(1, 12).Draw(t, "blocks")
	var out []block
	for range n {
		text := strings.Join(words.Draw(t, "words"), " ")
		switch rapid.IntRange(0, 4).Draw(t, "kind") {
		case 0:
			out = append(out, block{level: rapid.IntRange(1, 6).Draw(t, "level"), text: text})
		case 1:
			out = append(out, block{table: true, text: "head | er\n" + strings.Repeat(text+"\n", rapid.IntRange(1, 60).Draw(t, "rows")) + "last | row"})
		case 2:
			out = append(out, block{list: true, text: strings.Repeat("- "+text+"\n", rapid.IntRange(1, 60).Draw(t, "items")) + "- end"})
		default:
			out = append(out, block{text: strings.Repeat(text+". Next ", rapid.IntRange(1, 60).Draw(t, "sentences")) + "end."})
		}
	}
	return out
})

func TestChunksLoseNothingAndStayShort(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		blocks := anyBlocks.Draw(rt, "blocks")
		cs := chunks("doc", "Title", blocks)
		d := knowledge.Document{Chunks: cs}
		checkChunks(t, d)
		have := map[string]int{}
		for _, c := range cs {
			if n := countWords(c.Text); n > 2*maxWords {
				rt.Fatalf("a passage of %d words", n)
			}
			for w := range strings.FieldsSeq(c.Text) {
				have[w]++
			}
		}
		for _, b := range blocks {
			if b.level > 0 {
				continue
			}
			for w := range strings.FieldsSeq(b.text) {
				if have[w] == 0 {
					rt.Fatalf("%q is lost", w)
				}
			}
		}
		again := chunks("doc", "Title", blocks)
		for i := range cs {
			if cs[i].ID != again[i].ID {
				rt.Fatal("ids are not stable")
			}
		}
	})
}

func TestIDsSurviveChangesElsewhere(t *testing.T) {
	before := parse(t, "a.md", "# T\n\n## One\n\nFirst.\n\n## Two\n\nSecond.\n")
	after := parse(t, "a.md", "# T\n\n## Zero\n\nNew.\n\n## One\n\nChanged.\n\n## Two\n\nSecond.\n")
	if before.Chunks[1].ID != after.Chunks[2].ID {
		t.Error("an untouched passage has another id")
	}
	if before.Chunks[0].ID == after.Chunks[1].ID {
		t.Error("a changed passage keeps its id")
	}
	twice := parse(t, "b.md", "# T\n\n## A\n\nSame.\n\n## A\n\nSame.\n\n## B\n\nSame.\n")
	checkChunks(t, twice)
}

func TestLongTableRepeatsItsHeader(t *testing.T) {
	var rows strings.Builder
	for i := range 200 {
		fmt.Fprintf(&rows, "| GPU %d | %d GB |\n", i, i)
	}
	d := parse(t, "a.md", "| Name | Memory |\n|---|---|\n"+rows.String())
	if len(d.Chunks) < 2 {
		t.Fatalf("%d passages", len(d.Chunks))
	}
	for _, c := range d.Chunks {
		if !strings.HasPrefix(c.Text, "Name | Memory\n") {
			t.Errorf("a piece begins %q", c.Text[:30])
		}
		for line := range strings.Lines(c.Text) {
			if strings.Count(line, "|") != 1 {
				t.Errorf("a row was torn: %q", line)
			}
		}
	}
}

func TestTableThatFitsStaysWhole(t *testing.T) {
	d := parse(t, "a.md", strings.Repeat("Words before the table come here. ", 28)+"\n\n| A | B |\n|---|---|\n"+strings.Repeat("| one | two |\n", 30))
	last := d.Chunks[len(d.Chunks)-1]
	if !strings.HasPrefix(last.Text, "A | B") || strings.Count(last.Text, "one | two") != 30 {
		t.Errorf("the table was cut: %q", last.Text)
	}
}

func TestOverlapOnlyWhereProseIsCut(t *testing.T) {
	var long strings.Builder
	for i := range 60 {
		fmt.Fprintf(&long, "Sentence number %d has some words in it. ", i)
	}
	d := parse(t, "a.md", long.String())
	if len(d.Chunks) < 2 {
		t.Fatal("not cut")
	}
	first, second := sentences(d.Chunks[0].Text), sentences(d.Chunks[1].Text)
	if first[len(first)-1] != second[0] {
		t.Errorf("%q is followed by %q: want the last sentence again", first[len(first)-1], second[0])
	}
	d = parse(t, "b.md", strings.Repeat("One short paragraph of a few words.\n\n", 60))
	total := 0
	for _, c := range d.Chunks {
		total += strings.Count(c.Text, "One short")
	}
	if total != 60 {
		t.Errorf("%d paragraphs, want each of 60 once", total)
	}
}

func TestSentences(t *testing.T) {
	for text, want := range map[string]int{
		"One. Two! Three? 4 five.":          4,
		"About 3.5 million, e.g. this one.": 1,
		"No end":                            1,
		"See v1.2.3 for it. Then stop.":     2,
		"":                                  0,
		"Ünïcode ends here. Über begins here.": 2,
	} {
		if got := sentences(text); len(got) != want {
			t.Errorf("%q: %q", text, got)
		}
	}
}
