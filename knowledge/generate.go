package knowledge

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/llmadvise/llmadvise/knowledge/ground"
)

const (
	maxToolRounds   = 3        // calls of the model in which it may ask for a tool
	maxWithheld     = 8        // sentences withheld, from which on the model is stopped
	maxLooped       = 3        // sentences said again, from which on it is stopped
	loopShare       = 0.6      // of a sentence's pairs of words in an earlier one, from which on it says that again
	maxReplacements = 3        // withheld sentences that are replaced by what the sources say
	maxReply        = 16 << 10 // bytes of a reply; a model that does not stop is stopped there
)

// generate lets the model write the answer, and shows what survives the checks. Where nothing does, or the model fails,
// the answer is composed.
func (j *answering) generate(ctx context.Context) (Answer, error) {
	b := j.base
	leave, err := b.queue.enter(ctx, func(n int) { _ = j.st.Status(ctx, aheadText(n)) })
	if errors.Is(err, ErrBusy) {
		return j.compose(ctx)
	}
	if err != nil {
		return Answer{}, err
	}
	defer leave()
	genCtx, cancel := context.WithTimeout(ctx, b.opts.Timeout)
	defer cancel()

	_ = j.st.Status(ctx, fmt.Sprintf("reading %d sources", len(j.passages)))
	tools := j.tools(genCtx)
	budget := b.gen.ContextTokens() - b.opts.MaxTokens - toolTokens(tools)
	p := buildPrompt(j.q, j.question, j.passages, budget)
	if p.leftOut > 0 {
		b.log.Info("passages left out of the prompt", "count", p.leftOut, "context_tokens", b.gen.ContextTokens())
	}
	j.passages = p.passages
	w := j.newWriter(ctx)
	err = j.converse(genCtx, w, p.messages, tools)
	if ctx.Err() != nil {
		return w.answer(p.leftOut), ctx.Err()
	}
	if w.failed != nil {
		return w.answer(p.leftOut), w.failed // the stream's reader is gone
	}
	if err != nil && !errors.Is(err, errEnough) {
		b.log.Warn("the model failed", "model", b.gen.Model(), "shown", w.shown, "err", err)
	}
	if w.shown == 0 {
		return j.instead(ctx, w, p.leftOut)
	}
	if err := w.complete(); err != nil {
		return w.answer(p.leftOut), err
	}
	err = w.conflicts()
	return w.answer(p.leftOut), err
}

// instead answers where nothing of the model's reply may be shown: it declines where model and evidence both say that
// there is no answer, else composes.
func (j *answering) instead(ctx context.Context, w *writer, leftOut int) (Answer, error) {
	if w.gaveUp && j.evidence < evidenceClear && len(j.q.Facts) == 0 {
		a := j.base.decline(j.passages)
		a.Model, a.Withheld = j.base.gen.Model(), w.withheld
		return a, j.st.Append(ctx, a.Text)
	}
	a, err := j.compose(ctx)
	a.Withheld, a.LeftOut = w.withheld, leftOut
	return a, err
}

// tools returns the tools to offer to the model. For a model that takes none, a tool whose one argument is a text is
// called here with the question, where that asks for a figure.
func (j *answering) tools(ctx context.Context) []Tool {
	if len(j.q.Tools) == 0 {
		return nil
	}
	ok, err := j.base.gen.SupportsTools(ctx)
	if err == nil && ok {
		return j.q.Tools
	}
	if !reNumeric.MatchString(j.question) && len(ground.Quantities(j.question)) == 0 {
		return nil
	}
	for _, t := range j.q.Tools {
		name, _, schema := t.Describe()
		arg := soleText(schema)
		if arg == "" {
			continue
		}
		args, _ := json.Marshal(map[string]string{arg: j.question})
		facts, err := t.Call(ctx, args)
		if err != nil {
			j.base.log.Debug("tool gave nothing", "tool", name, "err", err)
			continue
		}
		j.q.Facts = append(j.q.Facts, facts...)
	}
	return nil
}

