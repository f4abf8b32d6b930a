package knowledge_test

import (
	"io/fs"
	"testing/fstest"
)

// oneFile is a folder with one file.
type oneFile struct{ name, text string }

func (o oneFile) fs() fs.FS { return fstest.MapFS{o.name: {Data: []byte(o.text)}} }
