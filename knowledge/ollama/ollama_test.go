package ollama

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/llmadvise/llmadvise/knowledge"
)

// fake is an HTTP server that answers with the shapes that Ollama v0.17.4 was recorded with.
type fake struct {
	chat  func(w http.ResponseWriter, req map[string]any)
	embed func(w http.ResponseWriter, req map[string]any)
	caps  []string
	tags  string
}

const tags = `{"models":[{"name":"all-minilm:latest","model":"all-minilm:latest","digest":"1b226e2802dbb772b5fc32a58f103ca1804ef7501331012de126ab22f67475ef","size":45960996},{"name":"small:latest","model":"small:latest","digest":"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef","size":1}]}`

func (f fake) start(t *testing.T, o Options) *Client {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("GET /api/tags", func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, orDefault(f.tags, tags)) })
	mux.HandleFunc("POST /api/show", func(w http.ResponseWriter, r *http.Request) {
		caps, _ := json.Marshal(append([]string{"completion"}, f.caps...))
		fmt.Fprintf(w, `{"details":{"family":"gemma3"},"model_info":{},"capabilities":%s}`, caps)
	})
	mux.HandleFunc("POST /api/chat", func(w http.ResponseWriter, r *http.Request) { f.chat(w, body(t, r)) })
	mux.HandleFunc("POST /api/embed", func(w http.ResponseWriter, r *http.Request) { f.embed(w, body(t, r)) })
	srv := httptest.NewServer(mux)
	t.Cleanup(srv.Close)
	o.Host = srv.URL
	if o.Model == "" {
		o.Model = "small"
	}
	c, err := New(slog.New(slog.DiscardHandler), o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func orDefault(s, d string) string {
	if s == "" {
		return d
	}
	return s
}

func body(t *testing.T, r *http.Request) map[string]any {
	var m map[string]any
	if err := json.NewDecoder(r.Body).Decode(&m); err != nil {
		t.Error(err)
	}
	return m
}

// say writes one line of a chat stream.
func say(w http.ResponseWriter, text string) {
	q, _ := json.Marshal(text)
	fmt.Fprintf(w, `{"model":"small","created_at":"2026-11-23T00:00:00Z","message":{"role":"assistant","content":%s},"done":false}`+"\n", q)
	w.(http.Flusher).Flush()
}

func end(w http.ResponseWriter) {
	io.WriteString(w, `{"model":"small","created_at":"2026-11-23T00:00:00Z","message":{"role":"assistant","content":""},"done":true,"done_reason":"stop","total_duration":1,"prompt_eval_count":10,"eval_count":2}`+"\n")
}

func collect(ctx context.Context, c *Client, req knowledge.GenerateRequest) (string, []knowledge.ToolCall, error) {
	var b strings.Builder
	var calls []knowledge.ToolCall
	err := c.Generator().Generate(ctx, req, func(p knowledge.Piece) error {
		b.WriteString(p.Text)
		calls = append(calls, p.Calls...)
		return nil
	})
	return b.String(), calls, err
}

var hello = knowledge.GenerateRequest{Messages: []knowledge.Message{{Role: "user", Content: "hello"}}, MaxTokens: 50}

func TestGenerateStreams(t *testing.T) {
	var got map[string]any
	c := fake{chat: func(w http.ResponseWriter, req map[string]any) {
		got = req
		say(w, "two to ")
		say(w, "four weeks")
		end(w)
	}}.start(t, Options{NumCtx: 4096})
	text, _, err := collect(t.Context(), c, hello)
	if err != nil || text != "two to four weeks" {
		t.Fatalf("got %q, %v", text, err)
	}
	opts := got["options"].(map[string]any)
	if opts["num_ctx"] != 4096.0 || opts["num_predict"] != 50.0 || got["truncate"] != false || got["shift"] != false {
		t.Errorf("the context window must be asked for and truncation be off: %v", got)
	}
	if got["think"] != nil {
		t.Errorf("a model that cannot think refuses the wish: %v", got["think"])
	}
}

func TestThinkingIsKeptApart(t *testing.T) {
	c := fake{caps: []string{"thinking"}, chat: func(w http.ResponseWriter, req map[string]any) {
		if req["think"] != false {
			t.Errorf("think = %v", req["think"])
		}
		io.WriteString(w, `{"message":{"role":"assistant","content":"","thinking":"hmm"},"done":false}`+"\n")
		say(w, "so")
		end(w)
	}}.start(t, Options{})
	if text, _, err := collect(t.Context(), c, hello); text != "so" || err != nil {
		t.Errorf("got %q, %v", text, err)
	}
}

type adviseTool struct{}

func (adviseTool) Describe() (string, string, []byte) {
	return "advise", "computes costs", []byte(`{"type":"object","properties":{"text":{"type":"string","description":"the workload"}},"required":["text"]}`)
}
func (adviseTool) Call(context.Context, []byte) ([]knowledge.Fact, error) { return nil, nil }

func TestToolCalls(t *testing.T) {
	c := fake{caps: []string{"tools"}, chat: func(w http.ResponseWriter, req map[string]any) {
		fn := req["tools"].([]any)[0].(map[string]any)["function"].(map[string]any)
		if fn["name"] != "advise" || fn["parameters"].(map[string]any)["required"].([]any)[0] != "text" {
			t.Errorf("tool became %v", fn)
		}
		io.WriteString(w, `{"message":{"role":"assistant","content":"","tool_calls":[{"function":{"index":0,"name":"advise","arguments":{"text":"300k queries"}}}]},"done":false}`+"\n")
		end(w)
	}}.start(t, Options{})
	req := hello
	req.Tools = []knowledge.Tool{adviseTool{}}
	_, calls, err := collect(t.Context(), c, req)
	if err != nil || len(calls) != 1 || string(calls[0].Args) != `{"text":"300k queries"}` {
		t.Errorf("got %v, %v", calls, err)
	}
	if ok, err := c.Generator().SupportsTools(t.Context()); !ok || err != nil {
		t.Errorf("SupportsTools = %v, %v", ok, err)
	}
}

func TestGenerateFailures(t *testing.T) {
	status := func(code int, msg string) func(http.ResponseWriter, map[string]any) {
		return func(w http.ResponseWriter, _ map[string]any) {
			w.WriteHeader(code)
			fmt.Fprintf(w, `{"error":%q}`, msg)
		}
	}
	tests := []struct {
		name string
		chat func(http.ResponseWriter, map[string]any)
		is   error
		says string
	}{
		{"model missing", status(404, "model 'small' not found"), ErrModelMissing, "ollama pull small"},
		{"no tools", status(400, "registry.ollama.ai/library/small:latest does not support tools"), nil, "does not take tools"},
		{"context overflow", status(400, "the input length exceeds the context length"), ErrContext, "8192 tokens"},
		{"load failed", status(500, "model requires more system memory (9.1 GiB) than is available (3.2 GiB)"), nil, "more system memory"},
		{"cut mid-way", func(w http.ResponseWriter, _ map[string]any) { say(w, "two to") }, ErrCut, "cut off"},
		{"connection dropped", func(w http.ResponseWriter, _ map[string]any) { say(w, "two to"); panic(http.ErrAbortHandler) }, ErrCut, "cut off"},
		{"error mid-way", func(w http.ResponseWriter, _ map[string]any) {
			say(w, "two")
			io.WriteString(w, `{"error":"an error was encountered while running the model: EOF"}`+"\n")
		}, nil, "encountered"},
		{"garbage", func(w http.ResponseWriter, _ map[string]any) { io.WriteString(w, "<html>proxy</html>\n") }, nil, "<html>"},
		{"endless", func(w http.ResponseWriter, _ map[string]any) {
			for range 2000 {
				say(w, strings.Repeat("x", 1000))
			}
			end(w)
		}, nil, "without an end"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := fake{chat: tt.chat}.start(t, Options{})
			_, _, err := collect(t.Context(), c, hello)
			if err == nil || tt.is != nil && !errors.Is(err, tt.is) || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestEmitStopsTheModel(t *testing.T) {
	stop := errors.New("enough")
	gone := make(chan struct{})
	c := fake{chat: func(w http.ResponseWriter, _ map[string]any) {
		defer close(gone)
		for range 100000 {
			say(w, strings.Repeat("word ", 200))
		}
	}}.start(t, Options{})
	err := c.Generator().Generate(t.Context(), hello, func(knowledge.Piece) error { return stop })
	if !errors.Is(err, stop) {
		t.Errorf("got %v", err)
	}
	<-gone // the server's writes fail once the client has hung up
}

func TestSlowModelEndsWithTheContext(t *testing.T) {
	release := make(chan struct{})
	c := fake{chat: func(w http.ResponseWriter, _ map[string]any) { say(w, "a"); <-release }}.start(t, Options{})
	t.Cleanup(func() { close(release) }) // runs before the server's own cleanup
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, _, err := collect(ctx, c, hello); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}

func TestAvailable(t *testing.T) {
	if err := (fake{}).start(t, Options{}).Generator().Available(t.Context()); err != nil {
		t.Error(err)
	}
	err := fake{}.start(t, Options{Model: "other:1b"}).Generator().Available(t.Context())
	if !errors.Is(err, ErrModelMissing) || !strings.Contains(err.Error(), "ollama pull other:1b") {
		t.Errorf("got %v", err)
	}
	c, err := New(slog.New(slog.DiscardHandler), Options{Host: "127.0.0.1:1"})
	if err != nil {
		t.Fatal(err)
	}
	err = c.Generator().Available(t.Context())
	if !errors.Is(err, ErrUnavailable) || !strings.Contains(err.Error(), "ollama serve") {
		t.Errorf("got %v", err)
	}
}

func TestEmbed(t *testing.T) {
	sizes := []int{}
	c := fake{embed: func(w http.ResponseWriter, req map[string]any) {
		in := req["input"].([]any)
		sizes = append(sizes, len(in))
		vs := make([][]float32, len(in))
		for i := range vs {
			vs[i] = []float32{3, 4}
		}
		json.NewEncoder(w).Encode(map[string]any{"model": "all-minilm", "embeddings": vs})
	}}.start(t, Options{})
	e, err := c.Embedder(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if e.Dims() != 2 || e.DenseWeight() != 0.5 || e.Model() != "ollama/all-minilm@1b226e2802db" {
		t.Errorf("got %d, %v, %s", e.Dims(), e.DenseWeight(), e.Model())
	}
	vs, err := e.Embed(t.Context(), make([]string, 130))
	if err != nil || len(vs) != 130 || math.Abs(float64(vs[129][0])-0.6) > 1e-6 {
		t.Errorf("got %d vectors, %v", len(vs), err)
	}
	if fmt.Sprint(sizes) != "[1 64 64 2]" {
		t.Errorf("batches %v", sizes)
	}
}

func TestEmbedFailures(t *testing.T) {
	for name, reply := range map[string]string{
		"too few":       `{"embeddings":[]}`,
		"no direction":  `{"embeddings":[[0,0]]}`,
		"empty vector":  `{"embeddings":[[]]}`,
		"not the shape": `{"embeddings":"x"}`,
	} {
		c := fake{embed: func(w http.ResponseWriter, _ map[string]any) { io.WriteString(w, reply) }}.start(t, Options{})
		if _, err := c.Embedder(t.Context()); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestParseHost(t *testing.T) {
	tests := []struct{ in, want string }{
		{"", "http://127.0.0.1:11434"},
		{"10.0.0.5", "http://10.0.0.5:11434"},
		{"0.0.0.0:9999", "http://127.0.0.1:9999"},
		{":9999", "http://127.0.0.1:9999"},
		{"https://ollama.corp", "https://ollama.corp:443"},
		{"http://ollama.corp/path", "http://ollama.corp:80/path"},
		{"[::1]:1234", "http://[::1]:1234"},
		{"ftp://x", ""},
		{"http://", ""},
	}
	for _, tt := range tests {
		u, err := parseHost(tt.in)
		if (err != nil) != (tt.want == "") || err == nil && u.String() != tt.want {
			t.Errorf("%q: got %v, %v", tt.in, u, err)
		}
	}
}
