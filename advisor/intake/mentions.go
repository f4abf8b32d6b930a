package intake

import (
	"slices"

	"github.com/llmadvise/llmadvise/advisor"
)

// MentionsIn finds the names in a text. A family without a version ("Llama") is none: it stands for too many.
func MentionsIn(text string, names Names) advisor.Mentions {
	var m advisor.Mentions
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
