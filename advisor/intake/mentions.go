package intake

import "slices"

// Mentions are the ids of what a text names, each once, in the order of the text, whatever it says of them.
type Mentions struct{ Models, GPUs, Providers []string }

// MentionsIn finds the names in a text. A family without a version ("Llama") is none: it stands for too many.
func MentionsIn(text string, names Names) Mentions {
	var m Mentions
	p := newParser(text, names)
	if p == nil {
		return m
	}
	p.findNames()
	for _, e := range p.entities {
		if len(e.ids) != 1 || e.kind == modelName && e.note != "" {
			continue
		}
		list := map[nameKind]*[]string{modelName: &m.Models, gpuName: &m.GPUs, providerName: &m.Providers}[e.kind]
		if !slices.Contains(*list, e.ids[0]) {
			*list = append(*list, e.ids[0])
		}
	}
	return m
}
