package index

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis"
	"github.com/blevesearch/bleve/v2/analysis/analyzer/keyword"
	"github.com/blevesearch/bleve/v2/analysis/lang/en"
	"github.com/blevesearch/bleve/v2/index/scorch"
	"github.com/blevesearch/bleve/v2/mapping"
	"github.com/blevesearch/bleve/v2/search/query"
	indexapi "github.com/blevesearch/bleve_index_api"

	"github.com/llmadvise/llmadvise/knowledge"
)

const (
	keywordDir  = "keyword"
	fieldText   = "text"
	fieldScope  = "scope"
	sharedScope = "-" // bleve does not index an empty field
)

var seqKey = []byte("llmadvise-seq")

// keywordLeg is the BM25 side. Its chunks carry keys that name the record they came from (see [chunkKey]), so that an
// old version and a new one can stand beside each other until the old one is swept.
type keywordLeg struct {
	ix       bleve.Index
	mapping  *mapping.IndexMappingImpl
	analyzer analysis.Analyzer
}

func newMapping() *mapping.IndexMappingImpl {
	text := bleve.NewTextFieldMapping()
	text.Analyzer = en.AnalyzerName
	text.Store, text.IncludeTermVectors, text.IncludeInAll, text.DocValues = false, false, false, false
	scope := bleve.NewTextFieldMapping()
	scope.Analyzer = keyword.Name
	scope.Store, scope.IncludeTermVectors, scope.IncludeInAll, scope.DocValues = false, false, false, false
	doc := bleve.NewDocumentStaticMapping()
	doc.AddFieldMappingsAt(fieldText, text)
	doc.AddFieldMappingsAt(fieldScope, scope)
	m := bleve.NewIndexMapping()
	m.DefaultMapping = doc
	m.ScoringModel = indexapi.BM25Scoring
	return m
}

// openKeyword opens the leg under dir, or an empty one in memory where dir is "". It returns the sequence number up to
// which the leg has taken records; a leg that does not open is made anew, since the journal can always refill it.
func openKeyword(dir string) (*keywordLeg, uint64, error) {
	m := newMapping()
	k := &keywordLeg{mapping: m, analyzer: m.AnalyzerNamed(en.AnalyzerName)}
	if dir == "" {
		var err error
		k.ix, err = bleve.NewUsing("", m, scorch.Name, scorch.Name, nil)
		return k, 0, err
	}
	path := filepath.Join(dir, keywordDir)
	if ix, err := bleve.Open(path); err == nil {
		k.ix = ix
		if b, err := ix.GetInternal(seqKey); err == nil && len(b) == 8 {
			return k, binary.LittleEndian.Uint64(b), nil
		}
		ix.Close()
	}
	if err := k.recreate(path); err != nil {
		return nil, 0, err
	}
	return k, 0, nil
}

func (k *keywordLeg) recreate(path string) error {
	if err := os.RemoveAll(path); err != nil {
		return fmt.Errorf("index: remove the damaged keyword index: %w", err)
	}
	ix, err := bleve.NewUsing(path, k.mapping, scorch.Name, scorch.Name, nil)
	if err != nil {
		return fmt.Errorf("index: make the keyword index: %w", err)
	}
	k.ix = ix
	return nil
}

// apply adds the chunks of entries and removes keys, in one step that a crash cannot split.
func (k *keywordLeg) apply(entries []*entry, removed []string, seq uint64) error {
	b := k.ix.NewBatch()
	for _, e := range entries {
		scope := e.doc.Scope
		if scope == "" {
			scope = sharedScope
		}
		for i := range e.doc.Chunks {
			err := b.Index(chunkKey(e.seq, i), map[string]any{fieldText: searchText(&e.doc, i), fieldScope: scope})
			if err != nil {
				return fmt.Errorf("index: %w", err)
			}
		}
	}
	for _, key := range removed {
		b.Delete(key)
	}
	b.SetInternal(seqKey, binary.LittleEndian.AppendUint64(nil, seq))
	if err := k.ix.Batch(b); err != nil {
		return fmt.Errorf("index: keyword index: %w", err)
	}
	return nil
}

// hit is one candidate of a leg.
type hit struct {
	key   string
	score float64
}

// search returns the n best chunks by BM25 among those that scope may see.
// Where there are no private documents, allShared spares the filter, which costs more than the search itself; the caller
// checks the scope of every hit in any case.
func (k *keywordLeg) search(ctx context.Context, text, scope string, allShared bool, n int) ([]hit, error) {
	match := bleve.NewMatchQuery(text)
	match.SetField(fieldText)
	var q query.Query = match
	if !allShared {
		visible := bleve.NewDisjunctionQuery(scopeQuery(sharedScope))
		if scope != "" {
			visible.AddQuery(scopeQuery(scope))
		}
		both := bleve.NewBooleanQuery()
		both.AddMust(match)
		both.AddFilter(visible)
		q = both
	}
	req := bleve.NewSearchRequestOptions(q, n, 0, false)
	res, err := k.ix.SearchInContext(ctx, req)
	if err != nil {
		if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
			return nil, err
		}
		return nil, fmt.Errorf("index: keyword search: %w", err)
	}
	hits := make([]hit, len(res.Hits))
	for i, h := range res.Hits {
		hits[i] = hit{h.ID, h.Score}
	}
	return hits, nil
}

func scopeQuery(scope string) query.Query {
	t := bleve.NewTermQuery(scope)
	t.SetField(fieldScope)
	return t
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

// weights returns the inverse document frequency of each term: what only few passages say weighs most, and a word that
// no passage says weighs as much as one that a single passage says.
func (k *keywordLeg) weights(ctx context.Context, terms []string) ([]float64, error) {
	adv, err := k.ix.Advanced()
	if err != nil {
		return nil, err
	}
	r, err := adv.Reader()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	count, err := r.DocCount()
	if err != nil {
		return nil, err
	}
	n := float64(count)
	out := make([]float64, len(terms))
	for i, t := range terms {
		tfr, err := r.TermFieldReader(ctx, []byte(t), fieldText, false, false, false)
		if err != nil {
			return nil, err
		}
		df := max(float64(tfr.Count()), 1)
		tfr.Close()
		out[i] = math.Log(1 + (n-df+0.5)/(df+0.5))
	}
	return out, nil
}

// searchText is what both legs read of a chunk: where it stands, and what it says.
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
	return b.String()
}
