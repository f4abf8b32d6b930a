package index

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
)

// journalName is the file that holds everything; journalMagic opens it, with its version.
const (
	journalName  = "passages.journal"
	journalMagic = "LLMADVJ2"
	// maxRecord bounds one document with its vectors: a longer length is damage, not a document.
	maxRecord = 1 << 30
)

// ErrCorrupt marks a journal that was changed by something other than this program; the error says what to do.
var ErrCorrupt = errors.New("the knowledge index is damaged")

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// journal is the append-only file: a header, then records of length, checksum and payload. A record counts once it is
// whole; one that a crash cut short is dropped at the next start.
type journal struct {
	f     *os.File // nil: in memory only
	path  string
	bytes int64
}

type journalHeader struct {
	model string
	dims  int
}

func (h journalHeader) encode() []byte {
	b := []byte(journalMagic)
	b = appendString(b, h.model)
	return binary.AppendUvarint(b, uint64(h.dims))
}

// readJournal reads the file at path and yields each whole record in order. It returns the header and the length of
// the part that is whole; a missing file is an empty one. Damage before the end is ErrCorrupt.
func readJournal(path string, yield func(record) error) (journalHeader, int64, error) {
	data, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) || err == nil && len(data) == 0 {
		return journalHeader{}, 0, nil
	}
	if err != nil {
		return journalHeader{}, 0, fmt.Errorf("index: %w", err)
	}
	r := reader{b: data}
	if !bytes.HasPrefix(data, []byte(journalMagic)) {
		return journalHeader{}, 0, corrupt(path, "it does not start as one")
	}
	r.take(uint64(len(journalMagic)))
	h := journalHeader{model: r.string(), dims: int(r.uvarint())}
	if r.bad || h.dims <= 0 || h.dims > 1<<14 {
		return journalHeader{}, 0, corrupt(path, "its header does not read")
	}
	at := int64(len(data) - len(r.b))
	for len(r.b) > 0 {
		if len(r.b) < 8 {
			return h, at, nil // cut short by a crash
		}
		n, sum := binary.LittleEndian.Uint32(r.b), binary.LittleEndian.Uint32(r.b[4:])
		if int64(n) > int64(len(r.b)-8) {
			if n > maxRecord {
				return h, at, corrupt(path, fmt.Sprintf("at byte %d", at))
			}
			return h, at, nil
		}
		payload := r.b[8 : 8+n]
		if crc32.Checksum(payload, castagnoli) != sum {
			if int(n) == len(r.b)-8 {
				return h, at, nil // the last record: its pages did not all reach the disk
			}
			return h, at, corrupt(path, fmt.Sprintf("at byte %d", at))
		}
		rec, err := decode(payload, h.dims)
		if err != nil {
			return h, at, corrupt(path, fmt.Sprintf("at byte %d", at))
		}
		if err := yield(rec); err != nil {
			return h, at, err
		}
		r.b = r.b[8+n:]
		at += 8 + int64(n)
	}
	return h, at, nil
}

func corrupt(path, where string) error {
	return fmt.Errorf("%w: %s (%s). Move the folder %s away; the built-in documents come back at the next start, your own with `llmadvise ingest`", ErrCorrupt, path, where, filepath.Dir(path))
}

// openJournal opens the file for appending after its whole part.
func openJournal(path string, h journalHeader, whole int64) (*journal, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("index: %w", err)
	}
	j := &journal{f: f, path: path, bytes: whole}
	if whole == 0 {
		err = j.write(h.encode())
	} else if err = f.Truncate(whole); err == nil {
		_, err = f.Seek(whole, io.SeekStart)
	}
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("index: %s: %w", path, err)
	}
	return j, nil
}

func (j *journal) write(b []byte) error {
	if j.f == nil {
		return nil
	}
	n, err := j.f.Write(b)
	j.bytes += int64(n)
	return err
}

// frame prepends length and checksum to a payload.
func frame(dst, payload []byte) []byte {
	dst = binary.LittleEndian.AppendUint32(dst, uint32(len(payload)))
	dst = binary.LittleEndian.AppendUint32(dst, crc32.Checksum(payload, castagnoli))
	return append(dst, payload...)
}

// append writes payloads as records and returns when they are on the disk.
func (j *journal) append(payloads [][]byte) error {
	if j.f == nil {
		return nil
	}
	size := 0
	for _, p := range payloads {
		size += len(p) + 8
	}
	buf := make([]byte, 0, size)
	for _, p := range payloads {
		buf = frame(buf, p)
	}
	before := j.bytes
	if err := j.write(buf); err != nil {
		// Half a record must not stay in front of the next one.
		_ = j.f.Truncate(before)
		_, _ = j.f.Seek(before, io.SeekStart)
		j.bytes = before
		return fmt.Errorf("index: write %s: %w", j.path, err)
	}
	return j.f.Sync()
}

func (j *journal) close() error {
	if j.f == nil {
		return nil
	}
	return j.f.Close()
}

// rewrite replaces the file by one that holds entries alone, in one step: the old file stays until the new is whole.
func rewriteJournal(path string, h journalHeader, entries []*entry) (err error) {
	tmp := path + ".new"
	f, err := os.OpenFile(tmp, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("index: %w", err)
	}
	defer func() {
		if err != nil {
			f.Close()
			_ = os.Remove(tmp)
		}
	}()
	w := bufio.NewWriterSize(f, 1<<20)
	if _, err := w.Write(h.encode()); err != nil {
		return err
	}
	var payload, framed []byte
	for _, e := range entries {
		payload = encodePut(payload[:0], e)
		framed = frame(framed[:0], payload)
		if _, err := w.Write(framed); err != nil {
			return err
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	if err := os.Rename(tmp, path); err != nil {
		return err
	}
	return syncDir(filepath.Dir(path))
}

// syncDir makes a rename durable; file systems that cannot sync a folder are let be.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	_ = d.Sync()
	return nil
}

// BuiltWith returns the embedding model and the length of its vectors that the index in dir was built with; ok is
// false where there is no index yet. A damaged one is reported by [Open].
func BuiltWith(dir string) (model string, dims int, ok bool) {
	f, err := os.Open(filepath.Join(dir, journalName))
	if err != nil {
		return "", 0, false
	}
	defer f.Close()
	head, err := io.ReadAll(io.LimitReader(f, 4096))
	if err != nil || !bytes.HasPrefix(head, []byte(journalMagic)) {
		return "", 0, false
	}
	r := reader{b: head[len(journalMagic):]}
	model, dims = r.string(), int(r.uvarint())
	return model, dims, !r.bad && dims > 0
}
