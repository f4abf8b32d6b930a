//go:build realollama

package realollama_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"math"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/llmadvise/llmadvise/corpus"
	"github.com/llmadvise/llmadvise/knowledge"
	"github.com/llmadvise/llmadvise/knowledge/embed"
	"github.com/llmadvise/llmadvise/knowledge/evaluate"
	"github.com/llmadvise/llmadvise/knowledge/index"
	"github.com/llmadvise/llmadvise/knowledge/ingest"
	"github.com/llmadvise/llmadvise/knowledge/ollama"
)

// fixture is where build.sh put the server and the models; missing says why there is none.
var fixture, missing string

func TestMain(m *testing.M) {
	cmd := exec.Command("bash", "build.sh")
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	var exit *exec.ExitError
	switch {
	case err == nil:
		fixture = strings.TrimSpace(out.String())
	case errors.As(err, &exit) && exit.ExitCode() == 3:
		missing = strings.TrimSpace(errs.String())
	default:
		fmt.Fprintf(os.Stderr, "build.sh: %v\n%s", err, errs.String())
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// The models that the tests create: one whose template takes tools, one whose template does not.
const (
	toolModel  = "tiny-tools"
	plainModel = "tiny-plain"
	embedModel = "tiny-embed"
)

const plainTemplate = `TEMPLATE """{{ range .Messages }}{{ .Role }}: {{ .Content }}
{{ end }}assistant: """
PARAMETER stop "user:"
PARAMETER stop "system:"
`

const toolTemplate = `TEMPLATE """{{ if .Tools }}Tools: {{ .Tools }}
{{ end }}{{ range .Messages }}{{ .Role }}: {{ .Content }}
{{ end }}assistant: """
PARAMETER stop "user:"
PARAMETER stop "system:"
`

// server is a running Ollama.
type server struct {
	url string
	cmd *exec.Cmd
}

// start runs a server with the three models, on a port of its own.
func start(t *testing.T) *server {
	t.Helper()
	if missing != "" {
		t.Skip("no real Ollama here: " + missing)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	l.Close()
	home := t.TempDir()
	env := append(os.Environ(), "OLLAMA_HOST="+addr, "OLLAMA_MODELS="+filepath.Join(home, "models"), "HOME="+home, "OLLAMA_NUM_PARALLEL=1")
	s := &server{url: "http://" + addr, cmd: exec.Command(filepath.Join(fixture, "ollama"), "serve")}
	s.cmd.Env = env
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	logs, err := os.Create(filepath.Join(home, "serve.log"))
	if err != nil {
		t.Fatal(err)
	}
	s.cmd.Stdout, s.cmd.Stderr = logs, logs
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		s.kill()
		_ = s.cmd.Wait()
		logs.Close()
	})
	s.wait(t)
	for name, file := range map[string]string{
		toolModel:  "FROM " + filepath.Join(fixture, "gguf", "gemma3-270m.gguf") + "\n" + toolTemplate,
		plainModel: "FROM " + filepath.Join(fixture, "gguf", "gemma3-270m.gguf") + "\n" + plainTemplate,
		embedModel: "FROM " + filepath.Join(fixture, "gguf", "minilm.gguf") + "\n",
	} {
		path := filepath.Join(home, name)
		if err := os.WriteFile(path, []byte(file), 0o600); err != nil {
			t.Fatal(err)
		}
		create := exec.Command(filepath.Join(fixture, "ollama"), "create", name, "-f", path)
		create.Env = env
		if out, err := create.CombinedOutput(); err != nil {
			t.Fatalf("ollama create %s: %v\n%s", name, err, out)
		}
	}
	return s
}

// kill ends the server and the runners that it started, which outlive it otherwise and keep their models in memory.
func (s *server) kill() { _ = syscall.Kill(-s.cmd.Process.Pid, syscall.SIGKILL) }

// wait asks for the version until the server answers.
func (s *server) wait(t *testing.T) {
	t.Helper()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for range 600 {
		if res, err := http.Get(s.url + "/api/version"); err == nil {
			res.Body.Close()
			return
		}
		<-tick.C
	}
	t.Fatal("the server did not start")
}

func (s *server) client(t *testing.T, model string, numCtx int) *ollama.Client {
	t.Helper()
	c, err := ollama.New(slog.New(slog.DiscardHandler), ollama.Options{Host: s.url, Model: model, EmbedModel: embedModel, NumCtx: numCtx})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func ask(prompt string) knowledge.GenerateRequest {
	return knowledge.GenerateRequest{Messages: []knowledge.Message{{Role: "user", Content: prompt}}, MaxTokens: 24}
}

func TestOneServer(t *testing.T) {
	s := start(t)
	t.Run("available", func(t *testing.T) {
		if err := s.client(t, plainModel, 1024).Generator().Available(t.Context()); err != nil {
			t.Error(err)
		}
	})
	t.Run("streaming", func(t *testing.T) {
		pieces, text, done := 0, "", false
		err := s.client(t, plainModel, 1024).Generator().Generate(t.Context(), ask("The capital of France is"), func(p knowledge.Piece) error {
			pieces, text, done = pieces+1, text+p.Text, done || p.Done
			return nil
		})
		if err != nil || pieces < 2 || text == "" || !done {
			t.Errorf("%d pieces, %q, done %v, %v", pieces, text, done, err)
		}
	})
	t.Run("stopping early ends the generation", func(t *testing.T) {
		enough := errors.New("enough")
		err := s.client(t, plainModel, 1024).Generator().Generate(t.Context(), ask("Count: one, two, three,"), func(knowledge.Piece) error { return enough })
		if !errors.Is(err, enough) {
			t.Errorf("err = %v", err)
		}
	})
	t.Run("tools by template", func(t *testing.T) {
		for model, want := range map[string]bool{toolModel: true, plainModel: false} {
			if got, err := s.client(t, model, 1024).Generator().SupportsTools(t.Context()); got != want || err != nil {
				t.Errorf("%s: %v, %v", model, got, err)
			}
		}
		req := ask("How much?")
		req.Tools = []knowledge.Tool{priceTool{}}
		if err := s.client(t, toolModel, 1024).Generator().Generate(t.Context(), req, func(knowledge.Piece) error { return nil }); err != nil {
			t.Errorf("a model that takes tools: %v", err)
		}
		err := s.client(t, plainModel, 1024).Generator().Generate(t.Context(), req, func(knowledge.Piece) error { return nil })
		if err == nil || !strings.Contains(err.Error(), "does not take tools") {
			t.Errorf("a model that takes none: %v", err)
		}
	})
	t.Run("structured output", func(t *testing.T) {
		req := ask("300k queries, HIPAA")
		req.MaxTokens = 64
		req.Schema = []byte(`{"type":"object","properties":{"regulated":{"type":"boolean"},"level":{"type":"string","enum":["low","high"]}},"required":["regulated","level"]}`)
		text := ""
		err := s.client(t, plainModel, 1024).Generator().Generate(t.Context(), req, func(p knowledge.Piece) error { text += p.Text; return nil })
		var v struct {
			Regulated *bool  `json:"regulated"`
			Level     string `json:"level"`
		}
		if err != nil || json.Unmarshal([]byte(text), &v) != nil || v.Regulated == nil || (v.Level != "low" && v.Level != "high") {
			t.Errorf("%q, %v", text, err)
		}
	})
	t.Run("embeddings", func(t *testing.T) { embeddings(t, s) })
	t.Run("model missing", func(t *testing.T) {
		g := s.client(t, "no-such-model", 1024).Generator()
		err := g.Generate(t.Context(), ask("x"), func(knowledge.Piece) error { return nil })
		if !errors.Is(err, ollama.ErrModelMissing) || !strings.Contains(err.Error(), "ollama pull") {
			t.Errorf("err = %v", err)
		}
	})
	t.Run("context overflow is an error, not a cut prompt", func(t *testing.T) {
		err := s.client(t, plainModel, 256).Generator().Generate(t.Context(), ask(strings.Repeat("one word after another and so on ", 200)), func(knowledge.Piece) error { return nil })
		if !errors.Is(err, ollama.ErrContext) {
			t.Errorf("err = %v", err)
		}
	})
	t.Run("cancel", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		req := ask("Once upon a time")
		req.MaxTokens = 400
		err := s.client(t, plainModel, 1024).Generator().Generate(ctx, req, func(knowledge.Piece) error { cancel(); return nil })
		if !errors.Is(err, context.Canceled) {
			t.Errorf("err = %v", err)
		}
	})
}

func embeddings(t *testing.T, s *server) {
	e, err := s.client(t, plainModel, 1024).Embedder(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	v, err := e.Embed(t.Context(), []string{"the price of a rented accelerator", "what a GPU costs by the hour", "a recipe for apple pie"})
	if err != nil || e.Dims() != 384 || len(v) != 3 {
		t.Fatalf("%d vectors of %d, %v", len(v), e.Dims(), err)
	}
	dot := func(a, b []float32) (sum float64) {
		for i := range a {
			sum += float64(a[i]) * float64(b[i])
		}
		return sum
	}
	if n := dot(v[0], v[0]); math.Abs(n-1) > 1e-3 {
		t.Errorf("length %v, want 1", n)
	}
	if dot(v[0], v[1]) <= dot(v[0], v[2]) {
		t.Error("two ways to ask for a price are further apart than a price and a pie")
	}
}

type priceTool struct{}

func (priceTool) Describe() (string, string, []byte) {
	return "price", "the price of a workload", []byte(`{"type":"object","properties":{"workload":{"type":"string"}},"required":["workload"]}`)
}
func (priceTool) Call(context.Context, []byte) ([]knowledge.Fact, error) { return nil, nil }

func TestServerKilledMidStream(t *testing.T) {
	s := start(t)
	req := ask("Tell me a long story.")
	req.MaxTokens = 500
	err := s.client(t, plainModel, 1024).Generator().Generate(t.Context(), req, func(knowledge.Piece) error {
		s.kill()
		return nil
	})
	if err == nil {
		t.Fatal("the server was killed, and the reply counts as whole")
	}
	t.Log(err)
	if err := s.client(t, plainModel, 1024).Generator().Available(t.Context()); !errors.Is(err, ollama.ErrUnavailable) {
		t.Errorf("after the kill: %v", err)
	}
}

// TestNoInventedNumberReachesTheUser answers the built-in questions with a model that invents numbers: every one of
// them is withheld. All questions with LLMADVISE_OLLAMA_FULL=1, else a sample.
func TestNoInventedNumberReachesTheUser(t *testing.T) {
	s := start(t)
	qs, err := corpus.Questions()
	if err != nil {
		t.Fatal(err)
	}
	step := 8
	if os.Getenv("LLMADVISE_OLLAMA_FULL") != "" {
		step = 1
	}
	var sample []corpus.Question
	for i := 0; i < len(qs); i += step {
		sample = append(sample, qs[i])
	}
	log := slog.New(slog.DiscardHandler)
	emb, err := s.client(t, plainModel, 2048).Embedder(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ix, err := index.Open(t.Context(), log, "", emb, index.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer ix.Close()
	docs := ingest.Walk(corpus.Docs(), "corpus", func(p ingest.Problem) { t.Errorf("%s: %v", p.Name, p.Err) })
	if _, err := ix.Sync(t.Context(), "corpus", "", docs, nil); err != nil {
		t.Fatal(err)
	}
	judge, err := embed.Default()
	if err != nil {
		t.Fatal(err)
	}
	found, err := evaluate.Find(t.Context(), knowledge.New(log, ix, nil, knowledge.Options{}), qs)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("retrieval with the real embedder, %d questions: %+v", len(qs), found)
	base := knowledge.New(log, ix, s.client(t, plainModel, 4096).Generator(), knowledge.Options{Embedder: judge, MaxTokens: 80})
	r, err := evaluate.Answer(t.Context(), base, sample, func(id string) string {
		data, _ := fs.ReadFile(corpus.Docs(), strings.TrimPrefix(id, "corpus/")+".md")
		return string(data)
	})
	if err != nil {
		t.Fatal(err)
	}
	misses := r.Misses
	r.Misses = nil
	t.Logf("%d questions: %+v", len(sample), r)
	if r.Ungrounded > 0 {
		t.Errorf("%d of %d numbers stand in no cited document: %+v", r.Ungrounded, r.Numbers, misses)
	}
	if r.Withheld == 0 {
		t.Error("nothing was withheld: the model was not asked, or the check sees nothing")
	}
}
