package pricing

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"slices"

	"go.yaml.in/yaml/v3"

	"github.com/llmadvise/llmadvise/advisor/catalog"
)

// EditOverride changes a file of negotiated prices in place: comments, order and what is not named stay as they are. set
// holds the keys of one entry of list ("prices" or "gpus") by their names in the file, nil for one to take out; those of id find the entry,
// whatever names of cat it uses for them, and it is added where there is none. The result is checked as [Read] would; data may be empty.
func EditOverride(data []byte, cat *catalog.Catalog, list string, id, set map[string]any) ([]byte, error) {
	doc, root, err := overrideTree(data)
	if err != nil {
		return nil, err
	}
	seq := child(root, list)
	if seq == nil {
		seq = &yaml.Node{Kind: yaml.SequenceNode}
		root.Content = append(root.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: list}, seq)
	}
	if seq.Kind == yaml.ScalarNode && seq.Value == "" || seq.Tag == "!!null" { // "prices:" and nothing behind it
		*seq = yaml.Node{Kind: yaml.SequenceNode}
	}
	if seq.Kind != yaml.SequenceNode {
		return nil, fmt.Errorf("line %d: %s: want a list", seq.Line, list)
	}
	entry := findEntry(seq, id, cat)
	if entry == nil {
		entry = &yaml.Node{Kind: yaml.MappingNode}
		if len(seq.Content) == 0 {
			seq.Style = 0 // an empty list is written [], and a long one is not
		}
		seq.Content = append(seq.Content, entry)
		if err := put(entry, id); err != nil {
			return nil, err
		}
	}
	if err := put(entry, set); err != nil {
		return nil, err
	}
	return overrideBytes(doc)
}

// RemoveOverride takes the entry with id out of a file of negotiated prices and reports whether there was one.
func RemoveOverride(data []byte, cat *catalog.Catalog, list string, id map[string]any) ([]byte, bool, error) {
	doc, root, err := overrideTree(data)
	if err != nil {
		return nil, false, err
	}
	seq := child(root, list)
	gone := findEntry(seq, id, cat)
	if gone == nil {
		return data, false, nil
	}
	kept := seq.Content[:0:0]
	for _, n := range seq.Content {
		if n != gone {
			kept = append(kept, n)
		}
	}
	seq.Content = kept
	out, err := overrideBytes(doc)
	return out, true, err
}

func overrideTree(data []byte) (doc, root *yaml.Node, err error) {
	doc = &yaml.Node{}
	if err := yaml.Unmarshal(data, doc); err != nil {
		return nil, nil, plainYAML(err)
	}
	if doc.Kind == 0 { // empty, or comments alone
		doc = &yaml.Node{Kind: yaml.DocumentNode, Content: []*yaml.Node{{Kind: yaml.MappingNode}}}
	}
	root = doc.Content[0]
	if root.Kind != yaml.MappingNode {
		return nil, nil, errors.New("the file does not hold prices: and gpus:")
	}
	return doc, root, nil
}

// child returns a mapping's value; nil where there is none.
func child(m *yaml.Node, key string) *yaml.Node {
	for i := 0; m != nil && i+1 < len(m.Content); i += 2 {
		if m.Content[i].Value == key {
			return m.Content[i+1]
		}
	}
	return nil
}

// findEntry returns the element of a sequence whose keys mean what those of id do; one that an element lacks counts as
// empty.
func findEntry(seq *yaml.Node, id map[string]any, cat *catalog.Catalog) *yaml.Node {
	if seq == nil {
		return nil
	}
	for _, e := range seq.Content {
		same := true
		for k, want := range id {
			have := ""
			if v := child(e, k); v != nil {
				have = v.Value
			}
			same = same && meaning(cat, k, have) == meaning(cat, k, fmt.Sprint(want))
		}
		if same {
			return e
		}
	}
	return nil
}

// meaning is a name as the catalog has it: "bedrock" and "AWS" are one provider.
func meaning(cat *catalog.Catalog, key, value string) string {
	switch key {
	case "provider":
		if p, ok := cat.Provider(value); ok {
			return p.ID
		}
	case "model":
		if id, ok := cat.ModelID(value); ok {
			return id
		}
	case "accelerator":
		if a, ok := cat.Accelerator(value); ok {
			return a.ID
		}
	case "commitment":
		return cmp.Or(value, string(catalog.OnDemand))
	}
	return value
}

// overrideKeys is the order in which new keys are written.
var overrideKeys = []string{
	"provider", "model", "accelerator", "count", "region", "commitment", "input", "output", "cache_read", "cache_write", "batch_input",
	"batch_output", "usd_per_hour", "from", "note",
}

func put(entry *yaml.Node, values map[string]any) error {
	for _, k := range overrideKeys {
		v, given := values[k]
		if !given || v == "" {
			continue
		}
		if v == nil { // taken back
			remove(entry, k)
			continue
		}
		var n yaml.Node
		if err := n.Encode(v); err != nil {
			return err
		}
		if k == "from" { // a day, which needs no quotes
			n.Tag, n.Style = "!!timestamp", 0
		}
		if old := child(entry, k); old != nil {
			n.LineComment, n.HeadComment, n.FootComment = old.LineComment, old.HeadComment, old.FootComment
			*old = n
			continue
		}
		entry.Content = append(entry.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: k}, &n)
	}
	return nil
}

func remove(m *yaml.Node, key string) {
	for i := 0; i+1 < len(m.Content); i += 2 {
		if m.Content[i].Value == key {
			m.Content = slices.Delete(m.Content, i, i+2)
			return
		}
	}
}

func overrideBytes(doc *yaml.Node) ([]byte, error) {
	var buf bytes.Buffer
	enc := yaml.NewEncoder(&buf)
	enc.SetIndent(2)
	if err := enc.Encode(doc); err != nil {
		return nil, err
	}
	if _, err := readOverride(buf.Bytes()); err != nil {
		return nil, err
	}
	return buf.Bytes(), nil
}

// CheckOverride reads a file of negotiated prices and lists the entries that the catalog of r cannot place: they would
// never be used. A file without entries is sound.
func CheckOverride(data []byte, r *Resolver) (entries []Entry, unplaced []string, err error) {
	f, err := readOverride(data)
	if err != nil {
		return nil, nil, err
	}
	for i := range f.Entries {
		e := &f.Entries[i]
		if why := r.unplaced(e); why != "" {
			unplaced = append(unplaced, why)
		}
	}
	return f.Entries, unplaced, nil
}

// unplaced says why a negotiated price would not be used; "" where it would.
func (r *Resolver) unplaced(e *Entry) string {
	if e.Accelerator != "" {
		if _, ok := r.cat.Accelerator(e.Accelerator); !ok {
			return fmt.Sprintf("no accelerator %q is known", e.Accelerator)
		}
		return ""
	}
	id, ok := r.Resolve(Override, e)
	if !ok {
		return fmt.Sprintf("no model %q is known", e.Model)
	}
	if _, ok := r.cat.Provider(id.ProviderID); !ok {
		return fmt.Sprintf("no provider %q is known", e.Provider)
	}
	return ""
}
