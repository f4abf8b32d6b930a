package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
	kongyaml "github.com/alecthomas/kong-yaml"
	"go.yaml.in/yaml/v3"

	"github.com/llmadvise/llmadvise/advisor/quantity"
)

// configFile is a YAML file of flags. A flag stands there under its own name, for every command that has it, or under that of its command
// ("serve: {listen: ...}", "serve-listen"), which goes first. A key that no flag has is an error.
type configFile struct {
	kong.Resolver
	name string
	root *yaml.Node // a mapping; nil where the file is empty
}

// loadConfig is the [kong.ConfigurationLoader] of such files. Its errors name the file.
func loadConfig(r io.Reader) (kong.Resolver, error) {
	c := configFile{name: "the configuration"}
	if f, ok := r.(*os.File); ok {
		c.name = f.Name()
	}
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", c.name, err)
	}
	var doc yaml.Node
	if err := yaml.Unmarshal(data, &doc); err != nil {
		return nil, fmt.Errorf("%s: %s", c.name, strings.TrimPrefix(err.Error(), "yaml: "))
	}
	if len(doc.Content) > 0 {
		if c.root = doc.Content[0]; c.root.Kind != yaml.MappingNode {
			return nil, fmt.Errorf("%s: line %d: want flags as keys, such as data-dir: /var/lib/llmadvise", c.name, c.root.Line)
		}
	}
	if c.Resolver, err = kongyaml.Loader(bytes.NewReader(data)); err != nil {
		return nil, fmt.Errorf("%s: %w", c.name, err)
	}
	return c, nil
}

// Resolve looks for a flag under its command, then under its own name.
func (c configFile) Resolve(ctx *kong.Context, parent *kong.Path, flag *kong.Flag) (any, error) {
	v, err := c.Resolver.Resolve(ctx, parent, flag)
	if v != nil || err != nil || c.root == nil {
		return v, err
	}
	for i := 0; i+1 < len(c.root.Content); i += 2 {
		if value := c.root.Content[i+1]; c.root.Content[i].Value == flag.Name && value.Kind != yaml.MappingNode {
			err = value.Decode(&v)
		}
	}
	return v, err
}

// Validate finds the keys that no flag has.
func (c configFile) Validate(app *kong.Application) error {
	if c.root == nil {
		return nil
	}
	known := flagKeys(app.Node, "")
	var wrong []error
	walkKeys(c.root, "", func(key string, line int) {
		if slices.Contains(known, key) {
			return
		}
		err := fmt.Errorf("%s: line %d: no flag is called %q; `llmadvise COMMAND --help` lists those of a command", c.name, line, key)
		if near := quantity.Nearest(key, known); near != "" {
			err = fmt.Errorf("%s: line %d: no flag is called %q; %q is", c.name, line, key, near)
		}
		wrong = append(wrong, err)
	})
	return errors.Join(wrong...)
}

// flagKeys are the names of the flags of a command and of those below it, alone and behind their commands' names.
func flagKeys(n *kong.Node, path string) (out []string) {
	for _, f := range n.Flags {
		if f.Name == "help" || f.Name == "config" { // not of a file
			continue
		}
		if out = append(out, f.Name); path != "" {
			out = append(out, path+f.Name)
		}
	}
	for _, c := range n.Children {
		out = append(out, flagKeys(c, path+c.Name+"-")...)
	}
	return out
}

// walkKeys visits the values of a mapping that are no mappings themselves, each by the keys that lead to it.
func walkKeys(m *yaml.Node, path string, visit func(key string, line int)) {
	for i := 0; i+1 < len(m.Content); i += 2 {
		key, value := m.Content[i], m.Content[i+1]
		if value.Kind == yaml.MappingNode {
			walkKeys(value, path+key.Value+"-", visit)
			continue
		}
		visit(path+key.Value, key.Line)
	}
}
