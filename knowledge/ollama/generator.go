package ollama

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/ollama/ollama/api"
	"github.com/ollama/ollama/types/model"

	"github.com/llmadvise/llmadvise/knowledge"
)

// maxReply bounds the text of one reply, in bytes, thoughts included: a model that never stops is stopped there.
const maxReply = 256 << 10

// Generator is the chat model of a Client.
type Generator struct{ c *Client }

var _ knowledge.Generator = (*Generator)(nil)

// Generator returns the client's chat model.
func (c *Client) Generator() *Generator { return &Generator{c} }

// Model names the model in use.
func (g *Generator) Model() string {
	g.c.mu.Lock()
	defer g.c.mu.Unlock()
	switch {
	case g.c.opts.Model != "":
		return g.c.opts.Model
	case g.c.model != "":
		return g.c.model
	}
	return DefaultModel
}

// ContextTokens is the context window that every request asks for.
func (g *Generator) ContextTokens() int { return g.c.opts.NumCtx }

// Available returns nil where server and model are there, else an error that says what to do.
func (g *Generator) Available(ctx context.Context) error {
	list, err := g.c.api.List(ctx)
	if err != nil {
		return g.c.explain(err, g.Model())
	}
	if g.c.opts.Model == "" {
		g.choose(list)
	}
	if want := g.Model(); !installed(list, want) {
		return fmt.Errorf("%w: %s; run: ollama pull %s", ErrModelMissing, want, want)
	}
	return nil
}

// choose takes the default model where it is installed, else the first that is not an embedding model.
func (g *Generator) choose(list *api.ListResponse) {
	pick := DefaultModel
	if !installed(list, pick) {
		for _, m := range list.Models {
			if !strings.Contains(m.Name, "embed") && !strings.Contains(m.Name, "minilm") && !strings.Contains(m.Name, "bge") {
				pick = m.Name
				break
			}
		}
	}
	g.c.mu.Lock()
	g.c.model = pick
	g.c.mu.Unlock()
}

func installed(list *api.ListResponse, name string) bool {
	return slices.ContainsFunc(list.Models, func(m api.ListModelResponse) bool {
		return strings.EqualFold(strings.TrimSuffix(m.Name, ":latest"), strings.TrimSuffix(name, ":latest"))
	})
}

// SupportsTools reports whether the model's template takes tools.
func (g *Generator) SupportsTools(ctx context.Context) (bool, error) {
	return g.c.can(ctx, g.Model(), model.CapabilityTools)
}

// can reports a model's capability; the server's answer is remembered.
func (c *Client) can(ctx context.Context, name string, what model.Capability) (bool, error) {
	c.mu.Lock()
	show, ok := c.capabilities[name]
	c.mu.Unlock()
	if !ok {
		resp, err := c.api.Show(ctx, &api.ShowRequest{Model: name})
		if err != nil {
			return false, c.explain(err, name)
		}
		show = *resp
		c.mu.Lock()
		c.capabilities[name] = show
		c.mu.Unlock()
	}
	return slices.Contains(show.Capabilities, what), nil
}

// Generate streams the model's reply to emit. The context window is always asked for and truncation switched off, so a
// prompt that does not fit is an error that wraps [ErrContext] and never a prompt cut in silence. A stream that ends
// before the model was done wraps [ErrCut].
func (g *Generator) Generate(ctx context.Context, req knowledge.GenerateRequest, emit func(knowledge.Piece) error) error {
	creq, err := g.request(ctx, req)
	if err != nil {
		return err
	}
	done, read := false, 0
	var failed error
	err = g.c.api.Chat(ctx, creq, func(r api.ChatResponse) error {
		done = done || r.Done
		if read += len(r.Message.Content) + len(r.Message.Thinking); read > maxReply {
			failed = fmt.Errorf("ollama: %s wrote more than %d bytes without an end", creq.Model, maxReply)
			return failed
		}
		chunk := knowledge.Piece{Text: r.Message.Content, Thinking: r.Message.Thinking, Done: r.Done, Cut: r.Done && r.DoneReason == "length"}
		for _, call := range r.Message.ToolCalls {
			args, err := json.Marshal(call.Function.Arguments)
			if err != nil {
				failed = fmt.Errorf("ollama: tool call of %s: %w", call.Function.Name, err)
				return failed
			}
			chunk.Calls = append(chunk.Calls, knowledge.ToolCall{Name: call.Function.Name, Args: args})
		}
		failed = emit(chunk)
		return failed
	})
	switch {
	case failed != nil:
		return failed
	case err != nil:
		return g.c.explain(err, creq.Model)
	case ctx.Err() != nil:
		return ctx.Err()
	case !done:
		return fmt.Errorf("ollama: %w before its end; the server stopped, or the model said one thing over and over", ErrCut)
	}
	return nil
}

