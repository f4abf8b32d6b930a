package emulator

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Surface is where blocks are shown.
type Surface string

// The surfaces of Block Kit.
const (
	SurfaceMessage Surface = "message"
	SurfaceModal   Surface = "modal"
	SurfaceHome    Surface = "home"
)

// Problem is one thing that Slack would refuse, with a JSON pointer to it.
type Problem struct{ Pointer, Text string }

// BlockError says why Slack would refuse a message's or view's blocks.
type BlockError struct {
	// Code is the API's error: invalid_blocks, msg_blocks_too_long, invalid_attachments or invalid_arguments (views).
	Code     string
	Problems []Problem
}

func (e *BlockError) Error() string { return e.Code + ": " + strings.Join(e.texts(), "; ") }

// texts are the problems as the errors field of an answer has them.
func (e *BlockError) texts() []string {
	out := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		out[i] = fmt.Sprintf("%s [json-pointer:%s]", p.Text, p.Pointer)
	}
	return out
}

// messages are the problems as response_metadata.messages has them.
func (e *BlockError) messages() []string {
	out := e.texts()
	for i := range out {
		out[i] = "[ERROR] " + out[i]
	}
	return out
}

// Limits of whole messages and views, in blocks and characters.
//
// Source: https://docs.slack.dev/reference/block-kit/blocks; maxBlockChars was observed at about 13,200 where markdown blocks
// are among them and is set to that.
const (
	maxMessageBlocks = 50
	maxViewBlocks    = 100
	maxBlockChars    = 13200
	maxTableChars    = 10000
	maxDataChars     = 20000
	maxCharts        = 2
)

// ValidateMessage checks a message's blocks, a JSON array, as Slack does for the given surface. Nil means that Slack
// would take them; otherwise the error is a [*BlockError].
func ValidateMessage(blocks json.RawMessage, surface Surface) error {
	var list []any
	if err := json.Unmarshal(blocks, &list); err != nil {
		return &BlockError{Code: "invalid_blocks_format", Problems: []Problem{{"/blocks", "must be an array of blocks"}}}
	}
	k := &checker{surface: surface, ids: map[string]bool{}}
	limit := maxViewBlocks
	if surface == SurfaceMessage {
		limit = maxMessageBlocks
	}
	if len(list) > limit {
		k.complain("/blocks", "no more than %d items allowed", limit)
	}
	for i, b := range list {
		k.block(fmt.Sprintf("/blocks/%d", i), b, nil)
	}
	k.totals()
	if len(k.problems) == 0 {
		return nil
	}
	code := "invalid_blocks"
	if k.code != "" {
		code = k.code
	}
	return &BlockError{Code: code, Problems: k.problems}
}

// ValidateView checks a modal or App Home as given to views.open, views.push, views.update or views.publish.
func ValidateView(view json.RawMessage) error {
	k := &checker{ids: map[string]bool{}}
	var v map[string]any
	if err := json.Unmarshal(view, &v); err != nil {
		k.complain("/view", "must be a view object")
		return k.viewError()
	}
	if len(view) > maxViewBytes {
		return &BlockError{Code: "view_too_large", Problems: []Problem{{"/view", "view is greater than 250kb"}}}
	}
	shape := viewShapes[str(v["type"])]
	if shape == nil {
		k.complain("/view/type", "unsupported type: %v", v["type"])
		return k.viewError()
	}
	k.surface = Surface(str(v["type"]))
	k.fields("/view", v, shape)
	hasInput := false
	for i, b := range list(v["blocks"]) {
		k.block(fmt.Sprintf("/view/blocks/%d", i), b, nil)
		if m, ok := b.(map[string]any); ok && m["type"] == "input" {
			hasInput = true
		}
	}
	if hasInput && k.surface == SurfaceModal && v["submit"] == nil {
		k.complain("/view", "missing required field: submit (a modal with an input block needs it)")
	}
	k.totals()
	return k.viewError()
}

func (k *checker) viewError() error {
	if len(k.problems) == 0 {
		return nil
	}
	return &BlockError{Code: "invalid_arguments", Problems: k.problems}
}

// checker collects what is wrong.
type checker struct {
	surface  Surface
	problems []Problem
	code     string // set where Slack has a code of its own

	ids          map[string]bool // block ids
	actions      map[string]bool // action ids of the current block
	chars        int             // of all blocks' text
	markdown     int             // characters in markdown blocks
	hasMarkdown  bool
	tables, data int
	tableChars   int
	charts       int
	focusOnLoad  int
}

func (k *checker) complain(at, format string, args ...any) {
	k.problems = append(k.problems, Problem{at, fmt.Sprintf(format, args...)})
}

