package index

import (
	"encoding/binary"
	"errors"
	"math"
	"slices"

	"github.com/llmadvise/llmadvise/knowledge"
)

// entry is one stored document with the vectors of its chunks.
type entry struct {
	seq     uint64 // of the record that wrote it; names its chunks in both legs
	doc     knowledge.Document
	vectors [][]float32
}

// Kinds of journal records.
const (
	kindPut    = 1
	kindDelete = 2
	kindAsked  = 3 // a put whose chunks carry questions
)

var errCodec = errors.New("index: record does not decode")

// encodePut writes a record's payload: kind, sequence number, strings with their lengths, vectors as float32.
func encodePut(b []byte, e *entry) []byte {
	kind := byte(kindPut)
	if slices.ContainsFunc(e.doc.Chunks, func(c knowledge.Chunk) bool { return len(c.Asked) > 0 }) {
		kind = kindAsked
	}
	b = append(b, kind)
	b = binary.AppendUvarint(b, e.seq)
	d := &e.doc
	for _, s := range []string{d.ID, d.Title, d.Date, d.Attribution, d.Licence, d.URL, d.Source, d.Scope, d.Hash} {
		b = appendString(b, s)
	}
	b = binary.AppendUvarint(b, uint64(len(d.Chunks)))
	for i, c := range d.Chunks {
		b = appendString(b, c.ID)
		b = binary.AppendUvarint(b, uint64(len(c.Heading)))
		for _, h := range c.Heading {
			b = appendString(b, h)
		}
		b = appendString(b, c.Text)
		if kind == kindAsked {
			b = binary.AppendUvarint(b, uint64(len(c.Asked)))
			for _, q := range c.Asked {
				b = appendString(b, q)
			}
		}
		for _, x := range e.vectors[i] {
			b = binary.LittleEndian.AppendUint32(b, math.Float32bits(x))
		}
	}
	return b
}

func encodeDelete(b []byte, seq uint64, id string) []byte {
	b = append(b, kindDelete)
	b = binary.AppendUvarint(b, seq)
	return appendString(b, id)
}

func appendString(b []byte, s string) []byte {
	b = binary.AppendUvarint(b, uint64(len(s)))
	return append(b, s...)
}

// record is a decoded payload: put is nil for a deletion.
type record struct {
	seq    uint64
	put    *entry
	delete string
}

// decode reads a payload with vectors of dims numbers. It never panics on damaged input.
func decode(b []byte, dims int) (record, error) {
	r := reader{b: b}
	kind, seq := r.byte(), r.uvarint()
	switch kind {
	case kindDelete:
		id := r.string()
		return record{seq: seq, delete: id}, r.done()
	case kindPut, kindAsked:
		e := &entry{seq: seq}
		d := &e.doc
		for _, p := range []*string{&d.ID, &d.Title, &d.Date, &d.Attribution, &d.Licence, &d.URL, &d.Source, &d.Scope, &d.Hash} {
			*p = r.string()
		}
		n := r.count(dims * 4)
		d.Chunks = make([]knowledge.Chunk, n)
		e.vectors = make([][]float32, n)
		for i := range n {
			c := &d.Chunks[i]
			c.ID = r.string()
			c.Heading = r.strings()
			c.Text = r.string()
			if kind == kindAsked {
				c.Asked = r.strings()
			}
			e.vectors[i] = r.vector(dims)
		}
		return record{seq: seq, put: e}, r.done()
	}
	return record{}, errCodec
}

// reader takes values off a payload; after the first failure it yields zeros and done reports it.
type reader struct {
	b   []byte
	bad bool
}

func (r *reader) take(n uint64) []byte {
	if r.bad || n > uint64(len(r.b)) {
		r.bad = true
		return nil
	}
	p := r.b[:n]
	r.b = r.b[n:]
	return p
}

func (r *reader) byte() byte {
	if p := r.take(1); p != nil {
		return p[0]
	}
	return 0
}

func (r *reader) uvarint() uint64 {
	v, n := binary.Uvarint(r.b)
	if r.bad || n <= 0 {
		r.bad = true
		return 0
	}
	r.b = r.b[n:]
	return v
}

// count reads a number of items of at least size bytes each, and refuses one that the rest cannot hold.
func (r *reader) count(size int) int {
	n := r.uvarint()
	if n > uint64(len(r.b)/max(size, 1)) {
		r.bad = true
		return 0
	}
	return int(n)
}

func (r *reader) string() string { return string(r.take(r.uvarint())) }

// strings reads a list of strings, nil where it is empty.
func (r *reader) strings() []string {
	n := r.count(1)
	if n == 0 {
		return nil
	}
	out := make([]string, n)
	for i := range out {
		out[i] = r.string()
	}
	return out
}

func (r *reader) vector(dims int) []float32 {
	p := r.take(uint64(dims) * 4)
	if p == nil {
		return nil
	}
	v := make([]float32, dims)
	for i := range v {
		v[i] = math.Float32frombits(binary.LittleEndian.Uint32(p[4*i:]))
	}
	return v
}

func (r *reader) done() error {
	if r.bad || len(r.b) != 0 {
		return errCodec
	}
	return nil
}
