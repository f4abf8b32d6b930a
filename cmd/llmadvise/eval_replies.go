package main

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"sync"

	"github.com/llmadvise/llmadvise/knowledge"
)

// replayed is a model whose replies are kept in a file and taken from it where the very same was asked before. What
// happens to a reply after the model gave it (the checks, the composing) can so be measured again in seconds. Whether
// the model is there is still asked of the model.
type replayed struct {
	knowledge.Generator
	mu    sync.Mutex
	f     *os.File
	known map[string]reply
}

// reply is one reply, in the pieces in which it came.
type reply struct {
	Key    string            `json:"key"`
	Pieces []knowledge.Piece `json:"pieces"`
	// Cut says that the listener had enough before the reply ended: it serves nobody who listens longer.
	Cut bool `json:"cut,omitempty"`
}

// replay opens the replies in path; "" keeps none and returns gen as it is.
func replay(gen knowledge.Generator, path string) (knowledge.Generator, error) {
	if path == "" || gen == nil {
		return gen, nil
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return nil, fmt.Errorf("the replies cannot be kept: %w", err)
	}
	r := &replayed{Generator: gen, f: f, known: make(map[string]reply)}
	sc := bufio.NewScanner(f)
	sc.Buffer(nil, 4<<20)
	for sc.Scan() {
		var one reply
		if json.Unmarshal(sc.Bytes(), &one) == nil { // a line that a kill cut short is asked again
			r.known[one.Key] = one
		}
	}
	return r, sc.Err()
}

// key names what the reply depends on: the model and the whole request.
func (r *replayed) key(req knowledge.GenerateRequest) (string, error) {
	type tool struct {
		Name, Description string
		Schema            []byte
	}
	var tools []tool
	for _, t := range req.Tools {
		name, desc, schema := t.Describe()
		tools = append(tools, tool{name, desc, schema})
	}
	req.Tools = nil
	data, err := json.Marshal(struct {
		Model   string
		Context int
		Request knowledge.GenerateRequest
		Tools   []tool
	}{r.Model(), r.ContextTokens(), req, tools})
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:]), err
}

// Generate gives the kept reply, or asks the model and keeps what it says. A reply that failed is not kept.
func (r *replayed) Generate(ctx context.Context, req knowledge.GenerateRequest, emit func(knowledge.Piece) error) error {
	key, err := r.key(req)
	if err != nil {
		return err
	}
	r.mu.Lock()
	kept, ok := r.known[key]
	r.mu.Unlock()
	if ok {
		return r.again(ctx, kept, req, emit)
	}
	return r.ask(ctx, key, req, emit)
}

// again gives a kept reply. Where that was cut and the listener wants more, the model is asked for the whole, and what
// was given already is passed over.
func (r *replayed) again(ctx context.Context, kept reply, req knowledge.GenerateRequest, emit func(knowledge.Piece) error) error {
	for _, p := range kept.Pieces {
		if err := emit(p); err != nil {
			return err
		}
	}
	if !kept.Cut {
		return nil
	}
	given := 0
	return r.ask(ctx, kept.Key, req, func(p knowledge.Piece) error {
		if given++; given <= len(kept.Pieces) {
			return nil
		}
		return emit(p)
	})
}

func (r *replayed) ask(ctx context.Context, key string, req knowledge.GenerateRequest, emit func(knowledge.Piece) error) error {
	got := reply{Key: key}
	var enough error
	err := r.Generator.Generate(ctx, req, func(p knowledge.Piece) error {
		got.Pieces = append(got.Pieces, p)
		enough = emit(p)
		return enough
	})
	got.Cut = enough != nil
	if err != nil && !got.Cut || ctx.Err() != nil {
		return err
	}
	return errors.Join(err, r.keep(got))
}

func (r *replayed) keep(one reply) error {
	line, err := json.Marshal(one)
	if err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.known[one.Key] = one
	_, err = r.f.Write(append(line, '\n'))
	return err
}