func (g *Generator) request(ctx context.Context, req knowledge.GenerateRequest) (*api.ChatRequest, error) {
	no := false
	out := &api.ChatRequest{
		Model: g.Model(), KeepAlive: &api.Duration{Duration: g.c.opts.KeepAlive}, Truncate: &no, Shift: &no,
		Options: map[string]any{"num_ctx": g.c.opts.NumCtx, "temperature": req.Temperature, "seed": 1},
	}
	if req.MaxTokens > 0 {
		out.Options["num_predict"] = req.MaxTokens
	}
	if len(req.Schema) > 0 {
		out.Format = json.RawMessage(req.Schema)
	}
	// A model that cannot think refuses the wish, so only one that can hears of it.
	if ok, err := g.c.can(ctx, out.Model, model.CapabilityThinking); err == nil && ok {
		out.Think = &api.ThinkValue{Value: g.c.opts.Think}
	}
	for _, m := range req.Messages {
		msg := api.Message{Role: m.Role, Content: m.Content, ToolName: m.ToolName}
		for _, call := range m.Calls {
			var args api.ToolCallFunctionArguments
			if err := json.Unmarshal(call.Args, &args); err != nil {
				return nil, fmt.Errorf("ollama: arguments of %s: %w", call.Name, err)
			}
			msg.ToolCalls = append(msg.ToolCalls, api.ToolCall{Function: api.ToolCallFunction{Name: call.Name, Arguments: args}})
		}
		out.Messages = append(out.Messages, msg)
	}
	for _, t := range req.Tools {
		name, desc, schema := t.Describe()
		tool := api.Tool{Type: "function", Function: api.ToolFunction{Name: name, Description: desc}}
		if err := json.Unmarshal(schema, &tool.Function.Parameters); err != nil {
			return nil, fmt.Errorf("ollama: schema of tool %s: %w", name, err)
		}
		out.Tools = append(out.Tools, tool)
	}
	return out, nil
}

// explain turns an error of the client library into one that says what to do.
func (c *Client) explain(err error, name string) error {
	var status api.StatusError
	if errors.As(err, &status) {
		msg := status.ErrorMessage
		switch {
		case status.StatusCode == http.StatusNotFound && strings.Contains(msg, "not found"):
			return fmt.Errorf("%w: %s; run: ollama pull %s", ErrModelMissing, name, name)
		case strings.Contains(msg, "does not support tools"):
			return fmt.Errorf("ollama: %s does not take tools; choose a model that does, such as %s", name, DefaultModel)
		case strings.Contains(msg, "context length") || strings.Contains(msg, "exceeds") && strings.Contains(msg, "context"):
			return fmt.Errorf("ollama: %w of %d tokens: %s", ErrContext, c.opts.NumCtx, msg)
		}
		return fmt.Errorf("ollama: %s answered %d: %s", c.base.Host, status.StatusCode, msg)
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, errTooLong) {
		return fmt.Errorf("ollama: %s: %w", c.base.Host, err)
	}
	if isNetwork(err) {
		return fmt.Errorf("%w at %s (%w); start it with: ollama serve, or set OLLAMA_HOST", ErrUnavailable, c.base.Host, err)
	}
	return fmt.Errorf("ollama: %s: %w", c.base.Host, err)
}
