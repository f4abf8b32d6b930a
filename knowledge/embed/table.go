package embed

import (
	"context"
	_ "embed" // the table and its vocabulary
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"strings"
	"sync"
)

//go:embed table.bin
var tableFile string

//go:embed vocab.txt
var vocabFile string

// maxTokens of a text are read; a passage is far shorter.
const maxTokens = 1024

// staticWeight is the dense leg's share in the fused score, measured on SciFact (see recipe/README.md): the table
// is weaker than BM25, and ranks best as a correction to it.
const staticWeight = 0.3

// Static is the built-in embedder. It is immutable and safe for concurrent use.
type Static struct {
	words *wordPiece
	scale []float32 // one a row
	rows  string    // int8, dims a row
	dims  int
	name  string
}

// Default returns the embedder of the compiled-in table. It is read once.
var Default = sync.OnceValues(func() (*Static, error) { return newStatic(tableFile, vocabFile) })

// newStatic reads a table as recipe/fit.py writes it: "LSTB", version, rows and dimensions as little-endian uint32,
// a float32 scale for each row, then the rows as int8.
func newStatic(table, vocab string) (*Static, error) {
	const head = 16
	if len(table) < head || table[:4] != "LSTB" {
		return nil, errors.New("embed: not a static table")
	}
	le := func(at int) int { return int(binary.LittleEndian.Uint32([]byte(table[at : at+4]))) }
	version, rows, dims := le(4), le(8), le(12)
	if version != 1 {
		return nil, fmt.Errorf("embed: static table of version %d, this program reads 1", version)
	}
	if rows <= 0 || dims <= 0 || rows > 1<<20 || dims > 1<<12 || len(table) != head+4*rows+rows*dims {
		return nil, fmt.Errorf("embed: static table of %d x %d does not fit its %d bytes", rows, dims, len(table))
	}
	s := &Static{words: newWordPiece(vocab), dims: dims, scale: make([]float32, rows)}
	if len(s.words.ids) > rows {
		return nil, fmt.Errorf("embed: vocabulary of %d entries, table of %d rows", len(s.words.ids), rows)
	}
	for i := range s.scale {
		s.scale[i] = math.Float32frombits(uint32(le(head + 4*i)))
	}
	s.rows = table[head+4*rows:]
	s.name = fmt.Sprintf("static-%d-%08x", dims, checksum(table))
	return s, nil
}

// checksum is FNV-1a over a sample of the table: a new fit must not pass for the old one.
func checksum(s string) uint32 {
	h := uint32(2166136261)
	for i := 0; i < len(s); i += 251 {
		h = (h ^ uint32(s[i])) * 16777619
	}
	return h
}

// Model names the table; another fit has another name.
func (s *Static) Model() string { return s.name }

// Dims is the length of a vector.
func (s *Static) Dims() int { return s.dims }

// DenseWeight is the share of the dense leg in the fused score.
func (s *Static) DenseWeight() float64 { return staticWeight }

// Embed returns one unit vector for each text. A text without a known word gets a vector that is equally far from
// everything. It fails only when ctx has ended.
func (s *Static) Embed(ctx context.Context, texts []string) ([][]float32, error) {
	out := make([][]float32, len(texts))
	ids := make([]int32, 0, 256)
	for i, t := range texts {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		ids = s.words.tokens(ids[:0], t, maxTokens)
		out[i] = s.sum(ids)
	}
	return out, nil
}

func (s *Static) sum(ids []int32) []float32 {
	v := make([]float32, s.dims)
	for _, id := range ids {
		if id < 0 || int(id) >= len(s.scale) {
			continue
		}
		k := s.scale[id]
		row := s.rows[int(id)*s.dims:][:len(v)]
		for j := range v {
			v[j] += k * float32(int8(row[j]))
		}
	}
	normalise(v)
	return v
}

func normalise(v []float32) {
	var n float64
	for _, x := range v {
		n += float64(x) * float64(x)
	}
	if n < 1e-12 {
		even := float32(1 / math.Sqrt(float64(len(v))))
		for i := range v {
			v[i] = even * float32(1-2*(i&1)) // alternating: no real text points there
		}
		return
	}
	k := float32(1 / math.Sqrt(n))
	for i := range v {
		v[i] *= k
	}
}

// Tokens returns how many vocabulary pieces text has, for those who budget a context window. It errs by a tenth or
// so for other models' vocabularies.
func (s *Static) Tokens(text string) int {
	if strings.TrimSpace(text) == "" {
		return 0
	}
	return len(s.words.tokens(nil, text, math.MaxInt))
}
