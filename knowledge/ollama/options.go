package ollama

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/ollama/ollama/api"
)

// Options say which server and models to use. The zero value is the server at Ollama's default address.
type Options struct {
	Host       string        // as OLLAMA_HOST is written; "" is http://127.0.0.1:11434
	Model      string        // chat model; "" is DefaultModel, or what is installed where that is not
	EmbedModel string        // embedding model; "" is DefaultEmbedModel
	NumCtx     int           // context window in tokens; 0 is DefaultNumCtx
	KeepAlive  time.Duration // how long the server keeps a model loaded; 0 is 30 minutes
	Think      bool          // let a thinking model think; its thoughts are never shown, only waited for
}

// Defaults of Options.
const (
	DefaultModel      = "qwen3:8b"
	DefaultEmbedModel = "all-minilm"
	DefaultNumCtx     = 8192
	defaultKeepAlive  = 30 * time.Minute
	defaultPort       = "11434"
)

// ErrUnavailable is wrapped by errors that say that the server does not answer.
var ErrUnavailable = errors.New("ollama does not answer")

// ErrModelMissing is wrapped by errors that say that a model is not installed.
var ErrModelMissing = errors.New("model is not installed")

// ErrContext is wrapped by errors that say that a prompt does not fit into the model's context window.
var ErrContext = errors.New("prompt does not fit into the context window")

// ErrCut is wrapped by errors that say that a reply ended before its end.
var ErrCut = errors.New("the reply was cut off")

// Client is a connection to one Ollama server. It is safe for concurrent use.
type Client struct {
	log  *slog.Logger
	opts Options
	base *url.URL
	api  *api.Client

	mu           sync.Mutex
	model        string // the chat model in use, once chosen
	capabilities map[string]api.ShowResponse
}

// New returns a client. It does not connect; the error is about o.Host.
func New(log *slog.Logger, o Options) (*Client, error) {
	base, err := parseHost(o.Host)
	if err != nil {
		return nil, err
	}
	if o.NumCtx <= 0 {
		o.NumCtx = DefaultNumCtx
	}
	if o.KeepAlive == 0 {
		o.KeepAlive = defaultKeepAlive
	}
	if o.EmbedModel == "" {
		o.EmbedModel = DefaultEmbedModel
	}
	// Models may take minutes to load, so no overall timeout: callers bound each call with its context.
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.DialContext = (&net.Dialer{Timeout: 3 * time.Second}).DialContext
	hc := &http.Client{Transport: bounded{transport}}
	return &Client{log: log, opts: o, base: base, api: api.NewClient(base, hc), capabilities: make(map[string]api.ShowResponse)}, nil
}

// parseHost reads OLLAMA_HOST as Ollama does: scheme, port and path may be missing, and an address that a server listens
// on everywhere (0.0.0.0) is one that a client reaches on loopback.
func parseHost(s string) (*url.URL, error) {
	s = strings.TrimSpace(strings.Trim(strings.TrimSpace(s), `"'`))
	if s == "" {
		s = "127.0.0.1"
	}
	port := defaultPort
	switch scheme, _, ok := strings.Cut(s, "://"); {
	case !ok:
		s = "http://" + s
	case scheme == "http":
		port = "80"
	case scheme == "https":
		port = "443"
	default:
		return nil, fmt.Errorf("ollama: OLLAMA_HOST %q: the scheme must be http or https", s)
	}
	u, err := url.Parse(s)
	if err != nil || u.Host == "" {
		return nil, fmt.Errorf("ollama: OLLAMA_HOST %q is no address; write it like 127.0.0.1:11434", s)
	}
	host := u.Hostname()
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	if u.Port() != "" {
		port = u.Port()
	}
	u.Host = net.JoinHostPort(host, port)
	return u, nil
}
