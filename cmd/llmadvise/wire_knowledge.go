package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"time"

	"github.com/llmadvise/llmadvise/corpus"
	"github.com/llmadvise/llmadvise/knowledge"
	"github.com/llmadvise/llmadvise/knowledge/embed"
	"github.com/llmadvise/llmadvise/knowledge/index"
	"github.com/llmadvise/llmadvise/knowledge/ingest"
	"github.com/llmadvise/llmadvise/knowledge/ollama"
)

// corpusSource names the built-in documents among the sources of the index.
const corpusSource = "corpus"

// ollamaFlags choose the local model; every command that answers or embeds has them.
type ollamaFlags struct {
	OllamaHost       string `help:"Ollama server." env:"OLLAMA_HOST" placeholder:"URL"`
	OllamaModel      string `help:"Chat model." env:"LLMADVISE_OLLAMA_MODEL" placeholder:"NAME"`
	OllamaEmbedModel string `help:"Embedding model." env:"LLMADVISE_OLLAMA_EMBED_MODEL" placeholder:"NAME"`
	OllamaNumCtx     int    `help:"Context window that the chat model is asked for, in tokens (0: 8192)." env:"LLMADVISE_OLLAMA_NUM_CTX" placeholder:"N"`
	Rerank           bool   `help:"Let the chat model put the first 20 passages found in order. Seconds a question; off unless asked for." env:"LLMADVISE_RERANK"`
	NoOllama         bool   `help:"Do not look for Ollama: compose answers, use the built-in embeddings." env:"LLMADVISE_NO_OLLAMA"`
}

func (f ollamaFlags) client(log *slog.Logger) (*ollama.Client, error) {
	return ollama.New(log, ollama.Options{Host: f.OllamaHost, Model: f.OllamaModel, EmbedModel: f.OllamaEmbedModel, NumCtx: f.OllamaNumCtx})
}

// knowledgeBase is the opened knowledge base with what it stands on.
type knowledgeBase struct {
	base     *knowledge.Base
	index    *index.Index
	embedder knowledge.Embedder
}

func (k *knowledgeBase) Close() error { return k.index.Close() }

// openKnowledge opens the index in the data folder, with the built-in documents brought up to date, and puts the local
// model in front of it where it answers. Beside a running bot the index is opened for reading alone.
func openKnowledge(ctx context.Context, a *app, f ollamaFlags) (*knowledgeBase, error) {
	dir := knowledgeDir(a)
	gen, emb, err := models(ctx, a.log, dir, f)
	if err != nil {
		return nil, err
	}
	ix, err := index.Open(ctx, a.log, dir, emb, index.Options{})
	if errors.Is(err, index.ErrLocked) {
		a.log.Debug("another process writes the index: opening it for reading")
		ix, err = index.Open(ctx, a.log, dir, emb, index.Options{ReadOnly: true})
	}
	if err != nil {
		return nil, err
	}
	if !ix.Info().ReadOnly {
		if err := syncCorpus(ctx, ix); err != nil {
			if _, gone := emb.(absent); !gone {
				ix.Close()
				return nil, fmt.Errorf("built-in documents: %w", err)
			}
			a.log.Warn("the built-in documents could not be brought up to date", "err", err)
		}
	}
	return &knowledgeBase{base: knowledge.New(a.log, f.ranked(a.log, ix, gen), gen, knowledge.Options{Embedder: sentenceJudge(emb)}), index: ix, embedder: emb}, nil
}

// rerankTimeout is what a person waits at the most for a better order.
const rerankTimeout = 10 * time.Second

// ranked puts the chat model behind the index where that is asked for.
func (f ollamaFlags) ranked(log *slog.Logger, ix knowledge.Index, gen knowledge.Generator) knowledge.Index {
	if !f.Rerank || gen == nil {
		return ix
	}
	return knowledge.NewReranked(log, ix, gen, rerankTimeout)
}

func knowledgeDir(a *app) string { return filepath.Join(a.dataDir, "knowledge") }

// models chooses generator and embedder. The generator is looked for at each question, so a server that comes later is
// used; the embedder is bound to the index: one that was built with Ollama's keeps it, and searches by words alone
// while the server is away, so that an outage never causes everything to be embedded again.
func models(ctx context.Context, log *slog.Logger, dir string, f ollamaFlags) (knowledge.Generator, knowledge.Embedder, error) {
	static, err := embed.Default()
	if err != nil {
		return nil, nil, err
	}
	if f.NoOllama {
		return nil, static, nil
	}
	client, err := f.client(log)
	if err != nil {
		return nil, nil, usageError{err}
	}
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	if e, err := client.Embedder(ctx); err == nil {
		return client.Generator(), embed.NewCache(e, 0), nil // a question asked again costs no call
	}
	if model, dims, ok := index.BuiltWith(dir); ok && strings.HasPrefix(model, "ollama/") {
		log.Warn("Ollama does not answer: searching by words alone until it does", "index", model)
		return client.Generator(), absent{model, dims}, nil
	}
	return client.Generator(), static, nil
}

// sentenceJudge is the embedder that judges single sentences: the built-in one, which costs microseconds, whatever the
// index uses.
func sentenceJudge(emb knowledge.Embedder) knowledge.Embedder {
	if static, err := embed.Default(); err == nil {
		return static
	}
	return emb
}

// absent stands for an embedding model whose server is away.
type absent struct {
	model string
	dims  int
}

func (a absent) Embed(context.Context, []string) ([][]float32, error) {
	return nil, fmt.Errorf("%s: %w", a.model, ollama.ErrUnavailable)
}
func (a absent) Model() string        { return a.model }
func (a absent) Dims() int            { return a.dims }
func (a absent) DenseWeight() float64 { return 0 }

// syncCorpus takes the embedded documents in; unchanged ones cost a hash each.
func syncCorpus(ctx context.Context, ix *index.Index) error {
	var bad []error
	docs := ingest.Walk(corpus.Docs(), "corpus", func(p ingest.Problem) { bad = append(bad, fmt.Errorf("%s: %w", p.Name, p.Err)) })
	if _, err := ix.Sync(ctx, corpusSource, "", docs, nil); err != nil {
		return err
	}
	return errors.Join(bad...)
}
