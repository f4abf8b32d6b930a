package index

import (
	"strings"

	"github.com/blevesearch/bleve/v2/analysis"
	"github.com/blevesearch/bleve/v2/analysis/lang/en"
	"github.com/blevesearch/bleve/v2/analysis/token/lowercase"
	"github.com/blevesearch/bleve/v2/analysis/token/stop"
	"github.com/blevesearch/bleve/v2/analysis/tokenizer/unicode"

	"github.com/llmadvise/llmadvise/knowledge"
)

// english cuts text into words, without possessives and stop words, and stems them with Snowball's English stemmer. On
// three of four public sets it ranks better than the Porter stemmer of bleve's own English analyzer.
func english() analysis.Analyzer {
	words, err := en.TokenMapConstructor(nil, nil)
	if err != nil {
		panic(err) // a list that is compiled in
	}
	return &analysis.DefaultAnalyzer{
		Tokenizer: unicode.NewUnicodeTokenizer(),
		TokenFilters: []analysis.TokenFilter{
			en.NewPossessiveFilter(), lowercase.NewLowerCaseFilter(), stop.NewStopTokensFilter(words), processors{}, en.NewEnglishStemmerFilter(),
		},
	}
}

// processors takes the plural off GPUs, CPUs and their kin, which the stemmer takes for Latin.
type processors struct{}

func (processors) Filter(tokens analysis.TokenStream) analysis.TokenStream {
	for _, t := range tokens {
		if len(t.Term) == 4 && string(t.Term[1:]) == "pus" {
			t.Term = t.Term[:3]
		}
	}
	return tokens
}

// everyChunk is a term that each chunk holds once: its postings carry the length of every chunk. No text yields it.
const everyChunk = "\x00"

// marked adds everyChunk to what an analyzer finds.
type marked struct{ analysis.Analyzer }

func (m marked) Analyze(text []byte) analysis.TokenStream {
	return append(m.Analyzer.Analyze(text), &analysis.Token{Term: []byte(everyChunk)})
}

// terms returns the distinct stems of text, stop words left out, in the order in which they occur.
func (k *keywordLeg) terms(text string) []string {
	var out []string
	seen := map[string]bool{}
	for _, t := range k.analyzer.Analyze([]byte(text)) {
		s := string(t.Term)
		if !seen[s] {
			seen[s] = true
			out = append(out, s)
		}
	}
	return out
}

// searchText is what both legs read of a chunk: where it stands, what it says, and what it is asked.
func searchText(d *knowledge.Document, i int) string {
	c := &d.Chunks[i]
	var b strings.Builder
	b.WriteString(d.Title)
	for _, h := range c.Heading {
		if h != d.Title {
			b.WriteString(". ")
			b.WriteString(h)
		}
	}
	b.WriteString("\n")
	b.WriteString(c.Text)
	for _, q := range c.Asked {
		b.WriteString("\n")
		b.WriteString(q)
	}
	return b.String()
}