// totals checks what only the whole message can show.
func (k *checker) totals() {
	if k.markdown > maxMarkdown {
		k.complain("/blocks", "markdown blocks must be less than %d characters in all", maxMarkdown+1)
		k.code = "msg_blocks_too_long"
	}
	if k.hasMarkdown && k.chars > maxBlockChars {
		k.complain("/blocks", "blocks have %d characters in all, more than %d", k.chars, maxBlockChars)
		k.code = "msg_blocks_too_long"
	}
	if k.tables > 1 {
		k.complain("/blocks", "only_one_table_allowed")
		k.code = "invalid_attachments"
	}
	if k.tableChars > maxTableChars {
		k.complain("/blocks", "tables must be less than %d characters in all", maxTableChars+1)
	}
	if k.data > maxDataChars {
		k.complain("/blocks", "data tables must be less than %d characters in all", maxDataChars+1)
	}
	if k.charts > maxCharts {
		k.complain("/blocks", "no more than %d data_visualization blocks allowed", maxCharts)
	}
	if k.focusOnLoad > 1 {
		k.complain("/blocks", "only one element may have focus_on_load")
	}
}

// rule checks one value. It must not panic, whatever the value is.
type rule func(k *checker, at string, v any)

// field is a property of an object: whether it must be there, and what it must be.
type field struct {
	need bool
	is   rule
}

// shape is an object's properties; any other is refused.
type shape map[string]field

func must(r rule) field { return field{true, r} }
func may(r rule) field  { return field{false, r} }

// with returns a shape with more properties.
func (s shape) with(more shape) shape {
	out := make(shape, len(s)+len(more))
	for k, f := range s {
		out[k] = f
	}
	for k, f := range more {
		out[k] = f
	}
	return out
}

// fields checks an object against a shape.
func (k *checker) fields(at string, m map[string]any, s shape) {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		f, known := s[name]
		if !known {
			k.complain(at, "invalid additional property: %s", name)
			continue
		}
		if m[name] == nil && !f.need { // null is as good as absent
			continue
		}
		f.is(k, at+"/"+pointer.Replace(name), m[name])
	}
	var missing []string
	for name, f := range s {
		if _, there := m[name]; f.need && !there {
			missing = append(missing, name)
		}
	}
	slices.Sort(missing)
	for _, name := range missing {
		k.complain(at, "missing required field: %s", name)
	}
}

// pointer escapes a name for a JSON pointer (RFC 6901).
var pointer = strings.NewReplacer("~", "~0", "/", "~1")

func object(s shape) rule {
	return func(k *checker, at string, v any) {
		m, ok := v.(map[string]any)
		if !ok {
			k.complain(at, "must be an object")
			return
		}
		k.fields(at, m, s)
	}
}

// text is a string of lo to hi characters.
func text(lo, hi int) rule {
	return func(k *checker, at string, v any) {
		t, ok := v.(string)
		if !ok {
			k.complain(at, "must be a string")
			return
		}
		n := utf8.RuneCountInString(t)
		k.chars += n
		if n < lo {
			k.complain(at, "must be more than %d characters", lo-1)
		}
		if n > hi {
			k.complain(at, "must be less than %d characters", hi+1)
		}
	}
}

func oneOf(values ...string) rule {
	return func(k *checker, at string, v any) {
		if t, ok := v.(string); !ok || !slices.Contains(values, t) {
			k.complain(at, "must be one of: %s", strings.Join(values, ", "))
		}
	}
}

func boolean(k *checker, at string, v any) {
	if _, ok := v.(bool); !ok {
		k.complain(at, "must be a boolean")
	}
}

func number(k *checker, at string, v any) {
	if _, ok := v.(float64); !ok {
		k.complain(at, "must be a number")
	}
}

func integer(lo, hi float64) rule {
	return func(k *checker, at string, v any) {
		n, ok := v.(float64)
		if !ok || n != float64(int64(n)) {
			k.complain(at, "must be an integer")
			return
		}
		if n < lo || n > hi {
			k.complain(at, "must be between %v and %v", lo, hi)
		}
	}
}

// array is a list of lo to hi items.
func array(lo, hi int, item rule) rule {
	return func(k *checker, at string, v any) {
		l, ok := v.([]any)
		if !ok {
			k.complain(at, "must be an array")
			return
		}
		if len(l) < lo {
			k.complain(at, "no fewer than %d items allowed", lo)
		}
		if len(l) > hi {
			k.complain(at, "no more than %d items allowed", hi)
		}
		for i, x := range l {
			item(k, fmt.Sprintf("%s/%d", at, i), x)
		}
	}
}

// webAddress is a URL of up to hi characters with one of the schemes that Slack takes.
func webAddress(hi int) rule {
	return func(k *checker, at string, v any) {
		text(1, hi)(k, at, v)
		t, _ := v.(string)
		if t != "" && !strings.HasPrefix(t, "https://") && !strings.HasPrefix(t, "http://") && !strings.HasPrefix(t, "mailto:") && !strings.HasPrefix(t, "slack://") {
			k.complain(at, "must be a valid URL")
		}
	}
}

func isType(name string) rule { return oneOf(name) }

func anything(*checker, string, any) {}
