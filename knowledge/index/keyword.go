package index

import (
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis"
	"github.com/blevesearch/bleve/v2/document"
	"github.com/blevesearch/bleve/v2/index/scorch"
	"github.com/blevesearch/bleve/v2/mapping"
	indexapi "github.com/blevesearch/bleve_index_api"
)

const (
	keywordDir = "keyword"
	fieldText  = "text"
)

// seqKey holds the number of the newest record that the leg has taken in. Another way of indexing needs another key: a
// leg that lacks it is made anew.
var seqKey = []byte("llmadvise-seq-2")

// keywordLeg is the BM25 side. Its chunks carry keys that name the record they came from (see [chunkKey]), so that an
// old version and a new one can stand beside each other until the old one is swept. bleve keeps the inverted index;
// bm25.go scores, since what bleve calls BM25 is something else.
type keywordLeg struct {
	ix       bleve.Index
	analyzer analysis.Analyzer
	applied  atomic.Int64 // batches taken in
	lengths  atomic.Pointer[lengths]
	scores   sync.Pool // of *[]float64, all zero
}

// newMapping maps nothing: apply hands over finished fields.
func newMapping() *mapping.IndexMappingImpl {
	m := bleve.NewIndexMapping()
	m.DefaultMapping = bleve.NewDocumentStaticMapping()
	return m
}

// openKeyword opens the leg under dir, or an empty one in memory where dir is "". It returns the sequence number up to
// which the leg has taken records; a leg that does not open is made anew, since the journal can always refill it.
func openKeyword(dir string) (*keywordLeg, uint64, error) {
	k := &keywordLeg{analyzer: english()}
	if dir == "" {
		var err error
		k.ix, err = bleve.NewUsing("", newMapping(), scorch.Name, scorch.Name, nil)
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
	ix, err := bleve.NewUsing(path, newMapping(), scorch.Name, scorch.Name, nil)
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
		for i := range e.doc.Chunks {
			doc := document.NewDocument(chunkKey(e.seq, i))
			text := []byte(searchText(&e.doc, i))
			doc.AddField(document.NewTextFieldCustom(fieldText, nil, text, indexapi.IndexField, marked{k.analyzer}))
			if err := b.IndexAdvanced(doc); err != nil {
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
	k.applied.Add(1)
	return nil
}
