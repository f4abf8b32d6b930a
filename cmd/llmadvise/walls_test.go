package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"strings"
	"testing"
)

const module = "github.com/llmadvise/llmadvise/"

// walls are the imports that may not happen. Each names who (a package or, ending in "/...", a tree), what it must
// not import (an import path, or a tree of them), and why.
var walls = []struct{ who, ban, why string }{
	{"advisor/...", "net", "the engine is pure: its figures depend on its arguments alone"},
	{"advisor/...", "net/http", "the engine is pure: its figures depend on its arguments alone"},
	{"advisor/...", "os", "the engine reads embedded files only"},
	{"advisor/...", "database/sql", "state belongs to bot/store"},
	{"advisor/...", "math/rand", "draws come from a seeded math/rand/v2 source, never from global state"},
	{"advisor/...", module + "bot/...", "figures do not know who asks"},
	{"advisor/...", module + "knowledge/...", "figures come from the engine, prose from the knowledge base; the two do not know each other"},
	{"advisor/...", module + "corpus", "figures come from the catalog, never from prose"},
	{"advisor/...", "github.com/slack-go/...", "Slack is known to bot alone"},
	{"advisor/...", "github.com/ollama/...", "the engine needs no model"},
	{"advisor/...", "github.com/philippgille/...", "retrieval belongs to knowledge/index"},
	{"advisor/quantity", module + "...", "units lie under everything"},
	{"advisor/catalog", module + "advisor/sizing", "facts do not know what is made of them"},
	{"advisor/sizing", module + "advisor/cost", "sizing knows no money"},
	{"advisor/sizing", module + "advisor/pricing", "sizing knows no money"},
	{"advisor/framework", module + "advisor/cost", "the framework judges by rules; advisor holds it against the arithmetic"},
	{"knowledge/...", module + "bot/...", "the knowledge base does not know who asks"},
	{"knowledge/...", module + "advisor/...", "figures come from the engine, prose from the knowledge base; the two do not know each other"},
	{"knowledge/...", "github.com/slack-go/...", "Slack is known to bot alone"},
	{"knowledge", "github.com/philippgille/...", "the vector index is behind the Index port"},
	{"knowledge", "github.com/ollama/...", "the model is behind the Generator port"},
	{"knowledge/index", "github.com/ollama/...", "embeddings come through the Embedder port"},
	{"knowledge/ground", module + "knowledge/index", "a check sees passages, not how they were found"},
	{"corpus", module + "...", "documents do not interpret themselves"},
	{"bot/render", "net/http", "rendering is pure"},
	{"bot/render", module + "bot/store", "rendering is pure"},
	{"bot/render", module + "bot/emulator", "what ships must not depend on the local Slack"},
	{"bot/store", module + "advisor/...", "state is stored, not understood"},
	{"bot/store", module + "knowledge/...", "state is stored, not understood"},
	{"bot/emulator", module + "advisor/...", "the local Slack knows nothing of what the bot says"},
	{"bot/emulator", module + "knowledge/...", "the local Slack knows nothing of what the bot says"},
	{"bot", module + "bot/emulator", "nothing in the bot knows that it is not the real Slack"},
}

func TestImportWalls(t *testing.T) {
	cmd := exec.CommandContext(t.Context(), "go", "list", "-json=ImportPath,Imports", module+"...")
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	dec := json.NewDecoder(bytes.NewReader(out))
	seen := 0
	for {
		var p struct {
			ImportPath string
			Imports    []string
		}
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		seen++
		for _, w := range walls {
			if !matches(module+w.who, p.ImportPath) {
				continue
			}
			for _, imp := range p.Imports {
				if matches(w.ban, imp) {
					t.Errorf("%s imports %s: %s", p.ImportPath, imp, w.why)
				}
			}
		}
	}
	if seen < 10 {
		t.Fatalf("go list named %d packages: the walls were not checked", seen)
	}
}

// matches reports whether path is pattern, or lies in its tree where pattern ends in "/...".
func matches(pattern, path string) bool {
	if tree, ok := strings.CutSuffix(pattern, "..."); ok {
		return strings.HasPrefix(path+"/", tree)
	}
	return path == pattern
}
