package main

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/llmadvise/llmadvise/knowledge"
)

// talker is a model that says its words one by one and counts how often it is asked.
type talker struct {
	words []string
	asked int
	err   error
}

func (m *talker) Generate(_ context.Context, req knowledge.GenerateRequest, emit func(knowledge.Piece) error) error {
	m.asked++
	for _, w := range m.words {
		if err := emit(knowledge.Piece{Text: w + " to " + req.Messages[0].Content + ". "}); err != nil {
			return err
		}
	}
	return m.err
}
func (*talker) Model() string                               { return "talker" }
func (*talker) SupportsTools(context.Context) (bool, error) { return false, nil }
func (*talker) Available(context.Context) error             { return nil }
func (*talker) ContextTokens() int                          { return 2048 }

// say returns what gen says to name; the listener leaves after n pieces, never for 0.
func say(t *testing.T, gen knowledge.Generator, name string, n int) string {
	t.Helper()
	var b strings.Builder
	heard := 0
	leave := errors.New("enough")
	err := gen.Generate(t.Context(), knowledge.GenerateRequest{Messages: []knowledge.Message{{Role: "user", Content: name}}}, func(p knowledge.Piece) error {
		b.WriteString(p.Text)
		if heard++; heard == n {
			return leave
		}
		return nil
	})
	if err != nil && !errors.Is(err, leave) {
		b.WriteString("error: " + err.Error())
	}
	return b.String()
}

func TestRepliesAreTakenFromTheirFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "replies.jsonl")
	open := func(m *talker) knowledge.Generator {
		gen, err := replay(m, path)
		if err != nil {
			t.Fatal(err)
		}
		return gen
	}
	first := &talker{words: []string{"good day", "and more", "and most"}}
	gen := open(first)
	whole := say(t, gen, "Ann", 0)
	if cut := say(t, gen, "Bob", 1); cut != "good day to Bob. " {
		t.Fatalf("cut reply %q", cut)
	}

	// Another run: the whole reply is taken, the cut one only as far as it goes.
	second := &talker{words: first.words}
	gen = open(second)
	if again := say(t, gen, "Ann", 0); again != whole || second.asked != 0 {
		t.Errorf("%q after %q, asked %d times: want the kept reply and the model left in peace", again, whole, second.asked)
	}
	if again := say(t, gen, "Bob", 1); again != "good day to Bob. " || second.asked != 0 {
		t.Errorf("%q, asked %d times: a listener who leaves as early needs no more", again, second.asked)
	}
	if again := say(t, gen, "Bob", 0); again != strings.ReplaceAll(whole, "Ann", "Bob") || second.asked != 1 {
		t.Errorf("%q, asked %d times: want the rest asked for, and nothing said twice", again, second.asked)
	}
	if again := say(t, gen, "Cy", 0); !strings.Contains(again, "Cy") || second.asked != 2 {
		t.Errorf("%q, asked %d times: want another question asked", again, second.asked)
	}

	// A model that fails leaves nothing behind.
	broken := &talker{words: []string{"I will"}, err: errors.New("server gone")}
	if got := say(t, open(broken), "Dee", 0); !strings.Contains(got, "server gone") {
		t.Errorf("%q: want the error", got)
	}
	third := &talker{words: first.words}
	if got := say(t, open(third), "Dee", 0); third.asked != 1 || strings.Contains(got, "I will") {
		t.Errorf("%q, asked %d times: a failed reply was kept", got, third.asked)
	}
}