// soleText returns the name of a schema's one required property if that is a string, else "".
func soleText(schema []byte) string {
	var s struct {
		Properties map[string]struct{ Type string }
		Required   []string
	}
	if json.Unmarshal(schema, &s) != nil || len(s.Required) != 1 || s.Properties[s.Required[0]].Type != "string" {
		return ""
	}
	return s.Required[0]
}

func toolTokens(ts []Tool) int {
	n := 0
	for _, t := range ts {
		name, desc, schema := t.Describe()
		n += tokens(name + desc + string(schema))
	}
	return n
}

// converse runs the model, and the tools it asks for, until it has written its answer.
func (j *answering) converse(ctx context.Context, w *writer, msgs []Message, tools []Tool) error {
	for round := 0; ; round++ {
		req := GenerateRequest{Messages: msgs, MaxTokens: j.base.opts.MaxTokens}
		if round < maxToolRounds {
			req.Tools = tools
		}
		var calls []ToolCall
		cut := false
		err := j.base.gen.Generate(ctx, req, func(c Piece) error {
			calls, cut = append(calls, c.Calls...), cut || c.Cut
			return w.push(c.Text)
		})
		if err != nil {
			return err
		}
		if len(calls) == 0 || round >= maxToolRounds {
			return w.close(cut)
		}
		msgs = append(msgs, Message{Role: "assistant", Calls: calls})
		for _, call := range calls {
			msgs = append(msgs, Message{Role: "tool", ToolName: call.Name, Content: j.call(ctx, w, tools, call)})
		}
	}
}

// call runs one tool and returns what the model is told. What the tool computed may be quoted from now on.
func (j *answering) call(ctx context.Context, w *writer, tools []Tool, call ToolCall) string {
	for _, t := range tools {
		name, _, _ := t.Describe()
		if name != call.Name {
			continue
		}
		facts, err := t.Call(ctx, call.Args)
		if err != nil {
			return "The tool refused: " + err.Error()
		}
		j.q.Facts = append(j.q.Facts, facts...)
		w.newFacts(j.q.Facts)
		return factsBlock(facts)
	}
	return "There is no tool of that name."
}

// rewrite lets the model make a follow-up stand alone. Its version is taken only if it adds no word that neither the
// thread nor the question holds: a rewriting may not invent.
func (b *Base) rewrite(ctx context.Context, q Question, fallback string) string {
	if len(q.History) == 0 || !elliptical(q.Text) {
		return fallback
	}
	if _, orders := withoutOrders(q.Text); orders > 0 {
		return fallback
	}
	leave, err := b.queue.enter(ctx, nil)
	if err != nil {
		return fallback
	}
	defer leave()
	ctx, cancel := context.WithTimeout(ctx, b.opts.Timeout/3)
	defer cancel()
	msgs := []Message{{Role: "system", Content: "Rewrite the last message of the thread as one question that can be understood without the thread. Use only words of the thread. Do not answer it."}}
	msgs = append(msgs, thread(q.History, 1200)...)
	msgs = append(msgs, Message{Role: "user", Content: "Last message: " + q.Text})
	var out strings.Builder
	err = b.gen.Generate(ctx, GenerateRequest{Messages: msgs, MaxTokens: 80,
		Schema: []byte(`{"type":"object","properties":{"question":{"type":"string"}},"required":["question"]}`)},
		func(c Piece) error {
			if out.WriteString(c.Text); out.Len() > 2000 {
				return errEnough
			}
			return nil
		})
	var reply struct{ Question string }
	if err != nil || json.Unmarshal([]byte(out.String()), &reply) != nil || !b.faithful(reply.Question, q) {
		return fallback
	}
	return strings.TrimSpace(reply.Question)
}

// faithful reports whether a rewriting holds all of the question's terms and none that the thread does not, and can be
// understood without the thread.
func (b *Base) faithful(rewritten string, q Question) bool {
	terms := ground.Terms(rewritten)
	known := ground.Terms(q.Text)
	asked := ground.Terms(q.Text)
	for _, t := range q.History {
		for term := range ground.Terms(t.Text) {
			known[term] = true
		}
	}
	return len(terms) >= 2 && len(rewritten) < 300 && !elliptical(rewritten) && ground.Overlap(terms, known) == 1 &&
		(len(asked) == 0 || ground.Overlap(asked, terms) == 1)
}
