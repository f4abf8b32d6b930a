package embed

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// TestWordPieceAgainstReference holds the tokenizer to ids that Hugging Face's tokenizers 0.23 gave for the teacher's
// own tokenizer.json, special tokens left out.
func TestWordPieceAgainstReference(t *testing.T) {
	data, err := os.ReadFile("testdata/wordpiece.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct {
		Text string
		IDs  []int32
	}
	if err := json.Unmarshal(data, &cases); err != nil {
		t.Fatal(err)
	}
	if len(cases) < 30 {
		t.Fatalf("%d reference texts", len(cases))
	}
	w := newWordPiece(vocabFile)
	for _, c := range cases {
		if got := w.tokens(nil, c.Text, 1<<20); !slices.Equal(got, c.IDs) {
			t.Errorf("%q\n got %v\nwant %v", c.Text, w.names(got), w.names(c.IDs))
		}
	}
}

// names turns ids back into pieces, for a failure that can be read.
func (w *wordPiece) names(ids []int32) []string {
	byID := make(map[int32]string, len(w.ids))
	for s, id := range w.ids {
		byID[id] = s
	}
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = byID[id]
	}
	return out
}

// TestSpecialTokensAreText: what a text says is never taken for the tokenizer's own marks, unlike in the reference.
func TestSpecialTokensAreText(t *testing.T) {
	w := newWordPiece(vocabFile)
	for _, id := range w.tokens(nil, "[CLS] [SEP] [MASK] [PAD]", 100) {
		if id >= 100 && id <= 103 || id == 0 {
			t.Errorf("a special token came out of text: %v", w.names([]int32{id}))
		}
	}
}

// TestPlainWordsAreTheSame: the quick way through ASCII gives what the general one gives.
func TestPlainWordsAreTheSame(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		text := rapid.StringMatching(`[ -~\t\r\n]{0,60}`).Draw(rt, "text")
		collect := func(split func(string, func(string) bool)) (out []string) {
			split(strings.ToLower(text), func(w string) bool { out = append(out, w); return true })
			return out
		}
		if a, b := collect(plainWords), collect(foreignWords); !isPlain(text) || !slices.Equal(a, b) {
			rt.Fatalf("%q: %q, %q", text, a, b)
		}
	})
}

func TestTokensStopAtLimit(t *testing.T) {
	w := newWordPiece(vocabFile)
	if got := w.tokens(nil, strings.Repeat("word ", 50), 7); len(got) != 7 {
		t.Errorf("%d tokens, want 7", len(got))
	}
}

func FuzzTokens(f *testing.F) {
	for _, s := range []string{"plain words", "Ünïcödé", "漢字", "\xff\xfe", "[UNK]", strings.Repeat("a", 200)} {
		f.Add(s)
	}
	w := newWordPiece(vocabFile)
	size := int32(len(w.ids))
	f.Fuzz(func(t *testing.T, s string) {
		for _, id := range w.tokens(nil, s, 100) {
			if id < 0 || id >= size {
				t.Fatalf("id %d of %q is not in the vocabulary", id, s)
			}
		}
		if utf8.ValidString(s) && strings.TrimSpace(s) == "" && len(w.tokens(nil, s, 100)) != 0 {
			t.Fatalf("white space gave tokens: %q", s)
		}
	})
}
