package ollama

import (
	"errors"
	"io"
	"net/http"
)

// maxResponse bounds what one response may send, in bytes: a server gone wild must not fill the memory. An embedding of
// 256 texts at 4,096 dimensions is about 20 MB of JSON.
const maxResponse = 64 << 20

var errTooLong = errors.New("ollama sent more than 64 MiB in one response")

// bounded is a transport whose responses end with errTooLong at maxResponse.
type bounded struct{ next http.RoundTripper }

func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := b.next.RoundTrip(r)
	if err == nil {
		resp.Body = &boundedBody{ReadCloser: resp.Body, left: maxResponse}
	}
	return resp, err
}

type boundedBody struct {
	io.ReadCloser
	left int64
}

func (b *boundedBody) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errTooLong
	}
	if int64(len(p)) > b.left {
		p = p[:b.left]
	}
	n, err := b.ReadCloser.Read(p)
	b.left -= int64(n)
	return n, err
}
