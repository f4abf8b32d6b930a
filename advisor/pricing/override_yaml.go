package pricing

import (
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/llmadvise/llmadvise/advisor/quantity"
)

// What the YAML library says of a file that does not fit, in the words of Go.
var (
	reYAMLUnknown = regexp.MustCompile(`^(line \d+): field (.+) not found in type \S+$`)
	reYAMLType    = regexp.MustCompile("^(line \\d+): cannot unmarshal !!(\\w+)(?: `(.*)`)? into (\\S+)$")
	reYAMLTwice   = regexp.MustCompile(`^(line \d+): mapping key (".*") already defined at (line \d+)$`)
)

// plainYAML says what the YAML library found in the words of the file: lines, keys, and what is wanted there.
func plainYAML(err error) error {
	var several *yaml.TypeError
	if !errors.As(err, &several) {
		return errors.New(strings.TrimPrefix(err.Error(), "yaml: "))
	}
	var out []string
	for _, s := range several.Errors {
		out = append(out, plainYAMLError(s))
	}
	return errors.New(strings.Join(out, "; "))
}

func plainYAMLError(s string) string {
	if m := reYAMLUnknown.FindStringSubmatch(s); m != nil {
		s := fmt.Sprintf("%s: no key is called %q", m[1], m[2])
		if near := quantity.Nearest(m[2], overrideFileKeys()); near != "" {
			return s + fmt.Sprintf("; %q is", near)
		}
		return s + "; the keys are " + strings.Join(overrideFileKeys(), ", ")
	}
	if m := reYAMLTwice.FindStringSubmatch(s); m != nil {
		return fmt.Sprintf("%s: %s stands on %s already", m[1], m[2], m[3])
	}
	m := reYAMLType.FindStringSubmatch(s)
	if m == nil {
		return s
	}
	have := map[string]string{"map": "keys and values", "seq": "a list"}[m[2]]
	if have == "" {
		have = fmt.Sprintf("%q", m[3])
	}
	want := "keys and values"
	switch {
	case strings.HasPrefix(m[4], "[]"):
		want = "a list of entries, each behind a dash"
	case strings.Contains(m[4], "float"):
		want = "a price in USD, such as 0.60"
	case strings.HasPrefix(m[4], "int"):
		want = "a whole number"
	case m[4] == "string":
		want = "one word or a line of text"
	}
	return fmt.Sprintf("%s: want %s, not %s", m[1], want, have)
}

// overrideFileKeys are all keys of a file of negotiated prices.
func overrideFileKeys() []string {
	var out []string
	for _, t := range []any{overrideFile{}, overridePrice{}, overrideRates{}, overrideGPU{}} {
		typ := reflect.TypeOf(t)
		for i := range typ.NumField() {
			key, _, _ := strings.Cut(typ.Field(i).Tag.Get("yaml"), ",")
			if key != "" {
				out = append(out, key)
			}
		}
	}
	return out
}
